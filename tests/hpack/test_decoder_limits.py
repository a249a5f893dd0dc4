"""The limits of the decoder: where they lie, what holds beyond them, and what it all costs."""

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, ExcessiveFieldList, FieldListTooLarge, HpackError
from hyper.hpack.static_table import STATIC_TABLE
from tests.support.counted import lines_run
from tests.support.field_blocks import (
    LITERALS,
    NEVER,
    PLAIN,
    Written,
    conversations,
    field_size,
    indexed,
    list_size,
    literal,
    marks,
    size_update,
)

LIST, COUNT, FIELD = 1_000, 5, 100
"""The limits of the decoders here, in octets, fields and octets."""


def limited() -> Decoder:
    """A decoder with these limits, none of which is near another."""
    return Decoder(4096, max_list_size=LIST, max_fields=COUNT, max_field_size=FIELD)


def verdict(decoder: Decoder, block: bytes) -> str:
    """What becomes of a block: `kept`, `too large`, `excessive` or `broken`."""
    try:
        decoder.decode(block)
    except FieldListTooLarge:
        return "too large"
    except ExcessiveFieldList:
        return "excessive"
    except HpackError:
        return "broken"
    return "kept"


@pytest.mark.parametrize("one", [b"\x82", literal(b"x", b"y", PLAIN), literal(b"x", b"y"), b"\xbe"])
@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (COUNT, "kept"),
        (COUNT + 1, "too large"),
        (2 * COUNT, "too large"),
        (2 * COUNT + 1, "excessive"),
    ],
)
def test_the_number_of_fields_is_limited(one: bytes, count: int, expected: str) -> None:
    decoder = limited()
    decoder.decode(literal(b"x", b"y"))
    assert verdict(decoder, one * count) == expected, f"{count} fields where {COUNT} are allowed"


@pytest.mark.parametrize("form", LITERALS)
@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (FIELD, "kept"),
        (FIELD + 1, "too large"),
        (2 * FIELD, "too large"),
        (2 * FIELD + 1, "excessive"),
    ],
)
@pytest.mark.parametrize("name", [b"", b"n" * 50, b"n" * 100])
def test_one_field_is_limited_in_name_and_value_together(
    form: tuple[int, int], coded: bool, size: int, expected: str, name: bytes
) -> None:
    block = literal(name, b"v" * (size - len(name)), form, coded)
    assert verdict(limited(), block) == expected, f"{size} octets where {FIELD} are allowed"


