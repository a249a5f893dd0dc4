"""Huffman coding by tables of strings, the way for an interpreter (see `huffman`).

Both ways go by whole octets.  A row stands for the bits that wait: for decoding those of an
unfinished code, for encoding those of an unfinished octet.  For each octet that comes it has the
row to go on with and the text completed on the way.  Real text meets few of the 65,536 places of
each kind, so a row is made when it is first needed: until then it is empty.
"""

from typing import Final

from hyper.hpack.huffman_table import CODES
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


class _Bits:
    """What follows from up to seven bits that wait, by octet.

    `mark` is those bits behind a one, which tells leading zeros from none.
    """

    __slots__ = ("mark", "rest", "rows", "texts")

    def __init__(self, mark: int) -> None:
        self.mark = mark
        count = mark.bit_length() - 1
        # RFC 7541 §5.2: the padding is the start of EOS, which is all ones.
        self.rest = chr((mark << (8 - count) | 0xFF >> count) & 0xFF) if count else ""
        self.rows: list[_Bits] = []
        self.texts: list[str] = []

    def make(self, size: int) -> None:
        """Fill the row for octets below `size`."""
        texts: list[str] = []
        rows: list[_Bits] = []
        for code, length in CODES[:size]:
            bits = self.mark << length | code
            left = bits.bit_length() - 1
            whole = left >> 3
            left &= 7
            text = (bits >> left & (1 << 8 * whole) - 1).to_bytes(whole, "big")
            texts.append(text.decode("latin-1"))
            rows.append(_BITS[1 << left | bits & (1 << left) - 1])
        self.texts = texts
        # Last, so that a thread that looks on is not misled.
        self.rows = rows


def encode_rows(text: bytes) -> bytes:
    """`encode_string`."""
    bits = _NO_BITS
    parts: list[str] = []
    try:
        for octet in text:
            parts.append(bits.texts[octet])
            bits = bits.rows[octet]
    except IndexError:
        _make_bits(text)
        return encode_rows(text)
    parts.append(bits.rest)
    coded = "".join(parts).encode("latin-1")
    size = len(coded)
    if size >= len(text):
        return encode_integer(len(text), 7) + text
    if size < 0x7F:
        return _HEADS[size] + coded
    return encode_integer(size, 7, 0x80) + coded


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


def _make_bits(text: bytes) -> None:
    """Make the rows that are still missing on the way to the code of `text`."""
    bits = _NO_BITS
    for octet in text:
        if octet >= len(bits.rows):
            # The codes of octets that are not ASCII are long, and seldom asked for.
            bits.make(128 if octet < 128 else 256)
        bits = bits.rows[octet]


_ROWS: Final = [_Row(node) for node in range(NODES)]
_TOP: Final = _ROWS[0]

# By `mark`; there is none for 0.
_BITS: Final = [_Bits(max(1, mark)) for mark in range(256)]
_NO_BITS: Final = _BITS[1]
_HEADS: Final = [encode_integer(size, 7, 0x80) for size in range(0x7F)]
