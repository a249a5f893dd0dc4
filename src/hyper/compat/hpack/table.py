"""The tables of one direction, as hpack shows them (RFC 7541 §2.3).

Not here: the tables that fields are looked up in, which are those of `hyper.hpack`; what an
`Encoder` or a `Decoder` shows as its `header_table` is a view of them.
"""

from collections import deque
from typing import ClassVar, Final, Protocol

from hyper.compat.hpack.exceptions import InvalidTableIndex
from hyper.hpack import STATIC_TABLE as _STATIC_TABLE
from hyper.wire import Field

_OVERHEAD: Final = 32  # RFC 7541 §4.1


def table_entry_size(name: bytes, value: bytes) -> int:
    """The octets that an entry takes (RFC 7541 §4.1)."""
    return _OVERHEAD + len(name) + len(value)


def _build_static_table_mapping() -> dict[bytes, tuple[int, dict[bytes, int]]]:
    mapping: dict[bytes, tuple[int, dict[bytes, int]]] = {}
    for index, (name, value) in enumerate(_STATIC_TABLE, 1):
        mapping.setdefault(name, (index, {}))[1][value] = index
    return mapping


class HeaderTable:
    """A dynamic table, and the static one before it."""

    DEFAULT_SIZE: ClassVar[int] = 4096
    STATIC_TABLE: ClassVar[tuple[Field, ...]] = _STATIC_TABLE
    STATIC_TABLE_LENGTH: ClassVar[int] = len(_STATIC_TABLE)
    STATIC_TABLE_MAPPING: ClassVar[dict[bytes, tuple[int, dict[bytes, int]]]] = (
        _build_static_table_mapping()
    )

    def __init__(self) -> None:
        self._maxsize = self.DEFAULT_SIZE
        self._entries: Final[deque[Field]] = deque()
        self.resized = False
        """Whether the last assignment to `maxsize` has changed it."""

    def __repr__(self) -> str:
        return f"HeaderTable({self.maxsize}, {self.resized}, {self.dynamic_entries!r})"

    @property
    def dynamic_entries(self) -> deque[Field]:
        """The entries, newest first."""
        return self._entries

    @property
    def _current_size(self) -> int:
        return sum(table_entry_size(name, value) for name, value in self.dynamic_entries)

    @property
    def maxsize(self) -> int:
        """The octets that the entries may take (RFC 7541 §4.2).  What no longer fits is evicted."""
        return self._maxsize

    @maxsize.setter
    def maxsize(self, newmax: int) -> None:
        self.resized = self._maxsize != newmax
        self._maxsize = newmax
        if newmax <= 0:
            self._entries.clear()
        else:
            self._shrink()

    def get_by_index(self, index: int) -> Field:
        """The entry at an index of either table.  Raises `InvalidTableIndex`."""
        if 1 <= index <= self.STATIC_TABLE_LENGTH:
            return self.STATIC_TABLE[index - 1]
        entries = self.dynamic_entries
        at = index - self.STATIC_TABLE_LENGTH - 1
        if 0 <= at < len(entries):
            return entries[at]
        raise InvalidTableIndex(f"Invalid table index {index}")

    def add(self, name: bytes, value: bytes) -> None:
        """Enter a field; the oldest entries make room for it (RFC 7541 §4.4)."""
        if table_entry_size(name, value) > self._maxsize:
            self._entries.clear()
            return
        self._entries.appendleft((name, value))
        self._shrink()

    def search(self, name: bytes, value: bytes) -> tuple[int, bytes, bytes | None] | None:
        """Where the field is, as index, name and value; where its name is, with `None` for the
        value; or `None`.

        The static table comes first, then the newest entry.
        """
        first: int | None = None
        known = self.STATIC_TABLE_MAPPING.get(name)
        if known is not None:
            first, values = known
            if value in values:
                return values[value], name, value
        for index, entry in enumerate(self.dynamic_entries, self.STATIC_TABLE_LENGTH + 1):
            if entry[0] == name:
                if entry[1] == value:
                    return index, name, value
                if first is None:
                    first = index
        return None if first is None else (first, name, None)

    def _shrink(self) -> None:
        size = self._current_size
        while size > self._maxsize:
            size -= table_entry_size(*self._entries.pop())


class Codec(Protocol):
    """What has a table: an `Encoder` or a `Decoder`."""

    @property
    def header_table_size(self) -> int:
        """The octets that its table may take."""

    @header_table_size.setter
    def header_table_size(self, value: int) -> None: ...

    def dynamic_entries(self) -> list[Field]:
        """What is in the table, newest first."""

    def enter(self, field: Field) -> None:
        """Enter a field, at this end alone."""


class LiveTable(HeaderTable):
    """The table that a codec uses.  Its `dynamic_entries` are a copy, made at each look."""

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self._codec: Final = codec

    @property
    def dynamic_entries(self) -> deque[Field]:
        """The entries, newest first."""
        return deque(self._codec.dynamic_entries())

    @property
    def maxsize(self) -> int:
        """The octets that the entries may take."""
        return self._codec.header_table_size

    @maxsize.setter
    def maxsize(self, newmax: int) -> None:
        self._codec.header_table_size = newmax

    def add(self, name: bytes, value: bytes) -> None:
        """Enter a field, at this end alone."""
        self._codec.enter((name, value))
