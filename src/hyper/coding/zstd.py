"""zstd, by the standard library (3.14) or backports.zstd (RFC 8878, RFC 9659).

Not here: whether either is installed; see `registry`.
"""

from collections.abc import Mapping
from typing import Final, Protocol, cast

from hyper.coding.errors import CorruptContent
from hyper.coding.members import MemberStage

# RFC 9659 §3: a decoder MUST support windows of 8 MB, and SHOULD refuse larger ones.
_WINDOW_LOG: Final = 23

# RFC 8878 §3.1.1 and §3.1.2: the first byte of a frame, and those of frames to be skipped.
_FIRSTS: Final = frozenset([0x28, *range(0x50, 0x60)])


class _Decompressor(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Compressor(Protocol):
    def compress(self, data: bytes, mode: int) -> bytes: ...
    def flush(self, mode: int) -> bytes: ...


class _MakeDecompressor(Protocol):
    def __call__(self, *, options: Mapping[int, int]) -> _Decompressor: ...


class _MakeCompressor(Protocol):
    CONTINUE: int
    FLUSH_BLOCK: int
    FLUSH_FRAME: int

    def __call__(self, *, options: Mapping[int, int]) -> _Compressor: ...


class _Parameters(Protocol):
    window_log: int
    window_log_max: int
    compression_level: int


class Zstd(Protocol):
    """The part of the module that is used here; the two that have it are the same."""

    ZstdDecompressor: _MakeDecompressor
    ZstdCompressor: _MakeCompressor
    ZstdError: type[Exception]
    DecompressionParameter: _Parameters
    CompressionParameter: _Parameters


class _Frame:
    """One frame, of at most 8 MiB of window."""

    __slots__ = ("_decompressor", "_fault")

    def __init__(self, module: Zstd) -> None:
        options = {module.DecompressionParameter.window_log_max: _WINDOW_LOG}
        self._decompressor = module.ZstdDecompressor(options=options)
        self._fault = module.ZstdError

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def needs_input(self) -> bool:
        return self._decompressor.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            return self._decompressor.decompress(data, max_length)
        except self._fault as error:
            raise CorruptContent("zstd", str(error)) from None


def zstd_stage(module: Zstd) -> MemberStage:
    """zstd: any number of frames, one after the other (RFC 8878 §3)."""
    return MemberStage(lambda: _Frame(module), _FIRSTS)


class ZstdPacker:
    """zstd in one frame, whose window every reader can hold."""

    __slots__ = ("_compressor", "_maker")

    def __init__(self, module: Zstd, level: int) -> None:
        parameter = module.CompressionParameter
        # RFC 9659 §3: the window MUST NOT be larger than 8 MB; from level 20 on it would be.
        options = {parameter.compression_level: level}
        if level > 19:
            options[parameter.window_log] = _WINDOW_LOG
        self._maker = module.ZstdCompressor
        self._compressor = self._maker(options=options)

    def compress(self, data: bytes) -> bytes:
        return self._compressor.compress(data, self._maker.CONTINUE)

    def flush(self) -> bytes:
        return self._compressor.flush(self._maker.FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._compressor.flush(self._maker.FLUSH_FRAME)


def as_zstd(module: object) -> Zstd | None:
    """`module` if it is one of the two, whatever else has its name."""
    if hasattr(module, "ZstdDecompressor") and hasattr(module, "DecompressionParameter"):
        return cast("Zstd", module)
    return None
