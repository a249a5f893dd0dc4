"""Hundreds of requests and responses, right and wrong: what another program refuses we refuse too,
or a sentence says why not.

The programs are node, nginx, haproxy and curl; h11 and llhttp are in tests/h1.
"""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import h1_peers
from tests.support.h1_answers import RESPONSES
from tests.support.h1_cases import REQUESTS
from tests.support.h1_reviewed import REQUESTS as REVIEWED_REQUESTS
from tests.support.h1_reviewed import RESPONSES as REVIEWED_RESPONSES
from tests.support.h1_reviewed import reviewed
from tests.support.h1_verdicts import Verdict, differs, ours, ours_answered
from tests.support.programs import await_port, first_line, free_port, program, started

pytestmark = pytest.mark.interop

Judge = Callable[[bytes], Verdict]
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, once before a recorder and once before an answerer."""

    front: int
    recorder: h1_peers.Recorder
    back: int
    answerer: h1_peers.Answerer


def proxy(name: str, folder: Path, config: str, *arguments: str) -> Iterator[Proxy]:
    executable = program(name)
    recorder, answerer = h1_peers.Recorder(), h1_peers.Answerer()
    front, back = free_port(), free_port()
    text = config.format(
        folder=folder, front=front, back=back, recorder=recorder.port, answerer=answerer.port
    )
    path = h1_peers.written(folder, f"{name}.conf", text)
    command = [executable, *(argument.format(folder=folder, path=path) for argument in arguments)]
    with started(command, folder / "log") as process:
        await_port(process, front, folder / "log")
        await_port(process, back, folder / "log")
        yield Proxy(front, recorder, back, answerer)
    recorder.close()
    answerer.close()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx as a proxy."""
    folder = tmp_path_factory.mktemp("nginx")
    yield from proxy(
        "nginx", folder, h1_peers.NGINX, "-p", "{folder}", "-c", "{path}", "-e", "stderr"
    )


@pytest.fixture(scope="module")
def haproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """haproxy as a proxy."""
    folder = tmp_path_factory.mktemp("haproxy")
    yield from proxy("haproxy", folder, h1_peers.HAPROXY, "-db", "-f", "{path}")


def differences(
    cases: Mapping[str, bytes], us: Judge, them: Judge, lines: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    """What nobody has reviewed, and the lines that are not true any more."""
    unreviewed: dict[str, str] = {}
    stale = set(lines)
    for name, octets in cases.items():
        mine, theirs = us(octets), them(octets)
        # A race shows once; what they think of it shows again.
        for _ in range(3):
            if differs(mine, theirs):
                theirs = them(octets)
        if differs(mine, theirs):
            stale.discard(name)
            if name not in lines:
                unreviewed[name] = f"ours: {mine}; theirs: {theirs}"
    return unreviewed, stale


@pytest.fixture(params=["node", "nginx", "haproxy"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Judge]]:
    """One server after the other."""
    name: str = request.param
    if name != "node":
        found = request.getfixturevalue(name)
        assert isinstance(found, Proxy)
        yield name, lambda octets: h1_peers.of_proxy(found.front, found.recorder, octets)
        return
    with started([program("node"), FOLDER / "h1_server.mjs"], tmp_path / "log") as process:
        port = int(first_line(process, tmp_path / "log"))
        yield name, lambda octets: h1_peers.of_node(process, port, octets)


def test_what_another_server_refuses_we_refuse_or_have_a_reason(
    server: tuple[str, Judge],
) -> None:
    name, judge = server
    unreviewed, stale = differences(REQUESTS, ours, judge, reviewed(REVIEWED_REQUESTS, name))
    assert unreviewed == {}, "each is a way to smuggle until somebody has looked at it"
    assert stale == set(), "lines that are not true any more"


@pytest.fixture(params=["node", "nginx", "haproxy", "curl"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Judge]]:
    """One client after the other."""
    name: str = request.param
    if name in ("nginx", "haproxy"):
        found = request.getfixturevalue(name)
        assert isinstance(found, Proxy)
        yield name, lambda octets: h1_peers.of_proxy_answered(found.back, found.answerer, octets)
        return
    answerer = h1_peers.Answerer()
    if name == "curl":
        curl = program("curl")
        yield name, lambda octets: h1_peers.of_curl(curl, answerer, octets)
    else:
        command = [program("node"), str(FOLDER / "h1_client.mjs")]
        with (
            (tmp_path / "log").open("wb") as log,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            ) as process,
        ):
            yield name, lambda octets: h1_peers.of_node_answered(process, answerer, octets)
            process.terminate()
    answerer.close()


def test_what_another_client_refuses_we_refuse_or_have_a_reason(
    client: tuple[str, Judge],
) -> None:
    name, judge = client
    unreviewed, stale = differences(
        RESPONSES, ours_answered, judge, reviewed(REVIEWED_RESPONSES, name)
    )
    assert unreviewed == {}, "each is a way to split until somebody has looked at it"
    assert stale == set(), "lines that are not true any more"
