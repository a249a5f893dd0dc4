"""What one coding is to the rest: something to decode with, something to encode with.

Each library has its own way of saying that it has more, needs more, or has had enough; the modules
of the codings make them all alike.  Not here: limits and chains; see `decoder`.
"""

from typing import Protocol


class Stage(Protocol):
    """One coding taken off, in steps.

    What goes in is never more than a slice, and nothing goes in while `needs_input` is false and
    `eof` too.
    """

    @property
    def eof(self) -> bool:
        """Whether what came so far is whole; where the coding has members, another may follow."""

    @property
    def needs_input(self) -> bool:
        """Whether only more input can bring more output."""

    @property
    def unused_data(self) -> bytes:
        """What came behind the end, and is no part of it."""

    @property
    def members(self) -> int:
        """How many members have begun, where the coding has them."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take `data` and give at most `max_length` bytes of content, 1 at least.

        Raises `CorruptContent`.
        """


class Packer(Protocol):
    """One coding put on, in steps."""

    def compress(self, data: bytes) -> bytes:
        """Take `data`, and give what there is."""

    def flush(self) -> bytes:
        """Give all that a reader needs to have everything so far."""

    def finish(self) -> bytes:
        """Give the rest, and the end."""
