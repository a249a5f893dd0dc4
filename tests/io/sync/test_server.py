"""The server of the world of threads: its life, and what it does with handlers."""

import socket
import threading

import pytest

from hyper.io import ConnectError, ConnectionLost, Informational, StreamReset, Timeouts
from hyper.io.sync import Exchange, connect, serve
from tests.support.certificates import Certificates


def echo(exchange: Exchange) -> None:
    exchange.respond(200, (), exchange.read())


def test_handlers_are_as_many_as_allowed() -> None:
    together = 0
    most = 0
    lock = threading.Lock()
    full = threading.Event()

    def handler(exchange: Exchange) -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
            if together == 3:
                full.set()
        assert full.wait(10), "three are at work at once"
        exchange.respond(200)
        with lock:
            together -= 1

    with serve(handler, max_handlers=3) as server, connect(*server.address) as client:
        streams = [
            client.open(
                [
                    (b":method", b"GET"),
                    (b":scheme", b"http"),
                    (b":authority", b"a"),
                    (b":path", b"/"),
                ],
                end_stream=True,
            )
            for _ in range(20)
        ]
        assert [stream.response().status for stream in streams] == [200] * 20, "all are served"
    assert most == 3, "and no more than three at a time"


def test_a_handler_that_hangs_does_not_hold_up_the_close() -> None:
    release = threading.Event()
    ended: list[BaseException] = []
    done = threading.Event()

    def handler(exchange: Exchange) -> None:
        exchange.start(200)
        release.wait(10)
        try:
            exchange.write(b"too late")
        except (StreamReset, ConnectionLost) as error:
            ended.append(error)
            raise
        finally:
            done.set()

    server = serve(handler)
    with connect(*server.address) as client:
        response = client.request("GET", "/")
        server.close(0.05)
        with pytest.raises((StreamReset, ConnectionLost)):
            response.read()
    assert not ended, "a thread cannot be stopped"
    release.set()
    assert done.wait(10), "it ends by itself"
    assert ended, "and finds its exchange over"


def test_closing_twice_is_closing_once() -> None:
    server = serve(echo)
    waiting = threading.Thread(target=server.wait_closed)
    waiting.start()
    server.close()
    server.close()
    waiting.join(10)
    assert not waiting.is_alive(), "whoever waits for it is told"
    with pytest.raises(ConnectError, match="Connection refused"):
        connect(*server.address)


def test_a_port_in_use_says_so() -> None:
    with serve(echo) as server, pytest.raises(ConnectError, match="Address already in use"):
        serve(echo, *server.address)


def test_all_addresses_share_a_free_port() -> None:
    with serve(echo, "") as server:
        assert len({port for _, port in server.addresses}) == 1, "one port for all"
        with connect("127.0.0.1", server.address[1]) as client:
            assert client.request("POST", "/", body=b"hello").read() == b"hello", "by any of them"


def test_a_close_ends_connections_that_do_nothing() -> None:
    server = serve(echo)
    with connect(*server.address) as client:
        client.request("GET", "/").read()
        assert server.connections == 1, "it is there"
        closing = threading.Thread(target=server.close, args=(10.0,))
        closing.start()

        def watch() -> None:
            while True:
                client.ping()

        with pytest.raises(ConnectionLost):
            watch()
        client.close()
        closing.join(10)
        assert not closing.is_alive(), "long before the deadline"
        assert server.connections == 0, "and nothing is left"


def test_a_close_ends_handshakes_under_way(certificates: Certificates) -> None:
    server = serve(echo, ssl=certificates.server(), timeouts=Timeouts(handshake=60.0))
    with socket.create_connection(server.address, timeout=10) as sock:
        while not server.connections:
            # A handshake elsewhere shows that the accepting thread has come this far.
            with connect(*server.address, ssl=certificates.client()):
                pass
        server.close(30.0)
        assert sock.recv(1) == b"", "a client that says nothing holds nobody up"


def test_a_handler_that_reads_tells_the_client_to_send() -> None:
    head = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":authority", b"a"),
        (b":path", b"/"),
        (b"expect", b"100-continue"),
    ]
    with serve(echo) as server, connect(*server.address) as client:
        stream = client.open(head)

        def told(news: Informational) -> None:
            assert news.status == 100, "RFC 9110 §10.1.1: go on"
            stream.write(b"content")
            stream.end()

        assert stream.response(told).read() == b"content", "which came when it was asked for"
