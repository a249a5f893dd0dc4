"""The Huffman code as hpack has it: two lists (RFC 7541 appendix B)."""

from typing import Final

from hyper.hpack import HUFFMAN_CODES

REQUEST_CODES: Final[list[int]] = [code for code, _ in HUFFMAN_CODES]
"""The code of each octet and, last, of EOS."""

REQUEST_CODES_LENGTH: Final[list[int]] = [length for _, length in HUFFMAN_CODES]
"""How many bits each has."""
