"""How does one event run to its end? Load, step, commit, speak, carry effects out, feed results back."""
