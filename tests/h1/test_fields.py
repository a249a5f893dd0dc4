"""Field lines to fields and back, and what they say about their message (RFC 9112 §5)."""

import pytest

from hyper.h1.fields import (
    CLOSE,
    CONTINUE,
    KEEP_ALIVE,
    NO_EXPECTATION,
    TE_OPTION,
    UNKNOWN_EXPECTATION,
    UPGRADE_OPTION,
    FieldReader,
    FieldWriter,
    Section,
    trailers_fault,
)
from hyper.h1.framing import Coding, Length
from hyper.h1.leniences import Leniences
from hyper.wire import Field, SensitiveField


def read(block: bytes, *, leniences: Leniences | None = None) -> Section:
    found = FieldReader(leniences or Leniences()).read(block)
    assert isinstance(found, Section), found
    return found


def fault(block: bytes, *, leniences: Leniences | None = None) -> str:
    found = FieldReader(leniences or Leniences()).read(block)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (b"Host: a", b"host", b"a"),
        (b"Host:a", b"host", b"a"),
        (b"host: \t a \t ", b"host", b"a"),
        (b"X-Odd_Name!: v", b"x-odd_name!", b"v"),
        (b"a:", b"a", b""),
        (b"a:   ", b"a", b""),
        (b"a: b: c", b"a", b"b: c"),
        (b"a: caf\xe9", b"a", b"caf\xe9"),
        (b"a: b\tc", b"a", b"b\tc"),
        (b"a::b", b"a", b":b"),
        (b"ETag: x", b"etag", b"x"),
    ],
)
def test_a_line_is_a_name_and_a_value(line: bytes, name: bytes, value: bytes) -> None:
    found = read(line)
    assert found.fields == [(name, value)], "RFC 9112 §5.1: white space around it is no part of it"
    assert found.names == (line.partition(b":")[0],), "as it is spelled"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"Host : a", "between field name and colon"),
        (b"Host\t: a", "between field name and colon"),
        (b" Host: a", "folded"),
        (b"\tHost: a", "folded"),
        (b" ", "folded"),
        (b": a", "empty field name"),
        (b"Host", "without a colon"),
        (b"H\xc3st: a", "0xc3"),
        (b"H(st: a", "0x28"),
        (b"H\0st: a", "0x00"),
        (b"a: b\0c", "0x00"),
        (b"a: b\rc", "0x0d"),
        (b"a: b\nc", "0x0a"),
        (b"a: b\x0bc", "0x0b"),
        (b"a: \x0bc", "0x0b"),
        (b"a: b\x7f", "0x7f"),
        (b"a: b\x1b", "0x1b"),
        (b"a\rb: c", "0x0d"),
        (b"", "empty field name"),
    ],
)
def test_a_line_of_another_form_is_named(line: bytes, says: str) -> None:
    assert says in fault(b"a: b\r\n" + line), "RFC 9112 §5.1, §5.2; RFC 9110 §5.5"


def test_a_value_is_never_quoted() -> None:
    assert "secret" not in fault(b"Authorization: secret\0")


def test_an_empty_section_has_no_fields() -> None:
    found = read(b"")
    assert found.fields == []
    assert found.length is Length.NONE
    assert found.coding is Coding.NONE


@pytest.mark.parametrize(
    ("values", "length", "number"),
    [
        ([], Length.NONE, 0),
        ([b"0"], Length.ZERO, 0),
        ([b"00"], Length.ZERO, 0),
        ([b"5"], Length.GIVEN, 5),
        ([b"005"], Length.GIVEN, 5),
        ([b"999999999999999999"], Length.GIVEN, 999_999_999_999_999_999),
    ],
)
def test_a_content_length_is_one_number(values: list[bytes], length: Length, number: int) -> None:
    found = read(b"\r\n".join(b"Content-Length: " + value for value in values))
    assert (found.length, found.content_length) == (length, number), "RFC 9110 §8.6: 1*DIGIT"


@pytest.mark.parametrize(
    "values",
    [
        [b""],
        [b"+5"],
        [b"-5"],
        [b"0x5"],
        [b"5_0"],
        [b"5 0"],
        [b"5.0"],
        [b"5,5"],
        [b"5, 5"],
        [b"5,"],
        [b"5;5"],
        [b"\xd9\xa5"],
        [b"1000000000000000000"],
        [b"9" * 4_301],
        [b"5", b"5"],
        [b"5", b"6"],
        [b"0", b"0"],
        [b"5", b""],
        [b"x"],
    ],
)
def test_a_content_length_that_others_may_read_otherwise_is_bad(values: list[bytes]) -> None:
    found = read(b"\r\n".join(b"Content-Length: " + value for value in values))
    assert found.length is Length.BAD, "looked at as bytes, before `int` has a say"


