"""`hyper serve`: the files of a folder over HTTP/2 and HTTP/1.1, until it is told to stop.

Not here: what the answer to a request is; see `files`.
"""

import asyncio
import signal
import ssl
from collections.abc import AsyncIterator
from time import perf_counter, time
from typing import TextIO

from hyper.cli.access_log import AccessLog
from hyper.cli.arguments import ServeOptions
from hyper.cli.conditions import http_date
from hyper.cli.encodings import Encodings
from hyper.cli.errors import CommandError, Exit
from hyper.cli.files import CONSIDERED, SMALL, Answer, Folder, Slice
from hyper.cli.localhost import HOW_TO_GET_IT, is_everywhere, localhost_context
from hyper.cli.output import Screen
from hyper.frame import ErrorCode
from hyper.io import ConnectError, TransportError, server_context
from hyper.io.asyncio import Exchange, Server, serve

# Beyond so many bytes of a body nobody wants, the client is stopped all the same.
_MOST_DRAINED = 16 << 20


async def run_serve(options: ServeOptions, screen: Screen, log: TextIO) -> Exit:
    """Serve until a signal; the address goes to `screen`, a line for each request to `log`."""
    encodings = Encodings(options.codings, live=options.compress) if options.codings else None
    folder = Folder(options.folder, hidden=options.hidden, encodings=encodings)
    try:
        return await _run(options, folder, screen, log)
    finally:
        folder.close()


async def _run(options: ServeOptions, folder: Folder, screen: Screen, log: TextIO) -> Exit:
    context = _context(options)
    access_log = AccessLog(None if options.quiet else log)
    site = FileSite(folder, access_log)
    stop = StopSignals()
    try:
        server = await serve(
            site.handle, options.host, options.port, ssl=context, on_error=access_log.error
        )
    except ConnectError as error:
        raise CommandError(Exit.LOCAL, str(error)) from error
    screen.line(
        ("Serving ", ""),
        (str(options.folder), "bold"),
        (" at ", ""),
        (base_url(server, secure=context is not None), "name"),
    )
    if context is not None and options.certificate is None:
        screen.line(("with a certificate made just now: curl -k, hyper get -k", "dim"))
    await stop.first.wait()
    if server.connections:
        screen.line(("Finishing what is open; Ctrl-C again cuts it off", "dim"))
    await close_gracefully(server, options.grace, stop)
    access_log.flush()
    return Exit.OK


def _context(options: ServeOptions) -> ssl.SSLContext | None:
    if options.cleartext:
        return None
    if options.certificate is not None:
        return server_context(*options.certificate)
    made = localhost_context(options.host)
    if made is None:
        raise CommandError(
            Exit.LOCAL,
            f"nothing here can make a certificate: {HOW_TO_GET_IT},"
            " or give --cert and --key, or --cleartext",
        )
    return made[0]


class FileSite:
    """A handler that answers from a folder."""

    def __init__(self, folder: Folder, log: AccessLog) -> None:
        self._folder = folder
        self._log = log

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        started = perf_counter()
        considered: dict[bytes, bytes] = {}
        for name, value in exchange.fields:
            if name in CONSIDERED:
                # RFC 9110 §5.3: lines of one name are a list.
                considered[name] = considered[name] + b", " + value if name in considered else value
        answer = self._folder.answer(exchange.method, exchange.path, considered)
        # RFC 9110 §6.6.1: an origin server with a clock MUST generate Date.
        answer.fields.append((b"date", http_date(int(time()))))
        part = answer.slice
        sent = len(answer.body) if exchange.method != "HEAD" else 0
        note = ""
        try:
            if part is None:
                await exchange.respond(answer.status, answer.fields, answer.body)
            else:
                await exchange.start(answer.status, answer.fields)
                async for piece in _pieces(answer, part):
                    sent += len(piece)
                    await exchange.write(piece)
                await exchange.end()
        except TransportError as error:
            note = f"({error})"
            raise
        except OSError as error:
            # The length was announced, so that an early end would do; a reset says why.
            note = f"({error})"
            exchange.reset(ErrorCode.INTERNAL_ERROR)
        finally:
            if part is not None:
                part.close()
            if answer.packing is not None:
                answer.packing.close()
            self._log.request(
                exchange.peer,
                # CONNECT has no path (RFC 9110 §9.3.6).
                (exchange.method, exchange.path or exchange.authority, exchange.http_version),
                (answer.status, sent),
                perf_counter() - started,
                note,
            )
        if answer.status == 405:
            await _drain(exchange)


async def _pieces(answer: Answer, part: Slice) -> AsyncIterator[bytes]:
    """The content as it goes out."""
    if answer.packing is not None:
        async for packed in answer.packing.pieces(part):
            yield packed
        return
    while piece := part.read(SMALL):
        yield piece


async def _drain(exchange: Exchange) -> None:
    """Let the client send what it has begun to send.

    It has its answer and could be stopped by RST_STREAM with NO_ERROR (RFC 9113 §8.1), but curl 7
    takes that for a failure and throws the answer away.
    """
    left = _MOST_DRAINED
    while left > 0 and (piece := await exchange.receive()):
        left -= len(piece)


class StopSignals:
    """Ctrl-C and SIGTERM, counted: the first asks, the second insists."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self.first.is_set():
            self.second.set()
        self.first.set()


async def close_gracefully(server: Server, grace: float, stop: StopSignals) -> None:
    """GOAWAY, and wait for what is open: `grace` seconds, or until the second signal."""
    closing = asyncio.create_task(server.close(grace))
    insisted = asyncio.create_task(stop.second.wait())
    await asyncio.wait((closing, insisted), return_when=asyncio.FIRST_COMPLETED)
    insisted.cancel()
    if not closing.done():
        closing.cancel()
        await asyncio.wait((closing,))
        await server.close(0)
    else:
        closing.result()


def base_url(server: Server, *, secure: bool) -> str:
    """The URL of what `server` serves."""
    host, port = server.address
    if is_everywhere(host):
        host = "localhost"
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{port}/"
