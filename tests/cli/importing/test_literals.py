"""Texts as Python: exactly the same when evaluated, and as the formatter would have them."""

from __future__ import annotations

import ast
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse_sync_pulumi.cli.importing.literals import literal

HOSTILE = [
    "",
    '"',
    "'",
    "\\",
    '"""',
    "'''\"\"\"",
    'ends with "',
    'ends with ""\n"',
    '"""""""\n"""',
    "ends with \\",
    "ends a line with \\\nlike that",
    "SELECT a,\n  b\nFROM t",
    "SELECT a\nFROM t\n",
    "SELECT a \nFROM t\t\n  \n",
    "windows\r\nlines\r\nof text",
    "tab\there",
    "SELECT 'Grüße', '日本', '🙂' FROM t\nWHERE x = 'é'",
    "no-break\xa0space, line\u2028separator, bidi \u202e, null \x00, bell \x07\n",
    "lone \ud800 surrogate",
    "{braces} %s %(x)s \\N{DASH} \\x41 \\u0041 \\101",
    "#!not a comment\n# noqa",
    "SELECT t.email AS email, COUNT(t.id) AS count_of_open FROM mp.demo_service.tickets AS t WHERE t.status = 'it''s'",
    "SELECT t.email AS email, COUNT(t.id) AS \"count of open\" FROM mp.demo_service.tickets AS t GROUP BY '\\'",
    "x" * 200,
    "  " * 100,
    " leading " + "word " * 40,
]

TEXTS = st.text(st.sampled_from("ab \"'\\\n\r\t{}#é\u2028\xa0\x00x0Nu")) | st.text()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_evaluated_to_exactly_itself(text):
    assert ast.literal_eval(literal(text, indent="    ")) == text


@given(TEXTS)
def test_any_text_is_evaluated_to_exactly_itself(text):
    assert ast.literal_eval(literal(text, indent="    ")) == text


@pytest.mark.parametrize("value", [0, -1, 1800, True, False])
def test_other_values_are_evaluated_to_themselves(value):
    assert ast.literal_eval(literal(value)) is value or ast.literal_eval(literal(value)) == value


def test_the_formatter_has_nothing_to_change():
    chance = random.Random(7)  # noqa: S311 - the same texts each time
    alphabet = "ab  \"\"''\\\n\r\té\u2028\xa0\x00x0Nu{}"
    texts = HOSTILE + ["".join(chance.choices(alphabet, k=chance.randrange(200))) for _ in range(400)]
    calls = [f"function(\n    argument={literal(text, indent='    ')},\n)\n" for text in texts]
    program = "".join(calls)
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
        input=program,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert formatted.stdout == program


def test_lines_are_lines_and_invisible_characters_are_seen():
    assert literal("SELECT a, \n  b\nFROM t\n") == '"""\\\nSELECT a,\\x20\n  b\nFROM t\n"""'
    assert literal("Grüße \xa0\u200b") == '"Grüße \\xa0\\u200b"'


def test_a_long_line_is_broken_at_white_space_within_the_formatters_width():
    text = "SELECT t.email, t.updated_at FROM mp.shop.orders AS t WHERE t.status = 'open' AND t.total > 100"
    lines = f"    sql_query={literal(text, indent='    ')},".splitlines()
    assert lines[0] == "    sql_query=("
    assert lines[-1] == "    ),"
    assert len(lines) == 4
    assert all(len(line) <= 88 for line in lines)
