"""The two lists of the Huffman code."""

import hpack.huffman_constants as peer

from hyper.compat.hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH


def test_the_lists_are_those_of_appendix_b_with_eos_at_the_end() -> None:
    assert (REQUEST_CODES, REQUEST_CODES_LENGTH) == (peer.REQUEST_CODES, peer.REQUEST_CODES_LENGTH)
    assert (len(REQUEST_CODES), REQUEST_CODES[256], REQUEST_CODES_LENGTH[256]) == (
        257,
        0x3FFFFFFF,
        30,
    ), "RFC 7541 appendix B: EOS is thirty ones"
