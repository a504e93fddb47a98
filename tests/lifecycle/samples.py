"""What more than one test takes for an object."""

from __future__ import annotations

ACCOUNT = {
    "source_account_id": "a",
    "region": "r",
    "warehouse": "w",
    "database": "d",
    "role": "role",
    "user": "u",
    "password": "a password",
}
"""Of a connection: all that a program has to say."""


def answer_of(inputs, **more):
    """What the API answers for a connection of these inputs."""
    shown = {name: value for name, value in inputs.items() if name != "connection_id"}
    return {"id": inputs["connection_id"], **shown, "password": "************", **more}
