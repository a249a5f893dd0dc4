"""Heads of HTTP/1.1 in the words of HTTP/2, and back (RFC 9113 §8.2.2, §8.3; RFC 9112 §3)."""

import pytest

from hyper import h1, h2
from hyper.http.heads import (
    has_length,
    interim_to,
    request_from,
    request_to,
    response_from,
    response_to,
)
from hyper.wire import Field, LocalProtocolError

HOST: Field = (b"host", b"example.org")


def told(method: bytes, target: bytes, fields: list[Field]) -> list[Field]:
    """The head that a server is told of."""
    return list(request_from(h1.Request(1, method, target, fields), b"https").fields)


@pytest.mark.parametrize(
    ("method", "target", "fields", "pseudo"),
    [
        (b"GET", b"/a?b", [HOST], [b"https", b"example.org", b"/a?b"]),
        (b"OPTIONS", b"*", [HOST], [b"https", b"example.org", b"*"]),
        (b"GET", b"http://other.org/a", [HOST], [b"http", b"other.org", b"/a"]),
        (b"GET", b"HTTP://other.org", [HOST], [b"http", b"other.org", b"/"]),
        (b"GET", b"http://other.org?q=/", [HOST], [b"http", b"other.org", b"/?q=/"]),
        (b"OPTIONS", b"http://other.org:80", [HOST], [b"http", b"other.org:80", b"*"]),
        (b"GET", b"/", [], [b"https", None, b"/"]),
    ],
    ids=["origin", "asterisk", "absolute", "no path", "query alone", "options", "HTTP/1.0"],
)
def test_the_request_line_becomes_pseudo_fields(
    method: bytes, target: bytes, fields: list[Field], pseudo: list[bytes | None]
) -> None:
    names = (b":scheme", b":authority", b":path")
    expected = [(b":method", method)]
    expected += [
        (name, value) for name, value in zip(names, pseudo, strict=True) if value is not None
    ]
    assert told(method, target, fields) == expected, "RFC 9112 §3.2, RFC 9113 §8.3.1"


def test_connect_names_an_authority_and_nothing_else() -> None:
    assert told(b"CONNECT", b"example.org:443", [HOST]) == [
        (b":method", b"CONNECT"),
        (b":authority", b"example.org:443"),
    ], "RFC 9113 §8.5: :scheme and :path MUST be omitted"


def test_what_is_for_the_connection_is_not_told() -> None:
    fields: list[Field] = [
        HOST,
        (b"connection", b"keep-alive, X-Hop"),
        (b"x-hop", b"1"),
        (b"keep-alive", b"timeout=5"),
        (b"proxy-connection", b"keep-alive"),
        (b"transfer-encoding", b"chunked"),
        (b"upgrade", b"h2c"),
        (b"te", b"trailers"),
        (b"accept", b"*/*"),
    ]
    assert told(b"GET", b"/", fields)[4:] == [(b"te", b"trailers"), (b"accept", b"*/*")], (
        "RFC 9113 §8.2.2, and RFC 9110 §7.6.1 for what Connection lists"
    )


def test_te_is_told_when_it_says_trailers_and_nothing_else() -> None:
    assert told(b"GET", b"/", [HOST, (b"te", b"Trailers")])[4:] == [(b"te", b"trailers")]
    assert told(b"GET", b"/", [HOST, (b"te", b"gzip")])[4:] == [], "RFC 9113 §8.2.2"


def test_connection_cannot_take_away_what_frames() -> None:
    fields: list[Field] = [
        HOST,
        (b"connection", b"content-length, close"),
        (b"content-length", b"3"),
    ]
    assert told(b"POST", b"/", fields)[4:] == [(b"content-length", b"3")], (
        "the engine has gone by it, and whoever reads on must see the same length"
    )


def test_a_response_gets_its_status() -> None:
    fields: list[Field] = [(b"connection", b"close"), (b"x", b"1"), (b"x", b"2")]
    assert response_from(404, fields) == [(b":status", b"404"), (b"x", b"1"), (b"x", b"2")], (
        "lines of one name stay apart and in order"
    )


GET: list[Field] = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"example.org"),
    (b":path", b"/a?b"),
]


