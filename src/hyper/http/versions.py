"""Which version of HTTP a connection speaks: by ALPN, or by the first bytes of the client.

Not here: the upgrade from HTTP/1.1 (RFC 7540 §3.2), which RFC 9113 has dropped; `hyper.h2` has it.
"""

from enum import Enum
from typing import Final

from hyper.frame import PREFACE


class Version(Enum):
    """A version of HTTP.  The value is its name in ALPN (RFC 7301)."""

    HTTP_1_1 = "http/1.1"
    HTTP_2 = "h2"


ALL_VERSIONS: Final = (Version.HTTP_2, Version.HTTP_1_1)
"""Every version, the best first: the order in which to offer them by ALPN."""

_BY_ALPN: Final[dict[str | None, Version]] = {
    "h2": Version.HTTP_2,
    "http/1.1": Version.HTTP_1_1,
    # RFC 9113 §3.2: HTTP/2 over TLS is what ALPN says it is.  Where it says nothing, the protocol
    # of `https` is the one from before there was ALPN.
    None: Version.HTTP_1_1,
}


def version_by_alpn(chosen: str | None) -> Version | None:
    """What is spoken over TLS after ALPN has `chosen`; `None` where that is not HTTP."""
    return _BY_ALPN.get(chosen)


def version_by_first_bytes(first: bytes) -> Version | None:
    """What a client speaks whose first bytes these are; `None` as long as both may be.

    RFC 9113 §3.4: the preface of HTTP/2 is no request of HTTP/1.1, and was made to fail as one.  It
    may come in pieces: show all that came so far, 24 bytes decide at the latest.
    """
    size = min(len(first), len(PREFACE))
    if first[:size] != PREFACE[:size]:
        return Version.HTTP_1_1
    return Version.HTTP_2 if size == len(PREFACE) else None
