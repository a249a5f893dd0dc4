"""Readers of one part of a message each, on a `ReceiveBuffer`.

The connection reads with the engine and has no use for these; proxies that frame bodies by
themselves do.  Heads are read here as the connection reads them, by the engine.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, NoReturn, TypeAlias

from hyper import h1
from hyper.compat.h11 import _translate
from hyper.compat.h11._abnf import chunk_header, header_field
from hyper.compat.h11._events import Data, EndOfMessage, InformationalResponse, Request, Response
from hyper.compat.h11._receivebuffer import ReceiveBuffer
from hyper.compat.h11._state import (
    CLIENT,
    CLOSED,
    DONE,
    IDLE,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    State,
)
from hyper.compat.h11._util import LocalProtocolError, RemoteProtocolError, validate
from hyper.wire import Role

__all__ = ["READERS"]

_HEADER_FIELD: Final = re.compile(header_field.encode("ascii"))
_CHUNK_HEADER: Final = re.compile(chunk_header.encode("ascii"))


def _obsolete_line_fold(lines: Iterable[bytes | bytearray]) -> Iterable[bytes]:
    """The lines with what is folded joined by one space (RFC 9112 §5.2)."""
    gathered: list[bytes] = []
    for line in lines:
        if line.startswith((b" ", b"\t")):
            if not gathered:
                raise LocalProtocolError("a folded line before the first header")
            gathered.append(bytes(line).strip(b" \t"))
            continue
        if gathered:
            yield b" ".join(gathered)
        gathered = [bytes(line)]
    if gathered:
        yield b" ".join(gathered)


def _decode_header_lines(lines: Iterable[bytes | bytearray]) -> Iterable[tuple[bytes, bytes]]:
    """Names and values of lines; `LocalProtocolError` for one that is no header."""
    for line in _obsolete_line_fold(lines):
        found = validate(_HEADER_FIELD, line, "a line that is no header: {!r}", line[:64])
        yield found["field_name"], found["field_value"]


def _told(role: Role, ask: bytes, lines: list[bytearray]) -> h1.Event | None:
    """What an engine makes of a head."""
    engine = h1.Connection(role, limits=_translate.LIMITS, leniences=_translate.LENIENCES)
    if ask:
        engine.send(h1.Request(1, ask, b"/", [(b"host", b"")], end_stream=True))
    engine.receive_data(b"\r\n".join(lines) + b"\r\n\r\n", 0.0)
    event = engine.next_event()
    if isinstance(event, h1.PeerFault):
        raise LocalProtocolError(
            f"expected {event.expected}, got {event.came}",
            event.status if role is Role.SERVER else 400,
        )
    return event


def maybe_read_from_IDLE_client(buf: ReceiveBuffer) -> Request | None:
    """The head of a request, or `None` if it is not all there."""
    lines = buf.maybe_extract_lines()
    if lines is None:
        if buf.is_next_line_obviously_invalid_request_line():
            raise LocalProtocolError("what no request begins with")
        return None
    if not lines:
        raise LocalProtocolError("an empty line in place of a request line")
    event = _told(Role.SERVER, b"", lines)
    return _translate.request(event) if isinstance(event, h1.Request) else None


def maybe_read_from_SEND_RESPONSE_server(
    buf: ReceiveBuffer,
) -> InformationalResponse | Response | None:
    """The head of a response, or `None` if it is not all there."""
    lines = buf.maybe_extract_lines()
    if lines is None:
        if buf.is_next_line_obviously_invalid_request_line():
            raise LocalProtocolError("what no response begins with")
        return None
    if not lines:
        raise LocalProtocolError("an empty line in place of a status line")
    event = _told(Role.CLIENT, b"GET", lines)
    if isinstance(event, h1.InformationalResponse):
        return _translate.interim(event)
    return _translate.response(event) if isinstance(event, h1.Response) else None


def expect_nothing(buf: ReceiveBuffer) -> None:
    """Nothing: any byte is a fault."""
    if buf:
        raise LocalProtocolError("bytes where only the end was left to come")


class ContentLengthReader:
    """Content of `length` bytes (RFC 9112 §6.2)."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._remaining = length

    def __call__(self, buf: ReceiveBuffer) -> Data | EndOfMessage | None:
        """The next piece, the end, or `None` for more input."""
        if self._remaining == 0:
            return EndOfMessage()
        piece = buf.maybe_extract_at_most(self._remaining)
        if piece is None:
            return None
        self._remaining -= len(piece)
        return Data(data=bytes(piece))

    def read_eof(self) -> NoReturn:
        """The input ended too early: raises `RemoteProtocolError`."""
        came = self._length - self._remaining
        raise RemoteProtocolError(
            f"the peer closed the connection behind {came} of {self._length} bytes of content"
        )


