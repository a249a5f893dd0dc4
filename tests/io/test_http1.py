"""HTTP/1.1 on sockets, in both worlds: what it has that HTTP/2 has not, and what it lacks."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from hyper import h1
from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import ConnectionLost, Informational, PeerFaultError, TruncatedBody
from hyper.wire import LocalProtocolError
from tests.support.certificates import Certificates
from tests.support.meeting import Meeting, post
from tests.support.raw_http1 import dialled, get, hear, hear_until, say, shove
from tests.support.strangers import says, stranger
from tests.support.worlds import (
    Client,
    ClientOptions,
    Exchange,
    ServerOptions,
    serving,
    visit,
)

MEGABYTE = 1 << 20
HTTP1 = ClientOptions(versions=(Version.HTTP_1_1,))


async def path_back(exchange: Exchange) -> None:
    """Answers with its path, and what was sent."""
    await exchange.respond(200, (), exchange.path.encode() + await exchange.read())


async def happens(event: threading.Event, world: str) -> None:
    """A handler's wait for what the test does."""
    if world == "sync":
        assert event.wait(20), "it happens soon"
    else:
        assert await asyncio.to_thread(event.wait, 20), "it happens soon"


def unheard(what: str, error: BaseException) -> None:
    """For handlers that fail because their peer does."""


async def version_back(exchange: Exchange) -> None:
    await exchange.respond(200, (), exchange.http_version.encode())


# -- which version -------------------------------------------------------------------------------


@pytest.mark.parametrize("version", list(Version))
def test_one_server_speaks_what_its_client_speaks(
    client_world: str,
    server_world: str,
    secure: bool,
    certificates: Certificates,
    version: Version,
) -> None:
    expected = "2" if version is Version.HTTP_2 else "1.1"

    async def scenario(client: Client) -> None:
        assert client.http_version == expected, "the connection"
        response = await client.request("GET", "/")
        assert response.http_version == expected, "its responses"
        assert await response.read() == expected.encode(), "and what the server saw"
        assert response.reason == ("" if expected == "2" else "OK"), "HTTP/2 has no phrases"

    server = ServerOptions(ssl=certificates.server() if secure else None)
    client = ClientOptions(
        ssl=certificates.client((version,)) if secure else None, versions=(version,)
    )
    with serving(server_world, version_back, server) as running:
        visit(client_world, running.address, scenario, client)


def test_the_best_version_that_both_have_is_spoken(
    client_world: str, server_world: str, certificates: Certificates
) -> None:
    spoken: list[str] = []

    async def scenario(client: Client) -> None:
        spoken.append(client.http_version)
        await client.request("GET", "/")

    server = ServerOptions(ssl=certificates.server())
    with serving(server_world, version_back, server) as running:
        for offered in (["http/1.1", "h2"], ["http/1.1"], []):
            context = certificates.client()
            if not offered:
                context = ssl.create_default_context(cafile=certificates.authority)
            else:
                context.set_alpn_protocols(offered)
            visit(client_world, running.address, scenario, ClientOptions(ssl=context))
    assert spoken == ["2", "1.1", "1.1"], "RFC 9113 §3.2: h2 is what ALPN says, and nothing else"


def test_a_server_of_one_version_takes_no_other(server_world: str) -> None:
    one = ServerOptions(versions=(Version.HTTP_1_1,))
    with serving(server_world, version_back, one) as running:
        assert say(running.address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").startswith(b"HTTP/1.1 "), (
            "the preface was made to fail as a request"
        )


def test_a_preface_may_come_byte_by_byte(server_world: str) -> None:
    with serving(server_world, version_back, ServerOptions()) as running:
        with dialled(running.address) as sock:
            for octet in b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":
                sock.sendall(bytes([octet]))
            assert hear(sock, 9)[3] == 0x4, "SETTINGS: it was HTTP/2"
        with dialled(running.address) as sock:
            for octet in b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n":
                sock.sendall(bytes([octet]))
            assert hear(sock, 15) == b"HTTP/1.1 200 OK", "and this was not"


# -- keeping a connection ------------------------------------------------------------------------


def test_one_connection_is_used_again_and_again(http1: Meeting) -> None:
    peers: set[int] = set()

    async def handler(exchange: Exchange) -> None:
        peers.add(exchange.stream_id)
        await path_back(exchange)

    async def scenario(client: Client) -> None:
        for number in range(20):
            response = await client.request("POST", f"/{number}", body=b"!")
            assert await response.read() == b"/%d!" % number, "each its own answer"
        assert client.can_open, "and there may be more"

    http1.hold(handler, scenario)
    assert peers == set(range(1, 21)), "all of them over the same"


