"""What can be wrong with the world, each as a script meets it: one clear line and an exit code."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from hyper.frame import SettingsFrame, serialize
from tests.cli.conftest import Certificates, Outcome, Serving, hyper_process
from tests.support.strangers import half_an_answer, says, silent, stranger

PLAIN = ("get", "--http2-prior-knowledge")


def check(done: Outcome, code: int, *words: str) -> None:
    """One line with all of `words`, and the code."""
    line = done.error_line
    missing = [word for word in words if word not in line]
    assert missing == [], line
    assert done.code == code, line
    assert "Traceback" not in done.err, "a user is no debugger"


@pytest.mark.parametrize("url", ["https://[::1", "nonsense", "https://", "ftp://h/", "https://h:x"])
def test_a_url_that_cannot_be_parsed(url: str) -> None:
    check(hyper_process("get", url), 2, "not a usable URL")


def test_two_versions_that_exclude_each_other() -> None:
    both = ("--http2-prior-knowledge", "--http1.1")
    check(hyper_process("get", *both, "http://127.0.0.1/"), 2, *both)


def test_a_refused_connection() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        done = hyper_process("get", f"https://127.0.0.1:{port}/")
    check(done, 3, f"127.0.0.1:{port}", "refused")


def test_a_name_that_nobody_has() -> None:
    check(hyper_process("get", "https://name.invalid/"), 3, "name.invalid")


@pytest.mark.parametrize("protocols", [(), ("http/1.1",)], ids=["no ALPN", "HTTP/1.1"])
def test_a_tls_server_without_h2_is_spoken_to_in_http_1_1(
    certificates: Certificates, protocols: tuple[str, ...]
) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"
    with stranger(says(answer), certificates.server_of(*protocols)) as (_, port):
        done = hyper_process("get", "-k", f"https://127.0.0.1:{port}/")
    assert (done.code, done.out) == (0, b"abc"), "RFC 9113 §3.2: HTTP/2 is what ALPN says it is"


def test_an_http_1_1_server_that_cuts_its_answer_short() -> None:
    def script(sock: socket.socket) -> None:
        sock.recv(65_536)
        sock.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")

    with stranger(script) as (_, port):
        done = hyper_process("get", f"http://127.0.0.1:{port}/")
    check(done, 7, f"127.0.0.1:{port}", "3 bytes")


@pytest.mark.parametrize(
    "said",
    [b"\xde\xad\xbe\xef\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n a: b\r\n\r\n"],
    ids=["garbage", "status", "folded"],
)
def test_an_http_1_1_server_that_makes_no_sense(said: bytes) -> None:
    with stranger(says(said)) as (_, port):
        done = hyper_process("get", f"http://127.0.0.1:{port}/")
    check(done, 5, f"127.0.0.1:{port}", "expected")


def test_a_cleartext_server_without_h2() -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    with stranger(says(answer)) as (_, port):
        done = hyper_process(*PLAIN, f"http://127.0.0.1:{port}/")
    check(done, 5, f"127.0.0.1:{port}", "expected")


def test_garbage_instead_of_a_preface() -> None:
    with stranger(says(b"\xde\xad\xbe\xef" * 20)) as (_, port):
        done = hyper_process(*PLAIN, f"http://127.0.0.1:{port}/")
    check(done, 5, f"127.0.0.1:{port}", "expected")


def test_garbage_after_the_preface() -> None:
    with stranger(says(serialize(SettingsFrame()) + b"\0\0\x05\x03\0\0\0\0\x01abcde")) as (_, port):
        done = hyper_process(*PLAIN, f"http://127.0.0.1:{port}/")
    check(done, 5, f"127.0.0.1:{port}", "FRAME_SIZE_ERROR")


def test_a_cleartext_server_where_tls_is_expected() -> None:
    with stranger(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as (_, port):
        done = hyper_process("get", f"https://127.0.0.1:{port}/")
    check(done, 4, f"127.0.0.1:{port}", "TLS")


def test_a_certificate_nobody_vouches_for(certificates: Certificates) -> None:
    with stranger(silent, certificates.server()) as (_, port):
        done = hyper_process("get", f"https://localhost:{port}/")
    check(done, 4, f"localhost:{port}", "certificate")


def test_a_certificate_for_somebody_else(tmp_path: Path) -> None:
    authority = trustme.CA()
    other = Certificates(tmp_path / "authority", tmp_path / "chain", tmp_path / "key")
    leaf = authority.issue_cert("other.example")
    authority.cert_pem.write_to_path(str(other.authority))
    leaf.cert_chain_pems[0].write_to_path(str(other.chain))
    leaf.private_key_pem.write_to_path(str(other.key))
    with stranger(silent, other.server()) as (_, port):
        done = hyper_process("get", "--cacert", other.authority, f"https://localhost:{port}/")
    check(done, 4, "certificate", "localhost")


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_an_authority_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    check(hyper_process("get", "--cacert", file, "https://127.0.0.1:1/"), 4, str(file))


@pytest.mark.parametrize("where", ["stdout", "file"])
def test_a_truncated_body(tmp_path: Path, where: str) -> None:
    target = tmp_path / "body"
    output = ["-o", target] if where == "file" else []
    with stranger(half_an_answer) as (_, port):
        url = f"http://127.0.0.1:{port}/x"
        done = hyper_process(*PLAIN, url, *output)
    check(done, 7, url, "5 bytes")
    came = target.read_bytes() if where == "file" else done.out
    assert came == b"12345", "what came stays, as with curl"


def test_a_truncated_body_over_tls(certificates: Certificates) -> None:
    with stranger(half_an_answer, certificates.server()) as (_, port):
        url = f"https://localhost:{port}/x"
        done = hyper_process("get", "--cacert", certificates.authority, url)
    check(done, 7, url, "5 bytes")


def test_a_server_that_says_nothing_at_all() -> None:
    with stranger(silent) as (_, port):
        done = hyper_process(*PLAIN, "--connect-timeout", "0.3", f"http://127.0.0.1:{port}/")
    check(done, 6, f"127.0.0.1:{port}", "0.3 s")


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt"])
def test_a_path_outside_the_served_folder(serving: Serving, path: str) -> None:
    url = serving.url + path
    check(hyper_process(*PLAIN, "--fail", url), 8, url, "404")


@pytest.mark.parametrize("name", ["a.txt", "large.bin"])
def test_a_full_disk(serving: Serving, name: str) -> None:
    done = hyper_process(*PLAIN, "-o", "/dev/full", serving.url + name)
    check(done, 9, "/dev/full", "No space left on device")


def test_a_full_disk_behind_stdout(serving: Serving) -> None:
    with Path("/dev/full").open("wb") as full:
        done = redirected(full.fileno(), *PLAIN, f"{serving.url}large.bin", f"{serving.url}a.txt")
    check(done, 9, "stdout", "No space left on device")


def test_a_file_that_cannot_be_written(serving: Serving, tmp_path: Path) -> None:
    target = tmp_path / "no" / "file"
    done = hyper_process(*PLAIN, "-o", target, f"{serving.url}a.txt")
    check(done, 9, str(target), "No such file or directory")


def test_a_file_to_send_that_is_not_there(tmp_path: Path) -> None:
    done = hyper_process("get", "-d", f"@{tmp_path / 'nothing'}", "https://127.0.0.1:1/")
    check(done, 9, "nothing", "No such file or directory")


def redirected(stdout: int, *arguments: object) -> Outcome:
    """`hyper` with its stdout somewhere else."""
    done = subprocess.run(
        [sys.executable, "-m", "hyper", *[str(argument) for argument in arguments]],
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, b"", done.stderr.decode())
