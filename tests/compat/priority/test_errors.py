"""The exceptions of priority by their names and their kinds."""

import priority.priority as peer
import pytest

import hyper.compat.priority as ours

NAMES = [name for name in ours.__all__ if issubclass(getattr(ours, name), Exception)]


def test_there_are_all_that_priority_has() -> None:
    theirs = [name for name, kind in vars(peer).items() if isinstance(kind, type)]
    assert sorted(ours.__all__) == sorted(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_of_the_kinds_that_it_is_with_priority(name: str) -> None:
    kinds = {kind.__name__ for kind in getattr(ours, name).__mro__}
    assert kinds >= {kind.__name__ for kind in getattr(peer, name).__mro__}
    error = getattr(ours, name)("stream 1")
    assert str(error) == str(getattr(peer, name)("stream 1")), "KeyError has its own way"
