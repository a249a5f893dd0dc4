"""The encoder: each representation where it belongs, sizes in time, and nothing half done."""

from collections.abc import Iterable, Iterator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, Encoder, IndexingPolicy
from hyper.wire import Field, SensitiveField
from tests.support.counted import lines_run
from tests.support.field_blocks import (
    FIELD_LISTS,
    NEVER,
    PLAIN,
    TABLE_SIZES,
    huffman,
    indexed,
    literal,
    marks,
    size_update,
    string,
)

EVERYTHING = IndexingPolicy(never=(), literal=(), short={}, largest=1.0)


def test_a_new_field_is_entered_and_then_an_index() -> None:
    encoder = Encoder()
    field = (b"x-name", b"\xfe\xff")
    assert encoder.encode([field]) == b"\x40" + string(b"x-name", coded=True) + b"\x02\xfe\xff", (
        "RFC 7541 §6.2.1: a new name, each string the shorter way"
    )
    assert encoder.encode([field]) == indexed(62), "RFC 7541 §2.3.3: the newest has 62"
    encoder.encode([(b"y", b"\xfe")])
    assert encoder.encode([field, field]) == indexed(63) * 2, "one newer entry, one further away"


def test_a_known_name_is_an_index_in_every_form() -> None:
    encoder = Encoder(policy=IndexingPolicy(literal=[b"x", b"etag"]))
    assert encoder.encode([(b"accept", b"\xfe")]) == literal(19, b"\xfe"), "static"
    assert encoder.encode([(b"etag", b"\xfe")]) == literal(34, b"\xfe", PLAIN), "not entered"
    assert encoder.encode([SensitiveField(b"host", b"\xfe")]) == literal(38, b"\xfe", NEVER), (
        "the name of a secret is none"
    )
    encoder.encode([(b"\xfe", b"1")])
    assert encoder.encode([(b"\xfe", b"\xff")]) == literal(62, b"\xff"), "dynamic"
    assert encoder.encode([SensitiveField(b"\xfe", b"\xfd")]) == literal(62, b"\xfd", NEVER), (
        "the newest entry of that name"
    )


def test_a_name_is_forgotten_with_its_last_entry() -> None:
    encoder = Encoder(100, EVERYTHING)
    encoder.encode([(b"\xfd", b"1" * 30), (b"\xfe", b"2" * 30)])
    assert encoder.encode([(b"\xfd", b"\xff")]) == literal(b"\xfd", b"\xff"), "it was evicted"


def test_a_field_of_the_static_table_is_an_index_from_the_first_time_on() -> None:
    assert Encoder().encode([(b":method", b"GET"), (b":status", b"304")]) == b"\x82\x8b"


def test_an_empty_value_is_an_index_where_the_static_table_has_it() -> None:
    encoder, decoder = Encoder(), Decoder()
    fields: list[Field] = [(b"accept", b""), (b":method", b""), (b"x", b"")]
    block = encoder.encode(fields)
    assert block.startswith(indexed(19)), "RFC 7541 appendix A: `accept` alone has no value"
    assert decoder.decode(block) == fields, "`:method` without a value is a literal"
    again = encoder.encode(fields)
    assert decoder.decode(again) == fields, "and stays what it is"


@pytest.mark.parametrize(
    ("field", "index"),
    [
        (SensitiveField(b"x", b"y"), None),
        (SensitiveField(b":method", b"GET"), 2),
        (SensitiveField(b"authorization", b"Basic"), 23),
        (SensitiveField(b"accept", b""), 19),
    ],
)
def test_a_secret_is_a_literal_even_when_a_table_has_it(
    field: SensitiveField, index: int | None
) -> None:
    encoder = Encoder(policy=EVERYTHING)
    encoder.encode([(field[0], field[1])])
    block = encoder.encode([field])
    assert block[0] & 0xF0 == 0x10, "RFC 7541 §6.2.3: it MUST always be encoded with this form"
    if index is not None:
        assert block.startswith(literal(index, b"", NEVER)[:-1]), "only the name may be shared"
    assert encoder.encode([field]) == block, "it is never entered"


def test_a_mark_that_was_received_is_sent_on() -> None:
    hop, next_hop = Encoder(policy=EVERYTHING), Decoder()
    received = Decoder().decode(literal(b"x", b"secret", NEVER) + literal(b"x", b"open"))
    forwarded = next_hop.decode(hop.encode(received))
    assert forwarded == received, "the same fields"
    assert marks(forwarded) == [True, False], "RFC 7541 §7.1.3: the mark holds on all hops"


