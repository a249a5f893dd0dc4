"""The state machine: every state of both ends with every event, beside that of h11."""

import itertools
from typing import Any

import h11
import h11._state as peer
import pytest

import hyper.compat.h11 as ours_events
import hyper.compat.h11._state as ours

STATES = [
    "IDLE", "SEND_RESPONSE", "SEND_BODY", "DONE", "MUST_CLOSE", "CLOSED", "ERROR",
    "MIGHT_SWITCH_PROTOCOL", "SWITCHED_PROTOCOL",
]  # fmt: skip
CLIENTS = [name for name in STATES if name != "SEND_RESPONSE"]
SERVERS = [name for name in STATES if name != "MIGHT_SWITCH_PROTOCOL"]
EVENTS = [
    "Request", "InformationalResponse", "Response", "Data", "EndOfMessage", "ConnectionClosed",
]  # fmt: skip
SWITCHES = ["_SWITCH_UPGRADE", "_SWITCH_CONNECT"]
STEPS: list[tuple[str, str | None]] = [
    *((name, None) for name in EVENTS),
    ("InformationalResponse", "_SWITCH_UPGRADE"),
    ("Response", "_SWITCH_CONNECT"),
]


def machine(module: Any, client: str, server: str, alive: bool, proposed: tuple[str, ...]) -> Any:
    made = module.ConnectionState()
    made.states = {
        module.CLIENT: getattr(module, client),
        module.SERVER: getattr(module, server),
    }
    made.keep_alive = alive
    made.pending_switch_proposals = {getattr(module, name) for name in proposed}
    return made


def shape(made: Any) -> object:
    states = {repr(role): repr(state) for role, state in made.states.items()}
    return states, made.keep_alive, sorted(map(repr, made.pending_switch_proposals))


def outcome(made: Any, call: str, *arguments: object) -> object:
    before = shape(made)
    try:
        getattr(made, call)(*arguments)
    except (ours_events.LocalProtocolError, h11.LocalProtocolError, AttributeError):
        # h11 stumbles over its own message for a pair.
        return "refused", before
    return "taken", shape(made)


@pytest.mark.parametrize("role", ["CLIENT", "SERVER"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_event_in_every_state_does_what_it_does_with_h11(client: str, role: str) -> None:
    for server, alive, proposed in itertools.product(
        SERVERS, (True, False), ((), ("_SWITCH_UPGRADE",), ("_SWITCH_CONNECT",), tuple(SWITCHES))
    ):
        for event, switch in STEPS:
            if switch is not None and (role != "SERVER" or switch not in proposed):
                continue  # h11 asserts that nobody asks
            results = []
            for module, events in ((ours, ours_events), (peer, h11)):
                made = machine(module, client, server, alive, proposed)
                step = getattr(module, switch) if switch else None
                arguments = (getattr(module, role), getattr(events, event), step)
                results.append(outcome(made, "process_event", *arguments))
            assert results[0] == results[1], (server, alive, proposed, event, switch)


@pytest.mark.parametrize(
    "call", ["process_error", "process_keep_alive_disabled", "start_next_cycle"]
)
def test_what_else_moves_a_state_moves_it_as_with_h11(call: str) -> None:
    for client, server, alive in itertools.product(CLIENTS, SERVERS, (True, False)):
        if call == "start_next_cycle" and not alive:
            continue  # no end is done then
        results = []
        for module in (ours, peer):
            made = machine(module, client, server, alive, ())
            arguments = [module.SERVER] if call == "process_error" else []
            results.append(outcome(made, call, *arguments))
        assert results[0] == results[1], (client, server, alive)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_proposal_waits_for_the_end_of_the_request(switch: str) -> None:
    results = []
    for module, events in ((ours, ours_events), (peer, h11)):
        made: Any = module.ConnectionState()
        made.process_client_switch_proposal(getattr(module, switch))
        for event in (events.Request, events.EndOfMessage):
            made.process_event(module.CLIENT, event)
        results.append(shape(made))
    assert results[0] == results[1]
    assert "MIGHT_SWITCH_PROTOCOL" in str(results[0])


def test_a_switch_that_nobody_proposed_is_refused() -> None:
    made = ours.ConnectionState()
    with pytest.raises(ours_events.LocalProtocolError, match="not proposed"):
        made.process_event(ours.SERVER, ours_events.Response, ours._SWITCH_CONNECT)
