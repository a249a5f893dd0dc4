"""Every public name has one home: listed once, importable, and defined where it is exported."""

import ast
import importlib
from pathlib import Path

import pytest

import hyper
from tools.check_imports import FACES

SOURCE = Path(hyper.__file__).resolve().parent.parent


def face_path(name: str) -> Path:
    path = SOURCE.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


FOUND = sorted(name for name in FACES if face_path(name).exists())


def exported(name: str) -> list[str]:
    names: list[str] = importlib.import_module(name).__all__
    return names


@pytest.mark.parametrize("name", FOUND)
def test_every_face_lists_its_names_in_order_and_once(name: str) -> None:
    listed = exported(name)
    # Ruff's order: constants, classes, functions, each by the alphabet (RUF022).
    assert len(set(listed)) == len(listed), "no name twice"
    assert not [each for each in listed if each.startswith("_")], "an underscore is not public"


@pytest.mark.parametrize("name", FOUND)
def test_every_listed_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    missing = [each for each in exported(name) if not hasattr(module, each)]
    assert missing == [], "`from package import *` must not fail"


@pytest.mark.parametrize("name", FOUND)
def test_every_public_name_of_a_face_is_listed(name: str) -> None:
    tree = ast.parse(face_path(name).read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(name)
        for alias in node.names
    }
    if any(isinstance(node, ast.FunctionDef) for node in tree.body):
        imported = set()  # it is a module with work of its own, and imports what it needs for that
    hidden = {each for each in imported if not each.startswith("_")} - set(exported(name))
    assert hidden == set(), "what a face imports from its own package is for the public"


@pytest.mark.parametrize("name", FOUND)
def test_a_face_exports_what_is_its_own_and_nothing_of_others(name: str) -> None:
    module = importlib.import_module(name)
    for each in exported(name):
        home = getattr(getattr(module, each), "__module__", None)
        if isinstance(home, str) and home.startswith("hyper."):
            assert home.startswith(name), f"{each} is exported by {home} already"
    tree = ast.parse(face_path(name).read_text(encoding="utf-8"))
    borrowed = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(name)
        for alias in node.names
    }
    assert borrowed & set(exported(name)) == set(), "a name of another package has a face already"
