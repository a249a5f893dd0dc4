"""Corners of the transport of the world of tasks."""

import asyncio
import contextlib
import socket
import ssl

import pytest

from hyper.frame import PREFACE, ErrorCode, pack_goaway, pack_settings
from hyper.http import Version
from hyper.io import SERVER_TIMEOUTS
from hyper.io._pump import Pump
from hyper.io.asyncio import Exchange, serve
from hyper.io.asyncio._link import Link
from hyper.wire import Role
from tests.support.certificates import Certificates
from tests.support.raw_http1 import get


async def hello(exchange: Exchange) -> None:
    await exchange.respond(200, (), b"hello")


def last_words(sock: socket.socket, context: ssl.SSLContext) -> None:
    """Shake hands; then preface, GOAWAY and close_notify in one segment, as some clients do."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    secured = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    shaken = False
    while not shaken:
        try:
            secured.do_handshake()
            shaken = True
        except ssl.SSLWantReadError:
            sock.sendall(outgoing.read())
            incoming.write(sock.recv(65_536))
    secured.write(PREFACE + pack_settings([]) + pack_goaway(0, ErrorCode.NO_ERROR, b""))
    with contextlib.suppress(ssl.SSLWantReadError):
        secured.unwrap()
    sock.sendall(outgoing.read())
    sock.shutdown(socket.SHUT_WR)
    while sock.recv(65_536):
        pass


def test_a_client_that_leaves_in_one_breath_is_no_error(
    certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with await serve(hello, ssl=certificates.server()) as server:
            with socket.create_connection(server.address, timeout=10) as sock:
                await asyncio.to_thread(last_words, sock, certificates.client())

    asyncio.run(main())
    assert caplog.messages == [], "asyncio logs what it takes for a fatal error of TLS"


class Narrow(asyncio.Transport):
    """A transport that is full after each piece, until somebody makes room."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
        self.written = b""
        self.ended_behind: int | None = None

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """It has its own."""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert self.ended_behind is None, "asyncio forbids to write behind write_eof"
        self.written += data
        self.link.pause_writing()

    def write_eof(self) -> None:
        self.ended_behind = len(self.written)

    def abort(self) -> None:
        self.ended_behind = self.ended_behind or len(self.written)


def test_what_waits_for_room_when_a_fault_comes_is_written_before_the_end() -> None:
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        pump = Pump(
            Role.SERVER,
            peer="client",
            timeouts=SERVER_TIMEOUTS,
            now=loop.time(),
            version=Version.HTTP_1_1,
        )
        link = Link(pump, loop, on_change=lambda: None)
        transport = Narrow(link)
        link.connection_made(transport)
        for content in (b"one", b"two"):
            link.data_received(get())
            box = pump.streams.accept()
            assert box is not None, "a request"
            pump.streams.answer(box, 200, (), content)
            pump.streams.finish(box)
        link.data_received(b"nonsense\r\n\r\n")
        assert pump.error is not None, "the peer is at fault, and two answers are on their way"
        while transport.ended_behind is None:
            link.resume_writing()
        link.connection_lost(None)
        assert transport.ended_behind == len(transport.written), "the end comes last"
        return transport.written

    written = asyncio.run(main())
    assert b"one" in written, "what was asked first"
    assert b"two" in written, "and what was asked next are answered"
    assert b"HTTP/1.1 400 " in written, "RFC 9112 §2.2: and the fault"
