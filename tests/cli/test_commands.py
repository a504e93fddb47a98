"""`warehouse-sync status`, `runs` and `trigger`: what they show, and how they end."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from contextlib import ExitStack, closing
from datetime import datetime, timedelta, timezone
from fcntl import ioctl
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from warehouse_sync_pulumi.api.models import Pipeline, PipelineRun, PipelineStatus
from warehouse_sync_pulumi.cli import group, runs, status
from warehouse_sync_pulumi.cli.formatting import duration
from warehouse_sync_pulumi.cli.health import Health
from warehouse_sync_pulumi.emulator import Emulator, Fault

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2023, 2, 8, 12, 5, 45, tzinfo=timezone.utc)


@pytest.fixture
def emulator():
    """An emulator with one pipeline that is well, and one that is not."""
    with Emulator() as running:
        running.set(phase_seconds=0, catch_up=False, run_records=7)
        running.put_object("connections", id="shop", is_faulted=False)
        running.put_object(
            "pipelines",
            id="orders",
            connection_id="shop",
            schedule_interval="hourly",
            schedule_start_time=(running.clock.now() - timedelta(minutes=90)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            is_active=True,
            is_faulted=False,
        )
        running.put_object(
            "pipelines",
            id="carts",
            connection_id="shop",
            schedule_interval="on_demand",
            partner_feed_key="us1-key",
            is_active=True,
            is_faulted=True,
            faulted_reason="The column\nemail is unknown.",
        )
        yield running


@pytest.fixture
def run(emulator):
    """Runs a command against the emulator, and gives its exit code, its output and what it said besides."""

    def command(*arguments, **environment):
        ran = CliRunner().invoke(group, arguments, env={**emulator.environment, "COLUMNS": "80", **environment})
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran.exit_code, ran.stdout, ran.stderr

    return command


# --- screens


def health(id_, said, run=None, **pipeline):
    usual = {"schedule_interval": "hourly", "schedule_start_time": "2023-02-01T00:00:00Z", "connection_id": "shop"}
    shown = {"is_active": True, "is_faulted": False, "is_connection_active": True, "is_connection_faulted": False}
    status = None if said is None else PipelineStatus.model_validate({**shown, **said, "latest_pipeline_run": run})
    return Health(Pipeline.model_validate({"id": id_, **usual, **pipeline}), status)


def a_run(number, state="success", **fields):
    return {"pipeline_run_id": number, "pipeline_run_state": state, **fields}


PIPELINES = [
    health(
        "orders-pipeline",
        {},
        a_run(13325, start_date="2023-02-08T12:00:02Z", end_date="2023-02-08T12:01:40Z", records_extracted=1460),
    ),
    health(
        "carts-pipeline",
        {"is_faulted": True},
        a_run(13301, "failed", end_date=None, last_modified_on="2023-02-08T09:58:11.043"),
        faulted_reason="SQL compilation error: error line 1 at position 7\ninvalid identifier 'CUSTOMER_IDD'",
        schedule_interval="daily",
        schedule_start_time="2023-02-01T09:57:00Z",
    ),
    health(
        "newsletter-subscribers-pipeline",
        {"is_active": False, "is_connection_faulted": True},
        a_run(12002, end_date="2023-01-31T00:03:00Z", records_extracted="1234567"),
        connection_id="crm",
        schedule_interval="monthly",
    ),
    health(
        "invoices",
        {"is_connection_active": False},
        a_run(13329, "dataset_triggered", start_date="2023-02-08T11:20:00Z"),
        schedule_interval="monthly",
        schedule_start_time="2022-10-31T06:00:00Z",
    ),
    health("backfill", {}, schedule_interval="on_demand"),
    health("brand-new", None, is_active=True),
    health("sketch", {}, is_draft=True),
]
RUNS = [
    a_run(
        13400 - number,
        "failed" if number == 3 else "running" if number == 0 else "success",
        pipeline_run_type="manual" if number == 0 else "scheduled",
        start_date=f"2023-02-08T{12 - number:02}:00:02Z",
        end_date=f"2023-02-08T{12 - number:02}:01:40Z" if number else None,
        data_interval_start=f"2023-02-08T{11 - number:02}:00:00Z",
        data_interval_end=f"2023-02-08T{12 - number:02}:00:00Z",
        **dict.fromkeys(
            ("records_extracted", "records_mapped", "event_batches_generated"),
            None if number in (0, 3) else 1460 * number,
        ),
    )
    for number in range(5)
]


def drawn(screen, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(screen)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("name", ["status", "runs"])
def test_the_screen_is_as_it_was_found_good(name, width):
    screen = (
        status.screen(PIPELINES, 1234, NOW, width)
        if name == "status"
        else runs.screen(
            [PipelineRun.model_validate(run) for run in RUNS],
            "pipeline 'orders-pipeline' in workspace 1234",
            NOW,
            width,
        )
    )
    text = drawn(screen, width)
    assert max(map(len, text.splitlines())) <= width
    golden = GOLDEN / f"{name}-{width}.txt"
    if os.environ.get("WRITE_GOLDEN") == "1":
        golden.write_text(text)
    assert text == golden.read_text()


def test_a_wider_terminal_has_a_longer_id_on_one_line():
    assert "\nnewsletter-     paused" in drawn(status.screen(PIPELINES, 1234, NOW, 80), 80)
    assert "\nnewsletter-subscribers-pipeline paused" in drawn(status.screen(PIPELINES, 1234, NOW, 95), 95)


def test_the_next_run_follows_the_schedule_and_its_end():
    monthly = {"schedule_interval": "monthly", "schedule_start_time": "2022-10-31T06:00:00Z"}
    assert health("x", {}, **monthly).next_run(NOW) == datetime(2023, 2, 28, 6, tzinfo=timezone.utc)
    assert health("x", {}, **monthly, schedule_end_time="2023-02-28T05:59:59Z").next_run(NOW) is None
    assert health("x", {"is_active": False}, **monthly).next_run(NOW) is None
    assert health("x", {}, **monthly, is_draft=True).next_run(NOW) is None
    for odd in ({"schedule_interval": "fortnightly"}, {"schedule_start_time": None}, {"schedule_start_time": "soon"}):
        assert health("x", {}, **odd).next_run(NOW) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.9, "59 s"), (60, "1 min"), (3_599, "59 min 59 s"), (3_605, "1 h"), (90_000, "1 d 1 h")],
)
def test_durations_in_words(seconds, text):
    assert duration(seconds) == text


# --- status


def test_status_tells_what_is_wrong_and_ends_with_1(run, emulator):
    code, shown, _ = run("status")
    assert code == 1
    assert re.search(r"^orders\s+active\s+no\s+ok\s+-\s+-\s+in 29 min", shown, re.MULTILINE), shown
    assert "! carts is faulted: The column email is unknown." in shown


def test_status_of_what_is_well_ends_with_0(run, emulator):
    emulator.add_run("orders", records_extracted=12)
    code, shown, _ = run("status", "orders")
    assert code == 0
    assert "carts" not in shown
    assert re.search(r"success .* ago\s+12\s", shown), shown


@pytest.mark.parametrize("broken", ["run", "connection"])
def test_a_failed_run_and_a_faulted_connection_are_faults(run, emulator, broken):
    if broken == "run":
        emulator.add_run("orders", pipeline_run_state="failed")
    else:
        emulator.change("connections", "shop", is_faulted=True)
    code, shown, _ = run("status", "orders")
    assert code == 1
    assert ("! orders failed in its last run, 1" if broken == "run" else "see connection shop") in shown


def test_status_as_json_has_every_field_and_no_secret(run, emulator):
    emulator.set(extra_fields={"status": {"new": [1]}, "pipelines": {"note": "************"}})
    code, shown, _ = run("status", "--json")
    assert code == 1
    carts, orders = json.loads(shown)
    assert (carts["pipeline_id"], carts["new"], carts["faulted_reason"]) == (
        "carts",
        [1],
        "The column\nemail is unknown.",
    )
    assert carts["problems"] == ["carts is faulted: The column email is unknown."]
    assert orders["next_run"].endswith("Z")
    assert "us1-key" not in shown
    assert "***" not in shown


def test_a_pipeline_without_a_status_yet_is_new(run, emulator):
    emulator.set(status_after_seconds=60)
    code, shown, _ = run("status", "orders")
    assert code == 0
    assert re.search(r"^orders\s+new\s", shown, re.MULTILINE)


def test_an_empty_workspace(run):
    code, shown, _ = run("status", "--workspace", "77")
    assert (code, "No pipelines." in shown) == (0, True)


def test_a_pipeline_that_is_not_there_ends_with_3(run):
    code, _, said = run("status", "orders", "gone")
    assert code == 3
    assert "cannot read pipeline 'gone' in workspace 1234" in said


def test_a_missing_setting_ends_with_2_and_names_it(run):
    code, _, said = run("status", WAREHOUSE_SYNC_CLIENT_ID="")
    assert code == 2
    assert "warehouse-sync:clientId is missing" in said
    assert run("status", WAREHOUSE_SYNC_WORKSPACE_ID="one")[0] == 2
    assert run("status", "--no-such-option")[0] == 2


def test_a_refused_credential_ends_with_3(run, emulator):
    emulator.set(forbidden_clients=frozenset({"emulator-client"}))
    code, _, said = run("status")
    assert (code, "Traceback" in said) == (3, False)


# --- runs


def test_runs_are_listed_newest_first_whatever_the_services_order(run, emulator):
    emulator.set(run_order="oldest_first")
    for days in (20, 5, 1, 2):
        date = (emulator.clock.now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        emulator.add_run("orders", pipeline_run_id=days, logical_date=date, records_extracted=1000 * days)
    code, shown, _ = run("runs", "orders")
    assert code == 0
    assert re.findall(r"^(\d+) +success", shown, re.MULTILINE) == ["1", "2", "5"]
    assert "5,000" in shown
    assert [found["pipeline_run_id"] for found in json.loads(run("runs", "orders", "--json", "--since", "30d")[1])] == [
        *(1, 2, 5, 20)
    ]
    assert len(json.loads(run("runs", "orders", "--json", "--limit", "2")[1])) == 2
    assert (
        json.loads(run("runs", "orders", "--json", "--since", "2020-01-01", "--until", "3d")[1])[0]["pipeline_run_id"]
        == 5
    )


def test_no_run_in_the_time_says_where_to_look(run):
    assert "No runs; --since looks further back." in run("runs", "orders")[1]


@pytest.mark.parametrize("time", ["yesterday", "7y", "2023-13-01", "-1d"])
def test_a_time_that_is_none_ends_with_2(run, time):
    code, _, said = run("runs", "orders", f"--since={time}")
    assert code == 2
    assert "is no time: give 2023-02-01" in said


def test_runs_of_a_pipeline_that_is_not_there_end_with_3(run):
    assert run("runs", "gone")[0] == 3


# --- trigger


def test_trigger_starts_a_run_and_leaves_it(run, emulator):
    emulator.set(phase_seconds=1000)
    code, shown, _ = run("trigger", "orders")
    assert (code, shown) == (0, "run 1 of pipeline 'orders' in workspace 1234 is triggered\n")
    code, _, said = run("trigger", "orders")
    assert code == 3
    assert "already in progress" in said
    code, _, said = run("trigger", "orders", "--when-busy", "wait", "--timeout", "1")
    assert code == 3
    assert "its other run is not over after 1 s" in said


def test_trigger_waits_and_tells(run, emulator):
    code, shown, said = run("trigger", "orders", "--wait")
    assert code == 0
    assert shown.startswith("run 1 of pipeline 'orders' in workspace 1234 went well: data from ")
    assert "records_extracted 7" in shown
    assert "run 1 is success, 7 records" in said.splitlines()


def test_trigger_ends_with_1_when_the_run_is_not_as_wanted(run, emulator):
    code, shown, said = run("trigger", "orders", "--wait", "--minimum-records", "8", "--json")
    assert code == 1
    assert json.loads(shown)["records_extracted"] == 7
    assert "extracted 7 records, fewer than 8" in said
    emulator.set(run_outcome="failed")
    code, _, said = run("trigger", "orders", "--wait")
    assert code == 1
    assert "run 2 of pipeline 'orders' in workspace 1234 failed" in said


def test_trigger_that_waits_too_long_ends_with_3_and_the_run_goes_on(run, emulator):
    emulator.set(phase_seconds=1000)
    code, _, said = run("trigger", "orders", "--wait", "--timeout", "1")
    assert code == 3
    assert "run 1 of pipeline 'orders' in workspace 1234 is not over after 1 s; it goes on" in said


# --- live


class Terminal:
    """The command on a terminal of so many columns."""

    def __init__(self, emulator, columns, *arguments):
        outside, inside = pty.openpty()
        ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        environment = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "warehouse_sync_pulumi", *arguments],
            env=environment | emulator.environment | {"TERM": "xterm"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self._outside, self.text, self._changed = outside, "", threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            while chunk := os.read(self._outside, 65536):
                with self._changed:
                    self.text += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", chunk.decode()).replace("\r", "")
                    self._changed.notify_all()
        except OSError:  # the other side was closed
            pass

    def wait_for(self, pattern):
        with self._changed:
            assert self._changed.wait_for(lambda: re.search(pattern, self.text), timeout=30), self.text

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self._reader.join(timeout=30)
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(timeout=30)
        os.close(self._outside)


@pytest.fixture
def on_terminal(emulator):
    """Runs a command on a terminal, and leaves nothing running when the test fails."""
    with ExitStack() as started:

        def command(columns, *arguments):
            return started.enter_context(closing(Terminal(emulator, columns, *arguments)))

        yield command


@pytest.mark.parametrize("columns", [80, 200])
def test_watching_on_a_terminal_draws_one_screen_anew(on_terminal, emulator, columns):
    terminal = on_terminal(columns, "status", "--watch", "--interval", "1")
    terminal.wait_for(r"carts +active +yes")
    emulator.change("pipelines", "carts", is_faulted=False, faulted_reason=None)
    terminal.wait_for(r"carts +active +no")
    emulator.faults.add(Fault(kind="status", status=403, path="pipelines"))
    terminal.wait_for(r"cannot list the pipelines in workspace 1234: the API answered 403")
    before = len(terminal.text)
    terminal.wait_for(rf"(?s)^.{{{before}}}.*carts +active +no")
    assert terminal.interrupt() == 0
    assert "Polled every 1 s; Ctrl-C ends it." in terminal.text
    assert "Traceback" not in terminal.text
    assert ("UTC, in" in terminal.text) is (columns == 200)


def test_triggering_on_a_terminal_shows_where_the_run_stands(on_terminal, emulator):
    emulator.set(phase_seconds=1000)
    terminal = on_terminal(80, "trigger", "orders", "--wait")
    terminal.wait_for("run 1 is triggered")
    assert terminal.interrupt() == 130
    assert "run 1 of pipeline 'orders' in workspace 1234 goes on" in terminal.text


def test_what_the_service_says_on_a_terminal_is_no_markup(on_terminal, emulator):
    emulator.set(phase_seconds=0.01, run_outcome="[/odd] [dim]")
    terminal = on_terminal(80, "trigger", "orders", "--wait")
    terminal.wait_for(r"run 1 is \[/odd\] \[dim\]")
    assert terminal.interrupt() == 130
    assert "Traceback" not in terminal.text


@pytest.fixture
def ended():
    """Leaves nothing running when the test fails."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("arguments", [(), ("--json",)], ids=["lines", "json"])
def test_watching_elsewhere_tells_only_what_changed(emulator, ended, arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse_sync_pulumi", "status", "--watch", "--interval", "1", *arguments],
        env=os.environ | emulator.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    ended.callback(process.kill)  # does nothing to one that has ended
    first = process.stdout.readline()
    if arguments:
        assert [found["pipeline_id"] for found in json.loads(first)] == ["carts", "orders"]
    else:
        assert "UTC carts: active; carts is faulted: The column email is unknown." in first
        assert "UTC orders: active; next run" in process.stdout.readline()
        asked = emulator.journal.count("GET", "pipelines/orders/status")
        emulator.journal.wait_for("GET", "pipelines/orders/status", count=asked + 2)
        emulator.change("pipelines", "carts", is_faulted=False)
        assert re.search(r"UTC carts: active$", process.stdout.readline())
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == (1 if arguments else 0)
    assert arguments or rest == ""
