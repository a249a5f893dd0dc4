"""Bytes from the peer that nothing has claimed yet.

Whole messages are the rule and pass through as they came.  What ends in the middle of a line is
gathered, and searched from where the last search ended: feeding one byte at a time costs as much,
in order of growth, as feeding everything at once.
"""

import re
from typing import Final

from hyper.wire import Buffer

# For clients that are told to take LF for the end of a line (RFC 9112 §2.2).
_LOOSE_EMPTY_LINE: Final = re.compile(rb"\n\r?\n")

# What is gathered while nothing is; one for all, and never added to.
_NOTHING: Final = bytearray()


class InputBuffer:
    """Appended to at one end, read at the other.

    `data[pos:]` is what can be read now; a reader slices it and moves `pos` on.  While something is
    being gathered (`gathering`) it is empty, until a `find` succeeds or `settle` is called.
    """

    __slots__ = ("_gathered", "_seen", "data", "gathering", "pos")

    def __init__(self) -> None:
        self.data: bytes = b""
        self.pos = 0
        self.gathering = False
        self._gathered: bytearray = _NOTHING
        self._seen = 0  # how much of that has been searched, for whatever is searched at the time

    def __len__(self) -> int:
        return len(self.data) - self.pos + len(self._gathered)

    def append(self, data: Buffer) -> None:
        """Take `data` over.  A mutable buffer is copied, so that the caller may reuse it."""
        chunk = data if isinstance(data, bytes) else bytes(data)
        if self.gathering:
            self._gathered += chunk
        elif self.pos == len(self.data):
            self.data = chunk
            self.pos = 0
        else:
            self._gather()
            self._gathered += chunk

    def _gather(self) -> None:
        self.gathering = True
        self._gathered = bytearray(self.data[self.pos :])
        self._seen = 0
        self.data = b""
        self.pos = 0

    def settle(self) -> None:
        """Make everything that is there readable."""
        if self.gathering:
            self.gathering = False
            self.data = bytes(self._gathered)
            self.pos = 0
            self._gathered = _NOTHING
            self._seen = 0

    def find(self, mark: bytes) -> int:
        """Where in `data` the next `mark` begins, not before `pos`; -1 if it is not there yet.

        As long as it is not, only the same mark may be searched.
        """
        if not self.gathering:
            at = self.data.find(mark, self.pos)
            if at >= 0 or self.pos == len(self.data):
                return at
            self._gather()
        # A mark may have begun in what was searched before.
        at = self._gathered.find(mark, max(0, self._seen - len(mark) + 1))
        if at < 0:
            self._seen = len(self._gathered)
            return -1
        self.settle()
        return at

    def find_loose_empty_line(self) -> int:
        """As `find`, for the LF that ends the line before an empty one, CR or no CR."""
        if not self.gathering:
            if self.pos == len(self.data):
                return -1
            self._gather()
        found = _LOOSE_EMPTY_LINE.search(self._gathered, max(0, self._seen - 2))
        if found is None:
            self._seen = len(self._gathered)
            return -1
        at = found.start()
        self.settle()
        return at

    def first(self, count: int) -> bytes:
        """The next `count` bytes, or as many as there are, without taking them."""
        if self.gathering:
            return bytes(self._gathered[:count])
        return self.data[self.pos : self.pos + count]

    def skip(self, count: int) -> None:
        """Take the next `count` bytes, which must be there."""
        if self.gathering:
            del self._gathered[:count]
            self._seen = 0
        else:
            self.pos += count

    def gathered(self) -> bytearray:
        """What is being gathered, to be looked at and left as it is."""
        return self._gathered

    def peek(self) -> bytes:
        """Everything, without taking it."""
        if self.gathering:
            return bytes(self._gathered)
        return self.data[self.pos :] if self.pos else self.data

    def take(self) -> bytes:
        """Take everything."""
        self.settle()
        rest = self.data[self.pos :] if self.pos else self.data
        self.clear()
        return rest

    def clear(self) -> None:
        """Forget everything that was not read."""
        self.gathering = False
        self.data = b""
        self.pos = 0
        self._gathered = _NOTHING
        self._seen = 0
