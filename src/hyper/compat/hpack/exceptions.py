"""What the codec raises, under the names of hpack.

Not here: the errors of `hyper.hpack`, each of which becomes one of these.
"""

from hyper.wire import HyperError


class HPACKError(HyperError):
    """The root: catch it to catch everything the codec raises on purpose."""


class HPACKDecodingError(HPACKError):
    """The block breaks RFC 7541, or goes over a limit.  The decoder is of no more use."""


class InvalidTableIndexError(HPACKDecodingError):
    """The block refers to an entry that neither table has (RFC 7541 §2.3.3)."""


class InvalidTableIndex(InvalidTableIndexError):
    """The same by its older name; it is the one that is raised, for both names to catch it."""


class OversizedHeaderListError(HPACKDecodingError):
    """The fields are more octets than `Decoder.max_header_list_size` (RFC 9113 §10.5.1)."""


class InvalidTableSizeError(HPACKDecodingError):
    """The peer's encoder takes a larger table than it was allowed (RFC 7541 §4.2, §6.3)."""
