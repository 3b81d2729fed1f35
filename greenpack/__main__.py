"""`python -m greenpack` is `greenpack`."""

from greenpack.cli import main

main()
