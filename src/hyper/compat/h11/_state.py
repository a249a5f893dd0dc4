"""The state machine of h11: one state for each end, and what moves them.

`EVENT_TRIGGERED_TRANSITIONS` says what an end may do; `STATE_TRIGGERED_TRANSITIONS` what the state
of one end makes of the other's.  Not here: bytes; what an event has to do with keeping the
connection alive, which is the connection's to find out.
"""

from typing import TypeAlias

from hyper.compat.h11._events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from hyper.compat.h11._util import LocalProtocolError, Sentinel

__all__ = [
    "CLIENT",
    "CLOSED",
    "DONE",
    "ERROR",
    "IDLE",
    "MIGHT_SWITCH_PROTOCOL",
    "MUST_CLOSE",
    "SEND_BODY",
    "SEND_RESPONSE",
    "SERVER",
    "SWITCHED_PROTOCOL",
]


class CLIENT(Sentinel, metaclass=Sentinel):
    """The end that sends requests."""


class SERVER(Sentinel, metaclass=Sentinel):
    """The end that sends responses."""


class IDLE(Sentinel, metaclass=Sentinel):
    """Nothing of this exchange was said yet."""


class SEND_RESPONSE(Sentinel, metaclass=Sentinel):
    """A request has come; the server has the word."""


class SEND_BODY(Sentinel, metaclass=Sentinel):
    """The head is said; content may follow."""


class DONE(Sentinel, metaclass=Sentinel):
    """This end's message is complete, and another may follow in the next cycle."""


class MUST_CLOSE(Sentinel, metaclass=Sentinel):
    """Everything is said that will be."""


class CLOSED(Sentinel, metaclass=Sentinel):
    """This end has closed its side."""


class ERROR(Sentinel, metaclass=Sentinel):
    """This end broke the protocol."""


class MIGHT_SWITCH_PROTOCOL(Sentinel, metaclass=Sentinel):
    """The client has proposed another protocol and waits for the answer."""


class SWITCHED_PROTOCOL(Sentinel, metaclass=Sentinel):
    """What follows is another protocol's."""


class _SWITCH_UPGRADE(Sentinel, metaclass=Sentinel):
    """A switch by Upgrade and 101."""


class _SWITCH_CONNECT(Sentinel, metaclass=Sentinel):
    """A switch by CONNECT and 2xx."""


State: TypeAlias = type[Sentinel]
EventType: TypeAlias = type[Event]
EventTransitionType: TypeAlias = dict[
    State, dict[State, dict[EventType | tuple[EventType, State], State]]
]
StateTransitionType: TypeAlias = dict[tuple[State, State], dict[State, State]]

# For each end and its state, what it may say and where that leads; what is absent is forbidden.  A
# pair is what the event of the other end (`Request`), or the answer to a proposal, does here.
EVENT_TRIGGERED_TRANSITIONS: EventTransitionType = {
    CLIENT: {
        IDLE: {Request: SEND_BODY, ConnectionClosed: CLOSED},
        SEND_BODY: {Data: SEND_BODY, EndOfMessage: DONE},
        DONE: {ConnectionClosed: CLOSED},
        MUST_CLOSE: {ConnectionClosed: CLOSED},
        CLOSED: {ConnectionClosed: CLOSED},
        MIGHT_SWITCH_PROTOCOL: {},
        SWITCHED_PROTOCOL: {},
        ERROR: {},
    },
    SERVER: {
        IDLE: {
            ConnectionClosed: CLOSED,
            Response: SEND_BODY,
            (Request, CLIENT): SEND_RESPONSE,
        },
        SEND_RESPONSE: {
            InformationalResponse: SEND_RESPONSE,
            Response: SEND_BODY,
            (InformationalResponse, _SWITCH_UPGRADE): SWITCHED_PROTOCOL,
            (Response, _SWITCH_CONNECT): SWITCHED_PROTOCOL,
        },
        SEND_BODY: {Data: SEND_BODY, EndOfMessage: DONE},
        DONE: {ConnectionClosed: CLOSED},
        MUST_CLOSE: {ConnectionClosed: CLOSED},
        CLOSED: {ConnectionClosed: CLOSED},
        SWITCHED_PROTOCOL: {},
        ERROR: {},
    },
}

