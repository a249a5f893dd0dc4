"""Brotli (RFC 7932) with limits that hold: a binding to Google's libbrotli.

`compress` and `decompress` for what is there as a whole, `Compressor` and `Decompressor` for what
comes in steps.  Input is any buffer, read where it lies; other threads run meanwhile.

The names of brotlipy, brotlicffi and brotli are here too: `import hyper_brotli as brotli` will do.
"""

from typing import Final

from hyper_brotli._decode import Decompressor, decompress
from hyper_brotli._encode import (
    DEFAULT_LGBLOCK,
    DEFAULT_LGWIN,
    DEFAULT_MODE,
    DEFAULT_QUALITY,
    MODE_FONT,
    MODE_GENERIC,
    MODE_TEXT,
    BrotliEncoderMode,
    Compressor,
    compress,
)
from hyper_brotli._native import lib
from hyper_brotli.errors import (
    BrotliError,
    CorruptInput,
    Error,
    InUse,
    OutputTooLarge,
    TrailingInput,
    TruncatedInput,
    error,
)

__all__ = [
    "DEFAULT_LGBLOCK",
    "DEFAULT_LGWIN",
    "DEFAULT_MODE",
    "DEFAULT_QUALITY",
    "MODE_FONT",
    "MODE_GENERIC",
    "MODE_TEXT",
    "BrotliEncoderMode",
    "BrotliError",
    "Compressor",
    "CorruptInput",
    "Decompressor",
    "Error",
    "InUse",
    "OutputTooLarge",
    "TrailingInput",
    "TruncatedInput",
    "__version__",
    "compress",
    "decompress",
    "error",
    "library_version",
    "version",
]

__version__: Final = "0.1.0"

version: Final = __version__
"""`__version__`, by the name that brotli has for it too."""


def _library_version() -> str:
    number = lib.hb_version()
    return f"{number >> 24}.{number >> 12 & 0xFFF}.{number & 0xFFF}"


library_version: Final = _library_version()
"""The version of the libbrotli that is loaded, such as "1.0.9"."""
