"""Whether the peer is still there: by arithmetic, and as conversations with somebody silent."""

from hyper.frame import DataFrame, ErrorCode, GoAwayFrame, PingFrame, Scope
from hyper.h2 import Connection, Data, Limits, Ping, Request, Reset, Response, Timer
from hyper.h2.keepalive import KeepAlive
from hyper.h2.timers import Timers
from hyper.wire import Role
from tests.support.inside import session
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

WATCHFUL = Limits(keepalive_interval=20.0, keepalive_timeout=5.0)


def probe(number: int) -> PingFrame:
    return PingFrame(b"hyperk\0%c" % number)


def expired(timers: Timers, now: float) -> bool:
    return timers.expired(now) is Timer.KEEPALIVE


# -- arithmetic -------------------------------------------------------------------------------


def test_silence_counts_from_the_last_bytes() -> None:
    timers = Timers()
    keepalive = KeepAlive(timers, 20.0, 5.0)
    keepalive.look(busy=True, now=100.0)
    keepalive.heard(busy=True, now=110.0)
    assert not expired(timers, 129.9)
    assert expired(timers, 130.0)
    assert keepalive.silent(130.0), "ask"
    assert expired(timers, 135.0)
    assert not keepalive.silent(135.0), "nobody answers"


def test_any_bytes_are_an_answer() -> None:
    timers = Timers()
    keepalive = KeepAlive(timers, 20.0, 5.0)
    keepalive.look(busy=True, now=100.0)
    assert expired(timers, 120.0)
    assert keepalive.silent(120.0)
    keepalive.heard(busy=True, now=121.0)
    assert not expired(timers, 140.9), "from there it counts anew"
    assert expired(timers, 141.0)
    assert keepalive.silent(141.0), "and begins with a question"


def test_the_last_bytes_that_are_waited_for_end_the_watch() -> None:
    timers = Timers()
    keepalive = KeepAlive(timers, 20.0, 5.0)
    keepalive.look(busy=True, now=100.0)
    keepalive.heard(busy=False, now=110.0)
    assert timers.next() is None, "nothing is open any more, and nobody is to be asked"


def test_an_idle_connection_outlives_its_last_response() -> None:
    play = Playbook.opened(Role.CLIENT, limits=WATCHFUL)
    play.ask(Request(1, GET, True))
    play.said()
    play.wait(1.0)
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.hear(PingFrame(b"anything"))
    play.told()
    play.said()
    for _ in range(10):
        play.wait(20.0)
        play.expect_silence(because="no stream is open: it makes no difference who is alive")
    play.expect_no_event(because="nor is anybody found missing")


def test_nothing_is_expected_while_nothing_is_open() -> None:
    timers = Timers()
    keepalive = KeepAlive(timers, 20.0, 5.0)
    keepalive.look(busy=False, now=100.0)
    assert timers.next() is None
    assert not keepalive.overlooked(busy=False)
    assert keepalive.overlooked(busy=True), "a stream was opened, and nobody looked since"
    keepalive.look(busy=True, now=500.0)
    assert not keepalive.overlooked(busy=True)
    keepalive.look(busy=True, now=510.0)
    assert timers.next() == 520.0, "from the first stream on"
    keepalive.look(busy=False, now=515.0)
    assert timers.next() is None
    keepalive.heard(busy=False, now=516.0)
    assert timers.next() is None, "what comes meanwhile changes nothing"


# -- conversations ----------------------------------------------------------------------------


def test_a_peer_that_lives_is_asked_and_answers() -> None:
    play = Playbook.opened(Role.CLIENT, limits=WATCHFUL)
    play.ask(Request(1, GET, True))
    play.said()
    for number in (1, 2, 3):
        play.wait(20.0)
        play.expect_frames(probe(number), because="20 seconds without a word")
        play.now += 0.5
        play.hear(PingFrame(probe(number).data, ack=True))
        play.expect_no_event(because="it was the engine that asked")
    assert play.engine.round_trip == 0.5, "but whoever looks can know"
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.wait(1_000.0)
    play.expect_silence(because="nothing is open, so it does not matter")


def test_a_peer_that_is_gone_is_left() -> None:
    play = Playbook.opened(Role.CLIENT, limits=WATCHFUL)
    play.ask(Request(1, GET, True))
    play.said()
    play.wait(20.0)
    play.said()
    play.wait(5.0)
    fault = play.expect_fault(
        ErrorCode.NO_ERROR, Scope.CONNECTION, because="25 seconds without a byte"
    )
    assert fault.timer is Timer.KEEPALIVE
    play.expect_frames(GoAwayFrame(0, ErrorCode.NO_ERROR), because="should it be there after all")
    assert play.engine.closed


def test_a_peer_that_answers_with_something_else_lives() -> None:
    play = Playbook.opened(Role.SERVER, limits=WATCHFUL)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.said()
    for number in range(1, 9):
        play.wait(20.0)
        play.expect_frames(probe(number), because="it has been silent")
        play.wait(4.9)
        play.hear(DataFrame(1, b"x"))
        play.expect_events(Data(1, b"x"), because="slow, but there")
    assert len(session(play.engine).pings) == 1, "only the latest question is remembered"


def test_a_first_request_after_a_long_pause_does_not_meet_suspicion() -> None:
    play = Playbook.opened(Role.CLIENT, limits=WATCHFUL)
    play.now += 3_600.0
    play.ask(Request(1, GET, True))
    due = play.engine.next_timer()
    assert due is not None, "the engine has not been told how late it is, and wants to be"
    assert due < play.now
    play.said()
    assert play.engine.next_timer() == play.now + 20.0, "an hour of silence was in order"


def test_a_server_that_has_nothing_to_say_watches_all_the_same() -> None:
    play = Playbook.opened(Role.SERVER, limits=WATCHFUL)
    play.hear(FieldBlock(1, POST))
    play.told()
    # Nobody asks for bytes, for there are none: the timer is how the engine gets to look.
    play.wait(0.0)
    assert play.engine.next_timer() == play.now + 20.0


def test_it_is_off_by_default() -> None:
    for role in Role:
        play = Playbook.opened(role)
        if role is Role.SERVER:
            play.hear(FieldBlock(1, POST))
            play.told()
        else:
            play.ask(Request(1, POST))
        play.said()
        assert play.engine.next_timer() is None, "gRPC's servers punish who asks too often"
        play.wait(1e6)
        play.expect_silence(because="nobody asked for it")


def test_without_a_clock_nobody_is_suspected() -> None:
    engine = Connection(Role.CLIENT, limits=WATCHFUL)
    engine.send(Request(1, GET, True))
    engine.data_to_send()
    assert engine.next_timer() is None, "no time was told"
    engine.data_to_send(now=7.0)
    assert engine.next_timer() == 17.0, "SETTINGS come before silence"


def test_pings_of_the_owner_and_resets_do_not_disturb_it() -> None:
    play = Playbook.opened(Role.SERVER, limits=WATCHFUL)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.said()
    play.wait(10.0)
    play.ask(Ping(b"mine...."))
    play.said()
    assert play.engine.next_timer() == play.now + 10.0, "what we say is no sign of the peer"
    play.ask(Reset(1))
    play.said()
    assert play.engine.next_timer() is None, "nothing is open any more"
    play.hear(FieldBlock(3, GET, True))
    play.told()
    play.ask(Response(3, OK, True))
    play.said()
    assert play.engine.next_timer() is None
