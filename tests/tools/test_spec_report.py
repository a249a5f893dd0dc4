"""The requirement tables, and the tool that holds them to the truth."""

from pathlib import Path

import pytest

from tools import spec_report
from tools.floors import ROOT
from tools.spec_table import Requirement, Sources, cited, load

CODE = '''
"""A module."""

# RFC 9113 §6.5: the limit.
LIMIT = 5
"""Far above what is needed (RFC 9113 §6.7)."""


class Thing:
    """Does it."""

    def act(self) -> int:
        # RFC 9113 §5.1, §6.4: two sections for one line.
        return LIMIT


# RFC 9113 §8.1: above.
def decorated() -> None:
    """Nothing."""
'''

TESTS = '''
WANTED = [("9113-5.1-1", 5)]


def helper() -> None:
    """RFC 9113 §6.4."""


def test_by_its_table() -> None:
    assert WANTED


def test_by_its_helper() -> None:
    helper()


def test_by_itself() -> None:
    assert True, "RFC 9113 §5.1: so it is"


def test_of_nothing() -> None:
    assert True
'''

ENTRY = """
[[requirement]]
id = "9113-5.1-1"
level = "MUST"
who = "endpoint"
anchor = "MUST act"
text = "it acts"
"""
PLACES = """
code = ["hyper/thing.py:Thing.act"]
tests = ["tests/test_thing.py::test_by_itself"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one module, its tests, and a table that is true."""
    for name, text in (
        ("src/hyper/thing.py", CODE),
        ("tests/test_thing.py", TESTS),
        ("spec/rfc9113.toml", ENTRY + PLACES),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def table(root: Path, text: str) -> list[str]:
    """What is wrong when this is the table."""
    (root / "spec" / "rfc9113.toml").write_text(text)
    return spec_report.check(root)


# -- the project's own ---------------------------------------------------------------------------


def test_the_tables_of_the_project_are_true() -> None:
    assert spec_report.check(ROOT) == [], "spec/README.md says what to do when this breaks"


@pytest.mark.parametrize(("rfc", "entries"), [(9113, 223), (7541, 20), (8441, 8), (9218, 24)])
def test_no_requirement_is_taken_away(rfc: int, entries: int) -> None:
    requirements, faults = load(ROOT / "spec" / f"rfc{rfc}.toml")
    assert (len(requirements), faults) == (entries, []), "an RFC does not change"


# -- what is found -------------------------------------------------------------------------------


def test_a_true_table_passes(root: Path) -> None:
    assert spec_report.check(root) == [], "the place cites the section, and so does the test"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("hyper/gone.py:Thing.act", "there is no file src/hyper/gone.py"),
        ("hyper/thing.py:Thing.gone", "there is no Thing.gone in src/hyper/thing.py"),
        ("hyper/thing.py:LIMIT", "hyper/thing.py:LIMIT does not cite RFC 9113 §5.1"),
        ("hyper/thing.py:decorated", "hyper/thing.py:decorated does not cite RFC 9113 §5.1"),
    ],
)
def test_a_place_that_is_not_there_or_cites_nothing_is_named(
    root: Path, place: str, says: str
) -> None:
    (fault,) = table(root, ENTRY + PLACES.replace("hyper/thing.py:Thing.act", place))
    assert fault.startswith(f"9113-5.1-1: {says}"), "what is wrong, and where"
    assert fault.endswith("the section is cited in: hyper/thing.py:Thing.act"), (
        "who renamed it is told where it may be now, by its method and not by its class"
    )


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("tests/test_gone.py::test_by_itself", "there is no file tests/test_gone.py"),
        ("tests/test_thing.py::test_gone", "there is no test_gone in tests/test_thing.py"),
        ("tests/test_thing.py::helper", "there is no helper in tests/test_thing.py"),
        ("tests/test_thing.py::test_by_its_helper", "cites neither 9113-5.1-1 nor RFC 9113 §5.1"),
        ("tests/test_thing.py::test_of_nothing", "cites neither 9113-5.1-1 nor RFC 9113 §5.1"),
    ],
)
def test_a_test_that_is_not_there_or_not_of_the_requirement_is_named(
    root: Path, test: str, says: str
) -> None:
    (fault,) = table(root, ENTRY + PLACES.replace("tests/test_thing.py::test_by_itself", test))
    assert says in fault, "a helper is no test, and a test of another section is none of this one"


def test_a_table_of_a_test_may_name_the_requirement(root: Path) -> None:
    assert table(root, ENTRY + PLACES.replace("by_itself", "by_its_table")) == [], (
        "rows by their ids"
    )


