"""Receive windows: what the peer may still send, and when to give it more (RFC 9113 §5.2, §6.9).

The send windows are two integers and live with what is queued (`send`, `stream`).
"""

from typing import Final

# Smaller increments wait, while the peer has room: they cost it a frame to read.
_WORTH_A_FRAME: Final = 1_024


class ReceiveWindow:
    """One window, of a stream or of the connection.

    Of its `size` bytes some are `available` to the peer, some are `held` by the application, and
    some are `owed`: consumed, but not yet announced.  The three always add up to `size`.
    """

    __slots__ = ("available", "content", "granted", "held", "owed", "size", "told", "told_at")

    def __init__(self, size: int) -> None:
        self.size = size
        self.available = size
        self.held = 0
        self.owed = 0
        self.content = 0  # what came of a stream's content in all: padding is not of it
        self.granted = size  # all that was ever available
        # The last announcement, and where it waits to be written as long as nobody has taken it.
        self.told = b""
        self.told_at = 0

    @property
    def received(self) -> int:
        """All that ever came through it."""
        return self.granted - self.available

    def take(self, count: int) -> bool:
        """`count` bytes came; false, and nothing changed, if that is more than was allowed."""
        # RFC 9113 §6.9.1: a frame of length zero needs no window; one below zero stops it no more.
        if count > self.available and count > 0:
            return False
        self.available -= count
        self.held += count
        return True

    def give_back(self, count: int) -> int:
        """`count` held bytes were consumed.  Returns the increment to announce now, often 0."""
        self.held -= count
        self.owed += count
        return self._due()

    def resize(self, delta: int) -> int:
        """The size the peer starts from changed under the window (RFC 9113 §6.9.2).  Returns the
        increment to announce now: of a smaller window, what is owed may be more than half.
        """
        self.size += delta
        self.available += delta
        self.granted += delta
        return self._due()

    def _due(self) -> int:
        # Once as much is owed as the peer has left, which is half the window where nothing is held:
        # the peer never runs dry in a round trip that the window covers, and a big body does not
        # cost a frame per read.  nghttp2 and hyperium's h2 announce at half, too; measured by what
        # is left, streams that nobody reads cannot starve the one that somebody does.
        if self.owed < self.available:
            return 0
        # RFC 9113 §5.2.2: a peer with a little room left does not need a little more.
        if self.owed < _WORTH_A_FRAME and self.owed * 2 < self.size and self.available > 0:
            return 0
        increment = self.owed
        self.available += increment
        self.granted += increment
        self.owed = 0
        return increment
