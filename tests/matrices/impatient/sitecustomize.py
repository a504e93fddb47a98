"""Makes the provider's processes lose patience with a stuck socket a hundred times sooner."""

import httpx

from warehouse_sync_pulumi.api import auth, client, transport

transport.TIMEOUT = auth.TIMEOUT = client.TIMEOUT = httpx.Timeout(connect=1, read=0.8, write=1, pool=None)
