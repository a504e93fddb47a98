"""What this repository's Makefile runs: nothing here is part of the installed package."""
