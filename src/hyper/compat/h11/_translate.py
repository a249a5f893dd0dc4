"""What the engine tells, as h11 tells it: events that are legal because the engine has read them.

Not here: what becomes of the states, which is the connection's.
"""

from typing import Final, cast

from hyper import h1
from hyper.compat.h11._events import Data, EndOfMessage, InformationalResponse, Request, Response
from hyper.compat.h11._headers import Item, received

# Nothing that the engine would refuse for its size: h11 has one limit of its own, and it counts
# what is incomplete.  The number of fields is ours (docs/compat/h11.md); nginx allows as many.
_ENOUGH: Final = 1 << 62
LIMITS: Final = h1.Limits(
    max_start_line=_ENOUGH,
    max_field_line=_ENOUGH,
    max_head=_ENOUGH,
    max_fields=1000,
    max_requests=_ENOUGH,
    max_drain=_ENOUGH,
)
# What h11 takes and the RFC lets a recipient take.  Those that are for clients alone a server of
# ours does not take all the same.
LENIENCES: Final = h1.Leniences(
    bare_lf=True, unfold=True, equal_lengths=True, coding_over_length=True, chunk_whitespace=True
)

_new: Final = object.__new__
_set: Final = object.__setattr__


def request(told: h1.Request) -> Request:
    """The head of a request."""
    event = _new(Request)
    _set(event, "method", told.method)
    _set(event, "headers", received(cast("list[Item]", told.fields), told.names))
    _set(event, "target", told.target)
    _set(event, "http_version", told.version)
    return event


def response(told: h1.Response) -> Response:
    """The head of a final response."""
    event = _new(Response)
    _set(event, "headers", received(cast("list[Item]", told.fields), told.names))
    _set(event, "http_version", told.version)
    _set(event, "reason", told.reason)
    _set(event, "status_code", told.status)
    return event


def interim(told: h1.InformationalResponse) -> InformationalResponse:
    """The head of an interim response."""
    event = _new(InformationalResponse)
    _set(event, "headers", received(cast("list[Item]", told.fields), told.names))
    _set(event, "http_version", told.version)
    _set(event, "reason", told.reason)
    _set(event, "status_code", told.status)
    return event


def data(content: bytes, chunk_start: bool, chunk_end: bool) -> Data:
    """A piece of content."""
    event = _new(Data)
    _set(event, "data", content)
    _set(event, "chunk_start", chunk_start)
    _set(event, "chunk_end", chunk_end)
    return event


def end(told: h1.Trailers) -> EndOfMessage:
    """The end of a message that has trailers."""
    section = received(cast("list[Item]", told.fields), told.names)
    return EndOfMessage(headers=section, _parsed=True)


# Frozen, and so one for all messages without trailers.
END: Final = EndOfMessage()
