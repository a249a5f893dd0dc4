from pathlib import Path

import pytest

from tools.changelog import MARK, fault, fragments, release, section


@pytest.mark.parametrize("name", ["2.added.md", "12.h2.fixed.md", "3.security.md"])
def test_a_fragment_is_named_after_issue_piece_and_kind(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("It was added.\n")
    assert fault(tmp_path / name) is None, "that is the form changes/README.md asks for"


@pytest.mark.parametrize("name", ["added.md", "2.feature.md", "h2.2.added.md", "2.a.b.added.md"])
def test_another_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("It was added.\n")
    found = fault(tmp_path / name)
    assert found is not None, "nobody would know where it belongs"
    assert name in found, "the message names the file"


@pytest.mark.parametrize("text", ["", "\n", "- an item\n", "# A heading\n"])
def test_a_fragment_is_sentences(tmp_path: Path, text: str) -> None:
    (tmp_path / "2.added.md").write_text(text)
    assert fault(tmp_path / "2.added.md") is not None, "it becomes an item of a list"


def test_fragments_come_in_the_order_of_their_issues(tmp_path: Path) -> None:
    for name in ("10.added.md", "9.fixed.md", "9.added.md", "README.md"):
        (tmp_path / name).write_text("It was.\n")
    names = [path.name for path in fragments(tmp_path)]
    assert names == ["9.added.md", "9.fixed.md", "10.added.md"], "by number, the README aside"


def test_a_release_lists_the_kinds_in_the_order_a_reader_needs() -> None:
    text = section("0.2.0", "2026-12-01", {"fixed": ["One.\n"], "breaking": ["Two,\nlong.\n"]})
    expected = "## 0.2.0 (2026-12-01)\n\n### Breaking\n\n- Two,\n  long.\n\n### Fixed\n\n- One.\n"
    assert text == expected, "what breaks comes first, kinds without fragments not at all"


def test_a_release_stands_above_the_older_ones() -> None:
    page = f"# Changelog\n\n{MARK}\n## 0.1.0\n"
    assert release(page, "## 0.2.0\n") == f"# Changelog\n\n{MARK}\n## 0.2.0\n\n## 0.1.0\n", (
        "newest first"
    )


def test_the_first_release_replaces_the_note_that_there_is_none() -> None:
    page = f"# Changelog\n\n{MARK}\nNothing has been released yet.\n"
    assert release(page, "## 0.1.0\n") == f"# Changelog\n\n{MARK}\n## 0.1.0\n", (
        "it is no longer true"
    )


def test_a_changelog_without_its_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a line"):
        release("# Changelog\n", "## 0.1.0\n")
