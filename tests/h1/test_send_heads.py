"""Heads that the caller wants said, into bytes (RFC 9112 §3, §4, §6, §9)."""

import pytest

from hyper.h1 import Data, InformationalResponse, Limits, Request, Response, State
from hyper.wire import Field, Role
from tests.support.h1_playbook import GET, HOST, OK, POST, Play, get, post


def asked(head: bytes = GET, limits: Limits | None = None) -> Play:
    """A server that was asked for something."""
    play = Play(Role.SERVER, limits=limits)
    play.hear(head)
    play.told()
    return play


def request(method: bytes, target: bytes, *fields: Field, ends: bool = True) -> Request:
    return Request(1, method, target, [HOST, *fields], ends)


# -- requests ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "octets"),
    [
        (get(), b"GET / HTTP/1.1\r\nhost: example.org\r\n\r\n"),
        (
            Request(1, b"GET", b"/", [HOST, (b"dnt", b"1")], True, b"1.0", (b"Host", b"DNT")),
            b"GET / HTTP/1.1\r\nHost: example.org\r\nDNT: 1\r\n\r\n",
        ),
        (
            request(b"POST", b"/"),
            b"POST / HTTP/1.1\r\nhost: example.org\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            request(b"POST", b"/", (b"content-length", b"0")),
            b"POST / HTTP/1.1\r\nhost: example.org\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            request(b"POST", b"/", (b"content-length", b"5"), ends=False),
            b"POST / HTTP/1.1\r\nhost: example.org\r\ncontent-length: 5\r\n\r\n",
        ),
        (
            request(b"POST", b"/", ends=False),
            b"POST / HTTP/1.1\r\nhost: example.org\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        (
            request(b"POST", b"/", (b"transfer-encoding", b"Chunked"), ends=False),
            b"POST / HTTP/1.1\r\nhost: example.org\r\ntransfer-encoding: Chunked\r\n\r\n",
        ),
        (
            request(b"PUT", b"/", (b"transfer-encoding", b"chunked")),
            b"PUT / HTTP/1.1\r\nhost: example.org\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (request(b"DELETE", b"/x"), b"DELETE /x HTTP/1.1\r\nhost: example.org\r\n\r\n"),
        (request(b"OPTIONS", b"*"), b"OPTIONS * HTTP/1.1\r\nhost: example.org\r\n\r\n"),
        (
            request(b"CONNECT", b"example.org:443"),
            b"CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n",
        ),
        (
            request(b"GET", b"http://example.org:80/x"),
            b"GET http://example.org:80/x HTTP/1.1\r\nhost: example.org\r\n\r\n",
        ),
    ],
)
def test_a_request_gets_the_framing_it_needs(event: Request, octets: bytes) -> None:
    play = Play(Role.CLIENT)
    play.ask(event)
    play.expect_octets(octets, because="RFC 9112 §3, §6; always in our own version, §2.3")


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (Request(1, b"G T", b"/", [HOST], True), "token"),
        (Request(1, b"", b"/", [HOST], True), "token"),
        (Request(1, b"GET\r\n", b"/", [HOST], True), "token"),
        (Request(1, b"GET", b"/ HTTP/1.1\r\nX: y\r\n\r\n", [HOST], True), "request-target"),
        (Request(1, b"GET", b"/\n", [HOST], True), "request-target"),
        (Request(1, b"GET", b"", [HOST], True), "request-target"),
        (Request(1, b"GET", b"a", [HOST], True), "request-target"),
        (Request(1, b"GET", b"/#top", [HOST], True), "request-target"),
        (Request(1, b"GET", b"*", [HOST], True), "OPTIONS"),
        (Request(1, b"CONNECT", b"a", [HOST], True), "host and port"),
        (Request(1, b"GET", b"/", [], True), "no Host"),
        (Request(1, b"GET", b"/", [HOST, HOST], True), "more than one Host"),
        (Request(1, b"GET", b"/", [(b"host", b"a b")], True), "no host and port"),
        (Request(1, b"GET", b"http://other/", [HOST], True), "differs"),
        (request(b"GET", b"/", (b"a", b"b\r\nc: d")), "field value"),
        (request(b"GET", b"/", (b"a\r\nb", b"c")), "field name"),
        (request(b"POST", b"/", (b"content-length", b"5")), "no content"),
        (request(b"POST", b"/", (b"content-length", b"+5"), ends=False), "body ends"),
        (
            request(b"POST", b"/", (b"content-length", b"5"), (b"content-length", b"5")),
            "body ends",
        ),
        (
            request(
                b"POST",
                b"/",
                (b"content-length", b"5"),
                (b"transfer-encoding", b"chunked"),
                ends=False,
            ),
            "body ends",
        ),
        (request(b"POST", b"/", (b"transfer-encoding", b"gzip"), ends=False), "body ends"),
        (request(b"POST", b"/", (b"transfer-encoding", b"gzip, chunked"), ends=False), "body"),
        (request(b"CONNECT", b"example.org:1", ends=False), "CONNECT with content"),
        (request(b"CONNECT", b"example.org:1", (b"content-length", b"5"), ends=False), "body ends"),
        (request(b"GET", b"/", (b"expect", b"100-continue")), "without content"),
        (
            request(b"PUT", b"/", (b"expect", b"100-continue"), (b"content-length", b"0")),
            "without content",
        ),
        (request(b"PUT", b"/", (b"expect", b"tea"), ends=False), "100-continue"),
        (request(b"GET", b"/", (b"upgrade", b"x")), "connection option"),
        (request(b"GET", b"/", (b"te", b"trailers")), "connection option"),
        (get(2), "exchange 1"),
        (get(0), "exchange 1"),
    ],
)
def test_a_request_that_no_server_should_get_is_refused(event: Request, says: str) -> None:
    play = Play(Role.CLIENT)
    play.expect_refusal(event, because="the same checks as on what is received", says=says)
    play.expect_octets(b"", because="not a byte of it")
    play.ask(get())


