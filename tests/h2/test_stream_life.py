"""Every state of a stream against every step.  The picture is the test: read it beside RFC 9113,
figure 2 and the text below it.
"""

import pytest

from hyper.frame import ErrorCode, Scope
from hyper.h2 import StreamState
from hyper.h2.stream_life import TRANSITIONS, StreamStep, fault_of, next_state, require, targets
from hyper.wire import LocalProtocolError

# One letter a state, small enough for the whole table to be seen at once; a dot is forbidden.
LETTERS = {
    "I": StreamState.IDLE,
    "L": StreamState.RESERVED_LOCAL,
    "R": StreamState.RESERVED_REMOTE,
    "O": StreamState.OPEN,
    "l": StreamState.HALF_CLOSED_LOCAL,
    "r": StreamState.HALF_CLOSED_REMOTE,
    "x": StreamState.RESET_SENT,
    "C": StreamState.CLOSED,
}

MATRIX = """
                         SEND_                               RECV_
                         PUSH HEAD DATA END RST WINDOW       PUSH HEAD DATA END RST WINDOW
  I IDLE                 L    O    .    .   .   .            R    O    .    .   .   .
  L RESERVED_LOCAL       .    r    .    .   x   .            .    .    .    .   C   L
  R RESERVED_REMOTE      .    .    .    .   x   R            .    l    .    .   C   .
  O OPEN                 .    O    O    l   x   O            .    O    O    r   C   O
  l HALF_CLOSED_LOCAL    .    .    .    .   x   l            .    l    l    C   C   l
  r HALF_CLOSED_REMOTE   .    r    r    C   x   .            .    .    .    .   C   r
  x RESET_SENT           .    .    .    .   .   .            x    x    x    x   x   x
  C CLOSED               .    .    .    .   .   .            .    .    .    .   C   C
"""

FORBIDDEN = [
    (state, step) for state in StreamState for step in StreamStep if step not in TRANSITIONS[state]
]


def named(cell: tuple[StreamState, StreamStep]) -> str:
    return f"{cell[0].name}-{cell[1].name}"


def ours(step: StreamStep) -> bool:
    return step.name.startswith("SEND_")


def drawn() -> dict[StreamState, dict[StreamStep, StreamState]]:
    table: dict[StreamState, dict[StreamStep, StreamState]] = {}
    for line in MATRIX.strip("\n").splitlines()[2:]:
        letter, name, *cells = line.split()
        assert LETTERS[letter].name == name, "the letter in front of a row is the row's state"
        steps = zip(StreamStep, cells, strict=True)
        table[LETTERS[letter]] = {step: LETTERS[c] for step, c in steps if c != "."}
    return table


def test_the_matrix_allows_exactly_what_the_rfc_draws() -> None:
    assert drawn() == TRANSITIONS


def test_the_columns_of_the_picture_are_the_steps_in_their_order() -> None:
    words = [step.name.split("_", 1)[1].split("_")[0] for step in StreamStep]
    columns = MATRIX.strip("\n").splitlines()[1].split()
    assert columns == [w.replace("HEADERS", "HEAD") for w in words], "a moved column would lie"
    assert [ours(step) for step in StreamStep] == [True] * 6 + [False] * 6, "ours come first"


def test_a_lookup_gives_what_the_table_says() -> None:
    for state in StreamState:
        for step in StreamStep:
            assert next_state(state, step) is TRANSITIONS[state].get(step), f"{state!r}, {step!r}"
            assert targets(step)[state] is next_state(state, step), "a column is of the same table"


@pytest.mark.parametrize("cell", [c for c in FORBIDDEN if ours(c[1])], ids=named)
def test_a_forbidden_step_of_ours_raises(cell: tuple[StreamState, StreamStep]) -> None:
    state, step = cell
    with pytest.raises(LocalProtocolError) as error:
        require(7, state, step)
    assert str(error.value) == f"stream 7: {step.name} in state {state.name}", (
        "who reads the log wants to know the stream, the step and the state"
    )


@pytest.mark.parametrize("cell", [c for c in FORBIDDEN if not ours(c[1])], ids=named)
def test_a_forbidden_step_of_the_peers_has_the_code_and_scope_of_its_state(
    cell: tuple[StreamState, StreamStep],
) -> None:
    state, _ = cell
    wanted = {
        # RFC 9113 §5.1: anything but HEADERS or PRIORITY on an idle stream.
        StreamState.IDLE: (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
        StreamState.RESERVED_LOCAL: (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
        StreamState.RESERVED_REMOTE: (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
        # A promise does not move the stream it comes on; as a step of it, it is out of order.
        StreamState.OPEN: (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
        StreamState.HALF_CLOSED_LOCAL: (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
        # RFC 9113 §5.1: MUST respond with a stream error of type STREAM_CLOSED.
        StreamState.HALF_CLOSED_REMOTE: (ErrorCode.STREAM_CLOSED, Scope.STREAM),
        # RFC 9113 §5.1: MAY treat as a connection error of type STREAM_CLOSED.
        StreamState.CLOSED: (ErrorCode.STREAM_CLOSED, Scope.CONNECTION),
    }
    assert fault_of(state) == wanted[state]


def test_after_our_reset_nothing_of_the_peers_is_a_fault() -> None:
    row = TRANSITIONS[StreamState.RESET_SENT]
    assert row == {step: StreamState.RESET_SENT for step in StreamStep if not ours(step)}, (
        "RFC 9113 §5.1: MUST minimally process and then discard any frames it receives"
    )


def test_no_way_leads_out_of_closed() -> None:
    assert set(TRANSITIONS[StreamState.CLOSED].values()) == {StreamState.CLOSED}, (
        "RFC 9113 §5.1: the closed state is the terminal state"
    )


def test_both_sides_walk_the_same_table_mirrored() -> None:
    mirror = {
        StreamState.RESERVED_LOCAL: StreamState.RESERVED_REMOTE,
        StreamState.RESERVED_REMOTE: StreamState.RESERVED_LOCAL,
        StreamState.HALF_CLOSED_LOCAL: StreamState.HALF_CLOSED_REMOTE,
        StreamState.HALF_CLOSED_REMOTE: StreamState.HALF_CLOSED_LOCAL,
    }
    for state, row in TRANSITIONS.items():
        for step, target in row.items():
            if not ours(step) or step is StreamStep.SEND_RST_STREAM:
                continue
            theirs = StreamStep[step.name.replace("SEND_", "RECV_")]
            seen = TRANSITIONS[mirror.get(state, state)].get(theirs)
            assert seen is mirror.get(target, target), (
                f"what we may send in {state.name} ({step.name}), a peer of the same make takes"
            )
