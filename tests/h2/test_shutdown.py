"""Leaving in two steps, told as conversations (RFC 9113 §6.8)."""

import pytest

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
    Connection,
    ConnectionState,
    Data,
    GoAway,
    Limits,
    PeerFault,
    Ping,
    Request,
    Reset,
    Response,
)
from hyper.wire import Role
from tests.support.pair import Pair, drained
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

WARNING = GoAwayFrame(2**31 - 1, ErrorCode.NO_ERROR)
PROBE = b"hypers\0\1"
MAX_STREAMS = SettingId.MAX_CONCURRENT_STREAMS


def may_close(play: Playbook) -> bool:
    """A call, so that it is asked anew each time."""
    return play.engine.may_close


def leaving() -> Playbook:
    """A server that has warned its client, with one request under way."""
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.engine.shut_down()
    play.expect_frames(
        WARNING, PingFrame(PROBE), because="no more, please; and when have you read that?"
    )
    return play


def test_a_request_that_crosses_the_warning_is_answered() -> None:
    play = leaving()
    assert play.engine.state is ConnectionState.GOAWAY_SENT
    play.hear(FieldBlock(3, GET, True))
    play.expect_events(
        Request(3, GET, True), because="RFC 9113 §6.8: it might be processed, so it is"
    )
    play.hear(PingFrame(PROBE, ack=True))
    play.expect_no_event(because="the PING was the engine's own affair")
    play.expect_frames(
        GoAwayFrame(3, ErrorCode.NO_ERROR), because="the client has read the warning: the last word"
    )
    play.hear(FieldBlock(5, GET, True))
    play.expect_no_event(because="a client that goes on all the same is told that 5 was not done")
    assert not may_close(play), "two answers are owed"
    play.ask(Response(1, OK, True), Response(3, OK, True))
    assert not may_close(play), "and have to be written"
    play.said()
    assert may_close(play), "now it is done"
    assert not play.engine.closed, "closing is the host's to do"


def test_a_client_that_does_not_answer_is_waited_for_a_second() -> None:
    play = leaving()
    assert play.engine.next_timer() == play.now + 1.0
    play.wait(0.9)
    play.expect_silence(because="it may still be on its way")
    play.wait(0.1)
    play.expect_frames(GoAwayFrame(1, ErrorCode.NO_ERROR), because="long enough")
    play.hear(PingFrame(PROBE, ack=True))
    play.expect_no_event(because="late, and of no use")
    play.expect_silence(because="the last word is the last")
    assert play.engine.next_timer() is None


def test_an_answer_to_another_ping_is_not_taken_for_the_one_that_counts() -> None:
    play = leaving()
    play.ask(Ping(b"anything"))
    play.said()
    play.hear(PingFrame(b"anything", ack=True))
    play.told()
    play.expect_silence(because="it may have been answered before the warning was read")


def test_asking_again_changes_nothing() -> None:
    play = leaving()
    play.engine.shut_down()
    play.expect_silence(because="it has been said")
    play.hear(PingFrame(PROBE, ack=True))
    play.told()
    play.said()
    play.engine.shut_down()
    play.engine.shut_down(warn=False)
    play.expect_silence(because="all of it")


def test_who_cannot_wait_says_the_last_word_at_once() -> None:
    play = leaving()
    play.engine.shut_down(warn=False)
    play.expect_frames(GoAwayFrame(1, ErrorCode.NO_ERROR), because="no need for the answer now")
    assert play.engine.next_timer() is None, "nor for the second"


def test_a_client_has_one_step() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.said()
    play.engine.shut_down()
    play.expect_frames(
        GoAwayFrame(0, ErrorCode.NO_ERROR), because="nothing of the server's can be on its way"
    )
    assert not play.engine.can_open
    assert not may_close(play)
    play.hear(FieldBlock(1, OK, True))
    play.expect_events(Response(1, OK, True), because="what is under way is finished")
    assert may_close(play)


def test_a_client_that_was_warned_may_close_when_its_last_answer_is_there() -> None:
    play = Playbook.opened(Role.CLIENT)
    assert not may_close(play), "an idle connection is of use"
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(WARNING)
    play.told()
    assert not play.engine.can_open, "RFC 9113 §6.8: MUST NOT open additional streams"
    assert not may_close(play)
    play.hear(FieldBlock(1, OK, True))
    play.told()
    assert may_close(play), "the server is waiting for that"


def test_a_server_waits_for_requests_also_when_the_client_said_goaway() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(GoAwayFrame(0, ErrorCode.NO_ERROR))
    play.told()
    play.said()
    assert not may_close(play), "RFC 9113 §6.8: that was about pushes"
    play.engine.shut_down()
    play.expect_frames(WARNING, PingFrame(PROBE), because="so requests may still come")


def test_a_server_that_was_not_spoken_to_leaves_at_once() -> None:
    play = Playbook(Role.SERVER)
    play.engine.shut_down()
    assert play.said()[-1] == GoAwayFrame(0, ErrorCode.NO_ERROR), "there is nothing to lose"
    assert play.engine.closed
    assert may_close(play)


