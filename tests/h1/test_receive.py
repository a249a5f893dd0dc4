"""What input is good for, in every state and for either role; ends and pauses (RFC 9112 §8, §9)."""

import pytest

from hyper.h1 import Data, EndOfInput, Limits, PeerFault, Request, Response, State
from hyper.h1.receive import WORK, Work
from hyper.wire import Role
from tests.support.h1_playbook import CHUNKED_POST, GET, OK, POST, Play, get, post


def test_there_is_work_for_every_state_of_either_role() -> None:
    for role in Role:
        assert set(WORK[role]) == set(State), role


def test_who_reads_heads_and_bodies_is_who_hears_them() -> None:
    drawn = {
        role: {work: {s.name for s in State if WORK[role][s] is work} for work in Work}
        for role in Role
    }
    assert drawn[Role.SERVER] == {
        Work.HEAD: {"IDLE"},
        Work.BODY: {"REQUEST", "EARLY", "TAIL", "REQUEST_LAST", "EARLY_LAST"},
        Work.PAUSE: {"AWAIT", "RESPONSE", "AWAIT_LAST"},
        Work.STRAY: set(),
        Work.DROP: {"RESPONSE_LAST", "BROKEN", "BROKEN_RESPONSE", "MUST_CLOSE", "CLOSED"},
        Work.HAND_OVER: {"SWITCHED"},
    }
    assert drawn[Role.CLIENT] == {
        Work.HEAD: {"REQUEST", "AWAIT", "REQUEST_LAST", "AWAIT_LAST"},
        Work.BODY: {"EARLY", "RESPONSE", "EARLY_LAST", "RESPONSE_LAST"},
        Work.PAUSE: set(),
        Work.STRAY: {"IDLE", "TAIL"},
        Work.DROP: {"BROKEN", "BROKEN_RESPONSE", "MUST_CLOSE", "CLOSED"},
        Work.HAND_OVER: {"SWITCHED"},
    }


# -- one request at a time --------------------------------------------------------------------


def test_a_request_behind_another_waits_for_the_response() -> None:
    play = Play(Role.SERVER)
    play.hear(GET + GET)
    play.expect_events(get(1), because="one at a time")
    assert not play.engine.wants_input, "reading stops: that holds a fast client back"
    play.ask(Response(1, 200, [(b"content-length", b"2")]))
    play.expect_no_event("the response is not complete")
    assert not play.engine.wants_input
    play.ask(Data(1, b"hi", True))
    play.expect_events(get(2), because="RFC 9112 §9.3.2: in the order they were received")
    assert play.engine.wants_input, "nothing waits in the buffer any more"


def test_nothing_is_interpreted_before_it_is_asked_for() -> None:
    play = Play(Role.SERVER)
    play.hear(POST + b"hello" + GET)
    play.expect_state(State.IDLE, "nobody has taken an event")
    assert isinstance(play.engine.next_event(), Request)
    play.expect_state(State.REQUEST, "its head is all that was taken")
    assert isinstance(play.engine.next_event(), Data)
    play.expect_state(State.AWAIT, "now it is complete")
    assert play.engine.next_event() is None


def test_a_client_of_ours_asks_one_thing_at_a_time() -> None:
    play = Play(Role.CLIENT)
    play.ask(get())
    play.expect_refusal(get(2), because="RFC 9112 §9.3.2: MAY pipeline; we don't", says="AWAIT")


def test_after_close_nothing_that_follows_is_a_request() -> None:
    play = Play(Role.SERVER)
    play.hear(b"GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n" + GET)
    assert len(play.told()) == 1
    play.ask(Response(1, 204, [], True))
    play.expect_no_event("RFC 9112 §9.6: MUST NOT process any further requests")
    assert play.engine.may_close is False, "there is something to write"
    play.said()
    assert play.engine.may_close


# -- half-close and ends ----------------------------------------------------------------------


