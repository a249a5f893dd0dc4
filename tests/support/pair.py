"""Two engines back to back, with the wires between them in a test's hands.

Nothing moves by itself: bytes leave an engine, travel and arrive in whatever pieces the schedule
says, events are taken when it says so, and the clock stands until it moves it.  A seed is a
schedule; the same seed is the same run.
"""

import random
from collections.abc import Sequence
from typing import Final

from hyper.frame import ErrorCode, SettingId
from hyper.h2 import (
    Connection,
    ConnectionState,
    Data,
    Event,
    GoAway,
    InformationalResponse,
    Limits,
    PeerFault,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Settings,
    Trailers,
)
from hyper.wire import Field, Role

_REQUEST: Final[list[Field]] = [
    (b":method", b"POST"),
    (b":scheme", b"https"),
    (b":authority", b"example.org"),
]
_PIECES: Final = (0, 1, 5, 100, 16_384, 16_385, 70_000)


def drained(engine: Connection) -> list[Event]:
    """All events there are now."""
    events: list[Event] = []
    while (event := engine.next_event()) is not None:
        events.append(event)
    return events


class Pair:
    """A client and a server; `flow` moves everything until both are quiet."""

    def __init__(
        self,
        *,
        client_settings: Sequence[tuple[int, int]] = (),
        server_settings: Sequence[tuple[int, int]] = (),
        client_limits: Limits | None = None,
        server_limits: Limits | None = None,
        auto_consume: bool = False,
    ) -> None:
        self.now = 100.0
        self.client: Final = Connection(
            Role.CLIENT, settings=client_settings, limits=client_limits, auto_consume=auto_consume
        )
        self.server: Final = Connection(
            Role.SERVER, settings=server_settings, limits=server_limits, auto_consume=auto_consume
        )
        self.bytes_moved = 0

    def flow(self) -> tuple[list[Event], list[Event]]:
        """Move bytes both ways until nobody has any; what client and server were told of it."""
        to_client: list[Event] = []
        to_server: list[Event] = []
        while self.client.wants_to_send or self.server.wants_to_send:
            to_server += self._move(self.client, self.server)
            to_client += self._move(self.server, self.client)
        return to_client + drained(self.client), to_server + drained(self.server)

    def _move(self, source: Connection, target: Connection) -> list[Event]:
        octets = source.data_to_send()
        self.bytes_moved += len(octets)
        if octets:
            target.receive_data(octets, self.now)
        return drained(target)


class Message:
    """What one side says on a stream, in pieces, and how far it has come."""

    def __init__(self, chance: random.Random) -> None:
        self.pieces = [chance.choice(_PIECES) for _ in range(chance.randrange(4))]
        self.end = chance.choice(["with the last piece", "with an empty piece", "with trailers"])
        self.told: list[bytes] = []
        self.sent: list[bytes] = []
        self.finished = False

    def next_event(self, stream_id: int, chance: random.Random) -> Data | Trailers:
        """The next thing to say."""
        if self.pieces:
            piece = chance.randbytes(1) * self.pieces.pop()
            self.sent.append(piece)
            if not self.pieces and self.end == "with the last piece":
                self.finished = True
                return Data(stream_id, piece, True)
            return Data(stream_id, piece)
        self.finished = True
        if self.end == "with trailers":
            return Trailers(stream_id, [(b"checksum", b"%d" % len(b"".join(self.sent)))])
        return Data(stream_id, b"", True)


