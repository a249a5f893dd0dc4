"""Engines are made of the timeouts and limits that the I/O floor was told."""

from math import inf

import pytest

from hyper import h1, h2
from hyper.http import Connection, Http1Connection, Version
from hyper.io import Timeouts
from hyper.io._engines import EngineOptions
from hyper.wire import Role
from tests.support.http_pair import GET, events, tell

ASKED = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POSTED = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"


def made(
    version: Version,
    timeouts: Timeouts,
    *,
    role: Role = Role.SERVER,
    limits: h2.Limits | None = None,
    http1_limits: h1.Limits | None = None,
    secure: bool = False,
) -> Connection:
    options = EngineOptions(
        role=role, timeouts=timeouts, limits=limits, http1_limits=http1_limits, secure=secure
    )
    return options.make(version, 100.0)


def due(engine: Connection, said: bytes) -> float | None:
    """When it loses its patience after `said` came."""
    tell(engine, said, 100.0)
    return engine.next_timer()


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("role", list(Role))
def test_each_version_has_its_engine(version: Version, role: Role) -> None:
    engine = made(version, Timeouts(), role=role)
    assert isinstance(engine, Http1Connection) == (version is Version.HTTP_1_1), "this one"
    assert engine.role is role, "for this end"


def test_a_handshake_is_the_first_head_of_http_1_1() -> None:
    limits = h1.Limits(first_byte_timeout=5.0, head_timeout=10.0)
    for seconds, said, expected in (
        (2.0, b"", 102.0),
        (2.0, b"GET", 102.0),
        (60.0, b"", 105.0),
        (60.0, b"GET", 110.0),
        (None, b"", None),
        (None, b"GET", None),
    ):
        timeouts = Timeouts(handshake=seconds)
        engine = made(Version.HTTP_1_1, timeouts, http1_limits=limits)
        events(engine)
        patience = due(engine, said) if said else engine.next_timer()
        assert patience == expected, "the engine's own limit, or less where less was asked for"


def test_content_may_stop_for_as_long_as_a_read_may_take() -> None:
    for seconds in (7.0, None):
        engine = made(Version.HTTP_1_1, Timeouts(read=seconds))
        expected = None if seconds is None else 100.0 + seconds
        assert due(engine, POSTED) == expected, "one timeout for one thing"


def test_what_is_idle_is_the_pumps_to_close() -> None:
    engine = made(Version.HTTP_1_1, Timeouts(idle=1.0))
    tell(engine, ASKED, 100.0)
    engine.send(h2.Response(1, [(b":status", b"204")], True))
    engine.data_to_send(None, 100.0)
    events(engine)
    assert engine.next_timer() is None, "or two would do it"


def test_windows_and_water_marks_hold_for_both_versions() -> None:
    limits = h2.Limits(stream_window=3_000, send_high_water=500, send_low_water=100)
    engine = made(Version.HTTP_1_1, Timeouts(), limits=limits)
    assert isinstance(engine, Http1Connection), "which has no windows of its own"
    tell(engine, POSTED + bytes(2_999), 100.0)
    open_still = engine.wants_input
    tell(engine, bytes(1), 100.0)
    assert (open_still, engine.wants_input) == (True, False), "a window's worth and no more"
    engine.send(h2.Response(1, [(b":status", b"200")]))
    engine.data_to_send()
    engine.send(h2.Data(1, bytes(600)))
    engine.data_to_send(550)
    assert h2.Writable(1) in events(engine), "below the lower mark"


@pytest.mark.parametrize(("role", "window"), [(Role.SERVER, 262_144), (Role.CLIENT, 1_048_576)])
def test_a_window_that_was_left_open_is_as_large_as_in_http_2(role: Role, window: int) -> None:
    engine = made(Version.HTTP_1_1, Timeouts(), role=role)
    assert isinstance(engine, Http1Connection), "which has no windows of its own"
    head = POSTED
    if role is Role.CLIENT:
        engine.send(h2.Request(1, GET, True))
        engine.data_to_send()
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"
    tell(engine, head + bytes(window - 1), 100.0)
    open_still = engine.wants_input
    tell(engine, bytes(1), 100.0)
    assert (open_still, engine.wants_input) == (True, False), "h2.Limits.stream_window"


def test_a_scheme_is_the_connections() -> None:
    for secure, scheme in ((False, b"http"), (True, b"https")):
        told = tell(made(Version.HTTP_1_1, Timeouts(), secure=secure), ASKED, 100.0)
        assert isinstance(told[0], h2.Request), "a request"
        assert (b":scheme", scheme) in told[0].fields, "HTTP/1.1 does not say it"


def test_http_2_keeps_what_it_was_told() -> None:
    timeouts = Timeouts(handshake=None, read=None)
    engine = made(Version.HTTP_2, timeouts, limits=h2.Limits(settings_timeout=inf))
    engine.data_to_send(None, 100.0)
    assert engine.next_timer() is None, "nothing was to be waited for in vain"
    quick = made(Version.HTTP_2, Timeouts(handshake=2.0))
    quick.data_to_send(None, 100.0)
    assert quick.next_timer() == 102.0, "the preface is part of the handshake"
