"""What is queued to be sent: the content of one stream, and whose turn it is.

The engine accepts content whatever the windows; only what they allow is cut into frames, when the
caller asks for bytes.
"""

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyper.h2.events import Trailers
    from hyper.h2.stream import Stream


class SendQueue:
    """The content queued on one stream, in the pieces the caller gave, and what ends it."""

    __slots__ = (
        "_behind",
        "_first",
        "_offset",
        "ended",
        "over_high_water",
        "size",
        "total",
        "trailers",
    )

    def __init__(self) -> None:
        self._first = b""  # the piece that is cut next
        self._offset = 0  # how much of it is gone
        # The pieces behind it.  Made for a second one: most responses are given in one.
        self._behind: deque[bytes] | None = None
        self.size = 0
        self.total = 0  # of all that was ever put
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


class Turns:
    """Which stream may send next: each in turn, one frame at a time.

    Only streams that have something to send and a window to send it in take part, so a turn costs
    the same however many streams are open.
    """

    __slots__ = ("_line",)

    def __init__(self) -> None:
        self._line: OrderedDict[int, Stream] = OrderedDict()

    def __len__(self) -> int:
        return len(self._line)

    def join(self, stream: "Stream") -> None:
        """`stream` has something to send; joining twice is joining once."""
        self._line[stream.stream_id] = stream

    def call(self) -> "Stream":
        """The stream whose turn it is; it leaves the line.  There must be one."""
        return self._line.popitem(last=False)[1]

    def leave(self, stream_id: int) -> None:
        """The stream has nothing more to send; harmless if it was not in line."""
        self._line.pop(stream_id, None)

    def clear(self) -> None:
        """Nobody has anything to send any more."""
        self._line.clear()
