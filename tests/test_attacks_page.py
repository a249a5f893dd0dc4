"""docs/decisions/attacks.md tells of every attack that is tried, and of no other."""

import re

from tests.support.attacks import ATTACKS
from tools.floors import ROOT

PAGE = ROOT / "docs" / "decisions" / "attacks.md"
ROW = re.compile(r"^\| (?P<number>\d+) \|.*\| (?P<tests>[^|]*) \|$", re.MULTILINE)


def rows() -> dict[int, list[str]]:
    """For each row of the table the tests that it names."""
    found: dict[int, list[str]] = {}
    for row in ROW.finditer(PAGE.read_text("utf-8")):
        found[int(row["number"])] = [name.strip(" `") for name in row["tests"].split(";")]
    return found


def test_there_are_twenty_one_rows() -> None:
    assert list(rows()) == list(range(1, 22)), "one for each kind of attack, in their order"


def test_every_attack_stands_in_its_row() -> None:
    table = rows()
    missing = [name for name, attack in ATTACKS.items() if name not in table[attack.row]]
    assert missing == [], "what is tried is told"


def test_every_test_that_a_row_names_exists() -> None:
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests/h2").glob("test_*.py"))
    named = [name for names in rows().values() for name in names if name not in ATTACKS]
    missing = [name for name in named if f"def {name}(" not in written]
    assert missing == [], "what is told is tried"


def test_every_row_names_the_limits_of_its_attacks() -> None:
    text = PAGE.read_text("utf-8")
    lines = {int(row["number"]): row[0] for row in ROW.finditer(text)}
    for name, attack in ATTACKS.items():
        for limit in attack.limit.split(", "):
            if not limit.startswith("RFC"):
                assert f"`{limit}`" in lines[attack.row], f"{name}: {limit} is what stops it"
