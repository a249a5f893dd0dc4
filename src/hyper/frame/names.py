"""The numbers of a frame as the names people know them by.  A number without a name is in hex."""

from typing import Final

from hyper.frame.types import ErrorCode, FrameType, SettingId

_FRAME_NAMES: Final = {member.value: member.name for member in FrameType}
_ERROR_NAMES: Final = {member.value: member.name for member in ErrorCode}
_SETTING_NAMES: Final = {member.value: member.name for member in SettingId}

# RFC 9113 §6: a bit has the meaning its frame type gives it, or none.
_FLAG_NAMES: Final[dict[int, dict[int, str]]] = {
    FrameType.DATA: {0x1: "END_STREAM", 0x8: "PADDED"},
    FrameType.HEADERS: {
        0x1: "END_STREAM",
        0x4: "END_HEADERS",
        0x8: "PADDED",
        0x20: "PRIORITY",
    },
    FrameType.SETTINGS: {0x1: "ACK"},
    FrameType.PUSH_PROMISE: {0x4: "END_HEADERS", 0x8: "PADDED"},
    FrameType.PING: {0x1: "ACK"},
    FrameType.CONTINUATION: {0x4: "END_HEADERS"},
}


def frame_name(frame_type: int) -> str:
    """`DATA` for 0, `0xbe` for a type without a name."""
    return _FRAME_NAMES.get(frame_type) or f"0x{frame_type:x}"


def error_name(code: int) -> str:
    """`NO_ERROR` for 0, `0xff` for a code without a name (RFC 9113 §7)."""
    return _ERROR_NAMES.get(code) or f"0x{code:x}"


def setting_name(identifier: int) -> str:
    """`HEADER_TABLE_SIZE` for 1, `0x4f2` for a setting without a name (RFC 9113 §6.5.2)."""
    return _SETTING_NAMES.get(identifier) or f"0x{identifier:x}"


def flag_names(frame_type: int, flags: int) -> list[str]:
    """The flags set, lowest bit first: bit 0 is `ACK` in a PING and `END_STREAM` in a DATA.

    A bit that means nothing in a frame of this type is there as its number, `0x40`.
    """
    known = _FLAG_NAMES.get(frame_type, {})
    names: list[str] = []
    bit = 1
    while bit <= flags:
        if flags & bit:
            names.append(known.get(bit) or f"0x{bit:x}")
        bit <<= 1
    return names
