"""Padding of what we send, which hides how long it is (RFC 9113 §6.1, §6.2, §6.6, §10.7).

How much is the caller's policy: a function that is given the length of a payload and gives the
number of octets to add to it, from 0 to 256.  One of them is the Pad Length field, the others are
zero.  Where a window or the peer's MAX_FRAME_SIZE leaves less room, less is added; a field block
that takes more than one frame gets none.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from hyper.frame import pack_data, pack_header, pack_headers, pack_push_promise

Padding: TypeAlias = Callable[[int], int]
"""From the length of a payload in bytes to the number of octets to add to it, 0 to 256."""

_DATA: Final = 0x0
_HEADERS: Final = 0x1
_PUSH_PROMISE: Final = 0x5
_END_STREAM: Final = 0x1
_END_HEADERS: Final = 0x4
_PADDED: Final = 0x8
_MOST: Final = 256


def octets_to_add(padding: Padding, length: int, room: int) -> int:
    """What `padding` adds to a payload of `length` bytes, and no more than `room`."""
    return max(0, min(padding(length), room, _MOST))


def padded_data(stream_id: int, data: bytes, end_stream: bool, added: int) -> bytes:
    """DATA with `added` octets: the Pad Length, then zeros (RFC 9113 §6.1)."""
    if not added:
        return pack_data(stream_id, data, end_stream)
    flags = _PADDED | (_END_STREAM if end_stream else 0)
    return b"".join(
        (
            pack_header(len(data) + added, _DATA, flags, stream_id),
            bytes((added - 1,)),
            data,
            bytes(added - 1),
        )
    )


def padded_headers(
    padding: Padding, stream_id: int, block: bytes, end_stream: bool, max_frame_size: int
) -> bytes:
    """A field block as HEADERS, padded with zeros where it fits one frame (RFC 9113 §6.2)."""
    added = octets_to_add(padding, len(block), max(0, max_frame_size - len(block)))
    if not added:
        return pack_headers(stream_id, block, end_stream, max_frame_size)
    flags = _PADDED | _END_HEADERS | (_END_STREAM if end_stream else 0)
    head = pack_header(len(block) + added, _HEADERS, flags, stream_id)
    return b"".join((head, bytes((added - 1,)), block, bytes(added - 1)))


def padded_promise(
    padding: Padding, stream_id: int, promised_stream_id: int, block: bytes, max_frame_size: int
) -> bytes:
    """A promised request as PUSH_PROMISE, padded with zeros where it fits one frame (RFC 9113
    §6.6).
    """
    size = len(block) + 4
    added = octets_to_add(padding, size, max(0, max_frame_size - size))
    if not added:
        return pack_push_promise(stream_id, promised_stream_id, block, max_frame_size)
    head = pack_header(size + added, _PUSH_PROMISE, _PADDED | _END_HEADERS, stream_id)
    promised = promised_stream_id.to_bytes(4, "big")
    return b"".join((head, bytes((added - 1,)), promised, block, bytes(added - 1)))
