"""Every client against every server: who waits for whom, how long, and what a close waits for."""

import contextlib
import threading
from collections.abc import Iterator

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Limits
from hyper.io import (
    ConnectionLost,
    GoneAway,
    StreamReset,
    TimedOut,
    Timeouts,
)
from tests.support.certificates import Certificates
from tests.support.meeting import Meeting, post, until
from tests.support.worlds import (
    Client,
    ClientOptions,
    Exchange,
    ServerOptions,
    serving,
    visit,
)

MEGABYTE = 1 << 20


def test_a_slow_reader_stops_a_fast_server(meeting: Meeting) -> None:
    window = 65_535
    written = 0
    chunk = b"x" * 10_000

    async def handler(exchange: Exchange) -> None:
        nonlocal written
        await exchange.start(200)
        for _ in range(400):
            await exchange.write(chunk)
            written += len(chunk)
        await exchange.end()

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        before = -1
        # The window is used, and then ten round trips pass without progress: the handler waits.
        # Before that, ten round trips may only mean that its thread had no turn.
        still = 0
        while written < window or still < 10:
            still = still + 1 if written == before else 0
            before = written
            await client.ping()
        # What the windows let through, what the engine queues, and the chunk that went over.
        assert written <= window + Limits().send_high_water + len(chunk), "memory is bounded"
        body = await response.read()
        assert len(body) == 400 * len(chunk), "and once it is read, all of it comes"

    meeting.hold(
        handler,
        scenario,
        limits=Limits(stream_window=window, connection_window=4 * window, ledger_burst=1_000_000),
    )


def test_a_slow_handler_stops_a_fast_client(meeting: Meeting) -> None:
    window = 65_535
    sent = 0
    chunk = b"x" * 10_000
    go_on = threading.Event()
    blocked = threading.Event()

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(400):
            yield chunk
            sent += len(chunk)
            if sent >= window:
                blocked.set()

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/go":
            go_on.set()
            await exchange.respond(200)
            return
        first = await exchange.receive()
        assert blocked.wait(10), "the client fills the window"
        at_rest = sent
        assert at_rest <= window + len(first) + Limits().send_high_water + 2 * len(chunk), (
            "and no more than the window and the queue hold"
        )
        size = len(first)
        async for piece in exchange:
            size += len(piece)
        await exchange.respond(200, (), b"%d" % size)

    async def scenario(client: Client) -> None:
        response = await client.request("POST", "/", body=pieces())
        assert await response.read() == b"4000000", "all of it arrives in the end"

    meeting.hold(
        handler, scenario, limits=Limits(stream_window=window, connection_window=4 * window)
    )


def test_a_response_that_does_not_come_times_out_alone(meeting: Meeting) -> None:
    asked = threading.Event()
    answered = threading.Event()

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/slow":
            asked.set()
            # The request never ends: only its reset ends this.
            with pytest.raises(StreamReset):
                await exchange.read()
            answered.set()
        else:
            await exchange.respond(200)

    async def scenario(client: Client) -> None:
        stream = client.open(post("/slow"))
        with pytest.raises(TimedOut, match=r"expected a response within 0\.05 s") as caught:
            await stream.response()
        assert caught.value.phase == "read", "it says at what"
        await until(answered, client)  # the server is told by a reset
        assert (await client.request("GET", "/")).status == 200, "the connection is still good"

    meeting.hold(handler, scenario, client_timeouts=Timeouts(read=0.05))


def test_a_request_that_does_not_go_on_times_out_at_the_server(meeting: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.read()

    async def scenario(client: Client) -> None:
        stream = client.open(post("/"))
        with pytest.raises(StreamReset, match="CANCEL"):
            await stream.response()
        assert await client.ping() > 0, "the connection is still good"

    meeting.hold(handler, scenario, server_timeouts=Timeouts(read=0.05))


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "in pieces"])
def test_a_response_that_nobody_takes_times_out_at_the_server(
    meeting: Meeting, whole: bool
) -> None:
    ended = threading.Event()

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/stall":
            await exchange.read()
        try:
            await exchange.respond(200, (), b"x" * MEGABYTE if whole else [b"x" * 65_536] * 16)
        finally:
            ended.set()

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        assert await response.receive(), "the first piece is taken, and no more"
        await until(ended, client)  # a handler does not wait for ever
        # Other streams keep the connection busy; the stall is the stream's own.
        while client.open_streams:
            with pytest.raises(StreamReset):
                await client.open(post("/stall")).response()
        with pytest.raises(StreamReset, match="CANCEL"):
            await response.read()

    meeting.hold(
        handler,
        scenario,
        server_timeouts=Timeouts(read=0.1),
        limits=Limits(stream_window=65_535, connection_window=MEGABYTE),
    )


