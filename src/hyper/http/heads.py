"""Heads of HTTP/1.1 in the words of HTTP/2, and the other way round.

The first line of the one is the pseudo-fields of the other (RFC 9113 §8.3); fields that are for the
connection alone have no place in the common vocabulary (RFC 9113 §8.2.2).

Not here: whether a field is legal, which the engines know.
"""

from collections.abc import Sequence
from typing import Final

from hyper import h1, h2
from hyper.wire import Field, LocalProtocolError

# RFC 9113 §8.2.2: connection-specific fields.
_OF_THE_CONNECTION: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)

# What Connection lists by right: it is left out already, or says something of its own.
_OPTIONS: Final = frozenset({b"close", b"keep-alive", b"upgrade", b"te", b""})

_TE_LISTED: Final[Field] = (b"connection", b"te")


# -- from the peer -------------------------------------------------------------------------------


def request_from(event: h1.Request, scheme: bytes) -> h2.Request:
    """The head of a request that came over a connection of `scheme`."""
    target = event.target
    host: bytes | None = None
    for field in event.fields:
        if field[0] == b"host":
            host = field[1]
    path = target
    ends = event.end_stream
    head: list[Field] = [(b":method", event.method)]
    if event.method == b"CONNECT":
        ends = False  # RFC 9113 §8.5: what follows is the tunnel's
        # RFC 9112 §3.2.3: the target is an authority.  RFC 9113 §8.5: no scheme, no path.
        head.append((b":authority", target))
    else:
        if target[:1] != b"/" and target != b"*":
            # RFC 9112 §3.2.2: a server MUST accept the absolute-form; it says what Host would.
            start, _, rest = target.partition(b"://")
            scheme = start.lower()
            host, path = _split_rest(rest, event.method)
        head.append((b":scheme", scheme))
        if host is not None:
            head.append((b":authority", host))
        head.append((b":path", path))
    _add_regular(head, event.fields)
    return h2.Request(event.stream_id, head, ends)


def response_from(status: int, fields: Sequence[Field]) -> list[Field]:
    """The fields of a response head that came, interim or final."""
    head: list[Field] = [(b":status", b"%d" % status)]
    _add_regular(head, fields)
    return head


def _split_rest(rest: bytes, method: bytes) -> tuple[bytes, bytes]:
    """Authority and path of a target in absolute-form, without its scheme."""
    end = len(rest)
    for mark in (b"/", b"?"):
        at = rest.find(mark)
        if 0 <= at < end:
            end = at
    path = rest[end:]
    if not path and method == b"OPTIONS":
        # RFC 9112 §3.2.4: an OPTIONS without a path is for the server as a whole.
        path = b"*"
    elif path[:1] != b"/":
        # RFC 9112 §3.2.1: an empty path MUST be sent as "/".
        path = b"/" + path
    return rest[:end], path


def _add_regular(head: list[Field], fields: Sequence[Field]) -> None:
    """Add what is not for the connection alone, and not said by pseudo-fields."""
    listed: bytes = b""
    for field in fields:
        name = field[0]
        if name in _OF_THE_CONNECTION:
            if name == b"connection":
                listed += field[1] + b","
        elif name == b"te":
            # RFC 9113 §8.2.2: TE MUST NOT contain any value other than "trailers".
            if field[1].lower() == b"trailers":
                head.append((name, b"trailers"))
        elif name != b"host":
            head.append(field)
    if listed:
        # RFC 9110 §7.6.1: and each field that Connection lists, whatever its name.
        names = {option.strip(b" \t").lower() for option in listed.split(b",")} - _OPTIONS
        # What frames is never left out: the engine has gone by it.
        names.discard(b"content-length")
        if names:
            head[:] = [field for field in head if field[0] not in names]


# -- to the peer ---------------------------------------------------------------------------------


def request_to(
    exchange: int, fields: Sequence[Field], end_stream: bool, scheme: bytes
) -> h1.Request:
    """The head of a request for a connection of `scheme`; `LocalProtocolError` if it is none."""
    pseudo, regular = _taken_apart(exchange, fields)
    method = pseudo.pop(b":method", b"")
    wanted = pseudo.pop(b":scheme", scheme)
    authority = pseudo.pop(b":authority", None)
    path = pseudo.pop(b":path", b"")
    for name in pseudo:
        # RFC 8441: `:protocol` is of HTTP/2 alone.
        raise LocalProtocolError(f"exchange {exchange}: {name!r} in a request of HTTP/1.1")
    if not method:
        raise LocalProtocolError(f"exchange {exchange}: a request without :method")
    host = [field for field in regular if field[0] == b"host"]
    if authority is None:
        authority = host[0][1] if host else b""
    if method == b"CONNECT":
        # RFC 9110 §9.3.6: it has no content; what follows a 2xx is the tunnel's.
        end_stream = True
        target = authority
    elif wanted == scheme:
        target = path
    else:
        # RFC 9112 §3.2.2: the form that can say that the scheme is not the connection's.
        target = wanted + b"://" + authority + (b"" if path == b"*" else path)
    # RFC 9112 §3.2: a client MUST send Host; RFC 9110 §7.2: it SHOULD be the first field.
    head: list[Field] = [(b"host", authority)]
    head += [field for field in regular if field[0] != b"host"]
    return h1.Request(exchange, method, target, h2.join_cookies(head), end_stream)


def response_to(exchange: int, fields: Sequence[Field], end_stream: bool) -> h1.Response:
    """The head of a final response; `LocalProtocolError` if it is none."""
    status, regular = _status(exchange, fields)
    return h1.Response(exchange, status, regular, end_stream)


def interim_to(exchange: int, fields: Sequence[Field]) -> h1.InformationalResponse:
    """The head of an interim response; `LocalProtocolError` if it is none."""
    status, regular = _status(exchange, fields)
    return h1.InformationalResponse(exchange, status, regular)


def has_length(fields: Sequence[Field]) -> bool:
    """Whether a head says how long its content is."""
    return b"content-length" in [field[0] for field in fields]


def _status(exchange: int, fields: Sequence[Field]) -> tuple[int, list[Field]]:
    pseudo, regular = _taken_apart(exchange, fields)
    status = pseudo.pop(b":status", b"")
    if pseudo or len(status) != 3 or not status.isdigit():
        raise LocalProtocolError(f"exchange {exchange}: expected :status alone, and three digits")
    return int(status), regular


def _taken_apart(exchange: int, fields: Sequence[Field]) -> tuple[dict[bytes, bytes], list[Field]]:
    """Pseudo-fields by name, and the rest as HTTP/1.1 writes it."""
    pseudo: dict[bytes, bytes] = {}
    regular: list[Field] = []
    for field in fields:
        name = field[0]
        if name[:1] == b":":
            # RFC 9113 §8.3: each of them once, and all of them before the regular fields.
            if name in pseudo or regular:
                raise LocalProtocolError(f"exchange {exchange}: {name!r} out of its place")
            pseudo[name] = field[1]
            continue
        if name in _OF_THE_CONNECTION:
            # The same over every version; the engine frames and closes by itself.
            raise LocalProtocolError(f"exchange {exchange}: {name!r} is the connection's to say")
        regular.append(field)
        if name == b"te":
            if field[1] != b"trailers":
                raise LocalProtocolError(f"exchange {exchange}: te with more than trailers")
            # RFC 9112 §7.4: a sender of TE MUST also send the connection option of that name.
            regular.append(_TE_LISTED)
    return pseudo, regular
