"""What RFC 9113 asks of who owns the socket and the TLS: §3, §5, §9, by the ids in spec/."""

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from hyper.frame import PREFACE, ErrorCode, FrameReader, GoAwayFrame, pack_settings
from hyper.http import Version
from hyper.io import NoHTTP2Error, client_context, server_context
from tests.support.certificates import Certificates
from tests.support.meeting import Meeting
from tests.support.strangers import silent, stranger
from tests.support.worlds import Client, ClientOptions, Exchange, ServerOptions, serving, visit

MODERN_SUITE = "ECDHE-RSA-AES128-GCM-SHA256"


async def hello(exchange: Exchange) -> None:
    await exchange.respond(200, (), b"hello")


async def get(client: Client) -> None:
    await (await client.request("GET", "/")).read()


def hear_out(sock: socket.socket) -> bytes:
    """Everything until the other end closes."""
    heard = b""
    while piece := sock.recv(65_536):
        heard += piece
    return heard


# -- the connection -----------------------------------------------------------------------------


def test_after_the_goaway_of_an_error_the_connection_is_closed(server_world: str) -> None:
    with (
        serving(server_world, hello, ServerOptions()) as server,
        socket.create_connection(server.address, timeout=10) as sock,
    ):
        sock.sendall(PREFACE + pack_settings([]) + b"\0\0\1\6\0\0\0\0\0!")
        *_, last = FrameReader().feed(hear_out(sock))
        assert isinstance(last, GoAwayFrame), "9113-5.4-1: the error is reported..."
        # 9113-5.4.1-1: ...and the connection is closed, or `hear_out` would have no end.
        assert last.code == ErrorCode.FRAME_SIZE_ERROR


def test_frames_are_processed_though_nobody_reads_the_content(meeting: Meeting) -> None:
    size = 3_000_000

    async def handler(exchange: Exchange) -> None:
        await exchange.respond(200, (), bytes(size))

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/")
        # The windows are full, or soon will be: neither end may stop reading for that.
        assert await client.ping() >= 0, "9113-5.2.2-1: PING passes both ways"
        assert len(await response.read()) == size

    meeting.hold(handler, scenario)


def test_the_authority_of_a_request_is_its_authority(meeting: Meeting) -> None:
    seen: list[tuple[str, bytes | None]] = []

    async def handler(exchange: Exchange) -> None:
        seen.append((exchange.authority, exchange.field(b"host")))
        await exchange.respond(200)

    async def scenario(client: Client) -> None:
        await client.request("GET", "/")
        default = seen[0][0]
        assert default.startswith(("127.0.0.1:", "localhost:")), (
            "9113-8.3.1-2: a client conveys the authority in :authority, asked or not"
        )
        assert seen[0][1] is None, "9113-8.3.1-2: and not in Host"
        head = [
            (b":method", b"GET"),
            (b":scheme", b"http"),
            (b":authority", b"a.example"),
            (b":path", b"/"),
            (b"host", b"A.EXAMPLE:80"),
        ]
        await client.open(head, end_stream=True).response()
        assert seen[1] == ("a.example", b"A.EXAMPLE:80"), (
            "9113-8.3.1-1: where both are there, the target is that of :authority"
        )

    meeting.hold(handler, scenario)


def test_a_handler_is_shown_one_cookie(meeting: Meeting) -> None:
    seen: list[bytes | None] = []

    async def handler(exchange: Exchange) -> None:
        seen.extend(value for name, value in exchange.fields if name == b"cookie")
        await exchange.respond(200)

    async def scenario(client: Client) -> None:
        crumbs = [(b"cookie", b"a=1"), (b"x", b"y"), (b"cookie", b"b=2"), (b"cookie", b"c=3")]
        await client.request("GET", "/", fields=crumbs)

    meeting.hold(handler, scenario)
    assert seen == [b"a=1; b=2; c=3"], "9113-8.2.3-1: joined where the message leaves HTTP/2"


# -- TLS ----------------------------------------------------------------------------------------


class Handshake:
    """Two ends of TLS in memory."""

    def __init__(
        self, client: ssl.SSLContext, server: ssl.SSLContext, name: str | None = "localhost"
    ) -> None:
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client.wrap_bio(down, up, server_hostname=name)
        self.server = server.wrap_bio(up, down, server_side=True)
        for _ in range(4):
            for end in (self.client, self.server):
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    continue


