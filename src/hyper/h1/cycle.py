"""The cycle of one connection: what either side may say after what (RFC 9112 §9).

One machine for both ends of the connection and for both roles: a state says how far the request
has come and how far its response, and whether another exchange may follow.  The same step is what
one role sends and what the other receives.

- A step of ours that the table forbids is the caller's bug: `LocalProtocolError`, state kept.
- A step of the peer's that it forbids is a fault.

Not here: bytes, fields, framing; what makes an exchange the last, which is `send`'s and `receive`'s
to find out.
"""

from enum import IntEnum
from typing import Final

from hyper.wire import LocalProtocolError


class State(IntEnum):
    """How far an exchange has come."""

    IDLE = 0  # between exchanges
    REQUEST = 1  # the request's content is under way
    AWAIT = 2  # the request is complete, its response has yet to begin
    EARLY = 3  # the response has begun, the request's content is still under way
    RESPONSE = 4  # the response's content is under way
    TAIL = 5  # the response is complete, the request's content is still under way
    # The same, and the connection ends with this exchange.
    REQUEST_LAST = 6
    AWAIT_LAST = 7
    EARLY_LAST = 8
    RESPONSE_LAST = 9
    # The request cannot be read to its end; all that is left is to say so.
    BROKEN = 10
    BROKEN_RESPONSE = 11
    MUST_CLOSE = 12  # everything is said
    SWITCHED = 13  # the bytes are another protocol's
    CLOSED = 14


class Step(IntEnum):
    """A part of a message, or what becomes of the connection."""

    REQUEST_HEAD = 0
    REQUEST_DATA = 1
    REQUEST_END = 2
    INTERIM_RESPONSE = 3  # 1xx but for 101
    SWITCH = 4  # 101, 2xx to CONNECT, or the preface of HTTP/2
    RESPONSE_HEAD = 5
    RESPONSE_DATA = 6
    RESPONSE_END = 7
    LAST = 8  # no other exchange will follow this one
    REQUEST_FAULT = 9  # the server cannot make sense of what the client sends, or not in time
    RESPONSE_FAULT = 10  # the same the other way round
    CLIENT_EOF = 11
    SERVER_EOF = 12


# A client that cannot read the response has nothing left to say, wherever it stood.
_LOST: Final = {Step.RESPONSE_FAULT: State.CLOSED, Step.SERVER_EOF: State.CLOSED}

