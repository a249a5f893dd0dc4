"""The dynamic table, seen from both ends (RFC 7541 §2.3.2, §4).

A decoder asks for the field behind an index, an encoder for the index of a field.  The fields
themselves never show in a `repr`.

Fields are typed `object` here: compiled, a tuple type would be taken apart and put together anew,
and a field must stay the one object that it was.
"""

from typing import Final, TypeAlias

from hyper.hpack.static_table import STATIC_TABLE

ENTRY_OVERHEAD: Final = 32
"""What an entry, or a field of a list, counts beyond its octets (RFC 7541 §4.1)."""

FIRST_DYNAMIC: Final = 62
"""The index of the newest entry: the static table comes first (RFC 7541 §2.3.3)."""

# Slots that no index of one octet can reach beyond; the decoder need not compare with the length.
_MARGIN: Final = 65

# What tables without entries share: some connections never come to have any.
NO_FIELDS: Final[list[object]] = [None] * _MARGIN
_NO_SIZES: Final = [0] * _MARGIN


class DecoderTable:
    """From index to field.

    The field at index `i` is `fields[len(fields) + 61 - i]`, and `None` where the table ends.  The
    oldest entry is at `first`.
    """

    __slots__ = ("fields", "first", "free", "largest", "max_size", "sizes")

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.free = max_size
        # Newest last.  What was evicted is `None` until enough of it is there to cut off at once.
        self.fields = NO_FIELDS
        self.sizes = _NO_SIZES
        self.first = _MARGIN
        # The largest size given to `add` since the table was empty.
        self.largest = 0

    def __len__(self) -> int:
        return len(self.fields) - self.first

    def __repr__(self) -> str:
        return f"DecoderTable({len(self)} entries, {self.size} of {self.max_size} octets)"

    @property
    def size(self) -> int:
        """The octets taken, overhead included (RFC 7541 §4.1)."""
        return self.max_size - self.free

    @property
    def entries(self) -> list[object]:
        """The fields, newest first."""
        return self.fields[: self.first - 1 : -1]

    def field(self, index: int) -> object:
        """The field at `index`, which is at least `FIRST_DYNAMIC`; `None` for no entry."""
        at = len(self.fields) + FIRST_DYNAMIC - 1 - index
        if at < self.first:
            return None
        return self.fields[at]

    def takes(self, size: int) -> bool:
        """Whether a field of `size` octets, overhead included, would stay."""
        return size <= self.max_size

    def add(self, field: object, size: int) -> None:
        """Enter a field of `size` octets, overhead included.

        RFC 7541 §4.4: one that is larger than the whole table empties it.  RFC 7541 §2.3.2: one
        that is there already is entered again.
        """
        if self.fields is NO_FIELDS:
            self.begin()
        self.fields.append(field)
        self.sizes.append(size)
        if size > self.largest:
            self.largest = size
        self.free -= size
        if self.free < 0:
            self.evict()

    def begin(self) -> None:
        """Have lists of its own: before the first entry."""
        self.fields = list(NO_FIELDS)
        self.sizes = list(_NO_SIZES)

    def resize(self, max_size: int) -> None:
        """Change the room there is, evicting what no longer fits (RFC 7541 §4.3)."""
        self.free += max_size - self.max_size
        self.max_size = max_size
        self.evict()

    def clear(self) -> None:
        """Drop all entries; the room stays."""
        self.free -= self.max_size
        self.evict()
        self.free = self.max_size

    def evict(self) -> None:
        """Drop the oldest entries until none of the room is overdrawn."""
        fields = self.fields
        sizes = self.sizes
        first = self.first
        free = self.free
        while free < 0:
            free += sizes[first]
            fields[first] = None
            first += 1
        self.first = first
        self.free = free
        if free == self.max_size:
            self.largest = 0
        self.trim()

    def trim(self) -> None:
        """Cut off what was evicted, if it is worth it; places in `fields` and `sizes` move then."""
        # Cutting costs as much as the entries that stay: it waits until enough have gone.
        if self.first > _MARGIN + 32 and self.first > len(self.fields) >> 3:
            del self.fields[: self.first - _MARGIN]
            del self.sizes[: self.first - _MARGIN]
            self.first = _MARGIN


class EncoderTable:
    """From field to index.

    Entries are numbered as they come, from 1 on; the index of number `n` is
    `newest + FIRST_DYNAMIC - n`, and the oldest entry is at `first`.  `known` and `names` hold the
    number of a field and that of the newest entry with a name.  Fields of the static table are in
    `known` too, as minus their index: one look finds both.
    """

    __slots__ = ("entries", "first", "free", "known", "max_size", "names", "newest")

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.free = max_size
        self.newest = 0
        self.known: dict[object, int] = dict(_STATIC_KNOWN)
        self.names: dict[bytes, int] = {}
        # The field, its size, and its name if that is in `names`.  Newest last; what was evicted
        # stays until enough of it is there to cut off at once.
        self.entries: list[_Entry] = []
        self.first = 0

    def __len__(self) -> int:
        return len(self.entries) - self.first

    def __repr__(self) -> str:
        return f"EncoderTable({len(self)} entries, {self.size} of {self.max_size} octets)"

    @property
    def size(self) -> int:
        """The octets taken, overhead included (RFC 7541 §4.1)."""
        return self.max_size - self.free

    def add(self, field: object, name: bytes, size: int) -> None:
        """Enter a field that is not known, of `size` octets, overhead included.

        `name` is its name if that is to be found too, else empty.  RFC 7541 §4.4: an entry that is
        larger than the whole table empties it.
        """
        number = self.newest + 1
        self.newest = number
        self.known[field] = number
        if name:
            self.names[name] = number
        self.entries.append((field, size, name))
        free = self.free - size
        self.free = free
        if free < 0:
            self.evict()

    def resize(self, max_size: int) -> None:
        """Change the room there is, evicting what no longer fits (RFC 7541 §4.3)."""
        self.free += max_size - self.max_size
        self.max_size = max_size
        self.evict()

    def evict(self) -> None:
        """Drop the oldest entries until none of the room is overdrawn."""
        entries = self.entries
        known = self.known
        first = self.first
        free = self.free
        while free < 0:
            field, size, name = entries[first]
            first += 1
            free += size
            del known[field]
            if name and self.names[name] == self.newest - len(entries) + first:
                del self.names[name]
        self.first = first
        self.free = free
        self.trim()

    def trim(self) -> None:
        """Cut off what was evicted, if it is worth it."""
        # Cutting costs as much as the entries that stay: it waits until enough have gone.
        if self.first > 8 and self.first > len(self.entries) >> 3:
            del self.entries[: self.first]
            self.first = 0


_Entry: TypeAlias = tuple[object, int, bytes]

# Only fields with a value: those without one are rare, and each connection has its own copy.
_STATIC_KNOWN: Final[dict[object, int]] = {
    field: -index for index, field in enumerate(STATIC_TABLE, 1) if field[1]
}
