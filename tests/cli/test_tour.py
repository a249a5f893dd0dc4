"""`hyper` alone, as a newcomer runs it."""

import asyncio
import io
import re
import signal
import sys
from pathlib import Path

from hyper.cli.arguments import TourOptions
from hyper.cli.output import PlainScreen
from hyper.cli.tour import run_tour
from hyper.cli.tour_scenes import SceneFailed, Stage, get
from tests.cli.conftest import Hyper, hyper_process, without
from tests.support.programs import run, started


def test_once_shows_everything_and_ends_well() -> None:
    done = hyper_process("--once")
    said = done.out.decode()
    assert (done.code, done.err) == (0, ""), said
    for title in (
        "a GET",
        "5 MB upload",
        "5 MB download",
        "100 at once",
        "trailers",
        "103 early hints",
        "a reset",
        "graceful shutdown",
    ):
        assert re.search(rf"^{title} +[\d.]+ m?s  \S", said, re.MULTILINE), title
    assert "All 8 scenes went well" in said
    assert "Over TLS" in said
    assert "send HEADERS       stream 1" in said, "one exchange, frame by frame"
    assert "recv DATA          stream 1" in said
    assert "curl -k --http2 https://127.0.0.1:8443/" in said, "and something to try"


def test_no_line_is_wider_than_a_terminal() -> None:
    said = hyper_process("--once").out.decode()
    table = said[said.index("scene ") : said.index("All 8 scenes")]
    wide = [line for line in table.splitlines() if len(line) > 80]
    assert wide == [], "what wraps is no table"


def test_without_the_extra_it_goes_in_cleartext_and_says_so() -> None:
    done = run(without(["cryptography", "rich"], "--once"))
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "All 8 scenes went well" in said
    assert "In cleartext" in said
    assert "pip install 'hyper[cli]'" in said
    assert "curl --http2-prior-knowledge http://127.0.0.1:8443/" in said


def test_without_once_the_server_stays_until_it_is_told_to_go(hyper: Hyper, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started([sys.executable, "-m", "hyper"], log) as process:
        assert process.stdout is not None
        url = ""
        for line in process.stdout:
            found = re.search(r"curl -k --http2 (\S+)", line.decode())
            if found is not None:
                url = found[1]
                break
        assert b"Hello from Hyper" in hyper("get", "-k", url).out
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, log.read_text()
    assert log.read_text() == ""


async def fails(stage: Stage) -> str:
    del stage
    raise SceneFailed("colour: expected blue, got red")


def test_a_scene_that_fails_is_shown_and_makes_the_exit_non_zero() -> None:
    stream = io.StringIO()
    scenes = [("one", get), ("two", fails), ("three", get)]
    code = asyncio.run(run_tour(TourOptions(once=True, port=0), PlainScreen(stream), scenes))
    said = stream.getvalue()
    assert code == 1
    assert re.search(r"^two +\S+ ms  FAILED: colour: expected blue, got red$", said, re.MULTILINE)
    assert re.search(r"^three +\S+ ms  200", said, re.MULTILINE), (
        "the others are played all the same"
    )
    assert "1 of 3 scenes failed" in said


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "hyper", "serve", tmp_path, "--port", "0", "--cleartext"]
    with started(command, log) as process:
        assert process.stdout is not None
        port = process.stdout.readline().decode().rstrip("/\n").rpartition(":")[2]
        done = hyper_process("--once", "--port", port)
    assert done.code == 9
    assert f"cannot listen on 127.0.0.1:{port}" in done.error_line
