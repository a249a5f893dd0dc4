"""Content in codings: samples, bombs, and how a reader takes them in."""

import zlib
from collections.abc import Iterable, Sequence
from importlib import import_module

from hyper.coding import (
    DEFAULT_LIMITS,
    DEFAULT_REGISTRY,
    DecodeLimits,
    Decoder,
    Registry,
    available,
    encode,
)
from hyper.coding.registry import installed
from hyper.coding.zstd import Zstd, as_zstd
from hyper.wire import Buffer

KIB = 1024
MIB = KIB * KIB

TEXT = b"".join(b"%d green bottles hanging on the wall,\n" % n for n in range(5000))
NOISE = bytes((n * n * 7919 + n * 31) >> 7 & 0xFF for n in range(100_000))

CONTENTS = {
    "nothing": b"",
    "a byte": b"x",
    "a line": TEXT[:40],
    "text": TEXT,
    "noise": NOISE,
    "zeros": bytes(100_000),
}

GENEROUS = DecodeLimits(total=2.0**40, ratio=2.0**40, members=10**9)
"""Limits that nothing in a test goes over."""

CODINGS = available()

BINDINGS = ("hyper_brotli", "brotlicffi", "brotli")
"""The libraries for br, the best first."""


def _zstd() -> Zstd:
    found = DEFAULT_REGISTRY.backend("zstd")
    assert found is not None, "the extra `test` brings a library for zstd"
    module = as_zstd(import_module(found))
    assert module is not None, f"{found} is what it seems"
    return module


ZSTD = _zstd()


def registry_with(*modules: str) -> Registry:
    """The registry of a Python where only these libraries are installed."""

    def find(name: str) -> object | None:
        return installed(name) if name in modules else None

    return Registry(find)


def bare_deflate(content: bytes) -> bytes:
    """deflate without the zlib format around it, as some servers send it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def coded(content: bytes, codings: Iterable[str], level: int | None = None) -> bytes:
    """`content` in one coding after the other."""
    for coding in codings:
        content = encode(content, coding, level=level)
    return content


def wide_zstd(size: int, window_log: int) -> bytes:
    """`size` zeros in a zstd frame that asks for a window of that size."""
    parameter = ZSTD.CompressionParameter
    packer = ZSTD.ZstdCompressor(options={parameter.window_log: window_log})
    parts = [packer.compress(bytes(MIB), 0) for _ in range(size // MIB)]
    return b"".join([*parts, packer.flush(2)])


def cut(data: bytes, size: int) -> list[bytes]:
    """`data` in pieces of `size`."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def taken(
    decoder: Decoder,
    pieces: Iterable[Buffer],
    max_length: int = -1,
    made: list[bytes] | None = None,
) -> list[bytes]:
    """What a decoder makes of pieces, each taken to its end; then the message is over.

    It is put into `made` as it comes: there it is also when an error ends it.
    """
    made = [] if made is None else made
    for piece in pieces:
        made.append(decoder.decompress(piece, max_length))
        while not (decoder.needs_input or decoder.eof):
            made.append(decoder.decompress(b"", max_length))
    decoder.finish()
    return made


def size_taken(
    data: bytes,
    codings: str | Sequence[str],
    limits: DecodeLimits = DEFAULT_LIMITS,
    registry: Registry = DEFAULT_REGISTRY,
) -> int:
    """How much content there is; none of it is kept."""
    decoder = Decoder(codings, limits, registry)
    size = len(decoder.decompress(data))
    while not (decoder.needs_input or decoder.eof):
        size += len(decoder.decompress())
    decoder.finish()
    return size
