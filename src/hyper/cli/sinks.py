"""Where bodies go: files, and stdout in the order of the URLs.

Bodies for stdout come in whatever order the server chooses.  The first one not yet complete goes
straight through; the others wait in memory, the larger ones in temporary files, up to a bound, and
beyond that the peer is made to wait.

A file is made when its body begins, so that a failed request leaves an old one alone; what came of
a body that was cut short stays, as with curl.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final, Protocol

from hyper.cli.errors import CommandError, Exit, local_error

# In memory up to here for each body that is not first in line, then on disk.
_IN_MEMORY: Final = 1 << 20

# On disk up to here; then flow control stops the server until the body's turn has come.
_ON_DISK: Final = 256 << 20

_PIECE: Final = 1 << 16


class Sink(Protocol):
    """Where one body goes.  Each method but `drop` may raise `CommandError`."""

    def open(self) -> None:
        """A body is about to come."""

    async def write(self, data: bytes) -> None:
        """Take `data` over; returns when there is room for more."""

    async def close(self) -> None:
        """There is no more, because it is complete or because something went wrong."""

    def drop(self) -> None:
        """There is no more, and no time to wait for a turn."""


class FileSink:
    """Into a file, made or emptied when it is opened."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Make the file, empty.  Not by the constructor: the request may fail before."""
        try:
            self._file = _open_file(self._path)
        except OSError as error:
            raise local_error(self._path, error) from error

    async def write(self, data: bytes) -> None:
        """Append to the file."""
        if self._file is None:
            return
        try:
            self._file.write(data)
        except OSError as error:
            raise local_error(self._path, error) from error

    async def close(self) -> None:
        """Flush and close."""
        if self._file is None:
            return
        try:
            # A full disk may show only now.
            self._file.close()
        except OSError as error:
            raise local_error(self._path, error) from error

    def drop(self) -> None:
        """Close."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


class StdoutQueue:
    """Stdout, shared by bodies that take turns in the order in which their sinks were made.

    `text_only`: a person looks on, and bytes that are no text would garble the terminal.
    """

    def __init__(self, stream: BinaryIO | IO[bytes], *, text_only: bool = False) -> None:
        self._stream = stream
        self._text_only = text_only
        self._last: asyncio.Event | None = None
        self._failure: CommandError | None = None

    def sink(self) -> Sink:
        """The next place in the order."""
        before, self._last = self._last, asyncio.Event()
        return _StdoutSink(self, before, self._last)

    def put(self, data: bytes) -> None:
        """Write through to the stream."""
        if self._failure is not None:
            raise self._failure
        if self._text_only and b"\0" in data:
            self._failure = CommandError(
                Exit.LOCAL,
                "the body is not text; use -o FILE, or -o - to have it on the terminal anyway",
            )
            raise self._failure
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            # One pipe, one failure: every body that follows meets the same, and it is told once.
            self._failure = local_error("stdout", error)
            raise self._failure from error


class _StdoutSink:
    def __init__(
        self, queue: StdoutQueue, before: asyncio.Event | None, over: asyncio.Event
    ) -> None:
        self._queue = queue
        self._before = before
        self._over = over
        self._spool: SpooledTemporaryFile[bytes] | None = None
        self._spooled = 0

    def open(self) -> None:
        pass

    async def write(self, data: bytes) -> None:
        if self._is_first():
            self._put(data)
            return
        if self._spooled + len(data) > _ON_DISK:
            await self._turn()
            self._put(data)
            return
        try:
            if self._spool is None:
                self._spool = _open_spool()
            self._spool.write(data)
        except OSError as error:
            raise local_error("a temporary file", error) from error
        self._spooled += len(data)

    async def close(self) -> None:
        try:
            await self._turn()
            self._unspool()
        finally:
            self.drop()

    def drop(self) -> None:
        if self._spool is not None:
            with suppress(OSError):
                self._spool.close()
            self._spool = None
        self._over.set()

    def _is_first(self) -> bool:
        return self._before is None or self._before.is_set()

    async def _turn(self) -> None:
        if self._before is not None:
            await self._before.wait()

    def _put(self, data: bytes) -> None:
        self._unspool()
        self._queue.put(data)

    def _unspool(self) -> None:
        if self._spool is None:
            return
        spool, self._spool = self._spool, None
        with spool:
            spool.seek(0)
            while piece := spool.read(_PIECE):
                self._queue.put(piece)


def _open_file(path: str) -> BinaryIO:
    return Path(path).open("wb")


def _open_spool() -> "SpooledTemporaryFile[bytes]":
    return SpooledTemporaryFile(_IN_MEMORY)
