"""Programs in Node.js."""

from __future__ import annotations

import os
import shutil

import pytest

from tools.engine import languages

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not installed"
)


def turn_to_nodejs(stack):
    """Let a stack's program be `index.js`; answers where its packages are."""
    host, modules = languages.ensure("nodejs"), languages.ensure("node_modules")
    stack.environment["PATH"] = os.pathsep.join([str(host), stack.environment["PATH"]])
    project = stack.folder / "Pulumi.yaml"
    runtime = "runtime: {name: nodejs, options: {typescript: false}}"
    project.write_text(project.read_text().replace("runtime: python", runtime))
    (stack.folder / "package.json").write_text("{}")
    stack.program = (stack.folder / "index.js").write_text
    packages = stack.folder / "node_modules"
    packages.mkdir()
    (packages / "@pulumi").symlink_to(modules / "node_modules" / "@pulumi")
    return packages