def test_an_id_is_not_found_within_a_longer_one(root: Path) -> None:
    text = TESTS.replace("9113-5.1-1", "9113-5.1-11")
    (root / "tests" / "test_thing.py").write_text(text)
    (fault,) = table(root, ENTRY + PLACES.replace("by_itself", "by_its_table"))
    assert "cites neither" in fault, "5.1-11 is another requirement"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY, "expected code and tests"),
        (ENTRY + PLACES.splitlines()[1], "expected code and tests"),
        (ENTRY + PLACES + 'excepted = "of no concern to us"', "neither code, tests nor todo"),
        (ENTRY + 'excepted = "not ours"', "gives no reason"),
        (ENTRY + 'reason = "a word misspelt"', "has the unknown key reason"),
        (ENTRY.replace('who = "endpoint"', "") + PLACES, "has no who"),
        (ENTRY.replace('"it acts"', '" "') + PLACES, "text is no text"),
        (ENTRY + 'code = "hyper/thing.py:Thing.act"', "code is no list of places"),
        (ENTRY + "tests = []", "tests is no list of places"),
        (ENTRY.replace("MUST act", "SHOULD act") + PLACES, "has no MUST"),
        (ENTRY.replace("MUST act", "MUST NOT act") + PLACES, "has no MUST"),
        (ENTRY.replace("9113-5.1-1", "9113-5.1-2") + PLACES, "is number 1 of its section"),
        (ENTRY.replace("9113-5.1-1", "7541-5.1-1") + PLACES, "expected an id such as 9113-"),
        (ENTRY.replace("9113-5.1-1", "9113-5.1") + PLACES, "expected an id such as 9113-"),
        (ENTRY.replace("9113-5.1-1", "five") + PLACES, "expected an id such as 9113-"),
        (ENTRY + PLACES + ENTRY + PLACES, "is there twice"),
    ],
)
def test_an_entry_that_is_no_entry_is_named(root: Path, text: str, says: str) -> None:
    assert says in table(root, text)[0], "what is wrong with it, before what follows from that"


def test_more_may_not_be_open_than_before(root: Path) -> None:
    open_entry = ENTRY + 'todo = "the engine does not act"'
    assert table(root, open_entry) == ["rfc9113.toml: 1 entries are todo, 0 may be"], "none is left"
    baseline = root / "spec" / "baseline"
    baseline.write_text("rfc9113.toml 1\n")
    assert spec_report.check(root) == [], "as many as there were"
    baseline.write_text("rfc9113.toml 2\n")
    assert spec_report.check(root) == [
        "rfc9113.toml: 1 entries are todo; lower spec/baseline to that"
    ], "the number only falls"
    baseline.write_text("rfc9113.toml 1\nrfc7541.toml 1\n")
    assert spec_report.check(root) == ["spec/baseline: there is no rfc7541.toml"], "nor is one kept"


# -- what counts as a citation -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("# RFC 9113 §8.2.1: no upper case.", {("9113", "8.2.1")}),
        ("(RFC 9113 §6.1, §6.2 and §6.10).", {("9113", "6.1"), ("9113", "6.2"), ("9113", "6.10")}),
        ("RFC 9113 §7, RFC 8441 §4: both", {("9113", "7"), ("8441", "4")}),
        ("# what RFC 9113\n    # §5.1 says", {("9113", "5.1")}),
        ("ends with RFC 9113 §5.1.", {("9113", "5.1")}),
        ("RFC 7541 appendix B, §6.1 alone, RFC 9113", set()),
    ],
)
def test_a_citation_is_an_rfc_and_its_sections(text: str, sections: set[tuple[str, str]]) -> None:
    assert cited(text) == sections, "the one form of the house"


@pytest.mark.parametrize(
    ("place", "section"),
    [
        ("LIMIT", "6.5"),
        ("LIMIT", "6.7"),
        ("Thing", "6.4"),
        ("Thing.act", "6.4"),
        ("decorated", "8.1"),
    ],
)
def test_a_place_is_all_that_belongs_to_it(root: Path, place: str, section: str) -> None:
    each = Requirement(id=f"9113-{section}-1", level="MUST", who="", anchor="", text="")
    fault = Sources(root).place_fault(f"hyper/thing.py:{place}", each)
    assert fault is None, "the comment above it, what it says, and the docstring of a constant"


# -- what is printed -----------------------------------------------------------------------------


def test_the_report_counts_by_table_and_section(root: Path) -> None:
    more = ENTRY.replace("9113-5.1-1", "9113-5.2-1") + 'excepted = "somebody else must do it"'
    table(root, ENTRY + PLACES + more)
    requirements, _ = load(root / "spec" / "rfc9113.toml")
    assert list(spec_report.rows("rfc9113", requirements)) == [
        ("rfc9113", [2, 1, 1, 1, 0]),
        ("  §5.1", [1, 1, 1, 0, 0]),
        ("  §5.2", [1, 0, 0, 1, 0]),
    ], "all, in code, in tests, excepted, open"


def test_every_way_to_call_it_prints_something(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert spec_report.main([], root) == 0
    assert "rfc9113" in capsys.readouterr().out, "the table"
    assert spec_report.main(["--todo"], root) == 0
    assert capsys.readouterr().out == "nothing is open\n"
    assert spec_report.main(["--check"], root) == 0
    assert capsys.readouterr().out == "spec: 1 requirements, each where the tables say\n"
    table(root, ENTRY + 'todo = "the engine does not act"')
    assert spec_report.main(["--todo"], root) == 0
    assert "missing: the engine does not act" in capsys.readouterr().out, "what is open, and why"
    assert spec_report.main(["--check"], root) == 1, "more than before"
    assert "1 entries are todo" in capsys.readouterr().out


def test_without_rich_the_report_is_plain(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec_report.show(root, plain=True)
    head, row, section = capsys.readouterr().out.splitlines()
    assert head.split() == list(spec_report.COLUMNS)
    assert row.split() == ["rfc9113", "1", "1", "1", ".", "."]
    assert section.split() == ["§5.1", "1", "1", "1", ".", "."]
