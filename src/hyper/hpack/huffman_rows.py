"""Huffman coding by tables of strings, the way for an interpreter (see `huffman`).

Decoding goes by whole octets.  A row stands for the bits of an unfinished code; for each octet it
has the row to go on with and the text completed on the way.  The 256 rows have 65,536 places of
which real text meets few, so a row is made when it is first needed: until then it is empty.

Encoding joins length and codes as text of zeros and ones and reads that as one number.
"""

from typing import Final

from hyper.hpack.huffman_table import CODES, EOS
from hyper.hpack.huffman_tree import NODES, SOUND, fault, ways
from hyper.hpack.integers import encode_integer


class _Row:
    """The ways on from a node of the tree, by octet."""

    __slots__ = ("node", "rows", "sound", "texts")

    def __init__(self, node: int) -> None:
        self.node = node
        self.sound = SOUND[node] != 0
        self.rows: list[_Row] = []
        # Latin-1: joining `str` and encoding once is faster than joining `bytes`.
        self.texts: list[str] = []

    def make(self) -> None:
        """Fill the row.  `rows` comes last, so that a thread that looks on is not misled."""
        found = ways(self.node)
        self.texts = [text.decode("latin-1") for _, text in found]
        self.rows = [_ROWS[node] for node, _ in found]


def encode_rows(text: bytes) -> bytes:
    """`encode_string`."""
    length = len(text)
    bits = "".join([_BITS[octet] for octet in text])
    size = (len(bits) + 7) >> 3
    if size >= length:
        return encode_integer(length, 7) + text
    # RFC 7541 §5.2: the padding is the start of EOS, which is all ones.
    bits += _PADDING[len(bits) & 7]
    if size < 0x7F:
        return int(_HEADS[size] + bits, 2).to_bytes(size + 1, "big")
    return encode_integer(size, 7, 0x80) + int(bits, 2).to_bytes(size, "big")


def decode_rows(data: bytes, offset: int) -> bytes:
    """`huffman_decode`."""
    row = _TOP
    parts: list[str] = []
    try:
        for octet in data:
            parts.append(row.texts[octet])
            row = row.rows[octet]
    except IndexError:
        _make_rows(data)
        return decode_rows(data, offset)
    if not row.sound:
        raise fault(row.node, offset)
    return "".join(parts).encode("latin-1")


def rows_length(data: bytes, offset: int) -> int:
    """`huffman_length`."""
    _make_rows(data)
    row = _TOP
    length = 0
    for octet in data:
        length += len(row.texts[octet])
        row = row.rows[octet]
    if not row.sound:
        raise fault(row.node, offset)
    return length


def _make_rows(data: bytes) -> None:
    """Make the rows that are still missing on the way through `data`."""
    row = _TOP
    for octet in data:
        if not row.rows:
            row.make()
        row = row.rows[octet]


_ROWS: Final = [_Row(node) for node in range(NODES)]
_TOP: Final = _ROWS[0]

_BITS: Final = [format(code, f"0{length}b") for code, length in CODES[:EOS]]
_PADDING: Final = ["1" * (-used % 8) for used in range(8)]
_HEADS: Final = [format(0x80 | size, "b") for size in range(0x7F)]
