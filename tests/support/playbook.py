"""A conversation with an engine, told in its order: what it hears, tells, is asked and says.

The playbook is the peer.  It builds what the peer says from frame values, and reads what the engine
says back into them; field blocks go through HPACK contexts of its own, so that a test speaks of
fields.  Every expectation carries its reason, and the message of a failed one is that reason and
the conversation so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from hyper.frame import (
    PREFACE,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    Priority,
    PushPromiseFrame,
    Scope,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.h2 import Connection, Event, Leniences, Limits, Padding, PeerFault, Sendable
from hyper.hpack import Decoder, Encoder
from hyper.wire import Field, LocalProtocolError, Role

GET: Final[list[Field]] = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"example.org"),
    (b":path", b"/"),
]
POST: Final[list[Field]] = [(b":method", b"POST"), *GET[1:]]
HEAD: Final[list[Field]] = [(b":method", b"HEAD"), *GET[1:]]
CONNECT: Final[list[Field]] = [(b":method", b"CONNECT"), (b":authority", b"example.org:443")]
OK: Final[list[Field]] = [(b":status", b"200")]


@dataclass(slots=True)
class FieldBlock:
    """HEADERS and the CONTINUATION frames behind it, as the fields they carry; or PUSH_PROMISE,
    where `promised_stream_id` is not 0.

    Said by the playbook, `cuts` is where the block is cut into frames; `priority` and `pad_length`
    are HEADERS' own.  Heard from the engine it is whole, however many frames it took.
    """

    stream_id: int
    fields: Sequence[Field]
    end_stream: bool = False
    cuts: Sequence[int] = field(default=(), compare=False)
    priority: Priority | None = None
    pad_length: int | None = None
    promised_stream_id: int = 0


Said: TypeAlias = Frame | FieldBlock
"""What one side says to the other, one by one."""

Heard: TypeAlias = Said | bytes
"""The same, or raw bytes for what no frame value can be."""


class Playbook:
    """An engine of `role` and the conversation with it.  Nothing has been said yet."""

    def __init__(
        self,
        role: Role,
        *,
        settings: Sequence[tuple[int, int]] = (),
        limits: Limits | None = None,
        auto_consume: bool = False,
        padding: Padding | None = None,
        leniences: Leniences | None = None,
        by_hand: bool = False,
    ) -> None:
        self.engine: Final = Connection(
            role,
            settings=settings,
            limits=limits,
            auto_consume=auto_consume,
            padding=padding,
            leniences=leniences,
            by_hand=by_hand,
        )
        self.now = 1_000.0
        self.encoder: Final = Encoder()
        self.decoder: Final = Decoder()
        self._reader = FrameReader(preface=role is Role.CLIENT)
        self._block: HeadersFrame | PushPromiseFrame | None = None
        self._fragment = b""
        self._story: list[str] = []

    @classmethod
    def opened(
        cls,
        role: Role,
        *,
        settings: Sequence[tuple[int, int]] = (),
        limits: Limits | None = None,
        auto_consume: bool = False,
        padding: Padding | None = None,
        leniences: Leniences | None = None,
        by_hand: bool = False,
        peer: Sequence[tuple[int, int]] = (),
    ) -> "Playbook":
        """Both prefaces are exchanged and acknowledged; `peer` are the settings of the peer."""
        play = cls(
            role,
            settings=settings,
            limits=limits,
            auto_consume=auto_consume,
            padding=padding,
            leniences=leniences,
            by_hand=by_hand,
        )
        play.said()
        if role is Role.SERVER:
            play.hear(PREFACE)
        play.hear(SettingsFrame(peer), SettingsFrame(ack=True))
        play.told()
        play.said()
        return play

    # -- what happens ------------------------------------------------------------------------

    def hear(self, *said: Heard) -> None:
        """The peer says this, in one piece of bytes."""
        octets = b"".join([self.octets(each) for each in said])
        self._note("hears", said)
        self.engine.receive_data(octets, self.now)

    def hear_the_end(self) -> None:
        """The peer closes its side."""
        self._note("hears", ["the end of input"])
        self.engine.receive_data(b"", self.now)

    def ask(self, *events: Sendable) -> None:
        """The application says this."""
        self._note("is asked", events)
        for event in events:
            self.engine.send(event)

    def consume(self, stream_id: int, count: int) -> None:
        """The application is done with so much content."""
        self._note("is asked", [f"consume({stream_id}, {count})"])
        self.engine.consume(stream_id, count)

    def wait(self, seconds: float) -> None:
        """Time passes, and the timer is looked after as a good host does."""
        self.now += seconds
        self._note("waits", [f"{seconds:g} s"])
        due = self.engine.next_timer()
        if due is not None and due <= self.now:
            self.engine.handle_timer(self.now)

    # -- what is expected --------------------------------------------------------------------

    def expect_events(self, *events: Event, because: str) -> None:
        """These are the events now, and there are no others."""
        told = self.told()
        assert told == list(events), self._reason(because, list(events), told)

    def expect_no_event(self, because: str) -> None:
        """There is nothing to tell."""
        told = self.told()
        assert told == [], self._reason(because, [], told)

    def expect_frames(self, *frames: Said, because: str) -> None:
        """This is what the engine says now, and it says nothing else."""
        said = self.said()
        assert said == list(frames), self._reason(because, list(frames), said)

    def expect_silence(self, because: str) -> None:
        """The engine has nothing to say."""
        said = self.said()
        assert said == [], self._reason(because, [], said)

    def expect_fault(
        self, code: ErrorCode, scope: Scope, stream_id: int = 0, *, because: str
    ) -> PeerFault:
        """The one event now is a fault of the peer's; returns it."""
        told = self.told()
        wanted = f"{code.name}, {scope.name}, stream {stream_id}"
        assert len(told) == 1, self._reason(because, [wanted], told)
        fault = told[0]
        assert isinstance(fault, PeerFault), self._reason(because, [wanted], told)
        came = (fault.code, fault.scope, fault.stream_id)
        assert came == (code, scope, stream_id), self._reason(because, [wanted], told)
        assert fault.expected, "a fault says what was expected"
        assert fault.came, "a fault says what came"
        return fault

    def expect_refusal(self, event: Sendable, *, because: str, says: str = "") -> None:
        """Asked for this, the engine raises, with `says` in the message."""
        error = self._error_of(event)
        assert error is not None, self._reason(because, ["LocalProtocolError"], ["no error"])
        self._note("refuses", [event])
        said = str(error)
        assert says in said, self._reason(because, [says], [said])

    def refuses(self, event: Sendable) -> bool:
        """Whether the engine raises for this."""
        refused = self._error_of(event) is not None
        self._note("refuses" if refused else "is asked", [event])
        return refused

    # -- what came ---------------------------------------------------------------------------

    def told(self) -> list[Event]:
        """Take the events there are."""
        events: list[Event] = []
        while (event := self.engine.next_event()) is not None:
            events.append(event)
        self._note("tells", events)
        return events

    def said(self, limit: int | None = None) -> list[Said]:
        """Take what the engine has to say (`limit` bytes of it), as far as frames are whole."""
        frames: list[Said] = []
        for news in self._reader.feed(self.engine.data_to_send(limit, self.now)):
            assert not isinstance(news, FrameError), f"the engine wrote an illegal frame: {news}"
            if isinstance(news, HeadersFrame | PushPromiseFrame | ContinuationFrame):
                self._gather(news, frames)
            else:
                assert self._block is None, "RFC 9113 §4.3: nothing comes between CONTINUATIONs"
                frames.append(_without_reason(news))
        self._note("says", frames)
        return frames

    def octets(self, said: Heard) -> bytes:
        """What the peer's side of the wire carries for this."""
        if isinstance(said, bytes):
            return said
        if not isinstance(said, FieldBlock):
            return serialize(said, 2**24 - 1)
        block = self.encoder.encode(said.fields)
        cuts = [0, *said.cuts, len(block)]
        parts = [block[a:b] for a, b in pairwise(cuts)]
        last = len(parts) == 1
        head: Frame = HeadersFrame(
            said.stream_id, parts[0], said.end_stream, last, said.priority, said.pad_length
        )
        if said.promised_stream_id:
            head = PushPromiseFrame(
                said.stream_id, said.promised_stream_id, parts[0], last, said.pad_length
            )
        frames = [serialize(head, 2**24 - 1)]
        for number, part in enumerate(parts[1:], 2):
            frames.append(serialize(ContinuationFrame(said.stream_id, part, number == len(parts))))
        return b"".join(frames)

    # -- inside ------------------------------------------------------------------------------

    def _gather(
        self, news: HeadersFrame | PushPromiseFrame | ContinuationFrame, frames: list[Said]
    ) -> None:
        if not isinstance(news, ContinuationFrame):
            assert self._block is None, "RFC 9113 §4.3: a block ends before another begins"
            self._block = news
            self._fragment = b""
        head = self._block
        assert head is not None, "RFC 9113 §6.10: CONTINUATION follows HEADERS or PUSH_PROMISE"
        assert news.stream_id == head.stream_id, "RFC 9113 §6.10: CONTINUATION stays on its stream"
        self._fragment += news.fragment
        if news.end_headers:
            self._block = None
            block = FieldBlock(
                head.stream_id, self.decoder.decode(self._fragment), pad_length=head.pad_length
            )
            if isinstance(head, PushPromiseFrame):
                block.promised_stream_id = head.promised_stream_id
            else:
                block.end_stream = head.end_stream
                block.priority = head.priority
            frames.append(block)

    def _error_of(self, event: Sendable) -> LocalProtocolError | None:
        try:
            self.engine.send(event)
        except LocalProtocolError as error:
            return error
        return None

    def _note(self, verb: str, things: Sequence[object]) -> None:
        for thing in things:
            text = repr(thing)
            self._story.append(f"  {verb:>8} {text if len(text) <= 120 else text[:117] + '...'}")

    def _reason(self, because: str, expected: Sequence[object], came: Sequence[object]) -> str:
        lines = [because, "expected:", *_shown(expected), "came:", *_shown(came)]
        lines.append("the conversation so far; it is the engine who")
        return "\n".join([*lines, *self._story])


def _without_reason(frame: Frame) -> Frame:
    """GOAWAY says why, in a sentence that few tests are about."""
    if isinstance(frame, GoAwayFrame) and frame.debug.startswith(b"expected "):
        assert len(frame.debug) <= 200, "a sentence, not a page"
        assert frame.debug.isascii(), "for any log"
        return GoAwayFrame(frame.last_stream_id, frame.code)
    return frame


def _shown(things: Sequence[object]) -> list[str]:
    return [f"  {each}" for each in things] if things else ["  nothing"]


def without_window_updates(said: Sequence[Said]) -> list[Said]:
    """What was said, but for receive credit: for tests that are about something else."""
    return [each for each in said if not isinstance(each, WindowUpdateFrame)]


def content_of(said: Sequence[Said], stream_id: int) -> bytes:
    """The content that was said on one stream."""
    pieces = [
        each.data for each in said if isinstance(each, DataFrame) and each.stream_id == stream_id
    ]
    return b"".join(pieces)
