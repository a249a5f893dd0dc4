"""What a policy tells the encoder about a name, and what the encoder makes of it."""

from math import inf

import pytest

from hyper.hpack import DEFAULT_POLICY, Decoder, Encoder, IndexingPolicy
from hyper.hpack.policy import BY_LENGTH, INDEX, LITERAL, NEVER
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import SensitiveField

LONG = b"0123456789abcdefghij"
"""Twenty octets."""


def test_every_static_name_has_a_rule_with_its_first_index() -> None:
    policy = IndexingPolicy(never=(), literal=(), short={})
    names = [name for name, _ in STATIC_TABLE]
    assert policy.rules == {name: names.index(name) + 1 << 2 | INDEX for name in names}


def test_a_rule_holds_what_to_do_in_its_low_bits() -> None:
    policy = IndexingPolicy(never=[b"x-key"], literal=[b"age"], short={b"cookie": 5})
    assert policy.rules[b"x-key"] == NEVER, "no static name: no index"
    assert policy.rules[b"age"] == 21 << 2 | LITERAL
    assert policy.rules[b"cookie"] == 32 << 2 | BY_LENGTH


def test_never_outweighs_short_and_short_outweighs_literal() -> None:
    both = [b"cookie"]
    assert IndexingPolicy(never=both, literal=both, short={b"cookie": 9}).rules[b"cookie"] & 3 == (
        NEVER
    )
    assert IndexingPolicy(never=(), literal=both, short={b"cookie": 9}).rules[b"cookie"] & 3 == (
        BY_LENGTH
    )


def test_the_default_keeps_credentials_and_short_cookies_from_every_table() -> None:
    assert DEFAULT_POLICY.never == {b"authorization", b"proxy-authorization", b"set-cookie"}
    assert DEFAULT_POLICY.short == {b"cookie": 20}


def test_the_default_indexes_the_date_for_a_second_has_many_responses() -> None:
    assert b"date" not in DEFAULT_POLICY.literal
    assert {b":path", b"content-length", b"etag", b"location", b"age"} <= DEFAULT_POLICY.literal


def test_a_policy_shows_its_four_parts() -> None:
    policy = IndexingPolicy(never=[b"b", b"a"], literal=(), short={b"c": 1}, largest=0.5)
    assert repr(policy) == (
        "IndexingPolicy(never=[b'a', b'b'], literal=[], short={b'c': 1}, largest=0.5)"
    )


def test_a_policy_shows_that_it_always_codes() -> None:
    assert repr(IndexingPolicy((), (), {}, always_coded=True)).endswith(", always_coded=True)")
    assert not DEFAULT_POLICY.always_coded, "the shorter form, unless somebody asks"


# --- what the encoder makes of it ----------------------------------------------------------------


def form(octets: bytes) -> str:
    """The representation that the first octet of a block begins (RFC 7541 §6)."""
    first = octets[0]
    if first >= 0x80:
        return "indexed"
    if first >= 0x40:
        return "incremental"
    assert first < 0x20, "not a size update"
    return "never" if first >= 0x10 else "plain"


@pytest.mark.parametrize("name", sorted(DEFAULT_POLICY.never))
@pytest.mark.parametrize("value", [b"", b"x", LONG, LONG * 10])
def test_credentials_are_never_indexed(name: bytes, value: bytes) -> None:
    encoder = Encoder()
    first = encoder.encode([(name, value)])
    assert form(first) == "never", "RFC 7541 §7.1.3: highly valuable or sensitive to recovery"
    assert encoder.encode([(name, value)]) == first, "and leave no trace in the table"


def test_a_cookie_is_never_indexed_below_twenty_octets() -> None:
    assert form(Encoder().encode([(b"cookie", LONG[:19])])) == "never", "short enough to be guessed"
    assert form(Encoder().encode([(b"cookie", LONG)])) == "incremental", "guessing it is hopeless"


@pytest.mark.parametrize("name", sorted(DEFAULT_POLICY.literal))
def test_values_that_seldom_come_twice_are_not_indexed(name: bytes) -> None:
    encoder = Encoder()
    first = encoder.encode([(name, LONG)])
    assert form(first) == "plain", "an entry would only drive out a better one"
    assert encoder.encode([(name, LONG)]) == first, "it is not in the table"


@pytest.mark.parametrize("name", [b":authority", b"user-agent", b"accept", b"x-custom", b"server"])
def test_everything_else_is_indexed(name: bytes) -> None:
    encoder = Encoder()
    assert form(encoder.encode([(name, LONG)])) == "incremental", "the first time it is entered"
    assert len(encoder.encode([(name, LONG)])) == 1, "the second time it is an index"


