from __future__ import annotations

import pytest

from tools.engine.found import PROGRAMS


@pytest.fixture
def fake_engine(tmp_path):
    """Make a folder of programs that look like an engine of the version, or like one that lacks some of them."""

    def make(version, folder="fake-engine", programs=PROGRAMS):
        place = tmp_path / folder
        place.mkdir(parents=True)
        for name in programs:
            (place / name).write_text(f"#!/bin/sh\necho {version}\n")
            (place / name).chmod(0o755)
        return place

    return make
