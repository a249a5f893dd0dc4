"""The errors of hyperframe: who catches which, and what the unknown frame says."""

import hyperframe.exceptions as peer
import pytest

from hyper.compat.hyperframe import exceptions
from hyper.wire import HyperError

NAMES = [name for name in vars(peer) if name.endswith("Error")]


def family(kind: type[BaseException]) -> list[str]:
    """The names of a class and those above it, as far as they are the library's own."""
    return [each.__name__ for each in kind.__mro__ if each.__module__.endswith("exceptions")]


@pytest.mark.parametrize("name", NAMES)
def test_an_error_is_caught_by_the_same_names(name: str) -> None:
    assert family(getattr(exceptions, name)) == family(getattr(peer, name))


def test_an_unknown_frame_names_its_type_and_its_length() -> None:
    error = exceptions.UnknownFrameError(0x1F, 4)
    twin = peer.UnknownFrameError(0x1F, 4)
    assert (error.frame_type, error.length, error.args) == (0x1F, 4, twin.args)
    assert str(error) == str(twin)


def test_every_error_is_one_of_the_toolkit_too() -> None:
    assert issubclass(exceptions.HyperframeError, HyperError), "one clause catches all of Hyper's"
