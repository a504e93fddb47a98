"""What an update writes, what it refuses to write, and what it says that it overwrote."""

from __future__ import annotations

import pytest
from record import Record
from samples import ACCOUNT, answer_of

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.connection import CONNECTION
from warehouse_sync_pulumi.errors import ExistsError, NotFoundError, SecretMissingError

INPUTS = {
    "connection_id": "c",
    "name": "c",
    "workspace_id": 1,
    "type": "snowflake",
    **ACCOUNT,
}
ANSWER = answer_of(INPUTS, created_on="2023-02-04T08:30:17.25", created_by="somebody")
NEWS = INPUTS | {"role": "other"}


class Held:
    """A client that has one object, and takes what replaces it."""

    def __init__(self, found):
        self.found, self.body = found, None

    def find(self, _address):
        return self.found

    def replace(self, _address, body):
        self.body = dict(body)
        return {**self.found, **body, "password": "************"}


def update(found, news=NEWS, answer=ANSWER, inputs=INPUTS):
    client = Held(found)
    updated = lifecycle.update(CONNECTION, client, lifecycle.outputs_of(CONNECTION, inputs, answer), news)
    return client.body, updated


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


def test_what_the_program_says_is_written_and_nothing_was_overwritten():
    body, updated = update(ANSWER)
    wanted = {"id": "c", **without(NEWS, "connection_id")}
    assert {name: value for name, value in body.items() if value is not None} == wanted
    assert updated.overwritten == []
    assert updated.outputs["role"] == "other"


def test_what_was_changed_outside_is_overwritten_and_named():
    _, updated = update(ANSWER | {"region": "elsewhere", "role": "somebody's"})
    assert updated.overwritten == ["region", "role"]


def test_what_was_changed_outside_to_what_the_program_now_says_is_not_overwritten():
    assert update(ANSWER | {"role": "other"})[1].overwritten == []


def test_another_secret_overwrites_nothing():
    body, updated = update(ANSWER, INPUTS | {"password": "another password"})
    assert body["password"] == "another password"
    assert updated.overwritten == []


def test_a_secret_that_the_program_leaves_out_is_the_states():
    assert update(ANSWER, without(NEWS, "password"))[0]["password"] == "a password"


def test_what_the_program_never_said_stays_as_it_is_on_the_server_and_what_it_no_longer_says_is_cleared():
    body, _ = update(ANSWER | {"is_active": False}, answer=ANSWER | {"is_active": True})
    assert body["is_active"] is False
    inputs = INPUTS | {"snowflake_aws_external_id": "id", "is_active": True}
    body, _ = update(ANSWER | inputs, answer=ANSWER | inputs, inputs=inputs)
    assert body["snowflake_aws_external_id"] is body["is_active"] is None
    assert "snowflake_aws_external_id" in body


def test_what_an_answer_leaves_out_stays_as_the_state_knows_it():
    body, _ = update(ANSWER, answer=ANSWER | {"is_active": False})
    assert body["is_active"] is False


def test_what_is_gone_is_not_made_by_an_update():
    with pytest.raises(
        NotFoundError, match=r"cannot update connection 'c' in workspace 1: it does not exist; if it was"
    ) as raised:
        update(None)
    assert raised.value.status == 404


def test_another_object_in_its_place_is_not_written():
    made = {"created_on": "2023-02-04T08:30:19", "created_by": "Ann"}
    with pytest.raises(
        NotFoundError, match=r"it was deleted and made again outside Pulumi, by Ann on 2023-02-04T08"
    ) as raised:
        update(ANSWER | made)
    assert raised.value.status == 404


@pytest.mark.parametrize("created_on", ["2023-02-04T08:30:17", "2023-02-04T08:30:17.250Z", None, "long ago"])
def test_an_answer_without_fractions_of_a_second_or_without_a_time_is_no_other_object(created_on):
    assert update(ANSWER | {"created_on": created_on})[0]["role"] == "other"


class Forgetful(Held):
    """A service that takes the fields of the reference, and forgets those of another version."""

    def replace(self, _address, body):
        self.body = dict(body)
        return {**body, "password": "************", "created_on": self.found["created_on"], "shown_as": None}


OTHERS = {"project_id": "p", "dataset_id": "d", "created_by": "Ann", "is_faulted": True, "nothing": None, "empty": ""}


def test_what_this_version_does_not_know_and_the_service_no_longer_shows_is_named():
    found = ANSWER | OTHERS | {"shown_as": "x", "line\nbreak": 1}
    updated = lifecycle.update(CONNECTION, Forgetful(found), lifecycle.outputs_of(CONNECTION, INPUTS, ANSWER), NEWS)
    assert updated.dropped == ["dataset_id", "project_id", "shown_as"]


def test_what_an_update_keeps_is_not_named():
    assert update(ANSWER | OTHERS)[1].dropped == []


def test_what_is_taken_over_may_lose_the_same():
    client = Forgetful(ANSWER | OTHERS)
    created = lifecycle.create(CONNECTION, client, {**INPUTS, lifecycle.IMPORT: "c"}, Record())
    assert created.dropped == ["dataset_id", "project_id"]


def test_nothing_is_written_without_its_secret():
    with pytest.raises(SecretMissingError, match="its password is not known"):
        update(ANSWER, without(NEWS, "password"), inputs=without(INPUTS, "password"))


def import_(found, **program):
    client = Held(found)
    inputs = {**INPUTS, lifecycle.IMPORT: "c", **program}
    return client, lifecycle.create(CONNECTION, client, inputs, Record())


def test_what_is_not_there_cannot_be_imported():
    with pytest.raises(NotFoundError, match=r"cannot import connection 'c' in workspace 1: it does not exist; without"):
        import_(None)


def test_what_differs_is_not_imported():
    with pytest.raises(ExistsError, match=r"cannot import connection 'c' .* it differs in region; change the"):
        import_(ANSWER | {"region": "elsewhere"})


def test_an_import_writes_the_secret_and_nothing_where_the_program_gives_none():
    client, created = import_(ANSWER)
    assert (client.body["password"], created.taken_over, created.id) == ("a password", "", "c")
    client, created = import_(ANSWER, password=None)
    assert (client.body, created.taken_over) == (None, "")
    assert "password" not in created.outputs


IGNORED = frozenset({"role", "password", "connection_id", "snowflake_aws_external_id", "no_such_argument"})


def test_what_is_ignored_is_no_change_and_stays_as_it_is_on_the_server():
    olds = lifecycle.outputs_of(CONNECTION, INPUTS, ANSWER)
    assert not lifecycle.diff(CONNECTION, olds, NEWS, IGNORED).changed
    client = Held(ANSWER | {"role": "somebody's", "region": "elsewhere", "snowflake_aws_external_id": None})
    news = NEWS | {"snowflake_aws_external_id": "id", "warehouse": "another"}
    updated = lifecycle.update(CONNECTION, client, olds, news, IGNORED)
    assert (client.body["role"], client.body["warehouse"], client.body["region"]) == (
        "somebody's",
        "another",
        INPUTS["region"],
    )
    assert client.body["password"] == "a password", "nobody can see it on the server"
    assert client.body["snowflake_aws_external_id"] is None
    assert updated.overwritten == ["region"]
    assert updated.outputs["role"] == "somebody's"
