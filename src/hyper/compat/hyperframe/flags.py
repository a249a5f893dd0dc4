"""Flags of a frame by their names (RFC 9113 §4.1).

Not here: flags as bits, which cost nothing; see `hyper.frame.Flag`.
"""

from collections.abc import Iterable, Iterator, MutableSet
from typing import NamedTuple, TypeVar

_Item = TypeVar("_Item")


class Flag(NamedTuple):
    """A name and the bit that it stands for."""

    name: str
    bit: int


class Flags(MutableSet[str]):
    """A set of names, each of which must be that of one of `defined_flags`."""

    __slots__ = ("_defined", "names")

    def __init__(self, defined_flags: Iterable[Flag]) -> None:
        self._defined = tuple(defined_flags)
        # For `Frame`, which looks into it often: without a call into this class.
        self.names: set[str] = set()

    def __repr__(self) -> str:
        return repr(sorted(self.names))

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, x: object) -> bool:
        return x in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @classmethod
    def _from_iterable(cls, it: Iterable[_Item]) -> set[_Item]:
        # What `|`, `&` and the like make is a plain set: it knows no frame that defines it.
        return set(it)

    def add(self, value: str) -> None:
        """Add a flag.  Raises `ValueError` for one that the frame does not define."""
        for flag in self._defined:
            if flag[0] == value:
                self.names.add(value)
                return
        valid = {flag.name for flag in self._defined}
        raise ValueError(f"Unexpected flag: {value}. Valid flags are: {valid}")

    def discard(self, value: str) -> None:
        """Take a flag away, if it is there."""
        self.names.discard(value)
