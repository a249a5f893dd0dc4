"""What time alone brings about: each deadline of a connection, once it has passed.

Not here: when a deadline is set, which is done where its reason is.
"""

from typing import Final

from hyper.frame import ErrorCode, pack_ping
from hyper.h2.pings import Purpose
from hyper.h2.session import Session
from hyper.h2.timers import Timer


class Upkeep:
    """Acts for the connection when nobody else does."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def handle_timer(self, now: float) -> None:
        """Do whatever is due at `now`; what there is to tell is among the session's events."""
        session = self._session
        if session.keepalive is not None:
            session.keepalive.look(len(session.streams) > 0, now)
        while (timer := session.timers.expired(now)) is not None:
            self._act(timer, now)

    def _act(self, timer: Timer, now: float) -> None:
        session = self._session
        limits = session.limits
        if timer is Timer.KEEPALIVE:
            self._keep_alive(now)
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

    def _keep_alive(self, now: float) -> None:
        session = self._session
        if session.keepalive is None:
            return
        if session.keepalive.silent(now):
            payload = session.pings.payload_for(Purpose.KEEPALIVE)
            session.pings.ask(payload, Purpose.KEEPALIVE)
            session.write(pack_ping(payload))
            return
        # Nothing the peer did was wrong, as far as anybody can tell.
        session.late(
            Timer.KEEPALIVE,
            ErrorCode.NO_ERROR,
            f"an answer to PING within {session.limits.keepalive_timeout:g} s",
        )
