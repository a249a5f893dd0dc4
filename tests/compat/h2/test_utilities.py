"""The steps for header sections, beside those of h2."""

from typing import Any

import h2.utilities as peer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hyper.compat.h2.utilities as ours
from hyper.compat.h2.exceptions import FlowControlError, ProtocolError
from hyper.compat.hpack.struct import HeaderTuple, NeverIndexedHeaderTuple

NAMES = [
    b":method", b":scheme", b":authority", b":path", b":status", b":protocol", b":x", b"host",
    b"te", b"connection", b"a", b"A", b"a:b", b"a b", b"\x7f", b"cookie", b"authorization",
    b"transfer-encoding", b"keep-alive", b"proxy-authorization",
]  # fmt: skip
VALUES = [
    b"GET", b"CONNECT", b"", b"a", b" a", b"a\t", b"a\r\n", b"trailers", b"Trailers", b"x" * 25,
    b"a=b; c=d", b"\x00",
]  # fmt: skip
GOOD = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"a"), (b":path", b"/")]
SECTIONS = st.lists(
    st.one_of(st.sampled_from(GOOD), st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES))),
    max_size=6,
    unique_by=str,
)
STEPS = [
    "validate_headers",
    "validate_outbound_headers",
    "normalize_outbound_headers",
    "normalize_inbound_headers",
]


def outcome(module: Any, step: str, headers: list[Any], flags: list[bool], *more: bool) -> object:
    checked = getattr(module, step)(iter(headers), module.HeaderValidationFlags(*flags), *more)
    try:
        return [(type(header).__name__, tuple(header)) for header in checked]
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("step", STEPS)
@given(SECTIONS, st.booleans(), st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=200)
def test_a_section_comes_out_as_with_h2(
    step: str, headers: list[Any], whole: bool, flags: list[bool]
) -> None:
    section = [*(GOOD if whole else []), *headers]
    assert outcome(ours, step, section, flags) == outcome(peer, step, section, flags)
    if step == "normalize_outbound_headers":
        assert outcome(ours, step, section, flags, True) == outcome(
            peer, step, section, flags, True
        )


def test_a_name_of_no_octets_is_refused_both_ways() -> None:
    flags = [False] * 4
    for step in STEPS[:2]:
        assert outcome(ours, step, [*GOOD, (b"", b"x")], flags) == "ProtocolError"
    assert outcome(peer, STEPS[1], [*GOOD, (b"", b"x")], flags) == "IndexError", "h2 stumbles"


def test_a_step_is_lazy() -> None:
    flags = ours.HeaderValidationFlags(True, False, False, False)
    checked = iter(ours.validate_outbound_headers([*GOOD, (b"connection", b"x")], flags))
    assert [next(checked) for _ in GOOD] == GOOD, "what is wrong comes behind"
    with pytest.raises(ProtocolError):
        next(checked)


@pytest.mark.parametrize(
    "headers",
    [
        GOOD,
        [],
        [(b":status", b"100")],
        [(b":status", b"200")],
        [(b"a", b"b"), (b":status", b"100")],
    ],
)
def test_what_a_section_says_is_found_as_by_h2(headers: list[tuple[bytes, bytes]]) -> None:
    for name in ("extract_method_header", "authority_from_headers", "is_informational_response"):
        assert getattr(ours, name)(headers) == getattr(peer, name)(headers)


def test_text_becomes_bytes_and_marks_stay() -> None:
    marked = NeverIndexedHeaderTuple("a", "ä")
    plain = HeaderTuple("b", b"c")
    made = ours.utf8_encode_headers([marked, plain, ("d", "e")])
    assert made == [(b"a", "ä".encode()), (b"b", b"c"), (b"d", b"e")]
    kinds = [type(header).__name__ for header in made]
    assert kinds == ["NeverIndexedHeaderTuple", "HeaderTuple", "tuple"]


def test_a_window_has_an_end() -> None:
    assert ours.guard_increment_window(2**31 - 2, 1) == 2**31 - 1
    with pytest.raises(FlowControlError):
        ours.guard_increment_window(2**31 - 1, 1)


@given(st.lists(st.integers(0, 5)), st.one_of(st.none(), st.integers(0, 3)))
def test_a_dictionary_with_a_limit_forgets_what_came_first(keys: list[int], limit: Any) -> None:
    mine = ours.SizeLimitDict({9: 9}, size_limit=limit)
    theirs = peer.SizeLimitDict({9: 9}, size_limit=limit)
    for key in keys:
        mine[key] = theirs[key] = key
        assert list(mine.items()) == list(theirs.items())


def test_constants_are_those_of_h2() -> None:
    for name in ("SIGIL", "INFORMATIONAL_START", "CONNECTION_HEADERS"):
        assert getattr(ours, name) == getattr(peer, name)