def test_pseudo_fields_become_the_request_line() -> None:
    request = request_to(7, [*GET, (b"accept", b"*/*")], True, b"https")
    assert (request.stream_id, request.method, request.target) == (7, b"GET", b"/a?b")
    assert request.fields == [HOST, (b"accept", b"*/*")], "RFC 9110 §7.2: Host stands first"
    assert request.end_stream, "as it was said"


def test_a_scheme_that_is_not_the_connections_is_said_in_absolute_form() -> None:
    assert request_to(1, GET, True, b"http").target == b"https://example.org/a?b", "RFC 9112 §3.2.2"
    options = [(b":method", b"OPTIONS"), *GET[1:3], (b":path", b"*")]
    assert request_to(1, options, True, b"http").target == b"https://example.org", (
        "RFC 9112 §3.2.4: the server as a whole has no path"
    )
    assert request_to(1, options, True, b"https").target == b"*", "to the server itself"


def test_connect_has_an_authority_for_its_target() -> None:
    fields = [(b":method", b"CONNECT"), (b":authority", b"example.org:443")]
    request = request_to(1, fields, False, b"https")
    assert (request.method, request.target) == (b"CONNECT", b"example.org:443"), "RFC 9112 §3.2.3"
    assert request.fields == [(b"host", b"example.org:443")], "RFC 9110 §9.3.6"


def test_host_stands_in_for_an_authority_that_is_missing() -> None:
    request = request_to(1, [*GET[:2], GET[3], (b"x", b"1"), HOST], True, b"https")
    assert request.fields == [HOST, (b"x", b"1")], "once, and first"


def test_cookies_are_one_line_again() -> None:
    crumbs = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert request_to(1, [*GET, *crumbs], True, b"https").fields == [
        HOST,
        (b"cookie", b"a=1; b=2"),
    ], "RFC 9113 §8.2.3: before they leave HTTP/2"


def test_te_is_listed_in_connection() -> None:
    request = request_to(1, [*GET, (b"te", b"trailers")], True, b"https")
    assert request.fields[1:] == [(b"te", b"trailers"), (b"connection", b"te")], "RFC 9112 §7.4"


@pytest.mark.parametrize(
    "fields",
    [
        GET[1:],
        [*GET, (b":path", b"/")],
        [(b"x", b"1"), *GET],
        [*GET, (b":protocol", b"websocket")],
        [*GET, (b"te", b"gzip")],
        [*GET, (b"transfer-encoding", b"chunked")],
        [*GET, (b"keep-alive", b"1")],
    ],
    ids=["no method", "twice", "behind fields", "RFC 8441", "te", "framing", "connection"],
)
def test_a_request_that_http_2_could_not_say_is_refused(fields: list[Field]) -> None:
    with pytest.raises(LocalProtocolError, match="exchange 9: "):
        request_to(9, fields, True, b"https")


def test_a_response_takes_its_status_along() -> None:
    response = response_to(3, [(b":status", b"404"), (b"x", b"1")], True)
    assert response == h1.Response(3, 404, [(b"x", b"1")], True), "the engine adds the phrase"
    interim = interim_to(3, [(b":status", b"103"), (b"link", b"</a>")])
    assert interim == h1.InformationalResponse(3, 103, [(b"link", b"</a>")]), "and so does this"


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [(b":status", b"20")],
        [(b":status", b"2x0")],
        [(b":status", b"200"), (b":path", b"/")],
        [(b":status", b"200"), (b"connection", b"close")],
        [(b":status", b"200"), (b"te", b"x")],
    ],
    ids=["none", "two digits", "a letter", "another one", "connection", "te"],
)
def test_a_response_that_http_2_could_not_say_is_refused(fields: list[Field]) -> None:
    with pytest.raises(LocalProtocolError, match="exchange 9: "):
        response_to(9, fields, True)
    with pytest.raises(LocalProtocolError, match="exchange 9: "):
        interim_to(9, fields)


def test_what_is_said_is_told_alike() -> None:
    fields = [*GET, (b"accept", b"*/*"), (b"te", b"trailers"), (b"content-length", b"3")]
    said = h2.Request(5, fields)
    assert request_from(request_to(5, fields, False, b"https"), b"https") == said, (
        "there and back nothing has changed"
    )


def test_a_length_is_seen() -> None:
    assert has_length([*GET, (b"content-length", b"3")]), "it is there"
    assert not has_length(GET), "it is not"
