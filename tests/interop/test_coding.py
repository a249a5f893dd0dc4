"""Codings and programs of other people: nginx packs and we unpack, we pack and curl unpacks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyper.coding import Decoder, Encoder, available, content_codings, negotiate
from hyper.io.sync import ClientConnection, Exchange, connect, serve
from tests.interop.conftest import Origin
from tests.support.programs import await_port, free_port, program, run, started

PAGE = b"".join(b"<tr><td>%d</td><td>bottles</td></tr>\n" % n for n in range(20_000))

MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so")

NGINX = """\
{modules}
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; }}
    gzip on;
    gzip_min_length 1;
    {brotli}
    server {{
        listen 127.0.0.1:{port} http2;
        root {folder};
    }}
}}
"""


@pytest.fixture(scope="module")
def packing_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx that packs what it serves, in br too where its module is installed: its port."""
    folder = tmp_path_factory.mktemp("packing")
    (folder / "page.html").write_bytes(PAGE)
    port = free_port()
    there = MODULE.exists()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(
            modules=f"load_module {MODULE};" if there else "",
            brotli="brotli on; brotli_min_length 1;" if there else "",
            folder=folder,
            port=port,
        )
    )
    log = folder / "log"
    command = [program("nginx"), "-p", folder, "-c", config, "-e", "stderr"]
    with started(command, log) as process:
        await_port(process, port, log)
        yield port


def fetched(connection: ClientConnection, accept: bytes) -> tuple[bytes | None, bytes]:
    """The coding of a page that is asked for with an Accept-Encoding, and its content."""
    with connection.request("GET", "/page.html", fields=[(b"accept-encoding", accept)]) as response:
        coding = response.field(b"content-encoding")
        decoder = Decoder(content_codings(coding or b""))
        made: list[bytes] = []
        for piece in response:
            made.append(decoder.decompress(piece))
            while not (decoder.needs_input or decoder.eof):
                made.append(decoder.decompress())
        decoder.finish()
        return coding, b"".join(made)


@pytest.mark.interop
@pytest.mark.parametrize("accept", [b"gzip", b"br", b"identity"])
def test_what_nginx_packs_we_unpack(packing_nginx: int, accept: bytes) -> None:
    if accept == b"br" and not MODULE.exists():
        reason = "nginx has no br here (Debian package libnginx-mod-http-brotli-filter)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with connect("127.0.0.1", packing_nginx) as connection:
        coding, content = fetched(connection, accept)
    assert coding == (None if accept == b"identity" else accept), "nginx takes us at our word"
    assert content == PAGE, "and we it at its"


def packing(exchange: Exchange) -> None:
    """A handler that packs its page as the client likes it best, piece by piece, live."""
    accept = dict(exchange.fields).get(b"accept-encoding")
    coding = negotiate(accept, available()) or "identity"
    encoder = Encoder(coding, live=True)
    fields = [(b"vary", b"accept-encoding"), (b"content-type", b"text/html")]
    if coding != "identity":
        fields.append((b"content-encoding", coding.encode()))
    exchange.start(200, fields)
    for at in range(0, len(PAGE), 50_000):
        exchange.write(encoder.compress(PAGE[at : at + 50_000]))
    exchange.write(encoder.finish())
    exchange.end()


@pytest.fixture(scope="module")
def packed() -> Iterator[Origin]:
    """A server of ours that packs."""
    with serve(packing) as server:
        host, port = server.address
        yield Origin("", f"http://{host}:{port}/")


@pytest.mark.interop
@pytest.mark.parametrize("accept", ["gzip", "deflate", "br", "zstd", "identity", None])
def test_what_we_pack_curl_unpacks(packed: Origin, accept: str | None) -> None:
    said = run([program("curl"), "--version"]).stdout
    if accept == "zstd" and b"zstd" not in said:
        pytest.skip("this curl cannot unpack zstd")
    if accept == "br" and b"brotli" not in said:
        pytest.skip("this curl cannot unpack br")
    # Without a value --compressed asks for all that this curl knows.
    asked = [] if accept is None else ["-H", f"accept-encoding: {accept}"]
    command = [program("curl"), "--http2-prior-knowledge", "-sS", "--fail", "--compressed", *asked]
    done = run([*command, "-D", "-", "-o", "-", packed.cleartext])
    assert done.returncode == 0, done.stderr.decode()
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    if accept not in {None, "identity"}:
        assert f"content-encoding: {accept}".encode() in head.lower(), "as it was asked for"
    assert content == PAGE, "every byte is there"
