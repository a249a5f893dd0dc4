"""docs/decisions/attacks-http1.md names tests that exist, and limits that do."""

import re
from dataclasses import fields

from hyper.h1 import Limits
from tools.floors import ROOT

PAGE = ROOT / "docs" / "decisions" / "attacks-http1.md"
ROW = re.compile(
    r"^\| (?!attack|---)(?P<attack>.+?) \| (?P<stop>.+?) \| (?P<tests>.+?) \|$", re.MULTILINE
)


def rows() -> list[re.Match[str]]:
    """The rows of the table."""
    return list(ROW.finditer(PAGE.read_text("utf-8")))


def test_there_is_a_row_for_each_kind_of_attack() -> None:
    assert len(rows()) == 19


def test_every_test_that_a_row_names_exists() -> None:
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests/h1").glob("test_*.py"))
    named = [name.strip(" `") for row in rows() for name in row["tests"].split(";")]
    missing = [name for name in named if f"def {name}(" not in written]
    assert missing == [], "what is told is tried"


def test_every_limit_that_a_row_names_is_one() -> None:
    known = {field.name for field in fields(Limits)}
    named = {name for row in rows() for name in re.findall(r"`([a-z]+_[a-z_]+)`", row["stop"])}
    assert named - {"wants_input"} <= known
