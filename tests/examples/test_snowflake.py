"""The Snowflake example, run with mocks: there is no account here to make the objects in."""

from __future__ import annotations

import runpy
from pathlib import Path

import pulumi
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

ARN, EXTERNAL_ID = "arn:aws:iam::123456:user/externalstages/abcdefg", "GD1234=2_abcdefg="
CONFIG = {
    "snowflakePassword": "correct horse",
    "snowflakeAccount": "gd1234",
    "snowflakeRegion": "us-central1.gcp",
    "integrationName": "mp_us1_1_2_s3",
    "mparticleRoleArn": "arn:aws:iam::1:role/mp",
    "mparticleBucket": "s3://mp-bucket/",
}


class Snowflake(pulumi.runtime.Mocks):
    """Answers each resource with its inputs, and the integration with what Snowflake chooses."""

    def __init__(self):
        self.made = {}

    def new_resource(self, args):
        self.made[args.name] = (args.typ, dict(args.inputs))
        outputs = dict(args.inputs)
        if "storageIntegrationAws" in args.typ:
            outputs["describeOutputs"] = [{"iamUserArn": ARN, "externalId": EXTERNAL_ID}]
        return f"{args.name}-id", outputs

    def call(self, args):  # noqa: ARG002 - the interface
        return {}


@pytest.fixture
def made():
    snowflake = Snowflake()
    pulumi.runtime.set_mocks(snowflake, project="snowflake", preview=False)
    pulumi.runtime.set_all_config({f"snowflake:{name}": value for name, value in CONFIG.items()})

    @pulumi.runtime.test
    def run():
        runpy.run_path(str(EXAMPLES / "snowflake" / "__main__.py"))

    run()
    yield snowflake.made
    pulumi.runtime.set_all_config({})


def test_the_integrations_outputs_reach_the_connection(made):
    _, connection = made["warehouse-connection"]
    assert connection["snowflake_aws_iam_user_arn"] == ARN
    assert connection["snowflake_aws_external_id"] == EXTERNAL_ID


def test_the_connection_signs_in_as_the_user_and_role_that_were_made(made):
    _, connection = made["warehouse-connection"]
    assert (connection["role"], connection["user"]) == ("MP_ROLE", "MP_USER")
    assert connection["password"]["value"] == "correct horse", "a secret on its way to the engine"
    assert made["mp-user"][1]["password"] == connection["password"]


def test_the_role_may_use_all_that_a_sync_needs(made):
    grants = [inputs for kind, inputs in made.values() if kind.endswith(":GrantPrivilegesToAccountRole")]
    assert {grant["accountRoleName"] for grant in grants} == {"MP_ROLE"}
    granted = sorted(
        (grant["privileges"][0], str(grant.get("onAccountObject") or grant.get("onSchema") or grant["onSchemaObject"]))
        for grant in grants
    )
    assert len(granted) == 6
    assert [privilege for privilege, _ in granted] == ["SELECT", "SELECT", *["USAGE"] * 4]
    for what in ("WAREHOUSE", "DATABASE", "INTEGRATION", "MP.DEMO_SERVICE", "future", "all"):
        assert any(what in on for _, on in granted), what
