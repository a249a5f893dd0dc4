"""A client of HTTP/1.1 by hand: bytes over a socket, for what no client of ours would say."""

import contextlib
import socket
from collections.abc import Iterator

from tests.support.worlds import Address


@contextlib.contextmanager
def dialled(address: Address) -> Iterator[socket.socket]:
    """A socket to a server."""
    with socket.create_connection(address, timeout=10) as sock:
        yield sock


def hear_out(sock: socket.socket) -> bytes:
    """All that is said until the end."""
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while data := sock.recv(65_536):
            heard += data
    return heard


def hear(sock: socket.socket, size: int) -> bytes:
    """So many bytes."""
    heard = b""
    while len(heard) < size and (data := sock.recv(size - len(heard))):
        heard += data
    return heard


def hear_until(sock: socket.socket, mark: bytes) -> bytes:
    """All that is said up to `mark`, which nothing follows yet."""
    heard = b""
    while not heard.endswith(mark) and (data := sock.recv(65_536)):
        heard += data
    return heard


def say(address: Address, said: bytes, *, last: bool = False) -> bytes:
    """Say something, and hear the answers out; with `last` our side is closed behind it."""
    with dialled(address) as sock:
        sock.sendall(said)
        if last:
            sock.shutdown(socket.SHUT_WR)
        return hear_out(sock)


def get(path: str = "/", *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    """A request without content."""
    lines = [f"{method} {path} HTTP/{version}", "Host: a", *fields]
    return "".join([f"{line}\r\n" for line in lines]).encode() + b"\r\n"


def shove(sock: socket.socket, data: bytes, most: int) -> int:
    """Say `data` over and over until nobody takes more for a while; how many bytes went."""
    went = 0
    sock.settimeout(0.3)
    with contextlib.suppress(TimeoutError, ConnectionError):
        while went < most:
            went += sock.send(data[: most - went])
    sock.settimeout(10)
    return went
