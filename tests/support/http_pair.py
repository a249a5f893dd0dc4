"""A client and a server of the common vocabulary, back to back, whatever goes over the wire."""

from collections.abc import Iterator, Sequence
from typing import Final

from hyper import h1, h2
from hyper.http import Connection, Event, Http1Connection, Version
from hyper.wire import Field, Role

GET: Final[Sequence[Field]] = (
    (b":method", b"GET"),
    (b":scheme", b"http"),
    (b":authority", b"example.org"),
    (b":path", b"/"),
)
POST: Final[Sequence[Field]] = ((b":method", b"POST"), *GET[1:])
OK: Final[Sequence[Field]] = ((b":status", b"200"),)


def engine(role: Role, version: Version) -> Connection:
    """An engine of a version."""
    return h2.Connection(role) if version is Version.HTTP_2 else Http1Connection(role)


class Pair:
    """Two engines and what each was told.  Bytes are carried `cut` at a time."""

    def __init__(self, version: Version = Version.HTTP_1_1, cut: int = 1 << 30) -> None:
        self.now = 100.0
        self.client: Final = engine(Role.CLIENT, version)
        self.server: Final = engine(Role.SERVER, version)
        self._cut = cut
        self._heard: Final[dict[int, list[Event]]] = {id(self.client): [], id(self.server): []}
        self.settle()
        self.news()

    def settle(self) -> None:
        """Carry bytes to and fro until nobody has any."""
        while self._carry(self.client, self.server) or self._carry(self.server, self.client):
            pass

    def news(self) -> tuple[list[Event], list[Event]]:
        """What the client and the server were told since the last look."""
        self.settle()
        heard = (self._heard[id(self.client)], self._heard[id(self.server)])
        taken = (list(heard[0]), list(heard[1]))
        for each in heard:
            each.clear()
        return taken

    def _carry(self, sender: Connection, receiver: Connection) -> bool:
        self._heard[id(sender)] += events(sender)
        data = sender.data_to_send(None, self.now)
        for at in range(0, len(data), self._cut):
            receiver.receive_data(data[at : at + self._cut], self.now)
            self._heard[id(receiver)] += events(receiver)
        self._heard[id(sender)] += events(sender)
        return bool(data)


def events(connection: Connection) -> list[Event]:
    """Everything that it has to tell."""
    return list(_events(connection))


def _events(connection: Connection) -> Iterator[Event]:
    while (event := connection.next_event()) is not None:
        yield event


def may_close(connection: Connection) -> bool:
    """Whether nothing is left to do.  (A call, so that it is asked anew each time.)"""
    return connection.may_close


def tell(connection: Connection, data: bytes, now: float = 0.0) -> list[Event]:
    """What it tells of `data`."""
    connection.receive_data(data, now)
    return events(connection)


def server(limits: h1.Limits | None = None, window: int = 262_144) -> Http1Connection:
    """A server of HTTP/1.1."""
    return Http1Connection(Role.SERVER, limits=limits, window=window, now=0.0)


def client() -> Http1Connection:
    """A client of HTTP/1.1."""
    return Http1Connection(Role.CLIENT)
