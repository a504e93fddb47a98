"""What docs/limits.md says that does not work. Should one of these start to work, the page has to say so."""

from __future__ import annotations

import pytest
from programs import CONNECTION, three


@pytest.mark.extended
def test_disabled_default_providers_make_dynamic_resources_unusable(stack):
    stack.program(three())
    stack.run("config", "set", "--path", "pulumi:disable-default-providers[0]", "*")
    said = stack.preview(fails=True).text
    assert "Default provider for 'pulumi-python' disabled" in said


@pytest.mark.extended
def test_deleted_with_leaves_the_object_behind(stack, emulator):
    stack.program(f"""
first = Connection("first", **{CONNECTION!r})
Connection("second", opts=pulumi.ResourceOptions(deleted_with=first), **{CONNECTION!r})
""")
    stack.up()
    stack.destroy()
    assert list(emulator.objects("connections")) == ["second"]
