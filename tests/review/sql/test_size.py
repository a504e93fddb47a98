"""Queries that programs write: deep and long ones are read like any other, and in time."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading

import pytest

from warehouse_sync_pulumi.review.sql import parsing, review

DEEP = {
    "COALESCE": ("COALESCE(", "t.c", ", 0)"),
    "REPLACE": ("REPLACE(", "t.c", ", 'a', 'b')"),
    "IFF": ("IFF(o.c = 1, 2, ", "t.c", ")"),
    "CASE": ("CASE WHEN o.c = 1 THEN 2 ELSE ", "t.c", " END"),
    "parentheses": ("(", "t.c", ")"),
    "sums": ("(1 + ", "t.c", ")"),
    "conditions": ("(o.c = 1 OR ", "t.c = 2", ")"),
    "NOT": ("NOT ", "t.c", ""),
    "minus": ("- ", "t.c", ""),
    "casts": ("CAST(", "t.c", " AS INT)"),
    "arrays": ("[", "t.c", "]"),
    "objects": ("{'a': ", "t.c", "}"),
    "functions of a user": ("mp.f.f(", "t.c", ")"),
    "scalar subqueries": ("(SELECT ", "t.c", ")"),
    "conditions with subqueries": ("(1 IN (SELECT 1 FROM mp.shop.u WHERE ", "t.c", "))"),
}
"""An opening, what stands in the middle and takes from a table that is not there, and a closing."""


READER = """
import json, sys, time
from warehouse_sync_pulumi.review.sql import review
review("SELECT 1", "updated_at")
for line in sys.stdin:
    before = time.process_time()
    found = review(json.loads(line), "updated_at")
    print(json.dumps([[finding.rule.value for finding in found], time.process_time() - before]), flush=True)
"""


@pytest.fixture(scope="module")
def cost():
    """A query's findings, and the processor's seconds that it takes in a process like the provider's: a young one."""
    with subprocess.Popen(
        [sys.executable, "-c", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin
        assert reader.stdout

        def ask(query):
            # The best of three: the machine may be busy with something else.
            for attempt in range(3):
                reader.stdin.write(json.dumps(f"{query}{' ' * attempt}") + "\n")
                reader.stdin.flush()
                rules, seconds = json.loads(reader.stdout.readline())
                if seconds < 1:
                    break
            return rules, seconds

        yield ask
        reader.stdin.close()


@pytest.mark.parametrize("depth", [12, 60, 300])
@pytest.mark.parametrize("kind", DEEP)
def test_all_rules_apply_however_deep_an_expression_is(cost, kind, depth):
    opening, middle, closing = DEEP[kind]
    expression = opening * depth + middle + closing * depth
    rules, seconds = cost(f"SELECT email, {expression} AS deep, updated_at FROM mp.shop.orders o")
    assert rules == ["undefined-alias"]
    assert seconds < 1


@pytest.mark.parametrize("depth", [60, 300])
@pytest.mark.parametrize(
    "opening",
    ["SELECT * FROM (", "SELECT email, updated_at FROM (", "(", "SELECT email, updated_at FROM mp.shop.a UNION ("],
)
def test_all_rules_apply_however_deep_a_query_is(cost, opening, depth):
    rules, seconds = cost(opening * depth + "SELECT email, updated_at FROM orders" + ")" * depth)
    assert rules == ["unqualified-table"]
    assert seconds < 1


@pytest.mark.parametrize(
    ("before", "part", "between", "after"),
    [
        ("SELECT email, updated_at FROM mp.shop.a o WHERE ", "o.c = {}", " OR ", " AND t.d = 1"),
        ("SELECT email, CASE ", "WHEN o.c = {} THEN 'x'", " ", " ELSE t.d END AS c, updated_at FROM mp.shop.a o"),
        ("SELECT email, ", "o.c{}", " || ", " || t.d AS c, updated_at FROM mp.shop.a o"),
        ("SELECT email, updated_at FROM mp.shop.a o WHERE o.c IN (", "{}", ", ", ") AND t.d = 1"),
        ("", "SELECT o.email, o.updated_at FROM mp.shop.a o", " UNION ALL ", " WHERE t.d = 1"),
    ],
    ids=["OR", "CASE", "||", "IN", "UNION"],
)
def test_two_thousand_parts_take_less_than_a_second(cost, before, part, between, after):
    rules, seconds = cost(before + between.join(part.format(number) for number in range(2000)) + after)
    assert rules == ["undefined-alias"]
    assert seconds < 1


def test_a_thousand_lines_take_less_than_a_second(cost):
    lines = "\n".join(f"    MAX(IFF(e.name = 'x{n}', e.value, NULL)) /* {n} */ AS c{n}, -- it's" for n in range(1000))
    query = f"SELECT e.email,\n{lines}\n MAX(e.at) AS updated_at\nFROM mp.shop.events AS e\nGROUP BY e.email"
    rules, seconds = cost(query)
    assert rules == ["too-many-columns"]
    assert seconds < 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT " + "(" * 3000 + "1" + ")" * 3000,
        "SELECT " + "NOT " * 5000 + "1",
        "SELECT " + "[" * 100_000,
        "SELECT a::" + "ARRAY(" * 400 + "INT" + ")" * 400 + " FROM mp.shop.a",
        "SELECT email, updated_at FROM mp.shop.a" + " JOIN mp.shop.b" * 40,
        "SELECT email, updated_at, " + "DATE(" * 30 + "a" + ")" * 30 + " AS d FROM mp.shop.a",
    ],
    ids=["parentheses", "NOT", "brackets", "types", "joins", "types that are functions"],
)
def test_what_is_too_much_to_read_is_said_in_time(cost, query):
    rules, seconds = cost(query)
    assert rules == ["not-understood"]
    assert seconds < 1


def test_reading_leaves_the_process_as_it_was():
    limit, threads, collects = sys.getrecursionlimit(), threading.active_count(), gc.isenabled()
    review("SELECT email, updated_at, " + "(" * 200 + "a" + ")" * 200 + " AS a FROM mp.shop.orders", "updated_at")
    assert (sys.getrecursionlimit(), threading.active_count(), gc.isenabled()) == (limit, threads, collects)


def test_a_parser_that_lets_no_class_inherit_is_taken_as_it_is(monkeypatch):
    def compiled(**_):
        raise TypeError("interpreted classes cannot inherit from compiled")

    monkeypatch.setattr(parsing, "_DeepParser", compiled)
    review.cache_clear()
    found = review("SELECT email, updated_at, " + "(" * 20 + "a" + ")" * 20 + " AS a FROM orders", "updated_at")
    assert [finding.rule.value for finding in found] == ["unqualified-table"]
    review.cache_clear()
