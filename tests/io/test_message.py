"""Heads as applications see and make them."""

from hyper.io._mailbox import Mailbox
from hyper.io._message import (
    Message,
    default_authority,
    made,
    request_fields,
    response_fields,
)


def test_a_message_shows_its_fields() -> None:
    box = Mailbox(5, [(b":method", b"GET"), (b":path", b"/\xff"), (b"a", b"1"), (b"a", b"2")])
    message = Message(box)
    assert message.stream_id == 5, "its stream"
    assert message.fields == [(b"a", b"1"), (b"a", b"2")], "regular fields in order"
    assert message.field(b"a") == b"1", "the first of several"
    assert message.field(b"b") is None, "none"
    assert message.pseudo(b":path") == "/\xff", "every byte is one character"
    assert message.pseudo(b":protocol") == "", "none"
    assert message.trailers is None, "none yet"
    box.trailers = [(b"x", b"1")]
    assert message.trailers == [(b"x", b"1")], "now"


def test_a_request_has_its_pseudo_fields_first() -> None:
    assert request_fields("GET", "https", "a:1", "/p", [(b"x", b"1")]) == [
        (b":method", b"GET"),
        (b":scheme", b"https"),
        (b":authority", b"a:1"),
        (b":path", b"/p"),
        (b"x", b"1"),
    ], "RFC 9113 §8.3.1"
    assert request_fields("CONNECT", "https", "a:1", "", ()) == [
        (b":method", b"CONNECT"),
        (b":authority", b"a:1"),
    ], "RFC 9113 §8.5: neither scheme nor path"


def test_a_length_is_announced_where_it_may_be() -> None:
    assert response_fields(200, (), 5) == [(b"content-length", b"5")], "it is known"
    given = [(b"content-length", b"7")]
    assert response_fields(200, given, 5) is given, "the handler knows better: a HEAD, a range"
    assert response_fields(204, (), 0) == (), "RFC 9110 §8.6: never with 204"
    assert response_fields(304, (), 0) == (), "nor a wrong one with 304"


def test_an_authority_is_written_as_in_a_uri() -> None:
    assert default_authority("a.example", 443, secure=True) == "a.example", "the default port"
    assert default_authority("a.example", 80, secure=False) == "a.example", "of either scheme"
    assert default_authority("a.example", 443, secure=False) == "a.example:443", "but not crosswise"
    assert default_authority("::1", 8443, secure=True) == "[::1]:8443", "RFC 3986 §3.2.2"


def test_trailers_may_be_made() -> None:
    assert made([(b"a", b"1")]) == [(b"a", b"1")], "there already"
    assert made(lambda: [(b"a", b"2")]) == [(b"a", b"2")], "made now"
