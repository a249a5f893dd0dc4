"""What the nine bytes of a frame header alone decide, and which values a setting may have.

A frame that breaks a rule here is refused before its payload is read or kept (RFC 9113 §4.2, §6).

How far a fault reaches: a frame on the wrong kind of stream is a fault of the connection, for each
type by the section of its own.  A wrong size is one too where the frame carries a field block, is
SETTINGS or lies on stream 0 (RFC 9113 §4.2), or where the section of the type says so, as for
RST_STREAM and WINDOW_UPDATE.  For the rest, which are DATA, PRIORITY, ALTSVC and unknown types on
a stream, it is a fault of that stream alone: the receiver skips the payload, without keeping it,
and goes on; DATA so skipped still counts against the flow-control window of the connection.

Hot code: the common frames pass in one comparison.
"""

from typing import Final

from hyper.frame.errors import FrameError
from hyper.frame.names import frame_name, setting_name
from hyper.frame.types import (
    MAX_MAX_FRAME_SIZE,
    MAX_WINDOW,
    MIN_MAX_FRAME_SIZE,
    ErrorCode,
    FrameType,
    Scope,
)

_ON_STREAM: Final = 1
_ON_CONNECTION: Final = 2
_EITHER: Final = 3

# Where a frame may lie, and the least and most bytes of its payload, each by a MUST of its own:
# RFC 9113 §6.1, §6.2, §6.3, §6.4, §6.5, §6.6, §6.7, §6.8, §6.9, §6.10, RFC 9218 §7.1.
_RULES: Final[dict[int, tuple[int, int, int]]] = {
    FrameType.DATA: (_ON_STREAM, 0, MAX_MAX_FRAME_SIZE),
    FrameType.HEADERS: (_ON_STREAM, 0, MAX_MAX_FRAME_SIZE),
    FrameType.PRIORITY: (_ON_STREAM, 5, 5),
    FrameType.RST_STREAM: (_ON_STREAM, 4, 4),
    FrameType.SETTINGS: (_ON_CONNECTION, 0, MAX_MAX_FRAME_SIZE),
    FrameType.PUSH_PROMISE: (_ON_STREAM, 4, MAX_MAX_FRAME_SIZE),
    FrameType.PING: (_ON_CONNECTION, 8, 8),
    FrameType.GOAWAY: (_ON_CONNECTION, 8, MAX_MAX_FRAME_SIZE),
    FrameType.WINDOW_UPDATE: (_EITHER, 4, 4),
    FrameType.CONTINUATION: (_ON_STREAM, 0, MAX_MAX_FRAME_SIZE),
    # RFC 7838 §4, RFC 8336 §2.2: on the wrong stream these two are to be ignored, not answered.
    FrameType.ALTSVC: (_EITHER, 2, MAX_MAX_FRAME_SIZE),
    FrameType.ORIGIN: (_EITHER, 0, MAX_MAX_FRAME_SIZE),
    FrameType.PRIORITY_UPDATE: (_ON_CONNECTION, 4, MAX_MAX_FRAME_SIZE),
}
_ANYTHING: Final = (_EITHER, 0, MAX_MAX_FRAME_SIZE)
_LAST: Final = 0x10

# The same table as lists by type number: an index instead of a hash.
_PLACE: Final[list[int]] = [_RULES.get(number, _ANYTHING)[0] for number in range(_LAST + 1)]
_LEAST: Final[list[int]] = [_RULES.get(number, _ANYTHING)[1] for number in range(_LAST + 1)]
_MOST: Final[list[int]] = [_RULES.get(number, _ANYTHING)[2] for number in range(_LAST + 1)]

SETTINGS_WITH_RANGE: Final = frozenset((0x2, 0x4, 0x5, 0x8, 0x9))
"""The settings for which `check_setting` can find anything; the others take any value."""


def check_header(
    length: int, frame_type: int, flags: int, stream_id: int, max_frame_size: int
) -> FrameError | None:
    """What is wrong with a frame of such a header, or `None`.

    `max_frame_size` is what we have declared (RFC 9113 §4.2).
    """
    # DATA and HEADERS are nearly all there is; six bytes hold the Pad Length and the priority.
    if frame_type <= 0x1 and stream_id != 0 and 6 <= length <= max_frame_size:
        return None
    # WINDOW_UPDATE is the next; it may lie anywhere.
    if frame_type == 0x8 and length == 4:
        return None
    if frame_type > _LAST:
        if length > max_frame_size:
            return _too_long(length, frame_type, stream_id, max_frame_size)
        return None
    place = _PLACE[frame_type]
    # Before the size: RFC 9113 §5.4: a connection error that a frame causes MUST be reported, and
    # the size may be a fault of the stream alone.
    if place != _EITHER and (place == _ON_STREAM) == (stream_id == 0):
        return _misplaced(frame_type, stream_id)
    if length > max_frame_size:
        return _too_long(length, frame_type, stream_id, max_frame_size)
    if not _LEAST[frame_type] <= length <= _MOST[frame_type]:
        return _wrong_size(length, frame_type, stream_id)
    if frame_type == 0x4:
        return _settings_size(length, flags)
    if flags & 0x28 and length < _least_with(frame_type, flags):
        return _cut_short(length, frame_type, flags, stream_id)
    return None


