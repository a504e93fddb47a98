"""A Warehouse Sync API, whichever one answers, and what the contract suite makes there."""

from __future__ import annotations

import json

import httpx

KINDS = ("pipelines", "data-models", "connections")  # in the order in which they can be deleted


class Service:
    """Requests to a workspace, by kind and id."""

    def __init__(self, environment, prefix):
        self.prefix = prefix
        self.workspace = int(environment["WAREHOUSE_SYNC_WORKSPACE_ID"])
        root = environment.get("WAREHOUSE_SYNC_API_URL", "https://api.mparticle.com")
        self.auth_url = environment.get("WAREHOUSE_SYNC_AUTH_URL", "https://sso.auth.mparticle.com/oauth/token")
        base = f"{root}/platform/experimental/workspaces/{self.workspace}/inputs/warehouse/"
        self.client = httpx.Client(base_url=base, timeout=90)
        self.credentials = {
            "client_id": environment["WAREHOUSE_SYNC_CLIENT_ID"],
            "client_secret": environment["WAREHOUSE_SYNC_CLIENT_SECRET"],
            "audience": "https://api.mparticle.com",
            "grant_type": "client_credentials",
        }
        connection = json.loads(environment["WAREHOUSE_SYNC_CONTRACT_CONNECTION"])
        data_model = json.loads(environment["WAREHOUSE_SYNC_CONTRACT_DATA_MODEL"])
        self.bodies = {
            "connections": {**self._named("connection"), "type": "snowflake", **connection},
            "data-models": {**self._named("model"), "type": "sql", **data_model},
            "pipelines": {
                **self._named("pipeline"),
                "is_active": False,
                "is_draft": False,
                "connection_id": f"{prefix}connection",
                "data_model_id": f"{prefix}model",
                "partner_feed_key": environment["WAREHOUSE_SYNC_CONTRACT_FEED_KEY"],
                "schedule_interval": "on_demand",
                "environment": "development",
            },
        }

    def __enter__(self):
        answer = self.client.post(self.auth_url, json=self.credentials)
        answer.raise_for_status()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def __exit__(self, *_):
        self.client.close()

    def _named(self, what):
        return {"id": f"{self.prefix}{what}", "name": f"Contract {what}", "workspace_id": self.workspace}

    def create(self, kind, **changes):
        body = {**self.bodies[kind], **changes}
        assert body["id"].startswith(self.prefix)
        return self.client.post(kind, json=body)

    def put(self, kind, *, without=(), **changes):
        body = {name: value for name, value in {**self.bodies[kind], **changes}.items() if name not in without}
        return self.client.put(f"{kind}/{self.bodies[kind]['id']}", json=body)

    def get(self, kind, name=None):
        return self.client.get(f"{kind}/{name or self.bodies[kind]['id']}")

    def delete(self, kind, name=None):
        return self.client.delete(f"{kind}/{name or self.bodies[kind]['id']}")

    def make_all(self):
        for kind in reversed(KINDS):
            answer = self.create(kind)
            assert answer.status_code == 200, answer.text

    def clean_up(self):
        """Delete everything with our prefix, and see that it is gone."""
        for kind in KINDS:
            for item in self.client.get(kind).raise_for_status().json():
                if item["id"].startswith(self.prefix):
                    self.client.delete(f"{kind}/{item['id']}")
            left = [item["id"] for item in self.client.get(kind).json() if item["id"].startswith(self.prefix)]
            assert left == [], f"{kind} could not be deleted"
