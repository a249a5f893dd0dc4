"""Header sections on their way out."""

from typing import cast

import pytest

from hyper.compat.h2._outbound import outbound_fields
from hyper.compat.h2.config import H2Configuration
from hyper.compat.hpack.struct import HeaderTuple, HeaderWeaklyTyped, NeverIndexedHeaderTuple
from hyper.wire import Field, SensitiveField

AS_IT_IS = H2Configuration(normalize_outbound_headers=False)
SPLIT = H2Configuration(split_outbound_cookies=True)
LONG = "c" * 20


def sent(*headers: HeaderWeaklyTyped, config: H2Configuration | None = None) -> list[Field]:
    return outbound_fields(headers, H2Configuration() if config is None else config, {})


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ((b"a", b"b"), (b"a", b"b")),
        (("a", "b"), (b"a", b"b")),
        (("a", "\xe9"), (b"a", b"\xc3\xa9")),
        ((b" A\t", b"\r\n b c "), (b"a", b"b c")),
        (HeaderTuple(b"A", b"b"), (b"a", b"b")),
        ((b"a", b""), (b"a", b"")),
    ],
)
def test_a_field_is_put_in_order(header: HeaderWeaklyTyped, field: Field) -> None:
    assert sent(header) == [field], "bytes, in lower case, without spaces around it"
    assert type(sent(header)[0]) is tuple, "and plain"


@pytest.mark.parametrize(
    "name", ["connection", "Proxy-Connection", "KEEP-ALIVE", "transfer-encoding", "upgrade"]
)
def test_fields_of_a_connection_are_left_out(name: str) -> None:
    assert sent((name, "x"), ("a", "b")) == [(b"a", b"b")], "RFC 9113 §8.2.2"
    assert len(sent((name, "x"), config=AS_IT_IS)) == 1, "unless nothing is to be touched"


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        (("authorization", "x"), True),
        (("Proxy-Authorization", "x"), True),
        (("x-authorization", "x"), False),
        (("set-cookie", "x"), False),
        (("cookie", LONG[1:]), True),
        (("cookie", LONG), False),
        (NeverIndexedHeaderTuple(b"a", b"b"), True),
        (NeverIndexedHeaderTuple(b"cookie", LONG.encode()), True),
    ],
)
def test_what_can_be_guessed_is_never_indexed(header: HeaderWeaklyTyped, secret: bool) -> None:
    (field,) = sent(header)
    assert isinstance(field, SensitiveField) is secret, "RFC 7541 §7.1.3"


def test_cookies_are_split_where_that_is_asked_for() -> None:
    cookie = ("cookie", f"a=b; {LONG}")
    assert sent(cookie) == [(b"cookie", f"a=b; {LONG}".encode())], "h2 leaves them whole"
    first, second = sent(cookie, config=SPLIT)
    assert (first, second) == ((b"cookie", b"a=b"), (b"cookie", LONG.encode())), "RFC 9113 §8.2.3"
    assert isinstance(first, SensitiveField), "each crumb by its own length"
    assert not isinstance(second, SensitiveField), "the long one as any field"


def test_nothing_is_touched_where_nothing_is_to_be() -> None:
    headers: list[HeaderWeaklyTyped] = [("A ", " b"), (b"te", b"gzip")]
    assert sent(*headers, config=AS_IT_IS) == [(b"A ", b" b"), (b"te", b"gzip")], "but for text"
    (field,) = sent(NeverIndexedHeaderTuple(b"a", b"b"), config=AS_IT_IS)
    assert isinstance(field, SensitiveField), "a mark is kept"


def test_what_came_before_is_known_but_for_secrets() -> None:
    known: dict[object, Field] = {}
    config = H2Configuration()
    headers: list[HeaderWeaklyTyped] = [
        ("A", "b"),
        (b"a", b"b"),
        ("authorization", "x"),
        ("cookie", "short"),
        NeverIndexedHeaderTuple(b"c", b"d"),
        ("large", "x" * 200),
    ]
    first = outbound_fields(headers, config, known)
    assert set(known) == {("A", "b"), (b"a", b"b")}, "no secret, and nothing large"
    again = outbound_fields(headers, config, known)
    assert again == first, "the same comes of it"
    assert again[0] is first[0], "the same object, which the compression finds sooner"
    marked = outbound_fields([NeverIndexedHeaderTuple(b"a", b"b")], config, known)
    assert isinstance(marked[0], SensitiveField), "equal to a known one, and marked"


def test_what_is_known_is_bounded() -> None:
    known: dict[object, Field] = {}
    for number in range(1_000):
        outbound_fields([("x", str(number))], H2Configuration(), known)
    assert len(known) <= 256, "whoever invents fields holds no more"


@pytest.mark.parametrize("header", [("a",), ("a", "b", "c"), "abc", ("a", 5)])
def test_what_is_no_pair_of_text_is_refused(header: object) -> None:
    with pytest.raises((ValueError, AttributeError)):
        outbound_fields([cast("HeaderWeaklyTyped", header)], H2Configuration(), {})
