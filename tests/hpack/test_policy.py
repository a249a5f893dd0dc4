"""What a policy tells the encoder about a name."""

from hyper.hpack import DEFAULT_POLICY, IndexingPolicy
from hyper.hpack.policy import BY_LENGTH, INDEX, LITERAL, NEVER
from hyper.hpack.static_table import STATIC_TABLE


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
