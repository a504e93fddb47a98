"""What holds for rules as such: who may turn them off, what they say, and what one that is broken does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.queries import BROKEN, RULES
from warehouse_sync_pulumi.review.sql import SqlRule, examine, review

WIDE = "SELECT email, updated_at, " + ", ".join(f"c{number}" for number in range(99)) + " FROM mp.shop.orders"


def verdict(query):
    found = review(query, "updated_at")
    return ", ".join(f"{finding.rule.value} {finding.line}:{finding.column}" for finding in found) or "fine"


@pytest.mark.parametrize(("count", "is_warned_of"), [(98, False), (99, True)])
def test_at_most_a_hundred_columns(count, is_warned_of):
    columns = ",\n".join(f"c{number}" for number in range(count))
    query = f"SELECT email, updated_at,\n{columns}\nFROM mp.shop.orders"
    assert verdict(query) == (f"too-many-columns {count + 1}:1" if is_warned_of else "fine")


@pytest.mark.parametrize("rule", SqlRule)
def test_a_rule_that_is_ignored_finds_nothing(rule):
    texts = [case.query for case in RULES + BROKEN if rule.value in case.rules] or [WIDE]
    for text in texts:
        assert rule in {finding.rule for finding in review(text, "updated_at")}
        assert rule not in {finding.rule for finding in review(text, "updated_at", frozenset({rule}))}


def test_whoever_ignores_an_error_still_hears_the_warnings():
    query = "WITH o AS (SELECT * FROM orders) SELECT o.email, o.updated_at FROM o"
    assert [finding.rule for finding in review(query, "updated_at", frozenset({SqlRule.WITH}))] == [
        SqlRule.UNQUALIFIED_TABLE
    ]


def test_what_explains_why_a_query_is_not_understood_is_said_alone():
    query = "SELECT email, updated_at FROM (DELETE FROM mp.shop.orders)"
    assert verdict(query) == "nested-statement 1:32"
    found = review(query, "updated_at", frozenset({SqlRule.NESTED_STATEMENT}))
    assert [finding.rule for finding in found] == [SqlRule.NOT_UNDERSTOOD]


def test_a_load_timestamp_that_is_not_known_yet_is_not_missed():
    assert review("SELECT email FROM mp.shop.orders", None) == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_count_lines_however_they_end(end):
    assert verdict(end.join(["SELECT email, updated_at,", "\tt.a", "FROM mp.shop.orders"])) == "undefined-alias 2:2"
    assert verdict(end.join(["SELECT email, updated_at", "FROM mp.shop.orders", "FOO BAR BAZ"])).endswith("3:5")


@pytest.mark.parametrize("character", ["\u00a0", "\u200b", "\ufeff"])
def test_an_odd_space_hides_nothing_that_stands_behind_it(character):
    query = f"SELECT{character}email, updated_at{character}FROM orders"
    assert [finding.rule for finding in review(query, "updated_at")] == [
        SqlRule.ODD_CHARACTER,
        SqlRule.UNQUALIFIED_TABLE,
    ]


def test_a_byte_order_mark_is_named_with_the_way_to_read_its_file():
    (finding,) = review("\ufeffSELECT email, updated_at FROM mp.shop.orders", "updated_at")
    assert str(finding) == (
        'line 1, column 1: the text begins with a byte-order mark: read its file with encoding="utf-8-sig" '
        "[odd-character]"
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT email, updated_at FROM mp.shop.a SELECT", "the query is not understood from 'SELECT' on"),
        ("SELECT email, updated_at FROM (SELECT a b c)", "the query is not understood at 'c', where ) is expected"),
        ("SELECT email, updated_at FROM mp.shop.a WHERE b = 'c", "the query is not understood: a string does not end"),
        ("SELECT email, updated_at FROM mp.shop.a WHERE b =", "the query is not understood from '=' on"),
        ("SELECT", "this SELECT names no column"),
        ("SELECT FROM mp.shop.a", "this SELECT names no column"),
        ("{{ query }}", "this is not a SELECT: it begins with {{, a template that was not rendered"),
    ],
)
def test_messages_are_in_plain_words(query, message):
    assert [finding.message for finding in review(query, "updated_at")] == [message]


@pytest.mark.parametrize("path", ["a,b", "((", "$.x y"])
def test_the_parser_writes_into_no_log(path, caplog):
    assert verdict(f"SELECT GET_PATH(doc, '{path}') AS email, updated_at FROM mp.shop.orders") == "fine"
    verdict("SELECT q.email, q.updated_at FROM (WITH x AS (SELECT 1) CALL f()) q")
    assert not caplog.records


def test_a_defect_in_a_rule_stops_neither_the_deployment_nor_the_other_rules(monkeypatch):
    def broken(query):
        raise AttributeError("no such thing")
        yield

    monkeypatch.setitem(examine.TREE_RULES, SqlRule.SELECT_STAR, broken)
    defect, other = examine.examine("SELECT total, updated_at FROM mp.shop.orders", "updated_at", frozenset())
    assert defect.rule is SqlRule.NOT_UNDERSTOOD
    assert "AttributeError" in str(defect)
    assert other.rule is SqlRule.NO_IDENTITY


def test_a_finding_says_where_what_and_by_which_rule():
    (finding,) = review("SELECT email, updated_at\nFROM orders", "updated_at")
    assert str(finding) == (
        "line 2, column 6: orders may not be found: name the table in full, database.schema.name [unqualified-table]"
    )


def test_the_parser_is_imported_when_a_query_is_read_and_not_before():
    program = """
import sys
from warehouse_sync_pulumi.data_model import DATA_MODEL
from warehouse_sync_pulumi.lifecycle import check
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
