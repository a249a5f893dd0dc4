"""Modules of `hyper.compat` in the place of others, each time in a process of its own."""

import copy
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import hyper
from hyper.compat import AlreadyImported, install, installed
from hyper.compat._releases import RELEASES

SOURCE = str(Path(hyper.__file__).resolve().parent.parent)


def says(code: str, *flags: str) -> list[str]:
    """The lines that a program prints which knows this Hyper; one that fails shows why."""
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    done = subprocess.run(
        [sys.executable, *flags, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_nothing_happens_without_being_asked() -> None:
    lines = says("import hyper.compat, h2, sys; print(h2.__name__, len(sys.meta_path))")
    plain = says("import sys; print(len(sys.meta_path))")
    assert lines == [f"h2 {plain[0]}"], "the library itself, and no finder more than before"


@pytest.mark.parametrize("name", RELEASES)
def test_each_module_is_there_under_both_names(name: str) -> None:
    code = f"import hyper.compat as c; c.install({name!r}); import sys, {name}; print("
    code += f"{name} is sys.modules['hyper.compat.{name}'], {name}.__version__)"
    assert says(code) == [f"True {RELEASES[name].version}"], "one module object, of that release"


@pytest.mark.parametrize("name", RELEASES)
def test_a_stand_in_has_the_modules_of_its_release_and_shows_no_others(name: str) -> None:
    code = (
        f"import pkgutil, {name}; print(*(m.name for m in pkgutil.iter_modules({name}.__path__)))"
    )
    theirs = set(says(code)[0].split())
    ours = set(says(f"import hyper.compat as c; c.install({name!r}); {code}")[0].split())
    public = {each for each in ours if not each.startswith("_")}
    assert public <= theirs, "a program that probes for a module must not be misled"


FORMS = """
import hyper.compat
hyper.compat.install("h2")
{}
import sys
assert sys.modules["h2"] is sys.modules["hyper.compat.h2"]
import hyper.compat.h2.events
assert events is hyper.compat.h2.events, events
"""


@pytest.mark.parametrize(
    "form",
    [
        "import h2.events; events = h2.events",
        "import h2.events as events",
        "from h2 import events",
        "import importlib; events = importlib.import_module('h2.events')",
        "import importlib; events = importlib.import_module('.events', 'h2')",
        "import hyper.compat.h2.events; import h2.events; events = h2.events",
        "from hyper.compat.h2 import events; from h2 import events",
    ],
)
def test_every_form_of_import_gives_the_same_module(form: str) -> None:
    assert says(FORMS.format(form)) == []


def test_a_module_keeps_what_the_import_system_knows_of_it() -> None:
    code = """
import hyper.compat, importlib, inspect
hyper.compat.install("h2")
import h2.events
print(h2.events.__spec__.name, h2.events.__name__)
again = importlib.reload(h2.events)
print(again is h2.events, inspect.getsourcefile(h2.events) == h2.events.__file__)
"""
    assert says(code) == ["hyper.compat.h2.events hyper.compat.h2.events", "True True"]


def test_a_module_can_be_looked_for_before_it_is_loaded() -> None:
    code = """
import hyper.compat, importlib.util, sys
hyper.compat.install("h2")
spec = importlib.util.find_spec("h2")
print(spec.name, "hyper.compat.h2" in sys.modules, bool(spec.submodule_search_locations))
print("compat" in spec.origin, spec.loader.get_source("h2") is not None, spec.has_location)
print(importlib.util.find_spec("h2.nothing"), importlib.util.find_spec("h2.events").name)
"""
    assert says(code) == ["h2 False True", "True True True", "None h2.events"]


@pytest.mark.parametrize("missing", ["h2.nothing", "h2.events.nothing", "h2x", "h3"])
def test_what_no_release_has_is_not_found(missing: str) -> None:
    code = f"""
import hyper.compat
hyper.compat.install()
try:
    import {missing}
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert says(code) == [missing], "the name in the error is the one that was asked for"


def test_submodules_are_loaded_when_they_are_imported() -> None:
    code = """
import hyper.compat, sys
hyper.compat.install()
print(sorted(n for n in sys.modules if n.startswith("hyper.") and "._" not in n))
import hyperframe
print("hyper.compat.hyperframe.frame" in sys.modules)
"""
    assert says(code) == ["['hyper.compat']", "False"], "who imports nothing pays for nothing"


def test_pkgutil_walks_through_a_stand_in() -> None:
    code = """
import hyper.compat, importlib, pkgutil
hyper.compat.install("h2")
import h2
for found in pkgutil.walk_packages(h2.__path__, "h2."):
    module = importlib.import_module(found.name)
    assert module is importlib.import_module(f"hyper.compat.{found.name}"), found
    print(found.name)
"""
    assert "h2.events" in says(code)


def test_threads_that_import_at_once_get_one_module() -> None:
    code = """
import hyper.compat, importlib, threading
hyper.compat.install()
names = ["h2.connection", "hyper.compat.h2.connection", "h2.events", "hyper.compat.h2.events"] * 4
gate, found = threading.Barrier(len(names)), []
def load(name):
    gate.wait()
    found.append((name.removeprefix("hyper.compat."), importlib.import_module(name)))
threads = [threading.Thread(target=load, args=(name,)) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(found)))
"""
    assert says(code) == ["16 2"], "no deadlock, and two modules by four names"


def test_an_event_is_pickled_by_the_name_of_its_stand_in() -> None:
    code = """
import hyper.compat, pickle
hyper.compat.install("h2")
from h2.events import ConnectionTerminated
print(pickle.dumps(ConnectionTerminated, protocol=0).decode().split()[:2])
assert pickle.loads(pickle.dumps(ConnectionTerminated)) is ConnectionTerminated
"""
    assert says(code) == ["['chyper.compat.h2.events', 'ConnectionTerminated']"], (
        "a process without the replacement can read it"
    )


def test_what_is_not_named_stays_as_it_is() -> None:
    code = """
import hyper.compat
hyper.compat.install("h2")
import h2, hpack, hyperframe, h11
print(h2.__name__, hpack.__name__, hyperframe.__name__, h11.__name__)
"""
    assert says(code) == ["hyper.compat.h2 hpack hyperframe h11"]


def test_a_name_can_be_added_later_and_given_twice() -> None:
    code = """
import hyper.compat as c, sys
before = len(sys.meta_path)
c.install("h2"); c.install("h2", "hpack"); c.install("hpack")
import h2, hpack
c.install()
print(sorted(c.installed()), len(sys.meta_path) - before, hpack.__name__)
"""
    assert says(code) == [f"{sorted(RELEASES)} 1 hyper.compat.hpack"]


def test_uninstalling_leaves_nothing_behind() -> None:
    code = """
import hyper.compat as c, importlib.metadata, sys
before = list(sys.meta_path)
c.install()
import h2.events, hpack
held = h2.events
c.uninstall()
assert sys.meta_path == before
assert not [n for n in sys.modules if n.split(".")[0] in ("h2", "hpack", "hyperframe", "h11")]
import h2.events, hpack
print(h2.__name__, h2.events.__name__, hpack.__name__, held.__name__, sorted(c.installed()))
c.uninstall()
"""
    assert says(code) == ["h2 h2.events hpack hyper.compat.h2.events []"]


def test_one_name_can_be_taken_back_and_installed_again() -> None:
    code = """
import hyper.compat as c, sys
c.install("h2", "hpack")
import h2, hpack
first = h2
c.uninstall("h2")
print(sorted(c.installed()), "h2" in sys.modules, "hpack" in sys.modules)
c.install("h2")
import h2
print(h2 is first)
"""
    assert says(code) == ["['hpack'] False True", "True"]


def test_a_module_that_was_imported_already_is_named_and_nothing_is_changed() -> None:
    code = """
import hyper.compat as c, sys
import hpack.hpack
before = list(sys.meta_path), dict(sys.modules)
try:
    c.install("h2", "hpack")
except c.AlreadyImported as error:
    print(error.name)
    print(error)
assert before == (list(sys.meta_path), dict(sys.modules))
print(sorted(c.installed()))
import h2
print(h2.__name__)
"""
    name, message, names, h2 = says(code)
    assert name == "hpack"
    assert "hpack is imported already, from " in message
    assert "hyper.compat.install before" in message, "what to do about it"
    assert (names, h2) == ("[]", "h2"), "all of them or none"


def test_the_library_behind_a_stand_in_cannot_come_in_by_half() -> None:
    code = """
import hyper.compat as c, sys
import h2.events
del sys.modules["h2"]
try:
    c.install("h2")
except c.AlreadyImported as error:
    print(error.name)
"""
    assert says(code) == ["h2"], "its classes are there still"


def test_an_error_can_be_copied() -> None:
    error = AlreadyImported("h2", "/a/path")
    again = copy.copy(error)
    assert (str(again), again.name, again.path) == (str(error), "h2", "/a/path")


def test_a_name_without_a_stand_in_is_refused_and_nothing_is_changed() -> None:
    with pytest.raises(ValueError, match=r"expected one of h2, hpack, .*; got 'http2'"):
        install("h2", "http2")
    assert installed() == frozenset(), "not even the one that has one"


METADATA = """
import hyper.compat, importlib.metadata as m
hyper.compat.install()
found = m.distribution("H2")
print(m.version("h2"), found.metadata["Name"], m.requires("h2"), m.requires("hpack"))
print(next(m.distributions(name="h2")).version, len(found.entry_points), m.files("h2"))
print(found.locate_file("h2/events.py").is_file(), m.packages_distributions()["h2"][0])
print("h2" in [each.metadata["Name"] for each in m.distributions(path=["."])])
m.entry_points()
"""
TOLD = [
    "4.4.1 h2 ['hyperframe<7,>=6.1', 'hpack<5,>=4.2'] None",
    "4.4.1 0 None",
    "True h2",
    "False",
]


# -S: without site-packages, and so without any of the libraries.
@pytest.mark.parametrize("flags", [(), ("-S",)], ids=["installed", "absent"])
def test_metadata_is_that_of_the_release(flags: tuple[str, ...]) -> None:
    assert says(METADATA, *flags) == TOLD


def test_metadata_of_what_is_not_replaced_is_not_touched() -> None:
    code = """
import importlib.metadata as m
theirs = m.version("h11"), m.metadata("h11")["Summary"]
import hyper.compat
hyper.compat.install("h2")
print(theirs == (m.version("h11"), m.metadata("h11")["Summary"]))
print("Hyper" in m.metadata("h2")["Summary"])
hyper.compat.uninstall()
print("Hyper" in m.metadata("h2")["Summary"])
"""
    assert says(code) == ["True", "True", "False"]


def test_stand_ins_need_no_library_that_they_stand_for() -> None:
    code = "import hyper.compat as c; c.install(); import h2.connection, h11; print(h11.__file__)"
    assert "compat" in says(code, "-S")[0]


def test_no_package_of_this_project_has_a_foreign_name() -> None:
    folders = {path.name for path in Path(SOURCE).iterdir() if path.is_dir()}
    assert folders & RELEASES.keys() == set(), "the wheel holds what lies in src"
    assert all(find_spec(f"hyper.compat.{name}") is not None for name in RELEASES)
