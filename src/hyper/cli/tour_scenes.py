"""The scenes of the tour: each asks the tour's server for something and checks what comes.

A scene returns one line of what happened, and raises `SceneFailed` when it is not what should.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final, TypeAlias

from hyper.cli.text import duration, size
from hyper.cli.tour_site import CHECKSUM, TOGETHER, Site
from hyper.frame import ErrorCode
from hyper.io import ConnectionLost, Informational
from hyper.io.asyncio import ClientConnection, Response, Server
from hyper.wire import HyperError


class SceneFailed(HyperError):
    """Something came out other than it should."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """What scenes play on: one connection for all, and for those that spoil it a server apart."""

    site: Site
    connection: ClientConnection
    open_server: Callable[[Site], Awaitable[Server]]
    open_connection: Callable[[Server], Awaitable[ClientConnection]]


async def get(stage: Stage) -> str:
    """A request and its response."""
    response = await stage.connection.request("GET", "/hello")
    body = await response.read()
    _check("status", 200, response.status)
    kind = response.field(b"content-type") or b"?"
    return f"{response.status}, {size(len(body))} of {kind.decode('latin-1').partition(';')[0]}"


async def upload(stage: Stage) -> str:
    """Five megabytes to the server, and their checksum back."""
    payload = stage.site.payload
    response = await stage.connection.request("POST", "/upload", body=payload)
    came = (await response.read()).decode("latin-1")
    _check("SHA-256", hashlib.sha256(payload).hexdigest(), came)
    return f"{len(payload):,} bytes; SHA-256 {came[:8]} at both ends"


async def download(stage: Stage) -> str:
    """Five megabytes from the server, and their checksum with them."""
    response = await stage.connection.request("GET", "/5mb")
    checksum = hashlib.sha256()
    count = 0
    async for chunk in response:
        checksum.update(chunk)
        count += len(chunk)
    told = (response.field(CHECKSUM) or b"").decode("latin-1")
    _check("SHA-256", told, checksum.hexdigest())
    return f"{count:,} bytes; SHA-256 {told[:8]} at both ends"


async def together(stage: Stage) -> str:
    """A hundred requests that are all answered only when all have come."""
    paths = [f"/together/{number}" for number in range(TOGETHER)]
    bodies = await asyncio.gather(*[_fetch(stage.connection, path) for path in paths])
    _check("answers", paths, [body.decode("latin-1") for body in bodies])
    _check("requests open together", TOGETHER, stage.site.most_together)
    return f"{TOGETHER} streams open together, each answered right"


async def trailers(stage: Stage) -> str:
    """A checksum that is known only when the body has gone."""
    response = await stage.connection.request("GET", "/trailers")
    body = await response.read()
    told = dict(response.trailers or ()).get(CHECKSUM, b"none").decode("latin-1")
    _check("SHA-256", hashlib.sha256(body).hexdigest(), told)
    return f"a checksum behind {size(len(body))} of body, and it fits"


async def hints(stage: Stage) -> str:
    """A 103 ahead of the response."""
    came: list[tuple[Informational, float]] = []
    response = await stage.connection.request(
        "GET",
        "/hints",
        on_informational=lambda interim: came.append((interim, perf_counter())),
    )
    now = perf_counter()
    await response.read()
    _check("interim responses", [103], [interim.status for interim, _ in came])
    link = dict(came[0][0].fields).get(b"link")
    _check("link", response.field(b"link"), link)
    return f"a link to /style.css {duration(now - came[0][1])} before the response"


async def reset(stage: Stage) -> str:
    """A body without end, and the end that the client makes of it."""
    taken = 0
    async with await stage.connection.request("GET", "/endless") as response:
        while taken < 100_000:
            taken += len(await response.receive())
    code = await stage.site.resets.get()
    _check("error code", ErrorCode.CANCEL, code)
    await get(stage)
    return f"CANCEL after {size(taken)}; the connection went on"


async def shutdown(stage: Stage) -> str:
    """A server that leaves: what is open is finished, nothing new is begun."""
    site = Site(b"")
    server = await stage.open_server(site)
    try:
        connection = await stage.open_connection(server)
        try:
            response = await connection.request("GET", "/slow")
            await site.slow_began.wait()
            closing = asyncio.create_task(server.close(deadline=5.0))
            try:
                return await _leave(connection, response, site)
            finally:
                site.slow_may_end.set()
                await closing
        finally:
            await connection.close()
    finally:
        await server.close(0)


async def _leave(connection: ClientConnection, response: Response, site: Site) -> str:
    while connection.going_away is None:
        # An answer comes behind everything that was sent before it; the GOAWAY may be later.
        await connection.ping()
    _check("error code", ErrorCode.NO_ERROR, connection.going_away.code)
    try:
        await connection.request("GET", "/hello")
    except ConnectionLost:
        pass
    else:
        raise SceneFailed("expected a request after the GOAWAY to be refused, it was answered")
    site.slow_may_end.set()
    body = await response.read()
    _check("body", b"begun before the GOAWAY, ended after it", body)
    return "GOAWAY: open request finished, new one refused"


Scene: TypeAlias = tuple[str, Callable[[Stage], Awaitable[str]]]
"""A title, and what is played."""

SCENES: Final[Sequence[Scene]] = (
    ("a GET", get),
    ("5 MB upload", upload),
    ("5 MB download", download),
    ("100 at once", together),
    ("trailers", trailers),
    ("103 early hints", hints),
    ("a reset", reset),
    ("graceful shutdown", shutdown),
)


async def _fetch(connection: ClientConnection, path: str) -> bytes:
    return await (await connection.request("GET", path)).read()


def _check(what: str, expected: object, came: object) -> None:
    if expected != came:
        raise SceneFailed(f"{what}: expected {str(expected)[:60]}, got {str(came)[:60]}")
