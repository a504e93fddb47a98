"""The exit codes of the command, beside 0."""

FAULTY = 1
"""Something is not as it should be."""
USAGE = 2
"""The command cannot be understood, or a setting is missing; click's own."""
UNREACHED = 3
"""The service could not be asked, or refused."""
INTERRUPTED = 130
"""Ctrl-C ended the command, as shells have it."""
