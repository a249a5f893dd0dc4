"""Brotli: our binding beside brotli and brotlicffi, each with the libbrotli that it has.

Ours has the system's, whose version is in the title; the other two bring their own.  libbrotli does
nearly all of the work, so a difference beyond a few percent is one of versions.

    python -m bench.coding [--quick] [--write]
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import brotli
import brotlicffi

from bench.harness import OURS, Row, measure, options, report
from tools.floors import ROOT

PEERS: dict[str, ModuleType] = {"brotli": brotli, "brotlicffi": brotlicffi}

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
QUALITIES = (1, 5, 9, 11)

# A piece as it comes from a socket.
PIECE = 16_384


def text() -> bytes:
    """The sources and pages of this project, again and again: text with the usual repetitions."""
    paths = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("docs/**/*.md")])
    whole = b"".join(path.read_bytes() for path in paths)
    return whole * (SIZES[-1] // len(whole) + 1)


def compress(part: bytes, quality: int, module: ModuleType) -> bytes:
    """A whole stream at once."""
    made: bytes = module.compress(part, quality=quality)
    return made


def decompress(coded: bytes, module: ModuleType) -> bytes:
    """Its content at once."""
    made: bytes = module.decompress(coded)
    return made


def decompress_pieces(coded: bytes, module: ModuleType) -> bytes:
    """The content of a stream that comes in pieces."""
    decompressor = module.Decompressor()
    pieces = range(0, len(coded), PIECE)
    return b"".join([decompressor.process(coded[at : at + PIECE]) for at in pieces])


def compared(
    name: str, work: Callable[[ModuleType], bytes], rounds: int, target: float, ours: ModuleType
) -> Row:
    """The same work by each of the three."""
    modules = {OURS: ours, **PEERS}
    cases = {each: partial(work, module) for each, module in modules.items()}
    return Row(name, measure(cases, rounds), target)


def rows(ours: ModuleType, rounds: int, *, quick: bool) -> list[Row]:
    """Every row: compress, decompress, decompress in pieces."""
    content = text()
    found: list[Row] = []
    for size in (10_000,) if quick else SIZES:
        part = content[:size]
        for quality in (5,) if quick else QUALITIES:
            coded = brotli.compress(part, quality=quality)
            assert decompress(coded, ours) == part, "the same content"
            assert decompress_pieces(coded, ours) == part, "in pieces too"
            if quality < 11 or size < 1_000_000:
                work = partial(compress, part, quality)
                name = f"compress {size:,} bytes at {quality}"
                found.append(compared(name, work, rounds, 0.95, ours))
            name = f"decompress {size:,} bytes of {quality}"
            found.append(compared(name, partial(decompress, coded), rounds, 1.0, ours))
            if quality == 5:
                work = partial(decompress_pieces, coded)
                found.append(compared(f"{name}, in pieces", work, rounds, 1.0, ours))
    return found


def main() -> None:
    """Measure and print."""
    asked = options()
    if find_spec("hyper_brotli") is None:
        print("### Brotli\n\nabsent: hyper-brotli is not built, it needs libbrotli-dev")
        return
    ours = import_module("hyper_brotli")
    found = rows(ours, asked.rounds, quick=asked.rounds < 5)
    title = f"Brotli, by libbrotli {ours.library_version}"
    report(title, found, ["hyper-brotli", *PEERS], write=asked.write)


if __name__ == "__main__":
    main()
