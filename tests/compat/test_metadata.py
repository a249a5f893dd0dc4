"""The metadata of a stand-in, by itself; tests/compat/test_install.py asks `importlib.metadata`."""

import pytest

from hyper.compat._metadata import StandIn
from hyper.compat._releases import RELEASES


@pytest.mark.parametrize("name", RELEASES)
def test_a_stand_in_says_name_version_and_requirements(name: str) -> None:
    found = StandIn(name)
    assert (found.metadata["Name"], found.version) == (name, RELEASES[name].version)
    assert tuple(found.requires or ()) == RELEASES[name].requires
    assert f"hyper.compat.{name}" in found.metadata["Summary"], "who reads it sees what it is"


def test_a_stand_in_names_its_module_and_has_no_other_files() -> None:
    found = StandIn("h2")
    assert found.read_text("top_level.txt") == "h2\n", "packages_distributions() needs it"
    assert found.read_text("RECORD") is None, "an uninstaller must find nothing to take away"
    assert (list(found.entry_points), found.files) == ([], None)
