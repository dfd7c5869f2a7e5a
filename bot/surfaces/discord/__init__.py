"""How does a conversation live in Discord: cards, threads, buttons, commands? discord.py stays in here."""
