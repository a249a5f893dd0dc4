"""Bytes from the peer that no frame has claimed yet.

Whatever way the input is cut, each byte is copied a bounded number of times: feeding one byte at a
time costs as much, in order of growth, as feeding it whole.
"""

from typing import TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview
"""What every `receive_data` takes.  What comes out is always `bytes`."""


class ReceiveBuffer:
    """Appended to at one end, read at the other.

    `data[pos:]` is what can be read now; a reader slices `data` itself and moves `pos` on, which
    spares a call per frame.  What does not join cheaply waits in a tail until `has` asks for it.
    """

    __slots__ = ("_tail", "data", "pos")

    def __init__(self) -> None:
        self.data: bytes = b""
        self.pos: int = 0
        self._tail: bytearray = bytearray()

    def __len__(self) -> int:
        return len(self.data) - self.pos + len(self._tail)

    def append(self, data: Buffer) -> None:
        """Take `data` over.  A mutable buffer is copied, so that the caller may reuse it."""
        chunk = data if isinstance(data, bytes) else bytes(data)
        if not self.data:
            self.data = chunk  # nothing waits, and `pos` is 0
            return
        left = len(self.data) - self.pos
        if self._tail:
            self._tail += chunk
        elif left == 0:
            self.data = chunk
            self.pos = 0
        elif left <= len(chunk):
            # The copy is paid for by the bytes that came: linear over any sequence of calls.
            self.data = self.data[self.pos :] + chunk
            self.pos = 0
        else:
            self._tail += chunk

    def has(self, count: int) -> bool:
        """Whether `count` bytes are there; if so they all lie in `data` from `pos` on."""
        left = len(self.data) - self.pos
        if left >= count:
            return True
        if left + len(self._tail) < count:
            if left == 0 and not self._tail:
                # An idle connection holds on to nothing that it has read.
                self.data = b""
                self.pos = 0
            return False
        self.data = self.data[self.pos :] + bytes(self._tail)
        self.pos = 0
        self._tail = bytearray()
        return True

    def clear(self) -> None:
        """Forget everything that was not read."""
        self.data = b""
        self.pos = 0
        self._tail = bytearray()
