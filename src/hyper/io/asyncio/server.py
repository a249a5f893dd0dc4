"""The server of the world of tasks: a task for each request.

Not here: ASGI; see `hyper.server`.
"""

import asyncio
import contextlib
import socket
import ssl as tls
from asyncio import Task
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self, TypeAlias

from hyper.frame import ErrorCode
from hyper.h1 import Limits as Http1Limits
from hyper.h2 import Limits
from hyper.http import ALL_VERSIONS, Version
from hyper.io._deadlines import LINGER
from hyper.io._mailbox import Mailbox
from hyper.io._serving import (
    NO_ROOM,
    NO_ROOM_PAUSE,
    ErrorHook,
    Options,
    finish,
    listen,
    report,
)
from hyper.io.asyncio._channel import Channel
from hyper.io.asyncio._link import Link
from hyper.io.asyncio.exchange import Exchange
from hyper.io.timeouts import SERVER_TIMEOUTS, Timeouts

Handler: TypeAlias = Callable[[Exchange], Awaitable[None]]
"""Answers one request; it runs in a task of its own."""

# asyncio takes no "never" for a handshake; whoever asks for that gets a day.  For the end of TLS
# the link has a timer of its own, which knows whether the peer has something to read.
_NEVER: Final = 86_400.0


async def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ssl: tls.SSLContext | None = None,
    versions: Sequence[Version] = ALL_VERSIONS,
    timeouts: Timeouts = SERVER_TIMEOUTS,
    max_connections: int = 1_000,
    settings: Sequence[tuple[int, int]] = (),
    limits: Limits | None = None,
    http1_limits: Http1Limits | None = None,
    on_error: ErrorHook | None = None,
) -> "Server":
    """Listen and serve; returns at once, the work is done in tasks.

    `host` "" is every address of the machine; port 0 is any free one, see `Server.address`.
    Each client is answered in the one of `versions` that it speaks: over TLS by ALPN, HTTP/1.1
    where it says nothing, and in cleartext (without `ssl`) by its first bytes.  Beyond
    `max_connections` peers wait to be accepted.  `on_error` hears of handlers that raise; without
    it the log "hyper.io" does.  Raises `ConnectError` when it cannot listen.
    """
    options = Options(
        ssl=ssl,
        versions=versions,
        timeouts=timeouts,
        max_connections=max_connections,
        settings=settings,
        limits=limits,
        http1_limits=http1_limits,
        on_error=on_error,
    )
    return Server(handler, listen(host, port), options)


class Server:
    """A running server.  As an asynchronous context manager it closes itself."""

    def __init__(
        self, handler: Handler, listeners: Sequence[socket.socket], options: Options
    ) -> None:
        """Not to be called: see `serve`."""
        self.addresses: Sequence[tuple[str, int]] = [
            listener.getsockname()[:2] for listener in listeners
        ]
        """What it listens on."""
        self._handler: Final = handler
        self._listeners: Final = listeners
        self._options: Final = options
        self._loop: Final = asyncio.get_running_loop()
        self._slots: Final = asyncio.Semaphore(options.max_connections)
        self._links: Final[set[Link]] = set()
        self._conversations: Final[set[Task[None]]] = set()
        self._handling: Final[set[Task[None]]] = set()
        self._closing = False
        self._closed: Final = asyncio.Event()
        self._acceptors: Final = [
            self._loop.create_task(self._accept(listener)) for listener in listeners
        ]

    @property
    def address(self) -> tuple[str, int]:
        """The first address it listens on."""
        return self.addresses[0]

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._conversations)

    async def close(self, deadline: float = 5.0) -> None:
        """Stop listening, say GOAWAY, wait for what is under way; after `deadline` seconds cut it.

        Handlers that are not done by then are cancelled.
        """
        if self._closing:
            await self._closed.wait()
            return
        self._closing = True
        until = self._loop.time() + deadline
        try:
            await _end(self._acceptors)
            for listener in self._listeners:
                listener.close()
            for link in self._links:
                link.ask(link.pump.shut_down)
            await self._wait(self._conversations, until)
            await self._wait(self._handling, until)
        finally:
            for link in list(self._links):
                link.cut("the server is closing")
            await self._wait(self._conversations, self._loop.time() + LINGER)
            await _end([*self._handling, *self._conversations])
            self._closed.set()

    async def wait_closed(self) -> None:
        """Wait until somebody has called `close`, and it is done."""
        await self._closed.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # -- inside ------------------------------------------------------------------------------

    async def _wait(self, tasks: set[Task[None]], until: float) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=max(0.0, until - self._loop.time()))

    async def _accept(self, listener: socket.socket) -> None:
        """At the limit, or without descriptors, peers wait in the kernel."""
        while True:
            await self._slots.acquire()
            try:
                sock, address = await self._loop.sock_accept(listener)
            except OSError as error:
                self._slots.release()
                # Anything else: the peer has gone again.
                if error.errno in NO_ROOM:
                    await asyncio.sleep(NO_ROOM_PAUSE)
                continue
            except asyncio.CancelledError:
                self._slots.release()
                raise
            task = self._loop.create_task(self._converse(sock, address[:2]))
            self._conversations.add(task)
            task.add_done_callback(self._conversations.discard)

    async def _converse(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """The task of one connection."""
        pump = self._options.pump(peer, self._loop.time())
        link = Link(pump, self._loop, lambda: self._hand_on(link, peer), self._options.chosen)
        self._links.add(link)
        handshake = self._options.timeouts.handshake
        secure = self._options.ssl is not None
        try:
            # A handshake that fails is the peer's own affair.
            with contextlib.suppress(OSError, ValueError):
                await self._loop.connect_accepted_socket(
                    lambda: link,
                    sock,
                    ssl=self._options.ssl,
                    ssl_handshake_timeout=(handshake or _NEVER) if secure else None,
                    ssl_shutdown_timeout=_NEVER if secure else None,
                )
                await asyncio.wait((link.closed,))
        finally:
            self._links.discard(link)
            self._slots.release()

    def _hand_on(self, link: Link, peer: tuple[str, int]) -> None:
        while (box := link.pump.streams.accept()) is not None:
            task = self._loop.create_task(self._handle(link, box, peer))
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)

    async def _handle(self, link: Link, box: Mailbox, peer: tuple[str, int]) -> None:
        """The task of one request."""
        failure: Exception | None = None
        exchange = Exchange(Channel(link, box), peer)
        try:
            await self._handler(exchange)
        except Exception as error:  # noqa: BLE001 - reported; it ends this exchange alone
            failure = error
        except BaseException:
            exchange.reset(ErrorCode.CANCEL)
            link.ask(lambda: finish(link.pump, box, None))
            raise
        ended = failure
        outcome = link.ask(lambda: finish(link.pump, box, ended))
        if outcome is not None:
            report(self._options.on_error, f"{exchange.method} {exchange.path}", outcome)


async def _end(tasks: Sequence[Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
