"""Leaving without losing a request: GOAWAY in two steps with a PING between (RFC 9113 §6.8).

Not here: GOAWAY that the owner of an engine words for himself, and that which reports a fault.
"""

from typing import TYPE_CHECKING

from hyper.frame import MAX_STREAM_ID, ErrorCode
from hyper.h2.connection_life import ConnectionState
from hyper.h2.pings import Purpose
from hyper.h2.timers import Timer
from hyper.wire import Role

if TYPE_CHECKING:
    from hyper.h2.session import Session


class Shutdown:
    """How far it has come.  Says what there is to say on the session that it is given."""

    __slots__ = ("_warned", "_within")

    def __init__(self) -> None:
        self._warned = False
        self._within = 0.0

    def begin(self, session: "Session", *, warn: bool = True) -> None:
        """Say the first GOAWAY; the last one at once where nobody is to be warned.

        Asking again changes nothing, but for `warn`: without it the last word is said now.
        """
        life = session.life
        if life is ConnectionState.CLOSED or session.goaway_last_id < MAX_STREAM_ID:
            return
        # A server that has yet to hear a word has nothing to lose.  A client's GOAWAY is about
        # pushes, and its own requests are its to stop.
        if (
            not warn
            or session.role is not Role.SERVER
            or life is ConnectionState.AWAIT_PREFACE
            # Its owner has warned the peer.
            or (_said_goaway(life) and not self._warned)
        ):
            self.finish(session)
        elif not self._warned:
            self._warned = True
            # RFC 9113 §6.8: a server SHOULD send a GOAWAY with the last stream id 2^31-1, and,
            # after time for requests in flight (a round trip at least), one with the real id.
            session.say_goaway(MAX_STREAM_ID, ErrorCode.NO_ERROR)
            session.ping(Purpose.SHUTDOWN)
            session.timers.start(Timer.WARNING, session.limits.shutdown_warning)

    def finish(self, session: "Session") -> None:
        """Say the last GOAWAY: the peer has had its time, or needs none."""
        session.timers.stop(Timer.WARNING)
        # RFC 9113 §8.7: it covers what the application was told of, and that alone for sure.
        if session.goaway_last_id == MAX_STREAM_ID:
            session.say_goaway(session.accepted, ErrorCode.NO_ERROR)

    def cut_within(self, session: "Session", seconds: float) -> None:
        """Streams that are open then are cut off."""
        self._within = seconds
        session.timers.start(Timer.SHUTDOWN, seconds)

    def cut(self, session: "Session") -> None:
        """That time is over."""
        self.finish(session)
        session.cut_all(Timer.SHUTDOWN, f"an end within {self._within:g} s of the shutdown")


def _said_goaway(life: ConnectionState) -> bool:
    return life in (
        ConnectionState.GOAWAY_SENT,
        ConnectionState.GOAWAY_BOTH,
        ConnectionState.INPUT_ENDED,
        ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT,
    )
