"""Does the knowledge hang together?"""
