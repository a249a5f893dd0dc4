"""From a field block to fields (RFC 7541 §3, §6).

Hot code: index loops and plain branches, no generators, no closures; bench/hpack.py measures it.
The loop in `decode` takes what is short, sound and within every limit.  All else goes to `_step`,
which knows the whole of the rules and is in no hurry.
"""

from typing import Final, cast

from hyper.hpack.dynamic_table import ENTRY_OVERHEAD, FIRST_DYNAMIC, DecoderTable
from hyper.hpack.errors import FieldListTooLarge, HpackError
from hyper.hpack.huffman import huffman_decode, huffman_length
from hyper.hpack.integers import decode_integer
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Buffer, Field, SensitiveField

# RFC 7541 §4.2: a change needs at most two updates, the minimum and the final size.
_MAX_SIZE_UPDATES: Final = 2

# Past a limit a block is still decoded, so that the dynamic table stays in step; past this many
# times a limit it is not worth that, and the connection ends.
_HARD: Final = 2

# A memory of Huffman strings: values that are not indexed come again all the same.
_MAX_STRINGS: Final = 64

_NEWEST: Final = 0x80 | FIRST_DYNAMIC  # the octet that stands for the newest dynamic entry


class Decoder:
    """One direction of one connection: each block changes what the next ones may refer to.

    `max_table_size` is the size of the dynamic table both ends start with, in octets.  The limits
    of one block are `max_list_size` octets (RFC 9113 §6.5.2: name, value and 32 a field),
    `max_fields` fields and `max_field_size` octets of name and value in any one of them.
    """

    __slots__ = (
        "_count",
        "_excess",
        "_max_table_size",
        "_size",
        "_strings",
        "_table",
        "_update_due",
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
        self.max_fields = max_fields
        self.max_field_size = max_field_size
        self._table = DecoderTable(max_table_size)
        self._max_table_size = max_table_size
        self._update_due = False
        self._strings: dict[bytes, bytes] = {}
        # Of the block at hand, for `_step`: octets and fields so far, and the limit it broke.
        self._size = 0
        self._count = 0
        self._excess: FieldListTooLarge | None = None

    def __repr__(self) -> str:
        return f"Decoder({self._table!r})"

    @property
    def table_size(self) -> int:
        """The octets the dynamic table may take now, as the peer's encoder chose."""
        return self._table.max_size

    def set_max_table_size(self, size: int) -> None:
        """The peer has acknowledged our SETTINGS_HEADER_TABLE_SIZE of `size` octets.

        RFC 9113 §4.3.1: below the size in use, the next block must begin with an update.
        """
        self._max_table_size = size
        self._update_due = size < self._table.max_size

    def decode(self, block: Buffer) -> list[Field]:
        """The fields of one whole block, in order.

        A field that no hop may index comes as a `SensitiveField`.  Raises `HpackError` for a block
        that breaks RFC 7541 or twice a limit, after which the decoder is of no more use, and
        `FieldListTooLarge` for one that only breaks a limit, after which it is.
        """
        data = block if isinstance(block, bytes) else bytes(block)
        end = len(data)
        pos = 0
        if self._update_due or (end and data[0] & 0xE0 == 0x20):
            pos = self._size_updates(data)
        table = self._table
        entries = table.fields
        sizes = table.sizes
        newest = len(entries) - 1 + _NEWEST
        field_limit = self.max_field_size + ENTRY_OVERHEAD
        room = self.max_list_size
        fields: list[object] = []
        for _ in range(self.max_fields):
            if pos >= end:
                break
            octet = data[pos]
            if octet >= 0x80:
                if octet < _NEWEST:
                    field = _STATIC_FIELDS[octet]
                    if field is not None:
                        fields.append(field)
                        room -= _STATIC_SIZES[octet]
                        pos += 1
                        continue
                elif octet != 0xFF:
                    field = entries[newest - octet]
                    if field is not None:
                        fields.append(field)
                        room -= sizes[newest - octet]
                        pos += 1
                        continue
            elif end - pos >= 3:
                at = pos + 1
                name = _LITERAL_NAMES[octet]
                head = data[at]
                if not name:
                    if octet & 0xF == 0:
                        name = self._short_string(data, at)
                        at += 1 + (head & 0x7F)
                    elif head < 0x80:
                        index = head + (0x3F if octet >= 0x40 else 0xF)
                        if index < FIRST_DYNAMIC: name=_STATIC_NAMES[index]
                        else:
                            field = table.field(index)
                            name = b"" if field is None else cast("Field", field)[0]
                        at += 1
                    head = data[at]
                if name:
                    at += 1
                    after = at + (head & 0x7F)
                    if after <= end and head & 0x7F != 0x7F:
                        value = data[at:after]
                        if head >= 0x80:
                            value = huffman_decode(value, at)
                        size = ENTRY_OVERHEAD + len(name) + len(value)
                        if size <= field_limit and size <= room:
                            room -= size
                            pos = after
                            if octet >= 0x40:
                                field = (name, value)
                                entries.append(field)
                                sizes.append(size)
                                free = table.free - size
                                table.free = free
                                newest += 1
                                if free < 0:
                                    table.evict()
                                    newest = len(entries) - 1 + _NEWEST
                                fields.append(field)
                            elif octet < 0x10:
                                fields.append((name, value))
                            else:
                                fields.append(SensitiveField(name, value))
                            continue
            self._size = self.max_list_size - room
            pos = self._step(data, pos, fields)
            room = self.max_list_size - self._size
            newest = len(entries) - 1 + _NEWEST
        if pos < end: raise NotImplementedError
        return cast("list[Field]", fields)

    def _short_string(self, data: bytes, at: int) -> bytes:
        """The string at `at` where it is short and whole, or nothing."""
        head = data[at]
        at += 1
        raw = data[at:at + (head & 0x7F)]
        if head >= 0x80:
            return huffman_decode(raw, at)
        return raw

    def _size_updates(self, data: bytes) -> int:
        pos = 0
        count = 0
        while pos < len(data) and data[pos] & 0xE0 == 0x20:
            size, after = decode_integer(data, pos, 5)
            count += 1
            if count > _MAX_SIZE_UPDATES:
                raise HpackError("at most two table size updates", "a third", pos)
            if size > self._max_table_size:
                raise HpackError(
                    f"a table size of at most {self._max_table_size} octets", f"{size}", pos
                )
            self._table.resize(size)
            self._update_due = False
            pos = after
        if self._update_due:
            raise HpackError(
                f"an update to a table size of at most {self._max_table_size} octets",
                "none",
                pos,
            )
        return pos

    def _step(self, data: bytes, start: int, fields: list[object]) -> int:
        """Decode one representation by all the rules; the offset after it."""
        octet = data[start]
        if octet >= 0x80:
            index, pos = decode_integer(data, start, 7)
            field = self._indexed(index, start)
            name, value = cast("Field", field)
            self._take(field, ENTRY_OVERHEAD + len(name) + len(value), fields)
            return pos
        if octet & 0xE0 == 0x20:
            raise HpackError(
                "a table size update before the first field only", "one after it", start
            )
        incremental = octet >= 0x40
        index, pos = decode_integer(data, start, 6 if incremental else 4)
        if index:
            name, _ = cast("Field", self._indexed(index, start))
        else:
            name, pos = self._string(data, pos)
        value, pos = self._string(data, pos)
        field = SensitiveField(name, value) if octet & 0xF0 == 0x10 else (name, value)
        size = ENTRY_OVERHEAD + len(name) + len(value)
        self._take(field, size, fields)
        if incremental:
            self._table.add(field, size)
        return pos

    def _indexed(self, index: int, start: int) -> object:
        if 0 < index < FIRST_DYNAMIC:
            return STATIC_TABLE[index - 1]
        field = self._table.field(index) if index else None
        if field is None:
            raise HpackError(
                f"an index of 1 to {FIRST_DYNAMIC - 1 + len(self._table)}", f"{index}", start
            )
        return field

    def _string(self, data: bytes, start: int) -> tuple[bytes, int]:
        length, pos = decode_integer(data, start, 7)
        after = pos + length
        if after > len(data):
            raise HpackError(f"a string of {length} octets", f"{len(data) - pos}", start)
        raw = data[pos:after]
        if data[start] >= 0x80:
            raw = huffman_decode(raw, pos)
        return raw, after

    def _take(self, field: object, size: int, fields: list[object]) -> None:
        self._size += size
        self._count += 1
        if self._excess is None:
            fields.append(field)

_STATIC_FIELDS: Final[list[object]] = [None] * 0x81 + list(STATIC_TABLE)
_STATIC_SIZES: Final = [0]*0x81 + [32+len(n)+len(v) for n,v in STATIC_TABLE]
_STATIC_NAMES: Final = [b""] + [n for n,v in STATIC_TABLE]

_LITERAL_NAMES: Final = [
    _STATIC_NAMES[index] if index < 62 else b"" for index in [*range(15),63,*range(15),63,*[63]*32,*range(64)]
]
assert len(_LITERAL_NAMES)==128
