"""The careful way through a block and the fast one are the same way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.hpack import Decoder, FieldListTooLarge, HpackError
from hyper.hpack.careful import Careful
from hyper.hpack.dynamic_table import DecoderTable
from tests.support.field_blocks import Written, conversations, indexed, literal, marks, mutated
from tests.support.stories import VECTORS, cases, stories

LIMITS = (500, 6, 150)
"""Octets in a list, fields, octets in a field."""


class CarefulDecoder:
    """A decoder that never takes the fast way, and knows no size updates."""

    def __init__(self, limits: tuple[int, int, int]) -> None:
        self.table = DecoderTable(4096)
        self.limits = limits

    def decode(self, block: bytes) -> list[object]:
        """As `Decoder.decode`."""
        fields: list[object] = []
        careful = Careful(block, self.table, fields, *self.limits)
        pos = 0
        while pos < len(block):
            pos = careful.step(pos)
        if careful.over:
            careful.finish(pos)
        return fields


def read(decoder: Decoder | CarefulDecoder, block: bytes) -> tuple[object, list[bool]]:
    """The fields and their marks, or the kind of error."""
    try:
        fields: list[object] = [*decoder.decode(block)]
    except (HpackError, FieldListTooLarge) as error:
        # Where two things are wrong, each way may come upon another of them first.
        return type(error), []
    return fields, marks(fields)


@given(conversations(updates=0), st.data(), st.sampled_from([LIMITS, (2**20, 2**20, 2**20)]))
def test_both_ways_read_the_same_and_stop_at_the_same(
    said: list[Written], data: st.DataObject, limits: tuple[int, int, int]
) -> None:
    fast, careful = Decoder(4096, *limits), CarefulDecoder(limits)
    for written in said:
        block = data.draw(st.just(written.octets) | mutated(written.octets))
        # Updates at the start of a block are read before there are two ways.
        block = block if block[:1] and block[0] & 0xE0 != 0x20 else b"\x82" + block
        found, other = read(fast, block), read(careful, block)
        assert found == other, "fields and marks, or the kind of error"
        if found[0] is HpackError:
            return
        assert repr(careful.table) in repr(fast), "and the same table"


@pytest.mark.skipif(not stories("nghttp2"), reason=f"the vectors are not at {VECTORS}")
def test_recorded_blocks_are_read_the_same() -> None:
    careful = CarefulDecoder((65_536, 128, 16_384))
    for case in cases(stories("nghttp2")[20]):
        assert careful.decode(case.octets) == case.fields, "octet by octet"


def test_a_representation_says_where_the_next_one_begins() -> None:
    block = indexed(2) + literal(b"x", b"y") + indexed(62)
    fields: list[object] = []
    careful = Careful(block, DecoderTable(4096), fields, *LIMITS)
    assert careful.step(0) == 1, "an index of one octet"
    assert careful.step(1) == 6, "pattern, length, name, length, value"
    assert careful.step(6) == 7, "the end"
    assert fields == [(b":method", b"GET"), (b"x", b"y"), (b"x", b"y")], "as they were read"
    assert careful.size == 42 + 34 + 34, "RFC 9113 §6.5.2: 32 octets a field beyond its own"
    assert not careful.over, "within every limit"


def test_beyond_a_limit_nothing_is_kept_any_more() -> None:
    fields: list[object] = []
    careful = Careful(indexed(2) * 8, DecoderTable(4096), fields, *LIMITS)
    for at in range(7):
        careful.step(at)
    assert careful.over, "seven fields where six are allowed"
    assert fields == [], "what was kept until then is let go"
    with pytest.raises(FieldListTooLarge, match="at most 6 fields, got 7"):
        careful.finish(7)
