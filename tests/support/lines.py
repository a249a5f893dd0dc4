"""Streams in line, served to see who gets what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from hyper.priority import Priority, Scheduler

FRAME = 16_384


def scheduler_of(priorities: dict[int, Priority]) -> Scheduler:
    """All of them can send."""
    scheduler = Scheduler()
    for stream_id, priority in priorities.items():
        scheduler.insert(stream_id, priority)
    return scheduler


def served(scheduler: Scheduler, turns: int, sizes: Mapping[int, int] | None = None) -> list[int]:
    """Who has the next turns, none of them having ever sent all, a frame or `sizes` at a time."""
    order: list[int] = []
    for _ in range(turns):
        stream_id = scheduler.next()
        assert stream_id is not None, "somebody can send"
        scheduler.sent(stream_id, FRAME if sizes is None else sizes[stream_id])
        order.append(stream_id)
    return order


def shares(order: Iterable[int]) -> dict[int, float]:
    """How much of the turns each stream had."""
    counts = Counter(order)
    total = sum(counts.values())
    return {stream_id: count / total for stream_id, count in counts.items()}


def longest_wait(order: Sequence[int], stream_id: int) -> int:
    """The most turns in a row that others had."""
    waits = [0]
    for each in order:
        if each == stream_id:
            waits.append(0)
        else:
            waits[-1] += 1
    return max(waits)
