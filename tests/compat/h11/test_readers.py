"""Readers of parts of messages, beside those of h11."""

from typing import Any

import h11._readers as peer
import h11._receivebuffer
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hyper.compat.h11._readers as ours
from hyper.compat.h11 import Data
from hyper.compat.h11._receivebuffer import ReceiveBuffer
from tests.support.h11_ends import shown

BODIES = st.lists(
    st.sampled_from(
        [
            b"3\r\nabc\r\n",
            b"a;x=y\r\n0123456789\r\n",
            b"0\r\n\r\n",
            b"0\r\nA: b\r\n\r\n",
            b"x\r\n",
            b"3\r\nabcd\r\n",
            b"3\nabc\n",
            b"F" * 21 + b"\r\n",
            b"1 \r\na\r\n",
            b"0\r\n a: b\r\n\r\n",
        ]
    ),
    max_size=4,
).map(b"".join)


def brief(event: Any) -> object:
    if type(event).__name__ == "Data":
        return bytes(event.data), event.chunk_end
    return shown(event)


def test_a_chunk_starts_where_it_starts_whatever_the_cut() -> None:
    for cut in range(1, 5):
        reader, buffer = ours.ChunkedReader(), ReceiveBuffer()
        pieces = []
        for octets in (b"3\r\nabc"[:cut], b"3\r\nabc"[cut:]):
            buffer += octets
            while (event := reader(buffer)) is not None:
                pieces.append(event)
        first = pieces[0]
        assert isinstance(first, Data)
        assert first.chunk_start, "h11 forgets it where the line of the chunk comes by itself"


def read(reader: Any, buffer: Any, octets: bytes, cuts: list[int]) -> list[object]:
    """All that a reader makes of a body that comes in pieces."""
    told: list[object] = []
    start = 0
    for cut in [*sorted(cuts), len(octets)]:
        buffer += octets[start : max(start, cut)]
        start = max(start, cut)
        while True:
            try:
                event = reader(buffer)
            except Exception as error:
                return [*told, type(error).__name__]
            if event is None:
                break
            # `chunk_start` is lost by h11 when the line of a chunk comes by itself.
            told.append(brief(event))
            if type(event).__name__ == "EndOfMessage":
                return told
    try:
        told.append(shown(reader.read_eof()))
    except Exception as error:
        told.append(type(error).__name__)
    return told


@given(BODIES, st.lists(st.integers(0, 40), max_size=5))
def test_chunks_are_read_as_by_h11(body: bytes, cuts: list[int]) -> None:
    mine = read(ours.ChunkedReader(), ReceiveBuffer(), body, cuts)
    theirs = read(peer.ChunkedReader(), h11._receivebuffer.ReceiveBuffer(), body, cuts)
    assert mine == theirs


@given(st.binary(max_size=12), st.integers(0, 10), st.lists(st.integers(0, 12), max_size=4))
def test_content_by_length_and_to_the_end_is_read_as_by_h11(
    body: bytes, length: int, cuts: list[int]
) -> None:
    assert read(ours.ContentLengthReader(length), ReceiveBuffer(), body, cuts) == read(
        peer.ContentLengthReader(length), h11._receivebuffer.ReceiveBuffer(), body, cuts
    )
    assert read(ours.Http10Reader(), ReceiveBuffer(), body, cuts) == read(
        peer.Http10Reader(), h11._receivebuffer.ReceiveBuffer(), body, cuts
    )


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("maybe_read_from_IDLE_client", b"GET / HTTP/1.1\r\nHost: a\r\n\r\nmore"),
        ("maybe_read_from_IDLE_client", b"GET / HTTP/1.1\r\nHost: a\r\n"),
        ("maybe_read_from_IDLE_client", b"\r\n"),
        ("maybe_read_from_IDLE_client", b"\x00"),
        ("maybe_read_from_IDLE_client", b"no\r\n\r\n"),
        ("maybe_read_from_SEND_RESPONSE_server", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nmore"),
        ("maybe_read_from_SEND_RESPONSE_server", b"HTTP/1.1 103 Early\r\n\r\n"),
        ("maybe_read_from_SEND_RESPONSE_server", b"HTTP/1.1 200 OK"),
        ("maybe_read_from_SEND_RESPONSE_server", b"\r\n"),
        ("maybe_read_from_SEND_RESPONSE_server", b" "),
        ("maybe_read_from_SEND_RESPONSE_server", b"no\r\n\r\n"),
        ("expect_nothing", b""),
        ("expect_nothing", b"x"),
    ],
)
def test_a_head_or_nothing_is_read_as_by_h11(name: str, octets: bytes) -> None:
    results = []
    buffers: list[tuple[Any, Any]] = [
        (ours, ReceiveBuffer()),
        (peer, h11._receivebuffer.ReceiveBuffer()),
    ]
    for module, buffer in buffers:
        buffer.__iadd__(octets)
        try:
            event = getattr(module, name)(buffer)
            results.append((None if event is None else shown(event), bytes(buffer)))
        except Exception as error:
            results.append((type(error).__name__, b""))
    assert results[0] == results[1]


def test_folded_lines_are_joined_as_by_h11() -> None:
    lines = [b"a: b", b" c", b"\td", b"e: f"]
    assert list(ours._obsolete_line_fold(lines)) == list(peer._obsolete_line_fold(lines))
    for module in (ours, peer):
        with pytest.raises(Exception, match=r"."):
            list(module._obsolete_line_fold([b" first"]))


def test_the_table_has_a_reader_for_each_place_that_h11_has_one_for() -> None:
    mine: Any = {repr(key): value for key, value in ours.READERS.items()}
    theirs: Any = {repr(key): value for key, value in peer.READERS.items()}
    assert set(theirs) <= set(mine) | {"(CLIENT, SEND_BODY)"}
    assert list(mine["SEND_BODY"]) == list(theirs["SEND_BODY"])
