"""The deadlines of a connection, by arithmetic alone."""

from math import inf

import pytest

from hyper.h2.timers import Timer, Timers


@pytest.mark.parametrize("timer", Timer, ids=lambda timer: timer.name)
def test_a_timer_counts_from_the_next_time_that_is_told(timer: Timer) -> None:
    timers = Timers()
    timers.start(timer, 5.0)
    assert timers.next() is None, "without a clock there is nothing to be due at"
    assert timers.expired(1e9) is None, "and nothing is"
    timers.tell(100.0)
    assert timers.next() == 105.0, "now there is"
    assert timers.expired(104.9) is None, "not yet"
    assert timers.expired(105.0) is timer, "now"
    assert timers.expired(1e9) is None, "once"
    assert timers.next() is None, "nothing else runs"


def test_a_timer_that_waits_for_the_time_asks_to_be_told_at_once() -> None:
    timers = Timers()
    timers.tell(100.0)
    timers.start(Timer.ACKNOWLEDGEMENT, 5.0)
    assert timers.next() == 100.0, "100 may be long ago: it would be too early to count from there"
    assert timers.expired(200.0) is None, "and too early to be due"
    timers.tell(200.0)
    assert timers.next() == 205.0, "five seconds from when somebody looked at a clock"


def test_a_timer_with_a_known_time_is_due_then() -> None:
    timers = Timers()
    timers.put(Timer.ACKNOWLEDGEMENT, 7.0)
    assert timers.next() == 7.0
    timers.put(Timer.ACKNOWLEDGEMENT, 9.0)
    assert timers.next() == 9.0, "it is one timer, and the latest word counts"
    timers.put(Timer.ACKNOWLEDGEMENT, inf)
    assert timers.next() is None, "never"


@pytest.mark.parametrize("told", [True, False], ids=["running", "waiting"])
def test_a_timer_that_was_stopped_is_never_due(told: bool) -> None:
    for stop_all in (True, False):
        timers = Timers()
        timers.start(Timer.ACKNOWLEDGEMENT, 5.0)
        if told:
            timers.tell(100.0)
        assert timers.runs(Timer.ACKNOWLEDGEMENT)
        if stop_all:
            timers.clear()
        else:
            timers.stop(Timer.ACKNOWLEDGEMENT)
        timers.tell(200.0)
        assert not timers.runs(Timer.ACKNOWLEDGEMENT)
        assert timers.next() is None
        assert timers.expired(1e9) is None


def test_a_timer_that_never_ends_is_never_due() -> None:
    timers = Timers()
    timers.start(Timer.ACKNOWLEDGEMENT, inf)
    timers.tell(100.0)
    assert timers.next() is None, "`inf` stands for never"
    assert timers.expired(1e300) is None
