"""The engine's order of steps against one address, played in one process and in two."""

from __future__ import annotations

from itertools import cycle

import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.engine.operation import Log
from warehouse_sync_pulumi.engine.ownership import Ownership
from warehouse_sync_pulumi.errors import ExistsError, IncompleteError

X, Y = (Address(1, "pipelines", "pipeline", id_) for id_ in "xy")
OLD, NEW = "urn:pulumi:s::p::t::old", "urn:pulumi:s::p::t::new"


class InTurns:
    """Asks one process after the other."""

    def __init__(self, *processes):
        self._processes = cycle(processes)

    def __getattr__(self, name):
        return getattr(next(self._processes), name)


@pytest.fixture(params=["one process", "two processes"])
def ownership(request, tmp_path):
    if request.param == "one process":
        yield Ownership()
        return
    logs = [Log(tmp_path / "running" / "engine.jsonl") for _ in range(2)]
    yield InTurns(*map(Ownership, logs))
    for log in logs:
        log.close()


TAKEN = ExistsError("taken")


def refuse(ownership, urn, address, error=TAKEN):
    with pytest.raises(type(error)), ownership.creating(urn, address):
        raise error


def make(ownership, urn, address):
    with ownership.creating(urn, address):
        pass


def test_what_nothing_declares_is_deleted(ownership):
    assert ownership.keeper_of(OLD, X) is None
    ownership.declare(NEW, Y, in_state=True)
    assert ownership.keeper_of(OLD, X) is None


def test_what_another_resource_of_the_state_has_is_keeper_of_it(ownership):
    ownership.declare(NEW, X, in_state=True)
    assert ownership.keeper_of(OLD, X) == "'new'"


def test_what_another_resource_took_over_is_keeper_of_it(ownership):
    ownership.declare(NEW, X, in_state=False)
    make(ownership, NEW, X)
    assert ownership.keeper_of(OLD, X) == "'new'"
    refuse(ownership, NEW, X, IncompleteError("no secret", id_="x", outputs={}))
    assert ownership.keeper_of(OLD, X) == "'new'", "it is in the state, although not complete"


def test_what_another_resource_declares_and_did_not_get_is_not_deleted_and_its_entry_stays(ownership):
    ownership.declare(NEW, X, in_state=False)
    with pytest.raises(ExistsError, match="pipeline 'x' in workspace 1 is not deleted: 'new' of this program declares"):
        ownership.keeper_of(OLD, X)
    refuse(ownership, NEW, X)
    with pytest.raises(ExistsError, match="is not deleted"):
        ownership.keeper_of(OLD, X)


def test_a_replacement_at_the_same_address_deletes_the_old_one_and_then_keeps_the_new_one(ownership):
    ownership.declare(OLD, X, in_state=True)
    ownership.declare(OLD, X, in_state=False)  # the engine checks once more, to replace it
    assert ownership.is_replaced(OLD)
    assert ownership.keeper_of(OLD, X) is None
    make(ownership, OLD, X)
    assert ownership.keeper_of(OLD, X) == "'old'"


def test_a_renamed_resource_with_an_alias_is_replaced_under_its_old_name(ownership):
    """The engine checks it under its new URN, and deletes under the one in the state."""
    ownership.declare(NEW, X, in_state=True)
    ownership.declare(NEW, X, in_state=False)
    ownership.fail()
    assert ownership.keeper_of(OLD, X) is None, "whatever else failed"
    refuse(ownership, NEW, X)
    with pytest.raises(ExistsError, match="is not deleted"):
        ownership.keeper_of(OLD, X)
    make(ownership, NEW, X)
    assert ownership.keeper_of(OLD, X) == "'new'"


