"""How much of what the RFCs demand is done and tested: the tables in `spec/`, counted.

    python -m tools.spec_report            a line for each section
    python -m tools.spec_report --todo     what is open
    python -m tools.spec_report --check    1 if an entry is broken, or more is open than before

`spec/baseline` holds how many entries of a table may be open, `rfc9113.toml 12`; a table that is
not in it may have none.
"""

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.floors import ROOT
from tools.spec_table import Requirement, Sources, entry_faults, load, place_faults

COLUMNS: Final = ("total", "cited", "tested", "excepted", "todo")


def counts(requirements: list[Requirement]) -> list[int]:
    """How many there are of each of COLUMNS."""
    return [
        len(requirements),
        len([each for each in requirements if each.code]),
        len([each for each in requirements if each.tests]),
        len([each for each in requirements if each.excepted]),
        len([each for each in requirements if each.todo]),
    ]


def rows(name: str, requirements: list[Requirement]) -> Iterator[tuple[str, list[int]]]:
    """A row for the whole of a table, then one for each section, in the order of the RFC."""
    yield name, counts(requirements)
    sections: dict[str, list[Requirement]] = {}
    for each in requirements:
        sections.setdefault(each.section, []).append(each)
    for section, there in sections.items():
        yield f"  §{section}", counts(there)


def tables(root: Path) -> list[Path]:
    """The tables there are."""
    return sorted((root / "spec").glob("rfc*.toml"))


def baseline(root: Path) -> dict[str, int]:
    """How many entries of each table may be open."""
    path = root / "spec" / "baseline"
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {name: int(count) for name, count in lines}


def check(root: Path) -> list[str]:
    """Everything that is wrong with the tables."""
    faults: list[str] = []
    sources = Sources(root)
    allowed = baseline(root)
    names = [path.name for path in tables(root)]
    faults += [f"spec/baseline: there is no {name}" for name in allowed if name not in names]
    for path in tables(root):
        requirements, problems = load(path)
        faults += problems
        faults += entry_faults(requirements, path.stem.removeprefix("rfc"))
        faults += place_faults(requirements, sources)
        todo = sum(1 for each in requirements if each.todo)
        limit = allowed.get(path.name, 0)
        if todo > limit:
            faults.append(f"{path.name}: {todo} entries are todo, {limit} may be")
        elif todo < limit:
            faults.append(f"{path.name}: {todo} entries are todo; lower spec/baseline to that")
    return faults


def todo(root: Path) -> Iterator[str]:
    """A line for each entry that is open."""
    for path in tables(root):
        for each in load(path)[0]:
            if each.todo:
                yield f"{each.id}  {each.level}: {each.text}\n    missing: {each.todo}"


def show(root: Path, *, plain: bool) -> None:
    """Print the whole report, as a table of rich's unless `plain`."""
    found = [row for path in tables(root) for row in rows(path.stem, load(path)[0])]
    if plain:
        print(f"{'':16}" + "".join(f"{column:>10}" for column in COLUMNS))
        for name, numbers in found:
            print(f"{name:16}" + "".join(f"{number or '.':>10}" for number in numbers))
        return
    _show_rich(found)


def _show_rich(found: list[tuple[str, list[int]]]) -> None:
    table = importlib.import_module("rich.table").Table("", *COLUMNS, box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, numbers in found:
        style = "" if name.startswith(" ") else "bold"
        if numbers[-1]:
            style = f"{style} yellow".strip()
        table.add_row(name, *[str(number or "·") for number in numbers], style=style)
    importlib.import_module("rich.console").Console().print(table)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Print what is asked for; 1 if a check fails."""
    parser = argparse.ArgumentParser(prog="spec_report", description=__doc__.partition("\n")[0])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--todo", action="store_true", help="list what is open")
    what.add_argument("--check", action="store_true", help="fail if the tables are not true")
    options = parser.parse_args(arguments)
    if options.todo:
        print("\n".join(todo(root)) or "nothing is open")
        return 0
    if options.check:
        faults = check(root)
        entries = sum(len(load(path)[0]) for path in tables(root))
        print("\n".join(faults) or f"spec: {entries} requirements, each where the tables say")
        return 1 if faults else 0
    show(root, plain=importlib.util.find_spec("rich") is None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
