"""How does a site look from other places? Asked only after the bot's own look failed."""
