"""Huffman coding by arithmetic on machine words, the way for compiled code (see `huffman`).

What is made, octets or bits, is shifted into words of 64 bits, since each object costs more than
a few dozen operations; `struct` turns the words into octets all at once.

Decoding goes by whole octets through tables indexed by node and octet.  They are made when the
first string comes.
"""

from struct import Struct
from typing import TYPE_CHECKING, Final

from hyper.hpack.huffman_table import CODES
from hyper.hpack.huffman_tree import FAULT, NODES, SOUND, fault, ways
from hyper.hpack.integers import encode_integer

if TYPE_CHECKING:
    # Only local variables have this type, and their annotations are never evaluated.
    from mypy_extensions import i64


class _Tables:
    """By `node << 8 | octet`, one octet each.

    Where it leads, eight times the number of octets it completes (`_NO` for EOS), and the last two
    of these.
    """

    __slots__ = ("last", "nodes", "previous", "shifts")

    def __init__(self) -> None:
        self.nodes = b""
        self.shifts = b""
        self.last = b""
        self.previous = b""

    def make(self) -> None:
        """Fill the tables.  `nodes` comes last, so that a thread that looks on is not misled."""
        nodes: list[int] = []
        shifts: list[int] = []
        texts: list[bytes] = []
        for start in range(NODES - 1):
            for node, text in ways(start):
                nodes.append(node & 0xFF)
                shifts.append(8 * len(text) if node != FAULT else _NO)
                texts.append(b"\0\0" + text)
        self.shifts = bytes(shifts)
        self.last = bytes([text[-1] for text in texts])
        self.previous = bytes([text[-2] for text in texts])
        self.nodes = bytes(nodes)


def encode_words(text: bytes) -> bytes:
    """`encode_string`."""
    words: list[int] = []
    word: i64 = 0
    held: i64 = 0
    at: i64 = 0
    end: i64 = len(text)
    while at < end:
        octet: i64 = text[at]
        at += 1
        length: i64 = _LENGTHS[octet]
        code: i64 = _SHORT_CODES[octet] if length <= 8 else _CODES[octet]
        held += length
        if held < 64:
            word = word << length | code
        else:
            held -= 64
            _push(words, word << (length - held) | code >> held)
            word = code & ~(-1 << held)
    # RFC 7541 §5.2: the padding is the start of EOS, which is all ones.
    padding: i64 = -held & 7
    size: i64 = 8 * len(words) + ((held + padding) >> 3)
    if size >= end:
        return encode_integer(end, 7) + text
    coded = _finish(words, word << padding | ~(-1 << padding), held + padding)
    if size < 0x7F:
        return _HEADS[size] + coded
    return encode_integer(size, 7, 0x80) + coded


def decode_words(data: bytes, offset: int) -> bytes:
    """`huffman_decode`."""
    if not _TABLES.nodes:
        _TABLES.make()
    nodes = _TABLES.nodes
    shifts = _TABLES.shifts
    last = _TABLES.last
    previous = _TABLES.previous
    words: list[int] = []
    word: i64 = 0
    held: i64 = 0
    node: i64 = 0
    at: i64 = 0
    end: i64 = len(data)
    while at < end:
        place: i64 = node << 8 | data[at]
        at += 1
        node = nodes[place]
        shift: i64 = shifts[place]
        both: i64 = previous[place]
        both = both << 8 | last[place]
        held += shift
        if held < 64:
            word = word << shift | both
        elif shift == _NO:
            raise fault(FAULT, offset)
        else:
            held -= 64
            _push(words, word << (shift - held) | both >> held)
            word = both & ~(-1 << held)
    if not SOUND[node]:
        raise fault(node, offset)
    return _finish(words, word, held)


def _push(words: list[int], word: "i64") -> None:
    if word > _MAX:
        # Only an interpreter comes here: its words do not wrap.
        word = word - _MAX - _MAX - 2
    words.append(word)


def _finish(words: list[int], word: "i64", held: "i64") -> bytes:
    """The octets of the words and of the last `held` bits, which are whole octets too."""
    if not words and held < 64:
        rest: int = word
        return rest.to_bytes(held >> 3, "big")
    size = 8 * len(words) + (held >> 3)
    if held:
        _push(words, word << (64 - held))
    if len(words) <= _MOST_PACKED:
        return _PACKS[len(words)].pack(*words)[:size]
    return Struct(f">{len(words)}q").pack(*words)[:size]


_NO: Final = 0x80
_MAX: Final = 0x7FFF_FFFF_FFFF_FFFF

_TABLES: Final = _Tables()
_LENGTHS: Final = bytes([length for _, length in CODES])
_CODES: Final = [code for code, _ in CODES]
# Most characters have a code that is found without an object in between.
_SHORT_CODES: Final = bytes([code & 0xFF for code, _ in CODES])
_HEADS: Final = [encode_integer(size, 7, 0x80) for size in range(0x7F)]

_MOST_PACKED: Final = 32
_PACKS: Final = [Struct(f">{count}q") for count in range(_MOST_PACKED + 1)]
