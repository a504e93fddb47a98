"""What the support team sends to mParticle, by a component that other teams use as well."""

import pulumi
from team_sync import Query, TeamSync

from warehouse_sync_pulumi import ScheduleInterval

config = pulumi.Config()

support = TeamSync(
    "support",
    warehouse={
        "source_account_id": "gd1234",
        "region": "us-central1.gcp",
        "warehouse": "compute_wh",
        "database": "mp",
        "role": "mp_role",
        "user": "mp_user",
        "password": config.require_secret("snowflakePassword"),
    },
    feed_key=config.require_secret("partnerFeedKey"),
    queries={
        "tickets": Query(
            "SELECT email, subject, last_updated_date_time FROM mp.demo_service.tickets", ScheduleInterval.HOURLY
        ),
        "states": Query("SELECT email, status, last_updated_date_time FROM mp.demo_service.tickets"),
    },
)

for name, pipeline in support.pipelines.items():
    pulumi.export(name, pipeline.pipeline_id)
