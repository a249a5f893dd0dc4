"""What time alone brings about: each deadline of a connection, once it has passed.

Not here: when a deadline is set, which is done where its reason is.
"""

from hyper.frame import ErrorCode
from hyper.h2.session import Session
from hyper.h2.timers import Timer


class Upkeep:
    """Acts for the connection when nobody else does."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def handle_timer(self, now: float) -> None:
        """Do whatever is due at `now`; what there is to tell is among the session's events."""
        session = self._session
        while (timer := session.timers.expired(now)) is not None:
            if timer is Timer.ACKNOWLEDGEMENT:
                # RFC 9113 §6.5.3: MAY be a connection error of type SETTINGS_TIMEOUT.
                session.events.append(
                    session.fail(
                        ErrorCode.SETTINGS_TIMEOUT,
                        f"SETTINGS acknowledged within {session.limits.settings_timeout:g} s",
                        "no acknowledgement",
                    )
                )
            elif timer is Timer.WARNING:
                session.shutdown.finish(session)
            elif timer is Timer.SHUTDOWN:
                session.shutdown.cut(session)
