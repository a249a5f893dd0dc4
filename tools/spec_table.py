"""The requirement tables in `spec/`, and whether what they say of code and tests is true.

One entry for each MUST and MUST NOT of an RFC; spec/README.md describes the fields.  Not here: what
is printed of them (`spec_report`), and the texts they were taken from (`rfc_text`).
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.rfc_text import KEYWORD

_WORDS: Final = ("id", "level", "who", "anchor", "text")
_REASONS: Final = ("excepted", "todo")
_PLACES: Final = ("code", "tests")
_ID: Final = re.compile(r"(?P<rfc>\d{4})-(?P<section>(?:\d+|[A-Z])(?:\.\d+)*)-(?P<number>[1-9]\d*)")
# `RFC 9113 §8.2.1: ...`, and `RFC 9113 §6.2, §6.10: ...` where one line serves two sections.
_CITATION: Final = re.compile(
    r"RFC (?P<rfc>\d+) (?P<sections>§[\dA-Z][\d.]*(?:(?:,| and) §[\d.]+)*)"
)
_BREAK: Final = re.compile(r"\n\s*#? ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One entry.  Its id says where it comes from: RFC, section, and the how-manieth there."""

    id: str
    level: str
    who: str
    anchor: str
    text: str
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    excepted: str = ""
    todo: str = ""

    @property
    def rfc(self) -> str:
        """The number of the RFC."""
        return self.id.partition("-")[0]

    @property
    def section(self) -> str:
        """The section, `5.1.1`."""
        return self.id.partition("-")[2].rpartition("-")[0]


def load(path: Path) -> tuple[list[Requirement], list[str]]:
    """The entries of one table, and what is wrong with those that could not be read."""
    found: list[Requirement] = []
    faults: list[str] = []
    entries: list[dict[str, object]] = tomllib.loads(path.read_text("utf-8"))["requirement"]
    for number, entry in enumerate(entries, 1):
        problem = _shape_fault(entry)
        if problem is not None:
            faults.append(f"{path.name}: {entry.get('id', f'entry {number}')}: {problem}")
            continue
        found.append(_requirement(entry))
    return found, faults


def _requirement(entry: dict[str, object]) -> Requirement:
    words = {key: str(value) for key, value in entry.items() if key not in _PLACES}
    places = {key: [*map(str, value)] for key, value in entry.items() if isinstance(value, list)}
    return Requirement(
        id=words["id"],
        level=words["level"],
        who=words["who"],
        anchor=words["anchor"],
        text=words["text"],
        code=tuple(places.get("code", ())),
        tests=tuple(places.get("tests", ())),
        excepted=words.get("excepted", ""),
        todo=words.get("todo", ""),
    )


def _shape_fault(entry: dict[str, object]) -> str | None:
    missing = [key for key in _WORDS if key not in entry]
    if missing:
        return f"has no {missing[0]}"
    for key, value in entry.items():
        if key in _PLACES:
            if not isinstance(value, list) or not value or {*map(type, value)} != {str}:
                return f"{key} is no list of places"
        elif key not in (*_WORDS, *_REASONS):
            return f"has the unknown key {key}"
        elif not isinstance(value, str) or not value.strip():
            return f"{key} is no text"
    return None


