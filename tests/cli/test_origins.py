"""Connections for an origin: one in HTTP/2, a few in HTTP/1.1, and others when they are used up."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from hyper.cli.origins import IN_FLIGHT, Lease, Origin
from hyper.cli.urls import parse_url
from hyper.http import Version
from hyper.io import ConnectError, Timeouts
from hyper.io.asyncio import ClientConnection, Exchange, serve

Scenario = Callable[[Origin], Awaitable[None]]


def origin_at(
    port: int,
    requests: int = 1,
    version: Version = Version.HTTP_2,
    *,
    secure: bool = False,
) -> Origin:
    return Origin(
        parse_url(f"{'https' if secure else 'http'}://127.0.0.1:{port}/"),
        context=ssl.create_default_context() if secure else None,
        versions=(version,),
        timeouts=Timeouts(),
        requests=requests,
        open_trace=lambda: None,
    )


async def answer(exchange: Exchange) -> None:
    await exchange.respond(200, [], b"x" * 1_000_000)


def play(scenario: Scenario, requests: int = 1, version: Version = Version.HTTP_2) -> None:
    async def run() -> None:
        async with await serve(answer) as server:
            origin = origin_at(server.address[1], requests, version)
            await scenario(origin)
            await origin.close()

    asyncio.run(run())


async def leased(origin: Origin, stack: AsyncExitStack) -> Lease:
    return await stack.enter_async_context(origin.lease())


async def connection(origin: Origin) -> ClientConnection:
    """One that is given back at once."""
    async with origin.lease() as lease:
        return lease.connection


def test_all_who_ask_get_the_same() -> None:
    async def scenario(origin: Origin) -> None:
        async with AsyncExitStack() as stack:
            got = [await leased(origin, stack) for _ in range(100)]
        assert len({id(each.connection) for each in got}) == 1, "HTTP/2: one for everybody"

    play(scenario)


def test_one_that_is_used_up_is_replaced() -> None:
    async def scenario(origin: Origin) -> None:
        first = await connection(origin)
        await first.close()
        second = await connection(origin)
        assert second is not first, "the first is over"
        assert second.can_open, "and this one is not"

    for version in Version:
        play(scenario, version=version)


def test_whoever_was_refused_gets_another_and_all_the_same() -> None:
    async def scenario(origin: Origin) -> None:
        async with AsyncExitStack() as stack:
            leases = [await leased(origin, stack) for _ in range(5)]
            first = leases[0].connection
            await asyncio.gather(*[lease.renew() for lease in leases])
            got = [lease.connection for lease in leases]
        assert first not in got, "they were refused there"
        assert len({id(each) for each in got}) == 1, "not one each"

    play(scenario)


def test_http_1_1_gets_a_few_connections_with_one_exchange_each() -> None:
    async def scenario(origin: Origin) -> None:
        async with AsyncExitStack() as stack:
            got = [await leased(origin, stack) for _ in range(6)]
            assert len({id(each.connection) for each in got}) == 6, "as many as browsers open"
            assert not any(each.used for each in got), "all of them new"
            beyond = asyncio.create_task(connection(origin))
            await asyncio.sleep(0)
            assert not beyond.done(), "whoever comes later waits"
            third = got[2].connection
            await origin.give_back(third)
            assert await beyond is third, "and takes the first that is free"
        async with origin.lease() as lease:
            assert lease.used, "it is told, for an idle connection may be closed at any time"

    play(scenario, version=Version.HTTP_1_1)


def test_whoever_met_the_end_of_an_idle_connection_gets_a_new_one() -> None:
    async def scenario(origin: Origin) -> None:
        async with AsyncExitStack() as stack:
            idle = [(await leased(origin, stack)).connection for _ in range(3)]
        async with origin.lease() as lease:
            assert lease.connection in idle, "one that was used"
            await lease.renew()
            assert lease.connection not in idle, "for the others may have ended with it"
            assert not lease.used, "so that nothing is tried a third time"

    play(scenario, version=Version.HTTP_1_1)


def test_whoever_came_first_is_served_first() -> None:
    async def scenario(origin: Origin) -> None:
        order: list[int] = []

        async def use(number: int) -> None:
            async with origin.lease():
                order.append(number)

        async with AsyncExitStack() as stack:
            for _ in range(6):
                await leased(origin, stack)
            waiting = [asyncio.create_task(use(number)) for number in range(10)]
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
        assert order == sorted(order), "bodies go to stdout in this order: none may overtake"

    play(scenario, version=Version.HTTP_1_1)


def test_a_server_that_has_no_room_for_so_many_is_asked_over_fewer() -> None:
    async def scenario() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        origin = origin_at(listener.getsockname()[1], version=Version.HTTP_1_1)
        async with AsyncExitStack() as stack:
            first = (await leased(origin, stack)).connection
            accepted, _ = listener.accept()
            listener.close()
            waiting = asyncio.create_task(connection(origin))
            await asyncio.sleep(0)
            await origin.give_back(first)
            assert await waiting is first, "it did not fail: there is one that works"
        assert origin.failure is None, "and nobody was told otherwise"
        await origin.close()
        accepted.close()

    asyncio.run(scenario())


def test_a_failure_is_the_same_for_everybody() -> None:
    async def scenario() -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            origin = origin_at(closed.getsockname()[1])
            failures: list[BaseException | object] = await asyncio.gather(
                *[connection(origin) for _ in range(3)], return_exceptions=True
            )
        assert isinstance(failures[0], ConnectError)
        assert failures == [origin.failure] * 3, "it is tried once and told once"
        await origin.close()

    asyncio.run(scenario())


def test_bodies_that_wait_for_their_turn_leave_room_for_the_one_whose_turn_it_is() -> None:
    async def scenario(origin: Origin) -> None:
        shared = await connection(origin)
        waiting = [await shared.request("GET", "/") for _ in range(IN_FLIGHT - 1)]
        # Every window is full now, or will be; nobody reads these.
        last = await shared.request("GET", "/")
        assert len(await last.read()) == 1_000_000
        for each in waiting:
            each.reset()

    play(scenario, requests=IN_FLIGHT)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_the_scheme_decides_about_tls(scheme: str) -> None:
    async def scenario() -> None:
        async with await serve(answer) as server:
            origin = origin_at(server.address[1], secure=scheme == "https")
            if scheme == "https":
                with pytest.raises(ConnectError):
                    await connection(origin)
            else:
                assert (await connection(origin)).tls_version is None
            await origin.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("version", list(Version))
def test_what_is_spoken_is_what_was_asked_for(version: Version) -> None:
    async def scenario(origin: Origin) -> None:
        spoken = (await connection(origin)).http_version
        assert spoken == ("2" if version is Version.HTTP_2 else "1.1"), (
            "in cleartext nobody chooses"
        )

    play(scenario, version=version)
