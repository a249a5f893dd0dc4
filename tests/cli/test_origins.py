"""Connections for an origin: one, and another when it is used up."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

import pytest

from hyper.cli.origins import IN_FLIGHT, Origin
from hyper.cli.urls import parse_url
from hyper.io import ConnectError, Timeouts
from hyper.io.asyncio import Exchange, serve

Scenario = Callable[[Origin], Awaitable[None]]


def origin_at(port: int, requests: int = 1) -> Origin:
    return Origin(
        parse_url(f"http://127.0.0.1:{port}/"),
        context=None,
        timeouts=Timeouts(),
        requests=requests,
        open_trace=lambda: None,
    )


async def answer(exchange: Exchange) -> None:
    await exchange.respond(200, [], b"x" * 1_000_000)


def play(scenario: Scenario, requests: int = 1) -> None:
    async def run() -> None:
        async with await serve(answer) as server:
            origin = origin_at(server.address[1], requests)
            await scenario(origin)
            await origin.close()

    asyncio.run(run())


def test_all_who_ask_get_the_same() -> None:
    async def scenario(origin: Origin) -> None:
        got = await asyncio.gather(*[origin.connection() for _ in range(5)])
        assert len({id(each) for each in got}) == 1

    play(scenario)


def test_one_that_is_used_up_is_replaced() -> None:
    async def scenario(origin: Origin) -> None:
        first = await origin.connection()
        await first.close()
        second = await origin.connection()
        assert second is not first
        assert second.can_open

    play(scenario)


def test_whoever_was_refused_gets_another_and_all_the_same() -> None:
    async def scenario(origin: Origin) -> None:
        first = await origin.connection()
        got = await asyncio.gather(*[origin.another(first) for _ in range(5)])
        assert first not in got
        assert len({id(each) for each in got}) == 1, "not one each"

    play(scenario)


def test_a_failure_is_the_same_for_everybody() -> None:
    async def scenario() -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            origin = origin_at(closed.getsockname()[1])
            failures: list[BaseException | object] = await asyncio.gather(
                *[origin.connection() for _ in range(3)], return_exceptions=True
            )
        assert isinstance(failures[0], ConnectError)
        assert failures == [origin.failure] * 3, "it is tried once and told once"
        await origin.close()

    asyncio.run(scenario())


def test_bodies_that_wait_for_their_turn_leave_room_for_the_one_whose_turn_it_is() -> None:
    async def scenario(origin: Origin) -> None:
        connection = await origin.connection()
        waiting = [await connection.request("GET", "/") for _ in range(IN_FLIGHT - 1)]
        # Every window is full now, or will be; nobody reads these.
        last = await connection.request("GET", "/")
        assert len(await last.read()) == 1_000_000
        for each in waiting:
            each.reset()

    play(scenario, requests=IN_FLIGHT)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_the_scheme_decides_about_tls(scheme: str) -> None:
    async def scenario() -> None:
        async with await serve(answer) as server:
            origin = Origin(
                parse_url(f"{scheme}://127.0.0.1:{server.address[1]}/"),
                context=ssl.create_default_context() if scheme == "https" else None,
                timeouts=Timeouts(),
                requests=1,
                open_trace=lambda: None,
            )
            if scheme == "https":
                with pytest.raises(ConnectError):
                    await origin.connection()
            else:
                assert (await origin.connection()).tls_version is None
            await origin.close()

    asyncio.run(scenario())
