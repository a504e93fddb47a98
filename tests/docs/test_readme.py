"""The README, followed from its program to its tests, in a folder of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tools.docs.pages import REPOSITORY, blocks
from tools.engine import OFFLINE
from tools.terminal import run as run_in_terminal
from warehouse_sync_pulumi.cli import group
from warehouse_sync_pulumi.config import SETTINGS
from warehouse_sync_pulumi.emulator import Emulator

PAGE = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


def block(start, language=None):
    (found,) = (b.text for b in BLOCKS if start in b.text and language in (None, b.language))
    return found


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running


@pytest.fixture
def shell(tmp_path, emulator):
    """Run what a block says in a folder with the README's two files, as a person would on a fresh machine."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (tmp_path / "state").mkdir()
    for file in ("Pulumi.yaml", "__main__.py"):
        (text,) = (
            b.text for b in BLOCKS if b.file == file and b.language in ("yaml", "python") and "Run" not in b.text
        )
        (folder / file).write_text(text, encoding="utf-8")
    environment = {
        "HOME": str(tmp_path),
        "PULUMI_HOME": str(tmp_path / "pulumi"),  # else it is below the home of whoever runs the tests
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "passphrase",
        **OFFLINE,
        "PYTHONPATH": str(REPOSITORY),
    }
    *exports, up = block("WAREHOUSE_SYNC_API_URL", "shell").splitlines()
    assert up == "pulumi up"
    to_emulator = "\n".join(exports).replace("http://127.0.0.1:8089", emulator.url)

    def run(script, *, terminal=False):
        command = ["bash", "-euc", f"{to_emulator}\n{script}"]
        if terminal:
            code, screen = run_in_terminal(command, cwd=folder, env=environment)
            assert code == 0, screen.text()
            return screen.text()
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    run.folder = folder
    return run


def in_any_order(table):
    """A table of resources whose siblings may come in another order."""
    lines = table.replace("└", "├").splitlines()
    return sorted(line.rstrip() for line in lines if line.strip())


@pytest.mark.engine
def test_the_readme_does_what_it_says(shell, emulator):
    *configure, preview = block("pulumi stack init").splitlines()
    shell("\n".join(configure))
    assert in_any_order(shell(preview, terminal=True)) == in_any_order(block("4 to create"))
    assert len(emulator.journal) == 0, "a preview makes no request"

    _, doctor, up = block("warehouse-sync doctor", "shell").splitlines()
    assert "workspace: 1234 has 0 connections, 0 data models, 0 pipelines" in shell(doctor)
    shell(f"{up} --yes --skip-preview")
    assert emulator.objects("pipelines")["tickets-to-mparticle"]["connection_id"] == "support"

    program = shell.folder / "__main__.py"
    program.write_text(program.read_text().replace("'open'", "'closed'"))
    assert block("'closed'", "text").strip("\n") in shell("pulumi preview --diff --non-interactive")

    program.write_text(program.read_text() + block("PipelineRun(", "python"))
    shell("pulumi up --yes --skip-preview")
    assert emulator.journal.count("POST", "pipelines/tickets-to-mparticle") == 1
    for line in block("warehouse-sync trigger").splitlines():
        assert "mparticle" in shell(line), "its name may be broken into two lines"

    (shell.folder / "conftest.py").write_text('pytest_plugins = ["warehouse_sync_pulumi.testing"]')
    program.write_text(program.read_text().partition("from warehouse_sync_pulumi import PipelineRun")[0])
    (shell.folder / "test_shop.py").write_text(next(b.text for b in BLOCKS if b.file == "test_shop.py"))
    assert (shell.folder.parent / "pulumi" / "workspaces").is_dir()
    assert "1 passed" in shell(f"{sys.executable} -m pytest -q -p no:cacheprovider test_shop.py")


@pytest.mark.engine
@pytest.mark.extended
def test_its_command_brings_in_what_exists(shell, emulator):
    configure, _ = block("pulumi stack init").rsplit("\n", 1)
    shell(f"{configure}\npulumi up --yes --skip-preview")
    before = emulator.objects("pipelines")
    shell("mkdir other; cp Pulumi.yaml other; cp Pulumi.dev.yaml other/Pulumi.imported.yaml")
    shell("cd other; pulumi stack init imported")
    shell(f"cd other; {block('warehouse-sync import --apply')}")
    assert "Pipeline(" in (shell.folder / "other" / "__main__.py").read_text()
    assert emulator.objects("pipelines") == before


def test_every_make_target_that_a_page_names_exists():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in (*PAGES, REPOSITORY / "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_warehouse_sync_command_that_a_page_shows_is_understood(page):
    for block_ in blocks(page.read_text(encoding="utf-8")):
        for line in re.findall(r"^(?:\$ )?warehouse-sync (.*)$", block_.text, re.MULTILINE):
            if block_.language != "shell":
                continue
            name, *arguments = shlex.split(line, comments=True)
            command = group.get_command(None, name)
            assert command is not None, line
            command.make_context(name, arguments, parent=click.Context(group, **group.context_settings))


@pytest.mark.parametrize(
    "page", [*PAGES, REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "SECURITY.md"], ids=lambda p: p.name
)
def test_every_link_within_the_repository_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        file, _, heading = target.partition("#")
        path = (page.parent / file) if file else page
        assert path.exists(), target
        if heading:
            text = path.read_text(encoding="utf-8").lower()
            headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", h).replace(" ", "-") for h in headings], target


def test_the_settings_in_its_table_are_true():
    for key, variable, wins in re.findall(r"^\| `warehouse-sync:(\w+)` \| `(\w+)` \| (\w+) \|$", PAGE, re.MULTILINE):
        setting = SETTINGS[key]
        assert (variable, wins) == (setting.variable, "environment" if setting.environment_first else "stack")
