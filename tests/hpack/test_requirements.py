"""The requirements of RFC 7541, one after the other, by their ids in spec/rfc7541.toml."""

import pytest

from hyper.hpack import Decoder, Encoder, HpackError, IndexingPolicy
from hyper.wire import Field, SensitiveField

FIELDS: list[Field] = [(b":method", b"GET"), (b"b", b"2"), (b"a", b"1"), (b"b", b"2"), (b"a", b"0")]
NEVER = 0xF0, 0x10  # how the first octet of a literal that is never indexed begins


def expect_error(block: bytes, because: str, decoder: Decoder | None = None) -> None:
    try:
        (decoder or Decoder()).decode(block)
    except HpackError:
        return
    pytest.fail(because)


def test_fields_keep_their_order() -> None:
    encoder, decoder = Encoder(), Decoder()
    for _ in range(3):
        block = encoder.encode(FIELDS)
        assert decoder.decode(block) == FIELDS, "7541-2.1-1, 7541-2.1-2: as they were given"
    # By hand: :status 200, :method GET, :status 404.
    assert Decoder().decode(b"\x88\x82\x8d") == [
        (b":status", b"200"),
        (b":method", b"GET"),
        (b":status", b"404"),
    ], "7541-2.1-2: in the order of the block"


def test_an_entry_may_be_in_the_table_twice() -> None:
    decoder = Decoder()
    literal = b"\x40\x01a\x011"
    assert decoder.decode(literal + literal) == [(b"a", b"1")] * 2
    assert decoder.decode(b"\xbe\xbf") == [(b"a", b"1")] * 2, "7541-2.3.2-1: no error"


def test_an_index_beyond_both_tables_is_an_error() -> None:
    for block in (b"\xbf", b"\x7f\x00\x011", b"\x0f\x30\x011", b"\xff\xff\xff\xff\x0f"):
        decoder = Decoder()
        decoder.decode(b"\x40\x01a\x011")
        assert decoder.decode(b"\xbe") == [(b"a", b"1")], "62 is the one entry there is"
        expect_error(block, "7541-2.3.3-1: 63 and beyond are not there", decoder)


def test_index_0_is_an_error() -> None:
    expect_error(b"\x80", "7541-6.1-1: the index 0 is not used")


def test_each_representation_does_to_the_table_what_its_rules_say() -> None:
    decoder = Decoder()
    # Literals: without indexing and never indexed add nothing, with indexing adds.
    block = b"\x00\x01a\x011" + b"\x10\x01b\x012" + b"\x40\x01c\x013"
    assert decoder.decode(block) == [(b"a", b"1"), (b"b", b"2"), (b"c", b"3")], "7541-3.2-1: added"
    assert decoder.decode(b"\xbe") == [(b"c", b"3")], "7541-3.2-1: one entry, the indexed literal"
    expect_error(b"\xbf", "7541-3.2-1: and no second one", decoder)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(b"\x7f" + b"\xff" * 4 + b"\x7f", id="an index too large in value"),
        pytest.param(b"\xff" + b"\x80" * 5 + b"\x00", id="an index too large in length"),
        pytest.param(
            b"\x00\x7f" + b"\x80" * 5 + b"\x00" + b"a" * 127 + b"\x00", id="a length of zeros"
        ),
        pytest.param(b"\x3f" + b"\xff" * 4 + b"\x7f", id="a table size"),
    ],
)
def test_an_integer_beyond_our_limits_is_an_error(block: bytes) -> None:
    expect_error(block, "7541-5.1-1: beyond the limit in value or octet length")


@pytest.mark.parametrize(
    ("string", "why"),
    [
        # "0" is 00000: what stands behind its five bits is the padding.
        (b"\x07\xff", "7541-5.2-1: eleven bits of padding"),
        (b"\xff", "7541-5.2-1: eight bits of padding and nothing else"),
        (b"\x00", "7541-5.2-2: padding of zeros"),
        (b"\x06", "7541-5.2-2: padding whose last bit is no one"),
        (b"\xff\xff\xff\xff", "7541-5.2-3: the thirty ones of EOS, and two"),
        (b"\x07\xff\xff\xff\xff\xff", "7541-5.2-3: EOS behind a character"),
    ],
)
def test_a_huffman_string_ends_as_it_should(string: bytes, why: str) -> None:
    assert Decoder().decode(b"\x00\x01a\x81\x07") == [(b"a", b"0")], "three ones are padding"
    for block in (
        b"\x00\x01a" + bytes([0x80 | len(string)]) + string,
        b"\x40" + bytes([0x80 | len(string)]) + string + b"\x011",
    ):
        expect_error(block, why)


