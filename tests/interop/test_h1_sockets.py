"""The HTTP/1.1 engine on sockets with real programs: curl, ab, wrk, and nginx on either side."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.conftest import Site
from tests.support.h1_host import Caller, Host, content_of
from tests.support.programs import await_port, free_port, program, run, started

pytestmark = pytest.mark.interop

SIZES = [0, 1, 1_000, 65_536, 3_000_000]

NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 0;
    proxy_http_version 1.1;
    proxy_request_buffering off;
    upstream ours {{ server 127.0.0.1:{ours}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{proxy};
        location / {{ proxy_pass http://ours; proxy_set_header Connection ""; }}
    }}
    server {{
        listen 127.0.0.1:{files};
        root {root};
        default_type application/octet-stream;
        gzip on;
        gzip_types *;
        gzip_min_length 1;
    }}
}}
"""


@pytest.fixture
def host() -> Iterator[Host]:
    """A server of ours; nobody may have been at fault."""
    made = Host()
    yield made
    made.close()
    assert made.faults == [], "these programs know what they do"


@pytest.fixture
def nginx(host: Host, site: Site, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """nginx: its port as a proxy before our server, and its port as a server of files."""
    executable = program("nginx")
    proxy, files = free_port(), free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(
        NGINX.format(folder=tmp_path, ours=host.port, proxy=proxy, files=files, root=site.folder)
    )
    command = [executable, "-p", tmp_path, "-c", config, "-e", "stderr"]
    with started(command, tmp_path / "log") as process:
        await_port(process, proxy, tmp_path / "log")
        await_port(process, files, tmp_path / "log")
        yield proxy, files


def curl(*arguments: object, stdin: bytes = b"") -> bytes:
    done = run([program("curl"), "-sS", "--max-time", "60", *arguments], stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def described(content: bytes) -> bytes:
    """What the host says of content."""
    return b"%d %b\n" % (len(content), hashlib.sha256(content).hexdigest().encode())


# -- curl -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["size", "chunks"])
@pytest.mark.parametrize("version", ["--http1.1", "--http1.0"])
def test_curl_downloads(host: Host, size: int, kind: str, version: str) -> None:
    url = f"http://127.0.0.1:{host.port}/{kind}/{size}"
    assert curl(version, url) == content_of(size), "no byte is changed"


@pytest.mark.parametrize("size", SIZES)
def test_curl_uploads_by_length_and_in_chunks(host: Host, size: int, tmp_path: Path) -> None:
    content = content_of(size)
    file = tmp_path / "content"
    file.write_bytes(content)
    url = f"http://127.0.0.1:{host.port}/"
    # More than a megabyte, and curl expects 100 (Continue) before it sends.
    assert curl("-T", file, url) == described(content), "by its length"
    assert curl("-T", "-", url, stdin=content) == described(content), "in chunks"
    assert curl("-H", "Expect: 100-continue", "--data-binary", f"@{file}", url) == described(
        content
    ), "with an expectation"


def test_curl_asks_again_on_the_same_connection(host: Host) -> None:
    urls = [f"http://127.0.0.1:{host.port}/{kind}/100" for kind in ("size", "chunks") * 10]
    assert curl(*urls) == content_of(100) * 20
    assert (host.requests, host.connections) == (20, 1), "RFC 9112 §9.3: it persists"


def test_curl_asks_for_a_head(host: Host) -> None:
    said = curl("-I", f"http://127.0.0.1:{host.port}/size/100")
    assert b"content-length: 100\r\n" in said, "what GET would have had, and nothing behind it"


# -- ab and wrk -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [["-k"], []])
def test_ab_asks_many_times(host: Host, options: list[str]) -> None:
    url = f"http://127.0.0.1:{host.port}/size/1000"
    done = run([program("ab"), "-q", "-n", "2000", "-c", "8", *options, url])
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert re.search(r"Complete requests:\s+2000\b", said), said
    assert re.search(r"Failed requests:\s+0\b", said), said
    if options:
        # It speaks HTTP/1.0, and asks for keep-alive.
        assert re.search(r"Keep-Alive requests:\s+2000\b", said), said
    assert host.requests >= 2000


def test_wrk_asks_without_a_pause(host: Host) -> None:
    url = f"http://127.0.0.1:{host.port}/chunks/1000"
    done = run([program("wrk"), "-t", "1", "-c", "8", "-d", "1s", url])
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "Socket errors" not in said, said
    assert "Non-2xx" not in said, said
    assert host.requests > 100


# -- nginx ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_nginx_before_us_passes_both_ways(
    host: Host, nginx: tuple[int, int], size: int, tmp_path: Path
) -> None:
    content = content_of(size)
    file = tmp_path / "content"
    file.write_bytes(content)
    url = f"http://127.0.0.1:{nginx[0]}"
    for kind in ("size", "chunks"):
        assert curl(f"{url}/{kind}/{size}") == content
    assert curl("-T", file, f"{url}/") == described(content)
    assert curl("-T", "-", f"{url}/", stdin=content) == described(content)
    assert host.connections <= 2, "nginx keeps its connections to us"


def test_our_client_gets_files_of_nginx_over_one_connection(
    site: Site, nginx: tuple[int, int]
) -> None:
    caller = Caller(nginx[1])
    for name in ("1B", "0B", "1MB", "index.html", "1MB"):
        response, content = caller.ask(b"GET", b"/" + name.encode())
        assert response.status == 200
        assert content == (site.folder / name).read_bytes(), name
    response, content = caller.ask(b"GET", b"/1MB", fields=[(b"accept-encoding", b"gzip")])
    assert (b"transfer-encoding", b"chunked") in response.fields, "it compresses as it goes"
    response, content = caller.ask(b"HEAD", b"/1MB")
    assert (response.status, content) == (200, b"")
    response, content = caller.ask(b"GET", b"/missing")
    assert response.status == 404
    response, content = caller.ask(b"GET", b"/1MB", fields=[(b"range", b"bytes=5-9")])
    assert (response.status, len(content)) == (206, 5)
    assert caller.engine.next_stream_id() == 10, "all of them on one connection"
    caller.close()


@pytest.mark.parametrize("size", SIZES[1:])
def test_our_client_through_nginx_to_our_server(nginx: tuple[int, int], size: int) -> None:
    caller = Caller(nginx[0])
    content = content_of(size)
    for fields in ([], [(b"content-length", b"%d" % size)]):
        response, said = caller.ask(b"POST", b"/", content, fields)
        assert response.status == 200
        assert said == described(content)
    caller.close()


def test_our_client_and_our_server_on_one_connection(host: Host) -> None:
    caller = Caller(host.port)
    for number in range(200):
        response, said = caller.ask(b"PUT", b"/", content_of(number))
        assert response.status == 200
        assert said == described(content_of(number))
    assert (host.requests, host.connections) == (200, 1)
    caller.close()
