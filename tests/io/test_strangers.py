"""Peers that do not do as they should: each gives one clear line, in either world."""

import socket
import ssl

import pytest

from hyper.frame import PREFACE, ErrorCode, pack_data, pack_goaway, pack_settings
from hyper.h2 import Connection, Data, Event, Limits, PeerFault, Request, Reset, Response
from hyper.http import Version
from hyper.io import (
    ConnectError,
    ConnectionLost,
    GoneAway,
    NoHTTP2Error,
    PeerFaultError,
    TimedOut,
    Timeouts,
    TLSError,
    TruncatedBody,
    client_context,
)
from hyper.wire import Field, HyperError, Role
from tests.support.certificates import Certificates
from tests.support.strangers import (
    falls_silent,
    half_an_answer,
    no_answer,
    says,
    silent,
    stranger,
)
from tests.support.worlds import (
    Client,
    ClientOptions,
    Exchange,
    ServerOptions,
    serving,
    visit,
)


async def nothing(client: Client) -> None:
    """Connecting is all there is to see."""


async def get(client: Client) -> None:
    await (await client.request("GET", "/")).read()


async def hello(exchange: Exchange) -> None:
    await exchange.respond(200, (), b"hello")


_HEAD: list[Field] = [(b":scheme", b"http"), (b":authority", b"a")]


def one_line(error: HyperError) -> str:
    text = str(error)
    assert text, "an error says something"
    assert "\n" not in text, "and says it in one line"
    return text


# -- connecting ------------------------------------------------------------------------------


