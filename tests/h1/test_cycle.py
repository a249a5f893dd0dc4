"""The cycle of a connection, drawn whole (RFC 9112 §9)."""

import pytest

from hyper.h1.cycle import (
    REQUEST_MOVES,
    RESPONSE_MOVES,
    TRANSITIONS,
    State,
    Step,
    next_state,
    persists,
    require,
    walk,
)
from hyper.wire import LocalProtocolError

STEPS = """
    REQUEST_HEAD REQUEST_DATA REQUEST_END INTERIM_RESPONSE SWITCH
    RESPONSE_HEAD RESPONSE_DATA RESPONSE_END LAST REQUEST_FAULT RESPONSE_FAULT CLIENT_EOF SERVER_EOF
"""

# Columns as in STEPS; a column of five letters would not hold the names of the states.
NAMES = {
    "idle": "IDLE",
    "req": "REQUEST",
    "await": "AWAIT",
    "early": "EARLY",
    "resp": "RESPONSE",
    "tail": "TAIL",
    "req!": "REQUEST_LAST",
    "await!": "AWAIT_LAST",
    "early!": "EARLY_LAST",
    "resp!": "RESPONSE_LAST",
    "broken": "BROKEN",
    "b.resp": "BROKEN_RESPONSE",
    "must": "MUST_CLOSE",
    "switch": "SWITCHED",
    "closed": "CLOSED",
}

MATRIX = """
         R.HEAD R.DATA R.END  1xx    SWITCH HEAD   DATA   END    LAST   R.FLT  FLT    C.EOF  S.EOF
idle     req    .      .      .      switch .      .      .      must   broken closed closed closed
req      .      req    await  req    .      early  .      .      req!   broken closed broken closed
await    .      .      .      await  switch resp   .      .      await! .      closed await! closed
early    .      early  resp   .      .      .      early  tail   early! b.resp closed b.resp closed
resp     .      .      .      .      .      .      resp   idle   resp!  .      closed resp!  closed
tail     .      tail   idle   .      .      .      .      .      must   must   closed closed closed
req!     .      req!   await! req!   .      early! .      .      req!   broken closed broken closed
await!   .      .      .      await! switch resp!  .      .      await! .      closed await! closed
early!   .      early! resp!  .      .      .      early! must   early! b.resp closed b.resp closed
resp!    .      .      .      .      .      .      resp!  must   resp!  .      closed resp!  closed
broken   .      .      .      .      .      b.resp .      .      broken .      .      broken .
b.resp   .      .      .      .      .      .      b.resp must   b.resp .      .      b.resp .
must     .      .      .      .      .      .      .      .      must   .      closed closed closed
switch   .      .      .      .      .      .      .      .      .      .      .      .      .
closed   .      .      .      .      .      .      .      .      closed .      .      .      .
"""


def test_the_matrix_is_the_whole_machine() -> None:
    assert [step.name for step in Step] == STEPS.split(), "a moved column would lie"
    _, *rows = [line.split() for line in MATRIX.strip("\n").splitlines()]
    drawn = {
        State[NAMES[state]]: {
            step: State[NAMES[cell]] for step, cell in zip(Step, cells, strict=True) if cell != "."
        }
        for state, *cells in rows
    }
    assert drawn == TRANSITIONS


def test_a_lookup_gives_what_the_table_says() -> None:
    for state in State:
        for step in Step:
            assert next_state(state, step) is TRANSITIONS[state].get(step), f"{state!r}, {step!r}"


def test_a_step_of_ours_that_is_forbidden_names_exchange_step_and_state() -> None:
    with pytest.raises(LocalProtocolError, match="exchange 7: RESPONSE_HEAD in state IDLE"):
        require(7, State.IDLE, Step.RESPONSE_HEAD)
    assert require(7, State.AWAIT, Step.RESPONSE_HEAD) is State.RESPONSE


def test_moves_are_walks_through_the_table() -> None:
    for moves, head, end in (
        (REQUEST_MOVES, Step.REQUEST_HEAD, Step.REQUEST_END),
        (RESPONSE_MOVES, Step.RESPONSE_HEAD, Step.RESPONSE_END),
    ):
        for state in State:
            assert moves[state] == [
                walk(state, [head]),
                walk(state, [head, end]),
                walk(state, [head, Step.LAST]),
                walk(state, [head, Step.LAST, end]),
            ], "one look-up for what nearly always happens together"


def test_a_walk_that_meets_a_forbidden_step_leads_nowhere() -> None:
    steps = [Step.REQUEST_HEAD, Step.REQUEST_END, Step.RESPONSE_HEAD, Step.RESPONSE_END]
    assert walk(State.IDLE, steps) is State.IDLE, "an exchange comes round to where it began"
    assert walk(State.IDLE, steps[1:]) is None


def test_after_the_last_exchange_there_is_no_way_back_to_idle() -> None:
    reached = {State.REQUEST_LAST, State.AWAIT_LAST, State.EARLY_LAST, State.RESPONSE_LAST}
    reached |= {State.BROKEN, State.BROKEN_RESPONSE, State.MUST_CLOSE}
    while True:
        more = {target for state in reached for target in TRANSITIONS[state].values()} - reached
        if not more:
            break
        reached |= more
    assert not any(persists(state) for state in reached), "RFC 9112 §9.6: MUST NOT process further"


def test_whatever_happens_the_connection_can_end() -> None:
    for state in State:
        seen = {state}
        while True:
            more = {target for each in seen for target in TRANSITIONS[each].values()} - seen
            if not more:
                break
            seen |= more
        assert seen & {State.CLOSED, State.MUST_CLOSE, State.SWITCHED}, state
