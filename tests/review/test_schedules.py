"""What the reader of a schedule will not see."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.pipeline import PIPELINE
from warehouse_sync_pulumi.review.schedules import MOST_ACTIVE, ActivePipelines, schedule_warnings
from warehouse_sync_pulumi.schema import parse_timestamp

NOW = parse_timestamp("2024-08-31T10:00:00Z")


def warnings(interval, start=None, end=None):
    given = {"schedule_interval": interval, "schedule_start_time": start, "schedule_end_time": end}
    found = list(schedule_warnings({name: value for name, value in given.items() if value is not None}, NOW))
    assert all(problem.is_warning for problem in found)
    return [f"{problem.argument} {problem.reason}" for problem in found]


@pytest.mark.parametrize(
    ("interval", "start", "end", "first"),
    [
        ("hourly", "2024-08-31T08:15:00Z", "2024-08-31T09:14:59Z", "2024-08-31T09:15:00Z"),
        ("daily", "2024-08-30T12:00:00Z", "2024-08-31T00:00:00Z", "2024-08-31T12:00:00Z"),
        ("weekly", "2024-08-01T00:00:00Z", "2024-08-07T00:00:00Z", "2024-08-08T00:00:00Z"),
        ("monthly", "2024-02-10T00:00:00Z", "2024-03-09T00:00:00Z", "2024-03-10T00:00:00Z"),
    ],
)
def test_an_end_before_the_first_run(interval, start, end, first):
    (warning,) = warnings(interval, start, end)
    assert warning.startswith(
        f"schedule_end_time {end} is before the first run, at {first}: nothing will ever be sent; "
    )
    assert warnings(interval, start, first) == []


@pytest.mark.parametrize(
    ("interval", "limit", "cut", "kept"),
    [
        ("hourly", "7 days", "2024-08-24T09:59:59Z", "2024-08-24T10:00:00Z"),
        ("daily", "6 months", "2024-02-29T09:59:59Z", "2024-02-29T10:00:00Z"),
        ("weekly", "3 years", "2021-08-31T09:59:59Z", "2021-08-31T10:00:00Z"),
        ("monthly", "5 years", "2019-08-20T00:00:00Z", "2019-09-01T00:00:00Z"),
    ],
)
def test_a_start_further_back_than_the_vendor_catches_up(interval, limit, cut, kept):
    (warning,) = warnings(interval, cut)
    assert f"{cut} is further back than a new {interval} pipeline catches up, {limit}: nothing from before" in warning
    assert warning.endswith("will be sent" if interval == "monthly" else "; a longer interval catches up further")
    assert warnings(interval, kept) == []


@pytest.mark.parametrize(("day", "is_warned_of"), [(28, False), (29, True), (30, True), (31, True)])
def test_a_monthly_pipeline_on_a_day_that_some_months_lack(day, is_warned_of):
    start = f"2024-07-{day}T00:00:00Z"
    assert bool(warnings("monthly", start)) is is_warned_of
    assert warnings("weekly", start) == []


@pytest.mark.parametrize("interval", ["on_demand", "once"])
def test_what_is_no_schedule_is_not_warned_of(interval):
    assert warnings(interval, "2001-01-31T00:00:00Z", "2001-01-31T00:00:01Z") == []


def test_without_a_start_nothing_is_known():
    assert warnings("monthly", None, "2001-01-01T00:00:00Z") == []
    assert warnings(None, "2001-01-31T00:00:00Z") == []


def test_only_a_schedule_that_is_new_or_changed_is_warned_of():
    schedule = {"schedule_interval": "monthly", "schedule_start_time": "2001-01-31T00:00:00Z"}
    assert list(PIPELINE.problems(schedule, {}))
    assert list(PIPELINE.problems(schedule, schedule | {"schedule_interval": "weekly"}))
    assert list(PIPELINE.problems(schedule, schedule | {"name": "other"})) == []


def pipeline(number, **changes):
    return {"workspace_id": 1234, "pipeline_id": f"p{number}", **changes}


def test_more_active_pipelines_than_the_vendor_allows_in_one_workspace():
    active = ActivePipelines()
    assert [active.add(pipeline(number), {}) for number in range(MOST_ACTIVE)] == [None] * MOST_ACTIVE
    assert active.add(pipeline(0), {}) is None, "one that is checked again is no other"
    assert active.add(pipeline("other", workspace_id=99), {}) is None
    assert active.add(pipeline("paused", is_active=False), {}) is None
    assert active.add(pipeline("draft", is_draft=True), {}) is None
    assert "in workspace 1234" in active.add(pipeline("one more", is_active=True), {})


def test_too_many_pipelines_that_were_there_before_are_not_warned_of_again():
    active = ActivePipelines()
    assert [active.add(pipeline(number), pipeline(number)) for number in range(9)] == [None] * 9
    assert active.add(pipeline(1), pipeline(1, is_active=False)), "one is set going"


def test_too_many_pipelines_are_warned_of_whichever_comes_last():
    active = ActivePipelines()
    assert active.add(pipeline(0), {}) is None
    said = [active.add(pipeline(number), pipeline(number)) for number in range(1, MOST_ACTIVE + 1)]
    assert [bool(warning) for warning in said] == [False] * (MOST_ACTIVE - 1) + [True]
