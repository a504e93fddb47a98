"""`warehouse-sync import`: from a workspace that people clicked together to a stack whose preview is empty."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from programs import CONNECTION, DATA_MODEL, PIPELINE
from workspace import COLLECTIONS, create_all

MASK = "************"


@pytest.fixture
def run(stack):
    """Runs `warehouse-sync` in the stack's folder, and gives what it printed."""

    def run(*arguments, fails=False):
        ran = subprocess.run(
            [sys.executable, "-m", "warehouse_sync_pulumi", *arguments],
            cwd=stack.folder,
            env=stack.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert (ran.returncode != 0) is fails, ran.stdout
        return ran.stdout

    return run


def files(stack):
    """The project's own files, by name."""
    return {
        str(path.relative_to(stack.folder)): path.read_bytes()
        for path in stack.folder.rglob("*")
        if path.is_file() and path.relative_to(stack.folder).parts[0] not in ("home", "state")
    }


def counts(emulator):
    """How many requests of each method and path there were, but for tokens."""
    seen = [f"{entry.method} {entry.path}" for entry in emulator.journal if entry.path != "oauth/token"]
    return {request: seen.count(request) for request in seen}


def writes(emulator):
    """The same, of those that are to change something."""
    return {request: times for request, times in counts(emulator).items() if not request.startswith("GET ")}


LISTS = {"GET connections": 1, "GET data-models": 1, "GET pipelines": 1}


def edit(stack, *changes):
    """Change the written program as a person would."""
    path = stack.folder / "__main__.py"
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def test_thirteen_objects_are_imported_changed_and_destroyed(stack, emulator, run):
    create_all(emulator)
    made = {collection: emulator.objects(collection) for collection in COLLECTIONS}
    emulator.journal.clear()

    assert "Everything is imported, and the preview is empty." in run("import", "--apply")
    assert counts(emulator) == LISTS
    assert len(stack.resources()) == 13
    assert stack.is_unchanged()
    assert stack.is_unchanged("--refresh")
    text = stack.state_files() + "".join(content.decode() for content in files(stack).values())
    assert MASK not in text
    assert "correct horse" not in text

    before = files(stack)
    assert set(before) - {"Pulumi.test.yaml"} == {"Pulumi.yaml", "__main__.py"}
    assert "There is nothing to import." in run("import", "--apply")
    assert files(stack) == before

    edit(
        stack,
        ('name="Klasse „A“"', 'name="Klasse B"'),
        ('name="Dashes"', 'name="Hyphens"'),
        ('name="P monthly"', 'name="P m"'),
    )
    emulator.journal.clear()
    ran = stack.up(fails=True)
    # The data model lacks nothing: whether the engine comes to it before it stops is a matter of chance.
    assert set(writes(emulator)) <= {"PUT data-models/---"}
    assert "cannot write connection 'class': its password is not known" in ran.text
    assert "pulumi config set --secret class-password" in ran.text
    assert "Traceback" not in ran.text
    stack.run("config", "set", "--secret", "class-password", "correct horse")
    stack.run("config", "set", "--secret", "pmonthly-partner-feed-key", "us1-key")
    said = stack.up().text
    assert "its password was not in the state, as after an import: it is written" in said
    assert "its partner_feed_key was not in the state, as after an import: it is written" in said
    assert writes(emulator) == {"PUT connections/class": 1, "PUT data-models/---": 1, "PUT pipelines/pmonthly": 1}
    assert emulator.objects("connections")["class"]["name"] == "Klasse B"
    changed = {"name", "last_modified_on", "last_modified_by"}
    for collection, objects in made.items():
        for id_, was in objects.items():
            now = emulator.objects(collection)[id_]
            assert {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)} <= changed
    assert stack.is_unchanged()

    stack.destroy()
    assert not any(emulator.objects(collection) for collection in COLLECTIONS)


