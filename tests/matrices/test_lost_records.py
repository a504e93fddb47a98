"""A killed create whose record is gone, as on another machine: nobody takes the object over unasked.

One line says so, nothing is lost, and each way out that it names leads to an empty preview.

The packaged host takes a third: each victim at each moment once, and each way out once, with one kind after the other.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from cases import CREATED, FEED_KEY, KINDS, PASSWORD, TYPES
from crashes import MOMENTS, VICTIMS, crash
from programs import three
from reading import refusals

NOUNS = {"connections": "connection", "data-models": "data model", "pipelines": "pipeline"}
ARGUMENTS = {"connections": "connection_id", "data-models": "data_model_id", "pipelines": "pipeline_id"}


def go_elsewhere(at):
    """Go on as on a fresh machine, with the state and without what this one remembers."""
    home = at.stack.folder / "fresh-home"
    home.mkdir()
    at.stack.environment["PULUMI_HOME"] = str(home)


def is_refused(at, kind):
    """The next `up` names the object in its one line, and does nothing to it."""
    before = at.objects()
    at.emulator.journal.clear()
    (line,) = refusals(at.stack.up(fails=True))
    assert f"{NOUNS[kind]} 'orders' in workspace 1234" in line
    for way_out in ("exists already", "import_", "warehouse-sync import", "adopt"):
        assert way_out in line.replace("ADOPT", "adopt")
    assert at.emulator.journal.count(took_effect=True) == 0
    return at.objects() == before


def is_in_the_third(victim, moment, kind):
    """Whether the packaged host takes it."""
    turn = VICTIMS.index(victim) + list(MOMENTS).index(moment)
    return kind == KINDS[turn % len(KINDS)]


@pytest.mark.hosts("extended", packaged=is_in_the_third)
@pytest.mark.extended
@pytest.mark.counted("crash matrix, record gone")
@pytest.mark.parametrize(
    ("victim", "moment", "kind"),
    [pytest.param(v, m, k, id=f"{v} killed, {k}, {m}") for v in VICTIMS for m in MOMENTS for k in KINDS],
)
def test_what_a_crash_left_is_taken_over_only_where_it_is_asked_for(case, command, victim, moment, kind):
    with case("empty") as at:
        is_there = crash(at, command, victim, moment, kind)
        go_elsewhere(at)
        if is_there:
            assert is_refused(at, kind)
            assert "taken over" in at.stack.up(WAREHOUSE_SYNC_ADOPT="equal").text
        else:
            at.stack.up()
        assert at.agrees(CREATED)


def by_an_id_of_its_own(at, kind):
    own = {ARGUMENTS[kind]: "test-orders"}
    changes = [{"password": PASSWORD}, {}, {"partner_feed_key": FEED_KEY}]
    changes[KINDS.index(kind)] |= own
    at.stack.program(three(*changes))
    at.stack.up()
    assert {(kind, "orders"), (kind, "test-orders")} <= at.objects().keys(), "the other one is somebody's"
    assert at.stack.is_unchanged("--refresh")


def by_the_option(at, kind):
    constructor = f'{TYPES[kind]}("orders", '
    at.stack.program(CREATED.replace(constructor, f'{constructor}opts=pulumi.ResourceOptions(import_="orders"), '))
    at.stack.up()
    at.stack.program(CREATED)
    assert at.agrees(CREATED)


def by_the_command(at, kind):
    """Its program is written beside the stack's own, which must not declare the object too while it is imported."""
    left_out = (NOUNS[kind].replace(" ", "_"), "wires", "pipeline")
    rest = [line for line in CREATED.splitlines() if not line.startswith(left_out)]
    at.stack.program("\n".join(["import warehouse_sync", *rest]))
    command = [sys.executable, "-m", "warehouse_sync_pulumi", "import", "orders", "--kind"]
    ran = subprocess.run(
        [*command, NOUNS[kind].replace(" ", "-"), "--apply", "--output", "warehouse_sync.py"],
        cwd=at.stack.folder,
        env=at.stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "the preview is empty" in ran.stdout
    at.stack.program(CREATED)
    at.stack.up()
    assert at.agrees(CREATED)


def by_the_setting(at, kind):
    at.stack.run("config", "set", "warehouse-sync:adopt", "equal")
    at.stack.up()
    at.stack.run("config", "rm", "warehouse-sync:adopt")
    assert at.agrees(CREATED)


WAYS_OUT = {
    "an id of its own": by_an_id_of_its_own,
    "import_": by_the_option,
    "warehouse-sync import": by_the_command,
    "warehouse-sync:adopt": by_the_setting,
}


def has_way_out(way, kind):
    """Whether the packaged host takes it. The command writes dynamic resources; it has `pulumi import` besides."""
    return way != "warehouse-sync import" and kind == KINDS[list(WAYS_OUT).index(way) % len(KINDS)]


@pytest.mark.hosts("extended", packaged=has_way_out)
@pytest.mark.counted("crash matrix, ways out")
@pytest.mark.extended
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS_OUT)
def test_each_way_out_leads_to_an_empty_preview(case, command, way, kind):
    with case("empty") as at:
        crash(at, command, "both", "committed", kind)
        go_elsewhere(at)
        assert is_refused(at, kind)
        WAYS_OUT[way](at, kind)


@pytest.mark.hosts("extended")
@pytest.mark.extended
def test_the_record_of_a_begun_create_is_private_and_goes_with_its_work(case, command):
    with case("empty") as at:
        crash(at, command, "both", "committed", "pipelines")
        folder = at.stack.folder / "home" / "warehouse-sync"

        def records():
            return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]

        assert records()
        for path in records():
            assert path.stat().st_mode & 0o077 == 0
            text = path.read_text()
            assert not [secret for secret in (PASSWORD, FEED_KEY, json.dumps(FEED_KEY)) if secret in text]
        ran = at.stack.up()
        assert sum("taken over" in line for line in ran.text.splitlines()) >= 1
        assert at.agrees(CREATED)
        assert not records(), "the state has the resource, and the preview saw that"
