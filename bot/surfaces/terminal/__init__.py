"""What does a conversation look like in a terminal?"""
