"""Members follow each other, however they are cut; what is no member is no content."""

import pytest

from hyper.coding import DEFAULT_REGISTRY, encode
from hyper.coding.stages import Stage
from tests.support.coded import TEXT, cut

# RFC 8878 §3.1.2: a frame that every reader skips.
SKIPPED = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"aside"

PARTS = [TEXT[:1000], b"", TEXT[1000:]]
SEVERAL = {
    "gzip": (b"".join(encode(part, "gzip") for part in PARTS), 3),
    "zstd": (SKIPPED + b"".join(encode(part, "zstd") + SKIPPED for part in PARTS), 7),
}


def all_of(stage: Stage, data: bytes) -> bytes:
    out = stage.decompress(data, 10_000)
    while not (stage.needs_input or stage.eof):
        out += stage.decompress(b"", 10_000)
    return out


@pytest.mark.parametrize("coding", SEVERAL)
@pytest.mark.parametrize("size", [1, 50, 10**9])
def test_members_follow_each_other(coding: str, size: int) -> None:
    stage = DEFAULT_REGISTRY.stage(coding)
    data, members = SEVERAL[coding]
    assert b"".join(all_of(stage, piece) for piece in cut(data, size)) == TEXT
    assert stage.members == members, "each is counted"
    assert stage.eof, "all of them are whole"


@pytest.mark.parametrize("coding", SEVERAL)
def test_a_member_may_follow_when_the_content_seemed_whole(coding: str) -> None:
    stage = DEFAULT_REGISTRY.stage(coding)
    all_of(stage, encode(b"one", coding))
    assert (stage.needs_input, stage.eof) == (False, True), "it is whole"
    second = encode(b" two", coding)
    out = all_of(stage, second[:-1])
    assert (stage.needs_input, stage.eof) == (True, False), "what is missing is asked for"
    assert out + all_of(stage, second[-1:]) == b" two", "and it goes on"


@pytest.mark.parametrize("coding", SEVERAL)
def test_a_member_that_waits_is_not_unused(coding: str) -> None:
    stage = DEFAULT_REGISTRY.stage(coding)
    out = stage.decompress(encode(TEXT, coding) * 2 + b"!", len(TEXT) + 1)
    assert out == TEXT, "one member"
    assert not stage.eof, "another is here"
    assert not stage.needs_input, "all of it"
    assert stage.unused_data == b"", "and it will be used"
    assert all_of(stage, b"") == TEXT, "now"
    assert stage.unused_data == b"!", "but for what is none"
