"""From octets to a Huffman code (RFC 7541 §5.2)."""

from typing import Final


class HuffmanEncoder:
    """An encoder for a code, given as a list of codes and a list of their lengths in bits."""

    def __init__(self, huffman_code_list: list[int], huffman_code_list_lengths: list[int]) -> None:
        self.huffman_code_list: Final = huffman_code_list
        self.huffman_code_list_lengths: Final = huffman_code_list_lengths

    def encode(self, bytes_to_encode: bytes | None) -> bytes:
        """The code of the octets, padded with ones."""
        if not bytes_to_encode:
            return b""
        codes = self.huffman_code_list
        lengths = self.huffman_code_list_lengths
        number = 0
        size = 0
        for octet in bytes_to_encode:
            number = number << lengths[octet] | codes[octet]
            size += lengths[octet]
        padding = -size % 8
        number = number << padding | (1 << padding) - 1
        return number.to_bytes((size + padding) // 8, "big")