@pytest.mark.parametrize("value", [b"/", b"/index.html"])
def test_what_the_static_table_has_is_indexed_all_the_same(value: bytes) -> None:
    assert len(Encoder().encode([(b":path", value)])) == 1, "nothing is entered for it"


def test_an_entry_that_would_take_too_much_of_the_table_is_not_entered() -> None:
    policy = IndexingPolicy(largest=0.5)
    # 32 octets more than its own: half of 4,096 exactly, and one more.
    fits, exceeds = b"v" * (2048 - 32 - 1), b"v" * (2048 - 32)
    assert form(Encoder(4096, policy).encode([(b"n", fits)])) == "incremental", "up to the half"
    assert form(Encoder(4096, policy).encode([(b"n", exceeds)])) == "plain", "and no further"


def test_the_part_of_an_entry_goes_by_the_size_of_the_table_as_it_is() -> None:
    encoder = Encoder(4096, IndexingPolicy(largest=0.5))
    encoder.set_max_table_size(100)
    encoder.encode([])
    assert form(encoder.encode([(b"n", b"v" * 17)])) == "incremental", "50 of 100"
    assert form(encoder.encode([(b"n", b"v" * 18)])) == "plain", "51 of 100"


def test_a_policy_of_ones_own_is_followed() -> None:
    policy = IndexingPolicy(
        never=[b"x-token"], literal=[b"x-serial"], short={b"x-pin": 5}, largest=1.0
    )
    encoder = Encoder(4096, policy)
    assert form(encoder.encode([(b"x-token", LONG)])) == "never", "as asked"
    assert form(encoder.encode([(b"x-serial", LONG)])) == "plain", "as asked"
    assert form(encoder.encode([(b"x-pin", b"1234")])) == "never", "below five octets"
    assert form(encoder.encode([(b"x-pin", b"12345")])) == "incremental", "five"
    assert form(encoder.encode([(b"authorization", LONG)])) == "incremental", "not of this policy"


def test_many_encoders_share_a_policy_and_change_nothing_in_it() -> None:
    before = repr(DEFAULT_POLICY), dict(DEFAULT_POLICY.rules)
    for encoder in (Encoder(), Encoder()):
        encoder.encode([(b"authorization", LONG), (b"x", LONG), (b":path", LONG)])
    assert (repr(DEFAULT_POLICY), DEFAULT_POLICY.rules) == before, "it is data"


def test_the_mark_on_a_field_is_stronger_than_any_policy() -> None:
    policy = IndexingPolicy(never=(), literal=(), short={})
    block = Encoder(4096, policy).encode([SensitiveField(b"x", LONG)])
    assert form(block) == "never", "the caller knows best what is a secret"
    assert isinstance(Decoder().decode(block)[0], SensitiveField), "and the peer is told"


@pytest.mark.parametrize("value", [b"", b"5", b"{}", b"\xff\xfe", b"ordinary text", b"5" * 300])
@pytest.mark.parametrize("name", [b"age", b"etag", b"authorization", b"0", b"x-{|}"])
def test_every_string_is_coded_where_the_policy_wants_it(name: bytes, value: bytes) -> None:
    policy = IndexingPolicy(never=[b"authorization"], literal=[b"etag"], always_coded=True)
    block = Encoder(policy=policy).encode([(name, value)])
    at = 1
    if not any(name == other for other, _ in STATIC_TABLE):
        assert block[1] >= 0x80, "RFC 7541 §5.2: the name is in the code"
        at = 2 + (block[1] & 0x7F)
    elif form(block) != "incremental" and block[0] & 0x0F == 0x0F:
        at = 2  # RFC 7541 §5.1: the index takes a second octet
    assert form(block) == "indexed" or block[at] >= 0x80, "and so is the value, longer or not"
    assert Decoder().decode(block) == [(name, value)], "it says the same"


def test_a_coded_block_is_that_of_hpack() -> None:
    peer = pytest.importorskip("hpack")
    ours = Encoder(policy=IndexingPolicy((), (), {}, inf, always_coded=True))
    theirs = peer.Encoder()
    for fields in (
        [(b":path", b"/"), (b"x", b"5"), (b"age", b""), (b"content-length", b"0")],
        [(b"x", b"5"), (b"x", b"6"), (b":path", b"/a"), (b"etag", b'"{}"')],
        [(b"big", b"y" * 5_000), (b"x", b"5"), (b":path", b"/a")],
    ):
        assert ours.encode(fields) == theirs.encode(fields), "octet by octet"
    ours.set_max_table_size(0)
    theirs.header_table_size = 0
    fields = [(b"x", b"5"), (b":path", b"/a")]
    assert ours.encode(fields) == theirs.encode(fields), "into a table that holds nothing, too"
    assert ours.encode(fields) == theirs.encode(fields), "which it stays"
