"""The client of the world of tasks: many requests at once, cancelling, uploads."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from hyper.h2 import Limits
from hyper.io import ConnectionLost, StreamReset, TimedOut, Timeouts
from hyper.io.asyncio import ClientConnection, Exchange, Server, connect, serve
from tests.support.certificates import Certificates
from tests.support.worlds import all_done

POST = [
    (b":method", b"POST"),
    (b":scheme", b"http"),
    (b":authority", b"a"),
    (b":path", b"/"),
]

Talk = Callable[[ClientConnection, Server], Awaitable[None]]


async def echo(exchange: Exchange) -> None:
    await exchange.respond(200, [(b"x-path", exchange.path.encode())], await exchange.read())


def hold(
    handler: Callable[[Exchange], Awaitable[None]],
    talk: Talk,
    *,
    limits: Limits | None = None,
    timeouts: Timeouts | None = None,
    certificates: Certificates | None = None,
) -> None:
    """Client and server in one loop, which must be empty afterwards."""

    async def main() -> None:
        async with (
            await serve(
                handler,
                limits=limits,
                timeouts=Timeouts(read=10.0),
                ssl=certificates.server() if certificates else None,
            ) as server,
            await connect(
                *server.address,
                limits=limits,
                timeouts=timeouts or Timeouts(read=10.0),
                ssl=certificates.client() if certificates else None,
            ) as client,
        ):
            await talk(client, server)
        await all_done()

    asyncio.run(main())


@pytest.mark.parametrize("secure", [True, False], ids=["tls", "cleartext"])
def test_two_hundred_requests_share_a_connection(certificates: Certificates, secure: bool) -> None:
    together = 0
    most = 0

    async def handler(exchange: Exchange) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        body = await exchange.read()
        await asyncio.sleep(0)
        await exchange.respond(200, (), body + exchange.path.encode())
        together -= 1

    async def talk(client: ClientConnection, server: Server) -> None:
        async def one(number: int) -> bytes:
            response = await client.request("POST", f"/{number}", body=b"n" * number)
            return await response.read()

        bodies = await asyncio.gather(*(one(number) for number in range(200)))
        assert bodies == [b"n" * n + f"/{n}".encode() for n in range(200)], "each gets its own"
        assert client.open_streams == 0, "and none is left open"
        assert server.connections == 1, "on one connection"

    hold(handler, talk, certificates=certificates if secure else None)
    assert 10 < most <= 100, "many at once; the server allows a hundred, the others wait"


def test_requests_of_one_turn_share_their_writes() -> None:
    writes = 0

    class Tap:
        def sent(self, data: bytes, /) -> None:
            nonlocal writes
            writes += bool(data)

        def received(self, data: bytes, /) -> None:
            pass

    async def main() -> None:
        nonlocal writes
        async with (
            await serve(echo) as server,
            await connect(*server.address, tap=Tap()) as client,
        ):
            await client.ping()  # now the server's SETTINGS have been answered
            writes = 0
            asking = [asyncio.create_task(client.request("GET", "/")) for _ in range(50)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert writes == 1, "fifty requests, one write: fifty would cost fifty system calls"
            for response in await asyncio.gather(*asking):
                await response.read()

    asyncio.run(main())


def test_a_cancelled_request_resets_its_stream_alone() -> None:
    started = asyncio.Event()
    heard: list[BaseException] = []

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/slow":
            started.set()
            try:
                await exchange.read()
            except StreamReset as error:
                heard.append(error)
                raise
        await echo(exchange)

    async def talk(client: ClientConnection, _: Server) -> None:
        async def endless() -> AsyncIterator[bytes]:
            yield b"some"
            await asyncio.Event().wait()

        task = asyncio.create_task(client.request("POST", "/slow", body=endless()))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert client.open_streams == 0, "nothing is left of it"
        response = await client.request("GET", "/next")
        assert response.status == 200, "the connection is healthy"
        await response.read()
        assert heard, "and the handler was told"

    hold(handler, talk)


def test_a_cancelled_read_resets_its_stream() -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        await exchange.write(b"begun")
        await exchange.read()

    async def talk(client: ClientConnection, _: Server) -> None:
        async def endless() -> AsyncIterator[bytes]:
            yield b"some"
            await asyncio.Event().wait()

        response = await client.request("POST", "/", body=endless())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await response.read()
        assert client.open_streams == 0, "what it had taken is gone, so the stream is"
        with pytest.raises(StreamReset, match="by this side"):
            await response.receive()

    hold(handler, talk)


def test_a_cancelled_receive_leaves_the_stream_as_it_was() -> None:
    go_on = asyncio.Event()

    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        await go_on.wait()
        await exchange.write(b"late")
        await exchange.end()

    async def talk(client: ClientConnection, _: Server) -> None:
        response = await client.request("GET", "/")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await response.receive()
        go_on.set()
        assert await response.read() == b"late", "nothing was lost by looking"

    hold(handler, talk)


def test_leaving_a_response_early_resets_its_stream() -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        while True:
            await exchange.write(b"x" * 10_000)

    async def talk(client: ClientConnection, _: Server) -> None:
        async with await client.request("GET", "/") as response:
            assert await response.receive(), "one piece is enough"
        assert client.open_streams == 0, "the rest is not wanted"

    hold(handler, talk)


def test_a_response_that_is_forgotten_does_not_hold_the_window() -> None:
    window = 65_535

    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, (), b"x" * window)

    async def talk(client: ClientConnection, _: Server) -> None:
        for number in range(10):
            # Each fills the window of the connection, and nobody reads it.
            assert (await client.request("GET", f"/{number}")).status == 200, "the head comes"
            gc.collect()
        response = await client.request("GET", "/")
        assert len(await response.read()) == window, "so the next one has room"

    hold(handler, talk, limits=Limits(stream_window=window, connection_window=window))


def test_an_upload_goes_on_after_the_head_of_the_response() -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        async for chunk in exchange:
            await exchange.write(chunk.upper())
        await exchange.end()

    async def talk(client: ClientConnection, _: Server) -> None:
        questions: asyncio.Queue[bytes] = asyncio.Queue()

        async def ask() -> AsyncIterator[bytes]:
            while question := await questions.get():
                yield question

        response = await client.request("POST", "/", body=ask())
        for question in (b"one", b"two", b"three"):
            questions.put_nowait(question)
            assert await response.receive() == question.upper(), "a conversation on one stream"
        questions.put_nowait(b"")
        assert await response.receive() == b"", "and its end"

    hold(handler, talk)


@pytest.mark.parametrize("early", [True, False], ids=["before the head", "after the head"])
def test_what_the_body_raises_is_raised_where_the_response_is_awaited(early: bool) -> None:
    class MyOwnError(Exception):
        pass

    answered = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"some"
        if not early:
            await answered.wait()
        raise MyOwnError

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/" and not early:
            await exchange.start(200)
        await echo(exchange)

    async def talk(client: ClientConnection, _: Server) -> None:
        async def ask() -> None:
            response = await client.request("POST", "/", body=body())
            answered.set()
            await response.read()

        with pytest.raises(MyOwnError):
            await ask()
        assert client.open_streams == 0, "the stream is reset"
        response = await client.request("GET", "/next")
        assert await response.read() == b"", "the connection is healthy"

    hold(handler, talk)


def test_an_upload_ends_with_its_stream() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            yield b"some"
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def handler(exchange: Exchange) -> None:
        exchange.reset()

    async def talk(client: ClientConnection, _: Server) -> None:
        with pytest.raises(StreamReset):
            await client.request("POST", "/", body=endless())
        await asyncio.wait_for(closed.wait(), 10)

    hold(handler, talk)


def test_a_plain_iterable_is_a_body_too() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, (), b"%d" % len(await exchange.read()))

    async def talk(client: ClientConnection, _: Server) -> None:
        response = await client.request("POST", "/", body=pieces())
        assert await response.read() == b"1000000", "all of it"

    hold(handler, talk)


def test_closing_fails_what_is_open() -> None:
    asked = asyncio.Event()

    async def handler(_: Exchange) -> None:
        asked.set()
        await asyncio.Event().wait()

    async def talk(client: ClientConnection, server: Server) -> None:
        task = asyncio.create_task(client.request("GET", "/"))
        await asked.wait()
        await client.close()
        with pytest.raises(ConnectionLost, match="closed by this side"):
            await task
        await server.close(0.0)

    hold(handler, talk)


def test_a_wait_for_room_times_out() -> None:
    async def handler(_: Exchange) -> None:
        await asyncio.Event().wait()

    async def talk(client: ClientConnection, server: Server) -> None:
        stream = client.open(POST)

        async def fill() -> None:
            while True:
                await stream.write(b"x" * 65_536)

        with pytest.raises(TimedOut, match="room for more content") as caught:
            await fill()
        assert caught.value.phase == "write", "it says at what"
        assert await client.ping() > 0, "the connection is healthy"
        await server.close(0.0)

    hold(handler, talk, timeouts=Timeouts(read=0.1))


def test_the_ends_of_a_connection_have_names(certificates: Certificates) -> None:
    async def talk(client: ClientConnection, server: Server) -> None:
        assert client.peer == server.address, "the other end"
        assert client.local[0] == "127.0.0.1", "this end"
        assert client.tls_version in ("TLSv1.2", "TLSv1.3"), "RFC 9113 §9.2: 1.2 or higher"

    hold(echo, talk, certificates=certificates)

    async def plain(client: ClientConnection, _: Server) -> None:
        assert client.tls_version is None, "there is none"

    hold(echo, plain)
