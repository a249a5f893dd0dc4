"""Content codings: gzip, deflate, br and zstd, with limits that hold (RFC 9110 §8.4).

Usable by itself: bytes in, bytes out.  gzip and deflate are always there, br and zstd where a
library for them is installed.  Not here: messages, and which of them have content.
"""

from hyper.coding.decoder import Decoder, decode
from hyper.coding.encoder import Encoder, encode
from hyper.coding.errors import (
    BadCodingField,
    CodingError,
    CorruptContent,
    DecodeLimitExceeded,
    TrailingContent,
    TruncatedContent,
    UnknownCoding,
)
from hyper.coding.limits import DEFAULT_LIMITS, DecodeLimits
from hyper.coding.negotiation import (
    accept_encoding,
    coding_weights,
    content_codings,
    negotiate,
)
from hyper.coding.registry import DEFAULT_REGISTRY, Registry, available
from hyper.coding.stages import Packer, Stage

__all__ = [
    "DEFAULT_LIMITS",
    "DEFAULT_REGISTRY",
    "BadCodingField",
    "CodingError",
    "CorruptContent",
    "DecodeLimitExceeded",
    "DecodeLimits",
    "Decoder",
    "Encoder",
    "Packer",
    "Registry",
    "Stage",
    "TrailingContent",
    "TruncatedContent",
    "UnknownCoding",
    "accept_encoding",
    "available",
    "coding_weights",
    "content_codings",
    "decode",
    "encode",
    "negotiate",
]