def test_a_replacement_that_would_import_what_it_deletes_deletes_nothing(ownership):
    for was_in_state in (True, False):
        ownership = Ownership()
        if was_in_state:
            ownership.declare(OLD, X, in_state=True)
        ownership.declare(OLD, X, in_state=False, imports=True)
        with pytest.raises(ExistsError, match=r"'old' of this program .* take import_ out of its options"):
            ownership.keeper_of(OLD, X)
        make(ownership, OLD, X)
        assert ownership.keeper_of(OLD, X) == "'old'", "it was taken over, so nothing was replaced"


@pytest.mark.parametrize(("before", "now"), [((X, True), (Y, False)), ((X, True), (X, True)), ((X, False), (X, False))])
def test_only_what_the_state_has_and_is_checked_without_it_at_the_same_address_is_replaced_there(
    ownership, before, now
):
    for address, in_state in (before, now):
        ownership.declare(OLD, address, in_state=in_state)
    assert not ownership.is_replaced(OLD)


def test_a_replacement_at_another_address_deletes_the_old_one(ownership):
    ownership.declare(OLD, Y, in_state=False)
    make(ownership, OLD, Y)
    assert not ownership.is_replaced(OLD)
    assert ownership.keeper_of(OLD, X) is None


def test_a_pending_delete_of_what_its_own_resource_still_has_is_not_carried_out(ownership):
    ownership.declare(OLD, X, in_state=True)
    assert ownership.keeper_of(OLD, X) == "'old'"


def test_what_is_to_be_made_anew_under_its_own_name_may_be_deleted_before(ownership):
    ownership.declare(OLD, X, in_state=False)
    assert ownership.keeper_of(OLD, X) is None


def test_a_replacement_that_failed_deletes_nothing(ownership):
    ownership.declare(OLD, X, in_state=False)
    refuse(ownership, OLD, X)
    with pytest.raises(ExistsError, match="is not deleted"):
        ownership.keeper_of(OLD, X)


def test_after_a_failure_nothing_is_deleted_but_what_is_replaced(ownership):
    """The engine passes over what depends on the failed one, and what that declares is not known."""
    ownership.declare(OLD, X, in_state=True)
    ownership.declare(OLD, X, in_state=False)
    ownership.fail()
    with pytest.raises(ExistsError, match="is not deleted: other resources failed"):
        ownership.keeper_of(NEW, Y)
    assert ownership.keeper_of(OLD, X) is None


def test_two_resources_with_one_address_are_told_of_each_other(ownership):
    assert ownership.declare(OLD, X, in_state=True) is None
    assert ownership.declare(OLD, X, in_state=False) is None
    assert ownership.declare(NEW, Y, in_state=False) is None
    assert ownership.declare(NEW, X, in_state=False) == OLD


def test_what_stands_at_another_root_of_the_api_is_another_object():
    log = Log()
    here, there = Ownership(log, "https://a.example.com"), Ownership(log, "https://b.example.com/")
    assert there.declare(NEW, X, in_state=True) is None
    assert here.declare(OLD, X, in_state=True) is None
    assert here.keeper_of("urn:pulumi:s::p::t::third", X) == "'old'"
    assert Ownership(log, "https://b.example.com").keeper_of(OLD, X) == "'new'"
    assert Ownership(log, "https://c.example.com").keeper_of(OLD, X) is None


def test_without_urns_what_was_created_in_this_process_is_not_deleted_in_it(ownership):
    make(ownership, None, X)
    assert ownership.keeper_of(None, X)
    refuse(ownership, None, Y)
    with pytest.raises(ExistsError, match="is not deleted"):
        ownership.keeper_of(None, Y)
    assert ownership.keeper_of(None, Address(1, "pipelines", "pipeline", "z")) is None


def test_what_the_program_goes_on_reading_under_another_name_is_kept(ownership):
    ownership.get(NEW, X)
    assert ownership.keeper_of(OLD, X) == "'new'"
    assert ownership.declare(OLD, X, in_state=True) is None, "to read what another resource manages is no mistake"
    assert ownership.keeper_of(OLD, Y) is None