@pytest.mark.parametrize("form", LITERALS)
@pytest.mark.parametrize(
    ("size", "expected"),
    [(LIST, "kept"), (LIST + 1, "too large"), (2 * LIST, "too large"), (2 * LIST + 1, "excessive")],
)
def test_the_list_is_limited_with_32_octets_a_field(
    form: tuple[int, int], size: int, expected: str
) -> None:
    decoder = Decoder(4096, max_list_size=LIST, max_fields=100, max_field_size=LIST)
    block = literal(b"", b"v" * 68, form) * (size // 100 - 1)
    # RFC 9113 §6.5.2: name, value and an overhead of 32 octets for each field.
    block += literal(b"", b"v" * (size - 100 * (size // 100 - 1) - 32), form)
    assert verdict(decoder, block) == expected, f"{size} octets where {LIST} are allowed"


def test_indices_count_for_what_they_stand_for() -> None:
    decoder = Decoder(4096, max_list_size=LIST, max_fields=100)
    decoder.decode(literal(b"x", b"v" * 467))
    for count, expected in ((2, "kept"), (3, "too large"), (4, "too large"), (5, "excessive")):
        assert verdict(decoder, indexed(62) * count) == expected, f"{count} octets, {count} x 500"
    static = Decoder(4096, max_list_size=84, max_fields=100)
    for count, expected in ((2, "kept"), (3, "too large"), (4, "too large"), (5, "excessive")):
        assert verdict(static, b"\x82" * count) == expected, "`:method: GET` counts 42"


@pytest.mark.parametrize("index", range(1, 62))
def test_a_field_of_the_static_table_counts_as_appendix_a_has_it(index: int) -> None:
    size = field_size(STATIC_TABLE[index - 1])
    assert verdict(Decoder(max_list_size=size), indexed(index)) == "kept", "name, value and 32"
    assert verdict(Decoder(max_list_size=size - 1), indexed(index)) == "too large", "no less"


def test_the_defaults_are_those_of_the_documentation() -> None:
    decoder = Decoder()
    limits = (decoder.max_list_size, decoder.max_fields, decoder.max_field_size)
    assert limits == (65_536, 128, 16_384), "octets, fields, octets"
    assert verdict(decoder, b"\x82" * 128) == "kept", "128 fields"
    assert verdict(decoder, b"\x82" * 129) == "too large", "and no more"
    assert verdict(decoder, literal(b"", b"v" * 16_384)) == "kept", "16,384 octets"
    assert verdict(decoder, literal(b"", b"v" * 16_385)) == "too large", "and no more"


@pytest.mark.parametrize(
    ("block", "expected", "came", "offset"),
    [
        (b"\x82" * 6, "at most 5 fields", "6", 5),
        (b"\x82" + literal(b"", b"v" * 101), "at most 100 octets in one field", "101", 1),
        (literal(b"x", b"v" * 90, PLAIN) * 9, "at most 5 fields", "6", 5 * 94),
    ],
)
def test_what_is_too_large_is_named_with_its_limit_and_its_place(
    block: bytes, expected: str, came: str, offset: int
) -> None:
    with pytest.raises(FieldListTooLarge) as raised:
        limited().decode(block)
    assert raised.value.expected == expected, "which limit, in which unit"
    assert raised.value.came == came, "and what came when it was found"
    assert raised.value.offset == offset, "where the field begins that was one too many"


@pytest.mark.parametrize(
    ("block", "expected", "came", "offset"),
    [
        (b"\x82" * 11, "never more than twice 5 fields", "11", 10),
        (literal(b"", b"v" * 201), "never more than twice 100 octets in one field", "201", 0),
    ],
)
def test_what_is_far_too_large_is_named_in_the_same_way(
    block: bytes, expected: str, came: str, offset: int
) -> None:
    with pytest.raises(ExcessiveFieldList) as raised:
        limited().decode(block)
    assert raised.value.expected == expected, "which limit, in which unit"
    assert raised.value.came == came, "and what came when it was found"
    assert raised.value.offset == offset, "where decoding stopped"


EXCESSES = {
    "too many fields": b"\x82" * 6,
    "one field too long": literal(b"x", b"v" * 150, PLAIN),
    "one field too long, in Huffman": literal(b"x", b"v" * 150, PLAIN, coded=True),
    "one secret too long": literal(b"x", b"v" * 150, NEVER),
    "one entry too long": literal(b"x", b"v" * 150),
    "a name too long": literal(b"n" * 150, b""),
    "a name too long, in Huffman": literal(b"n" * 150, b"", coded=True),
}


@pytest.mark.parametrize("excess", EXCESSES)
def test_a_block_beyond_a_limit_leaves_the_table_in_step(excess: str) -> None:
    before, after = literal(b"before", b"1"), literal(b"after", b"2")
    strict, generous = limited(), Decoder()
    block = before + EXCESSES[excess] + after
    with pytest.raises(FieldListTooLarge):
        strict.decode(block)
    generous.decode(block)
    assert repr(strict) == repr(generous), "as many entries, as many octets"
    assert strict.decode(indexed(62)) == [(b"after", b"2")], "what came behind the excess"
    last = 64 if excess.startswith(("one entry", "a name")) else 63
    assert strict.decode(indexed(last)) == [(b"before", b"1")], "and what came before it"
    # The next of the peer's indices are right too.
    assert strict.decode(literal(62, b"3")) == generous.decode(literal(62, b"3")), "names as well"


def test_an_entry_beyond_a_limit_can_be_referred_to_and_stays_beyond_it() -> None:
    decoder = limited()
    for block in (literal(b"x", b"v" * 150), indexed(62), literal(62, b"v" * 150, PLAIN)):
        with pytest.raises(FieldListTooLarge, match="100 octets"):
            decoder.decode(block)
    assert decoder.decode(literal(62, b"v", PLAIN)) == [(b"x", b"v")], "its name is a name"


def test_an_entry_beyond_a_limit_stays_beyond_it_while_others_come_and_go() -> None:
    decoder = Decoder(300, max_field_size=FIELD)
    for _ in range(2):
        decoder.decode(literal(b"a", b"v" * 60) + literal(b"b", b"v" * 60))
        with pytest.raises(FieldListTooLarge):
            decoder.decode(literal(b"x", b"v" * 150))
        # What is older goes; the large one is the only entry, then the oldest, then gone.
        for newer in range(4):
            with pytest.raises(FieldListTooLarge, match="100 octets"):
                decoder.decode(indexed(62 + newer))
            decoder.decode(literal(b"c", b""))
        assert decoder.decode(indexed(62) * 3) == [(b"c", b"")] * 3, "within the limits"


def test_an_entry_beyond_a_limit_and_larger_than_the_table_empties_it() -> None:
    decoder = Decoder(100, max_field_size=FIELD)
    decoder.decode(literal(b"x", b"y"))
    with pytest.raises(FieldListTooLarge):
        decoder.decode(literal(b"x", b"v" * 150, coded=True))
    assert "0 entries" in repr(decoder), "RFC 7541 §4.4, without being made first"


def test_a_size_update_before_a_refused_list_holds() -> None:
    decoder = limited()
    decoder.decode(literal(b"x", b"y"))
    with pytest.raises(FieldListTooLarge):
        decoder.decode(size_update(0) + size_update(50) + b"\x82" * 6)
    assert decoder.table_size == 50, "the block was read to its end"
    assert "0 entries" in repr(decoder), "cleared"


@pytest.mark.parametrize("wrong", [b"\x80", b"\xff", b"\x20", b"\x41\x05a", b"\x41\x81\x00"])
def test_what_is_broken_behind_an_excess_is_broken(wrong: bytes) -> None:
    with pytest.raises(HpackError, match="offset"):
        limited().decode(b"\x82" * 6 + wrong)


@given(
    conversations(),
    st.integers(0, 700),
    st.integers(0, 8),
    st.integers(32, 200),  # no field of the static table is longer
)
def test_limits_decide_what_is_kept_and_nothing_else(
    said: list[Written], list_limit: int, count_limit: int, field_limit: int
) -> None:
    decoder = Decoder(4096, list_limit, count_limit, field_limit)
    for written in said:
        fields = written.fields
        size, longest = list_size(fields), max([len(n) + len(v) for n, v in fields], default=0)
        used = [(size, list_limit), (len(fields), count_limit), (longest, field_limit)]
        try:
            found = decoder.decode(written.octets)
        except FieldListTooLarge:
            assert any(have > limit for have, limit in used), "beyond one of them"
            assert all(have <= 2 * limit for have, limit in used), "and beyond none twice"
        except HpackError:
            assert any(have > 2 * limit for have, limit in used), "beyond one of them twice"
            return
        else:
            assert all(have <= limit for have, limit in used), "within all"
            assert found == fields, "whole"
            assert marks(found) == marks(fields), "with its secrets"
    assert f"({len(said[-1].table)} entries, {list_size(said[-1].table)} of" in repr(decoder), (
        "the table is in step whatever was refused"
    )


# --- memory --------------------------------------------------------------------------------------


def peak(work: Callable[[], object]) -> int:
    """The most octets that `work` holds at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


BOMBS: dict[str, bytes] = {
    "references to a large entry": indexed(62) * 65_536,
    "references to a small entry": indexed(63) * 65_536,
    "references to the static table": b"\x82" * 65_536,
    "the shortest literals": b"\x00\x00\x00" * 21_845,
    "the shortest entries": b"\x40\x00\x00" * 21_845,
    "names of a large entry": literal(62, b"", PLAIN) * 21_845,
    "one long value": literal(b"x", b"v" * 65_000, PLAIN),
    "one long value in Huffman": literal(b"x", b"0" * 100_000, PLAIN, coded=True),
    "one long name in Huffman": literal(b"0" * 100_000, b"", coded=True),
    "one long secret in Huffman": literal(b"x", b"0" * 100_000, NEVER, coded=True),
    "a length without its string": b"\x41\x7f\xff\xff\xff\xff\x0f",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_block_cannot_take_much_memory(bomb: str) -> None:
    decoder = Decoder()
    large = literal(b"y", b"s") + literal(b"x" * 1_900, b"v" * 1_900)
    decoder.decode(large)
    verdict(Decoder(), large + BOMBS[bomb])  # the tables of Huffman are made once

    def explode() -> None:
        with pytest.raises(HpackError):
            decoder.decode(BOMBS[bomb])

    # The list is at most 65,536 octets by its limit; what Python needs for objects comes on top.
    assert peak(explode) < 100_000, "a list of 65,536 references alone is half a megabyte"


def test_a_refused_list_is_not_built_while_the_table_is_kept_in_step() -> None:
    decoder = Decoder(65_536, max_list_size=2**20, max_fields=10_000, max_field_size=2**20)
    block = literal(b"x" * 50, b"v" * 50, PLAIN) * 10
    many = b"\x82" * 19_000

    def refuse() -> None:
        with pytest.raises(FieldListTooLarge):
            decoder.decode(many)

    assert verdict(decoder, block) == "kept", "far from every limit"
    # 10,000 references were kept until it was too many; not 19,000, and none afterwards.
    assert peak(refuse) < 8 * 10_000 * 2, "the list does not grow beyond the limit"


# --- work ----------------------------------------------------------------------------------------

WORK: dict[str, Callable[[int], bytes]] = {
    "indexed fields": lambda count: b"\x82" * count,
    "entries and evictions": lambda count: b"".join(
        [literal(b"name%04d" % each, b"value") for each in range(count)]
    ),
    "entries that are larger than the table": lambda count: literal(b"x", b"v" * 300) * count,
    "plain literals": lambda count: literal(b"x", b"y", PLAIN) * count,
    "secrets": lambda count: literal(b"x", b"y", NEVER) * count,
    "Huffman strings": lambda count: literal(b"name", b"value" * 10, PLAIN, coded=True) * count,
    "a long name": lambda count: literal(b"n" * count, b"", coded=True),
    "a long value": lambda count: literal(b"", b"v" * count, coded=True),
}


@pytest.mark.parametrize("kind", WORK)
@pytest.mark.parametrize("limit", [10, 1_000_000])
@pytest.mark.parametrize("table_size", [0, 200, 4096])
def test_the_work_grows_with_the_block_and_no_faster(
    kind: str, limit: int, table_size: int
) -> None:
    def work(count: int) -> None:
        block = WORK[kind](count)
        verdict(Decoder(table_size, 2**30, limit, 2**30), block)
        verdict(Decoder(table_size, len(block), 2**30, 2**30), block)

    work(2_000)  # what is made once is made now
    few, many = lines_run(lambda: work(500)), lines_run(lambda: work(2_000))
    assert many <= 4.5 * few, "four times the block, within limits and beyond"


def test_many_blocks_cost_what_they_are_and_no_more() -> None:
    def work(count: int) -> None:
        decoder = Decoder()
        for each in range(count):
            decoder.decode(literal(b"name", b"%d" % each) + indexed(62))

    few, many = lines_run(lambda: work(500)), lines_run(lambda: work(2_000))
    assert many <= 4.5 * few, "the past of a connection costs nothing"


def test_fields_seen_so_far_are_no_part_of_the_next_list() -> None:
    decoder = limited()
    for _ in range(10):
        assert decoder.decode(b"\x82" * 5) == [(b":method", b"GET")] * 5, (
            "each block is counted by itself"
        )
