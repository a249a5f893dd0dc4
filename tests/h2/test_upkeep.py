"""What time alone brings about, told as conversations: nobody says anything, and the clock runs."""

from hyper.frame import ErrorCode, Scope, SettingId, SettingsFrame
from hyper.h2 import Connection, Limits, PeerFault, Settings, SettingsAcknowledged
from hyper.wire import Role
from tests.support.pair import drained
from tests.support.playbook import Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE


def test_a_clock_that_is_given_runs_from_the_start() -> None:
    engine = Connection(Role.CLIENT, limits=Limits(settings_timeout=3.0), now=50.0)
    assert engine.next_timer() == 53.0, "the peer may never say a word"
    engine.handle_timer(53.0)
    fault = drained(engine)[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION)
    assert engine.next_timer() is None, "it is over, and there is nothing left to wait for"


def test_a_clock_that_is_not_given_starts_with_the_first_time_that_is_told() -> None:
    limits = Limits(settings_timeout=3.0)
    for tell in ("receive_data", "handle_timer", "data_to_send"):
        engine = Connection(Role.CLIENT, limits=limits)
        assert engine.next_timer() is None, "nobody has said what time it is"
        if tell == "receive_data":
            engine.receive_data(b"\0", 50.0)
        elif tell == "handle_timer":
            engine.handle_timer(50.0)
        else:
            engine.data_to_send(now=50.0)
        assert engine.next_timer() == 53.0, tell


def test_time_does_not_run_back() -> None:
    engine = Connection(Role.CLIENT, limits=Limits(settings_timeout=3.0), now=50.0)
    engine.handle_timer(10.0)
    assert engine.next_timer() == 53.0, "what was told before counts"
    engine.handle_timer(53.0)
    assert engine.closed


def test_settings_that_were_sent_after_a_long_pause_have_all_their_time() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(settings_timeout=3.0))
    play.now += 1_000.0
    play.ask(Settings([(WINDOW, 5)]))
    due = play.engine.next_timer()
    assert due is not None, "the latest time it knows is long ago, so it asks for a better one"
    assert due <= play.now
    play.wait(0.0)
    assert play.engine.next_timer() == play.now + 3.0, "counted from now"
    play.wait(2.9)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    play.expect_fault(ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION, because="RFC 9113 §6.5.3")


def test_each_of_our_settings_has_its_own_time() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(settings_timeout=3.0))
    play.ask(Settings([(WINDOW, 5)]), Settings([(WINDOW, 6)]))
    play.wait(2.0)
    play.wait(2.0)
    play.hear(SettingsFrame(ack=True))
    play.expect_events(SettingsAcknowledged([(WINDOW, 5)]), because="the first, in time")
    assert play.engine.next_timer() == play.now + 3.0, "the second counts from the first's end"
    play.hear(SettingsFrame(ack=True))
    play.expect_events(SettingsAcknowledged([(WINDOW, 6)]), because="the second")
    assert play.engine.next_timer() is None, "nothing is waited for"
