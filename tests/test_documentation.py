"""What the pages show works: every Python example of README.md and docs/ is run.

The examples of one page are run in their order, as one program.  One that cannot be, because it
needs a network or a user, is fenced as `python no-run`.  Paths and files in links must exist.
"""

import ast
import asyncio
import inspect
import re
from pathlib import Path

import pytest

from tools.floors import ROOT

FENCE = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)#:\s]+)(?:#[^)\s]*)?\)")

PAGES = [
    path
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])
    if "_build" not in path.parts
]
# STYLE.md shows wrong examples too; tests/test_style_guide.py looks after it.
RUN = [path for path in PAGES if path.name != "STYLE.md" and FENCE.search(path.read_text("utf-8"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", RUN, ids=name)
def test_the_examples_of_a_page_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = path.read_text("utf-8")
    names: dict[str, object] = {"__name__": "example"}
    for fence in FENCE.finditer(text):
        # Blank lines in front: a traceback then shows the line of the page.
        above = text[: fence.start("code")].count("\n")
        code = compile(
            "\n" * above + fence["code"], str(path), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        )
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, names))  # noqa: S307 - the page is ours, as this file is
        else:
            exec(code, names)  # noqa: S102 - the page is ours, as this file is


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = [link["target"] for link in LINK.finditer(path.read_text("utf-8"))]
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert missing == [], "a reader who follows it finds nothing"
