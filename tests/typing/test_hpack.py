"""What a type checker makes of hyper.hpack.  mypy reads it with the tests; it also runs."""

from typing import assert_type

from hyper.hpack import (
    DEFAULT_POLICY,
    Decoder,
    Encoder,
    ExcessiveFieldList,
    FieldListTooLarge,
    HpackError,
    IndexingPolicy,
)
from hyper.wire import Buffer, Field, RemoteProtocolError, SensitiveField


def test_pairs_go_in_and_pairs_come_out() -> None:
    plain: list[Field] = [(b"accept", b"*/*")]
    mixed = [*plain, SensitiveField(b"x", b"y")]
    block = Encoder().encode(mixed)
    assert_type(block, bytes)
    fields = Decoder().decode(block)
    assert_type(fields, list[tuple[bytes, bytes]])
    assert_type([value for _, value in fields], list[bytes])


def test_every_iterable_of_pairs_and_every_kind_of_buffer_is_taken() -> None:
    block = Encoder().encode({b"accept": b"*/*"}.items())
    kinds: list[Buffer] = [block, bytearray(block), memoryview(block)]
    for kind in kinds:
        assert_type(Decoder().decode(kind), list[Field])


def test_sizes_are_numbers_and_a_policy_is_a_value() -> None:
    assert_type(DEFAULT_POLICY, IndexingPolicy)
    encoder = Encoder(1024, IndexingPolicy(never=[b"x-token"], short={b"x-pin": 8}))
    assert_type(encoder.table_size, int)
    assert_type(Decoder(max_fields=10).table_size, int)


def test_errors_have_their_parts() -> None:
    faults: list[RemoteProtocolError] = [
        HpackError("a", "b", 0),
        ExcessiveFieldList("a", "b", 0),
        FieldListTooLarge("a", "b", 0),
    ]
    assert len(faults) == 3, "all are the peer's"
    assert_type(HpackError("a", "b", 3).offset, int)
    assert_type(FieldListTooLarge("a", "b", 3).offset, int)
    assert_type(ExcessiveFieldList("a", "b", 3).expected, str)
