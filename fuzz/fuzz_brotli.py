"""Brotli streams of any bytes, by hyper-brotli: decoded or refused, and alike however it is asked.

The first byte chooses the limit of a step, the second the size of the pieces.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from fuzz.harness import run

MOST = 1 << 20


def at_once(module: ModuleType, data: bytes) -> bytes | str:
    """The content, or the name of what is wrong."""
    try:
        made: bytes = module.decompress(memoryview(data), MOST)
    except module.error as error:
        return type(error).__name__
    return made


def in_steps(module: ModuleType, pieces: list[bytes], limit: int) -> bytes | str:
    """The same, by steps of `limit` bytes."""
    decompressor = module.Decompressor()
    made = b""
    try:
        for piece in pieces:
            made += stepped(decompressor.process(piece, limit), limit)
            while not (decompressor.finished or decompressor.needs_input):
                made += stepped(decompressor.process(b"", limit), limit)
                if len(made) > MOST:
                    return "OutputTooLarge"
            if decompressor.unused_data:
                return "TrailingInput"
        decompressor.finish()
    except module.error as error:
        return type(error).__name__
    return made


def stepped(made: bytes, limit: int) -> bytes:
    """What a step made, which is no more than it may be."""
    assert len(made) <= limit, "more than a step"
    return made


def one_input(data: bytes) -> None:
    """One stream, read three times."""
    # Where libbrotli is missing, there is nothing to try.
    if len(data) < 2 or find_spec("hyper_brotli") is None:
        return
    module = import_module("hyper_brotli")
    limit, size, body = (data[0] + 1) ** 2, data[1] + 1, data[2:]
    whole = at_once(module, body)
    # A limit that is tiny beside what there is would take all day.
    limit = max(limit, len(whole) // 256 if isinstance(whole, bytes) else MOST // 256)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    steps = in_steps(module, pieces, limit)
    # Of two faults the one that is met first counts: a limit, or what is wrong behind it.
    if "OutputTooLarge" not in (whole, steps):
        assert steps == whole, f"{whole!r:.60} at once, {steps!r:.60} in steps"
        peer = import_module("brotli")
        try:
            theirs: bytes | None = peer.decompress(body)
        except peer.error:
            theirs = None
        assert theirs == (whole if isinstance(whole, bytes) else None), "brotli reads it otherwise"


if __name__ == "__main__":
    run(one_input)
