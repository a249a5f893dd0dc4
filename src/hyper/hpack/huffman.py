"""The Huffman code for strings (RFC 7541 §5.2, appendix B), and a memory of its work.

There are two ways to do the work, and the build decides.  Interpreted, what counts is how few
operations are done: `huffman_rows` walks tables whose entries are whole strings.  Compiled,
arithmetic is nearly free and objects are not: `huffman_words` shifts bits through machine words.
Each takes two to four times as long as the other in the wrong build.  They agree to the last byte
and the last error, and the tests hold them to that in both.

The memory is one for all connections, since all of them send the same few hundred values.  It is
bounded, and literals that are never to be indexed pass it by.
"""

from types import FunctionType
from typing import Final

from hyper.hpack.huffman_rows import decode_rows, encode_rows, rows_length
from hyper.hpack.huffman_words import decode_words, encode_words

COMPILED: Final = not isinstance(decode_words, FunctionType)

# A fourth of the literals in recorded traffic come again within as many.
MOST_REMEMBERED: Final = 1024
LONGEST_REMEMBERED: Final = 128

CODED: Final[dict[bytes, bytes]] = {}
"""String literals by their text; emptied when it holds `MOST_REMEMBERED`."""

DECODED: Final[dict[bytes, bytes]] = {}
"""Texts by their coded form; emptied when it holds `MOST_REMEMBERED`."""


def encode_string(text: bytes) -> bytes:
    """`text` as a string literal, length first: in the code where that is shorter, else plain."""
    if COMPILED:
        return encode_words(text)
    return encode_rows(text)


def remember_string(text: bytes) -> bytes:
    """`encode_string` for a text that is not in `CODED`, and is from now on unless it is long."""
    coded = encode_words(text) if COMPILED else encode_rows(text)
    if len(text) <= LONGEST_REMEMBERED:
        if len(CODED) >= MOST_REMEMBERED:
            CODED.clear()
        CODED[text] = coded
    return coded


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
