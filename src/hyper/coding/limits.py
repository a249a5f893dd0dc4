"""Every limit of decoding in one value, with the reason for its default.

Not here: where they are checked; `decoder` does that.
"""

from dataclasses import dataclass
from math import inf

from hyper.wire import LocalProtocolError


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeLimits:
    """How much coded content may become.  Sizes are in bytes; `inf` is no limit."""

    step: int = 65_536
    """What one call returns at most, and half of the memory that it takes at most, whatever the
    content is.  At least 1,024.  The state of a coding comes on top: 48 KiB for gzip and deflate,
    the window that the content asks for in br and zstd, up to 16 MiB and 8 MiB."""

    total: float = 2.0**30
    """The whole content.  What is larger comes without a coding, or is asked for: then say so."""

    ratio: float = 200.0
    """Bytes of content for each byte on the wire, once there are more than `ratio_after`.  Text
    comes to 20, logs seldom to 100, and a bomb in gzip to 1,030, in br to 600,000.  Apache's
    DeflateInflateRatioLimit is 200 too."""

    ratio_after: float = 2.0**20
    """How much content may come at any ratio.  A page of empty table rows is no attack."""

    codings: int = 5
    """Codings one over the other.  Two happen by mistake; curl and urllib3 take 5."""

    members: int = 100
    """Members of gzip, or frames of zstd, one after the other; for each KiB on the wire one more.
    A member costs as much as a hundred bytes of its own, so 20 bytes must not buy one for ever."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.step < 1024:
            raise LocalProtocolError(f"expected a step of 1024 bytes or more, got {self.step}")
        for name in ("total", "ratio", "ratio_after", "codings", "members"):
            value: float = getattr(self, name)
            if not 0 <= value <= inf:
                raise LocalProtocolError(f"expected a {name} of 0 or more, got {value}")


DEFAULT_LIMITS = DecodeLimits()
"""The limits where none are given."""
