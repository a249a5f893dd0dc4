"""The floors: which package stands where, what it may import, and what is compiled.

One table.  The build, the import checks, the standalone runs and the import budgets read it here.
The contracts of import-linter in pyproject.toml repeat it; tests/test_floors.py compares the two.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Where one package stands.

    `imports` are the packages it may import, all of them lower.  `loads` are the ones that
    `import hyper.<name>` in fact loads: what a user of that piece pays for.  `interpreted` is the
    reason why a package below the saw line is not compiled; most are.
    """

    number: int
    imports: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    interpreted: str = ""

    @property
    def below_the_saw_line(self) -> bool:
        """Whether it does no I/O, reads no clock and draws no random numbers."""
        return self.number <= 3

    @property
    def compiled(self) -> bool:
        """Whether the compiled build compiles it."""
        return self.below_the_saw_line and not self.interpreted


FLOORS: Final[dict[str, Floor]] = {
    "wire": Floor(number=0),
    "frame": Floor(number=1, imports=("wire",), loads=("wire",)),
    "hpack": Floor(number=1, imports=("wire",), loads=("wire",)),
    "priority": Floor(number=1, imports=("wire",), loads=("wire",)),
    "coding": Floor(
        number=1,
        imports=("wire",),
        loads=("wire",),
        interpreted="libraries in C do the work; what is left is to call them",
    ),
    "h1": Floor(number=2, imports=("wire",), loads=("wire",)),
    "h2": Floor(
        number=2,
        imports=("wire", "frame", "hpack", "priority"),
        loads=("wire", "frame", "hpack", "priority"),
    ),
    "http": Floor(
        number=3,
        imports=("wire", "frame", "hpack", "priority", "h1", "h2"),
        loads=("wire", "frame", "hpack", "priority", "h1", "h2"),
    ),
    "io": Floor(number=4, imports=("wire", "frame", "hpack", "priority", "h1", "h2", "http")),
    "cli": Floor(
        number=6,
        imports=("wire", "frame", "hpack", "priority", "coding", "h1", "h2", "http", "io"),
    ),
    "compat": Floor(number=7, imports=("wire", "frame", "hpack", "priority", "h1", "h2")),
}

# What the world is made of comes in through arguments, so that a test can be the world.
FORBIDDEN_BELOW_THE_SAW_LINE: Final = (
    "asyncio",
    "logging",
    "os",
    "random",
    "secrets",
    "select",
    "selectors",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "threading",
    "time",
)

# Modules of the compiled packages that stay interpreted, each with its reason.
INTERPRETED: Final[dict[str, str]] = {
    "hyper.wire.errors": "a native exception cannot also be a TimeoutError, as one of hyper.io is",
    "hyper.wire.sensitive": "mypyc cannot make a native subclass of tuple",
}


def compiled_packages() -> list[str]:
    """The packages that the compiled build compiles, as one unit."""
    return [f"hyper.{name}" for name, floor in FLOORS.items() if floor.compiled]


def compiled_sources(source: Path) -> list[Path]:
    """Every file under `source` (the folder that holds `hyper/`) that is compiled, in order."""
    found: list[Path] = []
    for package in compiled_packages():
        folder = source.joinpath(*package.split("."))
        found += [f for f in folder.rglob("*.py") if module_name(f, source) not in INTERPRETED]
    return sorted(found)


def module_name(path: Path, source: Path) -> str:
    """The dotted name of the module that lies at `path` under `source`."""
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
