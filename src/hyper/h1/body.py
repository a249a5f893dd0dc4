"""The body of a message that is received: content, its framing taken away (RFC 9112 §6, §7.1).

Content that came in one piece is handed on as the very object that came.  Not here: where the body
ends, which is `framing`'s to decide; what a chunk line says, which is `chunked`'s.

This file is on the hot path: plain chains.  bench/h1_cycle.py proves it.
"""

from typing import Final

from hyper.h1.buffer import InputBuffer
from hyper.h1.chunked import ChunkLine, Overhead, read_chunk_line
from hyper.h1.events import Data, Trailers
from hyper.h1.fields import FieldReader, Section, trailers_fault
from hyper.h1.framing import Body
from hyper.h1.head import Fault
from hyper.h1.leniences import Leniences
from hyper.h1.limits import Limits
from hyper.h1.scan import Scan
from hyper.wire import Role

_LENGTH: Final = Body.LENGTH
_CHUNKED: Final = Body.CHUNKED
_UNTIL_CLOSE: Final = Body.UNTIL_CLOSE

# What comes next in a chunked body.
_SIZE: Final = 0
_CONTENT: Final = 1
_CONTENT_END: Final = 2
_TRAILERS: Final = 3

_NONE_YET: Final = Overhead()

# Small chunks are joined up to this much: an event costs more than a copy.
_JOINED: Final = 16_384


