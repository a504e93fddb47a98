"""What is sent again, after which wait, and for how long in all."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import httpx
import pytest

from warehouse_sync_pulumi.api.gate import backoff
from warehouse_sync_pulumi.api.retry import REPEATABLE, retry_after
from warehouse_sync_pulumi.errors import AnswerLostError, UnreachableError

LOST = [
    httpx.ReadTimeout("timed out"),
    httpx.ReadError("reset by peer"),
    httpx.WriteError("broken pipe"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    408,
    500,
    502,
    503,
    504,
    520,
    524,
]
NEVER_SENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("timed out"), httpx.PoolTimeout("busy")]
ANSWERS = [200, 204, 302, 400, 401, 403, 404, 409, 501, 505]


def request(method, **more):
    return httpx.Request(method, "https://api.example/x", **more)


def date(**ahead):
    return format_datetime(datetime.now(timezone.utc) + timedelta(**ahead), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "1"}, 1),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": " 2 "}, 2),
        ({"Retry-After": "+3"}, 3),
        ({"Retry-After": ".5"}, 0.5),
        ({"Retry-After": "-1"}, 0),
        ({"Retry-After": "9" * 30}, 1e30),
        ({"Retry-After": "9" * 400}, float("inf")),
        ({"RetryAfter": "7"}, 7),
        ({"retryafter": "7"}, 7),
        ({"Retry-After": "soon", "RetryAfter": "8"}, 8),
        ({"Retry-After": date(hours=-1)}, 0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1e3"}, None),
        ({"Retry-After": "1_000"}, None),
        ({"Retry-After": "1, 2"}, None),
        ({"Retry-After": "0x10"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "Wed, 99 Oct 2015 07:28:00 GMT"}, None),
        ({"Retry-After": "Wed, 21 Oct 99999 07:28:00 GMT"}, None),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 +9999"}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers, seconds):
    assert retry_after(httpx.Headers({name: value.encode() for name, value in headers.items()})) == seconds


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000", "+0200"])
def test_retry_after_may_be_a_date(zone):
    hours = 2 if zone == "+0200" else 0
    text = date(seconds=90, hours=hours).replace("GMT", zone)
    asked = retry_after(httpx.Headers({"retry-after": text}))
    assert asked is not None
    assert 80 < asked <= 90


def test_back_off_doubles_up_to_a_bound_and_is_jittered():
    for failures in range(40):
        longest = min(0.25 * 2**failures, 20)
        waits = {backoff(failures) for _ in range(50)}
        assert longest / 2 <= min(waits) < max(waits) <= longest
    assert backoff(10**9) <= 20


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", [*LOST, *NEVER_SENT, 429], ids=str)
def test_what_may_be_repeated_is_sent_again_after_any_passing_failure(retrying, method, failure):
    sender = retrying(failure, failure, 200)
    assert sender.handle_request(request(method)).status_code == 200
    assert len(sender.sent) == 3


@pytest.mark.parametrize("failure", LOST, ids=str)
def test_a_post_is_never_sent_again_when_it_may_have_taken_effect(retrying, failure):
    sender = retrying(failure, 200)
    with pytest.raises(AnswerLostError):
        sender.handle_request(request("POST"))
    assert len(sender.sent) == 1


@pytest.mark.parametrize("failure", [*NEVER_SENT, 429], ids=str)
def test_a_post_is_sent_again_when_it_had_no_effect(retrying, failure):
    sender = retrying(failure, failure, 200)
    assert sender.handle_request(request("POST")).status_code == 200
    assert len(sender.sent) == 3


@pytest.mark.parametrize("failure", LOST, ids=str)
def test_a_request_for_a_token_is_sent_again(retrying, failure):
    sender = retrying(failure, 200)
    assert sender.handle_request(request("POST", extensions={REPEATABLE: True})).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize("status", ANSWERS)
def test_any_other_status_is_an_answer(retrying, method, status):
    sender = retrying(status)
    assert sender.handle_request(request(method)).status_code == status
    assert len(sender.sent) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_is_the_one_asked_for(retrying, clock, status):
    sender = retrying(httpx.Response(status, headers={"retry-after": "31.5"}), 200)
    sender.handle_request(request("GET"))
    assert sum(clock.slept) == pytest.approx(31.5)


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_of_zero_still_backs_off(retrying, clock, status):
    sender = retrying(httpx.Response(status, headers={"retry-after": "0"}), timeout=60)
    assert sender.handle_request(request("GET")).status_code == status
    assert len(sender.sent) < 15


@pytest.mark.parametrize("failure", [*LOST, *NEVER_SENT, 429], ids=str)
def test_the_total_wait_is_bounded(retrying, clock, failure):
    sender = retrying(failure, timeout=100)
    start = clock.now
    try:
        assert sender.handle_request(request("GET")).status_code == failure
    except (AnswerLostError, UnreachableError) as error:
        assert "gave up after" in str(error)  # noqa: PT017 - either outcome is right
    assert clock.now - start <= 100
    assert 3 <= len(sender.sent) <= 15


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_timeout_is_not_begun(retrying, clock, status):
    sender = retrying(httpx.Response(status, headers={"retry-after": "99999999999"}))
    assert sender.handle_request(request("GET")).status_code == status
    assert clock.slept == []


def test_after_giving_up_on_a_429_later_requests_find_the_gate_as_it_was_asked_to_be(retrying, clock):
    sender = retrying(httpx.Response(429, headers={"retry-after": "200"}), 200)
    sender.handle_request(request("GET"))
    with pytest.raises(UnreachableError, match=r"429, too many requests.*longer than the 120 s"):
        sender.handle_request(request("GET"))
    assert clock.slept == []
    clock.now += 201
    assert sender.handle_request(request("GET")).status_code == 200


def test_without_time_nothing_is_tried_again(retrying, clock):
    sender = retrying(503, timeout=0)
    assert sender.handle_request(request("GET")).status_code == 503
    assert (len(sender.sent), clock.slept) == (1, [])


def test_somebody_is_told_what_is_waited_for(retrying):
    told = []
    limited = httpx.Response(429, headers={"retry-after": "4", "x-mp-rate-limit-exceeded": "workspace"})
    sender = retrying(503, limited, httpx.ConnectError("refused"), 200, notify=told.append)
    sender.handle_request(request("GET"))
    assert told == [
        "the API answered 503; trying again in 0.2 s",
        "the API answered 503; trying again",
        "the API answered 429, too many requests of the workspace; trying again in 4.0 s",
        "the API answered 429, too many requests of the workspace; trying again",
        "no connection to api.example: refused; trying again in 0.5 s",
        "no connection to api.example: refused; trying again",
    ]


@pytest.mark.parametrize("first", [503, 429])
def test_when_nobody_waits_any_more_nothing_more_is_sent(retrying, first):
    """As after pulumi was killed."""

    def notify(message):
        if message.endswith("trying again"):
            raise UnreachableError(message)

    sender = retrying(first, notify=notify)
    for number in range(1, 6):  # more than the gate lets in at once: each has left it
        with pytest.raises(UnreachableError, match=f"answered {first}.*; trying again"):
            sender.handle_request(request("PUT"))
        assert len(sender.sent) <= number


def test_a_header_that_is_shown_cannot_rewrite_the_terminal(retrying):
    told = []
    hostile = httpx.Response(429, headers={"x-mp-rate-limit-exceeded": "\x1b[2Jworkspace"})
    retrying(hostile, 200, notify=told.append).handle_request(request("GET"))
    reason = "the API answered 429, too many requests"
    assert told == [f"{reason}; trying again in 0.2 s", f"{reason}; trying again"]


def test_what_a_broken_peer_sent_is_not_quoted(retrying):
    sender = retrying(httpx.RemoteProtocolError("illegal header line: bytearray(b'Bearer token-1')"), timeout=0)
    with pytest.raises(AnswerLostError, match="broke: the answer is not HTTP; gave up"):
        sender.handle_request(request("GET"))
