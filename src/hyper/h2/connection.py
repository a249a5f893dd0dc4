"""One end of an HTTP/2 connection: bytes in, events out, no I/O (RFC 9113).

Not here: sockets, clocks, TLS, requests and responses as objects.  Whoever owns the bytes drives:

    connection.receive_data(data, now)                    # tell: what came from the peer
    while (event := connection.next_event()) is not None: # take: what it meant
        ...
    connection.send(event)                                # ask: what to say
    transport.write(connection.data_to_send())            # take: bytes for the peer

There are four kinds of methods and no fifth: tell, ask, take, and getters that change nothing.
"""

from collections.abc import Sequence
from math import inf
from typing import Final

from hyper.frame import MAX_STREAM_ID
from hyper.h2.by_hand import open_window
from hyper.h2.connection_life import ConnectionState, ConnectionStep
from hyper.h2.connection_life import next_state as next_connection_state
from hyper.h2.counters import Counters
from hyper.h2.events import Data, Event, Request, Sendable
from hyper.h2.leniences import Leniences
from hyper.h2.limits import Limits
from hyper.h2.padding import Padding
from hyper.h2.priorities import prioritize
from hyper.h2.receive import Receiver
from hyper.h2.send import Sender
from hyper.h2.session import Session
from hyper.h2.settings import Parameters
from hyper.h2.stream_life import StreamState
from hyper.h2.trace import Trace, Tracer
from hyper.h2.upgrade import encode_http2_settings, upgrade
from hyper.h2.upkeep import Upkeep
from hyper.hpack import DEFAULT_POLICY, IndexingPolicy
from hyper.priority import Priority
from hyper.wire import Buffer, LocalProtocolError, Role

# All connections share one: nothing in an engine changes it.
_DEFAULTS: Final = Limits()