def test_a_client_that_half_closes_still_gets_its_response() -> None:
    play = Play(Role.SERVER)
    play.hear(POST + b"hello")
    play.hear_the_end()
    assert len(play.told()) == 3
    play.expect_state(State.AWAIT_LAST, "RFC 9112 §9.6: nor that it is no longer interested")
    play.ask(Response(1, 200, [(b"content-length", b"2")]), Data(1, b"hi", True))
    assert play.said().endswith(b"Connection: close\r\n\r\nhi")
    assert play.engine.may_close
    play.expect_no_event("the end was told once")


def test_an_end_behind_waiting_requests_is_told_when_they_are_answered() -> None:
    play = Play(Role.SERVER)
    play.hear(GET + GET)
    play.hear_the_end()
    play.expect_events(get(1), because="the second waits, and the end behind it")
    play.ask(Response(1, 204, [], True))
    play.expect_events(get(2), EndOfInput(clean=True), because="now they come")
    play.ask(Response(2, 204, [], True))
    assert play.engine.closed


@pytest.mark.parametrize(
    ("octets", "clean", "state"),
    [
        (b"", True, State.CLOSED),
        (b"\r\n", True, State.CLOSED),
        (GET[:9], False, State.CLOSED),
        (POST, False, State.BROKEN),
        (POST + b"hell", False, State.BROKEN),
        (CHUNKED_POST + b"5\r\nhello\r\n", False, State.BROKEN),
        (CHUNKED_POST + b"5\r\nhello\r\n0\r\n", False, State.BROKEN),
        (GET, True, State.AWAIT_LAST),
    ],
)
def test_what_the_end_of_input_means_to_a_server(octets: bytes, clean: bool, state: State) -> None:
    play = Play(Role.SERVER)
    if octets:
        play.hear(octets)
    play.hear_the_end()
    assert play.told()[-1] == EndOfInput(clean), "RFC 9112 §8"
    play.expect_state(state, "a request that was cut short may still be answered")
    play.hear_the_end()
    play.expect_no_event("it is told once")


def test_a_request_that_was_cut_short_can_be_answered() -> None:
    play = Play(Role.SERVER)
    play.hear(POST + b"hell")
    play.hear_the_end()
    play.told()
    play.ask(Response(1, 400, [], True))
    assert b"close" in play.said(), "RFC 9112 §8: MAY send an error response"
    assert play.engine.may_close


@pytest.mark.parametrize(
    ("octets", "clean"),
    [
        (b"", False),
        (b"HTTP/1.1 200", False),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", False),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", True),
        (OK, True),
        (OK + b"\r", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\nrest", True),
    ],
)
def test_what_the_end_of_input_means_to_a_client(octets: bytes, clean: bool) -> None:
    play = Play(Role.CLIENT)
    play.ask(get())
    if octets:
        play.hear(octets)
    play.hear_the_end()
    assert play.told()[-1] == EndOfInput(clean), "RFC 9112 §8: MUST record it as incomplete"
    play.expect_state(State.CLOSED, "the server has gone")
    assert not play.engine.can_open


def test_content_without_an_end_ends_with_the_connection() -> None:
    play = Play(Role.CLIENT)
    play.ask(get())
    play.hear(b"HTTP/1.1 200 OK\r\n\r\nhello")
    play.hear_the_end()
    play.expect_events(
        Response(1, 200, [], False, b"OK"),
        Data(1, b"hello"),
        Data(1, b"", True),
        EndOfInput(clean=True),
        because="RFC 9112 §6.3, rule 8",
    )


def test_what_comes_behind_the_end_is_not_heard() -> None:
    play = Play(Role.SERVER)
    play.hear_the_end()
    play.hear(GET)
    play.expect_events(EndOfInput(clean=True), because="there is nothing behind an end")


# -- early responses --------------------------------------------------------------------------


def test_a_request_that_was_answered_early_is_read_to_its_end() -> None:
    play = Play(Role.SERVER)
    play.hear(POST)
    play.told()
    play.ask(Response(1, 401, [], True))
    play.expect_state(State.TAIL, "RFC 9112 §9.3: MUST read the entire request body or close")
    play.hear(b"hel")
    play.expect_events(Data(1, b"hel"), because="who does not want it need not look at it")
    play.hear(b"lo" + GET)
    play.expect_events(Data(1, b"lo", True), get(2), because="and the connection goes on")


