"""The Huffman code, by the way that this build takes (RFC 7541 §5.2, appendix B)."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, Encoder, HpackError
from hyper.hpack.huffman import (
    CODED,
    DECODED,
    MOST_REMEMBERED,
    encode_string,
    huffman_decode,
    huffman_length,
)
from hyper.wire import SensitiveField
from tests.support.counted import lines_run
from tests.support.field_blocks import NEVER, PLAIN, huffman, literal
from tests.support.huffman_cases import (
    EOS_FAULTS,
    EXAMPLES,
    FAULTS,
    PADDING_FAULTS,
    TEXTS,
    shortest,
)


@pytest.mark.parametrize(("text", "octets"), EXAMPLES.items())
def test_the_strings_of_appendix_c_are_coded_as_printed(text: str, octets: str) -> None:
    coded = bytes.fromhex(octets)
    assert encode_string(text.encode()) == bytes([0x80 | len(coded)]) + coded, "RFC 7541 C.4, C.6"
    assert huffman_decode(coded) == text.encode(), "and back"
    assert huffman_length(coded) == len(text), "and measured"


@given(TEXTS)
def test_any_string_comes_back_and_has_the_length_that_was_foretold(text: bytes) -> None:
    assert encode_string(text) == shortest(text), "code by code, bit by bit, or plain"
    assert huffman_decode(huffman(text)) == text, "the same string"
    assert huffman_length(huffman(text)) == len(text), "without making it"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_string_that_breaks_a_rule_is_refused_with_its_place(fault: str) -> None:
    with pytest.raises(HpackError) as decoding:
        huffman_decode(FAULTS[fault], 40)
    with pytest.raises(HpackError) as measuring:
        huffman_length(FAULTS[fault], 40)
    assert decoding.value.offset == measuring.value.offset == 40, "where the string starts"
    assert str(decoding.value) == str(measuring.value), "one rule, one sentence"


@pytest.mark.parametrize("fault", PADDING_FAULTS)
def test_padding_is_called_padding(fault: str) -> None:
    with pytest.raises(HpackError, match="padding of at most 7 bits, all ones"):
        huffman_decode(PADDING_FAULTS[fault])


@pytest.mark.parametrize("fault", EOS_FAULTS)
def test_eos_is_called_eos(fault: str) -> None:
    with pytest.raises(HpackError, match="the code of EOS"):
        huffman_decode(EOS_FAULTS[fault])


@given(st.binary(max_size=24))
def test_any_octets_are_a_string_or_an_error_and_nothing_else(octets: bytes) -> None:
    try:
        text = huffman_decode(octets)
    except HpackError as fault:
        with pytest.raises(HpackError, match=fault.came):
            huffman_length(octets)
        return
    assert huffman_length(octets) == len(text), "both ways agree"
    assert huffman(text) == octets, "a string has one code and one padding"


def test_a_string_cannot_grow_beyond_eight_fifths() -> None:
    # RFC 7541 §7.3: what an octet on the wire can cost at most; the shortest code has five bits.
    assert len(huffman_decode(bytes(1000))) == 1600, "codes of zeros are the shortest"


def test_the_work_grows_with_the_string_and_no_faster() -> None:
    text = b"/index.html?q=" * 100
    for work, few, many in (
        (encode_string, text, text * 4),
        (huffman_decode, huffman(text), huffman(text * 4)),
        (huffman_length, huffman(text), huffman(text * 4)),
    ):
        work(few)
        work(many)  # what is made once is made now
        once, fourfold = lines_run(partial(work, few)), lines_run(partial(work, many))
        assert fourfold <= 4 * once + 10, f"four times the string, four times {work.__name__}"


# --- the memory ----------------------------------------------------------------------------------


def test_what_is_never_indexed_is_never_remembered() -> None:
    secret = b"not for the memory of a process"
    encoder, decoder = Encoder(), Decoder()
    fields = [
        SensitiveField(b"x", secret),
        (b"authorization", secret),
        (b"set-cookie", secret),
        (b"cookie", secret[:19]),
    ]
    assert decoder.decode(encoder.encode(fields)) == fields, "there and back"
    decoder.decode(literal(b"x", secret, NEVER, coded=True))
    remembered = [*CODED, *CODED.values(), *DECODED, *DECODED.values()]
    for text in (secret, secret[:19]):
        for form in (text, huffman(text), encode_string(text)):
            assert form not in remembered, "RFC 7541 §7.1.3: no state is shared for it"


@pytest.mark.parametrize("name", [b":path", b"x"])
def test_the_memory_is_bounded_in_number_and_in_length(name: bytes) -> None:
    encoder, decoder = Encoder(), Decoder()
    for each in range(3 * MOST_REMEMBERED):
        text = b"/a/path/of/many/%d" % each
        assert decoder.decode(encoder.encode([(name, text)])) == [(name, text)], "each"
        assert len(CODED) <= MOST_REMEMBERED, "no peer and no program makes it grow"
        assert len(DECODED) <= MOST_REMEMBERED, "no peer makes it grow"
    for size in (1_000, 10_000):
        decoder.decode(encoder.encode([(name, b"a" * size)]))
    longest = max(len(text) for memory in (CODED, DECODED) for text in [*memory, *memory.values()])
    assert longest < 256, "long strings are not kept"


def test_a_wrong_string_is_wrong_each_time() -> None:
    for _ in range(3):
        with pytest.raises(HpackError, match="padding"):
            Decoder().decode(b"\x04\x82" + PADDING_FAULTS["sixteen ones"])
    assert Decoder().decode(literal(4, b"/", PLAIN, coded=True)) == [(b":path", b"/")], "as ever"
