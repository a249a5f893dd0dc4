"""From a field block to fields (RFC 7541 §3, §6).

Hot code: plain branches in one loop, no generators, no closures; bench/hpack.py measures it.
The loop takes what is short, sound and within every limit.  All else goes to `careful`, which
knows the whole of the rules and is in no hurry.
"""

from typing import TYPE_CHECKING, Final, cast

from hyper.hpack.careful import Careful
from hyper.hpack.dynamic_table import ENTRY_OVERHEAD, FIRST_DYNAMIC, NO_FIELDS, DecoderTable
from hyper.hpack.errors import HpackError, InvalidTableSize
from hyper.hpack.huffman import (
    COMPILED,
    MOST_REMEMBERED,
    huffman_decode,
)
from hyper.hpack.huffman_rows import decode_rows
from hyper.hpack.huffman_words import decode_words
from hyper.hpack.integers import decode_integer
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Buffer, Field, SensitiveField

if TYPE_CHECKING:
    # Only local variables have this type, and their annotations are never evaluated.
    from mypy_extensions import i64

# RFC 7541 §4.2: a change takes at most two updates, to the smallest size and to the final one.
_MOST_UPDATES: Final = 2

# Of blocks that may come again: how many are remembered, and how long one may be.
_MOST_BLOCKS: Final = 16
_LONGEST_BLOCK: Final = 256
# In place of what a block stands for that came once.
_ONCE: Final[list[object]] = []

# A longer block is not copied for the sake of speed.
_LONG: Final = 4096


