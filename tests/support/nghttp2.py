"""nghttp2's HPACK, the third opinion: its library through ctypes, where the machine has it."""

import ctypes
from ctypes.util import find_library
from struct import Struct
from typing import Final

from hyper.wire import Field, SensitiveField

_FINAL: Final = 0x01
_EMIT: Final = 0x02
_NO_INDEX: Final = 0x01


# `nghttp2_nv`: pointers to name and value, their lengths, flags.
_PAIR: Final = Struct("@PPNNB7x")


def _library() -> ctypes.CDLL | None:
    name = find_library("nghttp2")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.nghttp2_hd_inflate_hd2.restype = ctypes.c_ssize_t
    library.nghttp2_hd_inflate_hd2.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_int,
    ]
    for function in (
        library.nghttp2_hd_inflate_end_headers,
        library.nghttp2_hd_inflate_del,
        library.nghttp2_hd_deflate_del,
    ):
        function.argtypes = [ctypes.c_void_p]
    for function in (
        library.nghttp2_hd_inflate_change_table_size,
        library.nghttp2_hd_deflate_change_table_size,
    ):
        function.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    library.nghttp2_hd_deflate_hd.restype = ctypes.c_ssize_t
    library.nghttp2_hd_deflate_hd.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
        ctypes.c_size_t,
    ]
    return library


_LIBRARY: Final = _library()

ABSENT: Final = _LIBRARY is None
"""Whether there is no library to ask."""


class Refused(Exception):
    """nghttp2 does not take the block."""


class Inflater:
    """Its decoder, with a table of 4,096 octets."""

    def __init__(self) -> None:
        assert _LIBRARY is not None, "ask ABSENT first"
        self._library = _LIBRARY
        self._state = ctypes.c_void_p()
        assert self._library.nghttp2_hd_inflate_new(ctypes.byref(self._state)) == 0, "memory"

    def __del__(self) -> None:
        self._library.nghttp2_hd_inflate_del(self._state)

    def set_max_table_size(self, size: int) -> None:
        """Our SETTINGS_HEADER_TABLE_SIZE was acknowledged."""
        code = self._library.nghttp2_hd_inflate_change_table_size(self._state, size)
        assert code == 0, "between blocks"

    def decode(self, block: bytes) -> list[Field]:
        """The fields of a block; raises `Refused`."""
        octets = ctypes.create_string_buffer(block, len(block))
        at = 0
        pair = ctypes.create_string_buffer(_PAIR.size)
        flags = ctypes.c_int()
        fields: list[Field] = []
        while True:
            flags.value = 0
            used = self._library.nghttp2_hd_inflate_hd2(
                self._state,
                pair,
                ctypes.byref(flags),
                ctypes.addressof(octets) + at,
                len(block) - at,
                1,
            )
            if used < 0:
                raise Refused(str(used))
            at += used
            if flags.value & _EMIT:
                name_at, value_at, name_size, value_size, marks = _PAIR.unpack(pair)
                name = ctypes.string_at(name_at, name_size)
                value = ctypes.string_at(value_at, value_size)
                fields.append(SensitiveField(name, value) if marks & _NO_INDEX else (name, value))
            if flags.value & _FINAL:
                self._library.nghttp2_hd_inflate_end_headers(self._state)
                return fields


class Deflater:
    """Its encoder, with a table of at most 4,096 octets."""

    def __init__(self) -> None:
        assert _LIBRARY is not None, "ask ABSENT first"
        self._library = _LIBRARY
        self._state = ctypes.c_void_p()
        code = self._library.nghttp2_hd_deflate_new(
            ctypes.byref(self._state), ctypes.c_size_t(4096)
        )
        assert code == 0, "memory"

    def __del__(self) -> None:
        self._library.nghttp2_hd_deflate_del(self._state)

    def set_max_table_size(self, size: int) -> None:
        """The peer's SETTINGS_HEADER_TABLE_SIZE has come."""
        code = self._library.nghttp2_hd_deflate_change_table_size(self._state, size)
        assert code == 0, "memory"

    def encode(self, fields: list[Field]) -> bytes:
        """The block of the fields."""
        pairs = b""
        kept: list[ctypes.Array[ctypes.c_char]] = []
        room = 100
        for field in fields:
            name, value = (ctypes.create_string_buffer(text, len(text) + 1) for text in field)
            kept += name, value
            room += len(name) + len(value) + 40
            pairs += _PAIR.pack(
                ctypes.addressof(name),
                ctypes.addressof(value),
                len(field[0]),
                len(field[1]),
                _NO_INDEX if isinstance(field, SensitiveField) else 0,
            )
        octets = ctypes.create_string_buffer(room)
        size = self._library.nghttp2_hd_deflate_hd(self._state, octets, room, pairs, len(fields))
        assert size >= 0, f"nghttp2 cannot say it: {size}"
        return octets.raw[:size]
