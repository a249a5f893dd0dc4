"""Chunk lines, and what they may cost (RFC 9112 §7.1)."""

import pytest

from hyper.h1.chunked import ChunkLine, Overhead, is_extension, read_chunk_line


def read(line: bytes, *, whitespace: bool = False) -> tuple[int, bytes] | None:
    found = read_chunk_line(line, whitespace)
    return (found.size, found.extension) if isinstance(found, ChunkLine) else None


@pytest.mark.parametrize(
    ("line", "size", "extension"),
    [
        (b"0", 0, b""),
        (b"5", 5, b""),
        (b"a", 10, b""),
        (b"FfF", 0xFFF, b""),
        (b"000005", 5, b""),
        (b"7fffffffffffffff", 2**63 - 1, b""),
        (b"5;a", 5, b";a"),
        (b"5;a=b", 5, b";a=b"),
        (b"5;a=b;c", 5, b";a=b;c"),
        (b'5;a="b c"', 5, b';a="b c"'),
        (b'5;a="b\\"c"', 5, b';a="b\\"c"'),
        (b'5;a=""', 5, b';a=""'),
        (b'5;a="\xe9"', 5, b';a="\xe9"'),
        (b"5;dead=beef", 5, b";dead=beef"),
    ],
)
def test_a_chunk_line_is_a_size_and_perhaps_extensions(
    line: bytes, size: int, extension: bytes
) -> None:
    assert read(line) == (size, extension)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" 5",
        b"5 ",
        b"\t5",
        b"+5",
        b"-5",
        b"0x5",
        b"0X5",
        b"5_0",
        b"5h",
        b"g",
        b"5;",
        b"5;;a",
        b"5;a=",
        b"5;a= b",
        b"5 ;a",
        b"5; a",
        b'5;a="b',
        b'5;a="b"c',
        b'5;a="\n"',
        b"5;a\x00b",
        b"5;a\rb",
        b"5;a\nb",
        b"5;a\x7f",
        b"5,5",
        b";a",
        b"\xd9\xa5",
        b"8000000000000000",
        b"ffffffffffffffff",
        b"00000000000000005",
        b"5\r",
        b"5\n",
    ],
)
def test_whoever_reads_a_size_otherwise_reads_other_chunks(line: bytes) -> None:
    assert read(line) is None, "RFC 9112 §7.1: chunk-size = 1*HEXDIG, and no overflow"


@pytest.mark.parametrize(
    ("line", "size"),
    [(b"5 ", 5), (b"5 ;a", 5), (b"5; a", 5), (b"5\t;\ta\t=\tb\t", 5), (b'5;a = "b"', 5)],
)
def test_white_space_passes_where_it_is_let(line: bytes, size: int) -> None:
    found = read(line, whitespace=True)
    assert found is not None, "RFC 9112 §7.1.1: BWS"
    assert found[0] == size


@pytest.mark.parametrize("line", [b" 5", b"5 5", b"5 a", b"5;", b"5 ; ", b"5;a=\n"])
def test_white_space_that_is_let_pass_is_not_anything(line: bytes) -> None:
    assert read(line, whitespace=True) is None


@pytest.mark.parametrize("extension", [b";a", b";a=b", b';a="b;c"', b";a;b=c"])
def test_an_extension_can_be_said(extension: bytes) -> None:
    assert is_extension(extension)


@pytest.mark.parametrize("extension", [b"", b"a", b";", b";a\r\n", b";a=b\n", b" ;a", b'; a="'])
def test_what_is_no_extension_cannot(extension: bytes) -> None:
    assert not is_extension(extension), "a value must not end the line"


def test_the_size_of_any_chunk_is_free() -> None:
    overhead = Overhead()
    for _ in range(100_000):
        assert overhead.spend(16, 1, 0), "one byte a chunk is slow, and honest"


def test_extensions_are_paid_for_by_content() -> None:
    overhead = Overhead()
    assert overhead.spend(16 + 100, 0, 100)
    assert not overhead.spend(16 + 1, 0, 100), "CVE-2023-39326"
    assert overhead.spend(16, 50, 100)
    assert overhead.spend(16 + 25, 0, 100), "half of the content has paid"
    assert not overhead.spend(16 + 1, 0, 100)


def test_what_was_refused_is_not_counted() -> None:
    overhead = Overhead()
    for _ in range(3):
        assert not overhead.spend(200, 0, 100)
    assert overhead.spend(116, 0, 100), "the same line is looked at twice, and counts once"
