"""Frames about a connection, or about a stream as such, into events (RFC 9113 §6.3 to §6.9).

`receive` hands over whole frames.  Not here: messages, which are `receive_messages`'.
"""

from collections import deque
from typing import Final

from hyper.frame import (
    MAX_WINDOW,
    ErrorCode,
    FrameType,
    PriorityFrame,
    SettingId,
    WindowUpdateFrame,
    check_setting,
    error_code,
    pack_ping,
    pack_settings,
)
from hyper.h2.by_hand import priority_in
from hyper.h2.connection_life import ConnectionState, ConnectionStep
from hyper.h2.declared import acknowledge, declare
from hyper.h2.events import (
    AltSvc,
    Event,
    GoAway,
    Origin,
    PeerFault,
    Ping,
    Pong,
    Reset,
    Settings,
    SettingsAcknowledged,
)
from hyper.h2.growth import measured
from hyper.h2.origins import is_origin
from hyper.h2.pings import Probe, Purpose
from hyper.h2.session import Session
from hyper.h2.stream_life import StreamState, StreamStep
from hyper.h2.stream_life import next_state as next_stream_state
from hyper.h2.timers import Timer
from hyper.wire import Role

_ACK: Final = 0x1


class ControlReceiver:
    """Reads what one direction of a connection says beside its messages.

    RFC 9113 §6.9: these frames are exempt from flow control and MUST be processed.
    """

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def rst_stream(self, stream_id: int, payload: bytes) -> Event | None:
        """RST_STREAM (RFC 9113 §6.4)."""
        session = self._session
        code = error_code(int.from_bytes(payload, "big"))
        stream = session.streams.get(stream_id)
        if stream is None or stream.state is StreamState.IDLE:
            if stream is not None or session.state_of(stream_id) is StreamState.IDLE:
                # RFC 9113 §6.4: RST_STREAM on an idle stream MUST be a connection error.
                return session.fail(
                    ErrorCode.PROTOCOL_ERROR,
                    "RST_STREAM on a stream that was opened",
                    f"stream {stream_id}",
                    stream_id,
                )
            return session.charge(1.0, "RST_STREAM on a live stream", FrameType.RST_STREAM)
        # RFC 9113 §5.4.2: it MUST NOT be answered with RST_STREAM.
        # RFC 9113 §8.1: after a complete response, RST_STREAM with NO_ERROR only asks us to stop
        # sending.  No stream is over more than once, so the event is the same.
        # RFC 9113 §8.1: after our complete answer it cancels nothing: a client that has all it
        # wants (gRPC's, at the end of every call that the server ends) does no more than tidy up.
        answered = stream.state is StreamState.HALF_CLOSED_LOCAL
        stream.state = StreamState.CLOSED
        session.forget(stream)
        session.resets_received += 1
        # CVE-2023-44487: a client that opens and cancels costs us work it never waits for.
        if session.role is Role.SERVER and not answered:
            fault = session.charge_cancel(stream_id)
            if fault is not None:
                session.report(fault)
        return Reset(stream_id, code)

    def settings(self, flags: int, payload: bytes) -> Event | None:
        """SETTINGS (RFC 9113 §6.5)."""
        session = self._session
        if flags & _ACK:
            return self._settings_ack()
        count = len(payload) // 6
        if count > session.limits.max_settings:
            return session.fail(
                ErrorCode.ENHANCE_YOUR_CALM,
                f"at most {session.limits.max_settings} settings",
                f"{count}",
            )
        first = (
            session.life is ConnectionState.AWAIT_SETTINGS
            or session.life is ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT
        )
        values: list[tuple[int, int]] = []
        for at in range(0, len(payload), 6):
            identifier = (payload[at] << 8) | payload[at + 1]
            value = int.from_bytes(payload[at + 2 : at + 6], "big")
            error = check_setting(identifier, value)
            if error is not None:
                return session.fail(error.code, error.expected, error.came)
            # RFC 9113 §6.5.2: a client MUST treat ENABLE_PUSH other than 0 as a connection error.
            if identifier == SettingId.ENABLE_PUSH and value and session.role is Role.CLIENT:
                return session.fail(
                    ErrorCode.PROTOCOL_ERROR, "no ENABLE_PUSH of 1 from a server", f"{value}"
                )
            if (
                identifier == SettingId.NO_RFC7540_PRIORITIES
                and not first
                and value != session.remote.no_rfc7540_priorities
            ):
                # RFC 9218 §2.1: MUST be in the first SETTINGS and MUST NOT change after it; a
                # change MAY be a connection error of type PROTOCOL_ERROR.
                return session.fail(
                    ErrorCode.PROTOCOL_ERROR, "NO_RFC7540_PRIORITIES as it was", f"{value}"
                )
            values.append((identifier, value))
        session.step(ConnectionStep.RECV_SETTINGS)
        if first:
            session.timers.stop(Timer.SETTINGS)
        # RFC 9113 §6.5.3: values MUST be processed in the order they appear.
        for identifier, value in values:
            event = self.apply(identifier, value)
            if event is not None:
                return event
        # RFC 9113 §3.4, §6.5.3: MUST be acknowledged at once.
        session.write(pack_settings([], True))
        if not first:
            fault_event = self._answered(2.0, FrameType.SETTINGS)
            if fault_event is not None:
                return fault_event
        return Settings(values)

    def apply(self, identifier: int, value: int) -> Event | None:
        """Put one setting of the peer's into force."""
        session = self._session
        remote = session.remote
        if identifier == SettingId.INITIAL_WINDOW_SIZE:
            grown = value > remote.initial_window_size
            remote.initial_window_size = value
            for stream in session.streams.values():
                # RFC 9113 §6.9.2: a change that makes any window exceed the maximum MUST be a
                # connection error of type FLOW_CONTROL_ERROR.
                if value + stream.send_credit > MAX_WINDOW:
                    return session.fail(
                        ErrorCode.FLOW_CONTROL_ERROR,
                        "windows of at most 2^31-1",
                        f"{value + stream.send_credit}",
                        stream.stream_id,
                    )
                queue = stream.queue
                if grown and queue is not None and queue.size and stream.request is None:
                    session.turns.join(stream)
            # The walk over the streams is the peer's to pay.
            return session.charge(
                len(session.streams) / 16.0, "settled settings", FrameType.SETTINGS
            )
        if identifier == SettingId.HEADER_TABLE_SIZE:
            # RFC 9113 §4.3.1: the next field block begins with it.
            session.encoder.set_max_table_size(value)
        elif (
            identifier == SettingId.ENABLE_CONNECT_PROTOCOL
            and remote.enable_connect_protocol
            and not value
        ):
            # RFC 8441 §3: a sender MUST NOT send 0 after having sent 1.
            return session.fail(ErrorCode.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL to stay 1", "0")
        remote.put(identifier, value)
        return None

    def _settings_ack(self) -> Event | None:
        session = self._session
        if not session.local_pending:
            if session.leniences.late_settings:
                fault = session.charge(2.0, "no acknowledgement of SETTINGS", FrameType.SETTINGS)
                return SettingsAcknowledged([]) if fault is None else fault
            # Nothing was asked, so nothing can be acknowledged; only a confused peer does.
            return session.fail(
                ErrorCode.PROTOCOL_ERROR, "no acknowledgement of SETTINGS", "one too many"
            )
        values = session.local_pending.pop(0)
        for identifier, value in values:
            acknowledge(session, identifier, value)
        session.timers.stop(Timer.ACKNOWLEDGEMENT)
        if session.local_pending:
            session.timers.put(Timer.ACKNOWLEDGEMENT, session.now + session.limits.settings_timeout)
        return SettingsAcknowledged(values)

    def ping(self, flags: int, payload: bytes) -> Event | None:
        """PING (RFC 9113 §6.7)."""
        session = self._session
        if flags & _ACK:
            probe = session.pings.answered(payload, session.now)
            if probe is not None:
                return self._pong(probe)
            fault = session.charge(1.0, "answers to our PING", FrameType.PING)
            return Pong(payload) if fault is None else fault
        # RFC 9113 §6.7: MUST be answered with the same payload, before other frames.
        session.write(pack_ping(payload, True))
        fault = self._answered(1.0, FrameType.PING)
        return Ping(payload) if fault is None else fault

    def _pong(self, probe: Probe) -> Event | None:
        """The answer to a PING of ours."""
        if probe.purpose is Purpose.OWNER:
            return Pong(probe.payload, probe.round_trip)
        if probe.purpose is Purpose.SHUTDOWN:
            # The peer has read the GOAWAY that went before it.
            self._session.shutdown.finish(self._session)
        elif probe.purpose is Purpose.BANDWIDTH:
            values = measured(self._session, probe.round_trip)
            if values:
                declare(self._session, values)
        return None

    def _answered(self, cost: float, kind: int) -> PeerFault | None:
        """An answer was queued that the peer provoked: it must read what it asks for."""
        session = self._session
        session.acks_unsent.append(session.out_size)
        if len(session.acks_unsent) > session.limits.max_unsent_acks:
            return session.calm(
                f"at most {session.limits.max_unsent_acks} answers waiting", "one more"
            )
        return session.charge(cost, "fewer frames that want an answer", kind)

    def goaway(self, payload: bytes) -> Event | None:
        """GOAWAY (RFC 9113 §6.8)."""
        session = self._session
        last_id = int.from_bytes(payload[0:4], "big") & 0x7FFFFFFF
        code = error_code(int.from_bytes(payload[4:8], "big"))
        session.step(ConnectionStep.RECV_GOAWAY)
        fault = session.charge(1.0, "one GOAWAY", FrameType.GOAWAY)
        if fault is not None:
            return fault
        # RFC 9113 §6.8: streams above the last id were not and will not be processed.  Each is over
        # when its event is taken, so that none is before the application was told.
        for stream in session.streams.values():
            if session.is_local(stream.stream_id) and (
                stream.stream_id > last_id or stream.state is StreamState.IDLE
            ):
                session.report(Reset(stream.stream_id, ErrorCode.REFUSED_STREAM))
        # What waits behind that are the answers to promises the peer has seen.
        if session.waiting:
            session.waiting = deque(
                [each for each in session.waiting if each.state != StreamState.IDLE]
            )
        return GoAway(last_id, code, payload[8:])

    def lose(self, stream_id: int) -> bool:
        """A stream that GOAWAY left out is over; false if it was before."""
        session = self._session
        stream = session.streams.get(stream_id)
        if stream is None:
            return False
        stream.state = StreamState.CLOSED
        session.forget(stream)
        session.remember_reset(stream_id)
        return True

    def window_update(self, stream_id: int, payload: bytes) -> Event | None:
        """WINDOW_UPDATE (RFC 9113 §6.9)."""
        session = self._session
        increment = int.from_bytes(payload, "big") & 0x7FFFFFFF
        if session.updates_earned:
            session.updates_earned -= 1
        else:
            fault = session.charge(1.0, "larger window updates", FrameType.WINDOW_UPDATE)
            if fault is not None:
                return fault
        if stream_id == 0:
            # RFC 9113 §6.9: an increment of 0 on the connection MUST be a connection error.
            if increment == 0:
                return session.fail(ErrorCode.PROTOCOL_ERROR, "an increment above 0", "0")
            if session.outbound_window + increment > MAX_WINDOW:
                return session.fail(
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "a window of at most 2^31-1",
                    f"{session.outbound_window + increment}",
                )
            session.outbound_window += increment
            session.outbound_credit += increment
            return WindowUpdateFrame(0, increment) if session.by_hand else None
        stream = session.streams.get(stream_id)
        if stream is None or next_stream_state(stream.state, StreamStep.RECV_WINDOW_UPDATE) is None:
            if stream is not None or session.state_of(stream_id) is StreamState.IDLE:
                # RFC 9113 §5.1: in states "idle" and "reserved (remote)" it MUST be a connection
                # error.
                return session.fail(
                    ErrorCode.PROTOCOL_ERROR,
                    "WINDOW_UPDATE on a stream that was opened",
                    f"stream {stream_id}",
                    stream_id,
                )
            # RFC 9113 §6.9: may arrive after the stream closed, and MUST NOT be an error.
            return None
        if increment == 0:
            return session.refuse(stream, ErrorCode.PROTOCOL_ERROR, "an increment above 0", "0")
        window = session.remote.initial_window_size + stream.send_credit + increment
        if window > MAX_WINDOW:
            # RFC 9113 §6.9.1: for a stream, RST_STREAM with FLOW_CONTROL_ERROR.
            return session.refuse(
                stream, ErrorCode.FLOW_CONTROL_ERROR, "a window of at most 2^31-1", f"{window}"
            )
        stream.send_credit += increment
        if stream.queue is not None and stream.queue.size:
            session.turns.join(stream)
        return WindowUpdateFrame(stream_id, increment) if session.by_hand else None

    def priority(self, stream_id: int, payload: bytes) -> Event | None:
        """PRIORITY (RFC 9113 §6.3): deprecated, so it is paid for and has no effect.

        RFC 9218 §2.1: as a server that received NO_RFC7540_PRIORITIES of 1 MUST have it.
        """
        session = self._session
        fault = session.charge(1.0, "fewer PRIORITY frames", FrameType.PRIORITY)
        if fault is not None or not session.by_hand:
            return fault
        signal = priority_in(payload, 0)
        # RFC 7540 §5.3.1: a stream cannot depend on itself; see `receive` for HEADERS that do.
        return None if signal.depends_on == stream_id else PriorityFrame(stream_id, signal)

    def altsvc(self, stream_id: int, payload: bytes) -> Event | None:
        """ALTSVC (RFC 7838 §4)."""
        fault = self._session.charge(1.0, "fewer ALTSVC frames", FrameType.ALTSVC)
        if fault is not None:
            return fault
        # RFC 7838 §4: a server MUST ignore it, and so MUST a client when it is not well-formed.
        if self._session.role is Role.SERVER:
            return None
        # `check_header` has seen to it that the length is there.
        size = (payload[0] << 8) | payload[1]
        if size > len(payload) - 2 or (size == 0) == (stream_id == 0):
            return None
        # On a stream it speaks of the origin of that stream's request: without one, of nothing.
        if stream_id and stream_id not in self._session.streams:
            return None
        return AltSvc(stream_id, payload[2 : 2 + size], payload[2 + size :])

    def origin(self, flags: int, stream_id: int, payload: bytes) -> Event | None:
        """ORIGIN (RFC 8336 §2)."""
        fault = self._session.charge(1.0, "fewer ORIGIN frames", FrameType.ORIGIN)
        if fault is not None:
            return fault
        # RFC 8336 §2.2: on a stream, or with one of the first four flags, it MUST be ignored; and
        # it is for clients.
        if self._session.role is Role.SERVER or stream_id or flags & 0xF:
            return None
        origins: list[bytes] = []
        at = 0
        while at < len(payload):
            start = at + 2
            at = start + int.from_bytes(payload[at:start], "big")
            if start > len(payload) or at > len(payload):
                # An extension must not end what it extends: cut short, it says nothing.
                return None
            # RFC 8336 §2.2: an entry that is no ASCII serialization of an origin MUST be ignored.
            if is_origin(payload[start:at]):
                origins.append(payload[start:at])
        return Origin(origins)
