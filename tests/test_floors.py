"""The floors hold: the contracts say what the table says, and an import loads its floors alone."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hyper
from tools.floors import FLOORS, FORBIDDEN_BELOW_THE_SAW_LINE, ROOT

BELOW = [name for name, floor in FLOORS.items() if floor.below_the_saw_line]

# Run by an interpreter of its own: this one has loaded half the standard library.
BUDGET = """
import importlib, json, sys
before = set(sys.modules)
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def modules_loaded_by(name: str) -> set[str]:
    command = [sys.executable, "-c", BUDGET, name]
    # The source tree's parent stands first on the path, so that the tree under test is the one run.
    source = str(Path(hyper.__file__).resolve().parent.parent)
    done = subprocess.run(
        command, env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def contract(identifier: str) -> dict[str, list[str]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, list[str]]] = config["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if str(each["id"]) == identifier)


def test_every_package_stands_on_a_floor() -> None:
    source = Path(hyper.__file__).parent
    packages = {p.name for p in source.iterdir() if p.is_dir() and any(p.glob("*.py"))}
    assert packages <= FLOORS.keys(), "a new package takes its floor in tools/floors.py"


def test_a_package_imports_only_lower_floors() -> None:
    for name, floor in FLOORS.items():
        for other in floor.imports:
            assert FLOORS[other].number < floor.number, f"{name} stands below {other} or beside it"


def test_what_an_import_loads_is_what_it_may_import() -> None:
    for name, floor in FLOORS.items():
        assert set(floor.loads) <= set(floor.imports), f"the budget of {name} breaks its floor"


def test_the_layers_contract_repeats_the_table() -> None:
    layers = [set(layer.split(" | ")) for layer in contract("floors")["layers"]]
    numbers = sorted({floor.number for floor in FLOORS.values()}, reverse=True)
    table = [{name for name, floor in FLOORS.items() if floor.number == n} for n in numbers]
    assert layers == table, "import-linter must hold the floors that the tools believe in"


def test_the_saw_line_contract_repeats_the_table() -> None:
    saw_line = contract("saw-line")
    assert saw_line["source_modules"] == [f"hyper.{name}" for name in BELOW], "floors 0 to 3"
    assert saw_line["forbidden_modules"] == list(FORBIDDEN_BELOW_THE_SAW_LINE), "one list, twice"


@pytest.mark.parametrize("name", BELOW)
def test_importing_a_piece_loads_that_piece_and_its_floors_alone(name: str) -> None:
    packages = {
        m.split(".")[1]
        for m in modules_loaded_by(f"hyper.{name}")
        if m.count(".") > 0 and m.startswith("hyper.")
    }
    assert packages == {name, *FLOORS[name].loads}, "the budget is in tools/floors.py"


@pytest.mark.parametrize("name", BELOW)
def test_importing_a_piece_loads_no_sockets_no_clock_no_threads(name: str) -> None:
    # What the interpreter has loaded by itself at its start, `time` and `os`, does not count.
    loaded = modules_loaded_by(f"hyper.{name}") & set(FORBIDDEN_BELOW_THE_SAW_LINE)
    assert loaded == set(), "not by itself, and not through the standard library"


def test_importing_the_roof_loads_no_piece() -> None:
    loaded = {m for m in modules_loaded_by("hyper") if m.startswith("hyper")}
    assert loaded == {"hyper"}, "the root holds the map and the version, nothing else"


def test_one_world_does_not_load_the_other() -> None:
    assert "asyncio" not in modules_loaded_by("hyper.io.sync"), "threads need no event loop"
    assert "hyper.io.sync" not in modules_loaded_by("hyper.io.asyncio"), "loops need no threads"
