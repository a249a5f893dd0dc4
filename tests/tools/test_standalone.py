from pathlib import Path

import pytest

from tools.floors import FLOORS, ROOT
from tools.standalone import copy_piece

PIECES = [
    name
    for name, floor in FLOORS.items()
    if floor.below_the_saw_line and (ROOT / "tests" / name).exists()
]


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_is_copied_with_the_floors_it_may_use_and_no_other(
    name: str, tmp_path: Path
) -> None:
    copy_piece(name, tmp_path / name)
    packages = {path.name for path in (tmp_path / name / "src/hyper").iterdir() if path.is_dir()}
    assert packages == {name, *FLOORS[name].imports}, "what else it needs must be missing"
    found = {path.name for path in (tmp_path / name / "tests").iterdir() if path.is_dir()}
    assert found - {"support"} == {name}, "only its own tests are run"


def test_compiled_modules_stay_behind(tmp_path: Path) -> None:
    copy_piece("wire", tmp_path / "wire")
    copied = {path.suffix for path in (tmp_path / "wire/src").rglob("*") if path.is_file()}
    assert copied <= {".py", ".typed"}, "a compiled unit would bring all floors along"
