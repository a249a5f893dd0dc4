"""The HTTP/2 engine: bytes in, events out, no I/O (RFC 9113).

Not here: sockets, clocks, and requests and responses as objects.
"""

from hyper.h2.connection import Connection
from hyper.h2.connection_life import ConnectionState
from hyper.h2.cookies import join_cookies, split_cookies
from hyper.h2.counters import Counters, FrameCounts
from hyper.h2.events import (
    AltSvc,
    Data,
    Discarded,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    Origin,
    PeerFault,
    PeerMisbehaving,
    Ping,
    Pong,
    PriorityUpdate,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    SettingsAcknowledged,
    Trailers,
    Writable,
)
from hyper.h2.leniences import Leniences
from hyper.h2.limits import Limits
from hyper.h2.padding import Padding
from hyper.h2.settings import Parameters
from hyper.h2.stream_life import StreamState
from hyper.h2.timers import Timer
from hyper.h2.trace import Trace, TracedFrame
from hyper.h2.upgrade import decode_http2_settings, encode_http2_settings

__all__ = [
    "AltSvc",
    "Connection",
    "ConnectionState",
    "Counters",
    "Data",
    "Discarded",
    "EndOfInput",
    "Event",
    "FrameCounts",
    "GoAway",
    "InformationalResponse",
    "Leniences",
    "Limits",
    "Origin",
    "Padding",
    "Parameters",
    "PeerFault",
    "PeerMisbehaving",
    "Ping",
    "Pong",
    "PriorityUpdate",
    "PushPromise",
    "Request",
    "Reset",
    "Response",
    "Sendable",
    "Settings",
    "SettingsAcknowledged",
    "StreamState",
    "Timer",
    "Trace",
    "TracedFrame",
    "Trailers",
    "Writable",
    "decode_http2_settings",
    "encode_http2_settings",
    "join_cookies",
    "split_cookies",
]
