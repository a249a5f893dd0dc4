"""`-X` and `-H`: what becomes of them, and what has no place there."""

import pytest

from hyper import __version__
from hyper.cli.errors import CommandError, Exit
from hyper.cli.request import parse_fields
from hyper.coding import accept_encoding
from hyper.wire import Field, SensitiveField

AGENT: Field = (b"user-agent", b"hyper/" + __version__.encode())
ACCEPT: Field = (b"accept", b"*/*")


def test_without_any_line_there_are_defaults() -> None:
    head = parse_fields("GET", [], form=False)
    assert list(head.fields) == [AGENT, ACCEPT]
    assert head.authority is None, "the URL says where"


def test_names_are_lower_case_and_values_trimmed() -> None:
    head = parse_fields("GET", ["X-One:  1 ", "x-one: 2"], form=False)
    # RFC 9113 §8.2.1: upper case is malformed.
    assert list(head.fields)[2:] == [(b"x-one", b"1"), (b"x-one", b"2")], "both lines are sent"


def test_a_line_takes_the_place_of_a_default() -> None:
    head = parse_fields("GET", ["Accept: text/html"], form=False)
    assert [field for field in head.fields if field[0] == b"accept"] == [(b"accept", b"text/html")]


def test_a_name_without_a_value_takes_the_default_away() -> None:
    assert list(parse_fields("GET", ["User-Agent:"], form=False).fields) == [ACCEPT]


def test_a_semicolon_sends_an_empty_value() -> None:
    assert (b"x-empty", b"") in parse_fields("GET", ["X-Empty;"], form=False).fields


def test_a_body_is_a_form_unless_a_line_says_otherwise() -> None:
    form = (b"content-type", b"application/x-www-form-urlencoded")
    assert form in parse_fields("POST", [], form=True).fields
    head = parse_fields("POST", ["Content-Type: application/json"], form=True)
    assert form not in head.fields
    assert (b"content-type", b"application/json") in head.fields


def test_host_is_the_authority() -> None:
    head = parse_fields("GET", ["Host: other.example:1"], form=False)
    assert head.authority == "other.example:1"
    assert all(field[0] != b"host" for field in head.fields), "RFC 9113 §8.3.1: not both"


def test_credentials_are_kept_out_of_the_compression_table() -> None:
    head = parse_fields("GET", ["Authorization: Bearer x"], form=False)
    found = [field for field in head.fields if field[0] == b"authorization"]
    assert isinstance(found[0], SensitiveField)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no colon", "expected 'name: value'"),
        ("Connection: close", "connection is the connection's to say"),
        ("Keep-Alive: 5", "keep-alive is the connection's to say"),
        ("Proxy-Connection: close", "proxy-connection is the connection's to say"),
        ("Transfer-Encoding: chunked", "transfer-encoding is the connection's to say"),
        ("Upgrade: h2c", "upgrade is the connection's to say"),
        ("TE: gzip", "te can only be 'trailers'"),
        ("Content-Length: 5", "content-length is counted"),
        (":path: /x", "an empty field name"),
        ("na me: x", "byte 0x20 in the field name"),
        ("name: a\nb", "byte 0x0a in a field value"),
        ("näme: x", "byte 0xc3 in the field name"),
    ],
)
def test_a_line_that_cannot_be_sent_is_refused(line: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as caught:
        parse_fields("GET", [line], form=False)
    assert caught.value.code is Exit.USAGE


def test_te_trailers_is_allowed() -> None:
    assert (b"te", b"trailers") in parse_fields("GET", ["TE: trailers"], form=False).fields


@pytest.mark.parametrize("method", ["", "GE T", "GET\n", "CONNECT"])
def test_what_is_no_method_for_a_url_is_refused(method: str) -> None:
    with pytest.raises(CommandError, match="-X"):
        parse_fields(method, [], form=False)


def test_codings_are_asked_for_unless_a_line_names_others() -> None:
    fields = dict(parse_fields("GET", [], form=False, compressed=True).fields)
    assert fields[b"accept-encoding"] == accept_encoding(), "all that can be taken off"
    line = "Accept-Encoding: gzip;q=0.5"
    fields = dict(parse_fields("GET", [line], form=False, compressed=True).fields)
    assert fields[b"accept-encoding"] == b"gzip;q=0.5"
    assert b"accept-encoding" not in dict(parse_fields("GET", [], form=False).fields)
