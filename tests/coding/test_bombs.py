"""Bombs of every coding: whatever comes, a call holds no more than twice its step."""

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

import hyper
from hyper.coding import DEFAULT_REGISTRY, DecodeLimitExceeded, DecodeLimits, Decoder, Registry
from tests.support.coded import (
    BINDINGS,
    CODINGS,
    GENEROUS,
    KIB,
    MIB,
    TEXT,
    coded,
    registry_with,
    size_taken,
    taken,
    wide_zstd,
)

SIZE = 24 * MIB
ZEROS = bytes(SIZE)

BOMBS: dict[str, tuple[bytes, Sequence[str]]] = {
    coding: (coded(ZEROS, [coding]), [coding]) for coding in CODINGS
}
BOMBS["zstd with a window of 8 MiB"] = wide_zstd(SIZE, 23), ["zstd"]
BOMBS["gzip in gzip"] = coded(ZEROS, ["gzip", "gzip"]), ["gzip", "gzip"]
BOMBS["five times gzip"] = coded(ZEROS, ["gzip"] * 5), ["gzip"] * 5
BOMBS["all of them"] = coded(ZEROS, CODINGS), CODINGS
BOMBS["text, again and again"] = coded(TEXT * 100, ["zstd", "br"]), ["zstd", "br"]


def fixed(chain: Sequence[str]) -> int:
    """What does not grow with the step: objects, and what zlib keeps, which Python counts."""
    return 6 * KIB + sum(41 * KIB for coding in chain if coding in {"gzip", "deflate"})


def peak_of(data: bytes, chain: Sequence[str], limits: DecodeLimits, registry: Registry) -> int:
    """The most memory that Python knows of, at one time, while a bomb goes by."""
    size_taken(coded(b"x", chain), chain)  # what is loaded at the first use is not counted
    gc.collect()
    tracemalloc.start()
    try:
        decoder = Decoder(chain, limits, registry)
        decoder.decompress(data)
        # Every step is like the other: enough of them tell.
        for _ in range(200):
            if decoder.eof or decoder.needs_input:
                break
            decoder.decompress()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lifted(step: int) -> DecodeLimits:
    """No limit but the step."""
    return DecodeLimits(
        step=step, total=GENEROUS.total, ratio=GENEROUS.ratio, members=GENEROUS.members
    )


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("step", [4 * KIB, 64 * KIB, MIB])
def test_a_bomb_is_never_more_than_twice_a_step(name: str, step: int) -> None:
    data, chain = BOMBS[name]
    peak = peak_of(data, chain, lifted(step), DEFAULT_REGISTRY)
    assert peak <= 2 * step + fixed(chain), f"{peak} bytes at a step of {step}"


@pytest.mark.parametrize("binding", BINDINGS)
def test_a_bomb_in_br_is_held_by_every_binding(binding: str) -> None:
    registry = registry_with(binding)
    if registry.backend("br") is None:
        assert binding == "hyper_brotli", "the others come with the extra `test`"
        return
    data, chain = BOMBS["br"]
    peak = peak_of(data, chain, lifted(64 * KIB), registry)
    assert peak <= 2 * 64 * KIB + fixed(chain), f"{peak} bytes by {binding}"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_while_it_is_small(name: str) -> None:
    data, chain = BOMBS[name]
    if name == "text, again and again":
        assert size_taken(data, chain, lifted(64 * KIB)) == 100 * len(TEXT), "too small for one"
        data = coded(TEXT * 400, chain)
    made: list[bytes] = []
    with pytest.raises(DecodeLimitExceeded) as caught:
        taken(Decoder(chain), [data], made=made)
    assert caught.value.limit == "ratio", "that is what makes it a bomb"
    assert sum(map(len, made)) <= 12 * MIB, "most of it was never made"


# Run by an interpreter of its own: what this one has held once, it may hold still.
HELD = """
import resource, sys
from hyper.coding import DecodeLimits, Decoder
codings = sys.argv[1].split(",")
data = open(sys.argv[2], "rb").read()
limits = DecodeLimits(total=2.0**40, ratio=2.0**40)
def size_taken(data):
    decoder = Decoder(codings, limits)
    size = len(decoder.decompress(data))
    while not (decoder.eof or decoder.needs_input):
        size += len(decoder.decompress())
    return size
size_taken(open(sys.argv[3], "rb").read())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert size_taken(data) > 2**24
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""

# What the libraries hold beside the steps: the window that the bomb asks for, and their tables.
WINDOWS = {"gzip": MIB, "deflate": MIB, "br": 5 * MIB, "zstd with a window of 8 MiB": 10 * MIB}


@pytest.mark.parametrize("name", WINDOWS)
def test_the_process_grows_by_two_steps_and_a_window(name: str, tmp_path: Path) -> None:
    data, chain = BOMBS[name]
    bomb, small = tmp_path / "bomb", tmp_path / "small"
    bomb.write_bytes(data)
    small.write_bytes(coded(b"x", chain))
    done = subprocess.run(
        [sys.executable, "-c", HELD, ",".join(chain), bomb, small],
        env={"PYTHONPATH": str(Path(hyper.__file__).resolve().parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    grown = int(done.stdout) * KIB
    assert grown <= 2 * 64 * KIB + WINDOWS[name], f"24 MiB made the process grow by {grown} bytes"
