"""The tables, by themselves and as a codec shows them."""

from collections import deque
from typing import TypeAlias

import hpack.hpack
import hpack.table
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.hpack.exceptions import InvalidTableIndex
from hyper.compat.hpack.hpack import Decoder, Encoder
from hyper.compat.hpack.struct import HeaderTuple
from hyper.compat.hpack.table import HeaderTable, LiveTable, table_entry_size

NAMES = st.sampled_from([b"a", b"b", b":method", b"accept", b""])
VALUES = st.sampled_from([b"", b"1", b"GET", b"v" * 60])
SIZES = st.sampled_from([-1, 0, 33, 34, 100, 200, 4096])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), NAMES, VALUES),
        st.tuples(st.just("search"), NAMES, VALUES),
        st.tuples(st.just("size"), SIZES),
        st.tuples(st.just("get"), st.integers(-2, 70)),
    ),
    max_size=30,
)

Table: TypeAlias = HeaderTable | hpack.table.HeaderTable


def outcome(table: Table, step: tuple[object, ...]) -> object:
    """What a step gives, and how the table looks behind it."""
    result: object = None
    match step:
        case ("add", bytes() as name, bytes() as value):
            table.add(name, value)
        case ("search", bytes() as name, bytes() as value):
            result = table.search(name, value)
        case ("size", int() as size):
            table.maxsize = size
        case ("get", int() as index):
            try:
                result = table.get_by_index(index)
            except Exception as error:
                result = type(error).__name__, str(error)
        case _:
            raise AssertionError(step)
    return result, repr(table), table._current_size, table.maxsize


@given(STEPS)
def test_a_table_is_that_of_hpack_step_by_step(steps: list[tuple[object, ...]]) -> None:
    ours, theirs = HeaderTable(), hpack.table.HeaderTable()
    for step in steps:
        assert outcome(ours, step) == outcome(theirs, step), step


def test_what_a_class_knows_is_the_same() -> None:
    for name in ("DEFAULT_SIZE", "STATIC_TABLE", "STATIC_TABLE_LENGTH", "STATIC_TABLE_MAPPING"):
        assert getattr(HeaderTable, name) == getattr(hpack.table.HeaderTable, name)
    assert table_entry_size(b"ab", b"c") == hpack.table.table_entry_size(b"ab", b"c") == 35


def test_an_encoder_and_a_decoder_show_their_tables_as_they_are() -> None:
    encoder, decoder = Encoder(), Decoder()
    decoder.decode(encoder.encode([(b"a", b"1"), (b"b", b"2"), (b":method", b"GET")]))
    newest_first = deque([(b"b", b"2"), (b"a", b"1")])
    for table in (encoder.header_table, decoder.header_table):
        assert isinstance(table, LiveTable)
        assert table.dynamic_entries == newest_first, "RFC 7541 §2.3.3"
        assert table.search(b"a", b"x") == (63, b"a", None)
        assert table.get_by_index(62) == (b"b", b"2")
        assert table._current_size == 68
        assert repr(table) == f"HeaderTable(4096, False, {newest_first!r})"
        table.maxsize = 34
        assert (table.maxsize, table.resized, list(table.dynamic_entries)) == (
            34,
            True,
            [(b"b", b"2")],
        )
        with pytest.raises(InvalidTableIndex, match="63"):
            table.get_by_index(63)


def test_what_is_put_into_a_table_is_found_by_the_codec() -> None:
    encoder, decoder = Encoder(), Decoder(max_header_list_size=40)
    for table in (encoder.header_table, decoder.header_table):
        table.add(b"a", b"1")
    assert encoder.encode([(b"a", b"1")]) == b"\xbe"
    assert decoder.decode(b"\xbe", raw=True) == [HeaderTuple(b"a", b"1")]
    decoder.header_table.add(b"b", b"larger than a list may be")
    assert decoder.header_table.get_by_index(62)[0] == b"b", "a list's limit is not the table's"
