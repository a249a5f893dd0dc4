"""What is queued to be sent on one stream: content, in the pieces it came in.

The engine accepts content whatever the windows; only what they allow is cut into frames, when the
caller asks for bytes.  Not here: whose turn it is, which is `hyper.priority`'s.
"""

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyper.h2.events import Trailers


class SendQueue:
    """The content queued on one stream, in the pieces the caller gave, and what ends it."""

    __slots__ = (
        "_behind",
        "_first",
        "_offset",
        "announced",
        "ended",
        "over_high_water",
        "size",
        "total",
        "trailers",
    )

    def __init__(self, announced: int = -1) -> None:
        self._first = b""  # the piece that is cut next
        self._offset = 0  # how much of it is gone
        # The pieces behind it.  Made for a second one: most responses are given in one.
        self._behind: deque[bytes] | None = None
        self.size = 0
        self.total = 0  # of all that was ever put
        self.announced = announced  # what that has to come to, where the head says so
        self.ended = False  # the content ends with what is queued
        self.trailers: Trailers | None = None  # behind the content
        self.over_high_water = False

    def put(self, data: bytes) -> None:
        """Add a piece."""
        if not self.size:
            self._first = data
            self._offset = 0
        elif data:
            if self._behind is None:
                self._behind = deque()
            self._behind.append(data)
        self.size += len(data)
        self.total += len(data)

    def cut(self, count: int) -> bytes:
        """Take the next `count` bytes; at least that many must be there."""
        first = self._first
        if not self._offset and count == self.size == len(first):
            # All there is, in one piece.
            self._first = b""
            self.size = 0
            return first
        self.size -= count
        offset = self._offset
        end = offset + count
        if end < len(first):
            self._offset = end
            return first[offset:end]
        if end == len(first):
            self._next()
            return first[offset:] if offset else first
        parts = [first[offset:]]
        count -= len(first) - offset
        self._next()
        while count:
            first = self._first
            if len(first) > count:
                parts.append(first[:count])
                self._offset = count
                break
            parts.append(first)
            count -= len(first)
            self._next()
        return b"".join(parts)

    def drop(self) -> None:
        """Forget everything queued: the stream was reset."""
        self._first = b""
        self._offset = 0
        self._behind = None
        self.size = 0

    def _next(self) -> None:
        """The first piece is used up."""
        self._first = self._behind.popleft() if self._behind else b""
        self._offset = 0
