"""Writers of one part of a message each, that hand bytes to a function.

The connection writes with the engine and has no use for these; they are here for who does.
"""

from collections.abc import Callable
from typing import TypeAlias

from hyper.compat.h11._events import (
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from hyper.compat.h11._headers import Headers, raw_items
from hyper.compat.h11._state import CLIENT, IDLE, SEND_BODY, SEND_RESPONSE, SERVER, State
from hyper.compat.h11._util import LocalProtocolError

__all__ = ["WRITERS"]

Writer: TypeAlias = Callable[[bytes], object]


def write_headers(headers: Headers, write: Writer) -> None:
    """A header section and the empty line behind it, Host first (RFC 9110 §7.2)."""
    raw = raw_items(headers)
    for first in (True, False):
        for name, value in raw:
            if (name.lower() == b"host") is first:
                write(b"%b: %b\r\n" % (name, value))
    write(b"\r\n")


def write_request(request: Request, write: Writer) -> None:
    """The head of a request."""
    _check_version(request.http_version)
    write(b"%b %b HTTP/1.1\r\n" % (request.method, request.target))
    write_headers(request.headers, write)


def write_any_response(response: InformationalResponse | Response, write: Writer) -> None:
    """The head of a response."""
    _check_version(response.http_version)
    # RFC 9112 §4: MUST send the SP behind the status even without a reason.
    write(b"HTTP/1.1 %d %b\r\n" % (response.status_code, response.reason))
    write_headers(response.headers, write)


def _check_version(version: bytes) -> None:
    # RFC 9112 §2.3: a sender's own version is what it says.
    if version != b"1.1":
        raise LocalProtocolError("only HTTP/1.1 is said, whatever the peer speaks")


class BodyWriter:
    """Writes the content of one message and its end."""

    def __call__(self, event: Event, write: Writer) -> None:
        """Write `Data` or `EndOfMessage`."""
        if type(event) is Data:
            self.send_data(event.data, write)
        elif type(event) is EndOfMessage:
            self.send_eom(event.headers, write)
        else:
            raise AssertionError(f"no part of a body: {event!r}")

    def send_data(self, data: bytes, write: Writer) -> None:
        """Write a piece of content."""

    def send_eom(self, headers: Headers, write: Writer) -> None:
        """Write the end, with trailers where there are any."""


class ContentLengthWriter(BodyWriter):
    """Content of `length` bytes."""

    def __init__(self, length: int) -> None:
        self._left = length

    def send_data(self, data: bytes, write: Writer) -> None:
        """Write a piece of content, of which only the length is looked at."""
        self._left -= len(data)
        if self._left < 0:
            raise LocalProtocolError("more content than the Content-Length says")
        write(data)

    def send_eom(self, headers: Headers, write: Writer) -> None:
        """Check that everything was written."""
        if self._left:
            raise LocalProtocolError("less content than the Content-Length says")
        if headers:
            raise LocalProtocolError("trailers behind content that is not chunked")


class ChunkedWriter(BodyWriter):
    """Content in chunks."""

    def send_data(self, data: bytes, write: Writer) -> None:
        """Write a chunk; none for no content, for that would be the last."""
        if len(data) == 0:
            return
        write(b"%x\r\n" % len(data))
        write(data)
        write(b"\r\n")

    def send_eom(self, headers: Headers, write: Writer) -> None:
        """Write the last chunk and the trailers."""
        write(b"0\r\n")
        write_headers(headers, write)


class Http10Writer(BodyWriter):
    """Content that ends with the connection."""

    def send_data(self, data: bytes, write: Writer) -> None:
        """Write a piece of content."""
        write(data)

    def send_eom(self, headers: Headers, write: Writer) -> None:
        """Whoever owns the connection closes it."""
        if headers:
            raise LocalProtocolError("trailers to a client of HTTP/1.0")


HeadWriter: TypeAlias = (
    Callable[[Request, Writer], None] | Callable[[InformationalResponse | Response, Writer], None]
)
WritersType: TypeAlias = dict[State | tuple[State, State], HeadWriter | dict[str, type[BodyWriter]]]

# What writes the events of an end in a state, and for a body by the name of its framing.
WRITERS: WritersType = {
    (CLIENT, IDLE): write_request,
    (SERVER, IDLE): write_any_response,
    (SERVER, SEND_RESPONSE): write_any_response,
    SEND_BODY: {
        "chunked": ChunkedWriter,
        "content-length": ContentLengthWriter,
        "http/1.0": Http10Writer,
    },
}
