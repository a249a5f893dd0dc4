"""The programs that the guides show: they run as they stand there, and are as short as promised."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.programs import await_port, free_port, program, run, started
from tools.floors import ROOT

EXAMPLES = ROOT / "docs" / "examples"

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server of the guide; gives its port."""
    log = tmp_path_factory.mktemp("guide") / "log"
    port = free_port()
    with started([sys.executable, EXAMPLES / "h2_server.py", port], log) as process:
        await_port(process, port, log)
        yield port
    assert log.read_text() == "", "it has nothing to complain of"


@pytest.mark.parametrize("name", ["h2_server.py", "h2_client.py"])
def test_a_guide_keeps_its_promise_of_forty_lines(name: str) -> None:
    _, _, code = (EXAMPLES / name).read_text().partition("\n")
    lines = [line for line in code.splitlines() if line.strip() and '"""' not in line]
    assert len(lines) <= 40, "the title says so; blank lines and docstrings are free"


def test_the_client_of_the_guide_fetches_from_its_server(server: int) -> None:
    done = run([sys.executable, EXAMPLES / "h2_client.py", server, "/one", "/two"])
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"/one /one\n/two /two\n", "both, over one connection"


def test_curl_gets_an_answer_from_the_server(server: int) -> None:
    url = f"http://127.0.0.1:{server}/hello"
    done = run([program("curl"), "--silent", "--http2-prior-knowledge", url])
    assert (done.returncode, done.stdout) == (0, b"/hello"), "as the guide shows"


def test_a_thousand_requests_at_once_are_answered(server: int) -> None:
    url = f"http://127.0.0.1:{server}/"
    done = run([program("h2load"), "-n", "1000", "-c", "10", "-m", "100", url])
    assert b"1000 succeeded, 0 failed" in done.stdout, "every one of them"


def test_the_client_gets_a_file_from_a_server_of_others(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("from nghttpd")
    log = tmp_path / "log"
    port = free_port()
    with started([program("nghttpd"), "--no-tls", "-d", tmp_path, port], log) as process:
        await_port(process, port, log)
        done = run([sys.executable, EXAMPLES / "h2_client.py", port, "/file.txt"])
    assert done.stdout == b"/file.txt from nghttpd\n", done.stderr


def test_the_client_says_what_failed(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    with started([sys.executable, "-m", "http.server", port], log) as process:
        await_port(process, port, log)
        done = run([sys.executable, EXAMPLES / "h2_client.py", port, "/"])
    assert done.returncode == 1, "HTTP/1.1 is no answer"
    assert b"ConnectionError: PROTOCOL_ERROR" in done.stderr or b"FRAME_SIZE_ERROR" in done.stderr
