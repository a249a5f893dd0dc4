"""The scenes: each goes well with a server that does, and fails with one that does not."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hyper.cli.tour_scenes import SCENES, SceneFailed, Stage
from hyper.cli.tour_site import Site
from hyper.io.asyncio import ClientConnection, Exchange, Server, connect, serve

Handler = Callable[[Exchange], Awaitable[None]]


async def play(title: str, handler: Handler | None = None) -> str:
    """Play one scene; `handler` stands in for the tour's own server."""
    site = Site(b"0123456789" * 50_000)
    wrong = handler

    async def open_server(of: Site) -> Server:
        return await serve(wrong or of.handle)

    async def open_connection(server: Server) -> ClientConnection:
        return await connect(*server.address)

    async with (
        await serve(wrong or site.handle) as server,
        await open_connection(server) as connection,
    ):
        stage = Stage(
            site=site,
            connection=connection,
            open_server=open_server,
            open_connection=open_connection,
        )
        return await dict(SCENES)[title](stage)


TITLES = [title for title, _ in SCENES]


def test_the_scenes_are_those_that_were_promised() -> None:
    assert TITLES == [
        "a GET",
        "5 MB upload",
        "5 MB download",
        "100 at once",
        "trailers",
        "103 early hints",
        "a reset",
        "graceful shutdown",
    ]


@pytest.mark.parametrize("title", TITLES)
def test_a_scene_goes_well_and_tells_of_it_in_one_line(title: str) -> None:
    happened = asyncio.run(play(title))
    assert happened
    assert len(happened) <= 50, "two columns of a table stand beside it, on 80"


async def wrong(exchange: Exchange) -> None:
    """Answers everything the same."""
    await exchange.respond(200, [(b"x-sha256", b"0" * 64)], b"something else")


@pytest.mark.parametrize("title", ["5 MB upload", "5 MB download", "100 at once", "trailers"])
def test_a_scene_fails_when_something_else_comes(title: str) -> None:
    with pytest.raises(SceneFailed, match=r"expected .* got "):
        asyncio.run(play(title, wrong))


def test_hints_that_do_not_come_are_missed() -> None:
    with pytest.raises(SceneFailed, match=r"interim responses: expected \[103\], got \[\]"):
        asyncio.run(play("103 early hints", wrong))


def test_a_status_that_is_not_200_is_told() -> None:
    async def broken(exchange: Exchange) -> None:
        await exchange.respond(500)

    with pytest.raises(SceneFailed, match="status: expected 200, got 500"):
        asyncio.run(play("a GET", broken))
