"""Makes the provider's processes give up on a stuck socket a hundred times sooner."""

import httpx

from warehouse_sync_pulumi.api import network

network.TIMEOUT = httpx.Timeout(1, read=0.8, pool=5)
