"""Heads as the connection says them: what h11 adds, takes away and moves before it writes one.

The engine adds what is still missing, and checks the whole.  Not here: bytes.
"""

from typing import Final

from hyper.compat.h11._events import Request, Response
from hyper.compat.h11._headers import (
    CONNECTION,
    CONTENT_LENGTH,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
    Headers,
    Item,
    get_comma_header,
    kinds,
    raw_items,
)

_CHUNKED: Final[Item] = (b"Transfer-Encoding", b"chunked")
_CLOSE: Final[Item] = (b"Connection", b"close")


def body_framing(
    request_method: bytes, event: Request | Response
) -> tuple[str, tuple[()] | tuple[int]]:
    """How the body of a message is framed (RFC 9112 §6.3): "content-length" with the length,
    "chunked", or "http/1.0" for what ends with the connection.
    """
    assert isinstance(event, Request | Response), "an interim response has no body to frame"
    if isinstance(event, Response) and _bodiless(request_method, event.status_code):
        return "content-length", (0,)
    found = kinds(event.headers)
    if found & TRANSFER_ENCODING:
        return "chunked", ()
    if found & CONTENT_LENGTH:
        return "content-length", (int(dict(event.headers)[b"content-length"]),)
    return ("content-length", (0,)) if isinstance(event, Request) else ("http/1.0", ())


def _bodiless(method: bytes | None, status: int) -> bool:
    return (
        status in {204, 304} or method == b"HEAD" or (method == b"CONNECT" and 200 <= status < 300)
    )


def keep_alive(event: Request | Response) -> bool:
    """Whether a message lets another exchange follow; none of HTTP/1.0 does."""
    connection = get_comma_header(event.headers, b"connection")
    return b"close" not in connection and event.http_version >= b"1.1"


def said_request(headers: Headers) -> list[Item]:
    """The fields of a request, Host first (RFC 9110 §7.2)."""
    raw = listed(headers)
    if raw and raw[0][0].lower() != b"host":
        hosts = [item for item in raw if item[0].lower() == b"host"]
        raw = hosts + [item for item in raw if item[0].lower() != b"host"]
    return raw


def said_response(
    event: Response, method: bytes | None, version: bytes | None, persists: bool
) -> tuple[list[Item], bool]:
    """The fields of a response to a request of such a method and version, and whether it is said in
    chunks.

    One that says nothing of its length is chunked, or closes the connection of a client that knows
    no chunks; to HEAD as to GET (RFC 9110 §9.3.2).
    """
    headers = event.headers
    fields = listed(headers)
    found = kinds(headers)
    chunked = False
    status = event.status_code
    if (found & (TRANSFER_ENCODING | CONTENT_LENGTH)) != CONTENT_LENGTH and not _bodiless(
        b"GET" if method == b"HEAD" else method, status
    ):
        if found & (TRANSFER_ENCODING | CONTENT_LENGTH):
            # RFC 9112 §6.2: MUST NOT send Content-Length beside Transfer-Encoding.
            fields = without(fields, b"content-length")
        if found & TRANSFER_ENCODING:
            fields = without(fields, b"transfer-encoding")
        if version is None or version < b"1.1":
            # RFC 9112 §6.1: MUST NOT send Transfer-Encoding to a client of HTTP/1.0.
            persists = persists and method == b"HEAD"
        else:
            fields = [*fields, _CHUNKED]
            chunked = method != b"HEAD"
    if not persists:
        if found & CONNECTION:
            options = set(get_comma_header(headers, b"connection"))
            options.discard(b"keep-alive")
            options.add(b"close")
            fields = without(fields, b"connection")
            fields += [(b"Connection", option) for option in sorted(options)]
        else:
            fields = [*fields, _CLOSE]
    return fields, chunked


def without(fields: list[Item], name: bytes) -> list[Item]:
    """The fields that are not called so."""
    return [item for item in fields if item[0].lower() != name]


def listed(headers: Headers) -> list[Item]:
    """The fields as they are spelled, with Connection listing those that have to be listed there.

    RFC 9110 §7.8, §10.1.4: a sender of Upgrade or TE MUST do so; programs forget to, and nobody is
    helped by an error then.
    """
    raw = raw_items(headers)
    found = kinds(headers)
    if not found & (UPGRADE | TE):
        return raw
    options = get_comma_header(headers, b"connection")
    missing = [
        option
        for option, kind in ((b"Upgrade", UPGRADE), (b"TE", TE))
        if found & kind and option.lower() not in options
    ]
    if not missing:
        return raw
    if not found & CONNECTION:
        return [*raw, (b"Connection", b", ".join(missing))]
    name, value = next(item for item in raw if item[0].lower() == b"connection")
    whole = b", ".join([value, *missing])
    at = raw.index((name, value))
    return [*raw[:at], (name, whole), *raw[at + 1 :]]
