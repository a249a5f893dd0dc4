"""The exceptions look like those of h2 to whoever catches, prints or copies them."""

import copy
import pickle

import h2.errors
import h2.exceptions
import pytest

from hyper.compat.h2 import exceptions
from hyper.compat.h2.errors import ErrorCodes

NAMES = sorted(
    name
    for name, value in vars(h2.exceptions).items()
    if isinstance(value, type) and issubclass(value, Exception)
)

# How each is made; the rest take any arguments, as exceptions do.
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "StreamIDTooLowError": (3, 5),
    "NoSuchStreamError": (3,),
    "StreamClosedError": (7,),
    "InvalidSettingsValueError": ("out of range", ErrorCodes.FLOW_CONTROL_ERROR),
    "InvalidBodyLengthError": (3, 5),
}


def made(module: object, name: str) -> Exception:
    error: Exception = getattr(module, name)(*ARGUMENTS.get(name, ("a reason",)))
    return error


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_bases_of_its_namesake(name: str) -> None:
    ours = getattr(exceptions, name)
    theirs = getattr(h2.exceptions, name)
    # `except ProtocolError` and `except ValueError` catch the same.
    assert [each.__name__ for each in ours.__mro__] == [each.__name__ for each in theirs.__mro__]


@pytest.mark.parametrize("name", NAMES)
def test_each_prints_and_carries_what_its_namesake_does(name: str) -> None:
    ours, theirs = made(exceptions, name), made(h2.exceptions, name)
    assert str(ours) == str(theirs), "it ends up in logs"
    assert repr(ours) == repr(theirs)
    assert ours.args == theirs.args
    assert getattr(ours, "error_code", None) == getattr(theirs, "error_code", None)
    for attribute in ("stream_id", "max_stream_id", "expected_length", "actual_length", "_events"):
        assert getattr(ours, attribute, None) == getattr(theirs, attribute, None)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"InvalidSettingsValueError"}))
def test_each_survives_a_copy_and_a_process_border(name: str) -> None:
    error = made(exceptions, name)
    assert str(copy.copy(error)) == str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
