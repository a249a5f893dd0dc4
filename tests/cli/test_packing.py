"""A file packed while it is sent."""

import asyncio
import threading
from io import BytesIO

import pytest

from hyper.cli.packing import INLINE, PIECE, Packing, Readable
from hyper.coding import available, decode

CONTENT = b"".join(b"<tr><td>%d</td></tr>\n" % number for number in range(20_000))


async def packed(source: Readable, coding: str) -> list[bytes]:
    packing = Packing(coding, lambda: None)
    return [piece async for piece in packing.pieces(source)]


@pytest.mark.parametrize("coding", available())
@pytest.mark.parametrize("size", [0, 1, INLINE, INLINE + 1, PIECE, PIECE + 1, len(CONTENT)])
def test_what_comes_out_is_what_went_in(coding: str, size: int) -> None:
    pieces = asyncio.run(packed(BytesIO(CONTENT[:size]), coding))
    assert decode(b"".join(pieces), coding) == CONTENT[:size]


def test_much_is_packed_in_a_thread_and_little_is_not() -> None:
    seen: list[str] = []

    class Watched(BytesIO):
        def read(self, count: int | None = -1) -> bytes:
            seen.append(threading.current_thread().name)
            return super().read(count)

    pieces = asyncio.run(packed(Watched(CONTENT), "gzip"))
    assert len(b"".join(pieces)) < len(CONTENT) // 4
    assert set(seen) == {"MainThread"}, "the file is read where it is closed"


def test_what_a_file_raises_is_raised() -> None:
    class Changed:
        def read(self, count: int) -> bytes:
            raise OSError(f"no {count} bytes")

    with pytest.raises(OSError, match="no 65536 bytes"):
        asyncio.run(packed(Changed(), "gzip"))


def test_its_end_is_told_once() -> None:
    ended: list[str] = []
    packing = Packing("gzip", lambda: ended.append("over"))
    packing.close()
    packing.close()
    assert ended == ["over"]
