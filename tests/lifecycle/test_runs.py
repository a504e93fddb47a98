"""Which run a trigger takes for its own, and when a busy pipeline is waited for, with answers that are given."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.errors import AnswerLostError, BadRequestError, CredentialError, NotFoundError
from warehouse_sync_pulumi.lifecycle.poll_timer import PollTimer
from warehouse_sync_pulumi.lifecycle.runs import count, describe_run, failure_reason, poll_run, trigger

PIPELINE = Address(1, "pipelines", "pipeline", "orders")
LOST, REFUSED = AnswerLostError("lost"), BadRequestError("refused", status=400)
BEFORE = {"pipeline_run_id": 1, "pipeline_run_state": "success", "logical_date": "2023-02-04T00:00:00Z"}


def run(number, **fields):
    return {"pipeline_run_id": number, "pipeline_run_state": "success", **fields}


OURS = {"is_externally_triggered": True}


class Script:
    """A client whose answers are given, in their order; the last one of each list is given again and again."""

    def __init__(self, trigger, each=((),), status=(BEFORE,)):
        self.answers = {"trigger": [*trigger], "each": [*each], "status": [*status]}
        self.asked, self.starts = [], []

    @property
    def runs(self):
        return self

    def _next(self, name):
        self.asked.append(name)
        answers = self.answers[name]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def trigger(self, _pipeline):
        return self._next("trigger")

    def status(self, _pipeline):
        return {"latest_pipeline_run": self._next("status")}

    def each(self, _pipeline, *, start=None):
        self.starts.append(start)
        return iter(self._next("each"))

    def find(self, _pipeline):
        raise CredentialError("no", status=403)


class Clock:
    """A clock that only waiting moves."""

    now = 0.0

    def wait(self, seconds):
        self.now += seconds
        return False


def start(client, *, wait_when_busy=True):
    clock = Clock()
    return trigger(client, PIPELINE, PollTimer(60, clock, clock=lambda: clock.now), wait_when_busy=wait_when_busy)


@pytest.mark.parametrize("ours", [OURS, {"pipeline_run_type": "manual"}], ids=str)
def test_after_a_lost_answer_a_run_that_was_triggered_is_ours_and_a_scheduled_one_is_not(ours):
    newer = [BEFORE, run(2, pipeline_run_type="scheduled"), run(3, **ours), run(4, **ours)]
    client = Script([LOST], [newer])
    assert start(client)["pipeline_run_id"] == 3
    assert client.starts == [BEFORE["logical_date"]]
    client = Script([LOST, run(9)], [[run(2, pipeline_run_type="scheduled")]])
    assert start(client)["pipeline_run_id"] == 9


def test_the_run_that_was_the_latest_before_is_not_ours():
    client = Script([LOST, run(9)], [[BEFORE | OURS]])
    assert start(client)["pipeline_run_id"] == 9


def test_a_refused_trigger_started_no_run():
    with pytest.raises(BadRequestError, match="refused"):
        start(Script([REFUSED], [[run(2, **OURS)]]))


@pytest.mark.parametrize("failure", [LOST, REFUSED])
def test_where_the_runs_cannot_be_seen_the_failure_is_all_that_is_known(failure):
    client = Script([failure], [CredentialError("no", status=403)])
    with pytest.raises(type(failure), match=str(failure)):
        start(client)
    assert client.asked.count("trigger") == 1


GOING = run(2, pipeline_run_state="running")


@pytest.mark.parametrize(
    ("failure", "newer"),
    [(REFUSED, [GOING]), (BadRequestError("a run is in progress", status=400), [])],
    ids=["a run that goes on", "a refusal that says so"],
)
def test_a_pipeline_is_busy_by_its_runs_or_by_the_refusal(failure, newer):
    client = Script([failure, run(3)], [newer])
    assert start(client)["pipeline_run_id"] == 3
    with pytest.raises(BadRequestError, match='wait for its run, or give when_busy="wait"'):
        start(Script([failure], [newer]), wait_when_busy=False)


def test_a_pipeline_whose_run_is_over_is_no_longer_busy():
    client = Script([REFUSED], status=[GOING, BEFORE])
    with pytest.raises(BadRequestError, match="refused"):
        start(client)
    assert client.asked.count("trigger") == 2


def test_a_failed_run_is_told_where_the_pipeline_cannot_be_read():
    reason = failure_reason(Script([LOST]), PIPELINE, run(2, pipeline_run_state="failed"), None)
    assert reason == "run 2 of pipeline 'orders' in workspace 1 failed: no data counted"


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), (7.0, 7), ("7", 7), (0, 0), (True, None), ("many", None), ("1" * 16, None), (None, None)],
)
def test_a_counter_is_a_number_or_none(value, number):
    assert count({"records_extracted": value}, "records_extracted") == number


class Polled:
    """A client whose answers about one run are given."""

    def __init__(self, *answers):
        self.answers = iter(answers)

    @property
    def runs(self):
        return self

    def get(self, _pipeline, _run_id):
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, pipeline):
        return {"id": pipeline.id}


GONE = NotFoundError("none", status=404)


@pytest.mark.parametrize("before", [[], [run(1, pipeline_run_state="running")]])
def test_a_run_that_the_service_does_not_know_is_given_up_after_eight_polls_in_a_row(before):
    timer = PollTimer(60, Clock(), clock=lambda: 0.0)
    client = Polled(*before, *[GONE] * 7, run(1))
    assert list(poll_run(client, PIPELINE, 1, timer)) == [*before, run(1)]
    with pytest.raises(NotFoundError):
        list(poll_run(Polled(*before, *[GONE] * 8, run(1)), PIPELINE, 1, timer))


def test_an_interval_that_has_only_one_end_is_not_told():
    assert describe_run(run(1, data_interval_start="2023-02-04T00:00:00Z")) == "no data counted"
