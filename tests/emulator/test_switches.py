"""Each switch, under each of its settings: a client can be tried whichever way the real service turns out."""

from __future__ import annotations

import pytest
from emulator_calls import BODIES, CONNECTION, DATA_MODEL, PIPELINE, client_of, messages, token_of

from warehouse_sync_pulumi.emulator import Behaviour, Clock
from warehouse_sync_pulumi.emulator.behaviour import parse_switch, switches
from warehouse_sync_pulumi.emulator.service.routes import ROUTES

MASK = "************"


@pytest.fixture
def connection(api):
    assert api.post("connections", json=CONNECTION).status_code == 200
    return CONNECTION["id"]


def held(emulator, kind="connections", name=CONNECTION["id"]):
    return emulator.objects(kind)[name]


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.parametrize("kind", BODIES)
def test_duplicate_status(emulator, api, pipeline, kind, status):
    emulator.set(duplicate_status=status)
    before = emulator.objects(kind)
    answer = api.post(kind, json={**BODIES[kind], "name": "Another"})
    assert answer.status_code == status
    assert messages(answer)[0].endswith("already exists.")
    assert emulator.objects(kind) == before


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("ignore", 200)])
def test_body_id_mismatch(emulator, api, connection, switch, status):
    emulator.set(body_id_mismatch=switch)
    assert api.put(f"connections/{connection}", json={**CONNECTION, "id": "other"}).status_code == status
    assert list(emulator.objects("connections")) == [connection]
    assert held(emulator)["id"] == connection


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("ignore", 200)])
def test_workspace_mismatch(emulator, api, switch, status):
    emulator.set(workspace_mismatch=switch)
    answer = api.post("connections", json={**CONNECTION, "workspace_id": 99})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["workspace_id"] == 1234
    assert emulator.objects("connections", workspace_id=99) == {}


@pytest.mark.parametrize("workspace", ["1234", True, 1234.0])
def test_a_workspace_of_a_wrong_type_is_refused_under_either_setting(emulator, api, workspace):
    for switch in ("reject", "ignore"):
        emulator.set(workspace_mismatch=switch)
        assert api.post("connections", json={**CONNECTION, "workspace_id": workspace}).status_code == 400


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("accept", 200)])
def test_type_change(emulator, api, connection, switch, status):
    emulator.set(type_change=switch, accept_any_type=True)
    assert api.put(f"connections/{connection}", json={**CONNECTION, "type": "bigquery"}).status_code == status
    assert held(emulator)["type"] == ("bigquery" if status == 200 else "snowflake")


@pytest.mark.parametrize(("switch", "status"), [(False, 400), (True, 200)])
def test_accept_any_type(emulator, api, switch, status):
    emulator.set(accept_any_type=switch)
    body = {
        "id": "bq",
        "name": "BigQuery",
        "type": "bigquery",
        "project_id": "p",
        "service_account_key": "the-key-file",
    }
    answer = api.post("connections", json=body)
    assert answer.status_code == status
    if status == 200:
        assert (answer.json()["project_id"], answer.json()["service_account_key"]) == ("p", MASK)
        assert held(emulator, name="bq")["service_account_key"] == "the-key-file"
        assert "the-key-file" not in repr(emulator.journal.as_json())


def test_an_object_of_any_type_has_an_id_and_fields_of_the_right_type(emulator, api):
    emulator.set(accept_any_type=True)
    answer = api.post("connections", json={"type": "bigquery", "region": 7})
    assert (answer.status_code, messages(answer)) == (400, ["id is required.", "region must be a string."])


@pytest.mark.parametrize("switch", ["ignore", "reject", "store"])
def test_unknown_field(emulator, api, switch):
    emulator.set(unknown_field=switch)
    answer = api.post("connections", json={**CONNECTION, "novelty": 7})
    if switch == "reject":
        assert messages(answer) == ["novelty is not a field of a connection."]
    else:
        assert answer.json().get("novelty") == {"ignore": None, "store": 7}[switch]


