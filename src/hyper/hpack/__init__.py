"""HPACK: field compression for HTTP/2 (RFC 7541).  Usable by itself: bytes in, fields out.

Not here: which fields a message may have, and how blocks travel in frames.
"""

from hyper.hpack.decoder import Decoder
from hyper.hpack.encoder import Encoder
from hyper.hpack.errors import ExcessiveFieldList, FieldListTooLarge, HpackError
from hyper.hpack.policy import DEFAULT_POLICY, IndexingPolicy

__all__ = [
    "DEFAULT_POLICY",
    "Decoder",
    "Encoder",
    "ExcessiveFieldList",
    "FieldListTooLarge",
    "HpackError",
    "IndexingPolicy",
]