@pytest.mark.parametrize(
    ("values", "number"),
    [([b"5", b"5"], 5), ([b"5, 5"], 5), ([b"5,5,5"], 5), ([b"5, 5", b"5"], 5), ([b"0", b"0"], 0)],
)
def test_equal_lengths_pass_where_they_are_let(values: list[bytes], number: int) -> None:
    lenient = Leniences(equal_lengths=True)
    block = b"\r\n".join(b"Content-Length: " + value for value in values)
    found = read(block, leniences=lenient)
    assert found.length is (Length.GIVEN if number else Length.ZERO), "RFC 9110 §8.6"
    assert found.content_length == number


@pytest.mark.parametrize("values", [[b"5", b"6"], [b"5, 6"], [b"5,"], [b",5"], [b"5, x"]])
def test_lengths_that_differ_are_bad_all_the_same(values: list[bytes]) -> None:
    block = b"\r\n".join(b"Content-Length: " + value for value in values)
    assert read(block, leniences=Leniences(equal_lengths=True)).length is Length.BAD


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([b"chunked"], Coding.CHUNKED),
        ([b"Chunked"], Coding.CHUNKED),
        ([b"gzip, chunked"], Coding.OVER_CHUNKED),
        ([b"gzip,chunked"], Coding.OVER_CHUNKED),
        ([b"gzip"], Coding.OTHER),
        ([b"identity"], Coding.OTHER),
        ([b"xchunked"], Coding.OTHER),
        ([b""], Coding.BAD),
        ([b","], Coding.BAD),
        ([b"chunked,"], Coding.BAD),
        ([b", chunked"], Coding.BAD),
        ([b"chunked, chunked"], Coding.BAD),
        ([b"chunked, gzip"], Coding.BAD),
        ([b"chunked;q=1"], Coding.BAD),
        ([b"chunked chunked"], Coding.BAD),
        ([b'"chunked"'], Coding.BAD),
        ([b"'chunked'"], Coding.OTHER),
        ([b"chunked", b"chunked"], Coding.BAD),
        ([b"gzip", b"chunked"], Coding.BAD),
        ([b"chunked", b"identity"], Coding.BAD),
    ],
)
def test_a_transfer_encoding_is_chunked_or_not_ours(values: list[bytes], coding: Coding) -> None:
    found = read(b"\r\n".join(b"Transfer-Encoding: " + value for value in values))
    assert found.coding is coding, "RFC 9112 §6.1"


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ([b"close"], CLOSE),
        ([b"Close"], CLOSE),
        ([b"keep-alive"], KEEP_ALIVE),
        ([b"Keep-Alive, Upgrade"], KEEP_ALIVE | UPGRADE_OPTION),
        ([b"te", b"close"], TE_OPTION | CLOSE),
        ([b"x, close , y"], CLOSE),
        ([b"closed"], 0),
        ([b""], 0),
        ([b",,close"], CLOSE),
    ],
)
def test_connection_lists_options(values: list[bytes], options: int) -> None:
    found = read(b"\r\n".join(b"Connection: " + value for value in values))
    assert found.options == options, "RFC 9110 §7.6.1: case-insensitive"


@pytest.mark.parametrize(
    ("values", "expectation"),
    [
        ([], NO_EXPECTATION),
        ([b""], NO_EXPECTATION),
        ([b"100-continue"], CONTINUE),
        ([b"100-Continue"], CONTINUE),
        ([b"100-continue, 100-continue"], CONTINUE),
        ([b"x"], UNKNOWN_EXPECTATION),
        ([b"100-continue, x"], UNKNOWN_EXPECTATION),
        ([b"x", b"100-continue"], UNKNOWN_EXPECTATION),
        ([b"100-continue=1"], UNKNOWN_EXPECTATION),
    ],
)
def test_expect_lists_expectations(values: list[bytes], expectation: int) -> None:
    found = read(b"\r\n".join(b"Expect: " + value for value in values))
    assert found.expectation == expectation, "RFC 9110 §10.1.1"


def test_upgrade_lists_protocols_over_all_its_fields() -> None:
    assert read(b"Upgrade: a\r\nUpgrade: b/1").upgrade == b"a, b/1"


def test_hosts_are_counted_and_a_bad_one_counts_as_two() -> None:
    assert read(b"a: b").hosts == 0
    assert read(b"Host: a").hosts == 1
    assert read(b"Host: a\r\nHost: b").hosts == 2
    assert read(b"Host: a b").hosts == 2
    assert read(b"Host: a:1").host == b"a:1"


# -- what the last section had in common with this one ----------------------------------------

SECTIONS = [
    b"Host: a\r\nCookie: 1",
    b"Host: a\r\nCookie: 2",
    b"Host: a\r\ncookie: 2",
    b"Host: b\r\nCookie: 2",
    b"Host: a\r\nContent-Length: 2",
    b"Host: a\r\nContent-Length: 3",
    b"Content-Length: 3\r\nHost: a",
    b"Host: a",
    b"",
    b"Host: a\r\nCookie: 1\r\nConnection: close",
    b"Host: a\r\nX-Other: 1\r\nConnection: close",
    b"Host: a\r\nX-Other: 1\r\nConnection: keep-alive",
    b"Host: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive",
]


