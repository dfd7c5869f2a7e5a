"""What is Fiveohtwo? A support assistant for 502 Bad Gateway and its relatives."""