@given(st.binary(max_size=40) | st.integers(120, 300).map(lambda size: b"a" * size))
def test_huffman_is_for_what_becomes_strictly_shorter(value: bytes) -> None:
    block = Encoder().encode([SensitiveField(b":path", value)])
    coded = len(huffman(value)) < len(value)
    assert block == literal(4, value, NEVER, coded), "and the plain form wins a draw"


# --- sizes of the table --------------------------------------------------------------------------


def test_no_update_is_sent_for_the_size_both_ends_start_with() -> None:
    encoder = Encoder()
    encoder.set_max_table_size(4096)
    assert encoder.encode([]) == b"", "nothing has changed"


def test_a_larger_table_is_not_used_unless_it_is_asked_for() -> None:
    encoder = Encoder()
    encoder.set_max_table_size(65_536)
    assert encoder.encode([]) == b"", "4,096 octets at most, whatever the peer allows"
    assert encoder.table_size == 4096, "that is the default"
    generous = Encoder(max_table_size=65_536)
    assert generous.table_size == 4096, "RFC 9113 §6.5.2: until the peer's setting comes"
    generous.set_max_table_size(65_536)
    assert generous.encode([]) == size_update(65_536), "RFC 7541 §4.2: a change is signalled"


def test_a_smaller_table_of_our_own_choice_is_signalled_first_of_all() -> None:
    encoder = Encoder(max_table_size=100)
    assert encoder.encode([]) == size_update(100), "RFC 7541 §4.2: the peer has 4,096 in mind"
    assert encoder.encode([]) == b"", "once"


def test_a_table_of_nothing_is_never_used() -> None:
    encoder = Encoder(max_table_size=0, policy=EVERYTHING)
    assert encoder.encode([(b"\xfe", b"\xff")]).startswith(size_update(0)), "RFC 7541 §4.2"
    assert encoder.encode([(b"\xfe", b"\xff")]) == encoder.encode([(b"\xfe", b"\xff")]), "no entry"


@pytest.mark.parametrize(
    ("sizes", "updates"),
    [
        ([100], [100]),
        ([100, 50], [50]),
        ([100, 200], [100, 200]),
        ([200, 100, 300, 250], [100, 250]),
        ([0, 4096], [0, 4096]),
        ([100, 4096], [100, 4096]),
        ([100, 100], [100]),
        ([0], [0]),
        ([9000], []),
        ([9000, 100, 9000], [100, 4096]),
    ],
)
def test_the_smallest_and_the_last_size_of_an_interval_are_signalled(
    sizes: list[int], updates: list[int]
) -> None:
    encoder = Encoder()
    encoder.encode([(b"x", b"y")])
    for size in sizes:
        encoder.set_max_table_size(size)
    block = encoder.encode([])
    assert block == b"".join([size_update(size) for size in updates]), "RFC 7541 §4.2"
    assert encoder.encode([]) == b"", "once"
    assert encoder.table_size == min(sizes[-1], 4096), "the last counts"


def test_what_a_smaller_table_evicts_is_no_index_any_more() -> None:
    encoder = Encoder()
    encoder.encode([(b"x", b"y")])
    encoder.set_max_table_size(0)
    encoder.set_max_table_size(4096)
    block = encoder.encode([(b"x", b"y")])
    assert block == size_update(0) + size_update(4096) + literal(b"x", b"y", coded=False), (
        "RFC 7541 §4.2: this clears the table at both ends"
    )


@given(st.lists(st.tuples(FIELD_LISTS, st.lists(TABLE_SIZES, max_size=4)), max_size=8))
def test_the_two_ends_stay_in_step_whatever_becomes_of_the_sizes(
    blocks: list[tuple[list[Field], list[int]]],
) -> None:
    encoder, decoder = Encoder(), Decoder()
    for fields, sizes in blocks:
        for size in sizes:
            encoder.set_max_table_size(size)
            decoder.set_max_table_size(size)
        found = decoder.decode(encoder.encode(fields))
        assert found == fields, "the same fields in the same order"
        # The policy marks more than the caller did.
        for field, marked in zip(fields, marks(found), strict=True):
            assert marked or not isinstance(field, SensitiveField), "no mark is lost"
        assert decoder.table_size == encoder.table_size, "both ends evict alike"