@pytest.mark.extended
def test_the_written_program_passes_the_formatter_and_the_type_checker(stack, emulator, run):
    create_all(emulator)
    run("import", "--sql-files", "--protect", "--output", "with_files.py")
    run("import")
    assert {"sql/orders_eu_data_model.sql", "with_files.py", "with_files.import.json"} <= set(files(stack))
    programs = ["__main__.py", "with_files.py"]
    for command in (
        ["ruff", "format", "--isolated", "--check", *programs],
        ["ruff", "check", "--isolated", *programs],
        ["mypy", "--strict", *programs],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=stack.folder,
            env=stack.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.extended
def test_the_printed_commands_finish_the_job_with_queries_in_files_of_their_own_too(stack, emulator, run):
    create_all(emulator)
    printed = [line for line in run("import", "--sql-files").splitlines() if line.startswith("pulumi ")]
    assert [line.split()[1] for line in printed] == ["import", "preview", "up"]
    query = files(stack)["sql/data_model_2023_orders.sql"].decode()
    assert query == emulator.objects("data-models")["2023-orders"]["sql_query"] + "\n"
    for line in printed[:2]:
        stack.run(*line.split()[1:])
    stack.up()
    assert len(stack.resources()) == 13
    assert "There is nothing to import." in run("import")
    stack.destroy()
    assert not any(emulator.objects(collection) for collection in COLLECTIONS)


@pytest.mark.extended
def test_a_secret_that_is_given_later_is_written_once(stack, emulator, run):
    create_all(emulator)
    run("import", "--apply")
    stack.run("config", "set", "--secret", "orders-eu-password", "correct horse")
    emulator.journal.clear()
    assert not stack.is_unchanged()
    assert "its password was not in the state, as after an import: it is written" in stack.up().text
    assert writes(emulator) == {"PUT connections/orders-eu": 1}
    emulator.journal.clear()
    stack.up()
    assert counts(emulator) == {}
    assert "correct horse" not in stack.state_files()


@pytest.mark.extended
def test_two_hundred_objects_take_one_list_request_for_each_kind(stack, emulator, run):
    for number in range(50):
        emulator.put_object("connections", id=f"connection-{number}", type="snowflake", **CONNECTION)
    for number in range(70):
        emulator.put_object("data-models", id=f"model-{number}", type="sql", **DATA_MODEL)
    for number in range(80):
        wires = {"connection_id": f"connection-{number % 50}", "data_model_id": f"model-{number % 70}"}
        emulator.put_object("pipelines", id=f"pipeline-{number}", is_active=True, is_draft=False, **wires, **PIPELINE)
    # The provider would refuse it in a new program. Here the service has it, and the import takes it.
    emulator.change("data-models", "model-0", sql_query="WITH t AS (SELECT 1 AS ts) SELECT * FROM t")
    assert "the preview is empty" in run("import", "--apply")
    assert counts(emulator) == LISTS
    assert len(stack.resources()) == 200
    assert stack.is_unchanged()


def test_a_connection_without_a_role_and_other_incomplete_objects_are_imported_as_they_are(stack, emulator, run):
    whole = {**CONNECTION, "type": "snowflake"}
    emulator.put_object("connections", id="no-role", **{**whole, "role": None})
    emulator.put_object("connections", id="no-region", **{**whole, "region": None, "warehouse": ""})
    emulator.put_object("data-models", id="no-query", type="sql", **{**DATA_MODEL, "sql_query": None})
    wires = {"connection_id": None, "data_model_id": "no-query"}
    emulator.put_object("pipelines", id="no-wire", **{**PIPELINE, **wires, "environment": "staging"})
    emulator.journal.clear()

    said = run("import", "--apply")
    assert "Left out" not in said
    assert "the preview is empty" in said
    assert len(stack.resources()) == 4
    assert stack.is_unchanged("--refresh")
    assert writes(emulator) == {}
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "__main__.py"], cwd=stack.folder, env=stack.environment, check=False
    )
    assert checked.returncode == 0

    edit(stack, ('"no-role",\n', '"no-role",\n    name="Renamed",\n'))
    stack.run("config", "set", "--secret", "no-role-password", "correct horse")
    assert " role" not in stack.preview().text
    assert "cannot update connection 'no-role'" in stack.up(fails=True).text  # the service's to judge


