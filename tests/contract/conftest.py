"""The contract suite runs against the emulator, and against the real API too where everything it takes is given.

    WAREHOUSE_SYNC_CLIENT_ID, WAREHOUSE_SYNC_CLIENT_SECRET, WAREHOUSE_SYNC_WORKSPACE_ID    as for the provider
    WAREHOUSE_SYNC_CONTRACT_CONNECTION    a JSON object: a connection's fields, its password among them
    WAREHOUSE_SYNC_CONTRACT_DATA_MODEL    a JSON object: `sql_query` and the `load_timestamp_field_*` fields
    WAREHOUSE_SYNC_CONTRACT_FEED_KEY      a feed's key

It makes no object whose id does not begin with a prefix of its own, and deletes those that do.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parent))

from contract_service import Service

NEEDED = (
    "WAREHOUSE_SYNC_CLIENT_ID",
    "WAREHOUSE_SYNC_CLIENT_SECRET",
    "WAREHOUSE_SYNC_WORKSPACE_ID",
    "WAREHOUSE_SYNC_CONTRACT_CONNECTION",
    "WAREHOUSE_SYNC_CONTRACT_DATA_MODEL",
    "WAREHOUSE_SYNC_CONTRACT_FEED_KEY",
)
EMULATED = {
    "WAREHOUSE_SYNC_CONTRACT_CONNECTION": json.dumps(
        {
            "source_account_id": "gd1234",
            "region": "us-central1.gcp",
            "warehouse": "compute_wh",
            "database": "mp",
            "role": "mp_role",
            "user": "mp_user",
            "password": "sample-password",
        }
    ),
    "WAREHOUSE_SYNC_CONTRACT_DATA_MODEL": json.dumps(
        {
            "sql_query": "SELECT email, last_updated_date_time FROM mp.demo_service.tickets",
            "load_timestamp_field_name": "last_updated_date_time",
            "load_timestamp_field_type": "timestamp_ltz",
        }
    ),
    "WAREHOUSE_SYNC_CONTRACT_FEED_KEY": "us1-contract",
}
OBSERVED = {}


@contextmanager
def served(environment):
    """A service at an environment's addresses, emptied of what it made at the end."""
    with Service(environment, f"contract-{secrets.token_hex(4)}-") as service:
        try:
            yield service
        finally:
            service.clean_up()


@pytest.fixture(params=["emulator", "real"] if all(os.environ.get(name) for name in NEEDED) else ["emulator"])
def service(request):
    if request.param == "real":
        with served(os.environ) as service:
            yield service
        return
    with Emulator() as emulator, served({**emulator.environment, **EMULATED}) as service:
        yield service


@pytest.fixture
def emulated():
    """Starts an emulator with switches, and gives a service at it."""
    with Emulator() as emulator, served({**emulator.environment, **EMULATED}) as service:

        def make(**switches):
            emulator.set(**switches)
            return service

        yield make


@pytest.fixture
def observed():
    """What the real API does where the paper leaves it open; printed at the end."""
    return OBSERVED


def pytest_terminal_summary(terminalreporter):
    for name, value in sorted(OBSERVED.items()):
        terminalreporter.write_line(f"the real API: {name}={value}")
