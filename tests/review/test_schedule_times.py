"""When a pipeline runs, as far as its schedule tells."""

from __future__ import annotations

from itertools import islice

import pytest

from warehouse_sync_pulumi.review.schedule_times import catch_up_from, first_run, runs
from warehouse_sync_pulumi.schema import parse_timestamp


@pytest.mark.parametrize(
    ("interval", "start", "first"),
    [
        ("hourly", "2023-02-01T00:15:00Z", "2023-02-01T01:15:00Z"),
        ("daily", "2023-02-28T12:00:00Z", "2023-03-01T12:00:00Z"),
        ("weekly", "2022-01-01T12:05:00Z", "2022-01-08T12:05:00Z"),
        ("monthly", "2020-12-05T00:00:00Z", "2021-01-05T00:00:00Z"),
        ("monthly", "2023-01-31T00:00:00Z", "2023-02-28T00:00:00Z"),
    ],
)
def test_the_first_run_is_one_interval_after_the_start(interval, start, first):
    assert first_run(interval, parse_timestamp(start)) == parse_timestamp(first)


@pytest.mark.parametrize("interval", ["on_demand", "once", "fortnightly"])
def test_what_is_no_schedule_never_runs_by_itself(interval):
    start = parse_timestamp("2023-02-01T00:00:00Z")
    assert first_run(interval, start) is None
    assert list(runs(interval, start)) == []
    assert catch_up_from(interval, start) is None


@pytest.mark.parametrize("interval", ["hourly", "daily", "weekly", "monthly"])
@pytest.mark.parametrize("after", ["2022-01-31T09:30:00Z", "2023-03-31T09:30:00Z", "2024-02-29T10:00:00Z"])
def test_the_runs_after_a_moment_are_those_of_the_whole_schedule_that_are_later(interval, after):
    start, moment = parse_timestamp("2023-01-31T09:30:00Z"), parse_timestamp(after)
    later = (due for due in runs(interval, start) if due > moment)
    assert list(islice(runs(interval, start, moment), 30)) == list(islice(later, 30))


def test_a_month_that_lacks_the_day_does_not_move_later_runs():
    due = islice(runs("monthly", parse_timestamp("2024-01-31T00:00:00Z")), 3)
    assert [moment.day for moment in due] == [29, 31, 30]


@pytest.mark.parametrize(
    ("interval", "earliest"),
    [
        ("hourly", "2024-08-24T10:00:00Z"),
        ("daily", "2024-02-29T10:00:00Z"),
        ("weekly", "2021-08-31T10:00:00Z"),
        ("monthly", "2019-08-31T10:00:00Z"),
    ],
)
def test_how_far_back_a_new_pipeline_reaches(interval, earliest):
    assert catch_up_from(interval, parse_timestamp("2024-08-31T10:00:00Z")) == parse_timestamp(earliest)


@pytest.mark.parametrize("interval", ["hourly", "daily", "weekly", "monthly"])
def test_a_schedule_ends_with_the_calendar(interval):
    assert first_run(interval, parse_timestamp("9999-12-31T23:30:00Z")) is None
