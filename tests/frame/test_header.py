"""The nine bytes: RFC 9113 §4.1."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import FRAME_HEADER, FRAME_HEADER_SIZE, FrameHeader, pack_header, parse_header


def test_a_header_is_the_five_fields_of_figure_1() -> None:
    octets = bytes.fromhex("00001404 09 00000003".replace(" ", ""))
    header = parse_header(octets)
    assert header == FrameHeader(0x14, 0x04, 0x09, 3), "24, 8, 8 and 31 bits, in that order"
    assert pack_header(0x14, 0x04, 0x09, 3) == octets, "and back"


def test_the_reserved_bit_is_ignored_on_receipt() -> None:
    octets = bytes.fromhex("000000000080000001")
    assert parse_header(octets).stream_id == 1, "§4.1: the bit MUST be ignored when receiving"


def test_the_largest_value_of_each_field_fits() -> None:
    octets = pack_header(2**24 - 1, 0xFF, 0xFF, 2**31 - 1)
    assert octets == b"\xff\xff\xff\xff\xff\x7f\xff\xff\xff", "all bits but the reserved one"


@given(
    st.integers(0, 2**24 - 1), st.integers(0, 255), st.integers(0, 255), st.integers(0, 2**31 - 1)
)
def test_what_is_packed_is_parsed(length: int, kind: int, flags: int, stream_id: int) -> None:
    octets = pack_header(length, kind, flags, stream_id)
    assert len(octets) == FRAME_HEADER_SIZE == FRAME_HEADER.size, "§4.1: a fixed 9-octet header"
    assert parse_header(octets) == FrameHeader(length, kind, flags, stream_id), "a round trip"


def test_a_header_is_found_at_an_offset_of_any_buffer() -> None:
    octets = bytearray(b"??" + pack_header(8, 6, 1, 0))
    assert parse_header(memoryview(octets), 2) == FrameHeader(8, 6, 1, 0), "no copy is needed"


def test_too_few_bytes_are_the_callers_fault() -> None:
    with pytest.raises(struct.error):
        parse_header(b"\x00" * 8)
