"""The Huffman code for strings (RFC 7541 §5.2, appendix B).

There are two ways to do the work, and the build decides.  Interpreted, what counts is how few
operations are done: `huffman_rows` walks tables whose entries are whole strings.  Compiled,
arithmetic is nearly free and objects are not: `huffman_words` shifts bits through machine words.
Each takes two to four times as long as the other in the wrong build.  They agree to the last byte
and the last error, and the tests hold them to that in both.
"""

from types import FunctionType
from typing import Final

from hyper.hpack.huffman_rows import decode_rows, encode_rows, rows_length
from hyper.hpack.huffman_words import decode_words, encode_words

COMPILED: Final = not isinstance(decode_words, FunctionType)


def huffman_encode(data: bytes) -> bytes:
    """`data` in the code, padded with ones to a whole octet."""
    if COMPILED:
        return encode_words(data)
    return encode_rows(data)


def huffman_decode(data: bytes, offset: int = 0) -> bytes:
    """What `data` stands for.

    Raises `HpackError` for EOS in the data and for padding that is longer than seven bits or not
    all ones; `offset` is where `data` starts in its block, for the message.
    """
    if COMPILED:
        return decode_words(data, offset)
    return decode_rows(data, offset)


def huffman_length(data: bytes, offset: int = 0) -> int:
    """How long `huffman_decode` would make it, without making it.  Raises the same."""
    return rows_length(data, offset)
