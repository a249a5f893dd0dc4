"""What the field section of a message must look like (RFC 9113 §8.2, §8.3, §8.5).

The same rules hold for what the peer sends and for what the caller does.  A function returns what
the engine needs to know of the section, or a sentence that says what is wrong with it.  A value
is never quoted in such a sentence: it may be a secret.

Not here: the order of messages and their parts, which is `message_life`'s.

This file is on the hot path: index loops and plain chains, proved by bench/h2_cycle.py.
"""

from collections.abc import Sequence
from typing import Final

from hyper.wire import Field, field_name_fault, field_value_fault

_REGULAR: Final = 0
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
_PRIORITY: Final = 11

_KINDS: Final[dict[bytes, int]] = {
    b":method": _METHOD,
    b":scheme": _SCHEME,
    b":authority": _AUTHORITY,
    b":path": _PATH,
    b":protocol": _PROTOCOL,
    b":status": _STATUS,
    # RFC 9113 §8.2.2: a message with any of these MUST be treated as malformed.  RFC 8441 §5:
    # :protocol takes the place of the last of them.
    b"connection": _CONNECTION_SPECIFIC,
    b"proxy-connection": _CONNECTION_SPECIFIC,
    b"keep-alive": _CONNECTION_SPECIFIC,
    b"transfer-encoding": _CONNECTION_SPECIFIC,
    b"upgrade": _CONNECTION_SPECIFIC,
    b"te": _TE,
    b"content-length": _CONTENT_LENGTH,
    b"host": _HOST,
    b"priority": _PRIORITY,
}


class Meaning:
    """What one legal field means to the engine: its kind, its name and value, and the number that
    the value stands for.

    The number of a status and of a content-length is that.  Of other kinds it is 0, or 1 where what
    is beside the field decides what becomes of it: for another :path than from the root, and for
    the methods CONNECT and HEAD.  It is -1 for a value that its kind does not allow.
    """

    __slots__ = ("kind", "name", "number", "value")

    def __init__(self, kind: int, name: bytes, value: bytes, number: int) -> None:
        self.kind = kind
        self.name = name
        self.value = value
        self.number = number


# All fields that mean nothing to the engine share one.
_PLAIN: Final = Meaning(_REGULAR, b"", b"", 0)

# Entries of either kind, and bytes of name and value of each: what a `Known` may hold.
_MAX_KNOWN: Final = 256
_MAX_KNOWN_SIZE: Final = 160
# RFC 9113 §6.5.2: what a field counts beyond its bytes.
_FIELD_OVERHEAD: Final = 32


class Known:
    """Whole fields that were found legal before, and what they mean; and names that were.

    The same ones come again and again, most of them as the very tuple the compression table holds,
    so that a message costs one look-up a field.  One for each connection: a peer that invents
    fields slows nobody but itself.
    """

    __slots__ = ("largest", "meanings", "names")

    def __init__(self) -> None:
        self.meanings: Final[dict[object, Meaning]] = {}
        # Of fields that mean nothing to the engine, for when only the value is new.
        self.names: Final[dict[bytes, None]] = {}
        # No field met so far, remembered or not, counts more by RFC 9113 §6.5.2.
        self.largest = _MAX_KNOWN_SIZE + _FIELD_OVERHEAD


# RFC 9110 §5.6.2.
_TCHAR: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SCHEME_BYTES: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
# RFC 3986 §3.2 without "@": RFC 9113 §8.3.1 bars userinfo from ":authority".
_AUTHORITY_BYTES: Final = (
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:[]%"
)
_VCHAR: Final = bytes(range(0x21, 0x7F))

# The bytes of a value, by kind.
_LEGAL: Final[dict[int, bytes]] = {
    _METHOD: _TCHAR,
    _SCHEME: _SCHEME_BYTES,
    _AUTHORITY: _AUTHORITY_BYTES,
    _PATH: _VCHAR,
    _PROTOCOL: _TCHAR,
    _HOST: _AUTHORITY_BYTES,
}

# Eighteen digits fit 64 bits; more than that is nobody's content.
_MAX_LENGTH_DIGITS: Final = 18


# What the method makes of an exchange.
ORDINARY: Final = 0
HEAD_ONLY: Final = 1  # RFC 9110 §9.3.2: the response has no content
TUNNEL: Final = 2  # RFC 9113 §8.5: CONNECT; after the heads, only DATA


