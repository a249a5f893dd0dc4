"""A connection for each origin, made when it is first needed and anew when it is used up.

Not here: what is asked over it.
"""

import asyncio
import ssl
from collections.abc import Callable

from hyper.cli.trace import Trace
from hyper.cli.urls import Target
from hyper.h2 import Limits
from hyper.io import Timeouts, TransportError
from hyper.io.asyncio import ClientConnection, connect

IN_FLIGHT = 63
"""Requests on their way at once, over all origins."""

# A body that waits for its turn at stdout holds its stream's window.  All of them together must
# leave half of the connection's: only when half of it is owed is it announced again, and the body
# whose turn it is would starve.
_CONNECTION_WINDOW = 32 << 20
_LARGEST_STREAM_WINDOW = 1 << 20


class Origin:
    """Where the requests to one scheme, host and port go."""

    def __init__(
        self,
        target: Target,
        *,
        context: ssl.SSLContext | None,
        timeouts: Timeouts,
        requests: int,
        open_trace: Callable[[], Trace | None],
    ) -> None:
        """`requests` is how many there will be; `open_trace` is called for each connection."""
        self._host = target.host
        self._port = target.port
        self._context = context
        self._timeouts = timeouts
        at_once = min(requests, IN_FLIGHT)
        self._limits = Limits(
            stream_window=min(_LARGEST_STREAM_WINDOW, _CONNECTION_WINDOW // 2 // at_once),
            connection_window=_CONNECTION_WINDOW,
        )
        self._open_trace = open_trace
        self._lock = asyncio.Lock()
        self._connections: list[ClientConnection] = []
        self.failure: TransportError | None = None
        """Why there is no connection; the same object for everybody who asked for one."""

    async def connection(self) -> ClientConnection:
        """One that takes requests."""
        async with self._lock:
            if not self._connections or not self._connections[-1].can_open:
                await self._connect()
            return self._connections[-1]

    async def another(self, refused_by: ClientConnection) -> ClientConnection:
        """One that takes requests and is not `refused_by`."""
        async with self._lock:
            if self._connections[-1] is refused_by or not self._connections[-1].can_open:
                await self._connect()
            return self._connections[-1]

    async def close(self) -> None:
        """Close every connection, those with a GOAWAY behind them included."""
        for connection in self._connections:
            await connection.close()

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
                timeouts=self._timeouts,
                limits=self._limits,
                tap=trace,
            )
        except TransportError as error:
            self.failure = error
            raise
        self._connections.append(connection)
        if trace is not None:
            trace.note(f"connected, {connection.tls_version or 'cleartext'}")
