"""What a URN says: `urn:pulumi:STACK::PROJECT::TYPE::NAME`. A name may hold `::` itself."""

from __future__ import annotations

__all__ = ["name_in", "type_in"]


def name_in(urn: str) -> str:
    """The resource's name; of what is no URN, all of it."""
    return urn.split("::", 3)[-1]


def type_in(urn: str) -> str:
    """The resource's type, without those of the components that it stands in."""
    return urn.split("::")[2].rpartition("$")[2]
