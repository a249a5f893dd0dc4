"""Large, many and long, with real programs at the other end: uploads of 100 MB in both roles, a
thousand streams at once, and connections of tens of thousands of requests that do not grow.
"""

import asyncio
import gc
import hashlib
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from hyper.h2 import Limits
from hyper.io import asyncio as tasks
from hyper.io import client_context, server_context, sync
from tests.interop.conftest import NGINX, Certificate, Site
from tests.support.programs import await_port, first_line, free_port, program, run, started

PEER = Path(__file__).with_name("peer.mjs")
SIZE = "100MB"
STREAMS = 1_000
WIDE = Limits(max_concurrent_streams=STREAMS)

pytestmark = pytest.mark.interop


# -- uploads to us ----------------------------------------------------------------------------


def checksum(exchange: sync.Exchange) -> None:
    """Answers with the checksum of what it was sent."""
    digest = hashlib.sha256()
    for chunk in exchange:
        digest.update(chunk)
    exchange.respond(200, [], digest.hexdigest().encode())


@pytest.fixture(scope="module")
def cleartext() -> Iterator[str]:
    with sync.serve(checksum) as server:
        yield f"http://127.0.0.1:{server.address[1]}/"


@pytest.mark.slow
def test_curl_uploads_100_mb_over_tls(site: Site, certificate: Certificate) -> None:
    context = server_context(str(certificate.cert), str(certificate.key))
    with sync.serve(checksum, ssl=context) as server:
        url = f"https://localhost:{server.address[1]}/"
        options = ["--http2", "-sS", "--fail", "--cacert", certificate.authority]
        done = run([program("curl"), *options, "-T", site.folder / SIZE, url])
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == site.checksums[SIZE], "no byte is changed"


@pytest.mark.slow
def test_nghttp_uploads_100_mb(cleartext: str, site: Site) -> None:
    done = run([program("nghttp"), "-d", site.folder / SIZE, cleartext])
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == site.checksums[SIZE], "no byte is changed"


@pytest.mark.slow
def test_node_uploads_100_mb(cleartext: str, site: Site) -> None:
    done = run([program("node"), PEER, "upload", cleartext, site.folder / SIZE])
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {"status": 200, "text": site.checksums[SIZE]}


@pytest.mark.slow
def test_h2load_uploads_a_megabyte_over_each_of_many_streams(cleartext: str, site: Site) -> None:
    options = ["-n", "60", "-c", "3", "-m", "10", "-d", site.folder / "1MB"]
    said = run([program("h2load"), *options, cleartext]).stdout.decode()
    assert "60 succeeded, 0 failed, 0 errored, 0 timeout" in said, said


# -- uploads from us --------------------------------------------------------------------------


