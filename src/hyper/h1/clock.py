"""What an engine waits for, and until when.  Time is passed in, never read.

A deadline counts the time in which we wait for the peer, and no other.  A caller that holds back
reading leaves the timer alone as well.
"""

from typing import Final

from hyper.h1.limits import Limits

# What is waited for.
NOTHING: Final = 0
FIRST_BYTE: Final = 1
NEXT_REQUEST: Final = 2
HEAD: Final = 3
CONTENT: Final = 4
DRAIN: Final = 5  # the rest of a request whose response is complete


class Clock:
    """The one deadline of a connection."""

    __slots__ = ("_limits", "_received", "_sure", "deadline", "told", "waiting")

    def __init__(self, limits: Limits) -> None:
        self._limits: Final = limits
        self.waiting = NOTHING
        self.deadline = 0.0  # has a meaning while something is waited for
        self.told = False  # whether the time was told since we last said something
        self._sure = False  # whether the deadline counts from a time when the wait had begun
        self._received = 0  # bytes, when the wait began or was last looked at

    def wait(self, wait: int, now: float, received: int) -> None:
        """There is nothing to tell until more input comes, such as `wait`; `received` bytes came so
        far.
        """
        if wait != self.waiting:
            self.waiting = wait
            self.deadline = now + self._patience(wait)
            self._sure = self.told
        elif wait == CONTENT and received != self._received:
            self._extend(now, received - self._received)
        self._received = received

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self.waiting = NOTHING

    def due(self, now: float, received: int) -> int:
        """What did not come in time, or NOTHING."""
        # What came and was not looked at yet may be what is waited for.
        if self.waiting == NOTHING or now < self.deadline or received != self._received:
            return NOTHING
        if not self._sure:
            self.deadline = now + self._patience(self.waiting)
            self._sure = True
            return NOTHING
        due = self.waiting
        self.waiting = NOTHING
        return due

    def _extend(self, now: float, size: int) -> None:
        """Content pays for time at the lowest rate that is allowed."""
        limits = self._limits
        deadline = self.deadline
        # Later than the deadline: the caller held back, and the peer starts anew.
        if now > deadline:
            deadline = now + limits.body_grace
        deadline += size / limits.min_body_rate
        self.deadline = min(deadline, now + limits.body_timeout)

    def _patience(self, wait: int) -> float:
        limits = self._limits
        if wait == NEXT_REQUEST:
            return limits.idle_timeout
        if wait == CONTENT:
            return limits.body_grace
        if wait == HEAD:
            return limits.head_timeout
        if wait == FIRST_BYTE:
            return limits.first_byte_timeout
        return limits.drain_timeout
