"""What the API answers, as models: whatever comes is taken, and nothing secret is shown."""

from __future__ import annotations

import copy
import pickle

import pytest
from pulumi.runtime.stack import massage
from pydantic import SecretStr, ValidationError

from warehouse_sync_pulumi.api import models
from warehouse_sync_pulumi.api.models import Connection, Pipeline, PipelineRun, PipelineStatus
from warehouse_sync_pulumi.api.token import Token

MASK = "************"
ANSWERS = [Connection, models.DataModel, Pipeline, PipelineRun, PipelineStatus]


def test_numbers_as_text_are_read_and_what_is_no_number_is_kept():
    run = PipelineRun.model_validate({"pipeline_run_id": "7", "records_extracted": "many", "records_mapped": None})
    assert (run.pipeline_run_id, run.records_extracted, run.records_mapped) == (7, "many", None)


@pytest.mark.parametrize("model", ANSWERS)
def test_any_value_of_any_field_is_taken_as_it_is(model):
    for value in ({"a": [1]}, [None], "a new word", True, 1.5, -1, ""):
        sent = dict.fromkeys([*model.model_fields, "field_of_tomorrow"], value)
        answer = model.model_validate(sent)
        for name, field in model.model_fields.items():
            if field.exclude:
                assert isinstance(answer[name], SecretStr)
            else:
                assert answer[name] == value or type(answer[name]) is not type(value), name
        assert answer.field_of_tomorrow == answer["field_of_tomorrow"] == value


@pytest.mark.parametrize("model", ANSWERS)
def test_what_is_left_out_is_none_and_is_not_said_to_have_been_sent(model):
    answer = model.model_validate({})
    assert {answer[name] for name in model.model_fields} == {None}
    assert answer.model_dump() == {}


@pytest.mark.parametrize("name", ["password", "service_account_key", "partner_feed_key"])
@pytest.mark.parametrize("secret", ["correct horse", {"key": "correct horse"}, ["correct horse"]], ids=str)
def test_a_secret_is_hidden_wherever_the_answer_is_shown(name, secret):
    model = Pipeline if name == "partner_feed_key" else Connection
    answer = model.model_validate({"id": "x", name: secret})
    assert "correct horse" in answer[name].get_secret_value()
    shown = f"{answer!r} {answer} {answer.model_dump()} {answer.model_dump_json()} {massage(answer, [])}"
    assert "correct horse" not in shown
    assert name not in f"{answer!r} {answer.model_dump_json()}"
    masked = model.model_validate({"id": "x", name: MASK, "other": {"deep": [MASK]}})
    assert masked[name] is None
    assert MASK not in f"{masked!r} {masked.model_dump_json()}"


def test_a_failure_shows_no_value():
    for sent in ({"access_token": "two words", "x": "s3cret"}, {"access_token": ["s3cret"]}, "s3cret", None):
        with pytest.raises(ValidationError) as raised:
            Token.model_validate(sent)
        assert "s3cret" not in str(raised.value)
        assert "two words" not in str(raised.value)


def test_a_token_is_hidden():
    assert "token-1" not in repr(Token.model_validate({"access_token": "token-1"}))


def test_pulumi_exports_an_answer_as_an_object_with_the_fields_that_were_sent():
    sent = {"pipeline_id": "p", "lineage": {"depth": 3}, "latest_pipeline_run": {"pipeline_run_id": 1, "tomorrow": [1]}}
    exported = massage(PipelineStatus.model_validate(sent), [])
    assert exported == sent


def test_a_field_cannot_take_a_methods_place():
    answer = Connection.model_validate({"id": "c", "model_dump": 1, "__class__": 2, "copy": 3})
    assert (answer["model_dump"], answer["copy"]) == (1, 3)
    assert answer.model_dump()["copy"] == 3


def test_an_answer_can_be_copied_and_pickled():
    answer = PipelineStatus.model_validate({"id": "p", "x": 1, "latest_pipeline_run": {"pipeline_run_id": 1}})
    assert answer == copy.deepcopy(answer) == pickle.loads(pickle.dumps(answer)) == answer.model_copy()  # noqa: S301
    assert answer != PipelineStatus.model_validate({"id": "p"})
