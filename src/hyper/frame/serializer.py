"""From a frame value to its bytes (RFC 9113 §4.1, §6).

What the value holds is legal; only the size is checked here, because the peer decides it.
"""

from struct import Struct
from typing import Final

from hyper.frame.extensions import AltSvcFrame, OriginFrame, PriorityUpdateFrame, UnknownFrame
from hyper.frame.frames import (
    ContinuationFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.frame.header import FRAME_HEADER
from hyper.frame.names import frame_name
from hyper.frame.pack import (
    RST_STREAM_WORD,
    SETTINGS_ACK,
    WINDOW_UPDATE_WORD,
    WITH_WORD,
    pack_goaway,
    pack_ping,
    pack_settings,
)
from hyper.frame.parser import Frame
from hyper.frame.types import MIN_MAX_FRAME_SIZE
from hyper.wire import LocalProtocolError

_PADDED_HEADER: Final = Struct(">LBLB")
_NUMBER: Final = Struct(">L")
_PRIORITY: Final = Struct(">LB")
_LENGTH: Final = Struct(">H")


def serialize(frame: Frame, max_frame_size: int = MIN_MAX_FRAME_SIZE) -> bytes:
    """The frame as bytes, padding and reserved bits zero.

    `max_frame_size` is what the peer has declared; a longer payload is a `LocalProtocolError`
    (RFC 9113 §4.2).
    """
    # Not `isinstance`: interpreted, each that says no costs three times as much.
    if type(frame) is DataFrame:
        data = frame.data
        size = len(data)
        if frame.pad_length is None and size <= max_frame_size:
            flags = 0x1 if frame.end_stream else 0x0
            return FRAME_HEADER.pack(size << 8, flags, frame.stream_id) + data
        return _padded_data(frame, max_frame_size)
    if type(frame) is WindowUpdateFrame:
        return WITH_WORD.pack(WINDOW_UPDATE_WORD, 0, frame.stream_id, frame.increment)
    if type(frame) is HeadersFrame:
        size = len(frame.fragment)
        if frame.pad_length is None and frame.priority is None and size <= max_frame_size:
            flags = (0x1 if frame.end_stream else 0x0) | (0x4 if frame.end_headers else 0x0)
            return FRAME_HEADER.pack(size << 8 | 0x1, flags, frame.stream_id) + frame.fragment
        return _full_headers(frame, max_frame_size)
    if type(frame) is RstStreamFrame:
        return WITH_WORD.pack(RST_STREAM_WORD, 0, frame.stream_id, frame.code)
    if type(frame) is SettingsFrame:
        return SETTINGS_ACK if frame.ack else _settings(frame, max_frame_size)
    if type(frame) is PingFrame:
        return pack_ping(frame.data, frame.ack)
    if type(frame) is GoAwayFrame:
        size = len(frame.debug) + 8
        if size > max_frame_size:
            raise _too_long(0x7, size, max_frame_size)
        return pack_goaway(frame.last_stream_id, frame.code, frame.debug)
    if type(frame) is ContinuationFrame:
        flags = 0x4 if frame.end_headers else 0x0
        return _framed(0x9, flags, frame.stream_id, b"", frame.fragment, max_frame_size)
    if type(frame) is PriorityFrame:
        return _framed(0x2, 0x0, frame.stream_id, _priority(frame.priority), b"", max_frame_size)
    return _rare(frame, max_frame_size)


def _rare(
    frame: PushPromiseFrame | AltSvcFrame | OriginFrame | PriorityUpdateFrame | UnknownFrame,
    max_frame_size: int,
) -> bytes:
    if isinstance(frame, PushPromiseFrame):
        flags = 0x4 if frame.end_headers else 0x0
        promised = _NUMBER.pack(frame.promised_stream_id)
        return _framed(
            0x5,
            flags,
            frame.stream_id,
            promised,
            frame.fragment,
            max_frame_size,
            frame.pad_length,
        )
    if isinstance(frame, AltSvcFrame):
        origin = _LENGTH.pack(len(frame.origin)) + frame.origin
        return _framed(0xA, 0x0, frame.stream_id, origin, frame.value, max_frame_size)
    if isinstance(frame, OriginFrame):
        parts = [_LENGTH.pack(len(origin)) + origin for origin in frame.origins]
        return _framed(0xC, 0x0, 0, b"", b"".join(parts), max_frame_size)
    if isinstance(frame, PriorityUpdateFrame):
        prioritized = _NUMBER.pack(frame.prioritized_stream_id)
        return _framed(0x10, 0x0, 0, prioritized, frame.value, max_frame_size)
    return _framed(frame.type, frame.flags, frame.stream_id, b"", frame.payload, max_frame_size)


def _padded_data(frame: DataFrame, max_frame_size: int) -> bytes:
    flags = 0x1 if frame.end_stream else 0x0
    return _framed(0x0, flags, frame.stream_id, b"", frame.data, max_frame_size, frame.pad_length)


def _full_headers(frame: HeadersFrame, max_frame_size: int) -> bytes:
    flags = (0x1 if frame.end_stream else 0x0) | (0x4 if frame.end_headers else 0x0)
    fixed = b""
    if frame.priority is not None:
        flags |= 0x20
        fixed = _priority(frame.priority)
    return _framed(
        0x1, flags, frame.stream_id, fixed, frame.fragment, max_frame_size, frame.pad_length
    )


def _settings(frame: SettingsFrame, max_frame_size: int) -> bytes:
    size = len(frame.values) * 6
    if size > max_frame_size:
        raise _too_long(0x4, size, max_frame_size)
    return pack_settings(frame.values)


def _priority(priority: Priority) -> bytes:
    # RFC 7540 §6.3: the weight on the wire is one less.
    exclusive = 0x8000_0000 if priority.exclusive else 0
    return _PRIORITY.pack(exclusive | priority.depends_on, priority.weight - 1)


def _framed(
    frame_type: int,
    flags: int,
    stream_id: int,
    fixed: bytes,
    rest: bytes,
    max_frame_size: int,
    pad_length: int | None = None,
) -> bytes:
    """Header, Pad Length where there is one, fixed part, rest and padding."""
    size = len(fixed) + len(rest) + (0 if pad_length is None else 1 + pad_length)
    if size > max_frame_size:
        raise _too_long(frame_type, size, max_frame_size)
    if pad_length is None:
        return FRAME_HEADER.pack(size << 8 | frame_type, flags, stream_id) + fixed + rest
    head = _PADDED_HEADER.pack(size << 8 | frame_type, flags | 0x8, stream_id, pad_length)
    # RFC 9113 §6.1: padding octets MUST be set to zero when sending.
    return b"".join((head, fixed, rest, bytes(pad_length)))


def _too_long(frame_type: int, size: int, max_frame_size: int) -> LocalProtocolError:
    return LocalProtocolError(
        f"expected {frame_name(frame_type)} with a payload of at most {max_frame_size} bytes, "
        f"got {size}"
    )
