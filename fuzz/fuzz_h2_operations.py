"""Anything an application may call, in any order, between anything a peer may say.

The input is a program: each byte an operation, the bytes behind it its arguments.  Most frames are
built well, so that streams get into every state there is; some are not.  What must hold: a call
raises `LocalProtocolError` and then has changed nothing, or nothing at all; what is said is made of
legal frames; no credit is lost; and in the end nothing is left.
"""

from typing import Final

from fuzz.harness import run
from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.h2 import (
    Connection,
    Data,
    EndOfInput,
    GoAway,
    InformationalResponse,
    Limits,
    PeerFault,
    Ping,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    Trailers,
    Writable,
)
from hyper.hpack import Encoder
from hyper.wire import Field, LocalProtocolError, Role
from tests.support.inside import look, lost_credit, session

_GET: Final[list[Field]] = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"example.org"),
    (b":path", b"/"),
]
_OK: Final[list[Field]] = [(b":status", b"200")]
_HEADS: Final[list[list[Field]]] = [
    _GET,
    [(b":method", b"POST"), *_GET[1:]],
    [(b":method", b"HEAD"), *_GET[1:], (b"priority", b"u=1, i")],
    [(b":method", b"POST"), *_GET[1:], (b"content-length", b"5")],
    [(b":method", b"CONNECT"), (b":authority", b"example.org:443")],
    [(b":method", b"CONNECT"), (b":protocol", b"websocket"), *_GET[1:]],
    _GET[1:],
    _OK,
    [(b":status", b"103")],
    [*_OK, (b"content-length", b"5")],
    [(b":status", b"304"), (b"content-length", b"5")],
    [(b"checksum", b"1")],
    [(b"connection", b"close")],
]
_SIZES: Final = (0, 1, 5, 300, 16_384, 40_000)
_VALUES: Final = (0, 1, 2, 300, 16_384, 65_535, 1_000_000, 2**31 - 1)
_LIMITS: Final = (0, 1, 9, 100, 20_000)


class Tape:
    """The input, read byte by byte; zeros behind its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def byte(self) -> int:
        """The next byte."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def bytes(self, count: int) -> bytes:
        """The next bytes, as many as there are."""
        self._at += count
        return self._data[self._at - count : self._at]

    def stream_id(self) -> int:
        """One of a few streams."""
        return self.byte() % 12


