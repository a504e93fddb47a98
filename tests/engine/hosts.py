"""The two hosts of the same lifecycle, as one parameter of a test: `@pytest.mark.hosts`."""

from __future__ import annotations

import pytest

DYNAMIC, PACKAGED = "dynamic", "packaged"
TYPES = {DYNAMIC: "pulumi-python:dynamic/warehouse-sync:", PACKAGED: "warehouse-sync:index:"}
"""What a resource's type begins with."""


def parametrize(metafunc):
    """Run a marked test against each host.

    `hosts("extended")` leaves the packaged one to the extended suite. `hosts("dynamic")` or `hosts("packaged")` on a
    test of a marked module leaves the other one out: where it is the engine itself that does what the test is about.
    See `thin` for a part of it.
    """
    marker = next(metafunc.definition.iter_markers("hosts"), None)
    if marker is None or DYNAMIC in marker.args or "host" not in metafunc.fixturenames:
        return
    packaged = pytest.param(PACKAGED, marks=[pytest.mark.extended] if "extended" in marker.args else [])
    both = [packaged] if PACKAGED in marker.args else [DYNAMIC, packaged]
    metafunc.parametrize("host", both, indirect=True, scope="session")


def thin(items):
    """Leave out of the packaged host's cases what its marker does not want.

    `hosts(packaged=…)` tells which it wants, by the test's other parameters: where all of a matrix would take too long.
    """
    items[:] = [item for item in items if _is_wanted(item)]


def _is_wanted(item):
    parameters = dict(getattr(getattr(item, "callspec", None), "params", {}))
    marker = item.get_closest_marker("hosts")
    if marker is None or "packaged" not in marker.kwargs or parameters.pop("host", DYNAMIC) == DYNAMIC:
        return True
    return marker.kwargs["packaged"](**parameters)


def is_ours(type_):
    """Whether a resource in a state is one of this package's."""
    return type_.startswith(tuple(TYPES.values()))
