"""The one deadline of a connection: what is waited for, and until when."""

from hyper.h1 import clock
from hyper.h1.clock import Clock
from hyper.h1.limits import Limits

LIMITS = Limits(
    first_byte_timeout=5,
    head_timeout=10,
    idle_timeout=75,
    body_timeout=30,
    body_grace=10,
    min_body_rate=100,
    drain_timeout=1,
)


def told(now: float = 0.0) -> Clock:
    """A clock that knows what time it is."""
    made = Clock(LIMITS)
    made.due(now, 0)
    made.told = True
    return made


def test_each_wait_has_its_patience() -> None:
    for wait, patience in (
        (clock.FIRST_BYTE, 5),
        (clock.HEAD, 10),
        (clock.NEXT_REQUEST, 75),
        (clock.CONTENT, 10),
        (clock.DRAIN, 1),
    ):
        timer = told()
        timer.wait(wait, 100.0, 0)
        assert timer.deadline == 100.0 + patience
        assert timer.due(99.0 + patience, 0) == clock.NOTHING, "a second early"
        assert timer.due(100.0 + patience, 0) == wait
        assert timer.due(200.0 + patience, 0) == clock.NOTHING, "once"


def test_a_wait_that_goes_on_counts_from_its_beginning() -> None:
    timer = told()
    timer.wait(clock.HEAD, 0.0, 1)
    timer.wait(clock.HEAD, 9.0, 2)
    assert timer.deadline == 10.0, "one byte every nine seconds is Slowloris"


def test_a_wait_that_ended_begins_anew() -> None:
    timer = told()
    timer.wait(clock.HEAD, 0.0, 1)
    timer.stop()
    timer.wait(clock.HEAD, 9.0, 2)
    assert timer.deadline == 19.0


def test_what_came_and_was_not_looked_at_is_no_delay_of_the_peer_s() -> None:
    timer = told()
    timer.wait(clock.HEAD, 0.0, 10)
    assert timer.due(11.0, 11) == clock.NOTHING, "the rest of the head may be in the buffer"
    timer.wait(clock.HEAD, 11.0, 11)
    assert timer.due(11.0, 11) == clock.HEAD


def test_a_deadline_that_began_at_an_unknown_time_is_given_once_more() -> None:
    timer = Clock(LIMITS)
    timer.told = False
    timer.wait(clock.NEXT_REQUEST, 0.0, 0)
    assert timer.due(1_000.0, 0) == clock.NOTHING, "the response may have ended a moment ago"
    assert timer.deadline == 1_075.0
    assert timer.due(1_075.0, 0) == clock.NEXT_REQUEST


def test_content_pays_for_time() -> None:
    timer = told()
    timer.wait(clock.CONTENT, 0.0, 0)
    assert timer.deadline == 10.0
    timer.wait(clock.CONTENT, 5.0, 1_000)
    assert timer.deadline == 20.0, "a thousand bytes at a hundred a second"
    timer.wait(clock.CONTENT, 6.0, 10_000)
    assert timer.deadline == 36.0, "never more than 30 s ahead"
    timer.wait(clock.CONTENT, 35.0, 10_001)
    assert timer.deadline == 36.01, "a byte pays for a hundredth"
    assert timer.due(37.0, 10_001) == clock.CONTENT


def test_a_caller_that_held_back_reading_gives_the_peer_a_new_start() -> None:
    timer = told()
    timer.wait(clock.CONTENT, 0.0, 0)
    timer.wait(clock.CONTENT, 500.0, 100)
    assert timer.deadline == 511.0, "the peer may have been waiting for us"


def test_no_news_is_no_progress() -> None:
    timer = told()
    timer.wait(clock.CONTENT, 0.0, 50)
    timer.wait(clock.CONTENT, 9.0, 50)
    assert timer.deadline == 10.0
