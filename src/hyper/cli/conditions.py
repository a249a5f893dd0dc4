"""Conditional and range requests (RFC 9110 §13, §14) as pure functions of field values.

Not here: files.  What is known of one is an entity tag, a time and a size.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal[200, 304, 412]
"""What the preconditions of a request come to: go on, not modified, precondition failed."""

_RANGE: Final = re.compile(rb"bytes[ \t]*=[ \t]*(\d*)-(\d*)[ \t]*", re.IGNORECASE)

# Longer numbers mean nothing in a file, and converting them costs the square of their length.
_MOST_DIGITS: Final = 20

# RFC 9110 §8.8.3: entity-tag = [ weak ] opaque-tag.
_TAG: Final = re.compile(rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def verdict(method: str, fields: Mapping[bytes, bytes], tag: bytes, modified: float) -> Verdict:
    """The preconditions in their order (RFC 9110 §13.2.2).

    `fields` are the request's, `tag` is the entity tag of what there is, quotes included, and
    `modified` its time in seconds since the epoch.
    """
    reading = method in ("GET", "HEAD")
    if b"if-match" in fields:
        if not _matches(fields[b"if-match"], tag, weak=False):
            return 412
    elif b"if-unmodified-since" in fields:
        date = parse_date(fields[b"if-unmodified-since"])
        if date is not None and int(modified) > date:
            return 412
    if b"if-none-match" in fields:
        if _matches(fields[b"if-none-match"], tag, weak=True):
            return 304 if reading else 412
    elif reading and b"if-modified-since" in fields:
        date = parse_date(fields[b"if-modified-since"])
        if date is not None and int(modified) <= date:
            return 304
    return 200


def range_applies(if_range: bytes | None, tag: bytes, modified: float, now: float) -> bool:
    """Whether the Range of a request is to be honoured, by its If-Range (RFC 9110 §13.1.5)."""
    if if_range is None:
        return True
    if if_range.endswith(b'"'):
        # RFC 9110 §13.1.5: the comparison is strong: a weak tag, on either side, is none.
        return if_range == tag and tag.startswith(b'"')
    # RFC 9110 §8.8.2.2: a date is a strong validator only when the representation cannot have
    # changed twice in that second.
    return parse_date(if_range) == int(modified) and now - modified >= 1


def parse_range(value: bytes, size: int) -> tuple[int, int] | Literal["all", "none"]:
    """What to send of `size` bytes: a range as `(start, stop)`, everything, or none (416).

    Everything for what is not a single range of bytes: RFC 9110 §14.2 lets a server ignore those.
    """
    match = _RANGE.fullmatch(value)
    if match is None or len(match[1]) > _MOST_DIGITS or len(match[2]) > _MOST_DIGITS:
        return "all"
    if not match[1]:
        if not match[2]:
            return "all"
        # RFC 9110 §14.1.2: a suffix; longer than the content it is the entire content.
        count = int(match[2])
        return (max(0, size - count), size) if count and size else "none"
    start = int(match[1])
    if match[2]:
        last = int(match[2])
        if last < start:
            # RFC 9110 §14.1.1: such a range is invalid, and so to be ignored.
            return "all"
        stop = min(last + 1, size)
    else:
        stop = size
    return (start, stop) if start < size else "none"


def parse_date(value: bytes) -> int | None:
    """An HTTP-date in any of its three forms (RFC 9110 §5.6.7), in seconds since the epoch."""
    try:
        date = parsedate_to_datetime(value.decode("ascii"))
        if date.tzinfo is None:
            # asctime-date and "-0000" say no zone: HTTP has only one.
            date = date.replace(tzinfo=UTC)
        return int((date - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def http_date(seconds: int) -> bytes:
    """`seconds` since the epoch as an IMF-fixdate."""
    return formatdate(seconds, usegmt=True).encode("ascii")


def _matches(value: bytes, tag: bytes, *, weak: bool) -> bool:
    """Whether `tag` is in a list of tags, or the list is `*` (RFC 9110 §13.1.1, §13.1.2)."""
    if value.strip() == b"*":
        return True
    # RFC 9110 §8.8.3.2: compared strongly, a weak tag matches nothing; weakly, the rest counts.
    if tag.startswith(b"W/"):
        if not weak:
            return False
        tag = tag[2:]
    for each in _TAG.findall(value):
        candidate: bytes = each
        if candidate.startswith(b"W/"):
            if not weak:
                continue
            candidate = candidate[2:]
        if candidate == tag:
            return True
    return False
