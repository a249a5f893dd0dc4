"""A client of one world and a server of another, and what a test holds between them."""

import asyncio
import threading
from typing import Final

from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import Timeouts
from hyper.io.asyncio import ClientConnection
from hyper.wire import Field
from tests.support.certificates import Certificates
from tests.support.worlds import (
    Client,
    ClientOptions,
    Handler,
    Scenario,
    ServerOptions,
    serving,
    visit,
)

PATIENT: Final = Timeouts(read=10.0)


class Meeting:
    """Runs a scenario with one combination of worlds."""

    def __init__(
        self,
        client_world: str,
        server_world: str,
        certificates: Certificates | None,
        version: Version = Version.HTTP_2,
    ) -> None:
        self.client_world = client_world
        self.server_world = server_world
        self.certificates = certificates
        self.version = version
        self.faults: list[tuple[str, BaseException]] = []

    def hold(
        self,
        handler: Handler,
        scenario: Scenario,
        *,
        server_timeouts: Timeouts = PATIENT,
        client_timeouts: Timeouts = PATIENT,
        limits: Limits | None = None,
    ) -> None:
        secure = self.certificates
        options = ServerOptions(
            ssl=secure.server() if secure else None,
            timeouts=server_timeouts,
            limits=limits,
            on_error=lambda what, error: self.faults.append((what, error)),
        )
        with serving(self.server_world, handler, options) as server:
            visit(
                self.client_world,
                server.address,
                scenario,
                ClientOptions(
                    ssl=secure.client((self.version,)) if secure else None,
                    timeouts=client_timeouts,
                    limits=limits,
                    versions=(self.version,),
                ),
            )


async def until(event: threading.Event, client: Client) -> None:
    """Wait for what happens at the server; the loop of a client that has one runs on."""
    if isinstance(client, ClientConnection):
        assert await asyncio.to_thread(event.wait, 10), "it happens soon"
    else:
        assert event.wait(10), "it happens soon"


def post(path: str) -> list[Field]:
    """The head of a request whose body the test sends piece by piece."""
    return [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":authority", b"a"),
        (b":path", path.encode()),
    ]
