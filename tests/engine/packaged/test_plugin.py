"""The plugin's archive, installed where there is nothing but Python: under the real engine."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stack import Stack

from tools import plugin
from tools.engine import ensure, languages

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

import wheels

pytestmark = pytest.mark.extended  # the first start makes an environment

PROGRAM = """
name: project
runtime: yaml
resources:
  orders:
    type: warehouse-sync:DataModel
    properties:
      sqlQuery: SELECT t.email, t.updated_at FROM mp.shop.orders AS t
      loadTimestampFieldName: updated_at
      loadTimestampFieldType: timestamp_ntz
"""


@pytest.fixture
def archive(tmp_path):
    """As `make dist` makes it; what the package needs is packed from what is installed here."""
    index = tmp_path / "index"
    index.mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", index]
    subprocess.run(build, cwd=plugin.REPOSITORY, check=True, capture_output=True)
    (wheel,) = index.iterdir()
    packed = [wheels.pack(index, name) for name in wheels.needed("warehouse-sync-pulumi", "")]
    lock = [
        f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(made.read_bytes()).hexdigest()}"
        for made in packed
        for name, version in [made.name.split("-")[:2]]
    ]
    plugin.write(wheel, "\n".join(lock), tmp_path / "plugin.tar.gz")
    return tmp_path / "plugin.tar.gz"


def test_it_makes_its_environment_when_it_is_first_started(archive, tmp_path, emulator):
    stack = Stack(tmp_path / "stack", emulator.environment, forks=False)
    (stack.folder / "Pulumi.yaml").write_text(PROGRAM)
    # Neither this environment, nor the console script in it, nor the checkout.
    python = Path(sys._base_executable).parent
    path = [languages.ensure("yaml"), ensure().bin, python, "/usr/bin", "/bin"]
    stack.environment["PATH"] = os.pathsep.join(map(str, path))
    stack.environment["PYTHONPATH"] = ""
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "index"), "PIP_CONFIG_FILE": os.devnull}

    stack.run("plugin", "install", "resource", "warehouse-sync", "0.1.0", "--file", str(archive))
    ran = stack.up(fails=True, PIP_NO_INDEX="1")
    assert "error: the provider warehouse-sync could not make its Python environment" in ran.text
    stack.up(**offline)  # what the failed start left is made anew
    assert list(emulator.objects("data-models")) == ["orders"]
    shutil.rmtree(tmp_path / "index")
    assert stack.is_unchanged("--refresh")  # and needs no index any more
    stack.destroy()
    assert emulator.objects("data-models") == {}
