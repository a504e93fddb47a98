"""An answer that bears the marks of Pulumi's own values, or of this provider's, under the real engine."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.hosts("extended")

SIGNATURE = "4dabf18193072939515e22adb298388d"
RESERVED = {
    "a file": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "path": "/etc/passwd"},
    "a value that is not known": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
}


@pytest.mark.extended
@pytest.mark.parametrize("name", RESERVED)
def test_an_answer_cannot_put_anything_but_values_into_the_state(deployed, name):
    stack, emulator = deployed, deployed.emulator
    emulator.set(extra_fields={"connections": {"note": RESERVED[name]}})
    said = stack.refresh(fails=True).text
    assert "error: cannot list the connections in workspace 1234: the answer of 200 cannot be read" in said
    assert "root:" not in said + stack.state_files()
    emulator.set(extra_fields={"connections": {"__provider": "x", "__defaults": ["role"], "note": "************"}})
    stack.refresh()
    assert stack.is_unchanged()
    stack.destroy()
