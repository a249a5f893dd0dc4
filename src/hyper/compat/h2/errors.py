"""The error codes of HTTP/2 under the names of h2 (RFC 9113 §7)."""

from enum import IntEnum

__all__ = ["ErrorCodes"]


class ErrorCodes(IntEnum):
    """The codes of RST_STREAM and GOAWAY (RFC 9113 §7)."""

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


_BY_VALUE = {int(code): code for code in ErrorCodes}


def _error_code_from_int(code: int) -> ErrorCodes | int:
    """The member for `code`, or `code` itself where the RFC gives it no name."""
    return _BY_VALUE.get(code, code)
