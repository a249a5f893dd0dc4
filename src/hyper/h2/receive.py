"""Bytes from the peer into events (RFC 9113 §4, §6): one frame a step.

Every rule about what the peer may send, and when, is enforced here or by a table this module asks.
A fault becomes a `PeerFault` event, in its turn; nothing raises.

Not here: what we send by our own will, which is `send`'s.

This file is on the hot path: integers instead of frame objects, plain chains ordered by frequency.
bench/h2_cycle.py proves it.
"""

from collections.abc import Sequence
from types import FunctionType
from typing import Final

from hyper.frame import (
    FRAME_HEADER,
    FRAME_HEADER_SIZE,
    PREFACE,
    ErrorCode,
    PriorityFrame,
    UnknownFrame,
    check_header,
    frame_name,
)
from hyper.h2.by_hand import priority_in
from hyper.h2.connection_life import ConnectionState, ConnectionStep
from hyper.h2.connection_life import next_state as next_connection_state
from hyper.h2.events import EndOfInput, Event, PeerFault, Request, Reset, Writable
from hyper.h2.half_closed import close_input, cut_short, drop_blocked
from hyper.h2.message_life import MessageState
from hyper.h2.priorities import receive_update
from hyper.h2.push import check_promise
from hyper.h2.receive_control import ControlReceiver
from hyper.h2.receive_messages import MessageReceiver
from hyper.h2.session import Session
from hyper.h2.timers import Timer
from hyper.h2.trace import Tracer
from hyper.wire import Buffer, ReceiveBuffer, Role

_END_STREAM: Final = 0x1
_ACK: Final = 0x1
_END_HEADERS: Final = 0x4
_PADDED: Final = 0x8
_PRIORITY: Final = 0x20

_DATA: Final = 0x0
_HEADERS: Final = 0x1
_PRIORITY_FRAME: Final = 0x2
_RST_STREAM: Final = 0x3
_SETTINGS: Final = 0x4
_PUSH_PROMISE: Final = 0x5
_PING: Final = 0x6
_GOAWAY: Final = 0x7
_WINDOW_UPDATE: Final = 0x8
_CONTINUATION: Final = 0x9
_ALTSVC: Final = 0xA
_ORIGIN: Final = 0xC
_PRIORITY_UPDATE: Final = 0x10

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_AWAIT_PREFACE: Final = ConnectionState.AWAIT_PREFACE
_OPEN: Final = ConnectionState.OPEN
_INPUT_ENDED: Final = ConnectionState.INPUT_ENDED
_CLOSED: Final = ConnectionState.CLOSED
_RECV_OTHER: Final = ConnectionStep.RECV_OTHER


