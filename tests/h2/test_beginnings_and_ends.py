"""Conversations about slots for streams, the way out, and the end of input."""

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
)
from hyper.h2 import (
    ConnectionState,
    Data,
    EndOfInput,
    GoAway,
    Limits,
    Request,
    Reset,
    Response,
    Settings,
)
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS


# -- GOAWAY (RFC 9113 §6.8) -------------------------------------------------------------------


def test_goaway_loses_the_streams_above_its_last_id_and_they_can_be_retried() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 3)])
    for stream_id in (1, 3, 5, 7):
        play.ask(Request(stream_id, GET, True))
    play.said()
    play.hear(GoAwayFrame(3, ErrorCode.NO_ERROR, b"bye"))
    play.expect_events(
        GoAway(3, ErrorCode.NO_ERROR, b"bye"),
        Reset(5, ErrorCode.REFUSED_STREAM),
        Reset(7, ErrorCode.REFUSED_STREAM),
        because="RFC 9113 §6.8: 5 was sent but not processed; 7 was waiting and never left",
    )
    assert Reset(5, ErrorCode.REFUSED_STREAM).retryable, "RFC 9113 §8.7: safe to send again"
    assert not play.engine.can_open
    play.expect_refusal(
        Request(9, GET, True),
        because="RFC 9113 §6.8: MUST NOT open additional streams",
        says="GOAWAY_RECEIVED",
    )
    play.hear(FieldBlock(1, OK, True), FieldBlock(3, OK, True), FieldBlock(5, OK, True))
    play.expect_events(
        Response(1, OK, True),
        Response(3, OK, True),
        because="streams up to the last id live on; what still comes of the others is discarded",
    )
    assert play.engine.open_streams == 0
    assert not play.engine.closed, "closing is the host's to do"


def test_a_stream_that_goaway_loses_lives_until_that_was_told() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 2)])
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, POST))
    play.said()
    play.hear(GoAwayFrame(1, ErrorCode.NO_ERROR))
    assert play.engine.next_event() == GoAway(1)
    assert play.engine.open_streams == 3, "what the state says is what the last event said"
    play.ask(Data(3, b"in ignorance"), Data(5, b"likewise"), Reset(5))
    play.expect_frames(
        DataFrame(3, b"in ignorance"), because="harmless: the server discards it; 5 never left"
    )
    play.expect_events(
        Reset(3, ErrorCode.REFUSED_STREAM), because="of 5, which we gave up, there is no news"
    )
    play.expect_refusal(Data(3, b"x"), because="now it is known", says="stream 3")


def test_a_second_goaway_may_leave_out_more() -> None:
    play = Playbook.opened(Role.CLIENT)
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, GET, True))
    play.hear(GoAwayFrame(2**31 - 1, ErrorCode.NO_ERROR))
    play.expect_events(GoAway(2**31 - 1), because="RFC 9113 §6.8: a warning; nothing is lost by it")
    play.hear(GoAwayFrame(3, ErrorCode.NO_ERROR))
    play.expect_events(
        GoAway(3), Reset(5, ErrorCode.REFUSED_STREAM), because="now the server has made up its mind"
    )


def test_the_last_word_lets_what_is_under_way_finish() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, POST))
    play.told()
    play.engine.shut_down(warn=False)
    play.expect_frames(
        GoAwayFrame(3, ErrorCode.NO_ERROR), because="3 is the highest the application has seen"
    )
    play.hear(DataFrame(3, b"rest", end_stream=True), FieldBlock(5, POST), DataFrame(5, b"x" * 99))
    play.expect_events(
        Data(3, b"rest", True),
        because="RFC 9113 §6.8: frames on streams above the last id are ignored, the others not",
    )
    play.ask(Response(1, OK, True), Response(3, OK, True))
    play.expect_frames(
        FieldBlock(1, OK, True), FieldBlock(3, OK, True), because="the last answers go out"
    )
    assert play.engine.open_streams == 0, "now the host can close"


def test_a_request_that_was_not_taken_as_an_event_is_not_promised_by_goaway() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.hear(FieldBlock(3, GET, True))  # in the buffer: nobody asked for it yet
    play.engine.shut_down(warn=False)
    play.expect_frames(
        GoAwayFrame(1, ErrorCode.NO_ERROR),
        because="RFC 9113 §6.8: processed means passed to some higher layer of software",
    )
    play.expect_no_event(because="the client knows that it can send 3 again elsewhere")


def test_an_owner_may_word_the_warning_himself() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(GoAway(2**31 - 1))
    play.hear(FieldBlock(3, GET, True))
    play.expect_events(
        Request(3, GET, True),
        because="RFC 9113 §6.8: streams up to the last id might be processed, so they must be",
    )
    play.engine.shut_down()
    play.hear(FieldBlock(5, GET, True))
    play.expect_no_event(because="the second GOAWAY leaves it out")
    play.expect_frames(
        GoAwayFrame(2**31 - 1, 0), GoAwayFrame(3, 0), because="a warning, then the last word"
    )


def test_the_last_id_of_goaway_never_grows() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    play.ask(GoAway(1))
    play.expect_refusal(
        GoAway(3), because="RFC 9113 §6.8: endpoints MUST NOT increase it", says="at most 1"
    )


def test_goaway_with_an_error_ends_the_connection() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(GoAway(1, ErrorCode.INTERNAL_ERROR, b"out of order"))
    assert play.engine.closed, "RFC 9113 §5.4.1: after it the endpoint MUST close the connection"
    play.expect_refusal(Response(1, OK), because="nothing more can be said", says="over")
    play.hear(FieldBlock(3, GET, True))
    play.expect_no_event(because="nothing more is heard")
    play.expect_frames(
        GoAwayFrame(1, ErrorCode.INTERNAL_ERROR, b"out of order"), because="that much goes out"
    )