def entry_faults(requirements: list[Requirement], rfc: str) -> Iterator[str]:
    """What is wrong with the entries of one table, places apart."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for each in requirements:
        if each.id in seen:
            yield f"{each.id}: is there twice"
            continue
        seen.add(each.id)
        match = _ID.fullmatch(each.id)
        if match is None or match["rfc"] != rfc:
            yield f"{each.id}: expected an id such as {rfc}-5.1.1-3"
            continue
        counts[each.section] = counts.get(each.section, 0) + 1
        if int(match["number"]) != counts[each.section]:
            yield f"{each.id}: is number {counts[each.section]} of its section"
        keyword = KEYWORD.search(each.anchor)
        if keyword is None or keyword[0] != each.level:
            yield f"{each.id}: the anchor {each.anchor!r} has no {each.level}"
        yield from _status_faults(each)


def _status_faults(each: Requirement) -> Iterator[str]:
    if each.excepted and (each.todo or each.code or each.tests):
        yield f"{each.id}: what is excepted has neither code, tests nor todo"
    if not each.excepted and not each.todo and not (each.code and each.tests):
        yield f"{each.id}: expected code and tests, a reason why not (excepted), or a todo"
    for reason in (each.excepted, each.todo):
        # Two words are a label; a reason has a subject and says something of it.
        if reason and len(reason.split()) < 3:
            yield f"{each.id}: {reason!r} gives no reason"


def cited(text: str) -> set[tuple[str, str]]:
    """The sections a text cites: `("9113", "8.2.1")`."""
    found: set[tuple[str, str]] = set()
    for citation in _CITATION.finditer(_BREAK.sub(" ", text)):
        for section in citation["sections"].split("§")[1:]:
            found.add((citation["rfc"], section.strip(" and,.")))
    return found


class Sources:
    """The Python files under a folder, and what is defined where."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, _File | None] = {}

    def place_fault(self, place: str, each: Requirement) -> str | None:
        """What is wrong with a place in the code, `hyper/h2/flow.py:ReceiveWindow.take`."""
        path, _, name = place.partition(":")
        file = self._file(f"src/{path}")
        if file is None:
            return f"there is no file src/{path}"
        text = file.text_of(name)
        if text is None:
            return f"there is no {name} in src/{path}"
        if (each.rfc, each.section) not in cited(text):
            return f"{place} does not cite RFC {each.rfc} §{each.section}"
        return None

    def test_fault(self, place: str, each: Requirement) -> str | None:
        """What is wrong with a test, `tests/h2/test_flow.py::test_name`."""
        path, _, name = place.partition("::")
        file = self._file(path)
        if file is None:
            return f"there is no file {path}"
        text = file.text_with_helpers(name)
        if text is None or not name.startswith("test_"):
            return f"there is no {name} in {path}"
        named = re.search(rf"\b{re.escape(each.id)}\b", text)
        if named is None and (each.rfc, each.section) not in cited(text):
            return f"{place} cites neither {each.id} nor RFC {each.rfc} §{each.section}"
        return None

    def places_that_cite(self, each: Requirement) -> list[str]:
        """Where under `src/` the section is cited: what a broken entry may have meant."""
        found: list[str] = []
        for path in sorted((self._root / "src").rglob("*.py")):
            name = path.relative_to(self._root).as_posix()
            file = self._file(name)
            for symbol in [] if file is None else file.symbols:
                text = "" if file is None else file.text_of(symbol) or ""
                if (each.rfc, each.section) in cited(text):
                    found.append(f"{name.removeprefix('src/')}:{symbol}")
        # A method says more than the class it is in.
        return [place for place in found if not any(o.startswith(f"{place}.") for o in found)]

    def _file(self, name: str) -> "_File | None":
        if name not in self._files:
            path = self._root / name
            self._files[name] = _File(path.read_text("utf-8")) if path.is_file() else None
        return self._files[name]


class _File:
    """One file: its functions, classes and constants by their names, dotted within a class."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.symbols: dict[str, ast.stmt] = {}
        self._last: dict[str, int] = {}
        self._collect(ast.parse(text).body, "")

    def text_of(self, name: str) -> str | None:
        """The lines of a definition, with the comment above it; `None` if there is none."""
        node = self.symbols.get(name)
        if node is None:
            return None
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *[each.lineno for each in decorators]]) - 1
        while first and self._lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return "\n".join(self._lines[first : self._last[name]])

    def text_with_helpers(self, name: str) -> str | None:
        """The same of a test, with the tables and helpers of its file that it makes use of."""
        if name not in self.symbols:
            return None
        texts: dict[str, str] = {}
        todo = [name]
        while todo:
            name = todo.pop()
            if name in texts or name not in self.symbols:
                continue
            texts[name] = self.text_of(name) or ""
            todo += [n.id for n in ast.walk(self.symbols[name]) if isinstance(n, ast.Name)]
        return "\n".join(texts.values())

    def _collect(self, body: list[ast.stmt], prefix: str) -> None:
        for at, node in enumerate(body):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._note(prefix + name, node, None)
                case ast.ClassDef(name=name):
                    self._note(prefix + name, node, None)
                    self._collect(node.body, f"{prefix}{name}.")
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    self._note(prefix + name, node, body[at + 1] if at + 1 < len(body) else None)
                case _:
                    pass

    def _note(self, name: str, node: ast.stmt, behind: ast.stmt | None) -> None:
        self.symbols[name] = node
        # The docstring of a constant stands behind it.
        match behind:
            case ast.Expr(value=ast.Constant(value=str())):
                node = behind
            case _:
                pass
        self._last[name] = node.end_lineno or node.lineno


def place_faults(requirements: list[Requirement], sources: Sources) -> Iterator[str]:
    """Every place of the entries that is not what it says."""
    for each in requirements:
        for place in each.code:
            fault = sources.place_fault(place, each)
            if fault is not None:
                others = ", ".join(sources.places_that_cite(each)) or "nowhere"
                yield f"{each.id}: {fault}; the section is cited in: {others}"
        for place in each.tests:
            fault = sources.test_fault(place, each)
            if fault is not None:
                yield f"{each.id}: {fault}"
