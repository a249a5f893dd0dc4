"""Encoder and decoder beside those of hpack 4.2: the same octets, fields and exceptions.

What differs on purpose stands in `ON_PURPOSE`, as in docs/compat/hpack.md.
"""

from collections.abc import Iterable
from typing import Any

import hpack
import hpack.hpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hyper.compat.hpack as ours
import hyper.compat.hpack.hpack as our_functions
from hyper.compat.hpack import Decoder, Encoder, HeaderTuple, NeverIndexedHeaderTuple
from hyper.compat.hpack.exceptions import HPACKDecodingError, InvalidTableSizeError

TEXT = st.one_of(
    st.sampled_from([":method", "GET", ":path", "/", "accept", "cookie", "x", "y", "z" * 300]),
    st.sampled_from([b":status", b"200", b"a", b"b", b"\xff\xfe", b"authorization", b"v" * 5000]),
    st.integers(0, 3),
)
VALUES = st.one_of(st.just(""), TEXT)
PAIRS = st.tuples(TEXT, VALUES)
MARKED = st.tuples(st.booleans(), TEXT, VALUES)
BLOCKS = st.lists(
    st.tuples(
        st.lists(st.one_of(PAIRS, MARKED), max_size=8),
        st.booleans(),
        st.lists(st.sampled_from([0, 33, 100, 4096, 65536]), max_size=2),
    ),
    max_size=8,
)


def text(item: object) -> bytes:
    return item if isinstance(item, bytes) else str(item).encode()


def plain_of(headers: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(map(tuple, headers))


def headers_of(module: Any, items: list[tuple[object, ...]]) -> Any:
    """Pairs as they are; marked ones as a tuple of the module, a mark or none."""
    made: list[object] = []
    for item in items:
        if len(item) == 2:
            made.append(item)
        else:
            kind = module.NeverIndexedHeaderTuple if item[0] else module.HeaderTuple
            made.append(kind(*item[1:]))
    return made


@given(BLOCKS)
@settings(max_examples=200)
def test_what_nobody_marks_becomes_the_same_octets_and_the_same_table(
    blocks: list[tuple[list[tuple[object, ...]], bool, list[int]]],
) -> None:
    encoder, peer = Encoder(), hpack.Encoder()
    decoder, other = Decoder(), hpack.Decoder()
    for codec in (decoder, other):
        codec.max_allowed_table_size = 65536
        codec.max_header_list_size = 2**20
    for items, huffman, sizes in blocks:
        plain = [(False, *item[1:]) if len(item) == 3 else item for item in items]
        # Set twice to the same, hpack forgets to tell of it.
        for size in sorted(set(sizes)):
            encoder.header_table_size = peer.header_table_size = size
        assert encoder.table_size_changes == peer.table_size_changes
        block = encoder.encode(headers_of(ours, plain), huffman)
        assert block == peer.encode(headers_of(hpack, plain), huffman)
        assert repr(encoder.header_table) == repr(peer.header_table)
        assert encoder.table_size_changes == peer.table_size_changes == []
        got = decoder.decode(block, raw=True)
        assert plain_of(got) == plain_of(other.decode(block, raw=True))
        assert got == [(text(item[-2]), text(item[-1])) for item in plain]
        assert decoder.header_table.dynamic_entries == other.header_table.dynamic_entries
        assert decoder.header_table_size == other.header_table_size


@given(st.lists(MARKED, max_size=6))
def test_what_is_marked_is_read_as_marked_by_either(items: list[tuple[object, ...]]) -> None:
    block = Encoder().encode(headers_of(ours, items))
    decoders: list[Any] = [Decoder(), hpack.Decoder()]
    for decoder in decoders:
        got = list(decoder.decode(block, raw=True))
        assert [(not header.indexable, *header) for header in got] == [
            (marked, text(name), text(value)) for marked, name, value in items
        ], "RFC 7541 §7.1.3: the mark goes all the way"


def decoded(decoder: Any, blocks: Iterable[bytes], raw: bool) -> list[object]:
    """What each block is, to the first that is none."""
    told: list[object] = []
    for block in blocks:
        try:
            headers = list(decoder.decode(block, raw=raw))
        except Exception as error:
            return [*told, type(error).__name__]
        told.append([(type(header).__name__, tuple(header)) for header in headers])
        told.append((decoder.header_table_size, list(decoder.header_table.dynamic_entries)))
    return told


REPRESENTATIONS = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.integers(0x80, 0xFF).map(lambda octet: bytes((octet,))),
    st.tuples(
        st.sampled_from([b"\x00", b"\x10", b"\x40", b"\x44", b"\x7e", b"\x0f\x20"]),
        st.binary(max_size=6),
    ).map(lambda pair: pair[0] + bytes((len(pair[1]),)) + pair[1]),
    st.sampled_from([b"\x20", b"\x3f\x45", b"\x3f\xe1\x1f", b"\x3f\xe2\x1f", b"\x22"]),
    st.sampled_from([b"\x40\x01a\x81\x1f", b"\x40\x81\xff\x00", b"\x1f\x2f\x82\xff\xff"]),
)

