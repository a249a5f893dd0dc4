from pathlib import Path

import pytest

from tools.check_ignores import fault, marks


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: A002 - the field of the frame is called type",
        "# noqa: A002  # the field of the frame is called type",
        "# noqa: PLR0911, C901 - one return for each frame type",
        "# type: ignore[arg-type]  # the test passes what a caller must not",
    ],
)
def test_a_mark_with_rule_and_reason_is_accepted(comment: str) -> None:
    assert fault(comment) is None, "it names its rule and says why"


@pytest.mark.parametrize(
    ("comment", "lack"),
    [
        ("# noqa", "names no rule"),
        ("# noqa - I know better than this", "names no rule"),
        ("# type: ignore", "names no rule"),
        ("# type: ignore  # because it is so", "names no rule"),
        ("# noqa: A002", "gives no reason"),
        ("# noqa: A002 - builtin", "gives no reason"),
        ("# type: ignore[arg-type]", "gives no reason"),
        ("# ruff: noqa", "for a whole file"),
        ("# mypy: ignore-errors", "for a whole file"),
    ],
)
def test_a_mark_without_is_refused(comment: str, lack: str) -> None:
    found = fault(comment)
    assert found is not None, "a check would be off and nobody would know why"
    assert lack in found, "the message says what is missing"


def test_only_comments_count(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        '"""Write `# noqa: X1` with a reason."""\nx = "# type: ignore"\ny = 1  # noqa\n'
    )
    assert [line for line, _ in marks(path)] == [3], "a string that speaks of marks is no mark"