@pytest.mark.parametrize("first", SECTIONS)
@pytest.mark.parametrize("second", SECTIONS)
def test_what_came_before_does_not_show(first: bytes, second: bytes) -> None:
    reader = FieldReader(Leniences())
    reader.read(first)
    seen, alone = reader.read(second), read(second)
    assert isinstance(seen, Section)
    # Compiled, a class has no list of its slots.
    facts = [name for name in dir(Section) if not name.startswith("_")]
    assert "host" in facts, "it has public facts"
    for name in facts:
        assert getattr(seen, name) == getattr(alone, name), name


@pytest.mark.parametrize("bad", [b"Host: a\r\nCookie : 1", b"Host: a\r\nCookie: \0", b"x"])
def test_a_section_that_was_refused_is_not_taken_for_one_that_was_read(bad: bytes) -> None:
    reader = FieldReader(Leniences())
    reader.read(b"Host: a\r\nCookie: 1")
    for _ in range(3):
        assert isinstance(reader.read(bad), str)
    found = reader.read(b"Host: a\r\nCookie: 1")
    assert isinstance(found, Section)
    assert found.fields == [(b"host", b"a"), (b"cookie", b"1")]


# -- what is to be sent -----------------------------------------------------------------------


def written(fields: list[Field], names: list[bytes] | None = None) -> list[bytes]:
    found = FieldWriter().read(fields, names or [])
    assert isinstance(found, Section), found
    return found.lines


def test_a_field_is_written_as_it_is_given() -> None:
    assert written([(b"Host", b"a"), (b"x-b", b"")]) == [b"Host: a\r\n", b"x-b: \r\n"]


def test_a_name_can_be_spelled_otherwise_than_it_is_compared() -> None:
    fields = [(b"host", b"a"), (b"dnt", b"1")]
    assert written(fields, [b"Host", b"DNT"]) == [b"Host: a\r\n", b"DNT: 1\r\n"]


@pytest.mark.parametrize("names", [[b"Host"], [b"Host", b"X"], [b"Host", b"dnt\r\nX: y"]])
def test_a_spelling_of_another_name_is_refused(names: list[bytes]) -> None:
    assert isinstance(FieldWriter().read([(b"host", b"a"), (b"dnt", b"1")], names), str)


@pytest.mark.parametrize(
    "field",
    [
        (b"", b"a"),
        (b"a b", b"c"),
        (b"a:", b"c"),
        (b"a\r\nb", b"c"),
        (b"a", b"b\r\nc: d"),
        (b"a", b"b\nc"),
        (b"a", b"b\rc"),
        (b"a", b"b\0c"),
        (b"a", b" b"),
        (b"a", b"b\t"),
        (b"a", b"\x0b"),
        (b"\xe9", b"b"),
    ],
)
def test_no_field_can_end_its_line_early(field: Field) -> None:
    for fields in ([field], [(b"a", b"b"), field]):
        assert isinstance(FieldWriter().read(fields, []), str), "RFC 9112 §11.1"


def test_a_line_that_is_remembered_is_as_it_was() -> None:
    writer = FieldWriter()
    field = (b"content-length", b"5")
    for _ in range(3):
        found = writer.read([field], [])
        assert isinstance(found, Section)
        assert found.lines == [b"content-length: 5\r\n"]
        assert found.content_length == 5


def test_a_writer_remembers_no_more_than_it_may() -> None:
    writer = FieldWriter()
    for number in range(1_000):
        found = writer.read([(b"x", b"%d" % number), (b"y", b"z")], [])
        assert isinstance(found, Section)
        assert found.lines == [b"x: %d\r\n" % number, b"y: z\r\n"]


def test_a_marked_secret_is_written_and_not_shown() -> None:
    secret = SensitiveField(b"authorization", b"let me in")
    assert written([secret]) == [b"authorization: let me in\r\n"]
    found = FieldWriter().read([SensitiveField(b"a", b"let me in\0")], [])
    assert isinstance(found, str)
    assert "let me" not in found


@pytest.mark.parametrize(
    "name",
    [
        b"transfer-encoding",
        b"content-length",
        b"host",
        b"connection",
        b"upgrade",
        b"te",
        b"expect",
        b"trailer",
        b"keep-alive",
        b"authorization",
        b"cookie",
        b"set-cookie",
        b"content-type",
        b"content-encoding",
        b"cache-control",
        b"range",
        b"max-forwards",
    ],
)
def test_what_frames_routes_or_describes_has_no_place_in_trailers(name: bytes) -> None:
    for spelled in (name, name.title()):
        assert trailers_fault([(b"x", b"1"), (spelled, b"1")]) is not None, "RFC 9110 §6.5.1"


@pytest.mark.parametrize("name", [b"x-checksum", b"etag", b"server-timing", b"grpc-status"])
def test_other_fields_have(name: bytes) -> None:
    assert trailers_fault([(name, b"1")]) is None
