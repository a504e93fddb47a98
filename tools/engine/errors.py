"""The one error of this package."""

from __future__ import annotations

from tools.steps import StepError


class EngineError(StepError):
    """This way to an engine is closed; the message is one line that a person can act on."""
