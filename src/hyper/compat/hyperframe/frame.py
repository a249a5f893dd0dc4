"""The frames of HTTP/2 as objects that change, under the names of hyperframe (RFC 9113 §6).

Not here: what a sequence of frames means.  Software that is written anew takes the frames of
`hyper.frame`, which are values, checked when they are made, and cost less.

Hot code: a frame is made for each that comes and goes; bench/compat_codecs.py measures it.
"""

import struct
from collections.abc import Iterable
from typing import ClassVar, Final

from hyper.compat.hyperframe._base import (
    EITHER,
    FRAME_MAX_ALLOWED_LEN,
    FRAME_MAX_LEN,
    FRAMES,
    HAS_STREAM,
    NO_STREAM,
    ExtensionFrame,
    Frame,
    Padding,
    Priority,
    raw_data_repr,
)
from hyper.compat.hyperframe.exceptions import (
    HyperframeError,
    InvalidDataError,
    InvalidFrameError,
    InvalidPaddingError,
    UnknownFrameError,
)
from hyper.compat.hyperframe.flags import Flag, Flags
from hyper.frame import MAX_STREAM_ID
from hyper.frame import Flag as Bit
from hyper.wire import Buffer

__all__ = [
    "FRAMES",
    "FRAME_MAX_ALLOWED_LEN",
    "FRAME_MAX_LEN",
    "AltSvcFrame",
    "ContinuationFrame",
    "DataFrame",
    "ExtensionFrame",
    "Flag",
    "Flags",
    "Frame",
    "GoAwayFrame",
    "HeadersFrame",
    "HyperframeError",
    "InvalidDataError",
    "InvalidFrameError",
    "InvalidPaddingError",
    "Padding",
    "PingFrame",
    "Priority",
    "PriorityFrame",
    "PushPromiseFrame",
    "RstStreamFrame",
    "SettingsFrame",
    "UnknownFrameError",
    "WindowUpdateFrame",
]

_END_STREAM: Final = Flag("END_STREAM", int(Bit.END_STREAM))
_END_HEADERS: Final = Flag("END_HEADERS", int(Bit.END_HEADERS))
_PADDED: Final = Flag("PADDED", int(Bit.PADDED))
_PRIORITY: Final = Flag("PRIORITY", int(Bit.PRIORITY))
_ACK: Final = Flag("ACK", int(Bit.ACK))

_WORD: Final = struct.Struct(">L")
_WORDS: Final = struct.Struct(">LL")
_SETTING: Final = struct.Struct(">HL")
_LENGTH: Final = struct.Struct(">H")


