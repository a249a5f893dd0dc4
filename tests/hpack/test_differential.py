"""Against hpack and nghttp2: blocks are read alike, and each difference has its sentence."""

from typing import Protocol

import hpack as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, Encoder, HpackError
from hyper.wire import Field, SensitiveField
from tests.support.field_blocks import (
    FIELD_LISTS,
    TABLE_SIZES,
    Written,
    conversations,
    indexed,
    integer,
    literal,
    marks,
    mutated,
    size_update,
)
from tests.support.huffman_cases import FAULTS
from tests.support.nghttp2 import ABSENT, Deflater, Inflater, Refused

nghttp2 = pytest.mark.skipif(ABSENT, reason="there is no library of nghttp2's here")

NO_LIMIT = 2**20


class Reader(Protocol):
    """A decoder of anybody's."""

    def decode(self, block: bytes) -> list[Field]: ...

    def set_max_table_size(self, size: int) -> None: ...


class HpackReader:
    """hpack's decoder."""

    def __init__(self) -> None:
        self.decoder = peer.Decoder(NO_LIMIT)

    def decode(self, block: bytes) -> list[Field]:
        fields: list[Field] = []
        for field in self.decoder.decode(block, raw=True):
            name, value = field
            assert isinstance(name, bytes), "raw"
            assert isinstance(value, bytes), "raw"
            secret = isinstance(field, peer.NeverIndexedHeaderTuple)
            fields.append(SensitiveField(name, value) if secret else (name, value))
        return fields

    def set_max_table_size(self, size: int) -> None:
        self.decoder.max_allowed_table_size = size


def unlimited() -> Decoder:
    return Decoder(4096, NO_LIMIT, NO_LIMIT, NO_LIMIT)


def read(reader: Reader, block: bytes) -> list[Field] | Exception:
    """The fields, or what the block was refused with."""
    try:
        return reader.decode(block)
    except (HpackError, peer.HPACKError, Refused) as error:
        return error


def only_ours_refuses(fault: Exception) -> str | None:
    """The sentence by which a block that others take is illegal; `None` when there is none."""
    if "a third" in str(fault):
        return "RFC 7541 §4.2: resulting in at most two dynamic table size updates"
    return None


def only_hpack_accepts(fault: Exception, sizes: list[int]) -> str | None:
    """The same, for what hpack alone takes after the limits `sizes` since the last block."""
    if "table" in str(fault) and sizes and min(sizes) < sizes[-1]:
        return "RFC 7541 §4.2: the smallest maximum size in the interval MUST be signaled"
    return only_ours_refuses(fault)


def compare(reader: Reader, blocks: list[tuple[list[int], bytes]]) -> None:
    """Read the blocks, each after its new limits, by ours and by `reader`, to the first fault."""
    ours = unlimited()
    for sizes, block in blocks:
        for size in sizes:
            ours.set_max_table_size(size)
            reader.set_max_table_size(size)
        found, other = read(ours, block), read(reader, block)
        if isinstance(found, Exception):
            if not isinstance(other, Exception):
                if isinstance(reader, HpackReader):
                    sentence = only_hpack_accepts(found, sizes)
                else:
                    sentence = only_ours_refuses(found)
                assert sentence, f"{found}; they read {other}"
            return
        assert not isinstance(other, Exception), f"they refuse with {other!r} what we read"
        assert found == other, "the same fields"
        assert marks(found) == marks(other), "the same secrets"


READERS = [
    pytest.param(HpackReader, id="hpack"),
    pytest.param(Inflater, marks=nghttp2, id="nghttp2"),
]


@pytest.mark.parametrize("reader", READERS)
@given(said=conversations())
def test_what_is_legal_is_read_alike(
    reader: type[HpackReader | Inflater], said: list[Written]
) -> None:
    compare(reader(), [([], written.octets) for written in said])


@pytest.mark.parametrize("reader", READERS)
@given(said=conversations(most=3), data=st.data())
def test_what_one_refuses_and_the_other_does_not_has_a_sentence(
    reader: type[HpackReader | Inflater], said: list[Written], data: st.DataObject
) -> None:
    blocks: list[tuple[list[int], bytes]] = []
    for written in said:
        octets = data.draw(st.just(written.octets) | mutated(written.octets))
        blocks.append((data.draw(st.just([]) | st.lists(TABLE_SIZES, max_size=3)), octets))
    compare(reader(), blocks)


@pytest.mark.parametrize("reader", READERS)
@given(octets=st.binary(max_size=40))
def test_noise_is_read_alike(reader: type[HpackReader | Inflater], octets: bytes) -> None:
    compare(reader(), [([], octets)])


