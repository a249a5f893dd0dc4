"""Conversations about who may send how much: windows, credit, back-pressure, turns."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Data,
    Limits,
    Request,
    Reset,
    Response,
    Settings,
    Trailers,
    Writable,
)
from hyper.wire import LocalProtocolError, Role
from tests.support.inside import session
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook, content_of

FRAME = 16_384
WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS


# -- flow control (RFC 9113 §5.2, §6.9) -------------------------------------------------------


def test_content_waits_for_the_streams_window() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 10)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"0123456789abcdef", True))
    play.expect_frames(
        FieldBlock(1, OK),
        DataFrame(1, b"0123456789"),
        because="ten bytes are all there is room for",
    )
    assert play.engine.pending(1) == 6
    play.hear(WindowUpdateFrame(1, 4))
    play.expect_no_event(because="the engine goes on by itself")
    play.expect_frames(DataFrame(1, b"abcd"), because="four bytes more")
    play.hear(WindowUpdateFrame(1, 2))
    play.told()
    play.expect_frames(DataFrame(1, b"ef", end_stream=True), because="and the last two end it")


def test_content_waits_for_the_connections_window() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"a" * 40_000, True))
    play.ask(Response(3, OK), Data(3, b"b" * 40_000, True))
    said = play.said()
    assert len(content_of(said, 1)) + len(content_of(said, 3)) == 65_535, (
        "RFC 9113 §6.9.2: the connection starts with 65,535 bytes for all its streams"
    )
    play.hear(WindowUpdateFrame(0, 100_000))
    play.told()
    said += play.said()
    assert content_of(said, 1) == b"a" * 40_000
    assert content_of(said, 3) == b"b" * 40_000


def test_an_end_without_content_needs_no_window() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 0)])
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"", True), Response(3, OK), Trailers(3, [(b"a", b"b")]))
    play.expect_frames(
        FieldBlock(1, OK),
        DataFrame(1, b"", end_stream=True),
        FieldBlock(3, OK),
        FieldBlock(3, [(b"a", b"b")], True),
        because="RFC 9113 §6.9.1: frames with zero length MAY be sent if there is no space",
    )


def test_trailers_wait_behind_the_content() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 3)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"12345"), Trailers(1, [(b"a", b"b")]))
    play.expect_frames(
        FieldBlock(1, OK), DataFrame(1, b"123"), because="two bytes have no room yet"
    )
    play.hear(WindowUpdateFrame(1, 100))
    play.told()
    play.expect_frames(
        DataFrame(1, b"45"), FieldBlock(1, [(b"a", b"b")], True), because="then they end the stream"
    )


def test_a_window_can_go_below_zero_and_come_back() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 20)])
    play.ask(Request(1, POST), Data(1, b"x" * 100))
    assert content_of(play.said(), 1) == b"x" * 20
    play.hear(SettingsFrame([(WINDOW, 5)]))
    play.told()
    play.expect_frames(SettingsFrame(ack=True), because="RFC 9113 §6.9.2: the window is -15 now")
    play.hear(WindowUpdateFrame(1, 15))
    play.told()
    play.expect_silence(because="RFC 9113 §6.9.2: until the window becomes positive")
    play.hear(WindowUpdateFrame(1, 1))
    play.told()
    play.expect_frames(DataFrame(1, b"x"), because="one byte above zero")
    play.hear(SettingsFrame([(WINDOW, 9)]))
    play.told()
    play.expect_frames(
        SettingsFrame(ack=True), DataFrame(1, b"xxxx"), because="four more by the new initial size"
    )


def test_windows_that_grow_when_nothing_waits_change_nothing() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, b"sent"))
    play.said()
    play.hear(WindowUpdateFrame(1, 5), SettingsFrame([(WINDOW, 400_000)]), WindowUpdateFrame(0, 5))
    play.told()
    play.expect_frames(SettingsFrame(ack=True), because="there is no content to cut into frames")
    play.ask(Data(1, b"more", True))
    play.said()
    play.hear(WindowUpdateFrame(1, 5), SettingsFrame([(WINDOW, 500_000)]))
    play.told()
    play.expect_frames(
        SettingsFrame(ack=True), because="RFC 9113 §5.1: it may come after our END_STREAM"
    )


def test_content_that_was_consumed_is_credited_at_half_the_window() -> None:
    play = Playbook.opened(
        Role.SERVER, limits=Limits(stream_window=40_000, connection_window=80_000)
    )
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 16_000), DataFrame(1, b"x" * 4_000))
    play.told()
    play.expect_silence(because="nothing was consumed")
    play.consume(1, 19_999)
    play.expect_silence(because="less than half the window is no reason to write a frame")
    play.consume(1, 1)
    play.expect_frames(WindowUpdateFrame(1, 20_000), because="half of the stream's window")
    play.hear(DataFrame(1, b"x" * 16_000), DataFrame(1, b"x" * 4_000))
    play.told()
    play.consume(1, 20_000)
    play.expect_frames(
        WindowUpdateFrame(1, 20_000), WindowUpdateFrame(0, 40_000), because="half of both windows"
    )


def test_what_is_left_of_a_finished_stream_can_still_be_consumed() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(connection_window=65_535))
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(FieldBlock(1, OK), DataFrame(1, b"x" * 16_384), DataFrame(1, b"x" * 16_384, True))
    play.told()
    assert play.engine.open_streams == 0
    play.consume(1, 10_000)
    with pytest.raises(LocalProtocolError, match="holds 22768 bytes, not 22769"):
        play.engine.consume(1, 22_769)
    play.consume(1, 22_768)
    play.expect_frames(
        WindowUpdateFrame(0, 32_768), because="the connection's window outlives the stream"
    )
    play.engine.consume(1, 1)
    play.expect_silence(because="the engine has forgotten the stream, and it is owed nothing")


def test_what_is_held_of_a_stream_that_was_reset_is_credited_at_once() -> None:
    for ends in (False, True):
        play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=65_535))
        play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 16_384))
        play.hear(DataFrame(1, b"x" * 16_384, ends))
        play.hear(RstStreamFrame(1, ErrorCode.CANCEL))
        play.told()
        play.expect_frames(
            WindowUpdateFrame(0, 32_768),
            because="nobody can be relied on to consume what a reset has made worthless",
        )
        play.engine.consume(1, 32_768)
        play.expect_silence(because="consumed all the same, it is not credited twice")


def test_nothing_is_credited_on_a_connection_that_is_over() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=65_535))
    play.hear(FieldBlock(1, POST), DataFrame(1, bytes(16_384)), DataFrame(1, bytes(16_384), True))
    play.hear(FieldBlock(3, POST), DataFrame(3, bytes(16_384)))
    play.told()
    play.ask(Response(1, OK, True))
    play.said()
    play.hear(b"\0\0\0\0\0\0\0\0\0")
    play.told()
    play.said()
    play.engine.consume(1, 32_768)
    play.engine.consume(3, 16_384)
    play.expect_silence(because="RFC 9113 §5.4.1: GOAWAY was the last word")


def test_auto_consume_credits_content_as_its_event_is_taken() -> None:
    play = Playbook.opened(
        Role.SERVER,
        limits=Limits(stream_window=65_535, connection_window=65_535),
        auto_consume=True,
    )
    play.hear(FieldBlock(1, POST), *[DataFrame(1, b"x" * 16_384)] * 2)
    play.expect_silence(because="no event was taken")
    play.told()
    play.expect_frames(
        WindowUpdateFrame(0, 32_768), WindowUpdateFrame(1, 32_768), because="half of both windows"
    )
    with pytest.raises(LocalProtocolError, match="holds 0 bytes"):
        play.engine.consume(1, 1)


def test_padding_is_credited_at_once_on_both_levels() -> None:
    play = Playbook.opened(
        Role.SERVER, limits=Limits(stream_window=65_535, connection_window=65_535)
    )
    play.hear(FieldBlock(1, POST), *[DataFrame(1, b"", pad_length=255)] * 128)
    play.expect_events(Request(1, POST), because="frames without content tell nothing")
    play.expect_frames(
        WindowUpdateFrame(0, 32_768),
        WindowUpdateFrame(1, 32_768),
        because="RFC 9113 §6.1: padding counts, its length byte too, and nobody will consume it",
    )


@pytest.mark.parametrize("over", ["stream", "connection"])
def test_more_content_than_a_window_allows_is_a_fault(over: str) -> None:
    stream, connection = (30_000, 90_000) if over == "stream" else (90_000, 65_535)
    play = Playbook.opened(
        Role.SERVER, limits=Limits(stream_window=stream, connection_window=connection)
    )
    full = 30_000 if over == "stream" else 65_535
    play.hear(FieldBlock(1, POST))
    while full:
        size = min(full, 16_384)
        play.hear(DataFrame(1, b"x" * size))
        full -= size
    play.told()
    play.expect_silence(because="every byte of the window may be used")
    play.hear(DataFrame(1, b"!"))
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR,
        Scope.STREAM if over == "stream" else Scope.CONNECTION,
        1,
        because="RFC 9113 §6.9.1: a sender MUST NOT exceed the space available in either window",
    )


def test_windows_that_grow_beyond_the_maximum_are_a_fault_of_their_level() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), WindowUpdateFrame(1, 2**31 - 1))
    assert isinstance(play.told()[0], Request)
    play.expect_frames(
        RstStreamFrame(1, ErrorCode.FLOW_CONTROL_ERROR),
        because="RFC 9113 §6.9.1: for streams, RST_STREAM",
    )
    play.hear(WindowUpdateFrame(0, 2**31 - 65_536), WindowUpdateFrame(0, 1))
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR, Scope.CONNECTION, because="RFC 9113 §6.9.1: GOAWAY"
    )


# -- back-pressure ----------------------------------------------------------------------------


def test_a_writer_is_told_when_its_queue_has_drained() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"x" * 65_536))
    play.said()
    play.expect_no_event(because="the high-water mark was not passed")
    play.ask(Data(1, b"x" * 65_537))
    play.expect_no_event(because="no more than one byte has left")
    play.hear(WindowUpdateFrame(0, 100_000), WindowUpdateFrame(1, 49_151))
    play.told()
    play.said()
    assert play.engine.pending(1) == 16_387
    play.expect_no_event(because="more than the low-water mark is queued")
    play.hear(WindowUpdateFrame(1, 10))
    play.told()
    play.said()
    play.expect_events(Writable(1), because="16,377 bytes are left, below the low-water mark")
    play.hear(WindowUpdateFrame(1, 1_000))
    play.told()
    play.said()
    play.expect_no_event(because="it was told once")


def test_a_writer_that_has_ended_is_not_asked_for_more() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"x" * 70_000, True))
    play.said()
    play.expect_no_event(because="Writable means: send more, and there is no more to send")


@pytest.mark.parametrize("last", [Reset(1), Data(1, b"", True), Trailers(1, [(b"a", b"b")])])
def test_a_writer_that_has_ended_meanwhile_is_not_asked_for_more(
    last: Reset | Data | Trailers,
) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"x" * 66_000))
    play.said()
    assert play.engine.pending(1) == 465, "the queue has drained, and the event waits to be taken"
    play.ask(last)
    play.expect_no_event(because="its invitation is void: whoever followed it would be refused")


def test_bytes_are_handed_out_up_to_the_limit() -> None:
    whole = Playbook.opened(Role.SERVER)
    parts = Playbook.opened(Role.SERVER)
    for play in (whole, parts):
        play.hear(FieldBlock(1, GET, True), PingFrame(b"01234567"))
        play.told()
        play.ask(Response(1, OK), Data(1, b"x" * 40_000, True))
    expected = whole.engine.data_to_send()
    came = b""
    while part := parts.engine.data_to_send(1_000):
        assert len(part) <= 1_000, "not a byte above the limit"
        came += part
    assert came == expected, "the same bytes, however they are taken"
    assert not parts.engine.wants_to_send


def test_a_limit_of_nothing_gives_nothing() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(PingFrame(bytes(8)))
    play.told()
    assert play.engine.data_to_send(0) == b""
    assert play.engine.wants_to_send, "the answer to PING still waits"


def test_responses_are_sent_one_after_the_other() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 2**31 - 1)])
    play.hear(WindowUpdateFrame(0, 2**30), *[FieldBlock(i, GET, True) for i in (1, 3, 5)])
    play.told()
    for stream_id in (3, 1, 5):
        play.ask(Response(stream_id, OK), Data(stream_id, b"x" * 40_000, True))
    order = [said.stream_id for said in play.said() if isinstance(said, DataFrame)]
    assert order == [1, 1, 1, 3, 3, 3, 5, 5, 5], "RFC 9218 §10: in ascending order of the stream ID"


def test_a_response_without_an_end_holds_up_no_other() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 2**31 - 1)])
    play.hear(WindowUpdateFrame(0, 2**30), *[FieldBlock(i, GET, True) for i in (1, 3, 5)])
    play.told()
    for stream_id in (1, 3, 5):
        play.ask(Response(stream_id, OK), Data(stream_id, bytes(40 * FRAME)))
    order = [said.stream_id for said in play.said() if isinstance(said, DataFrame)]
    assert order[:40] == [*[1] * 15, 3, *[1] * 15, 5, *[1] * 8], "one turn in sixteen is theirs"


def test_a_response_that_waits_for_its_window_lets_the_next_go_first() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(WindowUpdateFrame(0, 2**30), FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    for stream_id in (1, 3):
        play.ask(Response(stream_id, OK), Data(stream_id, bytes(80_000), True))
    first = [said.stream_id for said in play.said() if isinstance(said, DataFrame)]
    assert first == [*[1] * 4, *[3] * 4], "64 KiB each"
    play.hear(WindowUpdateFrame(3, 100_000), WindowUpdateFrame(1, 100_000))
    play.told()
    then = [said.stream_id for said in play.said() if isinstance(said, DataFrame)]
    assert then == [1, 3], "and each is back in its place"


def test_uploads_share_the_connection() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 2**31 - 1)])
    play.hear(WindowUpdateFrame(0, 2**30))
    play.told()
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, POST), Data(stream_id, bytes(3 * FRAME), True))
    order = [said.stream_id for said in play.said() if isinstance(said, DataFrame)]
    assert order == [1, 3, 5] * 3, "a call that lasts holds up no other"


def test_an_empty_end_is_taken_by_a_window_below_zero() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 16_000))
    play.told()
    play.ask(Settings([(WINDOW, 0)]))
    play.said()
    play.hear(SettingsFrame(ack=True), DataFrame(1, b"", end_stream=True))
    assert play.told()[-1] == Data(1, b"", True), (
        "RFC 9113 §6.9.1: MAY be sent if there is no available space in either window"
    )


def test_credit_that_nobody_has_taken_is_told_in_one_frame() -> None:
    # The peer fills its windows, then sends a byte at a time and reads nothing: each byte that is
    # consumed has to be told at once, for the peer has no room left.
    limits = Limits(stream_window=20_000, connection_window=65_535, ledger_burst=1e9)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(FieldBlock(1, POST), DataFrame(1, bytes(FRAME)), DataFrame(1, bytes(20_000 - FRAME)))
    play.told()
    for _ in range(1_000):
        play.consume(1, 1)
        play.hear(DataFrame(1, b"x"))
        play.expect_events(Data(1, b"x"), because="it has room, if it had cared to read of it")
    said = [each for each in play.said() if isinstance(each, WindowUpdateFrame)]
    assert said == [WindowUpdateFrame(1, 1_000)], "one frame, not a thousand"
    play.consume(1, 1)
    play.expect_frames(WindowUpdateFrame(1, 1), because="what was taken is told, and done with")


def test_credit_that_was_taken_in_part_is_not_told_twice() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(stream_window=10))
    play.hear(FieldBlock(1, POST), DataFrame(1, bytes(10)))
    play.told()
    play.consume(1, 5)
    assert play.said(5) == [], "the rest of it is still in the engine"
    play.consume(1, 5)
    play.expect_frames(
        WindowUpdateFrame(1, 5),
        WindowUpdateFrame(1, 5),
        because="what has begun to leave stays as it was",
    )


def test_credit_never_adds_up_to_more_than_a_frame_can_say() -> None:
    play = Playbook.opened(Role.SERVER)
    stream_window = session(play.engine).inbound
    stream_window.take(10)
    session(play.engine).give_room(0, stream_window, 2**31 - 1)
    session(play.engine).give_room(0, stream_window, 1)
    play.expect_frames(
        WindowUpdateFrame(0, 2**31 - 1),
        WindowUpdateFrame(0, 1),
        because="RFC 9113 §6.9: 31 bits; a peer that ignores its window could get there",
    )
