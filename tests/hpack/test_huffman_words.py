"""Huffman coding in machine words, the compiled way; tested in both builds."""

import pytest
from hypothesis import given

from hyper.hpack import HpackError
from hyper.hpack.huffman_words import decode_words, encode_words
from tests.support.field_blocks import huffman, integer
from tests.support.huffman_cases import EXAMPLES, FAULTS, PAIRS, TEXTS, shortest


@pytest.mark.parametrize(("text", "octets"), EXAMPLES.items())
def test_the_strings_of_appendix_c_are_coded_as_printed(text: str, octets: str) -> None:
    coded = bytes.fromhex(octets)
    assert encode_words(text.encode()) == bytes([0x80 | len(coded)]) + coded, "RFC 7541 C.4, C.6"
    assert decode_words(coded, 0) == text.encode(), "and back"


def test_every_octet_after_every_other_comes_back() -> None:
    for text in PAIRS:
        coded = huffman(text)
        assert encode_words(text) == integer(len(coded), 7, 0x80) + coded, "each code at each place"
        assert decode_words(coded, 0) == text, "and out of it again"


@given(TEXTS)
def test_any_string_comes_back(text: bytes) -> None:
    assert encode_words(text) == shortest(text), "code by code, bit by bit, or plain"
    assert decode_words(huffman(text), 0) == text, "the same string"


@pytest.mark.parametrize("octet", [0, 10, 22, 48, 97, 249, 255])
@pytest.mark.parametrize("size", [*range(18), *range(198, 208), *range(250, 262), 1000])
def test_a_string_may_end_anywhere_in_a_word(octet: int, size: int) -> None:
    text = bytes([octet]) * size
    assert encode_words(text) == shortest(text), "codes of 5 to 30 bits against words of 64"
    assert decode_words(huffman(text), 0) == text, "no octet of the last word is lost"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("before", [0, 8, 512])
def test_a_string_that_breaks_a_rule_is_refused(fault: str, before: int) -> None:
    # Eight codes of five bits are five octets: the fault moves through the words.
    with pytest.raises(HpackError):
        decode_words(huffman(b"0" * before) + FAULTS[fault], 0)
