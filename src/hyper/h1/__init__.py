"""The HTTP/1.1 engine: bytes in, events out, no I/O (RFC 9112).

Not here: sockets, clocks, and requests and responses as objects.
"""

from hyper.h1.connection import Connection
from hyper.h1.cycle import State
from hyper.h1.events import (
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Preface,
    Request,
    Response,
    Sendable,
    Trailers,
)
from hyper.h1.leniences import Leniences
from hyper.h1.limits import Limits

__all__ = [
    "Connection",
    "Data",
    "EndOfInput",
    "Event",
    "InformationalResponse",
    "Leniences",
    "Limits",
    "PeerFault",
    "Preface",
    "Request",
    "Response",
    "Sendable",
    "State",
    "Trailers",
]
