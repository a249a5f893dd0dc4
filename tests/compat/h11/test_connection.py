"""A connection beside that of h11: the same steps show the same, but for what is listed."""

from typing import Any

import pytest

from hyper.compat import h11 as ours
from tests.support.h11_ends import OURS, THEIRS, End, Step, difference, shown

HOST = [("Host", "example.org")]


def send(name: str, **arguments: Any) -> Step:
    return "send", name, arguments


def request(method: str = "GET", *headers: tuple[str, str]) -> Step:
    return send("Request", method=method, target="/", headers=[*HOST, *headers])


def response(status: int = 200, *headers: tuple[str, str]) -> Step:
    return send("Response", status_code=status, headers=list(headers))


def interim(status: int, *headers: tuple[str, str]) -> Step:
    return send("InformationalResponse", status_code=status, headers=list(headers))


def receive(data: bytes) -> Step:
    return "receive", data


def data(content: bytes) -> Step:
    return send("Data", data=content)


NEXT: Step = ("next",)
END = send("EndOfMessage")
TRAILERS = send("EndOfMessage", headers=[("X-Sum", "1")])
CLOSED = send("ConnectionClosed")
CYCLE: Step = ("cycle",)
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SWITCH = ("Upgrade", "ws"), ("Connection", "upgrade")

