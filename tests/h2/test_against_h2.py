"""Against python-hyper's h2, in memory: the same conversations, in both roles.

Run against, never read: h2 is the incumbent, and what it does is what many peers do.
"""

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
import pytest

from hyper.frame import (
    ErrorCode,
    SettingId,
)
from hyper.h2 import (
    Connection,
    Data,
    Event,
    GoAway,
    InformationalResponse,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Field, Role
from tests.support.pair import drained
from tests.support.playbook import GET, OK, POST

BODIES = [0, 1, 16_384, 16_385, 70_000, 300_000]
TRAILERS: list[Field] = [(b"checksum", b"1"), (b"x", b"y")]


class Foreign:
    """An h2 connection and ours, wired to each other; h2 gives credit as it receives."""

    def __init__(self, role: Role) -> None:
        """`role` is ours."""
        config = h2.config.H2Configuration(client_side=role is Role.SERVER, header_encoding=None)
        self.theirs = h2.connection.H2Connection(config)
        self.theirs.initiate_connection()
        self.ours = Connection(role, auto_consume=True)
        self.events: list[Event] = []
        self.their_events: list[h2.events.Event] = []
        self.flow()

    def flow(self) -> None:
        """Move bytes both ways until both are quiet."""
        while True:
            to_us = self.theirs.data_to_send()
            if to_us:
                self.ours.receive_data(to_us, 0.0)
                self.events += drained(self.ours)
            to_them = self.ours.data_to_send()
            if to_them:
                for event in self.theirs.receive_data(to_them):
                    self.their_events.append(event)
                    if isinstance(event, h2.events.DataReceived):
                        size = event.flow_controlled_length
                        self.theirs.acknowledge_received_data(size, event.stream_id)
            if not to_us and not to_them:
                return

    def send_body(self, stream_id: int, size: int, end: bool) -> None:
        """Let h2 send content as far as its windows go, and again, until it is sent."""
        left = size
        while left:
            room = self.theirs.local_flow_control_window(stream_id)
            count = min(left, room, self.theirs.max_outbound_frame_size)
            assert count, "our windows open again, since everything is consumed"
            left -= count
            self.theirs.send_data(stream_id, bytes(count), end_stream=end and not left)
            self.flow()
        if end and not size:
            self.theirs.end_stream(stream_id)
        self.flow()

    def their(self, kind: type[h2.events.Event]) -> list[h2.events.Event]:
        """h2's events of one kind."""
        return [event for event in self.their_events if isinstance(event, kind)]

    def their_content(self) -> bytes:
        """What h2 received in DATA."""
        pieces = [e.data for e in self.their_events if isinstance(e, h2.events.DataReceived)]
        return b"".join(piece or b"" for piece in pieces)

    def content(self) -> bytes:
        """What we received in DATA."""
        return b"".join(event.data for event in self.events if isinstance(event, Data))


def fields_of(event: h2.events.Event) -> list[Field]:
    """The fields of an h2 event, as plain pairs."""
    headers = getattr(event, "headers", None)
    assert headers is not None
    return [(bytes(name), bytes(value)) for name, value in headers]


# -- the same conversations -------------------------------------------------------------------


@pytest.mark.parametrize("size", BODIES)
def test_an_upload_to_h2_and_its_answer(size: int) -> None:
    wire = Foreign(Role.CLIENT)
    wire.ours.send(Request(1, POST))
    wire.ours.send(Data(1, bytes(size)))
    wire.ours.send(Trailers(1, TRAILERS))
    wire.flow()
    assert fields_of(wire.their(h2.events.RequestReceived)[0]) == POST
    assert wire.their_content() == bytes(size)
    assert fields_of(wire.their(h2.events.TrailersReceived)[0]) == TRAILERS
    wire.theirs.send_headers(1, [(b":status", b"103"), (b"link", b"</a>")])
    wire.theirs.send_headers(1, OK)
    wire.send_body(1, size, end=False)
    wire.theirs.send_headers(1, TRAILERS, end_stream=True)
    wire.flow()
    assert InformationalResponse(1, [(b":status", b"103"), (b"link", b"</a>")]) in wire.events
    assert Response(1, OK) in wire.events
    assert wire.content() == bytes(size)
    assert wire.events[-1] == Trailers(1, TRAILERS)
    assert wire.ours.open_streams == 0


@pytest.mark.parametrize("size", BODIES)
def test_an_upload_from_h2_and_its_answer(size: int) -> None:
    wire = Foreign(Role.SERVER)
    wire.theirs.send_headers(1, POST)
    wire.send_body(1, size, end=True)
    assert Request(1, POST) in wire.events
    assert wire.content() == bytes(size)
    wire.ours.send(InformationalResponse(1, [(b":status", b"100")]))
    wire.ours.send(Response(1, OK))
    wire.ours.send(Data(1, bytes(size)))
    wire.ours.send(Trailers(1, TRAILERS))
    wire.flow()
    assert wire.their(h2.events.InformationalResponseReceived)
    assert fields_of(wire.their(h2.events.ResponseReceived)[0]) == OK
    assert wire.their_content() == bytes(size)
    assert fields_of(wire.their(h2.events.TrailersReceived)[0]) == TRAILERS
    assert wire.their(h2.events.StreamEnded)
    assert wire.ours.open_streams == wire.theirs.open_inbound_streams == 0


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_many_exchanges_keep_both_compression_contexts_in_step(role: Role) -> None:
    wire = Foreign(role)
    for number in range(60):
        stream_id = 2 * number + 1
        head = [*GET, (b"x-%d" % (number % 7), b"v%d" % number), (b"cookie", b"c" * number)]
        answer = [*OK, (b"etag", b'"%d"' % number), (b"x-big", b"%d" % number * 40)]
        if role is Role.CLIENT:
            wire.ours.send(Request(stream_id, head, True))
            wire.flow()
            assert fields_of(wire.their(h2.events.RequestReceived)[-1]) == head
            wire.theirs.send_headers(stream_id, answer, end_stream=True)
            wire.flow()
            assert wire.events[-1] == Response(stream_id, answer, True)
        else:
            wire.theirs.send_headers(stream_id, head, end_stream=True)
            wire.flow()
            assert wire.events[-1] == Request(stream_id, head, True)
            wire.ours.send(Response(stream_id, answer, True))
            wire.flow()
            assert fields_of(wire.their(h2.events.ResponseReceived)[-1]) == answer


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_a_field_block_of_many_frames_passes_both_ways(role: Role) -> None:
    big = [(b"x-%d" % number, b"x" * 7_000) for number in range(6)]
    wire = Foreign(role)
    if role is Role.CLIENT:
        wire.ours.send(Request(1, [*GET, *big], True))
        wire.flow()
        assert fields_of(wire.their(h2.events.RequestReceived)[0]) == [*GET, *big]
        wire.theirs.send_headers(1, [*OK, *big], end_stream=True)
        wire.flow()
        assert wire.events[-1] == Response(1, [*OK, *big], True)
    else:
        wire.theirs.send_headers(1, [*GET, *big], end_stream=True)
        wire.flow()
        assert wire.events[-1] == Request(1, [*GET, *big], True)
        wire.ours.send(Response(1, [*OK, *big], True))
        wire.flow()
        assert fields_of(wire.their(h2.events.ResponseReceived)[0]) == [*OK, *big]


def test_resets_pass_both_ways() -> None:
    wire = Foreign(Role.SERVER)
    for stream_id in (1, 3):
        wire.theirs.send_headers(stream_id, POST)
    wire.flow()
    wire.theirs.reset_stream(1, h2.errors.ErrorCodes.CANCEL)
    wire.ours.send(Reset(3, ErrorCode.REFUSED_STREAM))
    wire.theirs.send_data(3, b"under way")
    wire.flow()
    assert wire.events[-1] == Reset(1, ErrorCode.CANCEL), "and what crossed our reset is not told"
    (reset,) = wire.their(h2.events.StreamReset)
    assert isinstance(reset, h2.events.StreamReset)
    assert (reset.stream_id, reset.error_code) == (3, ErrorCode.REFUSED_STREAM)


def test_pings_settings_and_goaway_pass_both_ways() -> None:
    wire = Foreign(Role.CLIENT)
    wire.ours.send(Ping(b"from us!"))
    wire.theirs.ping(b"from h2!")
    wire.theirs.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 3})
    wire.ours.send(Settings([(SettingId.INITIAL_WINDOW_SIZE, 5)]))
    wire.flow()
    assert Pong(b"from us!", 0.0) in wire.events
    assert Ping(b"from h2!") in wire.events
    assert Settings([(SettingId.MAX_CONCURRENT_STREAMS, 3)]) in wire.events
    assert SettingsAcknowledged([(SettingId.INITIAL_WINDOW_SIZE, 5)]) in wire.events
    assert wire.their(h2.events.PingAckReceived)
    assert wire.theirs.remote_settings.initial_window_size == 5
    wire.theirs.close_connection(last_stream_id=0)
    wire.flow()
    assert wire.events[-1] == GoAway(0)
    assert not wire.ours.can_open


def test_a_window_that_h2_shrinks_below_what_we_sent_is_respected() -> None:
    wire = Foreign(Role.CLIENT)
    wire.ours.send(Request(1, POST))
    wire.ours.send(Data(1, bytes(200_000), True))
    wire.theirs.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 1_000})
    wire.flow()
    assert wire.their_content() == bytes(200_000), "not a byte beyond it, and all of it in the end"


def test_padding_and_priority_of_h2_are_understood() -> None:
    wire = Foreign(Role.SERVER)
    wire.theirs.send_headers(
        1, POST, priority_weight=5, priority_depends_on=3, priority_exclusive=True
    )
    wire.theirs.send_data(1, b"padded", pad_length=50)
    wire.theirs.prioritize(1, weight=9)
    wire.theirs.send_data(1, b"!", end_stream=True, pad_length=0)
    wire.flow()
    assert wire.events[-3:] == [Request(1, POST), Data(1, b"padded"), Data(1, b"!", True)]
