"""zstd: frames one after the other, and windows that every reader can hold."""

from types import SimpleNamespace

import pytest

from hyper.coding import CorruptContent, DecodeLimits, decode
from hyper.coding.zstd import ZstdPacker, as_zstd
from tests.support.coded import MIB, TEXT, ZSTD, wide_zstd


def test_a_window_of_8_mib_is_taken_and_a_larger_one_refused() -> None:
    limits = DecodeLimits(ratio=1e9)
    assert len(decode(wide_zstd(9 * MIB, 23), "zstd", limits)) == 9 * MIB, "RFC 9659 §3"
    with pytest.raises(CorruptContent, match="too much memory"):
        decode(wide_zstd(17 * MIB, 24), "zstd", limits)


@pytest.mark.parametrize("level", [1, 3, 20])
def test_what_is_packed_asks_for_no_larger_window(level: int) -> None:
    packer = ZstdPacker(ZSTD, level)
    data = packer.compress(TEXT) + packer.flush() + packer.finish()
    # RFC 8878 §3.1.1.1.2: the byte behind the frame's description; its upper five bits are the log.
    assert data[4] & 0x20 == 0, "a window is told, since the size is not known"
    assert 10 + (data[5] >> 3) <= 23, "8 MiB at most, RFC 9659 §3"
    assert decode(data, "zstd") == TEXT


def test_what_only_has_the_name_is_not_taken_for_it() -> None:
    assert as_zstd(SimpleNamespace(decompress=len)) is None, "some other module of that name"
    assert as_zstd(None) is None, "or none at all"
