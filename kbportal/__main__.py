"""`python -m kbportal` is the command `kbportal`."""

from kbportal.cli import main

main()
