"""Side by side: time several ways to do the same work in one run and print the ratios.

Rounds are interleaved: each round runs every case once, so that a busy minute of the machine falls
on all of them alike, and the order turns by one place a round.  The figure of a case is the median
over its rounds of the CPU time of this process: what other processes do shows little.

Not here: peers, inputs, targets.  Those belong to the benchmark that knows them:

    asked = options()
    times = measure({"hyper": ours, "hyperframe": theirs}, asked.rounds)
    report("Frames", [Row("parse DATA", times, target=5.0)], ["hyperframe"], write=asked.write)

A case that does the work `n` times a call says so with `per=n`.  Run a benchmark from the root of
the project: `python -m bench.frame [--quick] [--write]`.
"""

import gc
import platform
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import process_time

import hyper.wire.buffer

OURS = "hyper"
README = Path(__file__).with_name("README.md")


def measure(
    cases: Mapping[str, Callable[[], object]],
    rounds: int = 15,
    *,
    per: int = 1,
    seconds: float = 0.02,
) -> dict[str, float]:
    """The median CPU time in seconds of one unit of each case's work.

    Each case runs about `seconds` a round; one call of it is `per` units.
    """
    names = list(cases)
    counts = {name: _calls_for(seconds, cases[name]) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        cut = turn % len(names)
        for name in names[cut:] + names[:cut]:
            gc.collect()
            times[name].append(_run(cases[name], counts[name]) / (counts[name] * per))
    return {name: median(times[name]) for name in names}


@dataclass(slots=True, kw_only=True)
class Options:
    """What the command line of a benchmark asked for."""

    rounds: int
    write: bool


def options(arguments: Sequence[str] | None = None) -> Options:
    """`--quick`: three rounds, the smoke run of CI.  `--write`: keep the table in README.md."""
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="three rounds: does it run at all")
    parser.add_argument("--write", action="store_true", help="keep the table in bench/README.md")
    given = parser.parse_args(arguments)
    return Options(rounds=3 if given.quick else 15, write=bool(given.write))


@dataclass(slots=True)
class Row:
    """One piece of work: what it takes by name, `hyper` among them, and the ratio to reach.

    `unit` is "s" for seconds, "B" for bytes and "/s" for what is done in a second, of which more is
    better.
    """

    work: str
    values: Mapping[str, float]
    target: float | None = None
    unit: str = "s"

    def ratio(self, peer: str) -> float | None:
        """How many times better than `peer` ours is; `None` where one of them is absent."""
        if peer not in self.values or OURS not in self.values:
            return None
        ours, theirs = self.values[OURS], self.values[peer]
        return ours / theirs if self.unit == "/s" else theirs / ours


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown: work, our time, each peer's time with the ratio, the target."""
    peers: list[str] = []
    for row in rows:
        peers += [name for name in row.values if name != OURS and name not in peers]
    lines = [
        "| work | " + " | ".join([OURS, *peers, "target"]) + " |",
        "|---|" + "---:|" * (len(peers) + 2),
    ]
    for row in rows:
        cells = [row.work, shown(row, OURS)]
        for peer in peers:
            ratio = row.ratio(peer)
            # Near 1 the second decimal decides who is faster.
            digits = 2 if ratio is not None and ratio < 2 else 1
            cells.append(shown(row, peer) + ("" if ratio is None else f" ({ratio:.{digits}f}x)"))
        cells.append("" if row.target is None else f"{row.target:g}x")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shown(row: Row, name: str) -> str:
    """The value of one column of a row."""
    if name not in row.values:
        return "absent"
    value = row.values[name]
    return show(value) if row.unit == "s" else f"{value:,.0f} {row.unit}".replace(" /", "/")


def show(seconds: float) -> str:
    """A time in the unit that gives it one to three digits before the point."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def build() -> str:
    """`compiled` or `pure`: which of the two builds is the one imported."""
    path = hyper.wire.buffer.__file__ or ""
    return "compiled" if path.endswith(tuple(EXTENSION_SUFFIXES)) else "pure"


def heading(peers: Sequence[str]) -> str:
    """One line that dates the figures: day, Python, build and the versions of the peers."""
    parts = [
        datetime.now(UTC).date().isoformat(),
        f"{platform.python_implementation()} {platform.python_version()}",
        f"{platform.system()} {platform.machine()}",
        f"{build()} build",
    ]
    for peer in peers:
        try:
            parts.append(f"{peer} {version(peer)}")
        except PackageNotFoundError:
            parts.append(f"{peer} absent")
    return ", ".join(parts)


def report(
    title: str, rows: Sequence[Row], peers: Sequence[str] = (), *, write: bool = False
) -> str:
    """Print title, heading and table as Markdown and return the text.

    With `write` it also takes the place of this title's section for this build in README.md.
    """
    text = f"### {title}, {build()}\n\n{heading(peers)}\n\n{table(rows)}\n"
    print(text)
    if write:
        old = README.read_text(encoding="utf-8") if README.exists() else "# Benchmarks\n"
        README.write_text(_replaced(old, text), encoding="utf-8")
    return text


def _replaced(page: str, section: str) -> str:
    """`page` with `section` in place of the one of the same first line, or behind the last."""
    head = section.splitlines()[0]
    kept = page.rstrip("\n").split("\n")
    if head not in kept:
        return "\n".join(kept) + "\n\n" + section
    start = kept.index(head)
    end = start + 1
    while end < len(kept) and not kept[end].startswith("#"):
        end += 1
    tail = "\n".join(kept[end:])
    return "\n".join(kept[:start]) + "\n" + section + (f"\n{tail}\n" if tail else "")


def _calls_for(seconds: float, case: Callable[[], object]) -> int:
    """How many calls of the case fill `seconds`; at least one."""
    # The first call may build tables, and must not be taken for the usual one.
    case()
    count = 1
    while True:
        taken = _run(case, count)
        if taken >= seconds / 4:
            return max(1, round(count * seconds / taken))
        count *= 4


def _run(case: Callable[[], object], count: int) -> float:
    start = process_time()
    for _ in range(count):
        case()
    return process_time() - start
