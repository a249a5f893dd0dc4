"""Windows and frames in the hands of the program: `Connection(..., by_hand=True)`."""

import pytest

from hyper.frame import (
    MAX_WINDOW,
    PREFACE,
    DataFrame,
    ErrorCode,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PriorityFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.frame import Priority as Dependency
from hyper.h2 import (
    Connection,
    Data,
    Discarded,
    PriorityUpdate,
    Request,
    Reset,
    Response,
    Settings,
    StreamState,
    Trailers,
)
from hyper.h2.by_hand import depending_headers, priority_in
from hyper.wire import LocalProtocolError, Role
from tests.support.playbook import GET, HEAD, OK, POST, FieldBlock, Playbook


def server() -> Playbook:
    """A server that has begun to receive an upload on stream 1."""
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.hear(FieldBlock(1, POST))
    play.told()
    return play


def client() -> Playbook:
    """A client whose upload on stream 1 has begun."""
    play = Playbook.opened(Role.CLIENT, by_hand=True)
    play.ask(Request(1, POST))
    play.said()
    return play


def refused(play: Playbook, says: str, event: Data, pad_length: int = -1) -> None:
    with pytest.raises(LocalProtocolError, match=says):
        play.engine.write(event, pad_length)
    play.expect_silence("nothing has changed")


# -- settings ---------------------------------------------------------------------------------


def test_the_first_settings_are_those_given_in_their_order() -> None:
    wanted = [(SettingId.MAX_FRAME_SIZE, 20_000), (0x99, 7), (SettingId.HEADER_TABLE_SIZE, 100)]
    engine = Connection(Role.CLIENT, settings=wanted, by_hand=True)
    assert engine.data_to_send() == PREFACE + serialize(SettingsFrame(wanted)), (
        "nothing else, and no WINDOW_UPDATE behind them"
    )


def test_windows_are_kept_by_hand_or_consumed_not_both() -> None:
    with pytest.raises(LocalProtocolError, match="not both"):
        Connection(Role.CLIENT, by_hand=True, auto_consume=True)


def test_a_smaller_list_size_holds_from_its_acknowledgement_on() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.ask(Settings([(SettingId.MAX_HEADER_LIST_SIZE, 200)]))
    big = [*GET, (b"x", b"y" * 100)]
    play.hear(FieldBlock(1, big, True))
    play.expect_events(Request(1, big, True), because="the peer may not have heard of it")
    play.hear(SettingsFrame(ack=True), FieldBlock(3, big, True))
    fault = play.told()[-1]
    assert getattr(fault, "code", None) is ErrorCode.ENHANCE_YOUR_CALM, "now it has"


# -- receive windows --------------------------------------------------------------------------


def test_only_the_program_opens_receive_windows() -> None:
    play = server()
    play.hear(DataFrame(1, bytes(16_384)), DataFrame(1, bytes(16_384)))
    play.told()
    play.expect_silence("no credit comes by itself")
    engine = play.engine
    assert engine.receive_window() == engine.receive_window(1) == 65_535 - 32_768, "it is used up"
    engine.open_window(1, 10)
    engine.open_window(0, 20)
    play.expect_frames(
        WindowUpdateFrame(1, 10), WindowUpdateFrame(0, 20), because="one frame a call"
    )
    assert engine.receive_window(1) == 65_535 - 32_768 + 10, "the stream's"
    assert engine.receive_window() == 65_535 - 32_768 + 20, "the connection's"


def test_the_windows_that_were_opened_are_enforced() -> None:
    play = server()
    play.engine.open_window(0, 10)
    play.engine.open_window(1, 1)
    play.said()
    play.hear(*[DataFrame(1, bytes(16_384))] * 4)
    assert len(play.told()) == 4, "65,536 bytes are what stream 1 was given"
    play.hear(DataFrame(1, b"x"))
    assert play.told()[-1] == Discarded(1, 1), "it took its share of the connection's"
    play.expect_frames(
        RstStreamFrame(1, ErrorCode.FLOW_CONTROL_ERROR), because="RFC 9113 §6.9.1: a byte too many"
    )


def test_a_window_can_be_opened_where_the_peer_has_ended() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.engine.open_window(1, 5)
    play.expect_frames(WindowUpdateFrame(1, 5), because="RFC 9113 §6.9: it does no harm")


@pytest.mark.parametrize(
    ("stream_id", "increment", "says"),
    [
        (0, 0, "an increment of 1 to"),
        (0, MAX_WINDOW + 1, "an increment of 1 to"),
        (0, MAX_WINDOW - 65_534, "a window of at most"),
        (1, MAX_WINDOW - 65_534, "a window of at most"),
        (3, 1, "stream 3 is IDLE"),
    ],
)
def test_a_window_that_cannot_be_opened_so(stream_id: int, increment: int, says: str) -> None:
    play = server()
    with pytest.raises(LocalProtocolError, match=says):
        play.engine.open_window(stream_id, increment)
    play.expect_silence("nothing has changed")


def test_open_window_is_for_those_who_keep_them() -> None:
    play = Playbook.opened(Role.SERVER)
    with pytest.raises(LocalProtocolError, match="by_hand"):
        play.engine.open_window(0, 1)


def test_data_that_nobody_is_told_of_is_told_as_discarded() -> None:
    play = server()
    play.hear(DataFrame(1, b"hello", pad_length=2))
    play.expect_events(Data(1, b"hello", padding=3), because="padding counts: whoever credits it")
    play.ask(Reset(1, ErrorCode.CANCEL))
    play.hear(DataFrame(1, b"late"))
    play.expect_events(Discarded(1, 4), because="it was on its way, and took its share")
    play.hear(DataFrame(1, b"", True))
    play.expect_no_event("nothing was taken")


def test_content_of_another_length_than_announced_is_discarded_with_its_stream() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.hear(FieldBlock(1, [*POST, (b"content-length", b"3")]), DataFrame(1, b"1234"))
    assert Discarded(1, 4) in play.told(), "RFC 9113 §8.1.1: malformed, and it took its share"


def test_data_without_content_is_told() -> None:
    play = server()
    play.hear(DataFrame(1, b""), DataFrame(1, b"", pad_length=4))
    play.expect_events(Data(1, b""), Data(1, b"", padding=5), because="a proxy passes it on")


# -- frames that are told ---------------------------------------------------------------------


def test_frames_that_mean_nothing_to_the_engine_are_told_as_they_came() -> None:
    play = server()
    frames: list[WindowUpdateFrame | PriorityFrame | UnknownFrame] = [
        WindowUpdateFrame(0, 5),
        WindowUpdateFrame(1, 7),
        PriorityFrame(9, Dependency(3, 200, True)),
        UnknownFrame(0x99, 5, 1, b"?"),
    ]
    play.hear(*frames)
    play.expect_events(*frames, because="in their order")
    assert play.engine.send_window() == 65_535 + 5, "what they mean is done all the same"
    assert play.engine.send_window(1) == 65_535 + 7, "for the stream too"


def test_origins_are_told_as_a_frame() -> None:
    play = Playbook.opened(Role.CLIENT, by_hand=True)
    frame = serialize(OriginFrame([b"https://a.example"]))
    play.hear(frame)
    play.expect_events(UnknownFrame(0xC, 0, 0, frame[9:]), because="a proxy passes it on")


def test_the_priority_in_headers_is_told_with_a_request() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    dependency = Dependency(3, 7, True)
    play.hear(FieldBlock(1, GET, True, priority=dependency))
    play.expect_events(Request(1, GET, True, dependency), because="RFC 7540 §6.2")
    play.hear(FieldBlock(5, GET, True, cuts=[3], priority=dependency))
    play.expect_events(Request(5, GET, True, dependency), because="behind CONTINUATION too")


def test_the_priority_in_other_headers_is_told_behind_them() -> None:
    play = server()
    dependency = Dependency(0, 7)
    play.hear(FieldBlock(1, [(b"a", b"b")], True, priority=dependency))
    play.expect_events(
        Trailers(1, [(b"a", b"b")]), PriorityFrame(1, dependency), because="as if by itself"
    )


def test_a_stream_that_depends_on_itself_says_nothing() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.hear(serialize(PriorityFrame(3, Dependency(1))).replace(b"\0\0\0\1\x0f", b"\0\0\0\3\x0f"))
    play.expect_no_event("RFC 9113 §5.3.2: the signal has no meaning left to be wrong")


def test_without_by_hand_none_of_these_is_told() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(
        FieldBlock(1, POST, priority=Dependency(3, 7)),
        WindowUpdateFrame(0, 5),
        PriorityFrame(9, Dependency(3)),
        UnknownFrame(0x99, 0, 1, b"?"),
        DataFrame(1, b""),
        DataFrame(1, b"x", pad_length=4),
    )
    play.expect_events(Request(1, POST), Data(1, b"x"), because="the engine sees to them")


def test_a_goaway_over_a_fault_has_no_words_of_ours() -> None:
    play = server()
    play.engine.receive_data(serialize(DataFrame(3, b"")), play.now)
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 3, because="stream 3 is idle")
    assert play.engine.data_to_send() == serialize(GoAwayFrame(1, ErrorCode.PROTOCOL_ERROR)), (
        "what it says is the program's"
    )


