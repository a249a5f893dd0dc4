"""What both directions share: faults, and what time brings about."""

from hyper.h1 import Data, InformationalResponse, Limits, PeerFault, Response, State
from hyper.h1.cycle import Step
from hyper.h1.head import Fault
from hyper.h1.limits import Limits as SameLimits
from hyper.h1.session import Session
from hyper.wire import Role
from tests.support.h1_playbook import CHUNKED_POST, GET, OK, POST, Play, get

SLOW = Limits(
    first_byte_timeout=5,
    head_timeout=10,
    idle_timeout=75,
    body_timeout=30,
    body_grace=10,
    min_body_rate=100,
    drain_timeout=1,
)


def serving() -> Play:
    return Play(Role.SERVER, limits=SLOW, connected=True)


def test_an_exchange_begins_with_nothing_of_the_last() -> None:
    session = Session(Role.SERVER, SameLimits())
    session.begin(0, 1)
    session.expects = session.keeps_alive = True
    session.upgrade = b"x"
    session.interim = session.drained = 7
    session.begin(1, 0)
    assert (session.exchange, session.method, session.minor) == (2, 1, 0)
    assert not session.expects
    assert not session.keeps_alive
    assert (session.upgrade, session.interim, session.drained) == (b"", 0, 0)


def test_a_forbidden_step_changes_nothing() -> None:
    session = Session(Role.SERVER, SameLimits())
    assert not session.step(Step.RESPONSE_HEAD)
    assert session.state.name == "IDLE"
    assert session.step(Step.REQUEST_HEAD)
    assert session.state.name == "REQUEST"


def test_a_fault_before_any_request_is_that_of_an_exchange() -> None:
    session = Session(Role.SERVER, SameLimits())
    fault = session.fail(Fault(400, "this", "that"))
    assert fault == PeerFault(1, 400, "this", "that"), "so that it can be answered"
    assert session.state is State.BROKEN
    assert session.minor == 0, "the worst is assumed of the client"


def test_a_fault_of_a_server_ends_everything() -> None:
    session = Session(Role.CLIENT, SameLimits())
    session.fail(Fault(502, "this", "that"))
    assert session.state is State.CLOSED


# -- time -------------------------------------------------------------------------------------


def test_a_client_that_says_nothing_is_left() -> None:
    play = serving()
    assert play.engine.next_timer() == play.now + 5
    play.wait(4.9)
    assert not play.engine.closed
    play.wait(0.1)
    play.expect_no_event("nobody is at fault")
    assert play.engine.may_close, "RFC 9112 §9.5: SHOULD issue a graceful close"


def test_without_a_beginning_there_is_no_limit_to_the_first_byte() -> None:
    play = Play(Role.SERVER, limits=SLOW)
    assert play.engine.next_timer() is None, "nobody has told the time"


def test_a_head_that_comes_too_slowly_is_a_fault() -> None:
    play = serving()
    for byte in GET[:12]:
        play.hear(bytes([byte]))
        play.expect_no_event("it goes on")
        play.wait(0.8)
    play.wait(0.5)
    play.expect_fault(408, because="Slowloris")
    play.ask(Response(1, 408, [], True))
    assert play.said().startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert play.engine.may_close


def test_each_head_has_its_own_time() -> None:
    play = serving()
    for number in range(1, 4):
        play.hear(GET[:10])
        play.expect_no_event("half of it")
        play.wait(9)
        play.hear(GET[10:])
        play.expect_events(get(number), because="nine seconds are enough")
        play.ask(Response(number, 204, [], True))
        play.said()


def test_a_connection_that_waits_for_a_request_waits_so_long() -> None:
    play = serving()
    play.hear(GET)
    play.told()
    assert play.engine.next_timer() is None, "it is we who are waited for"
    play.wait(1_000)
    play.ask(Response(1, 204, [], True))
    play.said()
    play.expect_no_event("no other request yet")
    assert play.engine.next_timer() == play.now + 75
    play.wait(75)
    assert play.engine.may_close


