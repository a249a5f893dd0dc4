"""The ten frame types of RFC 9113 §6 as values: for people, tools and tests.

A value is legal when it is made: what the RFC forbids is a `LocalProtocolError` of the constructor.
Numbers and field names are the RFC's; `flags` gives what the fields mean on the wire.

Not here: the frames an engine handles by the thousand; it reads and writes them without objects
(`FrameSplitter`, `pack_data` and its like).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, final

from hyper.frame.names import error_name, setting_name
from hyper.frame.ranges import bad_stream, out_of_range
from hyper.frame.rules import SETTINGS_WITH_RANGE, check_setting
from hyper.frame.shown import hidden, shown
from hyper.frame.types import MAX_STREAM_ID, MAX_WINDOW, Flag, FrameType
from hyper.wire import LocalProtocolError


@final
@dataclass(slots=True, init=False, repr=False)
class Priority:
    """The priority of RFC 7540 §5.3, which RFC 9113 §5.3.2 deprecates; `weight` is 1 to 256."""

    depends_on: Final[int]
    weight: Final[int]
    exclusive: Final[bool]

    def __init__(self, depends_on: int = 0, weight: int = 16, exclusive: bool = False) -> None:
        if not 0 <= depends_on <= MAX_STREAM_ID:
            raise bad_stream("a dependency", depends_on, 0)
        if not 1 <= weight <= 256:
            raise out_of_range("a weight", weight, 1, 256)
        self.depends_on = depends_on
        self.weight = weight
        self.exclusive = exclusive

    def __repr__(self) -> str:
        tail = ", exclusive=True" if self.exclusive else ""
        return f"Priority(depends_on={self.depends_on}, weight={self.weight}{tail})"


@final
@dataclass(slots=True, init=False, repr=False)
class DataFrame:
    """A piece of content (RFC 9113 §6.1)."""

    type: ClassVar[FrameType] = FrameType.DATA
    stream_id: Final[int]
    data: Final[bytes]
    end_stream: Final[bool]
    pad_length: Final[int | None]

    def __init__(
        self,
        stream_id: int,
        data: bytes,
        end_stream: bool = False,
        pad_length: int | None = None,
    ) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("DATA", stream_id)
        if pad_length is not None and not 0 <= pad_length <= 255:
            raise out_of_range("a pad length", pad_length, 0, 255)
        self.stream_id = stream_id
        self.data = data
        self.end_stream = end_stream
        self.pad_length = pad_length

    @property
    def flags(self) -> Flag:
        """END_STREAM and PADDED, as they are on the wire."""
        return Flag((1 if self.end_stream else 0) | (0 if self.pad_length is None else 8))

    @property
    def flow_controlled_length(self) -> int:
        """What the frame costs of both windows: the padding counts too (RFC 9113 §6.1)."""
        return len(self.data) + (0 if self.pad_length is None else 1 + self.pad_length)

    def __repr__(self) -> str:
        tail = ", end_stream=True" if self.end_stream else ""
        return f"DataFrame({self.stream_id}, {shown(self.data)}{tail}{_padded(self.pad_length)})"


@final
@dataclass(slots=True, init=False, repr=False)
class HeadersFrame:
    """The begin of a field block, or all of it (RFC 9113 §6.2)."""

    type: ClassVar[FrameType] = FrameType.HEADERS
    stream_id: Final[int]
    fragment: Final[bytes]
    end_stream: Final[bool]
    end_headers: Final[bool]
    priority: Final[Priority | None]
    pad_length: Final[int | None]

    def __init__(
        self,
        stream_id: int,
        fragment: bytes,
        end_stream: bool = False,
        end_headers: bool = True,
        priority: Priority | None = None,
        pad_length: int | None = None,
    ) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("HEADERS", stream_id)
        if priority is not None and priority.depends_on == stream_id:
            raise _self_dependent("HEADERS", stream_id)
        if pad_length is not None and not 0 <= pad_length <= 255:
            raise out_of_range("a pad length", pad_length, 0, 255)
        self.stream_id = stream_id
        self.fragment = fragment
        self.end_stream = end_stream
        self.end_headers = end_headers
        self.priority = priority
        self.pad_length = pad_length

    @property
    def flags(self) -> Flag:
        """END_STREAM, END_HEADERS, PADDED and PRIORITY, as they are on the wire."""
        return Flag(
            (1 if self.end_stream else 0)
            | (4 if self.end_headers else 0)
            | (0 if self.pad_length is None else 8)
            | (0 if self.priority is None else 0x20)
        )

    def __repr__(self) -> str:
        tail = ", end_stream=True" if self.end_stream else ""
        if not self.end_headers:
            tail += ", end_headers=False"
        if self.priority is not None:
            tail += f", priority={self.priority!r}"
        tail += _padded(self.pad_length)
        return f"HeadersFrame({self.stream_id}, {hidden(self.fragment)}{tail})"


@final
@dataclass(slots=True, init=False, repr=False)
class PriorityFrame:
    """A change of priority in the deprecated scheme (RFC 9113 §6.3)."""

    type: ClassVar[FrameType] = FrameType.PRIORITY
    stream_id: Final[int]
    priority: Final[Priority]

    def __init__(self, stream_id: int, priority: Priority) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("PRIORITY", stream_id)
        if priority.depends_on == stream_id:
            raise _self_dependent("PRIORITY", stream_id)
        self.stream_id = stream_id
        self.priority = priority

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"PriorityFrame({self.stream_id}, {self.priority!r})"


@final
@dataclass(slots=True, init=False, repr=False)
class RstStreamFrame:
    """The end of a stream at once (RFC 9113 §6.4).  `code` is any 32-bit number."""

    type: ClassVar[FrameType] = FrameType.RST_STREAM
    stream_id: Final[int]
    code: Final[int]

    def __init__(self, stream_id: int, code: int) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("RST_STREAM", stream_id)
        if not 0 <= code <= 0xFFFF_FFFF:
            raise out_of_range("an error code", code, 0, 0xFFFF_FFFF)
        self.stream_id = stream_id
        self.code = code

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"RstStreamFrame({self.stream_id}, {error_name(self.code)})"


@final
@dataclass(slots=True, init=False, repr=False)
class SettingsFrame:
    """Parameters of the sender in their order, or the ACK of the peer's (RFC 9113 §6.5).

    The same identifier may come twice: the later value is the one that stays (§6.5.3).
    """

    type: ClassVar[FrameType] = FrameType.SETTINGS
    values: Final[tuple[tuple[int, int], ...]]
    ack: Final[bool]

    def __init__(self, values: Sequence[tuple[int, int]] = (), ack: bool = False) -> None:
        if ack and values:
            raise LocalProtocolError(f"expected SETTINGS with ACK to be empty, got {len(values)}")
        for identifier, value in values:
            if not 0 <= identifier <= 0xFFFF:
                raise out_of_range("a setting identifier", identifier, 0, 0xFFFF)
            if not 0 <= value <= 0xFFFF_FFFF:
                raise out_of_range("a setting value", value, 0, 0xFFFF_FFFF)
            if identifier in SETTINGS_WITH_RANGE:
                fault = check_setting(identifier, value)
                if fault is not None:
                    raise LocalProtocolError(f"expected {fault.expected}, got {fault.came}")
        self.values = tuple(values)
        self.ack = ack

    @property
    def stream_id(self) -> int:
        """Always 0: settings are the connection's."""
        return 0

    @property
    def flags(self) -> Flag:
        """ACK, which shares its bit with END_STREAM."""
        return Flag.ACK if self.ack else Flag.NONE

    def __repr__(self) -> str:
        if self.ack:
            return "SettingsFrame(ack=True)"
        values = [f"({setting_name(number)}, {value})" for number, value in self.values]
        return f"SettingsFrame([{', '.join(values)}])"


