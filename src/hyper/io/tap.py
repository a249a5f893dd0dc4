"""A look at the bytes of a connection from outside, for tools that show frames.

Not here: what the bytes mean; see `hyper.frame`.
"""

from typing import Protocol


class Tap(Protocol):
    """Sees every byte above TLS, in the order they cross the connection."""

    def sent(self, data: bytes, /) -> None:
        """`data` is about to be written."""

    def received(self, data: bytes, /) -> None:
        """`data` was read and is about to be interpreted."""
