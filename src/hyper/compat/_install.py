"""Puts modules of `hyper.compat` in the place of those that they stand for, and takes them away.

A finder on `sys.meta_path` answers `h2.events` with the very module object of
`hyper.compat.h2.events`, so that a class is the same by either name.  Nothing is loaded before
the program imports it, and nothing happens before `install` is called.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Final

from hyper.compat._releases import RELEASES

if TYPE_CHECKING:
    from importlib.metadata import Distribution, DistributionFinder


class AlreadyImported(RuntimeError):
    """The program has imported the module that another was to take the place of.

    Two modules of one name would give two classes of one name, and an `except` that catches
    neither.  So nothing was replaced.
    """

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.name = name
        """The module that was asked for: `h2`."""
        self.path = path
        """Where the one that is there came from."""

    def __str__(self) -> str:
        """What was found, and the two ways round it."""
        return (
            f"{self.name} is imported already, from {self.path}: call hyper.compat.install before "
            f"the program's first import of {self.name}, or of anything that imports it, or start "
            f"the program with `python -m hyper.compat`"
        )


def install(*names: str) -> None:
    """Put the modules of `hyper.compat` in the place of those named, or of all when none is.

    To be called before the program imports any of them.  What is not named stays as it is: after
    `install("h2")` the program's `import hpack` finds what it found before.  A name that is in
    place already stays so.  Raises `AlreadyImported` when the program holds the module that one
    of them would replace, `ValueError` for a name without a stand-in; nothing is changed then.
    """
    wanted = names or tuple(RELEASES)
    for name in wanted:
        if name not in RELEASES:
            known = ", ".join(RELEASES)
            raise ValueError(f"expected one of {known}; got {name!r}")
    with _LOCK:
        for name in wanted:
            for loaded, module in tuple(sys.modules.items()):
                if loaded.partition(".")[0] == name and not _is_ours(loaded, module):
                    path = getattr(module, "__file__", None)
                    raise AlreadyImported(name, path or "no file")
        _FINDER.names |= set(wanted)
        if _FINDER not in sys.meta_path:
            # In front of those that search sys.path: what is installed there is to be replaced.
            sys.meta_path.insert(0, _FINDER)


def uninstall(*names: str) -> None:
    """Take back what `install` did for the modules named, or for all when none is.

    The next import finds what it would have found without.  Modules that the program holds stay
    as they are, `hyper.compat.h2` too.  A name that is not in place is passed over.
    """
    with _LOCK:
        leaving = _FINDER.names & set(names or RELEASES)
        _FINDER.names -= leaving
        if not _FINDER.names and _FINDER in sys.meta_path:
            sys.meta_path.remove(_FINDER)
        for loaded, module in tuple(sys.modules.items()):
            if loaded.partition(".")[0] in leaving and _is_ours(loaded, module):
                del sys.modules[loaded]


def installed() -> frozenset[str]:
    """The modules that are replaced now."""
    return _FINDER.names


def _is_ours(name: str, module: ModuleType | None) -> bool:
    return module is not None and sys.modules.get(_home(name)) is module


def _home(name: str) -> str:
    """Where the module lives that answers to `name`."""
    return f"hyper.compat.{name}"


class _Finder:
    """Finds the stand-ins and their metadata, for `import` and for `importlib.metadata`."""

    def __init__(self) -> None:
        # Replaced whole: a thread that imports meanwhile sees the old set or the new one.
        self.names: frozenset[str] = frozenset()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Where a module comes from; `None` leaves it to the finders behind."""
        del path, target
        if fullname.partition(".")[0] not in self.names:
            return None
        # A submodule that is not there is looked for by the finders behind too.  They look where
        # `__path__` of the package says, which is our folder, and find as little.
        home = find_spec(_home(fullname))
        if home is None or home.origin is None:
            return None
        spec = ModuleSpec(
            fullname,
            _Loader(fullname, home.origin),
            origin=home.origin,
            is_package=home.submodule_search_locations is not None,
        )
        spec.submodule_search_locations = home.submodule_search_locations
        spec.has_location = True
        return spec

    def find_distributions(self, context: "DistributionFinder.Context") -> "Iterator[Distribution]":
        """The distributions of what is replaced, in front of those that are installed."""
        # Who names a folder, as installers do, asks what lies there.
        if context.path != sys.path:
            return
        from hyper.compat._metadata import StandIn

        # PEP 503: the name of a distribution is the same in capitals.
        wanted = context.name.lower() if context.name else None
        for name in RELEASES:
            if name in self.names and wanted in {None, name}:
                yield StandIn(name)


class _Loader(SourceFileLoader):
    """Hands out the module that is there under our name; for the rest, the loader of its file."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of `hyper.compat`, loaded now if it was not."""
        module = importlib.import_module(_home(spec.name))
        self._own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back: the import system wrote the one for `name` into it.

        It has run already.  With its own spec it can be reloaded, and finds its resources.
        """
        module.__spec__ = self._own


_FINDER: Final = _Finder()
_LOCK: Final = Lock()
