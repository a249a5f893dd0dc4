"""From octets to the Huffman code, as hpack does it."""

from hpack.huffman import HuffmanEncoder as Peer
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.hpack.huffman import HuffmanEncoder
from hyper.compat.hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hyper.compat.hpack.huffman_table import decode_huffman

CODE = (REQUEST_CODES, REQUEST_CODES_LENGTH)


@given(st.binary(max_size=60))
def test_the_code_is_that_of_hpack_and_goes_back_to_the_octets(octets: bytes) -> None:
    code = HuffmanEncoder(*CODE).encode(octets)
    assert code == Peer(*CODE).encode(octets)
    assert decode_huffman(code) == octets


def test_nothing_has_no_code() -> None:
    assert HuffmanEncoder(*CODE).encode(None) == Peer(*CODE).encode(None) == b""


def test_any_other_code_will_do() -> None:
    code = ([0b0, 0b10, 0b11], [1, 2, 2])
    assert HuffmanEncoder(*code).encode(bytes((0, 1, 2))) == Peer(*code).encode(bytes((0, 1, 2)))
    assert HuffmanEncoder(*code).encode(bytes((0, 1, 2))) == bytes((0b0_10_11_111,)), (
        "RFC 7541 §5.2"
    )
