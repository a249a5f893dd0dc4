"""How long each side may be waited for.  Seconds everywhere; `None` is for ever."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """One value for a connection of either role."""

    connect: float | None = 10.0
    """Resolving the name and connecting."""

    handshake: float | None = 10.0
    """TLS and the peer's preface and SETTINGS, together."""

    read: float | None = 60.0
    """One wait of one stream for the peer: for a head, for the next piece of a body, or for room
    to send the next.  Also how long the peer may leave what we send lying.  A request that waits
    for others on a connection of HTTP/1.1 is owed nothing until it is sent; it gives up when
    nothing has come or gone on the connection for so long."""

    idle: float | None = None
    """No stream open for so long: the connection is closed with a GOAWAY."""

    keepalive: float | None = None
    """Streams open and nothing heard for so long: a PING is sent.  As long again and still
    nothing: the peer is gone, and so is the connection."""


CLIENT_TIMEOUTS: Final = Timeouts()

# nginx closes idle connections after 75 s and gives a slow reader or sender 60; Apache gives 60.
# Half of that ends a stalled upload before a person would wait for it.
SERVER_TIMEOUTS: Final = Timeouts(read=30.0, idle=75.0, keepalive=30.0)
