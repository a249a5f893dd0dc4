"""The numbers of HTTP/2: frame types, flags, error codes, settings (RFC 9113 §6, §7, §11).

Each is an `IntEnum` or `IntFlag`; a number that no registry entry names stays a plain `int`.
"""

from enum import IntEnum, IntFlag
from typing import Final


class FrameType(IntEnum):
    """RFC 9113 §6, and the extensions of RFC 7838, 8336 and 9218."""

    DATA = 0x0
    HEADERS = 0x1
    PRIORITY = 0x2
    RST_STREAM = 0x3
    SETTINGS = 0x4
    PUSH_PROMISE = 0x5
    PING = 0x6
    GOAWAY = 0x7
    WINDOW_UPDATE = 0x8
    CONTINUATION = 0x9
    ALTSVC = 0xA
    ORIGIN = 0xC
    PRIORITY_UPDATE = 0x10


class Flag(IntFlag):
    """Frame flags.  ACK shares its bit with END_STREAM: the frame type tells which is meant."""

    NONE = 0x0
    END_STREAM = 0x1
    ACK = 0x1
    END_HEADERS = 0x4
    PADDED = 0x8
    PRIORITY = 0x20


class ErrorCode(IntEnum):
    """RFC 9113 §7: why a stream or a connection ended."""

    NO_ERROR = 0x0
    PROTOCOL_ERROR = 0x1
    INTERNAL_ERROR = 0x2
    FLOW_CONTROL_ERROR = 0x3
    SETTINGS_TIMEOUT = 0x4
    STREAM_CLOSED = 0x5
    FRAME_SIZE_ERROR = 0x6
    REFUSED_STREAM = 0x7
    CANCEL = 0x8
    COMPRESSION_ERROR = 0x9
    CONNECT_ERROR = 0xA
    ENHANCE_YOUR_CALM = 0xB
    INADEQUATE_SECURITY = 0xC
    HTTP_1_1_REQUIRED = 0xD


class SettingId(IntEnum):
    """RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1."""

    HEADER_TABLE_SIZE = 0x1
    ENABLE_PUSH = 0x2
    MAX_CONCURRENT_STREAMS = 0x3
    INITIAL_WINDOW_SIZE = 0x4
    MAX_FRAME_SIZE = 0x5
    MAX_HEADER_LIST_SIZE = 0x6
    ENABLE_CONNECT_PROTOCOL = 0x8
    NO_RFC7540_PRIORITIES = 0x9


class Scope(IntEnum):
    """How far a fault reaches (RFC 9113 §5.4)."""

    STREAM = 0
    CONNECTION = 1


PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""What a client sends before its first frame (RFC 9113 §3.4)."""

FRAME_HEADER_SIZE: Final = 9
MAX_STREAM_ID: Final = 2**31 - 1
MAX_WINDOW: Final = 2**31 - 1
MIN_MAX_FRAME_SIZE: Final = 2**14
MAX_MAX_FRAME_SIZE: Final = 2**24 - 1
DEFAULT_WINDOW: Final = 65_535
DEFAULT_HEADER_TABLE_SIZE: Final = 4_096


def error_code(number: int) -> ErrorCode | int:
    """`number` as an `ErrorCode` where it has a name, else as it is.

    RFC 9113 §5.5, §7: an unknown code MUST NOT trigger any special behaviour.
    """
    if 0 <= number <= 0xD:
        return ErrorCode(number)
    return number
