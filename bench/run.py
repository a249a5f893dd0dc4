"""Run every benchmark, each in a process of its own, and keep what it finds in bench/README.md.

    python -m bench.run           measure the build that is in place; `make bench` does both builds
    python -m bench.run --smoke   see that every benchmark still runs; nothing is kept

A benchmark is a file of this folder that can be run: `python -m bench.frame [--quick] [--write]`.
"""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
README = FOLDER / "README.md"

PREAMBLE = """\
# Benchmarks

Made by `make bench`; do not edit.  Every row is one run of all its columns side by side, rounds
interleaved, medians of CPU time.  In brackets: how many times better than that peer Hyper is, which
is faster or smaller.  Machines differ and so do days: read the ratios first.  Where a peer is not
installed its cell says "absent".  The targets are those of the project's design for that build.
"""


def benchmarks() -> list[str]:
    """The names of the modules here that can be run, this one aside."""
    found: list[str] = []
    for path in sorted(FOLDER.glob("*.py")):
        runs = 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
        if runs and path != Path(__file__).resolve():
            found.append(path.stem)
    return found


def start_page() -> None:
    """Put the words of this file over the tables, whatever stood there before."""
    old = README.read_text(encoding="utf-8") if README.exists() else ""
    tables = old[old.index("### ") :] if "### " in old else ""
    README.write_text(f"{PREAMBLE}\n{tables}", encoding="utf-8")


def main() -> int:
    """Run them all; 1 if one of them fails."""
    parser = ArgumentParser(description="Run every benchmark.")
    parser.add_argument("--smoke", action="store_true", help="few rounds, nothing kept")
    smoke: bool = parser.parse_args().smoke
    if not smoke:
        start_page()
    failed: list[str] = []
    for name in benchmarks():
        print(f"--- bench.{name}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", "--quick" if smoke else "--write"]
        if subprocess.run(command, cwd=FOLDER.parent, check=False).returncode != 0:
            failed.append(name)
    print(f"bench: {', '.join(failed)} failed" if failed else "bench: every benchmark ran")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
