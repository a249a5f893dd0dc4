"""Busy peers that mean well: none of the limits that stop an attack may stop them.

Time stands still in most of these: what passes here passes at any speed.
"""

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    Frame,
    FrameReader,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.h2 import (
    Connection,
    Data,
    Event,
    Limits,
    PeerFault,
    PeerMisbehaving,
    Ping,
    Request,
    Reset,
    Response,
    Trailers,
)
from hyper.hpack import Encoder
from hyper.wire import Field, Role
from tests.support.pair import Pair, drained
from tests.support.playbook import GET, OK, POST

WINDOW = SettingId.INITIAL_WINDOW_SIZE


def faults(events: list[Event]) -> list[str]:
    # A warning would cost an honest peer its connection, too, though no request.
    return [str(event) for event in events if isinstance(event, PeerFault | PeerMisbehaving)]


class Peer:
    """A peer made of frames, for habits that our own engine does not have."""

    def __init__(
        self, role: Role, *settings: tuple[int, int], limits: Limits | None = None
    ) -> None:
        """`role` is the engine's."""
        self.engine = Connection(role, limits=limits, auto_consume=True)
        self.encoder = Encoder()
        self.reader = FrameReader(preface=role is Role.CLIENT)
        self.events: list[Event] = []
        start = PREFACE if role is Role.SERVER else b""
        self.say(start, SettingsFrame(settings), SettingsFrame(ack=True))
        self.hear()

    def say(self, *frames: Frame | bytes) -> None:
        octets = b"".join([f if isinstance(f, bytes) else serialize(f) for f in frames])
        self.engine.receive_data(octets, 0.0)
        self.events += drained(self.engine)
        assert faults(self.events) == [], "an honest peer is not punished"

    def hear(self, limit: int | None = None) -> list[DataFrame]:
        """The DATA frames that came."""
        news = self.reader.feed(self.engine.data_to_send(limit))
        return [frame for frame in news if isinstance(frame, DataFrame)]

    def head(self, stream_id: int, fields: list[Field], end: bool = True) -> HeadersFrame:
        return HeadersFrame(stream_id, self.encoder.encode(fields), end)


def answer(engine: Connection, stream_id: int, size: int) -> None:
    engine.send(Response(stream_id, OK))
    engine.send(Data(stream_id, bytes(size), True))


def test_a_client_that_cancels_a_third_of_two_thousand_requests() -> None:
    pair = Pair(auto_consume=True)
    pair.flow()
    cancelled = answered = 0
    for _ in range(100):
        for _ in range(20):
            pair.client.send(Request(pair.client.next_stream_id(), GET, True))
        _, to_server = pair.flow()
        requests = [event for event in to_server if isinstance(event, Request)]
        for number, event in enumerate(requests):
            if number % 10 < 3:
                pair.client.send(Reset(event.stream_id, ErrorCode.CANCEL))
                cancelled += 1
            else:
                answer(pair.server, event.stream_id, 1_000)
                answered += 1
        to_client, to_server = pair.flow()
        assert faults(to_client) == faults(to_server) == []
    assert (cancelled, answered) == (600, 1_400)


def test_a_browser_that_leaves_a_page_of_a_hundred_requests_again_and_again() -> None:
    pair = Pair(auto_consume=True)
    pair.flow()
    for visit in range(20):
        for _ in range(100):
            pair.client.send(Request(pair.client.next_stream_id(), GET, True))
        _, to_server = pair.flow()
        requests = [event for event in to_server if isinstance(event, Request)]
        assert len(requests) == 100
        for event in requests:
            if visit % 2:
                pair.client.send(Reset(event.stream_id, ErrorCode.CANCEL))
            else:
                answer(pair.server, event.stream_id, 100)
        to_client, to_server = pair.flow()
        assert faults(to_client) == faults(to_server) == []


def test_a_proxy_with_a_thousand_streams_at_once() -> None:
    pair = Pair(
        server_limits=Limits(max_concurrent_streams=1_000),
        client_limits=Limits(assumed_concurrency=1_000),
        auto_consume=True,
    )
    for _ in range(3):
        for _ in range(1_000):
            stream_id = pair.client.next_stream_id()
            pair.client.send(Request(stream_id, POST))
            pair.client.send(Data(stream_id, bytes(300), True))
        to_client, to_server = pair.flow()
        requests = [event for event in to_server if isinstance(event, Request)]
        assert len(requests) == 1_000
        for event in requests:
            answer(pair.server, event.stream_id, 20_000)
        to_client, to_server = pair.flow()
        assert faults(to_client) == faults(to_server) == []
        assert pair.client.open_streams == pair.server.open_streams == 0


