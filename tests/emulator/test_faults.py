"""Any request can be made to fail, before or after it took effect."""

from __future__ import annotations

import gzip
import threading
from contextlib import suppress

import httpx
import pytest
from emulator_calls import CONNECTION, CREDENTIALS, messages

from warehouse_sync_pulumi.emulator import Fault


def create(api):
    return api.post("connections", json=CONNECTION)


@pytest.mark.parametrize(
    ("kind", "error", "effect"),
    [
        ("reset", httpx.ReadError, False),
        ("cut_before", httpx.RemoteProtocolError, False),
        ("cut_after", httpx.RemoteProtocolError, True),
        ("cut_body", httpx.RemoteProtocolError, True),
    ],
)
def test_a_connection_that_breaks(emulator, api, kind, error, effect):
    emulator.faults.add(Fault(kind=kind, method="POST", path="connections"))
    with pytest.raises(error):
        create(api)
    assert bool(emulator.objects("connections")) is effect
    entry = emulator.journal[-1]
    assert (entry.fault, entry.status, entry.took_effect) == (kind, None, effect)
    assert api.get("connections").status_code == 200


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504, 505])
def test_a_status_before_or_after_the_effect(emulator, api, status, after):
    emulator.faults.add(Fault(kind="status", status=status, after_effect=after))
    answer = create(api)
    assert answer.status_code == status
    assert len(messages(answer)) == 1
    assert bool(emulator.objects("connections")) is after
    assert emulator.journal[-1].took_effect is after
    assert emulator.journal[-1].status == status


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": text} for text in ("0", "1", "1.5", "-1", "99999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "soon")]
    + [{"RetryAfter": "2", "X-mp-rate-limit-exceeded": "account"}],
)
def test_any_form_of_retry_after(emulator, api, headers):
    emulator.faults.add(Fault(kind="status", status=429, headers=headers))
    answer = api.get("connections")
    assert answer.status_code == 429
    assert all(answer.headers[name] == value for name, value in headers.items())


def test_html_and_empty_bodies(emulator, api):
    emulator.faults.add(Fault(kind="status", status=502, format="html"))
    emulator.faults.add(Fault(kind="status", status=503, format="empty"))
    answer = api.get("connections")
    assert (answer.headers["Content-Type"], answer.text[:6]) == ("text/html", "<html>")
    assert api.get("connections").content == b""


def test_it_strikes_the_chosen_request_as_often_as_chosen(emulator, api):
    emulator.faults.add(Fault(kind="status", method="GET", path="connections/*", at=2, times=2))
    statuses = [api.get("connections/x").status_code for _ in range(5)]
    assert statuses == [404, 503, 503, 404, 404]
    assert api.get("connections").status_code == 200


def test_it_strikes_for_ever(emulator, api):
    emulator.faults.add(Fault(kind="status", status=401, times=None))
    assert [api.get("connections").status_code for _ in range(4)] == [401] * 4
    emulator.faults.clear()
    assert api.get("connections").status_code == 200


def test_a_path_can_be_a_regular_expression(emulator, api):
    emulator.faults.add(Fault(kind="status", path=r"^(connections|pipelines)/[ab]$", times=None))
    statuses = [api.get(path).status_code for path in ("connections/a", "pipelines/b", "pipelines/c", "data-models/a")]
    assert statuses == [503, 503, 404, 404]


def test_the_token_endpoint_fails_too(emulator, api):
    emulator.faults.add(Fault(kind="status", path="oauth/token", status=500))
    assert api.get("connections").status_code == 200
    assert api.post(f"{emulator.url}/oauth/token", json=CREDENTIALS).status_code == 500


def test_the_first_of_two_faults_strikes_and_both_count(emulator, api):
    first = emulator.faults.add(Fault(kind="status", status=502))
    second = emulator.faults.add(Fault(kind="status", status=503, times=None))
    assert [api.get("connections").status_code for _ in range(2)] == [502, 503]
    assert (first.struck, second.struck, second.seen) == (1, 1, 2)


