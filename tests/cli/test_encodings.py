"""Which form of a file is sent."""

from collections.abc import Sequence

import pytest

from hyper.cli.encodings import LEAST, SUFFIXES, Choice, Encodings
from hyper.coding import available

HTML = b"text/html; charset=utf-8"
PNG = b"image/png"
BIG = 100_000

pytestmark = pytest.mark.skipif("br" not in available(), reason="br needs a library for it")


def chosen(
    accept: bytes | None,
    *,
    kind: bytes = HTML,
    size: int = BIG,
    packed: Sequence[str] = (),
    ranged: bool = False,
    live: bool = True,
) -> Choice:
    return Encodings(live=live).choose(kind, size, packed, accept, ranged=ranged)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (b"gzip, br", "br"),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"br;q=0.5, gzip", "gzip"),
        (b"*", "br"),
        (b"*;q=0.1, gzip", "gzip"),
        (b"deflate", ""),
        (b"", ""),
        (None, ""),
        (b"identity", ""),
        (b"gzip;q=0, br;q=0", ""),
        (b"GZIP", "gzip"),
    ],
)
def test_text_is_packed_as_the_client_prefers(accept: bytes | None, coding: str) -> None:
    assert chosen(accept) == Choice(coding, live=coding != "", varies=True), "RFC 9110 §12.5.3"


@pytest.mark.parametrize(
    "kind", [PNG, b"video/mp4", b"application/zip", b"application/octet-stream", b"font/woff2"]
)
def test_what_has_been_packed_already_goes_out_as_it_is(kind: bytes) -> None:
    assert chosen(b"br", kind=kind) == Choice(), "and the same to all: no Vary"


@pytest.mark.parametrize(
    "kind", [b"text/css", b"application/json", b"application/ld+json", b"image/svg+xml"]
)
def test_text_by_any_other_name_is_packed(kind: bytes) -> None:
    assert chosen(b"gzip", kind=kind).coding == "gzip"


def test_a_small_file_is_not_worth_it() -> None:
    assert chosen(b"br", size=LEAST - 1) == Choice()
    assert chosen(b"br", size=LEAST).live


def test_what_lies_there_comes_first_where_the_client_does_not_care() -> None:
    assert chosen(b"br, gzip", packed=["gzip"]) == Choice("gzip", varies=True)
    assert chosen(b"br, gzip;q=0.5", packed=["gzip"]) == Choice("br", live=True, varies=True)
    assert chosen(b"gzip", kind=PNG, packed=["gzip"]) == Choice("gzip", varies=True)


def test_a_part_is_one_of_what_has_a_length() -> None:
    assert chosen(b"br", ranged=True) == Choice("", varies=True)
    assert chosen(b"br, gzip", packed=["gzip"], ranged=True) == Choice("gzip", varies=True)


def test_without_packing_only_what_lies_there_is_used() -> None:
    assert chosen(b"br, gzip", live=False) == Choice()
    assert chosen(b"br, gzip", packed=["gzip"], live=False) == Choice("gzip", varies=True)


def test_a_client_that_refuses_everything_gets_nothing() -> None:
    assert chosen(b"identity;q=0, lzma").coding is None, "RFC 9110 §12.5.3: a 406"
    assert chosen(b"identity;q=0, gzip").coding == "gzip"
    assert chosen(b"*;q=0").coding is None
    assert chosen(b"*;q=0", kind=PNG) == Choice(), "RFC 9110 §12.4.1: disregarded where one form is"


@pytest.mark.parametrize("accept", [b"br;q=2", b"br;;", b"@", b"gzip;q=0.5;x"])
def test_a_field_that_cannot_be_read_is_none(accept: bytes) -> None:
    assert chosen(accept) == Choice("", varies=True), "half of it may mean the contrary"


def test_only_so_many_are_packed_at_a_time() -> None:
    encodings = Encodings(most_at_once=2)
    packings = [encodings.begin("gzip"), encodings.begin("gzip")]
    busy = encodings.choose(HTML, BIG, (), b"gzip", ranged=False)
    assert busy == Choice("", varies=True), "more go out as they are"
    lying = encodings.choose(HTML, BIG, ["gzip"], b"gzip", ranged=False)
    assert lying == Choice("gzip", varies=True), "which costs nothing"
    packings[0].close()
    packings[0].close()
    assert encodings.choose(HTML, BIG, (), b"gzip", ranged=False).live, "one has ended, once"


def test_each_coding_has_a_suffix_of_its_own() -> None:
    assert len(set(SUFFIXES.values())) == len(SUFFIXES)
    assert set(SUFFIXES) <= {"br", "zstd", "gzip"}
