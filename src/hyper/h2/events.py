"""What the engine tells and what it is told: the same nouns in both directions.

Every event is complete when made.  The ones of a stream carry `stream_id` first; `end_stream`
rides on the head or the data that ends it, and there is no second way to see that fact.

The classes write their `__init__` out: compiled, that is ten times faster (STYLE.md, rule 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hyper.frame import ErrorCode, PriorityFrame, Scope, UnknownFrame, WindowUpdateFrame
from hyper.frame import Priority as Dependency
from hyper.h2.timers import Timer
from hyper.priority import Priority, parse_priority
from hyper.wire import Field


@dataclass(slots=True, init=False)
class Request:
    """The head of a request (RFC 9113 §8.3.1): pseudo-fields first, in `fields` like any other.

    `dependency` is the deprecated priority that its HEADERS carry (RFC 7540 §5.3, RFC 9113 §5.3.2).
    It is told with `by_hand` only, and means nothing to the engine.
    """

    stream_id: Final[int]
    fields: Final[Sequence[Field]]
    end_stream: Final[bool]
    dependency: Final[Dependency | None]

    def __init__(
        self,
        stream_id: int,
        fields: Sequence[Field],
        end_stream: bool = False,
        dependency: Dependency | None = None,
    ) -> None:
        self.stream_id = stream_id
        self.fields = fields
        self.end_stream = end_stream
        self.dependency = dependency


@dataclass(slots=True, init=False)
class Response:
    """The head of a final response (RFC 9113 §8.3.2); `:status` is the first of `fields`."""

    stream_id: Final[int]
    fields: Final[Sequence[Field]]
    end_stream: Final[bool]

    def __init__(self, stream_id: int, fields: Sequence[Field], end_stream: bool = False) -> None:
        self.stream_id = stream_id
        self.fields = fields
        self.end_stream = end_stream


@dataclass(slots=True, init=False)
class InformationalResponse:
    """A 1xx response head (RFC 9110 §15.2): any number of them may precede the final one."""

    stream_id: Final[int]
    fields: Final[Sequence[Field]]

    def __init__(self, stream_id: int, fields: Sequence[Field]) -> None:
        self.stream_id = stream_id
        self.fields = fields


@dataclass(slots=True, init=False)
class PushPromise:
    """A request the server makes up for its client, and answers on `promised_stream_id` (RFC 9113
    §8.4).  `stream_id` is that of the request which gave rise to it.

    Only told where we have asked for pushes with ENABLE_PUSH.  Whoever does not want the response
    sends a `Reset` for the promised stream.
    """

    stream_id: Final[int]
    promised_stream_id: Final[int]
    fields: Final[Sequence[Field]]

    def __init__(self, stream_id: int, promised_stream_id: int, fields: Sequence[Field]) -> None:
        self.stream_id = stream_id
        self.promised_stream_id = promised_stream_id
        self.fields = fields


@dataclass(slots=True, init=False)
class Data:
    """A piece of content; received, it counts against the windows until it is consumed.

    `padding` is told with `by_hand` only: how many octets of padding came with it, the one that
    says how many included.  They count against the windows as well.
    """

    stream_id: Final[int]
    data: Final[bytes]
    end_stream: Final[bool]
    padding: Final[int]

    def __init__(
        self, stream_id: int, data: bytes, end_stream: bool = False, padding: int = 0
    ) -> None:
        self.stream_id = stream_id
        self.data = data
        self.end_stream = end_stream
        self.padding = padding


@dataclass(slots=True, init=False)
class Discarded:
    """DATA of `size` bytes came that nobody is told of, on a stream that is over or is now: it
    counts against the connection's window.  With `by_hand` only; else it was given back.
    """

    stream_id: Final[int]
    size: Final[int]

    def __init__(self, stream_id: int, size: int) -> None:
        self.stream_id = stream_id
        self.size = size


@dataclass(slots=True, init=False)
class Trailers:
    """Fields after the content (RFC 9113 §8.1); they always end their side of the stream."""

    stream_id: Final[int]
    fields: Final[Sequence[Field]]

    def __init__(self, stream_id: int, fields: Sequence[Field]) -> None:
        self.stream_id = stream_id
        self.fields = fields


@dataclass(slots=True, init=False)
class Reset:
    """The stream ended at once: RST_STREAM (RFC 9113 §6.4), or a GOAWAY that left it out.

    Received, it is the last event of its stream.
    """

    stream_id: Final[int]
    code: Final[ErrorCode | int]

    def __init__(self, stream_id: int, code: ErrorCode | int = ErrorCode.CANCEL) -> None:
        self.stream_id = stream_id
        self.code = code

    @property
    def retryable(self) -> bool:
        """Whether the peer did nothing with the request, so that it is safe to send it again
        (RFC 9113 §8.7).
        """
        return self.code == ErrorCode.REFUSED_STREAM


@dataclass(slots=True, init=False)
class Writable:
    """What was queued on the stream has drained below the low-water mark: send more."""

    stream_id: Final[int]

    def __init__(self, stream_id: int) -> None:
        self.stream_id = stream_id


@dataclass(slots=True, init=False)
class Settings:
    """Parameters one side declares for itself (RFC 9113 §6.5): `(identifier, value)` in order.

    Received, they are in force already and their acknowledgement is queued.
    """

    values: Final[Sequence[tuple[int, int]]]

    def __init__(self, values: Sequence[tuple[int, int]]) -> None:
        self.values = values


@dataclass(slots=True, init=False)
class SettingsAcknowledged:
    """The peer has put our `values` into force (RFC 9113 §6.5.3)."""

    values: Final[Sequence[tuple[int, int]]]

    def __init__(self, values: Sequence[tuple[int, int]]) -> None:
        self.values = values


@dataclass(slots=True, init=False)
class Ping:
    """Eight bytes that the other side sends back (RFC 9113 §6.7).  The engine answers by itself."""

    data: Final[bytes]

    def __init__(self, data: bytes) -> None:
        self.data = data


@dataclass(slots=True, init=False)
class Pong:
    """The answer to a `Ping` of ours: the same eight bytes.

    `round_trip` is how long it took in seconds, from the time that `data_to_send` was given with
    the question; `None` if that is not known, or if there was no such question.
    """

    data: Final[bytes]
    round_trip: Final[float | None]

    def __init__(self, data: bytes, round_trip: float | None = None) -> None:
        self.data = data
        self.round_trip = round_trip


@dataclass(slots=True, init=False)
class GoAway:
    """No new streams (RFC 9113 §6.8).  Those up to `last_stream_id` live on; for each of ours
    above it a `Reset` with REFUSED_STREAM follows.
    """

    last_stream_id: Final[int]
    code: Final[ErrorCode | int]
    debug: Final[bytes]

    def __init__(
        self, last_stream_id: int, code: ErrorCode | int = ErrorCode.NO_ERROR, debug: bytes = b""
    ) -> None:
        self.last_stream_id = last_stream_id
        self.code = code
        self.debug = debug


@dataclass(slots=True, init=False)
class AltSvc:
    """Where else the origin can be reached (RFC 7838 §4).  `origin` is empty on a request's
    stream; `stream_id` is 0 otherwise.
    """

    stream_id: Final[int]
    origin: Final[bytes]
    value: Final[bytes]

    def __init__(self, stream_id: int, origin: bytes, value: bytes) -> None:
        self.stream_id = stream_id
        self.origin = origin
        self.value = value


@dataclass(slots=True, init=False)
class Origin:
    """Origins the server wants to speak for on this connection (RFC 8336 §2), each in its ASCII
    form, `scheme://host[:port]`.

    What a client may do with them depends on the certificate, and a proxy's are to be ignored (RFC
    8336 §2.2, §2.4): that is the caller's, who knows both.
    """

    origins: Final[Sequence[bytes]]

    def __init__(self, origins: Sequence[bytes]) -> None:
        self.origins = origins


@dataclass(slots=True, init=False)
class PriorityUpdate:
    """A client's new priority for the response on a stream (RFC 9218 §7): what a `priority` field
    would say, a Dictionary of RFC 9651.

    Received, it is in force already; the stream may be one that is yet to be opened.
    """

    stream_id: Final[int]
    value: Final[bytes]

    def __init__(self, stream_id: int, value: bytes) -> None:
        self.stream_id = stream_id
        self.value = value

    @property
    def priority(self) -> Priority:
        """What `value` says: the default where it says nothing, or cannot be read."""
        return parse_priority(self.value)


@dataclass(slots=True, init=False)
class PeerFault:
    """The peer broke a rule or a limit.

    With `scope` STREAM that stream alone is over and its RST_STREAM is queued; with CONNECTION
    everything is, and the GOAWAY is queued.  It is the last event of what it ends.  Where the peer
    was only too slow, `timer` says at what.
    """

    stream_id: Final[int]
    code: Final[ErrorCode]
    scope: Final[Scope]
    expected: Final[str]
    came: Final[str]
    timer: Final[Timer | None]

    def __init__(
        self,
        stream_id: int,
        code: ErrorCode,
        scope: Scope,
        expected: str,
        came: str,
        timer: Timer | None = None,
    ) -> None:
        self.stream_id = stream_id
        self.code = code
        self.scope = scope
        self.expected = expected
        self.came = came
        self.timer = timer

    def __str__(self) -> str:
        where = f"stream {self.stream_id}" if self.stream_id else "connection"
        return f"{self.code.name} on {where}: expected {self.expected}, got {self.came}"


@dataclass(slots=True, init=False)
class PeerMisbehaving:
    """The peer has spent most of a budget (`Limits.warning_share`), for `came`: it means harm, or
    is out of order.  Told once.  A server begins to leave by itself, so that a peer that means well
    loses nothing: what it goes on to ask, it asks on a new connection.
    """

    expected: Final[str]
    came: Final[str]

    def __init__(self, expected: str, came: str) -> None:
        self.expected = expected
        self.came = came

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.came}"


@dataclass(slots=True, init=False)
class EndOfInput:
    """The peer will send no more bytes.

    Each stream on which something of its was missing has been told as a `PeerFault`, or as a
    `Reset` where the request had never left.  A server still answers what was asked in full, within
    `Limits.half_closed_timeout`; the connection is over with the last of that, or now.

    `clean` unless the end cut the preface, a frame or a message short.
    """

    clean: Final[bool]

    def __init__(self, clean: bool) -> None:
        self.clean = clean


Event: TypeAlias = (
    Request
    | Response
    | InformationalResponse
    | Data
    | Trailers
    | Reset
    | Writable
    | Settings
    | SettingsAcknowledged
    | Ping
    | Pong
    | GoAway
    | PushPromise
    | AltSvc
    | Origin
    | PriorityUpdate
    | PeerFault
    | PeerMisbehaving
    | EndOfInput
    | Discarded
    | WindowUpdateFrame
    | PriorityFrame
    | UnknownFrame
)
"""What `next_event` returns; the last four with `by_hand` only."""

Sendable: TypeAlias = (
    Request
    | Response
    | InformationalResponse
    | Data
    | Trailers
    | Reset
    | Settings
    | Ping
    | GoAway
    | PushPromise
    | AltSvc
    | Origin
    | PriorityUpdate
    | PriorityFrame
    | UnknownFrame
)
"""What `send` takes."""
