"""`python -m paperclipper`: the command, where only the interpreter's path is known."""

from paperclipper.cli import main

main()
