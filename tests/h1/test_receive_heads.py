"""Heads that the peer sends, into events (RFC 9112 §3, §4, §6.3, §9.3)."""

import pytest

from hyper.h1 import (
    Data,
    EndOfInput,
    InformationalResponse,
    Leniences,
    Limits,
    PeerFault,
    Preface,
    Request,
    Response,
    State,
)
from hyper.wire import Role
from tests.support.h1_playbook import GET, HOST, OK, Play, get, post

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def serving(*, expect_preface: bool = False) -> Play:
    return Play(Role.SERVER, expect_preface=expect_preface)


def asking(*, leniences: Leniences | None = None, limits: Limits | None = None) -> Play:
    """A client that has asked for something."""
    play = Play(Role.CLIENT, leniences=leniences, limits=limits)
    play.ask(get())
    play.said()
    return play


# -- requests ---------------------------------------------------------------------------------


def test_a_request_without_content_is_complete_with_its_head() -> None:
    play = serving()
    play.hear(b"GET /a?b HTTP/1.1\r\nHost: example.org\r\nX-Two: 2\r\n\r\n")
    [request] = play.told()
    assert request == Request(
        1,
        b"GET",
        b"/a?b",
        [(b"host", b"example.org"), (b"x-two", b"2")],
        True,
        b"1.1",
        (b"Host", b"X-Two"),
    ), "names to compare in lower case, and as they were spelled"
    play.expect_state(State.AWAIT, "it is for us to answer")


