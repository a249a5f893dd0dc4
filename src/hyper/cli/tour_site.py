"""What the tour's server answers: a path for each thing there is to see.

Not here: the client's half; see `tour_scenes`.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator

from hyper import __version__
from hyper.io import StreamReset
from hyper.io.asyncio import Exchange

TOGETHER = 100
"""Requests to `/together` that wait for each other."""

CHECKSUM = b"x-sha256"
"""The field, or trailer, that a checksum travels in, in hexadecimal."""

_TEXT = [(b"content-type", b"text/plain; charset=utf-8")]

_GREETING = f"""\
Hello from Hyper {__version__}, over HTTP/2.

There is more to ask for:
  /hello     a short answer
  /5mb       5,000,000 bytes, their SHA-256 in x-sha256
  /upload    POST something: the answer is its SHA-256
  /trailers  a body with its checksum behind it
  /hints     103 Early Hints before the answer
  /endless   a body without end
""".encode()


class Site:
    """The handler, and what the scenes want to know of the server's side.

    `payload` is what `/5mb` sends.
    """

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.most_together = 0
        self.resets: asyncio.Queue[int] = asyncio.Queue()
        """The error codes of resets that handlers of `/endless` have heard."""
        self.slow_began = asyncio.Event()
        self.slow_may_end = asyncio.Event()
        self._together = 0
        self._all_there = asyncio.Event()

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        path = exchange.path.partition("?")[0]
        if path == "/":
            await exchange.respond(200, _TEXT, _GREETING)
        elif path == "/hello":
            await exchange.respond(200, _TEXT, b"Hello from the other side.\n")
        elif path == "/5mb":
            await self._five_megabytes(exchange)
        elif path == "/upload":
            await _upload(exchange)
        elif path.startswith("/together/"):
            await self._wait_for_each_other(exchange)
        elif path == "/trailers":
            await _trailers(exchange)
        elif path == "/hints":
            await _hints(exchange)
        elif path == "/endless":
            await self._endless(exchange)
        elif path == "/slow":
            await self._slow(exchange)
        else:
            await exchange.respond(404, _TEXT, b"There is nothing here; / tells what there is.\n")

    async def _five_megabytes(self, exchange: Exchange) -> None:
        fields = [
            (b"content-type", b"application/octet-stream"),
            (CHECKSUM, hashlib.sha256(self.payload).hexdigest().encode()),
        ]
        await exchange.respond(200, fields, self.payload)

    async def _wait_for_each_other(self, exchange: Exchange) -> None:
        """Answer when all are there: one that had to wait for its turn would wait for ever."""
        self._together += 1
        self.most_together = max(self.most_together, self._together)
        if self._together == TOGETHER:
            self._all_there.set()
        await self._all_there.wait()
        self._together -= 1
        if self._together == 0:
            self._all_there.clear()
        await exchange.respond(200, _TEXT, exchange.path.encode("latin-1"))

    async def _endless(self, exchange: Exchange) -> None:
        try:
            await exchange.respond(200, _TEXT, _for_ever())
        except StreamReset as error:
            self.resets.put_nowait(error.code)
            raise

    async def _slow(self, exchange: Exchange) -> None:
        await exchange.start(200, _TEXT)
        await exchange.write(b"begun before the GOAWAY, ")
        self.slow_began.set()
        await self.slow_may_end.wait()
        await exchange.write(b"ended after it")
        await exchange.end()


async def _upload(exchange: Exchange) -> None:
    checksum = hashlib.sha256()
    async for chunk in exchange:
        checksum.update(chunk)
    await exchange.respond(200, _TEXT, checksum.hexdigest().encode())


async def _trailers(exchange: Exchange) -> None:
    checksum = hashlib.sha256()
    await exchange.start(200, [*_TEXT, (b"trailer", CHECKSUM)])
    for number in range(1, 6):
        line = f"line {number} of 5, made as it was sent\n".encode()
        checksum.update(line)
        await exchange.write(line)
    await exchange.end([(CHECKSUM, checksum.hexdigest().encode())])


async def _hints(exchange: Exchange) -> None:
    # RFC 8297 §2: links that the final response will probably have, ahead of it.
    link = (b"link", b"</style.css>; rel=preload; as=style")
    await exchange.send_informational(103, [link])
    # What a real server would do with its database in the meantime.
    await asyncio.sleep(0.02)
    await exchange.respond(200, [*_TEXT, link], b"The style sheet was known before this.\n")


async def _for_ever() -> AsyncIterator[bytes]:
    while True:
        yield b"and so on " * 1_000
