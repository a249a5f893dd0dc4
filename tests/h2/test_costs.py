"""What work costs as things grow, counted in calls and not in time: n against 4n.

Compiled code makes few calls that Python can see; there the counts are small, and must still not
grow.
"""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

from hyper.frame import PREFACE, HeadersFrame, SettingsFrame, WindowUpdateFrame, serialize
from hyper.h2 import Connection, Data, Limits, Request, Response
from hyper.hpack import Encoder
from hyper.wire import Role
from tests.support.pair import Pair, drained
from tests.support.playbook import GET, OK, POST


def calls(work: Callable[[], None]) -> int:
    """How many calls, of Python and of C, `work` makes."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        del frame, argument
        if event in ("call", "c_call"):
            count += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def pair_with(idle: int) -> Pair:
    """A client and a server with so many streams open on which nothing happens."""
    pair = Pair(
        server_limits=Limits(max_concurrent_streams=10_000),
        client_limits=Limits(assumed_concurrency=10_000),
        auto_consume=True,
    )
    for _ in range(idle):
        pair.client.send(Request(pair.client.next_stream_id(), POST))
    pair.flow()
    return pair


def exchange(pair: Pair) -> None:
    stream_id = pair.client.next_stream_id()
    pair.client.send(Request(stream_id, GET, True))
    pair.flow()
    pair.server.send(Response(stream_id, OK))
    pair.server.send(Data(stream_id, bytes(20_000), True))
    pair.flow()


def test_an_exchange_costs_the_same_however_many_streams_are_open() -> None:
    counts: list[int] = []
    for idle in (10, 2_000):
        pair = pair_with(idle)
        for _ in range(20):
            exchange(pair)
        counts.append(calls(partial(exchange, pair)))
        assert pair.client.open_streams == idle
    assert counts[1] <= counts[0] * 1.1 + 5, "nothing in a hot path walks over the streams"


def test_streams_that_wait_for_a_window_cost_nothing_while_they_wait() -> None:
    counts: list[int] = []
    for blocked in (10, 1_000):
        pair = pair_with(blocked)
        pair.client.send(Request(pair.client.next_stream_id(), POST))
        for stream_id in range(1, 2 * blocked, 2):
            pair.client.send(Data(stream_id, bytes(300_000)))
        pair.flow()
        counts.append(calls(partial(exchange, pair)))
    assert counts[1] <= counts[0] * 1.1 + 5, "only streams that can send take turns"


def server() -> Connection:
    engine = Connection(Role.SERVER)
    engine.receive_data(
        PREFACE + serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True)), 0.0
    )
    drained(engine)
    return engine


def test_a_field_block_that_comes_byte_by_byte_costs_in_proportion_to_its_size() -> None:
    counts: list[int] = []
    for size in (3_000, 12_000):
        block = Encoder().encode([*GET, (b"x-long", b"~" * size)])
        octets = serialize(HeadersFrame(1, block, True))
        engine = server()

        def feed(engine: Connection = engine, octets: bytes = octets) -> None:
            for at in range(len(octets)):
                engine.receive_data(octets[at : at + 1], 0.0)
                drained(engine)

        counts.append(calls(feed))
        assert engine.open_streams == 1
    assert counts[1] <= 4.5 * counts[0], "linear, not quadratic"


def test_a_queue_of_many_pieces_is_sent_in_proportion_to_their_number() -> None:
    counts: list[int] = []
    for pieces in (500, 2_000):
        engine = server()
        engine.receive_data(serialize(WindowUpdateFrame(0, 2**30)), 0.0)
        engine.receive_data(
            serialize(SettingsFrame([(4, 2**30)]))
            + serialize(HeadersFrame(1, Encoder().encode(GET))),
            0.0,
        )
        drained(engine)
        engine.send(Response(1, OK))

        def send(engine: Connection = engine, pieces: int = pieces) -> None:
            for _ in range(pieces):
                engine.send(Data(1, b"x" * 100))
            engine.data_to_send()

        counts.append(calls(send))
    assert counts[1] <= 4.5 * counts[0], "linear, not quadratic"


def test_requests_that_wait_are_opened_at_a_cost_of_their_own_only() -> None:
    counts: list[int] = []
    for waiting in (250, 1_000):
        client = Connection(Role.CLIENT, limits=Limits(assumed_concurrency=0))
        for number in range(waiting):
            client.send(Request(2 * number + 1, GET, True))
        client.data_to_send()
        client.receive_data(serialize(SettingsFrame()), 0.0)
        drained(client)

        def open_them(client: Connection = client) -> None:
            client.data_to_send()

        counts.append(calls(open_them))
    assert counts[1] <= 4.5 * counts[0], "linear, not quadratic"
