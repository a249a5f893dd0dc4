"""The texts of RFCs as they are published for reading: their sections, and the MUSTs in them.

Nothing of the project needs the texts; where they lie beside it, in `../shared/rfc`, the tables in
`spec/` are held against them.
"""

import re
from pathlib import Path
from typing import Final

_CONTENTS: Final = re.compile(r"^ *[•□☆] +(?P<number>(?:\d+|[A-Z])(?:\.\d+)*)\. +(?P<title>.*)$")
_HEADING: Final = re.compile(r"^(?P<number>(?:\d+|[A-Z])(?:\.\d+)*)\. (?P<title>.*)$")
KEYWORD: Final = re.compile(r"\b(?:MUST NOT|MUST|SHALL NOT|SHALL|REQUIRED)\b")
"""What makes a sentence a requirement (BCP 14)."""
_BOILERPLATE: Final = re.compile(r"The key words .*? are to be interpreted as described in")


def sections(path: Path) -> dict[str, str]:
    """The text of each section by its number, white space made one space.

    A heading is a line that the table of contents has too: others begin with a number by chance.
    """
    lines = path.read_text("utf-8").splitlines()
    titles = {m["number"]: m["title"].strip() for m in map(_CONTENTS.match, lines) if m}
    found: dict[str, list[str]] = {}
    number = ""
    for line in lines:
        heading = _HEADING.match(line)
        if heading and titles.get(heading["number"]) == heading["title"].strip():
            number = heading["number"]
            found[number] = []
        elif number:
            found[number].append(line)
    return {number: " ".join(" ".join(body).split()) for number, body in found.items()}


def anchor_faults(texts: dict[str, str], anchors: list[tuple[str, str, str]]) -> list[str]:
    """What the anchors, each `(id, section, words)`, and the keywords of the texts do not share.

    The words of an anchor stand once in their section, and hold one keyword.  Every keyword is in
    one anchor, and the anchors are in the order of the text.
    """
    faults: list[str] = []
    taken: dict[tuple[str, int], str] = {}
    last: dict[str, int] = {}
    for name, section, words in anchors:
        text = texts.get(section, "")
        if text.count(words) != 1:
            faults.append(f"{name}: {words!r} is in §{section} {text.count(words)} times")
            continue
        inside = [*KEYWORD.finditer(words)]
        if len(inside) != 1:
            faults.append(f"{name}: {words!r} holds {len(inside)} keywords")
            continue
        at = text.index(words) + inside[0].start()
        if (section, at) in taken:
            faults.append(f"{name}: stands for the same word as {taken[section, at]}")
        if at < last.get(section, -1):
            faults.append(f"{name}: comes before the entry in front of it")
        taken[section, at] = name
        last[section] = at
    for section, text in texts.items():
        boilerplate = [range(*m.span()) for m in _BOILERPLATE.finditer(text)]
        for keyword in KEYWORD.finditer(text):
            at = keyword.start()
            if (section, at) not in taken and not any(at in each for each in boilerplate):
                faults.append(f"§{section}: nothing stands for {text[at : at + 60]!r}")
    return faults
