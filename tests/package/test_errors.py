"""The failures that a user can act on."""

from __future__ import annotations

import copy
import pickle

import pulumi
import pytest

from warehouse_sync_pulumi import errors

MADE = {
    errors.IncompleteError: {"id_": "c", "outputs": {"name": "x"}},
    errors.StatusError: {"status": 404},
}
KINDS = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301
def test_each_can_be_copied_and_pickled(kind, copied):
    named = next((named for base, named in MADE.items() if issubclass(kind, base)), {})
    error = copied(kind("cannot do it", **named))
    assert type(error) is kind
    assert str(error) == "cannot do it"
    assert vars(error) == vars(kind("cannot do it", **named))


@pytest.mark.parametrize("kind", KINDS)
def test_each_ends_a_program_without_a_traceback(kind):
    assert issubclass(kind, errors.WarehouseSyncError)
    assert issubclass(kind, pulumi.RunError)
