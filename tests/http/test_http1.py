"""HTTP/1.1 with the face of HTTP/2: what only this version has, and what it has not."""

import random

import pytest

from hyper import h1, h2
from hyper.frame import ErrorCode
from hyper.h2 import Data, EndOfInput, InformationalResponse, Request, Reset, Response, Trailers
from hyper.http import Http1Connection, Version
from hyper.wire import LocalProtocolError, Role
from tests.support.counted import lines_run
from tests.support.http_pair import GET, OK, POST, client, events, server, tell

ASKED = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
POSTED = b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: %d\r\n\r\n"


def answer(engine: Http1Connection, stream_id: int, content: bytes = b"ok") -> bytes:
    """What a server sends for a whole response."""
    engine.send(Response(stream_id, (*OK, (b"content-length", b"%d" % len(content)))))
    engine.send(Data(stream_id, content, True))
    return engine.data_to_send()


# -- one exchange at a time ----------------------------------------------------------------------


def test_requests_that_came_together_are_told_one_after_the_other() -> None:
    engine = server()
    assert [event.stream_id for event in tell(engine, ASKED * 3) if isinstance(event, Request)] == [
        1
    ], "RFC 9112 §9.3.2: answers go in the order of the questions"
    assert not engine.wants_input, "and a client that sends more is held back meanwhile"
    for number in (1, 2, 3):
        assert answer(engine, number).endswith(b"\r\n\r\nok"), "each has its answer"
        told = [event.stream_id for event in events(engine) if isinstance(event, Request)]
        assert told == ([number + 1] if number < 3 else []), "and then the next is told"
    assert engine.wants_input, "nothing waits any more"


def test_requests_that_are_asked_for_together_go_one_after_the_other() -> None:
    engine = client()
    for number in (1, 2, 3):
        assert engine.can_open, "as many as one likes"
        assert engine.next_stream_id() == number
        engine.send(Request(number, (*GET[:3], (b":path", b"/%d" % number)), True))
    assert engine.open_streams == 3, "those that wait are open"
    for number in (1, 2, 3):
        said = engine.data_to_send()
        assert said.startswith(b"GET /%d HTTP/1.1\r\n" % number), "its turn has come"
        assert said.count(b"HTTP/1.1") == 1, "and no other's: there is no pipelining"
        told = tell(engine, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % number)
        assert told[-1] == Data(number, b"%d" % number, True), "to the one that asked"
    assert engine.open_streams == 0, "all are over"


def test_content_waits_for_its_turn_with_its_head() -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    first = engine.data_to_send()
    engine.send(Request(2, POST))
    engine.send(Data(2, b"abc"))
    engine.send(Trailers(2, [(b"x-sum", b"1")]))
    assert engine.pending(2) == 3, "what somebody has to hold"
    assert engine.data_to_send() == b"", "not yet"
    assert first.startswith(b"GET"), "this one comes first"
    tell(engine, b"HTTP/1.1 204 No Content\r\n\r\n")
    said = engine.data_to_send()
    assert said.startswith(b"POST / HTTP/1.1\r\n"), "now"
    assert said.endswith(b"3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"), "chunks, and trailers behind them"


def test_an_upload_that_waits_is_asked_for_more_when_it_has_gone() -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    engine.send(Request(2, POST))
    engine.send(Data(2, bytes(70_000)))
    engine.data_to_send()
    assert engine.pending(2) > 65_536, "above the mark: its writer waits"
    tell(engine, b"HTTP/1.1 204 No Content\r\n\r\n")
    engine.data_to_send()
    assert engine.next_event() == h2.Writable(2), "and is woken when it has gone"


def test_which_requests_wait_can_be_seen() -> None:
    engine = client()
    for number in (1, 2):
        engine.send(Request(number, GET, True))
    assert [engine.waits(number) for number in (1, 2, 3)] == [False, True, False]
    engine.data_to_send()
    tell(engine, b"HTTP/1.1 204 No Content\r\n\r\n")
    assert not engine.waits(2), "its turn has come"


def test_a_question_about_a_request_costs_the_same_however_many_wait() -> None:
    def cost(size: int) -> int:
        engine = client()
        for number in range(1, size + 1):
            engine.send(Request(number, GET, True))

        def work() -> None:
            for number in range(size - 9, size + 1):
                assert engine.waits(number), "it does"
                engine.pending(number)
                engine.send(Reset(number, ErrorCode.CANCEL))

        return lines_run(work)

    assert cost(1_000) == cost(20), "they are found by number"


