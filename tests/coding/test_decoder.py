"""Content is decoded whole or refused: missing, broken, trailing, too much, each has its name."""

from math import inf
from typing import TYPE_CHECKING

import pytest

from hyper.coding import (
    CodingError,
    CorruptContent,
    DecodeLimitExceeded,
    DecodeLimits,
    Decoder,
    TrailingContent,
    TruncatedContent,
    UnknownCoding,
    decode,
    encode,
)
from hyper.wire import LocalProtocolError
from tests.support.coded import (
    CODINGS,
    CONTENTS,
    MIB,
    NOISE,
    TEXT,
    coded,
    cut,
    size_taken,
    taken,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CHAINS = [[coding] for coding in CODINGS] + [
    ["gzip", "br"],
    ["br", "gzip"],
    ["deflate", "zstd"],
    ["gzip", "gzip", "gzip", "gzip", "gzip"],
    list(CODINGS),
]


@pytest.mark.parametrize("chain", CHAINS, ids=" then ".join)
@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("size", [1, 100, 10**9])
def test_content_comes_out_as_it_went_in(chain: list[str], name: str, size: int) -> None:
    content = CONTENTS[name][:20_000] if size == 1 else CONTENTS[name]
    decoder = Decoder(chain)
    assert b"".join(taken(decoder, cut(coded(content, chain), size))) == content
    assert decoder.eof, "and is whole"


@pytest.mark.parametrize("chain", CHAINS, ids=" then ".join)
@pytest.mark.parametrize("max_length", [1, 1000, 10**9])
def test_a_call_returns_no_more_than_it_was_asked_for(chain: list[str], max_length: int) -> None:
    content = TEXT[: 300 * max_length]
    for step in (1024, 65_536):
        limits = DecodeLimits(step=step)
        made = taken(Decoder(chain, limits), [coded(content, chain)], max_length)
        assert max(map(len, made)) <= min(max_length, step), "and never more than a step"
        assert b"".join(made) == content


def test_no_coding_leaves_content_as_it_is() -> None:
    for codings in ([], ["identity"], "identity"):
        decoder = Decoder(codings)
        assert b"".join(taken(decoder, cut(TEXT, 100_000))) == TEXT
    with pytest.raises(DecodeLimitExceeded, match="total"):
        decode(TEXT, "identity", DecodeLimits(total=1000))


def test_a_coding_that_nobody_knows_is_refused_at_once() -> None:
    with pytest.raises(UnknownCoding, match="got 'compress'"):
        Decoder(["gzip", "compress"])


def test_a_length_of_nothing_takes_the_input_and_gives_nothing() -> None:
    decoder = Decoder("gzip")
    assert decoder.decompress(encode(b"x", "gzip"), 0) == b"", "no room"
    assert not decoder.needs_input, "what came is still here"
    assert decoder.decompress() == b"x", "and comes out when there is room"


def test_input_may_come_before_the_output_at_hand_is_taken() -> None:
    data = encode(TEXT, "gzip")
    decoder = Decoder("gzip")
    made = [decoder.decompress(piece, 10) for piece in cut(data, 1000)]
    while not decoder.eof:
        made.append(decoder.decompress())
    assert b"".join(made) == TEXT, "it waits for its turn"


@pytest.mark.parametrize("chain", CHAINS, ids=" then ".join)
def test_content_that_ends_too_early_is_truncated(chain: list[str]) -> None:
    data = coded(TEXT, chain)
    for part in (b"", data[:1], data[:100], data[:-1]):
        decoder = Decoder(chain)
        with pytest.raises(TruncatedContent) as caught:
            taken(decoder, [part])
        assert caught.value.taken == len(part), "it says how far it came"
        with pytest.raises(TruncatedContent):
            decoder.finish()


@pytest.mark.parametrize("coding", CODINGS)
def test_content_whose_inner_coding_ends_too_early_is_truncated(coding: str) -> None:
    data = encode(encode(TEXT, coding)[:-1], "gzip")
    with pytest.raises(TruncatedContent, match=f"in {coding}"):
        decode(data, [coding, "gzip"])


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [10, 10**9])
def test_what_follows_the_content_is_refused_after_the_content(coding: str, size: int) -> None:
    decoder, made = Decoder(coding), list[bytes]()
    with pytest.raises(TrailingContent) as caught:
        taken(decoder, cut(encode(TEXT, coding) + b"!more", size), made=made)
    assert b"".join(made) == TEXT, "nothing of it is lost"
    assert caught.value.trailing.startswith(b"!"), "what it is that trails"
    assert decoder.unused_data == caught.value.trailing, "by the standard library's name too"
    assert not decoder.eof, "there is no good end"
    for call in (decoder.decompress, decoder.finish):
        with pytest.raises(TrailingContent):
            call()


