"""Two HTTP/1.1 engines back to back, and random schedules of what happens between them.

Everything is decided by a seed, the time included, so that a run can be had again.
"""

import random
from dataclasses import dataclass, field
from typing import Final

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    InformationalResponse,
    Limits,
    PeerFault,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import Field, Role

_METHODS: Final = [b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"BREW"]
_STATUSES: Final = [200, 200, 200, 204, 304, 404, 500, 205]


@dataclass(slots=True)
class Message:
    """One message as it was said, or as it was heard."""

    head: list[object] = field(default_factory=list)
    interim: list[int] = field(default_factory=list)
    content: bytes = b""
    trailers: list[Field] = field(default_factory=list)
    ended: bool = False


class Side:
    """One engine, what is on the wire to it, and the messages it said and heard."""

    def __init__(self, engine: Connection) -> None:
        self.engine: Final = engine
        self.wire = b""
        self.said: dict[int, Message] = {}
        self.heard: dict[int, Message] = {}
        self.faults: list[PeerFault] = []
        self.ends: list[bool] = []

    def hear(self, event: object) -> None:
        """Note an event."""
        if isinstance(event, PeerFault):
            self.faults.append(event)
            return
        if isinstance(event, EndOfInput):
            self.ends.append(event.clean)
            return
        assert isinstance(event, Request | Response | InformationalResponse | Data | Trailers)
        message = self.heard.setdefault(event.stream_id, Message())
        note(message, event)


def note(
    message: Message, event: Request | Response | InformationalResponse | Data | Trailers
) -> None:
    """Add to a message what an event says of it."""
    assert not message.ended, "nothing comes behind the end of a message"
    if isinstance(event, InformationalResponse):
        assert not message.head, "RFC 9110 §15.2: before the final response"
        message.interim.append(event.status)
    elif isinstance(event, Data):
        assert message.head, "content comes behind its head"
        message.content += event.data
        message.ended = event.end_stream
    elif isinstance(event, Trailers):
        message.trailers = [(name.lower(), value) for name, value in event.fields]
        message.ended = True
    else:
        seed = [value for name, value in event.fields if name.lower() == b"x-seed"]
        what = [event.method, event.target] if isinstance(event, Request) else [event.status]
        message.head = [*what, seed]
        message.ended = event.end_stream