# One row per state.  What is absent is forbidden.  The matrix test draws this table.
TRANSITIONS: Final[dict[State, dict[Step, State]]] = {
    State.IDLE: {
        # RFC 9112 §9.2, §9.3.2: no request is sent but from here, so that one is outstanding.
        Step.REQUEST_HEAD: State.REQUEST,
        Step.SWITCH: State.SWITCHED,
        Step.LAST: State.MUST_CLOSE,
        Step.REQUEST_FAULT: State.BROKEN,
        Step.CLIENT_EOF: State.CLOSED,
        **_LOST,
    },
    State.REQUEST: {
        Step.REQUEST_DATA: State.REQUEST,
        Step.REQUEST_END: State.AWAIT,
        Step.INTERIM_RESPONSE: State.REQUEST,
        Step.RESPONSE_HEAD: State.EARLY,
        Step.LAST: State.REQUEST_LAST,
        Step.REQUEST_FAULT: State.BROKEN,
        # RFC 9112 §8: a server MAY send an error response to an incomplete request.
        Step.CLIENT_EOF: State.BROKEN,
        **_LOST,
    },
    State.AWAIT: {
        Step.INTERIM_RESPONSE: State.AWAIT,
        # RFC 9110 §7.8: not before the request is complete.
        Step.SWITCH: State.SWITCHED,
        Step.RESPONSE_HEAD: State.RESPONSE,
        Step.LAST: State.AWAIT_LAST,
        # RFC 9112 §9.6: a client that half-closes has not lost interest in the response.
        Step.CLIENT_EOF: State.AWAIT_LAST,
        **_LOST,
    },
    State.EARLY: {
        Step.REQUEST_DATA: State.EARLY,
        Step.REQUEST_END: State.RESPONSE,
        Step.RESPONSE_DATA: State.EARLY,
        Step.RESPONSE_END: State.TAIL,
        Step.LAST: State.EARLY_LAST,
        Step.REQUEST_FAULT: State.BROKEN_RESPONSE,
        Step.CLIENT_EOF: State.BROKEN_RESPONSE,
        **_LOST,
    },
    State.RESPONSE: {
        Step.RESPONSE_DATA: State.RESPONSE,
        Step.RESPONSE_END: State.IDLE,
        Step.LAST: State.RESPONSE_LAST,
        Step.CLIENT_EOF: State.RESPONSE_LAST,
        **_LOST,
    },
    # RFC 9112 §9.3: a server MUST read the entire request or close the connection.
    State.TAIL: {
        Step.REQUEST_DATA: State.TAIL,
        Step.REQUEST_END: State.IDLE,
        Step.LAST: State.MUST_CLOSE,
        Step.REQUEST_FAULT: State.MUST_CLOSE,
        Step.CLIENT_EOF: State.CLOSED,
        **_LOST,
    },
    State.REQUEST_LAST: {
        Step.REQUEST_DATA: State.REQUEST_LAST,
        Step.REQUEST_END: State.AWAIT_LAST,
        Step.INTERIM_RESPONSE: State.REQUEST_LAST,
        Step.RESPONSE_HEAD: State.EARLY_LAST,
        Step.LAST: State.REQUEST_LAST,
        Step.REQUEST_FAULT: State.BROKEN,
        Step.CLIENT_EOF: State.BROKEN,
        **_LOST,
    },
    State.AWAIT_LAST: {
        Step.INTERIM_RESPONSE: State.AWAIT_LAST,
        Step.SWITCH: State.SWITCHED,
        Step.RESPONSE_HEAD: State.RESPONSE_LAST,
        Step.LAST: State.AWAIT_LAST,
        Step.CLIENT_EOF: State.AWAIT_LAST,
        **_LOST,
    },
    State.EARLY_LAST: {
        Step.REQUEST_DATA: State.EARLY_LAST,
        Step.REQUEST_END: State.RESPONSE_LAST,
        Step.RESPONSE_DATA: State.EARLY_LAST,
        # Nobody needs the rest of the request any more.
        Step.RESPONSE_END: State.MUST_CLOSE,
        Step.LAST: State.EARLY_LAST,
        Step.REQUEST_FAULT: State.BROKEN_RESPONSE,
        Step.CLIENT_EOF: State.BROKEN_RESPONSE,
        **_LOST,
    },
    State.RESPONSE_LAST: {
        Step.RESPONSE_DATA: State.RESPONSE_LAST,
        Step.RESPONSE_END: State.MUST_CLOSE,
        Step.LAST: State.RESPONSE_LAST,
        Step.CLIENT_EOF: State.RESPONSE_LAST,
        **_LOST,
    },
    # RFC 9112 §2.2, §6.1, §6.3: respond with a 400 and close the connection.
    State.BROKEN: {
        Step.RESPONSE_HEAD: State.BROKEN_RESPONSE,
        Step.LAST: State.BROKEN,
        Step.CLIENT_EOF: State.BROKEN,
    },
    State.BROKEN_RESPONSE: {
        Step.RESPONSE_DATA: State.BROKEN_RESPONSE,
        Step.RESPONSE_END: State.MUST_CLOSE,
        Step.LAST: State.BROKEN_RESPONSE,
        Step.CLIENT_EOF: State.BROKEN_RESPONSE,
    },
    State.MUST_CLOSE: {
        Step.LAST: State.MUST_CLOSE,
        Step.CLIENT_EOF: State.CLOSED,
        **_LOST,
    },
    State.SWITCHED: {},
    State.CLOSED: {
        Step.LAST: State.CLOSED,
    },
}

# The same table as lists: once compiled, a lookup is two index operations.
ROWS: Final = [[TRANSITIONS[state].get(step) for step in Step] for state in State]


def next_state(state: State, step: Step) -> State | None:
    """Where `step` leads from `state`; `None` where the table forbids it."""
    return ROWS[state][step]


def require(stream_id: int, state: State, step: Step) -> State:
    """Where our own `step` leads; `LocalProtocolError` where the table forbids it."""
    target = ROWS[state][step]
    if target is None:
        raise LocalProtocolError(f"exchange {stream_id}: {step.name} in state {state.name}")
    return target


def walk(state: State, steps: list[Step]) -> State | None:
    """Where several steps lead, one after the other; `None` where the table forbids one."""
    for step in steps:
        target = ROWS[state][step]
        if target is None:
            return None
        state = target
    return state


def _moves(head: Step, end: Step) -> list[list[State | None]]:
    ways = [[head], [head, end], [head, Step.LAST], [head, Step.LAST, end]]
    return [[walk(state, way) for way in ways] for state in State]


# What the head of a message is nearly always followed by, in one look-up: its end if it has no
# content (1), and that it is the last (2).
REQUEST_MOVES: Final = _moves(Step.REQUEST_HEAD, Step.REQUEST_END)
RESPONSE_MOVES: Final = _moves(Step.RESPONSE_HEAD, Step.RESPONSE_END)


def persists(state: State) -> bool:
    """Whether another exchange may follow the one that is under way."""
    return state <= State.TAIL
