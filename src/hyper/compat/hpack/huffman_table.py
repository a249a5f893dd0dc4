"""From the Huffman code to octets (RFC 7541 §5.2).

Not here: the states of hpack's own decoder, `HUFFMAN_TABLE`; this one has no use for them.
"""

from hyper.compat.hpack.exceptions import HPACKDecodingError
from hyper.hpack import HpackError, huffman_decode


def decode_huffman(huffman_string: bytes | bytearray | memoryview | None) -> bytes:
    """What the code stands for.

    Raises `HPACKDecodingError` for EOS in it, and for padding that is longer than seven bits or not
    all ones.
    """
    if not huffman_string:
        return b""
    try:
        return huffman_decode(bytes(huffman_string))
    except HpackError as error:
        raise HPACKDecodingError("Invalid Huffman string") from error