class ChunkedReader:
    """Content in chunks, with trailers (RFC 9112 §7.1)."""

    def __init__(self) -> None:
        self._left = 0  # of the chunk
        self._starts = False  # nothing of it came yet
        self._footer = b""  # what has to come behind it
        self._in_trailers = False

    def __call__(self, buf: ReceiveBuffer) -> Data | EndOfMessage | None:
        """The next piece, the end, or `None` for more input."""
        if self._in_trailers:
            return _trailers(buf)
        if self._left == 0:
            if not self._end_chunk(buf):
                return None
            line = buf.maybe_extract_next_line()
            if line is None:
                return None
            found = validate(_CHUNK_HEADER, line, "a chunk line that is none: {!r}", line[:64])
            self._left = int(found["chunk_size"], 16)
            if self._left == 0:
                self._in_trailers = True
                return _trailers(buf)
            self._footer = b"\r\n"
            self._starts = True
        piece = buf.maybe_extract_at_most(self._left)
        if piece is None:
            return None
        starts = self._starts
        self._starts = False
        self._left -= len(piece)
        return Data(data=bytes(piece), chunk_start=starts, chunk_end=self._left == 0)

    def _end_chunk(self, buf: ReceiveBuffer) -> bool:
        """Take the CRLF behind a chunk; false if it is not all there."""
        if self._footer:
            # CVE-2025-43859: looked at, not skipped.
            piece = buf.maybe_extract_at_most(len(self._footer))
            if piece is None:
                return False
            if not self._footer.startswith(piece):
                raise LocalProtocolError("something else than CRLF behind a chunk")
            self._footer = self._footer[len(piece) :]
        return not self._footer

    def read_eof(self) -> NoReturn:
        """The input ended too early: raises `RemoteProtocolError`."""
        raise RemoteProtocolError("the peer closed the connection within a chunked body")


def _trailers(buf: ReceiveBuffer) -> EndOfMessage | None:
    lines = buf.maybe_extract_lines()
    if lines is None:
        return None
    return EndOfMessage(headers=list(_decode_header_lines(lines)))


class Http10Reader:
    """Content that ends with the connection (RFC 9112 §6.3, rule 8)."""

    def __call__(self, buf: ReceiveBuffer) -> Data | None:
        """The next piece, or `None` for more input."""
        piece = buf.maybe_extract_at_most(1 << 62)
        return None if piece is None else Data(data=bytes(piece))

    def read_eof(self) -> EndOfMessage:
        """The input ended, and with it the content."""
        return EndOfMessage()


HeadReader: TypeAlias = Callable[[ReceiveBuffer], Request | InformationalResponse | Response | None]
BodyReader: TypeAlias = type[ChunkedReader] | type[ContentLengthReader] | type[Http10Reader]
ReadersType: TypeAlias = dict[State | tuple[State, State], HeadReader | dict[str, BodyReader]]

# What input means to an end in a state, and for a body by the name of its framing.
READERS: ReadersType = {
    (CLIENT, IDLE): maybe_read_from_IDLE_client,
    (SERVER, IDLE): maybe_read_from_SEND_RESPONSE_server,
    (SERVER, SEND_RESPONSE): maybe_read_from_SEND_RESPONSE_server,
    (CLIENT, DONE): expect_nothing,
    (CLIENT, MUST_CLOSE): expect_nothing,
    (CLIENT, CLOSED): expect_nothing,
    (SERVER, DONE): expect_nothing,
    (SERVER, MUST_CLOSE): expect_nothing,
    (SERVER, CLOSED): expect_nothing,
    SEND_BODY: {
        "chunked": ChunkedReader,
        "content-length": ContentLengthReader,
        "http/1.0": Http10Reader,
    },
}
