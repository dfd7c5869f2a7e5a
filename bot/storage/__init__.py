"""Where is it kept? Implementations of the Store port."""
