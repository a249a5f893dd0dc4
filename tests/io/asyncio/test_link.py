"""Corners of the transport of the world of tasks."""

import asyncio
import contextlib
import socket
import ssl

import pytest

from hyper.frame import PREFACE, ErrorCode, pack_goaway, pack_settings
from hyper.io.asyncio import Exchange, serve
from tests.support.certificates import Certificates


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
