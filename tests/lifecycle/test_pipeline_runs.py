"""What a `PipelineRun` does to a pipeline, on the emulator's clock."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.errors import (
    AnswerLostError,
    BadRequestError,
    IncompleteError,
    NotFoundError,
    RunFailedError,
    WarehouseSyncError,
)
from warehouse_sync_pulumi.lifecycle import pipeline_runs
from warehouse_sync_pulumi.lifecycle.pipeline_runs import VERDICT
from warehouse_sync_pulumi.lifecycle.poll_timer import PollTimer
from warehouse_sync_pulumi.pipeline_run import PIPELINE_RUN

PIPELINE = Address(1234, "pipelines", "pipeline", "orders")
TRIGGER = {"method": "POST", "path": "pipelines/*"}


class Waiting:
    """A wait in which the emulator's time passes, and none of ours."""

    def __init__(self, emulator):
        self.emulator, self.told, self.then, self.cancelled = emulator, [], lambda: None, False

    def wait(self, seconds):
        self.emulator.clock.advance(seconds=seconds)
        self.then()
        return self.cancelled

    def timer(self, seconds):
        return PollTimer(seconds, self, self.told.append, lambda: self.emulator.clock.now().timestamp())


class Subject:
    """One `PipelineRun` under test, and its state from one deployment to the next."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.client = Client(Endpoint(emulator.url, f"{emulator.url}/oauth/token", "experimental", "any", "any", 0.0))
        self.waiting = Waiting(emulator)
        self.state = None

    def up(self, **arguments):
        """Deploy, and keep in the state what the engine would keep."""
        inputs, problems = lifecycle.check(PIPELINE_RUN, {}, {"pipeline_id": "orders", **arguments}, "1234")
        assert not problems
        timer = self.waiting.timer(inputs["timeout"])
        try:
            if self.state is None:
                _, self.state = pipeline_runs.create(PIPELINE_RUN, self.client, inputs, timer)
            elif (
                pipeline_runs.diff(PIPELINE_RUN, self.state, inputs).changed
                or pipeline_runs.unfinished(self.state) is not None
            ):
                self.state = pipeline_runs.update(PIPELINE_RUN, self.client, self.state, inputs, timer)
        except IncompleteError as error:
            self.state = dict(error.outputs)
            raise
        # The engine hands every number over as a float, and drops what is nothing.
        self.state = {
            name: float(value) if type(value) is int else value
            for name, value in self.state.items()
            if value is not None
        }
        return self.state

    def refresh(self):
        self.state, _ = pipeline_runs.read(PIPELINE_RUN, self.client, self.state)
        return self.state

    @property
    def triggered(self):
        return self.emulator.journal.count("POST", "pipelines/*", took_effect=True)


@pytest.fixture
def emulator():
    with Emulator(speed=0, start=datetime(2023, 2, 4, 8, 30, 17, tzinfo=timezone.utc)) as running:
        running.set(run_records=7)
        running.put_object(
            "pipelines",
            id="orders",
            schedule_interval="on_demand",
            is_active=True,
            is_draft=False,
            is_faulted=False,
            schedule_start_time="2023-02-01T00:00:00Z",
            connection_id="c",
        )
        yield running


@pytest.fixture
def subject(emulator):
    made = Subject(emulator)
    yield made
    made.client.close()


def test_the_outputs_are_the_arguments_and_every_field_of_the_run(subject, emulator):
    emulator.set(extra_fields={"runs": {"airflow_dag_id": "1234_orders", "new": {"field": 1}}})
    outputs = subject.up(triggers={"version": "1"})
    assert outputs["triggers"] == {"version": "1"}
    assert (outputs["pipeline_run_state"], outputs["records_extracted"]) == ("success", 7)
    assert (outputs["airflow_dag_id"], outputs["new"]) == ("1234_orders", {"field": 1})
    assert "id" not in outputs, "a run's `id` is its pipeline's"


def test_the_references_table_of_intervals(subject, emulator):
    first = subject.up(triggers={"n": 1})
    emulator.clock.set(datetime(2023, 2, 8, 12, 5, 45, tzinfo=timezone.utc))
    second = subject.up(triggers={"n": 2})
    intervals = [(run["data_interval_start"], run["data_interval_end"]) for run in (first, second)]
    assert intervals == [
        ("2023-02-01T00:00:00Z", "2023-02-04T08:30:17Z"),
        ("2023-02-04T08:30:17Z", "2023-02-08T12:05:45Z"),
    ]


def test_it_says_where_the_run_stands_each_time_that_is_news(subject, emulator):
    emulator.set(phase_seconds=30)
    subject.up()
    run = int(subject.state["pipeline_run_id"])
    assert subject.waiting.told == [f"run {run} is {state}" for state in ("triggered", "queued", "running")] + [
        f"run {run} is success, 7 records"
    ]


def test_the_pauses_grow_and_stay_bounded(subject, emulator):
    emulator.set(phase_seconds=1000)
    subject.up()
    looks = emulator.journal.count("GET", "*/status/runs/*")
    assert 3000 / 15 < looks < 3000 / 15 + 20


def test_a_state_that_nobody_knows_is_waited_through(subject, emulator):
    emulator.set(run_phases=("triggered", "dataset_triggered", "polishing"))
    assert subject.up()["pipeline_run_state"] == "success"
    assert any("polishing" in told for told in subject.waiting.told)


def test_without_wait_it_ends_when_the_run_begins(subject, emulator):
    outputs = subject.up(wait=False)
    assert outputs["pipeline_run_state"] == "triggered"
    emulator.clock.advance(minutes=1)
    assert subject.refresh()["pipeline_run_state"] == "success"
    subject.up(wait=False)
    assert subject.triggered == 1


def test_turning_wait_on_does_not_pass_over_a_run_that_failed(subject, emulator):
    emulator.set(run_outcome="failed")
    subject.up(wait=False)
    emulator.clock.advance(hours=1)
    assert subject.refresh()["pipeline_run_state"] == "failed"
    with pytest.raises(IncompleteError, match="failed"):
        subject.up(wait=True)


def test_a_run_without_a_count_is_not_taken_for_one_without_records(subject, emulator):
    emulator.set(run_records=None)
    with pytest.raises(IncompleteError, match="does not say how many records it extracted, and 1 are wanted"):
        subject.up(minimum_records=1)


def test_turning_wait_on_waits_for_the_run_that_there_is(subject):
    subject.up(wait=False)
    assert subject.up(wait=True)["pipeline_run_state"] == "success"
    assert subject.triggered == 1


@pytest.mark.parametrize(
    "change", [{"wait": False}, {"timeout": 5}, {"minimum_records": 100}, {"when_busy": "fail"}], ids=str
)
def test_only_triggers_trigger(subject, change):
    before = subject.up(triggers={"n": 1})
    after = subject.up(triggers={"n": 1}, **change)
    assert subject.triggered == 1
    assert after == before | change


def test_a_trigger_that_goes_away_triggers_too_but_an_empty_one_is_none(subject):
    subject.up(triggers={"n": 1})
    subject.up()
    assert subject.triggered == 2
    subject.up(triggers={})
    assert subject.triggered == 2


@pytest.mark.parametrize("existed", [False, True])
def test_a_failed_run_fails_with_what_is_known_of_it_and_the_next_up_triggers_another(subject, emulator, existed):
    before = subject.up(triggers={"n": 1}) if existed else None
    emulator.set(run_outcome="failed", run_fault="The column email is\n unknown.")
    with pytest.raises(RunFailedError) as failure:
        subject.up(triggers={"n": 2})
    assert subject.state is before
    latest = subject.client.runs.status(PIPELINE)["latest_pipeline_run"]
    run, start, end = (latest[name] for name in ("pipeline_run_id", "data_interval_start", "data_interval_end"))
    assert str(failure.value) == (
        f"run {run} of pipeline 'orders' in workspace 1234 failed: data from {start} to {end}; the pipeline is "
        "faulted: The column email is unknown; the next up triggers another run"
    )
    emulator.set(run_outcome="success")
    assert subject.up(triggers={"n": 2})["pipeline_run_state"] == "success"
    assert subject.triggered == (3 if existed else 2)


def test_a_failed_run_names_its_counters_where_it_has_some(subject, emulator):
    emulator.set(
        run_outcome="failed",
        extra_fields={"runs": {"records_extracted": "1376", "records_mapped": 12, "event_batches_generated": 3}},
    )
    with pytest.raises(
        RunFailedError, match="records_extracted 1,376, records_mapped 12, event_batches_generated 3; the pipeline giv"
    ):
        subject.up()


def test_a_run_of_too_few_records_fails_and_a_lower_minimum_accepts_it(subject):
    with pytest.raises(IncompleteError, match="extracted 7 records, fewer than 1,000: data from"):
        subject.up(minimum_records=1000)
    subject.up(minimum_records=7)
    assert subject.triggered == 1
    assert subject.state["records_extracted"] == 7


def test_a_run_of_too_few_records_is_followed_by_another(subject, emulator):
    with pytest.raises(IncompleteError):
        subject.up(minimum_records=8)
    emulator.set(run_records=8)
    subject.up(minimum_records=8)
    assert subject.triggered == 2


def test_after_a_timeout_the_next_up_waits_for_the_same_run(subject, emulator):
    emulator.set(phase_seconds=60)
    with pytest.raises(IncompleteError, match=r"is not over after 10 s: run .* is triggered; .* with a larger timeout"):
        subject.up(timeout=10)
    run = subject.state["pipeline_run_id"]
    assert subject.state["data_interval_end"] == "2023-02-04T08:30:17Z", "what was seen of it is kept"
    assert "waits for it, and triggers no other" in pipeline_runs.unfinished(subject.state)
    with pytest.raises(IncompleteError):
        subject.up(timeout=11)
    subject.refresh()
    subject.up(timeout=600)
    assert (subject.state["pipeline_run_id"], subject.triggered) == (run, 1)
    assert VERDICT not in subject.state


def test_an_interrupted_wait_keeps_the_run(subject):
    subject.waiting.cancelled = True
    with pytest.raises(IncompleteError, match=r"the wait was interrupted: .* the next up waits for the same run$"):
        subject.up()
    subject.waiting.cancelled = False
    subject.up()
    assert subject.triggered == 1


def test_a_run_that_failed_while_nobody_looked_is_told_before_another_is_triggered(subject, emulator):
    emulator.set(phase_seconds=60, run_outcome="failed")
    with pytest.raises(IncompleteError, match="not over"):
        subject.up(timeout=1)
    emulator.clock.advance(hours=1)
    with pytest.raises(IncompleteError, match="failed: data from"):
        subject.up(timeout=1)
    assert subject.triggered == 1
    assert "failed, or fell short: an update triggers another" in pipeline_runs.unfinished(subject.state)
    emulator.set(phase_seconds=0, run_outcome="success")
    assert VERDICT not in subject.up()
    assert subject.triggered == 2


def test_changed_triggers_wait_for_a_run_that_is_not_over_and_trigger_another(subject, emulator):
    emulator.set(phase_seconds=60)
    with pytest.raises(IncompleteError):
        subject.up(timeout=1, triggers={"n": 1})
    first = subject.state["pipeline_run_id"]
    subject.up(triggers={"n": 2})
    assert subject.triggered == 2
    assert subject.state["pipeline_run_id"] != first


def test_a_failure_to_look_keeps_the_run(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=403, path="*/status/runs/*", at=2))
    with pytest.raises(IncompleteError, match=r"403.*; the next up waits for the same run"):
        subject.up()
    subject.up()
    assert subject.triggered == 1


def test_a_run_that_is_not_to_be_seen_yet_is_waited_for(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", times=3))
    assert subject.up()["pipeline_run_state"] == "success"


def test_a_run_that_hides_now_and_then_is_not_given_up(subject, emulator):
    emulator.set(phase_seconds=90)
    for at in range(2, 22, 2):
        emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", at=at))
    assert subject.up()["pipeline_run_state"] == "success"
    assert emulator.journal.count("GET", "*/status/runs/*", status=404) > 8


def test_a_run_that_never_shows_is_given_up(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", times=None))
    with pytest.raises(IncompleteError, match=r"cannot read run .* 404.*; the next up triggers another run"):
        subject.up()


def test_a_pipeline_that_disappears_ends_the_wait(subject, emulator):
    emulator.set(phase_seconds=60)
    subject.waiting.then = lambda: emulator.remove("pipelines", "orders")
    with pytest.raises(IncompleteError, match="404"):
        subject.up()
    assert emulator.journal.count("GET", "*/status/runs/*") == 2


def test_a_run_that_was_given_up_is_followed_by_another(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", times=None))
    with pytest.raises(IncompleteError):
        subject.up()
    given_up = int(subject.state["pipeline_run_id"])
    emulator.faults.clear()
    emulator.faults.add(Fault(kind="status", status=404, path=f"*/status/runs/{given_up}", times=None))
    assert subject.up()["pipeline_run_id"] != given_up
    assert subject.triggered == 2


def test_a_run_that_was_given_up_and_shows_after_all_will_do(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", times=None))
    with pytest.raises(IncompleteError):
        subject.up()
    emulator.faults.clear()
    assert subject.up()["pipeline_run_state"] == "success"
    assert subject.triggered == 1


def test_turning_wait_off_waits_no_longer(subject, emulator):
    emulator.set(phase_seconds=60)
    with pytest.raises(IncompleteError):
        subject.up(timeout=1)
    looked = emulator.journal.count("GET", "*/status/runs/*")
    assert VERDICT not in subject.up(wait=False)
    assert (emulator.journal.count("GET", "*/status/runs/*"), subject.triggered) == (looked, 1)


def test_without_wait_a_failure_to_look_is_none(subject, emulator):
    emulator.faults.add(Fault(kind="status", status=403, path="*/status/runs/*"))
    assert subject.up(wait=False)["pipeline_run_id"]


def test_a_state_without_a_run_gets_one(subject):
    subject.up()
    del subject.state["pipeline_run_id"]
    subject.up(timeout=5)
    assert subject.triggered == 2


def test_no_answer_writes_what_the_state_hides(subject, emulator):
    emulator.set(extra_fields={"runs": {VERDICT: "pending"}})
    assert VERDICT not in subject.up()


# --- before the trigger


def test_the_status_of_a_fresh_pipeline_is_waited_for(subject, emulator):
    emulator.set(status_after_seconds=60)
    subject.up()
    assert subject.triggered == 1
    assert emulator.journal.count("GET", "*/status") > 3
    assert "waiting" in subject.waiting.told[0]
    since = emulator.clock.now() - datetime.fromisoformat(f"{subject.state['logical_date'][:-1]}+00:00")
    assert since.total_seconds() < 5, "whoever waited long for the trigger does not wait as long for the run"


def test_a_pipeline_that_is_not_there_is_not_waited_for(subject, emulator):
    emulator.remove("pipelines", "orders")
    with pytest.raises(NotFoundError, match="pipeline 'orders' in workspace 1234"):
        subject.up()
    assert subject.waiting.told == []


def test_a_status_that_never_comes_leaves_nothing_behind(subject, emulator):
    emulator.set(status_after_seconds=1000)
    with pytest.raises(WarehouseSyncError, match=r"cannot trigger pipeline 'orders'.* after 30 s: give it a longer"):
        subject.up(timeout=30)
    assert (subject.state, subject.triggered) == (None, 0)


def test_an_interruption_before_the_trigger_leaves_nothing_behind(subject, emulator):
    emulator.set(status_after_seconds=1000)
    subject.waiting.cancelled = True
    with pytest.raises(WarehouseSyncError, match="the wait was interrupted; no run was started"):
        subject.up()
    assert subject.state is None


@pytest.mark.parametrize("shows", ["any", "completed"])
def test_a_busy_pipeline_is_waited_for(subject, emulator, shows):
    emulator.set(phase_seconds=20, latest_run=shows)
    other = subject.client.runs.trigger(PIPELINE)
    subject.up()
    assert subject.triggered == 2
    assert subject.state["pipeline_run_id"] > other["pipeline_run_id"]
    assert any(told.startswith("the pipeline is busy: run") for told in subject.waiting.told)


def test_a_busy_pipeline_is_refused_where_that_is_wanted(subject, emulator):
    subject.client.runs.trigger(PIPELINE)
    with pytest.raises(BadRequestError, match='is already in progress; wait for its run, or give when_busy="wait"'):
        subject.up(when_busy="fail")
    assert (subject.state, subject.triggered) == (None, 1)


def test_a_pipeline_that_is_busy_for_too_long_leaves_nothing_behind(subject, emulator):
    emulator.set(phase_seconds=1000)
    subject.client.runs.trigger(PIPELINE)
    with pytest.raises(WarehouseSyncError, match="its other run is not over after 30 s"):
        subject.up(timeout=30)
    assert subject.state is None


def test_a_refusal_for_another_reason_is_told_at_once(subject, emulator):
    emulator.change("pipelines", "orders", is_draft=True)
    with pytest.raises(BadRequestError, match="is a draft"):
        subject.up()
    assert subject.waiting.told == []


# --- a trigger whose answer is lost


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_trigger_that_took_effect_is_not_sent_again(subject, emulator, earlier):
    for number in range(earlier):
        subject.up(triggers={"n": number})
        emulator.clock.advance(hours=1)
    emulator.faults.add(Fault(kind="cut_after", **TRIGGER))
    outputs = subject.up(triggers={"n": "lost"})
    assert subject.triggered == earlier + 1
    looked = emulator.journal.filter("GET", "*/status/runs")[0]
    assert ("startDate" in looked.query) is (earlier > 0), "the runs before it are of no interest"
    assert outputs["data_interval_end"].startswith("2023-02-04T09:30:" if earlier else "2023-02-04T08:30:")


def test_a_trigger_without_effect_is_sent_again(subject, emulator):
    emulator.faults.add(Fault(kind="cut_before", **TRIGGER))
    assert subject.up()["pipeline_run_state"] == "success"
    assert subject.triggered == 1
    assert emulator.journal.count(**TRIGGER) == 2


def test_a_run_that_shows_only_at_the_second_trigger_is_taken_as_ours(subject, emulator):
    emulator.faults.add(Fault(kind="cut_after", **TRIGGER))
    emulator.faults.add(Fault(kind="garbage", body='{"items": []}', path="*/status/runs"))
    subject.up()
    assert subject.triggered == 1
    assert [entry.status for entry in emulator.journal.filter(**TRIGGER)] == [None, 400]


def test_triggers_that_are_lost_again_and_again_are_given_up(subject, emulator):
    emulator.faults.add(Fault(kind="cut_before", times=None, **TRIGGER))
    with pytest.raises(AnswerLostError, match="cannot trigger pipeline 'orders'"):
        subject.up()
    assert emulator.journal.count(**TRIGGER) == 3


# --- differences


def test_another_pipeline_is_a_new_run_that_takes_nobodys_place(subject):
    subject.up()
    inputs, _ = lifecycle.check(PIPELINE_RUN, {}, {"pipeline_id": "carts"}, "1234")
    difference = pipeline_runs.diff(PIPELINE_RUN, subject.state, inputs)
    assert (difference.replaces, difference.delete_first) == ({"pipeline_id"}, False)


def test_a_trigger_that_holds_nothing_is_none(subject):
    subject.up(triggers={"a": 1, "deep": [{"b": None}]})
    subject.up(triggers={"a": 1.0, "deep": [{"c": None}], "d": None})
    assert subject.triggered == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "pipeline_id is missing"),
        ({"pipeline_id": "x", "triggers": "1"}, 'must be a mapping, such as {"version": "2"}'),
        ({"pipeline_id": "x", "timeout": 0}, "must be a number of seconds from 1 to 604800"),
        ({"pipeline_id": "x", "minimum_records": -1}, "must be a whole number of 0 or more"),
        ({"pipeline_id": "x", "when_busy": "never"}, "must be one of wait, fail"),
        ({"pipeline_id": "x", "wait": "sometimes"}, "must be true or false"),
    ],
)
def test_what_is_wrong_is_said(arguments, problem):
    _, problems = lifecycle.check(PIPELINE_RUN, {}, arguments, "1234")
    assert [problem in found.reason for found in problems] == [True]


# --- refresh


def test_a_run_that_the_service_no_longer_knows_stays_as_it_was(subject, emulator):
    before = dict(subject.up(triggers={"n": 1}))
    emulator.faults.add(Fault(kind="status", status=404, path="*/status/runs/*", times=None))
    outputs = subject.refresh()
    assert outputs == before
    subject.up(triggers={"n": 1})
    assert subject.triggered == 1


def test_other_runs_do_not_show_in_a_refresh(subject, emulator):
    before = dict(subject.up())
    emulator.clock.advance(hours=1)
    subject.client.runs.trigger(PIPELINE)
    assert subject.refresh() == before


def test_a_refresh_does_not_forget_that_a_run_was_not_over(subject, emulator):
    emulator.set(phase_seconds=60)
    with pytest.raises(IncompleteError):
        subject.up(timeout=1)
    subject.refresh()
    assert pipeline_runs.unfinished(subject.state)


def test_a_run_cannot_be_read_into_a_program_as_a_resource(subject):
    inputs, _ = lifecycle.check(PIPELINE_RUN, {}, {"pipeline_id": "orders"}, "1234")
    with pytest.raises(WarehouseSyncError, match="use get_pipeline_run"):
        pipeline_runs.read(PIPELINE_RUN, subject.client, inputs)
