"""`python -m paperclipper`: run the command when only the interpreter's path is known."""

from paperclipper.cli import main

main()
