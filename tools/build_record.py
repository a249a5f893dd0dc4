"""What the compiled modules beside the sources were made of, so that stale ones are never tested.

Python prefers `budget.cpython-311-x86_64-linux-gnu.so` to the `budget.py` beside it, whichever is
newer.  So the build writes a record: a digest of the sources it compiled and one of each file it
made.  The tests refuse to start when the record does not match what lies there.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Final

from tools.floors import ROOT, compiled_sources, module_name

RECORD: Final = "_build.json"

# Linux and macOS, Windows.
_SUFFIXES: Final = (".so", ".pyd")


def source_digest(source: Path) -> str:
    """A digest of every compiled source under `source`, names and contents."""
    total = hashlib.sha256()
    for path in compiled_sources(source):
        total.update(f"{module_name(path, source)}\0{_digest(path)}\n".encode())
    return total.hexdigest()


def binaries(source: Path) -> list[Path]:
    """The compiled files in place under `source`: a small one per module and the unit itself."""
    inside = [p for p in (source / "hyper").rglob("*") if p.suffix in _SUFFIXES]
    # The unit lies beside the package: mypyc names it after the group.
    unit = [p for p in source.glob("hyper__mypyc*") if p.suffix in _SUFFIXES]
    return sorted([*inside, *unit])


def write_record(target: Path, sources: str, mypy_version: str) -> None:
    """Record that the binaries under `target` were made of the sources with the digest `sources`.

    The digest is taken before the compiler reads the files: one saved meanwhile then shows.
    """
    record = {
        "sources": sources,
        "binaries": {_name(path, target): _digest(path) for path in binaries(target)},
        "python": sys.version,
        "mypy": mypy_version,
    }
    (target / "hyper" / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def fault(source: Path) -> str | None:
    """Why what is compiled under `source` is not what the sources say, or `None` if it is.

    Nothing compiled at all is as good as compiled from these very sources.
    """
    found = {_name(path, source): _digest(path) for path in binaries(source)}
    path = source / "hyper" / RECORD
    if not path.exists():
        return f"{len(found)} compiled modules without a record of their sources" if found else None
    record = json.loads(path.read_text(encoding="utf-8"))
    if record["binaries"] != found:
        names = sorted({*record["binaries"].items()} ^ {*found.items()})
        return f"the build record and the compiled modules differ, first in {names[0][0]}"
    if record["sources"] != source_digest(source):
        return "the sources have changed since they were compiled"
    return None


def main() -> int:
    """Say how the compiled modules in place stand; 0 if they are there and up to date."""
    source = ROOT / "src"
    stale = fault(source)
    if stale is None and not binaries(source):
        stale = "nothing is compiled"
    print(f"compiled build: {stale or 'up to date'}")
    return 1 if stale else 0


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _name(path: Path, source: Path) -> str:
    return path.relative_to(source).as_posix()


if __name__ == "__main__":
    sys.exit(main())