# -- what is written --------------------------------------------------------------------------


def test_each_write_is_one_frame_behind_what_was_said_before() -> None:
    play = client()
    engine = play.engine
    engine.write(Data(1, b"ab"))
    engine.write(Data(1, b""))
    engine.write(Data(1, b"cd"), 3)
    engine.write(Data(1, b""), 0)
    engine.write(Data(1, b"e", True))
    play.expect_frames(
        DataFrame(1, b"ab"),
        DataFrame(1, b""),
        DataFrame(1, b"cd", pad_length=3),
        DataFrame(1, b"", pad_length=0),
        DataFrame(1, b"e", True),
        because="as they were written",
    )
    assert engine.send_window(1) == 65_535 - 2 - 6 - 1 - 1, "RFC 9113 §6.1: padding counts"
    assert engine.stream_state(1) is StreamState.HALF_CLOSED_LOCAL, "the last one ended it"


def test_trailers_follow_what_was_written() -> None:
    play = client()
    play.engine.write(Data(1, b"ab"))
    play.ask(Trailers(1, [(b"sum", b"1")]))
    play.expect_frames(
        DataFrame(1, b"ab"), FieldBlock(1, [(b"sum", b"1")], True), because="at once"
    )


def test_an_exchange_is_over_with_the_write_that_ends_it() -> None:
    play = Playbook.opened(Role.SERVER, by_hand=True)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK))
    play.engine.write(Data(1, b"x", True))
    assert play.engine.open_streams == 0, "both sides have ended"
    assert play.engine.stream_state(1) is StreamState.CLOSED, "RFC 9113 §5.1"
    assert play.engine.stream_state(3) is StreamState.IDLE, "and others are yet to come"
    assert play.engine.stream_state(0) is StreamState.IDLE, "0 is never a stream"


