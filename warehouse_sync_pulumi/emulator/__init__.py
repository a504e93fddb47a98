"""An emulator of mParticle's Warehouse Sync API: the reference page, executable.

It shares no code with the provider's own client, so that a misreading on one side shows on the other.
"""

from __future__ import annotations

from .behaviour import Behaviour
from .clock import Clock
from .core import Emulator
from .faults import ArmedFault, Fault
from .journal import SECRET, Entry, Journal

__all__ = ["SECRET", "ArmedFault", "Behaviour", "Clock", "Emulator", "Entry", "Fault", "Journal"]
