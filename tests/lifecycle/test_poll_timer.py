"""How long a wait pauses, and when it ends."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.lifecycle.poll_timer import CancelledError, PollTimer, TimedOutError


class Clock:
    """A clock that only waiting moves; a wait on it may be cancelled."""

    def __init__(self):
        self.now, self.pauses, self.cancelled = 100.0, [], False

    def wait(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds
        return self.cancelled


@pytest.fixture
def clock():
    return Clock()


def timer(clock, seconds, tell=lambda _: None):
    return PollTimer(seconds, clock, tell, lambda: clock.now)


def test_pauses_grow_up_to_the_longest_and_begin_anew_with_something_new(clock):
    waiting = timer(clock, 1000)
    for _ in range(12):
        waiting.pause()
    assert clock.pauses[:3] == [0.5, 0.75, 1.125]
    assert clock.pauses[-2:] == [15, 15]
    waiting.renew()
    waiting.pause()
    assert clock.pauses[-1] == 0.5


def test_the_last_pause_ends_with_the_time_and_there_is_none_after_it(clock):
    waiting = timer(clock, 1)
    waiting.pause()
    waiting.pause()
    assert clock.pauses == [0.5, 0.5]
    with pytest.raises(TimedOutError, match="after 1 s"):
        waiting.pause()
    assert clock.pauses == [0.5, 0.5]


def test_whoever_asks_to_stop_is_heard(clock):
    clock.cancelled = True
    with pytest.raises(CancelledError, match="and the wait was interrupted"):
        timer(clock, 1).pause()


def test_only_news_is_told(clock):
    told = []
    waiting = timer(clock, 1, told.append)
    for message in ("queued", "queued", "running", "queued"):
        waiting.tell(message)
    assert told == ["queued", "running", "queued"]