def test_without_the_time_of_the_response_the_wait_is_given_once_more() -> None:
    play = serving()
    play.hear(GET)
    play.told()
    play.now += 1_000
    play.ask(Response(1, 204, [], True))
    play.engine.data_to_send()
    play.expect_no_event("no other request yet")
    play.wait(0)
    assert not play.engine.closed, "the response may have ended a moment ago"
    assert play.engine.next_timer() == play.now + 75
    play.wait(75)
    assert play.engine.may_close


def test_content_that_stops_coming_is_a_fault() -> None:
    play = serving()
    play.hear(CHUNKED_POST)
    play.told()
    assert play.engine.next_timer() == play.now + 10
    play.hear(b"2000\r\n" + bytes(0x1000))
    play.told()
    assert play.engine.next_timer() == play.now + 30, "it has paid for thirty seconds"
    play.wait(30)
    play.expect_fault(408, because="RFC 9110 §15.5.9")
    play.expect_state(State.BROKEN, "it can be answered")


def test_content_that_drips_is_a_fault() -> None:
    play = serving()
    play.hear(CHUNKED_POST)
    play.told()
    for _ in range(5):
        play.hear(b"1\r\nx\r\n")
        play.told()
        play.wait(1.9)
    play.wait(1)
    play.expect_fault(408, because="a hundred bytes a second were the least")


def test_a_client_that_waits_for_100_is_not_late() -> None:
    play = serving()
    play.hear(POST.replace(b"Host", b"Expect: 100-continue\r\nHost"))
    play.told()
    assert play.engine.next_timer() is None, "it is we who are waited for"
    play.ask(InformationalResponse(1, 100, []))
    play.said()
    play.expect_no_event("now it may begin")
    assert play.engine.next_timer() == play.now + 10


def test_the_rest_of_a_request_is_waited_for_so_long() -> None:
    play = serving()
    play.hear(POST)
    play.told()
    play.ask(Response(1, 401, [], True))
    play.said()
    play.expect_no_event("five bytes are to come")
    assert play.engine.next_timer() == play.now + 1
    play.wait(1)
    play.expect_no_event("nobody is at fault")
    assert play.engine.may_close, "Limits.drain_timeout"


def test_what_has_come_and_was_not_looked_at_is_in_time() -> None:
    play = serving()
    play.hear(GET[:10])
    play.expect_no_event("half of it")
    play.now += 11
    play.hear(GET[10:])
    play.wait(0)
    play.expect_events(get(), because="the time it took to be looked at is ours")


def test_a_client_waits_as_long_as_its_application_likes_but_for_heads() -> None:
    play = Play(Role.CLIENT, limits=SLOW, connected=True)
    assert play.engine.next_timer() is None
    play.ask(get())
    play.said()
    play.expect_no_event("the server may think")
    assert play.engine.next_timer() is None
    play.hear(b"HTTP/1.1 200")
    play.expect_no_event("a head has begun")
    assert play.engine.next_timer() == play.now + 10
    play.wait(10)
    play.expect_fault(504, because="RFC 9110 §15.6.5")
    assert play.engine.closed


def test_a_client_puts_no_limit_to_content() -> None:
    play = Play(Role.CLIENT, limits=SLOW, connected=True)
    play.ask(get())
    play.hear(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
    assert len(play.told()) == 2
    assert play.engine.next_timer() is None, "a stream of events may be silent for hours"
    play.wait(10_000)
    play.hear(b"0\r\n\r\n")
    play.expect_events(Data(1, b"", True), because="nothing has happened meanwhile")
    play.ask(get(2))
    play.hear(OK)
    assert len(play.told()) == 1


def test_time_does_not_run_backwards() -> None:
    session = Session(Role.SERVER, SameLimits())
    session.tell(10.0)
    session.tell(5.0)
    assert session.now == 10.0