def check_setting(identifier: int, value: int) -> FrameError | None:
    """What is wrong with one parameter of a SETTINGS frame, or `None` (RFC 9113 §6.5, §6.5.2).

    Not checked, because it depends on who speaks: a server must not send ENABLE_PUSH of 1.
    """
    if value <= 1 and identifier != 0x5:
        return None
    if identifier == 0x4:
        if value <= MAX_WINDOW:
            return None
        # RFC 9113 §6.5.2: values above 2^31-1 MUST be a FLOW_CONTROL_ERROR.
        return _bad_setting(
            ErrorCode.FLOW_CONTROL_ERROR, identifier, value, f"at most {MAX_WINDOW}"
        )
    if identifier == 0x5:
        if MIN_MAX_FRAME_SIZE <= value <= MAX_MAX_FRAME_SIZE:
            return None
        # RFC 9113 §6.5.2: values outside this range MUST be a PROTOCOL_ERROR.
        expected = f"{MIN_MAX_FRAME_SIZE} to {MAX_MAX_FRAME_SIZE}"
        return _bad_setting(ErrorCode.PROTOCOL_ERROR, identifier, value, expected)
    # RFC 9113 §6.5.2 for ENABLE_PUSH, RFC 8441 §3 for ENABLE_CONNECT_PROTOCOL and RFC 9218 §2.1
    # for NO_RFC7540_PRIORITIES: the value MUST be 0 or 1.
    if identifier == 0x2 or identifier == 0x8 or identifier == 0x9:
        return _bad_setting(ErrorCode.PROTOCOL_ERROR, identifier, value, "0 or 1")
    # RFC 9113 §6.5.2, §5.5: an unknown identifier MUST be ignored.
    return None


def size_scope(frame_type: int, stream_id: int) -> Scope:
    """How far a FRAME_SIZE_ERROR reaches (RFC 9113 §4.2): see the top of this module."""
    if stream_id == 0 or (0x1 <= frame_type <= 0x9 and frame_type != 0x2):
        return Scope.CONNECTION
    return Scope.STREAM


def _least_with(frame_type: int, flags: int) -> int:
    """The least payload of a type whose flags add fields to it (RFC 9113 §6.1, §6.2, §6.6)."""
    if frame_type == 0x1:
        return (1 if flags & 0x8 else 0) + (5 if flags & 0x20 else 0)
    if flags & 0x8:
        if frame_type == 0x0:
            return 1
        if frame_type == 0x5:
            return 5
    return 0


def _misplaced(frame_type: int, stream_id: int) -> FrameError:
    expected = "0" if stream_id else "other than 0"
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        stream_id,
        f"{frame_name(frame_type)} with a stream identifier {expected}",
        str(stream_id),
    )


def _size_fault(frame_type: int, stream_id: int, expected: str, length: int) -> FrameError:
    scope = size_scope(frame_type, stream_id)
    return FrameError(ErrorCode.FRAME_SIZE_ERROR, scope, stream_id, expected, f"{length} bytes")


def _too_long(length: int, frame_type: int, stream_id: int, max_frame_size: int) -> FrameError:
    expected = f"{frame_name(frame_type)} with a payload of at most {max_frame_size} bytes"
    return _size_fault(frame_type, stream_id, expected, length)


def _wrong_size(length: int, frame_type: int, stream_id: int) -> FrameError:
    least = _LEAST[frame_type]
    how = "exactly" if least == _MOST[frame_type] else "at least"
    expected = f"{frame_name(frame_type)} with a payload of {how} {least} bytes"
    return _size_fault(frame_type, stream_id, expected, length)


def _settings_size(length: int, flags: int) -> FrameError | None:
    # RFC 9113 §6.5: an ACK that is not empty, and a length not a multiple of 6, MUST each be a
    # connection error of type FRAME_SIZE_ERROR.
    if flags & 0x1:
        if length == 0:
            return None
        return _size_fault(0x4, 0, "SETTINGS with ACK and an empty payload", length)
    if length % 6 == 0:
        return None
    return _size_fault(0x4, 0, "SETTINGS with a payload of a multiple of 6 bytes", length)


def _cut_short(length: int, frame_type: int, flags: int, stream_id: int) -> FrameError:
    # RFC 9113 §4.2: too small to contain mandatory frame data is a FRAME_SIZE_ERROR.
    least = _least_with(frame_type, flags)
    expected = f"{frame_name(frame_type)} with a payload of at least {least} bytes for its flags"
    return _size_fault(frame_type, stream_id, expected, length)


def _bad_setting(code: ErrorCode, identifier: int, value: int, expected: str) -> FrameError:
    came = f"{value}"
    name = setting_name(identifier)
    return FrameError(code, Scope.CONNECTION, 0, f"a value of {name} of {expected}", came)
