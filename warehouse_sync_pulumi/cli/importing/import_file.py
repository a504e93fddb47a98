"""The file for `pulumi import`: the state that a deployment of the written program would have left.

With inputs and outputs in the file, the engine takes both as they are, and asks no provider to read the object. That is
what makes an import of a dynamic provider's resources possible at all: a read would get no `__provider`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ... import lifecycle
from ...engine import sdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .arguments import Checked

__all__ = ["import_file"]


def import_file(objects: Iterable[Checked]) -> str:
    """The file's text."""
    return json.dumps({"resources": [_entry(checked) for checked in objects]}, indent=2, ensure_ascii=False) + "\n"


def _entry(checked: Checked) -> dict[str, Any]:
    item, existing = checked.item, checked.item.existing
    outputs = lifecycle.outputs_of(existing.kind, checked.inputs, existing.answer)
    provider = {"__provider": sdk.serialised(existing.resource.cls.provider())}
    return {
        "type": existing.resource.type,
        "name": item.name,
        "id": existing.id,
        "inputs": lifecycle.inputs_of(existing.kind, outputs) | provider,
        "outputs": {name: value for name, value in outputs.items() if value is not None} | provider,
    }
