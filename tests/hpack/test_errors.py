"""What the errors say, and that an engine can tell them apart."""

import copy

import pytest

from hyper.hpack import ExcessiveFieldList, FieldListTooLarge, HpackError
from hyper.wire import RemoteProtocolError


def test_a_broken_block_says_what_was_expected_what_came_and_where() -> None:
    error = HpackError("an index of 1 to 61", "62", 7)
    assert str(error) == "expected an index of 1 to 61, got 62 at offset 7"
    assert (error.expected, error.came, error.offset) == ("an index of 1 to 61", "62", 7)


def test_a_list_too_large_says_what_was_expected_what_came_and_where() -> None:
    error = FieldListTooLarge("at most 128 fields", "129", 200)
    assert str(error) == "expected at most 128 fields, got 129 at offset 200"
    assert (error.expected, error.came, error.offset) == ("at most 128 fields", "129", 200)


def test_all_are_the_peers_fault_and_the_message_is_told_from_the_connection() -> None:
    assert issubclass(HpackError, RemoteProtocolError), "the peer sent it"
    assert issubclass(FieldListTooLarge, RemoteProtocolError), "the peer sent it"
    # One ends the connection and the other a stream: neither `except` may catch the other.
    assert not issubclass(FieldListTooLarge, HpackError)
    assert not issubclass(HpackError, FieldListTooLarge)
    # Whoever knows no difference ends the connection for both.
    assert issubclass(ExcessiveFieldList, HpackError)


@pytest.mark.parametrize("kind", [HpackError, ExcessiveFieldList, FieldListTooLarge])
def test_an_error_can_be_copied(kind: type[HpackError | FieldListTooLarge]) -> None:
    error = kind("this", "that", 3)
    twin = copy.copy(error)
    assert type(twin) is kind, "of the same class; a pickle is made in the same way"
    assert str(twin) == str(error), "with the same words"
    assert twin.offset == 3, "and parts"