def test_an_idle_connection_is_closed_politely(meeting: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200)

    async def scenario(client: Client) -> None:
        await (await client.request("GET", "/")).read()
        with contextlib.suppress(ConnectionLost):
            while client.going_away is None:
                await client.ping()
        with pytest.raises(GoneAway) as caught:
            await client.request("GET", "/")
        assert caught.value.code == ErrorCode.NO_ERROR, "a GOAWAY without reproach"
        assert caught.value.retryable, "a request refused for that can go elsewhere"

    # Pings do not keep it alive: they are nobody's request.  (These are many, and forgiven.)
    meeting.hold(
        handler,
        scenario,
        server_timeouts=Timeouts(idle=0.05),
        limits=Limits(ledger_burst=1_000_000),
    )


def test_a_request_on_a_closed_connection_fails_and_may_be_tried_elsewhere(
    meeting: Meeting,
) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200)

    async def scenario(client: Client) -> None:
        await client.close()
        assert client.closed, "it says so"
        assert not client.can_open, "and takes nothing more"
        with pytest.raises(ConnectionLost, match="closed by this side") as caught:
            await client.request("GET", "/")
        assert caught.value.retryable, "nothing was sent"

    meeting.hold(handler, scenario)


def test_a_close_waits_for_what_is_under_way_and_refuses_the_rest(
    client_world: str, server_world: str, secure: bool, certificates: Certificates
) -> None:
    begun = threading.Event()
    closing = threading.Thread()

    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        begun.set()
        size = len(await exchange.read())
        await exchange.write(b"%d" % size)
        await exchange.end()

    options = ServerOptions(
        ssl=certificates.server() if secure else None, limits=Limits(ledger_burst=1_000_000)
    )
    with serving(server_world, handler, options) as server:

        async def scenario(client: Client) -> None:
            nonlocal closing
            stream = client.open(post("/"))
            response = await stream.response()
            await until(begun, client)
            closing = threading.Thread(target=server.close, args=(10.0,))
            closing.start()
            while client.going_away is None:
                await client.ping()
            with pytest.raises(GoneAway) as caught:
                await client.request("GET", "/")
            assert caught.value.retryable, "RFC 9113 §6.8: a new request goes elsewhere"
            await stream.write(b"x" * 1000)
            await stream.end()
            assert await response.read() == b"1000", "what was under way ends well"

        visit(
            client_world,
            server.address,
            scenario,
            ClientOptions(ssl=certificates.client() if secure else None),
        )
        closing.join(10)
        assert not closing.is_alive(), "and then the server is closed, long before its deadline"


def test_a_close_leaves_the_client_time_to_read(
    client_world: str, server_world: str, secure: bool, certificates: Certificates
) -> None:
    # All of it fits the window, so the server is done long before the client has read it; and the
    # client writes WINDOW_UPDATE all the while, which a socket closed too early answers by a reset.
    size = 900_000

    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, (), bytes(size))

    options = ServerOptions(ssl=certificates.server() if secure else None)
    with serving(server_world, handler, options) as server:
        closing = threading.Thread(target=server.close, args=(10.0,))

        async def scenario(client: Client) -> None:
            response = await client.request("GET", "/")
            closing.start()
            assert len(await response.read()) == size, "every byte arrives"

        visit(
            client_world,
            server.address,
            scenario,
            ClientOptions(ssl=certificates.client() if secure else None),
        )
        closing.join(10)
        assert not closing.is_alive(), "and the server closes when the client has"


def test_a_close_cuts_what_does_not_end_by_its_deadline(
    client_world: str, server_world: str
) -> None:
    ended = threading.Event()

    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        try:
            await exchange.read()
        finally:
            ended.set()

    with serving(server_world, handler, ServerOptions()) as server:

        async def scenario(client: Client) -> None:
            stream = client.open(post("/"))
            response = await stream.response()
            closing = threading.Thread(target=server.close, args=(0.05,))
            closing.start()
            with pytest.raises((StreamReset, ConnectionLost)):
                await response.read()
            closing.join(10)
            assert ended.is_set(), "the handler was told"

        visit(client_world, server.address, scenario)
