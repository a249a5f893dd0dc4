"""The streams of one connection: a mailbox each, and what may be asked of it.

Not here: the connection around them (`_pump`), and what arrives outside streams.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from hyper.frame import ErrorCode
from hyper.h2 import (
    Data,
    GoAway,
    InformationalResponse,
    Limits,
    PeerFault,
    Request,
    Reset,
    Response,
    Trailers,
    Writable,
)
from hyper.http import Connection, Http1Connection
from hyper.io._endings import cut_off, reset_by_peer, reset_by_us, truncated
from hyper.io._leftovers import Leftovers
from hyper.io._mailbox import Informational, Mailbox, pseudo, regular
from hyper.io.errors import PeerFaultError, TimedOut, TransportError
from hyper.wire import Field

CONNECTION: Final = 0
"""The stream id under which the connection itself is among the changed."""

EXPECT_PATIENCE: Final = 1.0
"""How long a server may take to say that it wants content, in seconds; then it is sent unasked."""
# RFC 9110 §10.1.1: a client SHOULD NOT wait for an indefinite period.  curl waits as long.

# Servers send one or two (100, 103).  A peer that sends them without end must not fill our memory.
_MAX_INFORMATIONAL: Final = 64


class Streams:
    """Every method that takes a mailbox raises what ended it early, once that has happened.

    `None` from a method that returns something means: not yet, wait until the stream has changed.
    """

    def __init__(self, engine: Connection, limits: Limits, peer: str) -> None:
        self.changed: set[int] = set()
        self._engine = engine
        self._limits: Final = limits
        self._peer: Final = peer
        self._boxes: Final[dict[int, Mailbox]] = {}
        self._in_line: Final[deque[Mailbox]] = deque()  # client: requests that wait for others
        # Server: requests nobody has taken yet, how many handlers are at work, what they left.
        self._arrived: Final[deque[Mailbox]] = deque()
        self._handlers = 0
        self._leftovers: Final = Leftovers(engine)

    def adopt(self, engine: Connection) -> None:
        """It has turned out what the peer speaks; no stream has begun yet."""
        self._engine = engine
        self._leftovers.adopt(engine)

    # -- look --------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a stream is open or a handler at work."""
        return self._engine.open_streams > 0 or self._handlers > 0

    def queued(self, box: Mailbox) -> int:
        """Bytes of content queued on the stream."""
        return self._engine.pending(box.stream_id)

    def over(self, box: Mailbox) -> bool:
        """Whether nothing more can come or go on the stream."""
        if box.error is not None:
            return True
        return box.ended and box.sent_end and not self._engine.pending(box.stream_id)

    # -- ask: both roles ---------------------------------------------------------------------

    def take(self, box: Mailbox) -> bytes | None:
        """The next piece of content, b"" at its end; `None`: wait.

        Taking a piece is what lets the peer send more.
        """
        chunk = box.pick()
        if chunk:
            box.held -= len(chunk)
            self._engine.consume(box.stream_id, len(chunk))
            return chunk
        if box.ended:
            return b""
        if box.error is not None:
            raise box.error.with_traceback(None)
        return None

    def room(self, box: Mailbox) -> bool | None:
        """True when more content may be written; `None`: wait."""
        if box.error is not None:
            raise box.error.with_traceback(None)
        return None if box.blocked else True

    def write(self, box: Mailbox, data: bytes, *, end: bool) -> None:
        """Queue content; with `end` it is the last."""
        self.room(box)
        if box.head_only and box.sent_end:
            return
        self._engine.send(Data(box.stream_id, data, end))
        if end:
            self._sent_end(box)
        elif self._engine.pending(box.stream_id) > self._limits.send_high_water:
            box.blocked = True

    def end(self, box: Mailbox, trailers: Sequence[Field]) -> None:
        """End our message, with `trailers` if there are any."""
        if not trailers:
            self.write(box, b"", end=True)
            return
        self.room(box)
        if box.head_only and box.sent_end:
            return
        self._engine.send(Trailers(box.stream_id, trailers))
        self._sent_end(box)

    def reset(self, box: Mailbox, code: int, error: Exception | None = None) -> None:
        """Cut the stream off, unless it is over; what is held of it is forgotten.

        Whoever waits for it, or asks it for something, gets `error`.
        """
        if not self.over(box):
            self._engine.send(Reset(box.stream_id, code))
            error = error or reset_by_us(box.stream_id, code)
            self._end_early(box, error)
        self._discard(box)

    def time_out(self, box: Mailbox, phase: str, seconds: float) -> Exception:
        """A wait for the peer was too long: resets the stream, returns what to raise."""
        if self.waits(box):
            wanted = "a response to those before this request"
        elif phase == "write":
            wanted = "room for more content"
        else:
            wanted = "a response" if box.head is None else "more content"
        message = f"{self._peer}: expected {wanted} within {seconds:g} s, got none"
        error = TimedOut(message, phase=phase)
        self.reset(box, ErrorCode.CANCEL, error)
        return error

    # -- ask: a client -----------------------------------------------------------------------

    def open(self, fields: Sequence[Field], *, end_stream: bool) -> Mailbox:
        """Send a request."""
        box = Mailbox(self._engine.next_stream_id())
        self._engine.send(Request(box.stream_id, fields, end_stream))
        box.sent_head = True
        box.sent_end = end_stream
        box.expects = not end_stream and _expects(fields)
        self._boxes[box.stream_id] = box
        if self.waits(box):
            self._in_line.append(box)
        return box

    def has_head(self, box: Mailbox) -> bool | None:
        """True when there is a head not told of, interim or final; `None`: wait."""
        if box.head is not None or box.told < len(box.informational):
            return True
        if box.error is not None:
            raise box.error.with_traceback(None)
        return None

    def waits(self, box: Mailbox) -> bool:
        """Whether the request waits for others on its connection: the peer owes it nothing yet."""
        engine = self._engine
        return isinstance(engine, Http1Connection) and engine.waits(box.stream_id)

    def has_turn(self, box: Mailbox) -> bool | None:
        """True when the request has been sent, or its beginning; `None`: wait."""
        if box.error is not None:
            raise box.error.with_traceback(None)
        return None if self.waits(box) else True

    def told_to_go_on(self, box: Mailbox) -> bool | None:
        """Whether the server wants our content; false when its answer came, `None`: wait."""
        if box.head is not None:
            # RFC 9110 §10.1.1: with a final status code, the server may want no content any more.
            box.unsent = True
            return False
        if box.error is not None:
            raise box.error.with_traceback(None)
        return True if any(news.status == 100 for news in box.informational) else None

    # -- ask: a server -----------------------------------------------------------------------

    def accept(self) -> Mailbox | None:
        """The next request, once there is a handler to spare for it."""
        # A peer that resets its requests gets their slots back from the engine, while the handlers
        # run on (CVE-2023-44487): so handlers are counted here, and the rest waits.
        while self._arrived and self._handlers < self._limits.max_concurrent_streams:
            box = self._arrived.popleft()
            if box.error is None:
                self._handlers += 1
                return box
        return None

    def go_on(self, box: Mailbox) -> None:
        """Tell a client that waits for it to send its content (RFC 9110 §10.1.1)."""
        box.expects = False
        # One that has sent some, or has its answer, waits no more.
        if not (box.sent_head or box.received or box.ended or box.error):
            self.inform(box, 100, ())

    def inform(self, box: Mailbox, status: int, fields: Sequence[Field]) -> None:
        """Send an interim response."""
        self.room(box)
        self._engine.send(InformationalResponse(box.stream_id, _head(status, fields)))

    def respond(self, box: Mailbox, status: int, fields: Sequence[Field], *, end: bool) -> None:
        """Send the final head; with `end` there is no content."""
        self.room(box)
        end = end or box.head_only
        self._engine.send(Response(box.stream_id, _head(status, fields), end))
        box.sent_head = True
        if end:
            self._sent_end(box)

    def answer(self, box: Mailbox, status: int, fields: Sequence[Field], content: bytes) -> None:
        """Send a whole response."""
        self.respond(box, status, fields, end=not content)
        if not box.sent_end:
            self.write(box, content, end=True)

    def finish(self, box: Mailbox) -> bool:
        """The handler is done with the stream.  False when its response was not complete;
        a response that had not begun is made a 500, one that had is reset.
        """
        self._handlers -= 1
        self.changed.add(CONNECTION)
        complete = box.error is not None or box.sent_end
        if not complete and box.sent_head:
            self.reset(box, ErrorCode.INTERNAL_ERROR)
        elif not complete:
            self.respond(box, 500, ((b"content-length", b"0"),), end=True)
        self._discard(box)
        if not self.over(box):
            self._leftovers.add(box)
        return complete

    # -- tell: the pump ----------------------------------------------------------------------

    def sort(
        self,
        event: Data | Writable | Request | Response | Trailers | InformationalResponse,
    ) -> None:
        """Put an event of a stream where it belongs."""
        if isinstance(event, Request):
            self._arrive(event)
            return
        box = self._boxes.get(event.stream_id)
        if box is None:
            return
        self.changed.add(event.stream_id)
        if isinstance(event, Data):
            box.put(event.data)
            if event.end_stream:
                self._ended(box)
        elif isinstance(event, Writable):
            box.blocked = False
        elif isinstance(event, Response):
            box.head = event.fields
            self._note_version(box)
            if event.end_stream:
                self._ended(box)
        elif isinstance(event, Trailers):
            box.trailers = event.fields
            self._ended(box)
        elif len(box.informational) < _MAX_INFORMATIONAL:
            status = int(pseudo(event.fields, b":status"))
            box.informational.append(Informational(status, regular(event.fields)))
        else:
            self.reset(box, ErrorCode.ENHANCE_YOUR_CALM)

    def sort_end(self, event: Reset | PeerFault, away: GoAway | None) -> None:
        """A stream is over before its time."""
        box = self._boxes.get(event.stream_id)
        if box is None:
            return
        if isinstance(event, Reset) and isinstance(self._engine, Http1Connection):
            self._end_early(box, cut_off(self._peer, event))
        elif isinstance(event, Reset):
            self._end_early(box, reset_by_peer(self._peer, event, away))
        else:
            self._end_early(box, PeerFaultError(event))

    def stalled(self, event: PeerFault) -> None:
        """The peer opens no window for what waits on a stream."""
        box = self._boxes.get(event.stream_id)
        if box is not None:
            expected = f"{self._peer}: expected {event.expected}, got {event.came}"
            self._end_early(box, TimedOut(expected, phase="write"))

    def note_turn(self) -> None:
        """Something was sent: with HTTP/1.1 it may be the beginning of a request that waited."""
        while self._in_line and not self.waits(self._in_line[0]):
            self.changed.add(self._in_line.popleft().stream_id)

    def reset_unread(self) -> bool:
        """Stop the requests that nobody reads; whether there were any."""
        boxes = self._leftovers.reset_unread()
        for box in boxes:
            box.discard()
            self._boxes.pop(box.stream_id, None)
        return bool(boxes)

    def reset_all(self, code: int, error: Exception) -> None:
        """We leave: open streams fail with `error`."""
        for box in list(self._boxes.values()):
            self.reset(box, code, error)
        self._arrived.clear()

    def fail_all(self, error: TransportError, cut: str | None = None) -> None:
        """The connection is over, and every open stream with it.

        With a reason in `cut`, those in the middle of a message say so.
        """
        self._arrived.clear()
        for box in list(self._boxes.values()):
            self._fail(box, error, cut)
        self.changed.add(CONNECTION)

    def cut_short(self, stream_id: int, error: TransportError, cut: str) -> None:
        """The connection has ended for one stream: what was under way will not come."""
        box = self._boxes.get(stream_id)
        if box is not None:
            self._fail(box, error, cut)

    # -- inside ------------------------------------------------------------------------------

    def _fail(self, box: Mailbox, error: TransportError, cut: str | None) -> None:
        if cut is not None and box.head is not None and not box.ended:
            error = truncated(self._peer, cut, box.received)
        self._end_early(box, error)

    def _arrive(self, event: Request) -> None:
        box = Mailbox(event.stream_id, event.fields)
        box.head_only = pseudo(event.fields, b":method") == b"HEAD"
        box.expects = _expects(event.fields)
        self._note_version(box)
        self._boxes[event.stream_id] = box
        self._arrived.append(box)
        self.changed.add(CONNECTION)
        if event.end_stream:
            self._ended(box)

    def _note_version(self, box: Mailbox) -> None:
        engine = self._engine
        if isinstance(engine, Http1Connection):
            box.version = engine.peer_version.decode()
            box.reason = engine.reason.decode("latin-1")

    def _ended(self, box: Mailbox) -> None:
        box.ended = True
        self._leftovers.forget(box.stream_id)
        if box.discarding:
            self._discard(box)
        if box.sent_end:
            self._boxes.pop(box.stream_id, None)

    def _sent_end(self, box: Mailbox) -> None:
        box.sent_end = True
        box.blocked = False  # the engine says `Writable` only where something may be written
        if box.ended:
            self._boxes.pop(box.stream_id, None)

    def _end_early(self, box: Mailbox, error: Exception) -> None:
        if box.error is None:
            box.error = error
        box.blocked = False
        self._boxes.pop(box.stream_id, None)
        self._leftovers.forget(box.stream_id)
        self.changed.add(box.stream_id)

    def _discard(self, box: Mailbox) -> None:
        """Nobody will take what is held.  Before its end the credit stays with us: the peer shall
        not send on what nobody reads.
        """
        box.discard()
        if box.ended and box.held:
            self._engine.consume(box.stream_id, box.held)
            box.held = 0


def _expects(fields: Sequence[Field]) -> bool:
    # RFC 9110 §10.1.1: the expectation is the same in whichever case.
    return any(field[0] == b"expect" and field[1].lower() == b"100-continue" for field in fields)


def _head(status: int, fields: Sequence[Field]) -> list[Field]:
    return [(b":status", b"%d" % status), *fields]
