"""The send queue of a stream, and whose turn it is."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.h2.queue import SendQueue, Turns
from hyper.h2.stream import Stream


def test_pieces_come_out_in_their_order_whatever_the_cuts() -> None:
    queue = SendQueue()
    for piece in (b"abc", b"", b"defg", b"h"):
        queue.put(piece)
    assert queue.size == 8, "an empty piece is none"
    assert queue.cut(1) == b"a"
    assert queue.cut(2) == b"bc"
    assert queue.cut(5) == b"defgh"
    assert queue.size == 0


def test_a_piece_that_fits_is_not_copied() -> None:
    queue = SendQueue()
    piece = b"x" * 1_000
    queue.put(piece)
    assert queue.cut(1_000) is piece, "the bytes of the caller go out as they are"


def test_dropped_content_is_gone() -> None:
    queue = SendQueue()
    queue.put(b"abcdef")
    queue.cut(2)
    queue.drop()
    assert queue.size == 0
    queue.put(b"new")
    assert queue.cut(3) == b"new", "no offset of what was dropped is left"


@given(st.lists(st.binary(max_size=20)), st.data())
def test_any_cuts_give_the_bytes_that_were_put(pieces: list[bytes], data: st.DataObject) -> None:
    queue = SendQueue()
    for piece in pieces:
        queue.put(piece)
    out = b""
    while queue.size:
        count = data.draw(st.integers(1, queue.size))
        part = queue.cut(count)
        assert len(part) == count
        out += part
    assert out == b"".join(pieces)


def named(turns: Turns) -> list[int]:
    order: list[int] = []
    while turns:
        order.append(turns.call().stream_id)
    return order


def test_streams_are_called_in_the_order_they_joined() -> None:
    turns = Turns()
    for stream_id in (5, 1, 3):
        turns.join(Stream(stream_id))
    assert len(turns) == 3
    assert named(turns) == [5, 1, 3]


def test_joining_twice_is_joining_once() -> None:
    turns = Turns()
    first = Stream(1)
    turns.join(first)
    turns.join(Stream(3))
    turns.join(first)
    assert named(turns) == [1, 3], "and costs no place in the line"


def test_who_leaves_is_not_called() -> None:
    turns = Turns()
    for stream_id in (1, 3, 5):
        turns.join(Stream(stream_id))
    turns.leave(3)
    turns.leave(99)
    assert named(turns) == [1, 5], "leaving without having joined does no harm"


def test_a_line_that_was_cleared_is_empty() -> None:
    turns = Turns()
    turns.join(Stream(1))
    turns.clear()
    assert not turns
