"""The life of a stream as h2 tells it (RFC 9113 §5.1), one step a frame.

Not here: what a stream does with its frames, which is `H2Stream`; and `hyper.h2`, whose table of
states is its own.
"""

from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Final, TypeAlias

from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.events import (
    AlternativeServiceAvailable,
    DataReceived,
    Event,
    InformationalResponseReceived,
    PushedStreamReceived,
    RequestReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
    WindowUpdated,
    _PushedRequestSent,
    _RequestSent,
    _ResponseSent,
    _TrailersSent,
)
from hyper.compat.h2.exceptions import ProtocolError, StreamClosedError


class StreamState(IntEnum):
    """The states of the figure in RFC 9113 §5.1."""

    IDLE = 0
    RESERVED_REMOTE = 1
    RESERVED_LOCAL = 2
    OPEN = 3
    HALF_CLOSED_REMOTE = 4
    HALF_CLOSED_LOCAL = 5
    CLOSED = 6


class StreamInputs(Enum):
    """What can happen to a stream."""

    step: int

    SEND_HEADERS = 0
    SEND_PUSH_PROMISE = 1
    SEND_RST_STREAM = 2
    SEND_DATA = 3
    SEND_WINDOW_UPDATE = 4
    SEND_END_STREAM = 5
    RECV_HEADERS = 6
    RECV_PUSH_PROMISE = 7
    RECV_RST_STREAM = 8
    RECV_DATA = 9
    RECV_WINDOW_UPDATE = 10
    RECV_END_STREAM = 11
    RECV_CONTINUATION = 12
    SEND_INFORMATIONAL_HEADERS = 13
    RECV_INFORMATIONAL_HEADERS = 14
    SEND_ALTERNATIVE_SERVICE = 15
    RECV_ALTERNATIVE_SERVICE = 16
    UPGRADE_CLIENT = 17
    UPGRADE_SERVER = 18

    def __init__(self, step: int) -> None:
        # `value` is a descriptor and hashing a member a call: a plain attribute indexes a row.
        self.step = step


class StreamClosedBy(Enum):
    """Which frame closed a stream; it decides how frames that come later are answered."""

    SEND_END_STREAM = 0
    RECV_END_STREAM = 1
    SEND_RST_STREAM = 2
    RECV_RST_STREAM = 3


_OPEN_STATES = (StreamState.OPEN, StreamState.HALF_CLOSED_REMOTE, StreamState.HALF_CLOSED_LOCAL)

# RFC 9113 §5.1.2: open and half-closed streams count toward the limit, reserved ones do not.
STREAM_OPEN = [state in _OPEN_STATES for state in StreamState]