def test_what_is_for_the_connection_alone_can_be_said_with_its_option() -> None:
    play = Play(Role.CLIENT)
    play.ask(
        request(
            b"GET", b"/", (b"te", b"trailers"), (b"upgrade", b"x"), (b"connection", b"te, upgrade")
        )
    )
    assert b"connection: te, upgrade\r\n" in play.said(), "RFC 9110 §7.6.1"


def test_a_server_of_http_1_0_gets_no_chunks() -> None:
    play = Play(Role.CLIENT)
    play.ask(get())
    play.hear(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
    play.told()
    play.said()
    play.expect_refusal(post(2), because="RFC 9112 §6.1: MUST NOT unless it knows", says="chunks")
    play.ask(post(2, [(b"content-length", b"1")]), Data(2, b"x", True))


def test_a_request_with_close_is_the_last() -> None:
    play = Play(Role.CLIENT)
    play.ask(get(fields=[(b"connection", b"close")]))
    play.hear(OK)
    play.told()
    play.expect_state(State.MUST_CLOSE, "RFC 9112 §9.6: MUST NOT send further requests")
    assert not play.engine.can_open
    play.expect_refusal(get(2), because="that one neither", says="MUST_CLOSE")


def test_a_client_that_expects_100_is_seen_to_wait() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"content-length", b"2"), (b"expect", b"100-continue")]))
    play.expect_waiting(True, "RFC 9110 §10.1.1")
    play.hear(b"HTTP/1.1 103 Early Hints\r\n\r\n")
    play.told()
    play.expect_waiting(True, "103 says nothing about it")
    play.hear(b"HTTP/1.1 100 Continue\r\n\r\n")
    play.told()
    play.expect_waiting(False, "RFC 9110 §10.1.1")
    play.ask(Data(1, b"hi", True))
    play = Play(Role.CLIENT)
    play.ask(post(fields=[(b"content-length", b"2"), (b"expect", b"100-continue")]))
    play.ask(Data(1, b"h"))
    play.expect_waiting(False, "it need not wait for ever")


