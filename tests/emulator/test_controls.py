"""Looking in and changing things from outside: in the process, and over HTTP for one that runs elsewhere."""

from __future__ import annotations

import threading

import pytest
from emulator_calls import BODIES, CONNECTION, PIPELINE, client_of

from warehouse_sync_pulumi.emulator import Emulator
from warehouse_sync_pulumi.emulator.controls.endpoints import CONTROLS


@pytest.fixture
def control(emulator, api):
    """Calls a control and gives its JSON."""

    def call(method, path="", status=200, **options):
        answer = api.request(method, f"{emulator.url}/_emulator/{path}", **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    return call


def test_what_is_held_is_a_copy_with_true_secrets(emulator, api, pipeline):
    held = emulator.objects("connections")
    assert held[CONNECTION["id"]]["password"] == CONNECTION["password"]
    held[CONNECTION["id"]]["name"] = "changed"
    assert emulator.objects("connections")[CONNECTION["id"]]["name"] == CONNECTION["name"]
    assert emulator.workspaces() == [1234]


def test_objects_put_changed_and_removed_from_outside(emulator, api):
    emulator.put_object("connections", id="c", password="of-someone-else")
    shown = api.get("connections/c").json()
    assert (shown["name"], shown["password"], shown["type"]) == ("c", "************", None)
    emulator.change("connections", "c", warehouse="other_wh")
    assert api.get("connections/c").json()["warehouse"] == "other_wh"
    emulator.remove("connections", "c")
    assert api.get("connections/c").status_code == 404
    for change in (emulator.change, emulator.remove):
        with pytest.raises(KeyError):
            change("connections", "c")


def test_each_workspace_holds_its_own(emulator, api):
    emulator.put_object("connections", 7, id="c")
    assert emulator.objects("connections") == {}
    assert list(emulator.objects("connections", workspace_id=7)) == ["c"]
    assert api.get("connections").json() == []


def test_clear_forgets_all(emulator, api, pipeline):
    emulator.clear()
    assert [emulator.objects(kind) for kind in BODIES] == [{}, {}, {}]
    assert len(emulator.journal) == 0


def test_the_environment_points_at_it(emulator):
    assert emulator.environment == {
        "WAREHOUSE_SYNC_API_URL": emulator.url,
        "WAREHOUSE_SYNC_AUTH_URL": f"{emulator.url}/oauth/token",
        "WAREHOUSE_SYNC_CLIENT_ID": "emulator-client",
        "WAREHOUSE_SYNC_CLIENT_SECRET": "emulator-client-secret",
        "WAREHOUSE_SYNC_WORKSPACE_ID": "1234",
    }


def test_the_journal_over_http(control, api, pipeline):
    assert [entry["path"] for entry in control("GET", "journal?method=POST&path=pipelines*")] == ["pipelines"]
    assert control("GET")["requests"] == 4
    control("DELETE", "journal")
    assert control("GET", "journal") == []


def test_objects_over_http(control, api, pipeline):
    assert control("GET", "objects/connections")[CONNECTION["id"]]["password"] == CONNECTION["password"]
    control("PUT", "objects/connections/c?workspace_id=7", json={"name": "C"})
    assert control("GET", "objects/connections?workspace_id=7")["c"]["workspace_id"] == 7
    control("PATCH", f"objects/pipelines/{pipeline}", json={"is_faulted": True})
    assert api.get(f"pipelines/{pipeline}").json()["is_faulted"] is True
    control("DELETE", f"objects/pipelines/{pipeline}")
    assert api.get(f"pipelines/{pipeline}").status_code == 404
    control("DELETE")
    assert control("GET", "objects/connections") == {}


def test_runs_over_http(control, api, pipeline):
    control("POST", f"runs/{pipeline}", json={"records_extracted": 7})
    assert api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]["records_extracted"] == 7


def test_the_clock_over_http(control):
    assert control("POST", "clock", json={"advance": 3600})["now"] == "2023-02-01T16:13:22+00:00"
    assert control("POST", "clock", json={"now": "2023-02-02T00:00:00Z"})["now"] == "2023-02-02T00:00:00+00:00"
    assert control("POST", "clock", json={"speed": 2})["speed"] == 2
    assert control("POST", "clock", status=400, json={"advance": -1})["errors"]


