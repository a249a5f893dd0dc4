"""Bytes to Brotli: a stream in steps, or all of it at once (RFC 7932)."""

from enum import IntEnum
from threading import Lock
from typing import TYPE_CHECKING, Final

from hyper_brotli._native import ffi, lib
from hyper_brotli._shots import new_shot, shots
from hyper_brotli.errors import BrotliError, InUse

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hyper_brotli._native import View


class BrotliEncoderMode(IntEnum):
    """What the encoder may assume of its input."""

    GENERIC = 0
    """Nothing."""
    TEXT = 1
    """It is text in UTF-8."""
    FONT = 2
    """It is a font of WOFF 2.0."""


MODE_GENERIC: Final = BrotliEncoderMode.GENERIC
MODE_TEXT: Final = BrotliEncoderMode.TEXT
MODE_FONT: Final = BrotliEncoderMode.FONT

DEFAULT_MODE: Final = MODE_GENERIC
DEFAULT_QUALITY: Final = 11
DEFAULT_LGWIN: Final = 22
DEFAULT_LGBLOCK: Final = 0

# BrotliEncoderOperation of libbrotli.
_PROCESS: Final = 0
_FLUSH: Final = 1
_FINISH: Final = 2

# What the garbage collector of PyPy shall think of an encoder.
_WEIGHT: Final = 1 << 20

# Memory that is not set to zero first: all that is read of it was written before.
_room_for: Final = ffi.new_allocator(should_clear_after_alloc=False)
_buffer: Final = ffi.buffer

# Looked up once, as in `_decode`.
_whole: Final = lib.hb_compress
_SCRATCH: Final = lib.HB_SCRATCH
_READABLE: Final = (bytes, ffi.CData)

# So much input that its stream fits into the scratch, at any quality from 2 on.
_SMALL: Final = 60_000


def compress(
    data: "Buffer",
    mode: int = DEFAULT_MODE,
    quality: int = DEFAULT_QUALITY,
    lgwin: int = DEFAULT_LGWIN,
    lgblock: int = DEFAULT_LGBLOCK,
) -> bytes:
    """`data` as a whole Brotli stream.

    `quality` is 0 (fast) to 11 (small); `lgwin` the logarithm of the window's size, 10 to 24;
    `lgblock` that of a block of input, 16 to 24, or 0 to let the encoder choose.  What is out of
    range raises `BrotliError`.
    """
    if type(data) is not bytes and not isinstance(data, _READABLE):
        with ffi.from_buffer(data) as view:
            return compress(view, mode, quality, lgwin, lgblock)
    size = len(data)
    if size > _SMALL:
        return _compress(data, mode, quality, lgwin, lgblock)
    try:
        shot = shots.pop()
    except IndexError:
        shot = new_shot()
    try:
        made = _whole(mode, quality, lgwin, lgblock, data, size, shot[2], _SCRATCH)
        if made >= 0:
            return shot[1][:made]
    except OverflowError:
        pass  # no C number is so large, and no parameter: what it is says `_check`
    finally:
        shots.append(shot)
    return _compress(data, mode, quality, lgwin, lgblock)


def _compress(data: "bytes | View", mode: int, quality: int, lgwin: int, lgblock: int) -> bytes:
    """What does not fit into the scratch, or is wrong."""
    _check(mode, quality, lgwin, lgblock)
    size = len(data)
    room = lib.hb_compress_bound(size)
    while True:
        with _room_for("uint8_t[]", room) as large:
            made = _whole(mode, quality, lgwin, lgblock, data, size, large, room)
            if made >= 0:
                return _buffer(large, made)[:]
        if made != lib.HB_NO_ROOM:
            raise MemoryError
        room *= 2


class Compressor:
    """A Brotli stream, encoded in steps; the parameters are those of `compress`.

    One thread at a time: a call while another is at work raises `InUse` and does nothing.  The
    memory of the encoder, up to some tens of MiB at quality 9 and more, is freed by `finish`.
    """

    __slots__ = ("_encoder", "_finished", "_lock")

    def __init__(
        self,
        mode: int = DEFAULT_MODE,
        quality: int = DEFAULT_QUALITY,
        lgwin: int = DEFAULT_LGWIN,
        lgblock: int = DEFAULT_LGBLOCK,
    ) -> None:
        """Begin a stream; raises `BrotliError` for a parameter that is out of range."""
        _check(mode, quality, lgwin, lgblock)
        encoder = lib.hb_encoder_new(mode, quality, lgwin, lgblock)
        if encoder == ffi.NULL:
            raise MemoryError
        self._encoder = ffi.gc(encoder, lib.hb_encoder_free, _WEIGHT)
        self._finished = False
        self._lock = Lock()

    def process(self, data: "Buffer") -> bytes:
        """Take `data` in; what there is of output, which may be nothing for long."""
        return self._call(_PROCESS, data)

    def compress(self, data: "Buffer") -> bytes:
        """`process`, by the name that brotlipy and brotlicffi have for it."""
        return self._call(_PROCESS, data)

    def flush(self) -> bytes:
        """So much output that all of the input so far can be decoded from it."""
        return self._call(_FLUSH, b"")

    def finish(self) -> bytes:
        """The rest of the output.  The stream has ended; finishing again yields nothing."""
        return self._call(_FINISH, b"")

    def _call(self, operation: int, data: "Buffer") -> bytes:
        if not self._lock.acquire(blocking=False):
            raise InUse("this Compressor is at work in another thread")
        try:
            if self._finished:
                if operation == _FINISH:
                    return b""
                raise BrotliError("expected a stream that goes on, got one that was finished")
            if isinstance(data, bytes):
                return self._steps(operation, data)
            with ffi.from_buffer(data) as view:
                return self._steps(operation, view)
        finally:
            self._lock.release()

    def _steps(self, operation: int, data: "bytes | View") -> bytes:
        encoder, start, end = self._encoder, 0, len(data)
        made = b""
        pieces: list[bytes] = []
        while True:
            status = lib.hb_encoder_run(encoder, operation, data, start, end)
            if encoder.out_size:
                made = _buffer(encoder.out, encoder.out_size)[:]
                pieces.append(made)
            if status != lib.HB_AGAIN:
                break
            start = encoder.consumed
        if status == lib.HB_FAILED:
            # The parameters and the order of calls are right: there is nothing else it could be.
            raise MemoryError("libbrotli: the encoder failed")
        if status == lib.HB_DONE:
            self._finished = True
            ffi.release(encoder)
        return made if len(pieces) == 1 else b"".join(pieces)


def _check(mode: int, quality: int, lgwin: int, lgblock: int) -> None:
    """Raise for a parameter that is out of range."""
    if mode not in (0, 1, 2):
        raise BrotliError(f"expected a mode of 0, 1 or 2, got {mode!r}")
    if not 0 <= quality <= 11:
        raise BrotliError(f"expected a quality of 0 to 11, got {quality}")
    if not 10 <= lgwin <= 24:
        raise BrotliError(f"expected an lgwin of 10 to 24, got {lgwin}")
    if lgblock and not 16 <= lgblock <= 24:
        raise BrotliError(f"expected an lgblock of 0 or 16 to 24, got {lgblock}")