def test_a_request_with_content_is_not() -> None:
    play = serving()
    play.hear(b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 2\r\n\r\nhi")
    play.expect_events(
        post(fields=[(b"content-length", b"2")]),
        Data(1, b"hi", True),
        because="content follows its head",
    )


def test_a_head_is_the_same_byte_by_byte() -> None:
    octets = b"\r\nPUT /x HTTP/1.1\r\nHost: example.org\r\nTransfer-Encoding: chunked\r\n\r\n"
    whole, pieces = serving(), serving()
    whole.hear(octets)
    assert pieces.hear_bytes(octets) == whole.told()


def test_one_empty_line_before_a_request_is_ignored_and_no_more() -> None:
    play = serving()
    play.hear(b"\r\n" + GET)
    play.expect_events(get(), because="RFC 9112 §2.2: SHOULD ignore at least one")
    for octets in (b"\r\n\r\n" + GET, b"\n" + GET, b"\r\r\n" + GET, b"\r" + GET):
        for cut in (len(octets), 1):
            play = serving()
            events = []
            for at in range(0, len(octets), cut):
                play.hear(octets[at : at + cut])
                events += play.told()
            assert len(events) == 1, octets
            assert isinstance(events[0], PeerFault), octets


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        (b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
        (
            b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 5\r\n\r\n", 400),
        (b"GET /" + b"x" * 8_192 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nb: " + b"x" * 16_384 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"b: c\r\n" * 128 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + (b"b: " + b"x" * 8_000 + b"\r\n") * 9, 431),
    ],
)
def test_a_request_that_cannot_be_taken_says_which_status_is_for_it(
    head: bytes, status: int
) -> None:
    play = serving()
    play.hear(head)
    play.expect_fault(status, because="so that the server can still answer")
    play.expect_state(State.BROKEN, "and nothing that follows is read")
    play.hear(GET)
    play.expect_no_event("RFC 9112 §9.6: MUST NOT process any further requests")
    play.ask(Response(1, status, [(b"content-length", b"0")], True))
    said = play.said()
    assert said.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close\r\n" in said, "RFC 9112 §2.2: respond and close the connection"
    assert play.engine.may_close


def test_a_request_at_every_limit_is_taken() -> None:
    target = b"/" + b"x" * (8_192 - 14)
    lines = b"b: " + b"x" * (16_384 - 3) + b"\r\n" + b"c: d\r\n" * 126
    play = serving()
    play.hear(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n")
    [request] = play.told()
    assert isinstance(request, Request)
    assert len(request.fields) == 128


def test_http_1_0_needs_no_host_and_ends_the_connection() -> None:
    play = serving()
    play.hear(b"GET / HTTP/1.0\r\n\r\n")
    play.expect_events(Request(1, b"GET", b"/", [], True, b"1.0"), because="HTTP/1.0 knew no Host")
    play.expect_state(State.AWAIT_LAST, "RFC 9112 §9.3: it will close after the response")


@pytest.mark.parametrize(
    ("version", "connection", "state"),
    [
        (b"1.1", b"", State.AWAIT),
        (b"1.1", b"keep-alive", State.AWAIT),
        (b"1.1", b"close", State.AWAIT_LAST),
        (b"1.1", b"close, keep-alive", State.AWAIT_LAST),
        (b"1.2", b"", State.AWAIT),
        (b"1.0", b"", State.AWAIT_LAST),
        (b"1.0", b"keep-alive", State.AWAIT),
        (b"1.0", b"keep-alive, close", State.AWAIT_LAST),
    ],
)
def test_whether_a_connection_persists_is_the_version_s_and_the_field_s(
    version: bytes, connection: bytes, state: State
) -> None:
    play = serving()
    play.hear(b"GET / HTTP/" + version + b"\r\nHost: a\r\nConnection: " + connection + b"\r\n\r\n")
    assert len(play.told()) == 1
    play.expect_state(state, "RFC 9112 §9.3")


def test_a_client_that_waits_for_100_is_seen() -> None:
    head = (
        b"POST / HTTP/%b\r\nHost: example.org\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"
    )
    play = serving()
    play.hear(head % b"1.1")
    assert len(play.told()) == 1
    play.expect_waiting(True, "RFC 9110 §10.1.1")
    play.hear(b"x")
    assert len(play.told()) == 1
    play.expect_waiting(False, "RFC 9110 §10.1.1: it has begun without it")
    play = serving()
    play.hear(head % b"1.0")
    assert len(play.told()) == 1
    play.expect_waiting(False, "RFC 9110 §10.1.1: MUST ignore it in HTTP/1.0")
    play = serving()
    play.hear(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")
    assert len(play.told()) == 1
    play.expect_waiting(False, "there is no content to wait with")


def test_the_last_of_many_requests_ends_the_connection() -> None:
    play = Play(Role.SERVER, limits=Limits(max_requests=2))
    play.hear(GET)
    play.told()
    play.ask(Response(1, 204, [], True))
    assert b"close" not in play.said()
    play.hear(GET)
    play.told()
    play.ask(Response(2, 204, [], True))
    assert b"Connection: close\r\n" in play.said()
    assert play.engine.may_close


def test_the_preface_of_http_2_is_handed_over_where_it_is_expected() -> None:
    for cut in range(len(PREFACE) + 1):
        play = serving(expect_preface=True)
        play.hear(PREFACE[:cut] or b"P")
        events = play.told()
        play.hear(PREFACE[cut or 1 :] + b"more")
        events += play.told()
        assert events == [Preface()], "RFC 9113 §3.4"
        play.expect_state(State.SWITCHED, "what follows is not HTTP/1.1")
        assert play.engine.trailing_data() == PREFACE + b"more", "from its first byte"


@pytest.mark.parametrize(
    ("octets", "expects"),
    [
        (PREFACE, False),
        (b"\r\n" + PREFACE, True),
        (b"PRI * HTTP/2.0\r\nHost: a\r\n\r\n", True),
        (b"PRI / HTTP/2.0\r\n\r\n", True),
    ],
)
def test_the_preface_is_a_fault_where_it_is_not(octets: bytes, expects: bool) -> None:
    for cut in range(1, len(octets)):
        play = serving(expect_preface=expects)
        play.hear(octets[:cut])
        events = play.told()
        play.hear(octets[cut:])
        events += play.told()
        assert len(events) == 1, cut
        assert isinstance(events[0], PeerFault)
        assert events[0].status == 505, "RFC 9110 §15.6.6"


def test_a_preface_behind_an_exchange_is_a_fault() -> None:
    play = serving(expect_preface=True)
    play.hear(GET)
    play.told()
    play.ask(Response(1, 204, [], True))
    play.hear(PREFACE)
    play.expect_fault(505, 2, because="the connection speaks HTTP/1.1 already")


# -- responses --------------------------------------------------------------------------------


def test_a_response_says_what_only_this_version_has() -> None:
    play = asking()
    play.hear(b"HTTP/1.0 404 Nowhere to be found\r\nX-A: b\r\nContent-Length: 0\r\n\r\n")
    [response] = play.told()
    assert response == Response(
        1,
        404,
        [(b"x-a", b"b"), (b"content-length", b"0")],
        True,
        b"Nowhere to be found",
        b"1.0",
        (b"X-A", b"Content-Length"),
    )
    assert play.engine.peer_version == b"1.0"


def test_interim_responses_come_before_the_final_one() -> None:
    play = asking()
    play.hear(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK)
    play.expect_events(
        InformationalResponse(1, 103, [(b"link", b"</a>")], b"Early Hints"),
        InformationalResponse(1, 102, [], b"Processing"),
        Response(1, 200, [(b"content-length", b"0")], True, b"OK"),
        because="RFC 9110 §15.2: a client MUST be able to parse one or more",
    )


def test_interim_responses_without_end_are_cut_off() -> None:
    play = asking(limits=Limits(max_interim=3))
    play.hear(b"HTTP/1.1 102 Processing\r\n\r\n" * 4)
    events = play.told()
    assert len(events) == 4
    assert isinstance(events[3], PeerFault)
    assert play.engine.closed


@pytest.mark.parametrize(
    ("head", "ends", "state"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", False, State.RESPONSE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", False, State.RESPONSE),
        (b"HTTP/1.1 200 OK\r\n\r\n", False, State.RESPONSE_LAST),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True, State.IDLE),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True, State.IDLE),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", True, State.IDLE),
        (b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", True, State.MUST_CLOSE),
        (b"HTTP/1.0 204 No Content\r\n\r\n", True, State.MUST_CLOSE),
        (b"HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n", True, State.IDLE),
        (
            b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n",
            False,
            State.RESPONSE,
        ),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", False, State.RESPONSE_LAST),
    ],
)
def test_where_a_response_ends_and_whether_another_may_follow(
    head: bytes, ends: bool, state: State
) -> None:
    play = asking()
    play.hear(head)
    [response] = play.told()
    assert isinstance(response, Response)
    assert response.end_stream is ends, "RFC 9112 §6.3"
    play.expect_state(state, "RFC 9112 §9.3")


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        b"HTTP/1.1 200 OK\nA: b\n\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"<html>",
        b"HTTP/1.1 200 OK\r\na: " + b"x" * 20_000,
    ],
)
def test_a_response_that_cannot_be_taken_ends_the_connection(head: bytes) -> None:
    play = asking()
    play.hear(head)
    play.expect_fault(502, because="RFC 9112 §6.3: MUST close and discard the response")
    play.expect_state(State.CLOSED, "there is nothing to say to a server that is at fault")
    play.hear(OK)
    play.expect_no_event("nor to hear")


