"""What does `python -m bot` do? The same as the command `fiveohtwo`."""

from bot.cli import main

main()