def test_what_does_not_fit_is_refused_and_changes_nothing() -> None:
    play = client()
    refused(play, "DATA of at most 16384 bytes", Data(1, bytes(16_385)))
    refused(play, "DATA of at most 16384 bytes", Data(1, bytes(16_384)), 0)
    refused(play, "padding of at most 255", Data(1, b""), 256)
    refused(play, "stream 3 is IDLE", Data(3, b"x"))
    for _ in range(3):
        play.engine.write(Data(1, bytes(16_384)))
    play.said()
    refused(play, "at most 16383 bytes by the windows", Data(1, bytes(16_384)))
    play.engine.write(Data(1, bytes(16_383)))
    play.engine.write(Data(1, b""))
    assert len(play.said()) == 2, "RFC 9113 §6.9.1: a frame of length zero needs no window"
    play.engine.write(Data(1, b"", True))
    play.said()
    refused(play, "DATA in state ENDED", Data(1, b""))


def test_a_window_may_be_below_zero() -> None:
    play = client()
    play.engine.write(Data(1, bytes(100)))
    play.hear(SettingsFrame([(SettingId.INITIAL_WINDOW_SIZE, 10)]))
    play.told()
    play.said()
    assert play.engine.send_window(1) == -90, "RFC 9113 §6.9.2"
    assert play.engine.send_window() == 65_435, "the connection's is not meant"
    refused(play, "at most -90 bytes", Data(1, b"x"))
    with pytest.raises(LocalProtocolError, match="stream 5 is IDLE"):
        play.engine.send_window(5)
    with pytest.raises(LocalProtocolError, match="stream 5 is IDLE"):
        play.engine.receive_window(5)


