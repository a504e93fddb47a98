"""Python's search for garbage pauses, and goes on as it did before."""

from __future__ import annotations

import gc
import importlib
import subprocess
import sys

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


def test_an_import_that_fails_leaves_all_to_the_search():
    before = gc.get_freeze_count()
    with pytest.raises(ModuleNotFoundError), importing_for_good():
        importlib.import_module("missing")
    assert gc.get_freeze_count() == before


def test_only_the_first_connection_of_a_process_takes_anything_out_of_the_search():
    program = """
import gc
from warehouse_sync_pulumi.api.clients import connect
from warehouse_sync_pulumi.api.endpoint import Endpoint

counts = [gc.get_freeze_count()]
for port in (1, 2):
    url = f"http://127.0.0.1:{port}"
    connect(Endpoint(url, url, "v2", "id", "secret", 1.0), print)
    counts.append(gc.get_freeze_count())
print(*counts)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    before, first, second = map(int, ran.stdout.split())
    assert before == 0
    assert first > 0
    assert second == first
