"""Bytes on their way out, in pieces, each of them copied once at most.

Not here: what they say.
"""

from collections import deque
from typing import Final

# Pieces below this are joined to their neighbours at once: that costs less than to keep them.
_SMALL: Final = 4_096


class Output:
    """A queue of bytes.  Costs do not grow with what waits in it."""

    __slots__ = ("_offset", "_pieces", "size")

    def __init__(self) -> None:
        self._pieces: Final[deque[bytes]] = deque()
        self._offset = 0  # how much of the first was taken
        self.size = 0

    def put(self, data: bytes) -> None:
        """Append a piece."""
        if data:
            self._pieces.append(data)
            self.size += len(data)

    def put_around(self, before: bytes, data: bytes, behind: bytes) -> None:
        """Append a piece with what frames it."""
        if len(data) < _SMALL:
            self.put(before + data + behind)
        else:
            self.put(before)
            self.put(data)
            self.put(behind)

    def take(self, limit: int | None) -> bytes:
        """The next bytes, `limit` of them at most."""
        pieces = self._pieces
        if not pieces or (limit is not None and limit <= 0):
            return b""
        left = self.size if limit is None else min(limit, self.size)
        self.size -= left
        taken: list[bytes] = []
        while left:
            piece = pieces[0]
            start = self._offset
            size = len(piece) - start
            if size > left:
                taken.append(piece[start : start + left])
                self._offset = start + left
                break
            taken.append(piece[start:] if start else piece)
            pieces.popleft()
            self._offset = 0
            left -= size
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def clear(self) -> None:
        """Forget what waits."""
        self._pieces.clear()
        self._offset = 0
        self.size = 0
