"""The face of the engine: whole conversations, and what can be looked at."""

import pytest

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    InformationalResponse,
    Request,
    Response,
    Sendable,
    State,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role
from tests.support.h1_playbook import CHUNKED_POST, GET, OK, POST, Play, drained, get, post


def carry(sender: Connection, receiver: Connection) -> None:
    """What a network does."""
    data = sender.data_to_send()
    if data:
        receiver.receive_data(data, 0.0)


def test_a_conversation_goes_round_and_round() -> None:
    client, server = Connection(Role.CLIENT), Connection(Role.SERVER)
    for number in range(1, 50):
        assert client.next_stream_id() == number
        client.send(post(number))
        client.send(Data(number, b"question %d" % number, True))
        carry(client, server)
        request, question = drained(server)
        assert isinstance(request, Request)
        assert request.stream_id == number, "the ordinal of the exchange on the connection"
        assert question == Data(number, b"question %d" % number, True)
        server.send(InformationalResponse(number, 103, []))
        server.send(Response(number, 200, []))
        server.send(Data(number, b"answer"))
        server.send(Trailers(number, [(b"x-number", b"%d" % number)]))
        carry(server, client)
        hints, response, answer, trailers = drained(client)
        assert isinstance(hints, InformationalResponse)
        assert isinstance(response, Response)
        assert answer == Data(number, b"answer")
        assert isinstance(trailers, Trailers)
        assert trailers.fields == [(b"x-number", b"%d" % number)]
    assert client.state is server.state is State.IDLE


# -- a proxy ----------------------------------------------------------------------------------

PROXIED_REQUESTS = [
    GET,
    POST + b"hello",
    CHUNKED_POST + b"5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
    b"HEAD /x?y HTTP/1.1\r\nHOST: example.org\r\nX-oDD: 1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 0\r\n\r\n",
]


@pytest.mark.parametrize("octets", PROXIED_REQUESTS)
def test_a_proxy_is_one_send_of_one_next_event(octets: bytes) -> None:
    here, there = Connection(Role.SERVER), Connection(Role.CLIENT)
    here.receive_data(octets, 0.0)
    while (event := here.next_event()) is not None:
        assert isinstance(event, Sendable)
        there.send(event)
    said = there.data_to_send()
    head = octets[: octets.index(b"\r\n\r\n") + 4]
    assert said.startswith(head), "names, their order and how they are spelled survive"
    origin = Connection(Role.SERVER)
    again = Connection(Role.SERVER)
    origin.receive_data(octets, 0.0)
    again.receive_data(said, 0.0)
    assert contents(again) == contents(origin)


