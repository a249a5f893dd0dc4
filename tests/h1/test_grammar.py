"""Which bytes may stand where in a start line and in Host (RFC 9112 §3, §4)."""

import pytest

from hyper.h1.grammar import (
    CONNECT,
    OPTIONS,
    PLAIN,
    REASONS,
    TARGET_BYTES,
    TCHAR,
    TEXT_BYTES,
    authority_of,
    is_host,
    is_token,
    is_tunnel_end,
    same_host,
    shown,
    target_fault,
)


def test_the_tables_of_bytes_are_those_of_the_abnf() -> None:
    letters = b"abcdefghijklmnopqrstuvwxyz"
    token = set(b"!#$%&'*+-.^_`|~0123456789" + letters + letters.upper())
    assert set(TCHAR) == token, "RFC 9110 §5.6.2"
    assert set(TARGET_BYTES) == set(range(0x21, 0x7F)) - set(b"#"), "RFC 9112 §3.2, no fragment"
    assert set(TEXT_BYTES) == {9, *range(0x20, 0x7F), *range(0x80, 0x100)}, "RFC 9112 §4"


@pytest.mark.parametrize("text", [b"GET", b"get", b"M-SEARCH", b"a.b", b"!"])
def test_a_token_is_one(text: bytes) -> None:
    assert is_token(text)


@pytest.mark.parametrize("text", [b"", b"G T", b"G\tT", b"G:T", b"G/T", b"G\xc3", b"G\0", b"(a)"])
def test_what_is_no_token_is_none(text: bytes) -> None:
    assert not is_token(text)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"example.org",
        b"EXAMPLE.org",
        b"example.org:8080",
        b"example.org:",
        b"127.0.0.1:80",
        b"[::1]",
        b"[::1]:8080",
        b"[v1.a:b]",
        b"a_b.example",
        b"caf%C3%A9.example",
    ],
)
def test_a_host_is_one(value: bytes) -> None:
    assert is_host(value), 'RFC 9110 §7.2: uri-host [ ":" port ]'


@pytest.mark.parametrize(
    "value",
    [
        b"a b",
        b"a/b",
        b"http://a",
        b"user@a",
        b"a:b",
        b"a:80:80",
        b"[::1",
        b"::1",
        b"[]",
        b"a%zz",
        b"a, b",
        b"caf\xc3\xa9",
        b"a\0",
        b"a?b",
        b"a#b",
        b"[::1]a",
    ],
)
def test_what_is_no_host_is_none(value: bytes) -> None:
    assert not is_host(value), "RFC 9112 §3.2: an invalid value MUST be answered with 400"


@pytest.mark.parametrize(
    ("target", "right"),
    [
        (b"example.org:443", True),
        (b"[::1]:443", True),
        (b"example.org:0443", True),
        (b"example.org:65535", True),
        (b"example.org", False),
        (b"example.org:", False),
        (b"example.org:0", False),
        (b"example.org:65536", False),
        (b"example.org:http", False),
        (b":443", False),
        (b"http://example.org:443", False),
        (b"/", False),
        (b"user@example.org:443", False),
    ],
)
def test_connect_names_a_host_and_a_port(target: bytes, right: bool) -> None:
    assert is_tunnel_end(target) is right, "RFC 9110 §9.3.6: no default, MUST reject an empty one"
    assert (target_fault(CONNECT, target) is None) is right


@pytest.mark.parametrize(
    ("method", "target"),
    [
        (PLAIN, b"/"),
        (PLAIN, b"//a"),
        (PLAIN, b"/a?b=c&d"),
        (PLAIN, b"/a|b{c}"),
        (PLAIN, b"/%20"),
        (PLAIN, b"http://example.org/"),
        (PLAIN, b"http://example.org"),
        (PLAIN, b"http://example.org?x"),
        (PLAIN, b"HTTPS://example.org:443/a"),
        (PLAIN, b"urn:isbn:1"),
        (PLAIN, b"ftp://a/b"),
        (OPTIONS, b"*"),
        (OPTIONS, b"/"),
        (OPTIONS, b"http://example.org"),
    ],
)
def test_a_target_has_one_of_four_forms(method: int, target: bytes) -> None:
    assert target_fault(method, target) is None, "RFC 9112 §3.2"


@pytest.mark.parametrize(
    ("method", "target", "says"),
    [
        (PLAIN, b"", "empty"),
        (PLAIN, b"*", "OPTIONS"),
        (PLAIN, b"**", "no known form"),
        (PLAIN, b"a", "no known form"),
        (PLAIN, b"/#a", "0x23"),
        (PLAIN, b"/\t", "0x09"),
        (PLAIN, b"/\x7f", "0x7f"),
        (PLAIN, b"/\xc3\xa9", "0xc3"),
        (PLAIN, b"/\0", "0x00"),
        (PLAIN, b"http:/a", "without a host"),
        (PLAIN, b"http:a", "without a host"),
        (PLAIN, b"http:///a", "no host and port"),
        (PLAIN, b"http://:80/", "no host and port"),
        (PLAIN, b"http://user@example.org/", "no host and port"),
        (PLAIN, b"http://a b/", "0x20"),
        (PLAIN, b"http://a:b/", "no host and port"),
        (PLAIN, b"1http://a/", "no known form"),
        (PLAIN, b"?a", "no known form"),
    ],
)
def test_a_target_of_another_form_is_named(method: int, target: bytes, says: str) -> None:
    fault = target_fault(method, target)
    assert fault is not None
    assert says in fault


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        (b"http://a", b"a"),
        (b"http://a/", b"a"),
        (b"http://a:1/b//c", b"a:1"),
        (b"http://a?b/c", b"a"),
        (b"urn:a", None),
        (b"/http://a", None),
        (b"*", None),
    ],
)
def test_the_authority_of_a_target_is_found(target: bytes, authority: bytes | None) -> None:
    assert authority_of(target) == authority


@pytest.mark.parametrize(
    ("target", "host", "same"),
    [
        (b"http://a/", b"a", True),
        (b"http://A/", b"a", True),
        (b"http://a/", b"a:80", True),
        (b"http://a:80/", b"a", True),
        (b"http://a:/", b"a", True),
        (b"https://a/", b"a:443", True),
        (b"https://a/", b"a:80", False),
        (b"http://a/", b"a:443", False),
        (b"ftp://a/", b"a:80", False),
        (b"http://a/", b"b", False),
        (b"http://a/", b"", False),
    ],
)
def test_hosts_are_compared_as_uris_are(target: bytes, host: bytes, same: bool) -> None:
    authority = authority_of(target)
    assert authority is not None
    assert same_host(target, authority, host) is same, "RFC 9110 §4.2.3"


def test_what_is_shown_of_a_peer_s_octets_is_short() -> None:
    assert shown(b"GET\x00") == r"'GET\x00'"
    assert len(shown(b"x" * 10_000)) < 60


def test_each_phrase_is_one() -> None:
    for status, phrase in REASONS.items():
        assert 100 <= status <= 599, "RFC 9110 §15"
        assert not phrase.translate(None, TEXT_BYTES)
        assert phrase
