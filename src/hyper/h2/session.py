"""What both directions of a connection share: streams, windows, settings, tables, budgets.

`receive` turns bytes into events with it, `send` turns events into bytes.  Here is what either of
them may need to do: forget a stream, reset one, give credit back, end the connection.
"""

from collections import deque
from collections.abc import Sequence
from math import inf
from typing import Final

from hyper.frame import (
    DEFAULT_WINDOW,
    MAX_STREAM_ID,
    MAX_WINDOW,
    ErrorCode,
    Scope,
    frame_name,
    pack_goaway,
    pack_ping,
    pack_rst_stream,
    pack_window_update,
)
from hyper.h2.bandwidth import Bandwidth
from hyper.h2.connection_life import ConnectionState, ConnectionStep, first_state, next_state
from hyper.h2.events import Discarded, Event, PeerFault, PeerMisbehaving
from hyper.h2.flow import ReceiveWindow
from hyper.h2.growth import measure
from hyper.h2.headers import Known, oversize
from hyper.h2.keepalive import KeepAlive
from hyper.h2.leniences import Leniences
from hyper.h2.limits import Limits
from hyper.h2.message_life import MessageState
from hyper.h2.pings import Pings, Purpose
from hyper.h2.settings import Parameters, grown_window
from hyper.h2.shutdown import Shutdown
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState, StreamStep, require
from hyper.h2.timers import Timer, Timers
from hyper.hpack import DEFAULT_POLICY, Decoder, Encoder, IndexingPolicy
from hyper.priority import EarlySignals, Turns
from hyper.wire import Budget, Field, LocalProtocolError, Role

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_ENDED: Final = MessageState.ENDED
_INPUT_ENDED: Final = ConnectionState.INPUT_ENDED
# Who asks for no lenience gets none; nothing here changes one.
_STRICT: Final = Leniences()
# What GOAWAY says beside its code: a sentence, not a page.
_MAX_DEBUG: Final = 200
_STREAM_CLOSED: Final = StreamState.CLOSED

# An honest client leaves out an id now and then: for a request it gave up before sending it.
_REMEMBERED_GAPS: Final = 16

# A client has so many requests left when it is told, ten times what may be open at once by default.
_LAST_CALL: Final = MAX_STREAM_ID - 2 * 1_000