@final
@dataclass(slots=True, init=False, repr=False)
class PushPromiseFrame:
    """A request the server makes up for its client (RFC 9113 §6.6)."""

    type: ClassVar[FrameType] = FrameType.PUSH_PROMISE
    stream_id: Final[int]
    promised_stream_id: Final[int]
    fragment: Final[bytes]
    end_headers: Final[bool]
    pad_length: Final[int | None]

    def __init__(
        self,
        stream_id: int,
        promised_stream_id: int,
        fragment: bytes,
        end_headers: bool = True,
        pad_length: int | None = None,
    ) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("PUSH_PROMISE", stream_id)
        if not 0 < promised_stream_id <= MAX_STREAM_ID:
            raise bad_stream("a promise", promised_stream_id)
        if promised_stream_id & 1:
            # RFC 9113 §5.1.1: streams initiated by the server MUST use even-numbered identifiers.
            raise LocalProtocolError(
                f"expected an even promised stream identifier, got {promised_stream_id}"
            )
        if pad_length is not None and not 0 <= pad_length <= 255:
            raise out_of_range("a pad length", pad_length, 0, 255)
        self.stream_id = stream_id
        self.promised_stream_id = promised_stream_id
        self.fragment = fragment
        self.end_headers = end_headers
        self.pad_length = pad_length

    @property
    def flags(self) -> Flag:
        """END_HEADERS and PADDED, as they are on the wire."""
        return Flag((4 if self.end_headers else 0) | (0 if self.pad_length is None else 8))

    def __repr__(self) -> str:
        tail = "" if self.end_headers else ", end_headers=False"
        tail += _padded(self.pad_length)
        ids = f"{self.stream_id}, {self.promised_stream_id}"
        return f"PushPromiseFrame({ids}, {hidden(self.fragment)}{tail})"


