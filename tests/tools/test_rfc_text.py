"""Every MUST of the RFCs has its entry in spec/: the tables against the texts, where those are."""

from pathlib import Path

import pytest

from tools.floors import ROOT
from tools.rfc_text import anchor_faults, sections
from tools.spec_table import load

TEXTS = ROOT.parent / "shared" / "rfc"

TEXT = """
  • 1.   Start
      □ 1.1.   Rules
  • Appendix A.   More

1. Start

The key words "MUST" and "MUST NOT" are to be interpreted as described in BCP 14.
It begins here, see also Section
1.1. of this text.

1.1. Rules

A sender MUST begin. A receiver
MUST NOT end, and it MUST stay.
"""


@pytest.mark.parametrize("rfc", [9112, 9113, 7541, 8441, 9218])
def test_every_must_has_its_entry(rfc: int) -> None:
    text = TEXTS / f"rfc{rfc}.txt"
    if not text.exists():
        pytest.skip(f"the text of the RFC is not at {text}")
    requirements, _ = load(ROOT / "spec" / f"rfc{rfc}.toml")
    anchors = [(each.id, each.section, each.anchor) for each in requirements]
    assert anchor_faults(sections(text), anchors) == [], "one entry for each keyword of the text"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "rfc1.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_heading_is_what_the_contents_have_too(text: Path) -> None:
    found = sections(text)
    assert list(found) == ["1", "1.1"], "a line that begins with a number by chance is none"
    assert found["1"].endswith("see also Section 1.1. of this text."), "and belongs to the text"
    assert found["1.1"] == ("A sender MUST begin. A receiver MUST NOT end, and it MUST stay."), (
        "lines are joined"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["MUST begin", "MUST NOT end"], "§1.1: nothing stands for 'MUST stay.'"),
        (["MUST begin", "MUST NOT end", "MUST go"], "c: 'MUST go' is in §1.1 0 times"),
        (["MUST begin", "MUST", "MUST stay"], "b: 'MUST' is in §1.1 3 times"),
        (
            ["MUST begin", "MUST NOT end, and it MUST stay"],
            "b: 'MUST NOT end, and it MUST stay' holds",
        ),
        (
            ["MUST begin", "sender MUST", "MUST NOT end", "MUST stay"],
            "b: stands for the same word as a",
        ),
        (["MUST NOT end", "MUST begin", "MUST stay"], "b: comes before the entry in front of it"),
        (["MUST begin", "receiver", "MUST NOT end", "MUST stay"], "b: 'receiver' holds 0 keywords"),
    ],
)
def test_each_keyword_has_one_entry_and_each_entry_one_keyword(
    text: Path, words: list[str], says: str
) -> None:
    anchors = [(name, "1.1", each) for name, each in zip("abcd", words, strict=False)]
    faults = anchor_faults(sections(text), anchors)
    assert any(fault.startswith(says) for fault in faults), faults


def test_the_right_entries_leave_nothing_to_say(text: Path) -> None:
    anchors = [(words, "1.1", words) for words in ("MUST begin", "MUST NOT end", "it MUST stay")]
    assert anchor_faults(sections(text), anchors) == [], "the key words of BCP 14 need none"
