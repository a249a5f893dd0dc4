"""Integers with a prefix (RFC 7541 §5.1).

The first octet gives its low `prefix_bits` bits; what does not fit follows in groups of seven,
lowest first.
"""

from typing import Final

from hyper.hpack.errors import HpackError

MAX_INTEGER: Final = 2**32 - 1
"""The largest value read.  No length, index or table size needs more (RFC 7541 §7.4)."""

# RFC 7541 §5.1: encodings that exceed a limit "in value or octet length" are errors.  Five octets
# hold 35 bits; a sixth could only carry the zeros that an attacker pads with.
_MAX_SHIFT: Final = 28

# `bytes((value,))` is slow in both builds.
_OCTETS: Final = [bytes((value,)) for value in range(256)]


def encode_integer(value: int, prefix_bits: int, pattern: int = 0) -> bytes:
    """`value` with `pattern` in the bits of the first octet that the prefix leaves free.

    Raises `ValueError` for a value below 0 or over `MAX_INTEGER`, or a prefix that is not 1 to 8
    bits long.
    """
    if not 0 <= value <= MAX_INTEGER or not 1 <= prefix_bits <= 8:
        raise ValueError(f"expected 0 to 2**32 - 1 on 1 to 8 bits, got {value} on {prefix_bits}")
    full = (1 << prefix_bits) - 1
    if value < full:
        return _OCTETS[pattern | value]
    octets = [pattern | full]
    value -= full
    while value >= 128:
        octets.append(value & 127 | 128)
        value >>= 7
    octets.append(value)
    return bytes(octets)


def decode_integer(data: bytes, offset: int, prefix_bits: int) -> tuple[int, int]:
    """The integer that starts at `offset`, and the offset after it.

    Raises `HpackError` when the data ends first, after five octets beyond the prefix, or for a
    value over `MAX_INTEGER`.
    """
    end = len(data)
    if offset >= end:
        raise HpackError("an integer", "the end of the block", offset)
    full = (1 << prefix_bits) - 1
    value = data[offset] & full
    pos = offset + 1
    if value < full:
        return value, pos
    shift = 0
    while True:
        if pos >= end:
            raise HpackError("the rest of an integer", "the end of the block", pos)
        octet = data[pos]
        pos += 1
        value += (octet & 127) << shift
        if octet < 128:
            break
        if shift == _MAX_SHIFT:
            raise HpackError("an integer of at most 5 octets after its prefix", "more", offset)
        shift += 7
    if value > MAX_INTEGER:
        raise HpackError("an integer of at most 32 bits", f"{value.bit_length()} bits", offset)
    return value, pos
