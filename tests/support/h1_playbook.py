"""A conversation with an HTTP/1.1 engine, told in its order: what it hears, tells, is asked, says.

The playbook is the peer, and says octets.  Every expectation carries its reason, and the message of
a failed one is that reason and the conversation so far.
"""

from collections.abc import Sequence
from typing import Final

from hyper.h1 import (
    Connection,
    Data,
    Event,
    InformationalResponse,
    Leniences,
    Limits,
    PeerFault,
    Request,
    Response,
    Sendable,
    State,
    Trailers,
)
from hyper.wire import Field, LocalProtocolError, Role

HOST: Final[Field] = (b"host", b"example.org")
GET: Final = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
POST: Final = b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\n"
CHUNKED_POST: Final = b"POST / HTTP/1.1\r\nHost: example.org\r\nTransfer-Encoding: chunked\r\n\r\n"
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def get(stream_id: int = 1, fields: Sequence[Field] = (), target: bytes = b"/") -> Request:
    """A request without content."""
    return Request(stream_id, b"GET", target, [HOST, *fields], True)


def post(stream_id: int = 1, fields: Sequence[Field] = ()) -> Request:
    """A request with content behind it."""
    return Request(stream_id, b"POST", b"/", [HOST, *fields])


def plain(event: Event) -> Event:
    """The event without what most tests are not about: how names are spelled."""
    if isinstance(event, Request):
        return Request(
            event.stream_id,
            event.method,
            event.target,
            event.fields,
            event.end_stream,
            event.version,
        )
    if isinstance(event, Response):
        return Response(
            event.stream_id,
            event.status,
            event.fields,
            event.end_stream,
            event.reason,
            event.version,
        )
    if isinstance(event, InformationalResponse):
        return InformationalResponse(
            event.stream_id, event.status, event.fields, event.reason, event.version
        )
    if isinstance(event, Trailers):
        return Trailers(event.stream_id, event.fields)
    return event


