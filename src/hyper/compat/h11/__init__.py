"""h11 0.16 by its names, over `hyper.h1`: software that imports h11 runs on it unchanged.

What differs on purpose, and why, is in docs/compat/h11.md.  Not here: anything new; whoever writes
a program today wants `hyper.h1`.
"""

from hyper.compat.h11._connection import NEED_DATA, PAUSED, Connection
from hyper.compat.h11._events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from hyper.compat.h11._state import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
)
from hyper.compat.h11._util import LocalProtocolError, ProtocolError, RemoteProtocolError
from hyper.compat.h11._version import __version__

PRODUCT_ID = "python-h11/" + __version__

__all__ = (
    "CLIENT",
    "CLOSED",
    "DONE",
    "ERROR",
    "IDLE",
    "MIGHT_SWITCH_PROTOCOL",
    "MUST_CLOSE",
    "NEED_DATA",
    "PAUSED",
    "PRODUCT_ID",
    "SEND_BODY",
    "SEND_RESPONSE",
    "SERVER",
    "SWITCHED_PROTOCOL",
    "Connection",
    "ConnectionClosed",
    "Data",
    "EndOfMessage",
    "Event",
    "InformationalResponse",
    "LocalProtocolError",
    "ProtocolError",
    "RemoteProtocolError",
    "Request",
    "Response",
    "__version__",
)
