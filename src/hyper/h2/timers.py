"""The deadlines of one connection, as plain arithmetic on times that are passed in.

Not here: what is to be done when one has passed, which is `upkeep`'s.
"""

from enum import IntEnum
from math import inf
from typing import Final


class Timer(IntEnum):
    """What a connection may be waiting for."""

    PREFACE = 0  # of a client (RFC 9113 §3.4)
    SETTINGS = 1  # that end it
    ACKNOWLEDGEMENT = 2  # of our SETTINGS (RFC 9113 §6.5.3)
    WARNING = 3  # to reach the peer, before the last GOAWAY (RFC 9113 §6.8)
    SHUTDOWN = 4  # to come to an end, after we began to leave
    KEEPALIVE = 5  # a sign of life
    ANSWERS = 6  # to what was asked before the input ended
    STALL = 7  # a window, of a stream or of the connection


class Timers:
    """When each of them is due.

    An engine that is asked to say something does not know what time it is: it was told last when
    bytes came.  So a timer that starts then waits for the next time that is told, and until it has
    been told, the engine asks to be.
    """

    __slots__ = ("_due", "_now", "waiting")

    def __init__(self) -> None:
        self._due: Final[list[float]] = [inf for _ in Timer]
        self._now = -inf
        self.waiting: list[tuple[Timer, float]] = []  # for the time to be told

    def start(self, timer: Timer, seconds: float) -> None:
        """Let `timer` be due `seconds` after the next time that is told."""
        self.stop(timer)
        self.waiting.append((timer, seconds))

    def put(self, timer: Timer, due: float) -> None:
        """Let `timer` be due at a time that is known; `inf` is never."""
        self.stop(timer)
        self._due[timer] = due

    def stop(self, timer: Timer) -> None:
        """What `timer` waited for has come, or is not waited for any more."""
        self._due[timer] = inf
        if self.waiting:
            self.waiting = [each for each in self.waiting if each[0] is not timer]

    def clear(self) -> None:
        """Nothing is waited for any more."""
        for timer in Timer:
            self._due[timer] = inf
        self.waiting = []

    def runs(self, timer: Timer) -> bool:
        """Whether `timer` was started and not stopped."""
        return self._due[timer] < inf or any(each[0] is timer for each in self.waiting)

    def tell(self, now: float) -> None:
        """It is `now`."""
        self._now = now
        for timer, seconds in self.waiting:
            self._due[timer] = now + seconds
        self.waiting = []

    def next(self) -> float | None:
        """When the first of them is due; `None` for never."""
        due = min(self._due)
        if self.waiting and self._now < due:
            # At once, if there is a clock at all.
            due = self._now
        return due if -inf < due < inf else None

    def expired(self, now: float) -> Timer | None:
        """One that is due at `now`; it runs no more."""
        for timer in Timer:
            if self._due[timer] <= now:
                self._due[timer] = inf
                return timer
        return None
