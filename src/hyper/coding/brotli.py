"""br, by whichever binding to libbrotli is there (RFC 7932).

hyper-brotli keeps every limit.  brotlicffi does too, and copies its input.  brotli gives 32 KiB
where less is asked for: the rest of a piece waits here.  Versions of the two without any limit
cannot be made safe, and are not used.

Not here: whether one is installed; see `registry`.
"""

from typing import Final, Protocol, cast

from hyper.coding.errors import CorruptContent

# 4 MiB less 16 bytes: what libbrotli takes by itself, and what every reader has room for.
_WINDOW: Final = 22


class _Decompressor(Protocol):
    def process(self, data: bytes, output_buffer_limit: int) -> bytes: ...
    def is_finished(self) -> bool: ...
    def can_accept_more_data(self) -> bool: ...


class _Compressor(Protocol):
    def process(self, data: bytes) -> bytes: ...
    def flush(self) -> bytes: ...
    def finish(self) -> bytes: ...


class _MakeCompressor(Protocol):
    def __call__(self, *, quality: int, lgwin: int) -> _Compressor: ...


class _MakeDecompressor(Protocol):
    def __call__(self) -> _Decompressor: ...


class Brotli(Protocol):
    """The part of a binding that is used here; all three have it."""

    Decompressor: _MakeDecompressor
    Compressor: _MakeCompressor
    error: type[Exception]


class BrotliStage:
    """br: one stream."""

    __slots__ = ("_decompressor", "_exact", "_fault", "_made", "_more", "_unused")

    members: Final = 1

    def __init__(self, module: Brotli, *, exact: bool) -> None:
        self._decompressor = module.Decompressor()
        self._fault = module.error
        # Whether a limit is kept to the byte.  Where it is not, the least overshoots least.
        self._exact = exact
        self._more = False
        self._made = b""
        self._unused = b""

    @property
    def eof(self) -> bool:
        return not self._made and self._decompressor.is_finished()

    @property
    def needs_input(self) -> bool:
        if self._made or self._more or self._decompressor.is_finished():
            return False
        return self._decompressor.can_accept_more_data()

    @property
    def unused_data(self) -> bytes:
        # Only ours tells what came with the end of the stream; the others call it corrupt.
        with_the_end: bytes = getattr(self._decompressor, "unused_data", b"")
        return with_the_end + self._unused

    def decompress(self, data: bytes, max_length: int) -> bytes:
        made = self._made
        if not made:
            if self._decompressor.is_finished():
                self._unused += data
                return b""
            limit = max_length if self._exact else 1
            try:
                made = self._decompressor.process(data, output_buffer_limit=limit)
            except self._fault as error:
                raise CorruptContent("br", str(error)) from None
            # brotli says nothing of output that waits inside: behind a piece there may be another.
            self._more = not self._exact and made != b""
        if len(made) <= max_length:
            self._made = b""
            return made
        self._made = made[max_length:]
        return made[:max_length]


class BrotliPacker:
    """br in one stream."""

    __slots__ = ("_compressor",)

    def __init__(self, module: Brotli, quality: int) -> None:
        self._compressor = module.Compressor(quality=quality, lgwin=_WINDOW)

    def compress(self, data: bytes) -> bytes:
        return self._compressor.process(data)

    def flush(self) -> bytes:
        return self._compressor.flush()

    def finish(self) -> bytes:
        return self._compressor.finish()


def as_brotli(module: object) -> Brotli | None:
    """`module` if it is a binding whose decoder can be limited, whatever else has its name."""
    decompressor = getattr(module, "Decompressor", None)
    if decompressor is not None and hasattr(decompressor, "can_accept_more_data"):
        return cast("Brotli", module)
    return None