def test_requests_that_are_sent_ahead_are_answered_in_order(server_world: str) -> None:
    with serving(server_world, path_back, ServerOptions()) as running:
        said = b"".join([get(f"/{number}") for number in range(50)])
        answers = say(running.address, said + get("/last", "Connection: close"))
    bodies = [answer.rpartition(b"\r\n\r\n")[2] for answer in answers.split(b"HTTP/1.1 200 OK")]
    expected = [b"", *[b"/%d" % number for number in range(50)], b"/last"]
    assert bodies == expected, "RFC 9112 §9.3.2"


def test_what_is_asked_meanwhile_waits_for_its_turn(http1: Meeting) -> None:
    async def scenario(client: Client) -> None:
        streams = [client.open(post(f"/{number}")) for number in range(5)]
        for stream in streams:
            await stream.write(b"a")
        for stream in reversed(streams):
            await stream.end()
        for number, stream in enumerate(streams):
            response = await stream.response()
            assert await response.read() == b"/%da" % number, "each its own answer"

    http1.hold(path_back, scenario)


def test_a_response_that_is_left_unread_takes_the_connection_along(http1: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, (), bytes(10 * MEGABYTE))

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        response.reset()
        assert not client.can_open, "RFC 9112 §9.6: there is no other way"
        with pytest.raises(ConnectionLost) as caught:
            await client.request("GET", "/")
        assert caught.value.retryable, "nothing was sent: ask elsewhere"

    http1.hold(handler, scenario)


def test_a_server_that_closes_is_asked_no_more(client_world: str) -> None:
    async def scenario(client: Client) -> None:
        first = await client.request("GET", "/")
        assert await first.read() == b"ok", "the answer is whole"
        assert not client.can_open, "RFC 9112 §9.6: and the last"
        with pytest.raises(ConnectionLost) as caught:
            await client.request("GET", "/")
        assert caught.value.retryable, "nothing was sent: ask elsewhere"

    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    with stranger(says(closing)) as address:
        visit(client_world, address, scenario, HTTP1)


# -- bodies --------------------------------------------------------------------------------------


def test_an_application_that_does_not_read_holds_its_client_back(server_world: str) -> None:
    # HTTP/1.1 has no windows: all that can be done is not to read.
    go_on = threading.Event()
    size = 64 * MEGABYTE
    read: list[int] = []
    held: list[int] = []

    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        await exchange.write(b"x")
        await happens(go_on, server_world)
        while chunk := await exchange.receive():
            read.append(len(chunk))
        await exchange.end()

    limits = Limits(stream_window=MEGABYTE)
    with (
        serving(server_world, handler, ServerOptions(limits=limits)) as running,
        dialled(running.address) as sock,
    ):
        sock.sendall(get("/", f"Content-Length: {size}", method="POST"))
        head = hear_until(sock, b"1\r\nx\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK"), "the handler is at work"
        held.append(shove(sock, bytes(MEGABYTE), size))
        # A window of ours, and what the kernel takes for both ends of the socket.
        assert held[0] < size // 2, "a client that sends for ever is held back"
        go_on.set()
        sock.settimeout(20)
        sock.sendall(bytes(size - held[0]))
        assert hear_until(sock, b"0\r\n\r\n"), "and goes on when it is read"
    assert sum(read) == size, "nothing of it was lost"


def test_a_client_that_does_not_read_holds_its_server_back(
    client_world: str, server_world: str
) -> None:
    written: list[int] = []
    whole = 64 * MEGABYTE

    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        for _ in range(64):
            await exchange.write(bytes(MEGABYTE))
            written.append(MEGABYTE)
        await exchange.end()

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        taken = len(await response.receive())
        # What is not taken here is not read from the socket, so that it is not written there.
        behind = 0
        while chunk := await response.receive():
            taken += len(chunk)
            behind = max(behind, sum(written) - taken)
        assert taken == whole, "to the last byte"
        assert behind < whole // 2, "the handler never was far ahead"

    limits = Limits(stream_window=MEGABYTE)
    options = ClientOptions(versions=(Version.HTTP_1_1,), limits=limits)
    with serving(server_world, handler, ServerOptions()) as running:
        visit(client_world, running.address, scenario, options)


