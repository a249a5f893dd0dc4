"""Cookies in one field or in many (RFC 9113 §8.2.3).

HTTP/2 allows one `cookie` field for each cookie pair, which compresses better: only the pair that
changed has to be sent anew.  Everything else, HTTP/1.1 and applications among it, expects one.

The engine leaves fields as they are, in both directions; each crumb counts as a field.
"""

from collections.abc import Sequence
from typing import Final, cast

from hyper.wire import Field, SensitiveField

_COOKIE: Final = b"cookie"
_BETWEEN: Final = b"; "


def join_cookies(fields: Sequence[Field]) -> Sequence[Field]:
    """`fields` with one `cookie` field at most, in the place of the first.

    What has no more than one is returned as it is.  A secret among the crumbs makes the whole one.
    """
    # Typed `object`, a field stays what it is: compiled, a tuple type is taken apart and put
    # together anew, and is no secret any more.
    objects: Sequence[object] = fields
    crumbs: list[object] = [field for field in objects if cast("Field", field)[0] == _COOKIE]
    if len(crumbs) < 2:
        return fields
    # RFC 9113 §8.2.3: before they leave HTTP/2, they MUST be concatenated into one, by "; ".
    value = _BETWEEN.join([cast("Field", crumb)[1] for crumb in crumbs])
    cookie: object = (_COOKIE, value)
    for crumb in crumbs:
        if isinstance(crumb, SensitiveField):
            cookie = SensitiveField(_COOKIE, value)
    joined: list[object] = []
    first = True
    for field in objects:
        if cast("Field", field)[0] != _COOKIE:
            joined.append(field)
        elif first:
            joined.append(cookie)
            first = False
    return cast("list[Field]", joined)


def split_cookies(fields: Sequence[Field]) -> Sequence[Field]:
    """`fields` with one `cookie` field for each pair: `join_cookies` makes the same one of them.

    What has none to split is returned as it is.
    """
    objects: Sequence[object] = fields
    split: list[object] = []
    found = False
    for field in objects:
        name, value = cast("Field", field)
        if name != _COOKIE or _BETWEEN not in value:
            split.append(field)
            continue
        found = True
        for crumb in value.split(_BETWEEN):
            if isinstance(field, SensitiveField):
                split.append(SensitiveField(_COOKIE, crumb))
            else:
                split.append((_COOKIE, crumb))
    return cast("list[Field]", split) if found else fields
