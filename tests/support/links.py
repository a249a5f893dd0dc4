"""Two links of one world back to back: real sockets and real waiting, no client and no server."""

import asyncio as loops
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Final, TypeVar

from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import Timeouts
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION
from hyper.io.asyncio._channel import Channel as TaskChannel
from hyper.io.asyncio._link import Link as TaskLink
from hyper.io.sync._channel import Channel as ThreadChannel
from hyper.io.sync._link import Link as ThreadLink
from hyper.wire import Field, Role
from tests.support.wire import GET

T = TypeVar("T")

PATIENT: Final = Timeouts(read=10.0)
AT_ONCE: Final = Timeouts(read=0.0)
"""Whoever would have to wait fails instead."""

WINDOW: Final = 65_535
NARROW: Final = Limits(stream_window=WINDOW, connection_window=WINDOW)
"""As little room for content as RFC 9113 §6.9.2 begins with."""


class ThreadPair:
    """A client's link and a server's.  Nothing moves but what a call moves."""

    def __init__(self, client: ThreadLink, server: ThreadLink) -> None:
        self.client: Final = client
        self.server: Final = server

    def meet(
        self, fields: Sequence[Field] = GET, *, end: bool = True
    ) -> tuple[ThreadChannel, ThreadChannel]:
        """A request that the server has accepted: both ends of its stream."""
        pump = self.client.pump
        ours = self.client.ask(lambda: pump.request(fields, end_stream=end))
        accept = self.server.pump.streams.accept
        theirs = self.server.wait(CONNECTION, accept, 10.0, TimeoutError)
        return ThreadChannel(self.client, ours), ThreadChannel(self.server, theirs)


@contextlib.contextmanager
def threads(
    *,
    client: Timeouts = PATIENT,
    server: Timeouts = PATIENT,
    limits: Limits | None = None,
    version: Version = Version.HTTP_2,
) -> Iterator[ThreadPair]:
    """A pair that has exchanged SETTINGS."""
    near, far = socket.socketpair()
    with contextlib.ExitStack() as stack:
        ours = ThreadLink(near, _pump(Role.CLIENT, client, limits, version, monotonic()))
        stack.callback(ours.close)
        theirs = ThreadLink(far, _pump(Role.SERVER, server, limits, version, monotonic()))
        stack.callback(theirs.close)
        for link in (ours, theirs):
            link.wait(CONNECTION, link.pump.opened, 10.0, TimeoutError)
        yield ThreadPair(ours, theirs)


def hold(channel: ThreadChannel, size: int) -> None:
    """Wait until `size` bytes of content lie there unread."""
    box = channel.box
    channel.link.wait(box.stream_id, lambda: True if box.held >= size else None, 10.0, TimeoutError)


def asleep(
    crew: ThreadPoolExecutor, link: ThreadLink, stream_id: int, ready: Callable[[], T | None]
) -> Future[T]:
    """A thread that waits at `link`, and does so already.  The first to wait leads."""
    looked = threading.Event()

    def look() -> T | None:
        looked.set()
        return ready()

    waiting = crew.submit(lambda: link.wait(stream_id, look, 10.0, TimeoutError))
    assert looked.wait(10), "it looks before it waits"
    # It looked with the lock held, and lets go of that when it sleeps.
    link.ask(lambda: None)
    return waiting


@contextlib.contextmanager
def attended(link: ThreadLink) -> Iterator[None]:
    """A thread moves the link's bytes meanwhile, as a server has one for each connection."""
    over = threading.Event()
    with ThreadPoolExecutor(1) as crew:
        attending = asleep(crew, link, CONNECTION, lambda: True if over.is_set() else None)
        try:
            yield
        finally:
            over.set()
            link.ask(lambda: link.pump.streams.changed.add(CONNECTION))
        attending.result(10)


class TaskPair:
    """A client's link and a server's, in one loop."""

    def __init__(self, client: TaskLink, server: TaskLink) -> None:
        self.client: Final = client
        self.server: Final = server

    async def meet(
        self, fields: Sequence[Field] = GET, *, end: bool = True
    ) -> tuple[TaskChannel, TaskChannel]:
        """A request that the server has accepted: both ends of its stream."""
        pump = self.client.pump
        ours = self.client.ask(lambda: pump.request(fields, end_stream=end))
        accept = self.server.pump.streams.accept
        theirs = await self.server.wait(CONNECTION, accept, 10.0, TimeoutError)
        return TaskChannel(self.client, ours), TaskChannel(self.server, theirs)


@contextlib.asynccontextmanager
async def tasks(
    *,
    client: Timeouts = PATIENT,
    server: Timeouts = PATIENT,
    limits: Limits | None = None,
    version: Version = Version.HTTP_2,
) -> AsyncIterator[TaskPair]:
    """A pair that has exchanged SETTINGS."""
    loop = loops.get_running_loop()
    near, far = socket.socketpair()
    ours = TaskLink(_pump(Role.CLIENT, client, limits, version, loop.time()), loop)
    theirs = TaskLink(_pump(Role.SERVER, server, limits, version, loop.time()), loop)
    links = (ours, theirs)
    await loop.create_connection(lambda: ours, sock=near)
    await loop.create_connection(lambda: theirs, sock=far)
    try:
        for link in links:
            await link.wait(CONNECTION, link.pump.opened, 10.0, TimeoutError)
        yield TaskPair(ours, theirs)
    finally:
        for link in links:
            link.cut("the test is over")
            await link.closed


async def held(channel: TaskChannel, size: int) -> None:
    """Wait until `size` bytes of content lie there unread."""
    box = channel.box
    await channel.link.wait(
        box.stream_id, lambda: True if box.held >= size else None, 10.0, TimeoutError
    )


def moving() -> Callable[[float, float], float | None]:
    """The patience of a request that is out of time once, but finds that something has moved."""
    left = iter([0.0, 1.0])
    return lambda _since, _now: next(left, None)


def _pump(
    role: Role, timeouts: Timeouts, limits: Limits | None, version: Version, now: float
) -> Pump:
    peer = "server" if role is Role.CLIENT else "client"
    return Pump(role, peer=peer, timeouts=timeouts, now=now, limits=limits, version=version)
