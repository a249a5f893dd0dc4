"""Lines and tables for a person: in colour where that is possible, plain everywhere else.

`rich` does the colour; it is asked only when it is installed and the stream is a terminal.
Not here: bodies.  They are bytes and go to `sys.stdout.buffer` as they are (see `sinks`).
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from shutil import get_terminal_size
from typing import Literal, Protocol, TextIO, TypeAlias

from hyper.cli.progress import Bars, Transfer, summary
from hyper.cli.text import printable

Style: TypeAlias = Literal["", "dim", "bold", "good", "bad", "sent", "received", "name", "number"]
"""How a piece of text is meant; what that looks like is the screen's business."""

Span: TypeAlias = tuple[str, Style]
"""A piece of text and its style."""


class Table(Protocol):
    """A table that grows by a row at a time and shows each at once."""

    def row(self, *cells: Span) -> None:
        """Add one row."""

    def end(self) -> None:
        """The table is whole."""


class Screen(Protocol):
    """One stream for people."""

    terminal: bool

    def line(self, *spans: Span) -> None:
        """Print one line and flush it."""

    def table(self, columns: Sequence[tuple[str, int]]) -> Table:
        """Begin a table: titles, and the width each column needs at least."""

    def bars(self) -> Bars:
        """Begin progress bars; for a terminal only."""


def open_screen(stream: TextIO) -> Screen:
    """A screen on `stream`: rich's where there is one and somebody looks, else a plain one."""
    # A locale without UTF-8 must not turn a file name into a UnicodeEncodeError.
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    if is_terminal(stream):
        try:
            pretty = import_module("hyper.cli.pretty")
        except ImportError:
            return PlainScreen(stream, terminal=True)
        screen: Screen = pretty.RichScreen(stream)
        return screen
    return PlainScreen(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees what is written there; a closed stream has no reader."""
    return not stream.closed and stream.isatty()


def let_go(stream: TextIO) -> None:
    """Flush `stream` for the last time.  When its reader has gone, or its disk is full, somebody
    has been told; the interpreter must not say so once more.
    """
    try:
        if not stream.closed:
            stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def complain(screen: Screen, message: str) -> None:
    """Print the one line that every error is."""
    # With stderr gone, the exit code is all that is left to say it with.
    with suppress(OSError):
        screen.line(("hyper: ", "bad"), (printable(message), ""))


class PlainScreen:
    """Text without colour, for files, pipes and terminals that have no rich."""

    def __init__(self, stream: TextIO, *, terminal: bool = False) -> None:
        self._stream = stream
        self.terminal = terminal

    def line(self, *spans: Span) -> None:
        """Print one line and flush it."""
        self._stream.write("".join([text for text, _ in spans]) + "\n")
        self._stream.flush()

    def table(self, columns: Sequence[tuple[str, int]]) -> Table:
        """Begin a table with its titles underlined."""
        return _PlainTable(self, columns)

    def bars(self) -> Bars:
        """One line that is written over and over."""
        return _PlainBars(self._stream)


class _PlainTable:
    def __init__(self, screen: PlainScreen, columns: Sequence[tuple[str, int]]) -> None:
        self._screen = screen
        self._widths = [max(width, len(title)) for title, width in columns]
        self._write([title for title, _ in columns])
        self._write(["-" * width for width in self._widths])

    def row(self, *cells: Span) -> None:
        self._write([text for text, _ in cells])

    def end(self) -> None:
        pass

    def _write(self, cells: Sequence[str]) -> None:
        padded = [text.ljust(width) for text, width in zip(cells, self._widths, strict=True)]
        self._screen.line(("  ".join(padded).rstrip(), ""))


class _PlainBars:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._width = 0

    def show(self, transfers: Sequence[Transfer], now: float) -> None:
        # A line that wraps cannot be written over.
        text = summary(transfers, now)[: get_terminal_size().columns - 1]
        # Blanks wipe out what a longer text left behind.
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def end(self) -> None:
        self._stream.write("\r" + " " * self._width + "\r")
        self._stream.flush()
        self._width = 0
