"""Hypercorn under load and an httpx loop, with their own libraries and on `hyper.compat`.

    python -m bench.compat_software [--quick] [--write]

The same program in both columns, from the environment that `make software` makes; without it there
is nothing to measure.  What the load generators cost shows in the requests a second by the clock,
but not in those by the CPU time of the process that is measured.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import sleep

from bench.harness import OURS, Row, build, options, report

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv" / "software" / "programs"
PYTHON = ENVIRONMENT / "bin" / "python"
SERVERS = ROOT / "bench" / "servers"
THEIRS = "own libraries"

# Connections, streams at once on each, and what is asked for: under /early the application does not
# read the request, which makes Hypercorn wake up more often.
LOADS = [(1, 1, ""), (1, 100, ""), (10, 100, ""), (1, 100, "early")]

_RATE = re.compile(r"finished in [^,]+, ([0-9.]+) req/s")
_TICKS = os.sysconf("SC_CLK_TCK")


def command(name: str, *arguments: object) -> list[str]:
    """How a program is run: as it is, or with its libraries replaced."""
    replaced = ["-m", "hyper.compat"] if name == OURS else []
    return [str(each) for each in (PYTHON, *replaced, *arguments)]


def environment() -> dict[str, str]:
    """With this build of Hyper and the programs of bench/servers on the path."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(SERVERS)])}


class Hypercorn:
    """The server in one of the two ways."""

    def __init__(self, name: str, stack: ExitStack) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        config = ["--workers", "0", "--config", f"file:{SERVERS / 'hypercorn_config.py'}"]
        self.process = subprocess.Popen(
            command(
                name, "-m", "hypercorn", *config, "-b", f"127.0.0.1:{self.port}", "asgi_app:app"
            ),
            env=environment(),
            stderr=subprocess.DEVNULL,
        )
        stack.callback(self.process.wait)
        stack.callback(self.process.terminate)
        for _ in range(250):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            sleep(0.04)
        sys.exit("Hypercorn does not listen")

    def cpu_seconds(self) -> float:
        """The CPU time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


def h2load(url: str, requests: int, connections: int, streams: int) -> float:
    """Requests a second by the clock; every one of them must succeed."""
    executable = shutil.which("h2load")
    if executable is None:
        sys.exit("h2load is not installed (Debian package nghttp2-client)")
    done = subprocess.run(
        [executable, "-n", str(requests), "-c", str(connections), "-m", str(streams), url],
        capture_output=True,
        text=True,
        check=True,
    )
    rate = _RATE.search(done.stdout)
    assert rate is not None, done.stdout
    assert f"{requests} succeeded" in done.stdout, done.stdout
    return float(rate[1])


def server_rows(servers: dict[str, Hypercorn], rounds: int, requests: int) -> list[Row]:
    """Hypercorn under each of the loads."""
    target = 2.5 if build() == "compiled" else 2.0
    rows: list[Row] = []
    for connections, streams, path in LOADS:
        by_clock: dict[str, list[float]] = {name: [] for name in servers}
        by_cpu: dict[str, list[float]] = {name: [] for name in servers}
        for turn in range(rounds + 1):
            for name in list(servers)[:: 1 if turn % 2 else -1]:
                server = servers[name]
                start = server.cpu_seconds()
                rate = h2load(server.url + path, requests, connections, streams)
                used = server.cpu_seconds() - start
                if turn:  # the first is there to warm up
                    by_clock[name].append(rate)
                    by_cpu[name].append(requests / used)
        what = f"Hypercorn, {connections} connection{'s' * (connections > 1)} of {streams}"
        what += f" stream{'s' * (streams > 1)}{', no request read' if path else ''}"
        for how, found in (("", by_clock), (", by its CPU time", by_cpu)):
            values = {name: median(rates) for name, rates in found.items()}
            rows.append(Row(what + how, values, target if streams > 1 else None, "/s"))
    return rows


def client_rows(url: str, rounds: int, requests: int) -> list[Row]:
    """The loop of httpx, each round in a process of its own."""
    loops: dict[str, list[list[float]]] = {OURS: [], THEIRS: []}
    for turn in range(rounds):
        for name in list(loops)[:: 1 if turn % 2 else -1]:
            done = subprocess.run(
                command(name, SERVERS / "httpx_loop.py", url, requests),
                env=environment(),
                capture_output=True,
                text=True,
                check=True,
            )
            loops[name].append([float(rate) for rate in done.stdout.split()])
    return [
        Row(
            work,
            {name: median(each[at] for each in rates) for name, rates in loops.items()},
            unit="/s",
        )
        for at, work in enumerate(
            ["httpx, one download after the other", "httpx, twenty downloads at a time"]
        )
    ]


def main() -> None:
    """Measure and report."""
    asked = options()
    if not (ENVIRONMENT / "ready").exists():
        print("nothing to measure: `make software` sets the programs up")
        return
    quick = asked.rounds < 15
    rounds, requests = (1, 200) if quick else (5, 8_000)
    with ExitStack() as stack:
        servers = {name: Hypercorn(name, stack) for name in (OURS, THEIRS)}
        rows = server_rows(servers, rounds, requests)
        rows += client_rows(servers[OURS].url, rounds, requests // 4)
    report("Software on hyper.compat", rows, write=asked.write)


if __name__ == "__main__":
    main()
