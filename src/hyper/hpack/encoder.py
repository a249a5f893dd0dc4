"""From fields to a field block (RFC 7541 §6).

Hot code: plain branches in one loop, no generators, no closures; bench/hpack.py measures it.
"""

from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING, Final, cast

from hyper.hpack.dynamic_table import ENTRY_OVERHEAD, FIRST_DYNAMIC, EncoderTable
from hyper.hpack.huffman import (
    COMPILED,
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    code_string,
    encode_string,
)
from hyper.hpack.huffman_rows import encode_rows
from hyper.hpack.huffman_words import encode_words
from hyper.hpack.integers import encode_integer
from hyper.hpack.policy import BY_LENGTH, DEFAULT_POLICY, INDEX, LITERAL, NEVER, IndexingPolicy
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Field, SensitiveField

if TYPE_CHECKING:
    # Only local variables have this type, and their annotations are never evaluated.
    from mypy_extensions import i64

_NO_LIMIT: Final = 2**62

# RFC 9113 §4.3.1: what both ends start with.
_FIRST_TABLE_SIZE: Final = 4096


class Encoder:
    """One direction of one connection: each block changes what the next ones may refer to.

    The dynamic table takes at most `max_table_size` octets, whatever the peer allows; `policy`
    says what may go into it.
    """

    __slots__ = (
        "_always_coded",
        "_due",
        "_lowest",
        "_max_entry",
        "_max_table_size",
        "_memory",
        "_policy",
        "_table",
    )

    def __init__(
        self, max_table_size: int = _FIRST_TABLE_SIZE, policy: IndexingPolicy = DEFAULT_POLICY
    ) -> None:
        self._policy = policy
        self._always_coded = policy.always_coded
        self._max_table_size = max_table_size
        self._max_entry = self._most(_FIRST_TABLE_SIZE)
        self._table = EncoderTable(_FIRST_TABLE_SIZE)
        # String literals of values that are not indexed, by value.
        self._memory: dict[bytes, bytes] = {}
        # Whether the peer has yet to hear of a change of size, and the smallest size since.
        self._due = False
        self._lowest = _FIRST_TABLE_SIZE
        self.set_max_table_size(_FIRST_TABLE_SIZE)

    def __repr__(self) -> str:
        return f"Encoder({self._table!r})"

    @property
    def table_size(self) -> int:
        """The octets the dynamic table may take.  A change is signalled by the next block."""
        return self._table.max_size

    @property
    def dynamic_table(self) -> list[Field]:
        """What the dynamic table holds, newest first: index 62 is its first (RFC 7541 §2.3.3)."""
        table = self._table
        live = table.entries[table.first :]
        return [cast("Field", entry[0]) for entry in reversed(live)]

    def set_max_table_size(self, size: int) -> None:
        """The peer's SETTINGS_HEADER_TABLE_SIZE is `size` octets from now on (RFC 9113 §6.5.2)."""
        # RFC 7541 §4.2, §6.3: less than the peer allows may be used, and never more.
        size = min(size, self._max_table_size)
        if size != self._table.max_size:
            self._resize(size)

    def encode(self, fields: Iterable[Field]) -> bytes:
        """The block that gives `fields` back, in their order (RFC 7541 §2.1).

        A `SensitiveField` becomes a literal that no hop may index.  Raises `TypeError` for what is
        not a tuple of two `bytes`; the fields before it leave no trace.
        """
        parts: list[bytes] = []
        if self._due:
            self._put_sizes(parts)
        # A variable of the type `Field` would be taken apart and put together anew, compiled.
        objects: Iterable[object] = fields
        field: object = None
        # Not a native class: by its global name it would be looked up for each field.
        sensitive = SensitiveField
        table = self._table
        entries = table.entries
        known = table.known
        rules = self._policy.rules
        memory = self._memory
        max_entry = self._max_entry
        always_coded = self._always_coded
        next_index: i64 = table.newest + FIRST_DYNAMIC
        try:
            for field in objects:
                if type(field) is sensitive:
                    self._put_sensitive(field, parts)
                    continue
                number = known.get(field)
                if number is not None:
                    index: i64 = next_index - number if number > 0 else -number
                    if index < _PREPARED:
                        parts.append(_INDEXED[index])
                    else:
                        parts.append(encode_integer(index, 7, 0x80))
                    continue
                if not isinstance(field, tuple):
                    raise TypeError
                name: bytes
                value: bytes
                name, value = field
                rule: i64 = rules.get(name, INDEX)
                if rule & 3 != INDEX:
                    # A name of the static table, which is nearly every one.
                    if rule & 3 == LITERAL and rule > LITERAL:
                        parts.append(_PREFIXES[rule])
                        string = memory.get(value)
                        parts.append(self._remember(value) if string is None else string)
                        continue
                    if rule & 3 != BY_LENGTH or len(value) < self._policy.short[name]:
                        self._put_unindexed(name, value, rule & NEVER != 0, parts)
                        continue
                    rule -= BY_LENGTH
                size = ENTRY_OVERHEAD + len(name) + len(value)
                if size > max_entry:
                    self._put_unindexed(name, value, False, parts)
                    continue
                if rule:
                    if not value and not STATIC_TABLE[(rule >> 2) - 1][1]:
                        parts.append(_INDEXED[rule >> 2])
                        continue
                    parts.append(_PREFIXES[rule])
                    listed = b""
                else:
                    number = table.names.get(name)
                    if number is None:
                        parts.append(_PREFIXES[0])
                        parts.append(self._string(name))
                    elif next_index - number < _PREPARED:
                        parts.append(_PREFIXES[next_index - number << 2])
                    else:
                        parts.append(encode_integer(next_index - number, 6, 0x40))
                    listed = name
                string = encode_words(value) if COMPILED else encode_rows(value)
                if always_coded and string[0] < 0x80:
                    string = code_string(value)
                parts.append(string)
                # `table.add` written out: two calls less for each new field.
                number = table.newest + 1
                table.newest = number
                next_index += 1
                known[field] = number
                if listed:
                    table.names[listed] = number
                entries.append((field, size, listed))
                free = table.free - size
                if free < 0:
                    first = table.first
                    while free < 0:
                        gone, gone_size, listed = entries[first]
                        first += 1
                        free += gone_size
                        del known[gone]
                        if listed and table.names[listed] == table.newest - len(entries) + first:
                            del table.names[listed]
                    table.first = first
                table.free = free
        except BaseException as error:
            # The peer will not see this block, nor be able to follow what it has changed.
            self._table = EncoderTable(table.max_size)
            self._lowest = 0
            self._due = True
            if isinstance(error, (TypeError, ValueError)):
                raise TypeError(
                    f"expected tuples of a name and a value in bytes, got {_shape(field)}"
                ) from error
            raise
        table.trim()
        return b"".join(parts)

    def _put_sensitive(self, field: object, parts: list[bytes]) -> None:
        # RFC 7541 §7.1.3: what came as never indexed MUST NOT be passed on in another form.
        name, value = cast("Field", field)
        self._put_unindexed(name, value, True, parts)

    def _put_unindexed(self, name: bytes, value: bytes, never: bool, parts: list[bytes]) -> None:
        """A literal without indexing, or never indexed (RFC 7541 §6.2.2, §6.2.3)."""
        index = self._policy.rules.get(name, INDEX) >> 2
        if index == 0:
            number = self._table.names.get(name)
            if number is not None:
                index = self._table.newest + FIRST_DYNAMIC - number
        if index < _PREPARED:
            parts.append(_PREFIXES[index << 2 | (NEVER if never else LITERAL)])
        else:
            parts.append(encode_integer(index, 4, 0x10 if never else 0))
        if index == 0:
            parts.append(self._string(name))
        if never:
            # RFC 7541 §7.1.3: what no hop may index is not for our memory either.
            parts.append(self._string(value))
        else:
            string = self._memory.get(value)
            parts.append(self._remember(value) if string is None else string)

    def _string(self, text: bytes) -> bytes:
        """`text` as a string literal."""
        string = encode_string(text)
        # The first bit says whether it is in the code (RFC 7541 §5.2).
        if self._always_coded and string[0] < 0x80:
            return code_string(text)
        return string

    def _remember(self, value: bytes) -> bytes:
        """`value` as a string literal, kept for the next time unless it is long."""
        string = self._string(value)
        if len(value) <= LONGEST_REMEMBERED:
            if len(self._memory) >= MOST_REMEMBERED:
                self._memory.clear()
            self._memory[value] = string
        return string

    def _put_sizes(self, parts: list[bytes]) -> None:
        # RFC 7541 §4.2: the smallest size between two blocks is signalled, then the final one.
        # RFC 9113 §4.3.1: the next block MUST start with that once we acknowledged a smaller table.
        if self._lowest < self._table.max_size:
            parts.append(encode_integer(self._lowest, 5, 0x20))
        parts.append(encode_integer(self._table.max_size, 5, 0x20))
        self._due = False

    def _most(self, size: int) -> int:
        """What an entry may take of a table of `size` octets."""
        largest = self._policy.largest
        return int(size * largest) if largest < inf else _NO_LIMIT

    def _resize(self, size: int) -> None:
        self._lowest = min(self._lowest, size) if self._due else size
        self._due = True
        self._max_entry = self._most(size)
        self._table.resize(size)


def _shape(field: object) -> str:
    """What kind of thing `field` is; never what is in it."""
    kind = type(field).__name__
    if isinstance(field, tuple):
        return f"{kind}({', '.join([type(item).__name__ for item in field])})"
    return kind


# What a table of 4,096 octets can need is made once.
_PREPARED: Final = FIRST_DYNAMIC + _FIRST_TABLE_SIZE // ENTRY_OVERHEAD
_INDEXED: Final = [encode_integer(index, 7, 0x80) for index in range(_PREPARED)]

# RFC 7541 §6.2: how a literal starts, by `index of the name << 2 | INDEX, LITERAL or NEVER`.
_PREFIXES: Final = [
    prefix
    for index in range(_PREPARED)
    for prefix in (
        encode_integer(index, 6, 0x40),
        encode_integer(index, 4, 0x00),
        encode_integer(index, 4, 0x10),
        b"",
    )
]
