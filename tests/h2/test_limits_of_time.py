"""Every limit of time, told as a conversation in which the peer is too slow."""

from hyper.frame import (
    PREFACE,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    WindowUpdateFrame,
)
from hyper.h2 import Data, Limits, Response, Timer
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook


def test_settings_timeout() -> None:
    play = Playbook(Role.SERVER, limits=Limits(settings_timeout=2.5))
    play.hear(b"PRI")
    play.wait(2.4)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT,
        Scope.CONNECTION,
        because="RFC 9113 §6.5.3; a stalled preface too",
    )


def test_preface_timeout() -> None:
    play = Playbook(Role.SERVER, limits=Limits(preface_timeout=2.0))
    play.said()
    play.wait(1.0)
    play.hear(PREFACE[:23])
    play.wait(0.9)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION, because="one octet was still to come"
    )
    assert fault.timer is Timer.PREFACE
    assert str(fault).endswith("expected the client preface within 2 s, got nothing")


def test_first_settings_timeout() -> None:
    play = Playbook(Role.SERVER, limits=Limits(first_settings_timeout=2.0))
    play.said()
    play.wait(4.0)
    play.hear(PREFACE)
    play.told()
    play.wait(1.9)
    play.expect_no_event(because="counted from the 24 octets")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION, because="RFC 9113 §3.4: SETTINGS follow them"
    )
    assert fault.timer is Timer.SETTINGS
    assert "expected SETTINGS within 2 s" in str(fault)


def test_keepalive_interval_and_keepalive_timeout() -> None:
    limits = Limits(keepalive_interval=20.0, keepalive_timeout=5.0)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.said()
    play.wait(19.9)
    play.expect_silence(because="it is quiet, but not for long")
    play.wait(0.1)
    play.expect_frames(PingFrame(b"hyperk\0\1"), because="is anybody there?")
    play.wait(4.9)
    play.expect_no_event(because="there is time left")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.NO_ERROR, Scope.CONNECTION, because="nobody; but nobody did anything wrong"
    )
    assert fault.timer is Timer.KEEPALIVE
    assert str(fault).endswith("expected an answer to PING within 5 s, got nothing")


def test_half_closed_timeout() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(half_closed_timeout=5.0))
    play.hear(FieldBlock(1, GET, True))
    play.hear_the_end()
    play.told()
    play.said()
    play.wait(4.9)
    play.expect_no_event(because="the answer may still come")
    play.wait(0.1)
    fault = play.expect_fault(
        ErrorCode.CANCEL, Scope.STREAM, 1, because="most clients that have said the last are gone"
    )
    assert fault.timer is Timer.ANSWERS
    play.expect_frames(RstStreamFrame(1, ErrorCode.CANCEL), because="should it be there after all")
    assert play.engine.closed, "there was nothing else"


def test_stall_timeout_and_min_drain_rate() -> None:
    # Ten bytes a second over two seconds: nineteen are too few.
    for count, enough in ((19, False), (20, True)):
        limits = Limits(stall_timeout=2.0, min_drain_rate=10.0)
        play = Playbook.opened(
            Role.SERVER, limits=limits, peer=[(SettingId.INITIAL_WINDOW_SIZE, 0)]
        )
        play.hear(FieldBlock(1, GET, True))
        play.told()
        play.ask(Response(1, OK), Data(1, bytes(100)))
        play.said()
        play.wait(1.0)
        play.hear(WindowUpdateFrame(1, count))
        play.told()
        play.said()
        play.wait(1.0)
        if enough:
            play.expect_no_event(because="slow, but it takes what it asked for")
        else:
            fault = play.expect_fault(
                ErrorCode.CANCEL,
                Scope.STREAM,
                1,
                because="CVE-2019-9517: it asks and does not take",
            )
            assert fault.timer is Timer.STALL


def test_shutdown_warning() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(shutdown_warning=2.0))
    play.engine.shut_down()
    play.said()
    play.wait(1.9)
    play.expect_silence(because="the peer may still be reading the warning")
    play.wait(0.1)
    play.expect_frames(GoAwayFrame(0, ErrorCode.NO_ERROR), because="it has had its time")
