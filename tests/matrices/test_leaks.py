"""One sentinel for each secret, through every operation and every way of failing: it turns up nowhere.

Over all output and every file that the commands leave behind, and the emulator's journal. For each guard, a mutant
without it shows that the scan would notice.

The packaged host takes two of the long lives: what `--json`, `--debug` and `-v=11` show besides is the engine's.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
from hosts import DYNAMIC
from programs import three

from warehouse_sync_pulumi.emulator import Fault

PASSWORD, FEED_KEY, CLIENT_SECRET = "sentinel-password-7f3a", "sentinel-feedkey-91bc", "sentinel-clientsecret-d2e4"
MUTANTS = Path(__file__).parent / "mutants"
PROGRAM = three(connection={"password": PASSWORD}, pipeline={"partner_feed_key": FEED_KEY})
CHANGED = three(
    connection={"password": PASSWORD, "role": "other_role"},
    data_model={"load_timestamp_field_name": "created_at"},
    pipeline={"partner_feed_key": FEED_KEY, "schedule_interval": "daily"},
)
ROTATED = three(connection={"password": f"{PASSWORD}-new"}, pipeline={"partner_feed_key": f"{FEED_KEY}-new"})
REFUSED = three(connection={"password": [PASSWORD], "region": ""}, pipeline={"partner_feed_key": {"a": FEED_KEY}})
MISTYPED = three(connection={"passwort": PASSWORD})
DEFECTIVE = PROGRAM + "\nraise SystemExit(1)\n"


class Scan:
    """Runs commands, and remembers where a sentinel turned up."""

    def __init__(self, at, options=()):
        self.at = at
        self.options = options
        self.hits = set()
        self.scanned = 0
        at.stack.environment |= {
            "WAREHOUSE_SYNC_CLIENT_SECRET": CLIENT_SECRET,
            "WAREHOUSE_SYNC_RETRY_TIMEOUT": "0.5",
            "WAREHOUSE_SYNC_LOG": "debug",
            "WAREHOUSE_SYNC_LOG_FILE": str(self.log),
        }

    def run(self, *command, fails=None):
        ran = self.at.stack.run(*command, *self.options, fails=fails)
        self.look(" ".join(command), ran.text)
        for file in self.at.stack.folder.rglob("*"):
            if file.is_file() and file.name != "__main__.py":
                self.look(f"after {command[0]}, {file.name}", file.read_bytes().decode(errors="replace"))
        self.look("the journal", json.dumps(self.at.emulator.journal.as_json()))
        return ran

    def look(self, where, text):
        self.scanned += len(text)
        tokens = list(self.at.emulator.tokens._issued)
        for secret in (PASSWORD, FEED_KEY, CLIENT_SECRET, *tokens):
            spellings = (secret, base64.b64encode(secret.encode()).decode().rstrip("=")[:-1])
            for spelling in spellings:
                before, found, _ = text.partition(spelling)
                if found:
                    self.hits.add((where, secret if secret not in tokens else "the token", before[-120:]))

    def with_fault(self, *command, **fault):
        armed = self.at.emulator.faults.add(Fault(times=None, **fault))
        self.run(*command)
        assert armed.struck > 0
        self.at.emulator.faults.clear()

    @property
    def log(self):
        return self.at.stack.folder / "requests.log"


pytestmark = pytest.mark.hosts("extended")
UP = ("up", "--yes", "--skip-preview")
REFRESH = ("refresh", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes", "--skip-preview")


@pytest.mark.counted("leak scan")
def test_no_secret_turns_up_in_a_short_life(case):
    with case("empty") as at:
        scan = Scan(at, ["--diff"])
        at.stack.program(REFUSED)
        scan.run("preview")
        at.stack.program(PROGRAM)
        scan.with_fault(*UP, kind="echo", path="connections")
        scan.with_fault(*UP, kind="echo_field")
        at.stack.program(ROTATED)
        scan.with_fault(*UP, kind="echo", method="PUT")
        scan.run(*DESTROY)
        assert at.objects() == {}
        assert scan.hits == set()
        assert scan.scanned > 30_000
        assert {"POST", "PUT", "DELETE"} <= {line.split()[1] for line in scan.log.read_text().splitlines()}


@pytest.mark.hosts("extended", packaged=lambda options, debug: options == ["--diff"])  # noqa: ARG005 - by name
@pytest.mark.counted("leak scan")
@pytest.mark.extended
@pytest.mark.parametrize(
    ("options", "debug"),
    [
        pytest.param(["--diff"], "0", id="--diff"),
        pytest.param(["--json"], "0", id="--json"),
        pytest.param(["--debug"], "0", id="--debug"),
        pytest.param(["--logtostderr", "-v=11"], "0", id="-v=11"),
        pytest.param(["--diff"], "1", id="with tracebacks"),
    ],
)
def test_no_secret_turns_up_anywhere(case, options, debug):
    with case("empty") as at:
        scan, stack = Scan(at, options), at.stack
        stack.environment["WAREHOUSE_SYNC_DEBUG"] = debug
        for program in (REFUSED, MISTYPED, DEFECTIVE, PROGRAM):
            stack.program(program)
            scan.run("preview")
        scan.with_fault(*UP, kind="echo", path="oauth/token")
        scan.with_fault(*UP, kind="echo", path="connections")
        scan.with_fault(*UP, kind="echo", path="pipelines")
        scan.with_fault(*UP, kind="echo_field")
        assert len(at.state()) == 3
        scan.with_fault("preview", "--refresh", kind="echo_field")
        stack.program(CHANGED)
        scan.with_fault(*UP, kind="echo", method="PUT")
        body = f'{{"message": "login with {PASSWORD} failed"}}'
        scan.with_fault(*UP, kind="status", status=503, body=body, method="PUT", path="connections/*")
        scan.run(*UP)
        stack.program(ROTATED)
        scan.run("preview")
        scan.with_fault(*UP, kind="echo_field")
        scan.with_fault(*REFRESH, kind="echo", method="GET")
        scan.with_fault(*REFRESH, kind="echo_field")
        scan.with_fault(*DESTROY, kind="echo", method="DELETE")
        scan.run(*DESTROY)
        assert at.objects() == {}
        assert scan.hits == set()
        assert scan.scanned > 100_000


@pytest.mark.counted("leak scan, guards taken out")
@pytest.mark.parametrize(
    ("mutant", "program", "fault"),
    [
        pytest.param("no_hiding", PROGRAM, {"kind": "echo", "path": "connections"}, id="no_hiding, error body"),
        pytest.param(
            "no_hiding", PROGRAM, {"kind": "echo_field"}, id="no_hiding, other field", marks=pytest.mark.extended
        ),
        pytest.param("kept_answers", PROGRAM, {"kind": "echo_field"}, id="kept_answers", marks=pytest.mark.extended),
        pytest.param("no_marking", PROGRAM, None, id="no_marking", marks=pytest.mark.extended),
        pytest.param("logged_bodies", PROGRAM, None, id="logged_bodies", marks=pytest.mark.extended),
        pytest.param("named_failures", REFUSED, None, id="named_failures", marks=pytest.mark.extended),
        pytest.param(
            "bare_errors",
            PROGRAM,
            {"kind": "echo", "path": "connections"},
            id="bare_errors",
            marks=pytest.mark.extended,
        ),
    ],
)
def test_without_its_guard_a_secret_turns_up(case, mutant, program, fault):
    with case("empty") as at:
        scan = Scan(at)
        at.stack.environment |= {
            "MUTANT": mutant,
            "PYTHONPATH": os.pathsep.join([str(MUTANTS), at.stack.environment["PYTHONPATH"]]),
        }
        at.stack.program(program)
        if fault:
            scan.with_fault(*UP, **fault)
        else:
            scan.run(*UP)
        assert scan.hits


TRANSFORMED = """
def plain(args):
    return pulumi.ResourceTransformationResult({**args.props, "password": "%s"}, args.opts)

pulumi.runtime.register_stack_transformation(plain)
Connection("orders", password="x", source_account_id="a", region="r", warehouse="w", database="d", role="r", user="u")
"""


@pytest.mark.extended
def test_what_a_transformation_puts_in_plainly_is_a_secret_in_the_outputs_all_the_same(case):
    with case("empty") as at:
        at.stack.program(TRANSFORMED % PASSWORD)
        at.stack.up()
        (connection,) = at.state()
        # The packaged provider marks inputs besides; the dynamic host can mark outputs alone.
        assert (PASSWORD in json.dumps(connection["inputs"])) is (at.stack.host == DYNAMIC)
        assert PASSWORD not in json.dumps(connection["outputs"])
        assert "ciphertext" in connection["outputs"]["password"]