class RequestHead:
    """What the engine needs to know of a request."""

    __slots__ = ("content_length", "kind", "priority", "protocol")

    def __init__(
        self, content_length: int, kind: int, protocol: bytes | None, priority: bytes | None
    ) -> None:
        self.content_length = content_length  # -1: not announced
        self.kind = kind  # ORDINARY, HEAD_ONLY or TUNNEL
        self.protocol = protocol
        self.priority = priority  # RFC 9218 §5; as it stands there


class ResponseHead:
    """What the engine needs to know of a response."""

    __slots__ = ("content_length", "priority", "status")

    def __init__(self, content_length: int, status: int, priority: bytes | None) -> None:
        self.content_length = content_length  # -1: not announced
        self.status = status
        self.priority = priority


# What most requests come to; nobody changes one.
_USUAL_REQUEST: Final = RequestHead(-1, ORDINARY, None, None)


def read_request(fields: Sequence[Field], known: Known) -> RequestHead | str:
    """Check the head of a request (RFC 9113 §8.3.1)."""
    method: Meaning | None = None
    scheme: Meaning | None = None
    authority: Meaning | None = None
    path: Meaning | None = None
    protocol: Meaning | None = None
    host: Meaning | None = None
    priority: bytes | None = None
    length = -1
    regular = False
    # Typed `object`, a field stays the one tuple it is, compiled too.
    objects: Sequence[object] = fields
    meanings = known.meanings
    for field in objects:
        meaning = meanings.get(field)
        if meaning is _PLAIN:
            regular = True
            continue
        if meaning is None:
            learnt = _learn(field, known)
            if isinstance(learnt, str):
                return learnt
            if learnt is _PLAIN:
                regular = True
                continue
            meaning = learnt
        kind = meaning.kind  # not _REGULAR: all of those mean _PLAIN
        if kind <= _STATUS:
            # RFC 9113 §8.3: pseudo-fields MUST come before all regular field lines.
            if regular:
                return f"{_text(meaning.name)} after a regular field"
            if kind == _METHOD:
                if method is not None:
                    return "a second :method"
                method = meaning
            elif kind == _PATH:
                if path is not None:
                    return "a second :path"
                path = meaning
            elif kind == _SCHEME:
                if scheme is not None:
                    return "a second :scheme"
                scheme = meaning
            elif kind == _AUTHORITY:
                if authority is not None:
                    return "a second :authority"
                authority = meaning
            elif kind == _PROTOCOL:
                if protocol is not None:
                    return "a second :protocol"
                protocol = meaning
            else:
                return ":status in a request"
        else:
            regular = True
            if kind == _CONTENT_LENGTH:
                if length >= 0:
                    return "a second content-length"
                length = meaning.number
                if length < 0:
                    return "a content-length that is no number of 1 to 18 digits"
            elif kind == _HOST:
                if host is not None:
                    return "a second host"
                host = meaning
            elif kind == _PRIORITY:
                priority = _joined(priority, meaning.value)
            elif kind == _TE:
                if meaning.number < 0:
                    return "te with another value than trailers"
            else:
                return f"the connection-specific field {_text(meaning.name)}"
    # Nearly all there are: `_control_fault` finds no fault with these, and there is little to know.
    if (
        method is not None
        and scheme is not None
        and authority is not None
        and path is not None
        and protocol is None
        and host is None
        and not method.number | scheme.number | authority.number | path.number
    ):
        if length < 0 and priority is None:
            return _USUAL_REQUEST
        return RequestHead(length, ORDINARY, None, priority)
    fault = _control_fault(method, scheme, authority, path, protocol, host)
    if fault is not None:
        return fault
    name = None if protocol is None else protocol.value
    return RequestHead(length, _kind(method), name, priority)


