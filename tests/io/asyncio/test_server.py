"""The server of the world of tasks: its life, and what it does with handlers."""

import asyncio
import logging

import pytest

from hyper.io import ConnectError, ConnectionLost, StreamReset
from hyper.io.asyncio import Exchange, connect, serve
from tests.support.worlds import all_done


async def echo(exchange: Exchange) -> None:
    await exchange.respond(200, (), await exchange.read())


def test_a_handler_that_hangs_is_cancelled_at_the_deadline() -> None:
    cancelled = False

    async def handler(exchange: Exchange) -> None:
        nonlocal cancelled
        await exchange.start(200)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled = True
            raise

    async def main() -> None:
        server = await serve(handler, on_error=lambda what, _: pytest.fail(what))
        async with await connect(*server.address) as client:
            response = await client.request("GET", "/")
            await server.close(0.05)
            with pytest.raises((StreamReset, ConnectionLost)):
                await response.read()
        await all_done()

    asyncio.run(main())
    assert cancelled, "tasks can be stopped, so they are; that is no failure of the handler's"


def test_closing_twice_is_closing_once() -> None:
    async def main() -> None:
        server = await serve(echo)
        waiting = asyncio.create_task(server.wait_closed())
        await asyncio.gather(server.close(), server.close())
        await server.close()
        await asyncio.wait_for(waiting, 10)
        with pytest.raises(ConnectError, match="Connection refused"):
            await connect(*server.address)
        await all_done()

    asyncio.run(main())


def test_a_port_in_use_says_so() -> None:
    async def main() -> None:
        async with await serve(echo) as server:
            with pytest.raises(ConnectError) as caught:
                await serve(echo, *server.address)
            port = server.address[1]
            assert str(caught.value) == (
                f"cannot listen on 127.0.0.1:{port}: Address already in use"
            ), "one clear line"

    asyncio.run(main())


def test_all_addresses_share_a_free_port() -> None:
    async def main() -> None:
        async with await serve(echo, "") as server:
            assert len({port for _, port in server.addresses}) == 1, "one port for all"
            async with await connect("127.0.0.1", server.address[1]) as client:
                response = await client.request("POST", "/", body=b"hello")
                assert await response.read() == b"hello", "it is reached by any of them"

    asyncio.run(main())


def test_failures_go_to_the_log_by_default(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(_: Exchange) -> None:
        raise ValueError("a bug")

    async def main() -> None:
        async with await serve(handler) as server, await connect(*server.address) as client:
            assert (await client.request("GET", "/x")).status == 500, "the client hears of it"

    with caplog.at_level(logging.ERROR, logger="hyper.io"):
        asyncio.run(main())
    assert caplog.messages == ["GET /x: the handler failed"], "the log too"
    assert "a bug" in caplog.text, "with the traceback"


def test_a_hook_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(_: Exchange) -> None:
        raise ValueError

    def hook(what: str, error: BaseException) -> None:
        raise RuntimeError(what) from error

    async def main() -> None:
        async with (
            await serve(handler, on_error=hook) as server,
            await connect(*server.address) as client,
        ):
            for _ in range(2):
                assert (await client.request("GET", "/")).status == 500, "the server goes on"

    asyncio.run(main())
    assert caplog.messages == ["GET /: the error hook failed"] * 2, "but it is not silent"


def test_connections_are_counted() -> None:
    async def main() -> None:
        async with await serve(echo) as server:
            assert server.connections == 0, "none yet"
            async with await connect(*server.address), await connect(*server.address):
                assert server.connections == 2, "both"
        assert server.connections == 0, "none any more"

    asyncio.run(main())
