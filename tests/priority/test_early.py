"""Priorities that came before their streams: the last one, until the stream opens."""

import tracemalloc

from hyper.priority import EarlySignals, Priority


def test_the_last_signal_is_taken_and_only_once() -> None:
    early = EarlySignals()
    early.hold(5, Priority(1))
    early.hold(5, Priority(2, True))
    assert len(early) == 1, "RFC 9218 §7: only the most recently received one is kept"
    assert 5 in early
    assert early.take(5) == Priority(2, True)
    assert early.take(5) is None
    assert 5 not in early


def test_streams_that_were_left_out_are_forgotten() -> None:
    early = EarlySignals()
    for stream_id in (9, 3, 7, 5):
        early.hold(stream_id, Priority(1))
    early.drop_below(7)
    assert [stream_id in early for stream_id in (3, 5, 7, 9)] == [False, False, True, True]
    early.drop_below(7)
    assert len(early) == 2, "RFC 9113 §5.1.1: what is below a stream that opens never will"


def test_nothing_is_left_of_what_was_cleared() -> None:
    early = EarlySignals()
    early.hold(5, Priority(1))
    early.clear()
    assert len(early) == 0
    early.hold(3, Priority(2))
    early.drop_below(4)
    assert len(early) == 0


def test_what_is_held_is_all_that_takes_room_whatever_the_order() -> None:
    early = EarlySignals()
    early.hold(1, Priority(0))

    def churn(count: int) -> None:
        for number in range(count):
            # Taken from behind the first one, which stays: nothing may pile up behind it.
            stream_id = 3 + 2 * (number * 7_919 % 100_003)
            early.hold(stream_id, Priority(1))
            early.take(stream_id)

    churn(1_000)
    tracemalloc.start()
    churn(10_000)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(early) == 1
    assert grown < 8_192, "ten thousand ids would take more than ten times that"