@given(st.lists(FIELD_LISTS, max_size=8), st.sampled_from([0, 64, 4096, 65_536]))
def test_marks_are_kept_both_ways_by_a_policy_that_adds_none(
    blocks: list[list[Field]], size: int
) -> None:
    encoder, decoder = Encoder(size, EVERYTHING), Decoder()
    encoder.set_max_table_size(size)
    decoder.set_max_table_size(max(size, 4096))
    for fields in blocks:
        found = decoder.decode(encoder.encode(fields))
        assert found == fields, "the same fields in the same order"
        assert marks(found) == marks(fields), "a secret a secret, and nothing else one"


def test_an_index_of_several_octets_is_right() -> None:
    encoder, decoder = Encoder(65_536, EVERYTHING), Decoder(max_fields=1000)
    encoder.set_max_table_size(65_536)
    decoder.set_max_table_size(65_536)
    fields: list[Field] = [(b"name-%d" % each, b"%d" % each) for each in range(600)]
    assert decoder.decode(encoder.encode(fields)) == fields, "entered"
    block = encoder.encode(fields)
    assert block == b"".join([indexed(62 + 599 - each) for each in range(600)]), "indices to 661"
    assert decoder.decode(block) == fields, "and read"
    names: list[Field] = [(name, b"\xff") for name, _ in fields[:300]]
    assert decoder.decode(encoder.encode(names)) == names, "names as far away"
    secrets: list[Field] = [SensitiveField(name, b"\xff") for name, _ in fields[300:]]
    assert decoder.decode(encoder.encode(secrets)) == secrets, "and those of secrets"


@pytest.mark.parametrize("size", [0, 1, 126, 127, 128, 254, 255, 256, 20_000])
@pytest.mark.parametrize("octet", [b"\xff", b"a"])
def test_a_string_of_any_length_comes_back(size: int, octet: bytes) -> None:
    decoder = Decoder(max_list_size=100_000, max_field_size=100_000)
    fields: list[Field] = [(octet * size, octet * size), (b"etag", octet * size)]
    assert decoder.decode(Encoder().encode(fields)) == fields, "lengths of one octet and of more"


def test_every_iterable_of_pairs_is_taken() -> None:
    pairs = {b"x": b"1", b"y": b"2"}
    expected = Encoder().encode(list(pairs.items()))
    for given_ in (pairs.items(), iter(pairs.items()), tuple(pairs.items())):
        assert Encoder().encode(given_) == expected, "once through, in order"


# --- wrong calls ---------------------------------------------------------------------------------

WRONG: list[object] = [
    ("name", "value"),
    (b"name", "value"),
    ("name", b"value"),
    (b"name", ""),
    ("", b"value"),
    ("", ""),
    (b"name", 1),
    (b"name", None),
    (b"name", bytearray(b"value")),
    (b"name",),
    (b"name", b"value", b"more"),
    (b"authorization", "secret"),
    (b":path", "/"),
    (b":path", ""),
    (b"etag", 1),
    [b"name", b"value"],
    b"ab",
    "ab",
    None,
    3,
]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_what_is_no_pair_of_bytes_is_refused_and_leaves_no_trace(wrong: object) -> None:
    encoder, decoder = Encoder(), Decoder()
    assert decoder.decode(encoder.encode([(b"a", b"1"), (b"b", b"2")])), "a block before it"
    with pytest.raises(TypeError, match="expected tuples of a name and a value in bytes, got"):
        encoder.encode(cast("list[Field]", [(b"c", b"3"), wrong, (b"d", b"4")]))
    fields: list[Field] = [(b"a", b"1"), (b"c", b"3"), (b"d", b"4"), (b"b", b"2")]
    for _ in range(2):
        assert decoder.decode(encoder.encode(fields)) == fields, "the decoder never saw that block"


def test_an_error_shows_what_kind_of_thing_came_and_never_what_is_in_it() -> None:
    wrong = cast("list[Field]", [("authorization", "hunter2")])
    with pytest.raises(TypeError, match=r"got tuple\(str, str\)") as raised:
        Encoder().encode(wrong)
    assert "hunter2" not in str(raised.value), "an error is for the log"