def read_response(fields: Sequence[Field], known: Known) -> ResponseHead | str:
    """Check the head of a response, interim or final (RFC 9113 §8.3.2)."""
    status = -1
    length = -1
    priority: bytes | None = None
    regular = False
    objects: Sequence[object] = fields
    meanings = known.meanings
    for field in objects:
        meaning = meanings.get(field)
        if meaning is _PLAIN:
            regular = True
            continue
        if meaning is None:
            learnt = _learn(field, known)
            if isinstance(learnt, str):
                return learnt
            meaning = learnt
        kind = meaning.kind
        if kind == _STATUS:
            # RFC 9113 §8.3: as in requests.
            if regular:
                return ":status after a regular field"
            if status >= 0:
                return "a second :status"
            status = meaning.number
            if status < 0:
                return "a :status that is not three digits"
        elif kind == _CONTENT_LENGTH:
            regular = True
            if length >= 0:
                return "a second content-length"
            length = meaning.number
            if length < 0:
                return "a content-length that is no number of 1 to 18 digits"
        elif kind in (_REGULAR, _HOST):
            regular = True
        elif kind == _PRIORITY:
            regular = True
            priority = _joined(priority, meaning.value)
        elif kind < _STATUS:
            return f"{_text(meaning.name)} in a response"
        else:
            # RFC 9113 §8.2.2: TE is excepted in requests only.
            return f"the connection-specific field {_text(meaning.name)}"
    if status < 0:
        return "a response without :status"
    # RFC 9113 §8.6: HTTP/2 does not support 101 (Switching Protocols).
    if status == 101:
        return "the status 101, which HTTP/2 does not have"
    return ResponseHead(length, status, priority)


def _joined(values: bytes | None, value: bytes) -> bytes:
    """The value of a field that may stand in several lines (RFC 9110 §5.3)."""
    return value if values is None else values + b", " + value


def trailers_fault(fields: Sequence[Field], known: Known) -> str | None:
    """What is wrong with a trailer section (RFC 9113 §8.1), or `None`."""
    objects: Sequence[object] = fields
    meanings = known.meanings
    for field in objects:
        meaning = meanings.get(field)
        if meaning is _PLAIN:
            continue
        if meaning is None:
            learnt = _learn(field, known)
            if isinstance(learnt, str):
                return learnt
            meaning = learnt
        kind = meaning.kind
        # RFC 9113 §8.3: pseudo-fields MUST NOT appear in trailers.
        # RFC 9110 §6.5.1: nor what frames or routes a message, which was framed and routed before.
        if _METHOD <= kind <= _STATUS or kind in (_CONTENT_LENGTH, _HOST):
            return f"{_text(meaning.name)} in trailers"
        if kind in (_CONNECTION_SPECIFIC, _TE):
            return f"the connection-specific field {_text(meaning.name)}"
    return None


def oversize(fields: Sequence[Field], known: Known, limit: int) -> int:
    """The size of a checked field section as RFC 9113 §6.5.2 counts it, where it is above `limit`;
    else 0.
    """
    # No field of it is larger than the largest that was met: nearly always that settles it.
    if len(fields) * known.largest <= limit:
        return 0
    size = 0
    for name, value in fields:
        size += len(name) + len(value) + _FIELD_OVERHEAD
    return size if size > limit else 0


def _learn(field: object, known: Known) -> Meaning | str:
    """What a field means that was not met before, to be remembered; or what is wrong with it.

    RFC 9113 §8.2, §8.2.1: every name and value MUST be validated, before anybody can pass it on or
    translate it (RFC 9113 §10.3).
    """
    if not isinstance(field, tuple):
        raise TypeError("a field is a tuple of a name and a value")
    name: bytes
    value: bytes
    name, value = field
    kind = _KINDS.get(name, _REGULAR)
    if kind == _REGULAR:
        if name not in known.names:
            fault = _learn_name(name, known)
            if fault is not None:
                return fault
        fault = field_value_fault(value)
        if fault is not None:
            return fault
        meaning = _PLAIN
    else:
        number = _number(kind, value)
        # A value that its kind allows is legal; a connection-specific field has no such values.
        if number < 0 or kind == _CONNECTION_SPECIFIC:
            fault = field_value_fault(value)
            if fault is not None:
                return fault
        meaning = Meaning(kind, name, value, number)
    size = len(name) + len(value)
    if size > _MAX_KNOWN_SIZE:
        known.largest = max(known.largest, size + _FIELD_OVERHEAD)
    elif type(field) is tuple:  # a secret is not kept beyond its message
        if len(known.meanings) >= _MAX_KNOWN:
            known.meanings.clear()
        known.meanings[field] = meaning
    return meaning


def _learn_name(name: bytes, known: Known) -> str | None:
    """What is wrong with the name of a field that means nothing to the engine; else remember it."""
    fault = field_name_fault(name)
    if fault is not None:
        # RFC 9113 §8.3: undefined pseudo-fields make the message malformed.
        return f"the undefined pseudo-field {_text(name)}" if name[:1] == b":" else fault
    if len(name) <= _MAX_KNOWN_SIZE:
        if len(known.names) >= _MAX_KNOWN:
            known.names.clear()
        known.names[name] = None
    return None


