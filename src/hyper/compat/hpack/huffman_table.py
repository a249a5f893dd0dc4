"""From the Huffman code to octets (RFC 7541 §5.2), and the table of hpack's own decoder.

Not here: a use for the table; what decodes is `hyper.hpack.huffman_decode`.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from hyper.compat.hpack.exceptions import HPACKDecodingError
from hyper.hpack import HUFFMAN_CODES, HpackError, huffman_decode

HUFFMAN_COMPLETE: Final = 1
"""A string may end in the state: what it has read since the last octet is padding."""

HUFFMAN_EMIT_SYMBOL: Final = 2
"""An octet is whole: the third of the three."""

HUFFMAN_FAIL: Final = 4
"""It is EOS, which no string may have."""

if TYPE_CHECKING:
    HUFFMAN_TABLE: list[tuple[int, int, int]]
    """For each state, sixteen times a state, flags and an octet: one for each next four bits."""

_EOS: Final = 256
_PADDING: Final = 7  # bits at most, all of them ones


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


def __getattr__(name: str) -> object:
    # Made when it is asked for: hardly anybody does.
    if name == "HUFFMAN_TABLE":
        return _table()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _table() -> list[tuple[int, int, int]]:
    """A state for each beginning of a code, in the order of the bits: the empty one is 0."""
    whole = {
        format(code, f"0{length}b"): symbol for symbol, (code, length) in enumerate(HUFFMAN_CODES)
    }
    begun = sorted({code[:length] for code in whole for length in range(len(code))})
    states = {bits: state for state, bits in enumerate(begun)}
    return [
        _step(bits + format(four, "04b"), states, whole) for bits in begun for four in range(16)
    ]


def _step(bits: str, states: dict[str, int], whole: dict[str, int]) -> tuple[int, int, int]:
    """Where these bits lead: codes have five and more, so that four of them end one at most."""
    emitted = symbol = 0
    for length in range(1, len(bits) + 1):
        found = whole.get(bits[:length])
        if found == _EOS:
            return 0, HUFFMAN_FAIL, 0
        if found is not None:
            emitted, symbol, bits = HUFFMAN_EMIT_SYMBOL, found, bits[length:]
            break
    padded = len(bits) <= _PADDING and "0" not in bits
    return states[bits], emitted | (HUFFMAN_COMPLETE if padded else 0), symbol