class Side:
    """An engine and an application that uses it, clumsily but legally."""

    def __init__(self, engine: Connection, chance: random.Random) -> None:
        self.engine: Final = engine
        self.chance: Final = chance
        self.wire = b""  # on its way to this side
        self.saying: dict[int, Message] = {}
        self.said: dict[int, Message] = {}
        self.heard: dict[int, list[bytes]] = {}
        self.complete: set[int] = set()  # streams whose message came to its end
        self.cut_off: set[int] = set()  # streams that a reset ended, ours or the peer's
        self.held: dict[int, int] = {}
        self.pings = 0
        self.pongs = 0
        self.faults: list[PeerFault] = []

    def hear(self, event: Event) -> None:
        """One event, as an application would take it."""
        if isinstance(event, PeerFault):
            self.faults.append(event)
            self.cut_off.add(event.stream_id)
            self.saying.pop(event.stream_id, None)
        elif isinstance(event, Request):
            self.heard[event.stream_id] = []
            self.saying[event.stream_id] = Message(self.chance)
            if event.end_stream:
                self.complete.add(event.stream_id)
        elif isinstance(event, Response):
            self.heard[event.stream_id] = []
            if event.end_stream:
                self.complete.add(event.stream_id)
        elif isinstance(event, Data):
            self.heard[event.stream_id].append(event.data)
            self.held[event.stream_id] = self.held.get(event.stream_id, 0) + len(event.data)
            if event.end_stream:
                self.complete.add(event.stream_id)
        elif isinstance(event, Trailers):
            size = sum(map(len, self.heard[event.stream_id]))
            assert event.fields == [(b"checksum", b"%d" % size)], "trailers come behind the content"
            self.complete.add(event.stream_id)
        elif isinstance(event, Reset):
            self.cut_off.add(event.stream_id)
            self.saying.pop(event.stream_id, None)
            # What a reset left behind is credited already: consuming it once more must do nothing.
            if self.chance.random() < 0.5:
                self.held.pop(event.stream_id, None)
        elif isinstance(event, Pong):
            self.pongs += 1

    def speak(self, stream_id: int) -> None:
        """Say the next thing on a stream."""
        message = self.saying[stream_id]
        event = message.next_event(stream_id, self.chance)
        self.engine.send(event)
        self.said[stream_id] = message
        if message.finished:
            del self.saying[stream_id]

    def reset(self, stream_id: int) -> None:
        """Give a stream up."""
        self.engine.send(Reset(stream_id, ErrorCode.CANCEL))
        self.cut_off.add(stream_id)
        self.saying.pop(stream_id, None)

    def consume(self, stream_id: int, count: int) -> None:
        """Be done with some content."""
        self.engine.consume(stream_id, count)
        self.held[stream_id] -= count
        if not self.held[stream_id]:
            del self.held[stream_id]


