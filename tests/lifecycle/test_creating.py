"""What a create does when the id is taken, or its answer never came."""

from __future__ import annotations

import pytest
from record import Record
from samples import ACCOUNT

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.connection import CONNECTION
from warehouse_sync_pulumi.data_model import DATA_MODEL
from warehouse_sync_pulumi.errors import (
    AnswerLostError,
    BadRequestError,
    CredentialError,
    ExistsError,
    IncompleteError,
    NotFoundError,
    SecretMissingError,
    StatusError,
    UnreachableError,
    WarehouseError,
)

INPUTS = {
    "connection_id": "c",
    "name": "c",
    "workspace_id": 1.0,
    "type": "snowflake",
    **ACCOUNT,
    "password": "secret",
}
MODEL = {
    "data_model_id": "c",
    "name": "c",
    "workspace_id": 1.0,
    "type": "sql",
    "sql_query": "\nSELECT 1\n",
    "load_timestamp_field_name": "t",
    "load_timestamp_field_type": "date",
    "is_active": True,
}
LOST, TAKEN = AnswerLostError("lost"), BadRequestError("taken", status=409)


class Script:
    """A client whose answers are given; it notes what it was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.addresses = []

    def _next(self, name, address):
        self.asked.append(name)
        self.addresses.append(address)
        answer = self.answers[name].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def create(self, address, _body):
        return self._next("create", address)

    def find(self, address):
        return self._next("find", address)

    def find_listed(self, address):
        return self._next("find_listed", address)

    def replace(self, address, body):
        self.body = body
        return self._next("replace", address)

    def delete(self, address):
        self._next("delete", address)


def there(inputs=INPUTS, **changes):
    shown = {
        ("id" if name.endswith("_id") and name[0] in "cd" and name[1] in "oa" else name): v
        for name, v in inputs.items()
    }
    return {**shown, "workspace_id": 1, "password": "************", **changes}


@pytest.mark.parametrize("failure", [LOST, TAKEN, BadRequestError("taken", status=400)])
def test_an_equal_object_is_adopted_and_its_secret_written(failure):
    client = Script(create=[failure], find=[there(created_on="x")], replace=[there(created_on="x")])
    id_, outputs, taken_over, _ = lifecycle.create(CONNECTION, client, INPUTS, Record(), adopts_equal=True)
    assert taken_over
    assert (id_, outputs["created_on"], outputs["password"]) == ("c", "x", "secret")
    assert client.asked == ["create", "find", "replace"]
    assert client.body["password"] == "secret"


@pytest.mark.parametrize("failure", [LOST, TAKEN])
def test_a_different_object_is_left_alone_and_the_difference_named(failure):
    client = Script(create=[failure], find=[there(region="other", user="somebody")])
    with pytest.raises(
        ExistsError, match=r"exists already and differs in region, user, .*`warehouse-sync import c --apply`"
    ):
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert client.asked == ["create", "find"]


@pytest.mark.parametrize("killed", [False, True])
def test_an_equal_object_that_nobody_is_known_to_have_made_is_left_alone_and_the_ways_out_are_named(killed):
    """That it is equal proves nothing: another stack of the same program makes equal ones."""
    client = Script(create=[TAKEN], find=[there(created_on="x")])
    record = Record(killed=killed and "y")
    with pytest.raises(ExistsError) as raised:
        lifecycle.create(CONNECTION, client, INPUTS, record)
    assert client.asked == ["create", "find"]
    assert set(record.told) == {"begin", "fail"}
    for way in ("Alias(name=", "Alias(parent=", "delete_before_replace", "connection_id=f", "import c", "import_='c'"):
        assert way in str(raised.value)
    assert "WAREHOUSE_SYNC_ADOPT=equal" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_equal_object_that_a_killed_run_made_is_taken_over():
    client = Script(create=[TAKEN], find=[there(MODEL, created_on="x")])
    record = Record(killed="x")
    assert "earlier run" in lifecycle.create(DATA_MODEL, client, MODEL | {"is_active": None}, record).taken_over
    assert record.told == ["begin", "fail", "succeed"]


def test_one_that_a_killed_run_made_otherwise_is_left_alone_and_the_way_to_it_named():
    record = Record(killed="x")
    with pytest.raises(ExistsError, match="taken; an earlier run created it, with another region, user: deploy once"):
        lifecycle.create(
            CONNECTION,
            Script(create=[TAKEN], find=[there(INPUTS | {"region": "other", "user": "other"}, created_on="x")]),
            INPUTS,
            record,
        )
    assert record.told == ["begin", "fail"]


def test_an_object_that_is_older_than_the_request_whose_answer_was_lost_is_left_alone():
    client = Script(create=[LOST], find=[there(created_on="x")])
    with pytest.raises(ExistsError, match="exists already"):
        lifecycle.create(CONNECTION, client, INPUTS, Record(older="x"))


def test_a_create_that_may_yet_take_effect_stays_recorded_and_one_that_cannot_does_not():
    for failure, find, told in (
        (LOST, CredentialError("x", status=401), ["begin"]),
        (StatusError("x", status=599), None, ["begin"]),
        (TAKEN, CredentialError("x", status=401), ["begin", "fail"]),
        (WarehouseError("x", status=505), None, ["begin", "fail"]),
        (UnreachableError("x"), None, ["begin", "fail"]),
    ):
        record = Record()
        with pytest.raises(type(failure)):
            lifecycle.create(CONNECTION, Script(create=[failure], find=[find]), INPUTS, record)
        assert record.told == told


@pytest.mark.parametrize(
    ("later", "find"),
    [
        (UnreachableError("timed out after the 1 s of its custom_timeouts"), []),
        (CredentialError("x", status=401), []),
        (WarehouseError("x", status=505), []),
        (StatusError("x", status=501), []),
        (BadRequestError("x", status=400), [None]),
        (TAKEN, [UnreachableError("x")]),
        (TAKEN, [CredentialError("x", status=401)]),
    ],
)
def test_once_an_answer_was_lost_no_later_failure_drops_the_record(later, find):
    """What was sent first may take effect after it was looked for."""
    record = Record()
    client = Script(create=[LOST, later], find=[None, *find])
    with pytest.raises(type(later)) as raised:
        lifecycle.create(CONNECTION, client, INPUTS, record)
    assert raised.value is later
    assert record.told == ["begin"]


def test_a_create_that_lacks_its_secret_was_not_begun():
    record = Record()
    with pytest.raises(SecretMissingError):
        lifecycle.create(CONNECTION, Script(), INPUTS | {"password": None}, record)
    assert record.told == []


@pytest.mark.parametrize("extra", ["snowflake_aws_external_id", "snowflake_aws_iam_user_arn"])
def test_an_argument_that_only_the_object_has_is_a_difference(extra):
    with pytest.raises(ExistsError, match=f"differs in {extra},"):
        lifecycle.create(CONNECTION, Script(create=[TAKEN], find=[there(**{extra: "x"})]), INPUTS, Record())


def test_a_lost_answer_of_a_create_without_effect_is_sent_again_thrice_at_most():
    client = Script(create=[LOST, LOST, there()], find=[None, None])
    assert lifecycle.create(CONNECTION, client, INPUTS, Record()).id == "c"
    assert client.asked == ["create", "find", "create", "find", "create"]
    client = Script(create=[LOST] * 3, find=[None] * 3)
    with pytest.raises(AnswerLostError):
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert client.asked == ["create", "find"] * 3


def test_a_refusal_of_something_that_is_not_there_is_the_answer():
    client = Script(create=[BadRequestError("no such region", status=400)], find=[None])
    with pytest.raises(BadRequestError, match="no such region"):
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert client.asked == ["create", "find"]


@pytest.mark.parametrize(
    "problem",
    [AnswerLostError("x"), UnreachableError("x"), NotFoundError("x", status=404), CredentialError("x", status=401)],
)
@pytest.mark.parametrize("failure", [LOST, TAKEN])
def test_without_a_look_nothing_is_sent_again_and_nothing_adopted(failure, problem):
    """A 404 while the list holds the object, or no list at all, says nothing."""
    client = Script(create=[failure], find=[problem])
    with pytest.raises(type(failure), match=str(failure)):
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert client.asked == ["create", "find"]


@pytest.mark.parametrize(
    "failure",
    [
        UnreachableError("x"),
        CredentialError("x", status=403),
        WarehouseError("x", status=505),
        NotFoundError("x", status=404),
        StatusError("x", status=429),
    ],
)
def test_a_create_that_had_no_effect_is_not_looked_for(failure):
    client = Script(create=[failure])
    with pytest.raises(type(failure)):
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert client.asked == ["create"]


def test_what_was_adopted_but_not_completed_keeps_its_id():
    client = Script(create=[LOST], find=[there(created_on="x")], replace=[BadRequestError("no", status=400)])
    with pytest.raises(IncompleteError, match="no") as raised:
        lifecycle.create(CONNECTION, client, INPUTS, Record())
    assert (raised.value.id, raised.value.outputs["created_on"]) == ("c", "x")
    read = lifecycle.read(CONNECTION, Script(find_listed=[there(created_on="x")]), "c", raised.value.outputs)
    assert lifecycle.diff(CONNECTION, read[0], INPUTS).changed == {"password": "ADD"}, "a refresh does not forget it"


def test_an_answer_that_names_another_workspace_leads_nowhere_else():
    client = Script(create=[there(workspace_id=5328)], find_listed=[there(workspace_id=5328)], delete=[None])
    outputs = lifecycle.create(CONNECTION, client, INPUTS, Record()).outputs
    for _ in range(2):
        assert not lifecycle.diff(CONNECTION, outputs, INPUTS).changed
        outputs, _ = lifecycle.read(CONNECTION, client, "c", outputs)
        client.answers["find_listed"].append(there(workspace_id=5328))
    lifecycle.delete(CONNECTION, client, "c", outputs)
    assert {address.workspace_id for address in client.addresses} == {1}


def test_white_space_that_the_api_trimmed_and_a_flag_that_it_hides_do_not_stand_in_the_way():
    found = there(MODEL, sql_query="SELECT 1")
    del found["is_active"], found["password"]
    client = Script(create=[LOST], find=[found], replace=[found])
    outputs = lifecycle.create(DATA_MODEL, client, MODEL, Record()).outputs
    assert client.asked == ["create", "find", "replace"]
    assert client.body["is_active"] is True
    assert not lifecycle.diff(DATA_MODEL, outputs, MODEL).changed


def test_an_equal_object_without_secrets_is_adopted_as_it_is():
    found = there(MODEL, sql_query="SELECT 1")
    client = Script(create=[TAKEN], find=[found])
    assert lifecycle.create(DATA_MODEL, client, MODEL, Record(), adopts_equal=True).id == "c"
    assert client.asked == ["create", "find"]


@pytest.mark.parametrize("workspace", [1, "1"])
def test_the_workspace_may_come_as_text(workspace):
    client = Script(create=[TAKEN], find=[there(MODEL, workspace_id=workspace)])
    assert lifecycle.create(DATA_MODEL, client, MODEL, Record(), adopts_equal=True).id == "c"


def test_what_was_made_is_recorded_until_the_state_has_it():
    record = Record()
    lifecycle.create(CONNECTION, Script(create=[there()]), INPUTS, record)
    assert record.told == ["begin", "succeed"]


def test_what_was_adopted_but_not_completed_stays_recorded():
    record = Record(killed="x")
    client = Script(create=[TAKEN], find=[there(created_on="x")], replace=[BadRequestError("no", status=400)])
    with pytest.raises(IncompleteError):
        lifecycle.create(CONNECTION, client, INPUTS, record)
    assert record.told == ["begin", "fail", "succeed"]


def test_an_object_that_shows_only_at_the_second_attempt_is_the_first_ones():
    found = there(created_on="x")
    client = Script(create=[LOST, TAKEN], find=[None, found], replace=[found])
    assert lifecycle.create(CONNECTION, client, INPUTS, Record()).taken_over
    assert client.asked == ["create", "find", "create", "find", "replace"]


def test_an_argument_that_an_answer_leaves_out_is_a_difference_where_the_server_may_not_choose_it():
    found = there()
    del found["region"]
    with pytest.raises(ExistsError, match="differs in region,"):
        lifecycle.create(CONNECTION, Script(create=[TAKEN], find=[found]), INPUTS, Record(), adopts_equal=True)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_argument_that_is_empty_on_the_object_is_none(nothing):
    found = there(snowflake_aws_iam_user_arn=nothing)
    client = Script(create=[TAKEN], find=[found], replace=[found])
    assert lifecycle.create(CONNECTION, client, INPUTS, Record(), adopts_equal=True).taken_over
