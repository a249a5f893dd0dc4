"""What holds for every conversation, whatever is said and however it is cut.

Whole runs of two engines are in `test_simulation`.
"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from hyper.frame import PREFACE, Scope, SettingsFrame
from hyper.h2 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Request,
    Reset,
    Response,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role
from tests.support.cuts import cuts_of
from tests.support.frames import raw_frames
from tests.support.inside import lost_credit, session
from tests.support.pair import Pair, drained
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook
from tests.support.strategies import heard

# -- what is heard ----------------------------------------------------------------------------


def engine_of(role: Role) -> Connection:
    """An engine with something under way, so that frames of streams mean something."""
    engine = Connection(role)
    if role is Role.CLIENT:
        engine.send(Request(1, POST))
        engine.send(Data(1, b"x" * 100))
        engine.send(Request(3, GET, True))
        engine.send(Request(5, [(b":method", b"CONNECT"), (b":authority", b"a:1")]))
    return engine


def said_by_peer(role: Role, said: list[Heard]) -> bytes:
    """The bytes of a peer that says all this."""
    play = Playbook(role)
    start = [PREFACE] if role is Role.SERVER else []
    return b"".join(play.octets(each) for each in [*start, SettingsFrame(), *said])


def conversation(role: Role, pieces: list[bytes]) -> tuple[list[Event], bytes, tuple[object, ...]]:
    """What an engine tells of these pieces and the end behind them, and what it answers."""
    engine = engine_of(role)
    first = engine.data_to_send()
    events: list[Event] = []
    for piece in pieces:
        engine.receive_data(piece, 1.0)
        events += drained(engine)
    engine.receive_data(b"", 1.0)
    events += drained(engine)
    state = session(engine)
    looks = (engine.state, engine.open_streams, state.ledger.balance, state.reset_budget.balance)
    return events, first + engine.data_to_send(), looks


@settings(max_examples=200)
@given(st.sampled_from(Role), st.lists(heard(), max_size=12), st.data())
def test_no_cut_of_the_input_changes_what_is_told_or_answered(
    role: Role, said: list[Heard], data: st.DataObject
) -> None:
    octets = said_by_peer(role, said)
    whole = conversation(role, [octets])
    assert conversation(role, data.draw(cuts_of(octets))) == whole


@settings(max_examples=200)
@given(st.sampled_from(Role), st.lists(heard() | raw_frames(), max_size=12))
def test_a_conversation_ends_in_a_fault_or_in_the_end_and_nothing_comes_behind(
    role: Role, said: list[Heard]
) -> None:
    events, _, _ = conversation(role, [said_by_peer(role, said)])
    fatal = [
        event
        for event in events
        if isinstance(event, EndOfInput)
        or (isinstance(event, PeerFault) and event.scope is Scope.CONNECTION)
    ]
    assert len(fatal) == 1, "one end, and it is always there"
    assert events[-1] is fatal[0], "it is the last event of what it ends"


@settings(max_examples=200)
@given(st.sampled_from(Role), st.binary(max_size=200), st.booleans())
def test_any_bytes_at_all_are_taken_without_an_exception(
    role: Role, octets: bytes, greeted: bool
) -> None:
    start = said_by_peer(role, []) if greeted else b""
    events, _, _ = conversation(role, [start + octets] if start + octets else [])
    assert events, "at least the end is told"


@settings(max_examples=150)
@given(st.sampled_from(Role), st.lists(heard(), max_size=14))
def test_the_events_of_a_stream_are_a_message(role: Role, said: list[Heard]) -> None:
    events, _, _ = conversation(role, [said_by_peer(role, said)])
    shapes: dict[int, str] = {}
    for event in events:
        if isinstance(event, Request | Response | InformationalResponse | Data | Trailers | Reset):
            letter = type(event).__name__[:3]
            end = "." if isinstance(event, Trailers) or getattr(event, "end_stream", False) else ""
            shapes[event.stream_id] = shapes.get(event.stream_id, "") + letter + end
        elif isinstance(event, PeerFault) and event.scope is Scope.STREAM:
            shapes[event.stream_id] = shapes.get(event.stream_id, "") + "Pee"
    head = "(Inf)*Res" if role is Role.CLIENT else "Req"
    complete = rf"{head}(\.|(Dat)*(Dat\.|Tra\.))"
    part = rf"(Inf)*({head}(Dat)*)?"
    for stream_id, shape in shapes.items():
        assert re.fullmatch(rf"(({complete}|{part})(Res|Pee)?)", shape), (
            f"stream {stream_id}: {shape}; RFC 9113 §8.1: head, content, trailers, and one end"
        )


@settings(max_examples=150)
@given(st.sampled_from(Role), st.lists(heard(), max_size=14))
def test_no_credit_is_ever_lost(role: Role, said: list[Heard]) -> None:
    engine = engine_of(role)
    engine.receive_data(said_by_peer(role, said), 1.0)
    drained(engine)
    if not engine.closed:
        assert lost_credit(engine) == 0, (
            "RFC 9113 §6.9: every flow-controlled byte is accounted for"
        )


# -- what is asked ----------------------------------------------------------------------------


ASKED = st.one_of(
    st.builds(Request, st.integers(0, 9), st.sampled_from([GET, POST, OK, GET[1:]]), st.booleans()),
    st.builds(Response, st.integers(0, 9), st.sampled_from([OK, GET, []]), st.booleans()),
    st.builds(Data, st.integers(0, 9), st.sampled_from([b"", b"x", b"y" * 70_000]), st.booleans()),
    st.builds(Trailers, st.integers(0, 9), st.sampled_from([[(b"a", b"b")], OK])),
    st.builds(InformationalResponse, st.integers(0, 9), st.just([(b":status", b"103")])),
    st.builds(Reset, st.integers(0, 9), st.sampled_from([0, 8, -1])),
)


@settings(max_examples=200)
@given(st.sampled_from(Role), st.lists(ASKED, max_size=15))
def test_calls_that_raise_leave_no_trace(
    role: Role, asked: list[Request | Response | Data | Trailers | InformationalResponse | Reset]
) -> None:
    clumsy, careful = Playbook.opened(role), Playbook.opened(role)
    if role is Role.SERVER:
        for play in (clumsy, careful):
            for stream_id in (1, 3, 5):
                play.hear(FieldBlock(stream_id, POST, stream_id == 1))
            play.told()
    for event in asked:
        try:
            clumsy.engine.send(event)
        except LocalProtocolError:
            continue
        careful.engine.send(event)
    assert clumsy.engine.data_to_send() == careful.engine.data_to_send()
    assert drained(clumsy.engine) == drained(careful.engine)
    assert clumsy.engine.open_streams == careful.engine.open_streams


# -- two engines back to back -----------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([0, 1, 1_000, 65_535, 65_536, 200_000]), min_size=1, max_size=4),
    st.sampled_from([0, 600, 65_535]),
)
def test_windows_are_full_again_when_all_is_consumed(bodies: list[int], window: int) -> None:
    pair = Pair(auto_consume=True, server_settings=[(4, window)], client_settings=[(4, window)])
    for number, size in enumerate(bodies):
        pair.client.send(Request(2 * number + 1, POST))
        pair.client.send(Data(2 * number + 1, bytes(size), True))
    _, heard_by_server = pair.flow()
    if window:
        received = sum(len(event.data) for event in heard_by_server if isinstance(event, Data))
        assert received == sum(bodies), "auto-consume keeps the windows open"
    assert lost_credit(pair.server) == 0
    assert session(pair.server).inbound.available == session(pair.client).outbound_window
