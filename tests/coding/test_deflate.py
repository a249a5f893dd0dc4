"""deflate in both forms, and gzip in any number of members."""

import gzip
import zlib

import pytest

from hyper.coding import CorruptContent
from hyper.coding.deflate import DeflatePacker, DeflateStage, gzip_stage
from tests.support.coded import TEXT, bare_deflate


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("bits", range(9, 16))
def test_deflate_is_known_by_its_first_bytes(level: int, bits: int) -> None:
    for wrapped in (bits, -bits):
        packer = zlib.compressobj(level, zlib.DEFLATED, wrapped)
        data = packer.compress(TEXT) + packer.flush()
        stage = DeflateStage()
        assert stage.decompress(data, len(TEXT)) == TEXT, f"level {level}, window {wrapped}"


def test_the_first_byte_alone_decides_nothing() -> None:
    for data in (zlib.compress(TEXT), bare_deflate(TEXT)):
        stage = DeflateStage()
        assert stage.decompress(data[:1], 100) == b"", "it takes two"
        assert stage.needs_input, "and asks for the other"
        assert stage.decompress(data[1:], len(TEXT)) == TEXT


def test_a_check_sum_that_is_wrong_is_corrupt() -> None:
    data = bytearray(zlib.compress(TEXT))
    data[-1] ^= 1
    with pytest.raises(CorruptContent, match=r"deflate.*incorrect data check"):
        DeflateStage().decompress(bytes(data), len(TEXT) + 1)
    data = bytearray(gzip.compress(TEXT))
    data[-1] ^= 1
    with pytest.raises(CorruptContent, match=r"gzip.*incorrect length check"):
        gzip_stage().decompress(bytes(data), len(TEXT) + 1)


def test_zlib_with_a_dictionary_is_corrupt() -> None:
    packer = zlib.compressobj(zdict=b"green bottles")
    data = packer.compress(TEXT) + packer.flush()
    with pytest.raises(CorruptContent, match="deflate"):
        DeflateStage().decompress(data, 100)


def test_a_member_with_a_name_and_all_else_is_read() -> None:
    header = b"\x1f\x8b\x08\x1e" + bytes(6)  # FHCRC, FEXTRA, FNAME, FCOMMENT
    header += b"\x03\x00abc" + b"name\0" + b"comment\0"
    header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    data = header + gzip.compress(TEXT)[10:]
    assert gzip_stage().decompress(data, len(TEXT)) == TEXT, "RFC 1952 §2.3"


@pytest.mark.parametrize("level", [1, 6, 9])
def test_what_is_packed_is_the_same_every_time(level: int) -> None:
    packers = [DeflatePacker(level, gzip=True) for _ in range(2)]
    first, second = (packer.compress(TEXT) + packer.finish() for packer in packers)
    assert first == second, "no time is in it"
    assert gzip.decompress(first) == TEXT


def test_deflate_is_packed_in_the_zlib_format() -> None:
    packer = DeflatePacker(6, gzip=False)
    data = packer.compress(TEXT) + packer.finish()
    assert zlib.decompress(data) == TEXT, "RFC 9110 §8.4.1.2"
