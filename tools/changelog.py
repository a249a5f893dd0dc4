"""Move the fragments of changes/ into CHANGELOG.md: `python -m tools.changelog 0.2.0`.

changes/README.md says how a fragment is named and what it says.  With `--check` nothing is moved:
every fragment must have a name that says where it belongs.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tools.floors import ROOT

# In the order in which a reader needs to know.
KINDS: Final = {
    "breaking": "Breaking",
    "security": "Security",
    "added": "Added",
    "fixed": "Fixed",
    "docs": "Documentation",
    "internal": "Internal",
}
MARK: Final = "<!-- releases -->\n"
NOTHING: Final = "\nNothing has been released yet.\n"


def fragments(folder: Path) -> list[Path]:
    """The fragments in a folder, in the order of their issues."""
    found = [path for path in folder.glob("*.md") if path.name != "README.md"]
    return sorted(found, key=lambda path: (path.name.split(".")[0].zfill(8), path.name))


def fault(path: Path) -> str | None:
    """What is wrong with the name or the content of a fragment, or `None`."""
    parts = path.name.split(".")
    if len(parts) not in {3, 4} or not parts[0].isdecimal() or parts[-2] not in KINDS:
        return f"{path.name}: not <issue>[.<piece>].<{'|'.join(KINDS)}>.md"
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        return f"{path.name}: empty"
    if text.startswith(("#", "- ", "* ")):
        return f"{path.name}: a heading or a list; it must be sentences, it becomes a list item"
    return None


def section(version: str, day: str, texts: Mapping[str, Sequence[str]]) -> str:
    """One release as Markdown: `texts` are the fragments of each kind."""
    lines = [f"## {version} ({day})", ""]
    for kind, title in KINDS.items():
        if texts.get(kind):
            lines += [f"### {title}", ""]
            # A second paragraph or line belongs to the same item.
            lines += ["- " + text.strip().replace("\n", "\n  ") for text in texts[kind]]
            lines.append("")
    return "\n".join(lines)


def release(page: str, text: str) -> str:
    """The changelog with a release on top of the others."""
    head, mark, rest = page.partition(MARK)
    if not mark:
        raise ValueError(f"CHANGELOG.md: expected a line {MARK.strip()!r}, found none")
    return f"{head}{mark}\n{text}{rest.replace(NOTHING, '')}"


def main() -> int:
    """Check the fragments, and move them when a version is given; 1 if one is wrong."""
    parser = ArgumentParser(description="Move the fragments of changes/ into CHANGELOG.md.")
    parser.add_argument("version", nargs="?", help="the version to release, 0.2.0")
    parser.add_argument("--check", action="store_true", help="only look at the fragments")
    asked = parser.parse_args()
    found = fragments(ROOT / "changes")
    wrong = [text for text in map(fault, found) if text is not None]
    if wrong:
        print("\n".join(wrong))
        return 1
    if asked.version and not asked.check:
        texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for path in found:
            texts[path.name.split(".")[-2]].append(path.read_text(encoding="utf-8"))
        page = ROOT / "CHANGELOG.md"
        day = datetime.now(UTC).date().isoformat()
        new = release(page.read_text(encoding="utf-8"), section(asked.version, day, texts))
        page.write_text(new, encoding="utf-8")
        for path in found:
            path.unlink()
    print(f"changes: {len(found)} fragments")
    return 0


if __name__ == "__main__":
    sys.exit(main())
