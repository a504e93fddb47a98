"""A service that does everything otherwise that the paper leaves open, all at once, under the real engine."""

from __future__ import annotations

import pytest
from programs import three

pytestmark = pytest.mark.hosts("extended")
KINDS = ("connections", "data-models", "pipelines")
ODD = {
    "keeps and adds": {
        "duplicate_status": 409,
        "explicit_null": "null",
        "put_absent": "keep",
        "put_absent_secret": "keep",
        "secret_mask": "keep",
        "unknown_field": "store",
        "type_change": "accept",
        "delete_in_use": "allow",
        "delete_missing": 204,
        "recorded_fields": "always",
        "trim_strings": True,
        "time_form": "offset",
        "extra_fields": {kind: {"mapping_id": 7, "deep": {"a": [1, None, "x"]}} for kind in KINDS},
        "fill_unset": {"connections": {"snowflake_aws_external_id": "chosen"}},
    },
    "refuses and hides": {
        "unknown_field": "reject",
        "put_absent_secret": "reject",
        "secret_mask": "reject",
        "body_id_mismatch": "reject",
        "recorded_fields": "never",
        "fill_offset": False,
        "fill_start_time": False,
        "fill_feed_id": False,
        "time_form": "milliseconds",
        "token_seconds": 1,
    },
}


@pytest.mark.counted("odd service")
@pytest.mark.extended
@pytest.mark.parametrize("service", ODD)
def test_the_whole_life(case, service):
    with case("empty") as at:
        stack, emulator = at.stack, at.emulator
        emulator.set(**ODD[service])
        first = three(data_model={"sql_query": "\nSELECT t.a, t.b FROM d.s.t AS t\n", "load_timestamp_field_name": "b"})
        stack.program(first)
        stack.up()
        assert stack.is_unchanged()
        assert stack.is_unchanged("--refresh")
        stack.program(
            three(
                connection={"role": "other", "is_active": True},
                data_model={"load_timestamp_field_time_offset": 60},
                pipeline={"schedule_start_time": "2023-03-01T05:00:00+05:00", "is_active": False},
            )
        )
        stack.up()
        assert stack.is_unchanged("--refresh")
        stack.program(first)
        stack.up()
        stack.refresh()
        assert stack.is_unchanged()
        stack.destroy()
        assert not any(emulator.objects(kind) for kind in KINDS)
