"""From the Huffman code to octets, as hpack does it."""

import hpack.huffman_table
import pytest
from hpack.huffman_table import decode_huffman as peer
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.hpack import huffman_table
from hyper.compat.hpack.exceptions import HPACKDecodingError
from hyper.compat.hpack.huffman_table import decode_huffman


@given(st.binary(max_size=40))
def test_any_octets_are_what_they_are_to_hpack(code: bytes) -> None:
    try:
        theirs: bytes | str = peer(code)
    except Exception as error:
        theirs = type(error).__name__
    try:
        ours: bytes | str = decode_huffman(code)
    except HPACKDecodingError as error:
        ours = type(error).__name__
    assert ours == theirs


@pytest.mark.parametrize("code", [b"", None, bytearray(b"\xf1\xe3\xc7"), memoryview(b"\xf1\xe3")])
def test_any_buffer_will_do_and_none_is_nothing(
    code: bytes | bytearray | memoryview | None,
) -> None:
    assert decode_huffman(code) == peer(code)


def test_the_table_is_that_of_hpack() -> None:
    assert hpack.huffman_table.HUFFMAN_TABLE == huffman_table.HUFFMAN_TABLE, "state for state"
    assert (
        huffman_table.HUFFMAN_COMPLETE,
        huffman_table.HUFFMAN_EMIT_SYMBOL,
        huffman_table.HUFFMAN_FAIL,
    ) == (1, 2, 4), "the bits of its flags"
    assert not hasattr(huffman_table, "HUFFMAN_TABLES"), "a name that nobody has"


@given(st.binary(max_size=40))
def test_who_walks_the_table_reads_what_the_decoder_reads(code: bytes) -> None:
    table = huffman_table.HUFFMAN_TABLE
    state, flags, octets = 0, huffman_table.HUFFMAN_COMPLETE, bytearray()
    for octet in code:
        for four in (octet >> 4, octet & 15):
            if not flags & huffman_table.HUFFMAN_FAIL:
                state, flags, symbol = table[state * 16 + four]
                if flags & huffman_table.HUFFMAN_EMIT_SYMBOL:
                    octets.append(symbol)
    if flags & huffman_table.HUFFMAN_COMPLETE:
        assert octets == decode_huffman(code), "RFC 7541 appendix B"
    else:
        with pytest.raises(HPACKDecodingError):
            decode_huffman(code)