class Schedule:
    """One run of two sides, decided by a seed from the first byte to the last."""

    def __init__(self, seed: int, requests: int = 6) -> None:
        chance = random.Random(seed)  # noqa: S311 - a schedule that can be repeated, not a secret
        self.chance: Final = chance
        self.now = chance.choice([0.0, 1e9])
        limits = Limits(max_concurrent_streams=chance.choice([1, 3, 100]), reset_burst=1e9)
        windows = [(SettingId.INITIAL_WINDOW_SIZE, chance.choice([0, 1, 1_000, 65_535, 1_000_000]))]
        self.client: Final = Side(
            Connection(Role.CLIENT, settings=chance.choice([(), windows])), chance
        )
        self.server: Final = Side(
            Connection(Role.SERVER, limits=limits, settings=chance.choice([(), windows])), chance
        )
        self.requests = requests
        self.answered: set[int] = set()

    def run(self, steps: int = 150) -> None:
        """So many steps of anything, then everything to its end."""
        for _ in range(steps):
            side = self.chance.choice([self.client, self.server])
            self._step(side)
        # A stream without a window never ends: both sides open up before the last act.
        for side in (self.client, self.server):
            self._declare(side, SettingId.INITIAL_WINDOW_SIZE, 2_000_000)
        for _ in range(10_000):
            if not self._wind_up():
                return
        raise AssertionError("the two sides never come to rest")

    def _step(self, side: Side) -> None:
        act = self.chance.randrange(12)
        if act <= 2:
            self._transmit(side, self.chance.choice([1, 9, 100, 20_000, None]))
        elif act <= 5:
            self._deliver(side, self.chance.choice([1, 8, 30, 5_000, 100_000]))
            for _ in range(self.chance.randrange(6)):
                self._take(side)
        elif act == 6:
            self._open()
        elif act <= 8:
            self._speak(side)
        elif act == 9:
            self._consume(side)
        elif act == 10:
            self._caprice(side)
        else:
            self.now += self.chance.choice([0.0, 0.001, 1.0])

    def _wind_up(self) -> bool:
        """Move on towards the end; whether there was anything to do."""
        busy = False
        while self.requests:
            self._open()
        for side in (self.client, self.server):
            self._transmit(side, None)
            self._deliver(side, 10**9)
            while self._take(side):
                busy = True
            for stream_id in list(side.saying):
                busy = True
                if side is self.server and stream_id not in self.answered:
                    self._answer(stream_id)
                side.speak(stream_id)
            for stream_id, count in list(side.held.items()):
                busy = True
                side.consume(stream_id, count)
        sides = (self.client, self.server)
        return busy or any(side.engine.wants_to_send or side.wire for side in sides)

    def _other(self, side: Side) -> Side:
        return self.server if side is self.client else self.client

    def _transmit(self, side: Side, limit: int | None) -> None:
        octets = side.engine.data_to_send(limit)
        assert limit is None or len(octets) <= limit, "not a byte above the limit"
        self._other(side).wire += octets

    def _deliver(self, side: Side, count: int) -> None:
        if side.wire:
            side.engine.receive_data(side.wire[:count], self.now)
            side.wire = side.wire[count:]

    def _take(self, side: Side) -> bool:
        event = side.engine.next_event()
        if event is None:
            return False
        side.hear(event)
        if side is self.client and isinstance(event, Response):
            assert event.stream_id in side.said or event.stream_id in side.saying
        return True

    def _open(self) -> None:
        if not self.requests:
            return
        self.requests -= 1
        engine = self.client.engine
        if not engine.can_open:
            return
        stream_id = engine.next_stream_id()
        fields = [*_REQUEST, (b":path", b"/%d" % stream_id), (b"x-seed", b"%d" % stream_id)]
        engine.send(Request(stream_id, fields))
        self.client.saying[stream_id] = Message(self.chance)

    def _answer(self, stream_id: int) -> None:
        engine = self.server.engine
        if self.chance.random() < 0.3:
            engine.send(InformationalResponse(stream_id, [(b":status", b"103")]))
        engine.send(Response(stream_id, [(b":status", b"200"), (b"x-id", b"%d" % stream_id)]))
        self.answered.add(stream_id)

    def _speak(self, side: Side) -> None:
        if not side.saying:
            return
        stream_id = self.chance.choice(sorted(side.saying))
        if side is self.server and stream_id not in self.answered:
            self._answer(stream_id)
        else:
            side.speak(stream_id)

    def _consume(self, side: Side) -> None:
        if side.held:
            stream_id = self.chance.choice(sorted(side.held))
            side.consume(stream_id, self.chance.randint(0, side.held[stream_id]))

    def _caprice(self, side: Side) -> None:
        kind = self.chance.randrange(6)
        if kind == 0 and side.saying:
            side.reset(self.chance.choice(sorted(side.saying)))
        elif kind == 1:
            side.engine.send(Ping(self.chance.randbytes(8)))
            side.pings += 1
        elif kind == 2:
            size = self.chance.choice([0, 1, 20_000, 65_535, 500_000])
            self._declare(side, SettingId.INITIAL_WINDOW_SIZE, size)
        elif kind == 3:
            self._declare(side, SettingId.HEADER_TABLE_SIZE, self.chance.choice([0, 50, 4_096]))
        elif kind == 4 and side is self.server:
            self._declare(side, SettingId.MAX_CONCURRENT_STREAMS, self.chance.choice([1, 2, 50]))
        elif self.chance.random() < 0.1:
            self._leave(side)

    def _leave(self, side: Side) -> None:
        if side.engine.state is not ConnectionState.OPEN:
            return
        if side is self.client or self.chance.random() < 0.5:
            side.engine.shut_down()
        else:
            side.engine.send(GoAway(2**31 - 1))  # a warning: nothing that was sent is lost by it

    def _declare(self, side: Side, identifier: SettingId, value: int) -> None:
        side.engine.send(Settings([(identifier, value)]))
