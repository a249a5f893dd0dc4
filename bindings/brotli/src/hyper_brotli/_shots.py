"""Native memory to decode in, kept from one stream to the next.

A shot belongs to one call, or to one `Decompressor` that has begun and not ended.  One that is
dropped on the way is freed with what it holds.
"""

from collections import deque
from typing import TYPE_CHECKING, Final, TypeAlias

from hyper_brotli._native import ffi, lib

if TYPE_CHECKING:
    from hyper_brotli._native import Address, Decoder, Window

KEPT: Final = 4
"""How many are kept for later, of 128 KiB each: one for each thread that is decoding."""

Shot: TypeAlias = "tuple[Decoder, Window, Address]"
"""A decoder, and its scratch as Python and as C see it."""

shots: Final[deque[Shot]] = deque(maxlen=KEPT)
"""Those that nobody works in.  `pop` and `append` are atomic: no two threads get the same one, and
where there are enough the oldest is let go.
"""


def new_shot() -> Shot:
    """One more, for when `shots` is empty."""
    decoder = lib.hb_decoder_new()
    if decoder == ffi.NULL:
        raise MemoryError
    held = ffi.gc(decoder, lib.hb_decoder_free, 2 * lib.HB_SCRATCH)
    scratch = lib.hb_decoder_scratch(held)
    return held, ffi.buffer(scratch, lib.HB_SCRATCH), scratch


def end_shot(shot: Shot) -> None:
    """Free what its stream had, and keep it for the next."""
    lib.hb_decoder_end(shot[0])
    shots.append(shot)
