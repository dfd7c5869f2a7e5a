"""How does a conversation look in a terminal?"""
