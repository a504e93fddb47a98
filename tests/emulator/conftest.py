from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Behaviour, Emulator

sys.path.insert(0, str(Path(__file__).parent))

from emulator_calls import BODIES, PIPELINE, client_of, moment


@pytest.fixture(scope="session")
def documented():
    """The API reference's examples, by name."""
    return json.loads(Path(__file__).with_name("documented_examples.json").read_text(encoding="utf-8"))


@pytest.fixture
def emulator():
    """Its clock stands still; its tokens outlive any journey in time."""
    behaviour = Behaviour(token_seconds=10**9)
    with Emulator(start=moment("2023-02-01T15:13:22Z"), speed=0, behaviour=behaviour) as running:
        yield running


@pytest.fixture
def api(emulator):
    with client_of(emulator) as client:
        yield client


@pytest.fixture
def pipeline(api):
    """The three objects of a pipeline, made over HTTP."""
    for kind, body in BODIES.items():
        assert api.post(kind, json=body).status_code == 200
    return PIPELINE["id"]
