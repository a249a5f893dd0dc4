"""Origins in their ASCII form, as ORIGIN frames name them (RFC 6454 §6.2, RFC 8336 §2)."""

import re
from typing import Final

# scheme "://" host [ ":" port ], and nothing behind it.  The brackets are those of IPv6.
_ORIGIN: Final = re.compile(
    rb"[a-z][a-z0-9+.-]*://"
    rb"(?:\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]+)"
    rb"(?::[0-9]{1,5})?",
    re.IGNORECASE,
)


def is_origin(octets: bytes) -> bool:
    """Whether `octets` is an origin in its ASCII form."""
    return _ORIGIN.fullmatch(octets) is not None
