"""An emulator of mParticle's Warehouse Sync API: the API reference, executable.

It shares no code with the provider's own client, so that a misreading on one side shows on the other.

    emulator   the whole: listens, and puts the parts together
    app        a request's way: journal, fault, answer
    controls/  what a test sees and changes
    service/   what the API does
    warehouse/ the database behind it
    http/      requests, answers and the socket
    behaviour, clock   the switches and the time that all of them share

Each imports only from those below it.
"""

from __future__ import annotations

from .behaviour import Behaviour
from .clock import Clock
from .controls.faults import ArmedFault, Fault
from .controls.journal import Entry, Journal
from .controls.redaction import SECRET
from .emulator import Emulator

__all__ = ["SECRET", "ArmedFault", "Behaviour", "Clock", "Emulator", "Entry", "Fault", "Journal"]
