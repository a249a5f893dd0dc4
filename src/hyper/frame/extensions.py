"""Frames of other RFCs as values, and those of types nobody here knows, carried unchanged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, final

from hyper.frame.names import flag_names, frame_name
from hyper.frame.ranges import bad_stream, out_of_range
from hyper.frame.shown import shown
from hyper.frame.types import MAX_STREAM_ID, Flag, FrameType
from hyper.wire import LocalProtocolError


@final
@dataclass(slots=True, init=False, repr=False)
class AltSvcFrame:
    """Where else an origin can be reached (RFC 7838 §4).

    On stream 0 `origin` names it; on a request's stream it is the origin of that request, and
    `origin` is empty.  `value` is what an Alt-Svc field would say.
    """

    type: ClassVar[FrameType] = FrameType.ALTSVC
    stream_id: Final[int]
    origin: Final[bytes]
    value: Final[bytes]

    def __init__(self, stream_id: int, origin: bytes, value: bytes) -> None:
        if not 0 <= stream_id <= MAX_STREAM_ID:
            raise bad_stream("ALTSVC", stream_id, 0)
        # RFC 7838 §4: on stream 0 without an origin, or on another with one, it is invalid.
        if (stream_id == 0) == (not origin):
            need = "an origin on stream 0" if stream_id == 0 else "no origin on a stream"
            raise LocalProtocolError(f"expected ALTSVC with {need}, got {origin[:64]!r}")
        if not 0 <= len(origin) <= 0xFFFF:
            raise out_of_range("an origin length", len(origin), 0, 0xFFFF)
        self.stream_id = stream_id
        self.origin = origin
        self.value = value

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"AltSvcFrame({self.stream_id}, {shown(self.origin)}, {shown(self.value)})"


@final
@dataclass(slots=True, init=False, repr=False)
class OriginFrame:
    """The origins the server wants to speak for on this connection (RFC 8336 §2)."""

    type: ClassVar[FrameType] = FrameType.ORIGIN
    origins: Final[tuple[bytes, ...]]

    def __init__(self, origins: Sequence[bytes] = ()) -> None:
        for origin in origins:
            if not 0 <= len(origin) <= 0xFFFF:
                raise out_of_range("an origin length", len(origin), 0, 0xFFFF)
        self.origins = tuple(origins)

    @property
    def stream_id(self) -> int:
        """Always 0: the origins are the connection's."""
        return 0

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"OriginFrame([{', '.join([shown(origin) for origin in self.origins])}])"


@final
@dataclass(slots=True, init=False, repr=False)
class PriorityUpdateFrame:
    """A client's new priority for a stream, as the text of a Priority field (RFC 9218 §7.1)."""

    type: ClassVar[FrameType] = FrameType.PRIORITY_UPDATE
    prioritized_stream_id: Final[int]
    value: Final[bytes]

    def __init__(self, prioritized_stream_id: int, value: bytes) -> None:
        if not 0 < prioritized_stream_id <= MAX_STREAM_ID:
            raise bad_stream("a prioritized stream", prioritized_stream_id)
        self.prioritized_stream_id = prioritized_stream_id
        self.value = value

    @property
    def stream_id(self) -> int:
        """Always 0: the stream meant is `prioritized_stream_id`."""
        return 0

    @property
    def flags(self) -> Flag:
        """None are defined."""
        return Flag.NONE

    def __repr__(self) -> str:
        return f"PriorityUpdateFrame({self.prioritized_stream_id}, {shown(self.value)})"


@final
@dataclass(slots=True, init=False, repr=False)
class UnknownFrame:
    """A frame that every receiver must ignore, kept whole, with every bit of its flags.

    Of a type without a name here (RFC 9113 §4.1), or an ALTSVC or ORIGIN that its RFC tells us to
    ignore.
    """

    type: Final[int]
    flags: Final[int]
    stream_id: Final[int]
    payload: Final[bytes]

    def __init__(
        self,
        type: int,
        flags: int = 0,
        stream_id: int = 0,
        payload: bytes = b"",
    ) -> None:
        if not 0 <= type <= 0xFF:
            raise out_of_range("a frame type", type, 0, 0xFF)
        if not 0 <= flags <= 0xFF:
            raise out_of_range("flags", flags, 0, 0xFF)
        if not 0 <= stream_id <= MAX_STREAM_ID:
            raise bad_stream("a frame", stream_id, 0)
        if type <= FrameType.CONTINUATION or type == FrameType.PRIORITY_UPDATE:
            raise LocalProtocolError(
                f"expected a type this package has no value for, got {frame_name(type)}"
            )
        self.type = type
        self.flags = flags
        self.stream_id = stream_id
        self.payload = payload

    def __repr__(self) -> str:
        flags = "|".join(flag_names(self.type, self.flags)) or "0"
        return (
            f"UnknownFrame({frame_name(self.type)}, flags={flags}, "
            f"stream_id={self.stream_id}, {shown(self.payload)})"
        )
