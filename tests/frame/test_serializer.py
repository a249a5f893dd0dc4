"""Values to bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    MAX_MAX_FRAME_SIZE,
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    SettingsFrame,
    UnknownFrame,
    parse,
    parse_frame,
    parse_header,
    serialize,
)
from hyper.wire import LocalProtocolError
from tests.support.frames import frames


@given(frames())
def test_every_value_comes_back_from_its_bytes(frame: Frame) -> None:
    octets = serialize(frame)
    header = parse_header(octets)
    assert header.length == len(octets) - 9, "§4.1: the length of the payload"
    assert (header.type, header.flags) == (frame.type, int(frame.flags)), "§4.1"
    assert header.stream_id == frame.stream_id, "§4.1"
    again = parse(header.type, header.flags, header.stream_id, octets[9:])
    assert again == frame, "a round trip"
    assert repr(again) == repr(frame), "that looks the same too"
    assert octets[5] < 0x80, "§4.1: the reserved bit MUST remain unset when sending"


@given(st.binary(max_size=16), st.integers(0, 255))
def test_padding_is_zeros(data: bytes, pad_length: int) -> None:
    octets = serialize(DataFrame(1, data, pad_length=pad_length))
    assert octets[9] == pad_length, "§6.1: Pad Length comes first"
    assert octets[10:] == data + bytes(pad_length), "RFC 9113 §6.1: padding MUST be zero"


@pytest.mark.parametrize(
    "frame",
    [
        DataFrame(1, bytes(16_385)),
        DataFrame(1, bytes(16_284), pad_length=100),
        HeadersFrame(1, bytes(16_385)),
        ContinuationFrame(1, bytes(16_385)),
        PushPromiseFrame(1, 2, bytes(16_381)),
        SettingsFrame([(1, 1)] * 2731),
        GoAwayFrame(0, 0, bytes(16_377)),
        AltSvcFrame(1, b"", bytes(16_383)),
        OriginFrame([bytes(16_383)]),
        PriorityUpdateFrame(1, bytes(16_381)),
        UnknownFrame(0xBE, 0, 0, bytes(16_385)),
    ],
    ids=lambda frame: type(frame).__name__,
)
def test_a_payload_over_the_peers_limit_is_the_callers_fault(frame: Frame) -> None:
    with pytest.raises(LocalProtocolError, match="with a payload of at most 16384 bytes, got"):
        serialize(frame)
    octets = serialize(frame, 20_000)
    assert parse_frame(octets) == frame, "§4.2: fine where the peer has declared more"


def test_a_payload_too_long_for_any_frame_is_the_callers_fault() -> None:
    with pytest.raises(LocalProtocolError, match="at most 16777215"):
        serialize(DataFrame(1, bytes(2**24)), MAX_MAX_FRAME_SIZE)
