"""Where the body of a message ends (RFC 9112 §6.3), decided in one place for both directions.

What a message is, what its Transfer-Encoding says and what its Content-Length says give a column of
one table.  Not here: reading or writing a body; see `body` and `chunked`.
"""

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What a message is, as far as its framing depends on it."""

    REQUEST = 0
    CONNECT_REQUEST = 1
    RESPONSE = 2
    BODILESS_RESPONSE = 3  # to HEAD, or 1xx, 204, 304
    CONNECT_RESPONSE = 4  # 2xx to CONNECT


class Coding(IntEnum):
    """What Transfer-Encoding says."""

    NONE = 0
    CHUNKED = 1  # `chunked`, once, and nothing else
    OVER_CHUNKED = 2  # other codings, and `chunked` last
    OTHER = 3  # other codings only
    BAD = 4  # not to be parsed, `chunked` before the end, or more than one field
    OLD = 5  # any of them in a message of HTTP/1.0


class Length(IntEnum):
    """What Content-Length says."""

    NONE = 0
    ZERO = 1
    GIVEN = 2
    BAD = 3  # no number, or more than one


class Body(IntEnum):
    """Where a body ends.  The last two are faults."""

    NOTHING = 0  # there is none
    LENGTH = 1  # after as many bytes as Content-Length says
    CHUNKED = 2  # with the last chunk
    UNTIL_CLOSE = 3  # with the connection
    TUNNEL = 4  # nowhere: what follows is not HTTP
    UNKNOWN_CODING = 5  # 501
    BAD = 6  # 400


_BAD: Final = (Body.BAD, Body.BAD, Body.BAD, Body.BAD)
_TUNNEL: Final = (Body.TUNNEL, Body.TUNNEL, Body.TUNNEL, Body.TUNNEL)

# For each kind and coding: Content-Length absent, zero, given, bad.
FRAMING: Final[dict[Kind, dict[Coding, tuple[Body, Body, Body, Body]]]] = {
    Kind.REQUEST: {
        # RFC 9112 §6.3, rules 7, 6 and 5.
        Coding.NONE: (Body.NOTHING, Body.NOTHING, Body.LENGTH, Body.BAD),
        # Rule 4; and rule 3: both fields ought to be handled as an error.
        # RFC 9112 §6.2: a sender MUST NOT send them.
        Coding.CHUNKED: (Body.CHUNKED, Body.BAD, Body.BAD, Body.BAD),
        # RFC 9112 §6.1: SHOULD respond with 501 to a transfer coding it does not understand.
        Coding.OVER_CHUNKED: (Body.UNKNOWN_CODING, Body.BAD, Body.BAD, Body.BAD),
        # Rule 4: chunked is not the final encoding: MUST respond with 400.
        Coding.OTHER: _BAD,
        Coding.BAD: _BAD,
        # RFC 9112 §6.1: MUST treat the message as if the framing is faulty.
        Coding.OLD: _BAD,
    },
    Kind.CONNECT_REQUEST: {
        # RFC 9110 §9.3.6: a CONNECT request message does not have content.
        Coding.NONE: (Body.NOTHING, Body.NOTHING, Body.BAD, Body.BAD),
        Coding.CHUNKED: _BAD,
        Coding.OVER_CHUNKED: _BAD,
        Coding.OTHER: _BAD,
        Coding.BAD: _BAD,
        Coding.OLD: _BAD,
    },
    Kind.RESPONSE: {
        # Rules 8, 6 and 5.
        Coding.NONE: (Body.UNTIL_CLOSE, Body.NOTHING, Body.LENGTH, Body.BAD),
        Coding.CHUNKED: (Body.CHUNKED, Body.BAD, Body.BAD, Body.BAD),
        # Rule 4 lets these be read; what was read would still be compressed, and nobody asked for
        # that: we send no TE that allows it.
        Coding.OVER_CHUNKED: (Body.UNKNOWN_CODING, Body.BAD, Body.BAD, Body.BAD),
        Coding.OTHER: (Body.UNKNOWN_CODING, Body.BAD, Body.BAD, Body.BAD),
        Coding.BAD: _BAD,
        Coding.OLD: _BAD,
    },
    # Rule 1: ends with its head, regardless of the header fields.  Those that no other message
    # could have are refused all the same: RFC 9110 §8.6: a sender MUST NOT forward them.
    Kind.BODILESS_RESPONSE: {
        Coding.NONE: (Body.NOTHING, Body.NOTHING, Body.NOTHING, Body.BAD),
        Coding.CHUNKED: (Body.NOTHING, Body.BAD, Body.BAD, Body.BAD),
        Coding.OVER_CHUNKED: (Body.UNKNOWN_CODING, Body.BAD, Body.BAD, Body.BAD),
        Coding.OTHER: (Body.UNKNOWN_CODING, Body.BAD, Body.BAD, Body.BAD),
        Coding.BAD: _BAD,
        Coding.OLD: _BAD,
    },
    # Rule 2: MUST ignore any Content-Length or Transfer-Encoding.
    Kind.CONNECT_RESPONSE: dict.fromkeys(Coding, _TUNNEL),
}

# The same table as lists: once compiled, a lookup is three index operations.
ROWS: Final = [[list(FRAMING[kind][coding]) for coding in Coding] for kind in Kind]

_RESPONSE: Final = Kind.RESPONSE


def framing(kind: Kind, coding: Coding, length: Length) -> Body:
    """Where the body of such a message ends."""
    return ROWS[kind][coding][length]


def response_kind(to_head: bool, to_connect: bool, status: int) -> Kind:
    """What a response is, by the method it answers and its status code."""
    # RFC 9110 §9.3.6: any 2xx to CONNECT makes a tunnel, 204 too; no response to it is one to HEAD.
    if to_connect and 200 <= status < 300:
        return Kind.CONNECT_RESPONSE
    if to_head or status == 304 or status == 204 or status < 200:
        return Kind.BODILESS_RESPONSE
    return _RESPONSE