def test_content_that_nobody_wanted_is_read_if_it_is_little(server_world: str) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.respond(404, (), b"no")

    little = get("/", "Content-Length: 1000", method="POST") + bytes(1000)
    with serving(server_world, handler, ServerOptions()) as running:
        answers = say(running.address, little * 2 + get("/", "Connection: close"))
        assert answers.count(b"HTTP/1.1 404 ") == 3, "RFC 9112 §9.3: the connection goes on"
        much = get("/", f"Content-Length: {10 * MEGABYTE}", method="POST") + bytes(MEGABYTE)
        with dialled(running.address) as sock:
            sock.sendall(much)
            answer = hear_until(sock, b"no")
            assert answer.startswith(b"HTTP/1.1 404 "), "the answer is not lost"
            assert sock.recv(1) == b"", "but nobody reads ten megabytes for nothing"


def test_a_client_that_waits_to_be_told_is_told(server_world: str) -> None:
    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/no":
            await exchange.respond(417, (), b"no")
        else:
            await path_back(exchange)

    head = ("Content-Length: 2", "Expect: 100-continue")
    with serving(server_world, handler, ServerOptions()) as running:
        with dialled(running.address) as sock:
            sock.sendall(get("/yes", *head, method="POST"))
            assert hear(sock, 25) == b"HTTP/1.1 100 Continue\r\n\r\n", (
                "RFC 9110 §10.1.1: on reading"
            )
            sock.sendall(b"hi")
            assert hear_until(sock, b"/yeshi").startswith(b"HTTP/1.1 200 "), "then it is answered"
        answer = say(running.address, get("/no", *head, method="POST"))
        assert answer.startswith(b"HTTP/1.1 417 "), "or it is refused"
        assert b"connection: close" in answer.lower(), "nobody knows whether the content comes"


def test_a_client_of_ours_waits_to_be_told(either: Meeting) -> None:
    taken: list[str] = []

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/no":
            await exchange.respond(413, (), b"no")
        else:
            await path_back(exchange)

    def body(path: str) -> list[bytes]:
        class Noted(list[bytes]):
            def __iter__(self) -> Iterator[bytes]:
                taken.append(path)
                return super().__iter__()

        return Noted([b"a", b"b"])

    async def scenario(client: Client) -> None:
        told: list[Informational] = []
        expect = [(b"expect", b"100-continue")]
        response = await client.request(
            "POST", "/yes", fields=expect, body=body("/yes"), on_informational=told.append
        )
        assert [news.status for news in told] == [100], "the server reads"
        assert await response.read() == b"/yesab", "and gets it"
        response = await client.request("POST", "/no", fields=expect, body=body("/no"))
        assert response.status == 413, "the server does not read"
        assert await response.read() == b"no", "but it answers"
        response.reset()

    either.hold(handler, scenario)
    assert taken == ["/yes"], "RFC 9110 §10.1.1: what is refused is not sent"


# -- other peers ---------------------------------------------------------------------------------


def test_a_client_of_http_1_0_is_answered_as_it_can_read(server_world: str) -> None:
    async def handler(exchange: Exchange) -> None:
        assert exchange.http_version == "1.0", "as it says"
        await exchange.send_informational(103)
        await exchange.start(200)
        await exchange.write(b"one ")
        await exchange.write(b"two")
        await exchange.end([(b"x-sum", b"1")])

    with serving(server_world, handler, ServerOptions()) as running:
        answer = say(running.address, b"GET / HTTP/1.0\r\n\r\n")
    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK"), "RFC 9110 §15.2: and no 103 before it"
    assert b"transfer-encoding" not in head.lower(), "RFC 9112 §6.1: it knows no chunks"
    assert content == b"one two", "the end of the connection is the end of it"


def test_a_client_that_closes_its_side_gets_its_answers(server_world: str) -> None:
    with serving(server_world, path_back, ServerOptions()) as running:
        answers = say(running.address, get("/1") + get("/2") + get("/3"), last=True)
    assert answers.count(b"HTTP/1.1 200 OK") == 3, "RFC 9112 §9.6: it listens still"
    assert answers.endswith(b"/3"), "to the last of them"