# -- the size of the table ---------------------------------------------------------------------


def test_the_encoder_stays_within_what_the_protocol_allows() -> None:
    encoder = Encoder()
    encoder.set_max_table_size(1 << 30)
    assert encoder.table_size <= 4096, "7541-4.2-1: it may use less"
    for size in (0, 64, 4096, 100):
        encoder.set_max_table_size(size)
        assert encoder.table_size <= size, "7541-4.2-1, 7541-6.3-1: and never more"
        decoder = Decoder(4096)
        decoder.set_max_table_size(size)
        assert decoder.decode(encoder.encode([(b"a", b"1")])) == [(b"a", b"1")]
        assert decoder.table_size <= size, "7541-6.3-1: and so says its update"
        encoder = Encoder()


def test_a_change_of_size_is_told_at_the_beginning_of_the_next_block() -> None:
    encoder = Encoder()
    encoder.encode(FIELDS)
    encoder.set_max_table_size(64)
    block = encoder.encode([(b":method", b"GET")])
    assert block == b"\x3f\x21\x82", "7541-4.2-2: the update to 64, then the field"
    decoder = Decoder()
    assert decoder.decode(block) == [(b":method", b"GET")]
    assert decoder.table_size == 64, "7541-4.2-2: and it is obeyed"
    assert encoder.encode([(b":method", b"GET")]) == b"\x82", "7541-4.2-2: told once"


def test_the_smallest_size_of_an_interval_is_told_and_the_last() -> None:
    encoder = Encoder()
    for size in (500, 10, 4096, 100):
        encoder.set_max_table_size(size)
    assert encoder.encode([(b":method", b"GET")]) == b"\x2a\x3f\x45\x82", (
        "7541-4.2-3: 10 was the smallest, 100 is the last"
    )


def test_an_update_beyond_the_limit_is_an_error() -> None:
    decoder = Decoder(100)
    assert decoder.decode(b"\x3f\x45\x82") == [(b":method", b"GET")], "100 is allowed"
    expect_error(b"\x3f\x46\x82", "7541-6.3-2: 101 is not", Decoder(100))
    decoder = Decoder(100)
    decoder.set_max_table_size(10)
    expect_error(b"\x3f\x45\x82", "7541-6.3-2: nor 100, once 10 are allowed", decoder)


def test_an_update_behind_a_field_is_an_error() -> None:
    expect_error(b"\x82\x20", "7541-4.2-2: an update comes at the beginning of a block")


# -- never indexed -----------------------------------------------------------------------------


@pytest.mark.parametrize("value", [b"hunter2", b"hunter2" * 100])
def test_what_is_never_indexed_is_passed_on_as_such(value: bytes) -> None:
    mask, pattern = NEVER
    secret = SensitiveField(b"x-token", value)
    first = Encoder().encode([secret])
    assert first[0] & mask == pattern, "7541-6.2.3-2: always with this representation"
    (came,) = Decoder().decode(first)
    assert type(came) is SensitiveField, "7541-6.2.3-3: whoever passes it on can see what it was"
    # An intermediary whose own policy would put everything into the table.
    onward = Encoder(policy=IndexingPolicy(never=(), literal=(), short={}, largest=1.0))
    for _ in range(2):
        again = onward.encode([came])
        assert again[0] & mask == pattern, (
            "7541-6.2.3-1, 7541-6.2.3-3, 7541-7.1.3-1, 7541-7.1.3-2: the same representation"
        )
    onward.encode([(b"x-token", value)])
    assert onward.encode([came])[0] & mask == pattern, (
        "7541-7.1.3-1: not even where the table has it"
    )
