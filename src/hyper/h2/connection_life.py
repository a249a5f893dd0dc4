"""The life of a connection: preface, SETTINGS, use, the way out (RFC 9113 §3.4, §6.8).

Not here: streams.  Both roles walk the same table; a client starts past the preface, which only
servers await.
"""

from enum import IntEnum
from typing import Final

from hyper.wire import Role


class ConnectionState(IntEnum):
    """Where a connection stands.  GOAWAY goes both ways, independently."""

    AWAIT_PREFACE = 0
    AWAIT_SETTINGS = 1
    AWAIT_SETTINGS_GOAWAY_SENT = 2  # we are leaving, and have yet to hear the peer's SETTINGS
    OPEN = 3
    GOAWAY_SENT = 4
    GOAWAY_RECEIVED = 5
    GOAWAY_BOTH = 6
    INPUT_ENDED = 7  # of a server: the client says no more, and has yet to hear its answers
    CLOSED = 8


class ConnectionStep(IntEnum):
    """What happens on the connection."""

    SEND_REQUEST = 0
    SEND_GOAWAY = 1  # a graceful one; an error's is END
    RECV_PREFACE = 2  # this step and all below it, but for END, are the peer's
    RECV_SETTINGS = 3
    RECV_REQUEST = 4
    RECV_GOAWAY = 5
    RECV_OTHER = 6  # any other frame
    RECV_END_OF_INPUT = 7  # with answers left to send
    END = 8  # an error, or the end of all there is to do


_CLOSED: Final = {ConnectionStep.END: ConnectionState.CLOSED}

# One row per state.  What is absent is forbidden.  The matrix test draws this table.
TRANSITIONS: Final[dict[ConnectionState, dict[ConnectionStep, ConnectionState]]] = {
    ConnectionState.AWAIT_PREFACE: {
        # Nobody has spoken: there is nothing to finish.
        ConnectionStep.SEND_GOAWAY: ConnectionState.CLOSED,
        ConnectionStep.RECV_PREFACE: ConnectionState.AWAIT_SETTINGS,
        **_CLOSED,
    },
    # RFC 9113 §3.4: a SETTINGS frame MUST be the first frame either side sends, and a client may
    # send requests without waiting for the server's.
    ConnectionState.AWAIT_SETTINGS: {
        ConnectionStep.SEND_REQUEST: ConnectionState.AWAIT_SETTINGS,
        ConnectionStep.SEND_GOAWAY: ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT,
        ConnectionStep.RECV_SETTINGS: ConnectionState.OPEN,
        **_CLOSED,
    },
    ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT: {
        ConnectionStep.SEND_GOAWAY: ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT,
        ConnectionStep.RECV_SETTINGS: ConnectionState.GOAWAY_SENT,
        **_CLOSED,
    },
    ConnectionState.OPEN: {
        ConnectionStep.SEND_REQUEST: ConnectionState.OPEN,
        ConnectionStep.SEND_GOAWAY: ConnectionState.GOAWAY_SENT,
        ConnectionStep.RECV_SETTINGS: ConnectionState.OPEN,
        ConnectionStep.RECV_REQUEST: ConnectionState.OPEN,
        ConnectionStep.RECV_GOAWAY: ConnectionState.GOAWAY_RECEIVED,
        ConnectionStep.RECV_OTHER: ConnectionState.OPEN,
        ConnectionStep.RECV_END_OF_INPUT: ConnectionState.INPUT_ENDED,
        **_CLOSED,
    },
    # RFC 9113 §6.8: after our GOAWAY, new streams of the peer above its last id are ignored; that
    # is no fault of his.  Those up to that id, 2^31-1 in a first warning, must still be processed.
    ConnectionState.GOAWAY_SENT: {
        ConnectionStep.SEND_GOAWAY: ConnectionState.GOAWAY_SENT,
        ConnectionStep.RECV_SETTINGS: ConnectionState.GOAWAY_SENT,
        ConnectionStep.RECV_REQUEST: ConnectionState.GOAWAY_SENT,
        ConnectionStep.RECV_GOAWAY: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_OTHER: ConnectionState.GOAWAY_SENT,
        ConnectionStep.RECV_END_OF_INPUT: ConnectionState.INPUT_ENDED,
        **_CLOSED,
    },
    # RFC 9113 §6.8: receivers of a GOAWAY frame MUST NOT open additional streams; the peer may.
    ConnectionState.GOAWAY_RECEIVED: {
        ConnectionStep.SEND_GOAWAY: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_SETTINGS: ConnectionState.GOAWAY_RECEIVED,
        ConnectionStep.RECV_REQUEST: ConnectionState.GOAWAY_RECEIVED,
        ConnectionStep.RECV_GOAWAY: ConnectionState.GOAWAY_RECEIVED,
        ConnectionStep.RECV_OTHER: ConnectionState.GOAWAY_RECEIVED,
        ConnectionStep.RECV_END_OF_INPUT: ConnectionState.INPUT_ENDED,
        **_CLOSED,
    },
    ConnectionState.GOAWAY_BOTH: {
        ConnectionStep.SEND_GOAWAY: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_SETTINGS: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_REQUEST: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_GOAWAY: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_OTHER: ConnectionState.GOAWAY_BOTH,
        ConnectionStep.RECV_END_OF_INPUT: ConnectionState.INPUT_ENDED,
        **_CLOSED,
    },
    ConnectionState.INPUT_ENDED: {
        ConnectionStep.SEND_GOAWAY: ConnectionState.INPUT_ENDED,
        **_CLOSED,
    },
    ConnectionState.CLOSED: {},
}

_ROWS: Final = [
    [TRANSITIONS[state].get(step) for step in ConnectionStep] for state in ConnectionState
]


def first_state(role: Role) -> ConnectionState:
    """Where an engine of `role` begins."""
    if role is Role.SERVER:
        return ConnectionState.AWAIT_PREFACE
    return ConnectionState.AWAIT_SETTINGS


def next_state(state: ConnectionState, step: ConnectionStep) -> ConnectionState | None:
    """Where `step` leads from `state`; `None` where the table forbids it."""
    return _ROWS[state][step]
