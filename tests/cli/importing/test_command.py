"""`warehouse-sync import` outside of a project: what it writes, and what it refuses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from click.testing import CliRunner
from objects import CONNECTION, DATA_MODEL, FIELDS, PIPELINE

from warehouse_sync_pulumi.cli import group
from warehouse_sync_pulumi.cli.importing.stack_contents import StackContents
from warehouse_sync_pulumi.emulator import Emulator


@pytest.fixture
def emulator(monkeypatch, tmp_path):
    """An emulator with a connection, two data models and a pipeline."""
    monkeypatch.chdir(tmp_path)
    with Emulator() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        running.put_object("connections", id="c", **FIELDS[CONNECTION])
        running.put_object("data-models", id="m", **FIELDS[DATA_MODEL])
        running.put_object("data-models", id="m-old", **FIELDS[DATA_MODEL])
        running.put_object("pipelines", id="p", **FIELDS[PIPELINE])
        yield running


@pytest.fixture
def run(emulator):
    def run(*arguments, code=0):
        result = CliRunner().invoke(group, ["import", *arguments], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return run


def test_a_program_and_an_import_file_are_written_and_the_commands_printed(run, tmp_path):
    result = run()
    assert {path.name for path in tmp_path.iterdir()} == {"__main__.py", "__main__.import.json"}
    assert "Wrote __main__.py\nWrote __main__.import.json\n" in result.stderr
    commands = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    assert commands == [
        "pulumi import --file __main__.import.json --generate-code=false --protect=false --yes",
        "pulumi preview --expect-no-changes",
        "pulumi up",
    ]


def test_a_second_time_changes_nothing(run, tmp_path):
    run("--sql-files")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.rglob("*.*")}
    assert len(before) == 4
    assert "Wrote" not in run("--sql-files").stderr
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.rglob("*.*")} == before


def test_a_dry_run_prints_the_program_and_writes_nothing(run, tmp_path):
    result = run("--dry-run")
    assert "Would write" in result.stderr
    assert list(tmp_path.iterdir()) == []
    run()
    assert (tmp_path / "__main__.py").read_text() == result.stdout


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ([], ["c", "m", "m-old", "p"]),
        (["--all"], ["c", "m", "m-old", "p"]),
        (["--kind", "data-model"], ["m", "m-old"]),
        (["--kind", "pipeline", "--kind", "connection"], ["c", "p"]),
        (["m*"], ["m", "m-old"]),
        (["m", "p"], ["m", "p"]),
        (["?", "--kind", "data-model"], ["m"]),
    ],
)
def test_a_selection_is_by_kind_and_by_pattern(run, arguments, ids):
    program = run("--dry-run", *arguments).stdout.splitlines()
    names = [after.strip(' ",') for line, after in pairwise(program) if line.endswith("(")]
    assert names == ids


def test_a_pattern_that_matches_nothing_is_a_mistake(run, tmp_path):
    result = run("m", "x*", code=1)
    assert result.stderr.splitlines()[-1] == "Error: there is nothing to import: no id among the objects matches 'x*'"
    assert list(tmp_path.iterdir()) == []


def test_selections_that_contradict_each_other_are_refused(run):
    run("--all", "m", code=2)
    run("--dry-run", "--apply", code=2)


def test_nothing_is_written_over_without_being_asked(run, tmp_path):
    program = tmp_path / "warehouse_sync.py"
    program.write_text("mine = 1\n")
    (tmp_path / "__main__.py").write_text("import warehouse_sync\n")
    assert f"{program} would be overwritten" in run(code=1).stderr
    assert program.read_text() == "mine = 1\n"
    assert not (tmp_path / "warehouse_sync.import.json").exists()
    run("--force")
    assert "Connection(" in program.read_text()
    assert (tmp_path / "__main__.py").read_text() == "import warehouse_sync\n"


def test_beside_a_program_a_module_is_written_and_the_line_that_imports_it_printed(run, tmp_path):
    (tmp_path / "__main__.py").write_text("import pulumi\n")
    assert run().stdout.splitlines()[0] == "import warehouse_sync"
    (tmp_path / "infra").mkdir()
    assert run("--output", "infra/sync.py").stdout.splitlines()[0] == "import infra.sync"
    assert "cannot be imported" in run("--output", "not-a-module.py", code=1).stderr
    assert not (tmp_path / "not-a-module.py").exists()
    assert (tmp_path / "__main__.py").read_text() == "import pulumi\n"


def test_the_program_of_an_earlier_import_is_the_one_to_write_until_it_is_applied(run, emulator, tmp_path):
    run()
    emulator.change("connections", "c", name="Renamed")
    assert "__main__.py and" in run(code=1).stderr
    run("--force")
    assert 'name="Renamed"' in (tmp_path / "__main__.py").read_text()


def test_what_the_provider_cannot_manage_is_left_out_and_named(run, emulator):
    emulator.put_object("pipelines", id="far", **{**FIELDS[PIPELINE], "partner_feed_id": 2**60})
    result = run("--dry-run")
    assert "Left out: pipeline 'far': partner_feed_id must be smaller than 9007199254740992" in result.stderr
    assert '"far"' not in result.stdout


def test_fields_that_no_argument_says_are_named_where_a_change_may_lose_them(run, emulator):
    emulator.put_object("connections", id="bq", type="bigquery", project_id="x")
    result = run("--dry-run")
    assert (
        "connection 'bq' is of the type bigquery, and has project_id, for which there is no argument; it"
        in result.stderr
    )
    assert "    database=None,\n" in result.stdout


def test_each_list_is_asked_for_once_and_nothing_else(run, emulator):
    run()
    requests = [(entry.method, entry.path) for entry in emulator.journal]
    assert requests == [
        ("POST", "oauth/token"),
        ("GET", "connections"),
        ("GET", "data-models"),
        ("GET", "pipelines"),
    ]


def test_a_workspace_can_be_named(run, emulator):
    emulator.put_object("data-models", 99, id="far", **FIELDS[DATA_MODEL])
    assert "    workspace_id=99,\n" in run("--workspace", "99", "--dry-run").stdout


def test_a_failure_is_one_line(run, emulator, monkeypatch):
    emulator.set(forbidden_clients=["emulator-client"])
    result = run(code=3)
    assert "Error: cannot list the connections in workspace 1234: the API answered 403" in result.stderr
    assert "Traceback" not in result.output
    monkeypatch.delenv("WAREHOUSE_SYNC_WORKSPACE_ID")
    assert "warehouse-sync:workspaceId is missing" in run(code=2).stderr
    for wrong in ("mine", "-5"):
        monkeypatch.setenv("WAREHOUSE_SYNC_WORKSPACE_ID", wrong)
        assert f"the workspace id is '{wrong}': it must be a whole number" in run(code=2).stderr


def test_applying_needs_a_stack(run):
    assert "there is no stack to import into" in run("--apply", code=1).stderr


def test_what_a_stack_holds_is_what_it_manages():
    def resource(name, **fields):
        return {
            "urn": f"urn:pulumi:test::project::{CONNECTION.type}::{name}",
            "type": CONNECTION.type,
            "id": name,
            "outputs": {"workspace_id": 1234.0},
            **fields,
        }

    held = StackContents.of(
        [
            {"urn": "urn:pulumi:test::project::pulumi:pulumi:Stack::project-test", "type": "pulumi:pulumi:Stack"},
            resource("managed"),
            resource("only-read", external=True),
            resource("about-to-go", delete=True),
            resource("a::b", id="c"),
        ]
    )
    assert held.objects == {(CONNECTION.type, 1234, "managed"), (CONNECTION.type, 1234, "c")}
    assert held.names == {(CONNECTION.type, name) for name in ("managed", "only-read", "about-to-go", "a::b")}
