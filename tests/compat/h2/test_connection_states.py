"""The machine of a connection goes where that of h2 goes, from every state by every input."""

import h2.connection
import h2.exceptions
import pytest

from hyper.compat.h2 import _connection_states
from hyper.compat.h2.exceptions import ProtocolError

PAIRS = [
    (state.name, step.name)
    for state in h2.connection.ConnectionState
    for step in h2.connection.ConnectionInputs
]


def outcome(module: object, state: str, step: str) -> tuple[object, ...]:
    machine = getattr(module, "H2ConnectionStateMachine")()
    machine.state = getattr(module, "ConnectionState")[state]
    try:
        result = machine.process_input(getattr(module, "ConnectionInputs")[step])
    except (ProtocolError, h2.exceptions.ProtocolError) as error:
        result = str(error)
    return result, machine.state.name


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_each_step_ends_where_it_ends_in_h2(state: str, step: str) -> None:
    ours = outcome(_connection_states, state, step)
    assert ours == outcome(h2.connection, state, step)


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_a_step_is_allowed_if_h2_takes_it(state: str, step: str) -> None:
    found = _connection_states.allows(
        _connection_states.ConnectionState[state], _connection_states.ConnectionInputs[step]
    )
    # h2 gives a list of events, which is empty, or refuses with an error, which is text here.
    assert found is (outcome(h2.connection, state, step)[0] == [])


@pytest.mark.parametrize("name", ["ConnectionState", "ConnectionInputs", "AllowedStreamIDs"])
def test_the_enums_have_the_members_of_h2(name: str) -> None:
    ours = getattr(_connection_states, name)
    theirs = getattr(h2.connection, name)
    assert [(each.name, each.value) for each in ours] == [
        (each.name, each.value) for each in theirs
    ]


@pytest.mark.parametrize("wrong", [0, "SEND_DATA", None])
def test_what_is_no_input_is_a_mistake_of_the_program(wrong: object) -> None:
    machine = _connection_states.H2ConnectionStateMachine()
    with pytest.raises(ValueError, match="must be an instance of ConnectionInputs"):
        getattr(machine, "process_input")(wrong)
    assert machine.state is _connection_states.ConnectionState.IDLE