@pytest.mark.extended
def test_beside_a_program_a_module_is_written_and_what_is_managed_is_left_out(stack, emulator, run):
    mine = f'mine = Connection("mine", **{CONNECTION!r})\n'
    stack.program(mine)
    stack.up()
    program = (stack.folder / "__main__.py").read_bytes()
    emulator.put_object("data-models", id="theirs", type="sql", **DATA_MODEL)
    emulator.put_object("pipelines", id="theirs", connection_id="mine", data_model_id="theirs", **PIPELINE)
    emulator.put_object("pipelines", id="lost", connection_id="gone", data_model_id="theirs", **PIPELINE)

    said = run("import", "--apply", fails=True)
    assert "In the stack already: 1 of 4 objects." in said
    assert "\nimport warehouse_sync\n" in said
    assert "Error: __main__.py does not import warehouse_sync.py yet" in said
    assert len(stack.resources()) == 1
    assert (stack.folder / "__main__.py").read_bytes() == program
    module = (stack.folder / "warehouse_sync.py").read_text()
    assert 'connection_id="mine"' in module
    assert "# Another part of this stack manages this connection." in module
    assert '# The workspace has no connection of this id.\n    connection_id="gone"' in module

    stack.program(f"import warehouse_sync\n{mine}")
    assert "the preview is empty" in run("import", "--apply")
    assert len(stack.resources()) == 4
    assert stack.is_unchanged()


@pytest.mark.extended
def test_an_import_that_does_not_match_says_so_and_changes_nothing(stack, emulator, run):
    create_all(emulator)
    stack.program("import warehouse_sync\n")
    run("import")
    (stack.folder / "warehouse_sync.py").write_text("")
    emulator.journal.clear()
    said = run("import", "--apply", fails=True)
    assert "warehouse_sync.py would be overwritten" in said
    assert (stack.folder / "warehouse_sync.py").read_text() == ""
    assert stack.resources() == []
    assert "the preview is empty" in run("import", "--apply", "--force")


def test_a_pulumi_import_without_a_file_is_no_way_for_a_dynamic_provider(stack, emulator):
    """Should this start to work, the documentation has to say so."""
    create_all(emulator)
    type_ = "pulumi-python:dynamic/warehouse-sync:Connection"
    ran = stack.run("import", type_, "orders-eu", "orders-eu", "--yes", "--generate-code=false", fails=True)
    assert "KeyError: '__provider'" in ran.text


@pytest.mark.extended
def test_protected_resources_are_protected_in_program_and_state(stack, emulator, run):
    create_all(emulator)
    run("import", "class", "--kind", "connection", "--protect", "--apply")
    assert [resource["protect"] for resource in stack.resources()] == [True]
    assert "protect" in stack.destroy(fails=True).text
    assert set(emulator.objects("connections")) == {"class", "orders-eu", "orders_eu"}


@pytest.mark.extended
def test_a_named_stack_is_imported_into_with_its_own_configuration(stack, emulator, run):
    create_all(emulator)
    stack.run("config", "set", "warehouse-sync:workspaceId", "1")
    stack.run("stack", "init", "other", "--no-select")
    stack.run("config", "set", "warehouse-sync:workspaceId", str(emulator.workspace_id), "--stack", "other")
    assert "the preview is empty" in run("import", "--stack", "other", "--apply")
    assert stack.resources() == []
    exported = json.loads(stack.run("stack", "export", "--stack", "other").text)
    assert len([r for r in exported["deployment"]["resources"] if "warehouse-sync" in r["type"]]) == 13
