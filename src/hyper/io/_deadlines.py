"""The deadlines of one connection, as plain arithmetic on times that are passed in.

Not here: those of a single wait, which the world that waits keeps by itself, and those of the
protocol, which the engine keeps.
"""

from enum import IntEnum
from typing import Final

from hyper.io.timeouts import Timeouts

LINGER: Final = 1.0
"""How long a peer that has nothing to wait for may take to close its end, in seconds."""

_SLOW: Final = 30.0  # the same for one that has yet to read, where no timeout says otherwise


class Alarm(IntEnum):
    """What a deadline that has passed calls for."""

    HANDSHAKE = 0  # the peer's SETTINGS never came
    WRITE = 1  # the peer does not read what we send
    IDLE = 2  # nobody needs the connection


class Deadlines:
    """When things last happened, and what is overdue.

    `ready` is whether the peer's SETTINGS are there, `stuck` whether the transport
    has more than it can write.
    """

    def __init__(self, timeouts: Timeouts, now: float) -> None:
        self._times: Final = timeouts
        self._slow: Final = _SLOW if timeouts.read is None else timeouts.read
        self._started: Final = now
        self._wrote = now
        self._idle_since: float | None = now

    def wrote(self, now: float) -> None:
        """The transport asked for bytes: it was not stuck then."""
        self._wrote = now

    def busy(self, yes: bool, now: float) -> None:
        """Whether any stream is open."""
        if not yes:
            if self._idle_since is None:
                self._idle_since = now
        else:
            self._idle_since = None

    def next_timer(self, *, ready: bool, stuck: bool, leaving: bool) -> float | None:
        """When `overdue` will next have something to say."""
        times = self._times
        due = None
        if not ready:
            due = _sooner(due, self._started, times.handshake)
        if stuck:
            due = _sooner(due, self._wrote, times.read)
        if self._idle_since is not None and not leaving:
            due = _sooner(due, self._idle_since, times.idle)
        return due

    def overdue(self, now: float, *, ready: bool, stuck: bool, leaving: bool) -> Alarm | None:
        """What is to be done at `now`."""
        times = self._times
        if not ready and _passed(self._started, times.handshake, now):
            return Alarm.HANDSHAKE
        if stuck and _passed(self._wrote, times.read, now):
            return Alarm.WRITE
        if (
            self._idle_since is not None
            and not leaving
            and _passed(self._idle_since, times.idle, now)
        ):
            return Alarm.IDLE
        return None

    def last_words(self) -> float:
        """When what a peer at fault has yet to read will have been left lying for too long."""
        return self._wrote + self._slow

    def farewell(self, now: float) -> float:
        """How long the peer may take to read what was sent last, and to close its end."""
        if self._idle_since is not None and now >= self._idle_since + LINGER:
            return LINGER
        return self._slow


def _sooner(due: float | None, since: float, seconds: float | None) -> float | None:
    if seconds is None:
        return due
    time = since + seconds
    return time if due is None or time < due else due


def _passed(since: float, seconds: float | None, now: float) -> bool:
    return seconds is not None and now >= since + seconds
