"""The nine bytes in front of every frame (RFC 9113 §4.1).

Not here: whether type, length and stream go together; see `hyper.frame.rules`.
"""

from dataclasses import dataclass
from struct import Struct
from typing import Final

from hyper.wire import Buffer

FRAME_HEADER: Final = Struct(">LBL")
"""The header as three numbers: `length << 8 | type`, flags, stream id with the reserved bit.

Three and not five or six: a number unpacked is an object made.  A hot path reads it inline:
`word, flags, stream_id = FRAME_HEADER.unpack_from(data, pos)`.
"""


@dataclass(slots=True, init=False)
class FrameHeader:
    """The fields of a frame header; `type` may be one no registry entry names."""

    length: Final[int]
    type: Final[int]
    flags: Final[int]
    stream_id: Final[int]

    def __init__(self, length: int, type: int, flags: int, stream_id: int) -> None:
        self.length = length
        self.type = type
        self.flags = flags
        self.stream_id = stream_id


def parse_header(data: Buffer, offset: int = 0) -> FrameHeader:
    """The header at `offset`; nine bytes must be there, else `struct.error`."""
    word: int
    flags: int
    stream_id: int
    word, flags, stream_id = FRAME_HEADER.unpack_from(data, offset)
    # RFC 9113 §4.1: the reserved bit MUST be ignored when receiving.
    return FrameHeader(word >> 8, word & 0xFF, flags, stream_id & 0x7FFF_FFFF)


def pack_header(length: int, frame_type: int, flags: int, stream_id: int) -> bytes:
    """The nine bytes; the numbers must fit their fields (24, 8, 8 and 31 bits).

    RFC 9113 §4.1: the reserved bit and flags without a meaning are left unset, so leave them out.
    """
    return FRAME_HEADER.pack(length << 8 | frame_type, flags, stream_id)
