"""Stands in for pip, which the engine asks for the installed packages in each command: none of them is a plugin."""
