"""Which codings there are here: what is not installed is not offered (RFC 9110 §8.4.1).

gzip and deflate come with Python.  br and zstd are looked for when they are first asked for, so
that importing this package loads none of them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from hyper.coding.brotli import Brotli, BrotliPacker, BrotliStage, as_brotli
from hyper.coding.deflate import DeflatePacker, DeflateStage, gzip_stage
from hyper.coding.errors import UnknownCoding
from hyper.coding.stages import Packer, Stage
from hyper.coding.zstd import Zstd, ZstdPacker, as_zstd, zstd_stage
from hyper.wire import LocalProtocolError

# Which of them a binding is, first the one that keeps every limit and copies nothing.
_BROTLI: Final = ("hyper_brotli", "brotlicffi", "brotli")
_ZSTD: Final = ("compression.zstd", "backports.zstd")

# The level of each where none is asked for, and the range of levels.  br 5 and zstd 3 are smaller
# than gzip at 6 and take less time; the highest levels are for what is coded once and kept.
_LEVELS: Final[dict[str, tuple[int, int, int]]] = {
    "br": (0, 5, 11),
    "zstd": (1, 3, 22),
    "gzip": (1, 6, 9),
    "deflate": (1, 6, 9),
}


def canonical(coding: str) -> str:
    """The name of a coding in lower case, without the "x-" of old (RFC 9110 §8.4.1)."""
    name = coding.lower()
    # RFC 9110 §8.4.1.3: a recipient SHOULD consider "x-gzip" to be equivalent to "gzip".
    return "gzip" if name == "x-gzip" else name


def installed(name: str) -> object | None:
    """The module of that name, or `None` where it cannot be imported."""
    try:
        return import_module(name)
    except ImportError:
        return None


class Registry:
    """The codings that can be put on and taken off.

    `find` gives the module of a name, or `None`; a test passes one that knows fewer.
    """

    __slots__ = ("_brotli", "_find", "_found", "_zstd")

    def __init__(self, find: Callable[[str], object | None] = installed) -> None:
        self._find = find
        self._found = False
        self._brotli: tuple[str, Brotli] | None = None
        self._zstd: tuple[str, Zstd] | None = None

    @property
    def codings(self) -> tuple[str, ...]:
        """The names of the codings here, the one that makes content smallest first."""
        self._look()
        names = ["br"] if self._brotli is not None else []
        if self._zstd is not None:
            names.append("zstd")
        return (*names, "gzip", "deflate")

    def backend(self, coding: str) -> str | None:
        """The module that does the work of a coding; `None` for a coding that is not here."""
        self._look()
        name = canonical(coding)
        if name == "br":
            return None if self._brotli is None else self._brotli[0]
        if name == "zstd":
            return None if self._zstd is None else self._zstd[0]
        return "zlib" if name in {"gzip", "deflate"} else None

    def stage(self, coding: str) -> Stage:
        """What takes a coding off; raises `UnknownCoding` for one that is not here."""
        self._look()
        name = canonical(coding)
        if name == "gzip":
            return gzip_stage()
        if name == "deflate":
            return DeflateStage()
        if name == "br" and self._brotli is not None:
            return BrotliStage(self._brotli[1], exact=self._brotli[0] != "brotli")
        if name == "zstd" and self._zstd is not None:
            return zstd_stage(self._zstd[1])
        raise UnknownCoding(coding, self.codings)

    def packer(self, coding: str, level: int | None = None) -> Packer:
        """What puts a coding on; raises `LocalProtocolError` for one that is not here, or a level
        that it has not.
        """
        self._look()
        name = canonical(coding)
        if self.backend(name) is None:
            known = ", ".join(self.codings)
            raise LocalProtocolError(f"expected a coding of {known}, got {coding!r}")
        least, usual, most = _LEVELS[name]
        chosen = usual if level is None else level
        if not least <= chosen <= most:
            raise LocalProtocolError(
                f"expected a level of {least} to {most} for {name}, got {chosen}"
            )
        if name == "br" and self._brotli is not None:
            return BrotliPacker(self._brotli[1], chosen)
        if name == "zstd" and self._zstd is not None:
            return ZstdPacker(self._zstd[1], chosen)
        return DeflatePacker(chosen, gzip=name == "gzip")

    def _look(self) -> None:
        """Find the modules, once."""
        if self._found:
            return
        for name in _BROTLI:
            brotli = as_brotli(self._find(name))
            if brotli is not None:
                self._brotli = name, brotli
                break
        for name in _ZSTD:
            zstd = as_zstd(self._find(name))
            if zstd is not None:
                self._zstd = name, zstd
                break
        self._found = True


DEFAULT_REGISTRY: Final = Registry()
"""The codings of this Python, as it is installed."""


def available() -> tuple[str, ...]:
    """The codings that can be decoded and encoded here, the smallest first: `"gzip"` and
    `"deflate"` always, `"br"` and `"zstd"` where a library for them is installed.
    """
    return DEFAULT_REGISTRY.codings
