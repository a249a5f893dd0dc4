"""The server of the world of threads: a thread for each connection, some more for the handlers.

Not here: WSGI; see `hyper.server`.
"""

import contextlib
import selectors
import socket
import ssl as tls
import threading
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Final, Self, TypeAlias

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
from hyper.io._streams import CONNECTION
from hyper.io.sync._channel import Channel
from hyper.io.sync._link import Link
from hyper.io.sync._workers import Workers
from hyper.io.sync.exchange import Exchange
from hyper.io.timeouts import SERVER_TIMEOUTS, Timeouts

Handler: TypeAlias = Callable[[Exchange], None]
"""Answers one request; it runs in a thread of its own."""


def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ssl: tls.SSLContext | None = None,
    versions: Sequence[Version] = ALL_VERSIONS,
    timeouts: Timeouts = SERVER_TIMEOUTS,
    max_connections: int = 256,
    max_handlers: int = 32,
    settings: Sequence[tuple[int, int]] = (),
    limits: Limits | None = None,
    http1_limits: Http1Limits | None = None,
    on_error: ErrorHook | None = None,
) -> "Server":
    """Listen and serve; returns at once, the work is done in threads.

    `host` "" is every address of the machine; port 0 is any free one, see `Server.address`.
    Each client is answered in the one of `versions` that it speaks: over TLS by ALPN, HTTP/1.1
    where it says nothing, and in cleartext (without `ssl`) by its first bytes.  Beyond
    `max_connections` peers wait to be accepted, beyond `max_handlers` requests wait to be handled.
    `on_error` hears of handlers that raise; without it the log "hyper.io" does.  Raises
    `ConnectError` when it cannot listen.
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
    return Server(handler, listen(host, port), options, max_handlers)


class Server:
    """A running server.  As a context manager it closes itself."""

    def __init__(
        self,
        handler: Handler,
        listeners: Sequence[socket.socket],
        options: Options,
        max_handlers: int,
    ) -> None:
        """Not to be called: see `serve`."""
        self.addresses: Sequence[tuple[str, int]] = [
            listener.getsockname()[:2] for listener in listeners
        ]
        """What it listens on."""
        self._handler: Final = handler
        self._listeners: Final = listeners
        self._options: Final = options
        self._workers: Final = Workers(max_handlers, "hyper-handler")
        self._lock: Final = threading.Lock()
        self._threads: Final[set[threading.Thread]] = set()
        self._links: Final[set[Link]] = set()
        self._shaking: Final[set[socket.socket]] = set()
        self._closing = False
        self._closed: Final = threading.Event()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._acceptor: Final = threading.Thread(
            target=self._accept, name="hyper-accept", daemon=True
        )
        self._acceptor.start()

    @property
    def address(self) -> tuple[str, int]:
        """The first address it listens on."""
        return self.addresses[0]

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._threads)

    def close(self, deadline: float = 5.0) -> None:
        """Stop listening, say GOAWAY, wait for what is under way; after `deadline` seconds cut it.

        A handler that hangs in code of its own cannot be stopped: it fails at its next use of the
        exchange.
        """
        until = monotonic() + deadline
        with self._lock:
            first = not self._closing
            self._closing = True
            links = list(self._links)
            for sock in self._shaking:
                with contextlib.suppress(OSError):
                    # Not the method of SSLSocket: another thread is in the middle of a handshake.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        if not first:
            self._closed.wait(deadline)
            return
        self._rope.send(b"!")
        self._acceptor.join()
        for link in links:
            link.ask(link.pump.shut_down)
        if not self._join(until):
            with self._lock:
                links = list(self._links)
            for link in links:
                link.cut("the server is closing")
            self._join(monotonic() + LINGER)
        self._workers.close(max(until, monotonic() + 0.1))
        self._bell.close()
        self._rope.close()
        self._closed.set()

    def wait_closed(self) -> None:
        """Wait until somebody has called `close`, and it is done."""
        self._closed.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # -- inside ------------------------------------------------------------------------------

    def _join(self, until: float) -> bool:
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _accept(self) -> None:
        """The accepting thread.  At the limit, or without descriptors, peers wait in the kernel."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            watched = False
            resting = False
            while True:
                with self._lock:
                    closing = self._closing
                    wanted = not resting and len(self._threads) < self._options.max_connections
                if closing:
                    break
                for listener in self._listeners if wanted != watched else ():
                    if wanted:
                        selector.register(listener, selectors.EVENT_READ)
                    else:
                        selector.unregister(listener)
                watched = wanted
                ready = selector.select(NO_ROOM_PAUSE if resting else None)
                resting = False
                for key, _ in ready:
                    if key.fileobj is self._bell:
                        self._bell.recv(4096)
                    elif isinstance(key.fileobj, socket.socket):
                        resting = not self._accept_one(key.fileobj)
        for listener in self._listeners:
            listener.close()

    def _accept_one(self, listener: socket.socket) -> bool:
        try:
            sock, address = listener.accept()
        except OSError as error:
            # Anything else: the peer has gone again.
            return error.errno not in NO_ROOM
        thread = threading.Thread(
            target=self._converse, args=(sock, address[:2]), name="hyper-connection", daemon=True
        )
        with self._lock:
            self._threads.add(thread)
        thread.start()
        return True

    def _converse(self, sock: socket.socket, peer: tuple[str, int]) -> None:
        """The thread of one connection."""
        start = monotonic()
        try:
            secured = self._shake(sock)
            if secured is not None:
                pump = self._options.pump(peer, start)
                if isinstance(secured, tls.SSLSocket):
                    version = self._options.chosen(secured.selected_alpn_protocol())
                    pump.agree(version or self._options.versions[0], monotonic())
                link = Link(secured, pump)
                with self._lock:
                    self._links.add(link)
                    closing = self._closing
                if closing:
                    link.ask(link.pump.shut_down)
                self._attend(link, peer)
                with self._lock:
                    self._links.discard(link)
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
                if not self._closing:
                    self._rope.send(b"!")

    def _shake(self, sock: socket.socket) -> socket.socket | None:
        """TLS, if there is to be any; `None` if it failed, which is the peer's own affair."""
        context = self._options.ssl
        if context is None:
            return sock
        secured = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._shaking.add(secured)
            closing = self._closing
        try:
            secured.settimeout(0.0 if closing else self._options.timeouts.handshake)
            secured.do_handshake()
            if self._options.chosen(secured.selected_alpn_protocol()) is not None:
                return secured
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._shaking.discard(secured)
        secured.close()
        return None

    def _attend(self, link: Link, peer: tuple[str, int]) -> None:
        """Move the connection's bytes and hand its requests on, until it is over."""
        pump = link.pump

        def next_request() -> Mailbox | bool | None:
            box = pump.streams.accept()
            if box is not None:
                return box
            # RFC 9113 §5.4.1: after the GOAWAY of an error the connection MUST be closed.
            over = pump.finished and (link.flushed or not pump.polite)
            return False if over and link.alone() else None

        while isinstance(box := link.wait(CONNECTION, next_request, None, TimeoutError), Mailbox):
            self._workers.run(partial(self._handle, link, box, peer))
        if pump.polite:
            link.linger(pump.farewell(monotonic()))
        link.close()

    def _handle(self, link: Link, box: Mailbox, peer: tuple[str, int]) -> None:
        """One request, in a thread of the workers."""
        failure: BaseException | None = None
        exchange = Exchange(Channel(link, box), peer)
        try:
            self._handler(exchange)
        except BaseException as error:  # noqa: BLE001 - reported; it ends this exchange alone
            failure = error
        ended = failure
        failure = link.ask(lambda: finish(link.pump, box, ended))
        if failure is not None:
            report(self._options.on_error, f"{exchange.method} {exchange.path}", failure)
