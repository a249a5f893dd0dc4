"""What a type checker makes of hyper.http: one union of engines, one union of events."""

from typing import assert_type

from hyper import h1, h2
from hyper.http import (
    ALL_VERSIONS,
    Connection,
    Event,
    Http1Connection,
    Version,
    version_by_alpn,
    version_by_first_bytes,
)
from hyper.wire import Role


def describe(event: Event) -> str:
    """Events are those of `hyper.h2`; a fault may be either engine's."""
    match event:
        case h2.Request() | h2.Response() | h2.Trailers():
            return event.fields[0][1].decode()
        case h1.PeerFault():
            assert_type(event.status, int)
            return str(event.status)
        case h2.PeerFault():
            return event.came
        case _:
            return type(event).__name__


def converse(engine: Connection) -> str:
    """Whichever it is, the calls are the same."""
    engine.receive_data(b"", 0.0)
    engine.handle_timer(0.0)
    assert_type(engine.data_to_send(100, now=0.0), bytes)
    assert_type(engine.next_timer(), float | None)
    assert_type(engine.next_stream_id(), int)
    assert_type(engine.pending(1), int)
    engine.consume(1, 0)
    for looked in (engine.closed, engine.may_close, engine.can_open, engine.wants_to_send):
        assert_type(looked, bool)
    event = engine.next_event()
    assert_type(event, Event | None)
    engine.shut_down(0.0, warn=False)
    return "" if event is None else describe(event)


def test_one_program_drives_either_engine() -> None:
    assert converse(Http1Connection(Role.SERVER)) == "EndOfInput", "the same events"
    assert converse(h2.Connection(Role.SERVER)) == "EndOfInput", "from both"


def test_versions_are_told_by_name() -> None:
    assert_type(version_by_alpn("h2"), Version | None)
    assert_type(version_by_first_bytes(b""), Version | None)
    assert set(ALL_VERSIONS) == set(Version), "all of them"


def test_the_face_is_that_of_http_2_and_a_little_more() -> None:
    def face(engine: type) -> set[str]:
        return {name for name in dir(engine) if not name.startswith("_")}

    own = face(Http1Connection) - face(h2.Connection)
    assert own == {
        "expects_continue",
        "must_abort",
        "peer_version",
        "reason",
        "version",
        "waits",
        "wants_input",
    }, "what only HTTP/1.1 knows"
    lacking = face(h2.Connection) - face(Http1Connection)
    assert lacking == {
        "counters",
        "open_window",
        "peer_settings",
        "prioritize",
        "priority",
        "receive_window",
        "round_trip",
        "send_window",
        "state",
        "stream_state",
        "upgrade",
        "upgrade_settings",
        "write",
    }, "and what only HTTP/2 has"
