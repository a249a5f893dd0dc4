"""Huffman strings, right and wrong, for every way there is to read them (RFC 7541 §5.2)."""

from typing import Final

from hypothesis import strategies as st

from tests.support.field_blocks import eos_bits, huffman, string

TEXTS: Final = (
    st.text(st.sampled_from("0123456789aeiost-/:. "), max_size=80).map(lambda text: text.encode())
    | st.binary(max_size=80)
    | st.integers(0, 300).flatmap(lambda size: st.binary(min_size=size, max_size=size))
    | st.binary(max_size=40).map(lambda text: b"00000000".join([bytes([each]) for each in text]))
)
"""What has short codes, what has long ones, what has both, and every length around a word."""

PAIRS: Final = [
    b"0000000000000000".join([bytes([first, second]) for second in range(256)])
    for first in range(256)
]
"""Every octet after every other, in strings that Huffman makes shorter all the same."""

EXAMPLES: Final = {
    # RFC 7541 C.4 and C.6.
    "www.example.com": "f1e3 c2e5 f23a 6ba0 ab90 f4ff",
    "no-cache": "a8eb 1064 9cbf",
    "custom-key": "25a8 49e9 5ba9 7d7f",
    "custom-value": "25a8 49e9 5bb8 e8b4 bf",
    "302": "6402",
    "private": "aec3 771a 4b",
    "Mon, 21 Oct 2013 20:13:21 GMT": "d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff",
    "https://www.example.com": "9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3",
    "gzip": "9bd9 ab",
    "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1": (
        "94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0"
        "03ed 4ee5 b106 3d50 07"
    ),
}


def _eos() -> dict[str, bytes]:
    """EOS at every distance from the start of an octet, followed by something or by nothing."""
    found: dict[str, bytes] = {}
    # "0" has a code of 5 bits, and 5 and 8 have no common factor.
    for count in range(9):
        bits = "00000" * count + eos_bits()
        for rest in ("", "00000", "1111111100000000"):
            whole = bits + rest
            whole += "1" * (-len(whole) % 8)
            octets = int(whole, 2).to_bytes(len(whole) // 8, "big")
            found[f"EOS after {count} codes, {len(rest)} bits behind it"] = octets
    return found


PADDING_FAULTS: Final = {
    "eight ones alone": b"\xff",
    "eight ones after a code": huffman(b"a", "1" * 11),
    "an octet of ones after whole octets": huffman(b"aaaaaaaa") + b"\xff",
    "sixteen ones": b"\xff\xff",
    "29 ones, which no code is": b"\xff\xff\xff\xf8",
    "zeros": huffman(b"a", "000"),
    "a last bit of zero": huffman(b"a", "110"),
    "a first bit of zero": huffman(b"a", "011"),
    "seven bits, the last zero": huffman(b"aaaaa", "1111110"),
    "a cut code of a control octet": huffman(b"\x00")[:-1],
}
EOS_FAULTS: Final = _eos()
FAULTS: Final = {**PADDING_FAULTS, **EOS_FAULTS}
"""By what is wrong with them, strings that MUST be treated as errors."""


def shortest(text: bytes) -> bytes:
    """The string literal of `text`: in the code where that is strictly shorter, else plain."""
    return string(text, coded=len(huffman(text)) < len(text))
