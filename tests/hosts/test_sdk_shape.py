"""What the doctor says of an SDK whose inside is another, read from sources that were made up."""

from __future__ import annotations

from types import SimpleNamespace

import pulumi
import pytest

from warehouse_sync_pulumi.engine import sdk_shape

CALLS = "Check Diff Create Read Update Delete Cancel"
EXPECTED = {
    **{name: f"def {name}(self, request, context):\n    pass\n" for name in CALLS.split()},
    "Diff": "def Diff(self, request, context):\n    result = fields = {}\n",
    "main": "def main():\n    server = 1\n",
}
CALL, DIFF, SERVER = "the server's calls", "the answer to a diff", "the server"


@pytest.fixture
def topics(monkeypatch, tmp_path):
    """What is unexpected in a server's module of these functions; in none that can be found."""
    monkeypatch.setattr(pulumi.Output, "_untrack", None, raising=False)

    def of(**functions):
        source = tmp_path / "server.py"
        source.write_text("\n".join((EXPECTED | functions).values()))
        monkeypatch.setattr(sdk_shape, "find_spec", lambda _: SimpleNamespace(origin=str(source)))
        return [said.partition(":")[0] for said in sdk_shape.unexpected()]

    return of


def test_nothing_is_said_of_what_is_expected(topics):
    assert topics() == []


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        *((name, f"def {name}(self, request):\n    result = fields = 1", [CALL]) for name in CALLS.split()),
        ("Diff", "def Diff(self, request, context):\n    result = 1", [DIFF]),
        ("Diff", "def Diff(self, request, context):\n    result = 1\n    print(fields)", [DIFF]),
        ("main", "def main():\n    pass", [SERVER]),
        ("main", "", [SERVER]),
    ],
)
def test_each_part_that_is_another_is_said(topics, name, source, expected):
    assert topics(**{name: source}) == expected


def test_a_server_that_cannot_be_found_has_no_part_that_is_expected(topics, monkeypatch):
    topics()
    monkeypatch.setattr(sdk_shape, "find_spec", lambda _: None)
    assert len(sdk_shape.unexpected()) == 3


def test_outputs_that_cannot_be_left_out_of_a_wait_are_said(topics, monkeypatch):
    monkeypatch.delattr(pulumi.Output, "_untrack")
    assert topics() == ["a resource's outputs"]