def pieces(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(65_536):
            yield piece


@pytest.mark.slow
def test_nginx_takes_100_mb_from_us(site: Site, certificate: Certificate, tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    config = NGINX.format(
        folder=tmp_path,
        tls=port,
        cleartext=other,
        cert=certificate.cert,
        key=certificate.key,
        root=tmp_path,
    ).replace("root ", "client_max_body_size 0; dav_methods PUT; root ")
    (tmp_path / "nginx.conf").write_text(config)
    command = [program("nginx"), "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", "stderr"]
    with started(command, tmp_path / "log") as process:
        await_port(process, port, tmp_path / "log")
        context = client_context(str(certificate.authority))
        with (
            sync.connect("localhost", port, ssl=context) as connection,
            connection.request("PUT", "/put", body=pieces(site.folder / SIZE)) as response,
        ):
            response.read()
            assert response.status == 201, "RFC 9110 §9.3.4: created"
    stored = hashlib.sha256((tmp_path / "put").read_bytes()).hexdigest()
    assert stored == site.checksums[SIZE], "no byte is changed"


@pytest.mark.slow
def test_nghttpd_gives_back_what_we_upload(site: Site, tmp_path: Path) -> None:
    port = free_port()
    command = [program("nghttpd"), "--no-tls", "--echo-upload", "--address=127.0.0.1", port]
    with started(command, tmp_path / "log") as process:
        await_port(process, port, tmp_path / "log")
        digest = hashlib.sha256()
        with (
            sync.connect("127.0.0.1", port) as connection,
            connection.request("POST", "/", body=pieces(site.folder / SIZE)) as response,
        ):
            for chunk in response:
                digest.update(chunk)
    assert digest.hexdigest() == site.checksums[SIZE], "there and back, no byte is changed"


@pytest.fixture(scope="module")
def node_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of node's."""
    log = tmp_path_factory.mktemp("node") / "log"
    with started([program("node"), PEER, "serve"], log) as process:
        yield int(first_line(process, log))


@pytest.mark.slow
def test_node_takes_100_mb_from_us(site: Site, node_server: int) -> None:
    with (
        sync.connect("127.0.0.1", node_server) as connection,
        connection.request("POST", "/", body=pieces(site.folder / SIZE)) as response,
    ):
        assert response.read().decode() == site.checksums[SIZE], "no byte is changed"


# -- a thousand streams at once ---------------------------------------------------------------


def held_until_all_are_there(
    talk: Callable[[int], Awaitable[None]],
) -> int:
    """Serve requests none of which is answered before a thousand wait; the most that waited."""
    most = 0

    async def main() -> None:
        nonlocal most
        everybody = asyncio.Event()
        waiting = 0

        async def handler(exchange: tasks.Exchange) -> None:
            nonlocal waiting, most
            waiting += 1
            most = max(most, waiting)
            if waiting == STREAMS:
                everybody.set()
            await everybody.wait()
            waiting -= 1
            await exchange.respond(200, [], b"all of us")

        async with await tasks.serve(handler, limits=WIDE) as server:
            await talk(server.address[1])

    asyncio.run(main())
    return most


async def output_of(*command: object) -> str:
    """Run a program without blocking the loop; what it says."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return said.decode()


def test_node_opens_a_thousand_streams_at_once() -> None:
    async def talk(port: int) -> None:
        url = f"http://127.0.0.1:{port}/"
        said = await output_of(program("node"), PEER, "many", url, STREAMS)
        assert json.loads(said) == STREAMS, "every one is answered"

    assert held_until_all_are_there(talk) == STREAMS, "and all of them were open at once"


def test_h2load_opens_a_thousand_streams_at_once() -> None:
    async def talk(port: int) -> None:
        options = ["-n", 3 * STREAMS, "-c", 1, "-m", STREAMS]
        said = await output_of(program("h2load"), *options, f"http://127.0.0.1:{port}/")
        assert f"{3 * STREAMS} succeeded, 0 failed" in said, said

    assert held_until_all_are_there(talk) == STREAMS, "and a thousand of them were open at once"


def test_we_open_a_thousand_streams_at_once(node_server: int) -> None:
    async def main() -> None:
        async with await tasks.connect("127.0.0.1", node_server) as connection:
            path = f"/hold?{STREAMS}"
            requests = [connection.request("GET", path) for _ in range(STREAMS)]
            for response in await asyncio.gather(*requests):
                async with response:
                    assert await response.read() == b"all of us", "none before all were there"

    asyncio.run(main())


# -- long lives -------------------------------------------------------------------------------


class Scales:
    """Weighs the process each time so many requests were answered."""

    def __init__(self, first: int, last: int) -> None:
        self.at = (first, last)
        self.count = 0
        self.blocks: list[int] = []

    def answered(self) -> None:
        """One more."""
        self.count += 1
        if self.count in self.at:
            gc.collect()
            self.blocks.append(sys.getallocatedblocks())

    def check(self) -> None:
        """Nothing grew with each request: what is kept would be a block or more."""
        first, last = self.blocks
        assert last - first < (self.at[1] - self.at[0]) / 4, f"{last - first} blocks more"


@pytest.mark.slow
@pytest.mark.timeout(300)  # ten seconds of work, on a machine that may have much else to do
def test_one_connection_of_100000_requests_of_h2load_does_not_grow() -> None:
    scales = Scales(10_000, 100_000)

    async def main() -> str:
        async def handler(exchange: tasks.Exchange) -> None:
            scales.answered()
            await exchange.respond(200, [(b"x-number", b"%d" % scales.count)], b"hello")

        async with await tasks.serve(handler) as server:
            url = f"http://127.0.0.1:{server.address[1]}/"
            return await output_of(program("h2load"), "-n", 100_000, "-c", 1, "-m", 50, url)

    said = asyncio.run(main())
    assert re.search(r"100000 succeeded, 0 failed, 0 errored", said), said
    scales.check()


@pytest.mark.slow
def test_one_connection_of_20000_requests_to_nghttpd_does_not_grow(
    site: Site, tmp_path: Path
) -> None:
    port = free_port()
    command = [program("nghttpd"), "--no-tls", "--address=127.0.0.1", f"-d{site.folder}", port]
    scales = Scales(4_000, 20_000)

    async def fetch(connection: tasks.ClientConnection) -> None:
        for _ in range(1_000):
            async with await connection.request("GET", "/1B") as response:
                assert len(await response.read()) == 1
            scales.answered()

    async def main() -> None:
        async with await tasks.connect("127.0.0.1", port) as connection:
            await asyncio.gather(*(fetch(connection) for _ in range(20)))

    with started(command, tmp_path / "log") as process:
        await_port(process, port, tmp_path / "log")
        asyncio.run(main())
    scales.check()
