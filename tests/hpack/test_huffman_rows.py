"""Huffman coding by rows of strings, the interpreter's way; tested in both builds."""

import pytest
from hypothesis import given

from hyper.hpack import HpackError
from hyper.hpack.huffman_rows import decode_rows, encode_rows, rows_length
from tests.support.field_blocks import huffman, integer
from tests.support.huffman_cases import EXAMPLES, FAULTS, PAIRS, TEXTS, shortest


@pytest.mark.parametrize(("text", "octets"), EXAMPLES.items())
def test_the_strings_of_appendix_c_are_coded_as_printed(text: str, octets: str) -> None:
    coded = bytes.fromhex(octets)
    assert encode_rows(text.encode()) == bytes([0x80 | len(coded)]) + coded, "RFC 7541 C.4, C.6"
    assert decode_rows(coded, 0) == text.encode(), "and back"


def test_every_octet_after_every_other_comes_back() -> None:
    for text in PAIRS:
        coded = huffman(text)
        assert encode_rows(text) == integer(len(coded), 7, 0x80) + coded, "each code at each place"
        assert decode_rows(coded, 0) == text, "and out of it again"
        assert rows_length(coded, 0) == len(text), "counted, not made"


@given(TEXTS)
def test_any_string_comes_back(text: bytes) -> None:
    assert encode_rows(text) == shortest(text), "code by code, bit by bit, or plain"
    assert decode_rows(huffman(text), 0) == text, "the same string"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_string_that_breaks_a_rule_is_refused(fault: str) -> None:
    with pytest.raises(HpackError):
        decode_rows(FAULTS[fault], 0)
    with pytest.raises(HpackError):
        rows_length(FAULTS[fault], 0)


@pytest.mark.parametrize("size", [*range(9), *range(198, 208), 1000])
def test_a_string_of_any_length_comes_back(size: int) -> None:
    # Codes of five bits: 203 of them are 127 octets, whose length takes two.
    assert encode_rows(b"0" * size) == shortest(b"0" * size), "length and codes"
    assert decode_rows(huffman(b"0" * size), 0) == b"0" * size, "and back"


def test_nothing_is_nothing() -> None:
    assert encode_rows(b"") == b"\x00", "a length and no more"
    assert decode_rows(b"", 0) == b"", "RFC 7541 §5.2: an empty string has no bits"
    assert rows_length(b"", 0) == 0, "nor octets"
