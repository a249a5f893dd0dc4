"""The connections to each origin, made when they are first needed and anew when they are used up.

Not here: what is asked over them.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from hyper.cli.trace import Trace
from hyper.cli.urls import Target
from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import Timeouts, TransportError
from hyper.io.asyncio import ClientConnection, connect

IN_FLIGHT = 63
"""Requests on their way at once, over all origins."""

# Where each exchange needs a connection of its own.  Browsers take as many.
_MOST_CONNECTIONS = 6

# A body that waits for its turn at stdout holds its stream's window.  All of them together must
# leave half of the connection's: only when half of it is owed is it announced again, and the body
# whose turn it is would starve.
_CONNECTION_WINDOW = 32 << 20
_LARGEST_STREAM_WINDOW = 1 << 20


class Lease:
    """A connection for one request: shared with others in HTTP/2, alone in HTTP/1.1."""

    def __init__(self, origin: "Origin", connection: ClientConnection, *, used: bool) -> None:
        self._origin = origin
        self.connection = connection
        self.used = used
        """Whether it has had other requests; an idle one may be closed at any time."""

    async def renew(self) -> None:
        """Take another: this one takes no more requests."""
        before = self.connection
        await self._origin.give_back(before)
        self.connection, self.used = await self._origin.take(but=before)


class Origin:
    """Where the requests to one scheme, host and port go."""

    def __init__(
        self,
        target: Target,
        *,
        context: ssl.SSLContext | None,
        versions: Sequence[Version],
        timeouts: Timeouts,
        requests: int,
        open_trace: Callable[[], Trace | None],
    ) -> None:
        """`requests` is how many there will be; `open_trace` is called for each connection."""
        self._host = target.host
        self._port = target.port
        self._context = context
        self._versions = versions
        self._timeouts = timeouts
        at_once = min(requests, IN_FLIGHT)
        self._limits = Limits(
            stream_window=min(_LARGEST_STREAM_WINDOW, _CONNECTION_WINDOW // 2 // at_once),
            connection_window=_CONNECTION_WINDOW,
        )
        self._open_trace = open_trace
        self._most = _MOST_CONNECTIONS
        self._changed = asyncio.Condition()
        self._connections: list[ClientConnection] = []
        self._taken: set[ClientConnection] = set()
        self._used: set[ClientConnection] = set()
        self.failure: TransportError | None = None
        """Why there is no connection; the same object for everybody who asked for one."""

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Lease]:
        """A connection that takes a request now; with HTTP/1.1 that may take a while.

        Whoever came first is served first.
        """
        connection, used = await self.take()
        lease = Lease(self, connection, used=used)
        try:
            yield lease
        finally:
            await self.give_back(lease.connection)

    async def close(self) -> None:
        """Close every connection, those with a GOAWAY behind them included."""
        for connection in self._connections:
            await connection.close()

    async def take(self, *, but: ClientConnection | None = None) -> tuple[ClientConnection, bool]:
        """One that is free, and whether it was used before.

        After a failure, `but` is where that was: an HTTP/1.1 connection is a new one then.
        """
        async with self._changed:
            while (connection := self._free(but)) is None:
                if len(self._taken) < self._most:
                    await self._connect()
                else:
                    await self._changed.wait()
            used = connection in self._used
            self._used.add(connection)
            if connection.http_version != "2":
                self._taken.add(connection)
            return connection, used

    async def give_back(self, connection: ClientConnection) -> None:
        """What it was taken for is over."""
        async with self._changed:
            self._taken.discard(connection)
            self._changed.notify()

    def _free(self, but: ClientConnection | None) -> ClientConnection | None:
        for connection in reversed(self._connections):
            if not connection.can_open or connection is but or connection in self._taken:
                continue
            # What one server's timeout has closed, it may have closed all of.
            if but is None or connection not in self._used or connection.http_version == "2":
                return connection
        return None

    async def _connect(self) -> None:
        if self.failure is not None:
            raise self.failure
        trace = self._open_trace()
        if trace is not None:
            trace.note(f"connecting to {self._host}:{self._port}")
        try:
            connection = await connect(
                self._host,
                self._port,
                ssl=self._context,
                versions=self._versions,
                timeouts=self._timeouts,
                limits=self._limits,
                tap=trace,
            )
        except TransportError as error:
            if self._taken:
                # The server has no room for so many, and the ones there are do as well.
                self._most = len(self._taken)
                return
            self.failure = error
            raise
        self._connections.append(connection)
        if trace is not None:
            security = connection.tls_version or "cleartext"
            trace.note(f"connected, {security}, HTTP/{connection.http_version}")