class Play:
    """An engine of `role` and the conversation with it.  Nothing has been said yet."""

    def __init__(
        self,
        role: Role,
        *,
        limits: Limits | None = None,
        leniences: Leniences | None = None,
        keep_chunk_extensions: bool = False,
        expect_preface: bool = False,
        connected: bool = False,
    ) -> None:
        self.now = 1_000.0
        self.engine: Final = Connection(
            role,
            limits=limits,
            leniences=leniences,
            keep_chunk_extensions=keep_chunk_extensions,
            expect_preface=expect_preface,
            now=self.now if connected else None,
        )
        self._story: list[str] = []

    # -- what happens ------------------------------------------------------------------------

    def hear(self, octets: bytes) -> None:
        """The peer says this, in one piece."""
        self._note("hears", [octets])
        self.engine.receive_data(octets, self.now)

    def hear_bytes(self, octets: bytes) -> list[Event]:
        """The peer says this one byte at a time; what is told meanwhile."""
        self._note("hears", [octets])
        events: list[Event] = []
        for at in range(len(octets)):
            self.engine.receive_data(octets[at : at + 1], self.now)
            events += self.told()
        return events

    def hear_the_end(self) -> None:
        """The peer closes its side."""
        self._note("hears", ["the end of input"])
        self.engine.receive_data(b"", self.now)

    def ask(self, *events: Sendable) -> None:
        """The application says this."""
        self._note("is asked", events)
        for event in events:
            self.engine.send(event)

    def wait(self, seconds: float) -> None:
        """Time passes, and the timer is looked after as a good host does."""
        self.now += seconds
        self._note("waits", [f"{seconds:g} s"])
        due = self.engine.next_timer()
        if due is not None and due <= self.now:
            self.engine.handle_timer(self.now)

    # -- what is expected --------------------------------------------------------------------

    def expect_events(self, *events: Event, because: str) -> None:
        """These are the events now, and there are no others; names may be spelled as they like."""
        told = [plain(each) for each in self.told()]
        assert told == list(events), self._reason(because, list(events), told)

    def expect_no_event(self, because: str) -> None:
        """There is nothing to tell."""
        self.expect_events(because=because)

    def expect_octets(self, octets: bytes, because: str) -> None:
        """This is what the engine says now, and it says nothing else."""
        said = self.said()
        assert said == octets, self._reason(because, [octets], [said])

    def expect_fault(self, status: int, stream_id: int = 1, *, because: str) -> PeerFault:
        """The one event now is a fault of the peer's; returns it."""
        told = self.told()
        wanted = f"{status} on exchange {stream_id}"
        assert len(told) == 1, self._reason(because, [wanted], told)
        fault = told[0]
        assert isinstance(fault, PeerFault), self._reason(because, [wanted], told)
        came = (fault.status, fault.stream_id)
        assert came == (status, stream_id), self._reason(because, [wanted], told)
        assert fault.expected, "a fault says what was expected"
        assert fault.came, "a fault says what came"
        return fault

    def expect_refusal(self, event: Sendable, *, because: str, says: str = "") -> None:
        """Asked for this, the engine raises, with `says` in the message, and nothing changes."""
        before = self._looks()
        error = self._error_of(event)
        assert error is not None, self._reason(because, ["LocalProtocolError"], ["no error"])
        self._note("refuses", [event])
        said = str(error)
        assert says in said, self._reason(because, [says], [said])
        after = self._looks()
        assert after == before, self._reason("a raise changes nothing", [before], [after])

    def expect_state(self, state: State, because: str) -> None:
        """The cycle stands here."""
        came = self.engine.state
        assert came is state, self._reason(because, [state.name], [came.name])

    def expect_waiting(self, waits: bool, because: str) -> None:
        """The client waits for 100 (Continue), or does not."""
        came = self.engine.expects_continue
        assert came is waits, self._reason(because, [waits], [came])

    # -- what came ---------------------------------------------------------------------------

    def told(self) -> list[Event]:
        """Take the events there are."""
        events: list[Event] = []
        while (event := self.engine.next_event()) is not None:
            events.append(event)
        self._note("tells", events)
        return events

    def said(self, limit: int | None = None) -> bytes:
        """Take what the engine has to say."""
        octets = self.engine.data_to_send(limit, self.now)
        self._note("says", [octets])
        return octets

    # -- inside ------------------------------------------------------------------------------

    def _looks(self) -> tuple[object, ...]:
        engine = self.engine
        return (
            engine.state,
            engine.pending(engine.next_stream_id() - 1),
            engine.next_stream_id(),
            engine.next_timer(),
            engine.expects_continue,
            engine.wants_input,
            engine.wants_to_send,
            engine.can_open,
        )

    def _error_of(self, event: Sendable) -> LocalProtocolError | None:
        try:
            self.engine.send(event)
        except LocalProtocolError as error:
            return error
        return None

    def _note(self, verb: str, things: Sequence[object]) -> None:
        for thing in things:
            text = repr(thing)
            self._story.append(f"  {verb:>8} {text if len(text) <= 160 else text[:157] + '...'}")

    def _reason(self, because: str, expected: Sequence[object], came: Sequence[object]) -> str:
        lines = [because, "expected:", *_shown(expected), "came:", *_shown(came)]
        lines.append("the conversation so far; it is the engine who")
        return "\n".join([*lines, *self._story])


def _shown(things: Sequence[object]) -> list[str]:
    return [f"  {each}" for each in things] if things else ["  nothing"]


def drained(engine: Connection) -> list[Event]:
    """Take the events there are."""
    events: list[Event] = []
    while (event := engine.next_event()) is not None:
        events.append(event)
    return events


def joined(events: Sequence[Event]) -> list[Event]:
    """The events with neighbouring pieces of content in one: how input is cut must not show."""
    result: list[Event] = []
    for event in map(plain, events):
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
