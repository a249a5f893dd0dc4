"""Whether the peer is still there: a PING when it is silent, and the end when it stays so.

Not here: PINGs that somebody else sends (`pings`).  Only a connection with open streams is watched:
of one that nobody needs it makes no difference whether it is alive.
"""

from typing import Final

from hyper.h2.timers import Timer, Timers


class KeepAlive:
    """Asks after `interval` seconds of silence and waits `timeout` seconds for anything at all."""

    __slots__ = ("_asked", "_interval", "_timeout", "_timers", "_watching")

    def __init__(self, timers: Timers, interval: float, timeout: float) -> None:
        self._timers: Final = timers
        self._interval: Final = interval
        self._timeout: Final = timeout
        self._watching = False
        self._asked = False

    def heard(self, busy: bool, now: float) -> None:
        """Bytes came; `busy` is whether streams are open."""
        if busy:
            self._watching = False  # and begin anew
        self.look(busy, now)

    def look(self, busy: bool, now: float) -> None:
        """Whether streams are open at `now`.  Silence counts from the first of them on."""
        if busy == self._watching:
            return
        self._watching = busy
        self._asked = False
        if busy:
            self._timers.put(Timer.KEEPALIVE, now + self._interval)
        else:
            self._timers.stop(Timer.KEEPALIVE)

    def overlooked(self, busy: bool) -> bool:
        """Whether a look would begin to watch."""
        return busy and not self._watching

    def silent(self, now: float) -> bool:
        """The timer has expired: true to ask the peer, false if it was asked already."""
        if self._asked:
            return False
        self._asked = True
        self._timers.put(Timer.KEEPALIVE, now + self._timeout)
        return True