def test_a_server_that_awaits_settings_warns() -> None:
    play = Playbook(Role.SERVER)
    play.hear(PREFACE)
    play.told()
    play.engine.shut_down()
    assert play.said()[-2:] == [WARNING, PingFrame(PROBE)], "requests may come right behind them"
    play.hear(SettingsFrame(), SettingsFrame(ack=True), FieldBlock(1, GET, True))
    assert play.told()[-1] == Request(1, GET, True)


def test_leaving_twice_over_by_an_owner_who_words_it_himself() -> None:
    play = leaving()
    play.ask(GoAway(1))
    play.expect_frames(GoAwayFrame(1, ErrorCode.NO_ERROR), because="the owner has the last word")
    play.wait(1.0)
    play.expect_silence(because="and nothing is said behind it")


def test_a_connection_that_is_over_cannot_be_left() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(DataFrame(9, b"x"))
    play.told()
    play.said()
    play.engine.shut_down(within=1.0)
    play.expect_silence(because="it is over")
    assert play.engine.next_timer() is None


def test_nothing_is_lost_between_two_engines() -> None:
    # Whatever the client sends before it reads the warning is answered; the rest can be retried.
    pair = Pair(auto_consume=True)
    pair.flow()
    pair.server.shut_down(pair.now)
    warning = pair.server.data_to_send()
    for _ in range(5):
        pair.client.send(Request(pair.client.next_stream_id(), GET, True))
    crossing = pair.client.data_to_send()
    pair.client.receive_data(warning, pair.now)
    assert drained(pair.client)[0] == GoAway(2**31 - 1)
    assert not pair.client.can_open
    pair.server.receive_data(crossing, pair.now)
    requests = [event for event in drained(pair.server) if isinstance(event, Request)]
    assert len(requests) == 5
    for request in requests:
        pair.server.send(Response(request.stream_id, OK, True))
    to_client, _ = pair.flow()
    assert sum(isinstance(event, Response) for event in to_client) == 5
    assert GoAway(9) in to_client
    assert not [event for event in to_client if isinstance(event, Reset)]
    assert pair.server.may_close, "all is said"
    assert pair.client.may_close, "and heard"


# -- stragglers -------------------------------------------------------------------------------


def test_what_does_not_end_in_time_is_cut_off() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), FieldBlock(3, GET, True))
    play.told()
    play.engine.shut_down(within=5.0)
    play.said()
    play.hear(PingFrame(PROBE, ack=True))
    play.told()
    play.ask(Response(3, OK), Data(3, b"...", True))
    play.said()
    play.wait(4.9)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.CANCEL, Scope.STREAM, 1, because="the request never came to its end"
    )
    assert fault.expected == "an end within 5 s of the shutdown"
    play.expect_frames(RstStreamFrame(1, ErrorCode.CANCEL), because="the client learns")
    assert may_close(play)


def test_time_for_stragglers_counts_also_when_the_warning_was_not_answered() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(shutdown_warning=30.0))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.engine.shut_down(within=2.0)
    play.said()
    play.wait(2.0)
    assert isinstance(play.told()[0], PeerFault)
    play.expect_frames(
        GoAwayFrame(1, ErrorCode.NO_ERROR),
        RstStreamFrame(1, ErrorCode.CANCEL),
        because="the last word goes first: 1 was seen, so it cannot be sent again unasked",
    )
    assert may_close(play)


def test_requests_that_still_wait_for_a_slot_are_given_up_without_a_word() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(MAX_STREAMS, 1)])
    play.ask(Request(1, GET, True), Request(3, GET, True))
    play.said()
    play.engine.shut_down(within=2.0)
    play.said()
    play.wait(2.0)
    assert [event.stream_id for event in play.told() if isinstance(event, PeerFault)] == [1, 3]
    play.expect_frames(
        RstStreamFrame(1, ErrorCode.CANCEL),
        because="RFC 9113 §6.4: RST_STREAM MUST NOT be sent for an idle stream",
    )
    assert may_close(play)


@pytest.mark.parametrize("given", [True, False], ids=["with the time", "without"])
def test_leaving_counts_from_the_time_that_is_given_or_told_next(given: bool) -> None:
    engine = Connection(Role.SERVER, now=0.0)
    engine.receive_data(PREFACE + b"\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0", 0.0)
    drained(engine)
    if given:
        engine.shut_down(100.0)
        assert engine.next_timer() == 101.0
    else:
        engine.shut_down()
        assert engine.next_timer() == 0.0, "at once: 0 may be long ago"
        engine.handle_timer(100.0)
        assert engine.next_timer() == 101.0


def test_a_client_whose_ids_run_out_is_sent_to_a_new_connection_in_time() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(2**31 - 1 - 2_000, GET, True))
    play.told()
    play.expect_silence(because="a thousand requests are left")
    play.hear(FieldBlock(2**31 - 1 - 1_998, GET, True))
    play.told()
    warning, ping = play.said()
    assert warning == GoAwayFrame(2**31 - 1), "RFC 9113 §5.1.1: so that it opens a new connection"
    assert isinstance(ping, PingFrame), "RFC 9113 §6.8: what is on its way is waited for"
    play.hear(FieldBlock(2**31 - 1 - 1_996, GET, True))
    play.expect_events(
        Request(2**31 - 1 - 1_996, GET, True), because="and what it sends meanwhile is answered"
    )
    play.expect_silence(because="once is enough")
