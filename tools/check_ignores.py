"""Every place where a checker is told to look away names the rule and gives a reason.

    self._pump = pump  # noqa: SLF001 - the pump is the other half of this class

The number of such places may fall and may not rise: LIMITS is lowered with the code.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.floors import ROOT

FOLDERS: Final = ("src", "tests", "tools", "bench", "fuzz", "docs", "bindings", "setup.py")

# How many there are today, per folder.  A new one takes the place of an old one.
LIMITS: Final = {
    "src": 5,
    "tests": 4,
    "tools": 0,
    "bench": 1,
    "fuzz": 1,
    "docs": 0,
    "bindings": 0,
    "setup.py": 0,
}

_MARK: Final = re.compile(r"#\s*(?P<kind>type:\s*ignore|noqa|mypy:|ruff:|pragma:)(?P<rest>.*)")
_RULE: Final = re.compile(r"^(?:\[[a-z, -]+\]|:?\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)(?P<reason>.*)$")


def marks(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each comment that switches a check off."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and _MARK.search(token.string):
            yield token.start[0], token.string


def fault(comment: str) -> str | None:
    """What a comment that switches a check off lacks, or `None`."""
    mark = _MARK.search(comment)
    if mark is None:
        return None
    if mark["kind"] != "noqa" and not mark["kind"].startswith("type"):
        return "switches a check off for a whole file; per-file rules are in pyproject.toml"
    rule = _RULE.match(mark["rest"])
    if rule is None:
        return "names no rule"
    # Two words are a label; a reason has a subject and says something of it.
    if len(re.findall(r"\w+", rule["reason"])) < 3:
        return "gives no reason"
    return None


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found: list[str] = []
    counts = dict.fromkeys(FOLDERS, 0)
    for folder in FOLDERS:
        root = ROOT / folder
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            for line, comment in marks(path):
                counts[folder] += 1
                problem = fault(comment)
                if problem is not None:
                    found.append(f"{path.relative_to(ROOT)}:{line}: {comment!r} {problem}")
    for folder, count in counts.items():
        if count > LIMITS[folder]:
            found.append(f"{folder}: {count} checks switched off, {LIMITS[folder]} allowed")
        elif count < LIMITS[folder]:
            found.append(f"{folder}: {count} checks switched off; lower LIMITS to that")
    total = sum(counts.values())
    print("\n".join(found) or f"ignores: {total}, each with its rule and its reason")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
