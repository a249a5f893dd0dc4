"""The send queue of a stream."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.h2.queue import SendQueue


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