# -- responses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "event", "octets"),
    [
        (
            GET,
            Response(1, 200, [(b"content-length", b"2")]),
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n",
        ),
        (GET, Response(1, 200, []), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (GET, Response(1, 200, [], True), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        (GET, Response(1, 204, [], True), b"HTTP/1.1 204 No Content\r\n\r\n"),
        (GET, Response(1, 204, []), b"HTTP/1.1 204 No Content\r\n\r\n"),
        (GET, Response(1, 205, []), b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"),
        (
            GET,
            Response(1, 304, [(b"content-length", b"9")], True),
            b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
        ),
        (GET, Response(1, 299, [], True), b"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"),
        (
            GET,
            Response(1, 200, [], True, b"Fine \xe9"),
            b"HTTP/1.1 200 Fine \xe9\r\nContent-Length: 0\r\n\r\n",
        ),
        (GET, Response(1, 200, [], True, b""), b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"),
        (
            GET,
            Response(1, 200, [(b"transfer-encoding", b"chunked")], True),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            GET,
            Response(1, 200, [(b"connection", b"close")], True),
            b"HTTP/1.1 200 OK\r\nconnection: close\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            Response(1, 200, [(b"content-length", b"9")], True),
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
        ),
        (
            b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            Response(1, 200, [(b"transfer-encoding", b"chunked")], True),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        ),
        (
            b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            Response(1, 200, [], True),
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.0\r\n\r\n",
            Response(1, 200, []),
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.0\r\n\r\n",
            Response(1, 200, [(b"transfer-encoding", b"chunked")]),
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        ),
        (
            b"HEAD / HTTP/1.0\r\n\r\n",
            Response(1, 200, [(b"Transfer-Encoding", b"chunked")], True),
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            Response(1, 200, [], True),
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            Response(1, 200, [(b"connection", b"keep-alive")], True),
            b"HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            Response(1, 200, []),
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        ),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            Response(1, 200, [], True),
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
    ],
)
def test_a_response_gets_the_framing_it_needs(head: bytes, event: Response, octets: bytes) -> None:
    play = asked(head)
    play.ask(event)
    play.expect_octets(octets, because="RFC 9112 §6, §9")


@pytest.mark.parametrize(
    ("head", "event", "says"),
    [
        (GET, Response(1, 100, [], True), "no final status"),
        (GET, Response(1, 199, [], True), "no final status"),
        (GET, Response(1, 1000, [], True), "no final status"),
        (GET, Response(1, 0, [], True), "no final status"),
        (GET, Response(1, 200, [], True, b"OK\r\nX: y"), "reason phrase"),
        (GET, Response(1, 200, [], True, b"O\nK"), "reason phrase"),
        (GET, Response(1, 200, [], True, b"O\0K"), "reason phrase"),
        (GET, Response(1, 200, [(b"a", b"b\r\n\r\nHTTP/1.1 200 OK")], True), "field value"),
        (GET, Response(1, 302, [(b"location", b"/\n")], True), "field value"),
        (GET, Response(1, 200, [(b"a:", b"b")], True), "field name"),
        (GET, Response(1, 200, [(b"", b"b")], True), "field name"),
        (GET, Response(1, 200, [(b"content-length", b"5")], True), "no content"),
        (GET, Response(1, 200, [(b"content-length", b"x")]), "body ends"),
        (GET, Response(1, 200, [(b"content-length", b"5")] * 2), "body ends"),
        (
            GET,
            Response(1, 200, [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")]),
            "body ends",
        ),
        (GET, Response(1, 200, [(b"transfer-encoding", b"gzip")]), "body ends"),
        (GET, Response(1, 205, [(b"content-length", b"5")]), "205 with content"),
        (GET, Response(1, 304, [(b"content-length", b"5, 6")], True), "body ends"),
        (
            GET,
            Response(1, 304, [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")], True),
            "body ends",
        ),
        (GET, Response(2, 200, [], True), "exchange 1"),
        (GET, get(2), "only a client"),
        (GET, Response(1, 426, [(b"upgrade", b"x")], True), "connection option"),
    ],
)
def test_a_response_that_no_client_should_get_is_refused(
    head: bytes, event: Response | Request, says: str
) -> None:
    play = asked(head)
    play.expect_refusal(event, because="no value can split a response, ever", says=says)
    play.expect_octets(b"", because="not a byte of it")
    play.ask(Response(1, 500, [], True))


@pytest.mark.parametrize(
    ("head", "event", "octets"),
    [
        (
            GET,
            Response(1, 204, [(b"Content-Length", b"5"), (b"a", b"b")], True),
            b"HTTP/1.1 204 No Content\r\na: b\r\n\r\n",
        ),
        (
            GET,
            Response(1, 204, [(b"transfer-encoding", b"chunked")], True),
            b"HTTP/1.1 204 No Content\r\n\r\n",
        ),
        (
            b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
            Response(1, 200, [(b"content-length", b"x")], True),
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        (
            GET,
            InformationalResponse(1, 103, [(b"content-length", b"0"), (b"a", b"b")]),
            b"HTTP/1.1 103 Early Hints\r\na: b\r\n\r\n",
        ),
    ],
)
def test_framing_is_left_out_where_there_can_be_none(
    head: bytes, event: Response | InformationalResponse, octets: bytes
) -> None:
    play = asked(head)
    play.ask(event)
    play.expect_octets(octets, because="RFC 9112 §6.1, RFC 9110 §8.6: MUST NOT send it")


def test_a_response_needs_a_request() -> None:
    play = Play(Role.SERVER)
    play.expect_refusal(
        Response(0, 408, [], True), because="a client would take it for the next", says="IDLE"
    )
    play.hear(GET)
    play.told()
    play.ask(Response(1, 200, [], True))
    play.expect_refusal(Response(1, 200, [], True), because="one is enough", says="IDLE")
    client = Play(Role.CLIENT)
    client.expect_refusal(Response(0, 200, [], True), because="of the other role", says="server")


def test_a_client_that_waits_for_100_and_gets_an_answer_ends_the_connection() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    play = asked(head)
    play.ask(Response(1, 403, [], True))
    assert b"Connection: close\r\n" in play.said(), (
        "RFC 9110 §10.1.1: it may or may not send the content; nobody could tell"
    )
    assert play.engine.may_close
    play = asked(head)
    play.ask(InformationalResponse(1, 100, []), Response(1, 403, [(b"content-length", b"0")], True))
    assert b"close" not in play.said(), "now it will come, and the connection goes on"


# -- interim responses and switches -----------------------------------------------------------


def test_interim_responses_are_said_before_the_final_one() -> None:
    play = asked(POST)
    play.ask(
        InformationalResponse(1, 100, []),
        InformationalResponse(1, 103, [(b"link", b"</a>")]),
        Response(1, 204, [], True),
    )
    play.expect_octets(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
        b"HTTP/1.1 204 No Content\r\n\r\n",
        because="RFC 9110 §15.2",
    )
    play.expect_refusal(InformationalResponse(1, 103, []), because="not behind it", says="TAIL")


@pytest.mark.parametrize(
    ("head", "event", "says"),
    [
        (GET, InformationalResponse(1, 200, []), "no 1xx"),
        (GET, InformationalResponse(1, 99, []), "no 1xx"),
        (GET, InformationalResponse(1, 103, [(b"a", b"\r\n")]), "field value"),
        (GET, InformationalResponse(1, 103, [], b"\r\n"), "reason phrase"),
        (GET, InformationalResponse(2, 103, []), "exchange 1"),
        (b"GET / HTTP/1.0\r\n\r\n", InformationalResponse(1, 103, []), "HTTP/1.0"),
        (GET, InformationalResponse(1, 101, []), "without Upgrade"),
        (
            GET,
            InformationalResponse(1, 101, [(b"upgrade", b"x"), (b"connection", b"upgrade")]),
            "without Upgrade",
        ),
    ],
)
def test_an_interim_response_that_is_none_is_refused(
    head: bytes, event: InformationalResponse, says: str
) -> None:
    asked(head).expect_refusal(event, because="RFC 9110 §15.2, §7.8", says=says)


UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, x/2\r\n\r\n"


def switch(protocol: bytes) -> InformationalResponse:
    return InformationalResponse(1, 101, [(b"upgrade", protocol), (b"connection", b"upgrade")])


def test_101_hands_the_connection_over() -> None:
    play = asked(UPGRADE + b"early")
    play.ask(switch(b"websocket"))
    play.expect_octets(
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
        because="RFC 9110 §7.8",
    )
    play.expect_state(State.SWITCHED, "RFC 9110 §15.2.2")
    assert play.engine.trailing_data() == b"early"
    assert not play.engine.wants_input
    play.expect_refusal(Data(1, b"x"), because="it is not HTTP any more", says="SWITCHED")


@pytest.mark.parametrize(
    "head",
    [
        GET,
        UPGRADE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        UPGRADE.replace(b"Connection: Upgrade\r\n", b""),
        UPGRADE.replace(b"websocket", b"h2c"),
    ],
)
def test_101_to_what_was_not_offered_is_refused(head: bytes) -> None:
    asked(head).expect_refusal(switch(b"websocket"), because="RFC 9110 §7.8")


def test_101_does_not_come_before_the_request_is_complete() -> None:
    play = asked(UPGRADE.replace(b"Host: a", b"Host: a\r\nContent-Length: 5"))
    play.expect_refusal(switch(b"websocket"), because="RFC 9110 §7.8", says="REQUEST")
    play.hear(b"hello")
    play.told()
    play.ask(switch(b"websocket"))


def test_an_upgrade_that_is_not_taken_changes_nothing() -> None:
    play = asked(UPGRADE + GET)
    play.ask(Response(1, 200, [], True))
    play.said()
    play.expect_events(get(2), because="RFC 9110 §7.8: a server MAY ignore it")


def test_a_tunnel_begins_behind_a_2xx_to_connect() -> None:
    play = asked(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nhello")
    play.ask(Response(1, 200, []))
    play.expect_octets(b"HTTP/1.1 200 OK\r\n\r\n", because="RFC 9112 §6.1: no framing in it")
    play.expect_state(State.SWITCHED, "RFC 9110 §9.3.6")
    assert play.engine.trailing_data() == b"hello"


def test_a_connect_that_is_refused_leaves_the_connection_as_it_was() -> None:
    play = asked(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" + GET)
    play.ask(Response(1, 403, [], True))
    play.said()
    play.expect_events(get(2), because="the tunnel has not been formed")
