"""Padding: the octets that hide how long a message is (RFC 9113 §6.1, §6.2, §6.6, §10.7)."""

from hyper.frame.errors import FrameError
from hyper.frame.names import frame_name
from hyper.frame.types import ErrorCode, Scope


def unpad(payload: bytes, fixed: int = 0) -> bytes | None:
    """What lies between the fixed part and the padding of a PADDED frame; `None` if they overlap.

    The Pad Length octet comes first, then `fixed` octets: 0 in DATA, 5 in HEADERS with priority,
    4 in PUSH_PROMISE.  `check_header` has made sure that they are there.
    """
    start = fixed + 1
    end = len(payload) - payload[0]
    if end < start:
        return None
    return payload[start:end]


def padding_fault(
    frame_type: int, stream_id: int, length: int, pad_length: int, fixed: int = 0
) -> FrameError:
    """The fault of a frame for which `unpad` is `None`."""
    # RFC 9113 §6.1: padding as long as the payload or longer MUST be a connection error of type
    # PROTOCOL_ERROR.
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        stream_id,
        f"padding of at most {max(0, length - 1 - fixed)} bytes in {length} bytes of payload",
        f"{frame_name(frame_type)} with padding of {pad_length} bytes",
    )