@pytest.mark.parametrize(
    "wrong",
    [
        (b"authorization", "hunter2"),
        ("authorization", b"hunter2"),
        (b":path", "hunter2"),
        (b"x", bytearray(b"hunter2")),
        (b"x", b"hunter2", b"hunter2"),
        [b"x", b"hunter2"],
        SensitiveField(b"x", cast("bytes", "hunter2")),
        SensitiveField(cast("bytes", "hunter2"), b"hunter2"),
        "hunter2",
    ],
    ids=[str(number) for number in range(9)],
)
def test_no_secret_is_in_the_traceback_of_a_wrong_call(wrong: object) -> None:
    encoder = Encoder()
    with pytest.raises(TypeError) as raised:
        encoder.encode([SensitiveField(b"x", b"hunter2"), cast("Field", wrong)])
    chain: list[BaseException] = []
    error: BaseException | None = raised.value
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    for each in chain:
        assert "hunter2" not in str(each), "RFC 7541 §7.1.3: what a log shows of each error"
        assert "hunter2" not in repr(each), "and of its arguments"
    assert "hunter2" not in repr(encoder), "nor the encoder"


def test_a_secret_of_the_wrong_type_is_refused_like_any_other() -> None:
    encoder, decoder = Encoder(), Decoder()
    with pytest.raises(TypeError, match="expected tuples of a name and a value in bytes"):
        encoder.encode([(b"a", b"1"), SensitiveField(b"x", cast("bytes", "hunter2"))])
    assert decoder.decode(encoder.encode([(b"a", b"1")])) == [(b"a", b"1")], "no trace"


def failing() -> Iterator[Field]:
    """Fields that stop coming in the middle."""
    yield b"c", b"3"
    raise LookupError("the source of the fields")


def test_an_error_of_the_iterable_passes_and_leaves_no_trace() -> None:
    encoder, decoder = Encoder(), Decoder()
    decoder.decode(encoder.encode([(b"a", b"1")]))
    with pytest.raises(LookupError, match="the source of the fields"):
        encoder.encode(failing())
    fields: list[Field] = [(b"a", b"1"), (b"c", b"3")]
    assert decoder.decode(encoder.encode(fields)) == fields, "the tables are in step"


def test_a_size_that_was_to_be_signalled_survives_a_wrong_call() -> None:
    encoder, decoder = Encoder(), Decoder()
    for size in (0, 200):
        encoder.set_max_table_size(size)
        decoder.set_max_table_size(size)
    with pytest.raises(TypeError):
        encoder.encode(cast("Iterable[Field]", [None]))
    block = encoder.encode([(b"a", b"1")])
    assert block.startswith(size_update(0) + size_update(200)), "it was not sent yet"
    assert decoder.decode(block) == [(b"a", b"1")], "RFC 7541 §4.2"


# --- what is shown, what it costs ----------------------------------------------------------------


def test_an_encoder_is_shown_without_a_field_of_its_own() -> None:
    encoder = Encoder()
    encoder.encode([(b"x-secret-name", b"hunter2"), SensitiveField(b"x", b"hunter3")])
    shown = repr(encoder)
    assert shown == "Encoder(EncoderTable(1 entries, 52 of 4096 octets))", "numbers"


def many_fields(count: int) -> list[Field]:
    """Fields that are all new, more than a table holds."""
    return [(b"name-%d" % each, b"value-%d" % each) for each in range(count)]


@pytest.mark.parametrize("size", [0, 64, 4096])
def test_the_work_grows_with_the_fields_and_no_faster(size: int) -> None:
    def work(count: int) -> None:
        Encoder(size).encode(many_fields(count))

    work(10)
    few, many = lines_run(lambda: work(500)), lines_run(lambda: work(2_000))
    assert many <= 4.5 * few, "four times the fields, evictions included"


def test_a_field_that_is_known_costs_the_same_in_a_full_table() -> None:
    empty, full = Encoder(65_536, EVERYTHING), Encoder(65_536, EVERYTHING)
    for encoder in (empty, full):
        encoder.set_max_table_size(65_536)
        encoder.encode([(b"x", b"y")])
    full.encode(many_fields(1_000))
    fields: list[Field] = [(b"x", b"y")] * 10
    few, many = lines_run(lambda: empty.encode(fields)), lines_run(lambda: full.encode(fields))
    # The index has two octets more: that is all that may show.
    assert many <= few + 10 * 20, "found, not searched for"


def test_one_long_string_is_linear() -> None:
    def work(size: int) -> None:
        Encoder().encode([(b"n" * size, b"v" * size)])

    work(10)
    few, many = lines_run(lambda: work(5_000)), lines_run(lambda: work(20_000))
    assert many <= 4 * few + 10, "four times the octets"
