"""Dictionaries of structured fields: what can be parsed, and what its members are."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.priority.dictionary import MAX_MEMBERS, MAX_SIZE, Member, parse_dictionary
from tests.support.counted import lines_run


@pytest.mark.parametrize(
    ("text", "members"),
    [
        (b"", {}),
        (b"   ", {}),
        (b"a", {b"a": True}),
        (b"a=?0, b=?1", {b"a": False, b"b": True}),
        (b"a=1 ,\t b=-23", {b"a": 1, b"b": -23}),
        (b"  a=1  ", {b"a": 1}),
        (b"a=1\t", {b"a": 1}),
        (b"a=1,a=2,b,a=3", {b"a": 3, b"b": True}),
        (b"a=999999999999999", {b"a": 999_999_999_999_999}),
        (b"a=-0", {b"a": 0}),
        (b"a=007", {b"a": 7}),
        (b"*k_1-.*=1", {b"*k_1-.*": 1}),
        (b"a=1;q;r=2;r=?0;  s=to/k:en, b;x", {b"a": 1, b"b": True}),
    ],
)
def test_integers_and_booleans_are_read(text: bytes, members: dict[bytes, Member]) -> None:
    assert parse_dictionary(text) == members


@pytest.mark.parametrize(
    "item",
    [
        b"1.5",
        b"-123456789012.123",
        b'""',
        rb'"a \"quoted\" \\ one"',
        b"token",
        b"*t!#$%&'*+-.^_`|~09:/",
        b"::",
        b":aGVsbG8=:",
        b":aGVsbG8:",  # RFC 9651 §4.2.7: SHOULD NOT fail for want of padding
        b":iZ==:",  # nor for pad bits that are not zero
        b"@1659578233",
        b"@-1",
        b'%"f%c3%bc%c3%bc"',
        b'%""',
        b"()",
        b"(  1   2  )",
        b'("a";x=1 b;y (1 2))'.replace(b" (1 2)", b""),
        b'(1 "b" :YQ==: ?0 @1 %"x" c;d=1);e',
    ],
)
def test_values_of_other_types_are_taken_and_not_made(item: bytes) -> None:
    assert parse_dictionary(b"a=" + item + b", b=2") == {b"a": None, b"b": 2}


@pytest.mark.parametrize(
    "text",
    [
        b"a=1,",
        b"a=1, ",
        b",a=1",
        b"a=1,,b=2",
        b"a=1 b=2",
        b"\ta=1",
        b"A=1",
        b"1a=1",
        b"-a=1",
        b"a =1",
        b"a= 1",
        b"a=",
        b"a=1;",
        b"a=1;Q=1",
        b"a=1;q=",
        b"a=1 ;q",
        b"a=1;\tq",
        b"a=1;q=(1)",
        b"a=--1",
        b"a=-",
        b"a=+1",
        b"a=1.",
        b"a=.1",
        b"a=1.1234",
        b"a=1234567890123.1",
        b"a=1000000000000000",
        b"a=?2",
        b"a=?",
        b"a=?t",
        b'a="',
        b'a="\\a"',
        b'a="\\',
        b'a="\x7f"',
        b'a="\xc3\xbc"',
        b"a=:",
        b"a=:YQ",
        b"a=:Y:",
        b"a=:YQ=Y:",
        b"a=:Y Q:",
        b"a=:Y_Q-:",
        b"a=:YQ====:",
        b"a=@",
        b"a=@1.5",
        b"a=@a",
        b'a=%"%C3%BC"',
        b'a=%"%c3"',
        b'a=%"%f"',
        b"a=%x",
        b"a=%",
        b'a=%"a',
        b"a=(",
        b"a=(1",
        b"a=(1 ",
        b"a=(1,2)",
        b"a=(1\t2)",
        b'a=(1"b")',
        b"a=((1))",
        b"a=(1;)",
        b"a={}",
        b"\xfc=1",
        b"a=1\n",
        b"a=1\x00",
    ],
)
def test_what_is_no_dictionary_fails_whole(text: bytes) -> None:
    assert parse_dictionary(text) is None, "RFC 9651 §4.2: the entire field value is ignored"


def test_a_value_as_long_as_the_limit_is_read_and_a_longer_one_is_not() -> None:
    longest = b"u=1, x=" + b"y" * (MAX_SIZE - 7)
    assert parse_dictionary(longest) == {b"u": 1, b"x": None}
    assert parse_dictionary(longest + b"y") is None, "nobody needs that many"


def test_as_many_members_as_the_limit_are_read_and_more_are_not() -> None:
    most = b",".join([b"a=%d" % number for number in range(MAX_MEMBERS)])
    assert parse_dictionary(most) == {b"a": MAX_MEMBERS - 1}
    assert parse_dictionary(most + b",a") is None, "each time it is named counts"


SYNTAX = st.text(alphabet='aAui0129=,;()?:@%"\\*-. \t=/c3', max_size=40).map(str.encode)


@given(st.one_of(SYNTAX, st.binary(max_size=300)))
def test_any_bytes_are_parsed_or_are_not(text: bytes) -> None:
    members = parse_dictionary(text)
    if members is not None:
        again = parse_dictionary(b" " + text)
        assert again == members or len(text) == MAX_SIZE, "leading spaces mean nothing"


def test_work_grows_with_the_length_and_not_faster() -> None:
    # Each of them fails at its end: whatever was tried before must not be tried again.
    for start, middle, end in ((b"a=(", b"1 ", b""), (b"a", b";b=1", b";"), (b'a="', b"\\", b"")):
        texts = [start + middle * count + end for count in (12, 48)]
        counts = [lines_run(partial(parse_dictionary, text)) for text in texts]
        assert counts[1] <= 4.5 * counts[0], f"linear in {middle!r}"