@pytest.mark.parametrize(
    "octets",
    [
        OK,
        b"HTTP/1.1 200 Fine\r\nX-oDD: 1\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
def test_a_proxy_passes_responses_on_as_well(octets: bytes) -> None:
    here, there = Connection(Role.SERVER), Connection(Role.CLIENT)
    here.receive_data(GET, 0.0)
    there.send(get())
    drained(here)
    there.receive_data(octets, 0.0)
    while (event := there.next_event()) is not None:
        assert isinstance(event, Sendable)
        here.send(event)
    said = here.data_to_send()
    assert said == octets, "to the last byte"


def test_a_proxy_frames_anew_for_a_client_of_http_1_0() -> None:
    here, there = Connection(Role.SERVER), Connection(Role.CLIENT)
    here.receive_data(b"GET / HTTP/1.0\r\n\r\n", 0.0)
    there.send(get())
    drained(here)
    there.receive_data(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n", 0.0
    )
    while (event := there.next_event()) is not None:
        assert isinstance(event, Sendable)
        here.send(event)
    assert here.data_to_send() == b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"


def contents(engine: Connection) -> tuple[bytes, list[object]]:
    """The content and the trailers of what came."""
    events = drained(engine)
    content = b"".join([event.data for event in events if isinstance(event, Data)])
    return content, [event.fields for event in events if isinstance(event, Trailers)]


# -- what can be looked at --------------------------------------------------------------------


def test_looking_changes_nothing() -> None:
    play = Play(Role.SERVER)
    play.hear(POST + b"hell")
    looks = [
        (
            play.engine.role,
            play.engine.state,
            play.engine.closed,
            play.engine.may_close,
            play.engine.can_open,
            play.engine.wants_input,
            play.engine.wants_to_send,
            play.engine.expects_continue,
            play.engine.peer_version,
            play.engine.next_timer(),
            play.engine.next_stream_id(),
            play.engine.pending(1),
        )
        for _ in range(2)
    ]
    assert looks[0] == looks[1]
    assert looks[0] == (
        Role.SERVER,
        State.IDLE,
        False,
        False,
        False,
        True,
        False,
        False,
        b"",
        None,
        1,
        0,
    )


def test_the_ordinal_of_the_next_exchange_can_be_asked_for() -> None:
    play = Play(Role.CLIENT)
    assert play.engine.next_stream_id() == 1
    can_open = [play.engine.can_open]
    play.ask(get())
    assert play.engine.next_stream_id() == 2
    can_open.append(play.engine.can_open)
    play.hear(OK)
    play.told()
    can_open.append(play.engine.can_open)
    assert can_open == [True, False, True], "one at a time"


def test_what_waits_to_be_sent_is_counted() -> None:
    play = Play(Role.SERVER)
    play.hear(GET)
    play.told()
    play.ask(Response(1, 200, [(b"content-length", b"5")]))
    head = play.engine.pending(1)
    play.ask(Data(1, b"hello", True))
    assert play.engine.pending(1) == head + 5
    assert play.engine.pending(2) == 0, "of another exchange there is nothing"
    assert play.engine.wants_to_send
    assert len(play.said()) == head + 5
    assert play.engine.pending(1) == 0


# -- leaving ----------------------------------------------------------------------------------


def test_a_server_leaves_behind_the_exchange_that_is_under_way() -> None:
    play = Play(Role.SERVER)
    play.hear(GET + GET)
    play.told()
    play.engine.shut_down(play.now)
    play.ask(Response(1, 200, [], True))
    assert play.said().endswith(b"Connection: close\r\n\r\n"), "RFC 9112 §9.6: SHOULD say so"
    assert play.engine.may_close
    play.expect_no_event("RFC 9112 §9.6: MUST NOT process any further requests")


def test_a_server_that_has_nothing_to_do_leaves_at_once() -> None:
    play = Play(Role.SERVER)
    play.engine.shut_down()
    assert play.engine.may_close
    play.hear(GET)
    play.expect_no_event("it has left")


def test_leaving_behind_the_head_of_a_response_is_leaving_all_the_same() -> None:
    play = Play(Role.SERVER)
    play.hear(GET)
    play.told()
    play.ask(Response(1, 200, [(b"content-length", b"2")]))
    play.engine.shut_down()
    play.ask(Data(1, b"hi", True))
    play.said()
    assert play.engine.may_close


def test_a_client_leaves_behind_the_response() -> None:
    play = Play(Role.CLIENT)
    play.ask(get())
    play.engine.shut_down()
    play.hear(OK)
    assert len(play.told()) == 1
    assert play.engine.closed
    assert not play.engine.can_open


@pytest.mark.parametrize("role", list(Role))
def test_leaving_twice_is_leaving_once(role: Role) -> None:
    play = Play(role)
    play.engine.shut_down()
    play.engine.shut_down()
    play.hear_the_end()
    play.expect_events(EndOfInput(clean=True), because="the peer leaves as well")
    play.engine.shut_down()
    assert play.engine.closed


def test_trailing_data_is_nobody_s_while_it_is_http() -> None:
    play = Play(Role.SERVER)
    play.hear(GET + GET)
    assert play.engine.trailing_data() == b""
    play.told()
    assert play.engine.trailing_data() == b"", "the second request is a request"


# -- for programs that look closely -----------------------------------------------------------


def test_a_server_answers_a_request_that_it_gave_up_waiting_for() -> None:
    play = Play(Role.SERVER)
    play.hear(b"GET / HT")
    stream_id = play.engine.next_stream_id()
    play.engine.abandon()
    play.ask(Response(stream_id, 408, [(b"content-length", b"0")], True))
    said = play.said()
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"Connection: close" in said, "RFC 9110 §15.5.9: it is the last"
    play.hear(b"TP/1.1\r\nHost: a\r\n\r\n")
    assert play.engine.may_close


def test_a_server_gives_up_before_anything_came_and_between_requests() -> None:
    for before in (b"", GET):
        play = Play(Role.SERVER)
        if before:
            play.hear(before)
            play.told()
            play.ask(Response(1, 204, [], True))
            play.said()
        stream_id = play.engine.next_stream_id()
        play.engine.abandon()
        play.ask(Response(stream_id, 503, [(b"content-length", b"0")], True))
        assert play.said().startswith(b"HTTP/1.1 503 ")
        assert play.engine.may_close


def test_a_server_reads_no_more_of_content_that_it_gave_up() -> None:
    play = Play(Role.SERVER)
    play.hear(POST[:-1])
    play.told()
    play.engine.abandon()
    play.ask(Response(1, 413, [(b"content-length", b"0")], True))
    assert b"Connection: close" in play.said()


def test_only_a_server_gives_requests_up() -> None:
    with pytest.raises(LocalProtocolError, match="only a server"):
        Play(Role.CLIENT).engine.abandon()


@pytest.mark.parametrize("cut", range(1, len(GET)))
def test_what_came_and_means_nothing_yet_can_be_looked_at(cut: int) -> None:
    play = Play(Role.SERVER)
    play.hear(GET[:cut])
    play.expect_no_event("there is more to come")
    assert play.engine.unread == cut
    assert play.engine.unread_data() == GET[:cut]
    play.hear(GET[cut:] + b"GET")
    play.told()
    assert (play.engine.unread, play.engine.unread_data()) == (3, b"GET")


def test_what_is_known_to_come_is_counted_by_length_and_by_chunk() -> None:
    play = Play(Role.SERVER)
    play.hear(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
    assert play.engine.content_left == 0, "nothing was told of it"
    play.told()
    assert play.engine.content_left == 7
    play = Play(Role.SERVER)
    play.hear(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
    play.told()
    assert play.engine.content_left == 3, "of the chunk: nobody knows of the others"


def test_what_a_client_offers_to_change_to_can_be_asked_for() -> None:
    play = Play(Role.SERVER)
    play.hear(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws, x/2\r\nConnection: upgrade\r\n\r\n")
    play.told()
    assert play.engine.upgrade_offered == b"ws, x/2"
    play = Play(Role.SERVER)
    play.hear(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws\r\n\r\n")
    play.told()
    assert play.engine.upgrade_offered == b"", "RFC 9110 §7.8: Connection has to list it"


# -- what must not look like the end ----------------------------------------------------------


def old_client(fields: bytes = b"") -> Connection:
    """A server that was asked in HTTP/1.0."""
    server = Connection(Role.SERVER)
    server.receive_data(b"GET / HTTP/1.0\r\n" + fields + b"\r\n", 0.0)
    drained(server)
    return server


def must_abort(connection: Connection) -> bool:
    """A call, so that it is asked anew each time."""
    return connection.must_abort


def test_a_response_that_ends_with_the_connection_is_given_up_by_an_abort() -> None:
    server = old_client()
    assert not must_abort(server), "nothing was said: no end is the right one, and any is seen"
    server.send(Response(1, 200, []))
    assert must_abort(server), "RFC 9112 §8: closed now, its head alone would be complete"
    server.send(Data(1, b"half"))
    server.data_to_send()
    assert must_abort(server), "written or not"
    server.receive_data(b"", 0.0)
    drained(server)
    assert must_abort(server), "the client listens still"
    server.send(Data(1, b"", True))
    assert not must_abort(server), "that was all"


@pytest.mark.parametrize("fields", [[], [(b"content-length", b"9")]], ids=["chunks", "length"])
def test_a_response_that_tells_its_end_needs_no_abort(fields: list[tuple[bytes, bytes]]) -> None:
    server = Connection(Role.SERVER)
    server.receive_data(GET, 0.0)
    drained(server)
    server.shut_down()
    server.send(Response(1, 200, fields))
    server.send(Data(1, b"half"))
    assert not must_abort(server), "RFC 9112 §8: whoever reads it sees that it is incomplete"


def test_what_an_old_client_is_told_the_length_of_needs_no_abort() -> None:
    server = old_client()
    server.send(Response(1, 200, [(b"content-length", b"9")]))
    assert not must_abort(server), "RFC 9112 §8: fewer bytes are incomplete"


def test_a_client_never_needs_an_abort() -> None:
    client = Connection(Role.CLIENT)
    client.send(post(1))
    assert not must_abort(client), "RFC 9112 §6.3: no request ends with the connection"
