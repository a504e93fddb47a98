"""Where a behaviour of the emulator comes from."""

from __future__ import annotations

from typing import Literal

__all__ = ["Source"]

Source = Literal["page", "recorded", "guess"]
"""`page`: the API reference says so. `recorded`: seen in the vendor's other public pages or its tutorial's recorded
requests. `guess`: neither says; each guess is a switch of `Behaviour`, so that a client can be tried both ways."""