class DataFrame(Padding):
    """DATA: a part of a message's content (RFC 9113 §6.1)."""

    defined_flags: ClassVar[list[Flag]] = [_END_STREAM, _PADDED]
    type: int | None = 0x0
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(
        self,
        stream_id: int,
        data: Buffer = b"",
        *,
        pad_length: int = 0,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.pad_length = pad_length
        self.data = data

    def serialize_body(self) -> bytes:
        """The body alone."""
        if "PADDED" in self.flags:
            return self._padded(b"", self.data)
        return self.data if isinstance(self.data, bytes) else bytes(self.data)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        self.body_len = len(data)
        if "PADDED" in self.flags:
            self.parse_padding_data(data)
            self.data = self._unpadded(data, 1)
        else:
            self.data = bytes(data)

    @property
    def flow_controlled_length(self) -> int:
        """How much of the windows it takes: data, padding and Pad Length (RFC 9113 §6.9.1)."""
        padding = self.pad_length + 1 if "PADDED" in self.flags else 0
        return len(self.data) + padding


class HeadersFrame(Padding, Priority):
    """HEADERS: the start of a field block (RFC 9113 §6.2)."""

    defined_flags: ClassVar[list[Flag]] = [_END_STREAM, _END_HEADERS, _PADDED, _PRIORITY]
    type: int | None = 0x1
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(
        self,
        stream_id: int,
        data: Buffer = b"",
        *,
        pad_length: int = 0,
        depends_on: int = 0,
        stream_weight: int = 0,
        exclusive: bool = False,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.depends_on = depends_on
        self.stream_weight = stream_weight
        self.exclusive = exclusive
        self.pad_length = pad_length
        self.data = data

    def _body_repr(self) -> str:
        return (
            f"exclusive={self.exclusive}, depends_on={self.depends_on}, "
            f"stream_weight={self.stream_weight}, data={raw_data_repr(self.data)}"
        )

    def serialize_body(self) -> bytes:
        """The body alone."""
        priority = self.serialize_priority_data() if "PRIORITY" in self.flags else b""
        return self._padded(priority, self.data)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        self.body_len = len(data)
        start = self.parse_padding_data(data)
        if "PRIORITY" in self.flags:
            start += self.parse_priority_data(data[start:])
        self.data = self._unpadded(data, start)


class PriorityFrame(Priority):
    """PRIORITY: where a stream stands in the tree (RFC 7540 §6.3; RFC 9113 §6.3)."""

    type: int | None = 0x2
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(
        self,
        stream_id: int,
        depends_on: int = 0,
        stream_weight: int = 0,
        exclusive: bool = False,
        *,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.depends_on = depends_on
        self.stream_weight = stream_weight
        self.exclusive = exclusive

    def _body_repr(self) -> str:
        return (
            f"exclusive={self.exclusive}, depends_on={self.depends_on}, "
            f"stream_weight={self.stream_weight}"
        )

    def serialize_body(self) -> bytes:
        """The body alone."""
        return self.serialize_priority_data()

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        self.body_len = len(data)
        if len(data) > 5:
            raise InvalidFrameError(f"PRIORITY must have 5 byte body: actual length {len(data)}.")
        self.parse_priority_data(data)


class RstStreamFrame(Frame):
    """RST_STREAM: the end of a stream, at once (RFC 9113 §6.4)."""

    type: int | None = 0x3
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(self, stream_id: int, error_code: int = 0, *, flags: Iterable[str] = ()) -> None:
        Frame.__init__(self, stream_id, flags)
        self.error_code = error_code

    def _body_repr(self) -> str:
        return f"error_code={self.error_code}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return _WORD.pack(self.error_code)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        if len(data) != 4:
            raise InvalidFrameError(f"RST_STREAM must have 4 byte body: actual length {len(data)}.")
        (self.error_code,) = _WORD.unpack(data)
        self.body_len = 4


class SettingsFrame(Frame):
    """SETTINGS: parameters, or the acknowledgement of them (RFC 9113 §6.5).

    Raises `InvalidDataError` for an acknowledgement with parameters.
    """

    defined_flags: ClassVar[list[Flag]] = [_ACK]
    type: int | None = 0x4
    stream_association: ClassVar[str | None] = NO_STREAM

    HEADER_TABLE_SIZE: ClassVar[int] = 0x1
    ENABLE_PUSH: ClassVar[int] = 0x2
    MAX_CONCURRENT_STREAMS: ClassVar[int] = 0x3
    INITIAL_WINDOW_SIZE: ClassVar[int] = 0x4
    MAX_FRAME_SIZE: ClassVar[int] = 0x5
    MAX_HEADER_LIST_SIZE: ClassVar[int] = 0x6
    ENABLE_CONNECT_PROTOCOL: ClassVar[int] = 0x8

    def __init__(
        self,
        stream_id: int = 0,
        settings: dict[int, int] | None = None,
        *,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        # RFC 9113 §6.5: an acknowledgement MUST be empty.
        if settings and "ACK" in self.flags:
            raise InvalidDataError("Settings must be empty if ACK flag is set.")
        self.settings: dict[int, int] = {} if settings is None else settings.copy()

    def _body_repr(self) -> str:
        return f"settings={self.settings}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return b"".join(
            # RFC 9113 §6.5.1: an identifier has 16 bits.
            [_SETTING.pack(setting & 0xFFFF, value) for setting, value in self.settings.items()]
        )

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        length = len(data)
        if length and "ACK" in self.flags:
            raise InvalidDataError(f"SETTINGS ack frame must not have payload: got {length} bytes")
        if length % 6:
            raise InvalidFrameError("Invalid SETTINGS body")
        for setting, value in _SETTING.iter_unpack(data):
            self.settings[setting] = value
        self.body_len = length


class PushPromiseFrame(Padding):
    """PUSH_PROMISE: the request of a response to come (RFC 9113 §6.6)."""

    defined_flags: ClassVar[list[Flag]] = [_END_HEADERS, _PADDED]
    type: int | None = 0x5
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(
        self,
        stream_id: int,
        promised_stream_id: int = 0,
        data: Buffer = b"",
        *,
        pad_length: int = 0,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.pad_length = pad_length
        self.promised_stream_id = promised_stream_id
        self.data = data

    def _body_repr(self) -> str:
        return f"promised_stream_id={self.promised_stream_id}, data={raw_data_repr(self.data)}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return self._padded(_WORD.pack(self.promised_stream_id), self.data)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        start = self.parse_padding_data(data)
        self.body_len = len(data)
        if len(data) < start + 4:
            raise InvalidFrameError("Invalid PUSH_PROMISE body")
        word: int
        (word,) = _WORD.unpack_from(data, start)
        # RFC 9113 §4.1, §6.6: the reserved bit MUST be ignored when receiving.
        self.promised_stream_id = word & MAX_STREAM_ID
        if self.promised_stream_id == 0 or self.promised_stream_id % 2:
            raise InvalidDataError(
                f"Invalid PUSH_PROMISE promised stream id: {self.promised_stream_id}"
            )
        self.data = self._unpadded(data, start + 4)


class PingFrame(Frame):
    """PING: eight octets that come back (RFC 9113 §6.7)."""

    defined_flags: ClassVar[list[Flag]] = [_ACK]
    type: int | None = 0x6
    stream_association: ClassVar[str | None] = NO_STREAM

    def __init__(
        self, stream_id: int = 0, opaque_data: bytes = b"", *, flags: Iterable[str] = ()
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.opaque_data = opaque_data

    def _body_repr(self) -> str:
        return f"opaque_data={self.opaque_data!r}"

    def serialize_body(self) -> bytes:
        """The body alone; what is missing of the eight octets is filled with zeros."""
        if len(self.opaque_data) > 8:
            raise InvalidFrameError(
                f"PING frame may not have more than 8 bytes of data, got {len(self.opaque_data)}"
            )
        return bytes(self.opaque_data.ljust(8, b"\0"))

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        if len(data) != 8:
            raise InvalidFrameError(f"PING frame must have 8 byte length: got {len(data)}")
        self.opaque_data = bytes(data)
        self.body_len = 8


class GoAwayFrame(Frame):
    """GOAWAY: no more streams than these (RFC 9113 §6.8)."""

    type: int | None = 0x7
    stream_association: ClassVar[str | None] = NO_STREAM

    def __init__(
        self,
        stream_id: int = 0,
        last_stream_id: int = 0,
        error_code: int = 0,
        additional_data: bytes = b"",
        *,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.last_stream_id = last_stream_id
        self.error_code = error_code
        self.additional_data = additional_data

    def _body_repr(self) -> str:
        return (
            f"last_stream_id={self.last_stream_id}, error_code={self.error_code}, "
            f"additional_data={self.additional_data!r}"
        )

    def serialize_body(self) -> bytes:
        """The body alone."""
        return (
            _WORDS.pack(self.last_stream_id & MAX_STREAM_ID, self.error_code) + self.additional_data
        )

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        if len(data) < 8:
            raise InvalidFrameError("Invalid GOAWAY body.")
        word: int
        word, self.error_code = _WORDS.unpack_from(data)
        # RFC 9113 §4.1, §6.8: the reserved bit MUST be ignored when receiving.
        self.last_stream_id = word & MAX_STREAM_ID
        self.additional_data = bytes(data[8:])
        self.body_len = len(data)


class WindowUpdateFrame(Frame):
    """WINDOW_UPDATE: leave to send so much more (RFC 9113 §6.9)."""

    type: int | None = 0x8
    stream_association: ClassVar[str | None] = EITHER

    def __init__(
        self, stream_id: int, window_increment: int = 0, *, flags: Iterable[str] = ()
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.window_increment = window_increment

    def _body_repr(self) -> str:
        return f"window_increment={self.window_increment}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return _WORD.pack(self.window_increment & MAX_STREAM_ID)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        length = len(data)
        if length > 4:
            raise InvalidFrameError(f"WINDOW_UPDATE frame must have 4 byte length: got {length}")
        if length < 4:
            raise InvalidFrameError("Invalid WINDOW_UPDATE body")
        word: int
        (word,) = _WORD.unpack(data)
        # RFC 9113 §4.1, §6.9: the reserved bit MUST be ignored when receiving.
        self.window_increment = word & MAX_STREAM_ID
        if not self.window_increment:
            raise InvalidDataError("WINDOW_UPDATE increment must be between 1 to 2^31-1")
        self.body_len = 4


class ContinuationFrame(Frame):
    """CONTINUATION: more of a field block (RFC 9113 §6.10)."""

    defined_flags: ClassVar[list[Flag]] = [_END_HEADERS]
    type: int | None = 0x9
    stream_association: ClassVar[str | None] = HAS_STREAM

    def __init__(self, stream_id: int, data: Buffer = b"", *, flags: Iterable[str] = ()) -> None:
        Frame.__init__(self, stream_id, flags)
        self.data = data

    def _body_repr(self) -> str:
        return f"data={raw_data_repr(self.data)}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return self.data if isinstance(self.data, bytes) else bytes(self.data)

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        self.data = bytes(data)
        self.body_len = len(data)


class AltSvcFrame(Frame):
    """ALTSVC: where else an origin is served (RFC 7838 §4)."""

    type: int | None = 0xA
    stream_association: ClassVar[str | None] = EITHER

    def __init__(
        self,
        stream_id: int,
        origin: bytes = b"",
        field: bytes = b"",
        *,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        for name, value in (("origin", origin), ("field", field)):
            if not isinstance(value, bytes):
                raise InvalidDataError(f"AltSvc {name} must be a bytestring.")
        self.origin = origin
        self.field = field

    def _body_repr(self) -> str:
        return f"origin={self.origin!r}, field={self.field!r}"

    def serialize_body(self) -> bytes:
        """The body alone."""
        return _LENGTH.pack(len(self.origin)) + self.origin + self.field

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        length: int
        if len(data) < 2 or len(data) < 2 + _LENGTH.unpack_from(data)[0]:
            raise InvalidFrameError("Invalid ALTSVC frame body.")
        (length,) = _LENGTH.unpack_from(data)
        self.origin = bytes(data[2 : 2 + length])
        self.field = bytes(data[2 + length :])
        self.body_len = len(data)


_FRAME_CLASSES: Final[list[type[Frame]]] = [
    DataFrame,
    HeadersFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    PushPromiseFrame,
    PingFrame,
    GoAwayFrame,
    WindowUpdateFrame,
    ContinuationFrame,
    AltSvcFrame,
]

for _each in _FRAME_CLASSES:
    if _each.type is not None:
        FRAMES[_each.type] = _each
