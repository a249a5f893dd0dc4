"""HTTP/1.1 and HTTP/2 on real sockets, over the engines of `hyper.h1` and `hyper.h2`.

Two worlds, `hyper.io.sync` for threads and `hyper.io.asyncio` for tasks, with the same names and
meanings; here is what they share.  Importing this imports neither of them.
"""

from hyper.io._mailbox import Informational
from hyper.io.errors import (
    BodyTooLarge,
    ConnectError,
    ConnectionLost,
    GoneAway,
    NoHTTP2Error,
    NoVersionError,
    PeerFaultError,
    StreamReset,
    TimedOut,
    TLSError,
    TransportError,
    TruncatedBody,
)
from hyper.io.tap import Tap
from hyper.io.timeouts import CLIENT_TIMEOUTS, SERVER_TIMEOUTS, Timeouts
from hyper.io.tls import client_context, server_context

__all__ = [
    "CLIENT_TIMEOUTS",
    "SERVER_TIMEOUTS",
    "BodyTooLarge",
    "ConnectError",
    "ConnectionLost",
    "GoneAway",
    "Informational",
    "NoHTTP2Error",
    "NoVersionError",
    "PeerFaultError",
    "StreamReset",
    "TLSError",
    "Tap",
    "TimedOut",
    "Timeouts",
    "TransportError",
    "TruncatedBody",
    "client_context",
    "server_context",
]