# What hpack takes and we do not, by the start of what ours says of it.
ON_PURPOSE = (
    "expected at most two table size updates",  # RFC 7541 §4.2
    "expected an integer of at most 32 bits",  # hpack allows five octets of any value
)


@given(
    st.lists(st.lists(REPRESENTATIONS, max_size=8).map(b"".join), max_size=5),
    st.booleans(),
    st.sampled_from([0, 60, 65536]),
)
@example([b"\x20\x21\x22\x82"], False, 65536)
@example([b"\x20", b"\x82"], True, 65536)
@example([b"\x00\x01a\x01\xff"], False, 65536)
@settings(max_examples=400)
def test_any_octets_are_the_same_fields_or_the_same_exception(
    blocks: list[bytes], raw: bool, limit: int
) -> None:
    mine = decoded(Decoder(limit), blocks, raw)
    theirs = decoded(hpack.Decoder(limit), blocks, raw)
    if theirs[-1:] == ["OversizedHeaderListError"] and isinstance(mine[-1], str):
        # Ours reads on to the end, for the table's sake, and finds what else is wrong.
        mine[-1] = theirs[-1]
    if mine != theirs:
        decoder = Decoder(limit)
        with pytest.raises(HPACKDecodingError) as refused:
            list(map(decoder.decode, blocks))
        assert str(refused.value).startswith(ON_PURPOSE), (mine, theirs)


@pytest.mark.parametrize(
    ("block", "reason"),
    [(b"\x20\x21\x22\x82", ON_PURPOSE[0]), (b"\x7f\xff\xff\xff\xff\x7f\x01a", ON_PURPOSE[1])],
)
def test_what_is_refused_on_purpose_says_why(block: bytes, reason: str) -> None:
    with pytest.raises(HPACKDecodingError, match=reason):
        Decoder().decode(block)


def test_a_field_that_is_marked_and_in_a_table_is_never_an_index() -> None:
    encoder, peer = Encoder(), hpack.Encoder()
    for codec in (encoder, peer):
        codec.encode([(b"a", b"b")])
    assert peer.encode([(b"a", b"b", True)]) == b"\xbe", "hpack refers to the table"
    assert encoder.encode([(b"a", b"b", True)]) == b"\x1f\x2f\x81\x8f", "RFC 7541 §7.1.3"


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "y", ":m": "q", b":a": b"1"},
        [("a", "b", True), ("a", "b", False), ("a", "b", None), ("a", "b", 0)],
        [("a", "b", "c", "d")],
        ["ab", ["c", "d"]],
        [("a", None), ("b", 5), (b"", b"")],
        [],
    ],
)
def test_headers_come_in_every_form_that_hpack_takes(headers: Any) -> None:
    assert Encoder().encode(headers) == hpack.Encoder().encode(headers)


@pytest.mark.parametrize("headers", [None, 5, [(b"a",)], [5]])
def test_what_are_no_headers_raise_what_hpack_raises(headers: Any) -> None:
    with pytest.raises((TypeError, IndexError)) as ours_raised:
        Encoder().encode(headers)
    with pytest.raises((TypeError, IndexError)) as theirs_raised:
        hpack.Encoder().encode(headers)
    assert ours_raised.type is theirs_raised.type


def test_a_size_that_is_set_twice_is_told_all_the_same() -> None:
    encoder, peer = Encoder(), hpack.Encoder()
    for codec in (encoder, peer):
        codec.header_table_size = 0
        codec.header_table_size = 0
    assert peer.encode([]) == b"", "hpack: the two tables are no longer the same"
    assert encoder.encode([]) == b"\x20", "RFC 7541 §4.2: a change MUST be told"


def test_one_field_by_itself_is_added_in_the_form_it_has_in_a_block() -> None:
    encoder, peer = Encoder(), hpack.Encoder()
    for field, sensitive, huffman in (
        ((b"a", b"b"), False, False),
        ((b"a", b"c"), True, True),
        ((b":method", b"GET"), False, True),
        ((b"a", b"b"), False, True),
    ):
        assert encoder.add(field, sensitive, huffman) == peer.add(field, sensitive, huffman)


