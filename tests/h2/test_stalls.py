"""Windows that stay shut: by arithmetic, and as conversations with a peer that does not take."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import Connection, Data, Limits, PeerFault, Request, Response, Timer
from hyper.h2.stalls import Stalls
from hyper.h2.timers import Timers
from hyper.wire import Role
from tests.support.inside import session
from tests.support.pair import Pair, drained
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook, content_of

WINDOW = SettingId.INITIAL_WINDOW_SIZE
SHUT = [(WINDOW, 0)]


# -- arithmetic -------------------------------------------------------------------------------


def watched(*begun: tuple[int, float]) -> tuple[Stalls, Timers]:
    """Streams that began to wait at some time; 100 bytes are to pass in 10 seconds."""
    timers = Timers()
    stalls = Stalls(timers, 10.0, 10.0)
    for stream_id, now in begun:
        stalls.begin(stream_id, 0, now, True)
    return stalls, timers


def test_whoever_began_first_is_due_first() -> None:
    stalls, timers = watched((1, 100.0), (3, 101.0))
    assert timers.next() == 110.0
    assert stalls.next_due(109.9) == -1
    assert stalls.next_due(110.0) == 1
    assert stalls.is_over(1, 99, True, 110.0), "a byte short"
    assert stalls.next_due(110.0) == -1
    assert timers.next() == 111.0, "the next in line"
    stalls.forget(3)
    assert (len(stalls), timers.next()) == (0, None), "nobody waits"


def test_enough_buys_as_much_time_again() -> None:
    stalls, timers = watched((1, 100.0))
    assert not stalls.is_over(1, 100, True, 110.0)
    assert timers.next() == 120.0
    assert stalls.is_over(1, 199, True, 120.0), "counted from where it was"


def test_enough_and_an_open_window_end_the_watch() -> None:
    stalls, timers = watched((1, 100.0))
    assert not stalls.is_over(1, 100, False, 110.0)
    assert (len(stalls), timers.next()) == (0, None)


def test_a_window_that_opens_by_a_byte_has_been_shut_all_the_while() -> None:
    stalls, timers = watched((1, 100.0))
    for second in range(1, 10):
        stalls.begin(1, second, 100.0 + second, True)
    assert timers.next() == 110.0
    stalls.begin(1, 150, 109.5, True)
    assert timers.next() == 119.5, "one that let something through begins anew"


def test_a_window_that_has_just_opened_is_spared_once() -> None:
    stalls, timers = watched((1, 100.0))
    assert not stalls.is_over(1, 0, False, 110.0), "content may be on its way out"
    assert timers.next() == 120.0
    assert stalls.is_over(1, 5, False, 120.0), "and was not"


def test_a_beginning_that_may_have_been_later_is_looked_at_twice() -> None:
    timers = Timers()
    stalls = Stalls(timers, 10.0, 10.0)
    stalls.begin(1, 0, 100.0, False)
    assert not stalls.is_over(1, 0, True, 110.0), "it may have begun just now"
    assert timers.next() == 120.0
    assert stalls.is_over(1, 0, True, 120.0)


# -- streams ----------------------------------------------------------------------------------


def stalled(limits: Limits | None = None) -> Playbook:
    """A server whose client has asked for a megabyte and opened no window for it."""
    play = Playbook.opened(Role.SERVER, peer=SHUT, limits=limits)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(1_000_000), True))
    play.said()
    return play


def test_a_stream_whose_window_stays_shut_is_reset() -> None:
    play = stalled()
    assert play.engine.next_timer() == play.now + 30.0
    play.wait(29.9)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.CANCEL, Scope.STREAM, 1, because="it pins what was made for it"
    )
    assert fault.timer is Timer.STALL
    assert str(fault).endswith("expected room for 240 bytes a second over 30 s, got less")
    play.expect_frames(RstStreamFrame(1, ErrorCode.CANCEL), because="the client learns")
    assert (play.engine.open_streams, play.engine.counters.stalls) == (0, 1)
    assert play.engine.next_timer() is None
    assert not play.engine.closed, "the others have nothing to do with it"


def test_a_window_that_opens_byte_by_byte_does_not_help() -> None:
    play = stalled()
    for _ in range(29):
        play.wait(1.0)
        play.hear(WindowUpdateFrame(1, 1))
        play.told()
        assert content_of(play.said(), 1) == b"\0"
    play.wait(1.0)
    play.expect_fault(ErrorCode.CANCEL, Scope.STREAM, 1, because="29 bytes in half a minute")


def test_opening_it_at_the_last_moment_helps_once() -> None:
    play = stalled()
    play.wait(29.9)
    play.hear(WindowUpdateFrame(1, 1))
    play.told()
    play.wait(0.1)
    play.expect_no_event(because="the byte may be on its way")
    play.said()
    play.wait(29.9)
    play.hear(WindowUpdateFrame(1, 1))
    play.told()
    play.wait(0.1)
    play.expect_fault(ErrorCode.CANCEL, Scope.STREAM, 1, because="one byte a minute")


def test_a_slow_reader_gets_all_of_it() -> None:
    play = stalled()
    received = 0
    while received < 1_000_000:
        play.wait(20.0)
        play.hear(WindowUpdateFrame(1, 10_000), WindowUpdateFrame(0, 10_000))
        play.expect_no_event(because="500 bytes a second are slow, and honest")
        received += len(content_of(play.said(), 1))
    assert play.engine.counters.stalls == 0


def test_a_reader_that_pauses_and_goes_on_is_not_punished_for_the_pause() -> None:
    play = stalled()
    play.wait(25.0)
    play.hear(WindowUpdateFrame(1, 100_000), WindowUpdateFrame(0, 100_000))
    play.told()
    assert len(content_of(play.said(), 1)) == 100_000
    play.wait(25.0)
    play.hear(WindowUpdateFrame(1, 900_000), WindowUpdateFrame(0, 900_000))
    play.told()
    assert len(content_of(play.said(), 1)) == 900_000, "fifty seconds in all, in two pauses"
    play.wait(100.0)
    play.expect_no_event(because="and it is done")


def test_an_application_that_has_nothing_to_say_stalls_nobody() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 100)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(100)))
    play.said()
    play.wait(1_000.0)
    play.expect_no_event(because="the window is used up, and nothing waits for it")


def test_content_that_is_asked_for_late_counts_from_then() -> None:
    engine = Connection(Role.SERVER)
    play = Playbook.opened(Role.SERVER, peer=SHUT)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK))
    play.said()
    play.now += 1_000.0
    play.ask(Data(1, b"content"))
    play.engine.data_to_send()
    play.wait(0.0)
    play.expect_no_event(because="nobody has told the engine how late it is: it does not guess")
    play.wait(29.9)
    play.expect_no_event(because="it counts from when it was told")
    play.wait(0.1)
    play.expect_fault(ErrorCode.CANCEL, Scope.STREAM, 1, because="now")
    assert engine.next_timer() is None


def test_only_those_that_wait_are_watched() -> None:
    play = stalled()
    for stream_id in (3, 5, 7):
        play.hear(FieldBlock(stream_id, GET, True))
    play.hear(SettingsFrame([(WINDOW, 10)]))
    play.told()
    play.ask(Response(3, OK, True))
    play.ask(Response(5, OK), Data(5, bytes(10), True))
    play.ask(Response(7, OK), Data(7, bytes(11), True))
    play.said()
    play.wait(30.0)
    assert {event.stream_id for event in play.told() if isinstance(event, PeerFault)} == {1, 7}


def test_resets_for_stalls_come_from_the_budget_of_the_peer() -> None:
    play = stalled(Limits(reset_burst=5, reset_rate=0))
    play.wait(30.0)
    play.told()
    assert session(play.engine).reset_budget.balance == 4


# -- the connection ---------------------------------------------------------------------------


def test_a_connection_whose_window_stays_shut_is_over() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 1_000_000)])
    for stream_id in (1, 3):
        play.hear(FieldBlock(stream_id, GET, True))
    play.told()
    for stream_id in (1, 3):
        play.ask(Response(stream_id, OK), Data(stream_id, bytes(100_000), True))
    play.said()
    play.wait(29.0)
    play.hear(WindowUpdateFrame(0, 10))
    play.told()
    play.said()
    play.wait(1.0)
    fault = play.expect_fault(
        ErrorCode.ENHANCE_YOUR_CALM, Scope.CONNECTION, because="nothing can be sent to it at all"
    )
    assert fault.timer is Timer.STALL
    assert isinstance(play.said()[-1], GoAwayFrame)
    assert play.engine.counters.stalls == 1


def test_a_connection_that_is_read_slowly_lives() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 1_000_000)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(200_000), True))
    received = len(content_of(play.said(), 1))
    while received < 200_000:
        play.wait(29.0)
        play.hear(WindowUpdateFrame(0, 10_000))
        play.expect_no_event(because="345 bytes a second")
        received += len(content_of(play.said(), 1))
    play.wait(100.0)
    play.expect_no_event(because="and it is done")
    assert play.engine.next_timer() is None


# -- by role, and by limits -------------------------------------------------------------------


def test_a_client_waits_as_long_as_its_owner_does() -> None:
    play = Playbook.opened(Role.CLIENT, peer=SHUT)
    play.ask(Request(1, POST), Data(1, b"upload", True))
    play.said()
    assert play.engine.next_timer() is None
    play.wait(1e6)
    play.expect_no_event(because="a server may take its time to read an upload")


def test_a_client_that_wants_to_can_be_as_strict() -> None:
    play = Playbook.opened(Role.CLIENT, peer=SHUT, limits=Limits(stall_timeout=5.0))
    play.ask(Request(1, POST), Data(1, b"upload", True))
    play.said()
    play.wait(5.0)
    play.expect_fault(ErrorCode.CANCEL, Scope.STREAM, 1, because="it was asked to")


@pytest.mark.parametrize("count", [10, 1_000])
def test_watching_many_costs_one_timer(count: int) -> None:
    pair = Pair(
        client_settings=SHUT,
        client_limits=Limits(assumed_concurrency=count),
        server_limits=Limits(max_concurrent_streams=count, reset_burst=1e9),
    )
    for _ in range(count):
        pair.client.send(Request(pair.client.next_stream_id(), GET, True))
    pair.flow()
    for stream_id in range(1, 2 * count, 2):
        pair.server.send(Response(stream_id, OK))
        pair.server.send(Data(stream_id, b"content", True))
    while pair.server.data_to_send(now=pair.now):
        pass
    assert pair.server.next_timer() == pair.now + 30.0
    pair.server.handle_timer(pair.now + 30.0)
    faults = [event for event in drained(pair.server) if isinstance(event, PeerFault)]
    assert len(faults) == count, "all of them at once"
    assert pair.server.open_streams == 0


def test_what_waits_at_the_end_of_input_waits_in_vain() -> None:
    play = stalled()
    play.hear_the_end()
    fault = play.told()[0]
    assert isinstance(fault, PeerFault)
    assert (fault.stream_id, fault.expected) == (1, "room for 1000000 bytes more")
    assert play.engine.closed, "the window would have had to come by now"
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 10)])
    play.hear(FieldBlock(1, GET, True))
    play.hear_the_end()
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(11), True))
    play.expect_frames(
        FieldBlock(1, OK), DataFrame(1, bytes(10)), because="as much as there is room for"
    )
    assert isinstance(play.told()[0], PeerFault)
    play.expect_frames(RstStreamFrame(1, ErrorCode.CANCEL), because="and that was all")
    assert play.engine.closed
