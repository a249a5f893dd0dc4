"""`hyper` alone: a tour of HTTP/2 on this machine, without a network and without configuration.

Not here: the server's answers (`tour_site`) and the scenes (`tour_scenes`).
"""

import asyncio
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from hyper import __version__
from hyper.cli.arguments import TourOptions
from hyper.cli.errors import CommandError, Exit
from hyper.cli.localhost import HOW_TO_GET_IT, localhost_context
from hyper.cli.output import Screen, Span
from hyper.cli.serve import StopSignals, base_url, close_gracefully
from hyper.cli.text import duration, printable
from hyper.cli.tour_scenes import SCENES, Scene, Stage
from hyper.cli.tour_site import Site
from hyper.cli.trace import Trace
from hyper.cli.trace_lines import Line
from hyper.io import ConnectError, Tap, client_context
from hyper.io.asyncio import ClientConnection, Server, connect, serve
from hyper.wire import HyperError

_PAYLOAD = 5_000_000

# Longer than any scene takes on a machine that is slow and busy.
_SCENE_TIMEOUT = 30.0

_GRACE = 5.0

# What `--once` suggests, since its own port is closed again by the time anybody reads of it.
_PORT_TO_TRY = 8443


async def run_tour(options: TourOptions, screen: Screen, scenes: Sequence[Scene] = SCENES) -> Exit:
    """Play the scenes, show one exchange frame by frame; without `once`, then serve on."""
    return await _Tour(options, screen).run(scenes)


@dataclass(frozen=True, slots=True)
class _Security:
    """TLS for both ends, or none for either."""

    server: ssl.SSLContext | None
    client: ssl.SSLContext | None


class _Tour:
    def __init__(self, options: TourOptions, screen: Screen) -> None:
        self._options = options
        self._screen = screen
        self._security = _security()

    async def run(self, scenes: Sequence[Scene]) -> Exit:
        """All of it."""
        site = Site(os.urandom(_PAYLOAD))
        try:
            server = await self._open_server(site, self._options.port)
        except ConnectError as error:
            raise CommandError(Exit.LOCAL, str(error)) from error
        async with server:
            self._welcome(server)
            well = await self._play(scenes, server, site)
            await self._show_frames(server)
            self._say_what_to_try(server)
            if not self._options.once:
                stop = StopSignals()
                await stop.first.wait()
                await close_gracefully(server, _GRACE, stop)
        return Exit.OK if well else Exit.FAILED

    async def _open_server(self, site: Site, port: int = 0) -> Server:
        return await serve(site.handle, "127.0.0.1", port, ssl=self._security.server)

    async def _connect(self, server: Server, tap: Tap | None = None) -> ClientConnection:
        host, port = server.address
        return await connect(host, port, ssl=self._security.client, tap=tap)

    def _welcome(self, server: Server) -> None:
        say = self._screen.line
        say((f"Hyper {__version__}", "bold"), (": a tour of HTTP/2 on this machine.", ""))
        say()
        say(
            ("A server has begun to listen at ", ""),
            (self._url(server), "name"),
            (" and a client to ask it.", ""),
        )
        if self._security.server is None:
            say(
                ("In cleartext: with ", "bad"),
                (HOW_TO_GET_IT, "bold"),
                (" there is a certificate, and all of this goes over TLS.", "bad"),
            )
        else:
            say(("Over TLS, with a certificate for localhost that was made just now.", ""))
        say()

    async def _play(self, scenes: Sequence[Scene], server: Server, site: Site) -> bool:
        """Whether all of them went well."""
        started = perf_counter()
        failed = 0
        connection = await self._connect(server)
        stage = Stage(
            site=site,
            connection=connection,
            open_server=self._open_server,
            open_connection=self._connect,
        )
        table = self._screen.table([("scene", 17), ("time", 8), ("what happened", 46)])
        try:
            for title, play in scenes:
                begun = perf_counter()
                try:
                    async with asyncio.timeout(_SCENE_TIMEOUT):
                        happened = await play(stage)
                except (HyperError, TimeoutError) as error:
                    failed += 1
                    why = printable(str(error)) or f"nothing within {_SCENE_TIMEOUT:g} s"
                    outcome: Span = (f"FAILED: {why}", "bad")
                else:
                    outcome = (happened, "")
                taken = duration(perf_counter() - begun)
                table.row((title, "bold"), (f"{taken:>8}", "number"), outcome)
        finally:
            table.end()
            await connection.close()
        taken = duration(perf_counter() - started)
        self._screen.line()
        if failed:
            self._screen.line((f"{failed} of {len(scenes)} scenes failed, in {taken}.", "bad"))
        else:
            self._screen.line((f"All {len(scenes)} scenes went well, in {taken}.", "good"))
        return failed == 0

    async def _show_frames(self, server: Server) -> None:
        """One exchange on a connection of its own, as `hyper get -v` shows it."""
        say = self._screen.line
        say()
        say(("One exchange, frame by frame", "bold"), (", as `hyper get -v` shows it:", ""))
        say()
        trace = Trace(self._trace_line, perf_counter, started=perf_counter())
        async with await self._connect(server, trace) as connection:
            response = await connection.request("GET", "/trailers")
            await response.read()
        say()

    def _trace_line(self, line: Line) -> None:
        self._screen.line(*line)

    def _say_what_to_try(self, server: Server) -> None:
        say = self._screen.line
        url = self._url(server)
        if self._options.once:
            port = self._options.port or _PORT_TO_TRY
            url = f"{url.rpartition(':')[0]}:{port}/"
            say(
                ("Now you.  The server stays with ", ""),
                (f"hyper --port {port}", "bold"),
                ("; then, from another window:", ""),
            )
        else:
            say(("Now you.  The server stays until Ctrl-C; from another window:", ""))
        say()
        if self._security.server is None:
            say((f"  curl --http2-prior-knowledge {url}", "name"))
            say((f"  hyper get --http2-prior-knowledge -v {url}hints", "name"))
        else:
            say((f"  curl -k --http2 {url}", "name"))
            say((f"  hyper get -k -v {url}hints", "name"))
        say()

    def _url(self, server: Server) -> str:
        return base_url(server, secure=self._security.server is not None)


def _security() -> _Security:
    made = localhost_context()
    if made is None:
        return _Security(None, None)
    server, certificate = made
    client = client_context()
    # The certificate vouches for itself: this client is told to believe it.
    client.load_verify_locations(cadata=certificate.decode("ascii"))
    return _Security(server, client)
