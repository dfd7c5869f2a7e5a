"""What do we know, typed? The shapes of knowledge, the loader and the linter."""
