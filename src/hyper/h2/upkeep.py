"""What time alone brings about: each deadline of a connection, once it has passed.

Not here: when a deadline is set, which is done where its reason is.
"""

from math import inf
from typing import Final

from hyper.frame import ErrorCode, Scope
from hyper.h2.connection_life import ConnectionState
from hyper.h2.events import PeerFault
from hyper.h2.half_closed import drop_blocked
from hyper.h2.pings import Purpose
from hyper.h2.session import Session
from hyper.h2.settings import stall_timeout
from hyper.h2.stalls import Stalls
from hyper.h2.stream import Stream
from hyper.h2.timers import Timer

_CONNECTION: Final = 0  # instead of a stream id


class Upkeep:
    """Acts for the connection when nobody else does."""

    __slots__ = ("_session", "_stalls")

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._stalls: Stalls | None = None  # made for the first

    def handle_timer(self, now: float) -> None:
        """Do whatever is due at `now`; what there is to tell is among the session's events."""
        session = self._session
        if session.keepalive is not None:
            session.keepalive.look(len(session.streams) > 0, now)
        while (timer := session.timers.expired(now)) is not None:
            self._act(timer, now)

    def blocked(self, sure: bool) -> None:
        """Content has no window: a stream's, or that of the connection.  `sure` is whether the time
        was told just now.
        """
        session = self._session
        streams = session.blocked or []
        session.blocked = None
        if session.life is ConnectionState.INPUT_ENDED:
            drop_blocked(session)
            return
        timeout = stall_timeout(session.role, session.limits)
        if timeout == inf:
            return
        if self._stalls is None:
            self._stalls = Stalls(session.timers, timeout, session.limits.min_drain_rate)
        stalls = self._stalls
        for stream in streams:
            stalls.begin(stream.stream_id, _sent(stream), session.now, sure)
        if session.outbound_window <= 0 and session.turns:
            sent = session.outbound_credit - session.outbound_window
            stalls.begin(_CONNECTION, sent, session.now, sure)

    def _act(self, timer: Timer, now: float) -> None:
        session = self._session
        limits = session.limits
        if timer is Timer.KEEPALIVE:
            self._keep_alive(now)
        elif timer is Timer.STALL:
            self._look_at_stalls(now)
        elif timer is Timer.WARNING:
            session.shutdown.finish(session)
        elif timer is Timer.SHUTDOWN:
            session.shutdown.cut(session)
        elif timer is Timer.ANSWERS:
            session.cut_all(timer, f"an end within {limits.half_closed_timeout:g} s of the input")
        elif timer is Timer.PREFACE:
            # The code that RFC 9113 §7 has for what is late; SETTINGS are the end of the preface.
            session.late(
                timer,
                ErrorCode.SETTINGS_TIMEOUT,
                f"the client preface within {limits.preface_timeout:g} s",
            )
        elif timer is Timer.SETTINGS:
            session.late(
                timer,
                ErrorCode.SETTINGS_TIMEOUT,
                f"SETTINGS within {limits.first_settings_timeout:g} s",
            )
        else:
            # RFC 9113 §6.5.3: MAY be a connection error of type SETTINGS_TIMEOUT.
            session.late(
                timer,
                ErrorCode.SETTINGS_TIMEOUT,
                f"SETTINGS acknowledged within {limits.settings_timeout:g} s",
            )

    def _look_at_stalls(self, now: float) -> None:
        session = self._session
        stalls = self._stalls
        if stalls is None:
            return
        while (stream_id := stalls.next_due(now)) >= 0:
            if stream_id == _CONNECTION:
                if not session.turns:
                    stalls.forget(stream_id)
                    continue
                window = session.outbound_window
                sent = session.outbound_credit - window
            else:
                stream = session.streams.get(stream_id)
                if stream is None or stream.queue is None or not stream.queue.size:
                    stalls.forget(stream_id)
                    continue
                window = session.remote.initial_window_size + stream.send_credit
                sent = _sent(stream)
            if stalls.is_over(stream_id, sent, window <= 0, now):
                self._end_stalled(stream_id)

    def _end_stalled(self, stream_id: int) -> None:
        session = self._session
        session.stalls += 1
        rate = session.limits.min_drain_rate
        timeout = stall_timeout(session.role, session.limits)
        expected = f"room for {rate:g} bytes a second over {timeout:g} s"
        if stream_id == _CONNECTION:
            session.late(Timer.STALL, ErrorCode.ENHANCE_YOUR_CALM, expected)
            return
        stream = session.streams[stream_id]
        fault = PeerFault(stream_id, ErrorCode.CANCEL, Scope.STREAM, expected, "less", Timer.STALL)
        session.cut_off(stream, ErrorCode.CANCEL)
        session.report(session.charge_reset(fault))

    def _keep_alive(self, now: float) -> None:
        session = self._session
        if session.keepalive is None:
            return
        if session.keepalive.silent(now):
            session.ping(Purpose.KEEPALIVE)
            return
        # Nothing the peer did was wrong, as far as anybody can tell.
        session.late(
            Timer.KEEPALIVE,
            ErrorCode.NO_ERROR,
            f"an answer to PING within {session.limits.keepalive_timeout:g} s",
        )


def _sent(stream: Stream) -> int:
    """How much of the content of a stream is gone."""
    queue = stream.queue
    return 0 if queue is None else queue.total - queue.size
