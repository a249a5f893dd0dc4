"""What the engine tells and what it is told: the same nouns in both directions.

Named as those of `hyper.h2`, with the same attributes where they mean the same.  What HTTP/1.1
says in its first line stands in attributes; everything else is in `fields`, names in lower case.

Every event is complete when made.  `stream_id` counts the exchanges of the connection from 1.

The classes write their `__init__` out: compiled, that is ten times faster (STYLE.md, rule 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hyper.wire import Field


@dataclass(slots=True, init=False)
class Request:
    """The head of a request (RFC 9112 §3).

    `target` is the request-target as it stands in the request line.  `version` is what the client
    speaks, `b"1.1"` or `b"1.0"`; we always say 1.1 ourselves (§2.3).  `names` are the names of
    `fields` as they are spelled on the wire, one for each; empty means: as in `fields`.
    """

    stream_id: Final[int]
    method: Final[bytes]
    target: Final[bytes]
    fields: Final[Sequence[Field]]
    end_stream: Final[bool]
    version: Final[bytes]
    names: Final[Sequence[bytes]]

    def __init__(
        self,
        stream_id: int,
        method: bytes,
        target: bytes,
        fields: Sequence[Field],
        end_stream: bool = False,
        version: bytes = b"1.1",
        names: Sequence[bytes] = (),
    ) -> None:
        self.stream_id = stream_id
        self.method = method
        self.target = target
        self.fields = fields
        self.end_stream = end_stream
        self.version = version
        self.names = names


@dataclass(slots=True, init=False)
class Response:
    """The head of a final response (RFC 9112 §4).

    A `reason` of `None` is written as the phrase that RFC 9110 §15 gives for the status; received,
    it is always what came.  `version` and `names` are as in `Request`.
    """

    stream_id: Final[int]
    status: Final[int]
    fields: Final[Sequence[Field]]
    end_stream: Final[bool]
    reason: Final[bytes | None]
    version: Final[bytes]
    names: Final[Sequence[bytes]]

    def __init__(
        self,
        stream_id: int,
        status: int,
        fields: Sequence[Field],
        end_stream: bool = False,
        reason: bytes | None = None,
        version: bytes = b"1.1",
        names: Sequence[bytes] = (),
    ) -> None:
        self.stream_id = stream_id
        self.status = status
        self.fields = fields
        self.end_stream = end_stream
        self.reason = reason
        self.version = version
        self.names = names


@dataclass(slots=True, init=False)
class InformationalResponse:
    """A 1xx response head (RFC 9110 §15.2): any number of them may precede the final one.

    With 101 the connection changes its protocol, and no final one comes: see
    `Connection.trailing_data`.
    """

    stream_id: Final[int]
    status: Final[int]
    fields: Final[Sequence[Field]]
    reason: Final[bytes | None]
    version: Final[bytes]
    names: Final[Sequence[bytes]]

    def __init__(
        self,
        stream_id: int,
        status: int,
        fields: Sequence[Field],
        reason: bytes | None = None,
        version: bytes = b"1.1",
        names: Sequence[bytes] = (),
    ) -> None:
        self.stream_id = stream_id
        self.status = status
        self.fields = fields
        self.reason = reason
        self.version = version
        self.names = names


@dataclass(slots=True, init=False)
class Data:
    """A piece of content, free of any framing.

    `chunk_extension` is what stands between the size and the end of the line of the chunk that this
    piece begins (RFC 9112 §7.1.1), `;` included.  Received, it is told on request only.
    """

    stream_id: Final[int]
    data: Final[bytes]
    end_stream: Final[bool]
    chunk_extension: Final[bytes]

    def __init__(
        self, stream_id: int, data: bytes, end_stream: bool = False, chunk_extension: bytes = b""
    ) -> None:
        self.stream_id = stream_id
        self.data = data
        self.end_stream = end_stream
        self.chunk_extension = chunk_extension


@dataclass(slots=True, init=False)
class Trailers:
    """Fields after the content (RFC 9112 §7.1.2); they always end their message."""

    stream_id: Final[int]
    fields: Final[Sequence[Field]]
    names: Final[Sequence[bytes]]

    def __init__(
        self, stream_id: int, fields: Sequence[Field], names: Sequence[bytes] = ()
    ) -> None:
        self.stream_id = stream_id
        self.fields = fields
        self.names = names


@dataclass(slots=True, init=False)
class Preface:
    """The client speaks HTTP/2 (RFC 9113 §3.4), and the server was made to expect that.

    Everything it sent, the preface included, is in `Connection.trailing_data`.
    """


@dataclass(slots=True, init=False)
class PeerFault:
    """The peer broke a rule or a limit; it is the last that is told of its messages.

    `status` is the status code for it: a server may still answer the exchange `stream_id` with it,
    if no response to that has begun; a client that is a gateway may tell its own client.
    """

    stream_id: Final[int]
    status: Final[int]
    expected: Final[str]
    came: Final[str]

    def __init__(self, stream_id: int, status: int, expected: str, came: str) -> None:
        self.stream_id = stream_id
        self.status = status
        self.expected = expected
        self.came = came

    def __str__(self) -> str:
        return (
            f"{self.status} on exchange {self.stream_id}: expected {self.expected}, got {self.came}"
        )


@dataclass(slots=True, init=False)
class EndOfInput:
    """The peer will send no more bytes.

    `clean` unless that cut a message short or left a request without its response.  A server may
    still answer what it received whole (RFC 9112 §9.6), and a message that was cut short with an
    error (§8).
    """

    clean: Final[bool]

    def __init__(self, clean: bool) -> None:
        self.clean = clean


Event: TypeAlias = (
    Request | Response | InformationalResponse | Data | Trailers | Preface | PeerFault | EndOfInput
)
"""What `next_event` returns."""

Sendable: TypeAlias = Request | Response | InformationalResponse | Data | Trailers
"""What `send` takes."""
