"""Streams of a server whose handler is done while their request is not.

Not here: streams somebody still works on, and responses that their reader does not take, which the
engine gives up (`Limits.stall_timeout`).
"""

from typing import Final

from hyper.frame import ErrorCode
from hyper.h2 import Reset
from hyper.http import Connection
from hyper.io._mailbox import Mailbox


class Leftovers:
    """Sees them to their end."""

    def __init__(self, engine: Connection) -> None:
        self._engine = engine
        self._unread: Final[dict[int, Mailbox]] = {}

    def adopt(self, engine: Connection) -> None:
        """Another engine has taken the place of the first, which had no streams yet."""
        self._engine = engine

    def add(self, box: Mailbox) -> None:
        """The handler is done with `box`, and the stream is not over."""
        if not box.ended:
            self._unread[box.stream_id] = box

    def forget(self, stream_id: int) -> None:
        """The stream is over, or the request came to its end by itself."""
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
