"""Which Pulumi is installed or built, which is good enough, and how version numbers compare."""

from __future__ import annotations

import re

Version = tuple[int, int, int]

# The version that is installed or built where none is found; `tools/engine/cli/go.mod` requires the same.
PULUMI: Version = (3, 274, 1)

# The oldest that is taken from PATH. Pulumi releases its CLI and its SDK together, and this is the oldest SDK in the
# range of pyproject.toml.
OLDEST_PULUMI: Version = (3, 250, 0)


def parse(text: str) -> Version | None:
    """The first version number in `text`, such as `v3.274.1` or `go version go1.26 linux/amd64`."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def dotted(version: Version) -> str:
    """`3.274.1` for `(3, 274, 1)`."""
    return ".".join(map(str, version))