def test_a_table_that_the_peer_may_no_longer_have_must_be_given_up_at_once() -> None:
    for decoder in (Decoder(), hpack.Decoder()):
        decoder.max_allowed_table_size = 10
        assert decoder.max_allowed_table_size == 10
    with pytest.raises(InvalidTableSizeError):
        Decoder().decode(b"\x3f\xe2\x1f")
    shrunk = Decoder()
    shrunk.max_allowed_table_size = 10
    with pytest.raises(InvalidTableSizeError):
        shrunk.decode(b"\x82")
    told = Decoder()
    told.max_allowed_table_size = 10
    assert plain_of(told.decode(b"\x2a\x82")) == [(":method", "GET")]
    assert told.header_table_size == 10


def test_a_table_size_that_is_set_by_hand_is_in_force_and_must_be_allowed() -> None:
    decoder = Decoder()
    decoder.header_table_size = 100
    assert (decoder.header_table_size, decoder.header_table.resized) == (100, True)
    assert plain_of(decoder.decode(b"\x82")) == [(":method", "GET")]
    decoder.header_table_size = 5000
    with pytest.raises(InvalidTableSizeError):
        decoder.decode(b"\x82")


def test_fields_are_text_or_bytes_and_carry_their_mark() -> None:
    decoder = Decoder()
    block = b"\x10\x01a\x01b\x00\x01c\x01d"
    for _ in range(2):  # the second time from memory
        assert plain_of(decoder.decode(block)) == [("a", "b"), ("c", "d")]
        assert decoder.decode(block, raw=True) == [(b"a", b"b"), (b"c", b"d")]
        kinds = [type(header) for header in decoder.decode(block)]
        assert kinds == [NeverIndexedHeaderTuple, HeaderTuple]


def test_what_a_decoder_remembers_is_bounded() -> None:
    decoder = Decoder(2**20)
    for number in range(600):
        name = str(number).encode()
        decoder.decode(b"\x00" + bytes((len(name),)) + name + b"\x01v")
    assert len(decoder._known[False]) <= 256


@pytest.mark.parametrize(
    ("integer", "bits"), [(10, 5), (1337, 5), (31, 5), (0, 8), (255, 8), (2**40, 5), (126, 7)]
)
def test_an_integer_is_written_as_hpack_writes_it(integer: int, bits: int) -> None:
    written = our_functions.encode_integer(integer, bits)
    assert written == hpack.hpack.encode_integer(integer, bits)
    assert type(written) is bytearray, "callers set bits in it"
    if integer < 2**32:
        assert our_functions.decode_integer(bytes(written) + b"more", bits) == (
            integer,
            len(written),
        )


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("encode_integer", (-1, 5)),
        ("encode_integer", (1, 0)),
        ("encode_integer", (1, 9)),
        ("decode_integer", (b"\x0a", 0)),
        ("decode_integer", (b"\x0a", 9)),
        ("decode_integer", (b"", 5)),
        ("decode_integer", (b"\x1f\x9a", 5)),
        ("decode_integer", (b"\x1f" + b"\xff" * 6, 5)),
    ],
)
def test_an_integer_that_is_none_raises_what_hpack_raises(
    call: str, arguments: tuple[object, ...]
) -> None:
    raised = []
    for module in (our_functions, hpack.hpack):
        with pytest.raises((ValueError, ours.HPACKError, hpack.HPACKError)) as caught:
            getattr(module, call)(*arguments)
        raised.append(caught.type.__name__)
    assert raised[0] == raised[1]


def test_helpers_that_tests_of_others_use_do_the_same() -> None:
    for value in (b"a", "ä", 5, None):
        assert our_functions._to_bytes(value) == hpack.hpack._to_bytes(value)
    unsorted: dict[bytes | str, bytes | str] = {"x": "1", b":p": "2", ":a": "3", "b": "4"}
    assert list(our_functions._dict_to_iterable(unsorted)) == list(
        hpack.hpack._dict_to_iterable(unsorted)
    )
    marked = NeverIndexedHeaderTuple(b"a", b"b")
    assert our_functions._unicode_if_needed(marked, True) is marked
    assert type(our_functions._unicode_if_needed(marked, False)) is NeverIndexedHeaderTuple
    for name in ("INDEX_NONE", "INDEX_NEVER", "INDEX_INCREMENTAL", "VARINT_MAX_LENGTH"):
        assert getattr(our_functions, name) == getattr(hpack.hpack, name)
