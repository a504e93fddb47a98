"""Python's search for garbage, and where it only costs time."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["garbage_collection_paused", "importing_for_good"]


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """No search meanwhile. The next one looks at all that was made since."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def importing_for_good() -> Iterator[None]:
    """While a library is imported, the search takes a quarter of the time, and all of its objects stay.

    So no later search looks at them either, nor at what else there is by then. What is garbage at that moment is never
    freed: this is for once in a process.
    """
    with garbage_collection_paused():
        yield
        gc.freeze()
