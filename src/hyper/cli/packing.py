"""A file packed in a coding while it is sent, piece by piece.

Not here: which coding; see `encodings`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final, Protocol

from hyper.coding import Encoder

PIECE: Final = 65_536
"""So many bytes of a file are packed at a time, in a thread: it takes up to 3 ms, and everybody
else's requests go on meanwhile."""

INLINE: Final = 8_192
"""So much is packed at once and here: handing it to a thread would take as long."""


class Readable(Protocol):
    """What is packed."""

    def read(self, count: int) -> bytes:
        """The next bytes, `count` at most; b"" at the end."""


class Packing:
    """One file packed in `coding`.

    Not `live`, as an `Encoder` has it: a file is there as a whole, and nobody waits for its last
    line.  So the coding holds back what it likes, and packs as well as it can.
    """

    def __init__(self, coding: str, over: Callable[[], None]) -> None:
        """`over` is called once it is closed."""
        self.coding: Final = coding
        self._over: Callable[[], None] | None = over

    async def pieces(self, source: Readable) -> AsyncIterator[bytes]:
        """All of `source`, packed.  Raises what `source` raises."""
        encoder = Encoder(self.coding)
        waiting = 0
        while piece := source.read(PIECE):
            waiting += len(piece)
            if waiting <= INLINE:
                made = encoder.compress(piece)
            else:
                # Read here and packed there: should this task end meanwhile, the file is closed.
                made = await asyncio.to_thread(encoder.compress, piece)
            if made:
                yield made
        yield encoder.finish() if waiting <= INLINE else await asyncio.to_thread(encoder.finish)

    def close(self) -> None:
        """It is sent, or will not be."""
        if self._over is not None:
            over, self._over = self._over, None
            over()
