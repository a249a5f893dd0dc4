"""Content codings taken off while a response comes."""

import pytest

from hyper.cli.unpacking import Unpacking
from hyper.coding import (
    CorruptContent,
    DecodeLimitExceeded,
    DecodeLimits,
    TrailingContent,
    TruncatedContent,
    UnknownCoding,
    available,
    encode,
)
from hyper.wire import Field

TEXT = b"so much to say, " * 40_000


def unpacked(
    fields: list[Field], octets: bytes, size: int = 1_000, limits: DecodeLimits | None = None
) -> list[bytes]:
    unpacking = Unpacking(fields, DecodeLimits() if limits is None else limits)
    pieces = [
        piece
        for at in range(0, len(octets), size)
        for piece in unpacking.pieces(octets[at : at + size])
    ]
    unpacking.finish()
    return pieces


@pytest.mark.parametrize("coding", available())
@pytest.mark.parametrize("size", [1, 1_000, 1_000_000])
def test_each_coding_is_taken_off_whatever_the_cut(coding: str, size: int) -> None:
    text = TEXT[:5_000] if size == 1 else TEXT
    pieces = unpacked([(b"content-encoding", coding.encode())], encode(text, coding), size)
    assert b"".join(pieces) == text
    assert max(map(len, pieces)) <= 65_536, "however much it becomes, it comes in steps"


def test_codings_over_each_other_come_off_in_their_order() -> None:
    octets = encode(encode(TEXT, "deflate"), "gzip")
    for fields in (
        [(b"content-encoding", b"deflate, gzip")],
        [(b"content-encoding", b"deflate"), (b"content-encoding", b"x-gzip")],
    ):
        assert b"".join(unpacked(fields, octets)) == TEXT, "RFC 9110 §8.4"


@pytest.mark.parametrize("fields", [[], [(b"content-encoding", b"identity")]])
def test_what_has_no_coding_is_passed_on_as_it_came(fields: list[Field]) -> None:
    assert unpacked(fields, TEXT, len(TEXT)) == [TEXT]


def test_where_nothing_came_there_is_nothing_to_take_off() -> None:
    assert unpacked([(b"content-encoding", b"gzip")], b"") == [], "HEAD, 204, 304"


def test_a_coding_that_is_not_here_is_told_before_anything_is_written() -> None:
    unpacking = Unpacking([(b"content-encoding", b"lzma")], DecodeLimits())
    with pytest.raises(UnknownCoding, match="lzma"):
        next(unpacking.pieces(b"x"))


def test_what_is_wrong_with_the_content_is_told() -> None:
    octets = encode(TEXT, "gzip")
    gzip: list[Field] = [(b"content-encoding", b"gzip")]
    with pytest.raises(TruncatedContent):
        unpacked(gzip, octets[:-1])
    with pytest.raises(TrailingContent):
        unpacked(gzip, octets + b"more")
    with pytest.raises(CorruptContent):
        unpacked(gzip, b"not this")


def test_a_bomb_is_stopped_at_its_limit() -> None:
    bomb = encode(bytes(50_000_000), "gzip")
    written: list[int] = []
    unpacking = Unpacking([(b"content-encoding", b"gzip")], DecodeLimits())
    with pytest.raises(DecodeLimitExceeded, match="200"):
        written.extend(map(len, unpacking.pieces(bomb)))
    assert sum(written) <= 12_000_000, "200 times what came, and a megabyte before that counts"
