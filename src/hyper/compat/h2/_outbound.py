"""Header sections on their way out: from what h2 takes to fields of the engine.

Not here: whether a section may be sent; the engine judges it.

Hot code: one loop over the fields of each message; bench/compat_h2.py measures it.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.utilities import CONNECTION_HEADERS, SECURE_HEADERS, SHORT_COOKIE
from hyper.compat.hpack.struct import HeaderWeaklyTyped
from hyper.wire import Field, SensitiveField

# What becomes of a field, by its name.
_PLAIN: Final = 0
_DROPPED: Final = 1
_SECRET: Final = 2
_COOKIE: Final = 3

# How many headers a connection remembers, and how many octets of each.
_MOST_KNOWN: Final = 256
_LONGEST_KNOWN: Final = 160

Known: TypeAlias = dict[object, Field]
"""Headers that came before, by what the user gave, and the fields that they became.

One for each connection: shared, it would tell one by the clock what another has sent.
"""


def outbound_fields(
    headers: Iterable[HeaderWeaklyTyped], config: H2Configuration, known: Known
) -> list[Field]:
    """The fields that `headers` stand for, normalized where `config` says so."""
    if not config.normalize_outbound_headers:
        return [_unchanged(header) for header in headers]
    fields: list[Field] = []
    for header in headers:
        # A tuple of another type is equal to a plain one, and may be marked.
        if type(header) is tuple:
            field = known.get(header)
            if field is not None:
                fields.append(field)
                continue
        _put(header, config.split_outbound_cookies, fields, known)
    return fields


def _put(header: HeaderWeaklyTyped, split: bool, fields: list[Field], known: Known) -> None:
    name, value = header
    rule = _RULES.get(name)
    kind, name = _rule(name) if rule is None else rule
    if kind == _DROPPED:
        return
    octets = (value.encode("utf-8") if isinstance(value, str) else value).strip()
    if kind == _COOKIE:
        # RFC 9113 §8.2.3: crumbs compress better.
        for crumb in octets.split(b"; ") if split else [octets]:
            never = len(crumb) < SHORT_COOKIE or _is_marked(header)
            fields.append(SensitiveField(name, crumb) if never else (name, crumb))
    elif kind == _SECRET or _is_marked(header):
        fields.append(SensitiveField(name, octets))
    else:
        field = (name, octets)
        fields.append(field)
        if type(header) is tuple and len(name) + len(octets) <= _LONGEST_KNOWN:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[header] = field


def _unchanged(header: HeaderWeaklyTyped) -> Field:
    name, value = header
    if isinstance(name, str):
        name = name.encode("utf-8")
    if isinstance(value, str):
        value = value.encode("utf-8")
    if _is_marked(header):
        return SensitiveField(name, value)
    return (name, value)


def _is_marked(header: HeaderWeaklyTyped) -> bool:
    """Whether no hop may index it.  By its attribute: the class may be that of hpack itself."""
    return getattr(header, "indexable", True) is False


def _rule(name: bytes | str) -> tuple[int, bytes]:
    """What becomes of fields that are called so."""
    octets = (name.encode("utf-8") if isinstance(name, str) else name).lower().strip()
    if octets in CONNECTION_HEADERS:
        return _DROPPED, octets
    if octets in SECURE_HEADERS:
        return _SECRET, octets
    if octets == b"cookie":
        return _COOKIE, octets
    return _PLAIN, octets


# Names that are in order as they are, which is nearly all of those that do not say something new
# each time; it saves a call.
_RULES: Final[dict[object, tuple[int, bytes]]] = {
    name: (_PLAIN, name)
    for name in (
        b":path",
        b"content-length",
        b"content-type",
        b"date",
        b"etag",
        b"last-modified",
        b"location",
        b"set-cookie",
    )
}