def test_a_response_to_head_has_no_content_whatever_it_says() -> None:
    for fields in (b"Content-Length: 5", b"Transfer-Encoding: chunked", b"X: y"):
        play = Play(Role.CLIENT)
        play.ask(Request(1, b"HEAD", b"/", [HOST], True))
        play.hear(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n")
        [response] = play.told()
        assert isinstance(response, Response)
        assert response.end_stream, "RFC 9112 §6.3, rule 1: regardless of the header fields"
        play.expect_state(State.IDLE, "and another request may follow")


@pytest.mark.parametrize(
    "fields",
    [b"Content-Length: 1, 2", b"Content-Length: 1\r\nTransfer-Encoding: chunked"],
)
def test_framing_that_no_message_could_have_is_refused_even_where_it_frames_nothing(
    fields: bytes,
) -> None:
    play = Play(Role.CLIENT)
    play.ask(Request(1, b"HEAD", b"/", [HOST], True))
    play.hear(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n")
    play.expect_fault(502, because="RFC 9110 §8.6: whoever passes it on MUST NOT pass that on")


def test_a_2xx_to_connect_makes_a_tunnel() -> None:
    for status in (b"200 OK", b"204 No Content"):
        play = Play(Role.CLIENT)
        play.ask(Request(1, b"CONNECT", b"a:1", [(b"host", b"a:1")], True))
        play.said()
        play.hear(b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\nraw \x00bytes")
        [response] = play.told()
        assert isinstance(response, Response)
        assert response.end_stream, "RFC 9110 §9.3.6: MUST ignore any Content-Length"
        play.expect_state(State.SWITCHED, "RFC 9112 §6.3, rule 2")
        assert play.engine.trailing_data() == b"raw \x00bytes"
        play.hear(b"more")
        play.expect_no_event("the bytes are the tunnel's")
        assert play.engine.trailing_data() == b"more"
        assert play.engine.trailing_data() == b"", "what was taken is taken"


def test_another_answer_to_connect_is_a_response_like_any() -> None:
    play = Play(Role.CLIENT)
    play.ask(Request(1, b"CONNECT", b"a:1", [(b"host", b"a:1")], True))
    play.hear(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno")
    assert len(play.told()) == 2
    play.expect_state(State.IDLE, "RFC 9110 §9.3.6: the tunnel has not been formed")


def test_101_switches_to_what_was_offered() -> None:
    play = Play(Role.CLIENT)
    play.ask(get(fields=[(b"upgrade", b"websocket, x"), (b"connection", b"upgrade")]))
    play.hear(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
        b"Connection: upgrade\r\n\r\n\x81\x00"
    )
    [response] = play.told()
    assert isinstance(response, InformationalResponse)
    play.expect_state(State.SWITCHED, "RFC 9110 §15.2.2")
    assert play.engine.trailing_data() == b"\x81\x00"


@pytest.mark.parametrize("chosen", [b"h2c", b"websocket, h2c"])
def test_101_to_what_was_not_offered_is_a_fault(chosen: bytes) -> None:
    play = Play(Role.CLIENT)
    play.ask(get(fields=[(b"upgrade", b"websocket"), (b"connection", b"upgrade")]))
    play.hear(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + chosen + b"\r\n\r\n")
    play.expect_fault(502, because="RFC 9110 §7.8: MUST NOT switch to a protocol not indicated")


def test_101_within_the_request_is_a_fault() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"upgrade", b"websocket"), (b"connection", b"upgrade")]))
    play.hear(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
    play.expect_fault(502, because="RFC 9110 §7.8: not in the middle of a message")


def test_an_empty_line_between_responses_is_discarded() -> None:
    play = asking()
    play.hear(OK + b"\r\n")
    assert len(play.told()) == 1
    play.ask(get(2))
    play.hear(OK)
    assert len(play.told()) == 1, "RFC 9112 §9.2: one or more CRLF can be discarded"


def test_bytes_that_nobody_asked_for_are_no_response() -> None:
    for octets in (OK, b"x", b"\n", b"\r\n\r\n"):
        play = asking()
        play.hear(OK)
        play.told()
        play.hear(octets)
        play.expect_fault(502, because="RFC 9112 §9.2: MUST NOT consider that data a response")


# -- leniences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\nA: b\nContent-Length: 2\n\n",
        b"HTTP/1.1 200 OK\r\nA: b\nContent-Length: 2\r\n\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\n",
        b"\nHTTP/1.1 200 OK\nA: b\nContent-Length: 2\n\r\n",
        b"\r\nHTTP/1.1 200 OK\nA: b\nContent-Length: 2\n\r\n",
    ],
)
def test_lf_alone_ends_a_line_where_that_is_let(head: bytes) -> None:
    for cut in (1, 3, len(head) + 2):
        play = asking(leniences=Leniences(bare_lf=True))
        octets = head + b"hi"
        events = []
        for at in range(0, len(octets), cut):
            play.hear(octets[at : at + cut])
            events += play.told()
        assert events[0] == Response(
            1,
            200,
            [(b"a", b"b"), (b"content-length", b"2")],
            False,
            b"OK",
            b"1.1",
            (b"A", b"Content-Length"),
        )
        content = b"".join([event.data for event in events if isinstance(event, Data)])
        assert content == b"hi"