class Machine:
    """An engine, a peer that builds frames, and the program that drives both."""

    def __init__(self, tape: Tape) -> None:
        options = tape.byte()
        self.role: Final = Role.CLIENT if options & 1 else Role.SERVER
        settings = [(2, 1)] if self.role is Role.CLIENT else [(8, 1)]
        limits = Limits(
            remembered_resets=options >> 1 & 3,
            max_concurrent_streams=3 if options & 8 else 100,
            connection_window=65_535 if options & 16 else 0,
            send_high_water=500 if options & 32 else 65_536,
            send_low_water=100 if options & 32 else 16_384,
            keepalive_interval=5.0 if options & 64 else 1e9,
        )
        self.engine: Final = Connection(
            self.role, settings=settings, limits=limits, auto_consume=options & 128 != 0
        )
        self.tape: Final = tape
        self.encoder: Final = Encoder()
        self.reader: Final = FrameReader(preface=self.role is Role.CLIENT)
        self.now = 1.0
        self.ends = 0
        self.looks = 0
        start = PREFACE if self.role is Role.SERVER else b""
        self.hear(start + serialize(SettingsFrame([(2, 1)] if start else [])))
        self.hear(serialize(SettingsFrame(ack=True)))

    def run(self) -> None:
        """The whole program, then the end of input."""
        operations = [
            self._hear_bytes,
            self._hear_frame,
            self._hear_frame,
            self._ask_message,
            self._ask_message,
            self._ask_other,
            self._consume,
            self._pass_time,
            self._read,
            self._take,
        ]
        while self.tape:
            operations[self.tape.byte() % len(operations)]()
        self._take(0)
        if not self.engine.closed:
            assert lost_credit(self.engine) == 0, "every flow-controlled byte is accounted for"
        self.engine.receive_data(b"", self.now)
        self._take(0)
        self._pass(1e6)
        self._take(0)
        self._say(None)
        state = session(self.engine)
        assert self.engine.closed, "some time after the end of input nothing goes on"
        assert self.ends <= 1, "one end"
        assert not state.streams
        assert not state.lingering
        assert self.engine.next_timer() is None
        assert self.engine.data_to_send() == b""

    # -- the peer ----------------------------------------------------------------------------

    def hear(self, octets: bytes) -> None:
        """Bytes come."""
        if octets:
            self.engine.receive_data(octets, self.now)

    def _hear_bytes(self) -> None:
        self.hear(self.tape.bytes(self.tape.byte() % 40))

    def _hear_frame(self) -> None:
        tape = self.tape
        kind = tape.byte()
        stream_id = tape.stream_id()
        argument = tape.byte()
        head = _HEADS[argument % len(_HEADS)]
        end = kind & 64 != 0
        padding = argument if kind & 128 else None
        frames: list[Frame] = []
        if kind % 11 == 0 and stream_id:
            size = _SIZES[argument % 5]
            frames = [DataFrame(stream_id, bytes(min(size, 16_000)), end, padding)]
        elif kind % 11 <= 3 and stream_id:
            frames = [HeadersFrame(stream_id, self.encoder.encode(head), end, True, None, padding)]
        elif kind % 11 == 4 and stream_id:
            frames = [RstStreamFrame(stream_id, argument % 14)]
        elif kind % 11 == 5:
            frames = [WindowUpdateFrame(stream_id, max(1, _VALUES[argument % 8]))]
        elif kind % 11 == 6:
            frames = [SettingsFrame(self._settings(argument))]
        elif kind % 11 == 7:
            frames = [PingFrame(bytes([argument] * 8), end)]
        elif kind % 11 == 8:
            frames = [GoAwayFrame(stream_id if end else 2**31 - 1, argument % 2)]
        elif kind % 11 == 9 and stream_id:
            promised = argument % 8 * 2
            if promised:
                frames = [PushPromiseFrame(stream_id, promised, self.encoder.encode(_GET))]
        else:
            frames = [SettingsFrame(ack=True), PriorityUpdateFrame(max(1, stream_id), b"u=2, i")]
        for frame in frames:
            self.hear(serialize(frame))

    def _settings(self, argument: int) -> list[tuple[int, int]]:
        value = _VALUES[argument >> 3 & 7]
        return [
            [(4, value)],
            [(1, min(value, 70_000))],
            [(3, value)],
            [(5, 16_384 + argument)],
            [(4, value), (4, 65_535)],
            [(6, value)],
            [(0x99, value)],
            [],
        ][argument & 7]

    # -- the application ---------------------------------------------------------------------

    def ask(self, event: Sendable) -> None:
        """A call, right or wrong."""
        before = self._look()
        try:
            self.engine.send(event)
        except LocalProtocolError:
            assert before is None or self._look(True) == before, f"a trace of {event}"

    def _look(self, again: bool = False) -> object | None:
        """All of the engine's state, now and then: it takes longer than everything else."""
        self.looks += not again
        return look(session(self.engine)) if self.looks % 8 == 0 else None

    def _ask_message(self) -> None:
        tape = self.tape
        kind = tape.byte()
        stream_id = tape.stream_id()
        argument = tape.byte()
        head = _HEADS[argument % len(_HEADS)]
        end = kind & 64 != 0
        if kind & 128:
            stream_id = self.engine.next_stream_id()
        if kind % 7 <= 1:
            self.ask(Data(stream_id, bytes(_SIZES[argument % 6]), end))
        elif kind % 7 == 2:
            self.ask(Response(stream_id, head, end))
        elif kind % 7 == 3:
            self.ask(Request(stream_id, head, end))
        elif kind % 7 == 4:
            self.ask(Trailers(stream_id, head))
        elif kind % 7 == 5:
            self.ask(InformationalResponse(stream_id, head))
        else:
            promised = self.engine.next_stream_id() if end else argument
            self.ask(PushPromise(stream_id, promised, head if kind & 32 else _GET))

    def _ask_other(self) -> None:
        tape = self.tape
        kind = tape.byte()
        stream_id = tape.stream_id()
        argument = tape.byte()
        if kind % 5 == 0:
            self.ask(Reset(stream_id, argument % 14))
        elif kind % 5 == 1:
            self.ask(Settings(self._settings(argument)))
        elif kind % 5 == 2:
            self.ask(Ping(bytes([argument] * (8 if kind & 64 else 7))))
        elif kind % 5 == 3:
            code = ErrorCode.INTERNAL_ERROR if kind & 64 and kind & 128 else ErrorCode.NO_ERROR
            self.ask(GoAway(stream_id if kind & 32 else 2**31 - 1, code))
        elif kind & 64:
            self.engine.shut_down(self.now, warn=kind & 32 != 0)

    def _consume(self) -> None:
        stream_id, count = self.tape.stream_id(), _SIZES[self.tape.byte() % 6]
        before = self._look()
        try:
            self.engine.consume(stream_id, count)
        except LocalProtocolError:
            assert before is None or self._look(True) == before, "a trace of consuming too much"

    def _pass_time(self) -> None:
        self._pass(self.tape.byte() / 8)

    def _pass(self, seconds: float) -> None:
        self.now += seconds
        for _ in range(50):
            due = self.engine.next_timer()
            if due is None or due > self.now:
                return
            self.engine.handle_timer(self.now)
            self._take(0)
        raise AssertionError("a timer that is due is due for ever")

    def _read(self) -> None:
        choice = self.tape.byte()
        self._say(None if choice & 128 else _LIMITS[choice % 5])

    def _say(self, limit: int | None) -> None:
        wanted = self.engine.wants_to_send
        octets = self.engine.data_to_send(limit)
        assert wanted or not octets, "who does not want to send has nothing to send"
        assert limit is None or len(octets) <= limit
        for frame in self.reader.feed(octets):
            assert not isinstance(frame, FrameError), f"an illegal frame: {frame}"

    def _take(self, count: int | None = None) -> None:
        left = self.tape.byte() % 4 if count is None else count
        while (event := self.engine.next_event()) is not None:
            # Whoever closed its end can still be answered, or be late to be answered.
            assert not self.ends or isinstance(event, Writable | PeerFault), f"{event} behind it"
            if isinstance(event, EndOfInput):
                self.ends += 1
            elif isinstance(event, PeerFault):
                assert str(event), "a fault says what it is"
            left -= 1
            if left == 0:
                return


def one_input(data: bytes) -> None:
    """One program, from its first byte to the end of input."""
    Machine(Tape(data)).run()


if __name__ == "__main__":
    run(one_input)
