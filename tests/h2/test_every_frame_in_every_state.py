"""Every state of a stream against every frame of the peer's, by bytes, for both roles.

The pictures are the test: read them beside the text of RFC 9113 §5.1, §6 and §8.1.  Where that
leaves a choice, the picture is what we chose.  `test_stream_life` has the table behind them; here
an engine is led into each state, hears one frame, and must answer, go on or end as it is drawn.
"""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    RstStreamFrame,
    Scope,
    pack_header,
)
from hyper.h2 import (
    Data,
    Event,
    PeerFault,
    Request,
    Reset,
    Response,
    StreamState,
)
from hyper.wire import Role
from tests.support.inside import lost_credit, session
from tests.support.playbook import GET, OK, FieldBlock, Playbook
from tests.support.states import (
    CLIENT_STATES,
    HINTS,
    MORE,
    NAMES,
    PROMISED,
    SERVER_STATES,
    WITNESS,
    frame,
    led_to,
)

# What comes of a frame: an event, a Reset, nothing, or a fault of the stream or the connection.
FAULTS = {
    # RFC 9113 §8.1.1: a malformed message MUST be a stream error of type PROTOCOL_ERROR.
    "m": (ErrorCode.PROTOCOL_ERROR, Scope.STREAM),
    # RFC 9113 §5.1: on a half-closed (remote) stream it MUST be a stream error STREAM_CLOSED.
    "z": (ErrorCode.STREAM_CLOSED, Scope.STREAM),
    # RFC 9113 §5.1: on a closed stream it MAY be a connection error STREAM_CLOSED.
    "Z": (ErrorCode.STREAM_CLOSED, Scope.CONNECTION),
    # RFC 9113 §5.1: what a state does not permit MUST, on idle streams, or SHOULD be this.
    "P": (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION),
}

SERVER = """
                       DATA      HEADERS               PRIO RST WINDOW PUSH CONT UNKNOWN
                       .    /END head head/ trailers
  idle                 P    P    e    e     m        .    P   P      P    P    .
  idle, ours           P    P    P    P     P        .    P   P      P    P    .
  left out             Z    Z    P    P     P        .    .   .      P    P    .
  open                 e    e    m    m     e        .    x   .      P    P    .
  open, answering      e    e    m    m     e        .    x   .      P    P    .
  half-closed (remote) z    z    z    z     z        .    x   .      P    P    .
  remote, answering    z    z    z    z     z        .    x   .      P    P    .
  half-closed (local)  e    e    m    m     e        .    x   .      P    P    .
  reserved (local)     P    P    P    P     P        .    x   .      P    P    .
  pushed               z    z    z    z     z        .    x   .      P    P    .
  reset by us          .    .    .    .     .        .    .   .      P    P    .
  refused by us        .    .    .    .     .        .    .   .      P    P    .
  malformed            .    .    .    .     .        .    .   .      P    P    .
  behind our GOAWAY    .    .    .    .     .        .    .   .      P    P    .
  reset by the peer    Z    Z    Z    Z     Z        .    .   .      P    P    .
  closed               Z    Z    Z    Z     Z        .    .   .      P    P    .
"""

CLIENT = """
                       DATA      HEADERS               PRIO RST WINDOW PUSH CONT UNKNOWN HINTS
                       .    /END head head/ trailers
  idle                 P    P    P    P     P        .    P   P      P    P    .       P
  in line              P    P    P    P     P        .    P   P      P    P    .       P
  idle, theirs         P    P    P    P     P        .    P   P      P    P    .       P
  open                 m    m    e    e     m        .    x   .      e    P    .       e
  open, answered       e    e    m    m     e        .    x   .      e    P    .       m
  half-closed (local)  m    m    e    e     m        .    x   .      e    P    .       e
  local, answered      e    e    m    m     e        .    x   .      e    P    .       m
  half-closed (remote) z    z    z    z     z        .    x   .      P    P    .       z
  reserved (remote)    P    P    e    e     m        .    x   P      P    P    .       e
  pushed               e    e    m    m     e        .    x   .      P    P    .       m
  reset by us          .    .    .    .     .        .    .   .      d    P    .       .
  declined             .    .    .    .     .        .    .   .      P    P    .       .
  lost by GOAWAY       .    .    .    .     .        .    .   .      d    P    .       .
  reset by the peer    Z    Z    Z    Z     Z        .    .   .      P    P    .       Z
  closed               Z    Z    Z    Z     Z        .    .   .      P    P    .       Z
"""


def cells(picture: str) -> list[tuple[str, int, str]]:
    """Each state, column and letter of a picture."""
    found: list[tuple[str, int, str]] = []
    for line in picture.strip("\n").splitlines()[2:]:
        state = line[2:23].strip()
        found += [(state, column, letter) for column, letter in enumerate(line[23:].split())]
    return found


def named(cell: tuple[str, int, str]) -> str:
    return f"{cell[0]}-{NAMES[cell[1]]}"


# -- the tests --------------------------------------------------------------------------------


def hear(play: Playbook, stream_id: int, column: int) -> list[Event]:
    play.said()
    play.hear(frame(play.engine.role, NAMES[column], stream_id))
    return play.told()