@pytest.mark.parametrize(("switch", "offset"), [("absent", 0), ("null", None)])
def test_explicit_null(emulator, api, switch, offset):
    emulator.set(explicit_null=switch)
    sent = api.post("data-models", json={**DATA_MODEL, "load_timestamp_field_time_offset": None}).json()
    left_out = api.post("data-models", json={**DATA_MODEL, "id": "other"}).json()
    assert sent["load_timestamp_field_time_offset"] == offset
    assert left_out["load_timestamp_field_time_offset"] == 0
    # What is required is so under either setting.
    assert api.post("connections", json={**CONNECTION, "password": None}).status_code == 400


@pytest.mark.parametrize(("switch", "zone"), [("clear", None), ("keep", "Europe/Paris")])
def test_put_absent(emulator, api, switch, zone):
    emulator.set(put_absent=switch)
    api.post("data-models", json={**DATA_MODEL, "load_timestamp_field_time_zone": "Europe/Paris"})
    answer = api.put(f"data-models/{DATA_MODEL['id']}", json=DATA_MODEL)
    assert answer.json()["load_timestamp_field_time_zone"] == zone


@pytest.mark.parametrize("null", [False, True])
@pytest.mark.parametrize(
    ("switch", "status", "password"),
    [("reject", 400, "sample-password"), ("keep", 200, "sample-password"), ("clear", 200, None)],
)
def test_put_absent_secret(emulator, api, connection, switch, status, password, null):
    emulator.set(put_absent_secret=switch, explicit_null="null")
    body = {name: value for name, value in CONNECTION.items() if name != "password"}
    answer = api.put(f"connections/{connection}", json={**body, "password": None} if null else body)
    assert answer.status_code == status
    assert held(emulator)["password"] == password


@pytest.mark.parametrize(
    ("switch", "status", "password"),
    [("overwrite", 200, MASK), ("keep", 200, "sample-password"), ("reject", 400, "sample-password")],
)
def test_secret_mask(emulator, api, connection, switch, status, password):
    emulator.set(secret_mask=switch)
    assert api.put(f"connections/{connection}", json={**CONNECTION, "password": MASK}).status_code == status
    assert held(emulator)["password"] == password


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("accept", 200)])
def test_missing_reference(emulator, api, switch, status):
    emulator.set(missing_reference=switch)
    answer = api.post("pipelines", json=PIPELINE)
    assert answer.status_code == status
    if status == 400:
        assert messages(answer) == [
            "Connection warehouse-connection was not found.",
            "Data model tickets-model was not found.",
        ]


@pytest.mark.parametrize("kind", ["connections", "data-models"])
@pytest.mark.parametrize(
    ("switch", "status", "left", "pipelines"), [("reject", 400, 1, 1), ("allow", 204, 0, 1), ("cascade", 204, 0, 0)]
)
def test_delete_in_use(emulator, api, pipeline, kind, switch, status, left, pipelines):
    emulator.set(delete_in_use=switch)
    answer = api.delete(f"{kind}/{BODIES[kind]['id']}")
    assert answer.status_code == status
    if status == 400:
        assert messages(answer)[0].endswith("is in use by pipeline tickets-pipeline.")
    assert (len(emulator.objects(kind)), len(emulator.objects("pipelines"))) == (left, pipelines)


@pytest.mark.parametrize("status", [404, 204])
def test_delete_missing(emulator, api, status):
    emulator.set(delete_missing=status)
    assert api.delete("connections/nothing").status_code == status
    assert emulator.journal[-1].took_effect is False


@pytest.mark.parametrize("switch", ["never", "when_used", "always"])
@pytest.mark.parametrize("sent", [None, False])
def test_recorded_fields(emulator, api, pipeline, switch, sent):
    emulator.set(recorded_fields=switch)
    body = {**CONNECTION, "id": "other"} if sent is None else {**CONNECTION, "id": "other", "is_active": sent}
    shown = api.post("connections", json=body).json()
    shows = {"never": False, "when_used": sent is not None, "always": True}[switch]
    assert ("is_active" in shown) is shows
    if shows:
        assert shown["is_active"] is (sent is None)
    assert ("mapping_id" in api.get(f"pipelines/{pipeline}").json()) is (switch == "always")
    api.post(f"pipelines/{pipeline}")
    run = api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]
    assert ("airflow_dag_id" in run) is (switch == "always")


