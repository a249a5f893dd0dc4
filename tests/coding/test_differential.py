"""Against the libraries themselves: what they read and write, we read and write."""

import bz2
import gzip
import zlib
from collections.abc import Callable

import brotli
import brotlicffi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.coding import CodingError, DecodeLimits, decode, encode
from tests.support.coded import CONTENTS, ZSTD

LIMITS = DecodeLimits(ratio=1e9, total=1e8)


def zstd_decompress(data: bytes) -> bytes:
    """A single frame, by the library."""
    decompressor = ZSTD.ZstdDecompressor(options={})
    made = decompressor.decompress(data, -1)
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("not a single frame")
    return made


def zstd_compress(data: bytes) -> bytes:
    packer = ZSTD.ZstdCompressor(options={})
    return packer.compress(data, 0) + packer.flush(2)


Peer = tuple[str, Callable[[bytes], bytes], Callable[[bytes], bytes], type[Exception]]

PEERS: dict[str, Peer] = {
    "gzip": ("gzip", gzip.compress, gzip.decompress, Exception),
    "zlib": ("deflate", zlib.compress, zlib.decompress, zlib.error),
    "brotli": ("br", brotli.compress, brotli.decompress, brotli.error),
    "brotlicffi": ("br", brotlicffi.compress, brotlicffi.decompress, brotlicffi.error),
    "zstd": ("zstd", zstd_compress, zstd_decompress, Exception),
}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("name", CONTENTS)
def test_each_reads_what_the_other_writes(peer: str, name: str) -> None:
    coding, compress, decompress, _ = PEERS[peer]
    content = CONTENTS[name][:30_000]
    assert decode(compress(content), coding, LIMITS) == content, "we read them"
    assert decompress(encode(content, coding)) == content, "they read us"


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer not in {"gzip", "brotlicffi"}])
@given(data=st.data())
def test_what_one_refuses_the_other_refuses(peer: str, data: st.DataObject) -> None:
    coding, compress, decompress, fault = PEERS[peer]
    whole = bytearray(compress(data.draw(st.binary(max_size=200))))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    broken = bytes(whole)
    try:
        theirs: bytes | None = decompress(broken)
    except fault:
        theirs = None
    try:
        ours: bytes | None = decode(broken, coding, LIMITS)
    except CodingError:
        ours = None
    if theirs is None and ours is not None:
        # zlib.decompress takes one format alone: a broken header may begin bare data.
        bare = coding == "deflate" and zlib.decompressobj(-15).decompress(broken) == ours
        # The library reads one frame; more of them, and skipped ones, are ours to read.
        assert bare or coding == "zstd", "they refuse what we read"
        return
    if ours is None and theirs is not None and coding == "zstd":
        # RFC 8878 §3.1.1.1.2: the window of a frame; RFC 9659 §3 has it at 8 MiB at most.
        assert 10 + (broken[5] >> 3) >= 23, "we refuse what they read"
        return
    assert ours == theirs


def test_a_coding_of_another_kind_is_none() -> None:
    for data in (
        bz2.compress(b"x"),
        gzip.compress(b"x"),
        zlib.compress(b"x"),
        brotli.compress(b"x"),
    ):
        read = [coding for coding, *_ in PEERS.values() if _reads(data, coding)]
        assert len(set(read)) <= 1, "what one coding is, no other is"


def _reads(data: bytes, coding: str) -> bool:
    try:
        return decode(data, coding) == b"x"
    except CodingError:
        return False
