"""Streams of a server whose handler is done while their response, or their request, is not.

Not here: streams somebody still works on.
"""

from typing import Final

from hyper.frame import ErrorCode
from hyper.h2 import Connection, Reset
from hyper.io._mailbox import Mailbox


class Leftovers:
    """Sees them to their end: `patience` is how long a peer may take nothing of a response."""

    def __init__(self, engine: Connection, patience: float | None) -> None:
        self._engine: Final = engine
        self._patience: Final = patience
        # What was queued at the last look, and since when it was no less.
        self._draining: Final[dict[int, tuple[int, float]]] = {}
        self._unread: Final[dict[int, Mailbox]] = {}
        self._sweep_at: float | None = None

    def add(self, box: Mailbox, now: float) -> None:
        """The handler is done with `box`, and the stream is not over."""
        self._draining[box.stream_id] = (self._engine.pending(box.stream_id), now)
        if not box.ended:
            self._unread[box.stream_id] = box
        if self._sweep_at is None and self._patience is not None:
            self._sweep_at = now + self._patience
        # Most are gone with the next write.  Looking for those now and then keeps the table in
        # proportion to the open streams without a look at each write.
        if len(self._draining) > 2 * self._engine.open_streams + 16:
            self._drop_sent()

    def forget(self, stream_id: int) -> None:
        """The stream is over."""
        self._draining.pop(stream_id, None)
        self._unread.pop(stream_id, None)

    def read(self, stream_id: int) -> None:
        """The request came to its end by itself."""
        self._unread.pop(stream_id, None)

    def reset_unread(self) -> list[Mailbox]:
        """Stop the requests nobody reads, once their response is written; returns them."""
        # RFC 9113 §8.1: a server MAY ask the client to stop sending the request by RST_STREAM with
        # NO_ERROR after a complete response.  The response goes first: a reset drops what waits.
        if not self._unread:
            return []
        written = [box for box in self._unread.values() if not self._engine.pending(box.stream_id)]
        for box in written:
            self.forget(box.stream_id)
            self._engine.send(Reset(box.stream_id, ErrorCode.NO_ERROR))
        return written

    def next_timer(self) -> float | None:
        """When `sweep` is due."""
        return self._sweep_at

    def sweep(self, now: float) -> list[int]:
        """Reset the streams whose peer took nothing for so long; returns their ids."""
        if self._sweep_at is None or now < self._sweep_at or self._patience is None:
            return []
        self._drop_sent()
        stalled = []
        for stream_id, (before, since) in self._draining.items():
            left = self._engine.pending(stream_id)
            if left != before:
                self._draining[stream_id] = (left, now)
            # One look serves all streams, and some have joined just before it.
            elif now >= since + self._patience:
                stalled.append(stream_id)
        for stream_id in stalled:
            self.forget(stream_id)
            self._engine.send(Reset(stream_id, ErrorCode.CANCEL))
        self._sweep_at = now + self._patience if self._draining else None
        return stalled

    def _drop_sent(self) -> None:
        for stream_id in [known for known in self._draining if not self._engine.pending(known)]:
            del self._draining[stream_id]
