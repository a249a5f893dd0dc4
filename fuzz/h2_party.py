"""An application at one end of an HTTP/2 connection, for the fuzz targets: it answers everything.

What it does depends on the events alone, so that the same input, cut into other pieces, must make
the same conversation.
"""

from typing import Final

from hyper.frame import FrameError, FrameReader, Scope
from hyper.h2 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    PeerFault,
    Ping,
    PriorityUpdate,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    Trailers,
    Writable,
)
from hyper.priority import Priority
from hyper.wire import LocalProtocolError, Role

_OK: Final = [(b":status", b"200"), (b"content-type", b"text/plain")]
_HINTS: Final = [(b":status", b"103")]
_TRAILERS: Final = [(b"checksum", b"1")]
_GET: Final = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"example.org"),
    (b":path", b"/"),
]
_POST: Final = [(b":method", b"POST"), *_GET[1:]]
_CONNECT: Final = [(b":method", b"CONNECT"), (b":authority", b"example.org:443")]


class Party:
    """One end, and what became of the conversation."""

    def __init__(self, role: Role) -> None:
        self.engine: Final = Connection(role)
        self.events: list[Event] = []
        self.refusals = 0
        self._asked: list[int] = []
        if role is Role.CLIENT:
            self.ask(Request(1, _GET, end_stream=True))
            self.ask(Request(3, _POST))
            self.ask(Data(3, bytes(100_000)))
            self.ask(Request(5, _CONNECT))
            self.ask(Request(7, _POST))
            self.ask(Trailers(7, _TRAILERS))
            self.ask(Reset(7))

    def hear(self, octets: bytes) -> None:
        """Bytes came, or the end of them."""
        self.engine.receive_data(octets, 1.0)
        while (event := self.engine.next_event()) is not None:
            self.events.append(event)
            self._react(event)

    def ask(self, event: Sendable) -> None:
        """Say something; a refusal is a documented answer."""
        try:
            self.engine.send(event)
        except LocalProtocolError:
            self.refusals += 1

    def _react(self, event: Event) -> None:
        if isinstance(event, Request):
            self._asked.append(event.stream_id)
            self._answer(event)
        elif isinstance(event, Data):
            half = len(event.data) // 2
            self._consume(event.stream_id, half)
            self._consume(event.stream_id, len(event.data) - half)
            if event.data[:1] == b"!":
                self.ask(Reset(event.stream_id))
            self.ask(Data(event.stream_id, event.data[:50]))
        elif isinstance(event, Trailers):
            self.ask(Trailers(event.stream_id, event.fields))
        elif isinstance(event, Response):
            self.ask(Data(event.stream_id, b"more", end_stream=True))
        elif isinstance(event, Writable):
            self.ask(Data(event.stream_id, bytes(70_000)))
        elif isinstance(event, EndOfInput):
            # Whoever asked in full could still be answered; these requests are not.
            for stream_id in self._asked if not self.engine.closed else ():
                self.ask(Reset(stream_id))
        elif isinstance(event, Ping) and event.data[:1] == b"S":
            self.ask(Settings([(4, event.data[1] * 1_000), (1, event.data[2])]))
        elif isinstance(event, Ping) and event.data[:1] == b"G":
            self.ask(GoAway(event.data[1]))
        elif isinstance(event, Ping) and event.data[:1] == b"P":
            self.ask(PriorityUpdate(event.data[1], b"u=%d" % (event.data[2] & 7)))
            self._prioritize(event.data[1], Priority(event.data[3] & 7, bool(event.data[3] & 8)))

    def _answer(self, event: Request) -> None:
        stream_id = event.stream_id
        kind = sum(len(value) for _, value in event.fields) % 4
        if kind == 0:
            self.ask(InformationalResponse(stream_id, _HINTS))
        self.ask(Response(stream_id, _OK, end_stream=kind == 1))
        if kind == 2:
            self.ask(Data(stream_id, bytes(70_000)))
            self.ask(Trailers(stream_id, _TRAILERS))
        elif kind == 3:
            self.ask(Data(stream_id, b"short", end_stream=True))

    def _prioritize(self, stream_id: int, priority: Priority) -> None:
        try:
            self.engine.prioritize(stream_id, priority)
        except LocalProtocolError:
            self.refusals += 1

    def _consume(self, stream_id: int, count: int) -> None:
        try:
            self.engine.consume(stream_id, count)
        except LocalProtocolError:
            self.refusals += 1


def conversation(role: Role, pieces: list[bytes]) -> tuple[list[Event], bytes, int]:
    """A peer says `pieces` and leaves; what one end was told, what it said, what it refused."""
    party = Party(role)
    for piece in pieces:
        party.hear(piece)
    party.hear(b"")
    said = party.engine.data_to_send()
    _check(role, party, said)
    return party.events, said, party.refusals


def _check(role: Role, party: Party, said: bytes) -> None:
    frames = FrameReader(preface=role is Role.CLIENT).feed(said)
    faults = [frame for frame in frames if isinstance(frame, FrameError)]
    assert not faults, f"what it says is legal, by each frame: {faults}"
    last = [
        event
        for event in party.events
        if isinstance(event, EndOfInput)
        or (isinstance(event, PeerFault) and event.scope is Scope.CONNECTION)
    ]
    assert len(last) == 1, "one end"
    assert party.events[-1] is last[0], "and nothing behind it"
    assert party.engine.closed
    assert party.engine.open_streams == 0
    assert party.engine.data_to_send() == b"", "what was taken is taken"


def cut(data: bytes) -> list[bytes]:
    """The same bytes in pieces, cut where they themselves say."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        step = data[at] % 23 + 1
        pieces.append(data[at : at + step])
        at += step
    return pieces
