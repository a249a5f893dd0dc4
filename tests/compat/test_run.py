"""`python -m hyper.compat` runs a program as Python itself does, but for what it imports."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hyper
from hyper.compat._run import main

SOURCE = str(Path(hyper.__file__).resolve().parent.parent)

# What a program can know of the way it was started.
FACTS = """\
import json, os, sys, threading, atexit
module = sys.modules["__main__"]
class Local: pass
def late():
    import pickle
    pickle.loads(pickle.dumps(Local()))
    print("late", sys.modules["__main__"] is module)
names = ("__name__", "__file__", "__package__", "__doc__", "__cached__")
facts = {name: globals().get(name, "absent") for name in names}
spec = globals()["__spec__"]
facts["spec"] = spec and (spec.name, spec.origin, spec.parent)
facts["loader"] = type(globals()["__loader__"]).__name__
facts["builtins"] = repr(__builtins__)
facts["main"] = module.__dict__ is globals()
facts["argv"] = sys.argv
facts["path"] = [os.path.realpath(p) if p else p for p in sys.path[:2]]
facts["future"] = eval("print", {}) is print
atexit.register(late)
print(json.dumps(facts))
import h2
if sys.argv[-1] == "fail":
    raise KeyError("nothing")
if sys.argv[-1] == "message":
    sys.exit("no more")
if sys.argv[-1] == "number":
    sys.exit(7)
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """One program in each form that Python runs."""
    (tmp_path / "script.py").write_text(FACTS)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "__main__.py").write_text(FACTS)
    (tmp_path / "package" / "inner.py").write_text(FACTS)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__main__.py").write_text(FACTS)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "linked.py").symlink_to(tmp_path / "script.py")
    with zipfile.ZipFile(tmp_path / "archive.pyz", "w") as archive:
        archive.writestr("__main__.py", FACTS)
    return tmp_path


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


FORMS = {
    "script": ("script.py",),
    "script in another folder": ("./folder/__main__.py",),
    "script behind a link": ("elsewhere/linked.py",),
    "module": ("-m", "script"),
    "package": ("-m", "package"),
    "module of a package": ("-m", "package.inner"),
    "folder": ("folder",),
    "archive": ("archive.pyz",),
    "code": ("-c", FACTS),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("flags", [(), ("-P",)], ids=["", "safe path"])
def test_a_program_sees_what_it_would_see_without(
    programs: Path, form: str, flags: tuple[str, ...]
) -> None:
    if flags and form == "code":
        flags = ()  # the same, and the current folder is nothing to it
    arguments = [*FORMS[form], "--only", "-m", "x"]
    theirs = ran(programs, *flags, *arguments)
    ours = ran(programs, *flags, "-m", "hyper.compat", *arguments)
    if flags and form in {"module", "package", "module of a package"}:
        # The folder is not on the path: there is nothing to run.
        assert theirs.returncode == ours.returncode == 1
        return
    assert (theirs.stderr, theirs.returncode) == ("", 0), "the expectation"
    assert (ours.stderr, ours.returncode) == ("", 0)
    first, last = ours.stdout.splitlines()
    expected, _ = theirs.stdout.splitlines()
    assert json.loads(first) == json.loads(expected)
    assert last == "late True", "`__main__` is there until the process ends"


@pytest.mark.parametrize("form", ["script", "package", "archive", "code"])
@pytest.mark.parametrize("end", ["fail", "message", "number"])
def test_a_program_ends_as_it_would_without(programs: Path, form: str, end: str) -> None:
    theirs = ran(programs, *FORMS[form], end)
    ours = ran(programs, "-m", "hyper.compat", *FORMS[form], end)
    assert ours.returncode == theirs.returncode
    assert ours.stderr.splitlines()[-1:] == theirs.stderr.splitlines()[-1:]


@pytest.mark.parametrize(
    ("options", "replaced"),
    [
        ([], ["hyper.compat.h2", "hyper.compat.hpack", "hyper.compat.h11"]),
        (["--only", "h2"], ["hyper.compat.h2", "hpack", "h11"]),
        (["--only=h11,hpack"], ["h2", "hyper.compat.hpack", "hyper.compat.h11"]),
        (["--only", "h2", "--only", "h11"], ["hyper.compat.h2", "hpack", "hyper.compat.h11"]),
    ],
)
def test_only_what_is_named_is_replaced(
    tmp_path: Path, options: list[str], replaced: list[str]
) -> None:
    code = "import h2, hpack, h11; print(h2.__name__, hpack.__name__, h11.__name__)"
    done = ran(tmp_path, "-m", "hyper.compat", *options, "-c", code)
    assert (done.stdout.split(), done.stderr) == (replaced, "")


def test_a_test_runner_runs_tests_of_others(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        "import h2.connection\n"
        "def test_which() -> None:\n"
        "    assert h2.connection.__name__ == 'hyper.compat.h2.connection'\n"
    )
    runner = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_theirs.py"]
    done = ran(tmp_path, "-m", "hyper.compat", *runner)
    assert done.returncode == 0, done.stdout
    assert ran(tmp_path, *runner).returncode == 1, "the same tests without the replacement"


def test_a_process_that_the_program_starts_is_not_changed(tmp_path: Path) -> None:
    code = "import subprocess, sys; import h2; print(h2.__name__, flush=True);"
    code += "subprocess.run([sys.executable, '-c', 'import h2; print(h2.__name__)'])"
    done = ran(tmp_path, "-m", "hyper.compat", "-c", code)
    assert done.stdout.split() == ["hyper.compat.h2", "h2"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "expected -m MODULE, -c CODE or SCRIPT"),
        (["--only"], "--only: no such option, or nothing behind it"),
        (["-m"], "-m: no such option, or nothing behind it"),
        (["--fast", "x.py"], "--fast: no such option, or nothing behind it"),
        (["--only", "h2,h9", "x.py"], "expected one of h2, "),
    ],
)
def test_a_command_line_that_means_nothing_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    usage, said = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: python -m hyper.compat [--only NAME,...]")
    assert complaint in said


def test_help_names_what_can_be_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "h2, hpack, hyperframe, priority, h11" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-m", "nothing.at.all"), 1),
        (("-m", "nothing"), 1),
        (("-m", "json"), 1),
        (("nothing.py",), 2),
        ((".",), 1),
    ],
)
def test_a_program_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    theirs = ran(tmp_path, *arguments)
    ours = ran(tmp_path, "-m", "hyper.compat", *arguments)
    assert ours.returncode == theirs.returncode == code
    assert len(ours.stderr.splitlines()) == 1
    assert arguments[-1] in ours.stderr
