"""The same lines, tables and bars by rich.  Imported only where rich is and a person looks on.

Not here: any decision about what to say.
"""

from collections.abc import Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table as RichTable
from rich.text import Text

from hyper.cli.output import Span, Style, Table
from hyper.cli.progress import Bars, Transfer
from hyper.cli.text import printable

_STYLES: dict[Style, str] = {
    "": "",
    "dim": "dim",
    "bold": "bold",
    "good": "green",
    "bad": "bold red",
    "sent": "magenta",
    "received": "cyan",
    "name": "blue",
    "number": "yellow",
}


class RichScreen:
    """A terminal with colour."""

    terminal = True

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)

    def line(self, *spans: Span) -> None:
        """Print one line; the terminal wraps it, so that it can be copied whole."""
        self._console.print(_text(spans), soft_wrap=True)

    def table(self, columns: Sequence[tuple[str, int]]) -> Table:
        """Begin a table that is drawn anew with each row."""
        return _RichTable(self._console, columns)

    def bars(self) -> Bars:
        """One bar for each transfer."""
        return _RichBars(self._console)


class _RichTable:
    def __init__(self, console: Console, columns: Sequence[tuple[str, int]]) -> None:
        self._table = RichTable(
            box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold"
        )
        for title, width in columns:
            self._table.add_column(title, min_width=min(width, 60))
        self._live = Live(self._table, console=console, auto_refresh=False)
        self._live.start()

    def row(self, *cells: Span) -> None:
        self._table.add_row(*[_text([cell]) for cell in cells])
        self._live.refresh()

    def end(self) -> None:
        self._live.stop()


class _RichBars:
    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            auto_refresh=False,
        )
        self._tasks: dict[int, TaskID] = {}
        self._progress.start()

    def show(self, transfers: Sequence[Transfer], now: float) -> None:
        del now  # rich has its own clock
        for transfer in transfers:
            key = id(transfer)
            if key not in self._tasks:
                name = printable(transfer.name).replace("[", "\\[")
                self._tasks[key] = self._progress.add_task(name, total=transfer.total)
            self._progress.update(self._tasks[key], completed=transfer.done)
        under_way = {id(transfer) for transfer in transfers}
        for key in [key for key in self._tasks if key not in under_way]:
            self._progress.remove_task(self._tasks.pop(key))
        self._progress.refresh()

    def end(self) -> None:
        self._progress.stop()


def _text(spans: Sequence[Span]) -> Text:
    return Text.assemble(*[(text, _STYLES[style]) for text, style in spans])
