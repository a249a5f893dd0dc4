"""The deadlines of a connection, by arithmetic alone."""

from hyper.io._deadlines import Alarm, Deadlines
from hyper.io.timeouts import Timeouts

ALL = Timeouts(handshake=10.0, read=30.0, idle=75.0, keepalive=20.0)
NONE = Timeouts(connect=None, handshake=None, read=None, idle=None, keepalive=None)


def next_of(
    deadlines: Deadlines, *, ready: bool = True, stuck: bool = False, leaving: bool = False
) -> float | None:
    return deadlines.next_timer(ready=ready, stuck=stuck, leaving=leaving)


def due(
    deadlines: Deadlines,
    now: float,
    *,
    ready: bool = True,
    stuck: bool = False,
    leaving: bool = False,
) -> Alarm | None:
    return deadlines.overdue(now, ready=ready, stuck=stuck, leaving=leaving)


def test_without_timeouts_nothing_is_ever_due() -> None:
    deadlines = Deadlines(NONE, 0.0)
    assert next_of(deadlines, ready=False, stuck=True) is None, "never"
    assert due(deadlines, 1e9, ready=False, stuck=True) is None, "not in thirty years"


def test_the_handshake_counts_from_the_start() -> None:
    deadlines = Deadlines(ALL, 100.0)
    assert next_of(deadlines, ready=False) == 110.0, "bytes that are no SETTINGS do not count"
    assert due(deadlines, 109.9, ready=False) is None, "not yet"
    assert due(deadlines, 110.0, ready=False) is Alarm.HANDSHAKE, "now"


def test_a_stuck_transport_counts_from_its_last_question() -> None:
    deadlines = Deadlines(ALL, 100.0)
    deadlines.wrote(150.0)
    assert due(deadlines, 170.0) is None, "a transport that takes all is not late"
    assert next_of(deadlines, stuck=True) == 175.0, "idle comes first here"
    deadlines.busy(True, 150.0)
    assert due(deadlines, 179.9, stuck=True) is None, "not yet"
    assert due(deadlines, 180.0, stuck=True) is Alarm.WRITE, "now"


def test_idle_counts_from_the_end_of_the_last_stream() -> None:
    deadlines = Deadlines(ALL, 100.0)
    deadlines.busy(True, 110.0)
    deadlines.busy(False, 120.0)
    deadlines.busy(False, 130.0)
    assert next_of(deadlines) == 195.0, "what is heard meanwhile does not count"
    assert due(deadlines, 195.0) is Alarm.IDLE, "now"
    assert due(deadlines, 195.0, leaving=True) is None, "unless we are leaving already"
    assert next_of(deadlines, leaving=True) is None, "and then there is nothing to wait for"
