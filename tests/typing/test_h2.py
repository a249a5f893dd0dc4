"""What a type checker makes of hyper.h2: events narrow, and each kind can be told apart."""

from collections.abc import Sequence
from typing import assert_never, assert_type

from hyper.frame import ErrorCode, PriorityFrame, Scope, UnknownFrame, WindowUpdateFrame
from hyper.h2 import (
    AltSvc,
    Connection,
    Data,
    Discarded,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    Origin,
    PeerFault,
    PeerMisbehaving,
    Ping,
    Pong,
    PriorityUpdate,
    PushPromise,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
    Writable,
)
from hyper.priority import Priority
from hyper.wire import Field, Role


def describe(event: Event) -> str:
    """A `match` over every event: mypy proves that none is missing."""
    match event:
        case Request() | Response() | InformationalResponse() | Trailers():
            assert_type(event.fields, Sequence[Field])
        case Data():
            assert_type(event.data, bytes)
            assert_type(event.end_stream, bool)
        case Reset():
            assert_type(event.code, int)
            assert_type(event.retryable, bool)
        case PeerFault():
            assert_type(event.code, ErrorCode)
            assert_type(event.scope, Scope)
        case Settings() | SettingsAcknowledged():
            assert_type(event.values, Sequence[tuple[int, int]])
        case Ping():
            assert_type(event.data, bytes)
        case Pong():
            assert_type(event.data, bytes)
            assert_type(event.round_trip, float | None)
        case GoAway():
            assert_type(event.last_stream_id, int)
        case PushPromise():
            assert_type(event.promised_stream_id, int)
        case Origin():
            assert_type(event.origins, Sequence[bytes])
        case PriorityUpdate():
            assert_type(event.value, bytes)
            assert_type(event.priority, Priority)
        case (
            Writable()
            | AltSvc()
            | Discarded()
            | WindowUpdateFrame()
            | PriorityFrame()
            | UnknownFrame()
        ):
            assert_type(event.stream_id, int)
        case PeerMisbehaving():
            assert_type(event.expected, str)
            assert_type(event.came, str)
        case EndOfInput():
            assert_type(event.clean, bool)
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
    assert_type(client.next_event(), Event | None)
    assert_type(client.next_timer(), float | None)
    assert_type(client.next_stream_id(), int)
    assert_type(client.pending(1), int)


def forward(event: Event, to: Connection) -> None:
    """What a proxy does: the types agree without a cast."""
    if isinstance(event, Request | Response | InformationalResponse | Data | Trailers | Reset):
        to.send(event)


def test_an_event_that_was_received_can_be_sent() -> None:
    client = Connection(Role.CLIENT)
    head = [
        (b":method", b"GET"),
        (b":scheme", b"https"),
        (b":authority", b"example.org"),
        (b":path", b"/"),
    ]
    forward(Request(client.next_stream_id(), head, end_stream=True), client)
    assert client.open_streams == 1, "the request is on its way"
