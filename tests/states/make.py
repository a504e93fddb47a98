"""Keeps a state as this version of the package makes it, for the tests of all later versions.

    python -m tests.states.make

Run once for each release that changes what a state holds, with `pulumi` on PATH; commit the folder that it makes. A
folder that is there stays as it is: users' states do not change either.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "engine"))

from programs import CONNECTION, DATA_MODEL, PIPELINE  # noqa: E402 - from the folder above
from stack import Stack  # noqa: E402 - from the folder above

from warehouse_sync_pulumi.emulator import Emulator  # noqa: E402 - from the folder above

PROGRAM = f"""
least = Connection("least", **{CONNECTION!r})
most = Connection(
    "most", connection_id="most-connection", name="Most", workspace_id=99, is_active=True,
    snowflake_aws_iam_user_arn="arn", snowflake_aws_external_id="external", **{CONNECTION!r},
)
model = DataModel("least", **{DATA_MODEL!r})
DataModel(
    "most", data_model_id="most-model", name=" trimmed by the API ", workspace_id=99, is_active=False,
    load_timestamp_field_time_zone="America/New_York", load_timestamp_field_time_offset=3600, **{DATA_MODEL!r},
)
Pipeline("least", connection_id=least.id, data_model_id=model.id, **{PIPELINE!r})
Pipeline(
    "most", pipeline_id="most-pipeline", name="Most", connection_id=least.connection_id, data_model_id=model.id,
    schedule_start_time="2023-01-01T02:00:00+02:00", schedule_end_time="2033-01-01T00:00:00Z", partner_feed_id=7,
    is_active=False, is_draft=True, **{PIPELINE!r},
)
"""


def make(folder: Path) -> None:
    """Deploy, and keep program, state and what the API holds."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name, Emulator(state=folder / "api.json") as emulator:
        emulator.set(trim_strings=True)
        stack = Stack(Path(name) / "stack", emulator.environment)
        stack.program(PROGRAM)
        stack.up()
        (folder / "program.txt").write_text(PROGRAM)
        state = json.loads(stack.run("stack", "export").text)
        (folder / "state.json").write_text(json.dumps(state, indent=1) + "\n")
        shutil.copy(stack.folder / "Pulumi.test.yaml", folder)


if __name__ == "__main__":
    target = HERE / version("warehouse-sync-pulumi")
    if target.exists():
        sys.exit(f"{target} is there already")
    make(target)
