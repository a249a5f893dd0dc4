"""The Huffman code for strings (RFC 7541 §5.2, appendix B).

There are two ways to do the work, and the build decides.  Interpreted, what counts is how few
operations are done: `huffman_rows` walks tables whose entries are whole strings.  Compiled,
arithmetic is nearly free and objects are not: `huffman_words` shifts bits through machine words.
Each takes two to four times as long as the other in the wrong build.  They agree to the last byte
and the last error, and the tests hold them to that in both.

Values that are sent as they are, such as the path of a call that is made again, come again and
again: each encoder and decoder remembers a few, within the bounds below, and none that no hop may
index.  A memory shared by connections would tell one by the clock what another has sent (RFC 7541
§7.1.3).  What is indexed comes again as an index, and too seldom as a literal to be worth a memory.
"""

from types import FunctionType
from typing import Final

from hyper.hpack.huffman_rows import decode_rows, encode_rows, rows_length
from hyper.hpack.huffman_table import CODES
from hyper.hpack.huffman_words import decode_words, encode_words
from hyper.hpack.integers import encode_integer

COMPILED: Final = not isinstance(decode_words, FunctionType)

MOST_REMEMBERED: Final = 32
LONGEST_REMEMBERED: Final = 126
"""In octets, of an encoder's texts and a decoder's codes: together at most 8 KiB, and 11."""


def encode_string(text: bytes) -> bytes:
    """`text` as a string literal, length first: in the code where that is shorter, else plain."""
    if COMPILED:
        return encode_words(text)
    return encode_rows(text)


def code_string(text: bytes) -> bytes:
    """`text` as a string literal in the code, however long that is."""
    code = 0
    length = 0
    for octet in text:
        bits, count = CODES[octet]
        code = code << count | bits
        length += count
    # RFC 7541 §5.2: the padding is the start of EOS, which is all ones.
    padding = -length & 7
    coded = (code << padding | (1 << padding) - 1).to_bytes((length + 7) >> 3, "big")
    return encode_integer(len(coded), 7, 0x80) + coded


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
