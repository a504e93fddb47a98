"""What an update would change, and what a refresh takes for a change."""

from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN
from samples import ACCOUNT, answer_of

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.connection import CONNECTION
from warehouse_sync_pulumi.errors import SecretMissingError
from warehouse_sync_pulumi.pipeline import PIPELINE

INPUTS = {
    "connection_id": "c",
    "name": "c",
    "workspace_id": 1,
    "type": "snowflake",
    **ACCOUNT,
    "snowflake_aws_iam_user_arn": "arn",
}
ANSWER = answer_of(INPUTS, is_active=True)
PIPELINE_INPUTS = {
    "pipeline_id": "p",
    "name": "p",
    "workspace_id": 1,
    "connection_id": "c",
    "data_model_id": "m",
    "partner_feed_key": "a feed key",
    "schedule_interval": "daily",
    "environment": "development",
}


class Listed:
    """A client that has one object."""

    def __init__(self, **fields):
        self.fields = fields

    def find_listed(self, _address):
        return self.fields


def state(answer=ANSWER, inputs=INPUTS, kind=CONNECTION):
    return lifecycle.outputs_of(kind, inputs, answer)


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


def diff(news, olds=None):
    return lifecycle.diff(CONNECTION, state() if olds is None else olds, news)


def test_arguments_are_added_changed_and_taken_away():
    news = without(INPUTS, "snowflake_aws_iam_user_arn") | {"role": "other", "snowflake_aws_external_id": "id"}
    assert diff(news)[:3] == (
        {"role": "UPDATE", "snowflake_aws_iam_user_arn": "DELETE", "snowflake_aws_external_id": "ADD"},
        frozenset(),
        True,
    )


def test_what_the_server_chose_is_no_change_until_the_program_says_it_too():
    assert not diff(INPUTS).changed
    assert diff(INPUTS | {"is_active": True}).changed == {"is_active": "ADD"}


def test_a_secret_that_is_left_out_is_no_change():
    assert not diff(without(INPUTS, "password")).changed


def test_another_secret_is_a_change():
    assert diff(INPUTS | {"password": "another password"}).changed == {"password": "UPDATE"}


@pytest.mark.parametrize("argument", ["connection_id", "workspace_id"])
def test_a_new_object_at_another_address_can_be_made_before_the_old_one_goes(argument):
    changed, replaces, delete_first, _ = diff(INPUTS | {argument: UNKNOWN})
    assert (changed, replaces, delete_first) == ({argument: "UPDATE"}, {argument}, False)


@pytest.mark.parametrize("news", [INPUTS, INPUTS | {"role": "other"}, INPUTS | {"type": "other"}])
def test_a_new_object_at_the_same_address_needs_the_old_one_gone(news):
    """Also where nothing asks for a replacement: somebody may ask the engine for one."""
    assert diff(news).delete_first


def test_what_cannot_be_written_without_its_secret_is_refused_in_the_preview():
    imported = without(state(), "password")
    news = without(INPUTS, "password")
    assert not diff(news, imported).changed
    with pytest.raises(SecretMissingError, match=r"its password is not known.*pulumi config set --secret c-password"):
        diff(news | {"role": "other"}, imported)
    assert diff(news | {"type": "other"}, imported).replaces == {"type"}, "what is made anew is checked for its secret"


def read(olds, kind=CONNECTION, inputs=INPUTS, **fields):
    return lifecycle.read(kind, Listed(**fields), inputs[kind.id_argument], olds)


def test_what_was_filled_in_outside_is_a_change():
    answer = without(ANSWER, "snowflake_aws_iam_user_arn")
    program = without(INPUTS, "snowflake_aws_iam_user_arn")
    outputs, inputs = read(state(answer, program), **answer, snowflake_aws_iam_user_arn="somebody's")
    assert inputs["snowflake_aws_iam_user_arn"] == "somebody's"
    assert lifecycle.diff(CONNECTION, outputs, program).changed == {"snowflake_aws_iam_user_arn": "DELETE"}


def test_what_the_server_fills_in_later_is_none_where_it_may_choose():
    answer = {"id": "p", **without(PIPELINE_INPUTS, "pipeline_id", "partner_feed_key")}
    olds = state(answer, PIPELINE_INPUTS, PIPELINE)
    outputs, inputs = read(olds, PIPELINE, PIPELINE_INPUTS, **answer, schedule_start_time="2023-01-01T00:00:00Z")
    assert outputs["schedule_start_time"] == "2023-01-01T00:00:00Z"
    assert inputs == PIPELINE_INPUTS
    assert not lifecycle.diff(PIPELINE, outputs, PIPELINE_INPUTS).changed


def test_what_was_the_servers_choice_and_was_cleared_is_no_longer_its_choice():
    outputs, _ = read(state(), **ANSWER | {"is_active": None})
    assert "is_active" not in outputs[lifecycle.DEFAULTS]


def test_what_the_server_keeps_otherwise_is_a_change_once_it_was_changed_outside():
    outputs = state(ANSWER | {"role": "ROLE"})
    assert not diff(INPUTS, outputs).changed
    assert lifecycle.adjusted(CONNECTION, outputs) == ["role"]
    outputs, inputs = read(outputs, **ANSWER | {"role": "ROLE"})
    assert inputs == INPUTS
    outputs, inputs = read(outputs, **ANSWER | {"role": "other"})
    assert inputs == INPUTS | {"role": "other"}
    assert diff(INPUTS, outputs).changed == {"role": "UPDATE"}


def test_the_same_time_in_other_words_is_no_adjustment():
    inputs = PIPELINE_INPUTS | {"schedule_start_time": "2023-03-01T05:00:00+05:00"}
    answer = {"id": "p", **without(inputs, "pipeline_id"), "schedule_start_time": "2023-03-01T00:00:00Z"}
    outputs = state(answer, inputs, PIPELINE)
    assert lifecycle.adjusted(PIPELINE, outputs) == []
    assert not lifecycle.diff(PIPELINE, outputs, inputs).changed


def test_no_answer_writes_what_the_state_hides_or_a_secret():
    hidden = {lifecycle.DEFAULTS: ["role"], lifecycle.SENT: {"role": "x"}}
    answer = ANSWER | hidden | {"password": "of the answer", "note": "is a password", "mask": "*" * 12}
    outputs = state(answer)
    assert outputs["password"] == "a password"
    assert outputs[lifecycle.DEFAULTS] == ["is_active"]
    assert lifecycle.SENT not in outputs
    assert (outputs["note"], outputs["mask"]) == ("is [secret]", None)


def test_an_argument_that_holds_the_secret_stays_as_the_program_wrote_it():
    assert state(ANSWER | {"role": "a password"}, INPUTS | {"role": "a password"})["role"] == "a password"


def test_a_secret_that_the_service_echoes_is_hidden_wherever_it_turns_up():
    echo = f"hello {INPUTS['password']}"
    outputs = state(ANSWER | {"region": echo, "unheard_of": INPUTS["password"]})
    assert (outputs["region"], outputs["unheard_of"]) == ("hello [secret]", "[secret]")
