"""The Huffman code, by the way that this build takes (RFC 7541 §5.2, appendix B)."""

import sys
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, Encoder, HpackError
from hyper.hpack.huffman import (
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    encode_string,
    huffman_decode,
    huffman_length,
)
from hyper.wire import Field, SensitiveField
from tests.support.counted import lines_run
from tests.support.field_blocks import PLAIN, huffman, literal
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


# --- what is remembered --------------------------------------------------------------------------


def fresh(*texts: str) -> list[bytes]:
    """Texts that nobody has seen before, in octets of their own."""
    return [b"".join([text.encode(), b"!"]) for text in texts]


def held(texts: list[bytes]) -> int:
    """By how many others than the list its texts are held."""
    [alone] = [sys.getrefcount(text) for text in fresh("nobody else has it")]
    return sum([sys.getrefcount(text) - alone for text in texts])


def values(fields: list[Field]) -> list[bytes]:
    """Their values, and nothing else that holds them."""
    return [field[1] for field in fields]


def test_what_is_never_indexed_is_never_remembered() -> None:
    encoder, decoder = Encoder(), Decoder()
    secrets = fresh("one", "two", "three", "four")
    names = [b"x", b"authorization", b"set-cookie", b":path"]
    block = encoder.encode(
        [
            SensitiveField(names[0], secrets[0]),
            (names[1], secrets[1]),
            (names[2], secrets[2]),
            SensitiveField(names[3], secrets[3]),
        ]
    )
    assert held(secrets) == 0, "RFC 7541 §7.1.3: the encoder has let go of them"
    received = values(decoder.decode(block))
    assert received == secrets, "there and back"
    assert held(received) == 0, "so has the decoder"


def test_nothing_outlives_the_connection_it_was_for() -> None:
    encoder, decoder = Encoder(), Decoder()
    sent = fresh("/a/path", "an agent")
    block = encoder.encode([(b":path", sent[0]), (b"user-agent", sent[1])])
    received = values(decoder.decode(block))
    assert received == sent, "there and back"
    del encoder, decoder
    assert held(sent) == 0, "no table and no memory is left that another connection could ask"
    assert held(received) == 0, "nor of what was received"


def test_what_is_sent_as_it_is_is_remembered_by_both_ends_of_its_connection() -> None:
    encoder, decoder = Encoder(), Decoder()
    sent = fresh("/package.Service/Method")
    block = encoder.encode([(b":path", sent[0])])
    assert held(sent) == 1, "the same call will be made again"
    received = values(decoder.decode(block) + decoder.decode(block))
    assert received == sent * 2, "as it was sent"
    assert received[0] is received[1], "and not made a second time"


@pytest.mark.parametrize("size", [20, LONGEST_REMEMBERED, 1 + LONGEST_REMEMBERED, 5_000])
def test_the_memory_is_bounded_in_number_and_in_length(size: int) -> None:
    encoder, decoder = Encoder(), Decoder()
    sent = fresh(*[f"{each:05}".ljust(size - 1, "p") for each in range(5 * MOST_REMEMBERED)])
    received: list[bytes] = []
    for at in range(len(sent)):
        received += values(decoder.decode(encoder.encode([(b":path", sent[at])])))
    assert received == sent, "each, whatever is remembered"
    most = MOST_REMEMBERED if size <= LONGEST_REMEMBERED else 0
    assert held(sent) == most, "no program makes it grow, and long ones are not kept"
    # A code is shorter than its text, and may be kept where that is not.
    assert held(received) == (MOST_REMEMBERED if size < 150 else 0), "nor does a peer"


def test_a_wrong_string_is_wrong_each_time() -> None:
    for _ in range(3):
        with pytest.raises(HpackError, match="padding"):
            Decoder().decode(b"\x04\x82" + PADDING_FAULTS["sixteen ones"])
    assert Decoder().decode(literal(4, b"/", PLAIN, coded=True)) == [(b":path", b"/")], "as ever"
