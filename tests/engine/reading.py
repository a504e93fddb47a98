"""What the command printed, read as a user does."""

from __future__ import annotations

import re
from itertools import pairwise

# The engine itself puts the failure of an object that exists all the same on a line of its own.
OURS = re.compile(r"    (?:error: |\t\* )(cannot (create|read|list|update|delete) .+)")
ENGINES = re.compile(
    r"|  \S+ \(\S+\):|    error: (update|preview|destroy) failed"
    r"|    error: Resource monitor has terminated, shutting down|    error: 1 error occurred:"
)
REFUSAL = re.compile(r"    (?:error: |\t\* )(.+)")
NEXT = re.compile(r"|  \S+ \(\S+\):|    (error|warning): .+|    \t\* .+")
"""What may follow a failure of one line; its own second line would follow as it is."""


HOSTS_OWN = r"(?!.*(?:Traceback|warehouse_sync_pulumi|pulumi/dynamic/__main__)).*\n"
TRACEBACK = r".*Traceback \(most recent call last\):\n"
NEXT_TRACEBACK = rf".*During handling of the above exception, another exception occurred: *\n{TRACEBACK}"
INTERRUPTED = re.compile(
    rf"^{TRACEBACK}(?:{HOSTS_OWN}|{NEXT_TRACEBACK})*?.*KeyboardInterrupt:? *$\n?",
    re.MULTILINE,
)
"""What Pulumi's own host of programs shows now and then when the engine ends it, also in place of the failure for which
it does; nothing of a provider stands in it."""


def without_interrupts(text):
    """What the command printed, without what the end of Pulumi's own host of programs may add."""
    return INTERRUPTED.sub("", text)


def failures(ran):
    """The failures of resources, each of which must be one line, and all that is said of them."""
    lines = said(ran)
    found = [match[1] for line in lines if (match := OURS.fullmatch(line))]
    others = [line for line in lines if not OURS.fullmatch(line) and not ENGINES.fullmatch(line)]
    assert found, str(ran)
    assert not others, str(ran)
    return found


def refusals(ran):
    """The failures of resources, one line each, in the order of their text, beside whatever else is said."""
    lines = [*said(ran), ""]
    found = [
        (match[1], following)
        for line, following in pairwise(lines)
        if (match := REFUSAL.fullmatch(line)) and not ENGINES.fullmatch(line)
    ]
    assert found, str(ran)
    assert all(NEXT.fullmatch(following) for _, following in found), str(ran)
    return sorted(line for line, _ in found)


def warnings(ran):
    """The warnings in the order of their texts; without `--diff`, they stand below the name of their resource."""
    lines = [line.strip() for line in ran.text.partition("Diagnostics:")[2].splitlines()]
    return sorted(line.removeprefix("warning: ") for line in lines if line.startswith("warning: "))


def said(ran):
    """The lines that the command said of resources."""
    assert "Traceback" not in ran.text, str(ran)
    _, found, rest = ran.text.partition("Diagnostics:\n")
    assert found, str(ran)
    return rest.partition("\nResources:\n")[0].splitlines()