def test_faults_over_http(control, api, emulator):
    control("POST", "faults", json={"kind": "status", "status": 429, "headers": {"Retry-After": "7"}, "times": 2})
    assert api.get("connections").headers["Retry-After"] == "7"
    assert control("GET", "faults") == [{"kind": "status", "method": "*", "path": "*", "seen": 1, "struck": 1}]
    control("DELETE", "faults")
    assert api.get("connections").status_code == 200
    control("POST", "faults", json={"kind": "hold"})
    asking = threading.Thread(target=lambda: api.get("connections"))
    asking.start()
    next(iter(emulator.faults)).wait_until_held()
    control("POST", "faults/release")
    asking.join(5)
    assert not asking.is_alive()


def test_the_behaviour_over_http(control, api):
    assert control("PATCH", "behaviour", json={"duplicate_status": 409})["duplicate_status"] == 409
    api.post("connections", json=CONNECTION)
    assert api.post("connections", json=CONNECTION).status_code == 409
    assert (
        "duplicate_status"
        in control("PATCH", "behaviour", status=400, json={"duplicate_status": 1})["errors"][0]["message"]
    )


def test_every_token_can_expire_at_once(control, api, emulator):
    control("DELETE", "tokens")
    assert api.get("connections").status_code == 401


@pytest.mark.parametrize(("host", "status"), [("localhost:1", 200), ("evil.example:80", 403), ("", 403)])
def test_the_controls_answer_to_loopback_names_alone(emulator, api, host, status):
    assert api.get(f"{emulator.url}/_emulator", headers={"Host": host}).status_code == status


def test_the_sources_over_http(control):
    told = control("GET", "routes")
    assert {"page", "recorded"} == {route["source"] for route in told["routes"]}
    assert {"page", "recorded", "guess"} == {switch["source"] for switch in told["switches"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("PATCH", "journal", 404),
        ("GET", "objects/nothing", 404),
        ("DELETE", "objects/connections/nothing", 404),
        ("GET", "objects", 404),
        ("POST", "faults", 400),
        ("POST", "runs/nothing", 404),
    ],
)
def test_controls_that_do_not_exist_or_make_no_sense(control, method, path, status):
    assert control(method, path, status, json={} if "runs" in path else []).keys() == {"statusCode", "errors"}


def test_controls_are_no_requests_of_the_journal(control, emulator):
    before = len(emulator.journal)
    for method, path, _ in CONTROLS:
        if method == "GET" and "{" not in path:
            control(method, path)
    assert len(emulator.journal) == before


def test_the_state_outlives_the_emulator(tmp_path):
    state = tmp_path / "state.json"
    with Emulator(state=state) as emulator:
        emulator.put_object("connections", id="c", password="kept-secret")
        emulator.put_object("pipelines", id="p", connection_id="c", data_model_id="d", schedule_interval="on_demand")
        emulator.add_run("p", records_extracted=3)
    assert state.stat().st_mode & 0o777 == 0o600
    with Emulator(state=state) as emulator:
        assert emulator.objects("connections")["c"]["password"] == "kept-secret"
        with client_of(emulator) as api:
            api.get("connections/kept-secret")
        assert "kept-secret" not in repr(emulator.journal.as_json())
        assert emulator.add_run("p")["pipeline_run_id"] == 2
        emulator.remove("connections", "c")
    with Emulator(state=state) as emulator:
        assert emulator.objects("connections") == {}
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"next_run": 1, "objects": {}, "runs": []}', "nonsense"])
def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path, content):
    state = tmp_path / "state.json"
    state.write_text(content)
    with pytest.raises(ValueError, match="holds no state of an emulator"):
        Emulator(state=state)
    assert state.read_text() == content


def test_a_pipeline_put_in_from_outside_can_be_triggered(emulator, api):
    emulator.put_object("pipelines", **{name: value for name, value in PIPELINE.items() if name != "workspace_id"})
    assert api.post(f"pipelines/{PIPELINE['id']}").status_code == 200
