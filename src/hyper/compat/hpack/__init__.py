"""hpack 4.2 by its own names, over `hyper.hpack` (RFC 7541).

    from hyper.compat.hpack import Decoder, Encoder

The blocks are the same to the byte, and so are the exceptions.  Not here: the few differences and
why they are there; docs/compat/hpack.md lists them.
"""

from hyper.compat.hpack.exceptions import (
    HPACKDecodingError,
    HPACKError,
    InvalidTableIndex,
    InvalidTableIndexError,
    InvalidTableSizeError,
    OversizedHeaderListError,
)
from hyper.compat.hpack.hpack import Decoder, Encoder
from hyper.compat.hpack.struct import HeaderTuple, NeverIndexedHeaderTuple

__all__ = [
    "Decoder",
    "Encoder",
    "HPACKDecodingError",
    "HPACKError",
    "HeaderTuple",
    "InvalidTableIndex",
    "InvalidTableIndexError",
    "InvalidTableSizeError",
    "NeverIndexedHeaderTuple",
    "OversizedHeaderListError",
]

__version__ = "4.2.0"