@pytest.mark.parametrize("coding", CODINGS)
def test_what_follows_an_inner_coding_is_refused(coding: str) -> None:
    data = encode(encode(TEXT, coding) + b"!", "deflate")
    with pytest.raises(TrailingContent, match=f"in {coding}, got b'!'"):
        decode(data, [coding, "deflate"])


@pytest.mark.parametrize("coding", CODINGS)
def test_content_that_is_something_else_is_corrupt_and_stays_so(coding: str) -> None:
    decoder = Decoder(coding)
    with pytest.raises(CorruptContent) as caught:
        decoder.decompress(b"<!doctype html>" * 10)
    assert caught.value.coding == coding
    assert not decoder.needs_input, "nothing can mend it"
    calls: list[Callable[[], object]] = [decoder.decompress, decoder.finish]
    for call in calls:
        with pytest.raises(CorruptContent):
            call()


def test_content_that_was_not_taken_is_not_finished() -> None:
    decoder = Decoder("gzip")
    decoder.decompress(encode(TEXT, "gzip"), 10)
    with pytest.raises(LocalProtocolError, match="expected the content to be taken first"):
        decoder.finish()
    assert decoder.decompress(b"", 10) == TEXT[10:20], "and nothing was changed by that"


def exceeded(data: bytes, chain: str | list[str], limits: DecodeLimits) -> DecodeLimitExceeded:
    with pytest.raises(DecodeLimitExceeded) as caught:
        size_taken(data, chain, limits)
    return caught.value


@pytest.mark.parametrize("coding", CODINGS)
def test_the_total_is_held(coding: str) -> None:
    data = encode(TEXT, coding)
    assert size_taken(data, coding, DecodeLimits(total=len(TEXT))) == len(TEXT), "as much as that"
    error = exceeded(data, coding, DecodeLimits(total=len(TEXT) - 1))
    assert (error.limit, error.allowed) == ("total", len(TEXT) - 1), "one byte more is too much"
    assert error.came > error.allowed, "what came is told"


@pytest.mark.parametrize("coding", CODINGS)
def test_the_ratio_is_held_once_the_allowance_is_used(coding: str) -> None:
    data = encode(bytes(4 * MIB), coding)
    error = exceeded(data, coding, DecodeLimits())
    assert error.limit == "ratio", "zeros are a bomb"
    assert error.came > error.allowed == 200, "and by how much"
    allowed = DecodeLimits(ratio_after=4 * MIB)
    assert size_taken(data, coding, allowed) == 4 * MIB, "an allowance is allowed"


def test_text_is_no_bomb() -> None:
    page = b"<tr><td></td><td></td></tr>\n" * 30_000
    for coding in CODINGS:
        assert decode(encode(page, coding), coding) == page, "a page of empty rows is a page"


def test_a_bomb_within_is_held_though_nothing_comes_out() -> None:
    # Inside: a gzip member without content whose name is 4 MiB long.
    inner = b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * (4 * MIB) + b"\0" + encode(b"", "gzip")[10:]
    assert decode(inner, "gzip") == b"", "not a byte of content"
    error = exceeded(encode(inner, "br"), ["gzip", "br"], DecodeLimits())
    assert error.limit == "ratio", "what a bomb becomes on the way counts too"
    error = exceeded(encode(inner, "br"), ["gzip", "br"], DecodeLimits(ratio=inf, total=MIB))
    assert error.limit == "total", "by whichever limit"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_without_end_are_held(coding: str) -> None:
    member = encode(b"", coding)
    assert decode(member * 100, coding) == b"", "some are nothing to speak of"
    error = exceeded(member * 10_000, coding, DecodeLimits())
    assert error.limit == "members", "thousands of nothing are"
    large = encode(NOISE[:2000], coding)
    assert size_taken(large * 1000, coding) == 2_000_000, "those of a KiB and more earn their keep"


def test_codings_upon_codings_are_held() -> None:
    five = ["gzip"] * 5
    assert decode(coded(TEXT, five), five) == TEXT, "as many as the limit says"
    with pytest.raises(DecodeLimitExceeded) as caught:
        Decoder(["gzip"] * 6)
    assert caught.value.limit == "codings", "one more is refused before anything is read"
    assert Decoder(["identity"] * 9).eof, "identity is none"


@pytest.mark.parametrize("coding", CODINGS)
def test_a_limit_once_exceeded_stays_exceeded(coding: str) -> None:
    decoder = Decoder(coding, DecodeLimits(total=100))
    calls: list[Callable[[], object]] = [
        lambda: decoder.decompress(encode(TEXT, coding)),
        decoder.decompress,
        decoder.finish,
    ]
    for call in calls:
        with pytest.raises(DecodeLimitExceeded):
            call()


def test_every_error_is_a_coding_error() -> None:
    for wrong in (b"", b"x" * 20, encode(TEXT, "gzip")[:-1], encode(TEXT, "gzip") + b"x"):
        with pytest.raises(CodingError):
            decode(wrong, "gzip")
