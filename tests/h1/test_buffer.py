"""What nothing has claimed yet: messages pass through, pieces are gathered and searched once."""

import pytest

from hyper.h1.buffer import InputBuffer
from tests.support.counted import lines_run


def test_what_came_in_one_piece_is_the_very_object_that_came() -> None:
    buffer = InputBuffer()
    piece = bytes(range(256)) * 300
    buffer.append(piece)
    assert buffer.data is piece, "a large body passes through without a copy"
    assert buffer.take() is piece


def test_a_mutable_buffer_is_copied_so_that_the_caller_may_use_it_again() -> None:
    buffer = InputBuffer()
    reused = bytearray(b"one")
    buffer.append(reused)
    reused[:] = b"two"
    buffer.append(memoryview(reused))
    assert buffer.take() == b"onetwo"


def test_everything_can_be_looked_at_and_left() -> None:
    whole, gathering = InputBuffer(), InputBuffer()
    whole.append(b"xabc")
    whole.pos = 1
    gathering.append(b"ab")
    assert gathering.find(b"\r\n\r\n") == -1
    gathering.append(b"c")
    for buffer in (whole, gathering):
        assert buffer.peek() == b"abc"
        assert buffer.peek() == b"abc", "it is still there"
    whole.pos = 0
    assert whole.peek() is whole.data, "no copy of what is whole"


def test_a_mark_is_found_wherever_the_pieces_were_cut() -> None:
    octets = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest"
    for cut in range(len(octets) + 1):
        buffer = InputBuffer()
        buffer.append(octets[:cut])
        at = buffer.find(b"\r\n\r\n")
        if at < 0:
            buffer.append(octets[cut:])
            at = buffer.find(b"\r\n\r\n")
        assert at == 23, f"cut at {cut}"
        assert buffer.data[buffer.pos : at] == b"GET / HTTP/1.1\r\nHost: a"


def test_what_was_read_before_is_not_searched_again() -> None:
    buffer = InputBuffer()
    buffer.append(b"one\r\n\r\ntwo")
    assert buffer.find(b"\r\n\r\n") == 3
    buffer.pos = 7
    assert buffer.find(b"\r\n\r\n") == -1
    buffer.append(b"\r\n\r\n")
    at = buffer.find(b"\r\n\r\n")
    assert buffer.data[buffer.pos : at] == b"two"


def test_the_first_bytes_can_be_looked_at_and_skipped_in_either_form() -> None:
    whole, gathering = InputBuffer(), InputBuffer()
    whole.append(b"\r\nabc")
    gathering.append(b"\r\nabc")
    assert gathering.find(b"\r\n\r\n") == -1
    for buffer in (whole, gathering):
        assert buffer.first(2) == b"\r\n"
        assert buffer.first(99) == b"\r\nabc", "as many as there are"
        buffer.skip(2)
        assert len(buffer) == 3
        assert buffer.first(1) == b"a"
        assert buffer.take() == b"abc"
        assert len(buffer) == 0


def test_clearing_forgets_everything() -> None:
    for gathers in (False, True):
        buffer = InputBuffer()
        buffer.append(b"abc")
        if gathers:
            assert buffer.find(b"\r\n") == -1
        buffer.clear()
        assert len(buffer) == 0
        buffer.append(b"x\r\n")
        assert buffer.find(b"\r\n") == 1


@pytest.mark.parametrize(
    ("octets", "at"),
    [
        (b"a: b\n\nrest", 4),
        (b"a: b\r\n\r\nrest", 5),
        (b"a: b\r\n\nrest", 5),
        (b"a: b\n\r\nrest", 4),
        (b"a: b\n\r \n\nrest", 7),
    ],
)
def test_an_empty_line_is_found_with_and_without_cr(octets: bytes, at: int) -> None:
    for cut in range(len(octets) + 1):
        buffer = InputBuffer()
        buffer.append(octets[:cut])
        found = buffer.find_loose_empty_line()
        if found < 0:
            buffer.append(octets[cut:])
            found = buffer.find_loose_empty_line()
        assert found == at, f"cut at {cut}"


def test_nothing_is_found_in_nothing() -> None:
    assert InputBuffer().find(b"\r\n") == -1
    assert InputBuffer().find_loose_empty_line() == -1


def test_searching_byte_by_byte_costs_in_proportion_to_the_size() -> None:
    def feed(size: int) -> None:
        buffer = InputBuffer()
        for _ in range(size):
            buffer.append(b"x")
            assert buffer.find(b"\r\n\r\n") == -1

    assert lines_run(lambda: feed(4_000)) <= 4.2 * lines_run(lambda: feed(1_000)), "linear"
