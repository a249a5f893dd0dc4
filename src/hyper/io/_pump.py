"""The pump: one connection between an engine and whatever moves bytes and waits.

It owns the engine, sorts its events into a mailbox per stream, gives credit back when the
application takes content and not before, keeps the deadlines, and turns what ends early into the
errors of `hyper.io.errors`.  Not here: sockets, clocks, locks, tasks, waiting.  A world feeds
`receive`, writes what `output` returns, calls `handle_timer` when `next_timer` says so, and after
each of them wakes whoever waits for a stream in `take_changed`.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from hyper.frame import ErrorCode, Scope
from hyper.h1 import Limits as Http1Limits
from hyper.h1 import PeerFault as Http1Fault
from hyper.h2 import (
    ConnectionState,
    Data,
    EndOfInput,
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
    Timer,
    Trailers,
    Writable,
)
from hyper.http import (
    Connection,
    Event,
    Http1Connection,
    Version,
    version_by_first_bytes,
)
from hyper.io._deadlines import LINGER, Alarm, Deadlines
from hyper.io._endings import gone_away, lost, unusable
from hyper.io._engines import EngineOptions
from hyper.io._mailbox import Mailbox
from hyper.io._streams import CONNECTION, Streams
from hyper.io.errors import (
    ConnectionLost,
    GoneAway,
    PeerFaultError,
    TimedOut,
    TransportError,
    code_name,
)
from hyper.io.tap import Tap
from hyper.io.timeouts import Timeouts
from hyper.wire import Field, LocalProtocolError, Role

# Made once: a union written at the check would be made anew for every event.
_OF_MESSAGES: Final = (Data, Request, Response, Writable, Trailers, InformationalResponse)

_LEAVING: Final = (ConnectionState.GOAWAY_SENT, ConnectionState.GOAWAY_BOTH)

# What a user of the I/O floor knows a deadline of the engine as.
_PHASES: Final[dict[Timer | None, str]] = {
    Timer.PREFACE: "handshake",
    Timer.SETTINGS: "handshake",
    Timer.KEEPALIVE: "keepalive",
    Timer.STALL: "write",
}

# RFC 9110 §15.5.9, §15.6.5: the statuses of an HTTP/1.1 peer that was too slow.
_TOO_SLOW: Final = (408, 504)

_EOF: Final = "the peer closed the connection"


class Pump:
    """One connection.  `peer` names the other end in error messages; `now` is in seconds.

    Without a `version` the first bytes of the client tell which it is.
    """

    def __init__(
        self,
        role: Role,
        *,
        peer: str,
        timeouts: Timeouts,
        now: float,
        version: Version | None = Version.HTTP_2,
        secure: bool = False,
        settings: Sequence[tuple[int, int]] = (),
        limits: Limits | None = None,
        http1_limits: Http1Limits | None = None,
        tap: Tap | None = None,
    ) -> None:
        self.peer: Final = peer
        self.timeouts: Final = timeouts
        self.going_away: GoneAway | None = None  # the peer's GOAWAY
        self.error: TransportError | None = None  # why the connection is over
        self.stuck = False  # told by the world: the transport has more than it can write
        self.abandoned: Final[deque[Mailbox]] = deque()  # left by their readers without a word
        self._options: Final = EngineOptions(
            role=role,
            timeouts=timeouts,
            secure=secure,
            settings=settings,
            limits=limits,
            http1_limits=http1_limits,
        )
        self._first: bytes | None = b"" if version is None else None  # as long as it may be either
        self._engine: Connection = self._options.make(version or Version.HTTP_1_1, now)
        self.ready = not self._is_http2  # the peer's SETTINGS are there, or there are none
        self.streams: Final = Streams(self._engine, limits or Limits(), peer)
        self._tap: Final = tap
        self._deadlines: Final = Deadlines(timeouts, now)
        self._pings = 0
        self._pongs: Final[set[bytes]] = set()
        self._away: GoAway | None = None
        self._leaving = False
        self._ended = False  # the peer has closed its end
        self._farewell = ""  # why we closed it, if we did
        self._moved = now  # when something last came or went
        self._answered = False  # a peer that was at fault is told so
        self._behind = False  # and had yet to read what went before

    # -- tell --------------------------------------------------------------------------------

    def agree(self, version: Version, now: float) -> None:
        """ALPN has chosen `version`, and nothing was said yet."""
        self._first = None
        self._engine = self._options.make(version, now)
        self.ready = not self._is_http2
        self.streams.adopt(self._engine)
        if self._leaving:
            self._engine.shut_down()

    def receive(self, data: bytes, now: float) -> None:
        """Bytes came; b"" is the end of input.

        RFC 9113 §5.2.2: frames MUST be processed as soon as they are there, whoever reads content.
        """
        if self._engine.closed:
            return  # a fault has ended the connection, and the peer does not know it yet
        if not data:
            self._ended = True
        else:
            self._moved = now
            if self._tap is not None:
                self._tap.received(data)
        if self._first is not None:
            data = self._decide(self._first, data, now)
            if self._first is not None:
                return
        self._engine.receive_data(data, now)
        if self._ended and data:
            self._engine.receive_data(b"", now)
        self._sort()

    def lose(self, reason: str) -> None:
        """The transport broke, or was closed: `reason` says why."""
        self._answered = False  # whatever was to be said is not heard
        if self.error is None:
            reason = self._reason(reason)
            self._fail(lost(self.peer, reason, self._away), reason)

    def handle_timer(self, now: float) -> None:
        """A deadline of `next_timer` may have passed."""
        if self.error is not None:
            # What is left to be said is not read: there is nobody to be polite to.
            if self.stuck and now >= self._deadlines.last_words():
                self._answered = False
            return
        due = self._engine.next_timer()
        if due is not None and due <= now:
            self._engine.handle_timer(now)
            self._sort()
        self._deadlines.busy(self.streams.busy, now)
        alarm = self._deadlines.overdue(
            now, ready=self.ready, stuck=self.stuck, leaving=self.leaving
        )
        times = self.timeouts
        if alarm is Alarm.HANDSHAKE:
            self._late("handshake", f"HTTP/2 SETTINGS within {times.handshake:g} s, got none")
        elif alarm is Alarm.WRITE:
            self._late("write", f"what was sent to be read within {times.read:g} s")
        elif alarm is Alarm.IDLE:
            self.shut_down()

    # -- take --------------------------------------------------------------------------------

    def output(self, limit: int, now: float) -> bytes:
        """Bytes for the peer, at most `limit`; to be asked only when they can be written."""
        while self.abandoned:
            self.streams.reset(self.abandoned.popleft(), ErrorCode.CANCEL)
        data = self._engine.data_to_send(limit, now)
        if data:
            self._moved = now
            self._sort()
            self.streams.note_turn()
        if self.streams.reset_unread():
            data += self._engine.data_to_send(limit - len(data), now)
        if data and self._tap is not None:
            self._tap.sent(data)
        self._deadlines.wrote(now)
        self._deadlines.busy(self.streams.busy, now)
        return data

    def next_timer(self) -> float | None:
        """When `handle_timer` is due."""
        if self.error is not None:
            return self._deadlines.last_words() if self.polite and self.stuck else None
        due = self._deadlines.next_timer(ready=self.ready, stuck=self.stuck, leaving=self.leaving)
        time = self._engine.next_timer()
        if time is not None and (due is None or time < due):
            due = time
        return due

    def take_changed(self) -> set[int]:
        """The streams something happened to since the last call, `CONNECTION` among them."""
        changed = self.streams.changed
        if changed:
            self.streams.changed = set()
        return changed

    # -- look --------------------------------------------------------------------------------

    @property
    def leaving(self) -> bool:
        """Whether a GOAWAY has gone either way, or the connection is over."""
        return self._leaving or self.going_away is not None or self.error is not None

    @property
    def over(self) -> bool:
        """Whether no request can be sent any more, and none is under way."""
        return self.error is not None or (self._engine.closed and not self.streams.busy)

    @property
    def polite(self) -> bool:
        """Whether the peer may be reading what was said last, now that the connection is over."""
        return (self.error is None or self._answered) and not self.must_abort

    @property
    def must_abort(self) -> bool:
        """Whether the transport, if it ends now, must not end as if all had been said."""
        engine = self._engine
        return isinstance(engine, Http1Connection) and engine.must_abort

    @property
    def wants_input(self) -> bool:
        """Whether to read on: HTTP/1.1 has nothing else that holds a peer back."""
        engine = self._engine
        return not isinstance(engine, Http1Connection) or engine.wants_input

    @property
    def http_version(self) -> str:
        """What is spoken: "1.1" or "2"."""
        return "2" if self._is_http2 else "1.1"

    @property
    def finished(self) -> bool:
        """Whether the transport may be closed: nothing is left to be done on the connection."""
        if self.error is not None and not self.polite:
            return True
        if self._engine.wants_to_send:
            return False
        if self.error is not None:
            # RFC 9113 §5.4.1: after the GOAWAY of an error the connection MUST be closed.
            return True
        if self._engine.closed and not self.streams.busy:
            # The peer had closed its end, and has its answers.
            return True
        if not self.leaving or self.streams.busy:
            return False
        # Of our own will we leave in two steps: requests may be on their way until the second.
        return not self._leaving or self._engine.may_close

    def patience(self, since: float, now: float) -> float | None:
        """Client: how long a request that waits for others since `since` may go on waiting.

        Those before it have deadlines of their own, as long as somebody reads their responses.
        Where nobody does, nothing comes and nothing goes.
        """
        read = self.timeouts.read
        return None if read is None else max(0.0, max(self._moved, since) + read - now)

    def lose_turn(self, box: Mailbox, since: float, now: float) -> Exception:
        """The error of a request that has waited too long; a bare one when something moved."""
        left = self.patience(since, now)
        if left is None or left > 0:
            return TimeoutError()
        return self.streams.time_out(box, "read", self.timeouts.read or 0.0)

    def farewell(self, now: float) -> float:
        """Server, when all is said: for how many seconds the peer may go on reading."""
        if self._answered and not self._behind:
            return LINGER
        return self._deadlines.farewell(now)

    @property
    def can_open(self) -> bool:
        """Client: whether `request` would be taken."""
        return self.error is None and self._engine.can_open

    @property
    def open_streams(self) -> int:
        """Streams that are not over."""
        return self._engine.open_streams

    @property
    def wants_to_send(self) -> bool:
        """Whether `output` would return something."""
        return self._engine.wants_to_send or bool(self.abandoned)

    # -- ask ---------------------------------------------------------------------------------

    def request(self, fields: Sequence[Field], *, end_stream: bool) -> Mailbox:
        """Client: open a stream."""
        if not self.can_open:
            if self._away is not None:
                raise gone_away(self.peer, self._away, retryable=True)
            raise unusable(self.peer, self.error)
        return self.streams.open(fields, end_stream=end_stream)

    def ping(self) -> bytes:
        """Send a PING; `ponged` tells when its answer has come."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        if not self._is_http2:
            raise LocalProtocolError("HTTP/1.1 has no PING")
        self._pings += 1
        payload = self._pings.to_bytes(8, "big")
        self._engine.send(Ping(payload))
        return payload

    def ponged(self, payload: bytes) -> bool | None:
        """True when the answer to `payload` is there; `None`: wait."""
        if payload in self._pongs:
            self._pongs.remove(payload)
            return True
        if self.error is not None:
            raise self.error.with_traceback(None)
        return None

    def opened(self) -> bool | None:
        """True when the peer's SETTINGS are there; `None`: wait."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return True if self.ready else None

    def shut_down(self) -> None:
        """Leave politely: no new streams, the open ones go on (RFC 9113 §6.8)."""
        if not self._leaving and self.error is None:
            self._leaving = True
            self._engine.shut_down()
            self.streams.changed.add(CONNECTION)

    def close(self, reason: str) -> None:
        """Leave now: open streams are reset and fail with `reason`."""
        self._farewell = reason
        self.streams.reset_all(ErrorCode.CANCEL, ConnectionLost(f"{self.peer}: {reason}"))
        self.shut_down()
        # What still comes would not be answered: the peer shall know that it can try elsewhere.
        self._engine.shut_down(warn=False)

    # -- inside ------------------------------------------------------------------------------

    @property
    def _is_http2(self) -> bool:
        return not isinstance(self._engine, Http1Connection)

    def _decide(self, before: bytes, data: bytes, now: float) -> bytes:
        """Which version the client speaks; returns what it has said, to be made sense of.

        RFC 9113 §3.3, §3.4: the preface of HTTP/2 is what tells them apart.
        """
        first = before + data
        version = version_by_first_bytes(first) if data else Version.HTTP_1_1
        self._first = first if version is None else None
        if version is Version.HTTP_2:
            self.agree(version, now)
        return first

    def _sort(self) -> None:
        """Put the engine's events where they belong."""
        engine = self._engine
        while (event := engine.next_event()) is not None:
            if isinstance(event, _OF_MESSAGES):
                self.streams.sort(event)
            else:
                self._sort_rare(event)
        if not isinstance(engine, Http1Connection) and engine.state in _LEAVING:
            # Of our will, or of the engine's own.
            self._leaving = True
        if self._leaving or engine.closed:
            # Whoever waits for the end may have it now: no event tells of that.
            self.streams.changed.add(CONNECTION)

    def _sort_rare(self, event: Event) -> None:
        if isinstance(event, PeerFault) and event.scope is Scope.CONNECTION:
            if event.timer in _PHASES:
                self._late(_PHASES[event.timer], f"{event.expected}, got {event.came}")
            else:
                self._answered = True
                self._fail(PeerFaultError(event))
        elif isinstance(event, Http1Fault):
            self._answered = True
            if event.status in _TOO_SLOW:
                self._late("read", f"{event.expected}, got {event.came}")
            else:
                self._fail(PeerFaultError(event))
        elif isinstance(event, Reset | PeerFault):
            if self._ended:
                self._cut_short(event)
            elif isinstance(event, PeerFault) and event.timer is Timer.STALL:
                self.streams.stalled(event)
            else:
                self.streams.sort_end(event, self._away)
        elif isinstance(event, GoAway):
            self._away = event
            self.going_away = gone_away(self.peer, event, retryable=False)
            self.streams.changed.add(CONNECTION)
        elif isinstance(event, EndOfInput):
            if self._engine.closed:
                self.lose(_EOF)
        elif isinstance(event, Settings):
            self.ready = True
            self.streams.changed.add(CONNECTION)
        elif isinstance(event, Pong):
            self._pongs.add(event.data)
            self.streams.changed.add(CONNECTION)

    def _cut_short(self, event: Reset | PeerFault) -> None:
        """The peer closed its end before a stream had come to its own."""
        reason = self._reason(_EOF)
        error = lost(self.peer, reason, self._away)
        if isinstance(event, Reset) and event.retryable:
            error = ConnectionLost(f"{self.peer}: {reason}", retryable=True)
        self.streams.cut_short(event.stream_id, error, reason)

    def _reason(self, reason: str) -> str:
        if self._away is not None and self._away.code != ErrorCode.NO_ERROR:
            return f"the peer ended the connection with {code_name(self._away.code)}"
        return self._farewell or reason

    def _late(self, phase: str, expected: str) -> None:
        self._fail(TimedOut(f"{self.peer}: expected {expected}", phase=phase))

    def _fail(self, error: TransportError, cut: str | None = None) -> None:
        if self.error is None:
            self.error = error
            self._behind = self.stuck
        self.streams.fail_all(error, cut)
