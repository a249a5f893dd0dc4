"""Header sections beside those of h11."""

from typing import Any

import h11
import h11._headers as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hyper.compat.h11._headers as ours
from hyper.compat.h11 import Request

NAMES = st.sampled_from(
    [
        "Host",
        b"host",
        "X-A",
        b"x-a",
        "Content-Length",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "a b",
        "",
        "ä",
        b"n\x00",
        bytearray(b"Via"),
    ]
)
VALUES = st.sampled_from(
    [
        "1",
        b"1",
        "1, 1",
        "1, 2",
        "chunked",
        "CHUNKED",
        "gzip",
        "close, Upgrade",
        "",
        " a",
        "a ",
        "a\nb",
        b"a\x00",
        b"\x01",
        b"\xff",
        "a\tb",
        "0" * 21,
        "x",
        bytearray(b"v"),
        "a , b,,c",
    ]
)
SECTIONS = st.lists(st.tuples(NAMES, VALUES), max_size=5)


def made(module: Any, headers: list[Any]) -> object:
    try:
        section = module.normalize_and_validate(headers)
    except Exception as error:
        return type(error).__name__, getattr(error, "error_status_hint", None)
    return list(section), section.raw_items(), repr(section), section._full_items


@given(SECTIONS)
def test_what_a_program_gives_becomes_what_it_becomes_with_h11(headers: list[Any]) -> None:
    assert made(ours, headers) == made(peer, headers)


def test_a_section_is_a_sequence_that_equals_a_list() -> None:
    for module in (ours, peer):
        section = module.normalize_and_validate([("Host", "a"), ("X", "b")])
        pairs = [(b"host", b"a"), (b"x", b"b")]
        assert section == pairs
        assert list(section) == pairs
        assert (section[0], section[-1]) == (pairs[0], pairs[1])
        assert (len(section), bool(section), bool(module.Headers([]))) == (2, True, False)
        assert section.raw_items() == [(b"Host", b"a"), (b"X", b"b")]
        assert section == module.normalize_and_validate(section)
        with pytest.raises(TypeError, match="unhashable"):
            hash(section)
    assert ours.normalize_and_validate([("Host", "a")])[:5] == [(b"host", b"a")]


def test_what_the_engine_read_is_normalised_as_h11_does_it() -> None:
    for items in (
        [(b"content-length", b"3"), (b"content-length", b"3")],
        [(b"transfer-encoding", b"Chunked")],
        [(b"a", b"b")],
        [(b"content-length", b"3")],
    ):
        spelled = [name.title() for name, _ in items]
        section = ours.received(items, spelled)
        raw = [(name, value) for name, (_, value) in zip(spelled, items, strict=True)]
        assert list(section) == list(peer.normalize_and_validate(raw, _parsed=True))
        assert section.raw_items() == peer.normalize_and_validate(raw, _parsed=True).raw_items()


def test_kinds_tell_which_names_that_matter_are_there() -> None:
    section = ours.normalize_and_validate([("Host", "a"), ("HOST", "b"), ("TE", "x"), ("Q", "r")])
    assert ours.kinds(section) == ours.HOST | ours.SECOND_HOST | ours.TE
    assert (
        ours.kinds_of([(b"upgrade", b"x"), (b"connection", b"y")]) == ours.UPGRADE | ours.CONNECTION
    )


def test_names_that_were_found_legal_are_remembered_within_bounds() -> None:
    for number in range(1500):
        ours.normalize_and_validate([(f"X-{number}", "a"), ("Y" * 100 + str(number), "a")])
    assert len(ours._KNOWN) <= 512
    assert len(ours._KNOWN_TEXT) <= 512
    assert max(map(len, ours._KNOWN)) <= 64


def test_lists_in_fields_are_read_and_written_as_by_h11() -> None:
    pairs: list[Any] = [("Connection", "a, B ,,c"), ("X", "y"), ("connection", "d")]
    for module in (ours, peer):
        section = module.normalize_and_validate(pairs)
        assert module.get_comma_header(section, b"connection") == [b"a", b"b", b"c", b"d"]
        changed = module.set_comma_header(section, b"connection", [b"close", b"x"])
        assert changed.raw_items() == [
            (b"X", b"y"),
            (b"Connection", b"close"),
            (b"Connection", b"x"),
        ]


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("expect", ["100-continue", "100-Continue, x", "x"])
def test_who_waits_for_100_is_seen_by_the_request(version: str, expect: str) -> None:
    parts: Any = {
        "method": "GET",
        "target": "/",
        "headers": [("Host", "a"), ("Expect", expect)],
        "http_version": version,
    }
    assert ours.has_expect_100_continue(Request(**parts)) is peer.has_expect_100_continue(
        h11.Request(**parts)
    )