# For the states of client and server, the one that another follows from.
STATE_TRIGGERED_TRANSITIONS: StateTransitionType = {
    (MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL): {CLIENT: SWITCHED_PROTOCOL},
    # RFC 9112 §9.6: after one end has closed or failed, the other has nobody to begin with.
    (CLOSED, DONE): {SERVER: MUST_CLOSE},
    (CLOSED, IDLE): {SERVER: MUST_CLOSE},
    (ERROR, DONE): {SERVER: MUST_CLOSE},
    (DONE, CLOSED): {CLIENT: MUST_CLOSE},
    (IDLE, CLOSED): {CLIENT: MUST_CLOSE},
    (DONE, ERROR): {CLIENT: MUST_CLOSE},
}


class ConnectionState:
    """The states of both ends, told what either says.

    `states` has them.  `keep_alive` says whether another cycle may follow;
    `pending_switch_proposals` what the client has proposed and the server not answered.
    """

    def __init__(self) -> None:
        self.keep_alive: bool = True
        self.pending_switch_proposals: set[State] = set()
        self.states: dict[State, State] = {CLIENT: IDLE, SERVER: IDLE}

    def process_error(self, role: State) -> None:
        """An end broke the protocol."""
        self.states[role] = ERROR
        self._fire_state_triggered_transitions()

    def process_keep_alive_disabled(self) -> None:
        """No other cycle will follow."""
        self.keep_alive = False
        self._fire_state_triggered_transitions()

    def process_client_switch_proposal(self, switch_event: State) -> None:
        """The client proposes another protocol."""
        self.pending_switch_proposals.add(switch_event)
        self._fire_state_triggered_transitions()

    def process_event(
        self, role: State, event_type: EventType, server_switch_event: State | None = None
    ) -> None:
        """An end says an event; with `server_switch_event` it accepts that proposal.

        Raises `LocalProtocolError` where the state does not allow it.
        """
        step: EventType | tuple[EventType, State] = event_type
        if server_switch_event is not None:
            if server_switch_event not in self.pending_switch_proposals:
                raise LocalProtocolError(
                    f"{server_switch_event!r} by the server, which the client has not proposed"
                )
            step = (event_type, server_switch_event)
        elif event_type is Response:
            # The answer is no.
            self.pending_switch_proposals = set()
        self._fire_event_triggered_transitions(role, step)
        if event_type is Request:
            self._fire_event_triggered_transitions(SERVER, (Request, CLIENT))
        self._fire_state_triggered_transitions()

    def _fire_event_triggered_transitions(
        self, role: State, event_type: EventType | tuple[EventType, State]
    ) -> None:
        state = self.states[role]
        target = EVENT_TRIGGERED_TRANSITIONS[role][state].get(event_type)
        if target is None:
            kind = event_type[0] if isinstance(event_type, tuple) else event_type
            raise LocalProtocolError(f"{kind.__name__} by {role!r} in state {state!r}")
        self.states[role] = target

    def _fire_state_triggered_transitions(self) -> None:
        """Take what the states themselves lead to, until nothing moves."""
        states = self.states
        while True:
            client = states[CLIENT]
            server = states[SERVER]
            if self.pending_switch_proposals and client is DONE:
                states[CLIENT] = MIGHT_SWITCH_PROTOCOL
            elif client is MIGHT_SWITCH_PROTOCOL and not self.pending_switch_proposals:
                states[CLIENT] = DONE
            elif not self.keep_alive and (client is DONE or server is DONE):
                for role in (CLIENT, SERVER):
                    if states[role] is DONE:
                        states[role] = MUST_CLOSE
            else:
                moves = STATE_TRIGGERED_TRANSITIONS.get((client, server))
                if moves is None:
                    return
                states.update(moves)

    def start_next_cycle(self) -> None:
        """Both ends are done, and begin anew; else `LocalProtocolError`."""
        if self.states != {CLIENT: DONE, SERVER: DONE}:
            raise LocalProtocolError(f"no next cycle in states {self.states!r}")
        self.states = {CLIENT: IDLE, SERVER: IDLE}
