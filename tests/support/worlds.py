"""One scenario, every world: clients and servers of both kinds behind one face.

Scenarios and handlers are coroutines.  In the world of tasks they are run as they are; in the world
of threads every `await` is answered at once by a blocking call, so the coroutine never suspends.
"""

import asyncio
import contextlib
import ssl as tls
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from hyper.frame import ErrorCode
from hyper.h1 import Limits as Http1Limits
from hyper.h2 import Limits
from hyper.http import ALL_VERSIONS, Version
from hyper.io import (
    CLIENT_TIMEOUTS,
    SERVER_TIMEOUTS,
    GoneAway,
    Informational,
    Tap,
    Timeouts,
    sync,
)
from hyper.io import asyncio as tasks
from hyper.wire import Field

WORLDS = ("sync", "asyncio")

Trailers: TypeAlias = Sequence[Field] | Callable[[], Sequence[Field]]
Address: TypeAlias = tuple[str, int]


class Incoming(Protocol):
    """What requests and responses have in common."""

    fields: Sequence[Field]
    http_version: str

    @property
    def trailers(self) -> Sequence[Field] | None: ...
    @property
    def stream_id(self) -> int: ...
    def field(self, name: bytes) -> bytes | None: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def receive(self) -> bytes: ...
    async def read(self, limit: int | None = None) -> bytes: ...
    def reset(self, code: int = ErrorCode.CANCEL) -> None: ...


class Response(Incoming, Protocol):
    """A response."""

    status: int
    reason: str

    @property
    def informational(self) -> Sequence[Informational]: ...


class Stream(Protocol):
    """A request on its way."""

    @property
    def stream_id(self) -> int: ...
    async def write(self, chunk: bytes) -> None: ...
    async def end(self, trailers: Sequence[Field] = ()) -> None: ...
    async def response(self) -> Response: ...
    def reset(self, code: int = ErrorCode.CANCEL) -> None: ...


class Client(Protocol):
    """A connection to a server."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        fields: Sequence[Field] = (),
        body: bytes | Iterable[bytes] | None = None,
        trailers: Trailers = (),
        on_informational: Callable[[Informational], None] | None = None,
    ) -> Response: ...
    def open(self, fields: Sequence[Field], *, end_stream: bool = False) -> Stream: ...
    async def ping(self) -> float: ...
    async def close(self, deadline: float = 1.0) -> None: ...
    @property
    def http_version(self) -> str: ...
    @property
    def closed(self) -> bool: ...
    @property
    def can_open(self) -> bool: ...
    @property
    def open_streams(self) -> int: ...
    @property
    def going_away(self) -> GoneAway | None: ...


class Exchange(Incoming, Protocol):
    """What a handler gets."""

    method: str
    scheme: str
    authority: str
    path: str

    async def send_informational(self, status: int, fields: Sequence[Field] = ()) -> None: ...
    async def respond(
        self,
        status: int,
        fields: Sequence[Field] = (),
        body: bytes | Iterable[bytes] = b"",
        trailers: Trailers = (),
    ) -> None: ...
    async def start(self, status: int, fields: Sequence[Field] = ()) -> None: ...
    async def write(self, chunk: bytes) -> None: ...
    async def end(self, trailers: Sequence[Field] = ()) -> None: ...


Handler: TypeAlias = Callable[[Exchange], Coroutine[None, None, None]]
Scenario: TypeAlias = Callable[[Client], Coroutine[None, None, None]]


def drive(coroutine: Coroutine[None, None, None]) -> None:
    """Run a coroutine none of whose awaits suspends."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise AssertionError("a coroutine of the world of threads has suspended")


# -- the world of threads behind the face of tasks -------------------------------------------


class _Incoming:
    def __init__(self, inner: sync.Response | sync.Exchange) -> None:
        self._read = inner.read
        self._receive = inner.receive
        self._iterate = inner.__iter__
        self._field = inner.field
        self._reset = inner.reset
        self._message = inner
        self.fields = inner.fields
        self.http_version = inner.http_version

    @property
    def trailers(self) -> Sequence[Field] | None:
        return self._message.trailers

    @property
    def stream_id(self) -> int:
        return self._message.stream_id

    def field(self, name: bytes) -> bytes | None:
        return self._field(name)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._iterate():
            yield chunk

    async def receive(self) -> bytes:
        return self._receive()

    async def read(self, limit: int | None = None) -> bytes:
        return self._read(limit)

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        self._reset(code)


class _Response(_Incoming):
    def __init__(self, inner: sync.Response) -> None:
        super().__init__(inner)
        self._response = inner
        self.status = inner.status
        self.reason = inner.reason

    @property
    def informational(self) -> Sequence[Informational]:
        return self._response.informational


class _Stream:
    def __init__(self, inner: sync.ClientStream) -> None:
        self._inner = inner

    @property
    def stream_id(self) -> int:
        return self._inner.stream_id

    async def write(self, chunk: bytes) -> None:
        self._inner.write(chunk)

    async def end(self, trailers: Sequence[Field] = ()) -> None:
        self._inner.end(trailers)

    async def response(self) -> _Response:
        return _Response(self._inner.response())

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        self._inner.reset(code)


