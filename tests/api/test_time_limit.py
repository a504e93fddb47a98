"""The bound on a whole operation: over its attempts, its waits, and what others do for it."""

from __future__ import annotations

import threading

import httpx
import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.shared_failure import SharedFailureLock
from warehouse_sync_pulumi.api.time_limit import current, time_limit
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import AnswerLostError, UnreachableError

OVER = "timed out after the {} s of its custom_timeouts; run `pulumi up` again to go on"
PIPELINES = Address(1234, "pipelines", "pipeline")


def get(method="GET"):
    return httpx.Request(method, "https://api.example/x", extensions={"timeout": {"read": 90.0, "connect": 10.0}})


@pytest.mark.parametrize("nothing", [None, 0, 0.0])
def test_without_one_nothing_is_bound(nothing):
    with time_limit(nothing):
        assert current().left == float("inf")


def test_retries_end_with_it(retrying, clock):
    transport = retrying(503)
    with time_limit(5), pytest.raises(AnswerLostError, match=OVER.format(5)) as caught:
        transport.handle_request(get())
    assert "the API answered 503" in str(caught.value)
    assert clock.now <= 1005
    assert len(transport.sent) > 2


def test_a_wait_that_the_service_asks_for_ends_with_it(retrying, clock):
    transport = retrying(httpx.Response(429, headers={"Retry-After": "60"}))
    with time_limit(5), pytest.raises(UnreachableError, match=OVER.format(5)):
        transport.handle_request(get("POST"))
    assert clock.now <= 1005
    assert len(transport.sent) == 1


def test_nothing_is_sent_once_it_is_over(retrying, clock):
    transport = retrying(200)
    with time_limit(5):
        clock.sleep(5)
        with pytest.raises(UnreachableError, match=OVER.format(5)):
            transport.handle_request(get())
    assert transport.sent == []


def test_each_step_of_a_request_has_the_time_that_is_left(retrying, clock):
    transport = retrying(200)
    with time_limit(30):
        clock.sleep(25)
        transport.handle_request(get())
    assert transport.sent[0].extensions["timeout"] == {"read": 5.0, "connect": 5.0}


def test_a_longer_one_than_the_settings_allow_changes_nothing(retrying, clock):
    transport = retrying(503, timeout=10)
    with time_limit(600):
        assert transport.handle_request(get()).status_code == 503
    assert clock.now < 1011


def test_an_answer_that_does_not_come_ends_with_it(client, emulator):
    held = emulator.faults.add(Fault(kind="hold", path="pipelines", times=None))
    with time_limit(0.3), pytest.raises(AnswerLostError, match=OVER.format(0.3)):
        client().list(PIPELINES)
    held.release()


def test_who_waits_for_another_thread_waits_no_longer():
    lock, held, done = SharedFailureLock(), threading.Event(), threading.Event()

    def hold():
        with lock.hold():
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with time_limit(0.05), pytest.raises(UnreachableError, match=OVER.format(0.05)), lock.hold():
        pass
    done.set()
    thread.join()


def test_a_failure_by_lack_of_time_is_nobody_elses():
    lock = SharedFailureLock()
    with time_limit(0.05), pytest.raises(UnreachableError), lock.hold():
        raise UnreachableError(str(current()))
    assert lock._failure is None
