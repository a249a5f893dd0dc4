"""The decoder: every representation, every rule of RFC 7541 that a block can break, every limit."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import (
    Decoder,
    Encoder,
    FieldListTooLarge,
    HpackError,
    InvalidIndex,
    InvalidTableSize,
)
from hyper.wire import Buffer, Field, SensitiveField
from tests.support.field_blocks import (
    FIRST_DYNAMIC,
    INCREMENTAL,
    LITERALS,
    NEVER,
    PLAIN,
    Written,
    conversations,
    huffman,
    indexed,
    integer,
    literal,
    marks,
    mutated,
    size_update,
    string,
)
from tests.support.huffman_cases import FAULTS


def table_of(decoder: Decoder) -> list[Field]:
    """The dynamic table, newest first, asked for index by index; then the decoder is used up."""
    entries: list[Field] = []
    while True:
        try:
            entries += decoder.decode(indexed(FIRST_DYNAMIC + len(entries)))
        except HpackError:
            return entries


@given(conversations())
def test_what_a_peer_may_write_is_read(said: list[Written]) -> None:
    decoder = Decoder()
    for written in said:
        found = decoder.decode(written.octets)
        assert found == written.fields, "the same fields in the same order"
        assert marks(found) == marks(written.fields), "RFC 7541 §6.2.3: secrets, and only they"
    assert table_of(decoder) == said[-1].table, "and the same table"


@pytest.mark.parametrize("form", LITERALS)
@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("name", [1, 14, 15, 61, 62, b"", b"x", b"n" * 126, b"n" * 127, b"n" * 300])
@pytest.mark.parametrize("value", [b"", b"v", b"v" * 126, b"v" * 127, b"v" * 300])
def test_a_literal_is_read_in_every_form_and_length(
    form: tuple[int, int], coded: bool, name: int | bytes, value: bytes
) -> None:
    decoder = Decoder()
    decoder.decode(literal(b"known", b""))
    [field] = decoder.decode(literal(name, value, form, coded))
    assert field[1] == value, "the value"
    if isinstance(name, bytes):
        assert field[0] == name, "the name"
    elif name == 62:
        assert field[0] == b"known", "RFC 7541 §2.3.3: the newest entry"
    assert isinstance(field, SensitiveField) == (form == NEVER), "RFC 7541 §6.2.3"
    entries = [field, (b"known", b"")] if form == INCREMENTAL else [(b"known", b"")]
    assert table_of(decoder) == entries, "RFC 7541 §6.2.1: this form alone enters the field"


def test_an_empty_block_has_no_fields() -> None:
    assert Decoder().decode(b"") == [], "nothing"


def test_an_index_of_several_octets_is_read() -> None:
    decoder = Decoder(65_536, max_fields=1_000)
    fields: list[Field] = [(b"name-%d" % each, b"") for each in range(600)]
    decoder.decode(b"".join([literal(name, value) for name, value in fields]))
    assert decoder.decode(b"".join([indexed(62 + at) for at in range(600)])) == fields[::-1]
    assert decoder.decode(literal(62 + 599, b"v", PLAIN)) == [(b"name-0", b"v")], "a name too"


def test_an_integer_may_be_longer_than_need_be() -> None:
    # RFC 7541 §5.1 forbids no zeros; only their number is limited.
    name, length = integer(63, 6, 0x40, zeros=3), integer(127, 7, zeros=2)
    decoder = Decoder()
    decoder.decode(literal(b"a", b"") + literal(b"b", b""))
    assert decoder.decode(name + length + b"v" * 127) == [(b"a", b"v" * 127)], "63 and 127"


def test_a_field_is_one_object_however_often_it_comes() -> None:
    decoder = Decoder()
    fields = decoder.decode(literal(b"x", b"y") + indexed(62))
    again = decoder.decode(indexed(62))
    # By position: bound to a name, compiled, a pair would be taken apart.
    assert id(fields[0]) == id(fields[1]) == id(again[0]), "what the table holds is handed out"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_buffer_is_read_and_none_is_kept(kind: type[Buffer]) -> None:
    decoder = Decoder()
    octets = bytearray(literal(b"x", b"value") + literal(b"y", b"value", coded=True))
    fields = decoder.decode(kind(octets))
    octets[:] = bytes(len(octets))
    assert fields == [(b"x", b"value"), (b"y", b"value")], "the caller may use its buffer again"
    assert decoder.decode(indexed(62)) == [(b"y", b"value")], "so is the table's entry"


def test_a_name_may_be_that_of_an_entry_that_the_new_one_drives_out() -> None:
    decoder = Decoder(max_table_size=40)
    decoder.decode(literal(b"name", b"1234"))
    # RFC 7541 §4.4: "Implementations are cautioned to avoid deleting the referenced name".
    assert decoder.decode(literal(62, b"5678")) == [(b"name", b"5678")], "the name is still there"
    assert table_of(decoder) == [(b"name", b"5678")], "and entered anew"


def test_a_field_larger_than_the_table_is_read_and_empties_it() -> None:
    decoder = Decoder(max_table_size=40)
    decoder.decode(literal(b"name", b"1234"))
    assert decoder.decode(literal(b"name", b"12345")) == [(b"name", b"12345")], "RFC 7541 §4.4"
    assert table_of(decoder) == [], "not an error, and an empty table"


def test_a_field_may_be_in_the_table_twice() -> None:
    decoder = Decoder()
    decoder.decode(literal(b"x", b"y") * 2)
    assert table_of(decoder) == [(b"x", b"y")] * 2, "RFC 7541 §2.3.2: MUST NOT be an error"


# --- rules ---------------------------------------------------------------------------------------

TABLE = literal(b"a", b"1") + literal(b"b", b"2")

BROKEN: dict[str, tuple[bytes, str, int]] = {
    # RFC 7541 §6.1: the index value of 0 MUST be treated as a decoding error.
    "index 0": (b"\x82\x80", "an index of 1 to 63, got 0", 1),
    # RFC 7541 §2.3.3: strictly greater than the sum of the lengths of both tables.
    "an index beyond the table": (b"\x82" + indexed(64), "an index of 1 to 63, got 64", 1),
    "an index far beyond it": (indexed(10_000), "an index of 1 to 63, got 10000", 0),
    "the largest index": (indexed(2**32 - 1), "an index of 1 to 63, got 4294967295", 0),
    "a name beyond the table, entered": (literal(64, b""), "an index of 1 to 63, got 64", 0),
    "a name beyond the table, plain": (literal(64, b"", PLAIN), "an index of 1 to 63", 0),
    "a name beyond the table, secret": (literal(64, b"", NEVER), "an index of 1 to 63", 0),
    "a name far beyond the table": (literal(900, b"v"), "an index of 1 to 63, got 900", 0),
    # RFC 7541 §5.1: in value or octet length.
    "an index of 33 bits": (indexed(2**32), "an integer of at most 32 bits", 0),
    "an index of six octets": (
        integer(127, 7, 0x80, zeros=5),
        "an integer of at most 5 octets after its prefix",
        0,
    ),
    "a name of 33 bits": (b"\x82" + integer(2**32, 6, 0x40) + b"\0", "at most 32 bits", 1),
    "a length of 33 bits": (b"\x41" + integer(2**32, 7) + b"v", "at most 32 bits", 1),
    "a length of six octets": (b"\x41" + integer(127, 7, zeros=5), "at most 5 octets", 1),
    "a cut index": (b"\x82\xff", "the rest of an integer, got the end of the block", 2),
    "a cut index of many octets": (b"\xff\x80\x80", "the rest of an integer", 3),
    "a cut name index": (b"\x7f", "the rest of an integer", 1),
    "a literal without a name": (b"\x40", "an integer, got the end of the block", 1),
    "a literal without a value": (b"\x41", "an integer, got the end of the block", 1),
    "a literal with a name and no value": (b"\x40\x01x", "an integer, got the end", 3),
    "a cut name": (b"\x40\x03ab", "a string of 3 octets, got 2", 1),
    "a cut value": (b"\x41\x03ab", "a string of 3 octets, got 2", 1),
    "a cut value behind a name": (b"\x00\x01x\x03ab", "a string of 3 octets, got 2", 3),
    "a cut Huffman value": (b"\x41\x83ab", "a string of 3 octets, got 2", 1),
    "a cut length": (b"\x41\x7f", "the rest of an integer", 2),
    "a length longer than any block": (b"\x41" + integer(2**32 - 1, 7), "a string of 429", 1),
    # RFC 7541 §4.2: at the beginning of the first header block following the change.
    "an update after a field": (b"\x82\x20", "before the first field", 1),
    "an update after a literal": (literal(b"x", b"y") + b"\x3f\x00", "before the first field", 5),
    "three updates": (b"\x20\x21\x22", "at most two table size updates, got a third", 2),
    # RFC 7541 §6.3: a value that exceeds this limit MUST be treated as a decoding error.
    "an update over the limit": (size_update(4097), "of at most 4096 octets, got 4097", 0),
    "a second update over it": (b"\x20" + size_update(5000), "at most 4096 octets, got 5000", 1),
    "an update of 33 bits": (integer(2**32, 5, 0x20), "at most 32 bits", 0),
    "a cut update": (b"\x3f", "the rest of an integer", 1),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_rule_is_named_with_what_came_and_where(fault: str) -> None:
    octets, words, offset = BROKEN[fault]
    decoder = Decoder()
    decoder.decode(TABLE)
    with pytest.raises(HpackError) as raised:
        decoder.decode(octets)
    assert words in str(raised.value), "expected and came"
    assert raised.value.offset == offset, "octets from the start of the block"


@pytest.mark.parametrize("fault", [name for name in BROKEN if "update" not in name])
def test_a_broken_rule_is_found_behind_many_fields_too(fault: str) -> None:
    octets, words, offset = BROKEN[fault]
    decoder = Decoder(max_fields=1_000)
    decoder.decode(TABLE)
    with pytest.raises(HpackError) as raised:
        decoder.decode(b"\x82" * 300 + octets)
    assert words in str(raised.value), "expected and came"
    assert raised.value.offset == 300 + offset, "octets from the start of the block"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("form", LITERALS)
def test_a_wrong_huffman_string_is_an_error_as_name_and_as_value(
    fault: str, form: tuple[int, int]
) -> None:
    wrong = integer(len(FAULTS[fault]), 7, 0x80) + FAULTS[fault]
    pattern, bits = form
    with pytest.raises(HpackError, match="Huffman"):
        Decoder().decode(bytes([pattern]) + wrong + string(b"v"))
    with pytest.raises(HpackError, match="Huffman"):
        Decoder().decode(integer(4, bits, pattern) + wrong)


@pytest.mark.parametrize("length", range(len(literal(b"name", b"v" * 130, coded=True))))
def test_a_block_cut_anywhere_in_a_literal_is_an_error_or_empty(length: int) -> None:
    whole = literal(b"name", b"v" * 130, coded=True)
    if length == 0:
        assert Decoder().decode(b"") == [], "nothing of it"
        return
    with pytest.raises(HpackError, match=r"got"):
        Decoder().decode(whole[:length])


@given(conversations(), st.data())
def test_any_octets_are_read_or_refused_with_a_documented_error(
    said: list[Written], data: st.DataObject
) -> None:
    decoder = Decoder(4096, max_list_size=500, max_fields=10, max_field_size=200)
    for written in said:
        octets = data.draw(st.just(written.octets) | mutated(written.octets))
        try:
            decoder.decode(octets)
        except FieldListTooLarge:
            continue
        except HpackError as error:
            offset = error.offset
        else:
            continue
        assert 0 <= offset <= len(octets), "within the block"
        return


# --- sizes of the table --------------------------------------------------------------------------


def test_updates_at_the_start_of_a_block_change_the_table() -> None:
    decoder = Decoder()
    decoder.decode(TABLE)
    assert decoder.decode(size_update(40) + indexed(62)) == [(b"b", b"2")], "34 octets fit in 40"
    assert decoder.table_size == 40, "as the peer chose"
    assert decoder.decode(size_update(0) + size_update(4096)) == [], "a block of updates alone"
    assert table_of(decoder) == [], "RFC 7541 §4.2: this clears the table"


def test_two_updates_are_the_most_there_is_use_for() -> None:
    decoder = Decoder()
    assert decoder.decode(b"\x20\x21\x82") == [(b":method", b"GET")], "the minimum and the last"
    assert decoder.decode(b"\x20\x21\x82") == [(b":method", b"GET")], "in each block anew"


def test_an_update_may_go_up_to_the_limit_that_was_acknowledged() -> None:
    decoder = Decoder()
    decoder.set_max_table_size(10_000)
    assert decoder.table_size == 4096, "the peer's encoder chooses"
    assert decoder.decode(b"\x82") == [(b":method", b"GET")], "RFC 9113 §4.3.1: it need not"
    decoder.decode(size_update(10_000))
    assert decoder.table_size == 10_000, "now it has"
    with pytest.raises(HpackError, match="at most 10000 octets, got 10001"):
        decoder.decode(size_update(10_001))


@pytest.mark.parametrize("block", [b"", b"\x82", literal(b"x", b"y"), size_update(101)])
def test_a_smaller_limit_must_be_answered_by_an_update(block: bytes) -> None:
    decoder = Decoder()
    decoder.set_max_table_size(100)
    # RFC 9113 §4.3.1: the first field block after the acknowledgement MUST begin with one.
    with pytest.raises(HpackError, match="at most 100 octets"):
        decoder.decode(block)


@pytest.mark.parametrize("size", [0, 99, 100])
def test_an_update_to_the_smaller_limit_or_below_answers_it(size: int) -> None:
    decoder = Decoder()
    decoder.decode(TABLE)
    decoder.set_max_table_size(100)
    assert decoder.decode(size_update(size) + b"\x82") == [(b":method", b"GET")], "as demanded"
    assert decoder.decode(b"\x82") == [(b":method", b"GET")], "once is enough"
    assert decoder.table_size == size, "as chosen"


def test_a_limit_that_is_not_below_the_size_in_use_demands_nothing() -> None:
    decoder = Decoder()
    decoder.decode(size_update(100))
    for limit in (200, 100):
        decoder.set_max_table_size(limit)
        assert decoder.decode(b"\x82") == [(b":method", b"GET")], "100 octets are within it"


def test_a_smaller_limit_that_was_taken_back_is_owed_its_update_all_the_same() -> None:
    for block in (b"", b"\x82", size_update(4096), size_update(101)):
        decoder = Decoder()
        decoder.set_max_table_size(100)
        decoder.set_max_table_size(4096)
        # RFC 7541 §4.2: the smallest maximum size in the interval MUST be signaled.
        with pytest.raises(HpackError, match="at most 100 octets"):
            decoder.decode(block)
    for smallest in (0, 1):
        decoder = Decoder()
        decoder.set_max_table_size(smallest)
        decoder.set_max_table_size(50)
        with pytest.raises(HpackError, match=f"at most {smallest} octets, got 50"):
            decoder.decode(size_update(50))
    decoder = Decoder()
    decoder.decode(TABLE)
    decoder.set_max_table_size(40)
    decoder.set_max_table_size(4096)
    assert decoder.decode(size_update(40) + size_update(4096)) == [], "the minimum, then the last"
    assert table_of(decoder) == [(b"b", b"2")], "and what fits into the minimum has stayed"


def test_a_decoder_may_begin_with_any_size() -> None:
    decoder = Decoder(max_table_size=0)
    decoder.decode(literal(b"x", b"y"))
    assert table_of(decoder) == [], "no table at all"
    with pytest.raises(HpackError, match="at most 0 octets, got 1"):
        Decoder(max_table_size=0).decode(size_update(1))


# --- what is shown -------------------------------------------------------------------------------


def test_no_value_is_ever_shown() -> None:
    decoder = Decoder(max_list_size=1_000, max_fields=3, max_field_size=100)
    secret = literal(b"authorization", b"hunter2", NEVER)
    fields = decoder.decode(secret + literal(b"cookie", b"hunter2"))
    assert "hunter2" not in repr(fields[0]), "RFC 7541 §7.1.3: a secret"
    assert "hunter2" not in repr(decoder), "nor the table"
    for block in (
        secret * 5,
        secret * 9,
        secret + b"\x80",
        secret + literal(b"x", b"hunter2")[:-1],
    ):
        with pytest.raises((HpackError, FieldListTooLarge)) as raised:
            decoder.decode(block)
        assert "hunter2" not in repr(raised.value), "an error is for the log"
        assert "authorization" not in repr(raised.value), "and says nothing of the fields"


def test_a_decoder_is_shown_by_its_numbers() -> None:
    decoder = Decoder()
    decoder.decode(TABLE)
    assert repr(decoder) == "Decoder(DecoderTable(2 entries, 68 of 4096 octets))"


def test_a_huffman_string_is_the_same_however_it_came() -> None:
    decoder = Decoder()
    text = b"no-cache"
    assert huffman(text) != text, "two ways to say it"
    for coded in (True, False, True):
        assert decoder.decode(literal(24, text, PLAIN, coded)) == [(b"cache-control", text)]


# --- blocks that come again ----------------------------------------------------------------------

AGAIN = b"\x82" + literal(4, b"/again", PLAIN) + indexed(FIRST_DYNAMIC)


def test_a_block_that_comes_again_says_what_the_table_says_by_then() -> None:
    decoder = Decoder()
    said = [(b":method", b"GET"), (b":path", b"/again")]
    for value in (b"short", b"other", b"long" * 40):
        decoder.decode(literal(b"x", value))
        for _ in range(4):
            assert decoder.decode(AGAIN) == [*said, (b"x", value)], "RFC 7541 §2.3.3: the newest"


@pytest.mark.parametrize("value", [b"short", b"long" * 40])
def test_a_block_that_comes_again_enters_its_fields_again(value: bytes) -> None:
    decoder = Decoder()
    block = literal(b"x", value) + b"\x82"
    for _ in range(5):
        assert decoder.decode(block) == [(b"x", value), (b":method", b"GET")]
    assert table_of(decoder) == [(b"x", value)] * 5, "RFC 7541 §2.3.2: entries may be duplicates"


def test_a_block_that_comes_again_is_refused_once_its_entry_is_gone() -> None:
    decoder = Decoder()
    decoder.decode(literal(b"x", b"v"))
    for _ in range(4):
        decoder.decode(AGAIN)
    decoder.decode(size_update(0))
    with pytest.raises(HpackError, match="index"):
        decoder.decode(AGAIN)


def test_a_block_that_comes_again_owes_the_size_update_like_any_other() -> None:
    decoder = Decoder()
    for _ in range(4):
        decoder.decode(b"\x82")
    decoder.set_max_table_size(100)
    with pytest.raises(HpackError, match="size update"):
        decoder.decode(b"\x82")


def test_who_gets_the_fields_of_a_block_may_change_them() -> None:
    decoder = Decoder()
    for _ in range(5):
        fields = decoder.decode(b"\x82\x86")
        assert fields == [(b":method", b"GET"), (b":scheme", b"http")]
        fields.append((b"x", b"changed"))


def test_a_block_with_a_secret_is_not_remembered() -> None:
    decoder = Decoder()
    secret = literal(b"authorization", b"let me in", NEVER)
    plain = literal(b"accept", b"text/plain", PLAIN)
    *_, before, last = [decoder.decode(secret) for _ in range(5)]
    assert before[0] is not last[0], "made anew each time, and nothing of it kept"
    *_, before, last = [decoder.decode(plain) for _ in range(5)]
    assert before[0] is last[0], "what is no secret need not be"


def test_blocks_that_may_come_again_take_little_memory() -> None:
    decoder = Decoder()

    def feed(start: int) -> None:
        for number in range(start, start + 2_000):
            block = literal(4, b"/%d" % number, PLAIN) + b"\x82" * 100
            for _ in range(3):
                decoder.decode(block)

    feed(0)
    tracemalloc.start()
    feed(2_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 32_768, "sixteen short ones"


def test_the_table_can_be_looked_at_and_what_is_looked_at_is_a_copy() -> None:
    encoder, decoder = Encoder(), Decoder()
    fields = [(b"a", b"1"), (b":method", b"GET"), (b"b", b"2")]
    decoder.decode(encoder.encode(fields))
    for codec in (encoder, decoder):
        assert codec.dynamic_table == [(b"b", b"2"), (b"a", b"1")], "RFC 7541 §2.3.3: newest first"
        codec.dynamic_table.clear()
        assert len(codec.dynamic_table) == 2
        codec.set_max_table_size(34)
    decoder.decode(encoder.encode([]))
    assert encoder.dynamic_table == decoder.dynamic_table == [(b"b", b"2")]


def test_what_is_wrong_with_an_index_or_a_table_is_told_apart() -> None:
    with pytest.raises(InvalidIndex):
        Decoder().decode(b"\xbe")
    with pytest.raises(InvalidTableSize, match="at most 4096"):
        Decoder().decode(b"\x3f\xe2\x1f")
    decoder = Decoder()
    decoder.set_max_table_size(0)
    with pytest.raises(InvalidTableSize, match="none"):
        decoder.decode(b"\x82")
