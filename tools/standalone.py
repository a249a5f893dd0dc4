"""Each piece works by itself: with nothing beside it but the floors it may use.

For each package of floors 0 to 3 this copies the package, the packages it may import and its tests
into an empty folder and runs the tests there.  What it secretly needs from elsewhere is missing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.floors import FLOORS, ROOT

_IGNORED: Final = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__", "_build.json")


def copy_piece(name: str, target: Path) -> None:
    """Put the package `name`, what it may import, and its tests into `target`."""
    for package in (name, *FLOORS[name].imports):
        shutil.copytree(
            ROOT / "src/hyper" / package, target / "src/hyper" / package, ignore=_IGNORED
        )
    shutil.copy(ROOT / "src/hyper/__init__.py", target / "src/hyper")
    shutil.copytree(ROOT / "tests" / name, target / "tests" / name, ignore=_IGNORED)
    if (ROOT / "tests/support").exists():
        shutil.copytree(ROOT / "tests/support", target / "tests/support", ignore=_IGNORED)
    shutil.copytree(ROOT / "tools", target / "tools", ignore=_IGNORED)
    for file in ("tests/__init__.py", "tests/conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, target / file)
    shared = ROOT.parent / "shared"
    if shared.exists():
        (target.parent / "shared").symlink_to(shared)


def run_piece(name: str) -> int:
    """Run the tests of the package `name` by itself; the exit code of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        copy_piece(name, target)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(target / "src"),
            "HYPER_EXPECT_BUILD": "pure",
        }
        done = subprocess.run([*command, f"tests/{name}"], cwd=target, env=environment, check=False)
    return done.returncode


def main() -> int:
    """Run the pieces named on the command line, or all of floors 0 to 3; 1 if one fails."""
    pieces = [name for name, floor in FLOORS.items() if floor.below_the_saw_line]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("piece", nargs="*", choices=[*pieces, []], help="default: all of them")
    chosen: list[str] = parser.parse_args().piece or pieces
    failed: list[str] = []
    for name in chosen:
        others = ", ".join(FLOORS[name].imports) or "nothing"
        print(f"--- {name} by itself, with {others} beside it", flush=True)
        if run_piece(name) != 0:
            failed.append(name)
    print(f"standalone: {', '.join(failed)} failed" if failed else "standalone: every piece works")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
