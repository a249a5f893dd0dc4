"""From the type, flags, stream and payload of a frame to its value (RFC 9113 §6).

Strict: what a section calls an error raises `FrameError` with the code and scope it names; a frame
that a section says to ignore comes back as `UnknownFrame`.

Not here: what depends on other frames, on the role or on the state of a stream, such as HEADERS
without END_HEADERS that no CONTINUATION follows.  That is the engine's.
"""

from struct import Struct
from typing import Final, TypeAlias

from hyper.frame.errors import FrameError
from hyper.frame.extensions import (
    AltSvcFrame,
    OriginFrame,
    PriorityUpdateFrame,
    UnknownFrame,
)
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
from hyper.frame.padding import padding_fault, unpad
from hyper.frame.rules import check_header, check_setting, size_scope
from hyper.frame.types import MAX_MAX_FRAME_SIZE, MAX_STREAM_ID, ErrorCode, Scope
from hyper.wire import Buffer, LocalProtocolError

Frame: TypeAlias = (
    DataFrame
    | HeadersFrame
    | PriorityFrame
    | RstStreamFrame
    | SettingsFrame
    | PushPromiseFrame
    | PingFrame
    | GoAwayFrame
    | WindowUpdateFrame
    | ContinuationFrame
    | AltSvcFrame
    | OriginFrame
    | PriorityUpdateFrame
    | UnknownFrame
)
"""What `parse` returns and `serialize` takes."""

_NUMBER: Final = Struct(">L")
_TWO_NUMBERS: Final = Struct(">LL")
_PRIORITY: Final = Struct(">LB")
_SETTING: Final = Struct(">HL")
_LENGTH: Final = Struct(">H")


def parse(frame_type: int, flags: int, stream_id: int, payload: Buffer) -> Frame:
    """The frame as a value, or `FrameError`.

    The payload may be as long as a frame can be; a limit of one's own belongs before it is read
    (`check_header`).  The reserved bit must be off `stream_id` already (`parse_header`).
    """
    size = len(payload)
    octets = payload if isinstance(payload, bytes) else bytes(payload)
    if size <= MAX_MAX_FRAME_SIZE:
        frame = parse_usual(frame_type, flags, stream_id, octets)
        if frame is not None:
            return frame
    fault = check_header(size, frame_type, flags, stream_id, MAX_MAX_FRAME_SIZE)
    if fault is not None:
        raise fault
    return parse_payload(frame_type, flags, stream_id, octets)


def parse_frame(octets: Buffer) -> Frame:
    """One whole frame, its header and payload and nothing behind it, or `FrameError`."""
    size = len(octets) - 9
    if size < 0:
        raise LocalProtocolError(f"expected a frame of at least 9 bytes, got {len(octets)}")
    # Compiled, a number whose type is not known is an object.
    word: int
    flags: int
    stream_id: int
    word, flags, stream_id = FRAME_HEADER.unpack_from(octets)
    if word >> 8 != size:
        raise LocalProtocolError(f"expected a payload of {word >> 8} bytes, got {size}")
    # RFC 9113 §4.1: the reserved bit MUST be ignored when receiving.
    stream_id &= MAX_STREAM_ID
    payload = octets[9:] if isinstance(octets, bytes) else bytes(octets[9:])
    frame = parse_usual(word & 0xFF, flags, stream_id, payload)
    return parse(word & 0xFF, flags, stream_id, payload) if frame is None else frame


