"""RFC 7541 appendix C, whole: each block read, with the table it leaves, and written again."""

import pytest

from hyper.hpack import Decoder, Encoder, HpackError, IndexingPolicy
from hyper.wire import Field, SensitiveField
from tests.support.appendix_c import REPRESENTATIONS, SERIES, TABLE_SIZES, Example
from tests.support.field_blocks import FIRST_DYNAMIC, field_size, indexed, size_update

EVERYTHING = IndexingPolicy(never=(), literal=(), short={}, largest=1.0)
"""What the examples of the RFC follow: every field is indexed."""


def table_of(decoder: Decoder) -> list[tuple[int, Field]]:
    """The dynamic table, newest first, asked for index by index; then the decoder is used up."""
    entries: list[tuple[int, Field]] = []
    while True:
        try:
            [field] = decoder.decode(indexed(FIRST_DYNAMIC + len(entries)))
        except HpackError:
            return entries
        entries.append((field_size(field), field))


@pytest.mark.parametrize(("name", "example"), REPRESENTATIONS.items())
def test_a_representation_is_read_as_the_rfc_says(name: str, example: Example) -> None:
    decoder = Decoder()
    fields = decoder.decode(example.octets)
    assert fields == example.fields, name
    assert isinstance(fields[0], SensitiveField) == (name == "C.2.3"), "only that is never indexed"
    assert table_of(decoder) == example.table, f"{name}: the table after it"


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("series", SERIES)
def test_a_block_of_a_connection_is_read_and_leaves_the_table_it_should(
    series: str, count: int
) -> None:
    decoder = Decoder(max_table_size=TABLE_SIZES[series])
    examples = SERIES[series][:count]
    for example in examples:
        assert decoder.decode(example.octets) == example.fields, f"{series}.{count}"
    last = examples[-1]
    taken = f"{len(last.table)} entries, {last.size} of {TABLE_SIZES[series]} octets"
    assert taken in repr(decoder), "the size that eviction goes by"
    assert table_of(decoder) == last.table, f"{series}.{count}: entries, sizes, order"


def test_the_requests_are_written_as_the_rfc_writes_them() -> None:
    encoder = Encoder()
    for example in SERIES["C.4"]:
        assert encoder.encode(example.fields) == example.octets, "each string is shorter in Huffman"


def test_the_responses_are_written_as_the_rfc_writes_them_but_for_a_draw() -> None:
    encoder = Encoder(256, EVERYTHING)
    # RFC 7541 §4.2: the RFC presumes the 256 octets; our encoder has to say them first.
    expected = [size_update(256) + SERIES["C.6"][0].octets]
    # "307" has three octets in Huffman too, and coded is for what becomes shorter.
    expected += [SERIES["C.6"][1].octets.replace(b"\x83\x64\x0e\xff", b"\x03307")]
    expected += [SERIES["C.6"][2].octets]
    written = [encoder.encode(example.fields) for example in SERIES["C.6"]]
    assert written == expected, "every index and every eviction where the RFC has it"


def test_what_is_written_by_the_default_policy_is_read_back() -> None:
    encoder, decoder = Encoder(), Decoder()
    for series in SERIES.values():
        for example in series:
            assert decoder.decode(encoder.encode(example.fields)) == example.fields, "the same"
