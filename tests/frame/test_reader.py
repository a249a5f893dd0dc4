"""Bytes to values for tools: faults are news among the frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
    FrameReader,
    FrameType,
    HeadersFrame,
    News,
    PingFrame,
    Scope,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
    parse_frame,
    serialize,
)
from tests.support.counted import lines_run
from tests.support.frames import frames, pieces_of, raw_frames

PING = PingFrame(b"01234567")


def told(news: list[News]) -> list[Frame | str]:
    return [str(each) if isinstance(each, FrameError) else each for each in news]


def test_frames_come_out_as_they_went_in() -> None:
    said: list[Frame] = [
        SettingsFrame(),
        DataFrame(1, b"abc", pad_length=3),
        DataFrame(1, b"", True, 0),
        PING,
    ]
    reader = FrameReader()
    octets = b"".join([serialize(frame) for frame in said])
    assert reader.feed(octets[:20]) == said[:1], "what ends in these bytes"
    assert not reader.between_frames, "the second frame is cut short"
    assert reader.feed(octets[20:]) == said[1:], "and the rest, padding and all"
    assert reader.between_frames, "the input may end here"


def test_a_fault_of_a_stream_comes_in_its_turn() -> None:
    octets = serialize(PING) + pack_header(4, FrameType.WINDOW_UPDATE, 0, 3) + bytes(4)
    before, fault, after = FrameReader().feed(octets + serialize(PING))
    assert before == after == PING, "what was said before and after it is not lost"
    assert isinstance(fault, FrameError), "in the place of the frame"
    assert (fault.code, fault.stream_id) == (ErrorCode.PROTOCOL_ERROR, 3), "§6.9: increment of 0"


def test_a_fault_of_the_connection_is_the_last_news() -> None:
    reader = FrameReader()
    *_, fault = reader.feed(serialize(PING) + pack_header(7, FrameType.PING, 0, 0) + bytes(99))
    assert isinstance(fault, FrameError), "§6.7: 8 bytes and no other number"
    assert fault.scope == Scope.CONNECTION, "§6.7"
    assert reader.feed(serialize(PING)) == [], "nothing can be read behind it"


def test_a_fault_in_a_payload_of_the_connection_is_the_last_news_too() -> None:
    reader = FrameReader()
    octets = pack_header(4, FrameType.WINDOW_UPDATE, 0, 0) + bytes(4) + serialize(PING)
    assert len(reader.feed(octets)) == 1, "§6.9: an increment of 0 for the connection"
    assert reader.feed(serialize(PING)) == [], "nothing can be read behind it"


def test_a_frame_of_any_legal_size_is_read() -> None:
    frame = DataFrame(1, bytes(2**17))
    assert FrameReader().feed(serialize(frame, 2**17)) == [frame], "in one piece"


def test_a_limit_of_ones_own_is_held() -> None:
    [fault] = FrameReader(16_384).feed(pack_header(16_385, FrameType.DATA, 0, 1))
    assert isinstance(fault, FrameError), "§4.2"


def test_a_client_begins_with_the_preface() -> None:
    reader = FrameReader(preface=True)
    octets = PREFACE + serialize(SettingsFrame())
    assert reader.feed(octets[:5]) == [], "§3.4: 24 octets come before the first frame"
    assert not reader.between_frames, "the preface is cut short"
    assert reader.feed(octets[5:]) == [SettingsFrame()], "and it is no frame"


def test_a_wrong_preface_is_named_by_its_first_wrong_byte() -> None:
    reader = FrameReader(preface=True)
    assert reader.feed(b"PRI ") == [], "so far so good"
    [fault] = reader.feed(b"/ HTTP/1.1")
    assert str(fault) == (
        "PROTOCOL_ERROR on connection: expected the connection preface, got byte 0x2f at offset 4"
    )
    assert reader.feed(PREFACE) == [], "§3.4: the connection is over"


@given(st.lists(frames() | raw_frames(), max_size=6), st.booleans(), st.data())
def test_how_the_input_is_cut_has_no_influence(
    said: list[Frame | bytes], preface: bool, data: st.DataObject
) -> None:
    octets = b"".join([each if isinstance(each, bytes) else serialize(each) for each in said])
    if preface:
        octets = PREFACE + octets
    whole = told(FrameReader(preface=preface).feed(octets))
    reader = FrameReader(preface=preface)
    cut: list[News] = []
    for piece in data.draw(pieces_of(octets)):
        cut += reader.feed(memoryview(piece))
    assert told(cut) == whole, "the same news in the same order"


@given(raw_frames())
def test_the_reader_and_the_parser_agree(octets: bytes) -> None:
    [news] = FrameReader().feed(octets)
    try:
        frame = parse_frame(octets)
    except FrameError as fault:
        news_of_it = str(fault)
    else:
        assert news == frame, "one parser, two faces"
        return
    assert str(news) == news_of_it, "the same fault in the same words"


def test_frames_that_no_header_gives_away_are_refused_in_their_turn() -> None:
    wrong = pack_header(6, FrameType.SETTINGS, 0, 0) + bytes.fromhex("000200000002")
    before, fault = FrameReader().feed(serialize(PING) + wrong + serialize(PING))
    assert before == PING, "what came before it"
    assert isinstance(fault, FrameError), "§6.5.2: ENABLE_PUSH of 2"
    assert (fault.code, fault.scope) == (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION)


def test_the_reserved_bits_are_ignored_wherever_the_frame_ends() -> None:
    update = bytes.fromhex("000004 08 00 80000001 80000002")
    ack = bytes.fromhex("000000 04 01 80000000")
    said = [WindowUpdateFrame(1, 2), SettingsFrame(ack=True)]
    assert FrameReader().feed(update + ack) == said, "§4.1, §6.9: with more behind it"
    assert FrameReader().feed(ack + update) == said[::-1], "and as the last"


def test_a_refused_frame_is_skipped_over_any_number_of_calls() -> None:
    reader = FrameReader()
    wrong = pack_header(2 * 17, FrameType.PRIORITY, 0, 3) + serialize(PING) * 3
    news: list[News] = []
    for at in range(0, len(wrong), 5):
        news += reader.feed(wrong[at : at + 5])
    [fault, ping] = news
    assert isinstance(fault, FrameError), "§6.3: five bytes and no other number"
    assert ping == PING, "what looked like frames in its payload were none"


def test_window_updates_of_both_kinds() -> None:
    said: list[Frame] = [WindowUpdateFrame(0, 1), WindowUpdateFrame(1, 2)]
    assert FrameReader().feed(b"".join([serialize(frame) for frame in said])) == said, "§6.9"


@pytest.mark.parametrize("step", [1, 100, 100_000])
def test_the_work_grows_with_the_input_and_no_faster(step: int) -> None:
    one = serialize(DataFrame(1, bytes(500))) + serialize(WindowUpdateFrame(0, 1)) * 20
    wrong = pack_header(300, FrameType.PRIORITY, 0, 3) + bytes(300)
    octets = (one + wrong) * 5

    def work(count: int) -> None:
        reader = FrameReader()
        said = octets * count
        for at in range(0, len(said), step):
            reader.feed(said[at : at + step])

    work(1)
    few, many = lines_run(lambda: work(1)), lines_run(lambda: work(4))
    assert many <= 4.5 * few, "four times the frames, the refused among them, in whatever pieces"


def test_one_long_frame_byte_by_byte_is_linear_too() -> None:
    def work(size: int) -> None:
        reader = FrameReader()
        octets = serialize(HeadersFrame(1, bytes(size)), 2**20)
        for at in range(len(octets)):
            reader.feed(octets[at : at + 1])

    work(10)
    few, many = lines_run(lambda: work(1_000)), lines_run(lambda: work(4_000))
    assert many <= 4.5 * few, "each byte waits its turn at one price"
