"""Any content, cut anywhere, in any kind of buffer; and other bindings read and write the same."""

import array
from collections.abc import Callable
from typing import TypeAlias

import brotli
import brotlicffi
from hypothesis import given
from hypothesis import strategies as st

import hyper_brotli
from hyper_brotli import BrotliError, Compressor, Decompressor

Buffer: TypeAlias = "bytes | bytearray | memoryview | array.array[int]"

# Runs that repeat, so that there is something to compress and sizes vary by far.
CONTENTS = st.lists(
    st.builds(lambda piece, times: piece * times, st.binary(max_size=50), st.integers(1, 3000)),
    max_size=8,
).map(b"".join)
QUALITIES = st.integers(0, 9)
WINDOWS = st.integers(10, 24)
BUFFERS = st.sampled_from(
    [
        bytes,
        bytearray,
        memoryview,
        lambda data: memoryview(b"-" + data)[1:],
        lambda data: array.array("B", data),
    ]
)


def pieces(data: st.DataObject, whole: bytes) -> list[bytes]:
    """`whole`, cut at places that Hypothesis chooses."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


def drained(decompressor: Decompressor, part: Buffer, limit: int | None) -> bytes:
    made = decompressor.process(part, limit)
    whole = [made]
    while not (decompressor.finished or decompressor.needs_input):
        whole.append(decompressor.process(b"", limit))
    assert limit is None or all(len(piece) <= limit for piece in whole), "each step keeps to it"
    return b"".join(whole)


@given(content=CONTENTS, quality=QUALITIES, lgwin=WINDOWS, wrap=BUFFERS, data=st.data())
def test_content_comes_out_as_it_went_in(
    content: bytes, quality: int, lgwin: int, wrap: Callable[[bytes], Buffer], data: st.DataObject
) -> None:
    compressor = Compressor(quality=quality, lgwin=lgwin)
    coded = b"".join(
        compressor.process(wrap(part)) + (compressor.flush() if data.draw(st.booleans()) else b"")
        for part in pieces(data, content)
    )
    coded += compressor.finish()
    # At one byte a step a megabyte takes a second.
    limit = data.draw(st.none() | st.integers(max(1, len(content) // 200), len(content) + 1))
    decompressor = Decompressor()
    made = b"".join(drained(decompressor, wrap(p), limit) for p in pieces(data, coded) if p)
    assert made == content, "in steps"
    assert decompressor.finished, "to the end"
    assert hyper_brotli.decompress(wrap(coded), len(content)) == content, "at once"


@given(content=CONTENTS, quality=QUALITIES, lgwin=WINDOWS)
def test_the_other_bindings_read_what_we_write(content: bytes, quality: int, lgwin: int) -> None:
    coded = hyper_brotli.compress(content, quality=quality, lgwin=lgwin)
    assert brotli.decompress(coded) == content, "brotli"
    assert brotlicffi.decompress(coded) == content, "brotlicffi"


@given(content=CONTENTS, quality=QUALITIES, lgwin=WINDOWS)
def test_we_read_what_the_other_bindings_write(content: bytes, quality: int, lgwin: int) -> None:
    for peer in (brotli, brotlicffi):
        coded = peer.compress(content, quality=quality, lgwin=lgwin)
        assert hyper_brotli.decompress(coded) == content, peer.__name__


@given(content=CONTENTS, data=st.data())
def test_what_one_refuses_the_others_refuse(content: bytes, data: st.DataObject) -> None:
    coded = bytearray(hyper_brotli.compress(content, quality=5))
    at = data.draw(st.integers(0, len(coded) - 1))
    coded[at] ^= 1 << data.draw(st.integers(0, 7))
    broken = bytes(coded)
    try:
        ours: bytes | None = hyper_brotli.decompress(broken, 1 << 24)
    except BrotliError:
        ours = None
    try:
        theirs: bytes | None = brotli.decompress(broken)
    except brotli.error:
        theirs = None
    assert ours == theirs, "the same streams are sound, and hold the same"
