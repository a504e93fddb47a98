"""What can be known of a data model's query before the service sees it.

`review` is the one entrance. The parser, sqlglot, is imported when there is a query to read: whoever manages no data
model, or changes none, does not pay for it.
"""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ...garbage import garbage_collection_paused, importing_for_good
from .finding import Finding, SqlRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Finding", "SqlRule", "review"]

_one_at_a_time = threading.Lock()
"""The engine checks many resources at once, and Python reads one query at a time in any case. In turn, the first
answers are out while the others are read, and the program goes on."""


@lru_cache(maxsize=256)
def review(
    query: str, load_timestamp: str | None = None, ignored: frozenset[SqlRule] = frozenset()
) -> tuple[Finding, ...]:
    """All that is found in a query, in the order of its text: errors alone, where there are any.

    `load_timestamp` is the name of the load timestamp's column, where it is known. Kept in memory, because the engine
    checks a resource more than once.
    """
    # A query's tree goes as a whole, and while it grows it would make Python search all that the program holds besides.
    with _one_at_a_time, garbage_collection_paused():
        return tuple(_examiner()(query, load_timestamp, ignored))


@cache
def _examiner() -> Callable[[str, str | None, frozenset[SqlRule]], Iterable[Finding]]:
    with importing_for_good():
        from .examine import examine
    return examine
