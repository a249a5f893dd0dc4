"""The working group's vectors for structured fields: dictionaries, and every item inside one."""

import pytest

from hyper.priority.dictionary import MAX_MEMBERS, MAX_SIZE, Member, parse_dictionary
from tests.support.structured_fields import VECTORS, Vector, vectors

ALL = vectors()
DICTIONARIES = [vector for vector in ALL if vector.kind == "dictionary"]


def is_value(text: bytes) -> bool:
    """Whether an item's line means as much as a member's value.  Around it the grammars differ: a
    member may not be empty, a tab may stand behind it, and a comma ends it.
    """
    item = text.strip(b" ")
    return item != b"" and item.strip(b"\t") == item and (b"," not in item or item[0] == 0x22)


ITEMS = [vector for vector in ALL if vector.kind == "item" and is_value(vector.text)]

if not ALL:
    pytest.skip(f"the vectors are not at {VECTORS}", allow_module_level=True)


def name(vector: Vector) -> str:
    return vector.name


def known(value: object) -> Member:
    """What ours makes of a value that the vectors give as JSON."""
    return value if isinstance(value, int) else None


def within(text: bytes) -> bool:
    return len(text) <= MAX_SIZE and text.count(b",") < MAX_MEMBERS


def check(vector: Vector, text: bytes, expected: dict[bytes, Member]) -> None:
    members = parse_dictionary(text)
    if vector.must_fail:
        assert members is None, "RFC 9651 §4.2"
    elif vector.can_fail:
        assert members in (None, expected)
    else:
        assert members == expected


@pytest.mark.parametrize("vector", DICTIONARIES, ids=name)
def test_a_dictionary_of_the_vectors(vector: Vector) -> None:
    expected: dict[bytes, Member] = {}
    if isinstance(vector.expected, list):
        for key, (value, _) in vector.expected:
            expected[key.encode()] = known(value)
    if within(vector.text):
        check(vector, vector.text, expected)
    else:
        assert parse_dictionary(vector.text) is None, "beyond what is worth reading"


@pytest.mark.parametrize("vector", ITEMS, ids=name)
def test_an_item_of_the_vectors_as_a_member(vector: Vector) -> None:
    text = b"a=" + vector.text.strip(b" ")
    expected = {b"a": known(vector.expected[0]) if isinstance(vector.expected, list) else None}
    if within(text):
        check(vector, text, expected)
    else:
        assert parse_dictionary(text) is None, "beyond what is worth reading"


def test_no_vector_is_missing() -> None:
    assert len(DICTIONARIES) == 430, "as many as there were when these were taken"
    assert len(ITEMS) == 827
