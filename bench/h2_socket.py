"""The HTTP/2 engine on sockets: the same small asyncio server on hyper, h2 and zttp, under h2load.

    python -m bench.h2_socket [--quick] [--write]

The servers are in bench/servers.  Each is a process of its own that waits while another is at work.
h2load runs on the same machine; what it costs shows in the requests a second by the clock, but not
in those by the server's CPU time.  Rounds are interleaved, the figures are medians.
"""

import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.harness import OURS, Row, options, report

NAMES = (OURS, "h2", "zttp")

# zttp ends a connection after 4,096 requests: it takes them for a flood.
CONNECTIONS = 8
STREAMS = 32
WARM_UP = 1_000  # requests: what is built at the first use is not counted

_DONE = re.compile(r"finished in [^,]+, ([0-9.]+) req/s")
_SUCCEEDED = re.compile(r"(\d+) succeeded")


class Server:
    """A server of bench/servers, ready to be asked."""

    def __init__(self, name: str, certificate: Path | None, stack: ExitStack) -> None:
        command = [sys.executable, "-m", f"bench.servers.with_{name}"]
        if certificate is not None:
            command += ["--certificate", str(certificate)]
        self.process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self.line().strip()}/"
        self.by_clock: list[float] = []
        self.by_cpu: list[float] = []

    def line(self) -> str:
        """The next line that the server prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def cpu_seconds(self) -> float:
        """The CPU time it has used."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.line())

    def forget(self) -> None:
        """Count from here on."""
        self.by_clock.clear()
        self.by_cpu.clear()

    def load(self, requests: int) -> None:
        """Let h2load ask so many times."""
        before = self.cpu_seconds()
        command = ["h2load", "-n", f"{requests}", "-c", f"{CONNECTIONS}", "-m", f"{STREAMS}"]
        done = subprocess.run([*command, self.url], check=True, capture_output=True, text=True)
        used = self.cpu_seconds() - before
        rate, succeeded = _DONE.search(done.stdout), _SUCCEEDED.search(done.stdout)
        assert rate is not None, done.stdout
        assert succeeded is not None, done.stdout
        assert int(succeeded[1]) == requests, done.stdout
        self.by_clock.append(float(rate[1]))
        self.by_cpu.append(requests / used)


def measured(certificate: Path | None, rounds: int, requests: int) -> list[Server]:
    """Every server that can be had, after so many rounds of so many requests."""
    with ExitStack() as stack:
        servers = [Server(name, certificate, stack) for name in installed()]
        for server in servers:
            server.load(WARM_UP)
            server.forget()
        for turn in range(rounds):
            cut = turn % len(servers)
            for server in servers[cut:] + servers[:cut]:
                server.load(requests)
    return servers


def installed() -> list[str]:
    """The names of the engines that are there."""
    return [name for name in NAMES if find_spec(name) is not None]


def self_signed(folder: Path) -> Path | None:
    """A certificate and its key in one file, or `None` where nothing can make one."""
    if shutil.which("openssl") is None:
        return None
    target = folder / "localhost.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-subj", "/CN=localhost", "-keyout", str(target), "-out", "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    with target.open("a", encoding="utf-8") as file:
        file.write(done.stdout)
    return target


def rows_over(how: str, servers: list[Server] | None) -> list[Row]:
    """What came of a run; nothing for `None`."""
    clock: dict[str, float] = {}
    cpu: dict[str, float] = {}
    if servers is not None:
        clock = dict(zip(installed(), [median(s.by_clock) for s in servers], strict=True))
        cpu = dict(zip(installed(), [median(s.by_cpu) for s in servers], strict=True))
    return [
        Row(f"hello over {how}, by the clock", clock, unit="/s"),
        Row(f"hello over {how}, by the server's CPU time", cpu, unit="/s"),
    ]


def main() -> None:
    """Measure and report."""
    asked = options()
    rounds, requests = (1, 2_000) if asked.rounds < 10 else (5, 20_000)
    cleartext = encrypted = None
    if shutil.which("h2load") is not None:
        cleartext = measured(None, rounds, requests)
        with TemporaryDirectory() as folder:
            certificate = self_signed(Path(folder))
            if certificate is not None:
                encrypted = measured(certificate, rounds, requests)
    rows = [*rows_over("cleartext", cleartext), *rows_over("TLS", encrypted)]
    report("HTTP/2 on sockets", rows, list(NAMES[1:]), write=asked.write)


if __name__ == "__main__":
    main()
