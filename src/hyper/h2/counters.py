"""Numbers for whoever watches a server: what became of one connection's streams and frames.

Not here: times and rates, which are for whoever reads the numbers twice.
"""

from dataclasses import dataclass
from typing import Final

from hyper.h2.trace import TracedFrame


@dataclass(slots=True, kw_only=True)
class Counters:
    """How a connection stands, as of the last event taken.  A value: it does not change any more.

    Streams count from the frame that opens or reserves them.
    """

    opened: int
    """Streams that we opened."""

    opened_by_peer: int
    """Streams that the peer opened, those that were refused included."""

    open: int
    """Streams that are live, those that wait for a slot included."""

    waiting: int
    """Requests that wait for a slot of the peer's concurrency limit."""

    resets_sent: int
    """RST_STREAM frames we sent, refusals included."""

    resets_received: int
    """Live streams that the peer reset."""

    faults: int
    """Rules and limits that the peer broke, of streams and of the connection."""

    stalls: int
    """Streams, or the connection, that were ended because the peer opened no window for them."""

    unanswered_pings: int
    """PING frames of ours that the peer has not answered."""

    round_trip: float | None
    """How long the latest answer to one took, in seconds."""

    ledger: float
    """What is left of the peer's ledger, of `Limits.ledger_burst`."""

    reset_budget: float
    """What is left of its budget for resets, of `Limits.reset_burst`."""


class FrameCounts:
    """Frames and octets by their type, for either direction: a `trace` of a connection.

    `received[frame_type]` is a pair: how many frames, how many octets with their headers.
    """

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.sent: Final[dict[int, tuple[int, int]]] = {}
        self.received: Final[dict[int, tuple[int, int]]] = {}

    def __call__(self, frame: TracedFrame) -> None:
        """Count one frame."""
        counts = self.sent if frame.sent else self.received
        frames, octets = counts.get(frame.frame_type, (0, 0))
        counts[frame.frame_type] = (frames + 1, octets + frame.length + 9)
