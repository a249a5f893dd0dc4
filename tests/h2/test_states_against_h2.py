"""Against python-hyper's h2: every state of a stream, every frame of the peer's, and every call.

Run against, never read.  Both are led into a state by the same steps (`tests.support.states`), and
then hear one frame, or are asked for one thing.  Where they differ a sentence decides.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyper.frame import Scope
from hyper.h2 import (
    Data,
    InformationalResponse,
    PeerFault,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    StreamState,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role
from tests.support import foreign
from tests.support.foreign import ACCEPTED, CONNECTION, STREAM
from tests.support.inside import session
from tests.support.playbook import GET, OK, POST, Playbook
from tests.support.states import CLIENT_STATES, HINTS, MORE, NAMES, SERVER_STATES, frame, led_to

# Where h2 cannot be led, because it has ended the connection on the way.
NOT_THERE: dict[str, str] = {
    "SERVER: malformed": "RFC 9113 §8.1.1: MUST be a stream error",
    "SERVER: refused by us": "RFC 9113 §5.1.2: MUST be a stream error",
    "SERVER: behind our GOAWAY": "RFC 9113 §6.8: the sender of GOAWAY might get more frames",
    "CLIENT: lost by GOAWAY": "RFC 9113 §6.8: streams up to the last id live on",
    "CLIENT: in line": "RFC 9113 §5.1.2: MUST NOT exceed the limit; h2 raises, and has no line",
}

BLOCKS = ("HEAD", "HEAD/END", "TRAILERS")
CONTENT = ("DATA", "DATA/END")

# What differs, and why: our verdict, theirs, the sentence, the role, the frames, the states.
DIFFERENCES: list[tuple[str, str, str, Role, tuple[str, ...], tuple[str, ...]]] = [
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: MAY treat frames on a closed stream as a connection error STREAM_CLOSED",
        Role.SERVER,
        CONTENT,
        ("left out", "reset by the peer", "closed"),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: the same",
        Role.SERVER,
        BLOCKS,
        ("reset by the peer",),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: the same",
        Role.CLIENT,
        CONTENT,
        ("reset by the peer", "closed"),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: the same",
        Role.CLIENT,
        BLOCKS,
        ("reset by the peer",),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.4: RST_STREAM identifying an idle stream MUST be a connection error",
        Role.SERVER,
        ("RST",),
        ("idle", "idle, ours"),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.4: the same",
        Role.CLIENT,
        ("RST",),
        ("idle", "idle, theirs"),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: on reserved (remote) but HEADERS, RST_STREAM, PRIORITY MUST be an error",
        Role.CLIENT,
        ("WINDOW",),
        ("reserved (remote)",),
    ),
    (
        CONNECTION,
        STREAM,
        "RFC 9113 §5.1: the same, and of the connection; §6.1 has a stream error for DATA",
        Role.CLIENT,
        CONTENT,
        ("reserved (remote)",),
    ),
    (
        CONNECTION,
        STREAM,
        "RFC 9113 §5.1: on reserved (local) anything but three types MUST be a connection error",
        Role.SERVER,
        CONTENT,
        ("reserved (local)",),
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.6: on a stream neither open nor half-closed (local) it MUST be an error",
        Role.CLIENT,
        ("PUSH",),
        ("half-closed (remote)",),
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: malformed requests or responses MUST be treated as a stream error",
        Role.SERVER,
        ("HEAD", "HEAD/END"),
        ("open", "open, answering", "half-closed (local)"),
    ),
    (STREAM, CONNECTION, "RFC 9113 §8.1.1: the same", Role.SERVER, ("TRAILERS",), ("idle",)),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: the same",
        Role.CLIENT,
        ("HEAD", "HEAD/END", "HINTS"),
        ("open, answered", "local, answered", "pushed"),
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: the same",
        Role.CLIENT,
        (*CONTENT, "TRAILERS"),
        ("open", "half-closed (local)"),
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: the same",
        Role.CLIENT,
        ("TRAILERS",),
        ("reserved (remote)",),
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §5.1: on a half-closed (remote) stream it MUST be a stream error",
        Role.CLIENT,
        ("HINTS",),
        ("half-closed (remote)",),
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §8.4.2: the same sequence of frames as §8.1, where interim responses may be",
        Role.CLIENT,
        ("HINTS",),
        ("reserved (remote)",),
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §5.1: after sending RST_STREAM it MUST be discarded, whatever it is",
        Role.CLIENT,
        ("HINTS",),
        ("reset by us", "declined"),
    ),
]
BY_CELL = {
    (role, state, name): (ours, theirs)
    for ours, theirs, _, role, names, states in DIFFERENCES
    for name in names
    for state in states
}

HEARD = [
    (role, state, name)
    for role, states in ((Role.SERVER, SERVER_STATES), (Role.CLIENT, CLIENT_STATES))
    for state in states
    for name in NAMES
    if f"{role.name}: {state}" not in NOT_THERE and (role, name) != (Role.SERVER, "HINTS")
]


def named(cell: tuple[Role, str, str]) -> str:
    return f"{cell[0].name}-{cell[1]}-{cell[2]}"


def our_verdict(role: Role, state: str, name: str) -> str:
    play, stream_id = led_to(role, state)
    play.hear(frame(role, name, stream_id))
    faults = [event for event in play.told() if isinstance(event, PeerFault)]
    if not faults:
        return ACCEPTED
    return CONNECTION if faults[-1].scope is Scope.CONNECTION else STREAM


@pytest.mark.parametrize("cell", HEARD, ids=named)
def test_both_take_a_frame_in_a_state_alike_or_a_sentence_says_why(
    cell: tuple[Role, str, str],
) -> None:
    role, state, name = cell
    other, stream_id = foreign.led_to(role, state)
    verdicts = our_verdict(*cell), other.verdict(frame(role, name, stream_id))
    if cell in BY_CELL:
        assert verdicts == BY_CELL[cell], "a difference that is none any more is taken out"
    else:
        assert verdicts[0] == verdicts[1]


def test_every_difference_has_its_sentence_and_its_cell() -> None:
    assert set(BY_CELL) <= set(HEARD)
    assert all("RFC" in each[2] and each[0] != each[1] for each in DIFFERENCES)
    assert all("RFC" in sentence for sentence in NOT_THERE.values())


# -- calls ------------------------------------------------------------------------------------

REFUSED, ALLOWED = "refused", "allowed"

# What differs between calls: ours, theirs, the sentence, the role, the calls, the states.
OTHER_CALLS: list[tuple[str, str, str, Role, tuple[str, ...], tuple[str, ...]]] = [
    (
        ALLOWED,
        REFUSED,
        "RFC 9113 §5.1: either side may end it at any time; what is over needs no RST_STREAM",
        Role.SERVER,
        ("RESET",),
        ("left out", "reset by us", "reset by the peer", "closed"),
    ),
    (
        ALLOWED,
        REFUSED,
        "RFC 9113 §5.1: the same",
        Role.CLIENT,
        ("RESET",),
        ("reset by us", "declined", "reset by the peer", "closed"),
    ),
    (
        ALLOWED,
        REFUSED,
        "RFC 9113 §8.4.2: the same sequence of frames as §8.1, where interim responses may be",
        Role.SERVER,
        ("HINTS",),
        ("reserved (local)",),
    ),
    (
        REFUSED,
        ALLOWED,
        "RFC 9113 §8.1: a message is one HEADERS frame and then DATA",
        Role.SERVER,
        ("DATA", "DATA/END", "END"),
        ("open", "half-closed (remote)"),
    ),
]
BY_CALL = {
    (role, state, name): (ours, theirs)
    for ours, theirs, _, role, names, states in OTHER_CALLS
    for name in names
    for state in states
}

BOTH_ASK = ("DATA", "DATA/END", "END", "TRAILERS", "RESET", "HEAD", "HEAD/END")
ASKED = [
    (role, state, name)
    for role, states in ((Role.SERVER, SERVER_STATES), (Role.CLIENT, CLIENT_STATES))
    for state in states
    for name in (BOTH_ASK if role is Role.CLIENT else (*BOTH_ASK, "HINTS", "PUSH"))
    if f"{role.name}: {state}" not in NOT_THERE
]


def call(role: Role, name: str, stream_id: int) -> Sendable:
    """Something to ask for on a stream."""
    server = role is Role.SERVER
    calls: dict[str, Sendable] = {
        "DATA": Data(stream_id, b"x"),
        "DATA/END": Data(stream_id, b"x", end_stream=True),
        "END": Data(stream_id, b"", end_stream=True),
        "TRAILERS": Trailers(stream_id, MORE),
        "RESET": Reset(stream_id),
        "HEAD": Response(stream_id, OK) if server else Request(stream_id, POST),
        "HEAD/END": Response(stream_id, OK, True) if server else Request(stream_id, GET, True),
        "HINTS": InformationalResponse(stream_id, HINTS),
        "PUSH": PushPromise(stream_id, 20, GET),
    }
    return calls[name]


def our_answer(role: Role, state: str, name: str) -> str:
    play, stream_id = led_to(role, state)
    try:
        play.engine.send(call(role, name, stream_id))
    except LocalProtocolError:
        return REFUSED
    return ALLOWED


@pytest.mark.parametrize("cell", ASKED, ids=named)
def test_both_answer_a_call_in_a_state_alike_or_a_sentence_says_why(
    cell: tuple[Role, str, str],
) -> None:
    role, state, name = cell
    other, stream_id = foreign.led_to(role, state)
    theirs = REFUSED if other.refuses(call(role, name, stream_id)) else ALLOWED
    answers = our_answer(*cell), theirs
    if cell in BY_CALL:
        assert answers == BY_CALL[cell], "a difference that is none any more is taken out"
    else:
        assert answers[0] == answers[1]


def test_every_other_answer_has_its_sentence_and_its_cell() -> None:
    assert set(BY_CALL) <= set(ASKED)
    assert all("RFC" in each[2] and each[0] != each[1] for each in OTHER_CALLS)


# -- one after the other ----------------------------------------------------------------------


def state_of(play: Playbook, stream_id: int) -> StreamState:
    """Where a stream stands for us, live or not."""
    stream = session(play.engine).streams.get(stream_id)
    return session(play.engine).state_of(stream_id) if stream is None else stream.state


def known_differences() -> set[tuple[Role, str, StreamState, str, str]]:
    """The differences above, by the state of the stream alone."""
    found: set[tuple[Role, str, StreamState, str, str]] = set()
    for differences in (BY_CELL, BY_CALL):
        for (role, state, name), (ours, theirs) in differences.items():
            play, stream_id = led_to(role, state)
            found.add((role, name, state_of(play, stream_id), ours, theirs))
    return found


KNOWN = known_differences()
IDS = st.sampled_from([1, 1, 1, 3, 3, 5, 7, 2, 4])
TURNS = st.lists(
    st.tuples(st.just("hear"), st.sampled_from(NAMES[:-1]), IDS)
    | st.tuples(st.just("ask"), st.sampled_from(BOTH_ASK), IDS),
    max_size=25,
)


@settings(max_examples=100)
@given(st.sampled_from(Role), TURNS)
def test_random_conversations_differ_only_where_it_is_known(
    role: Role, turns: list[tuple[str, str, int]]
) -> None:
    play, _ = led_to(role, "idle")
    other, _ = foreign.led_to(role, "idle")
    for turn, name, stream_id in turns:
        before = state_of(play, stream_id)
        if turn == "hear":
            said = frame(role, name, stream_id)
            play.hear(said)
            faults = [event for event in play.told() if isinstance(event, PeerFault)]
            scope = [CONNECTION if each.scope is Scope.CONNECTION else STREAM for each in faults]
            ours = scope[-1] if scope else ACCEPTED
            theirs = other.verdict(said)
        else:
            asked = call(role, name, stream_id)
            ours = REFUSED if play.refuses(asked) else ALLOWED
            theirs = REFUSED if other.refuses(asked) else ALLOWED
        if ours != theirs:
            assert (role, name, before, ours, theirs) in KNOWN, f"{turns}: {name} on {stream_id}"
            return  # from here on they have different conversations
        # A call that h2 refuses may leave traces in it.
        if ours in {CONNECTION, REFUSED}:
            return
