"""The buffer of frames, beside that of h2."""

from itertools import pairwise
from typing import Any

import h2.frame_buffer as peer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hyper.compat.h2.frame_buffer as ours
from hyper.compat.h2.exceptions import FrameTooLargeError, ProtocolError
from hyper.frame import (
    PREFACE,
    ContinuationFrame,
    DataFrame,
    HeadersFrame,
    PingFrame,
    serialize,
)

FRAMES = [
    serialize(DataFrame(1, b"abc", end_stream=True)),
    serialize(PingFrame(b"12345678")),
    b"\x00\x00\x02\x01\x00\x00\x00\x00\x01ab",  # HEADERS without END_HEADERS
    b"\x00\x00\x02\x09\x00\x00\x00\x00\x01cd",  # CONTINUATION without it
    serialize(ContinuationFrame(1, b"ef", end_headers=True)),
    serialize(HeadersFrame(3, b"gh")),
    b"\x00\x00\x05\x06\x00\x00\x00\x00\x00short",  # a PING of the wrong size
    b"\x00\x00\x01\xee\x00\x00\x00\x00\x00x",  # of a type that nobody knows
    b"\x00\x00\x01\x00\x08\x00\x00\x00\x01\x05",  # padding beyond its end
    b"\x00\x00\x00\x00\x00\x00\x00\x00\x00",  # DATA on stream 0
]


def told(module: Any, pieces: list[bytes], server: bool) -> list[object]:
    buffer = module.FrameBuffer(server)
    buffer.max_frame_size = 16_384
    found: list[object] = []
    for piece in pieces:
        try:
            buffer.add_data(piece)
            for frame in buffer:
                data = getattr(frame, "data", getattr(frame, "body", b""))
                found.append((type(frame).__name__, frame.stream_id, sorted(frame.flags), data))
        except Exception as error:
            return [*found, type(error).__name__]
    return found


@given(
    st.lists(st.sampled_from(FRAMES), max_size=6).map(b"".join),
    st.lists(st.integers(0, 80), max_size=4),
    st.booleans(),
)
@settings(max_examples=300)
def test_frames_are_cut_as_by_h2(octets: bytes, cuts: list[int], server: bool) -> None:
    octets = (PREFACE if server else b"") + octets
    places = [0, *sorted(cut for cut in cuts if cut < len(octets)), len(octets)]
    pieces = [octets[start:end] for start, end in pairwise(places)]
    assert told(ours, pieces, server) == told(peer, pieces, server)


@pytest.mark.parametrize("octets", [b"GET / HTTP/1.1\r\n\r\n", b"PRI * HTTP/1.0\r\n\r\n"])
def test_another_preface_is_refused(octets: bytes) -> None:
    assert told(ours, [octets], True) == told(peer, [octets], True) == ["ProtocolError"]


def test_a_frame_that_is_too_long_is_refused_by_its_header() -> None:
    header = serialize(DataFrame(1, bytes(100)))[:9]
    buffer = ours.FrameBuffer()
    buffer.max_frame_size = 99
    buffer.add_data(header)
    with pytest.raises(FrameTooLargeError):
        next(buffer)
    waiting = peer.FrameBuffer()
    waiting.max_frame_size = 99
    waiting.add_data(header)
    assert list(waiting) == [], "h2 waits for all of it"


def test_a_block_in_more_pieces_than_anybody_needs_is_refused() -> None:
    assert peer.CONTINUATION_BACKLOG == ours.CONTINUATION_BACKLOG
    for module in (ours, peer):
        pieces = [FRAMES[2], *[FRAMES[3]] * module.CONTINUATION_BACKLOG]
        assert told(module, pieces, False) == ["ProtocolError"], "VU#421644"
    buffer = ours.FrameBuffer()
    buffer.max_frame_size = 99
    buffer.add_data(FRAMES[2] + FRAMES[3] * 64)
    with pytest.raises(ProtocolError, match="Too many"):
        next(buffer)
