"""How connections of HTTP/1.1 end on sockets, in both worlds: nothing is lost, nothing feigned."""

import ssl

import pytest

from tests.support.certificates import Certificates
from tests.support.raw_http1 import dialled, get, hear_out, hear_until
from tests.support.worlds import Exchange, ServerOptions, serving


def unheard(what: str, error: BaseException) -> None:
    """For handlers that fail on purpose."""


def test_a_client_of_http_1_0_sees_that_an_answer_is_not_whole(
    server_world: str, secure: bool, certificates: Certificates
) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        await exchange.write(b"half")
        raise RuntimeError("there is no other half")

    server = ServerOptions(ssl=certificates.server() if secure else None, on_error=unheard)
    with (
        serving(server_world, handler, server) as running,
        dialled(running.address) as plain,
    ):
        context = ssl.create_default_context(cafile=certificates.authority)
        # Python takes a missing close_notify for an end unless it is told not to.
        sock = (
            context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)
            if secure
            else plain
        )
        with sock:
            sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with pytest.raises((ConnectionResetError, ssl.SSLError)):
                hear_until(sock, b"for ever")


def test_answers_before_a_fault_are_not_lost_when_they_are_read_late(server_world: str) -> None:
    # More than the kernel takes, in pieces that leave room for the next request to be looked at:
    # so the fault is found while the transport is full.
    size, count = 60_000, 400
    answer = b"\r\n\r\n" + bytes(size)

    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, [(b"content-length", b"%d" % size)], bytes(size))

    with (
        serving(server_world, handler, ServerOptions()) as running,
        dialled(running.address) as sock,
    ):
        sock.sendall(get() * count + b"nonsense\r\n\r\n")
        heard = hear_out(sock)
    assert heard.count(answer) == count, "what was asked is answered to the last byte"
    assert heard.rpartition(answer)[2].startswith(b"HTTP/1.1 400 "), "RFC 9112 §2.2: then the fault"
