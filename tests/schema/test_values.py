"""What the arguments accept, and what they make of it."""

from __future__ import annotations

import math

import pytest

from warehouse_sync_pulumi.connection import CONNECTION
from warehouse_sync_pulumi.pipeline import PIPELINE, ScheduleInterval
from warehouse_sync_pulumi.schema import (
    choice,
    flag,
    not_the_mask,
    number,
    parse_timestamp,
    same_timestamp,
    same_value,
    slug,
    text,
    timestamp,
)


@pytest.mark.parametrize(
    ("parse", "value", "parsed"),
    [
        (slug, "Orders_1-a", "Orders_1-a"),
        (number, 3.0, 3),
        (number, "-42", -42),
        (flag, "true", True),
        (flag, False, False),
        (text, " x\n", " x\n"),
        (choice(ScheduleInterval), "once", "once"),
        (timestamp, "2022-10-30T11:00:16Z", "2022-10-30T11:00:16Z"),
        (timestamp, "2022-10-30t11:00:16.5+05:30", "2022-10-30t11:00:16.5+05:30"),
    ],
)
def test_what_is_right_is_made_the_apis(parse, value, parsed):
    assert parse(value) == parsed
    assert type(parse(value)) is type(parsed)


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        *((slug, value) for value in ("", "a b", "../x", "a/b", "ü", "a\n", 1)),
        *((number, value) for value in (1.5, True, "x", "1.0", "9" * 16, math.nan, math.inf, [])),
        *((flag, value) for value in (1, "yes", 0.0, [])),
        *((text, value) for value in ("", " \n", 1, ["x"])),
        *((not_the_mask, value) for value in ("", 1, "************")),
        *((choice(ScheduleInterval), value) for value in ("HOURLY", "", 1, ["hourly"], {})),
        *((timestamp, value) for value in ("2023-03-1T:12:00:00Z", "2022-13-01T00:00:00Z", "2022-10-30", "", 5, "now")),
    ],
)
def test_what_is_wrong_is_refused_with_what_it_must_be(parse, value):
    with pytest.raises(ValueError, match=r"^must be "):
        parse(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2022-10-30T11:00:16Z", "2022-10-30T11:00:16+00:00"),
        ("2022-10-30T11:00:16Z", "2022-10-30T13:00:16+02:00"),
        ("2022-10-30T11:00:16Z", "2022-10-30T11:00:16.000Z"),
        ("2022-10-30T11:00:16Z", "2022-10-30 11:00:16"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_times_that_mean_the_same_instant_are_the_same(one, other):
    assert same_timestamp(one, other)


@pytest.mark.parametrize(("one", "other"), [("2022-10-30T11:00:16Z", "2022-10-30T11:00:17Z"), ("x", "y"), ("x", None)])
def test_other_times_are_not(one, other):
    assert not same_timestamp(one, other)


def test_one_is_a_number_and_true_is_not():
    assert same_value(1, 1.0)
    assert not same_value(1, True)  # noqa: FBT003 - the value under test


def test_a_time_without_a_zone_is_utc():
    assert parse_timestamp("2022-10-19T17:08:10.01").isoformat() == "2022-10-19T17:08:10.010000+00:00"


def test_a_secret_is_required_although_its_type_makes_it_optional():
    assert "password" in CONNECTION.required
    assert "password" not in CONNECTION.arguments.__required_keys__
    assert PIPELINE.secrets == {"partner_feed_key"}


def test_the_id_has_the_kinds_name_here_and_the_apis_name_there():
    assert CONNECTION.api_name("connection_id") == "id"
    assert PIPELINE.api_name("connection_id") == "connection_id"
