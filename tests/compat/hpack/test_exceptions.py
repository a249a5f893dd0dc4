"""The errors of hpack: who catches which."""

import hpack.exceptions as peer
import pytest

from hyper.compat.hpack import exceptions
from hyper.wire import HyperError

NAMES = [name for name in vars(peer) if name.startswith(("HPACK", "Invalid", "Oversized"))]


def family(kind: type[BaseException]) -> list[str]:
    """The names of a class and those above it, as far as they are the library's own."""
    return [each.__name__ for each in kind.__mro__ if each.__module__.endswith("exceptions")]


@pytest.mark.parametrize("name", NAMES)
def test_an_error_is_caught_by_the_same_names(name: str) -> None:
    assert family(getattr(exceptions, name)) == family(getattr(peer, name))


def test_the_older_name_of_a_wrong_index_is_the_narrower_one() -> None:
    with pytest.raises(exceptions.InvalidTableIndexError):
        raise exceptions.InvalidTableIndex("70")


def test_every_error_is_one_of_the_toolkit_too() -> None:
    assert issubclass(exceptions.HPACKError, HyperError), "one clause catches all of Hyper's"
