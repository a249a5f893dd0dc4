"""What the heads of both worlds' messages have in common: the look of them.

Not here: reading content, which waits and is each world's own.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from hyper.h2 import join_cookies
from hyper.io._mailbox import Mailbox, pseudo, regular
from hyper.wire import Buffer, Field

TrailersOrMaker: TypeAlias = Sequence[Field] | Callable[[], Sequence[Field]]
"""Trailers, or what makes them once the content has gone: a checksum is known only then."""


class Message:
    """A message that has come: its fields, and after its content its trailers."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box
        self.http_version = box.version
        """The version that its head had: "2", "1.1" or "1.0"."""
        self._head: Sequence[Field] = box.head or ()
        # RFC 9113 §8.2.3: an application gets its cookies in one field.
        self.fields: Sequence[Field] = join_cookies(regular(self._head))
        """The fields of the head in order, without the pseudo-fields."""

    @property
    def stream_id(self) -> int:
        """The number of the stream that carries it."""
        return self._box.stream_id

    @property
    def trailers(self) -> Sequence[Field] | None:
        """The fields after the content; `None` as long as none have come."""
        return self._box.trailers

    def field(self, name: bytes) -> bytes | None:
        """The value of the first field of that name (in lower case), or `None`."""
        for field in self.fields:
            if field[0] == name:
                return field[1]
        return None

    def pseudo(self, name: bytes) -> str:
        """The value of a pseudo-field such as `b":protocol"`; "" where there is none."""
        # ISO 8859-1 turns every byte into one character and back: nothing is lost or refused.
        return pseudo(self._head, name).decode("latin-1")


def request_fields(
    method: str, scheme: str, authority: str, path: str, fields: Sequence[Field]
) -> list[Field]:
    """The head of a request, pseudo-fields first (RFC 9113 §8.3.1)."""
    head: list[Field] = [(b":method", method.encode("latin-1"))]
    # RFC 9113 §8.5: CONNECT has neither scheme nor path.
    if method != "CONNECT":
        head.append((b":scheme", scheme.encode("latin-1")))
    head.append((b":authority", authority.encode("latin-1")))
    if method != "CONNECT":
        head.append((b":path", path.encode("latin-1")))
    head.extend(fields)
    return head


def response_fields(status: int, fields: Sequence[Field], size: int) -> Sequence[Field]:
    """The regular fields of a response whose content is `size` bytes."""
    # RFC 9110 §8.6: a server MUST NOT send Content-Length with 1xx or 204; with 304 it would have
    # to be the length a 200 would have had.
    if status in (204, 304):
        return fields
    if any(field[0] == b"content-length" for field in fields):
        return fields
    return [*fields, (b"content-length", b"%d" % size)]


def sized(fields: Sequence[Field], body: object) -> Sequence[Field]:
    """The fields of a request, with the length of a `body` that is there."""
    # RFC 9110 §8.6: a user agent SHOULD send Content-Length; servers of HTTP/1.0 know nothing else.
    if not isinstance(body, Buffer) or any(field[0] == b"content-length" for field in fields):
        return fields
    return [*fields, (b"content-length", b"%d" % len(body))]


def default_authority(host: str, port: int, *, secure: bool) -> str:
    """`host` and `port` as a URI writes them (RFC 3986 §3.2)."""
    name = f"[{host}]" if ":" in host else host
    return name if port == (443 if secure else 80) else f"{name}:{port}"


def made(trailers: TrailersOrMaker) -> Sequence[Field]:
    """The trailers themselves."""
    return trailers() if callable(trailers) else trailers
