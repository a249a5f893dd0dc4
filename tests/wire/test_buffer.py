"""The receive buffer: what comes in goes out in order, whatever the cuts, at a linear cost."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.wire import ReceiveBuffer


def take(buffer: ReceiveBuffer, count: int) -> bytes:
    """Read as an engine does: ask, slice, move on."""
    assert buffer.has(count)
    data = buffer.data[buffer.pos : buffer.pos + count]
    buffer.pos += count
    return data


def test_what_was_appended_whole_is_not_copied() -> None:
    buffer = ReceiveBuffer()
    data = b"x" * 100
    buffer.append(data)
    assert buffer.has(100)
    assert buffer.data is data, "an engine slices the very object the caller handed over"


def test_has_says_no_and_keeps_what_is_there() -> None:
    buffer = ReceiveBuffer()
    buffer.append(b"abc")
    assert not buffer.has(4), "three bytes are not four"
    buffer.append(b"d")
    assert take(buffer, 4) == b"abcd"


def test_a_mutable_buffer_may_be_reused_by_the_caller() -> None:
    buffer = ReceiveBuffer()
    reused = bytearray(b"first")
    buffer.append(reused)
    reused[:] = b"later"
    assert take(buffer, 5) == b"first", "what came first must not change under the reader"


def test_a_memoryview_is_taken_like_bytes() -> None:
    buffer = ReceiveBuffer()
    buffer.append(memoryview(b"abcdef")[2:4])
    assert take(buffer, 2) == b"cd"


def test_what_was_read_is_not_held_on_to() -> None:
    buffer = ReceiveBuffer()
    buffer.append(b"x" * 100)
    take(buffer, 100)
    assert not buffer.has(9), "the reader looks for the next frame"
    assert buffer.data == b"", "and an idle connection takes no memory for the last ones"
    buffer.append(b"next")
    assert take(buffer, 4) == b"next"


def test_clear_forgets_all_of_it() -> None:
    buffer = ReceiveBuffer()
    buffer.append(b"abc")
    buffer.append(b"d")
    buffer.clear()
    assert len(buffer) == 0
    assert not buffer.has(1)


@given(st.lists(st.binary(max_size=40)), st.lists(st.integers(1, 30), max_size=60))
def test_any_cuts_in_and_any_cuts_out_give_the_same_bytes(
    pieces: list[bytes], wants: list[int]
) -> None:
    buffer = ReceiveBuffer()
    out = b""
    asked = iter(wants)
    for piece in pieces:
        buffer.append(piece)
        want = next(asked, 1)
        while buffer.has(want):
            out += take(buffer, want)
            want = next(asked, 1)
    out += take(buffer, len(buffer))
    assert out == b"".join(pieces), "nothing lost, nothing twice, nothing moved"


def copied_by(size: int) -> int:
    """Bytes that move between objects while `size` bytes come one at a time for one big frame."""
    buffer = ReceiveBuffer()
    moved = 0
    seen = buffer.data
    for _ in range(size):
        buffer.append(b"x")
        buffer.has(size)
        if buffer.data is not seen:
            seen = buffer.data
            moved += len(seen)
    assert buffer.has(size)
    return moved


def test_one_byte_at_a_time_costs_as_much_again_for_four_times_the_bytes() -> None:
    assert copied_by(16_384) <= 4.5 * copied_by(4_096), "linear, not quadratic"
