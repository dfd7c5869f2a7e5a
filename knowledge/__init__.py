"""What do we know? Data files only; this docstring makes the folder ship in the wheel."""
