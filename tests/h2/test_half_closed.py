"""The end of input: who still gets an answer, and what becomes of the rest."""

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
)
from hyper.h2 import (
    ConnectionState,
    Data,
    EndOfInput,
    Limits,
    PeerFault,
    Request,
    Reset,
    Response,
    Trailers,
)
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

MAX_STREAMS = SettingId.MAX_CONCURRENT_STREAMS


def cut(stream_id: int, expected: str = "the rest of the message") -> PeerFault:
    return PeerFault(stream_id, ErrorCode.CANCEL, Scope.STREAM, expected, "the end of input")


def is_live(play: Playbook) -> bool:
    """A call, so that it is asked anew each time."""
    return not play.engine.closed


# -- a server ---------------------------------------------------------------------------------


def test_a_client_that_has_said_its_last_word_gets_its_answers() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.hear_the_end()
    play.expect_events(
        Request(1, GET, True),
        Request(3, GET, True),
        EndOfInput(clean=True),
        because="what came is told before the end",
    )
    assert play.engine.state is ConnectionState.INPUT_ENDED
    play.ask(Response(1, OK), Data(1, b"one", True))
    play.ask(Response(3, OK), Data(3, b"three"))
    play.expect_frames(
        FieldBlock(1, OK),
        FieldBlock(3, OK),
        DataFrame(1, b"one", end_stream=True),
        DataFrame(3, b"three"),
        because="the client may be listening",
    )
    assert is_live(play), "3 is not done"
    play.ask(Trailers(3, [(b"checksum", b"3")]))
    assert play.engine.closed, "that was all there was to do"
    play.expect_frames(
        FieldBlock(3, [(b"checksum", b"3")], True), because="and what is written is sent"
    )
    assert play.engine.may_close
    assert play.engine.next_timer() is None


def test_what_is_not_whole_is_not_answered() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, POST), DataFrame(3, b"half"))
    play.told()
    play.said()
    play.hear_the_end()
    play.expect_events(
        cut(3), EndOfInput(clean=False), because="of 3 the rest will never come; 1 is whole"
    )
    play.expect_frames(RstStreamFrame(3, ErrorCode.CANCEL), because="the client learns")
    play.expect_refusal(Response(3, OK, True), because="it is over", says="RESET_SENT")
    play.ask(Response(1, OK, True))
    assert play.engine.closed


def test_a_stream_lives_until_its_end_was_told() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), FieldBlock(3, POST))
    play.told()
    play.hear_the_end()
    assert play.engine.next_event() == cut(1)
    assert is_live(play), "there is more to tell"
    play.expect_events(cut(3), EndOfInput(clean=False), because="each by itself")
    assert play.engine.closed, "and nothing is left to answer"


def test_a_connection_that_broke_within_a_frame_is_over() -> None:
    for piece in (b"\0\0", b"\0\0\x08\6\0\0\0\0\0half", b"\0\0\x01\1\0\0\0\0\3\x82"):
        play = Playbook.opened(Role.SERVER)
        play.hear(FieldBlock(1, GET, True), piece)
        play.told()
        play.hear_the_end()
        play.expect_events(EndOfInput(clean=False), because="nobody closes like that on purpose")
        assert play.engine.closed, "there is nobody to answer"


def test_a_connection_that_never_began_is_over() -> None:
    play = Playbook(Role.SERVER)
    play.hear(PREFACE)
    play.hear_the_end()
    play.expect_events(EndOfInput(clean=False), because="RFC 9113 §3.4: SETTINGS are missing")
    assert play.engine.closed


def test_nothing_is_waited_for_that_cannot_come() -> None:
    limits = Limits(keepalive_interval=1.0, settings_timeout=1.0)
    play = Playbook(Role.SERVER, limits=limits)
    play.hear(PREFACE, SettingsFrame(), FieldBlock(1, GET, True))
    play.told()
    play.said()
    play.hear_the_end()
    play.told()
    assert play.engine.next_timer() == play.now + 30.0, "but for our own answer"
    play.said()
    play.wait(20.0)
    play.expect_silence(because="no PING: it would not be answered")
    play.ask(Response(1, OK, True))
    assert play.engine.closed


def test_a_server_that_was_leaving_has_its_last_word_at_once() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.engine.shut_down()
    play.said()
    play.hear_the_end()
    play.told()
    play.expect_frames(
        GoAwayFrame(1, ErrorCode.NO_ERROR), because="the PING will not be answered any more"
    )
    play.ask(Response(1, OK, True))
    assert play.engine.closed


def test_a_server_may_leave_afterwards() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.hear_the_end()
    play.told()
    play.said()
    play.engine.shut_down()
    play.expect_frames(GoAwayFrame(1, ErrorCode.NO_ERROR), because="in one step: nobody asks more")
    assert is_live(play), "the answer is owed all the same"
    play.ask(Response(1, OK, True))
    assert play.engine.closed


def test_a_reset_of_the_last_stream_ends_it() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.hear_the_end()
    play.told()
    play.ask(Reset(1))
    assert play.engine.closed


def test_content_that_the_application_holds_does_not_hold_the_connection() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), DataFrame(1, b"content", end_stream=True))
    play.hear_the_end()
    play.told()
    play.said()
    play.ask(Response(1, OK, True))
    assert play.engine.closed
    play.said()
    play.consume(1, 7)
    play.expect_silence(because="there is nobody to give credit to")


def test_bytes_behind_the_end_are_the_hosts_mistake_and_mean_nothing() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.hear_the_end()
    play.hear(PingFrame(bytes(8)))
    assert play.told()[-1] == EndOfInput(clean=True)
    play.hear(PingFrame(bytes(8)))
    play.expect_no_event(because="the end was told")


# -- a client ---------------------------------------------------------------------------------


def test_a_client_has_nothing_to_wait_for() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True), Request(3, GET, True), Request(5, POST))
    play.said()
    play.hear(FieldBlock(1, OK), DataFrame(1, b"half"), FieldBlock(5, OK, True))
    play.told()
    play.hear_the_end()
    play.expect_events(
        cut(1),
        cut(3, "a response"),
        EndOfInput(clean=False),
        because="1 was cut short, 3 was not answered; 5 has its whole response",
    )
    assert play.engine.closed


def test_requests_that_never_left_can_be_sent_elsewhere() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(MAX_STREAMS, 1)])
    play.ask(Request(1, GET, True), Request(3, GET, True))
    play.said()
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.ask(Request(5, GET, True))
    play.said()
    play.hear_the_end()
    waiting = Reset(5, ErrorCode.REFUSED_STREAM)
    play.expect_events(
        cut(3, "a response"),
        waiting,
        EndOfInput(clean=False),
        because="3 was sent, and what the server did with it nobody knows; 5 waited for its slot",
    )
    assert waiting.retryable, "RFC 9113 §8.7: the server did nothing with it"


def test_a_clean_end_of_an_idle_connection() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear_the_end()
    play.expect_events(EndOfInput(clean=True), because="no frame and no message was cut short")
    assert play.engine.closed
    play.expect_no_event(because="it is the last event")
