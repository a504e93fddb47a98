"""What can be known of a data model's query before the service sees it.

`review` is the one entrance. The parser, sqlglot, is imported when there is a query to read: whoever manages no data
model, or changes none, does not pay for it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache

from .finding import Finding, SqlRule

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
    with _one_at_a_time:
        return tuple(_examine()(query, load_timestamp, ignored))


def _examine() -> Callable[[str, str | None, frozenset[SqlRule]], Iterable[Finding]]:
    # What an import makes stays: to look through it for garbage, again and again, takes a quarter of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        from .examine import examine
    finally:
        if collects:
            gc.enable()
    return examine
