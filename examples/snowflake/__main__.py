"""Make the Snowflake objects that mParticle needs, and the connection that uses them, in one program.

mParticle's UI shows the ARN of its role and its bucket. The integration's two outputs are what the connection takes as
`snowflake_aws_*`, so that nobody copies them by hand.
"""

import pulumi
import pulumi_snowflake as snowflake

from warehouse_sync_pulumi import Connection

config = pulumi.Config()
database, schema = "mp", "demo_service"
password = config.require_secret("snowflakePassword")

# Who reads: a role, and a user that has it. A `ServiceUser` has no password, which mParticle signs in with.
role = snowflake.AccountRole("mp-role", name="MP_ROLE")
user = snowflake.LegacyServiceUser(
    "mp-user", name="MP_USER", password=password, default_role=role.name, default_warehouse="COMPUTE_WH"
)
membership = snowflake.GrantAccountRole("mp-user-has-the-role", role_name=role.name, user_name=user.name)

# What they may read: the tables of one schema, those of the future as well.
grants = [
    snowflake.GrantPrivilegesToAccountRole(
        "use-the-warehouse",
        account_role_name=role.name,
        privileges=["USAGE"],
        on_account_object={"object_type": "WAREHOUSE", "object_name": "COMPUTE_WH"},
    ),
    snowflake.GrantPrivilegesToAccountRole(
        "use-the-database",
        account_role_name=role.name,
        privileges=["USAGE"],
        on_account_object={"object_type": "DATABASE", "object_name": database.upper()},
    ),
    snowflake.GrantPrivilegesToAccountRole(
        "use-the-schema",
        account_role_name=role.name,
        privileges=["USAGE"],
        on_schema={"schema_name": f"{database}.{schema}".upper()},
    ),
    snowflake.GrantPrivilegesToAccountRole(
        "read-the-tables",
        account_role_name=role.name,
        privileges=["SELECT"],
        on_schema_object={"all": {"object_type_plural": "TABLES", "in_schema": f"{database}.{schema}".upper()}},
    ),
    snowflake.GrantPrivilegesToAccountRole(
        "read-future-tables",
        account_role_name=role.name,
        privileges=["SELECT"],
        on_schema_object={"future": {"object_type_plural": "TABLES", "in_schema": f"{database}.{schema}".upper()}},
    ),
]

# Where the rows go: mParticle's bucket. The name is the one that mParticle asks for.
integration = snowflake.StorageIntegrationAws(
    "mp-integration",
    name=config.require("integrationName"),
    enabled=True,
    storage_provider="S3",
    storage_aws_role_arn=config.require("mparticleRoleArn"),
    storage_allowed_locations=[config.require("mparticleBucket")],
)
may_use_integration = snowflake.GrantPrivilegesToAccountRole(
    "use-the-integration",
    account_role_name=role.name,
    privileges=["USAGE"],
    on_account_object={"object_type": "INTEGRATION", "object_name": integration.name},
)

# The service signs in while it makes the connection: everything above has to be there by then.
described = integration.describe_outputs[0]
connection = Connection(
    "warehouse-connection",
    source_account_id=config.require("snowflakeAccount"),
    region=config.require("snowflakeRegion"),
    warehouse="compute_wh",
    database=database,
    role=role.name,
    user=user.name,
    password=password,
    snowflake_aws_iam_user_arn=described.iam_user_arn,
    snowflake_aws_external_id=described.external_id,
    opts=pulumi.ResourceOptions(depends_on=[membership, *grants, may_use_integration]),
)

pulumi.export("connection", connection.connection_id)
