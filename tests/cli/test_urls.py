"""URLs: what a request needs of them, and what is no URL."""

import pytest

from hyper.cli.errors import CommandError, Exit
from hyper.cli.urls import parse_url


def test_a_url_is_taken_apart() -> None:
    target = parse_url("https://Example.COM:8443/a/b?c=d#e")
    assert target.origin == ("https", "example.com", 8443), "host names have no case"
    assert target.authority == "example.com:8443"
    assert target.path == "/a/b?c=d", "a fragment is the client's own (RFC 9110 §4.2.5)"
    assert target.name == "b"


@pytest.mark.parametrize(
    ("url", "authority", "port", "path"),
    [
        ("https://h", "h", 443, "/"),
        ("http://h", "h", 80, "/"),
        ("https://h:443/", "h", 443, "/"),
        ("http://h:443/", "h:443", 443, "/"),
        ("https://[::1]:8443/x", "[::1]:8443", 8443, "/x"),
        ("https://[0:0:0:0:0:0:0:1]", "[::1]", 443, "/"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "/"),
        ("https://h/ü?ü", "h", 443, "/%C3%BC?%C3%BC"),
        ("https://h/%2F%41", "h", 443, "/%2F%41"),
        ("https://h?q", "h", 443, "/?q"),
        ("https://h/../a", "h", 443, "/../a"),
        ('https://h/"<>', "h", 443, "/%22%3C%3E"),
    ],
)
def test_defaults_are_filled_in_and_the_rest_is_kept(
    url: str, authority: str, port: int, path: str
) -> None:
    target = parse_url(url)
    assert (target.authority, target.port, target.path) == (authority, port, path), (
        "RFC 9113 §8.3.1: and an empty path is sent as /"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "https://HOST"),
        ("example.com", "https://HOST"),
        ("ftp://example.com/", "https://HOST"),
        ("https:example.com", "https://HOST"),
        ("https:///path", "a host after ://"),
        ("https://h:99999/", "ort"),
        ("https://h:0/", "a port of 1 to 65535"),
        ("https://h:x/", "ort"),
        ("https://[::1/", "IPv6"),
        ("https://[::g]/", "IPv6"),
        ("https://a b/", "no spaces"),
        ("https://h/\x1b[2J", "no spaces or control characters"),
        ("https://h/a\nb", "no spaces or control characters"),
        ("https://h!/", "a host name"),
        ("https://" + "ü" * 70 + "/", "IDNA"),
    ],
)
def test_what_is_no_url_is_refused_with_what_was_expected(url: str, expected: str) -> None:
    with pytest.raises(CommandError, match=expected) as caught:
        parse_url(url)
    assert caught.value.code is Exit.USAGE
    assert str(caught.value).isprintable(), "the message is one line, and obeys no terminal"


def test_a_password_is_refused_and_not_shown() -> None:
    with pytest.raises(CommandError) as caught:
        parse_url("https://user:hunter2@example.com/")
    assert "hunter2" not in str(caught.value), "error lines end up in logs"
