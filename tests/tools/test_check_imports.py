import ast
from pathlib import Path

import pytest

from tools.check_imports import fault, faults, imports


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two packages: wire with one public name, frame beside it."""
    (tmp_path / "hyper/wire").mkdir(parents=True)
    (tmp_path / "hyper/frame").mkdir()
    (tmp_path / "hyper/wire/__init__.py").write_text('__all__ = ["Role"]\n')
    return tmp_path


@pytest.mark.parametrize(
    ("importer", "module", "name"),
    [
        ("hyper.frame.types", "hyper.wire", "Role"),
        ("hyper.frame.types", "hyper.frame.header", "_private"),
        ("hyper.cli.tour", "hyper", "__version__"),
        ("hyper.wire.budget", "hyper.wire.errors", "HyperError"),
    ],
)
def test_a_face_and_the_own_package_may_be_imported(
    source: Path, importer: str, module: str, name: str
) -> None:
    assert fault(source, importer, module, name) is None, "nothing is reached round a face"


@pytest.mark.parametrize(
    ("module", "name", "lack"),
    [
        ("hyper.wire.roles", "Role", "not the face"),
        ("hyper.wire.roles", "", "not the face"),
        ("hyper.wire", "_tables", "not in the __all__"),
        ("hyper.wire", "ReceiveBuffer", "not in the __all__"),
        ("hyper.io._pump", "Pump", "not the face"),
        (".header", "", "relative"),
    ],
)
def test_what_goes_round_a_face_is_refused(source: Path, module: str, name: str, lack: str) -> None:
    found = fault(source, "hyper.frame.types", module, name)
    assert found is not None, "it would tie one package to the inside of another"
    assert lack in found, "the message says which rule"


def test_a_world_of_io_is_a_face_of_its_own(source: Path) -> None:
    found = fault(source, "hyper.cli.get", "hyper.io", "sync")
    assert found is None, "the module is imported, not a name of hyper.io"


def test_every_form_of_import_is_seen() -> None:
    text = (
        "import hyper.wire\nfrom hyper.wire import Role as R\nfrom . import x\nimport os, hyper\n"
    )
    found = list(imports(ast.parse(text)))
    expected = [
        (1, "hyper.wire", ""),
        (2, "hyper.wire", "Role"),
        (3, ".", ""),
        (4, "hyper", ""),
    ]
    assert found == expected, "with line, module and name; other packages are not our business"


def test_a_fault_is_reported_with_file_and_line(source: Path) -> None:
    (source / "hyper/frame/types.py").write_text('"""Types."""\n\nimport hyper.wire.roles\n')
    found = list(faults(source))
    assert len(found) == 1, "one import, one fault"
    assert "types.py:3:" in found[0], "an editor can jump there"
