"""Field sections that break the rules, read as far as they can be (see `Leniences`).

Asked only for a section that `headers` has refused.  Not here: whether it may be taken at all,
which is the caller's `Leniences`.
"""

from collections.abc import Sequence

from hyper.h2.headers import HEAD_ONLY, ORDINARY, TUNNEL, RequestHead, ResponseHead
from hyper.wire import Field


def read_request_leniently(fields: Sequence[Field], fault: str) -> RequestHead | str:
    """What the engine needs to know of the head of a request that has `fault`; or that fault,
    where it is one that is never let through.
    """
    kind = ORDINARY
    protocol: bytes | None = None
    priority: bytes | None = None
    if not are_harmless(fields):
        return fault
    length = _content_length(fields)
    if length is None:
        return fault
    for name, value in fields:
        if name == b":method":
            if value == b"HEAD":
                kind = HEAD_ONLY
            elif value == b"CONNECT":
                kind = TUNNEL
        elif name == b":protocol":
            protocol = value
        elif name == b"priority":
            priority = value
    return RequestHead(length, kind, protocol, priority)


def read_response_leniently(fields: Sequence[Field], fault: str) -> ResponseHead | str:
    """The same for the head of a response.  Without a status it counts as a final one."""
    status = 200
    priority: bytes | None = None
    if not are_harmless(fields):
        return fault
    length = _content_length(fields)
    if length is None:
        return fault
    for name, value in fields:
        if name == b":status":
            # RFC 9113 §8.6: HTTP/2 does not support 101; taken for interim it would wait for more.
            if len(value) != 3 or not value.isdigit() or value == b"101":
                return fault
            status = int(value)
        elif name == b"priority":
            priority = value
    return ResponseHead(length, status, priority)


def are_harmless(fields: Sequence[Field]) -> bool:
    """Whether no field of these becomes another, or two, in a translation to HTTP/1.1."""
    # RFC 9113 §10.3: NUL, CR and LF MUST NOT get anywhere; an empty name makes an empty line.
    for name, value in fields:
        if not name or name == b":":
            return False
        for octet in (b"\r", b"\n", b"\0"):
            if octet in name or octet in value:
                return False
    return True


def _content_length(fields: Sequence[Field]) -> int | None:
    """What the section announces, -1 for nothing; `None` where nobody can tell what."""
    length = -1
    for name, value in fields:
        if name.lower() == b"content-length":
            digits = value.strip(b" \t")
            # RFC 9110 §8.6: 1*DIGIT; the same again is the same, another is a smuggler's.
            if not digits.isdigit() or len(digits) > _MAX_DIGITS:
                return None
            if length >= 0 and length != int(digits):
                return None
            length = int(digits)
    return length


# As in `headers`: they fit 64 bits.
_MAX_DIGITS = 18
