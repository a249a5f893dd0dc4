"""What a type checker makes of hyper.h1: events narrow, and each kind can be told apart."""

from collections.abc import Sequence
from typing import assert_never, assert_type

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Preface,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import Field, Role


def describe(event: Event) -> str:
    """A `match` over every event: mypy proves that none is missing."""
    match event:
        case Request():
            assert_type(event.method, bytes)
            assert_type(event.target, bytes)
            assert_type(event.fields, Sequence[Field])
            assert_type(event.names, Sequence[bytes])
        case Response():
            assert_type(event.status, int)
            assert_type(event.reason, bytes | None)
            assert_type(event.end_stream, bool)
        case InformationalResponse() | Trailers():
            assert_type(event.fields, Sequence[Field])
        case Data():
            assert_type(event.data, bytes)
            assert_type(event.end_stream, bool)
        case PeerFault():
            assert_type(event.status, int)
        case EndOfInput():
            assert_type(event.clean, bool)
        case Preface():
            pass
        case _:
            assert_never(event)
    return type(event).__name__


def test_every_event_can_be_told_apart() -> None:
    assert describe(EndOfInput(clean=True)) == "EndOfInput", "the match above is exhaustive"


def test_an_engine_takes_buffers_and_gives_bytes_and_events() -> None:
    client = Connection(Role.CLIENT)
    for data in (bytearray(), memoryview(b"")):
        Connection(Role.SERVER).receive_data(data, 0.0)
    assert_type(client.data_to_send(), bytes)
    assert_type(client.trailing_data(), bytes)
    assert_type(client.next_event(), Event | None)
    assert_type(client.next_timer(), float | None)
    assert_type(client.next_stream_id(), int)
    assert_type(client.pending(1), int)
    assert_type(client.state, State)


def forward(event: Event, to: Connection) -> None:
    """What a proxy does: the types agree without a cast."""
    if isinstance(event, Request | Response | InformationalResponse | Data | Trailers):
        to.send(event)


def test_an_event_that_was_received_can_be_sent() -> None:
    client = Connection(Role.CLIENT)
    forward(Request(1, b"GET", b"/", [(b"host", b"a")], end_stream=True), client)
    assert client.state is State.AWAIT, "the request is on its way"
