"""Header sections on their way out: from what h2 takes to fields of the engine.

Not here: whether a section may be sent; the engine judges it.

Hot code: one loop over the fields of each message; bench/compat_h2.py measures it.
"""

from collections.abc import Iterable
from typing import Final

from hyper.compat.h2.config import H2Configuration
from hyper.compat.hpack.struct import HeaderWeaklyTyped
from hyper.wire import Field, SensitiveField

# What becomes of a field, by its name.
_AS_IS: Final = 0
_RENAMED: Final = 1
_DROPPED: Final = 2
_SECRET: Final = 3
_COOKIE: Final = 4

# RFC 9113 §8.2.2: fields of a connection, which HTTP/2 has none of.
_OF_A_CONNECTION: Final = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"}
)
# RFC 7541 §7.1.3: who guesses them gains something.
_CREDENTIALS: Final = frozenset({b"authorization", b"proxy-authorization"})
_SHORT_COOKIE: Final = 20

# Names that were met, and what becomes of their fields.  Nothing of a peer's is among them.
_names: Final[dict[object, tuple[int, bytes]]] = {}
_MOST_NAMES: Final = 1_024
_LONGEST_NAME: Final = 64

_SPACE: Final = 32


def outbound_fields(headers: Iterable[HeaderWeaklyTyped], config: H2Configuration) -> list[Field]:
    """The fields that `headers` stand for, normalized where `config` says so."""
    fields: list[Field] = []
    if not config.normalize_outbound_headers:
        for header in headers:
            fields.append(_plain(header))
        return fields
    names = _names
    split = config.split_outbound_cookies
    for header in headers:
        name, value = header
        rule = names.get(name)
        if rule is None:
            rule = _learn(name)
        if (
            rule[0] == _AS_IS
            and type(header) is tuple
            and type(value) is bytes
            and (not value or (value[0] > _SPACE and value[-1] > _SPACE))
        ):
            fields.append(header)  # type: ignore[arg-type]  # the name of such a rule is bytes
        else:
            _put(header, rule, split, fields)
    return fields


def _put(
    header: HeaderWeaklyTyped, rule: tuple[int, bytes], split: bool, fields: list[Field]
) -> None:
    kind, name = rule
    if kind == _DROPPED:
        return
    value = header[1]
    octets = (value.encode("utf-8") if isinstance(value, str) else value).strip()
    if kind == _COOKIE:
        # RFC 9113 §8.2.3: crumbs compress better.
        for crumb in octets.split(b"; ") if split else [octets]:
            never = len(crumb) < _SHORT_COOKIE or _is_marked(header)
            fields.append(SensitiveField(name, crumb) if never else (name, crumb))
    elif kind == _SECRET or _is_marked(header):
        fields.append(SensitiveField(name, octets))
    else:
        fields.append((name, octets))


def _plain(header: HeaderWeaklyTyped) -> Field:
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


def _learn(name: bytes | str) -> tuple[int, bytes]:
    """What becomes of fields that are called so."""
    octets = (name.encode("utf-8") if isinstance(name, str) else name).lower().strip()
    kind = _AS_IS if octets == name else _RENAMED
    if octets in _OF_A_CONNECTION:
        kind = _DROPPED
    elif octets in _CREDENTIALS:
        kind = _SECRET
    elif octets == b"cookie":
        kind = _COOKIE
    rule = (kind, octets)
    if len(name) <= _LONGEST_NAME:
        if len(_names) >= _MOST_NAMES:
            _names.clear()
        _names[name] = rule
    return rule
