"""The modules that run are those of the build that was asked for.

HYPER_EXPECT_BUILD names it; without it, the modules only have to agree among themselves.
"""

import importlib
import os
import shutil
from importlib.machinery import ExtensionFileLoader
from pathlib import Path

import pytest

import hyper
from tools import build_record
from tools.floors import INTERPRETED, compiled_sources, module_name

SOURCE = Path(hyper.__file__).resolve().parent.parent
COMPILED = [module_name(path, SOURCE) for path in compiled_sources(SOURCE)]


def is_compiled(name: str) -> bool:
    spec = importlib.import_module(name).__spec__
    assert spec is not None, f"{name} was imported by path alone"
    return isinstance(spec.loader, ExtensionFileLoader)


def expected_build() -> str:
    in_place = "compiled" if build_record.binaries(SOURCE) else "pure"
    return os.environ.get("HYPER_EXPECT_BUILD", in_place)


def test_the_expected_build_has_a_known_name() -> None:
    assert expected_build() in {"pure", "compiled"}, "HYPER_EXPECT_BUILD is pure or compiled"


@pytest.mark.parametrize("name", COMPILED)
def test_each_compiled_module_is_of_the_expected_build(name: str) -> None:
    found = "compiled" if is_compiled(name) else "pure"
    assert found == expected_build(), f"{name} ran from the other build"


@pytest.mark.parametrize("name", INTERPRETED)
def test_what_stays_interpreted_stays_interpreted(name: str) -> None:
    assert not is_compiled(name), f"it was left out because: {INTERPRETED[name]}"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with one module, compiled and recorded."""
    for name in ("wire", "frame", "hpack", "h2"):
        (tmp_path / "hyper" / name).mkdir(parents=True)
    (tmp_path / "hyper/wire/roles.py").write_text("CLIENT = 0\n")
    (tmp_path / "hyper/wire/roles.cpython-311-x86_64-linux-gnu.so").write_bytes(b"machine code")
    (tmp_path / "hyper__mypyc.cpython-311-x86_64-linux-gnu.so").write_bytes(b"the unit")
    build_record.write_record(tmp_path, build_record.source_digest(tmp_path), "1.18")
    return tmp_path


def test_a_fresh_build_is_accepted(tree: Path) -> None:
    assert build_record.fault(tree) is None, "nothing changed since it was recorded"


def test_a_tree_without_compiled_modules_is_accepted(tree: Path) -> None:
    for path in build_record.binaries(tree):
        path.unlink()
    (tree / "hyper" / build_record.RECORD).unlink()
    assert build_record.fault(tree) is None, "the pure build has nothing to be stale"


def test_an_edited_source_makes_the_build_stale(tree: Path) -> None:
    (tree / "hyper/wire/roles.py").write_text("CLIENT = 1\n")
    assert build_record.fault(tree) == "the sources have changed since they were compiled"


def test_a_new_source_makes_the_build_stale(tree: Path) -> None:
    (tree / "hyper/wire/buffer.py").write_text("")
    assert build_record.fault(tree) == "the sources have changed since they were compiled"


def test_a_renamed_source_makes_the_build_stale(tree: Path) -> None:
    shutil.move(tree / "hyper/wire/roles.py", tree / "hyper/wire/role.py")
    assert build_record.fault(tree) == "the sources have changed since they were compiled"


def test_a_module_that_stays_interpreted_may_change(tree: Path) -> None:
    (tree / "hyper/wire/sensitive.py").write_text("edited = True\n")
    assert build_record.fault(tree) is None, "its source is what runs"


def test_compiled_modules_without_a_record_are_refused(tree: Path) -> None:
    (tree / "hyper" / build_record.RECORD).unlink()
    assert build_record.fault(tree) == "2 compiled modules without a record of their sources"


@pytest.mark.parametrize(
    "name",
    [
        "hyper/wire/roles.cpython-311-x86_64-linux-gnu.so",
        "hyper__mypyc.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_a_binary_of_another_build_is_refused(tree: Path, name: str) -> None:
    (tree / name).write_bytes(b"other machine code")
    found = build_record.fault(tree)
    assert found is not None, "the record has another digest for that file"
    assert name in found, "the message names the first file that differs"


def test_a_binary_that_the_record_does_not_know_is_refused(tree: Path) -> None:
    name = "hyper/h2/connection.cpython-311-x86_64-linux-gnu.so"
    (tree / name).write_bytes(b"from where?")
    found = build_record.fault(tree)
    assert found is not None, "nobody knows what it was made of"
    assert name in found, "the message names it"


def test_a_removed_source_makes_the_build_stale(tree: Path) -> None:
    (tree / "hyper/wire/roles.py").unlink()
    assert build_record.fault(tree) == "the sources have changed since they were compiled"
