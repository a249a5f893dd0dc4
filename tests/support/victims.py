"""Engines under attack, with applications that do what applications do."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from hyper.frame import (
    PREFACE,
    FrameReader,
    FrameType,
    GoAwayFrame,
    Scope,
    SettingId,
    SettingsFrame,
    serialize,
)
from hyper.h2 import Connection, Data, Event, PeerFault, PushPromise, Request, Response
from hyper.wire import Role
from tests.support import attacks
from tests.support.playbook import GET, OK, POST

_COOKIE: Final = (b"set-cookie", b"x" * 1_000)


class Victim:
    """A server that answers every request with ten kilobytes, or a client that has asked for a few
    things; one of the kinds of `tests.support.attacks`.
    """

    def __init__(self, kind: str = attacks.SERVER) -> None:
        self.kind: Final = kind
        self.fault: PeerFault | None = None
        self.told: Counter[str] = Counter()
        self.told_after = 0
        self.written = 0
        self.tail = b""
        start = b""
        if kind in {attacks.CLIENT, attacks.PUSHED}:
            wanted = [(SettingId.ENABLE_PUSH, 1)] if kind == attacks.PUSHED else []
            self.engine = Connection(Role.CLIENT, settings=wanted, auto_consume=True)
            self.engine.send(Request(1, GET, True))
            self.engine.send(Request(3, POST))
            self.engine.send(Data(3, bytes(100)))
        else:
            self.engine = Connection(Role.SERVER, auto_consume=kind != attacks.HOARDER)
            start = PREFACE
        start += serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True))
        self.hear(start)
        self.read()
        self.written = 0
        self.told.clear()

    def hear(self, octets: bytes) -> None:
        """Bytes come, and all events are taken."""
        self.engine.receive_data(octets, 0.0)
        while (event := self.engine.next_event()) is not None:
            self.told[type(event).__name__] += 1
            self.told_after += self.fault is not None
            self._react(event)

    def _react(self, event: Event) -> None:
        if isinstance(event, Request):
            if self.kind == attacks.HEADS:
                self.engine.send(Response(event.stream_id, [*OK, _COOKIE], True))
            else:
                self.engine.send(Response(event.stream_id, OK))
                self.engine.send(Data(event.stream_id, bytes(10_000), True))
        elif isinstance(event, PeerFault) and event.scope is Scope.CONNECTION:
            self.fault = event
        else:
            assert not isinstance(event, PushPromise) or self.kind == attacks.PUSHED

    def read(self) -> int:
        """The peer reads everything; how much it was."""
        octets = self.engine.data_to_send()
        self.written += len(octets)
        self.tail = (self.tail + octets)[-300:]
        return len(octets)

    def last_word(self) -> GoAwayFrame:
        """What was written last; it must be GOAWAY."""
        self.read()
        for at in range(len(self.tail) - 16, -1, -1):
            length, kind = int.from_bytes(self.tail[at : at + 3], "big"), self.tail[at + 3]
            if kind == FrameType.GOAWAY and at + 9 + length == len(self.tail):
                (last,) = FrameReader().feed(self.tail[at:])
                assert isinstance(last, GoAwayFrame)
                return last
        raise AssertionError("the last word is something else")


class Meter:
    """Counts the frames in bytes that come in any pieces."""

    def __init__(self) -> None:
        self.frames = 0
        self.octets = 0
        self._skip = 0

    def count(self, octets: bytes) -> None:
        """More bytes."""
        self.octets += len(octets)
        at = self._skip
        while at < len(octets):
            self.frames += 1
            at += 9 + int.from_bytes(octets[at : at + 3], "big")
        self._skip = at - len(octets)


def suffer(victim: Victim, source: Iterator[bytes], reads: bool, most: int) -> Meter:
    """Let an attack run until the victim ends it, or has heard `most` frames; how much it was."""
    meter = Meter()
    while victim.fault is None and meter.frames < most:
        octets = next(source)
        meter.count(octets)
        victim.hear(octets)
        if reads:
            victim.read()
    return meter
