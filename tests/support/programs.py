"""Real programs as peers: where they are, and how they are started, awaited and ended.

A test asks for a program by name.  On a developer's machine a missing one skips the test, with the
package to install as the reason; in CI, which installs them all, a missing one is a failure.
"""

import os
import selectors
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGES = {
    "curl": "curl",
    "nghttp": "nghttp2-client",
    "h2load": "nghttp2-client",
    "nghttpd": "nghttp2-server",
    "nginx": "nginx",
    "haproxy": "haproxy",
    "ab": "apache2-utils",
    "wrk": "wrk",
    "node": "nodejs",
}

# Debian keeps servers where only root's PATH leads.
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def program(name: str) -> str:
    """The path of a program; skips the test, or fails it in CI, where it is not installed."""
    path = shutil.which(name, path=SEARCH)
    if path is None:
        reason = f"{name} is not installed (Debian package {PACKAGES[name]})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def run(
    arguments: Sequence[object],
    *,
    seconds: float = 120.0,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end, with all it says kept."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        input=stdin,
        capture_output=True,
        timeout=seconds,
        check=False,
        env=environment,
    )


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(
    arguments: Sequence[object], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server for the time of a `with`; what it says to stderr goes to `log`."""
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
            if process.stdout is not None:
                process.stdout.close()


def await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until `process` listens on `port`; fails with its log if it ends instead."""
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"{process.args!r} ended: {log.read_text(errors='replace')}")
    pytest.fail(f"{process.args!r} does not listen on port {port}")


def first_line(process: subprocess.Popen[bytes], log: Path, seconds: float = 20.0) -> str:
    """The first line a server says on stdout, which tells that it is ready."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(seconds):
            pytest.fail(f"{process.args!r} says nothing: {log.read_text(errors='replace')}")
    line = process.stdout.readline().decode()
    if not line:
        pytest.fail(f"{process.args!r} ended: {log.read_text(errors='replace')}")
    return line
