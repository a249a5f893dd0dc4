"""deflate and gzip, by zlib (RFC 9110 §8.4.1.2, §8.4.1.3; RFC 1950, 1951, 1952).

Not here: limits.  What is decoded is as large as the caller asks for.
"""

import zlib
from typing import Final

from hyper.coding.errors import CorruptContent
from hyper.coding.members import MemberStage

# zlib's ways of saying which frame is around the data: none, its own, gzip's.
_RAW: Final = -15
_ZLIB: Final = 15
_GZIP: Final = 31

# RFC 1952 §2.3.1: the first of the two bytes that identify a member.
_FIRSTS: Final = frozenset([0x1F])


class _Inflater:
    """zlib's decompressor, that also knows whether it has more without input."""

    __slots__ = ("_coding", "_full", "_tail", "_zlib")

    def __init__(self, coding: str, frame: int) -> None:
        self._coding = coding
        self._zlib = zlib.decompressobj(frame)
        self._tail = b""
        self._full = False

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not (self._tail or self._full or self._zlib.eof)

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            made = self._zlib.decompress(self._tail or data, max_length)
        except zlib.error as error:
            raise CorruptContent(self._coding, str(error)) from None
        self._tail = self._zlib.unconsumed_tail
        # zlib says nothing of output that waits inside: a full step may have more behind it.
        self._full = len(made) == max_length
        return made


class DeflateStage:
    """deflate: in the zlib format, or in the bare one that some servers send for it.

    RFC 9110 §8.4.1.2: some non-conformant implementations send the "deflate" compressed data
    without the zlib wrapper.  The first two bytes tell which it is: those of zlib are a check of
    themselves, and no encoder begins bare data with such a pair.
    """

    __slots__ = ("_first", "_inflater")

    members: Final = 1

    def __init__(self) -> None:
        self._first = b""
        self._inflater: _Inflater | None = None

    @property
    def eof(self) -> bool:
        return self._inflater is not None and self._inflater.eof

    @property
    def needs_input(self) -> bool:
        return self._inflater is None or self._inflater.needs_input

    @property
    def unused_data(self) -> bytes:
        return b"" if self._inflater is None else self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._inflater is None:
            data = self._first + data
            if len(data) < 2:
                self._first = data
                return b""
            self._inflater = _Inflater("deflate", _ZLIB if _begins_zlib(data) else _RAW)
        return self._inflater.decompress(data, max_length)


def gzip_stage() -> MemberStage:
    """gzip: any number of members, one after the other (RFC 1952 §2.2)."""
    return MemberStage(lambda: _Inflater("gzip", _GZIP), _FIRSTS)


class DeflatePacker:
    """deflate in the zlib format, or gzip without a name or a time, so that it can be repeated."""

    __slots__ = ("_zlib",)

    def __init__(self, level: int, *, gzip: bool) -> None:
        self._zlib = zlib.compressobj(level, zlib.DEFLATED, _GZIP if gzip else _ZLIB)

    def compress(self, data: bytes) -> bytes:
        return self._zlib.compress(data)

    def flush(self) -> bytes:
        return self._zlib.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._zlib.flush(zlib.Z_FINISH)


def _begins_zlib(data: bytes) -> bool:
    # RFC 1950 §2.2: CM is 8, CINFO at most 7, and the two bytes are a multiple of 31.
    return data[0] & 0x8F == 0x08 and (data[0] << 8 | data[1]) % 31 == 0
