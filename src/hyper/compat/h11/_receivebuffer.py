"""A buffer to which one end appends and from which the other takes lines and pieces.

The connection has no use for it, the engine has its own; proxies that read bodies by themselves do.
"""

import re
from typing import Final, Self

__all__ = ["ReceiveBuffer"]

# The end of a head: LF and an empty line, CR or no CR.
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_BLANK_AT_ONCE: Final = re.compile(rb"\r?\n")


class ReceiveBuffer:
    """Bytes that came and nobody has taken yet.

    Feeding it byte by byte costs as much, in order of growth, as feeding it at once: a search goes
    on where the one before it ended.
    """

    def __init__(self) -> None:
        self._data: bytearray = bytearray()
        self._lines_from = 0  # no empty line begins before this
        self._line_from = 0  # no CRLF does

    def __iadd__(self, byteslike: bytes | bytearray) -> Self:
        self._data += byteslike
        return self

    def __bool__(self) -> bool:
        return bool(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __bytes__(self) -> bytes:
        return bytes(self._data)

    def _extract(self, count: int) -> bytearray:
        taken = self._data[:count]
        # Amortised: CPython moves the start of a bytearray, not what is behind it.
        del self._data[:count]
        self._lines_from = 0
        self._line_from = 0
        return taken

    def maybe_extract_at_most(self, count: int) -> bytearray | None:
        """Take up to `count` bytes; `None` if there are none."""
        return self._extract(count) or None

    def maybe_extract_next_line(self) -> bytearray | None:
        """Take one line with the CRLF that ends it; `None` if it is not all there."""
        at = self._data.find(b"\r\n", self._line_from)
        if at < 0:
            # A CR may be the last that is there.
            self._line_from = max(0, len(self._data) - 1)
            return None
        return self._extract(at + 2)

    def maybe_extract_lines(self) -> list[bytearray] | None:
        """Take the lines up to an empty one, and that one too; `None` if it is not there yet.

        Lines end with CRLF or LF, and come without that.
        """
        data = self._data
        first = _BLANK_AT_ONCE.match(data)
        if first is not None:
            self._extract(first.end())
            return []
        found = _BLANK_LINE.search(data, self._lines_from)
        if found is None:
            # What was searched may end with LF, or with LF and CR.
            self._lines_from = max(0, len(data) - 2)
            return None
        lines = self._extract(found.end())[: found.start()].split(b"\n")
        for line in lines:
            if line.endswith(b"\r"):
                del line[-1:]
        return lines

    def is_next_line_obviously_invalid_request_line(self) -> bool:
        """Whether the first byte is one that no request begins with: a control, or a space."""
        return bool(self._data) and self._data[0] < 0x21