class BodyReader:
    """Reads the bodies of one direction of a connection, one after the other."""

    __slots__ = (
        "_body",
        "_buffer",
        "_extension",
        "_fields",
        "_left",
        "_leniences",
        "_limits",
        "_next",
        "_overhead",
        "_role",
        "_scan",
        "_total",
        "keep_extensions",
    )

    def __init__(
        self,
        role: Role,
        buffer: InputBuffer,
        fields: FieldReader,
        limits: Limits,
        leniences: Leniences,
        keep_extensions: bool,
    ) -> None:
        self._role: Final = role
        self._buffer: Final = buffer
        self._fields: Final = fields
        self._limits: Final = limits
        self._leniences: Final = leniences
        self.keep_extensions: Final = keep_extensions
        self._body: Body = Body.NOTHING
        self._left = 0  # of the content, or of the chunk
        self._total = 0
        self._next = _SIZE
        self._extension: bytes = b""
        self._overhead: Overhead = _NONE_YET
        self._scan: Scan | None = None

    def begin(self, body: Body, length: int) -> Fault | None:
        """A head was read whose body is such; `length` is its Content-Length, if it has one."""
        self._body = body
        self._left = length
        self._total = 0
        self._extension = b""
        if body is _CHUNKED:
            self._next = _SIZE
            self._overhead = Overhead()
        elif body is _LENGTH and self._limits.max_content:
            return self._count(length)
        return None

    @property
    def remaining(self) -> int:
        """Bytes that are known to be still to come: of the content, or of the chunk."""
        return self._left

    def read(self, stream_id: int) -> Data | Trailers | Fault | None:
        """The next piece, or `None` so far.  The last one has `end_stream`, or is trailers."""
        if self._body is _CHUNKED:
            return self._read_chunked(stream_id)
        buffer = self._buffer
        buffer.settle()
        available = len(buffer.data) - buffer.pos
        if available == 0:
            return None
        if self._body is _UNTIL_CLOSE:
            return self._read_until_close(stream_id, available)
        piece = self._piece(available)
        return Data(stream_id, piece, self._left == 0)

    def end(self, stream_id: int) -> Data | None:
        """The input has ended: the end of the body, if that is how it ends."""
        return Data(stream_id, b"", True) if self._body is _UNTIL_CLOSE else None

    def _read_until_close(self, stream_id: int, available: int) -> Data | Fault:
        limit = self._limits.max_content
        room = limit - self._total
        if limit and available > room > 0:
            # What is allowed is told, however the bytes are cut.
            self._left = room
            self._total = limit
            return Data(stream_id, self._piece(available))
        fault = self._count(available)
        return Data(stream_id, self._buffer.take()) if fault is None else fault

    def _piece(self, available: int) -> bytes:
        """The next bytes of the content, as many as there are."""
        buffer = self._buffer
        data = buffer.data
        pos = buffer.pos
        left = self._left
        if available <= left:
            self._left = left - available
            buffer.pos = len(data)
            return data[pos:] if pos else data
        self._left = 0
        buffer.pos = pos + left
        return data[pos : pos + left]

    def _count(self, size: int) -> Fault | None:
        self._total += size
        limit = self._limits.max_content
        if limit and self._total > limit:
            status = 413 if self._role is Role.SERVER else 502
            return Fault(status, f"content of at most {limit} bytes", "more")
        return None

    def _read_chunked(self, stream_id: int) -> Data | Trailers | Fault | None:
        """As much content as is there, up to a limit; what is wrong behind it is told later.

        RFC 9112 §6.1, §7.1: a recipient MUST be able to parse chunked.
        """
        buffer = self._buffer
        joined = 0
        first: bytes = b""
        others: list[bytes] = []
        while True:
            if self._next == _CONTENT:
                buffer.settle()
                available = len(buffer.data) - buffer.pos
                if available == 0 or joined >= _JOINED:
                    break
                piece = self._piece(available)
                if joined:
                    others.append(piece)
                else:
                    first = piece
                joined += len(piece)
                if self._left:
                    break
                self._next = _CONTENT_END
                if self.keep_extensions:
                    break
            if self._next != _TRAILERS:
                fault = self._read_size(joined > 0)
                if fault is not None:
                    return fault
                if self._next == _CONTENT:
                    continue
                if self._next != _TRAILERS:
                    break
            if buffer.first(2) == b"\r\n":
                buffer.skip(2)
                self._scan = None
                return Data(stream_id, _join(first, others), True, self._extension)
            if joined:
                break
            return self._read_trailers(stream_id)
        if joined:
            extension = self._extension
            self._extension = b""
            return Data(stream_id, _join(first, others), False, extension)
        return None

    def _read_size(self, held: bool) -> Fault | None:
        """Read the end of a chunk and the line of the next one, as far as they are there.

        A fault is left where it is while content is held that has yet to be told.
        """
        buffer = self._buffer
        if self._next == _CONTENT_END:
            mark = buffer.first(2)
            if mark != b"\r\n":
                # CVE-2025-43859: whoever skips two bytes here without a look can be told that a
                # chunk is longer than everybody else thinks.
                if held or mark in (b"", b"\r"):
                    return None
                return self._bad("CRLF behind the content of a chunk", "something else")
            buffer.skip(2)
            self._next = _SIZE
        longest = self._limits.max_chunk_line
        at = buffer.find(b"\r\n")
        size = (at - buffer.pos) if at >= 0 else len(buffer)
        # One more for the CR, which may be there already.
        if size > longest + (1 if at < 0 else 0):
            if held:
                return None
            return self._bad(f"a chunk line of at most {longest} bytes", "more")
        if at < 0:
            return None
        line = read_chunk_line(buffer.data[buffer.pos : at], self._leniences.chunk_whitespace)
        if not isinstance(line, ChunkLine):
            return None if held else self._bad("a chunk size in hexadecimal digits", line)
        fault = self._count(line.size)
        if fault is not None:
            self._total -= line.size
            return None if held else fault
        if not self._overhead.spend(size, line.size, self._limits.chunk_overhead):
            if held:
                return None
            return self._bad(
                f"chunk lines of at most {self._limits.chunk_overhead} bytes more than needed",
                "more",
            )
        buffer.pos = at + 2
        if self.keep_extensions:
            self._extension = line.extension
        self._left = line.size
        self._next = _CONTENT if line.size else _TRAILERS
        return None

    def _read_trailers(self, stream_id: int) -> Trailers | Fault | None:
        """Read the trailer section, if all of it is there (RFC 9112 §7.1.2)."""
        buffer = self._buffer
        at = buffer.find(b"\r\n\r\n")
        scan = self._scan
        if at < 0:
            if scan is None:
                scan = self._scan = Scan(self._role, self._limits, True, False)
            gathered = buffer.gathered()
            return scan.look(gathered, len(gathered))
        self._scan = None
        block = buffer.data[buffer.pos : at + 4]
        fault = Scan(self._role, self._limits, True, False).look(block, len(block))
        if fault is not None:
            return fault
        section = self._fields.read(block[:-4])
        if not isinstance(section, Section):
            return self._bad("well-formed trailers", section)
        forbidden = trailers_fault(section.fields)
        if forbidden is not None:
            return self._bad("trailers that may be trailers", forbidden)
        buffer.pos = at + 4
        return Trailers(stream_id, section.fields[:], section.names)

    def _bad(self, expected: str, came: str) -> Fault:
        return Fault(400 if self._role is Role.SERVER else 502, expected, came)


def _join(first: bytes, others: list[bytes]) -> bytes:
    if others:
        others.insert(0, first)
        return b"".join(others)
    return first
