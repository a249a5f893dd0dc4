"""What the caller wants said about the connection, into bytes (RFC 9113 §6.5 to §6.8).

The preface is here too.  A wrong call raises `LocalProtocolError` and changes nothing: check first,
change after.  Not here: messages and promises, which are `send`'s.
"""

from collections.abc import Sequence
from typing import Final

from hyper.frame import (
    MAX_WINDOW,
    MIN_MAX_FRAME_SIZE,
    PREFACE,
    AltSvcFrame,
    OriginFrame,
    PriorityFrame,
    SettingId,
    UnknownFrame,
    check_setting,
    pack_ping,
    pack_settings,
    pack_window_update,
    serialize,
)
from hyper.h2.by_hand import write_frame
from hyper.h2.declared import declare
from hyper.h2.events import AltSvc, GoAway, Origin, Ping, PriorityUpdate, Sendable, Settings
from hyper.h2.origins import is_origin
from hyper.h2.pings import Purpose
from hyper.h2.priorities import send_update
from hyper.h2.session import Session
from hyper.h2.settings import connection_window, initial_settings
from hyper.wire import LocalProtocolError, Role

_MAX_UINT32: Final = 2**32 - 1
_MAX_UINT16: Final = 2**16 - 1


class ControlSender:
    """Writes what one direction of a connection says beside its messages."""

    __slots__ = ("_session",)

    def __init__(self, session: Session, wanted: Sequence[tuple[int, int]]) -> None:
        self._session: Final = session
        role = session.role
        limits = session.limits
        values = list(wanted) if session.by_hand else initial_settings(role, limits, wanted)
        self._check_settings(values)
        self._keep_window(wanted)
        # RFC 9113 §3.4, §6.5: the preface of each side MUST be the first thing it sends, and starts
        # with SETTINGS; a client's magic octets precede it.  RFC 9113 §3.2, §3.3: over TLS and
        # with prior knowledge alike.
        if role is Role.CLIENT:
            session.write(PREFACE)
        session.write(pack_settings(values))
        declare(session, values)
        # RFC 9113 §6.6: what comes of a server that knows.  It reads our first SETTINGS before any
        # request of ours, and can only push upon a request.
        session.local.enable_push = 1 if (SettingId.ENABLE_PUSH, 1) in values else 0
        session.local.no_rfc7540_priorities = int((SettingId.NO_RFC7540_PRIORITIES, 1) in values)
        # RFC 9113 §6.9.2: the connection's window can only be changed by WINDOW_UPDATE.
        window = session.inbound.size if session.by_hand else connection_window(role, limits)
        if window > MAX_WINDOW:
            raise LocalProtocolError(f"a connection window of at most {MAX_WINDOW}, not {window}")
        more = window - session.inbound.size
        if more > 0:
            session.inbound.resize(more)
            session.write(pack_window_update(0, more))

    def send(self, event: Sendable) -> None:
        """Say `event` to the peer."""
        if isinstance(event, Settings):
            self._settings(event)
        elif isinstance(event, Ping):
            self._ping(event)
        elif isinstance(event, GoAway):
            self._goaway(event)
        elif isinstance(event, AltSvc):
            self._altsvc(event)
        elif isinstance(event, Origin):
            self._origin(event)
        elif isinstance(event, PriorityUpdate):
            send_update(self._session, event)
        elif isinstance(event, (PriorityFrame, UnknownFrame)):
            write_frame(self._session, event)
        else:
            raise LocalProtocolError(f"{type(event).__name__} is not for sending")

    def _ping(self, event: Ping) -> None:
        session = self._session
        # RFC 9113 §6.7: PING MUST contain eight octets.
        if len(event.data) != 8:
            raise LocalProtocolError(f"a PING of 8 bytes, not {len(event.data)}")
        if len(session.pings) >= session.limits.max_pings:
            raise LocalProtocolError(f"at most {session.limits.max_pings} PINGs without an answer")
        session.write(pack_ping(event.data))
        session.pings.ask(event.data, Purpose.OWNER)

    def _settings(self, event: Settings) -> None:
        session = self._session
        self._check_settings(event.values)
        before = session.local.no_rfc7540_priorities
        for identifier, value in event.values:
            # RFC 9218 §2.1: MUST be in the first SETTINGS, and senders MUST NOT change it after.
            if identifier == SettingId.NO_RFC7540_PRIORITIES and value != before:
                raise LocalProtocolError(
                    f"NO_RFC7540_PRIORITIES was {before} in the first SETTINGS"
                )
        # RFC 9113 §4.1, §4.2: a frame larger than the peer's MAX_FRAME_SIZE must not be sent.
        if len(event.values) * 6 > session.remote.max_frame_size:
            raise LocalProtocolError(f"SETTINGS of one frame, not {len(event.values)} values")
        session.write(pack_settings(event.values))
        self._keep_window(event.values)
        declare(session, list(event.values))

    def _keep_window(self, values: Sequence[tuple[int, int]]) -> None:
        """Whoever sets a window by hand keeps it, unless he has said what it may grow to."""
        session = self._session
        if not session.limits.grown_window:
            for identifier, _ in values:
                if identifier == SettingId.INITIAL_WINDOW_SIZE:
                    session.bandwidth = None

    def _check_settings(self, values: Sequence[tuple[int, int]]) -> None:
        role = self._session.role
        for identifier, value in values:
            if not 0 <= identifier <= _MAX_UINT16 or not 0 <= value <= _MAX_UINT32:
                raise LocalProtocolError(f"setting {identifier}={value} does not fit its frame")
            error = check_setting(identifier, value)
            if error is not None:
                raise LocalProtocolError(str(error))
            if identifier == SettingId.ENABLE_PUSH and value and role is Role.SERVER:
                # RFC 9113 §6.5.2: a server MUST NOT explicitly set this value to 1.
                raise LocalProtocolError("ENABLE_PUSH of 1 is for clients")
            if (
                identifier == SettingId.ENABLE_CONNECT_PROTOCOL
                and self._session.local.enable_connect_protocol > value
            ):
                # RFC 8441 §3: MUST NOT go back to 0.
                raise LocalProtocolError("ENABLE_CONNECT_PROTOCOL cannot go back to 0")

    def _goaway(self, event: GoAway) -> None:
        session = self._session
        # RFC 9113 §6.8: the last stream id MUST NOT increase from one GOAWAY to the next.
        if not 0 <= event.last_stream_id <= session.goaway_last_id:
            raise LocalProtocolError(
                f"a last stream id of at most {session.goaway_last_id}, not {event.last_stream_id}"
            )
        if not 0 <= event.code <= _MAX_UINT32:
            raise LocalProtocolError(f"an error code of 32 bits, not {event.code}")
        if len(event.debug) + 8 > session.remote.max_frame_size:
            raise LocalProtocolError(f"GOAWAY of one frame, not {len(event.debug)} bytes of debug")
        session.say_goaway(event.last_stream_id, event.code, event.debug)

    def _altsvc(self, event: AltSvc) -> None:
        # RFC 7838 §4: from servers; with an origin on stream 0, without one on a stream.
        if self._session.role is not Role.SERVER:
            raise LocalProtocolError("only a server sends ALTSVC")
        if (event.stream_id == 0) != bool(event.origin):
            raise LocalProtocolError("ALTSVC has an origin on stream 0, and only there")
        if event.stream_id:
            self._session.stream(event.stream_id)
        if len(event.origin) + len(event.value) + 2 > MIN_MAX_FRAME_SIZE:
            raise LocalProtocolError("ALTSVC of more than one frame")
        self._session.write(serialize(AltSvcFrame(event.stream_id, event.origin, event.value)))

    def _origin(self, event: Origin) -> None:
        # RFC 8336 §2: from servers.
        if self._session.role is not Role.SERVER:
            raise LocalProtocolError("only a server sends ORIGIN")
        for origin in event.origins:
            if not is_origin(origin):
                raise LocalProtocolError(f"expected an origin, got {origin[:64]!r}")
        # RFC 9113 §4.2: a frame larger than the peer's MAX_FRAME_SIZE must not be sent.
        if sum([len(origin) + 2 for origin in event.origins]) > self._session.remote.max_frame_size:
            raise LocalProtocolError(f"ORIGIN of one frame, not {len(event.origins)} origins")
        self._session.write(serialize(OriginFrame(event.origins)))