@pytest.mark.parametrize("after", [False, True])
def test_a_held_request_takes_effect_before_or_after_its_release(emulator, api, after):
    held = emulator.faults.add(Fault(kind="hold", method="POST", after_effect=after))
    answers = []
    asking = threading.Thread(target=lambda: answers.append(create(api)))
    asking.start()
    held.wait_until_held()
    assert bool(emulator.objects("connections")) is after
    assert emulator.journal[-1].status is None
    held.release()
    asking.join(5)
    assert answers[0].status_code == 200
    assert emulator.objects("connections")


def test_a_delay_in_the_emulators_time(emulator, api):
    emulator.faults.add(Fault(kind="delay", seconds=3600, emulator_time=True))
    asking = threading.Thread(target=lambda: create(api))
    asking.start()
    emulator.journal.wait_for("POST", "connections")
    assert asking.is_alive()
    while asking.is_alive():
        emulator.clock.advance(hours=1)
        asking.join(0.05)
    assert emulator.objects("connections")


def test_a_delay_in_real_time(emulator, api):
    emulator.faults.add(Fault(kind="delay", seconds=5))
    with pytest.raises(httpx.ReadTimeout):
        api.get("connections", timeout=0.05)


def test_a_stalled_body_goes_on_when_it_is_released(emulator, api):
    create(api)
    stalled = emulator.faults.add(Fault(kind="stall"))
    answers = []
    asking = threading.Thread(target=lambda: answers.append(api.get("connections")))
    asking.start()
    stalled.wait_until_held()
    stalled.release()
    asking.join(5)
    assert answers[0].json()[0]["id"] == CONNECTION["id"]


def test_garbage(emulator, api):
    emulator.faults.add(Fault(kind="garbage"))
    emulator.faults.add(Fault(kind="garbage", body='{"id": 7}'))
    with pytest.raises(ValueError, match="Expecting value"):
        create(api).json()
    assert create(api).json() == {"id": 7}
    assert emulator.objects("connections") == {}


def test_nested_huge_and_packed_bodies(emulator, api):
    for kind in ("nested", "huge", "bomb"):
        emulator.faults.add(Fault(kind=kind, size=8 * 1024 * 1024))
    with pytest.raises(RecursionError):
        api.get("connections").json()
    assert len(api.get("connections").content) == 8 * 1024 * 1024
    with api.stream("GET", "connections") as answer:
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 20_000
    assert len(gzip.decompress(packed)) > 8 * 1024 * 1024


def test_a_redirect(emulator, api):
    emulator.faults.add(Fault(kind="redirect", location="http://127.0.0.1:1/elsewhere"))
    emulator.faults.add(Fault(kind="redirect", status=302, location="/here"))
    answers = [api.get("connections") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [307, 302]
    assert answers[0].headers["Location"] == "http://127.0.0.1:1/elsewhere"


def test_secrets_that_are_repeated(emulator, api):
    emulator.faults.add(Fault(kind="echo", method="POST"))
    emulator.faults.add(Fault(kind="echo_field", method="POST"))
    answer = create(api)
    assert answer.status_code == 400
    assert CONNECTION["password"] in messages(answer)[0]
    assert emulator.objects("connections") == {}
    answer = create(api).json()
    assert CONNECTION["password"] in answer["note"]
    assert answer["password"] == "************"


def test_a_stopped_emulator_refuses_and_a_started_one_remembers(emulator, api):
    create(api)
    emulator.stop()
    with pytest.raises(httpx.ConnectError):
        api.get("connections")
    emulator.start()
    assert len(api.get("connections").json()) == 1


def test_stopping_releases_what_is_held(emulator, api):
    held = emulator.faults.add(Fault(kind="hold"))

    def ask():
        with suppress(httpx.HTTPError):  # whether the answer still gets through is left open
            api.get("connections")

    asking = threading.Thread(target=ask)
    asking.start()
    held.wait_until_held()
    emulator.stop()
    asking.join(5)
    assert not asking.is_alive()


@pytest.mark.parametrize("wrong", [{"kind": "nonsense"}, {"kind": "delay", "second": 1}, {}])
def test_a_fault_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="validation error"):
        Fault(**wrong)