def test_a_client_that_opened_more_streams_than_it_could_know_of_being_allowed() -> None:
    pair = Pair(client_limits=Limits(assumed_concurrency=250), auto_consume=True)
    for _ in range(250):
        pair.client.send(Request(pair.client.next_stream_id(), GET, True))
    to_client, to_server = pair.flow()
    refused = [event for event in to_client if isinstance(event, Reset)]
    assert len(refused) == 150
    assert all(event.retryable for event in refused)
    assert not pair.server.closed, "it raced our SETTINGS, once"
    for _ in refused:
        pair.client.send(Request(pair.client.next_stream_id(), GET, True))
    for _ in range(3):
        for event in to_server:
            if isinstance(event, Request):
                answer(pair.server, event.stream_id, 10)
        to_client, to_server = pair.flow()
    assert pair.client.open_streams == 0, "tried again, within the limit, all are answered"


@pytest.mark.slow
@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize("burst", [1, 50, 5_000])
def test_five_thousand_small_messages_each_answered_with_two_window_updates(
    role: Role, burst: int
) -> None:
    peer = Peer(role, (WINDOW, 2**20))
    peer.say(WindowUpdateFrame(0, 2**20))
    if role is Role.SERVER:
        peer.say(peer.head(1, POST, end=False))
        peer.engine.send(Response(1, OK))
    else:
        peer.engine.send(Request(1, POST))
        peer.say(peer.head(1, OK, end=False))
    peer.hear()
    for _ in range(5_000 // burst):
        updates: list[Frame] = []
        for _ in range(burst):
            peer.engine.send(Data(1, b"\0\0\0\0\x20" + bytes(32)))
            for frame in peer.hear():
                size = frame.flow_controlled_length
                updates += [WindowUpdateFrame(0, size), WindowUpdateFrame(1, size)]
        peer.say(*updates, *[DataFrame(1, b"\0\0\0\0\x20" + bytes(32))] * burst)
        peer.say(PingFrame(b"bdp?bdp?"))
        peer.hear()
    received = [event for event in peer.events if isinstance(event, Data)]
    assert len(received) == 5_000


def test_calls_that_the_server_ends_are_tidied_up_by_the_client() -> None:
    peer = Peer(Role.SERVER)
    for stream_id in range(1, 4_001, 2):
        peer.say(peer.head(stream_id, POST, end=False), DataFrame(stream_id, b"question"))
        peer.engine.send(Response(stream_id, OK))
        peer.engine.send(Data(stream_id, b"answer"))
        peer.engine.send(Trailers(stream_id, [(b"grpc-status", b"0")]))
        peer.hear()
        peer.say(RstStreamFrame(stream_id, ErrorCode.NO_ERROR))


@pytest.mark.parametrize("piece", [4_096, 2_048])
def test_a_reader_that_gives_credit_in_small_pieces(piece: int) -> None:
    # Go's server does that for a handler that reads 4 KiB at a time, at both levels.
    peer = Peer(Role.CLIENT, (WINDOW, 2**20))
    peer.say(WindowUpdateFrame(0, 2**20))
    peer.engine.send(Request(1, POST))
    peer.engine.send(Data(1, bytes(20_000_000), True))
    received = unread = 0
    while received < 20_000_000:
        for frame in peer.hear():
            received += len(frame.data)
            unread += len(frame.data)
        updates: list[Frame] = []
        while unread:
            count = min(unread, piece)
            updates += [WindowUpdateFrame(1, count), WindowUpdateFrame(0, count)]
            unread -= count
        peer.say(*updates)


def test_a_slow_reader_with_the_smallest_usual_window() -> None:
    peer = Peer(Role.SERVER)
    peer.say(peer.head(1, GET))
    answer(peer.engine, 1, 8_000_000)
    received = 0
    while received < 8_000_000:
        received += sum(len(frame.data) for frame in peer.hear(30_000))
        peer.say(WindowUpdateFrame(1, 4_096), WindowUpdateFrame(0, 4_096))


def test_a_page_as_browsers_load_it() -> None:
    # Firefox: a wide window for the connection, groups by PRIORITY, an update for each stream.
    peer = Peer(Role.SERVER, (SettingId.HEADER_TABLE_SIZE, 65_536), (WINDOW, 131_072))
    peer.say(WindowUpdateFrame(0, 12_517_377))
    peer.say(*[PriorityFrame(stream_id, Priority(0, 200)) for stream_id in (3, 5, 7, 9, 11)])
    stream_id = 13
    for page in range(30):
        requests: list[int] = []
        for asset in range(80):
            path: Field = (b":path", b"/page/%d/%d.js" % (page, asset))
            head = [*GET[:3], path, (b"cookie", b"session=0123456789abcdef"), (b"te", b"trailers")]
            peer.say(peer.head(stream_id, head), WindowUpdateFrame(stream_id, 12_451_840))
            requests.append(stream_id)
            stream_id += 2
        for number, each in enumerate(requests):
            if number % 8 == 7:
                peer.say(RstStreamFrame(each, ErrorCode.CANCEL))
            elif number % 8 == 6:
                peer.engine.send(Response(each, [(b":status", b"304")], True))
            else:
                answer(peer.engine, each, 30_000)
        left = sum(frame.flow_controlled_length for frame in peer.hear())
        peer.say(WindowUpdateFrame(0, left), PingFrame(b"12345678"))
        peer.hear()


def test_a_page_that_changes_its_mind_as_it_is_scrolled() -> None:
    # Chrome: the field with each request, and an update for each image that comes into view.
    peer = Peer(Role.SERVER, (SettingId.NO_RFC7540_PRIORITIES, 1), (WINDOW, 6_291_456))
    peer.say(WindowUpdateFrame(0, 15_663_105))
    stream_id = 1
    for page in range(30):
        images: list[int] = []
        for asset in range(80):
            image = asset % 2 == 1
            priority = b"u=5, i" if image else b"u=1"
            path: Field = (b":path", b"/page/%d/%d" % (page, asset))
            if asset % 10 == 9:
                # The preload scanner knew of it before its request went out.
                peer.say(PriorityUpdateFrame(stream_id, b"u=4, i"))
            peer.say(peer.head(stream_id, [*GET[:3], path, (b"priority", priority)]))
            answer(peer.engine, stream_id, 20_000)
            if image:
                images.append(stream_id)
            stream_id += 2
        for each in images:
            peer.say(PriorityUpdateFrame(each, b"u=2, i"), PriorityUpdateFrame(each, b"u=6"))
        left = sum(frame.flow_controlled_length for frame in peer.hear())
        peer.say(WindowUpdateFrame(0, left))


def test_events_pushed_one_by_one_for_hours() -> None:
    peer = Peer(Role.SERVER)
    peer.say(peer.head(1, GET))
    peer.engine.send(Response(1, OK))
    for _ in range(20_000):
        peer.engine.send(Data(1, b"data: tick\n\n"))
        sizes = [frame.flow_controlled_length for frame in peer.hear()]
        peer.say(*[WindowUpdateFrame(i, size) for size in sizes for i in (0, 1)])


def test_pings_of_ours_are_answered_as_often_as_we_ask() -> None:
    pair = Pair(server_limits=Limits(ledger_rate=1_000))
    pair.flow()
    for _ in range(3_000):
        pair.client.send(Ping(b"keep-me!"))
        pair.now += 0.01
        to_client, to_server = pair.flow()
        assert faults(to_client) == faults(to_server) == []


def test_a_search_box_that_cancels_nine_of_ten_requests() -> None:
    # Each letter typed cancels the request of the one before.  A rule about the share of cancelled
    # requests would punish that; a budget that fills with time does not.
    pair = Pair(auto_consume=True)
    pair.flow()
    for number in range(2_000):
        stream_id = pair.client.next_stream_id()
        pair.client.send(Request(stream_id, GET, True))
        pair.flow()
        if number % 10 == 9:
            answer(pair.server, stream_id, 100)
        else:
            pair.client.send(Reset(stream_id, ErrorCode.CANCEL))
        pair.now += 0.1
        to_client, to_server = pair.flow()
        assert faults(to_client) == faults(to_server) == []
