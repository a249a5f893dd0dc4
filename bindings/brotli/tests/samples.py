"""Streams to decode, and content to encode, of kinds that take different ways through the code."""

import hyper_brotli

TEXT = b"".join(
    b"%d bottles of beer on the wall, %d bottles of beer.\n" % (n, n) for n in range(9999)
)
NOISE = bytes((n * n * 7919 + n * 31) >> 7 & 0xFF for n in range(200_000))

CONTENTS = {
    "nothing": b"",
    "one byte": b"x",
    "a line": TEXT[:52],
    "text below the scratch": TEXT[:60_000],
    "text above the scratch": TEXT,
    "noise": NOISE,
    "zeros": bytes(3_000_000),
}


def stream(content: bytes, lgwin: int = 22) -> bytes:
    """`content` as a stream, quickly."""
    return hyper_brotli.compress(content, quality=4, lgwin=lgwin)


def bomb(size: int, lgwin: int = 22) -> bytes:
    """A short stream that stands for `size` zeros."""
    return hyper_brotli.compress(bytes(size), quality=9, lgwin=lgwin)