class Session:
    """The state of one connection.  Nothing in it grows with the number of streams that are over,
    but for `resets`, which is bounded, and `lingering`, which the receive window bounds.
    """

    __slots__ = (
        "_parity",
        "abandoned_below",
        "accepted",
        "acks_unsent",
        "bandwidth",
        "blocked",
        "by_hand",
        "decoder",
        "early",
        "encoder",
        "ended_local",
        "ended_remote",
        "ends_unsent",
        "events",
        "faults",
        "goaway_last_id",
        "half_closed_faults",
        "inbound",
        "keepalive",
        "known_fields",
        "late_blocks",
        "late_content",
        "ledger",
        "leniences",
        "life",
        "limits",
        "lingering",
        "local",
        "local_pending",
        "next_local_id",
        "now",
        "open_local",
        "open_remote",
        "out",
        "out_size",
        "outbound_credit",
        "outbound_window",
        "pings",
        "promises",
        "remote",
        "remote_high_id",
        "reset_budget",
        "resets",
        "resets_received",
        "resets_sent",
        "role",
        "shutdown",
        "skipped",
        "stalls",
        "streams",
        "timers",
        "turns",
        "updates",
        "updates_earned",
        "waiting",
        "warned",
    )

    def __init__(
        self,
        role: Role,
        limits: Limits,
        *,
        leniences: Leniences | None = None,
        indexing: IndexingPolicy = DEFAULT_POLICY,
        by_hand: bool = False,
    ) -> None:
        self.role: Final = role
        self.leniences: Final = _STRICT if leniences is None else leniences
        # The owner opens receive windows, and is told of frames that mean nothing to us.
        self.by_hand: Final = by_hand
        # RFC 9113 §5.1.1: of the ids that our side opens.
        self._parity: Final = 1 if role is Role.CLIENT else 0
        self.limits: Final = limits
        self.now = -inf  # the latest time that was told
        self.timers: Final = Timers()
        if role is Role.SERVER:
            self.timers.start(Timer.PREFACE, limits.preface_timeout)
        self.keepalive: KeepAlive | None = (
            KeepAlive(self.timers, limits.keepalive_interval, limits.keepalive_timeout)
            if limits.keepalive_interval < inf
            else None
        )
        self.pings: Final = Pings()
        self.shutdown: Final = Shutdown()
        self.life: ConnectionState = first_state(role)

        # Settings.  `local` is what the peer has acknowledged, `local_pending` what it has not.
        self.local: Final = Parameters()
        self.remote: Final = Parameters()
        self.local_pending: Final[list[Sequence[tuple[int, int]]]] = []

        # Compression: one context for each direction (RFC 9113 §4.3).
        self.encoder: Final = Encoder(limits.max_encoder_table, indexing)
        self.decoder: Final = Decoder(
            max_list_size=limits.max_field_list_size,
            max_fields=limits.max_fields,
            max_field_size=limits.max_field_size,
        )

        self.known_fields: Final = Known()

        # Streams.  Live ones only: idle and closed are told by the high-water marks.
        self.streams: Final[dict[int, Stream]] = {}
        self.next_local_id = 1 if role is Role.CLIENT else 2
        self.remote_high_id = 0  # the highest id the peer has opened
        # The latest ranges of ids the peer left out, for the code of the fault when it uses one.
        self.skipped: Final[list[tuple[int, int]]] = []
        self.accepted = 0  # the highest of them the application was told of: for GOAWAY
        self.goaway_last_id = MAX_STREAM_ID  # what our last GOAWAY said
        self.open_local = 0
        self.open_remote = 0
        # For whoever counts: those that are over, and how they ended.
        self.ended_local = 0
        self.ended_remote = 0
        self.resets_sent = 0
        self.resets_received = 0
        self.faults = 0
        self.stalls = 0
        self.half_closed_faults = 0
        self.warned = False  # that the peer misbehaves
        self.promises = 0  # streams the peer has reserved and not yet used
        # Heads that wait for a slot of the peer's concurrency limit.  Made when there is one, for a
        # deque takes 760 bytes from the start.
        self.waiting: deque[Stream] | None = None
        # Ids we reset, whose late frames are discarded.  Ids below `abandoned_below` may have been
        # among them: an honest peer is never taken for a confused one.
        self.resets: Final[dict[int, None]] = {}
        self.abandoned_below = 0
        # What may be under way on streams we gave up of our own will: field blocks, bytes of DATA.
        self.late_blocks = 0
        self.late_content = 0
        # Bytes the application still holds of streams that ended well.
        self.lingering: Final[dict[int, int]] = {}

        # Flow control of the connection.
        self.inbound: Final = ReceiveWindow(DEFAULT_WINDOW)
        limit = grown_window(role, limits)
        self.bandwidth = Bandwidth(limit) if limit else None
        self.outbound_window = DEFAULT_WINDOW
        self.outbound_credit = DEFAULT_WINDOW  # all that it ever was given
        # Streams that were found to have content and no window, since somebody last asked.
        self.blocked: list[Stream] | None = None
        self.turns: Final[Turns[Stream]] = Turns()
        # Priorities for streams that are not open yet: the peer's or, at a client, ours.
        self.early: EarlySignals | None = None
        # PRIORITY_UPDATE frames of ours for requests that wait for a slot.
        self.updates: dict[int, bytes] | None = None

        # What is ready to be written, and what happened that no frame brought.
        self.out: list[bytes] = []
        self.out_size = 0
        self.events: deque[Event] | None = None  # made for the first

        # What the peer may cost us.
        # Where in `out` the answers end that the peer has yet to read.
        self.acks_unsent: list[int] = []
        # Where in `out` the streams of the peer's end that are over for us, and not yet for it.
        self.ends_unsent: list[int] = []
        self.updates_earned = 0  # WINDOW_UPDATE frames our DATA calls for
        self.ledger: Final = Budget(limits.ledger_burst, limits.ledger_rate)
        self.reset_budget: Final = Budget(limits.reset_burst, limits.reset_rate)

    # -- time --------------------------------------------------------------------------------

    def tell(self, now: float) -> None:
        """It is `now`, or later: time does not run back."""
        if now > self.now:
            self.now = now
        if self.timers.waiting:
            self.timers.tell(self.now)

    # -- bytes out ---------------------------------------------------------------------------

    def write(self, chunk: bytes) -> None:
        """Queue bytes behind what is queued."""
        self.out.append(chunk)
        self.out_size += len(chunk)

    # -- events ------------------------------------------------------------------------------

    def report(self, event: Event) -> None:
        """Queue an event behind what is queued; for those that no frame brings."""
        if self.events is None:
            self.events = deque()
        self.events.append(event)

    # -- streams -----------------------------------------------------------------------------

    def wait(self, stream: Stream) -> None:
        """The head that opens the stream waits for a slot, behind those that wait already."""
        if self.waiting is None:
            self.waiting = deque()
        self.waiting.append(stream)

    def is_local(self, stream_id: int) -> bool:
        """Whether the id is one that our side opens (RFC 9113 §5.1.1)."""
        return stream_id & 1 == self._parity

    def state_of(self, stream_id: int) -> StreamState:
        """The state of a stream that is not among `streams`."""
        if self.is_local(stream_id):
            if stream_id >= self.next_local_id:
                return StreamState.IDLE
        elif stream_id > self.remote_high_id:
            return StreamState.IDLE
        if stream_id in self.resets or stream_id < self.abandoned_below:
            return StreamState.RESET_SENT
        return StreamState.CLOSED

    def stream(self, stream_id: int) -> Stream:
        """The live stream of that id; `LocalProtocolError` if there is none.

        RFC 9113 §5.1: on a closed stream nothing MUST be sent but PRIORITY.
        """
        stream = self.streams.get(stream_id)
        if stream is None:
            state = StreamState.IDLE if stream_id <= 0 else self.state_of(stream_id)
            raise LocalProtocolError(f"stream {stream_id} is {state.name}")
        return stream

    def check_size(self, stream_id: int, fields: Sequence[Field]) -> None:
        """Refuse a section of ours that the peer has said it will not take (RFC 9113 §10.5.1)."""
        limit = self.remote.max_field_list_size
        # RFC 9113 §10.5.1: it is advisory, and whoever goes by hand may know better.
        if self.by_hand or len(fields) * self.known_fields.largest <= limit:
            return
        size = oversize(fields, self.known_fields, limit)
        if size:
            raise LocalProtocolError(
                f"stream {stream_id}: the peer takes field sections of {limit} bytes, not {size}"
            )

    def note_opened(self, stream_id: int) -> None:
        """The peer opens a stream, and with it closes those it left out (RFC 9113 §5.1.1)."""
        if stream_id > self.remote_high_id + 2:
            self.skipped.append((self.remote_high_id, stream_id))
            if len(self.skipped) > _REMEMBERED_GAPS:
                del self.skipped[0]
        self.remote_high_id = stream_id
        if stream_id > _LAST_CALL and self.role is Role.SERVER:
            # RFC 9113 §5.1.1: a server can send GOAWAY so that a client whose ids run out opens a
            # new connection.  Said again it changes nothing.
            self.shutdown.begin(self)

    def was_skipped(self, stream_id: int) -> bool:
        """Whether the peer is known to have left this id out."""
        return any(low < stream_id < high for low, high in self.skipped)

    def reset(self, stream: Stream, code: int) -> None:
        """Send RST_STREAM and forget the stream."""
        stream.state = require(stream.stream_id, stream.state, StreamStep.SEND_RST_STREAM)
        self.write(pack_rst_stream(stream.stream_id, code))
        self.resets_sent += 1
        if not self.is_local(stream.stream_id):
            self.ends_unsent.append(self.out_size)
        self.remember_reset(stream.stream_id)
        self.forget(stream)

    def decline(self, stream_id: int, code: int) -> None:
        """Send RST_STREAM for a stream that shall not come to be."""
        self.write(pack_rst_stream(stream_id, code))
        self.resets_sent += 1
        self.remember_reset(stream_id)

    def cut_off(self, stream: Stream, code: int) -> None:
        """End a stream at once, wherever it stands."""
        if stream.state is StreamState.IDLE:
            # It never reached the wire, so there is nothing to reset there.
            self.forget(stream)
        else:
            self._expect_late(stream)
            self.reset(stream, code)

    def _expect_late(self, stream: Stream) -> None:
        """A stream is given up by no fault of the peer's: what it may have sent by now is no flood,
        in however many frames it comes.
        """
        if stream.received is not MessageState.ENDED:
            self.late_blocks += 2  # a head and trailers
            inbound = stream.inbound
            self.late_content += max(
                0, self.local.initial_window_size if inbound is None else inbound.available
            )

    def cut_all(self, timer: Timer, expected: str) -> None:
        """End every stream for want of time; the events are queued."""
        for stream in list(self.streams.values()):
            self.cut_off(stream, ErrorCode.CANCEL)
            self.report(
                PeerFault(
                    stream.stream_id,
                    ErrorCode.CANCEL,
                    Scope.STREAM,
                    expected,
                    "a stream that is open",
                    timer,
                )
            )

    def remember_reset(self, stream_id: int) -> None:
        """Late frames of this stream are to be discarded.

        RFC 9113 §5.4.2, §6.4: who sends RST_STREAM MUST be prepared for what is still under way.
        """
        resets = self.resets
        resets[stream_id] = None
        if len(resets) > self.limits.remembered_resets:
            oldest = next(iter(resets))
            del resets[oldest]
            if oldest >= self.abandoned_below:
                self.abandoned_below = oldest + 1

    def forget(self, stream: Stream) -> None:
        """The stream was cut off: nothing more will be sent or heard on it."""
        self._remove(stream)
        waiting = self.waiting
        if stream.request is not None and waiting and stream in waiting:  # not behind a GOAWAY
            waiting.remove(stream)
        if self.updates is not None:
            self.updates.pop(stream.stream_id, None)
        if stream.queue is not None:
            stream.queue.drop()
        inbound = stream.inbound
        if inbound is not None and inbound.held and not self.by_hand:
            # Nobody can be relied on to consume what came of it.
            self.credit_connection(inbound.held)

    def settle(self, stream: Stream) -> None:
        """Forget the stream if both sides have ended it."""
        if stream.state is not _STREAM_CLOSED:
            return
        # A good exchange pays for the peer's next caprice.
        if self.reset_budget.spent:
            self.reset_budget.refund(1.0)
        if self.ledger.spent:
            self.ledger.refund(1.0)
        if self.out_size and stream.stream_id & 1 != self._parity:
            self.ends_unsent.append(self.out_size)
        inbound = stream.inbound
        if inbound is not None and inbound.held and not self.by_hand:
            # The exchange is complete, and the application reads the rest at its own pace.
            self.lingering[stream.stream_id] = inbound.held
        self._remove(stream)

    def _remove(self, stream: Stream) -> None:
        """The stream is no longer live."""
        stream_id = stream.stream_id
        del self.streams[stream_id]
        if stream.counted:
            if stream_id & 1 == self._parity:
                self.open_local -= 1
                self.ended_local += 1
            else:
                self.open_remote -= 1
                self.ended_remote += 1
        elif stream_id & 1 != self._parity:
            self.promises -= 1
        if stream.place:
            self.turns.leave(stream)
        if not self.streams and self.life is _INPUT_ENDED:
            self.end()

    def block(self, stream: Stream) -> None:
        """The stream has content, and no window for it."""
        if self.blocked is None:
            self.blocked = []
        self.blocked.append(stream)

    # -- receive credit ----------------------------------------------------------------------

    def credit_connection(self, count: int) -> None:
        """`count` bytes are no longer held for the connection's window."""
        increment = self.inbound.give_back(count)
        if increment:
            self.give_room(0, self.inbound, increment)

    def discard(self, stream_id: int, count: int) -> None:
        """DATA of `count` bytes came that nobody is told of; it is given back, once."""
        if not self.by_hand:
            self.credit_connection(count)
        elif count:
            self.report(Discarded(stream_id, count))

    def credit_stream(self, stream: Stream, count: int) -> None:
        """`count` bytes are no longer held for the stream's window."""
        inbound = stream.inbound
        if inbound is not None:
            self.announce(stream, inbound, inbound.give_back(count))

    def announce(self, stream: Stream, inbound: ReceiveWindow, increment: int) -> None:
        """Tell the peer of more room on a stream, if that is of use to it."""
        # A peer that has ended needs no more room.
        if increment and stream.received is not _ENDED:
            self.give_room(stream.stream_id, inbound, increment)

    def give_room(self, stream_id: int, window: ReceiveWindow, increment: int) -> None:
        """Send WINDOW_UPDATE (RFC 9113 §6.9); stream 0 is the connection."""
        out = self.out
        at = window.told_at
        if at < len(out) and out[at] is window.told and window.told:
            # The last one was not taken yet: one frame says it all.  A peer that sends dust and
            # reads nothing would make us queue a frame for each grain.
            total = increment + int.from_bytes(window.told[9:], "big")
            if total <= MAX_WINDOW:
                window.told = out[at] = pack_window_update(stream_id, total)
                return
        window.told = pack_window_update(stream_id, increment)
        window.told_at = len(out)
        self.write(window.told)
        bandwidth = self.bandwidth
        if bandwidth is not None and bandwidth.connection is None:
            measure(self, bandwidth, stream_id, window, increment)

    def ping(self, purpose: Purpose) -> None:
        """Send a PING of our own."""
        payload = self.pings.payload_for(purpose)
        self.pings.ask(payload, purpose)
        self.write(pack_ping(payload))

    # -- faults ------------------------------------------------------------------------------

    def fail(self, code: ErrorCode, expected: str, came: str, stream_id: int = 0) -> PeerFault:
        """End the connection over a fault of the peer's: GOAWAY is queued, all else dropped.

        RFC 9113 §5.4.1: the connection MUST be closed then, which is the host's to do.
        """
        # Why, in our words: what came may be a field, and is not repeated.
        debug = f"expected {expected}".encode("ascii", "replace")[:_MAX_DEBUG]
        if self.by_hand:
            debug = b""  # what a GOAWAY says is the owner's
        self.write(pack_goaway(min(self.accepted, self.goaway_last_id), code, debug))
        self.end()
        self.faults += 1
        return PeerFault(stream_id, code, Scope.CONNECTION, expected, came)

    def refuse(
        self, stream: Stream, code: ErrorCode, expected: str, came: str, cost: float = 1.0
    ) -> PeerFault:
        """End a stream over a fault of the peer's: RST_STREAM is queued."""
        stream_id = stream.stream_id
        self.reset(stream, code)
        return self.charge_reset(PeerFault(stream_id, code, Scope.STREAM, expected, came), cost)

    def charge_reset(self, fault: PeerFault, cost: float = 1.0) -> PeerFault:
        """Count a reset the peer provoked (CVE-2025-8671); returns the fault to report."""
        self.faults += 1
        expected = "fewer streams that end in a reset"
        if self.reset_budget.spend(cost, self.now):
            if self._is_low(self.reset_budget):
                self._warn(expected, str(fault))
            return fault
        return self.calm(expected, str(fault))

    def charge_cancel(self, stream_id: int) -> PeerFault | None:
        """Count a request that was cancelled (CVE-2023-44487); a fault once that is too often."""
        expected = "fewer cancelled streams"
        came = f"RST_STREAM on stream {stream_id}"
        if self.reset_budget.spend(1.0, self.now):
            if self._is_low(self.reset_budget):
                self._warn(expected, came)
            return None
        return self.calm(expected, came)

    def _is_low(self, budget: Budget) -> bool:
        """Whether it is time for a warning."""
        return not self.warned and budget.balance < budget.burst * self.limits.warning_share

    def _warn(self, expected: str, came: str) -> None:
        """The peer has spent most of a budget; said once."""
        self.warned = True
        self.report(PeerMisbehaving(expected, came))
        if self.role is Role.SERVER:
            self.shutdown.begin(self)

    def calm(self, expected: str, came: str) -> PeerFault:
        """The peer has spent its budget."""
        return self.fail(ErrorCode.ENHANCE_YOUR_CALM, expected, came)

    def late(self, timer: Timer, code: ErrorCode, expected: str) -> None:
        """End the connection over what the peer did not do in time; the event is queued."""
        fault = self.fail(code, expected, "nothing")
        self.report(PeerFault(0, code, fault.scope, expected, fault.came, timer))

    def charge(self, cost: float, expected: str, frame_type: int) -> PeerFault | None:
        """Take `cost` from the peer's ledger; a fault once it is dry."""
        enough = self.ledger.spend(cost, self.now)
        if enough and not self._is_low(self.ledger):
            return None
        came = f"too many {frame_name(frame_type)} frames"
        if not enough:
            return self.calm(expected, came)
        self._warn(expected, came)
        return None

    def say_goaway(self, last_stream_id: int, code: int, debug: bytes = b"") -> None:
        """Send GOAWAY; with an error it is the end."""
        self.goaway_last_id = last_stream_id
        self.write(pack_goaway(last_stream_id, code, debug))
        self.step(ConnectionStep.SEND_GOAWAY)
        if code != ErrorCode.NO_ERROR or self.life is ConnectionState.CLOSED:
            self.end()

    def end(self) -> None:
        """The connection is over; what is written already can still be sent."""
        self.life = ConnectionState.CLOSED
        for stream in self.streams.values():
            if stream.queue is not None:
                stream.queue.drop()
        self.streams.clear()
        self.waiting = None
        self.turns.clear()
        self.blocked = None
        self.early = None
        self.updates = None
        self.lingering.clear()
        self.timers.clear()
        self.pings.clear()
        self.ended_local += self.open_local
        self.ended_remote += self.open_remote
        self.open_local = 0
        self.open_remote = 0
        self.promises = 0

    def step(self, step: ConnectionStep) -> bool:
        """Take a step of the connection's life; false, and nothing changed, if it is forbidden."""
        target = next_state(self.life, step)
        if target is None:
            return False
        self.life = target
        return True
