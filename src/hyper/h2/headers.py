"""What the field section of a message must look like (RFC 9113 §8.2, §8.3, §8.5).

The same rules hold for what the peer sends and for what the caller does.  A function returns what
the engine needs to know of the section, or a sentence that says what is wrong with it.  A value
is never quoted in such a sentence: it may be a secret.

Not here: the order of messages and their parts, which is `message_life`'s.

This file is on the hot path: index loops and plain chains, proved by bench/h2_cycle.py.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias, cast

from hyper.wire import Field, field_name_fault, field_value_fault

_PLAIN: Final = 0
_METHOD: Final = 1
_SCHEME: Final = 2
_AUTHORITY: Final = 3
_PATH: Final = 4
_PROTOCOL: Final = 5
_STATUS: Final = 6
_CONNECTION_SPECIFIC: Final = 7
_TE: Final = 8
_CONTENT_LENGTH: Final = 9
_HOST: Final = 10
_UNKNOWN: Final = -1

_KINDS: Final[dict[bytes, int]] = {
    b":method": _METHOD,
    b":scheme": _SCHEME,
    b":authority": _AUTHORITY,
    b":path": _PATH,
    b":protocol": _PROTOCOL,
    b":status": _STATUS,
    # RFC 9113 §8.2.2: a message with any of these MUST be treated as malformed.
    b"connection": _CONNECTION_SPECIFIC,
    b"proxy-connection": _CONNECTION_SPECIFIC,
    b"keep-alive": _CONNECTION_SPECIFIC,
    b"transfer-encoding": _CONNECTION_SPECIFIC,
    b"upgrade": _CONNECTION_SPECIFIC,
    b"te": _TE,
    b"content-length": _CONTENT_LENGTH,
    b"host": _HOST,
}

Known: TypeAlias = dict[object, int]
"""Whole fields that were found legal before, and what they are.  The same ones come again and
again, most of them as the very tuple the compression table holds, so that a message costs one
look-up a field.  One for each connection: a peer that invents fields slows nobody but itself."""

# Entries, and bytes of name and value of each: what a connection may hold here.
_MAX_KNOWN: Final = 256
_MAX_KNOWN_SIZE: Final = 160

# RFC 9110 §5.6.2.
_TCHAR: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SCHEME_BYTES: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
# RFC 3986 §3.2 without "@": RFC 9113 §8.3.1 bars userinfo from ":authority".
_AUTHORITY_BYTES: Final = (
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:[]%"
)
_VCHAR: Final = bytes(range(0x21, 0x7F))
# Eighteen digits fit 64 bits; more than that is nobody's content.
_MAX_LENGTH_DIGITS: Final = 18


class RequestHead:
    """What the engine needs to know of a request."""

    __slots__ = ("content_length", "is_connect", "is_head", "protocol")

    def __init__(
        self, content_length: int, is_connect: bool, is_head: bool, protocol: bytes | None
    ) -> None:
        self.content_length = content_length  # -1: not announced
        self.is_connect = is_connect
        self.is_head = is_head
        self.protocol = protocol


class ResponseHead:
    """What the engine needs to know of a response."""

    __slots__ = ("content_length", "status")

    def __init__(self, content_length: int, status: int) -> None:
        self.content_length = content_length  # -1: not announced
        self.status = status


def read_request(fields: Sequence[Field], known: Known) -> RequestHead | str:
    """Check the head of a request (RFC 9113 §8.3.1)."""
    method: bytes | None = None
    scheme: bytes | None = None
    authority: bytes | None = None
    path: bytes | None = None
    protocol: bytes | None = None
    host: bytes | None = None
    length = -1
    regular = False
    for field in cast("Sequence[object]", fields):
        kind = known.get(field, _UNKNOWN)
        if kind == _PLAIN:
            regular = True
            continue
        name, value = cast("Field", field)
        if kind == _UNKNOWN:
            fault = _learn(field, name, value, known)
            if fault is not None:
                return fault
            kind = _KINDS.get(name, _PLAIN)
        if kind == _PLAIN:
            regular = True
        elif kind <= _STATUS:
            # RFC 9113 §8.3: pseudo-fields MUST come before all regular field lines.
            if regular:
                return f"{_text(name)} after a regular field"
            if kind == _METHOD:
                if method is not None:
                    return "a second :method"
                method = value
            elif kind == _PATH:
                if path is not None:
                    return "a second :path"
                path = value
            elif kind == _SCHEME:
                if scheme is not None:
                    return "a second :scheme"
                scheme = value
            elif kind == _AUTHORITY:
                if authority is not None:
                    return "a second :authority"
                authority = value
            elif kind == _PROTOCOL:
                if protocol is not None:
                    return "a second :protocol"
                protocol = value
            else:
                return ":status in a request"
        else:
            regular = True
            if kind == _CONTENT_LENGTH:
                if length >= 0:
                    return "a second content-length"
                length = _content_length(value)
                if length < 0:
                    return "a content-length that is no number of 1 to 18 digits"
            elif kind == _HOST:
                if host is not None:
                    return "a second host"
                host = value
            elif kind == _TE:
                # RFC 9113 §8.2.2: TE MUST NOT contain any value other than "trailers".
                if value.lower() != b"trailers":
                    return "te with another value than trailers"
            else:
                return f"the connection-specific field {_text(name)}"
    fault = _control_fault(method, scheme, authority, path, protocol, host)
    if fault is not None:
        return fault
    return RequestHead(length, method == b"CONNECT", method == b"HEAD", protocol)


def read_response(fields: Sequence[Field], known: Known) -> ResponseHead | str:
    """Check the head of a response, interim or final (RFC 9113 §8.3.2)."""
    status = -1
    length = -1
    regular = False
    for field in cast("Sequence[object]", fields):
        kind = known.get(field, _UNKNOWN)
        if kind == _PLAIN:
            regular = True
            continue
        name, value = cast("Field", field)
        if kind == _UNKNOWN:
            fault = _learn(field, name, value, known)
            if fault is not None:
                return fault
            kind = _KINDS.get(name, _PLAIN)
        if kind in (_PLAIN, _HOST):
            regular = True
        elif kind == _STATUS:
            if regular:
                return ":status after a regular field"
            if status >= 0:
                return "a second :status"
            # RFC 9110 §15: three digits, the first of them not 0.
            if len(value) != 3 or not value.isdigit() or value[0] == 0x30:
                return "a :status that is not three digits"
            status = int(value)
        elif kind == _CONTENT_LENGTH:
            regular = True
            if length >= 0:
                return "a second content-length"
            length = _content_length(value)
            if length < 0:
                return "a content-length that is no number of 1 to 18 digits"
        elif kind < _STATUS:
            return f"{_text(name)} in a response"
        else:
            # RFC 9113 §8.2.2: TE is excepted in requests only.
            return f"the connection-specific field {_text(name)}"
    if status < 0:
        return "a response without :status"
    # RFC 9113 §8.6: HTTP/2 does not support 101 (Switching Protocols).
    if status == 101:
        return "the status 101, which HTTP/2 does not have"
    return ResponseHead(length, status)


def trailers_fault(fields: Sequence[Field], known: Known) -> str | None:
    """What is wrong with a trailer section (RFC 9113 §8.1), or `None`."""
    for field in cast("Sequence[object]", fields):
        kind = known.get(field, _UNKNOWN)
        if kind == _PLAIN:
            continue
        name, value = cast("Field", field)
        if kind == _UNKNOWN:
            fault = _learn(field, name, value, known)
            if fault is not None:
                return fault
            kind = _KINDS.get(name, _PLAIN)
        # RFC 9110 §6.5.1: nor what frames or routes a message, which was framed and routed before.
        if _METHOD <= kind <= _STATUS or kind in (_CONTENT_LENGTH, _HOST):
            return f"{_text(name)} in trailers"
        if kind in (_CONNECTION_SPECIFIC, _TE):
            return f"the connection-specific field {_text(name)}"
    return None


def _learn(field: object, name: bytes, value: bytes, known: Known) -> str | None:
    """Check a field that was not met before, and remember it if it is legal."""
    kind = _KINDS.get(name, _UNKNOWN)
    if kind == _UNKNOWN:
        fault = field_name_fault(name)
        if fault is not None:
            # RFC 9113 §8.3: undefined pseudo-fields make the message malformed.
            if name[:1] == b":":
                return f"the undefined pseudo-field {_text(name)}"
            return fault
        kind = _PLAIN
    fault = field_value_fault(value)
    if fault is not None:
        return fault
    # A secret is not kept beyond its message.
    if len(name) + len(value) <= _MAX_KNOWN_SIZE and type(field) is tuple:
        if len(known) >= _MAX_KNOWN:
            known.clear()
        known[field] = kind
    return None


def _control_fault(
    method: bytes | None,
    scheme: bytes | None,
    authority: bytes | None,
    path: bytes | None,
    protocol: bytes | None,
    host: bytes | None,
) -> str | None:
    if method is None:
        return "a request without :method"
    if not method or method.translate(None, _TCHAR):
        return "a :method that is no token"
    if authority is not None and (not authority or authority.translate(None, _AUTHORITY_BYTES)):
        return "an :authority that is no host and port"
    if host is not None and host.translate(None, _AUTHORITY_BYTES):
        return "a host that is no host and port"
    if protocol is not None:
        # RFC 8441 §4: :protocol is defined for CONNECT alone, which then has :scheme and :path.
        if method != b"CONNECT":
            return ":protocol in a request that is not CONNECT"
        if not protocol or protocol.translate(None, _TCHAR):
            return "a :protocol that is no token"
    elif method == b"CONNECT":
        # RFC 9113 §8.5: :scheme and :path MUST be omitted, :authority names the target.
        if scheme is not None or path is not None:
            return "CONNECT with :scheme or :path"
        if authority is None:
            return "CONNECT without :authority"
        return _host_fault(authority, host, b"")
    if scheme is None:
        return "a request without :scheme"
    if not scheme or scheme.translate(None, _SCHEME_BYTES):
        return "a :scheme that is no scheme"
    if path is None:
        return "a request without :path"
    scheme = scheme.lower()  # RFC 3986 §3.1: schemes are case-insensitive
    if scheme in (b"https", b"http"):
        # RFC 9113 §8.3.1: :path MUST NOT be empty; it starts with "/", or is "*" for OPTIONS.
        if path[:1] != b"/" and not (path == b"*" and method == b"OPTIONS"):
            return "a :path that does not start with /"
        # RFC 9110 §4.2.1: a request for an http URI without a host MUST be rejected.
        if authority is None and not host and path != b"*":
            return "a request without :authority or host"
    if path.translate(None, _VCHAR):
        return "a :path with white space or bytes beyond ASCII"
    return _host_fault(authority, host, scheme)


def _host_fault(authority: bytes | None, host: bytes | None, scheme: bytes) -> str | None:
    # RFC 9113 §8.3.1: SHOULD be malformed if host differs from :authority, both normalized.
    if authority is None or host is None or host == authority:
        return None
    if _normalized(host, scheme) != _normalized(authority, scheme):
        return "a host that differs from :authority"
    return None


def _normalized(authority: bytes, scheme: bytes) -> bytes:
    # RFC 9110 §4.2.3: the host is case-insensitive, and the default port goes without saying.
    lower = authority.lower()
    if scheme == b"https":
        lower = lower.removesuffix(b":443")
    elif scheme == b"http":
        lower = lower.removesuffix(b":80")
    return lower.removesuffix(b":")


def _content_length(value: bytes) -> int:
    # RFC 9110 §8.6: 1*DIGIT.  Looked at before `int`, which also takes signs and underscores.
    if not value.isdigit() or len(value) > _MAX_LENGTH_DIGITS:
        return -1
    return int(value)


def _text(name: bytes) -> str:
    return name[:64].decode("ascii", "backslashreplace")
