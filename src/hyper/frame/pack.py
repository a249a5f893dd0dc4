"""Frames from plain values straight to bytes: the fast face for engines (RFC 9113 §6).

Nothing is checked here: an engine keeps its ids, sizes and increments in range by its own rules.
A number too big for its field raises `struct.error`.  The checked way is a frame value and
`hyper.frame.serialize`.

Hot code: one precompiled struct a frame, no flag sets, no frame objects.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final

from hyper.frame.header import FRAME_HEADER

# The first number of each is `length << 8 | type`, as in FRAME_HEADER.
WITH_WORD: Final = Struct(">LBLL")
_WITH_OCTETS: Final = Struct(">LBL8s")
_GOAWAY: Final = Struct(">LBLLL")
_SETTING: Final = Struct(">HL")

# A SETTINGS frame whole, by the number of its parameters: there are eight that have a name.
_FEW: Final = 8
_FEW_SETTINGS: Final = [Struct(">LBL" + "HL" * count) for count in range(_FEW + 1)]

RST_STREAM_WORD: Final = 4 << 8 | 0x3
WINDOW_UPDATE_WORD: Final = 4 << 8 | 0x8
_PING_WORD: Final = 8 << 8 | 0x6

SETTINGS_ACK: Final = b"\x00\x00\x00\x04\x01\x00\x00\x00\x00"
"""The acknowledgement of the peer's settings, whole and empty (RFC 9113 §6.5, §6.5.3)."""


def pack_data(stream_id: int, data: bytes, end_stream: bool = False) -> bytes:
    """DATA without padding (RFC 9113 §6.1)."""
    return FRAME_HEADER.pack(len(data) << 8, 1 if end_stream else 0, stream_id) + data


def pack_headers(
    stream_id: int, block: bytes, end_stream: bool = False, max_frame_size: int = 16_384
) -> bytes:
    """A field block as HEADERS and as many CONTINUATION as it takes (RFC 9113 §6.2, §6.10).

    RFC 9113 §4.3: they are contiguous, so they come in one piece.
    """
    size = len(block)
    if size <= max_frame_size:
        return FRAME_HEADER.pack(size << 8 | 0x1, 0x5 if end_stream else 0x4, stream_id) + block
    head = FRAME_HEADER.pack(max_frame_size << 8 | 0x1, 0x1 if end_stream else 0x0, stream_id)
    return head + _continued(stream_id, block, max_frame_size, max_frame_size)


def pack_push_promise(
    stream_id: int, promised_stream_id: int, block: bytes, max_frame_size: int = 16_384
) -> bytes:
    """A promised request as PUSH_PROMISE and as many CONTINUATION as it takes (RFC 9113 §6.6)."""
    size = len(block) + 4
    if size <= max_frame_size:
        return WITH_WORD.pack(size << 8 | 0x5, 0x4, stream_id, promised_stream_id) + block
    head = WITH_WORD.pack(max_frame_size << 8 | 0x5, 0x0, stream_id, promised_stream_id)
    return head + _continued(stream_id, block, max_frame_size - 4, max_frame_size)


def pack_rst_stream(stream_id: int, code: int) -> bytes:
    """RST_STREAM with an error code (RFC 9113 §6.4)."""
    return WITH_WORD.pack(RST_STREAM_WORD, 0, stream_id, code)


def pack_settings(values: Sequence[tuple[int, int]], ack: bool = False) -> bytes:
    """SETTINGS, in the order given (RFC 9113 §6.5).  An ACK has none: it is `SETTINGS_ACK`."""
    count = len(values)
    if count <= _FEW:
        # A tuple that grows is quadratic, and for so few the fastest.
        numbers: tuple[int, ...] = (count * 6 << 8 | 0x4, 1 if ack else 0, 0)
        for setting in values:
            numbers += setting
        return _FEW_SETTINGS[count].pack(*numbers)
    head = FRAME_HEADER.pack(count * 6 << 8 | 0x4, 1 if ack else 0, 0)
    return head + b"".join([_SETTING.pack(identifier, value) for identifier, value in values])


def pack_ping(data: bytes, ack: bool = False) -> bytes:
    """PING with its eight bytes (RFC 9113 §6.7)."""
    return _WITH_OCTETS.pack(_PING_WORD, 1 if ack else 0, 0, data)


def pack_goaway(last_stream_id: int, code: int, debug: bytes = b"") -> bytes:
    """GOAWAY with the highest stream id we may have acted on (RFC 9113 §6.8)."""
    return _GOAWAY.pack((len(debug) + 8) << 8 | 0x7, 0, 0, last_stream_id, code) + debug


def pack_window_update(stream_id: int, increment: int) -> bytes:
    """WINDOW_UPDATE; stream 0 is the connection (RFC 9113 §6.9)."""
    return WITH_WORD.pack(WINDOW_UPDATE_WORD, 0, stream_id, increment)


def _continued(stream_id: int, block: bytes, cut: int, max_frame_size: int) -> bytes:
    """The block with CONTINUATION headers from `cut` on."""
    parts = [block[:cut]]
    size = len(block)
    while cut < size:
        end = cut + max_frame_size
        if end >= size:
            parts.append(FRAME_HEADER.pack((size - cut) << 8 | 0x9, 0x4, stream_id))
            parts.append(block[cut:])
        else:
            parts.append(FRAME_HEADER.pack(max_frame_size << 8 | 0x9, 0x0, stream_id))
            parts.append(block[cut:end])
        cut = end
    return b"".join(parts)
