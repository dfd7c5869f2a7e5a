"""What does the network say? The only code that opens sockets."""
