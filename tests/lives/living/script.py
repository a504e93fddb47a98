"""A life as a short shell script that a person can run."""

from __future__ import annotations

import json
import shlex
from typing import Any

from living.program import Program
from living.rendering import source
from living.steps import Edit, Life, Operation, Outside

KILLED = "  # killed"
"""The end of a command that was."""

HEAD = """\
# ---- This life as a script: run it with bash in an empty folder, with pulumi and this package on PATH.
set -x; export PULUMI_BACKEND_URL=file://$PWD PULUMI_CONFIG_PASSPHRASE=x PULUMI_HOME=$PWD/home
warehouse-sync emulator --port 8123 & sleep 2; E=http://127.0.0.1:8123
export WAREHOUSE_SYNC_API_URL=$E WAREHOUSE_SYNC_AUTH_URL=$E/oauth/token WAREHOUSE_SYNC_WORKSPACE_ID=1234
export WAREHOUSE_SYNC_CLIENT_ID=a WAREHOUSE_SYNC_CLIENT_SECRET=emulator-client-secret
printf 'name: project\\nruntime: python\\n' > Pulumi.yaml
"""


def script(life: Life, done: list[tuple[Any, Program, str]]) -> str:
    """The script of what was done so far."""
    lines = [HEAD.rstrip()]
    lines += [f"pulumi stack init {stack}" for stack in life.stacks or ("test",)]
    switches = {"accept_any_type": True, **({"trim_strings": True} if life.trims else {})}
    lines.append(_ask("PATCH", "behaviour", switches))
    written = None
    for step, program, command in done:
        lines.append(f"# {step.says if isinstance(step, Edit) else step}")
        if isinstance(step, Outside):
            lines += _outside(step)
        elif isinstance(step, Operation):
            if program != written:
                lines += ["cat > __main__.py <<'EOF'", source(program).rstrip(), "EOF"]
                written = program
            lines += _operation(step, command)
    return "\n".join([*lines, "kill %1"])


def _ask(method: str, path: str, body: Any = None) -> str:
    data = "" if body is None else f" -d {shlex.quote(json.dumps(body))}"
    return f'curl -s -X {method} "$E/_emulator/{path}"{data}'


def _operation(step: Operation, command: str) -> list[str]:
    if step.failure is None or (step.failure.kills and KILLED not in command):
        return [command]
    armed = _ask("POST", "faults", step.failure.fault())
    if not step.failure.kills:
        return [armed, command, _ask("DELETE", "faults")]
    stack, _, words = command.removesuffix(KILLED).partition(" ")
    return [
        armed,
        f"export {stack}; setsid {words} & P=$!",
        """until curl -s $E/_emulator/faults | grep -q '"struck": 1'; do sleep 0.1; done""",
        f"pkill -9 -s $P; {_ask('DELETE', 'faults')}; pulumi cancel --yes",
    ]


def _outside(step: Outside) -> list[str]:
    where = f"objects/{step.address.kind}/{step.address.id}?workspace_id={step.address.workspace}"
    if step.kind == "edit":
        return [_ask("PATCH", where, step.fields)]
    if step.kind == "make":
        return [_ask("PUT", where, step.fields)]
    if step.kind == "delete":
        return [_ask("DELETE", where)]
    ours = f"objects/{step.address.kind}?workspace_id={step.address.workspace}"
    pick = (
        f"import json, sys; old = json.load(sys.stdin)[{step.address.id!r}]; "
        'print(json.dumps({**old, "created_on": "2020-01-01T00:00:00.0"}))'
    )
    return [
        f'OLD=$(curl -s "$E/_emulator/{ours}" | python -c {shlex.quote(pick)})',
        _ask("DELETE", where),
        f'curl -s -X PUT "$E/_emulator/{where}" -d "$OLD"',
    ]