class H2StreamStateMachine:
    """The state of one stream, with what has gone each way.

    A step that the table lacks, or whose effect finds it out of order, closes the stream and
    raises `ProtocolError`.  All methods but `process_input` are effects: they take the state before
    the step, and give its events.
    """

    def __init__(self, stream_id: int) -> None:
        self.state = StreamState.IDLE
        self.stream_id = stream_id
        self.client: bool | None = None
        """Whether this end sent the request; `None` before there is one."""
        self.headers_sent: bool | None = None
        self.trailers_sent: bool | None = None
        self.headers_received: bool | None = None
        self.trailers_received: bool | None = None
        self.stream_closed_by: StreamClosedBy | None = None

    def process_input(self, input_: StreamInputs) -> list[Event]:
        """Take one step; what comes back are its events, their content still to be filled in."""
        if type(input_) is not StreamInputs:
            raise ValueError("Input must be an instance of StreamInputs")
        previous = self.state
        transition = _ROWS[previous][input_.step]
        if transition is None:
            self.state = StreamState.CLOSED
            raise ProtocolError(f"Invalid input {input_} in state {previous}")
        effect, self.state = transition
        if effect is None:
            return []
        try:
            return effect(self, previous)
        except ProtocolError:
            self.state = StreamState.CLOSED
            raise

    def request_sent(self, previous_state: StreamState) -> list[Event]:
        """The request went out: this end is the client."""
        self.client = True
        self.headers_sent = True
        return [_RequestSent()]

    def response_sent(self, previous_state: StreamState) -> list[Event]:
        """A response went out, or the trailer section behind one."""
        if self.headers_sent:
            if self.trailers_sent:
                raise ProtocolError(f"stream {self.stream_id}: trailers were sent already")
            self.trailers_sent = True
            return [_TrailersSent()]
        if self.client is not False:
            raise ProtocolError("Client cannot send responses.")
        self.headers_sent = True
        return [_ResponseSent()]

    def request_received(self, previous_state: StreamState) -> list[Event]:
        """The request came: this end is the server."""
        if self.headers_received or self.trailers_received:
            raise ProtocolError(f"stream {self.stream_id}: a second request came")
        self.client = False
        self.headers_received = True
        return [RequestReceived(stream_id=self.stream_id)]

    def response_received(self, previous_state: StreamState) -> list[Event]:
        """A final response came, or the trailer section of a message."""
        if self.headers_received:
            if self.trailers_received:
                raise ProtocolError(f"stream {self.stream_id}: trailers came already")
            self.trailers_received = True
            return [TrailersReceived(stream_id=self.stream_id)]
        if not self.client:
            raise ProtocolError(f"stream {self.stream_id}: a response came to no request")
        self.headers_received = True
        return [ResponseReceived(stream_id=self.stream_id)]

    def data_received(self, previous_state: StreamState) -> list[Event]:
        """Content came, behind its header section (RFC 9113 §8.1)."""
        if not self.headers_received:
            raise ProtocolError("cannot receive data before headers")
        return [DataReceived(stream_id=self.stream_id)]

    def window_updated(self, previous_state: StreamState) -> list[Event]:
        """The peer opened its window."""
        return [WindowUpdated(stream_id=self.stream_id)]

    def stream_half_closed(self, previous_state: StreamState) -> list[Event]:
        """The peer's message is whole, this end's is not."""
        return [StreamEnded(stream_id=self.stream_id)]

    def stream_ended(self, previous_state: StreamState) -> list[Event]:
        """The peer's message is whole, and was the last of the two."""
        self.stream_closed_by = StreamClosedBy.RECV_END_STREAM
        return [StreamEnded(stream_id=self.stream_id)]

    def stream_reset(self, previous_state: StreamState) -> list[Event]:
        """The peer cut the stream short."""
        self.stream_closed_by = StreamClosedBy.RECV_RST_STREAM
        return [StreamReset(stream_id=self.stream_id)]

    def send_new_pushed_stream(self, previous_state: StreamState) -> list[Event]:
        """This end promised the stream: its request counts as received."""
        if self.client is not None:
            raise ProtocolError(f"stream {self.stream_id}: promised, but used already")
        self.client = False
        self.headers_received = True
        return []

    def recv_new_pushed_stream(self, previous_state: StreamState) -> list[Event]:
        """The peer promised the stream: its request counts as sent."""
        if self.client is not None:
            raise ProtocolError(f"stream {self.stream_id}: promised, but used already")
        self.client = True
        self.headers_sent = True
        return []

    def send_push_promise(self, previous_state: StreamState) -> list[Event]:
        """This end promised another stream on this one."""
        if self.client is True:
            raise ProtocolError("Cannot push streams from client peers.")
        return [_PushedRequestSent()]

    def recv_push_promise(self, previous_state: StreamState) -> list[Event]:
        """The peer promised another stream on this one."""
        if not self.client:
            if self.client is None:
                raise ProtocolError("Idle streams cannot receive pushes")
            raise ProtocolError("Cannot receive pushed streams as a server")
        event = PushedStreamReceived()
        event.parent_stream_id = self.stream_id
        return [event]

    def send_end_stream(self, previous_state: StreamState) -> list[Event]:
        """This end's message is whole, and was the last of the two."""
        self.stream_closed_by = StreamClosedBy.SEND_END_STREAM
        return []

    def send_reset_stream(self, previous_state: StreamState) -> list[Event]:
        """This end cut the stream short."""
        self.stream_closed_by = StreamClosedBy.SEND_RST_STREAM
        return []

    def reset_stream_on_error(self, previous_state: StreamState) -> list[Event]:
        """The peer's frame came where none may: a stream error (RFC 9113 §5.1)."""
        self.stream_closed_by = StreamClosedBy.SEND_RST_STREAM
        error = StreamClosedError(self.stream_id)
        error.events = [
            StreamReset(
                stream_id=self.stream_id,
                error_code=ErrorCodes.STREAM_CLOSED,
                remote_reset=False,
            )
        ]
        raise error

    def recv_on_closed_stream(self, previous_state: StreamState) -> list[Event]:
        """The peer's frame came behind the end."""
        raise StreamClosedError(self.stream_id)

    def send_on_closed_stream(self, previous_state: StreamState) -> list[Event]:
        """This end would send behind the end."""
        raise StreamClosedError(self.stream_id)

    def recv_push_on_closed_stream(self, previous_state: StreamState) -> list[Event]:
        """The peer promised a stream on one that is closed.

        Where this end reset it, the promise may have crossed the reset (RFC 9113 §5.1).
        """
        if self.stream_closed_by is StreamClosedBy.SEND_RST_STREAM:
            raise StreamClosedError(self.stream_id)
        raise ProtocolError("Attempted to push on closed stream.")

    def send_push_on_closed_stream(self, previous_state: StreamState) -> list[Event]:
        """This end would promise a stream on one that is closed."""
        raise ProtocolError("Attempted to push on closed stream.")

    def send_informational_response(self, previous_state: StreamState) -> list[Event]:
        """An interim response went out, before the final one (RFC 9110 §15.2)."""
        if self.headers_sent:
            raise ProtocolError("Information response after final response")
        return [_ResponseSent()]

    def recv_informational_response(self, previous_state: StreamState) -> list[Event]:
        """An interim response came, before the final one (RFC 9110 §15.2)."""
        if self.headers_received:
            raise ProtocolError("Informational response after final response")
        return [InformationalResponseReceived(stream_id=self.stream_id)]

    def recv_alt_svc(self, previous_state: StreamState) -> list[Event]:
        """The peer named an alternative service; a server has no use for one (RFC 7838 §4)."""
        if self.client is False or self.headers_received:
            return []
        return [AlternativeServiceAvailable()]

    def send_alt_svc(self, previous_state: StreamState) -> list[Event]:
        """This end named an alternative service, before its response."""
        if self.headers_sent:
            raise ProtocolError("Cannot send ALTSVC after sending response headers.")
        return []


