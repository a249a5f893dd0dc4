"""HPACK: field compression for HTTP/2 (RFC 7541).  Usable by itself: bytes in, fields out.

Not here: which fields a message may have, and how blocks travel in frames.
"""

from hyper.hpack.decoder import Decoder
from hyper.hpack.encoder import Encoder
from hyper.hpack.errors import (
    ExcessiveFieldList,
    FieldListTooLarge,
    HpackError,
    InvalidIndex,
    InvalidTableSize,
)
from hyper.hpack.huffman import huffman_decode
from hyper.hpack.huffman_table import CODES as HUFFMAN_CODES
from hyper.hpack.integers import decode_integer, encode_integer
from hyper.hpack.policy import DEFAULT_POLICY, IndexingPolicy
from hyper.hpack.static_table import STATIC_TABLE

__all__ = [
    "DEFAULT_POLICY",
    "HUFFMAN_CODES",
    "STATIC_TABLE",
    "Decoder",
    "Encoder",
    "ExcessiveFieldList",
    "FieldListTooLarge",
    "HpackError",
    "IndexingPolicy",
    "InvalidIndex",
    "InvalidTableSize",
    "decode_integer",
    "encode_integer",
    "huffman_decode",
]
