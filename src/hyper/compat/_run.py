"""Runs a program with modules of `hyper.compat` in place, as Python itself would run it.

Not here: `runpy`, which puts `__main__` back when the program's last line has run.  Threads and
`atexit` functions of the program still need it then.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import BuiltinImporter, ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from pkgutil import get_importer
from types import CodeType, ModuleType
from typing import Final

from hyper.compat._install import AlreadyImported, install
from hyper.compat._releases import RELEASES

USAGE: Final = """\
usage: python -m hyper.compat [--only NAME,...] (-m MODULE | -c CODE | SCRIPT) [ARGUMENT ...]

Runs a program with Hyper's engines in the place of {names}.

  --only NAME,...  replace these alone
  -m MODULE        a module, as `python -m` runs it
  -c CODE          a program given as a string, as `python -c` runs it
  SCRIPT           a file, or a folder or zip archive with a __main__.py in it

Processes that the program starts are not changed.
"""


def main(arguments: Sequence[str]) -> str | int | None:
    """Install what is asked for, then run the program; what Python should exit with."""
    given = list(arguments)
    names: list[str] = []
    while given and given[0].startswith("-"):
        option = given.pop(0)
        if option in {"-h", "--help"}:
            sys.stdout.write(USAGE.format(names=", ".join(RELEASES)))
            return 0
        name, equals, value = option.partition("=")
        if name == "--only" and (equals or given):
            names += (value if equals else given.pop(0)).split(",")
        elif option in {"-m", "-c"} and given:
            return _run(names, option, given.pop(0), given)
        else:
            return _refuse(f"{option}: no such option, or nothing behind it")
    if not given:
        return _refuse("expected -m MODULE, -c CODE or SCRIPT")
    return _run(names, "", given[0], given[1:])


def _refuse(complaint: str) -> int:
    usage = USAGE.format(names=", ".join(RELEASES)).partition("\n")[0]
    sys.stderr.write(f"{usage}\npython -m hyper.compat: {complaint}\n")
    return 2


def _run(names: list[str], how: str, program: str, arguments: list[str]) -> str | int | None:
    try:
        install(*names)
    except (AlreadyImported, ValueError) as error:
        return _refuse(str(error))
    try:
        spec, code, path = _load(how, program)
    except (ImportError, OSError) as error:
        # As Python does: one line, and the exit code of a program that did not start.
        sys.stderr.write(f"{sys.executable}: can't run {program!r}: {error}\n")
        return 1 if isinstance(error, ImportError) else 2
    sys.argv[:] = [(path if how == "-m" else program) if path else "-c", *arguments]
    # Kept from the program's first line to the end of the process.
    module = ModuleType("__main__")
    facts: dict[str, object] = {"__builtins__": sys.modules["builtins"]}
    if spec is not None:
        facts |= {"__spec__": spec, "__loader__": spec.loader, "__package__": spec.parent}
        facts |= {"__file__": spec.origin, "__cached__": spec.cached}
    elif path is not None:
        loader = SourceFileLoader("__main__", path)
        facts |= {"__loader__": loader, "__file__": path, "__cached__": None}
    else:
        facts["__loader__"] = BuiltinImporter
    module.__dict__.update(facts)
    sys.modules["__main__"] = module
    exec(code, module.__dict__)
    return None


def _load(how: str, program: str) -> tuple[ModuleSpec | None, CodeType, str | None]:
    """Spec, code and path of a program; `sys.path[0]` is changed to what the program expects."""
    # Python has put the current folder there to find us, unless it was told not to.
    ours = not sys.flags.safe_path
    if how == "-c":
        if ours:
            sys.path[0] = ""
        return None, compile(program, "<string>", "exec", dont_inherit=True), None
    if how == "-m":
        spec = find_spec(program)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = find_spec(f"{program}.__main__")
        return _code_of(spec, program)
    # Not normalized, as Python does not either: what is behind a link may be meant.
    path = os.path.join(os.getcwd(), program)
    if get_importer(path) is not None:
        # A folder or an archive is searched like one, whatever Python was told of scripts.
        sys.path[: 1 if ours else 0] = [path]
        return _code_of(PathFinder.find_spec("__main__", [path]), f"__main__ in {program}")
    source = Path(path).read_bytes()
    if ours:
        sys.path[0] = str(Path(path).resolve().parent)
    return None, compile(source, path, "exec", dont_inherit=True), path


def _code_of(spec: ModuleSpec | None, name: str) -> tuple[ModuleSpec, CodeType, str | None]:
    """What runpy asks of a loader: a module without code of Python's cannot be run."""
    if spec is None or spec.loader is None:
        raise ImportError(f"No module named {name}")
    find = getattr(spec.loader, "get_code", None)
    code: CodeType | None = find(spec.name) if find is not None else None
    if code is None:
        raise ImportError(f"No code object available for {spec.name}")
    return spec, code, spec.origin
