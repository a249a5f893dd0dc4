"""Programs that exist, on `hyper.compat`, unchanged, over real sockets.

Each says which module stands behind the name h2, so that none of them can pass on h2 itself.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import Certificate, Origin, Site
from tests.support.programs import await_port, first_line, free_port, program, run, started
from tests.support.software import ENVIRONMENT, FOLDER, on_hyper, python

H2 = "hyper.compat.h2.connection"
H11 = "hyper.compat.h11._connection"
KILOBYTE = (bytes(range(256)) * 4)[:1024]


def told(command: list[object]) -> dict[str, Any]:
    """What a program prints as JSON; it must end well, with nothing to complain of."""
    done = run(command, environment=ENVIRONMENT)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def curl(*arguments: object) -> bytes:
    """What curl gets."""
    done = run([program("curl"), "--silent", "--show-error", "--fail", *arguments])
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="session")
def hypercorn(
    certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Origin]:
    """Hypercorn with the application, over TLS and in cleartext; nothing goes wrong in it."""
    folder = tmp_path_factory.mktemp("hypercorn")
    tls, cleartext = free_port(), free_port()
    config = folder / "hypercorn.toml"
    config.write_text(
        f'bind = ["127.0.0.1:{tls}"]\ninsecure_bind = ["127.0.0.1:{cleartext}"]\n'
        f'certfile = "{certificate.cert}"\nkeyfile = "{certificate.key}"\n'
        "workers = 0\nkeep_alive_max_requests = 1000000\n"
    )
    log = folder / "log"
    command = on_hyper("-m", "hypercorn", "--config", config, "asgi_app:app")
    with started(command, log, ENVIRONMENT) as process:
        await_port(process, tls, log)
        await_port(process, cleartext, log)
        yield Origin(f"https://localhost:{tls}", f"http://127.0.0.1:{cleartext}")
    complaints = [line for line in log.read_text().splitlines() if "Running on" not in line]
    assert complaints == []


# -- clients --------------------------------------------------------------------------------------


def test_httpx_gets_from_nginx_in_threads_and_two_hundred_at_once(
    nginx: Origin, certificate: Certificate, site: Site
) -> None:
    found = told(on_hyper(FOLDER / "use_httpx.py", nginx.tls, certificate.authority, "1MB"))
    assert (found["h2"], found["h11"]) == (H2, H11)
    expected = site.checksums["1MB"]
    assert found["threads"] == {
        "version": "HTTP/2",
        "status": 200,
        "sha256": expected,
        "uploaded": None,
    }
    assert (found["asyncio"]["versions"], found["asyncio"]["count"]) == (["HTTP/2"], 200)
    assert found["asyncio"]["sha256"] == [expected]


def test_httpx_uploads_to_hypercorn_and_gives_requests_up(
    hypercorn: Origin, certificate: Certificate
) -> None:
    before = json.loads(curl("--cacert", certificate.authority, f"{hypercorn.tls}/which"))
    found = told(
        on_hyper(
            FOLDER / "use_httpx.py", hypercorn.tls, certificate.authority, "/medium", "--upload"
        )
    )
    assert found["threads"]["version"] == "HTTP/2"
    assert found["threads"]["uploaded"] == found["sent"]
    assert found["asyncio"]["uploaded"] == [found["sent"]] * 5
    content = hashlib.sha256(bytes(range(256)) * 1024).hexdigest()
    assert found["asyncio"]["sha256"] == [found["threads"]["sha256"]] == [content]
    assert found["asyncio"]["given_up"] == 10
    after = json.loads(curl("--cacert", certificate.authority, f"{hypercorn.tls}/which"))
    assert after["waited"] - before["waited"] == 10, "the server hears of each that was given up"


@pytest.mark.parametrize("server", ["nginx", "hypercorn"])
def test_httpcore_gets_from_several_threads_and_tasks(
    server: str, certificate: Certificate, site: Site, request: pytest.FixtureRequest
) -> None:
    origin: Origin = request.getfixturevalue(server)
    url = f"{origin.tls}1MB" if server == "nginx" else f"{origin.tls}/pause"
    found = told(on_hyper(FOLDER / "use_httpcore.py", url, certificate.authority))
    content = site.checksums["1MB"] if server == "nginx" else hashlib.sha256(KILOBYTE).hexdigest()
    assert found["h2"] == H2
    for world, count in (("threads", 40), ("asyncio", 200)):
        assert found[world] == {
            "count": count,
            "statuses": [200],
            "versions": ["HTTP/2"],
            "sha256": [content],
        }


def test_urllib3_gets_from_nginx(nginx: Origin, certificate: Certificate, site: Site) -> None:
    url = f"{nginx.tls}1B"
    found = told(on_hyper(FOLDER / "use_urllib3.py", url, certificate.authority))
    assert found == {
        "h2": H2,
        "versions": ["HTTP/2"],
        "statuses": [200],
        "sha256": [site.checksums["1B"]],
    }


# -- servers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "version"),
    [(["--http2"], "2"), (["--http1.1"], "1.1"), (["--http1.0"], "1.0")],
)
def test_hypercorn_answers_curl_over_tls(
    hypercorn: Origin, certificate: Certificate, options: list[str], version: str
) -> None:
    trusted = [*options, "--cacert", certificate.authority]
    found = json.loads(curl(*trusted, f"{hypercorn.tls}/which"))
    assert (found["h2"], found["h11"], found["version"]) == (H2, H11, version)
    assert len(curl(*trusted, f"{hypercorn.tls}/big")) == 160 * 65_536


def test_hypercorn_takes_an_upload_of_curl(
    hypercorn: Origin, certificate: Certificate, site: Site
) -> None:
    for options in (
        ["--http2"],
        ["--http1.1"],
        ["--http1.1", "--header", "transfer-encoding: chunked"],
    ):
        done = curl(
            *options, "--cacert", certificate.authority, "--data-binary",
            f"@{site.folder / '1MB'}", f"{hypercorn.tls}/upload",
        )  # fmt: skip
        assert json.loads(done) == {"size": 1_000_000, "sha256": site.checksums["1MB"]}


def test_hypercorn_answers_h2load(hypercorn: Origin) -> None:
    done = run([program("h2load"), "-n", "5000", "-c", "5", "-m", "50", f"{hypercorn.cleartext}/"])
    assert b"5000 succeeded, 0 failed, 0 errored, 0 timeout" in done.stdout
    assert b"5000 2xx" in done.stdout


def test_hypercorn_answers_nghttp_by_priority_and_by_upgrade(hypercorn: Origin) -> None:
    for options in (["-w", "16"], ["-p", "10"], ["--upgrade"], ["--no-dep"]):
        done = run([program("nghttp"), *options, "-m", "5", f"{hypercorn.cleartext}/"])
        assert done.stderr == b""
        assert done.stdout == KILOBYTE * 5


@pytest.mark.parametrize("how", ["h2", "h11"])
def test_a_websocket_of_wsproto_talks_to_hypercorn(
    hypercorn: Origin, certificate: Certificate, how: str
) -> None:
    port = (hypercorn.tls if how == "h2" else hypercorn.cleartext).rpartition(":")[2]
    found = told(on_hyper(FOLDER / "use_websocket.py", how, port, certificate.authority))
    expected = {"h2": H2, "status": "200" if how == "h2" else "101", "same": True, "count": 3}
    assert found == expected, "RFC 8441 §4: 200 where HTTP/1.1 has 101"


def test_uvicorn_runs_on_h11(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    command = on_hyper(
        "-m", "uvicorn", "--http", "h11", "--ws", "wsproto", "--log-level", "warning"
    )
    with started([*command, "--port", port, "asgi_app:app"], log, ENVIRONMENT) as process:
        await_port(process, port, log)
        found = json.loads(curl(f"http://127.0.0.1:{port}/which"))
        assert (found["h11"], found["version"]) == (H11, "1.1")
        done = run([program("ab"), "-k", "-n", "2000", "-c", "10", f"http://127.0.0.1:{port}/"])
        assert b"Complete requests:      2000" in done.stdout
        assert b"Failed requests:        0" in done.stdout
        assert b"Keep-Alive requests:    0" in done.stdout, "h11 has no keep-alive of HTTP/1.0"
        big = curl(f"http://127.0.0.1:{port}/big")
        assert len(big) == 160 * 65_536
        refused = run(
            [program("curl"), "-si", "-H", "Content-Length: 1, 2", f"http://127.0.0.1:{port}/"]
        )
        assert refused.stdout.startswith(b"HTTP/1.1 400 ")
        found = told(on_hyper(FOLDER / "use_websocket.py", "h11", port, "-"))
        assert found["same"], "three messages and back"
    assert log.read_text() == "WARNING:  Invalid HTTP request received.\n"


@pytest.mark.parametrize("ours", [["serve", "call"], ["serve"], ["call"]], ids=" and ".join)
def test_grpclib_calls_grpclib(ours: list[str], tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    command: dict[str, list[object]] = {
        part: on_hyper() if part in ours else [python()] for part in ("serve", "call")
    }
    service = [*command["serve"], FOLDER / "grpc_service.py", "serve", port]
    with started(service, log, ENVIRONMENT) as process:
        await_port(process, port, log)
        found = told([*command["call"], FOLDER / "grpc_service.py", "call", port])
    assert found == {
        "h2": H2 if "call" in ours else "h2.connection",
        "once": "cba",
        "at once": [str(number)[::-1] for number in range(50)],
        "many": 100,
        "joined": "abc",
        "large": True,
        "echo": [str(number) for number in range(20)],
        "error": ["INVALID_ARGUMENT", "as asked"],
        "after": "zyx",
    }
    assert log.read_text() == ""


def test_twisted_serves_over_h2(certificate: Certificate, site: Site, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    command = on_hyper(FOLDER / "twisted_site.py", port, certificate.cert, certificate.key)
    with started(command, log, ENVIRONMENT) as process:
        await_port(process, port, log)
        url = f"https://localhost:{port}"
        trusted = ["--http2", "--cacert", certificate.authority]
        found = json.loads(curl(*trusted, f"{url}/which"))
        assert found == {"h2": H2, "version": "HTTP/2"}
        assert curl(*trusted, f"{url}/big") == bytes(range(256)) * 4096
        upload = curl(*trusted, "--data-binary", f"@{site.folder / '1MB'}", f"{url}/which")
        assert upload.decode() == site.checksums["1MB"]
        done = run([program("h2load"), "-n", "1000", "-c", "4", "-m", "20", f"{url}/which"])
        assert b"1000 succeeded, 0 failed, 0 errored, 0 timeout" in done.stdout
    assert log.read_text() == ""


def test_mitmproxy_stands_between_curl_and_nginx_in_http_2_on_both_sides(
    nginx: Origin, certificate: Certificate, site: Site, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    mitmdump = Path(python("mitmproxy")).with_name("mitmdump")
    command = on_hyper(mitmdump, name="mitmproxy")
    options: list[object] = ["--quiet", "--listen-host", "127.0.0.1", "--listen-port", 0]
    options += ["--set", f"confdir={tmp_path}", "--scripts", FOLDER / "mitm_addon.py"]
    options += ["--set", f"ssl_verify_upstream_trusted_ca={certificate.authority}"]
    with started([*command, *options], log, ENVIRONMENT) as process:
        port = first_line(process, log).split()[1]
        proxied = ["--http2", "--proxy", f"http://127.0.0.1:{port}"]
        proxied += ["--cacert", str(tmp_path / "mitmproxy-ca-cert.pem")]
        for name in ("1B", "1MB"):
            content = curl(*proxied, nginx.tls + name)
            assert hashlib.sha256(content).hexdigest() == site.checksums[name]
            line = first_line(process, log)
            assert line.split() == ["HTTP/2.0", "HTTP/2.0", "h2", "h2", "200", H2]
    assert log.read_text() == ""
