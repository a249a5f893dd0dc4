"""The Huffman code as a tree, from which the decoders make their tables (RFC 7541 appendix B)."""

from typing import Final

from hyper.hpack.errors import HpackError
from hyper.hpack.huffman_table import CODES, EOS

FAULT: Final = 256
"""The node after the code of EOS; there is no way out of it."""


def ways(start: int) -> list[tuple[int, bytes]]:
    """For each of the 256 octets: the node it leads to from `start`, and what it completes."""
    found = [(start, b"")]
    for _ in range(8):
        longer: list[tuple[int, bytes]] = []
        for node, text in found:
            for child in _CHILDREN[node]:
                if child >= 0:
                    longer.append((child, text))
                else:
                    longer.append((0, text + bytes((~child,))))
        found = longer
    return found


def fault(node: int, offset: int) -> HpackError:
    """The error for a string, from `offset` of its block on, that ends at a node not `SOUND`.

    RFC 7541 §5.2: EOS, padding of more than seven bits, and padding that is not all ones MUST each
    be a decoding error.
    """
    if node == FAULT:
        return HpackError("Huffman codes of octets", "the code of EOS", offset)
    return HpackError("Huffman padding of at most 7 bits, all ones", "other bits", offset)


def _plant() -> list[list[int]]:
    """For each node the two that follow, a leaf as `~octet`.  Node 0 is the top."""
    children: list[list[int]] = [[FAULT, FAULT]]
    for symbol, (code, length) in enumerate(CODES):
        node = 0
        for shift in range(length - 1, 0, -1):
            bit = code >> shift & 1
            if children[node][bit] == FAULT:
                children[node][bit] = len(children)
                children.append([FAULT, FAULT])
            node = children[node][bit]
        # RFC 7541 §5.2: a string that contains EOS MUST be treated as an error.
        children[node][code & 1] = ~symbol if symbol != EOS else FAULT
    children.append([FAULT, FAULT])
    return children


def _ones() -> list[int]:
    # RFC 7541 §5.2: "A padding strictly longer than 7 bits MUST be treated as a decoding error."
    nodes = [0]
    while len(nodes) < 8:
        nodes.append(_CHILDREN[nodes[-1]][1])
    return nodes


_CHILDREN: Final = _plant()

NODES: Final = len(_CHILDREN)
"""How many there are, `FAULT`, the last, among them."""

SOUND: Final = bytes([node in _ones() for node in range(NODES)])
"""Not 0 where a string may end: at the top and after up to seven bits of padding."""
