"""The dynamic table from both ends: order, sizes, eviction, and what it costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack.dynamic_table import FIRST_DYNAMIC, DecoderTable, EncoderTable
from hyper.hpack.static_table import STATIC_TABLE


def numbered(number: int) -> tuple[bytes, bytes]:
    return b"name", b"%04d" % number


SIZE = 32 + 4 + 4


def test_the_newest_field_has_the_lowest_index() -> None:
    table = DecoderTable(4096)
    for number in range(3):
        table.add(numbered(number), SIZE)
    assert [table.field(FIRST_DYNAMIC + at) for at in range(3)] == [
        numbered(2),
        numbered(1),
        numbered(0),
    ], "RFC 7541 §2.3.3: the newest entry directly after the static table"
    assert table.entries == [numbered(2), numbered(1), numbered(0)]


def test_a_field_is_the_one_object_that_was_added() -> None:
    table = DecoderTable(4096)
    field = numbered(1)
    table.add(field, SIZE)
    assert table.field(FIRST_DYNAMIC) is field, "handed out again and again, never copied"


@pytest.mark.parametrize("index", [FIRST_DYNAMIC + 2, FIRST_DYNAMIC + 64, 10_000, 2**32])
def test_beyond_the_oldest_entry_there_is_nothing(index: int) -> None:
    table = DecoderTable(2 * SIZE)
    for number in range(500):
        table.add(numbered(number), SIZE)
    assert table.field(index) is None, "an evicted entry must not come back by a larger index"


def test_the_oldest_entries_make_room_for_the_newest() -> None:
    table = DecoderTable(2 * SIZE + 1)
    for number in range(5):
        table.add(numbered(number), SIZE)
    assert len(table) == 2
    assert table.size == 2 * SIZE
    assert table.entries == [numbered(4), numbered(3)]


def test_a_field_larger_than_the_table_empties_it() -> None:
    # RFC 7541 §4.4: "an attempt to add an entry larger than the maximum size causes the table to
    # be emptied of all existing entries and results in an empty table".
    table = DecoderTable(3 * SIZE)
    table.add(numbered(1), SIZE)
    assert not table.takes(3 * SIZE + 1)
    table.add((b"large", b""), 3 * SIZE + 1)
    assert (len(table), table.size) == (0, 0)
    table.add(numbered(2), SIZE)
    assert table.entries == [numbered(2)], "and it is usable again"


def test_a_smaller_table_keeps_its_newest_entries() -> None:
    table = DecoderTable(4096)
    for number in range(10):
        table.add(numbered(number), SIZE)
    table.resize(3 * SIZE)
    assert table.entries == [numbered(9), numbered(8), numbered(7)]
    table.resize(0)
    assert (len(table), table.size) == (0, 0)
    table.resize(4096)
    assert table.field(FIRST_DYNAMIC) is None, "size 0 clears; restoring the size restores nothing"


def test_clearing_leaves_the_room_as_it_is() -> None:
    table = DecoderTable(4096)
    table.add(numbered(1), SIZE)
    table.clear()
    assert (len(table), table.size, table.max_size) == (0, 0, 4096)


def test_what_was_evicted_does_not_pile_up() -> None:
    table = DecoderTable(4 * SIZE)
    for number in range(10_000):
        table.add(numbered(number), SIZE)
    assert len(table.fields) < 250, "four entries live: the rest is margin and waits to be cut off"
    other = EncoderTable(4 * SIZE)
    for number in range(10_000):
        other.add(numbered(number), b"", SIZE)
    assert len(other.entries) < 250
    assert len(other.known) < 250
    assert other.names == {}


def test_an_encoder_finds_the_static_fields_that_have_a_value() -> None:
    table = EncoderTable(4096)
    assert {STATIC_TABLE[-number - 1] for number in table.known.values()} == {
        field for field in STATIC_TABLE if field[1]
    }


def test_an_encoder_finds_the_newest_entry_of_a_name() -> None:
    table = EncoderTable(2 * SIZE)
    table.add(numbered(1), b"name", SIZE)
    table.add(numbered(2), b"name", SIZE)
    assert table.names == {b"name": 2}
    table.add((b"other", b"123"), b"", SIZE)
    assert table.names == {b"name": 2}, "entry 1 went, but its name lives on in entry 2"
    table.add((b"other", b"456"), b"", SIZE)
    assert table.names == {}, "with the last entry of a name the name goes"


sizes = st.integers(32, 200)


@given(
    steps=st.lists(st.one_of(sizes, sizes.map(lambda size: -size)), max_size=80),
    max_size=st.integers(0, 600),
)
def test_both_ends_keep_the_same_entries(steps: list[int], max_size: int) -> None:
    ours, theirs = EncoderTable(max_size), DecoderTable(max_size)
    model: list[tuple[object, int]] = []
    for number, step in enumerate(steps):
        if step < 0:
            max_size = -3 * step
            ours.resize(max_size)
            theirs.resize(max_size)
        else:
            field = numbered(number)
            ours.add(field, field[0], step)
            theirs.add(field, step)
            model.append((field, step))
        while sum(size for _, size in model) > max_size:
            model.pop(0)
        kept = [field for field, _ in reversed(model)]
        assert theirs.entries == kept
        assert (theirs.size, ours.size) == (sum(size for _, size in model),) * 2
        dynamic = {field: number for field, number in ours.known.items() if number > 0}
        indexes = {field: ours.newest - number for field, number in dynamic.items()}
        assert indexes == {field: at for at, field in enumerate(kept)}


def test_neither_shows_what_is_in_it() -> None:
    ours, theirs = EncoderTable(4096), DecoderTable(4096)
    ours.add((b"authorization", b"hunter2"), b"", 52)
    theirs.add((b"authorization", b"hunter2"), 52)
    assert repr(ours) == "EncoderTable(1 entries, 52 of 4096 octets)"
    assert repr(theirs) == "DecoderTable(1 entries, 52 of 4096 octets)"
