"""What `-d` sends: text from the command line, files and stdin, as one body.

A file is read as it goes up, in pieces, so that it may be larger than memory.
"""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Final

from hyper.cli.errors import CommandError, Exit, local_error

_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A body: pieces of bytes and files, one after the other.

    `size` in bytes is `None` when it shows only at the end, as for stdin.
    `replayable`: it can be sent a second time.
    """

    parts: Sequence[bytes | _File]

    @property
    def size(self) -> int | None:
        """The length of all of it in bytes, where that is known before the end."""
        total = 0
        for part in self.parts:
            length = len(part) if isinstance(part, bytes) else part.size
            if length is None:
                return None
            total += length
        return total

    @property
    def replayable(self) -> bool:
        """Whether `pieces` can be called again."""
        return all(isinstance(part, bytes) or part.size is not None for part in self.parts)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body from its beginning.  `CommandError` when a file is not what it was."""
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
                continue
            left = part.size
            with _open(part) as file:
                while left is None or left > 0:
                    piece = await _read(file, part, left)
                    if not piece:
                        break
                    if left is not None:
                        left -= len(piece)
                    yield piece
            if left:
                raise CommandError(
                    Exit.LOCAL,
                    f"{part.path}: ended {left} bytes early, it was cut while being sent",
                )


def parse_upload(data: Sequence[str]) -> Upload:
    """The `-d` arguments as one body, joined by `&` as the fields of a form are."""
    parts: list[bytes | _File] = []
    for text in data:
        if parts:
            parts.append(b"&")
        if text.startswith("@"):
            parts.append(_file(text[1:]))
        else:
            parts.append(text.encode("utf-8", "surrogateescape"))
    if parts.count(_File("-", None)) > 1:
        raise CommandError(Exit.USAGE, "-d @-: stdin can be read once")
    return Upload(parts)


def _file(path: str) -> _File:
    if path == "-":
        return _File("-", None)
    if not path:
        raise CommandError(Exit.USAGE, "-d @: expected the name of a file after the @")
    try:
        # Looked at now, so that a wrong name is known before anything is sent; not opened, because
        # whoever writes into a pipe would take that for a reader.
        found = Path(path).stat()
    except OSError as error:
        raise local_error(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise CommandError(Exit.LOCAL, f"{path}: expected a file, got a directory")
    # A pipe or a device has a size of 0 and is as long as it is.
    return _File(path, found.st_size if stat.S_ISREG(found.st_mode) else None)


def _open(part: _File) -> BinaryIO:
    if part.path == "-":
        return sys.stdin.buffer
    try:
        return Path(part.path).open("rb")
    except OSError as error:
        raise local_error(part.path, error) from error


async def _read(file: BinaryIO, part: _File, left: int | None) -> bytes:
    try:
        if left is None:
            return await _read_aside(file.fileno())
        return file.read(min(_PIECE, left))
    except OSError as error:
        raise local_error(part.path, error) from error


async def _read_aside(descriptor: int) -> bytes:
    """What is there to read; whoever types it may take his time, and everything else goes on.

    Not `asyncio.to_thread`: at the end its thread is waited for, and Ctrl-C would wait for Enter.
    """
    loop = asyncio.get_running_loop()
    piece: asyncio.Future[bytes] = loop.create_future()
    Thread(target=_read_into, args=(descriptor, loop, piece), daemon=True).start()
    return await piece


def _read_into(
    descriptor: int, loop: asyncio.AbstractEventLoop, piece: "asyncio.Future[bytes]"
) -> None:
    octets = b""
    failure: OSError | None = None
    try:
        octets = os.read(descriptor, _PIECE)
    except OSError as error:
        failure = error
    # The loop may be gone by now, and nobody is left to tell.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_settle, piece, octets, failure)


def _settle(piece: "asyncio.Future[bytes]", octets: bytes, failure: OSError | None) -> None:
    if piece.done():
        return
    if failure is None:
        piece.set_result(octets)
    else:
        piece.set_exception(failure)
