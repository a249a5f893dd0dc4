"""Our PINGs and their answers: which belongs to which, and how long it took (RFC 9113 §6.7)."""

import pytest

from hyper.frame import PingFrame
from hyper.h2 import Connection, Limits, Ping, Pong
from hyper.h2.pings import Pings, Purpose
from hyper.wire import Role
from tests.support.inside import session
from tests.support.pair import drained
from tests.support.playbook import Playbook


def took(pings: Pings, payload: bytes, now: float) -> float | None:
    probe = pings.answered(payload, now)
    assert probe is not None, "we asked that"
    assert probe.payload == payload
    assert probe.purpose is Purpose.OWNER
    return probe.round_trip


def test_an_answer_belongs_to_the_question_with_its_payload() -> None:
    pings = Pings()
    for number in range(3):
        pings.ask(b"%08d" % number, Purpose.OWNER)
        pings.left(float(number))
    assert took(pings, b"00000001", 10.0) == 9.0, "answers may come in any order"
    assert took(pings, b"00000000", 11.0) == 11.0
    assert took(pings, b"00000002", 11.5) == 9.5
    assert pings.round_trip == 9.5, "the latest"
    assert len(pings) == 0


def test_of_equal_questions_the_oldest_is_answered_first() -> None:
    pings = Pings()
    for sent_at in (1.0, 2.0):
        pings.ask(b"the same", Purpose.OWNER)
        pings.left(sent_at)
    assert took(pings, b"the same", 3.0) == 2.0
    assert took(pings, b"the same", 3.0) == 1.0
    assert pings.answered(b"the same", 3.0) is None, "there were two"


def test_what_nobody_asked_is_no_answer() -> None:
    pings = Pings()
    assert pings.answered(bytes(8), 1.0) is None
    pings.ask(b"a ping..", Purpose.OWNER)
    assert pings.answered(b"a pong..", 1.0) is None
    pings.clear()
    assert pings.answered(b"a ping..", 1.0) is None, "and after the end there are no answers"


def test_a_question_counts_from_when_it_leaves() -> None:
    pings = Pings()
    pings.ask(b"a ping..", Purpose.OWNER)
    assert len(pings.unsent) == 1
    pings.left(5.0)
    pings.left(6.0)
    assert took(pings, b"a ping..", 7.0) == 2.0, "it left once"


@pytest.mark.parametrize("left", [True, False], ids=["no time was told", "it never left"])
def test_a_time_that_is_not_known_is_not_made_up(left: bool) -> None:
    pings = Pings()
    pings.ask(b"a ping..", Purpose.OWNER)
    if left:
        pings.left(None)
    assert took(pings, b"a ping..", 7.0) is None
    assert pings.round_trip is None
    assert pings.unsent == [], "and nothing is kept of it"


def test_payloads_of_our_own_tell_where_they_come_from_and_differ() -> None:
    pings = Pings()
    payloads = [pings.payload_for(Purpose.OWNER) for _ in range(65_536)]
    assert payloads[0] == b"hyper" + b"o\0\1", "to be found in a capture"
    assert len(set(payloads)) == 65_536, "one that is late is not taken for the next"
    assert pings.payload_for(Purpose.OWNER) == payloads[0], "and then from the start"


# -- in an engine -----------------------------------------------------------------------------


def test_a_ping_is_timed_from_its_bytes_to_its_answer() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.now += 500.0
    play.ask(Ping(b"one....."))
    play.now += 1.0
    assert play.said() == [PingFrame(b"one.....")]
    play.ask(Ping(b"two....."))
    play.now += 0.25
    assert play.said() == [PingFrame(b"two.....")]
    play.now += 0.5
    play.hear(PingFrame(b"two.....", ack=True), PingFrame(b"one.....", ack=True))
    play.expect_events(
        Pong(b"two.....", 0.5),
        Pong(b"one.....", 0.75),
        because="neither the pause before nor the queue counts: the time is told with the bytes",
    )
    assert play.engine.round_trip == 0.75, "the latest answer"


def test_without_a_clock_there_is_no_round_trip() -> None:
    engine = Connection(Role.CLIENT)
    engine.send(Ping(b"when?..."))
    engine.data_to_send()
    engine.receive_data(
        b"\0\0\0\4\0\0\0\0\0" + b"\0\0\x08\6\1\0\0\0\0when?...",
        5.0,
    )
    assert drained(engine)[-1] == Pong(b"when?...", None), "it left at a time nobody knows"
    assert engine.round_trip is None


def test_an_answer_to_nothing_is_told_and_paid_for() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(ledger_burst=5, ledger_rate=0))
    play.ask(Ping(b"question"))
    play.said()
    play.hear(PingFrame(b"answer..", ack=True))
    play.expect_events(Pong(b"answer..", None), because="RFC 9113 §6.7 does not forbid it")
    assert session(play.engine).ledger.balance == 4, "but it is of no use"
    play.hear(PingFrame(b"question", ack=True))
    play.expect_events(Pong(b"question", 0.0), because="this is the one we waited for")
    assert session(play.engine).ledger.balance == 4, "and it is free"
