"""Every name that another library gives, ours gives: modules, classes, functions, attributes.

Not here: names that begin with an underscore, of which software takes some; see its own tests.
"""

import enum
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

from hyper.compat._releases import RELEASES


def modules(name: str) -> Iterator[tuple[ModuleType, str]]:
    """The modules of a library and the names of ours."""
    package = importlib.import_module(name)
    yield package, f"hyper.compat.{name}"
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{name}.{found.name}"), f"hyper.compat.{name}.{found.name}"


def public(module: ModuleType) -> dict[str, object]:
    """What a module gives of its own, and not what it uses.

    Where a value comes from cannot be seen: those of private modules are left out.
    """
    private = module.__name__.rpartition(".")[2].startswith("_")
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and name not in {"annotations", "TYPE_CHECKING", "kw_only", "log"}
        and not isinstance(value, ModuleType)
        and getattr(value, "__module__", module.__name__) == module.__name__
        and not (private and not callable(value))
    }


def parameters(call: Any) -> list[tuple[str, object, str]] | None:
    """The parameters of a call; of a default that is a bare object only that there is one."""
    try:
        found = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        return None
    return [
        (each.name, each.kind, repr(each.default).partition(" at 0x")[0])
        for each in found
        if each.name != "self"
    ]


def differ(theirs: Any, ours: Any) -> bool:
    """Whether two calls take different things."""
    mine, other = parameters(ours), parameters(theirs)
    if other and other[-1][1] is inspect.Parameter.VAR_KEYWORD:
        # What goes by any name there has names here.
        mine, other = (mine or [])[: len(other) - 1], other[:-1]
    return mine != other


@pytest.mark.parametrize("library", RELEASES)
def test_every_name_is_there_with_the_same_parameters(library: str) -> None:
    missing: set[str] = set()
    different: list[str] = []
    for theirs, name in modules(library):
        ours = importlib.import_module(name)
        for each, value in public(theirs).items():
            path = f"{theirs.__name__}:{each}"
            if not hasattr(ours, each):
                missing.add(path)
                continue
            mine = getattr(ours, each)
            if isinstance(value, type) and issubclass(value, enum.Enum):
                if {k: v.value for k, v in value.__members__.items()} != {
                    k: v.value for k, v in mine.__members__.items()
                }:
                    different.append(path)
            elif isinstance(value, type):
                missing.update(
                    f"{path}.{attribute}"
                    for attribute in vars(value)
                    if not attribute.startswith("_") and not hasattr(mine, attribute)
                )
                different.extend(
                    f"{path}.{attribute}"
                    for attribute, call in vars(value).items()
                    if isinstance(call, FunctionType)
                    and not attribute.startswith("_")
                    and hasattr(mine, attribute)
                    and differ(call, getattr(mine, attribute))
                )
                if differ(value, mine):
                    different.append(path)
            elif callable(value) and differ(value, mine):
                different.append(path)
    assert missing == set()
    assert different == []


@pytest.mark.parametrize("library", RELEASES)
def test_what_software_takes_from_the_top_is_there(library: str) -> None:
    theirs = importlib.import_module(library)
    ours = importlib.import_module(f"hyper.compat.{library}")
    for name in getattr(theirs, "__all__", ["__version__"]):
        assert hasattr(ours, name)
    assert ours.__version__ == RELEASES[library].version