@final
@dataclass(slots=True, init=False, repr=False)
class PingFrame:
    """Eight bytes to be sent back (RFC 9113 §6.7)."""

    type: ClassVar[FrameType] = FrameType.PING
    data: Final[bytes]
    ack: Final[bool]

    def __init__(self, data: bytes, ack: bool = False) -> None:
        if len(data) != 8:
            raise LocalProtocolError(f"expected 8 bytes in PING, got {len(data)}")
        self.data = data
        self.ack = ack

    @property
    def stream_id(self) -> int:
        """Always 0: a PING is the connection's."""
        return 0

    @property
    def flags(self) -> Flag:
        """ACK, which shares its bit with END_STREAM."""
        return Flag.ACK if self.ack else Flag.NONE

    def __repr__(self) -> str:
        return f"PingFrame({self.data!r}{', ack=True' if self.ack else ''})"


@final
@dataclass(slots=True, init=False, repr=False)
class GoAwayFrame:
    """No new streams, and why (RFC 9113 §6.8)."""

    type: ClassVar[FrameType] = FrameType.GOAWAY
    last_stream_id: Final[int]
    code: Final[int]
    debug: Final[bytes]

    def __init__(self, last_stream_id: int, code: int = 0, debug: bytes = b"") -> None:
        if not 0 <= last_stream_id <= MAX_STREAM_ID:
            raise out_of_range("a last stream identifier", last_stream_id, 0, MAX_STREAM_ID)
        if not 0 <= code <= 0xFFFF_FFFF:
            raise out_of_range("an error code", code, 0, 0xFFFF_FFFF)
        self.last_stream_id = last_stream_id
        self.code = code
        self.debug = debug

    @property
    def stream_id(self) -> int:
        """Always 0: a GOAWAY is the connection's."""
        return 0

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        tail = f", {shown(self.debug)}" if self.debug else ""
        return f"GoAwayFrame({self.last_stream_id}, {error_name(self.code)}{tail})"


@final
@dataclass(slots=True, init=False, repr=False)
class WindowUpdateFrame:
    """Leave to send `increment` bytes more, on the stream or, on 0, in all (RFC 9113 §6.9)."""

    type: ClassVar[FrameType] = FrameType.WINDOW_UPDATE
    stream_id: Final[int]
    increment: Final[int]

    def __init__(self, stream_id: int, increment: int) -> None:
        if not 0 <= stream_id <= MAX_STREAM_ID:
            raise bad_stream("WINDOW_UPDATE", stream_id, 0)
        if not 1 <= increment <= MAX_WINDOW:
            raise out_of_range("a window increment", increment, 1, MAX_WINDOW)
        self.stream_id = stream_id
        self.increment = increment

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"WindowUpdateFrame({self.stream_id}, {self.increment})"


@final
@dataclass(slots=True, init=False, repr=False)
class ContinuationFrame:
    """More of a field block that HEADERS or PUSH_PROMISE began (RFC 9113 §6.10)."""

    type: ClassVar[FrameType] = FrameType.CONTINUATION
    stream_id: Final[int]
    fragment: Final[bytes]
    end_headers: Final[bool]

    def __init__(self, stream_id: int, fragment: bytes, end_headers: bool = True) -> None:
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise bad_stream("CONTINUATION", stream_id)
        self.stream_id = stream_id
        self.fragment = fragment
        self.end_headers = end_headers

    @property
    def flags(self) -> Flag:
        """END_HEADERS, as it is on the wire."""
        return Flag.END_HEADERS if self.end_headers else Flag.NONE

    def __repr__(self) -> str:
        tail = "" if self.end_headers else ", end_headers=False"
        return f"ContinuationFrame({self.stream_id}, {hidden(self.fragment)}{tail})"


def _padded(pad_length: int | None) -> str:
    return "" if pad_length is None else f", pad_length={pad_length}"


def _self_dependent(frame: str, stream_id: int) -> LocalProtocolError:
    # RFC 7540 §5.3.1: a stream cannot depend on itself.
    return LocalProtocolError(
        f"expected {frame} to depend on another stream than its own, got {stream_id}"
    )
