"""`hyper serve` as a process, from its first line to its last."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hyper.coding import encode
from hyper.frame import PREFACE, SettingsFrame, serialize
from hyper.io import StreamReset, TransportError, sync
from tests.cli.conftest import Certificates, Hyper, Serving, hyper_process, without
from tests.support.programs import first_line, run, started

PLAIN = ("get", "--http2-prior-knowledge")


def connected(serving: Serving) -> sync.ClientConnection:
    host, _, port = serving.url.removeprefix("http://").rstrip("/").partition(":")
    return sync.connect(host, int(port))


def test_it_says_where_it_is_and_serves(hyper: Hyper, serving: Serving) -> None:
    assert serving.url.startswith("http://127.0.0.1:"), "port 0 became a real one"
    assert hyper(*PLAIN, f"{serving.url}a.txt").out == b"first\n"
    assert b"large.bin" in hyper(*PLAIN, serving.url).out


def test_every_request_is_logged(hyper: Hyper, serving: Serving) -> None:
    hyper(*PLAIN, f"{serving.url}a.txt", f"{serving.url}nothing")
    hyper("get", f"{serving.url}a.txt")
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(20) == 0
    lines = serving.log.read_text().splitlines()
    assert [line.split()[2:6] for line in lines] == [
        ["200", "GET", "/a.txt", "HTTP/2"],
        ["404", "GET", "/nothing", "HTTP/2"],
        ["200", "GET", "/a.txt", "HTTP/1.1"],
    ]


def test_connect_is_logged_with_what_it_asks_for(serving: Serving) -> None:
    host, _, port = serving.url.removeprefix("http://").rstrip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 405 "), "these are files"
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(20) == 0
    (line,) = serving.log.read_text().splitlines()
    assert line.split()[2:6] == ["405", "CONNECT", "elsewhere:443", "HTTP/1.1"]


def test_quiet_logs_nothing(hyper: Hyper, www: Path, tmp_path: Path) -> None:
    log = tmp_path / "quiet"
    command = [sys.executable, "-m", "hyper", "serve", www, "--port", "0", "--cleartext"]
    with started([*command, "--quiet"], log) as process:
        hyper(*PLAIN, first_line(process, log).split()[-1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert log.read_bytes() == b""


def test_the_certificate_it_makes_is_for_localhost(hyper: Hyper, www: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started([sys.executable, "-m", "hyper", "serve", www, "--port", "0"], log) as process:
        url = first_line(process, log).split()[-1]
        assert url.startswith("https://127.0.0.1:")
        assert hyper("get", "-k", f"{url}a.txt").out == b"first\n"
        refused = hyper("get", f"{url}a.txt")
        assert refused.code == 4
        assert "certificate" in refused.error_line, "nobody vouches for it"


def test_a_certificate_can_be_brought(
    hyper: Hyper, www: Path, tmp_path: Path, certificates: Certificates
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "hyper", "serve", www, "--port", "0"]
    command += ["--cert", str(certificates.chain), "--key", str(certificates.key)]
    with started(command, log) as process:
        url = first_line(process, log).split()[-1]
        done = hyper("get", "--cacert", certificates.authority, f"{url}a.txt")
        assert (done.code, done.out) == (0, b"first\n")


def test_without_the_extra_it_says_what_to_install(www: Path) -> None:
    done = run(without(["cryptography"], "serve", www, "--port", "0"))
    assert done.returncode == 9
    assert done.stderr.decode() == (
        "hyper: nothing here can make a certificate: pip install 'hyper[cli]',"
        " or give --cert and --key, or --cleartext\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(serving: Serving, number: signal.Signals) -> None:
    serving.process.send_signal(number)
    assert serving.process.wait(20) == 0
    assert serving.log.read_text() == "", "there is nothing to complain of"


def test_what_is_open_is_finished_first(serving: Serving, www: Path) -> None:
    (www / "huge.bin").write_bytes(bytes(8_000_000))
    with connected(serving) as connection:
        response = connection.request("GET", "/huge.bin")
        first = response.receive()
        serving.process.send_signal(signal.SIGINT)
        while connection.going_away is None:
            connection.ping()
        assert len(first) + len(response.read()) == 8_000_000, "the GOAWAY left it alone"
    assert serving.process.wait(20) == 0


def test_a_second_signal_cuts_what_is_open(serving: Serving, www: Path) -> None:
    (www / "huge.bin").write_bytes(bytes(50_000_000))
    with connected(serving) as connection:
        response = connection.request("GET", "/huge.bin")
        response.receive()
        serving.process.send_signal(signal.SIGINT)
        while connection.going_away is None:
            connection.ping()
        serving.process.send_signal(signal.SIGINT)
        assert serving.process.wait(4) == 0, "before the five seconds of grace are over"
        with pytest.raises(TransportError):
            response.read()  # held until here: a response that nobody holds is reset


def test_a_body_that_nobody_wants_is_read_all_the_same(serving: Serving) -> None:
    with connected(serving) as connection:
        response = connection.request("POST", "/a.txt", body=bytes(1_000_000))
        assert response.status == 405
        assert response.field(b"allow") == b"GET, HEAD"
        response.read()
        assert connection.request("GET", "/a.txt").read() == b"first\n"


def test_a_file_that_changes_while_it_is_sent_is_reset(serving: Serving, www: Path) -> None:
    with connected(serving) as connection, (www / "huge.bin").open("wb") as file:
        file.truncate(50_000_000)
        response = connection.request("GET", "/huge.bin")
        response.receive()
        file.truncate(1_000)
        with pytest.raises(StreamReset, match="INTERNAL_ERROR"):
            response.read()
    serving.process.send_signal(signal.SIGTERM)
    serving.process.wait(20)
    assert "(the file changed while it was sent)" in serving.log.read_text()


def test_a_client_that_leaves_early_is_only_a_note_in_the_log(serving: Serving, www: Path) -> None:
    (www / "huge.bin").write_bytes(bytes(8_000_000))
    with connected(serving) as connection:
        connection.request("GET", "/huge.bin").reset()
        assert connection.request("GET", "/a.txt").read() == b"first\n"
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(20) == 0
    log = serving.log.read_text()
    assert "CANCEL" in log
    assert "fault in Hyper" not in log


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0" * 100 + b"\r\n\r\n",
        PREFACE + b"\xff" * 100,
        PREFACE + serialize(SettingsFrame()) + b"\0\0\0\x01\x05\0\0\0\0",
    ],
    ids=["no Host", "zeros", "no frames", "a bad frame"],
)
def test_garbage_harms_nobody_else(hyper: Hyper, serving: Serving, garbage: bytes) -> None:
    host, _, port = serving.url.removeprefix("http://").rstrip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        sock.sendall(garbage)
        answer = b""
        while piece := sock.recv(65_536):
            answer += piece
    if garbage.startswith(PREFACE):
        assert answer[3] == 0x4, "SETTINGS, as ever"
        assert b"\x07\x00\x00\x00\x00\x00" in answer, "then GOAWAY, and the end"
    else:
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), "RFC 9112 §3.2, and the end"
    assert hyper(*PLAIN, f"{serving.url}a.txt").out == b"first\n"


def test_a_folder_that_is_not_there_is_one_line() -> None:
    done = hyper_process("serve", "/nowhere", "--cleartext")
    assert (done.code, done.error_line) == (9, "/nowhere: No such file or directory")


def test_a_port_that_is_taken_is_one_line(www: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = hyper_process("serve", www, "--cleartext", "--port", port)
    assert done.code == 9
    assert done.error_line == f"cannot listen on 127.0.0.1:{port}: Address already in use"


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_certificate_that_is_none_is_one_line(
    www: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "c").write_bytes(content)
    done = hyper_process("serve", www, "--cert", tmp_path / "c")
    assert done.code == 4
    assert str(tmp_path / "c") in done.error_line


def test_a_log_that_nobody_reads_does_not_stop_it(hyper: Hyper, www: Path) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "hyper", "serve", www, "--port", "0", "--cleartext"],
        stdout=subprocess.PIPE,
        stderr=writer,
    )
    os.close(writer)
    os.close(reader)
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().split()[-1]
        try:
            for _ in range(3):
                assert hyper(*PLAIN, f"{url}a.txt").out == b"first\n"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_text_is_packed_for_who_can_unpack_it(hyper: Hyper, serving: Serving, www: Path) -> None:
    page = b"all the same, " * 20_000
    (www / "page.txt").write_bytes(page)
    for options in (PLAIN, ("get", "--http1.1")):
        assert hyper(*options, "--compressed", f"{serving.url}page.txt").out == page
        assert hyper(*options, f"{serving.url}page.txt").out == page
    head = hyper("get", "-I", "-H", "Accept-Encoding: gzip", f"{serving.url}page.txt").out
    assert b"content-encoding: gzip" in head
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(20) == 0
    sizes = [line.split()[6:8] for line in serving.log.read_text().splitlines()]
    assert sizes[1] == ["273.4", "KiB"], "as it is"
    assert sizes[0] != sizes[1], "what went out is what is logged"


@pytest.mark.parametrize("how", ["off", "beside"])
def test_packing_can_be_turned_off(hyper: Hyper, www: Path, tmp_path: Path, how: str) -> None:
    page = b"all the same, " * 20_000
    (www / "page.txt").write_bytes(page)
    log = tmp_path / "log"
    command = [sys.executable, "-m", "hyper", "serve", www, "--port", "0", "--cleartext"]
    with started([*command, "--compress", how], log) as process:
        url = first_line(process, log).split()[-1]
        head = hyper("get", "-I", "-H", "Accept-Encoding: gzip", f"{url}page.txt").out
        assert b"content-encoding" not in head
        assert b"vary" not in head, "there is one form"
        (www / "page.txt.gz").write_bytes(encode(page, "gzip"))
        head = hyper("get", "-I", "-H", "Accept-Encoding: gzip", f"{url}page.txt").out
        assert (b"content-encoding: gzip" in head) is (how == "beside")
