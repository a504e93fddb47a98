"""Reading the runs of a pipeline, page by page."""

from __future__ import annotations

from itertools import islice

import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.api.runs import Runs
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.errors import AnswerLostError, BadRequestError, NotFoundError

PIPELINE = Address(1234, "pipelines", "pipeline", "orders")


@pytest.fixture
def emulator():
    """An emulator with one pipeline that runs when it is triggered."""
    with Emulator(speed=0) as running:
        running.put_object("pipelines", id="orders", schedule_interval="on_demand", is_active=True)
        yield running


@pytest.fixture
def runs(emulator):
    client = Client(Endpoint(emulator.url, f"{emulator.url}/oauth/token", "experimental", "any", "any", 5.0))
    yield client.runs
    client.close()


def add(emulator, number: int, count: int = 1) -> None:
    """Put in runs of consecutive hours, with ids that count up from a number."""
    for id_ in range(number, number + count):
        day, hour = divmod(id_, 24)
        emulator.add_run(
            "orders", pipeline_run_id=id_, logical_date=f"2023-{1 + day // 28:02}-{1 + day % 28:02}T{hour:02}:00:00Z"
        )


def ids(found) -> list[int]:
    return [run["pipeline_run_id"] for run in found]


@pytest.mark.parametrize(("count", "size", "first_page"), [(100, 1, 1), (1000, 7, 1), (1000, 100, 0), (1000, 1000, 1)])
def test_many_runs_are_read_each_once(emulator, runs, count, size, first_page):
    emulator.set(first_page=first_page)
    add(emulator, 0, count)
    assert ids(runs.each(PIPELINE, page_size=size)) == list(reversed(range(count)))


class Paged:
    """A service that holds runs, newest first or last, and counts its pages from a number."""

    def __init__(self, count: int, first_page: int, *, newest_first: bool):
        self.held, self.first_page, self.newest_first = list(range(count)), first_page, newest_first

    def __call__(self, *_request, params, **_more):
        size, page = params["pageSize"], params.get("currentPage", self.first_page) - self.first_page
        ordered = sorted(self.held, reverse=self.newest_first)
        return {"items": [{"pipeline_run_id": number} for number in ordered[page * size :][:size]]}


@pytest.mark.parametrize("first_page", [0, 1])
@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("size", [1, 7, 100, 1000])
@pytest.mark.parametrize("after", [1, 2, 20, 1000])
@pytest.mark.parametrize("appearing", [1, 3])
def test_runs_that_appear_in_between_take_no_other_ones_place(appearing, after, size, newest_first, first_page):
    service = Paged(1000, first_page, newest_first=newest_first)
    reading = Runs(service).each(PIPELINE, page_size=size)
    found = ids(islice(reading, after))
    service.held += range(1000, 1000 + appearing)
    found += ids(reading)
    assert len(found) == len(set(found))
    assert set(range(1000)) <= set(found)


def test_a_run_that_appears_before_each_of_several_requests_does_not_look_like_the_end():
    service = Paged(10, 1, newest_first=True)
    answer = service.__call__
    requests = iter(range(100))

    def send(*request, **more):
        if 2 <= next(requests) <= 3:  # the first page has been read, without a number and as number 1
            service.held.append(len(service.held))
        return answer(*request, **more)

    assert set(range(10)) <= set(ids(Runs(send).each(PIPELINE, page_size=1)))


def test_nothing_is_fetched_before_it_is_used(emulator, runs):
    add(emulator, 0, 30)
    reading = runs.each(PIPELINE, page_size=10)
    assert emulator.journal.count("GET", "*runs*") == 0
    assert len(list(islice(reading, 10))) == 10
    assert emulator.journal.count("GET", "*runs*") == 1


def test_the_service_chooses_between_the_dates(emulator, runs):
    add(emulator, 0, 72)
    found = ids(runs.each(PIPELINE, start="2023-01-02T00:00:00Z", end="2023-01-02T05:00:00Z"))
    assert sorted(found) == list(range(24, 30))


class Pages:
    """A service with pages of its own."""

    def __init__(self, page):
        self.page, self.asked = page, []

    def __call__(self, *_request, params, **_more):
        self.asked.append(params.get("currentPage"))
        return {"items": [{"pipeline_run_id": number} for number in self.page(params.get("currentPage"))]}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(lambda _: [1, 2, 3], id="always-the-same"),
        pytest.param(lambda number: {None: [1], 1: [1], 2: [2]}.get(number, [3]), id="the-last-one-for-ever"),
    ],
)
def test_a_service_without_a_last_page_is_left_all_the_same(page):
    pages = Pages(page)
    assert ids(Runs(pages).each(PIPELINE, page_size=3)) == [1, 2, 3]
    assert len(pages.asked) < 10


def test_a_page_beyond_the_last_may_be_missing(emulator, runs):
    add(emulator, 0, 3)
    emulator.faults.add(Fault(kind="status", status=404, path="pipelines/*/status/runs", at=3))
    assert len(list(runs.each(PIPELINE))) == 3


def test_a_pipeline_that_is_not_there_has_no_runs_to_read(runs):
    with pytest.raises(NotFoundError, match="cannot list the runs of pipeline 'gone' in workspace 1234"):
        list(runs.each(Address(1234, "pipelines", "pipeline", "gone")))


def test_a_run_without_an_id_is_one_of_its_own(emulator, runs):
    add(emulator, 0)
    emulator.add_run("orders", pipeline_run_id=None, note="one")
    emulator.add_run("orders", pipeline_run_id=None, note="two")
    assert len(list(runs.each(PIPELINE))) == 3


def test_triggering_tells_the_runs_id_and_a_busy_pipeline_refuses(emulator, runs):
    run = runs.trigger(PIPELINE)
    assert run["pipeline_run_state"] == "trigger_requested"
    assert runs.get(PIPELINE, run["pipeline_run_id"])["pipeline_run_state"] == "triggered"
    assert runs.status(PIPELINE)["latest_pipeline_run"]["pipeline_run_id"] == run["pipeline_run_id"]
    with pytest.raises(BadRequestError, match=r"cannot trigger pipeline 'orders' .* already in progress"):
        runs.trigger(PIPELINE)


def test_an_answer_that_names_no_run_is_lost(emulator, runs):
    emulator.faults.add(
        Fault(kind="garbage", body='{"status": "trigger_requested"}', method="POST", path="pipelines/*")
    )
    with pytest.raises(AnswerLostError, match="the answer names no run"):
        runs.trigger(PIPELINE)


def test_the_page_the_runs_came_on_is_named_to_the_service(emulator, runs):
    add(emulator, 0, 3)
    list(runs.each(PIPELINE, page_size=2))
    asked = [dict(entry.query) for entry in emulator.journal.filter("GET", "*runs*")]
    assert asked[0] == {"pageSize": ["2"]}
    assert [query.get("currentPage") for query in asked[1:]] == [["1"], ["2"], ["3"]]
