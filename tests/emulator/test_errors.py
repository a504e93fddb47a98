"""Whatever is sent, the answer is in the documented error form."""

from __future__ import annotations

import json
import socket

import httpx
import pytest
from emulator_calls import BODIES, CONNECTION, CREDENTIALS, DATA_MODEL, PIPELINE, messages


@pytest.mark.parametrize("sent", [b"", b"{", b"nothing", b"\xff\xfe", b"[" * 100_000, b'{"id": NaN'])
def test_malformed_json(api, sent):
    answer = api.post("connections", content=sent)
    assert answer.status_code == 400
    assert messages(answer) == ["The request body is not valid JSON."]


@pytest.mark.parametrize("sent", ["[]", '"text"', "1", "null", "true"])
def test_json_that_is_no_object(api, sent):
    answer = api.post("connections", content=sent)
    assert answer.status_code == 400
    assert messages(answer) == ["The request body must be a JSON object."]


@pytest.mark.parametrize(
    "path", ["", "nothing", "connections/a/b", "connections/", "pipelines/p/status/x", "CONNECTIONS"]
)
def test_unknown_paths(api, path):
    answer = api.get(path)
    assert answer.status_code == 404
    assert messages(answer) == ["The requested resource was not found."]


@pytest.mark.parametrize("path", ["/", "/platform/v2/workspaces/1234/inputs/warehouse/connections", "/platform"])
def test_paths_outside_the_base(emulator, api, path):
    answer = api.get(emulator.url + path)
    assert answer.status_code == 404
    assert messages(answer) == ["The requested resource was not found."]


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "connections"), ("DELETE", "pipelines"), ("PUT", "pipelines/p/status"), ("BREW", "connections")],
)
def test_unknown_methods(api, method, path):
    answer = api.request(method, path)
    assert answer.status_code == 405
    assert len(messages(answer)) == 1
    allowed = {"PATCH": "GET, POST", "DELETE": "GET, POST", "PUT": "GET", "BREW": None}[method]
    assert answer.headers.get("Allow") == allowed


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("wrong", [1, 1.5, True, [], {}])
def test_wrong_types(api, kind, wrong):
    body = {**BODIES[kind], "id": "x", "name": wrong}
    answer = api.post(kind, json=body)
    assert answer.status_code == 400
    assert messages(answer) == ["name must be a string."]


def test_a_number_with_a_fraction_part_is_no_integer(api):
    body = {**DATA_MODEL, "load_timestamp_field_time_offset": 1800.0}
    answer = api.post("data-models", content=httpx.Request("POST", "http://x", json=body).content)
    assert messages(answer) == ["load_timestamp_field_time_offset must be an integer."]
    assert messages(api.post("pipelines", json={**PIPELINE, "partner_feed_id": "2124"})) == [
        "partner_feed_id must be an integer."
    ]
    assert messages(api.post("pipelines", json={**PIPELINE, "is_active": 1})) == ["is_active must be a boolean."]


def test_everything_that_is_wrong_is_said_at_once(api):
    answer = api.post(
        "pipelines",
        json={**PIPELINE, "id": "a b", "environment": "test", "schedule_interval": "yearly", "partner_feed_key": ""},
    )
    assert messages(answer) == [
        "id must be a slug: numbers, letters, _ and - alone.",
        "partner_feed_key must not be empty.",
        "schedule_interval must be one of: hourly, daily, weekly, monthly, on_demand, once.",
        "environment must be one of: development, production.",
    ]


@pytest.mark.parametrize("kind", BODIES)
def test_a_refusal_shows_no_value(emulator, api, kind):
    """Nor a sibling's, such as a password."""
    wrong = {name: {"sentinel": "sentinel"} for name in BODIES[kind]}
    for body in (wrong, {**BODIES[kind], "id": "sentinel !", "password": "sentinel", "partner_feed_key": ["sentinel"]}):
        answer = api.post(kind, json=body)
        assert answer.status_code == 400
        assert "sentinel" not in " ".join(messages(answer))
    for path, body in (
        ("oauth/token", {**CREDENTIALS, "client_secret": "sentinel", "audience": "sentinel"}),
        ("oauth/token", {name: ["sentinel"] for name in CREDENTIALS}),
        ("_emulator/faults", {"kind": "sentinel", "body": ["sentinel"], "novelty": "sentinel"}),
        ("_emulator/clock", {"advance": "sentinel", "now": ["sentinel"]}),
    ):
        answer = api.post(f"{emulator.url}/{path}", json=body)
        assert answer.status_code in (400, 403)
        assert "sentinel" not in answer.text


@pytest.mark.parametrize("kind", BODIES)
def test_a_required_field_that_is_missing(api, kind):
    answer = api.post(kind, json={})
    assert answer.status_code == 400
    assert "id is required." in messages(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schedule_start_time", "2023-02-01"),
        ("schedule_start_time", "2023-02-01T00:00:00"),
        ("schedule_end_time", "tomorrow"),
        ("schedule_end_time", "2023-13-01T00:00:00Z"),
    ],
)
def test_timestamps_that_are_none(api, field, value):
    assert messages(api.post("pipelines", json={**PIPELINE, field: value})) == [
        f"{field} must be a timestamp such as 2022-10-30T11:00:16Z."
    ]


