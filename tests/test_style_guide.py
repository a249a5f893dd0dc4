"""The right examples of STYLE.md stand in the files they name."""

import re

import pytest

from tools.floors import ROOT

EXAMPLE = re.compile(
    r"^Right, `(?P<path>[^`]+)`:\n\n```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
GUIDE = (ROOT / "STYLE.md").read_text(encoding="utf-8")
EXAMPLES = [
    pytest.param(found["path"], found["code"], id=found["path"])
    for found in EXAMPLE.finditer(GUIDE)
]


def test_every_rule_has_a_right_and_a_wrong_example() -> None:
    rules = re.findall(r"^## \d+\..*?(?=^## )", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(rules) == 15, "fifteen rules, numbered"
    for rule in rules:
        assert len(EXAMPLE.findall(rule)) == 1, f"one right example from our code: {rule[:60]}"
        assert "\nWrong:\n\n```python\n" in rule, f"and one wrong: {rule[:60]}"


@pytest.mark.parametrize(("path", "code"), EXAMPLES)
def test_a_right_example_is_in_the_file_it_names(path: str, code: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert code in source, f"{path} has changed: choose another example"
