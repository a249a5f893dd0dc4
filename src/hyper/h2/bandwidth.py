"""How large a receive window has to be, measured (RFC 9113 §5.2.3, §6.9.1).

A window holds a peer back when the room it has left is used up before more can reach it: within a
round trip.  So when credit is given a PING goes with it, and what comes until its answer is
compared with the room there was.

Not here: giving more (`growth`).
"""

from math import inf
from typing import Final


class Measured:
    """One window in a measurement."""

    __slots__ = ("left", "received")

    def __init__(self, received: int, left: int) -> None:
        self.received: Final = received  # all that had come when it began
        self.left: Final = left  # what room the peer had then, without the credit just given

    def larger(self, size: int, received: int, limit: int) -> int:
        """What a window of `size` is to become, now that `received` has come in all: twice as
        large if two thirds of the room were used up, `limit` at most; or what it is.
        """
        # Where hardly any room was left, it is not the path that a peer has been waiting for.
        if 4 * self.left < size or size >= limit:
            return size
        if 3 * (received - self.received) < 2 * self.left:
            return size
        return min(2 * size, limit)


class Bandwidth:
    """One measurement at a time, and the best of them."""

    __slots__ = ("_best", "connection", "limit", "stream", "stream_id")

    def __init__(self, limit: int) -> None:
        self.limit: Final = limit  # no window grows beyond it
        self.connection: Measured | None = None  # while it lasts
        self.stream: Measured | None = None
        self.stream_id = 0  # of the stream that is measured beside the connection; 0 for none
        self._best = 0.0  # bytes a second

    def is_better(self, received: int, round_trip: float | None) -> bool:
        """The measurement is over.  Whether more came a second than ever before: otherwise a queue
        on the path has grown with the windows, and would go on to.
        """
        if round_trip is None or self.connection is None:
            return False
        count = received - self.connection.received
        speed = inf if round_trip <= 0.0 else count / round_trip
        if speed <= self._best:
            return False
        self._best = speed
        return True
