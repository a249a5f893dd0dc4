"""The engines' way to bytes says what the values say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    MAX_STREAM_ID,
    MAX_WINDOW,
    SETTINGS_ACK,
    ContinuationFrame,
    DataFrame,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
    pack_data,
    pack_goaway,
    pack_headers,
    pack_ping,
    pack_push_promise,
    pack_rst_stream,
    pack_settings,
    pack_window_update,
    serialize,
)

STREAMS = st.integers(1, MAX_STREAM_ID)
CODES = st.integers(0, 2**32 - 1)


@given(STREAMS, st.binary(max_size=64), st.booleans())
def test_data(stream_id: int, data: bytes, end_stream: bool) -> None:
    value = DataFrame(stream_id, data, end_stream)
    assert pack_data(stream_id, data, end_stream) == serialize(value), "the same frame"


@given(STREAMS, CODES)
def test_rst_stream(stream_id: int, code: int) -> None:
    assert pack_rst_stream(stream_id, code) == serialize(RstStreamFrame(stream_id, code))


@given(st.lists(st.tuples(st.sampled_from([1, 3, 6]), CODES), max_size=8))
def test_settings(values: list[tuple[int, int]]) -> None:
    assert pack_settings(values) == serialize(SettingsFrame(values)), "the same frame"


def test_the_acknowledgement_of_settings() -> None:
    assert serialize(SettingsFrame(ack=True)) == SETTINGS_ACK, "the same frame"
    assert pack_settings((), True) == SETTINGS_ACK, "the same frame"


@given(st.binary(min_size=8, max_size=8), st.booleans())
def test_ping(data: bytes, ack: bool) -> None:
    assert pack_ping(data, ack) == serialize(PingFrame(data, ack)), "the same frame"


@given(st.integers(0, MAX_STREAM_ID), CODES, st.binary(max_size=16))
def test_goaway(last: int, code: int, debug: bytes) -> None:
    assert pack_goaway(last, code, debug) == serialize(GoAwayFrame(last, code, debug))


@given(st.integers(0, MAX_STREAM_ID), st.integers(1, MAX_WINDOW))
def test_window_update(stream_id: int, increment: int) -> None:
    value = WindowUpdateFrame(stream_id, increment)
    assert pack_window_update(stream_id, increment) == serialize(value), "the same frame"


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 199, 200, 201, 350])
@pytest.mark.parametrize("end_stream", [False, True])
def test_a_field_block_goes_into_as_few_frames_as_it_takes(size: int, end_stream: bool) -> None:
    block = bytes(index & 0xFF for index in range(size))
    news = FrameReader(100).feed(pack_headers(7, block, end_stream, 100))
    head, rest = news[0], news[1:]
    assert isinstance(head, HeadersFrame), "§6.2: HEADERS comes first"
    assert head.end_stream == end_stream, "§6.2: END_STREAM is on HEADERS even when it goes on"
    parts = [head.fragment]
    for part in rest:
        assert isinstance(part, ContinuationFrame), "§6.10: nothing but CONTINUATION behind it"
        parts.append(part.fragment)
        assert part.stream_id == 7, "§6.10: on the same stream"
    ends = [
        frame.end_headers for frame in news if isinstance(frame, HeadersFrame | ContinuationFrame)
    ]
    assert ends == [False] * len(rest) + [True], "§6.10: END_HEADERS is on the last and no other"
    assert b"".join(parts) == block, "nothing is lost, nothing twice"
    assert [len(part) for part in parts[:-1]] == [100] * len(rest), "each as large as it may be"
    assert len(parts[-1]) > 0 or size == 0, "no empty CONTINUATION"


@pytest.mark.parametrize("size", [0, 1, 96, 97, 196, 197, 350])
def test_a_promise_leaves_room_for_the_promised_stream(size: int) -> None:
    block = bytes(index & 0xFF for index in range(size))
    octets = pack_push_promise(7, 8, block, 100)
    head, *rest = FrameReader(100).feed(octets)
    assert isinstance(head, PushPromiseFrame), "§6.6: PUSH_PROMISE comes first"
    assert (head.stream_id, head.promised_stream_id) == (7, 8), "§6.6"
    assert head.end_headers == (not rest), "§6.6: END_HEADERS when it is all"
    parts = [head.fragment]
    for part in rest:
        assert isinstance(part, ContinuationFrame), "no fault: each within the limit of 100"
        parts.append(part.fragment)
    assert b"".join(parts) == block, "nothing is lost, nothing twice"
    assert len(parts[0]) == min(size, 96), "§6.6: the promised stream takes 4 of the payload"
