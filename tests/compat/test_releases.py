"""The releases that are stood for are told as their own metadata tells them."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest

from hyper.compat._releases import RELEASES


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_is_told_as_it_tells_itself(name: str) -> None:
    try:
        theirs = distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    release = RELEASES[name]
    if theirs.version != release.version:
        pytest.skip(f"{name} {theirs.version} is installed, not {release.version}")
    assert tuple(theirs.requires or ()) == release.requires


def test_what_a_stand_in_requires_is_stood_for_too() -> None:
    required = {
        each.partition("<")[0] for release in RELEASES.values() for each in release.requires
    }
    assert required <= RELEASES.keys(), "`install` alone must leave no requirement unmet"