def test_leaving_before_the_peer_has_spoken_ends_it_at_once() -> None:
    play = Playbook(Role.SERVER)
    play.hear(PREFACE[:5])
    play.told()
    play.engine.shut_down()
    assert play.engine.closed
    assert play.engine.next_timer() is None, "there is nothing left to wait for"
    play.engine.shut_down()
    frames = play.said()
    assert frames[-1] == GoAwayFrame(0, 0), "said once, however often it is asked for"
    assert frames.count(GoAwayFrame(0, 0)) == 1


def test_a_client_can_leave_before_the_server_has_spoken() -> None:
    play = Playbook(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.engine.shut_down()
    play.hear(SettingsFrame(), FieldBlock(1, OK, True))
    play.expect_events(
        Settings([]), Response(1, OK, True), because="what is under way is finished all the same"
    )
    assert play.engine.state is ConnectionState.GOAWAY_SENT


# -- concurrency (RFC 9113 §5.1.2) ------------------------------------------------------------


def test_a_request_beyond_the_servers_limit_waits_for_a_slot() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 2)])
    for stream_id in (1, 3, 5, 7):
        play.ask(Request(stream_id, GET, stream_id != 5))
    play.ask(Data(5, b"queued behind its head", True))
    play.expect_frames(
        FieldBlock(1, GET, True),
        FieldBlock(3, GET, True),
        because="RFC 9113 §5.1.2: endpoints MUST NOT exceed the limit set by their peer",
    )
    assert play.engine.open_streams == 4, "those that wait are alive"
    assert not play.engine.wants_to_send, "asking again now would be of no use"
    play.hear(FieldBlock(1, OK, True))
    play.told()
    assert bool(play.engine.wants_to_send), "a slot came free"
    play.expect_frames(
        FieldBlock(5, GET),
        DataFrame(5, b"queued behind its head", end_stream=True),
        because="RFC 9113 §5.1.1: in the order of the ids",
    )
    play.hear(RstStreamFrame(3, ErrorCode.CANCEL), SettingsFrame([(STREAMS, 1)]))
    play.told()
    play.expect_frames(SettingsFrame(ack=True), because="the limit fell to one, and 5 has it")
    play.hear(SettingsFrame([(STREAMS, 2)]))
    play.told()
    play.expect_frames(SettingsFrame(ack=True), FieldBlock(7, GET, True), because="and rose again")


def test_a_request_that_waits_can_be_given_up() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 1)])
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, GET, True))
    play.ask(Reset(3, ErrorCode.CANCEL))
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.expect_frames(
        FieldBlock(1, GET, True),
        FieldBlock(5, GET, True),
        because="3 never left: RFC 9113 §6.4: RST_STREAM MUST NOT be sent for an idle stream",
    )


def test_before_the_servers_settings_a_client_assumes_a_limit() -> None:
    play = Playbook(Role.CLIENT, limits=Limits(assumed_concurrency=2))
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, GET, True))
    blocks = [each for each in play.said() if isinstance(each, FieldBlock)]
    assert [block.stream_id for block in blocks] == [1, 3], "more could only be refused"
    play.hear(SettingsFrame())
    play.told()
    play.expect_frames(
        SettingsFrame(ack=True), FieldBlock(5, GET, True), because="the server sets no limit"
    )


def test_a_request_beyond_our_limit_is_refused_and_the_others_live_on() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=1))
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, POST), DataFrame(3, b"under way"))
    assert play.told()[0] == Request(1, GET, True)
    play.expect_frames(
        RstStreamFrame(3, ErrorCode.REFUSED_STREAM),
        because="RFC 9113 §5.1.2: a stream error; REFUSED_STREAM lets the client try again",
    )
    play.ask(Response(1, OK, True))
    play.hear(FieldBlock(5, GET, True))
    play.expect_fault(
        ErrorCode.REFUSED_STREAM,
        Scope.STREAM,
        5,
        because="the answer has not left yet: for the client, stream 1 is still open",
    )
    play.said()
    play.hear(FieldBlock(7, GET, True))
    play.expect_events(Request(7, GET, True), because="the slot is free again")


# -- the end of input -------------------------------------------------------------------------


def test_the_end_between_exchanges_is_clean() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK, True))
    play.hear_the_end()
    play.expect_events(
        EndOfInput(clean=True), because="no frame and no message of the peer's was cut short"
    )
    assert play.engine.closed
    play.expect_no_event(because="it is the last event")


@pytest.mark.parametrize(
    "last",
    [
        pytest.param([b"\0\0\x08"], id="a frame header"),
        pytest.param([b"\0\0\x08\x06\0\0\0\0\0abc"], id="a payload"),
        pytest.param([FieldBlock(1, POST), DataFrame(1, b"...")], id="a message"),
        pytest.param([b"\0\0\0\x01\0\0\0\0\x01"], id="a field block"),
    ],
)
def test_an_end_that_cuts_something_short_is_not_clean(last: list[FieldBlock | DataFrame]) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(*last)
    play.told()
    play.hear_the_end()
    assert play.told()[-1] == EndOfInput(clean=False), "what was begun was not finished"
    assert play.engine.closed


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_an_end_within_the_preface_is_not_clean(role: Role) -> None:
    starts = [b"", PREFACE[:7], PREFACE] if role is Role.SERVER else [b""]
    for start in starts:
        play = Playbook(role)
        if start:
            play.hear(start)
        play.hear_the_end()
        play.expect_events(
            EndOfInput(clean=False), because="RFC 9113 §3.4: a preface ends with SETTINGS"
        )
