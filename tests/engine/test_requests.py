"""How many requests each operation makes: what a slow service or a strict limit makes users pay for."""

from __future__ import annotations

from collections import Counter

import pytest
from programs import CONNECTION, DATA_MODEL, PIPELINE

pytestmark = pytest.mark.hosts("extended")

EACH = 4
ALL = 3 * EACH
TOKEN = ("POST", "oauth/token")


def program(revision, each=EACH):
    """So many connections, data models and pipelines; another revision is another value in each of them."""
    return f"""
for number in range({each}):
    connection = Connection(f"c{{number}}", **{CONNECTION | {"warehouse": f"wh_{revision}"}!r})
    model = DataModel(f"m{{number}}", load_timestamp_field_time_offset={revision}, **{DATA_MODEL!r})
    wires = dict(connection_id=connection.connection_id, data_model_id=model.id)
    Pipeline(f"p{{number}}", schedule_end_time="203{revision}-01-01T00:00:00Z", **wires, **{PIPELINE!r})
"""


@pytest.fixture
def requests(emulator):
    """Counts the requests since it was last asked, by method; the one for a token is named."""

    def count():
        counts = Counter("token" if (entry.method, entry.path) == TOKEN else entry.method for entry in emulator.journal)
        emulator.journal.clear()
        return dict(counts)

    return count


def test_each_operation_makes_one_request_for_each_resource_it_writes(stack, requests):
    stack.program(program(1))
    stack.preview()
    assert requests() == {}
    stack.up()
    assert requests() == {"token": 1, "POST": ALL}

    stack.program(program(2))
    stack.preview()
    assert requests() == {}
    stack.up()
    assert requests() == {"token": 1, "GET": ALL, "PUT": ALL}

    stack.destroy()
    assert requests() == {"token": 1, "DELETE": ALL}


@pytest.mark.extended
@pytest.mark.parametrize("each", [pytest.param(1, marks=pytest.mark.extended), EACH])
def test_a_refresh_makes_one_request_for_each_kind_however_many_there_are(stack, requests, each):
    stack.program(program(1, each))
    stack.up()
    requests()
    stack.refresh()
    assert requests() == {"token": 1, "GET": 3}
    stack.up("--refresh")
    assert requests() == {"token": 1, "GET": 3}
