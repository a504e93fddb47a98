"""With a warehouse behind it, credentials are tried, queries prepared and rows extracted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from emulator_calls import BODIES, CONNECTION, DATA_MODEL, PIPELINE, client_of, messages, moment

from warehouse_sync_pulumi.emulator import Behaviour, Emulator
from warehouse_sync_pulumi.emulator.warehouse import SAMPLE_ACCOUNT, open_warehouse

JANUARY = (moment("2023-01-01T00:00:00Z"), moment("2023-01-31T23:59:59Z"))


@pytest.fixture(scope="module")
def sample():
    warehouse = open_warehouse("sample")
    yield warehouse
    warehouse.close()


@pytest.fixture
def emulator():
    behaviour = Behaviour(token_seconds=10**9)
    with Emulator(start=moment("2023-02-01T15:13:22Z"), speed=0, behaviour=behaviour, warehouse="sample") as running:
        yield running


def model(**changes):
    return {**DATA_MODEL, **changes}


def test_the_sample_account_is_that_of_the_tests():
    assert SAMPLE_ACCOUNT.password == CONNECTION["password"]


@pytest.mark.parametrize("field", ["source_account_id", "region", "warehouse", "database", "role", "user", "password"])
def test_anything_wrong_with_a_connection_is_the_documented_505(emulator, api, field):
    answer = api.post("connections", json={**CONNECTION, field: "wrong"})
    assert answer.status_code == 505
    assert messages(answer)[0].startswith("Could not connect to the warehouse account: ")
    assert CONNECTION["password"] not in answer.text
    assert emulator.objects("connections") == {}


def test_names_compare_whatever_their_case_and_passwords_do_not(api):
    loud = {name: str(CONNECTION[name]).upper() for name in ("source_account_id", "database", "user", "warehouse")}
    assert api.post("connections", json={**CONNECTION, **loud}).status_code == 200
    assert api.post("connections", json={**CONNECTION, "id": "x", "password": "SAMPLE-PASSWORD"}).status_code == 505


def test_a_changed_connection_is_tried_again(emulator, api):
    api.post("connections", json=CONNECTION)
    assert api.put(f"connections/{CONNECTION['id']}", json={**CONNECTION, "password": "wrong"}).status_code == 505
    assert emulator.objects("connections")[CONNECTION["id"]]["password"] == CONNECTION["password"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT nothing FROM mp.demo_service.tickets", 'column "nothing" not found'),
        ("SELECT email FROM mp.demo_service.orders", "orders does not exist"),
        ("SELECT email FRO mp.demo_service.tickets", "SQL compilation error"),
        ("SELECT email FROM mp.demo_service.tickets", "does not select the load timestamp"),
        ("SELECT * FROM mp.demo_service.tickets;", "unexpected ';'"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT * FROM read_text('/etc/hosts')", "SQL compilation error"),
        # The reference's own sample: its alias t is defined nowhere.
        ("SELECT email AS email, COUNT(id) FROM mp.demo_service.tickets WHERE t.status = 'open'", '"t" not found'),
    ],
)
def test_a_bad_query_is_a_400_with_the_databases_message(emulator, api, query, said):
    answer = api.post("data-models", json=model(sql_query=query))
    assert answer.status_code == 400
    assert said in messages(answer)[0]
    assert "\n" not in messages(answer)[0]
    assert emulator.objects("data-models") == {}


def test_a_data_model_has_at_most_a_hundred_columns(api):
    columns = ", ".join(f"id AS column_{number}" for number in range(100))
    query = f"SELECT last_updated_date_time, {columns} FROM mp.demo_service.tickets"
    answer = api.post("data-models", json=model(sql_query=query))
    assert (answer.status_code, messages(answer)) == (400, ["A data model can have at most 100 columns."])


def test_snowflakes_own_words_are_understood(api):
    query = (
        "SELECT IFF(t.status = 'open', 1, 0) AS is_open, t.email::VARCHAR AS email, NVL(t.subject, '-') AS subject, "
        "MAX(t.last_updated_date_time) AS LAST_UPDATED_DATE_TIME FROM mp.demo_service.tickets AS t GROUP BY ALL"
    )
    assert api.post("data-models", json=model(sql_query=query)).status_code == 200


def test_a_runs_count_is_the_true_number_of_rows(emulator, api, pipeline):
    # From the pipeline's start, 2023-02-01 00:00, tickets follow at 06:00, 12:00 and so on.
    emulator.clock.set(moment("2023-02-03T00:00:01Z"))
    api.post(f"pipelines/{pipeline}")
    emulator.warehouse.execute(
        "DELETE FROM mp.demo_service.tickets WHERE last_updated_date_time = '2023-02-02 12:00:00+00'"
    )
    emulator.clock.advance(minutes=1)
    run = api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]
    assert run["pipeline_run_state"] == "success"
    names = ("records_extracted", "records_mapped", "event_batches_generated")
    assert [run[name] for name in names] == [8] * 3  # nine instants, both ends included, and one deleted


@pytest.mark.parametrize(
    ("column", "kind", "rows"),
    [
        ("last_updated_date_time", "timestamp_ltz", 124),
        ("last_updated_date_time", "timestamp_tz", 124),
        ("last_updated_utc", "timestamp_ntz", 124),
        ("last_updated_utc", "datetime", 124),
        ("last_updated_date", "date", 124),
        ("scanned_timestamp_ms", "timestamp_unixtime_ms", 124),
        ("scanned_timestamp_s", "timestamp_unixtime_s", 124),
    ],
)
def test_every_type_of_load_timestamp(sample, column, kind, rows):
    """31 days, a ticket every six hours."""
    data_model = model(
        sql_query=f"SELECT id, {column} FROM mp.demo_service.tickets",
        load_timestamp_field_name=column.upper(),
        load_timestamp_field_type=kind,
    )
    assert sample.columns(data_model) == ["id", column]
    assert sample.count(data_model, *JANUARY) == rows


@pytest.mark.parametrize(
    ("zone", "offset", "found"),
    [(None, 0, [0]), ("America/New_York", 0, []), ("Asia/Tokyo", 0, []), (None, 3600, []), (None, -6 * 3600, [1])],
)
def test_zone_and_offset_move_the_interval(sample, zone, offset, found):
    """Tickets lie at 00:00, 06:00 …; the interval is the first hour of a day."""
    data_model = model(
        sql_query="SELECT id, last_updated_utc FROM mp.demo_service.tickets WHERE id IN (4, 5)",
        load_timestamp_field_name="last_updated_utc",
        load_timestamp_field_type="timestamp_ntz",
        load_timestamp_field_time_zone=zone,
        load_timestamp_field_time_offset=offset,
    )
    hour = (moment("2023-01-02T00:00:00Z"), moment("2023-01-02T00:59:59Z"))
    assert sample.count(data_model, *hour) == len(found)


def test_a_run_whose_connection_went_bad_fails_and_says_why(emulator, api, pipeline):
    emulator.change("connections", CONNECTION["id"], password="rotated-away")
    api.post(f"pipelines/{pipeline}")
    emulator.clock.advance(minutes=1)
    status = api.get(f"pipelines/{pipeline}/status").json()
    assert status["latest_pipeline_run"]["pipeline_run_state"] == "failed"
    assert status["latest_pipeline_run"]["records_extracted"] is None
    assert (status["is_faulted"], status["is_connection_faulted"]) == (True, True)
    assert "incorrect user or password" in api.get(f"pipelines/{pipeline}").json()["faulted_reason"]
    api.put(f"connections/{CONNECTION['id']}", json=CONNECTION)
    api.post(f"pipelines/{pipeline}")
    emulator.clock.advance(minutes=1)
    status = api.get(f"pipelines/{pipeline}/status").json()
    assert (status["is_faulted"], status["is_connection_faulted"]) == (False, False)


def test_a_run_whose_table_is_gone_fails_and_says_why(emulator, api, pipeline):
    emulator.warehouse.execute("DROP TABLE mp.demo_service.tickets")
    api.post(f"pipelines/{pipeline}")
    emulator.clock.advance(minutes=1)
    assert api.get(f"pipelines/{pipeline}/status").json()["is_faulted"] is True
    assert "tickets does not exist" in api.get(f"pipelines/{pipeline}").json()["faulted_reason"]


def test_a_warehouse_of_ones_own(tmp_path):
    script = tmp_path / "shop.sql"
    script.write_text(
        "ATTACH ':memory:' AS shop; CREATE TABLE shop.main.orders AS SELECT 7 AS id, TIMESTAMP '2023-02-01 01:00' AS at"
    )
    query = {"sql_query": "SELECT id, at FROM shop.main.orders", "load_timestamp_field_name": "at"}
    bodies = {
        "connections": {**CONNECTION, "database": "shop"},
        "data-models": model(load_timestamp_field_type="timestamp_ntz", **query),
        "pipelines": PIPELINE,
    }
    with (
        Emulator(warehouse=script, start=moment("2023-02-02T00:00:00Z"), speed=0) as emulator,
        client_of(emulator) as api,
    ):
        assert bodies.keys() == BODIES.keys()
        for kind, body in bodies.items():
            assert api.post(kind, json=body).status_code == 200
        api.post(f"pipelines/{PIPELINE['id']}")
        emulator.clock.advance(minutes=1)
        status = api.get(f"pipelines/{PIPELINE['id']}/status").json()
        assert status["latest_pipeline_run"]["records_extracted"] == 1


def test_a_script_that_fails_says_why(tmp_path):
    script = tmp_path / "bad.sql"
    script.write_text("CREATE TABLE")
    with pytest.raises(ValueError, match="syntax error"):
        Emulator(warehouse=script)
    with pytest.raises(OSError, match="nothing"):
        Emulator(warehouse=tmp_path / "nothing.sql")


def test_eight_clients_share_the_warehouse(emulator, api, pipeline):
    def create(number):
        return api.post("data-models", json=model(id=f"m{number}")).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(create, range(40))) == {200}