class _Client:
    def __init__(self, inner: sync.ClientConnection) -> None:
        self._inner = inner

    async def request(
        self,
        method: str,
        path: str,
        *,
        fields: Sequence[Field] = (),
        body: bytes | Iterable[bytes] | None = None,
        trailers: Trailers = (),
        on_informational: Callable[[Informational], None] | None = None,
    ) -> _Response:
        return _Response(
            self._inner.request(
                method,
                path,
                fields=fields,
                body=body,
                trailers=trailers,
                on_informational=on_informational,
            )
        )

    def open(self, fields: Sequence[Field], *, end_stream: bool = False) -> _Stream:
        return _Stream(self._inner.open(fields, end_stream=end_stream))

    async def ping(self) -> float:
        return self._inner.ping()

    async def close(self, deadline: float = 1.0) -> None:
        self._inner.close(deadline)

    @property
    def http_version(self) -> str:
        return self._inner.http_version

    @property
    def closed(self) -> bool:
        return self._inner.closed

    @property
    def can_open(self) -> bool:
        return self._inner.can_open

    @property
    def open_streams(self) -> int:
        return self._inner.open_streams

    @property
    def going_away(self) -> GoneAway | None:
        return self._inner.going_away


class _Exchange(_Incoming):
    def __init__(self, inner: sync.Exchange) -> None:
        super().__init__(inner)
        self._inner = inner
        self.method = inner.method
        self.scheme = inner.scheme
        self.authority = inner.authority
        self.path = inner.path

    async def send_informational(self, status: int, fields: Sequence[Field] = ()) -> None:
        self._inner.send_informational(status, fields)

    async def respond(
        self,
        status: int,
        fields: Sequence[Field] = (),
        body: bytes | Iterable[bytes] = b"",
        trailers: Trailers = (),
    ) -> None:
        self._inner.respond(status, fields, body, trailers)

    async def start(self, status: int, fields: Sequence[Field] = ()) -> None:
        self._inner.start(status, fields)

    async def write(self, chunk: bytes) -> None:
        self._inner.write(chunk)

    async def end(self, trailers: Sequence[Field] = ()) -> None:
        self._inner.end(trailers)


# -- both worlds -----------------------------------------------------------------------------


@dataclass
class Running:
    """A server that runs, whatever its world."""

    address: Address
    close: Callable[[float], None]
    connections: Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """What a scenario may want of its server."""

    ssl: tls.SSLContext | None = None
    timeouts: Timeouts = SERVER_TIMEOUTS
    limits: Limits | None = None
    http1_limits: Http1Limits | None = None
    versions: Sequence[Version] = ALL_VERSIONS
    max_connections: int = 16
    on_error: Callable[[str, BaseException], None] | None = None


@contextlib.contextmanager
def serving(world: str, handler: Handler, options: ServerOptions) -> Iterator[Running]:
    """A server on a free port of the loopback interface."""
    if world == "sync":
        with _serving_in_threads(handler, options) as running:
            yield running
    else:
        with _serving_in_tasks(handler, options) as running:
            yield running


@contextlib.contextmanager
def _serving_in_threads(handler: Handler, options: ServerOptions) -> Iterator[Running]:
    def blocking(exchange: sync.Exchange) -> None:
        drive(handler(_Exchange(exchange)))

    server = sync.serve(
        blocking,
        ssl=options.ssl,
        timeouts=options.timeouts,
        limits=options.limits,
        http1_limits=options.http1_limits,
        versions=options.versions,
        max_connections=options.max_connections,
        on_error=options.on_error,
    )
    with server:
        yield Running(server.address, server.close, lambda: server.connections)


@contextlib.contextmanager
def _serving_in_tasks(handler: Handler, options: ServerOptions) -> Iterator[Running]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="test-loop")
    thread.start()

    async def start() -> tasks.Server:
        return await tasks.serve(
            handler,
            ssl=options.ssl,
            timeouts=options.timeouts,
            limits=options.limits,
            http1_limits=options.http1_limits,
            versions=options.versions,
            max_connections=options.max_connections,
            on_error=options.on_error,
        )

    async def left() -> int:
        return len(asyncio.all_tasks()) - 1

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)

        def close(deadline: float) -> None:
            asyncio.run_coroutine_threadsafe(server.close(deadline), loop).result(30)

        try:
            yield Running(server.address, close, lambda: server.connections)
        finally:
            close(5.0)
            tasks_left = asyncio.run_coroutine_threadsafe(left(), loop).result(10)
        assert tasks_left == 0, "a server that is closed has no task left"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass(frozen=True, kw_only=True)
class ClientOptions:
    """What a scenario may want of its client."""

    ssl: tls.SSLContext | None = None
    timeouts: Timeouts = CLIENT_TIMEOUTS
    limits: Limits | None = None
    versions: Sequence[Version] = ALL_VERSIONS
    tap: Tap | None = None
    host: str = ""  # other than the address's


def visit(
    world: str, address: Address, scenario: Scenario, options: ClientOptions | None = None
) -> None:
    """Run `scenario` with a connection to `address`, and close that."""
    wanted = options or ClientOptions()
    host = wanted.host or address[0]
    if world == "sync":
        with sync.connect(
            host,
            address[1],
            ssl=wanted.ssl,
            timeouts=wanted.timeouts,
            limits=wanted.limits,
            versions=wanted.versions,
            tap=wanted.tap,
        ) as connection:
            drive(scenario(_Client(connection)))
        return

    async def main() -> None:
        async with await tasks.connect(
            host,
            address[1],
            ssl=wanted.ssl,
            timeouts=wanted.timeouts,
            limits=wanted.limits,
            versions=wanted.versions,
            tap=wanted.tap,
        ) as connection:
            await scenario(connection)
        await all_done()

    asyncio.run(main())


async def all_done() -> None:
    """Fail if any task but this one is left."""
    # A task that was told to end needs one turn of the loop to do so.
    await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, "a connection that is closed has no task left"


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    """All of them, joined."""
    return b"".join([chunk async for chunk in chunks])
