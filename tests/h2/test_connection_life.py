"""Every state of a connection against every step (RFC 9113 §3.4, §6.8), drawn whole."""

import pytest

from hyper.h2 import ConnectionState
from hyper.h2.connection_life import TRANSITIONS, ConnectionStep, first_state, next_state
from hyper.wire import Role

# Two letters a state; a dot is forbidden.
LETTERS = {
    "ap": ConnectionState.AWAIT_PREFACE,
    "as": ConnectionState.AWAIT_SETTINGS,
    "ag": ConnectionState.AWAIT_SETTINGS_GOAWAY_SENT,
    "op": ConnectionState.OPEN,
    "gs": ConnectionState.GOAWAY_SENT,
    "gr": ConnectionState.GOAWAY_RECEIVED,
    "gb": ConnectionState.GOAWAY_BOTH,
    "ie": ConnectionState.INPUT_ENDED,
    "cl": ConnectionState.CLOSED,
}

MATRIX = """
                              SEND_            RECV_
                              REQUEST  GOAWAY  PREFACE  SETTINGS  REQUEST  GOAWAY  OTHER  INPUT  END
ap AWAIT_PREFACE              .        cl      as       .         .        .       .      .      cl
as AWAIT_SETTINGS             as       ag      .        op        .        .       .      .      cl
ag AWAIT_SETTINGS_GOAWAY_SENT .        ag      .        gs        .        .       .      .      cl
op OPEN                       op       gs      .        op        op       gr      op     ie     cl
gs GOAWAY_SENT                .        gs      .        gs        gs       gb      gs     ie     cl
gr GOAWAY_RECEIVED            .        gb      .        gr        gr       gr      gr     ie     cl
gb GOAWAY_BOTH                .        gb      .        gb        gb       gb      gb     ie     cl
ie INPUT_ENDED                .        ie      .        .         .        .       .      .      cl
cl CLOSED                     .        .       .        .         .        .       .      .      .
"""


def test_the_matrix_allows_exactly_what_the_rfc_says() -> None:
    drawn: dict[ConnectionState, dict[ConnectionStep, ConnectionState]] = {}
    for line in MATRIX.strip("\n").splitlines()[2:]:
        letters, name, *cells = line.split()
        assert LETTERS[letters].name == name, "the letters in front of a row are the row's state"
        steps = zip(ConnectionStep, cells, strict=True)
        drawn[LETTERS[letters]] = {step: LETTERS[cell] for step, cell in steps if cell != "."}
    assert drawn == TRANSITIONS


def test_the_columns_of_the_picture_are_the_steps_in_their_order() -> None:
    columns = MATRIX.strip("\n").splitlines()[1].split()
    assert columns == [step.name.split("_")[-1] for step in ConnectionStep], "a moved column lies"


def test_a_lookup_gives_what_the_table_says() -> None:
    for state in ConnectionState:
        for step in ConnectionStep:
            assert next_state(state, step) is TRANSITIONS[state].get(step), f"{state!r}, {step!r}"


def test_a_server_awaits_the_preface_and_a_client_does_not() -> None:
    assert first_state(Role.SERVER) is ConnectionState.AWAIT_PREFACE, "RFC 9113 §3.4: 24 octets"
    assert first_state(Role.CLIENT) is ConnectionState.AWAIT_SETTINGS, (
        "RFC 9113 §3.4: the server's preface is a SETTINGS frame"
    )


@pytest.mark.parametrize("state", ConnectionState, ids=lambda state: state.name)
def test_a_goaway_is_never_taken_back(state: ConnectionState) -> None:
    for step, target in TRANSITIONS[state].items():
        # Where no request can come any more there is none to be refused.
        if target in (ConnectionState.CLOSED, ConnectionState.INPUT_ENDED):
            continue
        for word in ("GOAWAY_SENT", "GOAWAY_RECEIVED"):
            had = word in state.name or state is ConnectionState.GOAWAY_BOTH
            has = word in target.name or target is ConnectionState.GOAWAY_BOTH
            assert has or not had, f"{step.name} leads from {state.name} to {target.name}"
