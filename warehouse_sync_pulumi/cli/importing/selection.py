"""Which of the objects that exist are to be imported."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ...errors import WarehouseSyncError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from .workspace import Existing

__all__ = ["select"]


def select(objects: Iterable[Existing], patterns: Sequence[str], kinds: Collection[str]) -> list[Existing]:
    """Those of the kinds (by their nouns) whose ids match one of the patterns; no patterns, or no kinds, mean all.

    Raises WarehouseSyncError for a pattern that matches nothing: it is a mistake.
    """
    of_kinds = [existing for existing in objects if not kinds or existing.kind.noun in kinds]
    for pattern in patterns:
        if not any(fnmatchcase(existing.id, pattern) for existing in of_kinds):
            among = " or ".join(f"{kind}s" for kind in sorted(kinds)) or "objects"
            raise WarehouseSyncError(f"there is nothing to import: no id among the {among} matches {pattern!r}")
    return [existing for existing in of_kinds if not patterns or any(fnmatchcase(existing.id, p) for p in patterns)]