def test_content_belies_no_content_length() -> None:
    play = Playbook.opened(Role.CLIENT, by_hand=True)
    play.ask(Request(1, [*POST, (b"content-length", b"3")]))
    play.said()
    refused(play, "content of 3 bytes was announced, 4 given", Data(1, b"1234"))
    refused(play, "content of 3 bytes was announced, 2 given", Data(1, b"12", True))
    play.engine.write(Data(1, b"123", True))
    play.expect_frames(DataFrame(1, b"123", True), because="as announced")


def test_content_does_not_overtake_what_is_queued() -> None:
    play = Playbook.opened(Role.CLIENT, by_hand=True, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)])
    play.ask(Request(1, POST), Data(1, b"queued"), Request(3, POST))
    play.hear(SettingsFrame())
    for stream_id in (1, 3):
        with pytest.raises(LocalProtocolError, match="before what is queued"):
            play.engine.write(Data(stream_id, b"x"))


def test_nothing_is_written_on_a_connection_that_is_over() -> None:
    play = client()
    play.hear(DataFrame(3, b""))
    play.told()
    play.said()
    refused(play, "a connection that is over", Data(1, b"x"))


def test_priorities_and_unknown_frames_can_be_sent() -> None:
    play = client()
    frames: list[PriorityFrame | UnknownFrame] = [
        PriorityFrame(7, Dependency(5, 1)),
        UnknownFrame(0x99, 1, 1, b"x"),
    ]
    play.ask(*frames)
    play.expect_frames(*frames, because="as they are")
    other = server()
    other.expect_refusal(frames[0], because="RFC 7540 §5.3: a client's signal", says="a client")


def test_a_request_can_carry_its_priority() -> None:
    play = Playbook.opened(Role.CLIENT, by_hand=True)
    play.ask(Request(1, GET, True, Dependency(0, 99, True)))
    play.expect_frames(
        FieldBlock(1, GET, True, priority=Dependency(0, 99, True)), because="RFC 9113 §6.2"
    )
    play.expect_refusal(
        Request(3, GET, True, Dependency(3)), because="RFC 7540 §5.3.1", says="depend on itself"
    )


@pytest.mark.parametrize("size", [10, 11, 20, 21, 30])
def test_a_block_with_a_priority_is_cut_where_it_does_not_fit(size: int) -> None:
    block = bytes(range(size))
    request = Request(1, GET, True, Dependency(0, 99, True))
    octets = depending_headers(request, block, 16_384)
    assert octets == serialize(HeadersFrame(1, block, True, priority=request.dependency)), "one"
    block *= 16_384 // size
    first, *rest = FrameReader().feed(depending_headers(request, block, 16_384))
    assert isinstance(first, HeadersFrame), "RFC 9113 §6.2"
    assert len(first.fragment) + 5 <= 16_384, "RFC 9113 §4.2: the priority counts"
    assert first.end_stream, "it is HEADERS that end a stream"
    fragments = [first.fragment, *[getattr(each, "fragment", b"") for each in rest]]
    assert b"".join(fragments) == block, "RFC 9113 §4.3: the block is their fragments joined"


def test_ids_may_be_left_out() -> None:
    play = Playbook.opened(Role.CLIENT, by_hand=True)
    play.ask(Request(5, HEAD, True))
    assert play.engine.next_stream_id() == 7, "RFC 9113 §5.1.1: greater than all before"
    play.expect_refusal(Request(3, GET, True), because="it was closed with that", says="id 7")


def test_a_signal_is_five_bytes() -> None:
    assert priority_in(b"..\x80\0\0\x05\x0f", 2) == Dependency(5, 16, True), "RFC 7540 §6.3"


def test_a_priority_update_can_still_be_sent() -> None:
    play = client()
    play.ask(PriorityUpdate(1, b"u=1"))
    assert len(play.said()) <= 1, "what a program asks for is not held against it"