class Decoder:
    """One direction of one connection: each block changes what the next ones may refer to.

    `max_table_size` is the size in octets that both ends start with, and what the peer's encoder
    may not exceed.  The limits are for one block: `max_list_size` octets as RFC 9113 §6.5.2 counts
    them (name, value and 32 a field), `max_fields` fields, and `max_field_size` octets of name and
    value in any one of them.
    """

    __slots__ = (
        "_blocks",
        "_field_limit",
        "_max_table_size",
        "_memory",
        "_owed",
        "_table",
        "max_field_size",
        "max_fields",
        "max_list_size",
    )

    def __init__(
        self,
        max_table_size: int = 4096,
        max_list_size: int = 65_536,
        max_fields: int = 128,
        max_field_size: int = 16_384,
    ) -> None:
        self.max_list_size = max_list_size
        self.max_fields: Final = max_fields
        self.max_field_size: Final = max_field_size
        self._field_limit: Final = max_field_size + ENTRY_OVERHEAD
        self._table = DecoderTable(max_table_size)
        self._max_table_size = max_table_size
        # Values that are not indexed, by their Huffman code.
        self._memory: dict[bytes, bytes] = {}
        # Blocks that came since the table last changed: what they stand for, once they came twice.
        # Nothing is kept of a block that holds what no hop may index.
        self._blocks: Final[dict[bytes, list[object]]] = {}
        # The size that the next block must begin by going down to, or -1.
        self._owed = -1

    def __repr__(self) -> str:
        return f"Decoder({self._table!r})"

    @property
    def table_size(self) -> int:
        """The octets the dynamic table may take, as the peer's encoder chose."""
        return self._table.max_size

    @property
    def dynamic_table(self) -> list[Field]:
        """What the dynamic table holds, newest first: index 62 is its first (RFC 7541 §2.3.3)."""
        return cast("list[Field]", self._table.entries)

    def set_max_table_size(self, size: int) -> None:
        """The peer has acknowledged our SETTINGS_HEADER_TABLE_SIZE of `size` octets."""
        self._max_table_size = size
        # RFC 9113 §4.3.1: after a reduction below the size in use, the next field block MUST start
        # with an update.  RFC 7541 §4.2: one to the smallest size there was, even if it has grown
        # again since.
        if size < self._table.max_size and not 0 <= self._owed < size:
            self._owed = size

    def set_max_list_size(self, size: int) -> None:
        """Blocks of more than `size` octets, as `max_list_size` counts them, are too large now."""
        self.max_list_size = size
        self._blocks.clear()  # they were measured by what held then

    def decode(self, block: Buffer) -> list[Field]:
        """The fields of one whole block, in its order (RFC 7541 §2.1, §3.2).

        A field that no hop may index comes as a `SensitiveField`.  Raises `HpackError` for a block
        that breaks RFC 7541, and `ExcessiveFieldList`, which is one, for a block that goes over
        twice a limit: the decoder is of no more use then.  Raises `FieldListTooLarge` for one that
        goes over a limit: later blocks can be decoded.
        """
        data = block if isinstance(block, bytes) else bytes(block)
        blocks = self._blocks
        known = blocks.get(data)
        if known and self._owed < 0:
            # Who has once filled the table may say the same again and again.
            return cast("list[Field]", known.copy())
        repeatable = True
        pos: i64 = 0
        end: i64 = len(data)
        careful: Careful | None = None
        # An octet is read before its place is compared with the end: three more spare the rest, or
        # in a long block, which is not copied, the last three are left over.
        octets = data
        stop: i64 = end - 3
        if end <= _LONG:
            octets = data + b"\0\0\0"
            stop = end
        if self._owed >= 0 or octets[0] & 0xE0 == 0x20:
            pos = self._take_updates(data)
            repeatable = False
        memory = self._memory
        table = self._table
        if table.fields is NO_FIELDS and end:
            table.begin()
        entries = table.fields
        sizes = table.sizes
        newest: i64 = len(entries) - 1 + _NEWEST
        field_limit: i64 = self._field_limit
        room: i64 = self.max_list_size
        # Only an entry that came by `careful` can break the limit of one field by itself.
        most = self.max_fields if _LARGEST_STATIC <= field_limit >= table.largest else 0
        # Typed `object`, a field stays the one tuple it is, compiled too.
        fields: list[object] = []
        for _ in range(most):
            if pos >= stop:
                break
            octet: i64 = octets[pos]
            if octet >= _NEWEST:
                at: i64 = newest - octet
                field = entries[at]
                if field is not None and octet != 0xFF:
                    fields.append(field)
                    room -= sizes[at]
                    pos += 1
                    continue
            elif octet >= 0x80:
                field = _STATIC_FIELDS[octet]
                if field is not None:
                    fields.append(field)
                    room -= _STATIC_SIZES[octet]
                    pos += 1
                    continue
            else:
                # A literal.  Nothing changes before all of it is known to be good.
                at = pos + 1
                name = _SHORT_NAMES[octet]
                if not name:
                    if octet == 0x0F and octets[at] < FIRST_DYNAMIC - 0x0F:
                        name = _STATIC_NAMES[octets[at] + 0x0F]
                        at += 1
                    else:
                        name, at = self._name(octets, at, end)
                if name:
                    head: i64 = octets[at]
                    length: i64 = head & 0x7F
                    at += 1
                    after: i64 = at + length
                    if after <= end and length != 0x7F:
                        value = octets[at:after]
                        if head >= 0x80:
                            if octet >= 0x10:
                                value = (
                                    decode_words(value, at) if COMPILED else decode_rows(value, at)
                                )
                            else:
                                text = memory.get(value)
                                if text is None:
                                    text = huffman_decode(value, at)
                                    if len(memory) >= MOST_REMEMBERED:
                                        memory.clear()
                                    memory[value] = text
                                value = text
                        size: i64 = ENTRY_OVERHEAD + len(name) + len(value)
                        if size <= room and size <= field_limit:
                            room -= size
                            pos = after
                            # No variable: compiled, one that holds a pair is taken apart and put
                            # together anew at each use, as a plain one.
                            if octet >= 0x40:
                                blocks.clear()
                                repeatable = False
                                # `table.add` written out: two calls less for each new field.
                                fields.append((name, value))
                                entries.append(fields[-1])
                                sizes.append(size)
                                newest += 1
                                free = table.free - size
                                if free < 0:
                                    first = table.first
                                    while free < 0:
                                        free += sizes[first]
                                        entries[first] = None
                                        first += 1
                                    table.first = first
                                table.free = free
                            elif octet >= 0x10:
                                repeatable = False
                                fields.append(SensitiveField(name, value))
                            else:
                                fields.append((name, value))
                            continue
            if careful is None:
                careful = self._careful(data, fields)
                repeatable = False
            careful.size = self.max_list_size - room
            pos = careful.step(pos)
            room = self.max_list_size - careful.size
            newest = len(entries) - 1 + _NEWEST
            if careful.over:
                break
        if pos < end or room < 0 or (careful is not None and careful.over):
            if careful is None:
                careful = self._careful(data, fields)
            careful.size = self.max_list_size - room
            careful.finish(pos)
        elif repeatable and end <= _LONGEST_BLOCK:
            if len(blocks) >= _MOST_BLOCKS:
                blocks.clear()
            blocks[data] = _ONCE if known is None else fields.copy()
        table.trim()
        return cast("list[Field]", fields)

    def _careful(self, data: bytes, fields: list[object]) -> Careful:
        self._blocks.clear()  # it may change the table
        return Careful(
            data, self._table, fields, self.max_list_size, self.max_fields, self.max_field_size
        )

    def _name(self, octets: bytes, at: int, end: int) -> tuple[bytes, int]:
        """The name of the literal whose first octet is before `at` and holds no static index.

        Returns it with the offset of the value, or nothing where `Careful` has to look.
        """
        octet = octets[at - 1]
        head = octets[at]
        if octet & 0x60 == 0x20:
            return b"", at
        if octet & 0x3F == 0 or octet == 0x10:
            after = at + 1 + (head & 0x7F)
            if after >= end or head & 0x7F == 0x7F:
                return b"", at
            name = octets[at + 1 : after]
            return (huffman_decode(name, at + 1) if head >= 0x80 else name), after
        index = octet & (0x3F if octet >= 0x40 else 0x0F)
        if index == 0x3F or octet < 0x40:
            if head >= 0x80:
                return b"", at
            index += head
            at += 1
        if index < FIRST_DYNAMIC:
            return _STATIC_NAMES[index], at
        field = self._table.field(index)
        return (b"" if field is None else cast("Field", field)[0]), at

    def _take_updates(self, data: bytes) -> int:
        """Obey the table size updates at the start of a block (RFC 7541 §4.2, §6.3)."""
        self._blocks.clear()
        pos = 0
        count = 0
        limit = self._owed if self._owed >= 0 else self._max_table_size
        while pos < len(data) and data[pos] & 0xE0 == 0x20:
            count += 1
            if count > _MOST_UPDATES:
                raise HpackError("at most two table size updates", "a third", pos)
            size, after = decode_integer(data, pos, 5)
            if size > limit:
                raise InvalidTableSize(f"a table size of at most {limit} octets", f"{size}", pos)
            self._table.resize(size)
            self._owed = -1
            limit = self._max_table_size
            pos = after
        if self._owed >= 0:
            raise InvalidTableSize(f"a table size update to at most {limit} octets", "none", pos)
        return pos


_NEWEST: Final = 0x80 | FIRST_DYNAMIC  # the octet that stands for the newest dynamic entry

# By the first octet of a representation: the field of a static index.
_STATIC_FIELDS: Final[list[object]] = [None] * 0x81 + list(STATIC_TABLE)
_STATIC_SIZES: Final = [0] * 0x81 + [
    ENTRY_OVERHEAD + len(name) + len(value) for name, value in STATIC_TABLE
]

_LARGEST_STATIC: Final = max(_STATIC_SIZES)

# By static index, and by the first octet of a literal where that holds the whole index.
_STATIC_NAMES: Final = [b"", *[name for name, _ in STATIC_TABLE]]
_SHORT_NAMES: Final = [
    *(*_STATIC_NAMES[:15], b""),  # 0x00: without indexing
    *(*_STATIC_NAMES[:15], b""),  # 0x10: never indexed
    *[b""] * 32,  # 0x20: not a literal
    *(*_STATIC_NAMES, b"", b""),  # 0x40: with indexing
]