_Effect: TypeAlias = Callable[[H2StreamStateMachine, StreamState], list[Event]]
_Transition: TypeAlias = tuple[_Effect | None, StreamState]

_Machine = H2StreamStateMachine
_State = StreamState
_Input = StreamInputs

_CLOSING: Final[dict[StreamInputs, _Transition]] = {
    _Input.SEND_RST_STREAM: (_Machine.send_reset_stream, _State.CLOSED),
    _Input.RECV_RST_STREAM: (_Machine.stream_reset, _State.CLOSED),
}

# RFC 9113 §5.1: the figure, with what h2 does on the way.  What is absent is forbidden.
_TRANSITIONS: Final[dict[StreamState, dict[StreamInputs, _Transition]]] = {
    _State.IDLE: {
        _Input.SEND_HEADERS: (_Machine.request_sent, _State.OPEN),
        _Input.RECV_HEADERS: (_Machine.request_received, _State.OPEN),
        _Input.RECV_DATA: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_PUSH_PROMISE: (_Machine.send_new_pushed_stream, _State.RESERVED_LOCAL),
        _Input.RECV_PUSH_PROMISE: (_Machine.recv_new_pushed_stream, _State.RESERVED_REMOTE),
        _Input.RECV_ALTERNATIVE_SERVICE: (None, _State.IDLE),
        _Input.UPGRADE_CLIENT: (_Machine.request_sent, _State.HALF_CLOSED_LOCAL),
        _Input.UPGRADE_SERVER: (_Machine.request_received, _State.HALF_CLOSED_REMOTE),
    },
    _State.RESERVED_LOCAL: {
        _Input.SEND_HEADERS: (_Machine.response_sent, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_DATA: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_WINDOW_UPDATE: (None, _State.RESERVED_LOCAL),
        _Input.RECV_WINDOW_UPDATE: (_Machine.window_updated, _State.RESERVED_LOCAL),
        _Input.SEND_ALTERNATIVE_SERVICE: (_Machine.send_alt_svc, _State.RESERVED_LOCAL),
        _Input.RECV_ALTERNATIVE_SERVICE: (None, _State.RESERVED_LOCAL),
        **_CLOSING,
    },
    _State.RESERVED_REMOTE: {
        _Input.RECV_HEADERS: (_Machine.response_received, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_DATA: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_WINDOW_UPDATE: (None, _State.RESERVED_REMOTE),
        _Input.RECV_WINDOW_UPDATE: (_Machine.window_updated, _State.RESERVED_REMOTE),
        _Input.RECV_ALTERNATIVE_SERVICE: (_Machine.recv_alt_svc, _State.RESERVED_REMOTE),
        **_CLOSING,
    },
    _State.OPEN: {
        _Input.SEND_HEADERS: (_Machine.response_sent, _State.OPEN),
        _Input.RECV_HEADERS: (_Machine.response_received, _State.OPEN),
        _Input.SEND_DATA: (None, _State.OPEN),
        _Input.RECV_DATA: (_Machine.data_received, _State.OPEN),
        _Input.SEND_END_STREAM: (None, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_END_STREAM: (_Machine.stream_half_closed, _State.HALF_CLOSED_REMOTE),
        _Input.SEND_WINDOW_UPDATE: (None, _State.OPEN),
        _Input.RECV_WINDOW_UPDATE: (_Machine.window_updated, _State.OPEN),
        _Input.SEND_PUSH_PROMISE: (_Machine.send_push_promise, _State.OPEN),
        _Input.RECV_PUSH_PROMISE: (_Machine.recv_push_promise, _State.OPEN),
        _Input.SEND_INFORMATIONAL_HEADERS: (_Machine.send_informational_response, _State.OPEN),
        _Input.RECV_INFORMATIONAL_HEADERS: (_Machine.recv_informational_response, _State.OPEN),
        _Input.SEND_ALTERNATIVE_SERVICE: (_Machine.send_alt_svc, _State.OPEN),
        _Input.RECV_ALTERNATIVE_SERVICE: (_Machine.recv_alt_svc, _State.OPEN),
        **_CLOSING,
    },
    _State.HALF_CLOSED_REMOTE: {
        _Input.SEND_HEADERS: (_Machine.response_sent, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_HEADERS: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_DATA: (None, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_DATA: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_END_STREAM: (_Machine.send_end_stream, _State.CLOSED),
        _Input.SEND_WINDOW_UPDATE: (None, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_WINDOW_UPDATE: (_Machine.window_updated, _State.HALF_CLOSED_REMOTE),
        _Input.SEND_PUSH_PROMISE: (_Machine.send_push_promise, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_PUSH_PROMISE: (_Machine.reset_stream_on_error, _State.CLOSED),
        _Input.SEND_INFORMATIONAL_HEADERS: (
            _Machine.send_informational_response,
            _State.HALF_CLOSED_REMOTE,
        ),
        _Input.SEND_ALTERNATIVE_SERVICE: (_Machine.send_alt_svc, _State.HALF_CLOSED_REMOTE),
        _Input.RECV_ALTERNATIVE_SERVICE: (_Machine.recv_alt_svc, _State.HALF_CLOSED_REMOTE),
        **_CLOSING,
    },
    _State.HALF_CLOSED_LOCAL: {
        _Input.RECV_HEADERS: (_Machine.response_received, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_DATA: (_Machine.data_received, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_END_STREAM: (_Machine.stream_ended, _State.CLOSED),
        _Input.SEND_WINDOW_UPDATE: (None, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_WINDOW_UPDATE: (_Machine.window_updated, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_PUSH_PROMISE: (_Machine.recv_push_promise, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_INFORMATIONAL_HEADERS: (
            _Machine.recv_informational_response,
            _State.HALF_CLOSED_LOCAL,
        ),
        _Input.SEND_ALTERNATIVE_SERVICE: (_Machine.send_alt_svc, _State.HALF_CLOSED_LOCAL),
        _Input.RECV_ALTERNATIVE_SERVICE: (_Machine.recv_alt_svc, _State.HALF_CLOSED_LOCAL),
        **_CLOSING,
    },
    _State.CLOSED: {
        _Input.RECV_END_STREAM: (None, _State.CLOSED),
        _Input.RECV_ALTERNATIVE_SERVICE: (None, _State.CLOSED),
        _Input.RECV_WINDOW_UPDATE: (None, _State.CLOSED),
        _Input.RECV_RST_STREAM: (None, _State.CLOSED),
        _Input.RECV_HEADERS: (_Machine.recv_on_closed_stream, _State.CLOSED),
        _Input.RECV_DATA: (_Machine.recv_on_closed_stream, _State.CLOSED),
        _Input.RECV_PUSH_PROMISE: (_Machine.recv_push_on_closed_stream, _State.CLOSED),
        _Input.SEND_PUSH_PROMISE: (_Machine.send_push_on_closed_stream, _State.CLOSED),
        _Input.SEND_HEADERS: (_Machine.send_on_closed_stream, _State.CLOSED),
        _Input.SEND_DATA: (_Machine.send_on_closed_stream, _State.CLOSED),
        _Input.SEND_WINDOW_UPDATE: (_Machine.send_on_closed_stream, _State.CLOSED),
        _Input.SEND_RST_STREAM: (_Machine.send_on_closed_stream, _State.CLOSED),
        _Input.SEND_END_STREAM: (_Machine.send_on_closed_stream, _State.CLOSED),
    },
}

# A row for each state, indexed by the number of the input: one step a frame.
_ROWS: Final[list[list[_Transition | None]]] = [
    [_TRANSITIONS[state].get(each) for each in StreamInputs] for state in StreamState
]