class Receiver:
    """Reads one direction of a connection."""

    __slots__ = (
        "_block_flags",
        "_block_frames",
        "_block_parts",
        "_block_promised",
        "_block_signal",
        "_block_size",
        "_block_stream",
        "_buffer",
        "_clean",
        "_control",
        "_ended",
        "_ending",
        "_messages",
        "_session",
        "_tracer",
        "_whole",
    )

    def __init__(self, session: Session, auto_consume: bool, tracer: Tracer | None) -> None:
        self._session: Final = session
        self._tracer: Final = tracer
        self._buffer: Final = ReceiveBuffer()
        self._ended = False
        # The end of input, once all before it was read: whether it came between frames, and between
        # messages.
        self._ending = False
        self._whole = False
        self._clean = False
        self._messages: Final = MessageReceiver(session, auto_consume)
        self._control: Final = ControlReceiver(session)
        # A field block that is not complete: the stream, 0 for none, and what has come of it.
        self._block_stream = 0
        self._block_promised = 0  # the stream it promises, 0 for HEADERS
        self._block_signal: PriorityFrame | None = None  # what its HEADERS say beside it
        self._block_flags = 0
        self._block_parts: list[bytes] = []
        self._block_size = 0
        self._block_frames = 0

    def receive_data(self, data: Buffer, now: float) -> None:
        """Take bytes over; `b""` is the end of input."""
        session = self._session
        if now > session.now:
            session.now = now
        if session.timers.waiting:
            session.timers.tell(session.now)
        if len(data) == 0:
            self._ended = True
            return
        if session.life is _CLOSED or self._ended:
            return  # nothing after a fatal fault can be made sense of
        self._buffer.append(data)
        if session.keepalive is not None:
            session.keepalive.heard(len(session.streams) > 0, session.now)

    def adopt(self, settings: Sequence[tuple[int, int]]) -> None:
        """Put settings of the peer's into force that no frame brought.  They must be legal."""
        for identifier, value in settings:
            self._control.apply(identifier, value)

    def next_event(self) -> Event | None:
        """Advance to the next event; `None` means that more input is needed."""
        session = self._session
        buffer = self._buffer
        while True:
            if session.events:
                waiting = session.events.popleft()
                if self._is_void(waiting):
                    continue
                return waiting
            life = session.life
            if life is not _OPEN:
                if life is _CLOSED:
                    buffer.clear()
                    return None
                if life is _AWAIT_PREFACE:
                    if not self._read_preface():
                        return self._starved()
                    continue
            data = buffer.data
            at = buffer.pos
            if len(data) - at < FRAME_HEADER_SIZE:
                if not buffer.has(FRAME_HEADER_SIZE):
                    return self._starved() if self._ended else None
                data = buffer.data
                at = buffer.pos
            # Compiled, arithmetic is nearly free and objects are not.
            if _COMPILED:
                length = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2]
                kind = data[at + 3]
                flags = data[at + 4]
                stream_id = (
                    (data[at + 5] << 24) | (data[at + 6] << 16) | (data[at + 7] << 8) | data[at + 8]
                )
            else:
                length, flags, stream_id = FRAME_HEADER.unpack_from(data, at)
                kind = length & 0xFF
                length >>= 8
            # RFC 9113 §4.1: the reserved bit MUST be ignored.
            stream_id &= 0x7FFF_FFFF
            # A frame that is too long, or that its nine bytes alone condemn, is not waited for.
            # `check_header` finds no fault with DATA and HEADERS like these, nearly all there is.
            if (
                kind > _HEADERS
                or stream_id == 0
                or not 6 <= length <= session.local.max_frame_size
                or self._block_stream
            ):
                fault = self._check(length, kind, flags, stream_id)
                if fault is not None:
                    return fault
            start = at + FRAME_HEADER_SIZE
            end = start + length
            if end > len(data):
                if not buffer.has(FRAME_HEADER_SIZE + length):
                    return self._starved()
                data = buffer.data
                start = buffer.pos + FRAME_HEADER_SIZE
                end = start + length
            payload = data[start:end]
            buffer.pos = end
            if self._tracer is not None:
                self._tracer.received(kind, flags, stream_id, length, payload)
            if life is not _OPEN:
                fault = self._check_begun(kind, flags, stream_id)
                if fault is not None:
                    return fault
            if kind == _DATA:
                event = self._messages.data(flags, stream_id, payload)
            elif kind != _HEADERS:
                event = self._other(kind, flags, stream_id, payload)
            elif flags | _END_STREAM == _END_STREAM | _END_HEADERS and (
                length <= session.limits.max_block_size
            ):
                event = self._messages.field_block(stream_id, payload, flags & _END_STREAM != 0)
            else:
                event = self._headers(flags, stream_id, payload)
            if event is not None:
                return event

    def _is_void(self, event: Event) -> bool:
        """Whether an event that waited is no news any more."""
        if isinstance(event, Reset):
            return not self._control.lose(event.stream_id)
        if isinstance(event, Writable):
            # It is an invitation: void once the stream is over, or its content ended.
            stream = self._session.streams.get(event.stream_id)
            return stream is None or stream.outbound is MessageState.ENDED
        return False

    def _starved(self) -> Event | None:
        """There is no whole frame: news only if there never will be one."""
        session = self._session
        if not self._ended or session.life is _INPUT_ENDED:
            return None
        if not self._ending:
            self._ending = True
            # RFC 9113 §3.4: the preface of either side ends with SETTINGS.
            begun = next_connection_state(session.life, _RECV_OTHER) is not None
            self._whole = begun and len(self._buffer) == 0 and self._block_stream == 0
            self._clean = not cut_short(session) and self._whole
            if session.role is Role.SERVER:
                drop_blocked(session)
            if session.events:
                return self.next_event()
        if self._whole:
            close_input(session)
        else:
            session.end()
        return EndOfInput(self._clean)

    def _read_preface(self) -> bool:
        buffer = self._buffer
        size = min(len(buffer), len(PREFACE))
        buffer.has(size)
        head = buffer.data[buffer.pos : buffer.pos + size]
        # RFC 9113 §3.4: an invalid preface MUST be a connection error.  Told at the first byte that
        # differs: a client of HTTP/1.1 would wait for us for ever.
        if head != PREFACE[:size]:
            self._session.report(
                self._session.fail(
                    ErrorCode.PROTOCOL_ERROR, "the client preface of HTTP/2", f"{head[:24]!r}"
                )
            )
            return True
        if size < len(PREFACE):
            return False
        buffer.pos += size
        session = self._session
        session.step(ConnectionStep.RECV_PREFACE)
        session.timers.stop(Timer.PREFACE)
        session.timers.put(Timer.SETTINGS, session.now + session.limits.first_settings_timeout)
        return True

    def _check(self, length: int, kind: int, flags: int, stream_id: int) -> PeerFault | None:
        fault = self._header_fault(length, kind, flags, stream_id)
        if fault is not None and self._tracer is not None:
            self._tracer.received(kind, flags, stream_id, length, b"")
        return fault

    def _header_fault(self, length: int, kind: int, flags: int, stream_id: int) -> PeerFault | None:
        session = self._session
        if self._block_stream:
            # RFC 9113 §6.2, §6.6, §6.10: without END_HEADERS, CONTINUATION MUST follow on the same
            # stream.  RFC 9113 §5.5: and no extension frame either.
            if kind != _CONTINUATION or stream_id != self._block_stream:
                return self._session.fail(
                    ErrorCode.PROTOCOL_ERROR,
                    f"CONTINUATION on stream {self._block_stream}",
                    _text(kind, stream_id),
                    stream_id,
                )
        elif kind == _CONTINUATION:
            # RFC 9113 §6.10: it MUST be preceded by a frame without END_HEADERS.
            return self._session.fail(
                ErrorCode.PROTOCOL_ERROR,
                "CONTINUATION only inside a field block",
                _text(kind, stream_id),
                stream_id,
            )
        error = check_header(length, kind, flags, stream_id, session.local.max_frame_size)
        if error is None:
            return None
        # RFC 9113 §4.2: where it concerns the connection it MUST be a connection error.
        # RFC 9113 §5.4.1: a stream error may be treated as a connection error.  A length that is
        # wrong for its type is no accident of a stream, and skipping it would cost us the wait.
        return self._session.fail(error.code, error.expected, error.came, stream_id)

    def _check_begun(self, kind: int, flags: int, stream_id: int) -> PeerFault | None:
        session = self._session
        if (kind != _SETTINGS or flags & _ACK) and next_connection_state(
            session.life, _RECV_OTHER
        ) is None:
            if session.leniences.late_settings:
                session.step(ConnectionStep.RECV_SETTINGS)  # as if they had been empty
                session.timers.stop(Timer.SETTINGS)
                return None
            # RFC 9113 §3.4: the first frame MUST be SETTINGS, and is no acknowledgement.
            return session.fail(
                ErrorCode.PROTOCOL_ERROR, "SETTINGS first", _text(kind, stream_id), stream_id
            )
        return None

    def _other(self, kind: int, flags: int, stream_id: int, payload: bytes) -> Event | None:
        """A frame that is neither DATA nor HEADERS."""
        session = self._session
        if kind == _WINDOW_UPDATE:
            return self._control.window_update(stream_id, payload)
        if kind == _RST_STREAM:
            return self._control.rst_stream(stream_id, payload)
        if kind == _SETTINGS:
            return self._control.settings(flags, payload)
        if kind == _PING:
            return self._control.ping(flags, payload)
        if kind == _CONTINUATION:
            return self._continuation(flags, payload)
        if kind == _GOAWAY:
            return self._control.goaway(payload)
        if kind == _PUSH_PROMISE:
            return self._push_promise(flags, stream_id, payload)
        if kind == _PRIORITY_FRAME:
            return self._control.priority(stream_id, payload)
        if kind == _ALTSVC:
            return self._control.altsvc(stream_id, payload)
        if kind == _ORIGIN and not session.by_hand:
            return self._control.origin(flags, stream_id, payload)
        if kind == _PRIORITY_UPDATE:
            return receive_update(session, payload)
        # RFC 9113 §4.1, §5.5: frames of unknown types MUST be ignored.
        fault = session.charge(1.0 + len(payload) / 4096.0, "frames of known types", kind)
        if fault is not None or not session.by_hand:
            return fault
        return UnknownFrame(kind, flags, stream_id, payload)

    def _headers(self, flags: int, stream_id: int, payload: bytes) -> Event | None:
        size = len(payload)
        start = 0
        end = size
        if flags & _PADDED:
            start = 1
            end -= payload[0]
        if flags & _PRIORITY:
            start += 5
        # RFC 9113 §6.2: padding that leaves no room MUST be a connection error.
        if start > end:
            return self._session.fail(
                ErrorCode.PROTOCOL_ERROR, "padding within the HEADERS frame", "more", stream_id
            )
        signal: PriorityFrame | None = None
        if flags & _PRIORITY:
            if _depends_on(payload, start - 5) == stream_id:
                # RFC 7540 §5.3.1: a stream cannot depend on itself.  RFC 9113 §5.3.2 leaves the
                # signal without a meaning, so it is not worth a fault; it is only paid for.
                fault = self._session.charge(1.0, "a dependency on another stream", _HEADERS)
                if fault is not None:
                    return fault
            elif self._session.by_hand:
                signal = PriorityFrame(stream_id, priority_in(payload, start - 5))
        block = payload if end - start == size else payload[start:end]
        if len(block) > self._session.limits.max_block_size:
            return self._too_big(stream_id, len(block))
        if flags & _END_HEADERS:
            event = self._messages.field_block(stream_id, block, bool(flags & _END_STREAM))
            return event if signal is None else self._with(signal, event)
        self._begin_block(flags, stream_id, 0, block)
        self._block_signal = signal
        return None

    def _with(self, signal: PriorityFrame, event: Event | None) -> Event | None:
        """What HEADERS mean, and right behind it the priority that they carry."""
        if event is None:
            return signal
        if isinstance(event, Request):
            return Request(event.stream_id, event.fields, event.end_stream, signal.priority)
        session = self._session
        session.report(signal)
        if session.events is not None and len(session.events) > 1:
            session.events.rotate(1)  # before what the message has brought about
        return event

    def _push_promise(self, flags: int, stream_id: int, payload: bytes) -> Event | None:
        start = 0
        end = len(payload)
        if flags & _PADDED:
            start = 1
            end -= payload[0]
        # RFC 9113 §6.6: padding that leaves no room MUST be a connection error.
        if start + 4 > end:
            return self._session.fail(
                ErrorCode.PROTOCOL_ERROR, "padding within the PUSH_PROMISE frame", "more", stream_id
            )
        promised = int.from_bytes(payload[start : start + 4], "big") & 0x7FFFFFFF
        fault = check_promise(self._session, stream_id, promised)
        if fault is not None:
            return fault
        block = payload[start + 4 : end]
        if len(block) > self._session.limits.max_block_size:
            return self._too_big(stream_id, len(block))
        if flags & _END_HEADERS:
            return self._messages.promise(stream_id, promised, block)
        self._begin_block(flags, stream_id, promised, block)
        return None

    def _begin_block(self, flags: int, stream_id: int, promised: int, block: bytes) -> None:
        """Keep the first part of a field block that goes on in CONTINUATION frames."""
        self._block_stream = stream_id
        self._block_promised = promised
        self._block_flags = flags
        self._block_frames = 0
        self._block_parts = [block]
        self._block_size = len(block)

    def _continuation(self, flags: int, payload: bytes) -> Event | None:
        limits = self._session.limits
        stream_id = self._block_stream
        self._block_frames += 1
        self._block_size += len(payload)
        # VU#421644: without these a block never ends.  Counted before anything is kept.
        if self._block_frames > limits.max_continuations:
            return self._session.fail(
                ErrorCode.ENHANCE_YOUR_CALM,
                f"at most {limits.max_continuations} CONTINUATION frames",
                "one more",
                stream_id,
            )
        if self._block_size > limits.max_block_size:
            return self._too_big(stream_id, self._block_size)
        self._block_parts.append(payload)
        if not flags & _END_HEADERS:
            return None
        block = b"".join(self._block_parts)
        self._block_parts = []
        self._block_stream = 0
        if self._block_promised:
            return self._messages.promise(stream_id, self._block_promised, block)
        signal = self._block_signal
        if signal is not None:
            self._block_signal = None
            ends = bool(self._block_flags & _END_STREAM)
            return self._with(signal, self._messages.field_block(stream_id, block, ends))
        return self._messages.field_block(stream_id, block, bool(self._block_flags & _END_STREAM))

    def _too_big(self, stream_id: int, size: int) -> PeerFault:
        session = self._session
        return session.fail(
            ErrorCode.ENHANCE_YOUR_CALM,
            f"a field block of at most {session.limits.max_block_size} bytes",
            f"{size} or more",
            stream_id,
        )


def _depends_on(payload: bytes, at: int) -> int:
    return int.from_bytes(payload[at : at + 4], "big") & 0x7FFFFFFF


def _text(kind: int, stream_id: int) -> str:
    return f"{frame_name(kind)} on stream {stream_id}"


_COMPILED: Final = not isinstance(_text, FunctionType)