def test_a_request_that_is_cut_short_is_told_to_its_handler(server_world: str) -> None:
    heard: list[BaseException] = []
    ended = threading.Event()

    async def handler(exchange: Exchange) -> None:
        try:
            await exchange.read()
        except TruncatedBody as error:
            heard.append(error)
            raise
        finally:
            ended.set()

    with serving(server_world, handler, ServerOptions()) as running:
        said = get("/", "Content-Length: 10", method="POST") + b"123"
        answer = say(running.address, said, last=True)
        assert ended.wait(10), "it does not wait on"
    assert answer.startswith(b"HTTP/1.1 400 "), "RFC 9112 §8: it may still be read"
    assert isinstance(heard[0], TruncatedBody), "what came is not all"
    assert heard[0].received == 3, "and this much"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", TruncatedBody),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", TruncatedBody),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", PeerFaultError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", PeerFaultError),
        (b"HTTP/1.1 200 OK\r\nContent", ConnectionLost),
        (b"", ConnectionLost),
    ],
    ids=["length", "chunks", "a bad chunk", "two lengths", "half a head", "nothing"],
)
def test_an_answer_that_is_not_whole_is_an_error(
    client_world: str, said: bytes, kind: type[Exception]
) -> None:
    async def scenario(client: Client) -> None:
        with pytest.raises(kind) as caught:
            await (await client.request("GET", "/")).read()
        assert type(caught.value) is kind, "this and none below it"
        assert "\n" not in str(caught.value), "one line"

    def script(sock: socket.socket) -> None:
        hear_until(sock, b"\r\n\r\n")
        sock.sendall(said)
        sock.shutdown(socket.SHUT_WR)
        hear_until(sock, b"for ever")

    with stranger(script) as address:
        visit(client_world, address, scenario, HTTP1)


def test_an_answer_without_a_length_ends_with_the_connection(client_world: str) -> None:
    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        assert (response.http_version, response.reason) == ("1.0", "Fine"), "as it says"
        assert await response.read() == b"to the end", "RFC 9112 §6.3"

    def script(sock: socket.socket) -> None:
        hear_until(sock, b"\r\n\r\n")
        sock.sendall(b"HTTP/1.0 200 Fine\r\n\r\nto the end")
        sock.shutdown(socket.SHUT_WR)
        hear_until(sock, b"for ever")

    with stranger(script) as address:
        visit(client_world, address, scenario, HTTP1)


