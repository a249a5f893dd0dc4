"""The tree behind the decoders: whole, and sound only where a string may end."""

from hyper.hpack.huffman_table import CODES, EOS
from hyper.hpack.huffman_tree import FAULT, NODES, SOUND, fault, ways
from tests.support.field_blocks import huffman


def test_the_code_leaves_no_gap() -> None:
    assert sum(2.0**-length for _, length in CODES) == 1.0, "RFC 7541 appendix B is complete"
    # A binary tree with 257 leaves has 256 nodes above them; the fault is one more.
    assert NODES == 256 + 1, "one node for each start of a code"
    assert NODES - 1 == FAULT, "the last"


def test_an_octet_completes_the_codes_that_end_in_it() -> None:
    node, text = ways(0)[huffman(b"aa")[0]]
    assert text == b"a", "five of the eight bits"
    assert ways(node)[huffman(b"aa")[1]][1] == b"a", "five more, and the padding is no octet"


def walked(octets: bytes) -> int:
    """The node at the end of the octets."""
    node = 0
    for octet in octets:
        node, _ = ways(node)[octet]
    return node


def test_a_string_may_end_at_the_top_and_up_to_seven_ones_below_it() -> None:
    # Codes of five bits: one to eight of them leave every number of bits from 7 to 0.
    ends = {walked(huffman(b"a" * count)) for count in range(1, 9)}
    assert len(ends) == 8, "no padding and seven kinds of it"
    assert {node for node in range(NODES) if SOUND[node]} == ends, "and nowhere else"
    assert not SOUND[walked(b"\xff")], "RFC 7541 §5.2: strictly longer than 7 bits is an error"


def test_there_is_no_way_out_of_a_fault() -> None:
    assert {node for node, _ in ways(FAULT)} == {FAULT}, "a string with EOS stays one"
    assert not SOUND[FAULT], "and is never taken for sound"


def test_the_two_faults_are_told_apart() -> None:
    assert "EOS" in str(fault(FAULT, 3)), "the code that no string may contain"
    assert "padding" in str(fault(1, 3)), "anything else"
    assert fault(FAULT, 3).offset == fault(1, 3).offset == 3, "with their place"


def test_eos_is_the_last_symbol() -> None:
    assert len(CODES) == EOS + 1, "256 octets and EOS"
    assert CODES[EOS] == (0x3FFF_FFFF, 30), "RFC 7541 appendix B: thirty ones"
