"""Each query with a verdict gets it: `tools/queries.py` says how they are written down."""

from __future__ import annotations

import pytest
import sqlglot

from tools.queries import BROKEN, RULES, VALID
from warehouse_sync_pulumi.review.sql import SqlRule, review

ADVICE = {
    "load-timestamp",
    "unqualified-table",
    "select-star",
    "too-many-columns",
    "duplicate-column",
    "no-identity",
    "nested-with",
    "trailing-semicolon",
    "trailing-comment",
}
"""The rules of what Snowflake runs and the service may not."""

IS_OLD = int(sqlglot.__version__.partition(".")[0]) < 30
NEWER = {"FIRST_VALUE, LAST_VALUE, NTH_VALUE", "a star with ILIKE and REPLACE"}
"""What the oldest parsers that are allowed do not know."""


def titled(case):
    return case.title


def verdict(query):
    found = review(query, "updated_at")
    return ", ".join(f"{finding.rule.value} {finding.line}:{finding.column}" for finding in found) or "fine"


@pytest.mark.parametrize("case", RULES + VALID, ids=titled)
def test_each_query_gets_its_verdict(case):
    if IS_OLD and case.title in NEWER:
        assert verdict(case.query).startswith("not-understood")
    else:
        assert verdict(case.query) == case.verdict


@pytest.mark.parametrize("case", BROKEN, ids=titled)
def test_each_query_that_cannot_work_is_told_or_known_not_to_be(case):
    if case.silence:
        assert {finding.rule.value for finding in review(case.query, "updated_at")} <= ADVICE
    else:
        assert verdict(case.query) == case.verdict


def test_no_valid_query_is_refused_or_warned_of_as_if_snowflake_would_not_run_it():
    assert {rule for case in VALID for rule in case.rules} <= ADVICE


def test_there_are_many_queries_and_each_stands_once():
    every = RULES + VALID + BROKEN
    assert len(every) >= 300
    assert len(VALID) >= 200
    assert len({case.query for case in VALID + BROKEN}) == len(VALID + BROKEN)


def test_every_rule_is_shown():
    shown = {rule for case in RULES + BROKEN for rule in case.rules}
    assert shown == {rule.value for rule in SqlRule} - {"too-many-columns"}
