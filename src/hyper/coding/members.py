"""Content in members, one after the other: gzip's (RFC 1952 §2.2), zstd's frames (RFC 8878 §3).

Not here: what a member is; `deflate` and `zstd` know that.
"""

from collections.abc import Callable, Container
from typing import Protocol


class Member(Protocol):
    """One member taken off, in steps; as a stage, but that there is none behind it."""

    @property
    def eof(self) -> bool:
        """Whether it has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether only more input can bring more output."""

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take `data` and give at most `max_length` bytes of content."""


class MemberStage:
    """The stage of a coding whose content is any number of members.

    `begin` makes the next one; `firsts` are the bytes that one can begin with.  What comes behind a
    member and begins with none of them is no part of the content.
    """

    __slots__ = ("_begin", "_firsts", "_member", "_rest", "members")

    def __init__(self, begin: Callable[[], Member], firsts: Container[int]) -> None:
        self.members = 0
        self._begin = begin
        self._firsts = firsts
        self._member: Member | None = None
        # What came behind the end of a member: the next one, or no part of the content.
        self._rest = b""

    @property
    def eof(self) -> bool:
        """Whether what came so far is whole; another member may follow."""
        return self._member is None and self.members > 0 and not self._next_is_here()

    @property
    def needs_input(self) -> bool:
        """Whether only more input can bring more output."""
        return self.members == 0 if self._member is None else self._member.needs_input

    @property
    def unused_data(self) -> bytes:
        """What came behind the last member, and is none."""
        return b"" if self._next_is_here() else self._rest

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take `data` and give at most `max_length` bytes of content.

        Raises `CorruptContent`.
        """
        data = self._rest + data
        self._rest = b""
        while True:
            member = self._member
            if member is None:
                if not data or (self.members and data[0] not in self._firsts):
                    self._rest = data
                    return b""
                member = self._member = self._begin()
                self.members += 1
            made = member.decompress(data, max_length)
            data = b""
            if member.eof:
                data = member.unused_data
                self._member = None
            if made or not data:
                self._rest = data
                return made

    def _next_is_here(self) -> bool:
        return self._rest != b"" and self._rest[0] in self._firsts