TWO = literal(b"a", b"1") + literal(b"b", b"2")
EDGES: dict[str, bytes] = {
    **{
        f"a value with {fault}": b"\x41" + integer(len(o), 7, 0x80) + o
        for fault, o in FAULTS.items()
    },
    **{f"{zeros} zeros in a name": TWO + integer(63, 6, 0x40, zeros) + b"\0" for zeros in range(7)},
    **{
        f"{zeros} zeros in a length": b"\x41" + integer(127, 7, 0, zeros) + bytes(127)
        for zeros in range(7)
    },
    **{f"{zeros} zeros in a size": integer(31, 5, 0x20, zeros) for zeros in range(7)},
    **{f"index {2**bits}": indexed(2**bits) for bits in (28, 31, 32, 35, 63)},
    **{f"length {2**bits}": b"\x41" + integer(2**bits, 7) for bits in (28, 31, 32, 35, 63)},
    **{f"size {2**bits}": size_update(2**bits) for bits in (12, 13, 31, 32, 35)},
    "no field": b"",
    "index 0": b"\x80",
    "an index one beyond": TWO + indexed(64),
    "a name one beyond": TWO + literal(64, b""),
    "a size after a field": b"\x82\x20",
    "a size alone": b"\x20",
    "two sizes": b"\x20\x3f\xe1\x1f",
    "three sizes": b"\x20\x21\x22",
    "an empty name": literal(b"", b"x"),
    "an empty Huffman string": literal(b"x", b"", coded=True) + b"\x41\x80",
    "octets that are no text": literal(b"\xff", b"\xfe\x00"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("edge", EDGES)
def test_the_edges_of_the_rules_are_where_others_see_them(
    reader: type[HpackReader | Inflater], edge: str
) -> None:
    compare(reader(), [([], EDGES[edge])])


ANSWERS = [
    b"",
    b"\x82",
    *[
        b"".join([size_update(size) for size in sizes])
        for sizes in ([0], [50], [100], [4096], [5000], [0, 100], [50, 100], [100, 50], [100, 4096])
    ],
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "sizes", [[100], [0], [5000], [100, 50], [50, 100], [0, 50], [100, 4096], [4096]]
)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda octets: octets.hex() or "nothing")
def test_a_new_limit_demands_what_others_demand(
    reader: type[HpackReader | Inflater], sizes: list[int], answer: bytes
) -> None:
    compare(reader(), [([], TWO), (sizes, answer), ([], b"\x82")])


@pytest.mark.parametrize("reader", READERS)
@given(blocks=st.lists(st.tuples(st.lists(TABLE_SIZES, max_size=3), FIELD_LISTS), max_size=5))
def test_what_we_write_others_read(
    reader: type[HpackReader | Inflater], blocks: list[tuple[list[int], list[Field]]]
) -> None:
    encoder, other = Encoder(), reader()
    for sizes, fields in blocks:
        for size in sizes:
            encoder.set_max_table_size(size)
            other.set_max_table_size(size)
        found = other.decode(encoder.encode(fields))
        assert found == fields, "the same fields in the same order"
        assert marks(found) == marks(Decoder().decode(Encoder().encode(fields))), "the same secrets"


# hpack 4.2 signals every size there was, and one that is set twice not at all.  RFC 7541 §4.2 asks
# for the smallest and the last: sizes that rise are those on which it agrees.
RISING = st.lists(TABLE_SIZES, max_size=2, unique=True).map(sorted)


@given(st.lists(st.tuples(RISING, FIELD_LISTS), max_size=5))
def test_what_hpack_writes_we_read(blocks: list[tuple[list[int], list[Field]]]) -> None:
    encoder, decoder = peer.Encoder(), Decoder()
    for sizes, fields in blocks:
        for size in sizes:
            encoder.header_table_size = size
            decoder.set_max_table_size(size)
        given_ = [(*field, isinstance(field, SensitiveField)) for field in fields]
        assert decoder.decode(encoder.encode(given_)) == fields, "the same fields in the same order"


@nghttp2
@given(st.lists(st.tuples(st.lists(TABLE_SIZES, max_size=3), FIELD_LISTS), max_size=5))
def test_what_nghttp2_writes_we_read(blocks: list[tuple[list[int], list[Field]]]) -> None:
    encoder, decoder = Deflater(), Decoder()
    for sizes, fields in blocks:
        for size in sizes:
            encoder.set_max_table_size(size)
            decoder.set_max_table_size(size)
        found = decoder.decode(encoder.encode(fields))
        assert found == fields, "the same fields in the same order"
        for field, marked in zip(fields, marks(found), strict=True):
            assert marked or not isinstance(field, SensitiveField), "no mark is lost"