def test_a_tunnel_carries_bytes_both_ways(http1: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        assert (exchange.method, exchange.authority) == ("CONNECT", "example.org:443")
        await exchange.start(200)
        async for chunk in exchange:
            await exchange.write(chunk.upper())
            if chunk.endswith(b"."):
                break
        await exchange.end()

    async def scenario(client: Client) -> None:
        stream = client.open([(b":method", b"CONNECT"), (b":authority", b"example.org:443")])
        response = await stream.response()
        assert response.status == 200, "RFC 9110 §9.3.6: the tunnel is there"
        for said in (b"one", b"two."):
            await stream.write(said)
            assert await response.receive() == said.upper(), "as it came"
        assert await response.receive() == b"", "until one side ends it"

    http1.hold(handler, scenario)


def test_http_1_1_has_no_ping(http1: Meeting) -> None:
    async def scenario(client: Client) -> None:
        with pytest.raises(LocalProtocolError, match="no PING"):
            await client.ping()
        assert (await client.request("GET", "/")).status == 200, "nothing has changed"

    http1.hold(path_back, scenario)


def test_a_server_that_stops_finishes_what_is_under_way(server_world: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/slow":
            begun.set()
            await happens(go_on, server_world)
        await exchange.respond(200, (), b"done")

    with serving(server_world, handler, ServerOptions()) as running:
        with dialled(running.address) as busy, dialled(running.address) as idle:
            busy.sendall(get("/slow"))
            assert begun.wait(10), "the handler is at work"
            idle.sendall(get("/"))
            hear_until(idle, b"done")
            closing = threading.Thread(target=running.close, args=(10.0,))
            closing.start()
            assert idle.recv(1) == b"", "nothing is under way here"
            go_on.set()
            answer = hear_until(busy, b"done")
            assert b"connection: close" in answer.lower(), "RFC 9112 §9.6: the last"
            assert busy.recv(1) == b"", "and then the end"
        closing.join(10)


# -- attacks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        (get("/", "Content-Length: 1", "Transfer-Encoding: chunked", method="POST"), 400),
        (get("/", "Content-Length: 1, 1", method="POST"), 400),
        (get("/", "Transfer-Encoding: gzip, chunked", method="POST"), 501),
        (get("/", "X : y"), 400),
        (get("/", "X: y\r\n z"), 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (get("/", "X: a\0b"), 400),
        (get("/" + "a" * 10_000), 414),
        (get("/", "X: " + "a" * 20_000), 431),
        (get("/", *["X: y"] * 200), 431),
        (get("/", version="2.0"), 505),
        (get("/", version="1.10"), 400),
        (get("/", "Transfer-Encoding: chunked", method="POST") + b"-1\r\n", 400),
        (get("/", "Transfer-Encoding: chunked", method="POST") + b"1;" + b"a" * 1_000, 400),
    ],
    ids=[
        "no host",
        "two hosts",
        "smuggling",
        "list of lengths",
        "coding",
        "space before the colon",
        "folded",
        "bare LF",
        "NUL",
        "long line",
        "long field",
        "many fields",
        "version",
        "odd version",
        "negative chunk",
        "chunk extension",
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(
    server_world: str, said: bytes, status: int
) -> None:
    with serving(server_world, path_back, ServerOptions()) as running:
        answer = say(running.address, said + get("/smuggled"))
        assert answer.startswith(b"HTTP/1.1 %d " % status), "with the status for it"
        assert answer.count(b"HTTP/1.1 ") == 1, "and nothing behind it is taken for a request"
        assert b"connection: close" in answer.lower(), "RFC 9112 §9.6"
        assert say(running.address, get("/", "Connection: close")).endswith(b"/"), "others go on"


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"", 0), (b"PRI * ", 0), (b"GET / HT", 408), (get("/")[:-2] + b"X: y", 408)],
    ids=["nothing", "half a preface", "half a line", "half a head"],
)
def test_a_client_that_is_too_slow_is_dropped(server_world: str, said: bytes, status: int) -> None:
    quick = h1.Limits(first_byte_timeout=0.1, head_timeout=0.1)
    with serving(server_world, path_back, ServerOptions(http1_limits=quick)) as running:
        answer = say(running.address, said)
    assert answer.startswith(b"HTTP/1.1 %d " % status if status else b""), "Slowloris"
    assert bool(answer) == bool(status), "who has said nothing of a request is not answered"


def test_content_that_stops_coming_is_not_waited_for(server_world: str) -> None:
    quick = h1.Limits(body_grace=0.1, body_timeout=0.1)
    options = ServerOptions(http1_limits=quick, on_error=unheard)
    with serving(server_world, path_back, options) as running:
        head = get("/", "Content-Length: 10", method="POST")
        answer = say(running.address, head + b"123")
    assert answer.startswith(b"HTTP/1.1 408 "), "RFC 9110 §15.5.9"


@pytest.mark.parametrize(
    "endless",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100_000,
        b"GET /" + b"a" * MEGABYTE,
        get("/", "Transfer-Encoding: chunked", method="POST") + b"1;a=b\r\nx\r\n" * 100_000,
        get("/", "Transfer-Encoding: chunked", method="POST") + b"0\r\n" + b"X: y\r\n" * 100_000,
    ],
    ids=["fields", "line", "chunks", "trailers"],
)
def test_what_has_no_end_is_cut_off(server_world: str, endless: bytes) -> None:
    options = ServerOptions(on_error=unheard)
    with (
        serving(server_world, path_back, options) as running,
        dialled(running.address) as sock,
    ):
        try:
            sock.sendall(endless)
            sock.shutdown(socket.SHUT_WR)
            answer = hear_until(sock, b"for ever")
        except OSError:
            answer = b""  # it was closed in our face, which will do
    assert not answer or answer.startswith(b"HTTP/1.1 4"), "a limit strikes, and it is over"


def test_a_client_that_asks_and_does_not_listen_is_held_back(server_world: str) -> None:
    asked: list[str] = []

    async def handler(exchange: Exchange) -> None:
        asked.append(exchange.path)
        await exchange.respond(200, (), bytes(100_000))

    with (
        serving(server_world, handler, ServerOptions()) as running,
        dialled(running.address) as sock,
    ):
        went = shove(sock, get("/") * 1_000, 64 * MEGABYTE)
    assert went < 32 * MEGABYTE, "the kernel holds what we do not read"
    assert len(asked) < 500, "answers that nobody takes are not made"