def test_a_connections_activity_shows_in_the_status(emulator, api, pipeline):
    assert api.get(f"pipelines/{pipeline}/status").json()["is_connection_active"] is True
    api.put(f"connections/{CONNECTION['id']}", json={**CONNECTION, "is_active": False})
    assert api.get(f"pipelines/{pipeline}/status").json()["is_connection_active"] is False


def test_extra_fields(emulator, api, pipeline):
    kinds = ["connections", "data-models", "pipelines", "runs", "status"]
    emulator.set(extra_fields={kind: {"of_tomorrow": {"kind": kind}} for kind in kinds})
    api.post(f"pipelines/{pipeline}")
    status = api.get(f"pipelines/{pipeline}/status").json()
    found = [api.get(kind).json()[0] for kind in BODIES] + [status["latest_pipeline_run"], status]
    assert [item["of_tomorrow"]["kind"] for item in found] == kinds
    assert "of_tomorrow" not in held(emulator)


def test_fill_unset(emulator, api):
    emulator.set(fill_unset={"connections": {"snowflake_aws_external_id": "CHOSEN"}})
    assert api.post("connections", json=CONNECTION).json()["snowflake_aws_external_id"] == "CHOSEN"
    body = {**CONNECTION, "id": "other", "snowflake_aws_external_id": "GIVEN"}
    assert api.post("connections", json=body).json()["snowflake_aws_external_id"] == "GIVEN"


@pytest.mark.parametrize(
    ("switch", "kind", "field"),
    [
        ("fill_offset", "data-models", "load_timestamp_field_time_offset"),
        ("fill_start_time", "pipelines", "schedule_start_time"),
        ("fill_feed_id", "pipelines", "partner_feed_id"),
    ],
)
@pytest.mark.parametrize("fills", [True, False])
def test_what_the_server_fills_in(emulator, api, switch, kind, field, fills):
    emulator.set(**{switch: fills, "missing_reference": "accept"})
    body = {name: value for name, value in BODIES[kind].items() if name != field}
    assert (api.post(kind, json=body).json()[field] is not None) is fills


@pytest.mark.parametrize(("switch", "name"), [(False, "  Spaced "), (True, "Spaced")])
def test_trim_strings(emulator, api, switch, name):
    emulator.set(trim_strings=switch)
    assert api.post("connections", json={**CONNECTION, "name": "  Spaced "}).json()["name"] == name


@pytest.mark.parametrize(
    ("switch", "shown"),
    [
        ("utc", "2023-02-01T00:00:00Z"),
        ("as_sent", "2023-02-01T02:00:00.5+02:00"),
        ("milliseconds", "2023-02-01T00:00:00.000Z"),
        ("offset", "2023-02-01T00:00:00+00:00"),
    ],
)
def test_time_form(emulator, api, switch, shown):
    emulator.set(time_form=switch, missing_reference="accept")
    body = {**PIPELINE, "schedule_start_time": "2023-02-01T02:00:00.5+02:00"}
    assert api.post("pipelines", json=body).json()["schedule_start_time"] == shown


def test_visible_after_seconds(emulator, api, connection):
    emulator.set(visible_after_seconds=5)
    assert (api.get("connections").json(), api.get(f"connections/{connection}").status_code) == ([], 404)
    assert api.put(f"connections/{connection}", json=CONNECTION).status_code == 200
    emulator.clock.advance(seconds=5)
    assert len(api.get("connections").json()) == 1


def test_token_seconds(emulator, api):
    emulator.set(token_seconds=60)
    api.headers["Authorization"] = f"Bearer {token_of(api, emulator)}"
    emulator.clock.advance(seconds=60)
    assert api.get("connections").status_code == 401


def test_credentials(emulator, api):
    emulator.set(credentials={"me": "my-secret"})
    url = f"{emulator.url}/oauth/token"
    known = {"audience": "https://api.mparticle.com", "grant_type": "client_credentials"}
    for client, secret, status in (("me", "my-secret", 200), ("me", "other", 401), ("you", "my-secret", 401)):
        assert api.post(url, json={**known, "client_id": client, "client_secret": secret}).status_code == status


