"""The PING frames we sent that have no answer yet, and how long the last one took (RFC 9113 §6.7).

Not here: the peer's PINGs, which are answered at once and forgotten.
"""

from enum import IntEnum
from typing import Final


class Purpose(IntEnum):
    """What a PING was sent for."""

    OWNER = 0  # whoever owns the engine asked for it, and is told of the answer
    SHUTDOWN = 1  # once it is answered, the peer has read that we are leaving
    KEEPALIVE = 2  # whatever comes is a sign of life
    BANDWIDTH = 3  # what comes until its answer is a round trip's worth


# Ours are known by their looks in a capture: "hyper", a letter for the purpose, a running number.
# A peer that guesses the next one deceives itself: what an answer tells is about its own side.
_LETTERS: Final = b"oskb"


class Probe:
    """One PING on its way, or answered."""

    __slots__ = ("payload", "purpose", "round_trip", "sent_at")

    def __init__(self, payload: bytes, purpose: Purpose) -> None:
        self.payload: Final = payload
        self.purpose: Final = purpose
        self.sent_at: float | None = None  # when its bytes left
        self.round_trip: float | None = None  # seconds until the answer came


class Pings:
    """Answers find their question by its payload; of equal ones, the oldest."""

    __slots__ = ("_number", "_open", "round_trip", "unsent")

    def __init__(self) -> None:
        self._number = 0
        self._open: Final[list[Probe]] = []
        self.unsent: list[Probe] = []  # still in our own queue
        self.round_trip: float | None = None  # the latest, in seconds

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, payload: bytes, purpose: Purpose) -> None:
        """A PING is queued.  Of ours one for each purpose is waited for, the latest."""
        if purpose is not Purpose.OWNER:
            self._open[:] = [each for each in self._open if each.purpose is not purpose]
        probe = Probe(payload, purpose)
        self._open.append(probe)
        self.unsent.append(probe)

    def payload_for(self, purpose: Purpose) -> bytes:
        """Eight bytes that no earlier PING of ours had for a long time."""
        self._number = (self._number + 1) & 0xFFFF
        return b"hyper%c%c%c" % (_LETTERS[purpose], self._number >> 8, self._number & 0xFF)

    def left(self, now: float | None) -> None:
        """What was queued was handed out at `now`; `None` if nobody knows when that is."""
        for probe in self.unsent:
            probe.sent_at = now
        self.unsent = []

    def answered(self, payload: bytes, now: float) -> Probe | None:
        """The PING that this is the answer to; `None` if we sent none like it."""
        for index in range(len(self._open)):
            probe = self._open[index]
            if probe.payload == payload:
                del self._open[index]
                if probe.sent_at is not None:
                    probe.round_trip = self.round_trip = now - probe.sent_at
                else:
                    # Answered before it was handed out, by a peer that guessed; or nobody told us
                    # when that was.
                    self.unsent = [each for each in self.unsent if each is not probe]
                return probe
        return None

    def clear(self) -> None:
        """No answer will come any more."""
        self._open.clear()
        self.unsent = []