def parse_usual(frame_type: int, flags: int, stream_id: int, payload: bytes) -> Frame | None:
    """The frame if it is one of those that nearly all are, and right in every respect.

    `None` says nothing about it: `check_header` and `parse_payload` do, and raise what there is to
    raise.  The size of the payload must be within the limit.
    """
    if stream_id:
        if frame_type == 0x0:
            if not flags & 0x8:
                return DataFrame(stream_id, payload, flags & 0x1 != 0)
            size = len(payload)
            if size and payload[0] < size:
                data = payload[1 : size - payload[0]]
                return DataFrame(stream_id, data, flags & 0x1 != 0, payload[0])
        # Without padding and priority no rule is left to check.
        elif frame_type == 0x1 and not flags & 0x28:
            return HeadersFrame(stream_id, payload, flags & 0x1 != 0, flags & 0x4 != 0)
        elif frame_type == 0x9:
            return ContinuationFrame(stream_id, payload, flags & 0x4 != 0)
        elif frame_type == 0x3 and len(payload) == 4:
            code: int = _NUMBER.unpack(payload)[0]
            return RstStreamFrame(stream_id, code)
    elif frame_type == 0x6 and len(payload) == 8:
        return PingFrame(payload, flags & 0x1 != 0)
    elif frame_type == 0x4 and not flags & 0x1 and len(payload) % 6 == 0:
        return _settings(payload)
    elif frame_type == 0x7 and len(payload) >= 8:
        last, code = _TWO_NUMBERS.unpack_from(payload)
        return GoAwayFrame(last & MAX_STREAM_ID, code, payload[8:])
    if frame_type == 0x8 and len(payload) == 4:
        # RFC 9113 §6.9: the reserved bit is ignored.
        increment: int = _NUMBER.unpack(payload)[0]
        increment &= MAX_STREAM_ID
        if increment:
            return WindowUpdateFrame(stream_id, increment)
    return None


def parse_payload(frame_type: int, flags: int, stream_id: int, payload: bytes) -> Frame:
    """`parse` for what `check_header` has found right and `parse_usual` has left."""
    if frame_type == 0x0:
        raise padding_fault(0x0, stream_id, len(payload), payload[0])
    if frame_type == 0x1:
        return _full_headers(flags, stream_id, payload)
    if frame_type == 0x8:
        raise _no_increment(stream_id)
    if frame_type == 0x4:
        if flags & 0x1:
            return SettingsFrame((), True)
        raise _settings_fault(payload)
    if frame_type == 0x2:
        # RFC 7540 §5.3.1: a dependency on itself MUST be a stream error of type PROTOCOL_ERROR.
        if _number(payload, 0) & MAX_STREAM_ID == stream_id:
            raise _self_dependent(frame_type, stream_id, b"")
        return PriorityFrame(stream_id, _priority(payload, 0))
    return _rare(frame_type, flags, stream_id, payload)


def _rare(frame_type: int, flags: int, stream_id: int, payload: bytes) -> Frame:
    if frame_type == 0x5:
        return _push_promise(flags, stream_id, payload)
    if frame_type == 0xA:
        return _altsvc(flags, stream_id, payload)
    if frame_type == 0xC:
        return _origin(flags, stream_id, payload)
    if frame_type == 0x10:
        return _priority_update(payload)
    return UnknownFrame(frame_type, flags, stream_id, payload)


def _full_headers(flags: int, stream_id: int, payload: bytes) -> HeadersFrame:
    pad_length: int | None = None
    at = 0
    fixed = 5 if flags & 0x20 else 0
    if flags & 0x8:
        fragment = unpad(payload, fixed)
        if fragment is None:
            raise padding_fault(0x1, stream_id, len(payload), payload[0], fixed)
        pad_length = payload[0]
        at = 1
    else:
        fragment = payload[fixed:]
    priority: Priority | None = None
    if flags & 0x20:
        # RFC 7540 §5.3.1: a dependency on itself MUST be a stream error of type PROTOCOL_ERROR.
        if _number(payload, at) & MAX_STREAM_ID == stream_id:
            raise _self_dependent(0x1, stream_id, fragment)
        priority = _priority(payload, at)
    return HeadersFrame(
        stream_id, fragment, flags & 0x1 != 0, flags & 0x4 != 0, priority, pad_length
    )


def _settings(payload: bytes) -> SettingsFrame | None:
    values: list[tuple[int, int]] = list(_SETTING.iter_unpack(payload))
    try:
        return SettingsFrame(values)
    except LocalProtocolError:
        # The value knows the ranges; what is wrong for the peer is said by `_settings_fault`.
        return None


def _settings_fault(payload: bytes) -> FrameError:
    faults = [
        check_setting(identifier, value) for identifier, value in _SETTING.iter_unpack(payload)
    ]
    return next(fault for fault in faults if fault is not None)


