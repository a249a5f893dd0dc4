"""The inside of an engine, for the few tests that count what no public name shows."""

from hyper.h2 import Connection
from hyper.h2.session import Session


def session(engine: Connection) -> Session:
    """The state both directions of the engine share."""
    return engine._session  # noqa: SLF001 - the one place where tests look behind the face


def lost_credit(engine: Connection) -> int:
    """What of the connection's receive window neither the peer may use, nor the application holds,
    nor is about to be announced: what a leak has taken for ever.
    """
    state = session(engine)
    window = state.inbound
    held = sum(s.inbound.held for s in state.streams.values() if s.inbound is not None)
    held += sum(state.lingering.values())
    return window.size - window.available - window.owed - held
