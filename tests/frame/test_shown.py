"""How bytes look in a repr."""

from hyper.frame.shown import hidden, shown


def test_a_few_bytes_are_shown_as_they_are() -> None:
    assert shown(b"x" * 24) == repr(b"x" * 24), "that still fits into a line"


def test_of_many_bytes_the_count_and_the_first_are_shown() -> None:
    assert shown(bytes(16_384)).startswith("<16384 bytes b'\\x00"), "how many is what matters"
    assert len(shown(bytes(16_384))) < 120, "one line"


def test_of_a_field_block_the_count_is_shown() -> None:
    assert hidden(b"secret") == "<6 bytes>", "a literal in it may be a secret"
