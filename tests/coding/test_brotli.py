"""br by each of the three bindings: the same content, and a step that holds."""

from types import SimpleNamespace

import pytest

from hyper.coding import CorruptContent, DecodeLimits, TrailingContent, decode, encode
from hyper.coding.brotli import as_brotli
from tests.support.coded import BINDINGS, GENEROUS, MIB, TEXT, coded, registry_with

HERE = [name for name in BINDINGS if registry_with(name).backend("br")]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("writer", HERE)
def test_what_one_binding_writes_all_read(name: str, writer: str) -> None:
    data = encode(TEXT, "br", registry=registry_with(writer))
    assert decode(data, "br", registry=registry_with(name)) == TEXT


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("max_length", [1, 1000, 32_751, 32_752, 32_753, 48_000])
def test_no_step_is_larger_than_what_was_asked_for(name: str, max_length: int) -> None:
    stage = registry_with(name).stage("br")
    content = bytes(max_length * 5 + 3)
    pieces = [stage.decompress(encode(content, "br"), max_length)]
    while not stage.eof:
        pieces.append(stage.decompress(b"", max_length))
    assert max(map(len, pieces)) <= max_length, "brotli gives 32,752 bytes where 1 is asked for"
    assert b"".join(pieces) == content, "and nothing of them is lost"


@pytest.mark.parametrize("name", HERE)
def test_a_bomb_goes_by_in_steps(name: str) -> None:
    data = coded(bytes(16 * MIB), ["br"], 5)
    stage = registry_with(name).stage("br")
    made = len(stage.decompress(data, 48_000))
    while not stage.eof:
        made += len(stage.decompress(b"", 48_000))
    assert made == 16 * MIB


@pytest.mark.parametrize("name", HERE)
def test_what_comes_behind_the_end_is_refused_by_all(name: str) -> None:
    # Only hyper-brotli tells it from the stream; the others call the whole corrupt.
    with pytest.raises((TrailingContent, CorruptContent)):
        decode(encode(TEXT, "br") + b"more", "br", GENEROUS, registry_with(name))


def test_a_binding_whose_decoder_has_no_limit_is_none() -> None:
    old = SimpleNamespace(Decompressor=SimpleNamespace(process=len), error=ValueError)
    assert as_brotli(old) is None, "256 MiB of one call are no step"
    assert as_brotli(None) is None, "nor is what is not there"


def test_a_small_step_is_kept_by_a_binding_that_gives_more() -> None:
    limits = DecodeLimits(step=1024)
    for name in HERE:
        assert decode(encode(TEXT, "br"), "br", limits, registry_with(name)) == TEXT, name
