"""The life of one HTTP/2 stream: which frame may follow which (RFC 9113 §5.1).

Order of frames lives here and nothing else does: no bytes, no fields, no windows, and not the order
of the parts of a message, which is `message_life`'s.

- A step of ours that breaks the order is the caller's bug: `LocalProtocolError`, state kept.
- A step of the peer's that breaks it is news: the code and scope of a fault, state kept.

PRIORITY frames are absent: they may come in any state and never move one (RFC 9113 §5.1).
"""

from enum import IntEnum
from typing import Final

from hyper.frame import ErrorCode, Scope
from hyper.wire import LocalProtocolError


class StreamState(IntEnum):
    """RFC 9113 figure 2, and one state it hides."""

    IDLE = 0
    RESERVED_LOCAL = 1
    RESERVED_REMOTE = 2
    OPEN = 3
    HALF_CLOSED_LOCAL = 4  # we have ended; the peer may still send
    HALF_CLOSED_REMOTE = 5  # the peer has ended; we may still send
    # The figure says "closed", the text says otherwise: after our RST_STREAM the peer's frames are
    # still on their way, and must be discarded without complaint.
    RESET_SENT = 6
    CLOSED = 7


class StreamStep(IntEnum):
    """One frame, or the END_STREAM flag it bears, which RFC 9113 §5.1 counts by itself."""

    SEND_PUSH_PROMISE = 0
    SEND_HEADERS = 1
    SEND_DATA = 2
    SEND_END_STREAM = 3
    SEND_RST_STREAM = 4
    SEND_WINDOW_UPDATE = 5
    RECV_PUSH_PROMISE = 6  # this step and all below it are the peer's
    RECV_HEADERS = 7
    RECV_DATA = 8
    RECV_END_STREAM = 9
    RECV_RST_STREAM = 10
    RECV_WINDOW_UPDATE = 11


# One row per state.  What is absent is forbidden.  The matrix test draws this table.
TRANSITIONS: Final[dict[StreamState, dict[StreamStep, StreamState]]] = {
    StreamState.IDLE: {
        StreamStep.SEND_PUSH_PROMISE: StreamState.RESERVED_LOCAL,
        StreamStep.SEND_HEADERS: StreamState.OPEN,
        StreamStep.RECV_PUSH_PROMISE: StreamState.RESERVED_REMOTE,
        StreamStep.RECV_HEADERS: StreamState.OPEN,
    },
    StreamState.RESERVED_LOCAL: {
        StreamStep.SEND_HEADERS: StreamState.HALF_CLOSED_REMOTE,
        StreamStep.SEND_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
        StreamStep.RECV_WINDOW_UPDATE: StreamState.RESERVED_LOCAL,
    },
    StreamState.RESERVED_REMOTE: {
        StreamStep.SEND_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.SEND_WINDOW_UPDATE: StreamState.RESERVED_REMOTE,
        StreamStep.RECV_HEADERS: StreamState.HALF_CLOSED_LOCAL,
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
    },
    StreamState.OPEN: {
        StreamStep.SEND_HEADERS: StreamState.OPEN,
        StreamStep.SEND_DATA: StreamState.OPEN,
        StreamStep.SEND_END_STREAM: StreamState.HALF_CLOSED_LOCAL,
        StreamStep.SEND_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.SEND_WINDOW_UPDATE: StreamState.OPEN,
        StreamStep.RECV_HEADERS: StreamState.OPEN,
        StreamStep.RECV_DATA: StreamState.OPEN,
        StreamStep.RECV_END_STREAM: StreamState.HALF_CLOSED_REMOTE,
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
        StreamStep.RECV_WINDOW_UPDATE: StreamState.OPEN,
    },
    StreamState.HALF_CLOSED_LOCAL: {
        StreamStep.SEND_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.SEND_WINDOW_UPDATE: StreamState.HALF_CLOSED_LOCAL,
        StreamStep.RECV_HEADERS: StreamState.HALF_CLOSED_LOCAL,
        StreamStep.RECV_DATA: StreamState.HALF_CLOSED_LOCAL,
        StreamStep.RECV_END_STREAM: StreamState.CLOSED,
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
        # Sent before the peer saw our END_STREAM.
        StreamStep.RECV_WINDOW_UPDATE: StreamState.HALF_CLOSED_LOCAL,
    },
    StreamState.HALF_CLOSED_REMOTE: {
        StreamStep.SEND_HEADERS: StreamState.HALF_CLOSED_REMOTE,
        StreamStep.SEND_DATA: StreamState.HALF_CLOSED_REMOTE,
        StreamStep.SEND_END_STREAM: StreamState.CLOSED,
        StreamStep.SEND_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
        StreamStep.RECV_WINDOW_UPDATE: StreamState.HALF_CLOSED_REMOTE,
    },
    # RFC 9113 §5.1: an endpoint that sends RST_STREAM could receive any type of frame, and MUST
    # minimally process and then discard it.
    StreamState.RESET_SENT: {
        StreamStep.RECV_PUSH_PROMISE: StreamState.RESET_SENT,
        StreamStep.RECV_HEADERS: StreamState.RESET_SENT,
        StreamStep.RECV_DATA: StreamState.RESET_SENT,
        StreamStep.RECV_END_STREAM: StreamState.RESET_SENT,
        StreamStep.RECV_RST_STREAM: StreamState.RESET_SENT,
        StreamStep.RECV_WINDOW_UPDATE: StreamState.RESET_SENT,
    },
    # RFC 9113 §5.1: WINDOW_UPDATE and RST_STREAM may cross the frame that closed the stream.
    StreamState.CLOSED: {
        StreamStep.RECV_RST_STREAM: StreamState.CLOSED,
        StreamStep.RECV_WINDOW_UPDATE: StreamState.CLOSED,
    },
}

# The same table as lists: once compiled, a lookup is two index operations.
_ROWS: Final = [[TRANSITIONS[state].get(step) for step in StreamStep] for state in StreamState]


def targets(step: StreamStep) -> list[StreamState | None]:
    """Where `step` leads, by the state it is taken in: a column of the table, for hot code."""
    return [row[step] for row in _ROWS]


def next_state(state: StreamState, step: StreamStep) -> StreamState | None:
    """Where `step` leads from `state`; `None` where the table forbids it."""
    return _ROWS[state][step]


def require(stream_id: int, state: StreamState, step: StreamStep) -> StreamState:
    """Where our own `step` leads; `LocalProtocolError` where the table forbids it."""
    target = _ROWS[state][step]
    if target is None:
        raise LocalProtocolError(f"stream {stream_id}: {step.name} in state {state.name}")
    return target


def fault_of(state: StreamState) -> tuple[ErrorCode, Scope]:
    """What a step of the peer's that `state` forbids calls for."""
    # RFC 9113 §5.1: other frames on a half-closed (remote) stream MUST be answered with a stream
    # error of type STREAM_CLOSED.
    if state is StreamState.HALF_CLOSED_REMOTE:
        return ErrorCode.STREAM_CLOSED, Scope.STREAM
    # RFC 9113 §5.1: on a closed stream, MAY be a connection error of type STREAM_CLOSED.  Nothing
    # of a finished exchange can still be under way, so the two ends disagree.
    if state is StreamState.CLOSED:
        return ErrorCode.STREAM_CLOSED, Scope.CONNECTION
    # RFC 9113 §5.1: any frame a state does not permit SHOULD be a connection error of type
    # PROTOCOL_ERROR.
    return ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION
