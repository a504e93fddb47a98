"""Python's search for garbage pauses, and goes on as it did before."""

from __future__ import annotations

import gc
import importlib

import pytest

from warehouse_sync_pulumi.garbage import garbage_collection_paused, importing_for_good


def test_it_goes_on_afterwards_also_after_a_failure():
    with pytest.raises(ModuleNotFoundError), garbage_collection_paused():
        importlib.import_module("missing" if not gc.isenabled() else "gc")
    assert gc.isenabled()


def test_who_has_turned_it_off_finds_it_off():
    gc.disable()
    try:
        with garbage_collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_imported_for_good_is_not_searched_again():
    before = gc.get_freeze_count()
    try:
        with importing_for_good():
            assert not gc.isenabled()
            imported = [[number] for number in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() - before >= len(imported)
    finally:
        gc.unfreeze()