def test_a_long_rest_is_not_waited_for() -> None:
    play = Play(Role.SERVER, limits=Limits(max_drain=10))
    head = b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: %d\r\n\r\n"
    play.hear(head % 11)
    play.told()
    play.ask(Response(1, 401, [], True))
    assert b"Connection: close\r\n" in play.said(), "said at once, for it is known at once"
    assert play.engine.may_close
    play = Play(Role.SERVER, limits=Limits(max_drain=10))
    play.hear(head % 10)
    play.told()
    play.ask(Response(1, 401, [], True))
    assert b"close" not in play.said()
    play.expect_state(State.TAIL, "so little is waited for")


def test_a_rest_that_turns_out_long_is_not_waited_for_either() -> None:
    for chunk in (b"4\r\nhell\r\n", b"8\r\nhell"):
        play = Play(Role.SERVER, limits=Limits(max_drain=10))
        play.hear(CHUNKED_POST)
        play.told()
        play.ask(Response(1, 401, [(b"content-length", b"0")], True))
        play.expect_state(State.TAIL, "how much there is to come is not known")
        for _ in range(3):
            play.hear(chunk)
            play.told()
        play.expect_state(State.MUST_CLOSE, "Limits.max_drain")


def test_a_response_that_ends_late_looks_at_the_rest_again() -> None:
    play = Play(Role.SERVER, limits=Limits(max_drain=10))
    play.hear(b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 99\r\n\r\n")
    play.told()
    play.ask(Response(1, 200, [(b"content-length", b"2")]))
    play.expect_state(State.EARLY, "the application may want to read all the same")
    play.ask(Data(1, b"no", True))
    play.expect_state(State.MUST_CLOSE, "it has not, and there is too much to wait for")


def test_a_client_may_finish_its_request_behind_an_early_response() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"content-length", b"5")]))
    play.hear(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
    assert len(play.told()) == 1
    play.expect_state(State.TAIL, "RFC 9112 §9.3: to reuse the connection it must")
    play.expect_refusal(get(2), because="not before that", says="TAIL")
    play.ask(Data(1, b"hello", True))
    play.expect_state(State.IDLE, "both messages are complete")
    play.ask(get(2))


def test_a_response_behind_an_early_one_is_none() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"content-length", b"5")]))
    play.hear(OK + OK)
    events = play.told()
    assert isinstance(events[-1], PeerFault), "response-queue poisoning"


def test_a_client_stops_sending_when_the_server_closes() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"content-length", b"5")]))
    play.hear(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    play.told()
    play.expect_state(State.MUST_CLOSE, "RFC 9112 §9.5: SHOULD immediately cease")
    play.expect_refusal(Data(1, b"hello", True), because="nobody reads it")


# -- after a fault ----------------------------------------------------------------------------


def test_what_was_received_before_a_fault_is_told_before_it() -> None:
    play = Play(Role.SERVER)
    play.hear(CHUNKED_POST + b"5\r\nhello\r\n5\r\nworldXX")
    assert [type(event) for event in play.told()] == [Request, Data, PeerFault]
    play.ask(Response(1, 400, [], True))
    assert play.said().startswith(b"HTTP/1.1 400 ")


def test_a_fault_behind_the_head_of_the_response_lets_the_response_end() -> None:
    play = Play(Role.SERVER)
    play.hear(CHUNKED_POST)
    play.told()
    play.ask(Response(1, 200, [(b"content-length", b"4")]), Data(1, b"fi"))
    play.hear(b"x\r\n")
    play.expect_fault(400, because="the request cannot be read on")
    play.expect_state(State.BROKEN_RESPONSE, "what has begun may be finished")
    play.ask(Data(1, b"ne", True))
    assert play.engine.closed
    assert play.said().endswith(b"fine")


def test_the_end_is_told_behind_a_fault_too() -> None:
    play = Play(Role.SERVER)
    play.hear(b"x\r\n")
    play.expect_fault(400, because="no request")
    play.hear_the_end()
    play.expect_events(EndOfInput(clean=True), because="nobody waits for an answer any more")
