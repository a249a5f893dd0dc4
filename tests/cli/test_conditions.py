"""Preconditions and ranges, as RFC 9110 §13 and §14 have them."""

from collections.abc import Mapping
from typing import Literal

import pytest

from hyper.cli.conditions import http_date, parse_date, parse_range, range_applies, verdict

TAG = b'"tag"'
TIME = 784_111_777  # Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110 §5.6.7
AT = b"Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = b"Sun, 06 Nov 1994 08:49:36 GMT"
AFTER = b"Sun, 06 Nov 1994 08:49:38 GMT"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 200),
        ({b"if-none-match": b'"tag"'}, 304),
        ({b"if-none-match": b'W/"tag"'}, 304),  # §13.1.2: the weak comparison
        ({b"if-none-match": b"*"}, 304),
        ({b"if-none-match": b'"a", "tag" ,"b"'}, 304),
        ({b"if-none-match": b'"a,"tag'}, 200),
        ({b"if-none-match": b'"other"'}, 200),
        ({b"if-none-match": b'""'}, 200),
        ({b"if-modified-since": AT}, 304),
        ({b"if-modified-since": AFTER}, 304),
        ({b"if-modified-since": BEFORE}, 200),
        ({b"if-modified-since": b"yesterday"}, 200),  # §13.1.3: MUST ignore what is no date
        ({b"if-match": b'"tag"'}, 200),
        ({b"if-match": b"*"}, 200),
        ({b"if-match": b'"other"'}, 412),
        ({b"if-match": b'W/"tag"'}, 412),  # §13.1.1: the strong comparison
        ({b"if-unmodified-since": AT}, 200),
        ({b"if-unmodified-since": AFTER}, 200),
        ({b"if-unmodified-since": BEFORE}, 412),
        ({b"if-unmodified-since": b"never"}, 200),
        # §13.2.2: the order, and which makes which of no account.
        ({b"if-none-match": b'"other"', b"if-modified-since": AT}, 200),
        ({b"if-match": b'"tag"', b"if-unmodified-since": BEFORE}, 200),
        ({b"if-match": b'"other"', b"if-none-match": b'"tag"'}, 412),
        ({b"if-match": b'"tag"', b"if-none-match": b'"tag"'}, 304),
        ({b"if-unmodified-since": AT, b"if-modified-since": AT}, 304),
    ],
)
def test_the_preconditions_of_a_get(fields: Mapping[bytes, bytes], expected: int) -> None:
    assert verdict("GET", fields, TAG, TIME) == expected
    assert verdict("HEAD", fields, TAG, TIME) == expected, "HEAD is answered like GET"


def test_for_what_changes_things_none_match_is_a_lock() -> None:
    assert verdict("PUT", {b"if-none-match": b'"tag"'}, TAG, TIME) == 412
    assert verdict("PUT", {b"if-modified-since": AT}, TAG, TIME) == 200, "GET and HEAD only"


def test_a_fraction_of_a_second_does_not_make_a_file_newer_than_its_date() -> None:
    assert verdict("GET", {b"if-modified-since": AT}, TAG, TIME + 0.9) == 304, (
        "the date it was told of had no fraction"
    )
    assert verdict("GET", {b"if-unmodified-since": AT}, TAG, TIME + 0.9) == 200


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"bytes=0-0", (0, 1)),
        (b"bytes=0-99", (0, 100)),
        (b"bytes=0-9999", (0, 100)),
        (b"bytes=10-", (10, 100)),
        (b"bytes=99-", (99, 100)),
        (b"bytes=-10", (90, 100)),
        (b"bytes=-1000", (0, 100)),
        (b"Bytes = 1-2", (1, 3)),
        (b"bytes=100-", "none"),
        (b"bytes=100-200", "none"),
        (b"bytes=-0", "none"),
        (b"bytes=5-4", "all"),
        (b"bytes=-", "all"),
        (b"bytes=", "all"),
        (b"bytes=a-b", "all"),
        (b"bytes=0-1,5-6", "all"),
        (b"lines=1-2", "all"),
        (b"bytes=1-2x", "all"),
        (b"bytes=0-" + b"9" * 5_000, "all"),
        (b"", "all"),
    ],
)
def test_one_range_of_a_hundred_bytes(
    value: bytes, expected: tuple[int, int] | Literal["all", "none"]
) -> None:
    assert parse_range(value, 100) == expected


@pytest.mark.parametrize("value", [b"bytes=0-", b"bytes=0-0", b"bytes=-1"])
def test_nothing_of_an_empty_file_can_be_had(value: bytes) -> None:
    assert parse_range(value, 0) == "none"


@pytest.mark.parametrize(
    ("if_range", "applies"),
    [
        (None, True),
        (TAG, True),
        (b'"other"', False),
        (b'W/"tag"', False),
        (AT, True),
        (AFTER, False),  # §13.1.5: a date must match exactly
        (b"garbage", False),
    ],
)
def test_a_range_is_for_the_representation_that_it_began_with(
    if_range: bytes | None, *, applies: bool
) -> None:
    assert range_applies(if_range, TAG, TIME, now=TIME + 60) is applies


def test_a_date_of_this_very_second_proves_nothing() -> None:
    # RFC 9110 §8.8.2.2: the file may be written once more in that second.
    assert not range_applies(AT, TAG, TIME, now=TIME + 0.5)


@pytest.mark.parametrize(
    "value",
    [AT, b"Sunday, 06-Nov-94 08:49:37 GMT", b"Sun Nov  6 08:49:37 1994"],
)
def test_a_date_has_three_forms(value: bytes) -> None:
    assert parse_date(value) == TIME


@pytest.mark.parametrize(
    "value", [b"", b"x", b"\xff", b"0", b"Sun, 99 Nov 1994 08:49:37 GMT", b"9" * 100]
)
def test_what_is_no_date_is_none(value: bytes) -> None:
    assert parse_date(value) is None


def test_a_date_is_written_in_the_preferred_form() -> None:
    assert http_date(TIME) == AT


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({b"if-none-match": b'"tag"'}, 304),  # RFC 9110 §8.8.3.2: weakly, the rest counts
        ({b"if-none-match": b'W/"tag"'}, 304),
        ({b"if-none-match": b'"other"'}, 200),
        ({b"if-match": b'"tag"'}, 412),  # strongly, a weak tag matches nothing
        ({b"if-match": b'W/"tag"'}, 412),
        ({b"if-match": b"*"}, 200),
    ],
)
def test_what_has_a_weak_tag_is_never_known_to_be_the_same_byte_by_byte(
    fields: Mapping[bytes, bytes], expected: int
) -> None:
    assert verdict("GET", fields, b'W/"tag"', TIME) == expected


def test_a_range_of_what_has_a_weak_tag_may_be_of_something_else() -> None:
    assert not range_applies(b'W/"tag"', b'W/"tag"', TIME, TIME + 10), "RFC 9110 §13.1.5"
    assert range_applies(b'"tag"', b'"tag"', TIME, TIME + 10)
