"""What the two errors say, and that an engine can tell them apart."""

from hyper.hpack import FieldListTooLarge, HpackError
from hyper.wire import RemoteProtocolError


def test_a_broken_block_says_what_was_expected_what_came_and_where() -> None:
    error = HpackError("an index of 1 to 61", "62", 7)
    assert str(error) == "expected an index of 1 to 61, got 62 at offset 7"
    assert (error.expected, error.came, error.offset) == ("an index of 1 to 61", "62", 7)


def test_a_list_too_large_says_what_was_expected_and_what_came() -> None:
    error = FieldListTooLarge("at most 128 fields", "129")
    assert str(error) == "expected at most 128 fields, got 129"
    assert (error.expected, error.came) == ("at most 128 fields", "129")


def test_both_are_the_peers_fault_and_neither_is_the_other() -> None:
    assert issubclass(HpackError, RemoteProtocolError), "the peer sent it"
    assert issubclass(FieldListTooLarge, RemoteProtocolError), "the peer sent it"
    # One ends the connection and the other a stream: neither `except` may catch the other.
    assert not issubclass(FieldListTooLarge, HpackError)
    assert not issubclass(HpackError, FieldListTooLarge)
