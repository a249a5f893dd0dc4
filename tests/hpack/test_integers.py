"""Integers with a prefix: the examples of RFC 7541 §C.1, both directions, and every limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import HpackError
from hyper.hpack.integers import MAX_INTEGER, decode_integer, encode_integer


@pytest.mark.parametrize(
    ("value", "prefix_bits", "octets"),
    [
        (10, 5, "0a"),  # C.1.1
        (1337, 5, "1f9a0a"),  # C.1.2
        (42, 8, "2a"),  # C.1.3
        (30, 5, "1e"),  # the last that fits the prefix
        (31, 5, "1f00"),  # the first that does not
        (127 + 31, 5, "1f7f"),
        (128 + 31, 5, "1f8001"),
        (0, 1, "00"),
        (1, 1, "0100"),
        (MAX_INTEGER, 7, "7f80ffffff0f"),
    ],
)
def test_an_integer_has_the_octets_the_rfc_gives_it(
    value: int, prefix_bits: int, octets: str
) -> None:
    assert encode_integer(value, prefix_bits).hex() == octets
    read, after = decode_integer(bytes.fromhex(octets), 0, prefix_bits)
    assert (read, after) == (value, len(octets) // 2)


@given(
    value=st.integers(0, MAX_INTEGER),
    prefix_bits=st.integers(1, 8),
    around=st.binary(max_size=3),
    high=st.integers(0, 255),
)
def test_what_is_written_is_read_back_wherever_it_stands(
    value: int, prefix_bits: int, around: bytes, high: int
) -> None:
    pattern = high >> prefix_bits << prefix_bits
    octets = encode_integer(value, prefix_bits, pattern)
    assert octets[0] >> prefix_bits == high >> prefix_bits, "the other bits are left as given"
    data = around + octets + around
    assert decode_integer(data, len(around), prefix_bits) == (value, len(around) + len(octets))


@pytest.mark.parametrize(("value", "prefix_bits"), [(-1, 5), (MAX_INTEGER + 1, 5), (1, 0), (1, 9)])
def test_a_caller_that_asks_for_the_impossible_is_told(value: int, prefix_bits: int) -> None:
    with pytest.raises(ValueError, match=f"got {value} on {prefix_bits}"):
        encode_integer(value, prefix_bits)


@pytest.mark.parametrize("octets", ["", "1f", "1f80", "1f8080"])
def test_an_integer_cut_short_is_refused_at_its_end(octets: str) -> None:
    with pytest.raises(HpackError, match="got the end of the block") as caught:
        decode_integer(bytes.fromhex(octets), 0, 5)
    assert caught.value.offset == len(octets) // 2


def test_zeros_that_only_make_an_integer_longer_are_refused_at_the_sixth_octet() -> None:
    # RFC 7541 §5.1: an encoder may "send a large number of zero values, which can waste octets".
    assert decode_integer(bytes.fromhex("1f8080808000"), 0, 5) == (31, 6), "five are the limit"
    with pytest.raises(HpackError, match="at most 5 octets after its prefix, got more"):
        decode_integer(bytes.fromhex("1f808080808000"), 0, 5)


def test_an_integer_of_more_than_32_bits_is_refused_by_its_size() -> None:
    just = encode_integer(MAX_INTEGER, 5)
    assert decode_integer(just, 0, 5) == (MAX_INTEGER, 6)
    more = just[:-1] + bytes([just[-1] + 1])
    with pytest.raises(HpackError, match="at most 32 bits, got 33 bits at offset 0"):
        decode_integer(more, 0, 5)
