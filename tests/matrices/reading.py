"""What the command printed, read as a user does."""

from __future__ import annotations

import re

# The engine itself puts the failure of an object that exists all the same on a line of its own.
OURS = re.compile(r"    (?:error: |\t\* )(cannot (create|read|list|update|delete) .+)")
ENGINES = re.compile(
    r"|  \S+ \(\S+\):|    error: (update|preview) failed|    error: Resource monitor has terminated, shutting down"
    r"|    error: 1 error occurred:"
)


def failures(ran):
    """The failures of resources, each of which must be one line, and all that is said of them."""
    assert "Traceback" not in ran.text, str(ran)
    _, found, rest = ran.text.partition("Diagnostics:\n")
    assert found, str(ran)
    said = rest.partition("\nResources:\n")[0].splitlines()
    lines = [match[1] for line in said if (match := OURS.fullmatch(line))]
    others = [line for line in said if not OURS.fullmatch(line) and not ENGINES.fullmatch(line)]
    assert lines, str(ran)
    assert not others, str(ran)
    return lines
