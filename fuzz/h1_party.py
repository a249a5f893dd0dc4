"""An application at one end of an HTTP/1.1 connection, for the fuzz targets: it answers everything.

What it does depends on the events alone, so that the same input, cut into other pieces, must make
the same conversation.
"""

from typing import Final

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    Leniences,
    PeerFault,
    Request,
    Response,
    Sendable,
    State,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role

_HOST: Final = (b"host", b"example.org")
_UPGRADE: Final = [(b"upgrade", b"x"), (b"connection", b"upgrade")]


class Party:
    """One end, and what became of the conversation."""

    def __init__(self, role: Role, leniences: Leniences, keep_chunk_extensions: bool) -> None:
        self.engine: Final = Connection(
            role,
            leniences=leniences,
            keep_chunk_extensions=keep_chunk_extensions,
            expect_preface=role is Role.SERVER,
        )
        self.events: list[Event] = []
        self.refusals = 0
        self.said: list[bytes] = []
        self.go_on()

    def hear(self, octets: bytes) -> None:
        """Bytes came, or the end of them."""
        self.engine.receive_data(octets, 1.0)
        while (event := self.engine.next_event()) is not None:
            self.events.append(event)
            self._react(event)
            self.go_on()
        self.said.append(self.engine.data_to_send())

    def ask(self, event: Sendable) -> None:
        """Say something; a refusal is a documented answer."""
        try:
            self.engine.send(event)
        except LocalProtocolError:
            self.refusals += 1

    def go_on(self) -> None:
        """A client asks for the next thing as soon as it may."""
        number = self.engine.next_stream_id()
        if not self.engine.can_open or number > 9:
            return
        kind = number % 5
        if kind == 0:
            self.ask(Request(number, b"CONNECT", b"a:1", [(b"host", b"a")], True))
        elif kind == 1:
            self.ask(Request(number, b"GET", b"/", [_HOST, *_UPGRADE], True))
        elif kind == 2:
            self.ask(Request(number, b"HEAD", b"/", [_HOST], True))
        elif kind == 3:
            self.ask(Request(number, b"POST", b"/", [_HOST, (b"content-length", b"3")]))
            self.ask(Data(number, b"abc", True))
        else:
            self.ask(Request(number, b"PUT", b"/", [_HOST]))

    def _react(self, event: Event) -> None:
        if isinstance(event, Request):
            self._answer(event)
        elif isinstance(event, Response | InformationalResponse):
            # The request of a client that sends while it is answered.
            self.ask(Data(event.stream_id, b"more", event.status >= 200))
        elif isinstance(event, Data) and event.end_stream:
            self.ask(Response(event.stream_id, 200, []))
            self.ask(Data(event.stream_id, b"done", True))
        elif isinstance(event, Trailers):
            self.ask(Response(event.stream_id, 200, event.fields))
            self.ask(Trailers(event.stream_id, event.fields, event.names))
        elif isinstance(event, PeerFault):
            self.ask(Response(event.stream_id, event.status, [], True))

    def _answer(self, event: Request) -> None:
        stream_id = event.stream_id
        kind = sum(len(value) for _, value in event.fields) % 4
        if kind == 0:
            self.ask(InformationalResponse(stream_id, 103, [], b"Hints"))
        if kind == 1:
            self.ask(InformationalResponse(stream_id, 101, _UPGRADE))
        if event.end_stream or kind == 2:
            self.ask(Response(stream_id, 200 + kind, event.fields[2:], False))
            self.ask(Data(stream_id, b"short", True))
            self.ask(Data(stream_id, b"", True))


def conversation(
    role: Role, pieces: list[bytes], leniences: Leniences, keep_chunk_extensions: bool
) -> tuple[list[Event], bytes, int, bytes]:
    """A peer says `pieces` and leaves; what one end was told, said, refused and handed over."""
    party = Party(role, leniences, keep_chunk_extensions)
    for piece in pieces:
        party.hear(piece)
    party.hear(b"")
    said = b"".join(party.said)
    _check(role, party, said)
    return joined(party.events), said, party.refusals, party.engine.trailing_data()


def joined(events: list[Event]) -> list[Event]:
    """The events with neighbouring pieces of content in one: how input is cut must not show."""
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        if (
            isinstance(event, Data)
            and isinstance(last, Data)
            and not last.end_stream
            and not event.chunk_extension
        ):
            result[-1] = Data(
                last.stream_id, last.data + event.data, event.end_stream, last.chunk_extension
            )
        else:
            result.append(event)
    return result


def _check(role: Role, party: Party, said: bytes) -> None:
    engine = party.engine
    kinds = [type(event) for event in party.events]
    assert kinds.count(EndOfInput) <= 1, "one end"
    assert kinds.count(PeerFault) <= 1, "one fault"
    if PeerFault in kinds:
        assert kinds[kinds.index(PeerFault) + 1 :] in ([], [EndOfInput]), "nothing behind a fault"
    assert engine.state is State.SWITCHED or EndOfInput in kinds or not engine.wants_input
    assert engine.data_to_send() == b"", "what was taken is taken"
    # What one of us says, the other understands: as many messages, and no fault.
    if engine.state is not State.SWITCHED:
        _understood(role, said, party)


def _understood(role: Role, said: bytes, party: Party) -> None:
    if role is Role.SERVER:
        return  # to read its responses one has to know the requests
    peer = Connection(Role.SERVER)
    peer.receive_data(said, 0.0)
    requests = 0
    while (event := peer.next_event()) is not None:
        assert not isinstance(event, PeerFault), f"what it says is legal: {event}"
        if isinstance(event, Request):
            requests += 1
        if getattr(event, "end_stream", False) or isinstance(event, Trailers):
            peer.send(Response(peer.next_stream_id() - 1, 404, [], True))
    assert requests == party.engine.next_stream_id() - 1, "not a request more, not one less"


def cut(data: bytes) -> list[bytes]:
    """The same bytes in pieces, cut where they themselves say."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        step = data[at] % 23 + 1
        pieces.append(data[at : at + step])
        at += step
    return pieces


def options(choice: int) -> tuple[Leniences, bool]:
    """What a byte chooses: the leniences, and whether chunks come as they were."""
    leniences = Leniences(
        bare_lf=bool(choice & 1),
        unfold=bool(choice & 2),
        equal_lengths=bool(choice & 4),
        coding_over_length=bool(choice & 8),
        chunk_whitespace=bool(choice & 16),
    )
    return leniences, bool(choice & 32)
