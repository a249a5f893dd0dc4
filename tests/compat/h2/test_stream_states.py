"""The machine of a stream goes where that of h2 goes, with every history behind it."""

import itertools

import h2.events
import h2.exceptions
import h2.stream
import pytest

from hyper.compat.h2 import _stream_states, events
from hyper.compat.h2.exceptions import ProtocolError

PAIRS = [
    (state.name, step.name) for state in h2.stream.StreamState for step in h2.stream.StreamInputs
]
FLAGS = ("headers_sent", "trailers_sent", "headers_received", "trailers_received")
HISTORIES = [
    (client, closed_by, flags)
    for client in (None, True, False)
    for closed_by in (None, *(each.name for each in h2.stream.StreamClosedBy))
    for flags in itertools.product((None, True), repeat=4)
]


def told(found: list[object]) -> list[object]:
    """Events as names and what is filled in, without what is left for later."""
    return [
        (
            type(event).__name__,
            {
                name: value
                for name, value in vars(event).items()
                if value not in (events._LAZY_INIT, h2.events._LAZY_INIT)
            },
        )
        for event in found
    ]


def outcome(
    module: object,
    state: str,
    step: str,
    history: tuple[bool | None, str | None, tuple[bool | None, ...]],
) -> tuple[object, ...]:
    client, closed_by, flags = history
    machine = getattr(module, "H2StreamStateMachine")(3)
    machine.state = getattr(module, "StreamState")[state]
    machine.client = client
    if closed_by is not None:
        machine.stream_closed_by = getattr(module, "StreamClosedBy")[closed_by]
    for name, flag in zip(FLAGS, flags, strict=True):
        setattr(machine, name, flag)
    try:
        result: object = told(machine.process_input(getattr(module, "StreamInputs")[step]))
    except (ProtocolError, h2.exceptions.ProtocolError) as error:
        # Where h2 gives an assertion for a message, ours says what is wrong.
        message = None if isinstance(error.args[0], AssertionError) else str(error)
        result = [type(error).__name__, int(error.error_code), told(getattr(error, "_events", []))]
        return result, message, seen(machine)
    return result, None, seen(machine)


def seen(machine: object) -> dict[str, object]:
    found = dict(vars(machine))
    found["state"] = int(found["state"])
    closed_by = found["stream_closed_by"]
    found["stream_closed_by"] = closed_by and closed_by.name
    return found


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_each_step_ends_where_it_ends_in_h2_whatever_went_before(state: str, step: str) -> None:
    for history in HISTORIES:
        ours = outcome(_stream_states, state, step, history)
        theirs = outcome(h2.stream, state, step, history)
        assert ours[0] == theirs[0], history
        assert ours[2] == theirs[2], history
        if theirs[1] is not None:
            assert ours[1] == theirs[1], history


@pytest.mark.parametrize("name", ["StreamState", "StreamInputs", "StreamClosedBy"])
def test_the_enums_have_the_members_of_h2(name: str) -> None:
    ours = getattr(_stream_states, name)
    theirs = getattr(h2.stream, name)
    assert [(each.name, each.value) for each in ours] == [
        (each.name, each.value) for each in theirs
    ]


def test_the_states_that_count_as_open_are_those_of_h2() -> None:
    assert _stream_states.STREAM_OPEN == h2.stream.STREAM_OPEN


@pytest.mark.parametrize("wrong", [0, "SEND_DATA", None])
def test_what_is_no_input_is_a_mistake_of_the_program(wrong: object) -> None:
    machine = _stream_states.H2StreamStateMachine(1)
    with pytest.raises(ValueError, match="must be an instance of StreamInputs"):
        getattr(machine, "process_input")(wrong)
    assert machine.state is _stream_states.StreamState.IDLE
