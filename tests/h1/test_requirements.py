"""What RFC 9112 demands, driven over bytes; spec/rfc9112.toml says which test holds which MUST.

Every reason begins with the id of the requirement.
"""

import pytest

from hyper.h1 import (
    Data,
    EndOfInput,
    Leniences,
    PeerFault,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import Field, LocalProtocolError, Role
from tests.support.h1_playbook import CHUNKED_POST, GET, HOST, OK, POST, Play, get, post

START = b"GET / HTTP/1.1\r\nHost: a\r\n"
TO_A_PROXY = b"GET http://example.org/x HTTP/1.1\r\nHost: example.org\r\n\r\n"


def serving(octets: bytes) -> Play:
    play = Play(Role.SERVER)
    play.hear(octets)
    return play


def asking(event: Request | None = None, leniences: Leniences | None = None) -> Play:
    play = Play(Role.CLIENT, leniences=leniences)
    play.ask(event or get())
    return play


# -- what a server refuses --------------------------------------------------------------------

REFUSED = [
    ("9112-2.2-3: a bare CR is invalid", START + b"X: a\rb\r\n\r\n", 400),
    ("9112-2.2-7: white space before the first field", b"GET / HTTP/1.1\r\n X: y\r\n\r\n", 400),
    ("9112-3-1: a target longer than we wish to parse", b"GET /" + b"x" * 9_000, 414),
    ("9112-3.2-4: no Host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("9112-3.2-4: two of them", START + b"Host: a\r\n\r\n", 400),
    ("9112-3.2-4: an invalid one", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    ("9112-5.1-1: white space before the colon", START + b"X : y\r\n\r\n", 400),
    ("9112-5.2-2: a folded line", START + b"X: y\r\n z\r\n\r\n", 400),
    (
        "9112-6.1-9: both fields, answered with 400 and the end",
        START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    (
        "9112-6.1-10: Transfer-Encoding in HTTP/1.0",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        400,
    ),
    (
        "9112-6.3-3: chunked is not the final coding",
        START + b"Transfer-Encoding: gzip\r\n\r\n",
        400,
    ),
    ("9112-6.3-4: an invalid length", START + b"Content-Length: x\r\n\r\n", 400),
    ("9112-6.3-5: an invalid length is 400", START + b"Content-Length: 5, 6\r\n\r\n", 400),
    (
        "9112-7.1-2: a size that overflows",
        CHUNKED_POST + b"10000000000000005\r\nhello\r\n0\r\n\r\n",
        400,
    ),
]


@pytest.mark.parametrize(("reason", "octets", "status"), REFUSED)
def test_a_server_refuses_and_closes(reason: str, octets: bytes, status: int) -> None:
    play = serving(octets)
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault), reason
    assert fault.status == status, reason
    play.ask(Response(1, status, [], True))
    assert b"Connection: close\r\n" in play.said(), reason
    assert play.engine.may_close, reason


# -- what a client refuses --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "octets"),
    [
        ("9112-2.2-3: a bare CR", b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n"),
        ("9112-2.2-7: white space before the first field", b"HTTP/1.1 200 OK\r\n X: y\r\n\r\n"),
        (
            "9112-5.1-2: nothing of it reaches who could forward it",
            b"HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
        ),
        ("9112-5.2-3: discarded, and 502 is for it", b"HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n"),
        (
            "9112-6.1-10: Transfer-Encoding in HTTP/1.0",
            b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        (
            "9112-6.3-2: no Content-Length is passed on beside Transfer-Encoding",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        ("9112-6.3-6: a proxy has 502 to say", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        ("9112-6.3-7: a user agent closes", b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n"),
    ],
)
def test_a_client_discards_and_closes(reason: str, octets: bytes) -> None:
    play = asking()
    play.hear(octets)
    play.expect_fault(502, because=reason)
    play.expect_state(State.CLOSED, reason)


def test_octets_are_octets() -> None:
    play = serving(b"GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa9\xff\r\n\r\n")
    [request] = play.told()
    assert isinstance(request, Request)
    assert request.fields[1] == (b"x", b"\xc3\xa9\xff"), "9112-2.2-1: no text, and no decoding"


def test_a_folded_line_is_joined_for_a_user_agent_that_asks_for_it() -> None:
    play = asking(leniences=Leniences(unfold=True))
    play.hear(b"HTTP/1.1 204 No Content\r\nX: y\r\n\t z\r\n\r\n")
    [response] = play.told()
    assert isinstance(response, Response)
    assert response.fields == [(b"x", b"y z")], "9112-5.2-4: one or more SP for each fold"


# -- what is never said -----------------------------------------------------------------------

UNSAID: list[tuple[str, Request]] = [
    ("9112-2.2-2: a bare CR", get(fields=[(b"a", b"b\rc")])),
    ("9112-2.2-2: nor in a target", get(target=b"/\r")),
    ("9112-3.2-1: no Host", Request(1, b"GET", b"/", [], True)),
    ("9112-3.2-2: another Host than the target's", get(target=b"http://other/")),
    ("9112-3.2.1-1: a part of a URI that is no path", get(target=b"example.org/x")),
    ("9112-3.2.1-2: an empty path", get(target=b"")),
    ("9112-3.2.2-2: absolute-form without Host", Request(1, b"GET", b"http://a/", [], True)),
    ("9112-3.2.3-1: a path for CONNECT", Request(1, b"CONNECT", b"/", [HOST], True)),
    ("9112-3.2.4-1: * for another method", get(target=b"*")),
    ("9112-5.2-1: a folded line", get(fields=[(b"a", b"b\r\n c")])),
    ("9112-6.1-2: chunked twice", post(fields=[(b"transfer-encoding", b"chunked, chunked")])),
    ("9112-6.1-3: another coding last", post(fields=[(b"transfer-encoding", b"chunked, gzip")])),
    (
        "9112-6.2-1: a length beside a coding",
        post(fields=[(b"transfer-encoding", b"chunked"), (b"content-length", b"5")]),
    ),
    (
        "9112-7.4-1: chunked in TE",
        get(fields=[(b"te", b"trailers, Chunked;q=1"), (b"connection", b"te")]),
    ),
    ("9112-7.4-2: TE without its option", get(fields=[(b"te", b"trailers")])),
]


@pytest.mark.parametrize(("reason", "event"), UNSAID)
def test_a_client_never_says(reason: str, event: Request) -> None:
    play = Play(Role.CLIENT)
    play.expect_refusal(event, because=reason)
    play.expect_octets(b"", because=reason)


def test_an_empty_host_can_be_said() -> None:
    play = Play(Role.CLIENT)
    play.ask(Request(1, b"OPTIONS", b"*", [(b"host", b"")], True))
    play.expect_octets(
        b"OPTIONS * HTTP/1.1\r\nhost: \r\n\r\n", because="9112-3.2-3: no authority, an empty Host"
    )


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, chunked", b"chunked, chunked"])
def test_a_server_applies_no_coding_but_chunked_once(coding: bytes) -> None:
    play = serving(GET)
    play.told()
    play.expect_refusal(
        Response(1, 200, [(b"transfer-encoding", coding)]),
        because="9112-6.1-2, 9112-6.1-4: chunked, once, and nothing else",
    )


@pytest.mark.parametrize(
    ("reason", "head", "status"),
    [
        ("9112-6.1-5: not in 204", GET, 204),
        ("9112-6.1-6: not in 2xx to CONNECT", b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("9112-6.1-8: not to HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", 200),
    ],
)
def test_a_server_leaves_transfer_encoding_out(reason: str, head: bytes, status: int) -> None:
    play = serving(head)
    play.told()
    play.ask(Response(1, status, [(b"transfer-encoding", b"chunked")]))
    assert b"ransfer" not in play.said(), reason


def test_a_request_has_nothing_around_it_and_all_its_content_counts() -> None:
    play = asking(post(fields=[(b"content-length", b"3")]))
    play.ask(Data(1, b"a\r\n", True))
    said = play.said()
    assert said.startswith(b"POST "), "9112-2.2-4: no CRLF before it"
    assert said.endswith(b"\r\n\r\na\r\n"), "9112-2.2-5: the line end is a part of the content"
    play = asking(post(fields=[(b"content-length", b"1")]))
    play.expect_refusal(Data(1, b"a\r\n", True), because="9112-2.2-5: and counts as such")


def test_no_white_space_stands_between_the_first_line_and_the_first_field() -> None:
    for name in (b" a", b"\ta", b""):
        play = Play(Role.CLIENT)
        with pytest.raises(LocalProtocolError):
            play.ask(Request(1, b"GET", b"/", [(name, b"b"), HOST], True))
        assert play.said() == b"", "9112-2.2-6: no name begins with it"


def test_what_is_passed_on_has_our_own_version() -> None:
    play = serving(b"GET / HTTP/1.0\r\nHost: example.org\r\n\r\n")
    [request] = play.told()
    assert isinstance(request, Request)
    there = Play(Role.CLIENT)
    there.ask(request)
    assert there.said().startswith(b"GET / HTTP/1.1\r\n"), "9112-2.3-1: not the one it came with"


def test_a_status_line_has_its_second_space_even_without_a_reason() -> None:
    for status, reason in ((299, None), (200, b"")):
        play = serving(GET)
        play.told()
        play.ask(Response(1, status, [], True, reason))
        assert play.said().startswith(b"HTTP/1.1 %d \r\n" % status), "9112-4-1"


def test_a_client_says_chunks_only_to_who_may_know_them() -> None:
    play = asking()
    play.hear(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
    play.told()
    coded: list[Field] = [(b"transfer-encoding", b"chunked")]
    for event in (post(2), post(2, coded)):
        play.expect_refusal(event, because="9112-6.1-7, 9112-6.3-10: its last response was 1.0")


def test_content_is_always_framed() -> None:
    for fields, says in (([], b"chunked\r\n"), ([(b"content-length", b"1")], b"length: 1\r\n")):
        play = asking(post(fields=fields))
        assert says in play.said(), "9112-6.3-9: a length, or chunks"


# -- targets ----------------------------------------------------------------------------------


def test_a_target_in_absolute_form_is_taken_and_agrees_with_host() -> None:
    [request] = serving(TO_A_PROXY).told()
    assert isinstance(request, Request), "9112-3.2.2-6: a server MUST accept it"
    assert request.target == b"http://example.org/x"
    play = serving(TO_A_PROXY.replace(b"Host: example.org", b"Host: other"))
    play.expect_fault(400, because="9112-3.2.2-5: a Host that differs is never gone by")


def test_each_form_of_target_can_be_said() -> None:
    for method, target, reason in (
        (b"GET", b"http://example.org/x?y", "9112-3.2.2-1"),
        (b"CONNECT", b"example.org:443", "9112-3.2.3-1"),
        (b"OPTIONS", b"*", "9112-3.2.4-1"),
        (b"GET", b"/x?y", "9112-3.2.1-1"),
    ):
        play = Play(Role.CLIENT)
        play.ask(Request(1, method, target, [HOST], True))
        assert play.said().startswith(method + b" " + target + b" HTTP/1.1\r\n"), reason


# -- bodies -----------------------------------------------------------------------------------


def test_chunks_are_read_with_extensions_and_trailers_apart() -> None:
    play = serving(CHUNKED_POST + b"5;what=ever\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n")
    request, data, trailers = play.told()
    assert isinstance(request, Request)
    assert data == Data(1, b"hello"), "9112-6.1-1, 9112-7.1-1, 9112-7.1.1-1: the extension ignored"
    assert isinstance(trailers, Trailers)
    assert trailers.fields == [(b"x-sum", b"1")], "9112-7.1.2-1: stored separately"
    assert (b"x-sum", b"1") not in request.fields, "9112-7.1.2-2: never merged"


def test_a_tunnel_has_no_framing_whatever_it_says() -> None:
    play = asking(Request(1, b"CONNECT", b"a:1", [(b"host", b"a:1")], True))
    play.hear(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nraw")
    assert len(play.told()) == 1
    assert play.engine.trailing_data() == b"raw", "9112-6.3-1: MUST ignore either"


@pytest.mark.parametrize(
    ("role", "octets"),
    [
        (Role.SERVER, POST + b"hell"),
        (Role.CLIENT, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"),
        (Role.CLIENT, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    ],
)
def test_a_message_that_is_cut_short_is_incomplete(role: Role, octets: bytes) -> None:
    play = asking() if role is Role.CLIENT else Play(role)
    play.hear(octets)
    play.hear_the_end()
    assert play.told()[-1] == EndOfInput(clean=False), (
        "9112-6.3-8, 9112-8-1: recorded as incomplete"
    )
    assert not play.engine.can_open


def test_data_behind_the_last_response_is_no_response() -> None:
    play = asking()
    play.hear(OK + OK)
    told = play.told()
    assert isinstance(told[0], Response)
    assert [type(event) for event in told[1:]] == [PeerFault], "9112-6.3-11, 9112-9.2-3"


# -- connections ------------------------------------------------------------------------------


def test_one_request_is_outstanding_and_the_response_is_its_own() -> None:
    play = asking()
    play.expect_refusal(
        get(2), because="9112-9.2-1, 9112-9.3.2-2: a client of ours never pipelines"
    )
    play.hear(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK)
    assert [getattr(event, "stream_id", 0) for event in play.told()] == [1, 1], "9112-9.2-2"


def test_a_server_answers_in_order() -> None:
    play = serving(GET + GET)
    for number in (1, 2):
        [request] = play.told()
        assert isinstance(request, Request)
        assert request.stream_id == number, "9112-9.3.2-1: one after the other"
        play.ask(Response(number, 204, [], True))


def test_close_is_said_by_who_does_not_persist() -> None:
    client = asking(get(fields=[(b"connection", b"close")]))
    assert b"connection: close\r\n" in client.said(), "9112-9.3-1: by a client, who is asked to"
    server = serving(GET)
    server.told()
    server.engine.shut_down()
    server.ask(Response(1, 200, [], True))
    assert b"Connection: close\r\n" in server.said(), "9112-9.3-2: by a server"


def test_content_is_read_before_the_connection_is_used_again() -> None:
    play = serving(POST)
    play.told()
    play.ask(Response(1, 401, [], True))
    play.hear(b"hello" + GET)
    assert isinstance(play.told()[-1], Request), (
        "9112-9.3-3: all of it, and not a byte as a request"
    )
    client = asking()
    client.hear(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")
    client.told()
    client.expect_refusal(get(2), because="9112-9.3-4: MUST read the entire response first")
    client.hear(b"o")
    client.told()
    client.ask(get(2))


@pytest.mark.parametrize("says", [Role.CLIENT, Role.SERVER])
def test_close_is_the_end_for_a_client(says: Role) -> None:
    closing = [(b"connection", b"close")]
    play = asking(get(fields=closing if says is Role.CLIENT else []))
    close = b"Connection: close\r\n" if says is Role.SERVER else b""
    play.hear(OK[:-2] + close + b"\r\n")
    assert len(play.told()) == 1
    play.expect_refusal(get(2), because="9112-9.6-1, 9112-9.6-7: MUST NOT send further requests")
    assert play.engine.closed, "9112-9.6-2, 9112-9.6-7: close after reading the final response"


@pytest.mark.parametrize("says", [Role.CLIENT, Role.SERVER])
def test_close_is_the_end_for_a_server(says: Role) -> None:
    close = b"Connection: close\r\n" if says is Role.CLIENT else b""
    play = serving(GET[:-2] + close + b"\r\n" + GET)
    assert len(play.told()) == 1
    play.ask(Response(1, 200, [(b"connection", b"close")] if says is Role.SERVER else [], True))
    play.said()
    play.expect_no_event("9112-9.6-4, 9112-9.6-6: MUST NOT process any further requests")
    assert play.engine.may_close, "9112-9.6-3, 9112-9.6-5: MUST initiate closure"
