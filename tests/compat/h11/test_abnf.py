"""The grammar takes what that of h11 takes."""

import re

import h11._abnf as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hyper.compat.h11._abnf as ours

NAMES = sorted(name for name in vars(ours) if not name.startswith("_"))
PIECES = st.lists(
    st.sampled_from(
        [
            b"GET",
            b" ",
            b"/",
            b"HTTP/1.1",
            b"HTTP/1.0",
            b":",
            b"200",
            b"OK",
            b"a",
            b"\t",
            b"\r\n",
            b"\n",
            b"\x00",
            b"\x01",
            b"\x7f",
            b"\x80",
            b"1f",
            b";x=y",
            b"0" * 20,
            b"\x0b",
            b"\xff",
            b",",
        ]
    ),
    max_size=7,
).map(b"".join)


def test_there_are_the_names_of_h11() -> None:
    theirs = {name for name, value in vars(peer).items() if isinstance(value, str)}
    assert {name for name in theirs if not name.startswith("__")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@given(PIECES)
def test_a_rule_matches_what_it_matches_in_h11(name: str, octets: bytes) -> None:
    found = re.fullmatch(getattr(ours, name).encode(), octets)
    expected = re.fullmatch(getattr(peer, name).encode(), octets)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.groupdict() == expected.groupdict()