def test_a_request_that_waits_can_be_taken_back() -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    engine.send(Request(2, GET, True))
    engine.send(Reset(2))
    engine.data_to_send()
    tell(engine, b"HTTP/1.1 204 No Content\r\n\r\n")
    assert engine.data_to_send() == b"", "it was never sent"
    assert engine.can_open, "and has cost the connection nothing"


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"",
        b"nonsense\r\n\r\n",
    ],
    ids=["close", "end of input", "a fault"],
)
def test_what_waits_is_refused_when_the_connection_ends(said: bytes) -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    engine.send(Request(2, GET, True))
    engine.data_to_send()
    refused = [event for event in tell(engine, said) if isinstance(event, Reset) if event.retryable]
    assert refused == [Reset(2, ErrorCode.REFUSED_STREAM)], "it may be asked elsewhere"
    assert not engine.can_open, "here nothing more can be asked"
    with pytest.raises(LocalProtocolError):
        engine.send(Request(3, GET, True))


# -- content, and holding back -------------------------------------------------------------------


def test_reading_stops_when_nobody_takes_the_content() -> None:
    engine = server(window=10_000)
    tell(engine, POSTED % 50_000)
    taken = 0
    while engine.wants_input:
        taken += sum(
            [len(event.data) for event in tell(engine, bytes(3_000)) if isinstance(event, Data)]
        )
    assert taken == 12_000, "as soon as a window is full"
    engine.consume(1, 2_000)
    assert not engine.wants_input, "it is full still"
    engine.consume(1, 1)
    assert engine.wants_input, "now there is room"


def test_the_time_in_which_a_client_is_held_back_does_not_count() -> None:
    limits = h1.Limits(body_grace=10.0, body_timeout=10.0, idle_timeout=10.0)
    engine = server(limits, window=1_000)
    tell(engine, POSTED % 50_000, 0.0)
    tell(engine, bytes(1_000), 1.0)
    assert engine.next_timer() is None, "we do not read: the client is not late"
    engine.handle_timer(500.0)
    assert events(engine) == [], "however long that takes"
    engine.consume(1, 1_000)
    engine.data_to_send(None, 1_000.0)
    due = engine.next_timer()
    assert due is not None, "from now on it is waited for again"
    assert 1_000.0 < due <= 1_010.0, "and has as long as anybody"
    engine.handle_timer(due)
    fault = events(engine)[0]
    assert isinstance(fault, h1.PeerFault), "then it is late"
    assert fault.status == 408, "RFC 9110 §15.5.9"


def test_a_request_that_nobody_reads_is_read_to_its_end_for_the_sake_of_the_next() -> None:
    engine = server()
    tell(engine, POSTED % 10 + b"12345")
    answer(engine, 1)
    engine.send(Reset(1, ErrorCode.NO_ERROR))
    assert not engine.closed, "RFC 9112 §9.3: the entire request is read"
    told = tell(engine, b"67890" + ASKED)
    assert [type(event) for event in told] == [Request], "content that nobody wants is not told"
    assert answer(engine, 2).startswith(b"HTTP/1.1 200 "), "and the connection goes on"


def test_a_request_that_nobody_reads_and_has_much_left_ends_the_connection() -> None:
    engine = server(h1.Limits(max_drain=1_000))
    tell(engine, POSTED % 10_000_000)
    answer(engine, 1)
    engine.send(Reset(1, ErrorCode.NO_ERROR))
    tell(engine, bytes(1_001))
    assert engine.closed, "RFC 9112 §9.3: or the connection is closed"
    assert engine.may_close, "the answer has gone"


def test_trailers_are_dropped_where_a_length_was_announced() -> None:
    engine = server()
    tell(engine, ASKED)
    engine.send(Response(1, (*OK, (b"content-length", b"2"))))
    engine.send(Data(1, b"ok"))
    engine.send(Trailers(1, [(b"x-sum", b"1")]))
    assert engine.data_to_send().endswith(b"\r\n\r\nok"), "RFC 9112 §7.1.2: chunks alone have room"
    assert engine.wants_input, "the message is whole: the next request may come"


def test_answers_that_nobody_takes_do_not_pile_up() -> None:
    engine = server()
    tell(engine, ASKED * 2)
    answer(engine, 1, b"")  # taken
    told = events(engine)
    assert len(told) == 1, "the second"
    engine.send(Response(2, (*OK, (b"content-length", b"100000"))))
    engine.send(Data(2, bytes(100_000), True))
    assert tell(engine, ASKED) == [], "there is enough to be read before the next answer"
    assert not engine.wants_input, "and who does not read is not read either"
    assert engine.next_timer() is None, "however long that takes"
    assert len(engine.data_to_send(90_000)) == 90_000, "when it has gone"
    assert [type(event) for event in events(engine)] == [Request], "the next is told"


