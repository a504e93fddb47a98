"""What the two hosts have in common: the engine at the other end of a call.

`dynamic` serves resources whose provider stands in the state, through Pulumi's SDK; `sdk` is its engine. `packaged`
serves programs in any language; `packaged.calls` is its engine. All that is not their wire is in `manager` and
`objects`, and called by both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

__all__ = ["Host"]


class Host(Protocol):
    """The engine, in the call that this thread is at work on."""

    def engine_address(self) -> str | None:
        """The engine's address; None where it cannot be known."""

    def urn(self) -> str | None:
        """The URN of the resource that is being worked on; None where it cannot be known."""

    def log(self, message: str, *, severity: str = "INFO") -> None:
        """Show a message at the resource that is being worked on."""

    def tell(self, message: str) -> None:
        """Show a message while the work waits, and do not keep it; raises UnreachableError when the engine is gone."""

    def debug(self, message: str) -> None:
        """Show a message where `--debug` asks for such."""

    def timeout(self) -> float | None:
        """Seconds that the program's `custom_timeouts` give this call; None where it does not say."""

    def ignored(self) -> frozenset[str]:
        """The arguments that the program's `ignore_changes` names in this call; `*` for all."""

    def answer_error(self, message: str) -> None:
        """Let the engine show this text for the exception that is about to be raised."""

    def answer_incomplete(self, message: str, *, id_: str, outputs: Mapping[str, Any]) -> None:
        """As `answer_error`; and let the engine keep the object's id and outputs, so that the next `up` updates it."""

    def cancellation(self) -> threading.Event:
        """Raised when somebody interrupts `pulumi`."""
