"""Peers that behave as no peer of ours would: they say nothing, or nonsense, or half of it."""

import contextlib
import socket
import ssl as tls
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from hyper.h2 import Connection, Data, Event, Request, Response
from hyper.wire import Role

Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def stranger(script: Script, ssl: tls.SSLContext | None = None) -> Iterator[tuple[str, int]]:
    """A server that runs `script` with the one connection it accepts, then closes that."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1, "stranger") as thread,
    ):
        listener.settimeout(10)

        def run() -> None:
            # The client need not be pleased: it may leave at any time.
            with contextlib.suppress(OSError):
                sock, _ = listener.accept()
                sock.settimeout(10)
                with sock:
                    if ssl is None:
                        script(sock)
                    else:
                        with ssl.wrap_socket(sock, server_side=True) as secured:
                            script(secured)

        running = thread.submit(run)
        yield listener.getsockname()[:2]
        running.result(10)


def silent(sock: socket.socket) -> None:
    """Accepts, and says nothing until the other end has gone."""
    while sock.recv(65_536):
        pass


def says(data: bytes) -> Script:
    """Says `data` and hears the other end out."""

    def script(sock: socket.socket) -> None:
        sock.sendall(data)
        silent(sock)

    return script


def converse(sock: socket.socket, engine: Connection, until: Callable[[Event], bool]) -> None:
    """Move bytes between `sock` and `engine` until an event is the one awaited."""
    while True:
        while (event := engine.next_event()) is not None:
            if until(event):
                return
        if data := engine.data_to_send():
            sock.sendall(data)
        engine.receive_data(sock.recv(65_536), 0.0)


def half_an_answer(sock: socket.socket) -> None:
    """Answers the first request with half of what it announces, and leaves."""
    engine = Connection(Role.SERVER)
    converse(sock, engine, lambda event: isinstance(event, Request))
    engine.send(Response(1, [(b":status", b"200"), (b"content-length", b"10")]))
    engine.send(Data(1, b"12345"))
    sock.sendall(engine.data_to_send())


def no_answer(sock: socket.socket) -> None:
    """Takes the first request, and leaves."""
    engine = Connection(Role.SERVER)
    converse(sock, engine, lambda event: isinstance(event, Request))


def falls_silent(sock: socket.socket) -> None:
    """Takes the first request, and from then on answers nothing, not even PING."""
    engine = Connection(Role.SERVER)
    converse(sock, engine, lambda event: isinstance(event, Request))
    silent(sock)
