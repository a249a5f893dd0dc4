"""Dictionaries of structured fields: which members a value has (RFC 9651 §3.2, §4.2.2).

All of the syntax is checked; of the members' values only Integers and Booleans are made, for
priority parameters are of no other type.  Lists and Items by themselves are not here.
"""

import re
from typing import Final, TypeAlias

Member: TypeAlias = int | bool | None
"""The value of one member; `None` for one of another type."""

MAX_SIZE: Final = 256
"""Bytes of a value.  The longest that two parameters need has ten; the rest is for the unknown."""

MAX_MEMBERS: Final = 16
"""Members of a dictionary, each time it is named counted; IANA has registered two parameters."""

# No two branches of a pattern can match the same text, so none of them goes back: a match takes
# time in proportion to the text.
_SPACES: Final = re.compile(rb" *")
_WHITE_SPACE: Final = re.compile(rb"[ \t]*")
# RFC 9651 §4.2.3.3: key = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" )
_KEY: Final = re.compile(rb"[a-z*][a-z0-9_.*-]*")
# RFC 9651 §4.2.4: 15 digits, or 12 before a point and 3 behind it.  What is left of longer ones
# is no separator, so they fail in the next step.
_NUMBER: Final = re.compile(rb"-?(?:[0-9]{1,12}\.[0-9]{1,3}|[0-9]{1,15})")
_DATE: Final = re.compile(rb"@-?[0-9]{1,15}")
_STRING: Final = re.compile(rb'"(?:[ !#-\[\]-~]|\\["\\])*"')
_TOKEN: Final = re.compile(rb"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*")
_BYTES: Final = re.compile(rb":[A-Za-z0-9+/]*={0,2}:")
_BOOLEAN: Final = re.compile(rb"\?[01]")
_DISPLAY: Final = re.compile(rb'%"(?:[ !#$&-~]|%[0-9a-f]{2})*"')

_SPACE: Final = 0x20
_QUOTE: Final = 0x22
_PERCENT: Final = 0x25
_OPEN: Final = 0x28
_CLOSE: Final = 0x29
_STAR: Final = 0x2A
_COMMA: Final = 0x2C
_MINUS: Final = 0x2D
_COLON: Final = 0x3A
_SEMICOLON: Final = 0x3B
_EQUALS: Final = 0x3D
_QUESTION: Final = 0x3F
_AT: Final = 0x40

# "Not to be parsed", where a position is meant.
_FAULT: Final = -1


def parse_dictionary(text: bytes) -> dict[bytes, Member] | None:
    """The members of a field value by their keys; `None` when it cannot be parsed, or is longer
    than `MAX_SIZE` or `MAX_MEMBERS` allow.

    Several field lines of one name have to be joined by a comma first (RFC 9651 §4.2).
    """
    end = len(text)
    if end > MAX_SIZE:
        return None
    members: dict[bytes, Member] = {}
    # RFC 9651 §4.2: leading and trailing spaces are discarded; a tab is not among them.
    at = _skip(_SPACES, text, 0)
    count = 0
    while at < end:
        count += 1
        start = at
        at = _match(_KEY, text, at)
        if at < 0 or count > MAX_MEMBERS:
            return None
        key = text[start:at]
        value: Member = True
        if at < end and text[at] == _EQUALS:
            start = at + 1
            at = _item_or_list(text, start)
            if at < 0:
                return None
            value = _value(text, start, at)
        at = _parameters(text, at)
        if at < 0:
            return None
        # RFC 9651 §4.2.2: of duplicate keys, all but the last are ignored.
        members[key] = value
        at = _skip(_WHITE_SPACE, text, at)
        if at >= end:
            break
        if text[at] != _COMMA:
            return None
        at = _skip(_WHITE_SPACE, text, at + 1)
        if at >= end:
            return None  # RFC 9651 §4.2.2: there is a trailing comma; fail parsing
    return members


def _skip(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    """Where the text goes on behind what the pattern, which may match nothing, matches at `at`."""
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _match(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = pattern.match(text, at)
    return _FAULT if found is None else found.end()


def _item_or_list(text: bytes, at: int) -> int:
    """The end of an Item without its parameters, or of an Inner List (RFC 9651 §4.2.1.1)."""
    if at < len(text) and text[at] == _OPEN:
        return _inner_list(text, at + 1)
    return _bare_item(text, at)


def _inner_list(text: bytes, at: int) -> int:
    end = len(text)
    while at < end:
        at = _skip(_SPACES, text, at)
        if at < end and text[at] == _CLOSE:
            return at + 1
        at = _bare_item(text, at)
        if at >= 0:
            at = _parameters(text, at)
        # RFC 9651 §4.2.1.2: behind an item there is a space, or the end of the list.
        if at < 0 or at >= end or (text[at] != _SPACE and text[at] != _CLOSE):
            return _FAULT
    return _FAULT


def _parameters(text: bytes, at: int) -> int:
    """The end of the parameters that begin at `at`, if any do (RFC 9651 §4.2.3.2)."""
    end = len(text)
    while at < end and text[at] == _SEMICOLON:
        at = _match(_KEY, text, _skip(_SPACES, text, at + 1))
        if at >= 0 and at < end and text[at] == _EQUALS:
            at = _bare_item(text, at + 1)
        if at < 0:
            return _FAULT
    return at


def _bare_item(text: bytes, at: int) -> int:
    """The end of the bare item that begins at `at`: its first byte tells the type (RFC 9651
    §4.2.3.1).
    """
    if at >= len(text):
        return _FAULT
    first = text[at]
    if first == _MINUS or 0x30 <= first <= 0x39:
        return _match(_NUMBER, text, at)
    if first == _QUESTION:
        return _match(_BOOLEAN, text, at)
    if first == _QUOTE:
        return _match(_STRING, text, at)
    if first == _COLON:
        end = _match(_BYTES, text, at)
        # RFC 4648 §4: a byte makes two digits, so one digit by itself is of none.  RFC 9651 §4.2.7:
        # parsers SHOULD NOT fail for want of padding.
        if end >= 0 and len(text[at + 1 : end - 1].rstrip(b"=")) % 4 == 1:
            return _FAULT
        return end
    if first == _AT:
        return _match(_DATE, text, at)
    if first == _PERCENT:
        end = _match(_DISPLAY, text, at)
        return end if end >= 0 and _is_utf8(text[at + 2 : end - 1]) else _FAULT
    if first == _STAR or 0x41 <= first <= 0x5A or 0x61 <= first <= 0x7A:
        return _match(_TOKEN, text, at)
    return _FAULT


def _is_utf8(text: bytes) -> bool:
    """Whether a percent-encoded text is one of UTF-8 (RFC 9651 §4.2.10)."""
    octets = bytearray()
    at = 0
    while at < len(text):
        if text[at] == _PERCENT:
            octets.append(int(text[at + 1 : at + 3], 16))
            at += 3
        else:
            octets.append(text[at])
            at += 1
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _value(text: bytes, start: int, end: int) -> Member:
    """An Integer or a Boolean as a value; `None` for any other item."""
    first = text[start]
    if first == _QUESTION:
        return text[start + 1] == 0x31
    if (first == _MINUS or 0x30 <= first <= 0x39) and b"." not in text[start:end]:
        return int(text[start:end])
    return None
