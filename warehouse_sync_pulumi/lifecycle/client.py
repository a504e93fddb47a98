"""What a lifecycle asks of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..api.address import Address

__all__ = ["Client"]


class Client(Protocol):
    """What a lifecycle asks of the API."""

    def find(self, address: Address) -> dict[str, Any] | None:
        """One object; None when there is none."""

    def find_listed(self, address: Address) -> dict[str, Any] | None:
        """As `find`, a few seconds old at most."""

    def create(self, address: Address, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object."""

    def replace(self, address: Address, body: Mapping[str, Any]) -> dict[str, Any]:
        """Replace an object whole."""

    def delete(self, address: Address) -> None:
        """Delete an object."""
