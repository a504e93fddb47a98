"""What is known of a query before the service sees it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from warehouse_sync_pulumi.review.sql import SqlRule, examine, review

TABLES = Path(__file__).parent


class Case(NamedTuple):
    title: str
    verdict: str
    query: str


def cases(table):
    """The queries of a table: each has a title, a verdict, and ends with its last line that is not empty."""
    _, *texts = (TABLES / f"{table}.queries").read_text().split("\n### ")
    parts = [text.split("\n", 2) for text in texts]
    return [Case(title, verdict.removeprefix("--> "), query.rstrip("\n")) for title, verdict, query in parts]


RULES, SNOWFLAKE = cases("rules"), cases("snowflake")


def titled(case):
    return case.title


def verdict(query):
    found = review(query, "updated_at")
    return ", ".join(f"{finding.rule.value} {finding.line}:{finding.column}" for finding in found) or "fine"


@pytest.mark.parametrize("case", RULES + SNOWFLAKE, ids=titled)
def test_each_query_of_the_tables_gets_its_verdict(case):
    assert verdict(case.query) == case.verdict


@pytest.mark.parametrize("case", SNOWFLAKE, ids=titled)
def test_no_valid_select_is_refused(case):
    assert not [finding for finding in review(case.query, "updated_at") if finding.rule.is_error]


def test_the_tables_are_large_and_show_every_rule():
    assert len(RULES) + len(SNOWFLAKE) >= 60
    assert len({case.query for case in RULES + SNOWFLAKE}) == len(RULES) + len(SNOWFLAKE)
    shown = {word for case in RULES for word in re.findall(r"[a-z-]+(?= \d)", case.verdict)}
    assert shown == {rule.value for rule in SqlRule} - {SqlRule.TOO_MANY_COLUMNS}


@pytest.mark.parametrize(("count", "is_warned_of"), [(98, False), (99, True)])
def test_at_most_a_hundred_columns(count, is_warned_of):
    columns = ",\n".join(f"c{number}" for number in range(count))
    query = f"SELECT email, updated_at,\n{columns}\nFROM mp.shop.orders"
    assert verdict(query) == (f"too-many-columns {count + 1}:1" if is_warned_of else "fine")


@pytest.mark.parametrize("rule", SqlRule)
def test_a_rule_that_is_ignored_finds_nothing(rule):
    texts = [case.query for case in RULES if f", {rule.value} " in f", {case.verdict}"] or [
        "SELECT email, updated_at, " + ", ".join(f"c{number}" for number in range(99)) + " FROM mp.shop.orders"
    ]
    for text in texts:
        assert rule in {finding.rule for finding in review(text, "updated_at")}
        assert rule not in {finding.rule for finding in review(text, "updated_at", frozenset({rule}))}


def test_whoever_ignores_an_error_still_hears_the_warnings():
    query = "WITH o AS (SELECT * FROM orders) SELECT o.email, o.updated_at FROM o"
    assert [finding.rule for finding in review(query, "updated_at", frozenset({SqlRule.WITH}))] == [
        SqlRule.UNQUALIFIED_TABLE
    ]


def test_a_load_timestamp_that_is_not_known_yet_is_not_missed():
    assert review("SELECT email FROM mp.shop.orders", None) == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_count_lines_however_they_end(end):
    assert verdict(end.join(["SELECT email, updated_at,", "\tt.a", "FROM mp.shop.orders"])) == "undefined-alias 2:2"
    assert verdict(end.join(["SELECT email, updated_at", "FROM mp.shop.orders", "FOO BAR BAZ"])).endswith("3:5")


@pytest.mark.parametrize(
    "query", ["SELECT " + "(" * 3000 + "1" + ")" * 3000, "SELECT 1 FROM t " + "UNION SELECT 1 " * 9000]
)
def test_a_query_beyond_the_parser_is_not_refused(query):
    assert not [finding for finding in review(query, "updated_at") if finding.rule.is_error]


def test_a_defect_in_a_rule_stops_nothing(monkeypatch):
    def broken(query):
        raise AttributeError("no such thing")
        yield

    monkeypatch.setitem(examine.TREE_RULES, SqlRule.SELECT_STAR, broken)
    (finding,) = examine.examine("SELECT email, updated_at FROM mp.shop.orders", "updated_at", frozenset())
    assert finding.rule is SqlRule.NOT_UNDERSTOOD
    assert "AttributeError" in str(finding)


def test_a_finding_says_where_what_by_which_rule_and_from_which_source():
    (finding,) = review("SELECT email, updated_at\nFROM orders", "updated_at")
    assert str(finding) == (
        "line 2, column 6: orders may not be found: name the table in full, database.schema.name "
        "[unqualified-table, page]"
    )


def test_the_parser_is_imported_when_a_query_is_read_and_not_before():
    program = """
import sys
from warehouse_sync_pulumi.data_model import DATA_MODEL
from warehouse_sync_pulumi.lifecycle.objects import check
given = {"data_model_id": "m", "sql_query": "SELECT * FROM t", "load_timestamp_field_name": "u",
         "load_timestamp_field_type": "date"}
inputs, problems = check(DATA_MODEL, {}, given | {"sql_query": None}, "1234")
assert "sqlglot" not in sys.modules
before, problems = check(DATA_MODEL, given, given, "1234")
assert not problems and "sqlglot" not in sys.modules, "an unchanged query is not read again"
inputs, problems = check(DATA_MODEL, {}, given, "1234")
assert problems and "sqlglot" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