def test_a_refused_connection_says_so(client_world: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(ConnectError) as caught:
            visit(client_world, ("127.0.0.1", port), nothing)
    assert one_line(caught.value) == (f"cannot connect to 127.0.0.1:{port}: Connection refused"), (
        "what was tried, and what came of it"
    )
    assert caught.value.retryable, "nothing was sent"
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", port), "for programs"


def test_a_name_that_cannot_be_one_says_so(client_world: str) -> None:
    # No resolver is asked for this: a label of DNS has at most 63 octets.
    with pytest.raises(ConnectError, match="cannot connect to") as caught:
        visit(client_world, (f"{'a' * 64}.invalid", 1), nothing)
    one_line(caught.value)


def test_a_peer_that_does_not_accept_times_out(client_world: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        # The queue of the kernel holds one; who comes then hears nothing at all.
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)
            with pytest.raises(TimedOut, match=r"an answer within 0\.1 s") as caught:
                visit(client_world, address, nothing, ClientOptions(timeouts=Timeouts(connect=0.1)))
    assert caught.value.phase == "connect", "it says at what"
    assert isinstance(caught.value, TimeoutError), "it is Python's timeout as well"


def test_a_peer_that_never_finishes_tls_times_out(
    client_world: str, certificates: Certificates
) -> None:
    options = ClientOptions(ssl=certificates.client(), timeouts=Timeouts(handshake=0.1))
    with stranger(silent) as address, pytest.raises(TimedOut, match="no TLS with") as caught:
        visit(client_world, address, nothing, options)
    assert caught.value.phase == "handshake", "it says at what"
    one_line(caught.value)


def test_a_peer_that_never_says_settings_times_out(client_world: str) -> None:
    options = ClientOptions(timeouts=Timeouts(handshake=0.1))
    with stranger(silent) as address, pytest.raises(TimedOut, match="SETTINGS") as caught:
        visit(client_world, address, nothing, options)
    assert caught.value.phase == "handshake", "it says at what"


def test_a_certificate_nobody_vouches_for_is_refused(
    client_world: str, certificates: Certificates
) -> None:
    options = ServerOptions(ssl=certificates.server())
    with serving("sync", hello, options) as server, pytest.raises(TLSError) as caught:
        visit(client_world, server.address, nothing, ClientOptions(ssl=client_context()))
    assert "the certificate does not hold" in one_line(caught.value), "what is wrong"


def test_a_certificate_for_another_name_is_refused(
    client_world: str, certificates: Certificates
) -> None:
    options = ClientOptions(ssl=certificates.client(), host="127.0.0.2")
    with (
        serving("sync", hello, ServerOptions(ssl=certificates.server())) as server,
        pytest.raises(ConnectError),
    ):
        # Nobody listens on 127.0.0.2, or somebody who cannot prove it: either will do.
        visit(client_world, server.address, nothing, options)


def test_an_insecure_client_takes_any_certificate(
    client_world: str, certificates: Certificates
) -> None:
    options = ClientOptions(ssl=client_context(insecure=True))
    with serving("sync", hello, ServerOptions(ssl=certificates.server())) as server:
        visit(client_world, server.address, get, options)


def test_cleartext_where_tls_is_expected_is_no_tls(
    client_world: str, certificates: Certificates
) -> None:
    with (
        stranger(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as address,
        pytest.raises(TLSError, match="no TLS with") as caught,
    ):
        visit(client_world, address, nothing, ClientOptions(ssl=certificates.client()))
    one_line(caught.value)


@pytest.mark.parametrize(
    ("offered", "came"), [([], "no protocol"), (["http/1.1"], "http/1.1")], ids=["none", "other"]
)
def test_a_server_without_h2_says_so(
    client_world: str, certificates: Certificates, offered: list[str], came: str
) -> None:
    client = certificates.client()
    client.set_alpn_protocols(["h2", "http/1.1"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificates.chain, certificates.key)
    if offered:
        server.set_alpn_protocols(offered)
    with stranger(silent, server) as address, pytest.raises(NoHTTP2Error) as caught:
        visit(client_world, address, nothing, ClientOptions(ssl=client, versions=(Version.HTTP_2,)))
    assert one_line(caught.value).endswith(f"expected h2 to be chosen by ALPN, got {came}"), (
        "RFC 9113 §3.2: what was expected and what came"
    )


def test_a_server_of_another_protocol_is_told_apart(client_world: str) -> None:
    with (
        stranger(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as address,
        pytest.raises(PeerFaultError) as caught,
    ):
        visit(client_world, address, nothing)
    one_line(caught.value)


def test_a_server_that_hangs_up_is_told_apart(client_world: str) -> None:
    with stranger(lambda _: None) as address, pytest.raises(ConnectionLost) as caught:
        visit(client_world, address, nothing)
    one_line(caught.value)


# -- in the middle ---------------------------------------------------------------------------


@pytest.mark.parametrize("secure", [True, False], ids=["tls", "cleartext"])
def test_a_body_that_stops_short_is_truncated(
    client_world: str, certificates: Certificates, secure: bool
) -> None:
    options = ClientOptions(ssl=certificates.client() if secure else None)
    context = certificates.server() if secure else None
    with (
        stranger(half_an_answer, context) as address,
        pytest.raises(TruncatedBody, match="its first 5 bytes") as caught,
    ):
        visit(client_world, address, get, options)
    assert caught.value.received == 5, "for programs"
    one_line(caught.value)


def test_a_connection_that_ends_before_the_answer_is_lost(client_world: str) -> None:
    with stranger(no_answer) as address, pytest.raises(ConnectionLost) as caught:
        visit(client_world, address, get)
    assert not isinstance(caught.value, TruncatedBody), "there was nothing to cut"
    assert not caught.value.retryable, "nobody knows what the peer has done"


def test_a_peer_that_breaks_the_protocol_is_left(client_world: str) -> None:
    nonsense = pack_settings([]) + pack_data(1, b"nobody asked", False)
    with stranger(says(nonsense)) as address, pytest.raises(PeerFaultError) as caught:
        visit(client_world, address, get)
    fault = caught.value.fault
    assert isinstance(fault, PeerFault), "in the words of HTTP/2, which was spoken"
    assert fault.code == ErrorCode.PROTOCOL_ERROR, "the fault, for programs"
    one_line(caught.value)


def test_a_goaway_with_an_error_says_why(client_world: str) -> None:
    def script(sock: socket.socket) -> None:
        sock.sendall(pack_settings([]) + pack_goaway(0, ErrorCode.INTERNAL_ERROR, b"on fire"))

    with stranger(script) as address, pytest.raises(GoneAway, match="on fire") as caught:
        visit(client_world, address, get)
    assert caught.value.code == ErrorCode.INTERNAL_ERROR, "the code"
    assert caught.value.debug == b"on fire", "and what else was said"
    one_line(caught.value)


def test_a_peer_that_falls_silent_is_noticed_by_its_pings(client_world: str) -> None:
    options = ClientOptions(timeouts=Timeouts(read=10.0, keepalive=0.05))
    with stranger(falls_silent) as address, pytest.raises(TimedOut, match="PING") as caught:
        visit(client_world, address, get, options)
    assert caught.value.phase == "keepalive", "long before the read would have timed out"


# -- at the server ---------------------------------------------------------------------------


def hear_out(sock: socket.socket) -> bytes:
    heard = b""
    try:
        while data := sock.recv(65_536):
            heard += data
    except ConnectionResetError:
        pass
    return heard


GARBAGE = {
    "another protocol": b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
    "half a preface": PREFACE[:10],
    "nothing": b"",
}


@pytest.mark.parametrize("said", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_client_that_says_no_preface_is_dropped(server_world: str, said: bytes) -> None:
    options = ServerOptions(timeouts=Timeouts(handshake=0.1), versions=(Version.HTTP_2,))
    with (
        serving(server_world, hello, options) as server,
        socket.create_connection(server.address, timeout=10) as sock,
    ):
        sock.sendall(said)
        heard = hear_out(sock)
        assert heard.startswith(b"\x00\x00"), "our SETTINGS come first"
        if said.startswith(b"GET"):
            goaway = pack_goaway(
                0, ErrorCode.PROTOCOL_ERROR, b"expected the client preface of HTTP/2"
            )
            assert heard.endswith(goaway), "RFC 9113 §3.4: and then why we leave"
        visit("sync", server.address, get)


def test_a_client_that_has_said_its_last_word_gets_its_answers(server_world: str) -> None:
    # RFC 9113 has no word for it; who pipes requests into a connection closes his end behind them.
    body = b"x" * 50_000

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/half":
            with pytest.raises(TruncatedBody, match="the peer closed the connection"):
                await exchange.read()
        else:
            await exchange.respond(200, (), body)

    engine = Connection(Role.CLIENT, auto_consume=True)
    for path, whole in ((b"/half", False), (b"/", True)):
        head = [*_HEAD, (b":method", b"POST"), (b":path", path)]
        engine.send(Request(engine.next_stream_id(), head))
        engine.send(Data(engine.next_stream_id() - 2, b"content", whole))
    with (
        serving(server_world, handler, ServerOptions()) as server,
        socket.create_connection(server.address, timeout=10) as sock,
    ):
        sock.sendall(engine.data_to_send())
        sock.shutdown(socket.SHUT_WR)
        engine.receive_data(hear_out(sock), 0.0)
        visit("sync", server.address, get)
    answer: list[Event] = []
    while (event := engine.next_event()) is not None:
        answer.append(event)
    assert Reset(1, ErrorCode.CANCEL) in answer, "what was cut short is not answered"
    assert [each.fields[0] for each in answer if isinstance(each, Response)] == [
        (b":status", b"200")
    ], "what was whole is"
    assert b"".join([each.data for each in answer if isinstance(each, Data)]) == body


def test_a_client_that_never_finishes_tls_is_dropped(
    server_world: str, certificates: Certificates
) -> None:
    options = ServerOptions(ssl=certificates.server(), timeouts=Timeouts(handshake=0.1))
    with (
        serving(server_world, hello, options) as server,
        socket.create_connection(server.address, timeout=10) as sock,
    ):
        assert hear_out(sock) == b"", "dropped without a word"
        visit("sync", server.address, get, ClientOptions(ssl=certificates.client()))


def test_a_client_without_h2_is_dropped_where_nothing_else_is_spoken(
    server_world: str, certificates: Certificates
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificates.authority)
    options = ServerOptions(ssl=certificates.server(), versions=(Version.HTTP_2,))
    with (
        serving(server_world, hello, options) as server,
        socket.create_connection(server.address, timeout=10) as sock,
        context.wrap_socket(sock, server_hostname="localhost") as secured,
    ):
        secured.settimeout(10)
        hear_out(secured)  # it ends, and soon


def test_a_client_beyond_the_limit_waits_its_turn(server_world: str) -> None:
    # A server of HTTP/2 alone speaks first: so it can be seen to serve.
    options = ServerOptions(max_connections=1, versions=(Version.HTTP_2,))
    with (
        serving(server_world, hello, options) as server,
        socket.create_connection(server.address, timeout=10) as first,
    ):
        assert first.recv(9), "the first is served"
        with pytest.raises(TimedOut):
            visit("sync", server.address, nothing, ClientOptions(timeouts=Timeouts(handshake=0.1)))
        first.close()
        visit("sync", server.address, get)


def test_a_client_that_resets_its_requests_gets_no_more_handlers_than_streams(
    server_world: str,
) -> None:
    most = 0
    running = 0

    async def handler(exchange: Exchange) -> None:
        nonlocal most, running
        running += 1
        most = max(most, running)
        try:
            if exchange.path == "/":
                await exchange.respond(200)
            else:
                await exchange.read()
        finally:
            running -= 1

    limits = Limits(max_concurrent_streams=4)
    with serving(server_world, handler, ServerOptions(limits=limits)) as server:

        async def scenario(client: Client) -> None:
            for _ in range(50):
                stream = client.open(
                    [
                        (b":method", b"POST"),
                        (b":scheme", b"http"),
                        (b":authority", b"a"),
                        (b":path", b"/wait"),
                    ]
                )
                stream.reset()
            assert (await client.request("GET", "/")).status == 200, "others are served"

        visit("sync", server.address, scenario)
    assert most <= 4, "CVE-2023-44487: handlers are bounded, whatever the client takes back"
