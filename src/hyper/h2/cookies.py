"""Cookies in one field or in many (RFC 9113 §8.2.3).

HTTP/2 allows one `cookie` field for each cookie pair, which compresses better: only the pair that
changed has to be sent anew.  Everything else, HTTP/1.1 and applications among it, expects one.

The engine leaves fields as they are, in both directions; each crumb counts as a field.
"""

from collections.abc import Sequence
from typing import Final

from hyper.wire import Field, SensitiveField

_COOKIE: Final = b"cookie"
_BETWEEN: Final = b"; "


def join_cookies(fields: Sequence[Field]) -> Sequence[Field]:
    """`fields` with one `cookie` field at most, in the place of the first.

    What has no more than one is returned as it is.  A secret among the crumbs makes the whole one.
    """
    crumbs = [field for field in fields if field[0] == _COOKIE]
    if len(crumbs) < 2:
        return fields
    # RFC 9113 §8.2.3: before they leave HTTP/2, they MUST be concatenated into one, by "; ".
    value = _BETWEEN.join([crumb[1] for crumb in crumbs])
    cookie: Field = (_COOKIE, value)
    for crumb in crumbs:
        if isinstance(crumb, SensitiveField):
            cookie = SensitiveField(_COOKIE, value)
    joined: list[Field] = []
    for field in fields:
        if field[0] != _COOKIE:
            joined.append(field)
        elif field is crumbs[0]:
            joined.append(cookie)
    return joined


def split_cookies(fields: Sequence[Field]) -> Sequence[Field]:
    """`fields` with one `cookie` field for each pair: `join_cookies` makes the same one of them.

    What has none to split is returned as it is.
    """
    whole = [field for field in fields if field[0] == _COOKIE and _BETWEEN in field[1]]
    if not whole:
        return fields
    split: list[Field] = []
    for field in fields:
        if field[0] != _COOKIE:
            split.append(field)
        elif isinstance(field, SensitiveField):
            split.extend([SensitiveField(_COOKIE, crumb) for crumb in field[1].split(_BETWEEN)])
        else:
            split.extend([(_COOKIE, crumb) for crumb in field[1].split(_BETWEEN)])
    return split