def test_a_bare_cr_does_not_pass_with_lf() -> None:
    for head in (b"HTTP/1.1 200 OK\nA: b\r\r\n\n", b"HTTP/1.1 200 OK\nA: b\rc\n\n"):
        play = asking(leniences=Leniences(bare_lf=True))
        play.hear(head)
        play.expect_fault(502, because="RFC 9112 §2.2: MUST consider it invalid")


def test_folded_lines_are_joined_where_that_is_let() -> None:
    play = asking(leniences=Leniences(unfold=True))
    play.hear(b"HTTP/1.1 200 OK\r\nA: b \r\n \t c\r\n\td\r\nContent-Length: 0\r\n\r\n")
    play.expect_events(
        Response(1, 200, [(b"a", b"b c d"), (b"content-length", b"0")], True, b"OK"),
        because="RFC 9112 §5.2: a user agent MUST replace each with one or more SP",
    )


def test_a_fold_before_the_first_field_is_refused_all_the_same() -> None:
    play = asking(leniences=Leniences(unfold=True))
    play.hear(b"HTTP/1.1 200 OK\r\n A: b\r\n\r\n")
    play.expect_fault(502, because="RFC 9112 §2.2: white space before the first field line")


def test_both_leniences_go_together() -> None:
    play = asking(leniences=Leniences(unfold=True, bare_lf=True))
    play.hear(b"HTTP/1.1 204 OK\nA: b\n c\n\n")
    play.expect_events(
        Response(1, 204, [(b"a", b"b c")], True, b"OK"), because="one after the other"
    )


def test_a_coding_overrides_a_length_where_that_is_let_and_closes() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
    play = asking(leniences=Leniences(coding_over_length=True))
    play.hear(head + b"2\r\nhi\r\n0\r\n\r\n")
    _, data = play.told()
    assert data == Data(1, b"hi", True), "RFC 9112 §6.3, rule 3"
    play.expect_state(State.MUST_CLOSE, "nobody knows what the length was for")


def test_servers_have_none_of_the_leniences_of_clients() -> None:
    lenient = Leniences(bare_lf=True, unfold=True, coding_over_length=True)
    for octets in (
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ):
        play = Play(Role.SERVER, leniences=lenient)
        play.hear(octets)
        assert any(isinstance(event, PeerFault) for event in play.told()), octets


def test_an_end_before_the_head_is_whole_is_no_clean_one() -> None:
    play = serving()
    play.hear(GET[:20])
    play.hear_the_end()
    play.expect_events(EndOfInput(clean=False), because="it cut a message short")
    play.expect_state(State.CLOSED, "nobody is there to be answered")