def _push_promise(flags: int, stream_id: int, payload: bytes) -> PushPromiseFrame:
    pad_length: int | None = None
    at = 0
    if flags & 0x8:
        fragment = unpad(payload, 4)
        if fragment is None:
            raise padding_fault(0x5, stream_id, len(payload), payload[0], 4)
        pad_length = payload[0]
        at = 1
    else:
        fragment = payload[4:]
    promised = _number(payload, at) & MAX_STREAM_ID
    if promised == 0 or promised & 1:
        # RFC 9113 §6.6: an illegal promised identifier MUST be a connection error of type
        # PROTOCOL_ERROR.  §5.1.1: those of a server are even, and 0 is none.
        raise FrameError(
            ErrorCode.PROTOCOL_ERROR,
            Scope.CONNECTION,
            stream_id,
            "PUSH_PROMISE of an even stream identifier other than 0",
            str(promised),
        )
    return PushPromiseFrame(stream_id, promised, fragment, flags & 0x4 != 0, pad_length)


def _altsvc(flags: int, stream_id: int, payload: bytes) -> AltSvcFrame | UnknownFrame:
    end = 2 + _length(payload, 0)
    if end > len(payload):
        raise _overlong(0xA, stream_id, end, len(payload))
    # RFC 7838 §4: without an origin on stream 0, or with one on another stream, the frame is
    # invalid and MUST be ignored.
    if (stream_id == 0) == (end == 2):
        return UnknownFrame(0xA, flags, stream_id, payload)
    return AltSvcFrame(stream_id, payload[2:end], payload[end:])


def _origin(flags: int, stream_id: int, payload: bytes) -> OriginFrame | UnknownFrame:
    # RFC 8336 §2.2: on a stream, or with one of the first four flags, the frame MUST be ignored.
    if stream_id != 0 or flags & 0xF:
        return UnknownFrame(0xC, flags, stream_id, payload)
    origins: list[bytes] = []
    at = 0
    size = len(payload)
    while at < size:
        end = at + 2
        if end <= size:
            end += _length(payload, at)
        if end > size:
            raise _overlong(0xC, 0, end, size)
        origins.append(payload[at + 2 : end])
        at = end
    return OriginFrame(origins)


def _priority_update(payload: bytes) -> PriorityUpdateFrame:
    prioritized = _number(payload, 0) & MAX_STREAM_ID
    if prioritized == 0:
        # RFC 9218 §7.1: a prioritized stream of 0 MUST be a connection error of type
        # PROTOCOL_ERROR.
        raise FrameError(
            ErrorCode.PROTOCOL_ERROR,
            Scope.CONNECTION,
            0,
            "PRIORITY_UPDATE for a stream identifier other than 0",
            "0",
        )
    return PriorityUpdateFrame(prioritized, payload[4:])


def _number(payload: bytes, at: int) -> int:
    number: int = _NUMBER.unpack_from(payload, at)[0]
    return number


def _length(payload: bytes, at: int) -> int:
    number: int = _LENGTH.unpack_from(payload, at)[0]
    return number


def _priority(payload: bytes, at: int) -> Priority:
    word, weight = _PRIORITY.unpack_from(payload, at)
    # RFC 7540 §6.3: add one to the value to obtain a weight between 1 and 256.
    return Priority(word & MAX_STREAM_ID, weight + 1, word > MAX_STREAM_ID)


def _no_increment(stream_id: int) -> FrameError:
    # RFC 9113 §6.9: an increment of 0 MUST be a stream error of type PROTOCOL_ERROR, and on the
    # connection's window a connection error.
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.STREAM if stream_id else Scope.CONNECTION,
        stream_id,
        "WINDOW_UPDATE with an increment of at least 1",
        "0",
    )


def _self_dependent(frame_type: int, stream_id: int, fragment: bytes) -> FrameError:
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.STREAM,
        stream_id,
        f"{frame_name(frame_type)} that depends on another stream than its own",
        str(stream_id),
        fragment,
    )


def _overlong(frame_type: int, stream_id: int, need: int, size: int) -> FrameError:
    # RFC 9113 §4.2: too small to contain mandatory frame data is a FRAME_SIZE_ERROR.
    return FrameError(
        ErrorCode.FRAME_SIZE_ERROR,
        size_scope(frame_type, stream_id),
        stream_id,
        f"{frame_name(frame_type)} with the {need} bytes its length fields tell of",
        f"{size} bytes",
    )
