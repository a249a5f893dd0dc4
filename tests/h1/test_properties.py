"""What holds for every conversation, whatever is said, cut and scheduled how."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Request,
    Response,
    Sendable,
    State,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role
from tests.support.cuts import cuts_of
from tests.support.h1_pair import Schedule
from tests.support.h1_playbook import HOST, drained, joined
from tests.support.h1_strategies import (
    asked,
    fields_to_send,
    messages,
    requests,
    responses,
)

# -- what is heard ----------------------------------------------------------------------------


def react(engine: Connection, event: Event) -> None:
    """An application that answers everything, by what it was told alone."""
    if isinstance(event, Request) and event.method in (b"CONNECT", b"HEAD"):
        engine.send(Response(event.stream_id, 200, [], True))
    elif isinstance(event, Request) and event.end_stream:
        engine.send(Response(event.stream_id, 200, [(b"content-length", b"2")]))
        engine.send(Data(event.stream_id, b"hi", True))
    elif isinstance(event, Request):
        # Sometimes before the question is complete.
        if len(event.target) % 2 == 0:
            engine.send(Response(event.stream_id, 401, [], True))
        elif engine.expects_continue:
            engine.send(InformationalResponse(event.stream_id, 100, []))
    elif isinstance(event, Data | Trailers):
        ends = isinstance(event, Trailers) or event.end_stream
        if ends and engine.role is Role.SERVER and engine.state in (State.AWAIT, State.AWAIT_LAST):
            engine.send(Response(event.stream_id, 200, []))
            engine.send(Data(event.stream_id, b"done", True))
    elif isinstance(event, PeerFault) and engine.state is State.BROKEN:
        engine.send(Response(event.stream_id, event.status, [(b"content-length", b"0")], True))


def ask_again(engine: Connection) -> None:
    """A client that asks for something as soon as it may."""
    if engine.can_open:
        method = [b"GET", b"HEAD", b"CONNECT", b"GET"][engine.next_stream_id() % 4]
        target = b"example.org:1" if method == b"CONNECT" else b"/"
        engine.send(Request(engine.next_stream_id(), method, target, [HOST], True))


def conversation(role: Role, pieces: list[bytes]) -> tuple[list[Event], bytes, object]:
    """What an engine tells of these pieces and the end behind them, and what it answers."""
    engine = Connection(role)
    events: list[Event] = []
    said = b""
    for piece in [*pieces, b""]:
        if role is Role.CLIENT:
            ask_again(engine)
        engine.receive_data(piece, 1.0)
        while (event := engine.next_event()) is not None:
            events.append(event)
            react(engine, event)
            if role is Role.CLIENT:
                ask_again(engine)
        said += engine.data_to_send()
    return joined(events), said, (engine.state, engine.peer_version, engine.trailing_data())


@settings(max_examples=400)
@given(st.sampled_from(Role), st.data())
def test_no_cut_of_the_input_changes_what_is_told_or_answered(
    role: Role, data: st.DataObject
) -> None:
    octets = data.draw(messages(role))
    whole = conversation(role, [octets])
    assert conversation(role, data.draw(cuts_of(octets))) == whole
    assert conversation(role, [octets[at : at + 1] for at in range(len(octets))]) == whole


@settings(max_examples=300)
@given(st.sampled_from(Role), st.data())
def test_a_fault_is_the_last_that_is_told_but_for_the_end(role: Role, data: st.DataObject) -> None:
    events, _, _ = conversation(role, [data.draw(messages(role))])
    kinds = [type(event) for event in events]
    assert kinds.count(EndOfInput) <= 1
    assert kinds.count(PeerFault) <= 1
    if PeerFault in kinds:
        behind = kinds[kinds.index(PeerFault) + 1 :]
        assert behind in ([], [EndOfInput]), "nothing that follows can be made sense of"


@settings(max_examples=300)
@given(st.sampled_from(Role), st.binary(max_size=300))
def test_any_bytes_at_all_are_taken_without_an_exception(role: Role, octets: bytes) -> None:
    events, _, _ = conversation(role, [octets] if octets else [])
    assert events, "at least the end is told"


@settings(max_examples=300)
@given(st.sampled_from(Role), st.data())
def test_the_events_of_an_exchange_are_a_message(role: Role, data: st.DataObject) -> None:
    events, _, _ = conversation(role, [data.draw(messages(role))])
    last = 0
    open_message = False
    for event in events:
        if isinstance(event, Request | Response):
            assert event.stream_id == last + 1, "one by one, in order"
            assert not open_message
            last = event.stream_id
            open_message = not event.end_stream
        elif isinstance(event, Data):
            assert open_message
            assert event.stream_id == last
            open_message = not event.end_stream
        elif isinstance(event, Trailers):
            assert open_message
            open_message = False
        elif isinstance(event, InformationalResponse):
            assert event.stream_id == last + 1
            assert not open_message


# -- what is said -----------------------------------------------------------------------------


@settings(max_examples=300)
@given(requests() | responses())
def test_what_is_said_is_heard_as_it_was_meant(said: list[Sendable]) -> None:
    client, server = Connection(Role.CLIENT), Connection(Role.SERVER)
    if isinstance(said[0], Request):
        speaker, hearer = client, server
    else:
        speaker, hearer = server, client
        client.send(Request(1, b"GET", b"/", [HOST], True))
        server.receive_data(client.data_to_send(), 0.0)
        drained(server)
    for event in said:
        speaker.send(event)
    hearer.receive_data(speaker.data_to_send(), 0.0)
    heard = joined(drained(hearer))
    # Trailers without a field are nothing but an end.
    meant = [each for each in joined(said) if not isinstance(each, Trailers) or each.fields]
    content = b"".join([event.data for event in meant if isinstance(event, Data)])
    assert b"".join([event.data for event in heard if isinstance(event, Data)]) == content
    told = [event for event in heard if not isinstance(event, Data)]
    heads = [event for event in meant if not isinstance(event, Data)]
    for was, came in zip(heads, told, strict=True):
        assert type(came) is type(was), "not a message more, and not one less"
        assert isinstance(was, Request | Response | InformationalResponse | Trailers)
        assert isinstance(came, Request | Response | InformationalResponse | Trailers)
        fields = [(name.lower(), value) for name, value in was.fields]
        assert came.fields[: len(fields)] == fields, "what frames them is added behind"
    assert hearer.state is speaker.state


@settings(max_examples=300)
@given(fields_to_send())
def test_no_value_can_split_a_message(fields: list[tuple[bytes, bytes]]) -> None:
    server = Connection(Role.SERVER)
    server.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0.0)
    drained(server)
    try:
        server.send(Response(1, 200, [*fields, (b"content-length", b"0")], True))
    except LocalProtocolError:
        assert server.data_to_send() == b"", "not a byte of it"
        return
    client = Connection(Role.CLIENT)
    client.send(Request(1, b"GET", b"/", [(b"host", b"a")], True))
    client.receive_data(server.data_to_send(), 0.0)
    events = drained(client)
    assert len(events) == 1, "RFC 9112 §11.1"
    assert isinstance(events[0], Response)
    assert len(events[0].fields) >= len(fields) + 1


@settings(max_examples=300)
@given(st.sampled_from(Role), st.lists(asked(), max_size=15))
def test_calls_that_raise_leave_no_trace(role: Role, wanted: list[Sendable]) -> None:
    clumsy, careful = Connection(role), Connection(role)
    if role is Role.SERVER:
        for engine in (clumsy, careful):
            engine.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 0.0)
            drained(engine)
    for event in wanted:
        try:
            clumsy.send(event)
        except LocalProtocolError:
            continue
        careful.send(event)
    assert clumsy.data_to_send() == careful.data_to_send()
    assert drained(clumsy) == drained(careful)
    assert clumsy.state is careful.state
    assert clumsy.next_stream_id() == careful.next_stream_id()


# -- two engines back to back -----------------------------------------------------------------


def run(seed: int) -> Schedule:
    schedule = Schedule(seed)
    schedule.run()
    return schedule


@pytest.mark.parametrize("batch", range(20))
def test_two_engines_agree_whatever_the_schedule(batch: int) -> None:
    for seed in range(batch * 50, batch * 50 + 50):
        schedule = run(seed)
        client, server = schedule.client, schedule.server
        reason = f"seed {seed}"
        assert client.faults == [], reason
        assert server.faults == [], reason
        for number, asked_for in client.said.items():
            if number in server.heard and server.heard[number].ended:
                assert server.heard[number] == asked_for, reason
        for number, answered in server.said.items():
            assert client.heard[number] == answered, reason
        assert client.said.keys() == client.heard.keys(), f"{reason}: each question has its answer"
        schedule.close()
        assert client.ends == [True], reason
        assert server.ends in ([True], [False]), reason
        assert client.engine.closed, reason
        assert server.engine.closed, reason


def test_the_same_seed_is_the_same_run() -> None:
    first, again = run(7), run(7)
    assert first.client.heard == again.client.heard
    assert first.server.heard == again.server.heard
    assert first.now == again.now
