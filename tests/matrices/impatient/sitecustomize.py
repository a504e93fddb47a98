"""Makes the provider's processes lose patience with a stuck socket a hundred times sooner."""

from warehouse_sync_pulumi.api import sockets

sockets.TIMEOUT = {"pool": 5, "connect": 1, "read": 0.8, "write": 1}
