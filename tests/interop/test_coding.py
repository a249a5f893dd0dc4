"""Codings and programs of other people: nginx packs and we unpack, we pack and curl unpacks."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from hyper.coding import Decoder, Encoder, available, content_codings, encode, negotiate
from hyper.io.sync import ClientConnection, Exchange, connect, serve
from tests.interop.conftest import Origin
from tests.support.programs import (
    await_port,
    first_line,
    free_port,
    program,
    run,
    started,
)

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
        listen 127.0.0.1:{http2} http2;
        listen 127.0.0.1:{http1};
        root {folder};
    }}
}}
"""


class Ports(NamedTuple):
    """Where a server listens, for each version."""

    http1: int
    http2: int


@pytest.fixture(scope="module")
def packing_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """nginx that packs what it serves, in br too where its module is installed: its ports."""
    folder = tmp_path_factory.mktemp("packing")
    (folder / "page.html").write_bytes(PAGE)
    ports = Ports(free_port(), free_port())
    there = MODULE.exists()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(
            modules=f"load_module {MODULE};" if there else "",
            brotli="brotli on; brotli_min_length 1;" if there else "",
            folder=folder,
            http1=ports.http1,
            http2=ports.http2,
        )
    )
    log = folder / "log"
    command = [program("nginx"), "-p", folder, "-c", config, "-e", "stderr"]
    with started(command, log) as process:
        await_port(process, ports.http2, log)
        yield ports


def require_br() -> None:
    """Skip where nginx cannot pack in br; in CI it can."""
    if not MODULE.exists():
        reason = "nginx has no br here (Debian package libnginx-mod-http-brotli-filter)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


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
def test_what_nginx_packs_we_unpack(packing_nginx: Ports, accept: bytes) -> None:
    if accept == b"br":
        require_br()
    with connect("127.0.0.1", packing_nginx.http2) as connection:
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


@pytest.mark.interop
@pytest.mark.parametrize("how", ["--http1.1", "--http2-prior-knowledge"])
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_hyper_get_unpacks_what_nginx_packs(packing_nginx: Ports, how: str, coding: str) -> None:
    if coding == "br":
        require_br()
    port = packing_nginx.http1 if how == "--http1.1" else packing_nginx.http2
    command = [sys.executable, "-m", "hyper", "get", how, "--compressed", "-i"]
    asked = ["-H", f"accept-encoding: {coding}", f"http://127.0.0.1:{port}/page.html"]
    done = run([*command, *asked])
    assert (done.returncode, done.stderr) == (0, b"")
    head, _, content = done.stdout.partition(b"\n\n")
    assert f"content-encoding: {coding}".encode() in head.lower()
    assert content == PAGE


@pytest.mark.interop
@pytest.mark.parametrize("how", ["--http1.1", "--http2-prior-knowledge", "--http1.0"])
@pytest.mark.parametrize("beside", [False, True])
def test_curl_unpacks_what_hyper_serve_packs(tmp_path: Path, how: str, beside: bool) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    if beside:
        (tmp_path / "page.html.gz").write_bytes(encode(PAGE, "gzip"))
    log = tmp_path / "log"
    command = [sys.executable, "-m", "hyper", "serve", tmp_path, "--port", "0", "--cleartext"]
    with started(command, log) as process:
        url = first_line(process, log).split()[-1] + "page.html"
        curl = [program("curl"), how, "-sS", "--fail", "-D", "-", "--compressed", url]
        done = run([*curl, "-H", "accept-encoding: gzip"])
        assert (done.returncode, done.stderr) == (0, b"")
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        assert b"content-encoding: gzip" in head.lower()
        assert (b"content-length" in head.lower()) is beside
        assert content == PAGE
        tag = next(line for line in head.splitlines() if line.lower().startswith(b"etag: "))
        known = run(
            [*curl, "-H", "accept-encoding: gzip", "-H", "if-none-match" + tag[4:].decode()]
        )
        assert b" 304" in known.stdout.splitlines()[0], "a cache need not fetch it again"