SERVERS: dict[str, list[Step]] = {
    "two exchanges": [
        receive(GET), NEXT, NEXT, NEXT, response(200, ("Content-Length", "1")), data(b"x"), END,
        CYCLE, receive(GET), NEXT, NEXT, response(204), END, NEXT, receive(b""), NEXT, NEXT,
    ],
    "content by length": [
        receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"), NEXT, NEXT, NEXT,
        receive(b"cde"), NEXT, NEXT, NEXT, response(200), data(b"one"), data(b""), TRAILERS, CYCLE,
    ],
    "content in chunks": [
        receive(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nab"),
        NEXT, NEXT, NEXT, receive(b"c\r\n1;x=y\r\nd\r\n0\r\nA: b\r\n\r\n"), NEXT, NEXT, NEXT, NEXT,
    ],
    "a client of HTTP/1.0": [
        receive(b"GET / HTTP/1.0\r\n\r\n"), NEXT, NEXT, NEXT, response(200), data(b"x"), END, NEXT,
    ],
    "a client that closes": [
        receive(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), NEXT, NEXT, NEXT,
        response(200), END, CLOSED, CYCLE, receive(b""), NEXT,
    ],
    "HEAD": [
        receive(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), NEXT, NEXT, response(200), END, CYCLE,
    ],
    "100 (Continue)": [
        receive(b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"),
        NEXT, NEXT, interim(100), receive(b"x"), NEXT, NEXT, response(200), END,
    ],
    "a switch": [
        receive(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws\r\nConnection: upgrade\r\n\r\n"),
        NEXT, NEXT, NEXT, receive(b"more"), interim(101, *SWITCH), NEXT,
    ],
    "no switch": [
        receive(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws\r\nConnection: upgrade\r\n\r\n"),
        NEXT, NEXT, NEXT, response(200), END, NEXT, CYCLE, receive(GET), NEXT,
    ],
    "a tunnel": [
        receive(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nhello"), NEXT, NEXT, NEXT, response(200),
        NEXT,
    ],
    "no tunnel": [
        receive(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), NEXT, NEXT, NEXT, response(403), END,
    ],
    "pipelining": [
        receive(GET + GET), NEXT, NEXT, NEXT, response(204), END, NEXT, CYCLE, NEXT, NEXT, NEXT,
    ],
    "what is no request": [
        receive(b"what is this\r\n\r\n"), NEXT, NEXT, response(400), END, CLOSED,
    ],
    "an end within a head": [receive(b"GET / HT"), NEXT, receive(b""), NEXT, NEXT],
    "an end within content": [
        receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"), NEXT, NEXT,
        receive(b""), NEXT,
    ],
    "bytes behind the end": [receive(b""), receive(b"x"), NEXT],
    "an answer before the request is whole": [
        receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"), NEXT,
        response(200, ("Content-Length", "0")), END, NEXT, receive(b"ab"), NEXT, NEXT,
        receive(b"cde" + GET), NEXT, NEXT, NEXT, CYCLE, NEXT, NEXT,
    ],
    "HTTP/2": [receive(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), NEXT, NEXT, NEXT],
    "more content than announced": [
        receive(GET), NEXT, NEXT, response(200, ("Content-Length", "2")), data(b"abc"),
        data(b"abc"),
    ],
    "less content than announced": [
        receive(GET), NEXT, NEXT, response(200, ("Content-Length", "2")), data(b"a"), END, END,
    ],
    "trailers where there is no room": [
        receive(GET), NEXT, NEXT, response(200, ("Content-Length", "0")), TRAILERS,
    ],
    "a chunked response with a length": [
        receive(GET), NEXT, NEXT,
        response(200, ("Transfer-Encoding", "chunked"), ("Content-Length", "3")), data(b"abc"), END,
    ],
    "content that another writes": [
        receive(GET), NEXT, NEXT, response(200),
        ("pass", "Data", {"data": b"abc"}), ("pass", "EndOfMessage", {}),
    ],
    "a response that was not delivered": [receive(GET), NEXT, NEXT, ("failed",), response(200)],
    "a cycle too early": [receive(GET), NEXT, CYCLE, NEXT, CYCLE],
    "what a server does not send": [receive(GET), NEXT, NEXT, request()],
    "an option that is not close": [
        receive(b"GET / HTTP/1.0\r\n\r\n"), NEXT, NEXT,
        response(200, ("Connection", "keep-alive, x"), ("Content-Length", "0")), END,
    ],
    "lists of equal lengths": [
        receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx"), NEXT, NEXT, NEXT,
    ],
    "two hosts": [receive(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), NEXT],
    "no host": [receive(b"GET / HTTP/1.1\r\n\r\n"), NEXT],
}  # fmt: skip

CLIENTS: dict[str, list[Step]] = {
    "two exchanges": [
        request(), END, receive(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
        NEXT, NEXT, NEXT, NEXT, CYCLE, request("HEAD"), END,
        receive(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), NEXT, NEXT, NEXT,
    ],
    "content by length": [request("POST", ("Content-Length", "3")), data(b"abc"), END],
    "content in chunks": [
        request("POST", ("Transfer-Encoding", "chunked")), data(b"abc"), data(b""), TRAILERS,
    ],
    "host first": [
        send("Request", method="GET", target="/", headers=[("X", "1"), ("hOsT", "a")]), END,
    ],
    "a response in chunks": [
        request(), END,
        receive(b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nb"),
        NEXT, NEXT, NEXT, NEXT, receive(b"c\r\n0\r\n\r\n"), NEXT, NEXT, NEXT, CYCLE,
    ],
    "a switch": [
        request("GET", *SWITCH), END, NEXT,
        receive(b"HTTP/1.1 101 S\r\nUpgrade: ws\r\nConnection: upgrade\r\n\r\nrest"), NEXT, NEXT,
    ],
    "no switch": [
        request("GET", *SWITCH), END, receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        NEXT, NEXT, CYCLE,
    ],
    "a tunnel": [
        send("Request", method="CONNECT", target="a:1", headers=[("Host", "a:1")]), END,
        receive(b"HTTP/1.1 200 OK\r\n\r\nhello"), NEXT, NEXT,
    ],
    "a server of HTTP/1.0": [
        request(), END, receive(b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"), NEXT, NEXT, NEXT,
        CYCLE,
    ],
    "a server that closes": [
        request(), END,
        receive(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), NEXT, NEXT,
        receive(b""), NEXT, CYCLE,
    ],
    "lines that end with LF, and folded ones": [
        request(), END, receive(b"HTTP/1.1 200 OK\nA: b\n\tc\nContent-Length: 1\n\nx"), NEXT, NEXT,
        NEXT,
    ],
    "what is no response": [request(), END, receive(b"nonsense\r\n\r\n"), NEXT, NEXT],
    "an answer before the request is whole": [
        request("POST", ("Content-Length", "3")),
        receive(b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"), NEXT, NEXT, data(b"abc"), END,
        CYCLE,
    ],
    "an end in place of a response": [request(), END, receive(b""), NEXT, NEXT],
    "another version": [
        send("Request", method="GET", target="/", headers=HOST, http_version="1.1"), END,
    ],
}  # fmt: skip


@pytest.mark.parametrize("steps", SERVERS.values(), ids=SERVERS)
def test_a_server_shows_what_one_of_h11_shows(steps: list[Step]) -> None:
    assert difference("SERVER", steps) is None


@pytest.mark.parametrize("steps", CLIENTS.values(), ids=CLIENTS)
def test_a_client_shows_what_one_of_h11_shows(steps: list[Step]) -> None:
    assert difference("CLIENT", steps) is None


@pytest.mark.parametrize(("role", "conversations"), [("SERVER", SERVERS), ("CLIENT", CLIENTS)])
def test_no_cut_of_the_input_changes_what_is_told(
    role: str, conversations: dict[str, list[Step]]
) -> None:
    for name, steps in conversations.items():
        whole, cut = End(OURS, role), End(OURS, role)
        for step in steps:
            if step[0] == "receive" and step[1]:
                assert whole.result(step) is None or name == "bytes behind the end"
                for octet in step[1]:
                    cut.result(("receive", bytes((octet,))))
            elif step != NEXT:
                assert cut.result(step) == whole.result(step), name
                continue
            # Content may come in other pieces, and asking for more of it changes nothing.
            assert heard(cut) == heard(whole), (name, step)
        assert cut.states() == whole.states(), name


def first(result: Any) -> object:
    """The name of an event or an exception, or what else there is."""
    return result[0] if isinstance(result, tuple) else result


LAST = {"ConnectionClosed", "RemoteProtocolError"}


def heard(end: End) -> list[object]:
    """All that can be heard now, with content joined."""
    told: list[object] = []
    content = b""
    for _ in range(100):
        event: Any = end.result(NEXT)
        if event in ("NEED_DATA", "PAUSED") or event[0] in (
            "ConnectionClosed",
            "RemoteProtocolError",
        ):
            return [*told, content, event]
        if event[0] == "Data":
            content += event[6]
        else:
            told.append(event)
    raise AssertionError("no end of events")


# What each library makes of input where they differ on purpose: docs/compat/h11.md has the reasons.
HEARD_OTHERWISE: dict[str, tuple[str, bytes, str, str]] = {
    "Transfer-Encoding and Content-Length": (
        "SERVER",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "Transfer-Encoding in HTTP/1.0": (
        "SERVER",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "a folded line in a request": (
        "SERVER",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "LF alone in a request": (
        "SERVER",
        b"GET / HTTP/1.1\nHost: a\n\n",
        "Request",
        "RemoteProtocolError",
    ),
    "a control in a value": (
        "SERVER",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: \x01\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "another host than that of the target": (
        "SERVER",
        b"GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "a version that is none": (
        "SERVER",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "an empty line before a request": (
        "SERVER",
        b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "RemoteProtocolError",
        "Request",
    ),
    "more headers than anybody needs": (
        "SERVER",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 1001 + b"\r\n",
        "Request",
        "RemoteProtocolError",
    ),
    "a response that nobody asked for": (
        "CLIENT",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "Response",
        "RemoteProtocolError",
    ),
}


@pytest.mark.parametrize("case", HEARD_OTHERWISE.values(), ids=HEARD_OTHERWISE)
def test_what_is_heard_otherwise_than_by_h11(case: tuple[str, bytes, str, str]) -> None:
    role, octets, theirs, mine = case
    for module, expected in ((THEIRS, theirs), (OURS, mine)):
        end = End(module, role)
        end.result(receive(octets))
        told: Any = end.result(NEXT)
        assert told[0] == expected


@pytest.mark.parametrize("octets", [b"\x16\x03\x01", b"what is this\r\n\r\nmore"])
def test_what_is_no_request_is_dropped(octets: bytes) -> None:
    for module, kept in ((THEIRS, octets[-4:]), (OURS, b"")):
        end = End(module, "SERVER")
        end.result(receive(octets))
        assert end.result(NEXT) == ("RemoteProtocolError", 400), "early, if need be"
        assert bytes(end.connection.trailing_data[0]).endswith(kept)
    assert End(OURS, "SERVER").connection.trailing_data == (b"", False)


def test_a_refusal_of_content_that_is_waited_for_is_the_last_response() -> None:
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    for module, said in ((THEIRS, b""), (OURS, b"Connection: close\r\n")):
        end = End(module, "SERVER")
        for step in (receive(head), NEXT):
            end.result(step)
        refusal = end.result(response(417, ("Content-Length", "0")))
        assert refusal == b"HTTP/1.1 417 \r\nContent-Length: 0\r\n" + said + b"\r\n", (
            "nobody knows whether the content will come: RFC 9110 §10.1.1"
        )


def test_an_expectation_that_nobody_knows_is_417() -> None:
    for module, told in ((THEIRS, "Request"), (OURS, "RemoteProtocolError")):
        end = End(module, "SERVER")
        end.result(receive(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n"))
        result: Any = end.result(NEXT)
        assert result[0] == told
        assert told == "Request" or result[1] == 417, "RFC 9110 §10.1.1"


def test_a_response_that_ends_with_the_connection_is_known_to_be_the_last() -> None:
    steps = [request(), END, receive(b"HTTP/1.1 200 OK\r\n\r\nabc"), NEXT]
    after = [NEXT, NEXT, receive(b""), NEXT, NEXT, CYCLE]
    for module, state in ((THEIRS, "DONE"), (OURS, "MUST_CLOSE")):
        end = End(module, "CLIENT")
        for step in steps:
            end.result(step)
        assert end.states() == {"CLIENT": state, "SERVER": "SEND_BODY"}, "known from the head on"
        results = [end.result(step) for step in after]
        assert [first(each) for each in results] == [
            "Data", "NEED_DATA", None, "EndOfMessage", "ConnectionClosed", "LocalProtocolError",
        ]  # fmt: skip


def test_early_hints_do_not_end_the_wait_for_100() -> None:
    waits = request("PUT", ("Expect", "100-continue"), ("Content-Length", "1"))
    for module, waiting in ((THEIRS, False), (OURS, True)):
        end = End(module, "CLIENT")
        for step in (waits, receive(b"HTTP/1.1 103 Early\r\n\r\n"), NEXT):
            end.result(step)
        assert end.connection.client_is_waiting_for_100_continue is waiting, "RFC 9110 §10.1.1"
        for step in (receive(b"HTTP/1.1 100 Go\r\n\r\n"), NEXT):
            end.result(step)
        assert end.connection.client_is_waiting_for_100_continue is False


def test_a_client_of_http_1_0_hears_no_interim_response() -> None:
    for module, said in ((THEIRS, b"HTTP/1.1 103 \r\n\r\n"), (OURS, ("LocalProtocolError", 400))):
        end = End(module, "SERVER")
        for step in (receive(b"GET / HTTP/1.0\r\n\r\n"), NEXT, NEXT):
            end.result(step)
        assert end.result(interim(103)) == said, "RFC 9110 §15.2: MUST NOT"


def test_an_open_tunnel_has_no_length() -> None:
    for module, said in ((THEIRS, b"Content-Length: 3\r\n"), (OURS, b"")):
        end = End(module, "SERVER")
        for step in (receive(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), NEXT, NEXT):
            end.result(step)
        told = end.result(response(200, ("Content-Length", "3")))
        assert told == b"HTTP/1.1 200 \r\n" + said + b"\r\n", "RFC 9110 §9.3.6: MUST NOT"


def test_content_behind_the_last_response_is_not_told() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    for module, told in ((THEIRS, "Data"), (OURS, "NEED_DATA")):
        end = End(module, "SERVER")
        last = response(200, ("Connection", "close"), ("Content-Length", "0"))
        for step in (receive(head), NEXT, last, END, receive(b"abc")):
            end.result(step)
        event: Any = end.result(NEXT)
        assert told in (event, event[0]), "nobody waits for it"


def test_an_upgrade_that_connection_does_not_list_is_none() -> None:
    for module, state in ((THEIRS, "MIGHT_SWITCH_PROTOCOL"), (OURS, "DONE")):
        end = End(module, "SERVER")
        end.result(receive(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws\r\n\r\n"))
        end.result(NEXT)
        end.result(NEXT)
        assert end.states()["CLIENT"] == state, "RFC 9110 §7.8: it is to be listed there"


def test_a_transfer_coding_that_hides_the_end_is_400() -> None:
    for module, hint in ((THEIRS, 501), (OURS, 400)):
        end = End(module, "SERVER")
        end.result(receive(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"))
        assert end.result(NEXT) == ("RemoteProtocolError", hint), "RFC 9112 §6.3, rule 4"


def test_a_response_before_any_request_is_the_last() -> None:
    for module, said in ((THEIRS, b""), (OURS, b"Connection: close\r\n")):
        end = End(module, "SERVER")
        told = end.result(response(408, ("Content-Length", "0")))
        assert told == b"HTTP/1.1 408 \r\nContent-Length: 0\r\n" + said + b"\r\n"


def test_a_call_that_is_refused_leaves_the_other_end_as_it_was() -> None:
    for module, theirs in ((THEIRS, "SEND_RESPONSE"), (OURS, "IDLE")):
        end = End(module, "CLIENT")
        old = send("Request", method="GET", target="/", headers=HOST, http_version="1.0")
        assert end.result(old) == ("LocalProtocolError", 400)
        assert end.states() == {"CLIENT": "ERROR", "SERVER": theirs}


@pytest.mark.parametrize("size", [100, 1000])
@pytest.mark.parametrize(
    "octets", [b"GET /" + b"a" * 2000, b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 2000]
)
def test_what_stays_incomplete_is_bounded(size: int, octets: bytes) -> None:
    steps = [receive(octets[:size]), NEXT, receive(octets[size:]), NEXT]
    assert difference("SERVER", steps, max_incomplete_event_size=size) is None
    end = End(OURS, "SERVER", max_incomplete_event_size=size)
    results = [end.result(step) for step in steps]
    assert results == [None, "NEED_DATA", None, ("RemoteProtocolError", 431)]


@pytest.mark.parametrize(
    "octets", [[b"GET /" + b"a" * 20_000], [b"GET / HTTP/1.1\r\nHost: a\r\n", b""]]
)
def test_what_never_became_a_request_is_answered_all_the_same(octets: list[bytes]) -> None:
    steps = [*map(receive, octets), NEXT, response(400, ("Connection", "close")), data(b"no"), END]
    ends = [End(module, "SERVER") for module in (OURS, THEIRS)]
    mine, theirs = ([end.result(step) for step in steps] for end in ends)
    assert mine == theirs
    assert mine[-3:] == [
        b"HTTP/1.1 400 \r\nConnection: close\r\n\r\n",
        b"no",
        b"",
    ], "chunks are for clients that are known to know them"


def test_content_for_another_to_write_is_the_very_object() -> None:
    class File:
        def __len__(self) -> int:
            return 5

    content: Any = File()
    for module in (OURS, THEIRS):
        end = End(module, "SERVER")
        for step in (receive(GET), NEXT, NEXT, response(200)):
            end.result(step)
        pieces = end.connection.send_with_data_passthrough(module.Data(data=content))
        assert pieces == [b"5\r\n", content, b"\r\n"]
        assert pieces[1] is content


@pytest.mark.parametrize("octets", [bytearray(GET), memoryview(GET)])
def test_any_buffer_may_come_and_go(octets: bytearray | memoryview) -> None:
    assert difference("SERVER", [("receive", octets), NEXT, NEXT]) is None
    steps = [receive(GET), NEXT, NEXT, response(200), send("Data", data=octets), END]
    assert difference("SERVER", steps) is None


@pytest.mark.parametrize("role", [None, "CLIENT", ours.IDLE])
def test_a_role_that_is_none_is_refused(role: Any) -> None:
    with pytest.raises(ValueError, match="CLIENT or SERVER"):
        ours.Connection(role)


def test_two_ends_talk_to_each_other_for_many_cycles() -> None:
    client, server = ours.Connection(ours.CLIENT), ours.Connection(ours.SERVER)
    for number in range(50):
        size = number * 37
        length = [("Content-Length", str(size))] if number % 2 else []
        asked = client.send(ours.Request(method="GET", target=f"/{number}", headers=HOST)) or b""
        server.receive_data(asked + (client.send(ours.EndOfMessage()) or b""))
        event = server.next_event()
        assert isinstance(event, ours.Request)
        assert event.target == b"/%d" % number
        assert isinstance(server.next_event(), ours.EndOfMessage)
        for said in (
            ours.Response(status_code=200, headers=length),
            ours.Data(data=b"x" * size),
            ours.EndOfMessage(),
        ):
            if octets := server.send(said):  # an empty one would be the end of input
                client.receive_data(octets)
        content = b""
        assert isinstance(client.next_event(), ours.Response)
        while isinstance(piece := client.next_event(), ours.Data):
            content += piece.data
        assert isinstance(piece, ours.EndOfMessage)
        assert content == b"x" * size
        client.start_next_cycle()
        server.start_next_cycle()
    assert shown(server.next_event()) == "NEED_DATA"