def check(play: Playbook, stream_id: int, events: list[Event], letter: str) -> None:
    if letter in FAULTS:
        (fault,) = events
        assert isinstance(fault, PeerFault), f"{letter}: {fault}"
        assert (fault.code, fault.scope) == FAULTS[letter], str(fault)
        last = play.said()[-1]
        if fault.scope is Scope.CONNECTION:
            assert isinstance(last, GoAwayFrame), "RFC 9113 §5.4.1: the peer is told"
            assert last.code == fault.code
            assert play.engine.closed
            return
        assert last == RstStreamFrame(stream_id, fault.code), "RFC 9113 §5.4.2: the peer is told"
        assert fault.stream_id == stream_id
    elif letter == "x":
        assert events == [Reset(stream_id, ErrorCode.CANCEL)]
        assert play.said() == [], "RFC 9113 §5.4.2: MUST NOT answer RST_STREAM with RST_STREAM"
    elif letter == "d":
        assert events == [], "of a promise on a stream that was given up nobody is told"
        assert play.said() == [RstStreamFrame(PROMISED, ErrorCode.CANCEL)], "it is declined"
    elif letter == ".":
        assert events == []
        assert play.said() == []
    else:
        (event,) = events
        assert not isinstance(event, PeerFault | Reset), f"{event}"
    if letter in "mzx":
        assert session(play.engine).streams.get(stream_id) is None, "the stream is over"
    check_the_rest(play)


def check_the_rest(play: Playbook) -> None:
    """The connection goes on: another stream, both tables, and no credit is lost."""
    assert not play.engine.closed
    assert lost_credit(play.engine) == 0, "RFC 9113 §6.9: every frame of DATA is accounted for"
    if play.engine.role is Role.CLIENT:
        play.hear(FieldBlock(WITNESS, [*OK, *MORE, *HINTS[1:]]), DataFrame(WITNESS, b"alive"))
        expected: list[Event] = [Response(WITNESS, [*OK, *MORE, *HINTS[1:]])]
    else:
        play.hear(DataFrame(WITNESS, b"alive"), FieldBlock(WITNESS, [*MORE, *HINTS[1:]], True))
        expected = []
    told = play.told()
    assert told[: len(expected)] == expected, "RFC 9113 §4.3: every block was decoded"
    assert told[len(expected)] == Data(WITNESS, b"alive"), "RFC 9113 §5.4.2: no other is affected"


LAST_WORDS = [
    cell
    for cell in [*cells(SERVER), *cells(CLIENT)]
    # The frames with END_STREAM, where we have ended before.
    if cell[1] in {1, 3, 4} and cell[2] == "e" and ("local" in cell[0] or cell[0] == "pushed")
]


@pytest.mark.parametrize("cell", LAST_WORDS, ids=named)
def test_a_stream_that_both_sides_have_ended_is_forgotten(cell: tuple[str, int, str]) -> None:
    state, column, _ = cell
    play, stream_id = led_to(Role.SERVER if cell in cells(SERVER) else Role.CLIENT, state)
    assert stream_id in session(play.engine).streams
    hear(play, stream_id, column)
    assert stream_id not in session(play.engine).streams, "RFC 9113 §5.1: it is closed"


@pytest.mark.parametrize("cell", cells(SERVER), ids=named)
def test_a_server_takes_each_frame_in_each_state_as_drawn(cell: tuple[str, int, str]) -> None:
    state, column, letter = cell
    play, stream_id = led_to(Role.SERVER, state)
    check(play, stream_id, hear(play, stream_id, column), letter)


@pytest.mark.parametrize("cell", cells(CLIENT), ids=named)
def test_a_client_takes_each_frame_in_each_state_as_drawn(cell: tuple[str, int, str]) -> None:
    state, column, letter = cell
    play, stream_id = led_to(Role.CLIENT, state)
    check(play, stream_id, hear(play, stream_id, column), letter)


ON_THE_CONNECTION = [
    pytest.param(4, b"", id="SETTINGS"),  # RFC 9113 §6.5
    pytest.param(6, bytes(8), id="PING"),  # RFC 9113 §6.7
    pytest.param(7, bytes(8), id="GOAWAY"),  # RFC 9113 §6.8
]


@pytest.mark.parametrize(("kind", "payload"), ON_THE_CONNECTION)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_frames_of_the_connection_on_a_stream_end_it_in_every_state(
    role: Role, kind: int, payload: bytes
) -> None:
    for state in SERVER_STATES if role is Role.SERVER else CLIENT_STATES:
        play, stream_id = led_to(role, state)
        play.hear(pack_header(len(payload), kind, 0, stream_id) + payload)
        play.expect_fault(
            ErrorCode.PROTOCOL_ERROR,
            Scope.CONNECTION,
            stream_id,
            because="the stream identifier MUST be zero",
        )


@pytest.mark.parametrize("state", ["open", "half-closed (local)", "open, answered"])
def test_where_push_is_off_a_promise_ends_the_connection_in_every_state(state: str) -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(9, GET, state == "half-closed (local)"))
    if state == "open, answered":
        play.hear(FieldBlock(9, OK))
    play.told()
    play.hear(FieldBlock(9, GET, promised_stream_id=2))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 9, because="RFC 9113 §6.6: ENABLE_PUSH is 0"
    )


def test_the_pictures_have_every_state_there_is() -> None:
    met: set[StreamState] = set()
    for role, picture, states in (
        (Role.SERVER, SERVER, SERVER_STATES),
        (Role.CLIENT, CLIENT, CLIENT_STATES),
    ):
        assert list(dict.fromkeys(cell[0] for cell in cells(picture))) == list(states)
        for state in states:
            play, stream_id = led_to(role, state)
            stream = session(play.engine).streams.get(stream_id)
            met.add(session(play.engine).state_of(stream_id) if stream is None else stream.state)
    assert met == set(StreamState)


def test_every_row_has_every_column() -> None:
    for picture, columns in ((SERVER, 11), (CLIENT, 12)):
        by_state: dict[str, int] = {}
        for state, _, _ in cells(picture):
            by_state[state] = by_state.get(state, 0) + 1
        assert set(by_state.values()) == {columns}, "a moved column would lie"
