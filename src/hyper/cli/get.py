"""`hyper get`: fetch URLs, those of one origin over one connection, all at once.

Not here: redirects, cookies, caches; taking content codings off, see `unpacking`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Final, TextIO

from hyper.cli.arguments import STDOUT, GetOptions
from hyper.cli.errors import CommandError, Exit, exit_code
from hyper.cli.origins import IN_FLIGHT, Lease, Origin
from hyper.cli.output import Screen, complain, is_terminal
from hyper.cli.progress import Progress, Transfer
from hyper.cli.sinks import FileSink, Sink, StdoutQueue
from hyper.cli.trace import Trace
from hyper.cli.trace_lines import Line
from hyper.cli.unpacking import Unpacking
from hyper.cli.urls import Target
from hyper.http import ALL_VERSIONS, Version
from hyper.io import (
    ConnectionLost,
    Informational,
    Timeouts,
    TransportError,
    client_context,
)
from hyper.io.asyncio import ClientConnection, Response
from hyper.wire import Field, HyperError

# RFC 9110 §9.2.2.
_IDEMPOTENT: Final = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}


async def run_get(
    options: GetOptions,
    stdout: TextIO,
    screen: Screen,
    clock: Callable[[], float] = monotonic,
) -> Exit:
    """Fetch everything; bodies go to `stdout` and files, the rest to `screen`.

    Returns the exit code of the first URL, in the order given, that failed.
    """
    fetcher = _Fetcher(options, stdout, screen, clock)
    try:
        async with asyncio.timeout(options.max_time):
            return await fetcher.run()
    except TimeoutError:
        raise CommandError(
            Exit.TIMEOUT, f"expected everything to be done in {options.max_time:g} s (--max-time)"
        ) from None


class _Fetcher:
    def __init__(
        self, options: GetOptions, stdout: TextIO, screen: Screen, clock: Callable[[], float]
    ) -> None:
        self._options = options
        self._screen = screen
        self._clock = clock
        self._started = clock()
        self._bodies_on_terminal = is_terminal(stdout)
        text_only = self._bodies_on_terminal and not options.to_terminal
        queue = StdoutQueue(stdout.buffer, text_only=text_only)
        self._sinks = [
            queue.sink() if output == STDOUT else FileSink(output) for output in options.outputs
        ]
        self._progress: Progress | None = None
        if screen.terminal and not options.silent and not options.verbose:
            self._progress = Progress(screen.bars, clock)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._origins = self._find_origins()
        self._reported: list[BaseException] = []

    async def run(self) -> Exit:
        """Fetch all of it."""
        try:
            codes = await asyncio.gather(
                *[
                    self._fetch(target, output, sink)
                    for target, output, sink in zip(
                        self._options.targets, self._options.outputs, self._sinks, strict=True
                    )
                ]
            )
        finally:
            if self._progress is not None:
                self._progress.end()
            await asyncio.gather(*[origin.close() for origin in self._origins.values()])
        return next((code for code in codes if code != Exit.OK), Exit.OK)

    def _find_origins(self) -> dict[tuple[str, str, int], Origin]:
        options = self._options
        firsts = {target.origin: target for target in reversed(options.targets)}
        wanted = Counter([target.origin for target in options.targets])
        several = len(firsts) > 1
        secure = any(target.scheme == "https" for target in options.targets)
        context = None
        if secure:
            context = client_context(
                options.cacert,
                insecure=options.insecure,
                versions=_versions("https", options),
            )
        timeouts = Timeouts(
            connect=options.connect_timeout,
            handshake=options.connect_timeout,
            read=options.read_timeout,
        )
        return {
            key: Origin(
                target,
                context=context if target.scheme == "https" else None,
                versions=_versions(target.scheme, options),
                timeouts=timeouts,
                requests=wanted[key],
                open_trace=self._trace_opener(target.authority if several else ""),
            )
            for key, target in firsts.items()
        }

    async def _fetch(self, target: Target, output: str, sink: Sink) -> Exit:
        """One URL from begin to end; what goes wrong with it is told here and is its exit code."""
        async with self._slots:
            failure: HyperError | None = None
            try:
                await self._transfer(target, output, sink)
            except HyperError as error:
                failure = error
            except BaseException:
                sink.drop()
                raise
            try:
                await sink.close()
            except CommandError as error:
                failure = failure or error
            if failure is None:
                return Exit.OK
            self._report(target, failure)
            return exit_code(failure)

    async def _transfer(self, target: Target, output: str, sink: Sink) -> None:
        interim: list[Informational] = []
        async with (
            self._origins[target.origin].lease() as lease,
            await self._ask(lease, target, interim) as response,
        ):
            if self._options.fail and response.status >= 400:
                raise CommandError(
                    Exit.STATUS, f"{target.url}: the server answered {response.status}"
                )
            sink.open()
            if self._options.include:
                version = response.http_version
                for each in interim:
                    await sink.write(_head(version, each.status, each.fields))
                await sink.write(_head(version, response.status, response.fields, response.reason))
            transfer = self._begin(target, output, response)
            try:
                unpacking = self._unpacking(response)
                async for chunk in response:
                    for piece in [chunk] if unpacking is None else unpacking.pieces(chunk):
                        await sink.write(piece)
                    if self._progress is not None and transfer is not None:
                        self._progress.advance(transfer, len(chunk))
                if unpacking is not None:
                    unpacking.finish()
            finally:
                if self._progress is not None and transfer is not None:
                    self._progress.finish(transfer)

    def _unpacking(self, response: Response) -> Unpacking | None:
        limits = self._options.compressed
        if limits is None:
            return None
        return Unpacking(response.fields, limits)

    async def _ask(self, lease: Lease, target: Target, interim: list[Informational]) -> Response:
        """The response to one request, asked again if the first was certainly not acted upon, or
        can do no harm.
        """
        upload = self._options.upload
        try:
            return await self._request(lease.connection, target, interim)
        except TransportError as error:
            # RFC 9112 §9.3.1: an idle connection may be closed as it is used again; a request with
            # a method that is idempotent MAY be repeated then.
            stale = lease.used and isinstance(error, ConnectionLost) and not interim
            stale = stale and lease.connection.http_version != "2"
            harmless = self._options.head.method in _IDEMPOTENT
            if not error.retryable and not (stale and harmless):
                raise
            if upload is not None and not upload.replayable:
                raise
        # RFC 9113 §8.7: a request that was not processed can be retried, on another connection
        # where this one takes no more.
        interim.clear()
        await lease.renew()
        return await self._request(lease.connection, target, interim)

    async def _request(
        self, connection: ClientConnection, target: Target, interim: list[Informational]
    ) -> Response:
        head = self._options.head
        upload = self._options.upload
        fields: list[Field] = list(head.fields)
        if upload is not None and upload.size is not None:
            fields.append((b"content-length", b"%d" % upload.size))
        return await connection.request(
            head.method,
            target.path,
            authority=head.authority or target.authority,
            fields=fields,
            body=None if upload is None else upload.pieces(),
            on_informational=interim.append,
        )

    def _begin(self, target: Target, output: str, response: Response) -> Transfer | None:
        if self._progress is None or (output == STDOUT and self._bodies_on_terminal):
            return None
        length = response.field(b"content-length")
        # No body is longer, and Python refuses to read numbers that are much longer.
        known = length if length is not None and length.isdigit() and len(length) < 20 else None
        total = None if known is None else int(known)
        return self._progress.begin(target.name or target.authority, total)

    def _report(self, target: Target, error: HyperError) -> None:
        """One line.  What many URLs failed of, a refused connection say, is told once."""
        if error in self._reported:
            return
        self._reported.append(error)
        if self._progress is not None:
            self._progress.end()
        message = str(error)
        peer = f"{target.host}:{target.port}"
        failed_to_connect = error is self._origins[target.origin].failure
        if not isinstance(error, CommandError) and not (failed_to_connect and peer in message):
            message = f"{target.url}: {message.removeprefix(f'{peer}: ')}"
        complain(self._screen, message)

    def _trace_opener(self, label: str) -> Callable[[], Trace | None]:
        return partial(self._open_trace, label) if self._options.verbose else _no_trace

    def _open_trace(self, label: str) -> Trace:
        return Trace(
            self._trace_line,
            self._clock,
            started=self._started,
            label=label,
            show_secrets=self._options.show_secrets,
        )

    def _trace_line(self, line: Line) -> None:
        # A reader of the trace who has seen enough must not end the transfer.
        with suppress(OSError):
            self._screen.line(*line)


def _versions(scheme: str, options: GetOptions) -> Sequence[Version]:
    """What may be spoken."""
    if options.http1_1:
        return (Version.HTTP_1_1,)
    if scheme == "http":
        # RFC 9113 §3.3: in cleartext HTTP/2 takes prior knowledge.
        return (Version.HTTP_2,) if options.http2_prior_knowledge else (Version.HTTP_1_1,)
    return ALL_VERSIONS


def _no_trace() -> None:
    return None


def _head(version: str, status: int, fields: Sequence[Field], reason: str = "") -> bytes:
    """A head as people read it; HTTP/2 has no reason phrases (RFC 9113 §8.3.2)."""
    first = f"HTTP/{version} {status} {reason}".rstrip()
    lines = [first.encode("latin-1") + b"\n"]
    lines += [b"%b: %b\n" % (field[0], field[1]) for field in fields]
    return b"".join([*lines, b"\n"])
