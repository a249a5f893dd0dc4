"""The buffer, step by step beside that of h11."""

from typing import Any

import h11._receivebuffer as peer
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.h11._receivebuffer import ReceiveBuffer
from tests.support.counted import lines_run

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("add"),
            st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b": b", b" "]), max_size=6).map(
                b"".join
            ),
        ),
        st.tuples(st.just("most"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["line", "lines", "odd"])),
    ),
    max_size=25,
)


def outcome(buffer: Any, step: tuple[Any, ...]) -> object:
    match step:
        case ("add", octets):
            buffer += octets
            return None
        case ("most", count):
            return buffer.maybe_extract_at_most(count)
        case ("line",):
            return buffer.maybe_extract_next_line()
        case ("lines",):
            return buffer.maybe_extract_lines()
        case _:
            return buffer.is_next_line_obviously_invalid_request_line()


@given(STEPS)
def test_it_gives_what_that_of_h11_gives(steps: list[tuple[Any, ...]]) -> None:
    ours, theirs = ReceiveBuffer(), peer.ReceiveBuffer()
    for step in steps:
        assert outcome(ours, step) == outcome(theirs, step), step
        assert (bytes(ours), len(ours), bool(ours)) == (bytes(theirs), len(theirs), bool(theirs))


def test_a_line_that_comes_byte_by_byte_is_searched_once() -> None:
    def work(size: int) -> int:
        def feed() -> None:
            buffer = ReceiveBuffer()
            for _ in range(size):
                buffer += b"a"
                assert buffer.maybe_extract_next_line() is None
            assert buffer._line_from >= size - 1, "what was searched is not searched again"

        return lines_run(feed)

    assert work(400) < 5 * work(100)
