"""The client of the world of threads: one connection, any number of threads."""

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest

from hyper.h2 import Limits
from hyper.io import ConnectionLost, TimedOut, Timeouts
from hyper.io.sync import Exchange, connect, serve
from tests.support.certificates import Certificates

POST = [
    (b":method", b"POST"),
    (b":scheme", b"http"),
    (b":authority", b"a"),
    (b":path", b"/"),
]


def echo(exchange: Exchange) -> None:
    exchange.respond(200, [(b"x-path", exchange.path.encode())], exchange.read())


class Crew:
    """Threads whose failures are the test's."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(16)
        self._running: list[Future[None]] = []

    def start(self, work: Callable[[], None]) -> None:
        self._running.append(self._threads.submit(work))

    def join(self) -> None:
        for running in self._running:
            running.result(30)
        self._threads.shutdown()


@pytest.mark.parametrize("secure", [True, False], ids=["tls", "cleartext"])
def test_eight_threads_share_a_connection(certificates: Certificates, secure: bool) -> None:
    with (
        serve(echo, ssl=certificates.server() if secure else None) as server,
        connect(*server.address, ssl=certificates.client() if secure else None) as client,
    ):
        crew = Crew()

        def work(name: int) -> None:
            for number in range(25):
                body = b"%d" % name * (number * 1_000)
                response = client.request("POST", f"/{name}/{number}", body=body)
                assert response.field(b"x-path") == f"/{name}/{number}".encode(), "its own head"
                assert response.read() == body, "and its own body"

        for name in range(8):
            crew.start(partial(work, name))
        crew.join()
        assert server.connections == 1, "on one connection"
        assert client.open_streams == 0, "and no stream is left open"


def test_a_thread_that_waits_serves_the_others_and_is_served_by_them() -> None:
    release = threading.Event()
    asked = threading.Event()

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/slow":
            asked.set()
            assert release.wait(10), "the test lets it go"
        echo(exchange)

    with serve(handler) as server, connect(*server.address) as client:
        crew = Crew()
        order: list[str] = []

        def slow() -> None:
            assert client.request("GET", "/slow").status == 200, "in the end"
            order.append("slow")

        crew.start(slow)
        assert asked.wait(10), "the first waits, and watches the socket"
        for _ in range(20):
            client.request("GET", "/").read()
            order.append("quick")
        release.set()
        crew.join()
        assert order == ["quick"] * 20 + ["slow"], "nobody waits for what is not his"


def test_uploads_and_downloads_of_several_threads_do_not_block_each_other() -> None:
    limits = Limits(stream_window=65_535, connection_window=65_535)

    def handler(exchange: Exchange) -> None:
        if exchange.method == "POST":
            exchange.respond(200, (), b"%d" % sum(len(chunk) for chunk in exchange))
        else:
            exchange.respond(200, (), [b"x" * 50_000] * 20)

    with (
        serve(handler, limits=limits) as server,
        connect(*server.address, limits=limits) as client,
    ):
        crew = Crew()

        def up() -> None:
            response = client.request("POST", "/", body=iter([b"x" * 50_000] * 20))
            assert response.read() == b"1000000", "all of it"

        def down() -> None:
            assert len(client.request("GET", "/").read()) == 1_000_000, "all of it"

        for _ in range(3):
            crew.start(up)
            crew.start(down)
        crew.join()


def test_closing_wakes_every_thread_that_waits() -> None:
    asked = threading.Semaphore(0)

    def handler(exchange: Exchange) -> None:
        asked.release()
        exchange.read()

    with serve(handler) as server, connect(*server.address) as client:
        crew = Crew()

        def wait() -> None:
            with pytest.raises(ConnectionLost, match="closed by this side"):
                client.open(POST).response()

        for _ in range(4):
            crew.start(wait)
        for _ in range(4):
            assert asked.acquire(timeout=10), "each waits for its response"
        client.close()
        crew.join()


def test_what_the_body_raises_is_raised_by_the_request() -> None:
    class MyOwnError(Exception):
        pass

    def body() -> Iterator[bytes]:
        yield b"some"
        raise MyOwnError

    with serve(echo) as server, connect(*server.address) as client:
        with pytest.raises(MyOwnError):
            client.request("POST", "/", body=body())
        assert client.open_streams == 0, "the stream is reset"
        assert client.request("GET", "/").status == 200, "the connection is healthy"


def test_leaving_a_response_early_resets_its_stream() -> None:
    def handler(exchange: Exchange) -> None:
        exchange.start(200)
        while True:
            exchange.write(b"x" * 10_000)

    with serve(handler) as server, connect(*server.address) as client:
        with client.request("GET", "/") as response:
            for chunk in response:
                assert chunk, "one piece is enough"
                break
        assert client.open_streams == 0, "the rest is not wanted"


def test_a_response_that_is_forgotten_does_not_hold_the_window() -> None:
    window = 65_535
    limits = Limits(stream_window=window, connection_window=window)

    def handler(exchange: Exchange) -> None:
        exchange.respond(200, (), b"x" * window)

    with (
        serve(handler) as server,
        connect(*server.address, limits=limits, timeouts=Timeouts(read=10.0)) as client,
    ):
        for _ in range(10):
            # Each fills the window of the connection, and nobody reads it.
            assert client.request("GET", "/").status == 200, "the head comes"
            gc.collect()
        assert len(client.request("GET", "/").read()) == window, "so the next one has room"


def test_a_two_way_stream_is_written_and_read_in_turn() -> None:
    def handler(exchange: Exchange) -> None:
        exchange.start(200)
        for chunk in exchange:
            exchange.write(chunk.upper())
        exchange.end([(b"x-end", b"1")])

    with serve(handler) as server, connect(*server.address) as client:
        stream = client.open(POST)
        response = stream.response()
        for question in (b"one", b"two", b"three"):
            stream.write(question)
            assert response.receive() == question.upper(), "a conversation on one stream"
        stream.end([(b"x-end", b"1")])
        assert response.receive() == b"", "and its end"
        assert response.trailers == [(b"x-end", b"1")], "with trailers"


def test_a_wait_for_room_times_out() -> None:
    release = threading.Event()

    def handler(_: Exchange) -> None:
        release.wait(10)

    with (
        serve(handler) as server,
        connect(*server.address, timeouts=Timeouts(read=0.1)) as client,
    ):
        stream = client.open(POST)

        def fill() -> None:
            while True:
                stream.write(b"x" * 65_536)

        with pytest.raises(TimedOut, match="room for more content") as caught:
            fill()
        release.set()
        assert caught.value.phase == "write", "it says at what"
        assert client.ping() > 0, "the connection is healthy"


def test_the_ends_of_a_connection_have_names(certificates: Certificates) -> None:
    with serve(echo, ssl=certificates.server()) as server:
        with connect("127.0.0.1", server.address[1], ssl=certificates.client()) as client:
            assert client.peer == server.address, "the other end"
            assert client.local[0] == "127.0.0.1", "this end"
            assert client.tls_version in ("TLSv1.2", "TLSv1.3"), "RFC 9113 §9.2: 1.2 or higher"
        with connect("localhost", server.address[1], ssl=certificates.client()) as client:
            assert client.request("GET", "/").status == 200, "a name does as well as an address"
