"""The head of the requests that `hyper get` makes, from `-X` and `-H`.

Not here: what differs from URL to URL, and the body.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hyper import __version__
from hyper.cli.errors import CommandError, Exit
from hyper.cli.text import printable
from hyper.coding import accept_encoding
from hyper.wire import Field, SensitiveField, field_name_fault, field_value_fault

# RFC 9113 §8.2.2: fields of the connection make a message malformed.
_OF_THE_CONNECTION: Final = {
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"transfer-encoding",
    b"upgrade",
}

# RFC 9110 §9.1: method = token.
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_SECRET: Final = {b"authorization", b"proxy-authorization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHead:
    """The same for every URL.  `authority` stands in for the URL's own where it was given."""

    method: str
    authority: str | None
    fields: Sequence[Field]


def parse_fields(
    method: str, lines: Sequence[str], *, form: bool, compressed: bool = False
) -> RequestHead:
    """The method and the `-H` lines checked, with defaults for what they leave open.

    `form`: there is a body, and it is a form's unless a line says otherwise.  `compressed`: content
    codings are asked for, all that there are unless a line names them.
    """
    if not _METHOD.fullmatch(method):
        raise CommandError(Exit.USAGE, f"-X: {printable(method)} is no method")
    if method == "CONNECT":
        raise CommandError(Exit.USAGE, "-X: CONNECT asks for a tunnel, not for a URL")
    fields: dict[bytes, list[Field]] = {
        b"user-agent": [(b"user-agent", b"hyper/" + __version__.encode())],
        b"accept": [(b"accept", b"*/*")],
    }
    if form:
        fields[b"content-type"] = [(b"content-type", b"application/x-www-form-urlencoded")]
    if compressed:
        fields[b"accept-encoding"] = [(b"accept-encoding", accept_encoding())]
    authority: str | None = None
    given: set[bytes] = set()
    for line in lines:
        name, value = _field(line)
        if name == b"host":
            # RFC 9113 §8.3.1: clients SHOULD use :authority instead of Host.
            authority = value.decode("latin-1") if value else None
            continue
        if name not in given:
            given.add(name)
            fields[name] = []
        if value is not None:
            secret = name in _SECRET
            fields[name].append(SensitiveField(name, value) if secret else (name, value))
    return RequestHead(
        method=method,
        authority=authority,
        fields=[field for same_name in fields.values() for field in same_name],
    )


def _field(line: str) -> tuple[bytes, bytes | None]:
    """Name and value.  As in curl, `name:` has no value and takes a default field away, and
    `name;` has an empty one.
    """
    raw_name, colon, raw_value = line.partition(":")
    value: bytes | None = raw_value.strip(" \t").encode("utf-8", "surrogateescape") or None
    if not colon:
        if not line.endswith(";"):
            raise CommandError(Exit.USAGE, f"-H: expected 'name: value', got {printable(line)!r}")
        raw_name, value = line[:-1], b""
    name = raw_name.strip().lower().encode("utf-8", "surrogateescape")
    fault = field_name_fault(name) or (field_value_fault(value) if value else None)
    if fault is not None:
        raise CommandError(Exit.USAGE, f"-H: {fault}")
    if name in _OF_THE_CONNECTION:
        raise CommandError(Exit.USAGE, f"-H: {name.decode()} is the connection's to say")
    if name == b"te" and value != b"trailers":
        # RFC 9113 §8.2.2: TE MUST NOT contain any value other than "trailers".
        raise CommandError(Exit.USAGE, "-H: te can only be 'trailers'")
    if name == b"content-length":
        raise CommandError(Exit.USAGE, "-H: content-length is counted, not given")
    return name, value
