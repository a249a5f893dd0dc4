"""HTTP/1.1 by `hyper get`, `hyper serve` and the servers of `hyper.io`, with programs of others."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hyper.io.sync import Exchange, Server, serve
from tests.interop.conftest import Certificate, Site
from tests.support.programs import await_port, first_line, free_port, program, run, started

GET = [sys.executable, "-m", "hyper", "get"]
NODE = Path(__file__).with_name("http1_io.mjs")
MEGABYTES = bytes(range(251)) * 20_000

NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    client_max_body_size 100m;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream files {{ server 127.0.0.1:{files}; keepalive 4; }}
    upstream echo {{ server 127.0.0.1:{echo}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{tls} ssl;
        listen 127.0.0.1:{cleartext};
        ssl_certificate {cert};
        ssl_certificate_key {key};
        root {root};
        default_type application/octet-stream;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_request_buffering off;
        location /files/ {{ proxy_pass http://files/; }}
        location /echo/ {{ proxy_pass http://echo/; }}
        location /old/ {{ proxy_http_version 1.0; proxy_pass http://files/; }}
    }}
}}
"""

HAPROXY = """\
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 10s
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    http-reuse always
    server one 127.0.0.1:{echo}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """nginx: files of its own, and ours behind it."""

    tls: str
    cleartext: str


def answer(exchange: Exchange) -> None:
    """Says how much came, by which version, and its checksum."""
    digest = hashlib.sha256()
    size = 0
    for chunk in exchange:
        digest.update(chunk)
        size += len(chunk)
    said = f"{exchange.http_version} {exchange.method} {size} {digest.hexdigest()}\n"
    exchange.respond(200, [(b"content-type", b"text/plain")], iter([said.encode()]))


def described(content: bytes, method: str = "POST", version: str = "1.1") -> bytes:
    """What `answer` says of it."""
    return f"{version} {method} {len(content)} {hashlib.sha256(content).hexdigest()}\n".encode()


@pytest.fixture(scope="module")
def echo() -> Iterator[Server]:
    """A server of ours that takes uploads."""
    with serve(answer) as server:
        yield server


@pytest.fixture(scope="module")
def front(
    site: Site,
    certificate: Certificate,
    served_cleartext: str,
    echo: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """nginx without http2."""
    executable = program("nginx")
    folder = tmp_path_factory.mktemp("nginx1")
    tls, cleartext = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(
            folder=folder,
            tls=tls,
            cleartext=cleartext,
            cert=certificate.cert,
            key=certificate.key,
            root=site.folder,
            files=served_cleartext.rstrip("/").rpartition(":")[2],
            echo=echo.address[1],
        )
    )
    log = folder / "log"
    with started([executable, "-p", folder, "-c", config, "-e", "stderr"], log) as process:
        await_port(process, tls, log)
        await_port(process, cleartext, log)
        yield Front(f"https://localhost:{tls}/", f"http://localhost:{cleartext}/")


def curl(*arguments: object, stdin: bytes = b"") -> bytes:
    done = run([program("curl"), "--http1.1", "-sS", "--fail", *arguments], stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- clients of other people's -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["0B", "1B", "1MB", "100MB"])
def test_curl_fetches_every_size_whole(
    name: str, served: str, served_cleartext: str, site: Site, certificate: Certificate
) -> None:
    trusted = ("--cacert", certificate.authority)
    for url in (served, served_cleartext) if name != "100MB" else (served_cleartext,):
        assert checksum(curl(*trusted, url + name)) == site.checksums[name], "no byte is changed"


def test_curl_says_what_it_spoke(served: str, served_cleartext: str) -> None:
    shown = ("-k", "-o", "/dev/null", "-w", "%{http_version}")
    assert curl(*shown, served) == b"1.1", "by ALPN"
    done = run([program("curl"), "-sS", *shown, served_cleartext])
    assert done.stdout == b"1.1", "in cleartext, unless it knows better"


def test_curl_asks_again_on_the_same_connection(served_cleartext: str) -> None:
    url = served_cleartext + "1B"
    done = run([program("curl"), "--http1.1", "-sSv", url, url, "-I", url])
    assert done.stderr.count(b"Re-using existing connection") == 2, done.stderr.decode()


def test_curl_uploads_by_length_and_in_chunks(echo: Server) -> None:
    url = f"http://127.0.0.1:{echo.address[1]}/"
    upload = ("--data-binary", "@-", url)
    assert curl(*upload, stdin=b"little") == described(b"little"), "by length"
    waits = ("-H", "Expect: 100-continue", "--expect100-timeout", "30")
    assert curl(*waits, *upload, stdin=MEGABYTES) == described(MEGABYTES), "100 (Continue) comes"
    chunked = ("-H", "Transfer-Encoding: chunked", *upload)
    assert curl(*chunked, stdin=MEGABYTES) == described(MEGABYTES), "in chunks"
    assert curl("-0", *upload, stdin=b"old") == described(b"old", version="1.0"), "HTTP/1.0"


def test_a_refused_upload_does_not_lose_its_answer(served_cleartext: str) -> None:
    done = run(
        [
            *(program("curl"), "--http1.1", "-sS", "-o", "/dev/null", "-w", "%{http_code}"),
            *("--data-binary", "@-", served_cleartext),
        ],
        stdin=MEGABYTES,
    )
    assert done.stdout == b"405", done.stderr.decode()


@pytest.mark.parametrize("options", [(), ("-k",)], ids=["close", "keep-alive"])
def test_ab_gets_every_answer(options: tuple[str, ...], served_cleartext: str) -> None:
    done = run([program("ab"), "-q", "-n", "2000", "-c", "16", *options, served_cleartext + "1B"])
    said = done.stdout.decode()
    assert "Complete requests:      2000" in said, said + done.stderr.decode()
    assert "Failed requests:        0" in said, said
    assert "Non-2xx" not in said, said
    kept = re.search(r"Keep-Alive requests: +(\d+)", said)
    assert (kept is None) if not options else (kept is not None and kept[1] == "2000"), said


def test_wrk_asks_without_a_pause(served_cleartext: str) -> None:
    done = run([program("wrk"), "-t1", "-c16", "-d1s", served_cleartext + "1B"])
    said = done.stdout.decode()
    assert "requests in" in said, said
    assert "Socket errors" not in said, said
    assert "Non-2xx" not in said, said


def test_h2load_asks_over_many_connections(served: str) -> None:
    done = run([program("h2load"), "--h1", "-n", "5000", "-c", "16", served + "1B"])
    said = done.stdout.decode()
    assert "5000 succeeded, 0 failed" in said, said
    assert "status codes: 5000 2xx" in said, said


def test_node_asks_over_a_pool_and_uploads(echo: Server) -> None:
    done = run([program("node"), NODE, "client", str(echo.address[1]), str(len(MEGABYTES))])
    told = json.loads(done.stdout)
    body = b"x" * len(MEGABYTES)
    assert told["bodies"] == [described(body).decode()] * 4, "in chunks, as node does"
    assert told["sockets"] == 2, "over two connections, which it kept"
    assert told["status"] == [200] * 4, "all of them fine"


# -- servers of other people's -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["0B", "1B", "1MB", "100MB"])
def test_nginx_gives_every_size(
    name: str, front: Front, site: Site, certificate: Certificate, tmp_path: Path
) -> None:
    target = tmp_path / "body"
    for url in (front.tls, front.cleartext):
        done = run([*GET, "--cacert", certificate.authority, "-o", target, url + name])
        assert done.returncode == 0, done.stderr.decode()
        assert checksum(target.read_bytes()) == site.checksums[name], "no byte is changed"


def test_many_urls_come_in_order_over_a_few_connections(front: Front, site: Site) -> None:
    names = ["1MB", "1B", "0B", "1MB"] * 5
    done = run([*GET, "-v", *[front.cleartext + name for name in names]])
    said = done.stderr.decode()
    assert done.returncode == 0, said
    files = [(site.folder / name).read_bytes() for name in names]
    assert done.stdout == b"".join(files), "bodies stand in the order of the URLs"
    assert said.count("connected, cleartext, HTTP/1.1") <= 6, "as many as a browser would open"
    assert said.count(" send GET /") == 20, "each request is shown"
    assert said.count("recv HTTP/1.1 200 OK") == 20, "and each answer"


def test_a_server_that_has_both_versions_is_asked_in_the_one_that_is_wanted(
    served: str, certificate: Certificate
) -> None:
    for wanted, first in (((), b"HTTP/2 200"), (("--http1.1",), b"HTTP/1.1 200 OK")):
        done = run([*GET, "--cacert", certificate.authority, "-I", *wanted, served])
        assert done.stdout.splitlines()[0] == first, done.stderr.decode()


@pytest.mark.parametrize("path", ["chunks", "close", "length"])
def test_node_answers_in_every_framing(path: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started([program("node"), NODE, "server"], log) as process:
        port = int(first_line(process, log))
        upload = tmp_path / "upload"
        upload.write_bytes(MEGABYTES)
        url = f"http://127.0.0.1:{port}/{path}"
        done = run([*GET, "-d", f"@{upload}", "-H", "expect: 100-continue", url])
    assert done.returncode == 0, done.stderr.decode()
    assert checksum(done.stdout) == checksum(MEGABYTES), "there and back, and no byte is changed"


# -- in front of us ------------------------------------------------------------------------------


def test_nginx_before_us_passes_downloads(front: Front, site: Site) -> None:
    for folder in ("files/", "old/"):
        for name in ("0B", "1B", "1MB"):
            got = curl(front.cleartext + folder + name)
            assert checksum(got) == site.checksums[name], "by HTTP/1.1 and by HTTP/1.0"


def test_nginx_before_us_passes_uploads(front: Front) -> None:
    upload = ("--data-binary", "@-", front.cleartext + "echo/")
    for _ in range(3):
        assert curl(*upload, stdin=MEGABYTES) == described(MEGABYTES), "by length"
    chunked = ("-H", "Transfer-Encoding: chunked", *upload)
    assert curl(*chunked, stdin=MEGABYTES) == described(MEGABYTES), "in chunks"


def test_haproxy_before_us_uses_its_connections_again(echo: Server, tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "haproxy.cfg"
    config.write_text(HAPROXY.format(port=port, echo=echo.address[1]))
    log = tmp_path / "log"
    with started([program("haproxy"), "-db", "-f", config], log) as process:
        await_port(process, port, log)
        url = f"http://127.0.0.1:{port}/"
        for _ in range(3):
            assert curl("--data-binary", "@-", url, stdin=b"abc") == described(b"abc")
        done = run([*GET, "-d", "abc", url, url + "2"])
        assert done.stdout == described(b"abc") * 2, done.stderr.decode()