def test_forbidden_clients(emulator, api):
    emulator.set(forbidden_clients=frozenset({"some-client"}))
    answer = api.get("connections")
    assert (answer.status_code, messages(answer)) == (403, ["The client is not authorized."])


def test_workspaces(emulator, api):
    emulator.set(workspaces=frozenset({5328}))
    answer = api.get("connections")
    assert (answer.status_code, messages(answer)) == (404, ["Workspace 1234 was not found."])
    with client_of(emulator, 5328) as other:
        assert other.get("connections").status_code == 200


def test_max_active_pipelines(emulator, api, pipeline):
    emulator.set(max_active_pipelines=2)
    for number, active, status in ((2, True, 200), (3, True, 400), (4, False, 200)):
        body = {**PIPELINE, "id": f"p{number}", "is_active": active}
        assert api.post("pipelines", json=body).status_code == status
    assert api.put("pipelines/p2", json={**PIPELINE, "id": "p2"}).status_code == 200
    assert api.put("pipelines/p4", json={**PIPELINE, "id": "p4"}).status_code == 400


def test_rate_limit(emulator, api):
    emulator.set(rate_limit=(4, 10))
    used = [api.get("connections").headers["X-mp-rate-limit-percentage-used"] for _ in range(4)]
    assert used == ["25", "50", "75", "100"]
    emulator.clock.advance(seconds=2.5)
    answer = api.get("connections")
    assert answer.status_code == 429
    assert (answer.headers["Retry-After"], answer.headers["X-mp-rate-limit-exceeded"]) == ("8", "workspace")
    emulator.clock.advance(seconds=8)
    assert api.get("connections").status_code == 200


@pytest.fixture
def waits(monkeypatch):
    """How long each request waits, in place of waiting; tests of the clock itself are in test_time.py."""
    seconds = []
    monkeypatch.setattr(Clock, "wait", lambda _clock, wait, _stopping: seconds.append(wait))
    return seconds


@pytest.mark.parametrize(
    ("switch", "kind"),
    [("connection_seconds", "connections"), ("data_model_seconds", "data-models"), ("pipeline_seconds", "pipelines")],
)
def test_how_long_a_change_takes(emulator, api, waits, switch, kind):
    emulator.set(missing_reference="accept", **{switch: 3600.0})
    assert api.post(kind, json=BODIES[kind]).status_code == 200
    assert api.put(f"{kind}/{BODIES[kind]['id']}", json=BODIES[kind]).status_code == 200
    assert sum(waits) == 7200


def test_how_long_a_token_takes(emulator, api, waits):
    emulator.set(token_delay_seconds=3600.0)
    token_of(api, emulator)
    assert sum(waits) == 3600


def test_realistic_is_the_recorded_pace():
    behaviour = Behaviour.realistic(connection_seconds=1.0)
    assert (behaviour.connection_seconds, behaviour.status_after_seconds) == (1.0, 60.0)
    assert behaviour.max_active_pipelines == 5


@pytest.mark.parametrize("wrong", [{"duplicate_status": 500}, {"no_such_switch": 1}, {"page_size": "many"}])
def test_an_unknown_switch_or_value_is_refused(wrong):
    with pytest.raises(ValueError, match="validation error"):
        Behaviour(**wrong)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("duplicate_status", "409", 409),
        ("delete_in_use", "cascade", "cascade"),
        ("trim_strings", "true", True),
        ("run_records", "null", None),
        ("workspaces", "[1, 2]", frozenset({1, 2})),
        ("rate_limit", "[100, 60]", (100, 60.0)),
        ("run_fault", "asleep", "asleep"),
    ],
)
def test_a_switch_is_read_from_text(name, text, value):
    assert parse_switch(name, text) == value
    assert getattr(Behaviour(**{name: value}), name) == value


def test_every_switch_says_what_it_means_and_where_its_default_comes_from():
    for switch in switches():
        assert switch.source in ("page", "recorded", "guess")
        assert switch.text
        assert switch.values


def test_every_guess_of_a_route_is_a_switch():
    names = {switch.name for switch in switches()}
    assert all(set(route.guesses) <= names for route in ROUTES)
    assert all(route.source in ("page", "recorded", "guess") for route in ROUTES)
