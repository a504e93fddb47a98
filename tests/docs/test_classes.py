"""What a type checker sees of a resource is what its arguments say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs.classes import MARK, rewritten, stale
from warehouse_sync_pulumi import connection

SOURCE = f"""class One(Base):
    kept: int

{MARK}, from somewhere.
    old: int

    def __init__(self) -> None:
        pass


class Two(Base):
{MARK}.
"""


def test_every_class_is_what_its_arguments_say_now():
    assert list(stale()) == [], "stale: run `make reference`"


def test_a_stale_class_is_noticed(monkeypatch):
    kind = connection.CONNECTION
    source = Path(connection.__file__)
    fresh = source.read_text(encoding="utf-8")
    monkeypatch.setitem(vars(kind), "nullable", kind.nullable - {"region"})
    assert stale()[source] == fresh.replace("region: pulumi.Output[str | None]", "region: pulumi.Output[str]")


def test_what_follows_the_mark_in_a_class_is_replaced_and_nothing_else_is():
    once = rewritten(SOURCE, "One", ["    new: str"])
    assert once == SOURCE.replace(SOURCE[SOURCE.index("    old") : SOURCE.index("\n\nclass Two")], "    new: str\n")
    assert rewritten(once, "One", ["    new: str"]) == once
    assert rewritten(SOURCE, "Two", ["    new: str"]) == f"{SOURCE}    new: str\n"


def test_a_class_without_the_mark_is_refused():
    with pytest.raises(ValueError, match="class One needs a line"):
        rewritten(SOURCE.replace(MARK, "    #", 1), "One", [])
