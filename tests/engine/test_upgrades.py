"""States that released versions made: each previews, refreshes and is destroyed by this one with no change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from stack import Stack

from warehouse_sync_pulumi.emulator import Emulator

STATES = sorted(path.parent for path in (Path(__file__).parent.parent / "states").glob("*/state.json"))


def test_there_are_states_to_try():
    assert STATES


@pytest.mark.parametrize("kept", STATES, ids=lambda path: path.name)
def test_the_state_of_a_released_version_works_on_unchanged(tmp_path, kept):
    shutil.copy(kept / "api.json", tmp_path)
    with Emulator(state=tmp_path / "api.json") as emulator:
        emulator.set(trim_strings=True)
        stack = Stack(tmp_path / "stack", emulator.environment, forks=False)
        shutil.copy(kept / "Pulumi.test.yaml", stack.folder)
        stack.program((kept / "program.txt").read_text())
        stack.run("stack", "import", "--file", str(kept / "state.json"))
        before = stack.resources()
        assert len(before) == 6
        assert stack.is_unchanged()
        assert len(emulator.journal) == 0
        assert stack.is_unchanged("--refresh")
        stack.refresh("--expect-no-changes")
        assert not emulator.journal.count("PUT")

        def told(resources):
            return [(r["urn"], r["id"], r["inputs"], r["outputs"]) for r in resources]

        assert told(stack.resources()) == told(before)
        stack.destroy()
        assert not any(emulator.objects(kind, space) for kind in ("connections", "data-models") for space in (1234, 99))
