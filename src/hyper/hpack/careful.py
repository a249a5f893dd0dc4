"""One block by all the rules: what `decoder` does not do in its fast loop (RFC 7541 §3, §5, §6).

Long strings, indexes and lengths of several octets, every limit and every error are here.
"""

from typing import Final, cast

from hyper.hpack.dynamic_table import ENTRY_OVERHEAD, FIRST_DYNAMIC, DecoderTable
from hyper.hpack.errors import ExcessiveFieldList, FieldListTooLarge, HpackError, InvalidIndex
from hyper.hpack.huffman import huffman_decode, huffman_length
from hyper.hpack.integers import decode_integer
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Field, SensitiveField

# A block over a limit is decoded to its end without being kept, so that the dynamic table stays in
# step.  One over a limit this many times is not worth that.
_HARD: Final = 2


class Careful:
    """Reads representations of one block into `fields`, whose sizes are `size` together.

    RFC 9113 §10.5.1: a block MUST be processed whatever becomes of it, for the table's sake.

    Once a limit is broken it is `over`: `fields` is empty then and stays so, while the table goes
    on as before.
    """

    __slots__ = (
        "_came",
        "_count",
        "_data",
        "_expected",
        "_fields",
        "_max_field_size",
        "_max_fields",
        "_max_list_size",
        "_offset",
        "_table",
        "over",
        "size",
    )

    def __init__(
        self,
        data: bytes,
        table: DecoderTable,
        fields: list[object],
        max_list_size: int,
        max_fields: int,
        max_field_size: int,
    ) -> None:
        self.over = False
        self.size = 0
        self._data = data
        self._table = table
        self._fields = fields
        self._max_list_size = max_list_size
        self._max_fields = max_fields
        self._max_field_size = max_field_size
        self._count = 0
        self._expected = ""
        self._came = ""
        self._offset = 0

    def finish(self, start: int) -> None:
        """Read what is left from `start` on.  Raises `FieldListTooLarge` if it is `over` then."""
        if not self.over:
            self._count = len(self._fields)
        self._hold(self.size, self._max_list_size, "octets in all fields", start)
        pos = start
        while pos < len(self._data):
            pos = self.step(pos)
        if self.over:
            raise FieldListTooLarge(self._expected, self._came, self._offset)

    def step(self, start: int) -> int:
        """Read the representation at `start` (RFC 7541 §3.2); returns the offset after it."""
        octet = self._data[start]
        if octet & 0xE0 == 0x20:
            raise HpackError("table size updates before the first field", "one after it", start)
        if octet < 0x80:
            return self._literal(start)
        index, pos = decode_integer(self._data, start, 7)
        field = self._indexed(index, start)
        name, value = cast("Field", field)
        self._count_in(len(name) + len(value), start)
        if not self.over:
            self._fields.append(field)
        return pos

    def _literal(self, start: int) -> int:
        octet = self._data[start]
        incremental = octet >= 0x40
        index, name_at = decode_integer(self._data, start, 6 if incremental else 4)
        name = cast("Field", self._indexed(index, start))[0] if index else b""
        name_most, value_at = (len(name), name_at) if index else self._most(name_at)
        value_most, after = self._most(value_at)
        # What may be too large is measured before anything is made of it.
        measured = self.over or not self._fits(name_most + value_most)
        if measured:
            size = len(name) if index else self._length(name_at)
            size += self._length(value_at)
            self._count_in(size, start)
            if self.over and not (incremental and self._table.takes(size + ENTRY_OVERHEAD)):
                if incremental:
                    # RFC 7541 §4.4: an entry larger than the table empties it.
                    self._table.clear()
                return after
        if not index:
            name = self._string(name_at)
        value = self._string(value_at)
        size = len(name) + len(value)
        if not measured:
            self._count_in(size, start)
        # No variable: compiled, one that holds a pair is taken apart and put together anew at each
        # use, as a plain one.
        made: list[object] = []
        if octet & 0xF0 == 0x10:
            made.append(SensitiveField(name, value))
        else:
            made.append((name, value))
        if incremental:
            self._table.add(made[0], size + ENTRY_OVERHEAD)
        if not self.over:
            self._fields.append(made[0])
        return after

    def _indexed(self, index: int, start: int) -> object:
        """The field at an index of either table."""
        if 0 < index < FIRST_DYNAMIC:
            return STATIC_TABLE[index - 1]
        field = self._table.field(index) if index else None
        if field is None:
            # RFC 7541 §2.3.3, §6.1: 0, and what is beyond the tables, MUST be a decoding error.
            last = FIRST_DYNAMIC - 1 + len(self._table)
            raise InvalidIndex(f"an index of 1 to {last}", f"{index}", start)
        return field

    def _most(self, start: int) -> tuple[int, int]:
        """How long the string at `start` can be at most, and the offset after it."""
        length, pos = decode_integer(self._data, start, 7)
        left = len(self._data) - pos
        if length > left:
            raise HpackError(f"a string of {length} octets", f"{left} octets", start)
        # No code is shorter than five bits.
        return length * 8 // 5 if self._data[start] >= 0x80 else length, pos + length

    def _length(self, start: int) -> int:
        """How long the string at `start` is."""
        length, pos = decode_integer(self._data, start, 7)
        if self._data[start] < 0x80:
            return length
        return huffman_length(self._data[pos : pos + length], pos)

    def _string(self, start: int) -> bytes:
        """The string at `start`, which is known to be whole."""
        length, pos = decode_integer(self._data, start, 7)
        raw = self._data[pos : pos + length]
        return huffman_decode(raw, pos) if self._data[start] >= 0x80 else raw

    def _fits(self, size: int) -> bool:
        """Whether one more field of at most `size` octets breaks no limit."""
        return (
            size <= self._max_field_size
            and self.size + size + ENTRY_OVERHEAD <= self._max_list_size
            and len(self._fields) < self._max_fields
        )

    def _count_in(self, size: int, start: int) -> None:
        """Count one more field, of `size` octets, that starts at `start`."""
        self.size += size + ENTRY_OVERHEAD
        self._count = 1 + (self._count if self.over else len(self._fields))
        self._hold(size, self._max_field_size, "octets in one field", start)
        self._hold(self.size, self._max_list_size, "octets in all fields", start)
        self._hold(self._count, self._max_fields, "fields", start)

    def _hold(self, value: int, limit: int, unit: str, start: int) -> None:
        """Hold `value` against its limit."""
        if value > _HARD * limit:
            raise ExcessiveFieldList(f"never more than twice {limit} {unit}", f"{value}", start)
        if value > limit and not self.over:
            self.over = True
            self._fields.clear()
            self._expected = f"at most {limit} {unit}"
            self._came = f"{value}"
            self._offset = start
