"""From fields to a field block (RFC 7541 §6).

Hot code: plain branches in one loop, no generators, no closures; bench/hpack.py measures it.
"""

from collections.abc import Iterable
from typing import Final

from hyper.hpack.dynamic_table import ENTRY_OVERHEAD, FIRST_DYNAMIC, EncoderTable
from hyper.hpack.huffman import COMPILED
from hyper.hpack.huffman_rows import encode_rows
from hyper.hpack.huffman_words import encode_words
from hyper.hpack.integers import encode_integer
from hyper.hpack.policy import BY_LENGTH, DEFAULT_POLICY, INDEX, LITERAL, NEVER, IndexingPolicy
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Field, SensitiveField

# RFC 9113 §4.3.1: what both ends start with.
_FIRST_TABLE_SIZE: Final = 4096

# Strings that are not indexed are remembered in their coded form: the paths and lengths of one
# connection come again and again.
_MOST_STRINGS: Final = 32
_LONGEST_STRING: Final = 128


class Encoder:
    """One direction of one connection: each block changes what the next ones may refer to.

    The dynamic table takes no more than `max_table_size` octets, whatever the peer allows.
    """

    __slots__ = (
        "_lowest",
        "_max_entry",
        "_max_table_size",
        "_policy",
        "_signalled",
        "_strings",
        "_table",
    )

    def __init__(
        self, max_table_size: int = _FIRST_TABLE_SIZE, policy: IndexingPolicy = DEFAULT_POLICY
    ) -> None:
        self._policy = policy
        self._max_table_size = max_table_size
        self._table = EncoderTable(_FIRST_TABLE_SIZE)
        self._max_entry = int(_FIRST_TABLE_SIZE * policy.largest)
        self._strings: dict[bytes, bytes] = {}
        # The smallest size since the last block, while a change has not been signalled.
        self._signalled = True
        self._lowest = _FIRST_TABLE_SIZE
        self.set_max_table_size(_FIRST_TABLE_SIZE)

    def __repr__(self) -> str:
        return f"Encoder({self._table!r})"

    @property
    def table_size(self) -> int:
        """The octets the dynamic table may take, as the next block tells the peer if it must."""
        return self._table.max_size

    def set_max_table_size(self, size: int) -> None:
        """The peer's SETTINGS_HEADER_TABLE_SIZE is `size` octets from now on (RFC 9113 §6.5.2)."""
        size = min(size, self._max_table_size)
        if size != self._table.max_size:
            self._resize(size)

    def encode(self, fields: Iterable[Field]) -> bytes:
        """The block that gives `fields` back, in their order.

        A `SensitiveField` becomes a literal that no hop may index.  Raises `TypeError` for what is
        not a tuple of two `bytes`; what was before it in `fields` leaves no trace.
        """
        parts: list[bytes] = []
        if not self._signalled:
            self._put_sizes(parts)
        # A variable of the type `Field` would be taken apart and put together anew, compiled.
        objects: Iterable[object] = fields
        field: object = None
        table = self._table
        known = table.known
        rules = self._policy.rules
        next_index = table.newest + FIRST_DYNAMIC
        try:
            for field in objects:
                number = known.get(field)
                if number is not None and type(field) is not SensitiveField:
                    index = next_index - number if number > 0 else -number
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
                rule = rules.get(name, INDEX)
                action = rule & 3
                if action == BY_LENGTH:
                    action = NEVER if len(value) < self._policy.short[name] else INDEX
                if type(field) is SensitiveField:
                    action = NEVER
                size = ENTRY_OVERHEAD + len(name) + len(value)
                if action == INDEX and size > self._max_entry:
                    action = LITERAL
                index = rule >> 2
                if index == 0:
                    index = next_index - table.names.get(name, next_index)
                    if index < _PREPARED:
                        parts.append(_PREFIXES[action][index])
                    else:
                        parts.append(encode_integer(index, _BITS[action], _PATTERNS[action]))
                    if index == 0:
                        parts.append(_string(name))
                else:
                    if not value and action != NEVER and not STATIC_TABLE[index - 1][1]:
                        parts.append(_INDEXED[index])
                        continue
                    parts.append(_PREFIXES[action][index])
                if action == INDEX:
                    parts.append(_string(value))
                    table.add(field, name, size)
                    next_index = table.newest + FIRST_DYNAMIC
                elif action == LITERAL:
                    parts.append(self._remembered(value))
                else:
                    parts.append(_string(value))
        except BaseException as error:
            # The peer will not see this block, nor be able to follow what it has changed.
            self._start_again()
            if isinstance(error, (TypeError, ValueError)):
                raise TypeError(
                    f"expected tuples of a name and a value in bytes, got {_shape(field)}"
                ) from error
            raise
        return b"".join(parts)

    def _remembered(self, text: bytes) -> bytes:
        coded = self._strings.get(text)
        if coded is None:
            coded = _string(text)
            if len(text) <= _LONGEST_STRING:
                if len(self._strings) >= _MOST_STRINGS:
                    self._strings.clear()
                self._strings[text] = coded
        return coded

    def _put_sizes(self, parts: list[bytes]) -> None:
        # RFC 7541 §4.2: the smallest size between two blocks is signalled, then the final one.
        if self._lowest < self._table.max_size:
            parts.append(encode_integer(self._lowest, 5, 0x20))
        parts.append(encode_integer(self._table.max_size, 5, 0x20))
        self._signalled = True

    def _resize(self, size: int) -> None:
        if self._signalled:
            self._signalled = False
            self._lowest = size
        self._lowest = min(self._lowest, size)
        self._table.resize(size)
        self._max_entry = int(size * self._policy.largest)

    def _start_again(self) -> None:
        size = self._table.max_size
        self._resize(0)
        self._resize(size)


def _string(text: bytes) -> bytes:
    """A string literal (RFC 7541 §5.2)."""
    length = len(text)
    coded = encode_words(text) if COMPILED else encode_rows(text)
    size = len(coded)
    if size >= length:
        # Either form is legal.  The plain one is read faster, so it wins a draw.
        return (_LENGTHS[length] if length < 0x7F else encode_integer(length, 7)) + text
    if size < 0x7F:
        return _CODED_LENGTHS[size] + coded
    return encode_integer(size, 7, 0x80) + coded


def _shape(field: object) -> str:
    """What kind of thing `field` is; never what is in it."""
    kind = type(field).__name__
    if isinstance(field, tuple):
        return f"{kind}({', '.join([type(item).__name__ for item in field])})"
    return kind


# One octet is common, `bytes` is slow to make: what a table of 4,096 octets needs is made once.
_PREPARED: Final = FIRST_DYNAMIC + _FIRST_TABLE_SIZE // ENTRY_OVERHEAD
_INDEXED: Final = [encode_integer(index, 7, 0x80) for index in range(_PREPARED)]
_LENGTHS: Final = [encode_integer(length, 7) for length in range(0x7F)]
_CODED_LENGTHS: Final = [encode_integer(length, 7, 0x80) for length in range(0x7F)]

# RFC 7541 §6.2: the literals by what is done with them: INDEX, LITERAL, NEVER.
_BITS: Final = (6, 4, 4)
_PATTERNS: Final = (0x40, 0x00, 0x10)
_PREFIXES: Final = [
    [encode_integer(index, bits, pattern) for index in range(_PREPARED)]
    for bits, pattern in zip(_BITS, _PATTERNS, strict=True)
]
