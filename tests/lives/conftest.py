"""What random lives stand on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent / "engine"), str(_HERE.parent / "matrices")]

from hosts import DYNAMIC, parametrize, thin  # noqa: E402 - from a folder above


def pytest_collection_modifyitems(items):
    """See `hosts`."""
    thin(items)


def pytest_generate_tests(metafunc):
    """See `hosts`."""
    parametrize(metafunc)


@pytest.fixture(scope="session")
def host(request):
    """Which host a life's stacks talk to."""
    return getattr(request, "param", DYNAMIC)
