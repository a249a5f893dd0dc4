"""The life of a connection as h2 tells it, one step a frame.

Not here: the connection; `hyper.compat.h2.connection` has the names of both.
"""

from enum import Enum, IntEnum
from typing import Final

from hyper.compat.h2.events import Event
from hyper.compat.h2.exceptions import ProtocolError


class ConnectionState(Enum):
    """The states of a connection: who sent the first request, or that it is over."""

    index: int

    IDLE = 0
    CLIENT_OPEN = 1
    SERVER_OPEN = 2
    CLOSED = 3

    def __init__(self, index: int) -> None:
        # `value` is a descriptor and hashing a member a call: a plain attribute finds a row.
        self.index = index


class ConnectionInputs(Enum):
    """What can happen to a connection."""

    step: int

    SEND_HEADERS = 0
    SEND_PUSH_PROMISE = 1
    SEND_DATA = 2
    SEND_GOAWAY = 3
    SEND_WINDOW_UPDATE = 4
    SEND_PING = 5
    SEND_SETTINGS = 6
    SEND_RST_STREAM = 7
    SEND_PRIORITY = 8
    RECV_HEADERS = 9
    RECV_PUSH_PROMISE = 10
    RECV_DATA = 11
    RECV_GOAWAY = 12
    RECV_WINDOW_UPDATE = 13
    RECV_PING = 14
    RECV_SETTINGS = 15
    RECV_RST_STREAM = 16
    RECV_PRIORITY = 17
    SEND_ALTERNATIVE_SERVICE = 18
    RECV_ALTERNATIVE_SERVICE = 19

    def __init__(self, step: int) -> None:
        self.step = step


class AllowedStreamIDs(IntEnum):
    """Whose streams have which identifiers (RFC 9113 §5.1.1): the remainder of a division by 2."""

    EVEN = 0
    ODD = 1


class H2ConnectionStateMachine:
    """The state of a connection.  A step that the table lacks closes it and raises."""

    def __init__(self) -> None:
        self.state = ConnectionState.IDLE

    def process_input(self, input_: ConnectionInputs) -> list[Event]:
        """Take one step.  The list is empty: no step of a connection has an event of its own."""
        if type(input_) is not ConnectionInputs:
            raise ValueError("Input must be an instance of ConnectionInputs")
        state = self.state
        target = _ROWS[state.index][input_.step]
        if target is None:
            self.state = ConnectionState.CLOSED
            raise ProtocolError(f"Invalid input {input_} in state {state}")
        self.state = target
        return []


def allows(state: ConnectionState, input_: ConnectionInputs) -> bool:
    """Whether the table has such a step."""
    return _ROWS[state.index][input_.step] is not None


_State = ConnectionState
_Input = ConnectionInputs

# What either side of an open connection may do.
_EITHER: Final = frozenset(
    {
        _Input.SEND_HEADERS,
        _Input.SEND_DATA,
        _Input.SEND_WINDOW_UPDATE,
        _Input.SEND_PING,
        _Input.SEND_SETTINGS,
        _Input.SEND_RST_STREAM,
        _Input.SEND_PRIORITY,
        _Input.RECV_HEADERS,
        _Input.RECV_DATA,
        _Input.RECV_WINDOW_UPDATE,
        _Input.RECV_PING,
        _Input.RECV_SETTINGS,
        _Input.RECV_RST_STREAM,
        _Input.RECV_PRIORITY,
        _Input.RECV_ALTERNATIVE_SERVICE,
    }
)
_CLOSING: Final[dict[ConnectionInputs, ConnectionState]] = {
    _Input.SEND_GOAWAY: _State.CLOSED,
    _Input.RECV_GOAWAY: _State.CLOSED,
}

# What is absent is forbidden.
_TRANSITIONS: Final[dict[ConnectionState, dict[ConnectionInputs, ConnectionState]]] = {
    _State.IDLE: {
        _Input.SEND_HEADERS: _State.CLIENT_OPEN,
        _Input.RECV_HEADERS: _State.SERVER_OPEN,
        _Input.SEND_ALTERNATIVE_SERVICE: _State.SERVER_OPEN,
        _Input.RECV_ALTERNATIVE_SERVICE: _State.CLIENT_OPEN,
        _Input.SEND_SETTINGS: _State.IDLE,
        _Input.RECV_SETTINGS: _State.IDLE,
        _Input.SEND_WINDOW_UPDATE: _State.IDLE,
        _Input.RECV_WINDOW_UPDATE: _State.IDLE,
        _Input.SEND_PING: _State.IDLE,
        _Input.RECV_PING: _State.IDLE,
        _Input.SEND_PRIORITY: _State.IDLE,
        _Input.RECV_PRIORITY: _State.IDLE,
        **_CLOSING,
    },
    _State.CLIENT_OPEN: {
        **dict.fromkeys(_EITHER, _State.CLIENT_OPEN),
        _Input.RECV_PUSH_PROMISE: _State.CLIENT_OPEN,
        **_CLOSING,
    },
    _State.SERVER_OPEN: {
        **dict.fromkeys(_EITHER, _State.SERVER_OPEN),
        _Input.SEND_PUSH_PROMISE: _State.SERVER_OPEN,
        _Input.SEND_ALTERNATIVE_SERVICE: _State.SERVER_OPEN,
        **_CLOSING,
    },
    _State.CLOSED: _CLOSING,
}

# A row for each state, indexed by the number of the input: one step a frame.
_ROWS: Final[list[list[ConnectionState | None]]] = [
    [_TRANSITIONS[state].get(each) for each in ConnectionInputs] for state in ConnectionState
]