def test_an_end_before_the_start(api):
    body = {**PIPELINE, "schedule_end_time": PIPELINE["schedule_start_time"]}
    assert messages(api.post("pipelines", json=body)) == ["schedule_end_time must be after schedule_start_time."]


def test_a_time_zone_that_does_not_exist(api):
    body = {**DATA_MODEL, "load_timestamp_field_time_zone": "Mars/Olympus"}
    assert messages(api.post("data-models", json=body)) == [
        "load_timestamp_field_time_zone must be an IANA time zone name."
    ]


@pytest.mark.parametrize("statement", ["DELETE FROM t", "WITH a AS (SELECT 1) SELECT * FROM a", "DROP TABLE t", " "])
def test_a_query_that_is_no_select(api, statement):
    assert api.post("data-models", json={**DATA_MODEL, "sql_query": statement}).status_code == 400


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_something_that_is_not_there(api, kind, method):
    answer = api.request(method, f"{kind}/nothing", json={} if method == "PUT" else None)
    assert answer.status_code == 404
    assert messages(answer)[0].endswith("nothing was not found.")


@pytest.mark.parametrize("path", ["status", "status/runs", "status/runs/1"])
def test_the_runs_of_a_pipeline_that_is_not_there(api, path):
    assert api.get(f"pipelines/nothing/{path}").status_code == 404


def test_a_run_that_is_not_there(api, pipeline):
    assert messages(api.get(f"pipelines/{pipeline}/status/runs/77")) == [
        "Pipeline run 77 of pipeline tickets-pipeline was not found."
    ]


@pytest.mark.parametrize("query", ["currentPage=x", "currentPage=0", "pageSize=0", "pageSize=-1", "startDate=soon"])
def test_a_page_that_cannot_be(api, pipeline, query):
    assert api.get(f"pipelines/{pipeline}/status/runs?{query}").status_code == 400


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eA=="}])
def test_a_token_that_was_not_issued(emulator, header):
    url = f"{emulator.url}/platform/v1/workspaces/1/inputs/warehouse/connections"
    answer = httpx.get(url, headers=header)
    assert answer.status_code == 401
    assert messages(answer) == ["Authentication failed."]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"grant_type": "password"}, 403),
        ({"client_secret": ""}, 401),
        ({"client_id": 7}, 401),
        ({"audience": "https://elsewhere"}, 403),
    ],
)
def test_token_requests_that_are_refused(emulator, change, status):
    answer = httpx.post(f"{emulator.url}/oauth/token", json={**CREDENTIALS, **change})
    assert answer.status_code == status
    assert answer.json().keys() == {"error", "error_description"}


def test_what_the_http_parser_refuses_is_in_the_same_form(emulator):
    port = int(emulator.url.rpartition(":")[2])
    for sent in (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            raw.sendall(sent)
            received = b"".join(iter(lambda raw=raw: raw.recv(65536), b""))
            assert received.startswith(b"HTTP/1.1 ")
            assert b'{"statusCode": ' in received
            assert b"Traceback" not in received


def test_an_unexpected_fault_of_the_emulator_is_no_trace(emulator, api, monkeypatch, caplog):
    monkeypatch.setattr(type(emulator._service), "list", lambda *_: 1 / 0)
    answer = api.get("connections")
    assert answer.status_code == 500
    assert messages(answer) == ["An unexpected error occurred."]
    assert "ZeroDivisionError" in caplog.text


def test_ids_that_climb_reach_nothing(emulator, api):
    for path in ("connections/..%2Fpipelines", "connections/%2e%2e", "connections/.."):
        raw = httpx.URL(str(api.base_url) + path)
        assert api.get(raw).status_code in (404, 405)
    assert emulator.objects("connections") == {}


def test_the_first_version_and_v1_show_the_same_objects(emulator, api):
    assert api.post("connections", json=CONNECTION).status_code == 200
    other = str(api.base_url).replace("experimental", "v1")
    assert api.get(f"{other}connections/{CONNECTION['id']}").json()["id"] == CONNECTION["id"]
    assert [entry.api_version for entry in emulator.journal[1:]] == ["experimental", "v1"]


@pytest.mark.parametrize("begin", ["-- a comment; DELETE\n", "/* of\nlines */ ", "(", "\n  -- one\n/* two */"])
def test_a_select_may_follow_comments(api, begin):
    query = begin + DATA_MODEL["sql_query"]
    assert api.post("data-models", json={**DATA_MODEL, "sql_query": query}).status_code == 200


@pytest.mark.parametrize("kind", BODIES)
def test_text_that_is_no_unicode_is_harmless(emulator, api, kind):
    emulator.set(missing_reference="accept")
    field = {"connections": "user", "data-models": "sql_query", "pipelines": "partner_feed_key"}[kind]
    body = json.dumps({**BODIES[kind], field: f"{BODIES[kind][field]}\ud800"})
    assert api.post(kind, content=body).status_code == 200
