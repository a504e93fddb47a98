"""What the emulator's tests send, and how they read an answer."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from datetime import datetime, timezone

import httpx

_TLS = ssl.create_default_context()  # made once: it takes longer than most of these tests

BASE = "/platform/experimental/workspaces/{}/inputs/warehouse/"
CREDENTIALS = {
    "client_id": "some-client",
    "client_secret": "some-client-secret",
    "audience": "https://api.mparticle.com",
    "grant_type": "client_credentials",
}
CONNECTION = {
    "id": "warehouse-connection",
    "name": "Warehouse connection",
    "workspace_id": 1234,
    "type": "snowflake",
    "source_account_id": "gd1234",
    "region": "us-central1.gcp",
    "warehouse": "compute_wh",
    "database": "mp",
    "role": "mp_role",
    "user": "mp_user",
    "password": "sample-password",
}
DATA_MODEL = {
    "id": "tickets-model",
    "name": "Tickets model",
    "workspace_id": 1234,
    "type": "sql",
    "sql_query": "SELECT email, subject, last_updated_date_time FROM mp.demo_service.tickets",
    "load_timestamp_field_type": "timestamp_ltz",
    "load_timestamp_field_name": "last_updated_date_time",
}
PIPELINE = {
    "id": "tickets-pipeline",
    "name": "Tickets pipeline",
    "workspace_id": 1234,
    "is_active": True,
    "is_draft": False,
    "connection_id": "warehouse-connection",
    "data_model_id": "tickets-model",
    "partner_feed_key": "us1-feedkey",
    "schedule_interval": "on_demand",
    "schedule_start_time": "2023-02-01T00:00:00Z",
    "environment": "development",
}
BODIES = {"connections": CONNECTION, "data-models": DATA_MODEL, "pipelines": PIPELINE}


def moment(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    # Python 3.10 reads fractions of three or six digits alone.
    return datetime.fromisoformat(f"{whole}.{fraction or '0':0<6}").replace(tzinfo=timezone.utc)


@contextmanager
def client_of(emulator, workspace=1234, version="experimental"):
    """An httpx client at a workspace's base, with a token."""
    base = emulator.url + BASE.format(workspace).replace("experimental", version)
    with httpx.Client(base_url=base, timeout=10, verify=_TLS) as client:
        client.headers["Authorization"] = f"Bearer {token_of(client, emulator)}"
        yield client


def token_of(client, emulator, **changes):
    """A new token."""
    return client.post(f"{emulator.url}/oauth/token", json={**CREDENTIALS, **changes}).json()["access_token"]


def messages(response):
    """The messages of an answer in the documented error form."""
    body = response.json()
    assert body.keys() == {"statusCode", "errors"}
    assert body["statusCode"] == response.status_code
    assert all(error.keys() == {"message"} for error in body["errors"])
    assert "Traceback" not in response.text
    return [error["message"] for error in body["errors"]]