class Connection:
    """An HTTP/2 engine for either role.

    `settings` are `(identifier, value)` pairs for our first SETTINGS frame, over what `limits`
    call for.  With `auto_consume` received content is credited as soon as its event is taken, for
    callers that hold no content back.  `padding` says how many octets to add to each payload of
    DATA, HEADERS and PUSH_PROMISE, to hide how long it is (RFC 9113 §10.7).  `trace` is called
    with every frame that comes and goes.  `leniences` are forms that are wrong and are taken all
    the same, none by default; `indexing` says which fields the compression may remember (RFC 7541
    §7.1.3).  `now` starts the clocks (seconds, any epoch); without it they start with the first
    call that tells the time.

    `by_hand` is for a program that keeps windows and frames itself.  The first SETTINGS frame has
    then exactly `settings`, in their order.  Receive windows are opened by `open_window` alone;
    DATA that no event tells of is told as `Discarded`.  WINDOW_UPDATE, PRIORITY, ORIGIN and frames
    of unknown types are told as frames, and DATA without content too.  A GOAWAY over a fault has
    no debug data, and what the peer says of the size of field sections is the caller's to follow.

    The preface is queued at once: the first `data_to_send` has it.
    """

    __slots__ = ("_receiver", "_sender", "_session", "_tracer", "_upkeep")

    def __init__(
        self,
        role: Role,
        *,
        settings: Sequence[tuple[int, int]] = (),
        limits: Limits | None = None,
        auto_consume: bool = False,
        padding: Padding | None = None,
        trace: Trace | None = None,
        leniences: Leniences | None = None,
        indexing: IndexingPolicy = DEFAULT_POLICY,
        by_hand: bool = False,
        now: float | None = None,
    ) -> None:
        if by_hand and auto_consume:
            raise LocalProtocolError("windows are kept by hand or consumed automatically, not both")
        self._session = Session(
            role,
            _DEFAULTS if limits is None else limits,
            leniences=leniences,
            indexing=indexing,
            by_hand=by_hand,
        )
        self._tracer = None if trace is None else Tracer(trace, role is Role.CLIENT)
        self._receiver = Receiver(self._session, auto_consume, self._tracer)
        self._sender = Sender(self._session, settings, padding)
        self._upkeep = Upkeep(self._session)
        if now is not None:
            self._session.tell(now)

    # -- tell --------------------------------------------------------------------------------

    def receive_data(self, data: Buffer, now: float) -> None:
        """Bytes came from the peer at time `now` (seconds, any epoch); `b""` is end of input.

        Nothing is interpreted yet, and nothing the peer sends can make this raise.
        """
        self._receiver.receive_data(data, now)

    def handle_timer(self, now: float) -> None:
        """Time has reached `now`; what was due comes with `next_event`."""
        self._session.tell(now)
        self._upkeep.handle_timer(self._session.now)

    # -- ask ---------------------------------------------------------------------------------

    def send(self, event: Sendable) -> None:
        """Say `event` to the peer.

        Content is queued whatever the windows, and cut into frames by `data_to_send`; trailers
        wait behind it.  A request beyond the peer's concurrency limit waits for a slot.  A `Reset`
        drops what is queued; on a stream that is over already it does nothing.

        Raises `LocalProtocolError`, with nothing changed, for what the protocol or the state of
        the stream forbids (RFC 9113 §5.1, §8).
        """
        self._sender.send(event)

    def write(self, event: Data, pad_length: int = -1) -> None:
        """Say a piece of content now, as one DATA frame behind what was said before, with so many
        octets of padding behind its Pad Length (RFC 9113 §6.1); without one for -1.

        For those who keep send windows and priorities themselves.  Raises `LocalProtocolError`,
        with nothing changed, where `send` would, and for what does not fit: see `send_window`, and
        `peer_settings.max_frame_size`.
        """
        self._sender.write(event, pad_length)

    def open_window(self, stream_id: int, increment: int) -> None:
        """Give the peer `increment` bytes more on a stream, or on 0 in all (RFC 9113 §6.9).

        With `by_hand`.  Raises `LocalProtocolError`, with nothing changed, on a stream that is not
        live, and for a window of more than 2^31-1.
        """
        if not self._session.by_hand:
            raise LocalProtocolError("receive windows are opened by `consume`, but for `by_hand`")
        open_window(self._session, stream_id, increment)

    def consume(self, stream_id: int, count: int) -> None:
        """The application is done with `count` bytes of content it received on a stream.

        Gives the peer as much new room (RFC 9113 §5.2).  On a stream that was reset it does
        nothing: its bytes were credited then.  Raises `LocalProtocolError` for more than is held.
        """
        session = self._session
        if count < 0:
            raise LocalProtocolError(f"consume at least 0 bytes, not {count}")
        stream = session.streams.get(stream_id)
        if stream is None:
            held = session.lingering.get(stream_id, -1)
            if held < 0:
                return
        else:
            held = 0 if stream.inbound is None else stream.inbound.held
        if count > held:
            raise LocalProtocolError(f"stream {stream_id} holds {held} bytes, not {count}")
        if count == 0:
            return
        if stream is None:
            if count == held:
                del session.lingering[stream_id]
            else:
                session.lingering[stream_id] = held - count
        else:
            session.credit_stream(stream, count)
        session.credit_connection(count)

    def prioritize(self, stream_id: int, priority: Priority) -> None:
        """Send what is queued on a stream by `priority` from now on (RFC 9218 §8, §10).

        A server's word stands over what the client says of the stream, before or after; nothing is
        sent.  A client so orders its uploads; what it wants of a response it says in a `priority`
        field, or by sending a `PriorityUpdate`.  On a stream that is over it does nothing.  Raises
        `LocalProtocolError` for one that is idle.
        """
        prioritize(self._session, stream_id, priority)

    def upgrade(self, request: Request, settings: Sequence[tuple[int, int]] = ()) -> None:
        """The connection began in HTTP/1.1 and was upgraded with `request` (RFC 7540 §3.2), which
        has gone or come as a whole: its response is that of stream 1.

        A client calls this with the 101 response, before anything else; its request said
        `upgrade_settings()` in an HTTP2-Settings field.  A server calls it when it has written the
        101; `settings` are what `decode_http2_settings` made of that field.  It is told of the
        request by an event, without the content.

        Raises `LocalProtocolError`, with nothing changed, where the connection has begun already,
        or for a request or a setting that HTTP/2 could not have carried.
        """
        upgrade(self._session, request, settings)
        self._receiver.adopt(settings)

    def shut_down(
        self, now: float | None = None, *, warn: bool = True, within: float = inf
    ) -> None:
        """Leave gracefully (RFC 9113 §6.8).  Streams the application has seen live on.

        A server says it in two steps, so that no request is lost on its way: first that it takes
        no more, which the peer acts upon as soon as it has read it, and then, when the peer has,
        or after `Limits.shutdown_warning`, which stream is the last that it answers.  With `warn`
        false it says only that, at once.  A client has nothing to lose, and one step.

        What is still open `within` seconds is cut off, and each stream told as a `PeerFault`.
        When `may_close` is true the transport can be closed.  Asking again changes nothing but
        `within`, and `warn` from true to false.
        """
        session = self._session
        session.shutdown.begin(session, warn=warn)
        if within < inf and session.life is not ConnectionState.CLOSED:
            session.shutdown.cut_within(session, within)
        if now is not None:
            session.tell(now)

    # -- take --------------------------------------------------------------------------------

    def next_event(self) -> Event | None:
        """Advance by one event.  `None` means that there is nothing to tell without more input."""
        return self._receiver.next_event()

    def data_to_send(self, limit: int | None = None, now: float | None = None) -> bytes:
        """Bytes for the peer, `limit` of them at most; `b""` when there is nothing to send now.

        With `now`, what waits for an answer to them counts from then; without, from the latest time
        that was told, or from the next.
        """
        session = self._session
        if now is not None:
            session.tell(now)
        if session.pings.unsent:
            session.pings.left(session.now if session.now > -inf else None)
        if session.keepalive is not None and session.now > -inf:
            session.keepalive.look(len(session.streams) > 0, session.now)
        octets = self._sender.data_to_send(limit)
        if session.blocked is not None or session.outbound_window <= 0:
            self._upkeep.blocked(now is not None)
        if self._tracer is not None:
            self._tracer.sent(octets)
        return octets

    # -- look --------------------------------------------------------------------------------

    def upgrade_settings(self) -> bytes:
        """What an HTTP2-Settings field says of us (RFC 7540 §3.2.1): see `upgrade`."""
        values: list[tuple[int, int]] = []
        for declared in self._session.local_pending:
            values.extend(declared)
        return encode_http2_settings(values)

    def next_timer(self) -> float | None:
        """When `handle_timer` is due; `None` for never."""
        session = self._session
        keepalive = session.keepalive
        if keepalive is not None and keepalive.overlooked(len(session.streams) > 0):
            return session.now if session.now > -inf else None  # at once: it may be long ago
        return session.timers.next()

    def next_stream_id(self) -> int:
        """The id for the next stream we open (RFC 9113 §5.1.1)."""
        return self._session.next_local_id

    def pending(self, stream_id: int) -> int:
        """Bytes of content queued on a stream and not yet cut into frames."""
        stream = self._session.streams.get(stream_id)
        if stream is None or stream.queue is None:
            return 0
        return stream.queue.size

    def send_window(self, stream_id: int = 0) -> int:
        """Bytes of DATA the peer lets us send on a live stream, or on 0 in all.  Below zero after
        its settings have made the window smaller than what was sent (RFC 9113 §6.9.2).

        Raises `LocalProtocolError` for a stream that is not live.
        """
        session = self._session
        if stream_id == 0:
            return session.outbound_window
        return session.remote.initial_window_size + session.stream(stream_id).send_credit

    def receive_window(self, stream_id: int = 0) -> int:
        """Bytes of DATA we let the peer send on a live stream, or on 0 in all.

        Raises `LocalProtocolError` for a stream that is not live.
        """
        session = self._session
        if stream_id == 0:
            return session.inbound.available
        stream = session.stream(stream_id)
        if stream.inbound is None:
            return session.local.initial_window_size
        return stream.inbound.available

    def stream_state(self, stream_id: int) -> StreamState:
        """Where a stream stands, as of the last event taken (RFC 9113 §5.1)."""
        stream = self._session.streams.get(stream_id)
        if stream is not None:
            return stream.state
        return StreamState.IDLE if stream_id <= 0 else self._session.state_of(stream_id)

    def priority(self, stream_id: int) -> Priority:
        """By which priority a live stream is sent; `LocalProtocolError` if it is none."""
        return self._session.stream(stream_id).priority

    @property
    def role(self) -> Role:
        """Which end this is."""
        return self._session.role

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands, as of the last event taken."""
        return self._session.life

    @property
    def closed(self) -> bool:
        """Whether the connection is over.  What is written already can still be sent."""
        return self._session.life is ConnectionState.CLOSED

    @property
    def may_close(self) -> bool:
        """Whether nothing is left to do: the connection is over, or it is being left and no stream
        is open, and all has been written.  The transport may be closed.
        """
        session = self._session
        if self.wants_to_send:
            return False
        if session.life is ConnectionState.CLOSED:
            return True
        if session.streams:
            return False
        # A server has to have said its last word: until then requests may be on their way to it.
        return session.goaway_last_id < MAX_STREAM_ID or (
            session.role is Role.CLIENT and session.life is ConnectionState.GOAWAY_RECEIVED
        )

    @property
    def open_streams(self) -> int:
        """How many streams are live, those that wait for a slot included."""
        return len(self._session.streams)

    @property
    def can_open(self) -> bool:
        """Whether `send` would take a new request now."""
        session = self._session
        return (
            session.role is Role.CLIENT
            and session.next_local_id <= MAX_STREAM_ID
            and next_connection_state(session.life, ConnectionStep.SEND_REQUEST) is not None
        )

    @property
    def wants_to_send(self) -> bool:
        """Whether `data_to_send` is worth a call."""
        session = self._session
        if session.out or (session.waiting and self._sender.has_slot()):
            return True
        return session.turns.size > 0 and session.outbound_window > 0

    @property
    def round_trip(self) -> float | None:
        """How long the peer took for its latest answer to a PING of ours, in seconds."""
        return self._session.pings.round_trip

    @property
    def counters(self) -> Counters:
        """What became of streams and frames so far, in numbers."""
        session = self._session
        return Counters(
            opened=session.ended_local + session.open_local,
            opened_by_peer=session.ended_remote + session.open_remote,
            open=len(session.streams),
            waiting=0 if session.waiting is None else len(session.waiting),
            resets_sent=session.resets_sent,
            resets_received=session.resets_received,
            faults=session.faults,
            stalls=session.stalls,
            unanswered_pings=len(session.pings),
            round_trip=session.pings.round_trip,
            ledger=session.ledger.balance,
            reset_budget=session.reset_budget.balance,
        )

    @property
    def peer_settings(self) -> Parameters:
        """What the peer has declared; not to be changed."""
        return self._session.remote