def _number(kind: int, value: bytes) -> int:
    """`Meaning.number`."""
    if kind == _CONTENT_LENGTH:
        # RFC 9110 §8.6: 1*DIGIT.  Looked at before `int`, which also takes signs and underscores.
        return int(value) if value.isdigit() and len(value) <= _MAX_LENGTH_DIGITS else -1
    if kind == _STATUS:
        # RFC 9110 §15: three digits, the first of them not 0.
        return int(value) if value.isdigit() and len(value) == 3 and value[0] != 0x30 else -1
    if kind == _TE:
        # RFC 9113 §8.2.2: TE MUST NOT contain any value other than "trailers".
        return 0 if value.lower() == b"trailers" else -1
    legal = _LEGAL.get(kind)
    if legal is None:
        return 0
    if not value:
        # Empty ones are for `_control_fault` to judge, by what is beside them.
        return 1 if kind in (_HOST, _PATH) else -1
    if value.translate(None, legal):
        return -1
    if kind == _PATH:
        return 0 if value[0] == 0x2F else 1
    return 1 if kind == _METHOD and value in (b"CONNECT", b"HEAD") else 0


def _kind(method: Meaning | None) -> int:
    """What the method makes of an exchange."""
    if method is not None and method.value == b"HEAD":
        return HEAD_ONLY
    return TUNNEL if method is not None and method.value == b"CONNECT" else ORDINARY


def _control_fault(
    method: Meaning | None,
    scheme: Meaning | None,
    authority: Meaning | None,
    path: Meaning | None,
    protocol: Meaning | None,
    host: Meaning | None,
) -> str | None:
    """What is wrong with the fields of a request that say what is asked for, taken together."""
    if method is None:
        return "a request without :method"
    if method.number < 0:
        return "a :method that is no token"
    if authority is not None and authority.number < 0:
        return "an :authority that is no host and port"
    if host is not None and host.number < 0:
        return "a host that is no host and port"
    if protocol is not None:
        # RFC 8441 §4: :protocol is defined for CONNECT alone, which then has :scheme and :path.
        if method.value != b"CONNECT":
            return ":protocol in a request that is not CONNECT"
        if protocol.number < 0:
            return "a :protocol that is no token"
    elif method.value == b"CONNECT":
        # RFC 9113 §8.5: :scheme and :path MUST be omitted, :authority names the target.
        if scheme is not None or path is not None:
            return "CONNECT with :scheme or :path"
        if authority is None:
            return "CONNECT without :authority"
        return _host_fault(authority, host, b"")
    if scheme is None:
        return "a request without :scheme"
    if scheme.number < 0:
        return "a :scheme that is no scheme"
    if path is None:
        return "a request without :path"
    # RFC 9113 §8.3.1: :path MUST NOT be empty; it starts with "/", or is "*" for OPTIONS.
    rooted = path.value[:1] == b"/"
    if not rooted or authority is None:
        lower = scheme.value.lower()  # RFC 3986 §3.1: schemes are case-insensitive
        if lower == b"https" or lower == b"http":
            if not rooted and not (path.value == b"*" and method.value == b"OPTIONS"):
                return "a :path that does not start with /"
            # RFC 9110 §4.2.1: a request for an http URI without a host MUST be rejected.
            if authority is None and (host is None or not host.value) and path.value != b"*":
                return "a request without :authority or host"
    if path.number < 0:
        return "a :path with white space or bytes beyond ASCII"
    return None if host is None else _host_fault(authority, host, scheme.value.lower())


def _host_fault(authority: Meaning | None, host: Meaning | None, scheme: bytes) -> str | None:
    # RFC 9113 §8.3.1: SHOULD be malformed if host differs from :authority, both normalized.
    if authority is None or host is None or host.value == authority.value:
        return None
    if _normalized(host.value, scheme) != _normalized(authority.value, scheme):
        return "a host that differs from :authority"
    return None


def _normalized(authority: bytes, scheme: bytes) -> bytes:
    # RFC 9113 §8.3.1: by the scheme, as all but origin servers MUST.
    # RFC 9110 §4.2.3: the host is case-insensitive, and the default port goes without saying.
    lower = authority.lower()
    if scheme == b"https":
        lower = lower.removesuffix(b":443")
    elif scheme == b"http":
        lower = lower.removesuffix(b":80")
    return lower.removesuffix(b":")


def _text(name: bytes) -> str:
    return name[:64].decode("ascii", "backslashreplace")
