"""Priorities that came before their streams (RFC 9218 §7): kept until the stream opens.

Not here: how many may be kept.  That depends on the streams that are open, which the caller knows
(RFC 9218 §7.1).
"""

from heapq import heapify, heappop, heappush

from hyper.priority.signals import Priority

_SLACK = 32


class EarlySignals:
    """The last signal for each stream that is not open yet."""

    __slots__ = ("_held", "_order")

    def __init__(self) -> None:
        self._held: dict[int, Priority] = {}
        self._order: list[int] = []  # a heap of ids; of those that were taken, too

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, stream_id: object) -> bool:
        return stream_id in self._held

    def hold(self, stream_id: int, priority: Priority) -> None:
        """Keep the signal for the stream, in place of an earlier one."""
        if stream_id not in self._held:
            order = self._order
            heappush(order, stream_id)
            if len(order) > 2 * len(self._held) + _SLACK:
                self._order = [*self._held, stream_id]
                heapify(self._order)
        self._held[stream_id] = priority

    def take(self, stream_id: int) -> Priority | None:
        """The stream opens: what it was told before, if anything."""
        return self._held.pop(stream_id, None)

    def drop_below(self, stream_id: int) -> None:
        """Streams of lower ids will not open any more (RFC 9113 §5.1.1)."""
        order = self._order
        while order and order[0] < stream_id:
            self._held.pop(heappop(order), None)

    def clear(self) -> None:
        """No stream will open any more."""
        self._held.clear()
        self._order.clear()
