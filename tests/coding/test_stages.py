"""Every coding behaves alike, whatever library does the work."""

import pytest

from hyper.coding import CorruptContent, Registry, encode
from hyper.coding.stages import Stage
from tests.support.coded import BINDINGS, CONTENTS, TEXT, bare_deflate, cut, registry_with

# How a stage is made and what is put into it: each coding, br by each library that is here.
WAYS: dict[str, tuple[Registry, str]] = {
    coding: (registry_with("compression.zstd", "backports.zstd"), coding)
    for coding in ("gzip", "deflate", "zstd")
}
WAYS["bare deflate"] = WAYS["deflate"]
WAYS |= {f"br by {name}": (registry_with(name), "br") for name in BINDINGS}

INSTALLED = [way for way, (registry, coding) in WAYS.items() if registry.backend(coding)]


def made(way: str) -> Stage:
    registry, coding = WAYS[way]
    return registry.stage(coding)


def packed(way: str, content: bytes) -> bytes:
    return bare_deflate(content) if way == "bare deflate" else encode(content, WAYS[way][1])


def all_of(stage: Stage, data: bytes, max_length: int) -> bytes:
    """What a stage makes of one piece."""
    out = [stage.decompress(data, max_length)]
    while not (stage.needs_input or stage.eof):
        out.append(stage.decompress(b"", max_length))
    assert all(len(piece) <= max_length for piece in out), "a step is never exceeded"
    return b"".join(out)


@pytest.mark.parametrize("way", INSTALLED)
@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("max_length", [1000, 48_000])
def test_content_comes_out_as_it_went_in(way: str, name: str, max_length: int) -> None:
    stage = made(way)
    assert (stage.needs_input, stage.eof) == (True, False), "nothing is not the end"
    pieces = cut(packed(way, CONTENTS[name]), 777)
    out = b"".join(all_of(stage, piece, max_length) for piece in pieces)
    assert out == CONTENTS[name], "nothing is lost between two steps"
    assert (stage.needs_input, stage.eof) == (False, True), "all of it is here"
    assert stage.unused_data == b"", "and nothing is left"


@pytest.mark.parametrize("way", INSTALLED)
def test_a_step_of_one_byte_is_a_step(way: str) -> None:
    stage = made(way)
    assert all_of(stage, packed(way, TEXT[:300]), 1) == TEXT[:300]


@pytest.mark.parametrize("way", INSTALLED)
def test_the_end_is_not_known_before_it_has_come(way: str) -> None:
    stage, data = made(way), packed(way, TEXT)
    for byte in cut(data[:-1], 1):
        all_of(stage, byte, 48_000)
        assert stage.needs_input, "there is more to come"
        assert not stage.eof, "and it is needed"
    all_of(stage, data[-1:], 48_000)
    assert stage.eof, "the last byte is the last"


@pytest.mark.parametrize("way", INSTALLED)
def test_noise_is_corrupt(way: str) -> None:
    coding = WAYS[way][1]
    with pytest.raises(CorruptContent, match=f"expected content in {coding}, got "):
        all_of(made(way), b"\xff" * 64, 1000)


@pytest.mark.parametrize(
    "way", [way for way in INSTALLED if way not in {"br by brotli", "br by brotlicffi"}]
)
def test_what_comes_behind_is_unused(way: str) -> None:
    stage = made(way)
    out = all_of(stage, packed(way, TEXT) + b"!", 48_000)
    if not stage.unused_data:
        out += stage.decompress(b"", 48_000)
    assert out == TEXT, "the content is not harmed by it"
    assert stage.unused_data == b"!", "and it is given back"


@pytest.mark.parametrize("way", INSTALLED)
def test_what_comes_after_the_end_is_unused(way: str) -> None:
    stage = made(way)
    all_of(stage, packed(way, TEXT), 48_000)
    assert stage.decompress(b"!", 48_000) == b"", "it is no content"
    assert stage.unused_data == b"!", "it is what it is"
