"""Bytes to frames without frame objects, however they come."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
    FrameSplitter,
    FrameType,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    Scope,
    WindowUpdateFrame,
    pack_data,
    pack_header,
    serialize,
)
from hyper.frame import Priority as PriorityOf
from hyper.wire import LocalProtocolError, ReceiveBuffer
from tests.support.frames import frames, pieces_of, raw_frames

PING = serialize(PingFrame(b"01234567"))
LONG = b"".join([bytes([index % 251]) for index in range(1000)])


@dataclass(slots=True)
class Seen:
    """What a splitter showed."""

    type: int
    flags: int
    stream_id: int
    length: int
    payload: bytes
    padding: int
    first: bool
    last: bool


def taken(splitter: FrameSplitter, data: bytes) -> list[Seen | FrameError]:
    """What one splitter shows of these bytes, with the faults between."""
    splitter.receive_data(data)
    found: list[Seen | FrameError] = []
    while True:
        try:
            if not splitter.next_frame():
                return found
        except FrameError as fault:
            found.append(fault)
            if fault.scope == Scope.CONNECTION:
                return found
        else:
            found.append(
                Seen(
                    splitter.type,
                    splitter.flags,
                    splitter.stream_id,
                    splitter.length,
                    splitter.payload,
                    splitter.padding,
                    splitter.first,
                    splitter.last,
                )
            )


def told(found: list[Seen | FrameError]) -> list[Seen | str]:
    return [each if isinstance(each, Seen) else str(each) for each in found]


def test_a_frame_is_shown_when_all_of_it_is_there() -> None:
    splitter = FrameSplitter()
    splitter.receive_data(PING[:-1])
    assert not splitter.next_frame(), "one byte is missing"
    assert not splitter.between_frames, "the input must not end here"
    splitter.receive_data(PING[-1:])
    assert splitter.next_frame(), "there it is"
    assert (splitter.type, splitter.flags, splitter.stream_id) == (FrameType.PING, 0, 0)
    assert (splitter.length, splitter.payload) == (8, b"01234567"), "as it came"
    assert (splitter.first, splitter.last, splitter.padding) == (True, True, 0), "whole"
    assert not splitter.next_frame(), "and once only"
    assert splitter.between_frames, "the input may end here"


def test_the_reserved_bit_of_the_stream_is_masked() -> None:
    [seen] = taken(FrameSplitter(), b"\x00\x00\x00\x09\x04\x80\x00\x00\x01")
    assert isinstance(seen, Seen), "no fault"
    assert seen.stream_id == 1, "RFC 9113 §4.1: it MUST be ignored when receiving"


def test_the_padding_of_data_is_off_and_counted() -> None:
    found = taken(FrameSplitter(), serialize(DataFrame(1, b"abc", True, 5)) + PING)
    first, second = found
    assert first == Seen(FrameType.DATA, 9, 1, 9, b"abc", 6, True, True), (
        "§6.1: 9 bytes of flow control, of which 6 are Pad Length and padding"
    )
    assert isinstance(second, Seen), "the next frame"
    assert second.padding == 0, "has none"


def test_padding_of_headers_is_left_to_the_parser() -> None:
    frame = HeadersFrame(1, b"\x82", pad_length=2)
    [seen] = taken(FrameSplitter(), serialize(frame))
    assert isinstance(seen, Seen), "no fault"
    assert seen.payload == b"\x02\x82\x00\x00", "only DATA comes without its padding"


def test_padding_that_does_not_fit_is_a_fault_of_the_connection() -> None:
    splitter = FrameSplitter()
    octets = pack_header(4, FrameType.DATA, 0x8, 1) + b"\x04\x00\x00\x00"
    splitter.receive_data(octets + PING)
    for _ in range(2):
        with pytest.raises(FrameError, match="padding of at most 3 bytes") as caught:
            splitter.next_frame()
        assert caught.value.scope == Scope.CONNECTION, "§6.1; and no call gets past it"
    splitter.receive_data(PING)
    with pytest.raises(FrameError, match="padding of at most 3 bytes"):
        splitter.next_frame()


def test_an_oversized_frame_is_refused_by_its_nine_bytes() -> None:
    splitter = FrameSplitter()
    splitter.receive_data(pack_header(16_385, FrameType.DATA, 0, 5))
    with pytest.raises(FrameError) as caught:
        splitter.next_frame()
    assert caught.value.code == ErrorCode.FRAME_SIZE_ERROR, "§4.2, before any payload"
    assert (splitter.stream_id, splitter.length) == (5, 16_385), (
        "§6.9: what the refused frame costs of the connection's window must be known"
    )


def test_a_refused_payload_is_skipped_and_never_kept() -> None:
    buffer = ReceiveBuffer()
    splitter = FrameSplitter(16_384, 16_384, buffer)
    splitter.receive_data(pack_header(2**20, FrameType.DATA, 0, 5))
    with pytest.raises(FrameError):
        splitter.next_frame()
    for _ in range(2**10):
        splitter.receive_data(bytes(2**10))
        assert not splitter.next_frame(), "still the payload of the refused frame"
        assert len(buffer) == 0, "nothing of it is kept"
    assert splitter.between_frames, "the refused frame is over"
    splitter.receive_data(PING)
    assert splitter.next_frame(), "a fault of one stream ends no other frame"
    assert splitter.payload == b"01234567", "and the bytes are in step"


def test_a_limit_raised_between_frames_is_in_force_for_the_next() -> None:
    splitter = FrameSplitter()
    octets = pack_data(1, bytes(20_000))
    assert [type(each) for each in taken(splitter, octets)] == [FrameError], "over 16,384"
    splitter.max_frame_size = 20_000
    splitter.piece_size = 20_000
    assert [type(each) for each in taken(splitter, octets)] == [Seen], "§6.5.2: our own setting"


def test_a_stream_fault_leaves_the_frames_around_it() -> None:
    wrong = pack_header(4, FrameType.PRIORITY, 0, 3) + b"\x00\x00\x00\x00"
    before, fault, after = taken(FrameSplitter(), PING + wrong + PING)
    assert isinstance(before, Seen), "what came before it"
    assert isinstance(fault, FrameError), "§6.3: a stream error"
    assert isinstance(after, Seen), "what came behind it"
    assert before == after, "both untouched"


def test_input_that_was_there_before_is_read() -> None:
    buffer = ReceiveBuffer()
    buffer.append(b"PRI..." + PING)
    buffer.pos = 6
    splitter = FrameSplitter(buffer=buffer)
    assert splitter.next_frame(), "what came behind the preface"
    assert splitter.payload == b"01234567", "from where the reader stood"


@pytest.mark.parametrize("size", [101, 200, 201, 299, 300, 1000])
@pytest.mark.parametrize("pad_length", [None, 0, 1, 99, 255])
def test_long_data_comes_in_pieces_of_one_size(size: int, pad_length: int | None) -> None:
    octets = serialize(DataFrame(3, LONG[:size], True, pad_length))
    padding = 0 if pad_length is None else pad_length + 1
    whole = taken(FrameSplitter(16_384, 16_384), octets + PING)
    pieces = taken(FrameSplitter(16_384, 100), octets + PING)
    ping = pieces.pop()
    assert ping == whole.pop(), "what follows is the same"
    shown = [piece for piece in pieces if isinstance(piece, Seen)]
    assert shown == pieces, "no fault"
    assert b"".join([piece.payload for piece in shown]) == LONG[:size], "the same bytes"
    assert [len(piece.payload) for piece in shown[:-1]] == [100] * (len(shown) - 1), "even pieces"
    assert 1 <= len(shown[-1].payload) <= 100, "and a last one, not empty"
    assert [piece.first for piece in shown] == [True] + [False] * (len(shown) - 1), "marked"
    assert [piece.last for piece in shown] == [False] * (len(shown) - 1) + [True], "marked"
    for piece in shown:
        assert (piece.length, piece.padding) == (size + padding, padding), (
            "§6.1: the flow-controlled size of the frame, to be counted with the first piece"
        )


def test_a_piece_is_shown_before_the_rest_of_the_frame_is_there() -> None:
    splitter = FrameSplitter(16_384, 100)
    octets = pack_data(1, LONG)
    splitter.receive_data(octets[: 9 + 99])
    assert not splitter.next_frame(), "a piece is never shorter, or the cuts would show"
    splitter.receive_data(octets[9 + 99 : 9 + 100])
    assert splitter.next_frame(), "100 of 1,000 bytes"
    assert (splitter.payload, splitter.last) == (LONG[:100], False), "the first of them"


def test_long_data_of_padding_alone_is_one_empty_piece() -> None:
    octets = serialize(DataFrame(3, b"", True, 200))
    found = taken(FrameSplitter(16_384, 100), octets + PING)
    assert found[0] == Seen(FrameType.DATA, 9, 3, 201, b"", 201, True, True), "END_STREAM counts"
    assert len(found) == 2, "and the PING behind the padding"


def test_what_waits_is_bounded_by_a_piece_and_not_by_a_frame() -> None:
    buffer = ReceiveBuffer()
    splitter = FrameSplitter(2**24 - 1, 1000, buffer)
    splitter.receive_data(pack_header(2**20, FrameType.DATA, 0, 1))
    most = 0
    for _ in range(2**10):
        splitter.receive_data(bytes(2**10))
        while splitter.next_frame():
            assert len(splitter.payload) <= 1000, "a piece"
        most = max(most, len(buffer))
    assert most < 1000, "less than a piece waits, of a frame of 1 MiB"


def test_padding_that_does_not_fit_is_found_by_the_tenth_byte_of_long_data() -> None:
    splitter = FrameSplitter(16_384, 100)
    splitter.receive_data(pack_header(200, FrameType.DATA, 0x8, 1))
    assert not splitter.next_frame(), "the tenth byte is the Pad Length"
    splitter.receive_data(b"\xc8")
    with pytest.raises(FrameError, match="padding of at most 199 bytes"):
        splitter.next_frame()


@given(st.lists(frames() | raw_frames(), max_size=6), st.data(), st.sampled_from([1, 7, 16_384]))
def test_how_the_input_is_cut_has_no_influence(
    said: list[Frame | bytes], data: st.DataObject, piece_size: int
) -> None:
    octets = b"".join([each if isinstance(each, bytes) else serialize(each) for each in said])
    whole = told(taken(FrameSplitter(16_384, piece_size), octets))
    splitter = FrameSplitter(16_384, piece_size)
    cut: list[Seen | str] = []
    for piece in data.draw(pieces_of(octets)):
        cut += told(taken(splitter, piece))
        if cut and isinstance(cut[-1], str) and " on connection: " in cut[-1]:
            break
    assert cut == whole, "the same frames, pieces and faults in the same order"


@given(st.lists(frames(), max_size=4), st.sampled_from([1, 3, 64]))
def test_pieces_put_together_are_the_frame(said: list[Frame], piece_size: int) -> None:
    octets = b"".join([serialize(frame) for frame in said])
    whole = [each for each in taken(FrameSplitter(), octets) if isinstance(each, Seen)]
    joined: list[Seen] = []
    for each in taken(FrameSplitter(16_384, piece_size), octets):
        assert isinstance(each, Seen), "all these frames are legal"
        if each.first:
            joined.append(each)
        else:
            joined[-1].payload += each.payload
            joined[-1].last = each.last
    assert joined == whole, "nothing is lost, nothing twice"


def bytes_moved(octets: bytes, step: int) -> int:
    """How many bytes a splitter copies to join what comes `step` bytes at a time."""
    buffer = ReceiveBuffer()
    splitter = FrameSplitter(2**24 - 1, 16_384, buffer)
    moved = 0
    at = buffer.data
    for start in range(0, len(octets), step):
        chunk = octets[start : start + step]
        splitter.receive_data(chunk)
        while splitter.next_frame():
            pass
        if buffer.data is not at:
            at = buffer.data
            # What came is taken as it is where nothing waits for it: no copy.
            moved += 0 if at is chunk else len(at)
    return moved


@pytest.mark.parametrize("step", [1, 10, 1000, 20_000])
def test_the_work_grows_with_the_input_and_no_faster(step: int) -> None:
    one = pack_data(1, bytes(30_000)) + serialize(WindowUpdateFrame(0, 1)) + PING
    few, many = bytes_moved(one * 4, step), bytes_moved(one * 16, step)
    # The first frame finds nothing in front of it, and costs less than the others.
    assert many <= 5 * few, "four times the input is about four times the copying, not sixteen"
    assert many <= 3 * len(one * 16), "and each byte is copied a bounded number of times"


def test_one_frame_byte_by_byte_is_linear_too() -> None:
    few = bytes_moved(serialize(HeadersFrame(1, bytes(4_000)), 2**20), 1)
    many = bytes_moved(serialize(HeadersFrame(1, bytes(16_000)), 2**20), 1)
    assert many <= 4.1 * few, "a header and a payload, each joined once"


def test_pieces_of_nothing_are_the_callers_fault() -> None:
    with pytest.raises(LocalProtocolError, match="at least 1 byte, got 0"):
        FrameSplitter(piece_size=0)


def test_priority_is_not_data() -> None:
    octets = serialize(PriorityFrame(3, PriorityOf(0, 8)))
    [seen] = taken(FrameSplitter(16_384, 1), octets)
    assert isinstance(seen, Seen), "one piece"
    assert seen.payload == octets[9:], "only DATA comes in pieces"
