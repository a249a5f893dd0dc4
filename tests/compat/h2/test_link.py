"""The books of a connection: what they refuse, and that they stay in step with the engine."""

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from hyper.compat.h2._connection_states import ConnectionInputs, ConnectionState
from hyper.compat.h2._link import Link
from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.connection import H2Connection
from hyper.compat.h2.exceptions import (
    H2Error,
    NoSuchStreamError,
    ProtocolError,
    StreamClosedError,
    StreamIDTooLowError,
    TooManyStreamsError,
)
from hyper.compat.h2.settings import SettingCodes
from hyper.frame import (
    AltSvcFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.hpack import Encoder
from tests.support.h2_ends import GET, HEAD, OK, OURS, POST, Ends, link_of

if TYPE_CHECKING:
    from hyper.wire import Field


def link(*, client: bool = True) -> Link:
    return Link(H2Configuration(client_side=client))


# -- streams ----------------------------------------------------------------------------------


def test_a_stream_that_is_not_there_is_closed_or_never_was() -> None:
    books = link()
    books.begin(5)
    books.begin(4)
    for stream_id in (1, 3, 2):
        with pytest.raises(StreamClosedError):
            books.stream(stream_id)
    for stream_id in (7, 6):
        with pytest.raises(NoSuchStreamError) as caught:
            books.stream(stream_id)
        assert type(caught.value) is NoSuchStreamError, "it may still come"


def test_streams_that_are_over_stay_until_the_next_one_opens() -> None:
    books = link()
    first = books.begin(1)
    books.opened(first, StreamState.OPEN)
    books.closed(first, StreamClosedBy.SEND_RST_STREAM)
    assert books.stream(1) is first, "h2's users look at what has just ended"
    books.begin(3)
    assert list(books.streams) == [3], "and it is let go"


@pytest.mark.parametrize("first", ["sent", "received"])
def test_a_stream_counts_until_both_ends_have_ended(first: str) -> None:
    books = link()
    for stream_id in (1, 2):
        books.opened(books.begin(stream_id), StreamState.OPEN)
    assert (books.open_outbound, books.open_inbound) == (1, 1), "each for whoever opened it"
    for stream_id in (1, 2):
        stream = books.stream(stream_id)
        steps = [books.sent_end, books.received_end]
        if first == "received":
            steps.reverse()
        steps[0](stream)
        assert stream.open, "half-closed is open (RFC 9113 §5.1.2)"
        steps[1](stream)
        assert stream.closed, "now it is over"
    assert (books.open_outbound, books.open_inbound) == (0, 0), "none is left"


def test_a_reserved_stream_that_ends_was_never_counted() -> None:
    books = link()
    stream = books.begin(2)
    stream.state_machine.state = StreamState.RESERVED_REMOTE
    books.closed(stream, StreamClosedBy.SEND_RST_STREAM)
    assert books.open_inbound == 0, "RFC 9113 §5.1.2"


# -- what may be done -------------------------------------------------------------------------


def test_a_new_stream_has_a_new_id_of_the_right_kind() -> None:
    books = link()
    books.begin(5)
    for stream_id in (5, 3, 1):
        with pytest.raises(StreamIDTooLowError) as caught:
            books.require_new(stream_id, 1)
        assert (caught.value.stream_id, caught.value.max_stream_id) == (stream_id, 5), "both ids"
    with pytest.raises(ProtocolError):
        books.require_new(6, 1)
    books.require_new(7, 1)


def test_a_slot_is_there_up_to_the_limit_of_the_peer() -> None:
    books = link()
    books.remote_settings[SettingCodes.MAX_CONCURRENT_STREAMS] = 1
    books.remote_settings.acknowledge()
    books.require_slot()
    books.opened(books.begin(1), StreamState.OPEN)
    with pytest.raises(TooManyStreamsError):
        books.require_slot()


def test_a_step_without_a_place_is_refused_and_the_state_stays() -> None:
    books = link()
    with pytest.raises(ProtocolError):
        books.require(ConnectionInputs.SEND_DATA)
    assert books.state_machine.state is ConnectionState.IDLE, "h2 would be closed now"
    books.require(ConnectionInputs.SEND_PING)
    books.end()
    books.require(ConnectionInputs.SEND_DATA)  # the engine knows whether it is really over


# -- bytes ------------------------------------------------------------------------------------


def test_the_preface_is_said_when_it_is_asked_for_and_where() -> None:
    books = link(client=False)
    engine = books.made()
    assert engine.data_to_send() == b"", "not by itself"
    assert books.made() is engine, "there is one"
    books.say_preface()
    assert books.before[3] == 4, "SETTINGS (RFC 9113 §3.4)"
    books.drop()
    assert books.before == b"", "dropped with all else"


def test_windows_are_opened_as_long_as_there_is_somebody_to_tell() -> None:
    books = link()
    books.open_window(0, 5)
    engine = books.made()
    books.open_window(0, 5)
    assert engine.data_to_send() == serialize(WindowUpdateFrame(0, 5)), "one frame"
    books.window.window_consumed(40_000)
    books.give_back(25_000)
    assert engine.data_to_send() == b"", "less than half waits"
    books.give_back(500)
    assert engine.data_to_send() == b"", "and so does a little more"
    books.give_back(35)
    assert engine.data_to_send() == serialize(WindowUpdateFrame(0, 25_535)), "until none is left"


def test_the_engine_is_as_strict_as_the_configuration_says_now() -> None:
    books = link()
    assert books.judge() is books.engine, "the same engine"
    assert not books.leniences.fields_sent, "h2's default validates"
    books.config.validate_outbound_headers = False
    books.judge()
    assert books.leniences.fields_sent, "and it may change"


# -- in step ----------------------------------------------------------------------------------

SECTIONS: list[list[tuple[str, str]]] = [
    GET,
    POST,
    HEAD,
    OK,
    [(":status", "100")],
    [("x", "y")],
    [*OK, ("content-length", "3")],
    [*POST, ("content-length", "3")],
    [(":method", "CONNECT"), (":authority", "a")],
]


class Chance:
    """A peer and a program that do anything at all."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.encoder = Encoder()

    def frame(self) -> bytes:
        """Something of the peer's."""
        chance = self.random
        stream_id = chance.choice([1, 1, 1, 3, 3, 5, 2, 2, 4, 7])
        end = chance.random() < 0.3
        section: list[Field] = [
            (name.encode(), value.encode()) for name, value in chance.choice(SECTIONS)
        ]
        match chance.randrange(14):
            case 0 | 1 | 2:
                block = self.encoder.encode(section)
                return serialize(HeadersFrame(stream_id, block, end))
            case 3 | 4:
                size = chance.choice([0, 1, 3, 16_000])
                return serialize(DataFrame(stream_id, bytes(size), end, chance.choice([None, 5])))
            case 5:
                return serialize(RstStreamFrame(stream_id, chance.choice([0, 8, 77])))
            case 6:
                return serialize(WindowUpdateFrame(stream_id - stream_id % 3, 1_000))
            case 7:
                code, value = chance.choice([(1, 0), (3, 5), (4, 0), (4, 99_999), (5, 16_384)])
                return serialize(SettingsFrame([(code, value)]))
            case 8:
                return serialize(SettingsFrame(ack=True)) + serialize(PingFrame(b"12345678"))
            case 9:
                last = chance.choice([0, 1, 5, 2**31 - 1])
                return serialize(GoAwayFrame(last, 0)) if chance.random() < 0.3 else b""
            case 10:
                return serialize(PriorityFrame(stream_id, Priority(9, 5)))
            case 11:
                block = self.encoder.encode(section)
                return serialize(PushPromiseFrame(stream_id, chance.choice([2, 4, 6]), block))
            case 12:
                return serialize(AltSvcFrame(stream_id, b"", b"v"))
            case _:
                return chance.choice(
                    [
                        serialize(UnknownFrame(0x77, 1, stream_id, b"abc")),
                        serialize(OriginFrame([b"https://a"])),
                        serialize(PriorityUpdateFrame(1, b"u=1")),
                        chance.randbytes(12) if end else b"",
                    ]
                )

    def call(self, connection: H2Connection) -> None:
        """Something of the program's, right or wrong."""
        chance = self.random
        stream_id = chance.choice([1, 3, 2, 5])
        end = chance.random() < 0.3
        match chance.randrange(8):
            case 0 | 1 | 2:
                connection.send_headers(stream_id, chance.choice(SECTIONS), end_stream=end)
            case 3:
                connection.send_data(stream_id, bytes(chance.choice([0, 1, 16_384])), end)
            case 4:
                connection.reset_stream(stream_id)
            case 5:
                connection.acknowledge_received_data(chance.choice([1, 20_000]), stream_id)
            case 6:
                connection.increment_flow_control_window(
                    chance.choice([1, 10_000]), chance.choice([None, stream_id])
                )
            case _:
                connection.push_stream(stream_id, chance.choice([2, 4]), GET)


def expect_in_step(connection: H2Connection) -> None:
    """The books say of every stream and every window what the engine says."""
    books = link_of(connection)
    engine = books.made()
    if engine.closed:
        return
    live = [stream_id for stream_id, each in books.streams.items() if not each.closed]
    assert len(live) == engine.open_streams, "the same streams"
    assert connection.outbound_flow_control_window == engine.send_window(), "what may be sent"
    assert connection.inbound_flow_control_window == engine.receive_window(), "and received"
    for stream_id in live:
        stream = books.streams[stream_id]
        assert stream.outbound_flow_control_window == engine.send_window(stream_id), "on each"
        assert stream.inbound_flow_control_window == engine.receive_window(stream_id), "both ways"
        state = engine.stream_state(stream_id)
        assert stream.state_machine.state.name == state.name, "in the same state"


@pytest.mark.parametrize("block", range(8))
def test_the_books_stay_in_step_with_the_engine_whatever_happens(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        chance = Chance(seed)
        ends = Ends(OURS, client={"validate_inbound_headers": seed % 3 > 0})
        connection = (ends.client if seed % 2 else ends.server).connection
        for _ in range(40):
            if chance.random.random() < 0.4:
                with suppress(H2Error, KeyError):
                    chance.call(connection)
                expect_in_step(connection)
            try:
                connection.receive_data(chance.frame())
            except ProtocolError:
                assert connection.state_machine.state is ConnectionState.CLOSED, "it was the end"
            expect_in_step(connection)
