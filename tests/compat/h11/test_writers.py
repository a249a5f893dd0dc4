"""Writers of parts of messages, beside those of h11."""

from typing import Any

import h11._writers as peer
import pytest

import hyper.compat.h11._writers as ours
from tests.support.h11_ends import OURS, THEIRS

HOST_LAST = [("X-A", "1"), ("hOST", "a"), ("B", "2")]
SECTION: dict[str, Any] = {"headers": HOST_LAST}
EVENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("write_request", "Request", {"method": "GET", "target": "/", **SECTION}),
    (
        "write_request",
        "Request",
        {"method": "GET", "target": "/", **SECTION, "http_version": "1.0"},
    ),
    ("write_any_response", "Response", {"status_code": 200, "reason": "OK", **SECTION}),
    ("write_any_response", "Response", {"status_code": 200, **SECTION}),
    ("write_any_response", "InformationalResponse", {"status_code": 103, **SECTION}),
    ("write_any_response", "Response", {"status_code": 200, **SECTION, "http_version": "1.0"}),
]
BODIES: list[list[tuple[str, dict[str, Any]]]] = [
    [("Data", {"data": b"abc"}), ("EndOfMessage", {})],
    [("Data", {"data": b""}), ("Data", {"data": b"ab"}), ("EndOfMessage", {})],
    [("Data", {"data": b"abcd"})],
    [("Data", {"data": b"abc"}), ("EndOfMessage", {"headers": [("A", "b")]})],
    [("EndOfMessage", {})],
]
KINDS = [("ContentLengthWriter", (3,)), ("ChunkedWriter", ()), ("Http10Writer", ())]


def written(call: Any, *events: object) -> object:
    said: list[bytes] = []
    try:
        for event in events:
            call(event, said.append)
    except Exception as error:
        return b"".join(said), type(error).__name__
    return b"".join(said)


@pytest.mark.parametrize(("writer", "name", "arguments"), EVENTS)
def test_a_head_is_written_as_by_h11(writer: str, name: str, arguments: dict[str, Any]) -> None:
    mine = written(getattr(ours, writer), getattr(OURS, name)(**arguments))
    assert mine == written(getattr(peer, writer), getattr(THEIRS, name)(**arguments))


@pytest.mark.parametrize(("kind", "arguments"), KINDS)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_is_written_as_by_h11(
    kind: str, arguments: tuple[int, ...], body: list[tuple[str, dict[str, Any]]]
) -> None:
    results = []
    for module, events in ((ours, OURS), (peer, THEIRS)):
        writer = getattr(module, kind)(*arguments)
        results.append(written(writer, *(getattr(events, name)(**parts) for name, parts in body)))
    assert results[0] == results[1]


def test_what_is_no_part_of_a_body_is_not_written() -> None:
    with pytest.raises(AssertionError):
        ours.ChunkedWriter()(OURS.ConnectionClosed(), print)


def test_the_table_has_a_writer_for_each_place_that_h11_has_one_for() -> None:
    assert {repr(key) for key in peer.WRITERS} == {repr(key) for key in ours.WRITERS}
