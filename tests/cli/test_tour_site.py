"""What the tour's server answers to those who try it with another client."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import pytest

from hyper.cli.tour_site import CHECKSUM, Site
from hyper.io.asyncio import ClientConnection, connect, serve


def play(scenario: Callable[[ClientConnection, Site], Awaitable[None]]) -> None:
    async def run() -> None:
        site = Site(b"payload" * 100_000)
        async with (
            await serve(site.handle) as server,
            await connect(*server.address) as connection,
        ):
            await scenario(connection, site)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/hello", 200), ("/hello?x", 200), ("/trailers", 200), ("/nothing", 404)],
)
def test_each_path_has_an_answer(path: str, status: int) -> None:
    async def scenario(connection: ClientConnection, site: Site) -> None:
        del site
        response = await connection.request("GET", path)
        assert response.status == status
        assert await response.read()

    play(scenario)


def test_the_first_page_names_all_that_there_is() -> None:
    async def scenario(connection: ClientConnection, site: Site) -> None:
        del site
        page = (await (await connection.request("GET", "/")).read()).decode()
        named = [line.split()[0] for line in page.splitlines() if line.startswith("  /")]
        assert len(named) > 5
        for path in named:
            async with await connection.request("GET", path) as response:
                assert response.status == 200, path

    play(scenario)


def test_checksums_are_those_of_the_bodies() -> None:
    async def scenario(connection: ClientConnection, site: Site) -> None:
        response = await connection.request("GET", "/5mb")
        body = await response.read()
        assert body == site.payload
        assert response.field(CHECKSUM) == hashlib.sha256(body).hexdigest().encode()
        response = await connection.request("POST", "/upload", body=body)
        assert await response.read() == hashlib.sha256(body).hexdigest().encode()
        response = await connection.request("GET", "/trailers")
        body = await response.read()
        assert dict(response.trailers or ())[CHECKSUM] == hashlib.sha256(body).hexdigest().encode()

    play(scenario)