class Schedule:
    """One run of a client and a server, decided by a seed from the first byte to the last."""

    def __init__(self, seed: int, requests: int = 6) -> None:
        chance = random.Random(seed)
        self.chance: Final = chance
        self.now = chance.choice([0.0, 1e9])
        limits = Limits(max_requests=chance.choice([2, 5, 10_000]), max_drain=2**40)
        self.client: Final = Side(Connection(Role.CLIENT))
        self.server: Final = Side(Connection(Role.SERVER, limits=limits, now=self.now))
        self.requests = requests
        # What is left of the content that was announced; negative where none was.
        self._asked: dict[int, int] = {}
        self._answered: dict[int, int] = {}

    def run(self, steps: int = 200) -> None:
        """So many steps of anything, then everything to its end."""
        for _ in range(steps):
            self._step(self.chance.choice([self.client, self.server]))
        for _ in range(10_000):
            if not self._wind_up():
                return
        raise AssertionError("the two sides never come to rest")

    def _step(self, side: Side) -> None:
        act = self.chance.randrange(10)
        if act <= 2:
            self._transmit(side, self.chance.choice([1, 9, 100, 20_000, None]))
        elif act <= 5:
            self._deliver(side, self.chance.choice([1, 8, 30, 5_000, 100_000]))
            for _ in range(self.chance.randrange(6)):
                self._take(side)
        elif act <= 8:
            self._speak(side)
        else:
            self.now += self.chance.choice([0.0, 0.001, 0.5])

    def _wind_up(self) -> bool:
        busy = False
        for side in (self.client, self.server):
            self._transmit(side, None)
            self._deliver(side, 10**9)
            while self._take(side):
                busy = True
            busy = self._speak(side) or busy
        sides = (self.client, self.server)
        return busy or any(side.wire or side.engine.wants_to_send for side in sides)

    def close(self) -> None:
        """Both sides close, and hear of it."""
        for side in (self.client, self.server):
            side.engine.receive_data(b"", self.now)
            while self._take(side):
                pass

    def _transmit(self, side: Side, limit: int | None) -> None:
        other = self.server if side is self.client else self.client
        octets = side.engine.data_to_send(limit, self.now)
        assert limit is None or len(octets) <= limit, "not a byte above the limit"
        other.wire += octets

    def _deliver(self, side: Side, count: int) -> None:
        if side.wire:
            side.engine.receive_data(side.wire[:count], self.now)
            side.wire = side.wire[count:]

    def _take(self, side: Side) -> bool:
        event = side.engine.next_event()
        if event is None:
            return False
        side.hear(event)
        return True

    def _speak(self, side: Side) -> bool:
        return self._ask() if side is self.client else self._answer()

    # -- the client --------------------------------------------------------------------------

    def _ask(self) -> bool:
        engine = self.client.engine
        number = engine.next_stream_id() - 1
        message = self.client.said.get(number)
        if message is not None and not message.ended:
            if engine.state is State.MUST_CLOSE:
                message.ended = True  # the server does not want the rest
                return False
            self._go_on(self.client, number, message)
            return True
        if not self.requests or not engine.can_open:
            return False
        self.requests -= 1
        number += 1
        method = self.chance.choice(_METHODS)
        ends = self.chance.random() < 0.4
        fields: list[Field] = [(b"host", b"example.org"), (b"x-seed", b"%d" % number)]
        if self.chance.random() < 0.1:
            fields.append((b"connection", b"close"))
        length = -1
        if not ends and self.chance.random() < 0.5:
            length = self.chance.randrange(3_000)
            fields.append((b"content-length", b"%d" % length))
        if not ends and length and self.chance.random() < 0.2:
            fields.append((b"expect", b"100-continue"))
        event = Request(number, method, b"/%d" % number, fields, ends)
        engine.send(event)
        note(self.client.said.setdefault(number, Message()), event)
        self._asked[number] = length
        return True

    # -- the server --------------------------------------------------------------------------

    def _answer(self) -> bool:
        engine = self.server.engine
        number = engine.next_stream_id() - 1
        message = self.server.said.get(number)
        if number == 0 or engine.state in (State.IDLE, State.MUST_CLOSE, State.CLOSED, State.TAIL):
            return False
        if message is not None and message.head:
            if message.ended:
                return False
            self._go_on(self.server, number, message)
            return True
        request = self.server.heard[number]
        # Mostly an answer waits for the whole question; sometimes it does not.
        if not request.ended and self.chance.random() < 0.9 and not engine.expects_continue:
            return False
        if engine.expects_continue and self.chance.random() < 0.7:
            self._say(number, InformationalResponse(number, 100, []))
            return True
        if self.chance.random() < 0.2:
            self._say(number, InformationalResponse(number, 103, []))
        self._respond(number, request)
        return True

    def _respond(self, number: int, request: Message) -> None:
        status = self.chance.choice(_STATUSES)
        empty = request.head[0] == b"HEAD" or status in (204, 304, 205)
        ends = empty or self.chance.random() < 0.3
        fields: list[Field] = [(b"x-seed", b"%d" % number)]
        length = -1
        if not ends and self.chance.random() < 0.5:
            length = self.chance.randrange(3_000)
            fields.append((b"content-length", b"%d" % length))
        if self.chance.random() < 0.1:
            fields.append((b"connection", b"close"))
        event = Response(number, status, fields, ends)
        self._say(number, event)
        self._answered[number] = length

    # -- both --------------------------------------------------------------------------------

    def _say(self, number: int, event: Response | InformationalResponse) -> None:
        self.server.engine.send(event)
        note(self.server.said.setdefault(number, Message()), event)

    def _go_on(self, side: Side, number: int, message: Message) -> None:
        lengths = self._asked if side is self.client else self._answered
        left = lengths[number]
        size = self.chance.choice([0, 1, 50, 2_000])
        event: Data | Trailers
        if left >= 0:
            size = min(size, left)
            lengths[number] = left - size
            event = Data(number, self.chance.randbytes(size), size == left)
        elif self.chance.random() < 0.1:
            event = Trailers(number, [(b"x-last", b"%d" % number)])
        else:
            event = Data(number, self.chance.randbytes(size), self.chance.random() < 0.3)
        side.engine.send(event)
        note(message, event)
