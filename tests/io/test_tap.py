"""A look at the bytes from outside: what a tap is, and what it sees of a connection."""

from hyper.frame import PREFACE, ErrorCode, pack_data
from hyper.io import Tap
from hyper.io._pump import Pump
from hyper.wire import Role
from tests.support.wire import CHUNK, GET, NEVER, drain


class Ribbon:
    """Writes down what it sees, and how far `watched` was at that moment."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []
        self.watched: Pump | None = None
        self.states: list[tuple[bool, bool]] = []

    # Names of its own: those of a Tap's parameters are nobody's business but its own.
    def sent(self, outgoing: bytes) -> None:
        self.seen.append(("sent", outgoing))

    def received(self, incoming: bytes) -> None:
        self.seen.append(("received", incoming))
        if self.watched is not None:
            self.states.append((self.watched.ready, self.watched.error is None))

    def all(self, way: str) -> bytes:
        return b"".join(data for seen, data in self.seen if seen == way)


def tapped(role: Role, tap: Tap | None) -> Pump:
    return Pump(role, peer="peer", timeouts=NEVER, now=0.0, tap=tap)


def converse(client: Pump, server: Pump, piece: int) -> bytes:
    """Let a request have its answer, in pieces of so many bytes; what crossed each way."""
    crossed = b""
    box = client.request(GET, end_stream=True)
    taken = b""
    while not client.streams.over(box):
        for sender, receiver in ((client, server), (server, client)):
            while data := sender.output(piece, 0.0):
                crossed += data
                receiver.receive(data, 0.0)
        request = server.streams.accept()
        if request is not None:
            server.streams.answer(request, 200, (), bytes(100_000))
            server.streams.finish(request)
        taken += drain(client, box)
    assert taken == bytes(100_000), "the conversation is a real one"
    return crossed


def test_both_ends_see_the_same_bytes_whatever_the_pieces() -> None:
    whole = []
    for piece in (CHUNK, 1_000, 7):
        at_client, at_server = Ribbon(), Ribbon()
        converse(tapped(Role.CLIENT, at_client), tapped(Role.SERVER, at_server), piece)
        assert at_client.all("sent") == at_server.all("received"), "all of it, in order"
        assert at_client.all("received") == at_server.all("sent"), "and the other way"
        assert at_client.all("sent").startswith(PREFACE), "RFC 9113 §3.4: from the first octet on"
        whole.append(len(at_client.all("received")))
    assert min(whole) > 100_000, "the content is among it"


def test_each_side_is_seen_when_it_happens() -> None:
    ribbon = Ribbon()
    client, server = tapped(Role.CLIENT, ribbon), tapped(Role.SERVER, None)
    converse(client, server, CHUNK)
    ways = [way for way, _ in ribbon.seen]
    assert ways[:2] == ["sent", "received"], "question and answer stand in the order they had"
    assert len(ways) > 2, "one look for each piece, not one at the end"


def test_bytes_are_seen_before_they_are_interpreted() -> None:
    # A tool that shows frames must show the one that broke the connection before the break.
    ribbon = Ribbon()
    client, server = tapped(Role.CLIENT, ribbon), tapped(Role.SERVER, None)
    ribbon.watched = client
    client.receive(server.output(CHUNK, 0.0), 0.0)
    assert client.ready, "these were the server's SETTINGS"
    client.receive(pack_data(1, b"x", False), 0.0)
    assert client.error is not None, "RFC 9113 §5.1: DATA on an idle stream is a connection error"
    assert ribbon.states == [(False, True), (True, True)], "each was seen with all as it was before"


def test_what_nobody_interprets_is_not_shown() -> None:
    ribbon = Ribbon()
    client = tapped(Role.CLIENT, ribbon)
    client.output(CHUNK, 0.0)
    client.receive(pack_data(1, b"x", False), 0.0)
    before = len(ribbon.seen)
    client.receive(b"more", 0.0)
    assert len(ribbon.seen) == before, "a fault has ended the connection: the rest is dropped"
    goaway = client.output(CHUNK, 0.0)
    assert ribbon.seen[before:] == [("sent", goaway)], "but what is still said about it is shown"
    assert ErrorCode.PROTOCOL_ERROR.to_bytes(4, "big") in goaway, "a GOAWAY with its code"


def test_nothing_is_not_shown() -> None:
    ribbon = Ribbon()
    client = tapped(Role.CLIENT, ribbon)
    client.output(CHUNK, 0.0)
    assert client.output(CHUNK, 0.0) == b"", "all is said"
    client.receive(b"", 0.0)
    assert [way for way, _ in ribbon.seen] == ["sent"], "the end of input has no bytes to show"


def test_a_connection_does_the_same_without_one() -> None:
    shown = converse(tapped(Role.CLIENT, Ribbon()), tapped(Role.SERVER, Ribbon()), CHUNK)
    alone = converse(tapped(Role.CLIENT, None), tapped(Role.SERVER, None), CHUNK)
    assert shown == alone, "it looks, and does not touch"
