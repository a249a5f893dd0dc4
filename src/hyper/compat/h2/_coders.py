"""What h2 shows of its encoder and its decoder, to be looked at.

Not here: encoding and decoding, which are the engine's; for other uses see `hyper.compat.hpack`.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hyper.compat.h2._link import Link

LARGEST_TABLE: Final = 65_536
"""Octets of an encoder's table: the peer decides what we hold, and holds as much."""

_DEFAULT_LIST_SIZE: Final = 65_536


class EncoderView:
    """Of what is sent."""

    def __init__(self, link: "Link") -> None:
        self._link: Final = link

    @property
    def header_table_size(self) -> int:
        """The octets that the dynamic table may take (RFC 7541 §4.2)."""
        return min(self._link.remote_settings.header_table_size, LARGEST_TABLE)


class DecoderView:
    """Of what comes."""

    def __init__(self, link: "Link") -> None:
        self._link: Final = link

    @property
    def max_allowed_table_size(self) -> int:
        """The octets of a table that the peer may choose: our SETTINGS_HEADER_TABLE_SIZE."""
        return self._link.local_settings.header_table_size

    header_table_size = max_allowed_table_size
    """What the peer has chosen is not told; so many at most."""

    @property
    def max_header_list_size(self) -> int:
        """The octets that a header section may be: our SETTINGS_MAX_HEADER_LIST_SIZE."""
        size = self._link.local_settings.max_header_list_size
        return _DEFAULT_LIST_SIZE if size is None else size