def test_h2_is_negotiated_and_h2c_never(certificates: Certificates) -> None:
    both = Handshake(certificates.client(), certificates.server())
    assert both.client.selected_alpn_protocol() == "h2", "9113-3.3-1: by ALPN"
    assert both.server.selected_alpn_protocol() == "h2", "9113-3.3-1: on both sides"
    stranger_context = ssl.create_default_context(cafile=certificates.authority)
    stranger_context.set_alpn_protocols(["h2c"])
    offered = Handshake(stranger_context, certificates.server())
    assert offered.server.selected_alpn_protocol() is None, "9113-3.2-1: h2c is not selected"
    willing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    willing.load_cert_chain(certificates.chain, certificates.key)
    willing.set_alpn_protocols(["h2c"])
    asked = Handshake(certificates.client(), willing)
    assert asked.server.selected_alpn_protocol() is None, "9113-3.2-1: h2c is not offered"


def test_without_alpn_there_is_no_http2(client_world: str, certificates: Certificates) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificates.chain, certificates.key)
    options = ClientOptions(ssl=certificates.client(), versions=(Version.HTTP_2,))
    # 9113-3.3-1: HTTP/2 over TLS is negotiated, and not assumed.
    with stranger(silent, server) as address, pytest.raises(NoHTTP2Error):
        visit(client_world, address, get, options)


def test_tls_before_1_2_is_refused(certificates: Certificates) -> None:
    for context in (certificates.client(), certificates.server()):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2, "9113-9.2-1: 1.2 or higher"
    assert ssl.HAS_SNI, "9113-9.2-2: the TLS implementation knows server_name"


def test_compression_and_renegotiation_are_off(certificates: Certificates) -> None:
    for context in (certificates.client(), certificates.server()):
        assert context.options & ssl.OP_NO_COMPRESSION, "9113-9.2.1-1, 9113-10.6-3"
        assert context.options & ssl.OP_NO_RENEGOTIATION, "9113-9.2.1-2, 9113-9.2.1-4"
    both = Handshake(certificates.client(), certificates.server())
    assert both.client.compression() is None, "9113-9.2.1-1, 9113-10.6-3: none was negotiated"


def test_the_suite_that_everybody_has_is_supported(tmp_path: Path) -> None:
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost", key_type=trustme.KeyType.RSA)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    client = client_context(str(tmp_path / "authority.pem"))
    server = server_context(str(tmp_path / "server.pem"))
    # A stranger that has this suite, this curve and TLS 1.2 alone.
    modest = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
    modest.maximum_version = ssl.TLSVersion.TLSv1_2
    modest.set_ciphers(MODERN_SUITE)
    modest.set_ecdh_curve("prime256v1")
    chosen = Handshake(modest, server).client.cipher()
    assert chosen is not None, "9113-9.2.2-2: our server knows the suite"
    assert chosen[0] == MODERN_SUITE
    modest = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    modest.load_cert_chain(str(tmp_path / "server.pem"))
    modest.maximum_version = ssl.TLSVersion.TLSv1_2
    modest.set_ciphers(MODERN_SUITE)
    modest.set_ecdh_curve("prime256v1")
    chosen = Handshake(client, modest).client.cipher()
    assert chosen is not None, "9113-9.2.2-2: our client knows it too"
    assert chosen[0] == MODERN_SUITE


def test_a_client_names_the_server_it_wants(
    client_world: str, server_world: str, certificates: Certificates
) -> None:
    context = certificates.server()
    named: list[str | None] = []
    context.sni_callback = lambda _, name, __: named.append(name)
    with serving(server_world, hello, ServerOptions(ssl=context)) as server:
        address = ("localhost", server.address[1])
        visit(client_world, address, get, ClientOptions(ssl=certificates.client()))
    assert named == ["localhost"], "9113-9.2-3: server_name is sent where there is a name"


def test_nobody_asks_for_a_certificate_behind_the_handshake(certificates: Certificates) -> None:
    for context in (certificates.client(), certificates.server()):
        assert not context.post_handshake_auth, (
            "9113-9.2.3-1, 9113-9.2.3-2: not offered, so TLS itself takes the question for a fault"
        )