# -- other clients -------------------------------------------------------------------------------


def test_a_client_of_http_1_0_gets_what_it_understands() -> None:
    engine = server()
    told = tell(engine, b"GET / HTTP/1.0\r\n\r\n")
    assert isinstance(told[0], Request), "without a Host, which it does not know"
    assert engine.peer_version == b"1.0", "for the log"
    engine.send(InformationalResponse(1, [(b":status", b"103")]))
    assert engine.data_to_send() == b"", "RFC 9110 §15.2: MUST NOT send 1xx to such a client"
    engine.send(Response(1, OK))
    engine.send(Data(1, b"ok"))
    engine.send(Data(1, b"", True))
    said = engine.data_to_send()
    assert b"chunked" not in said, "RFC 9112 §6.1: MUST NOT be sent to such a client"
    assert said.endswith(b"\r\n\r\nok"), "the end of the connection ends it"
    assert engine.may_close, "so it has to end"


def test_a_client_that_has_said_its_last_word_gets_its_answer() -> None:
    engine = server()
    tell(engine, ASKED)
    assert tell(engine, b"") == [EndOfInput(True)], "nothing was cut short"
    assert engine.open_streams == 1, "RFC 9112 §9.6: it listens still"
    assert answer(engine, 1).startswith(b"HTTP/1.1 200 "), "and is answered"
    assert engine.may_close, "then it is over"


def test_a_client_that_waits_is_told_to_go_on() -> None:
    engine = server()
    head = (POSTED % 2).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    tell(engine, head)
    waits = engine.expects_continue
    assert waits, "RFC 9110 §10.1.1: it sends nothing before"
    engine.send(InformationalResponse(1, [(b":status", b"100")]))
    assert engine.data_to_send() == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert not engine.expects_continue, "once is enough"
    assert tell(engine, b"hi") == [Data(1, b"hi", True)], "and it sends"


# -- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x: 1\r\n" * 200 + b"\r\n", 431),
        (POSTED.replace(b"%d", b"+1"), 400),
        (POSTED % 1 + b"aGET", 400),
    ],
    ids=["no request", "no host", "version", "line", "fields", "length", "behind the content"],
)
def test_a_fault_is_answered_by_the_engine_and_told(said: bytes, status: int) -> None:
    engine = server()
    told = tell(engine, said)
    if isinstance(told[0], Request):
        assert answer(engine, 1), "what was right is answered first"
        told = tell(engine, b" nonsense\r\n\r\n")
    fault = told[-1]
    assert isinstance(fault, h1.PeerFault), "in the words of HTTP/1.1, which has status codes"
    assert fault.status == status
    head, _, content = engine.data_to_send().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), "RFC 9112 §2.2, §3: the status for it"
    assert b"connection: close" in head.lower(), "RFC 9112 §9.6: and the last"
    assert content.startswith(b"expected "), "what was expected and what came"
    assert engine.may_close, "then it is over"


