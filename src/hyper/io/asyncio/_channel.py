"""One stream in the world of tasks: what an application does with it, waiting included.

Not here: how waiting is done (`_link`), and the rules (`hyper.io._streams`).
"""

from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from typing import Final, TypeAlias, TypeVar

from hyper.io._mailbox import Informational, Mailbox
from hyper.io._message import TrailersOrMaker, made
from hyper.io._streams import EXPECT_PATIENCE
from hyper.io.asyncio._link import Link
from hyper.wire import Buffer, Field

T = TypeVar("T")

Body: TypeAlias = Buffer | Iterable[bytes] | AsyncIterable[bytes]
"""Content that is there, or that comes piece by piece."""


class Channel:
    """A stream and the connection it is on."""

    def __init__(self, link: Link, box: Mailbox) -> None:
        self.link: Final = link
        self.box: Final = box
        self._streams: Final = link.pump.streams

    # -- from the peer -----------------------------------------------------------------------

    async def next_interim(self) -> Informational | None:
        """Client: the next interim response; `None` when the final head is there."""
        await self._wait(lambda: self._streams.has_head(self.box), "read")
        return self.box.next_interim()

    async def take(self) -> bytes:
        """The next piece of content, b"" at its end."""
        if self.box.expects:
            # Whoever asks for content wants the client to send it.
            self.link.ask(lambda: self._streams.go_on(self.box))
        return await self._wait(lambda: self._streams.take(self.box), "read")

    async def told_to_go_on(self) -> bool:
        """Client: wait until the server wants our content, or takes too long to say so.

        False when it has answered instead.
        """
        self.box.expects = False
        await self._have_turn()
        try:
            return await self.link.wait(
                self.box.stream_id,
                lambda: self._streams.told_to_go_on(self.box),
                EXPECT_PATIENCE,
                TimeoutError,
            )
        except TimeoutError:
            if self.box.error is not None:
                raise
            return True

    # -- to the peer -------------------------------------------------------------------------

    def inform(self, status: int, fields: Sequence[Field]) -> None:
        """Server: send an interim response."""
        self.link.ask(lambda: self._streams.inform(self.box, status, fields))

    def respond(self, status: int, fields: Sequence[Field], *, end: bool) -> None:
        """Server: send the final head."""
        self.link.ask(lambda: self._streams.respond(self.box, status, fields, end=end))

    def answer(self, status: int, fields: Sequence[Field], content: bytes) -> None:
        """Server: send a whole response."""
        self.link.ask(lambda: self._streams.answer(self.box, status, fields, content))

    async def write(self, data: bytes, *, end: bool = False) -> None:
        """Queue a piece of content, then wait while too much is queued, unless it was the last."""
        self.link.ask(lambda: self._streams.write(self.box, data, end=end))
        if self.box.blocked:
            await self._wait(lambda: self._streams.room(self.box), "write")

    def end(self, trailers: Sequence[Field]) -> None:
        """End our message."""
        self.link.ask(lambda: self._streams.end(self.box, trailers))

    async def send_body(self, body: Body, trailers: TrailersOrMaker) -> None:
        """Send the content and the trailers that end it."""
        if isinstance(body, Buffer):
            await self.write(bytes(body), end=not trailers)
            if not trailers:
                return
        elif isinstance(body, AsyncIterable):
            async for chunk in body:
                await self.write(chunk)
        else:
            for chunk in body:
                await self.write(chunk)
        self.end(made(trailers))

    def reset(self, code: int) -> None:
        """Cut the stream off; does nothing on one that is over."""
        self.link.ask(lambda: self._streams.reset(self.box, code))

    def abandon(self) -> None:
        """Leave the stream to whoever uses the connection next: from any thread."""
        if not self.box.ended or self.box.held or self.box.unsent:
            self.link.pump.abandoned.append(self.box)

    async def _have_turn(self) -> None:
        """Wait for those before us on the connection, for as long as anything moves on it."""
        pump, since = self.link.pump, self.link.loop.time()
        while self._streams.waits(self.box):
            try:
                await self.link.wait(
                    self.box.stream_id,
                    lambda: self._streams.has_turn(self.box),
                    pump.patience(since, self.link.loop.time()),
                    lambda: pump.lose_turn(self.box, since, self.link.loop.time()),
                )
            except TimeoutError:
                if self.box.error is not None:
                    raise

    async def _wait(self, ready: Callable[[], T | None], phase: str) -> T:
        await self._have_turn()
        seconds = self.link.pump.timeouts.read
        return await self.link.wait(
            self.box.stream_id,
            ready,
            seconds,
            lambda: self._streams.time_out(self.box, phase, seconds or 0.0),
        )
