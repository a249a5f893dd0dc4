"""How far the transfers are, for those that take long enough for somebody to wonder.

Not here: how a bar looks; a screen draws it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hyper.cli.text import clock_time, printable, size

# Before that nobody wonders; a bar that comes and goes at once only disturbs.
_PATIENCE = 0.7

# Faster than this no eye follows, and drawing costs more than receiving.
_INTERVAL = 0.1


@dataclass(slots=True, kw_only=True)
class Transfer:
    """One body on its way: `done` bytes of `total`, which may be unknown, since `started`."""

    name: str
    total: int | None
    started: float
    done: int = 0


class Bars(Protocol):
    """Where progress is drawn."""

    def show(self, transfers: Sequence[Transfer], now: float) -> None:
        """Draw how the transfers under way stand at `now`."""

    def end(self) -> None:
        """Leave no trace."""


class Progress:
    """The transfers under way.  `open_bars` is called when there is something worth drawing."""

    def __init__(self, open_bars: Callable[[], Bars], clock: Callable[[], float]) -> None:
        self._open_bars = open_bars
        self._clock = clock
        self._bars: Bars | None = None
        self._transfers: list[Transfer] = []
        self._due: float | None = None

    def begin(self, name: str, total: int | None) -> Transfer:
        """A body begins to arrive."""
        now = self._clock()
        transfer = Transfer(name=name, total=total, started=now)
        self._transfers.append(transfer)
        if self._due is None:
            self._due = now + _PATIENCE
        return transfer

    def advance(self, transfer: Transfer, count: int) -> None:
        """`count` bytes more of it are here."""
        transfer.done += count
        now = self._clock()
        if self._due is not None and now >= self._due:
            if self._bars is None:
                self._bars = self._open_bars()
            self._bars.show(self._transfers, now)
            self._due = now + _INTERVAL

    def finish(self, transfer: Transfer) -> None:
        """It is over, well or not."""
        self._transfers.remove(transfer)
        if not self._transfers:
            self.end()

    def end(self) -> None:
        """Take what was drawn away: something else is about to be printed."""
        if self._bars is not None:
            self._bars.end()
            self._bars = None
            self._due = self._clock()


def summary(transfers: Sequence[Transfer], now: float) -> str:
    """All transfers in one line: `big.iso  12.0 MiB of 95.4 MiB  12 %  11.1 MiB/s  0:07 left`."""
    done = sum([each.done for each in transfers])
    totals = [each.total for each in transfers if each.total is not None]
    total = sum(totals) if len(totals) == len(transfers) else None
    parts = [
        printable(transfers[0].name) if len(transfers) == 1 else f"{len(transfers)} transfers",
        size(done) if total is None else f"{size(done)} of {size(total)}",
    ]
    if total:
        parts.append(f"{100 * done // total} %")
    passed = now - min([each.started for each in transfers])
    if passed > 0 and done:
        speed = done / passed
        parts.append(f"{size(int(speed))}/s")
        if total is not None:
            parts.append(f"{clock_time((total - done) / speed)} left")
    return "  ".join(parts)