def test_a_fault_behind_a_response_that_has_begun_cuts_it_off() -> None:
    engine = server()
    tell(engine, POSTED.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked"))
    engine.send(Response(1, OK))
    engine.send(Data(1, b"so far"))
    assert isinstance(tell(engine, b"nonsense\r\n")[-1], h1.PeerFault), "no size of a chunk"
    said = engine.data_to_send()
    assert said.endswith(b"6\r\nso far\r\n"), "no second head in the middle of the first's content"
    assert engine.may_close, "RFC 9112 §8: the client sees that the end is missing"


def test_a_request_that_is_cut_short_is_answered_and_told() -> None:
    engine = server()
    tell(engine, POSTED % 10 + b"123")
    told = tell(engine, b"")
    assert told == [Reset(1, ErrorCode.CANCEL), EndOfInput(False)], "whoever works on it hears"
    assert engine.data_to_send().startswith(b"HTTP/1.1 400 "), "RFC 9112 §8: MAY be answered"
    assert engine.may_close, "it is over"


def test_a_slow_head_is_answered_in_time() -> None:
    engine = server(h1.Limits(head_timeout=10.0))
    tell(engine, ASKED[:10], 1.0)
    due = engine.next_timer()
    assert due == 11.0, "from its first byte (Slowloris)"
    engine.handle_timer(due)
    assert isinstance(events(engine)[0], h1.PeerFault), "it is late"
    assert engine.data_to_send().startswith(b"HTTP/1.1 408 "), "RFC 9110 §15.5.9"


def test_a_limit_that_is_never_is_no_timer() -> None:
    never = float("inf")
    engine = Http1Connection(Role.SERVER, limits=h1.Limits(first_byte_timeout=never), now=0.0)
    events(engine)
    assert engine.next_timer() is None, "infinity is a time that nobody can wait until"


def test_a_response_that_is_cut_short_is_told() -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    engine.data_to_send()
    tell(engine, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
    assert tell(engine, b"") == [Reset(1, ErrorCode.CANCEL), EndOfInput(False)], "RFC 9112 §8"
    assert engine.closed, "and it is over"


def test_a_server_that_wants_no_more_is_heard_out() -> None:
    engine = client()
    engine.send(Request(1, POST))
    engine.send(Data(1, b"so far"))
    engine.data_to_send()
    refused = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    told = tell(engine, refused)
    assert told == [
        Response(1, [(b":status", b"413"), (b"content-length", b"0")], True),
        Reset(1, ErrorCode.NO_ERROR),
    ], "its answer, and that nobody wants the rest"
    with pytest.raises(LocalProtocolError):
        engine.send(Data(1, b"more"))


def test_a_server_of_http_1_0_gets_no_chunks() -> None:
    engine = client()
    engine.send(Request(1, GET, True))
    engine.data_to_send()
    engine.send(Request(2, POST))
    engine.send(Data(2, b"a", True))
    old = b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"
    told = tell(engine, old)
    assert told[-1] in (
        Reset(2, ErrorCode.HTTP_1_1_REQUIRED),
        Reset(2, ErrorCode.REFUSED_STREAM),
    ), "RFC 9112 §6.1: MUST NOT be sent unless the server knows HTTP/1.1"
    assert b"chunked" not in engine.data_to_send(), "nothing of it was said"


# -- ending it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_to_end_one_exchange_is_to_end_the_connection(role: Role) -> None:
    engine = Http1Connection(role)
    if role is Role.CLIENT:
        engine.send(Request(1, GET, True))
    else:
        tell(engine, ASKED)
        engine.send(Response(1, OK))
    engine.send(Reset(1))
    assert engine.closed, "RFC 9112 §9.6: there is no other way"
    assert engine.data_to_send() == b"", "what was queued is dropped, as in HTTP/2"
    assert tell(engine, ASKED) == [], "and what comes is not listened to"
    engine.send(Reset(1))  # once more does nothing


def test_leaving_ends_an_idle_connection_at_once() -> None:
    engine = server()
    tell(engine, ASKED)
    answer(engine, 1)
    engine.shut_down()
    assert engine.may_close, "nothing is under way"


def test_leaving_says_so_in_the_response_that_is_under_way() -> None:
    engine = server()
    tell(engine, ASKED)
    engine.shut_down(1.0)
    assert b"connection: close" in answer(engine, 1).lower(), "RFC 9112 §9.6"
    assert engine.may_close, "it was the last"


# -- tunnels -------------------------------------------------------------------------------------


def test_a_tunnel_carries_whatever_it_is_given() -> None:
    near, far = client(), server()
    near.send(Request(1, [(b":method", b"CONNECT"), (b":authority", b"example.org:443")]))
    told = tell(far, near.data_to_send())
    assert isinstance(told[0], Request), "RFC 9110 §9.3.6"
    assert not told[0].end_stream, "what follows is the tunnel's"
    with pytest.raises(LocalProtocolError):
        near.send(Data(1, b"too early"))
    far.send(Response(1, OK))
    far.send(Data(1, b"from afar"))
    assert tell(near, far.data_to_send())[1:] == [Data(1, b"from afar")], "behind the head"
    near.send(Data(1, b"\x16\x03\x01"))
    assert tell(far, near.data_to_send()) == [Data(1, b"\x16\x03\x01")], "bytes, and no framing"
    assert far.next_timer() is None, "a tunnel may be silent"
    assert tell(near, b"")[:1] == [Data(1, b"", True)], "the end of one is the end of the other"


# -- what HTTP/1.1 has not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "event", [h2.Ping(b"12345678"), h2.Settings([(3, 1)]), h2.GoAway(0), h2.PushPromise(1, 2, GET)]
)
def test_what_http_1_1_cannot_say_is_refused(event: h2.Sendable) -> None:
    engine = server()
    with pytest.raises(LocalProtocolError, match=f"HTTP/1.1 has no {type(event).__name__}"):
        engine.send(event)


def test_wrong_calls_change_nothing() -> None:
    engine = server()
    tell(engine, ASKED)
    for event in (
        Response(2, OK, True),
        Data(1, b"before its head"),
        Data(7, b""),
        Trailers(1, [(b"x", b"1")]),
        Response(1, (*OK, (b"x", b"a\r\nb")), True),
        Reset(9),
    ):
        with pytest.raises(LocalProtocolError):
            engine.send(event)
    assert engine.data_to_send() == b"", "nothing was said"
    assert answer(engine, 1).startswith(b"HTTP/1.1 200 OK\r\n"), "and everything can be"
    with pytest.raises(LocalProtocolError):
        engine.send(Data(1, b"behind its end"))


def test_looks_tell_what_goes_over_the_wire() -> None:
    engine = client()
    assert engine.version is Version.HTTP_1_1
    assert engine.role is Role.CLIENT
    assert (engine.reason, engine.peer_version) == (b"", b""), "nothing has come yet"
    engine.send(Request(1, GET, True))
    engine.data_to_send()
    tell(engine, b"HTTP/1.0 404 Nothing To See\r\n\r\n")
    assert engine.reason == b"Nothing To See", "only this version has it"
    assert engine.peer_version == b"1.0", "what the server speaks"


# -- many schedules ------------------------------------------------------------------------------


def test_content_arrives_whole_whatever_the_schedule() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        near, far = client(), server(window=5_000)
        sent = {number: chance.randbytes(chance.randrange(30_000)) for number in (1, 2, 3)}
        heard: dict[int, bytes] = dict.fromkeys(sent, b"")
        for number, content in sent.items():
            near.send(Request(number, POST))
            half = chance.randrange(len(content) + 1)
            near.send(Data(number, content[:half]))
            near.send(Data(number, content[half:], True))
        held = most = 0
        wire = back = b""
        while near.open_streams:
            wire += near.data_to_send(chance.choice([1, 100, 10_000]))
            if wire and far.wants_input:
                size = chance.randrange(1, 3_000)
                far.receive_data(wire[:size], 0.0)
                wire = wire[size:]
            for event in events(far):
                if isinstance(event, Data):
                    heard[event.stream_id] += event.data
                    held += len(event.data)
                    most = max(most, held)
                if isinstance(event, Data | Request) and event.end_stream:
                    far.send(Response(event.stream_id, (*OK, (b"content-length", b"0")), True))
            if held and chance.random() < 0.5:
                far.consume(1, held)
                held = 0
            back += far.data_to_send()
            if back:
                near.receive_data(back[:7], 0.0)
                back = back[7:]
                events(near)
        assert heard == sent, f"seed {seed}: to the last byte"
        assert most < 5_000 + 3_000, f"seed {seed}: a window, and one piece that was on its way"


# -- what must not look like the end -------------------------------------------------------------


def must_abort(engine: Http1Connection) -> bool:
    """A call, so that it is asked anew each time."""
    return engine.must_abort


def test_a_response_to_http_1_0_that_is_reset_ends_in_an_abort() -> None:
    engine = server()
    tell(engine, b"GET / HTTP/1.0\r\n\r\n")
    engine.send(Response(1, OK))
    engine.send(Data(1, b"half"))
    engine.data_to_send()
    engine.send(Reset(1, ErrorCode.CANCEL))
    assert engine.may_close, "there is nothing more to say"
    assert must_abort(engine), "RFC 9112 §8: in order, half of it would be the whole"


def test_a_tunnel_that_is_reset_ends_in_an_abort() -> None:
    for code in ErrorCode.CONNECT_ERROR, ErrorCode.NO_ERROR:
        engine = server()
        tell(engine, b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        engine.send(Response(1, OK))
        assert not must_abort(engine), "a tunnel may end as it likes"
        engine.send(Reset(1, code))
        assert must_abort(engine), "as a TCP connection that breaks (RFC 9113 §8.5)"


def test_a_response_that_is_complete_needs_no_abort() -> None:
    engine = server()
    tell(engine, b"GET / HTTP/1.0\r\n\r\n")
    engine.send(Response(1, OK))
    engine.send(Data(1, b"all", True))
    engine.data_to_send()
    assert engine.may_close, "the end of the connection is its end"
    assert not must_abort(engine), "and a client may see that in peace"
