"""From the Huffman code to octets, as hpack does it."""

import pytest
from hpack.huffman_table import decode_huffman as peer
from hypothesis import given
from hypothesis import strategies as st

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
