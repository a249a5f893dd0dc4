"""Content that waits for a peer to open its window, and a peer that does not (RFC 9113 §10.5).

A stream is stalled when the window it waits for has let through too little for too long: nothing at
all, or a byte now and then to look alive.  A connection is, when its own window has.

Not here: a peer that does not read its end of the transport, which only the host can see.
"""

from typing import Final

from hyper.h2.timers import Timer, Timers


class Stall:
    """One that waits."""

    __slots__ = ("due", "sent", "spared", "sure")

    def __init__(self, due: float, sent: int, sure: bool, spared: bool) -> None:
        self.due: Final = due  # when enough is to have been let through
        self.sent: Final = sent  # what had been when it began to wait
        self.sure: Final = sure  # whether it began when that says, and not later
        self.spared: Final = spared  # whether it was found open once, and is not to be again


class Stalls:
    """Who waits for a window.  Costs nothing while nobody does."""

    __slots__ = ("_enough", "_timeout", "_timers", "_waiting")

    def __init__(self, timers: Timers, timeout: float, rate: float) -> None:
        """At least `rate` bytes a second are to pass, over `timeout` seconds."""
        self._timers: Final = timers
        self._timeout: Final = timeout
        self._enough: Final = timeout * rate
        # By stream id, 0 for the connection, in the order in which they are due.
        self._waiting: Final[dict[int, Stall]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, stream_id: int, sent: int, now: float, sure: bool) -> None:
        """It has content and no window, with `sent` bytes gone.  It is `now`, or later if not
        `sure`.
        """
        known = self._waiting.get(stream_id)
        # A window that opens by a byte and is shut again has been shut all the while.
        if known is None or sent - known.sent >= self._enough:
            self._put(stream_id, Stall(now + self._timeout, sent, sure, False))

    def next_due(self, now: float) -> int:
        """One whose time is over at `now`; -1 for none."""
        for stream_id, stall in self._waiting.items():
            return stream_id if stall.due <= now else -1
        return -1

    def is_over(self, stream_id: int, sent: int, shut: bool, now: float) -> bool:
        """Whether one whose time is over has wasted it, with `sent` bytes gone and its window
        `shut`; if not, and it is to be watched on, it is.
        """
        stall = self._waiting[stream_id]
        if sent - stall.sent >= self._enough:
            if shut:
                self._put(stream_id, Stall(now + self._timeout, sent, True, False))
            else:
                self.forget(stream_id)
            return False
        if not stall.sure or not (shut or stall.spared):
            # It may have begun just now, or its window opened: once more.
            self._put(stream_id, Stall(now + self._timeout, stall.sent, True, not shut))
            return False
        self.forget(stream_id)
        return True

    def forget(self, stream_id: int) -> None:
        """It waits for nothing any more."""
        del self._waiting[stream_id]
        self._set_timer()

    def _put(self, stream_id: int, stall: Stall) -> None:
        self._waiting.pop(stream_id, None)
        self._waiting[stream_id] = stall
        self._set_timer()

    def _set_timer(self) -> None:
        for stall in self._waiting.values():
            self._timers.put(Timer.STALL, stall.due)
            return
        self._timers.stop(Timer.STALL)
