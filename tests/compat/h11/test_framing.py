"""How a message is framed and said."""

from typing import Any

import h11._connection as peer
import pytest

from hyper.compat.h11._framing import body_framing, keep_alive, listed, said_request, said_response
from hyper.compat.h11._headers import normalize_and_validate
from tests.support.h11_ends import OURS, THEIRS

FRAMINGS = [
    [], [("Content-Length", "5")], [("Transfer-Encoding", "chunked")],
    [("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
]  # fmt: skip


@pytest.mark.parametrize("headers", FRAMINGS)
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"CONNECT", b"POST"])
def test_a_body_is_framed_as_by_h11(method: bytes, headers: list[Any]) -> None:
    for status in (200, 204, 304, 404):
        parts: Any = {"status_code": status, "headers": headers}
        assert body_framing(method, OURS.Response(**parts)) == peer._body_framing(
            method, THEIRS.Response(**parts)
        )
    parts = {"method": method, "target": "/", "headers": [("Host", "a"), *headers]}
    assert body_framing(method, OURS.Request(**parts)) == peer._body_framing(
        method, THEIRS.Request(**parts)
    )


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize(
    "connection", [[], [("Connection", "close")], [("Connection", "a, Close")]]
)
def test_who_lets_another_exchange_follow_is_seen_as_by_h11(
    version: str, connection: list[Any]
) -> None:
    parts: Any = {"status_code": 200, "headers": connection, "http_version": version}
    assert keep_alive(OURS.Response(**parts)) is peer._keep_alive(THEIRS.Response(**parts))


def test_a_request_begins_with_host() -> None:
    section = normalize_and_validate([("A", "1"), ("hOst", "a"), ("B", "2")])
    assert said_request(section) == [(b"hOst", b"a"), (b"A", b"1"), (b"B", b"2")], "RFC 9110 §7.2"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("Upgrade", "ws")], [(b"Upgrade", b"ws"), (b"Connection", b"Upgrade")]),
        (
            [("Connection", "a"), ("TE", "trailers")],
            [(b"Connection", b"a, TE"), (b"TE", b"trailers")],
        ),
        (
            [("Connection", "Upgrade"), ("Upgrade", "ws")],
            [(b"Connection", b"Upgrade"), (b"Upgrade", b"ws")],
        ),
        ([("A", "b")], [(b"A", b"b")]),
    ],
)
def test_connection_lists_what_has_to_be_listed(headers: Any, expected: Any) -> None:
    assert listed(normalize_and_validate(headers)) == expected, "RFC 9110 §7.8, §10.1.4"


@pytest.mark.parametrize("headers", FRAMINGS)
@pytest.mark.parametrize("version", [b"1.1", b"1.0", None])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", None])
def test_a_response_says_how_it_ends(
    headers: list[Any], version: bytes | None, method: bytes | None
) -> None:
    event = OURS.Response(status_code=200, headers=headers)
    fields, chunked = said_response(event, method, version, True)
    names = [name.lower() for name, _ in fields]
    length = headers == FRAMINGS[1]
    modern = version == b"1.1"
    assert (b"content-length" in names) is length, "RFC 9112 §6.2: never beside Transfer-Encoding"
    assert (b"transfer-encoding" in names) is (modern and not length)
    assert chunked is (modern and not length and method != b"HEAD")
    closes = not modern and not length and method != b"HEAD"
    assert (b"connection" in names) is closes, "a client of HTTP/1.0 knows no chunks"
