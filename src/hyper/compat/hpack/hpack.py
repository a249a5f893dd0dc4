"""The encoder and the decoder of hpack, over those of `hyper.hpack` (RFC 7541).

Not here: fields as `hyper.hpack` has them, which are bytes and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import Final, NoReturn, TypeAlias

from hyper.compat.hpack.exceptions import (
    HPACKDecodingError,
    InvalidTableIndex,
    InvalidTableSizeError,
    OversizedHeaderListError,
)
from hyper.compat.hpack.huffman import HuffmanEncoder
from hyper.compat.hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hyper.compat.hpack.huffman_table import decode_huffman
from hyper.compat.hpack.struct import HeaderTuple, HeaderWeaklyTyped, NeverIndexedHeaderTuple
from hyper.compat.hpack.table import HeaderTable, LiveTable, table_entry_size
from hyper.hpack import Decoder as _Decoder
from hyper.hpack import Encoder as _Encoder
from hyper.hpack import (
    ExcessiveFieldList,
    FieldListTooLarge,
    HpackError,
    IndexingPolicy,
    InvalidIndex,
    InvalidTableSize,
)
from hyper.hpack import decode_integer as _decode_integer
from hyper.wire import Field, SensitiveField

__all__ = [
    "DEFAULT_MAX_HEADER_LIST_SIZE",
    "INDEX_INCREMENTAL",
    "INDEX_NEVER",
    "INDEX_NONE",
    "REQUEST_CODES",
    "REQUEST_CODES_LENGTH",
    "VARINT_MAX_LENGTH",
    "Decoder",
    "Encoder",
    "HPACKDecodingError",
    "HeaderTable",
    "HeaderTuple",
    "HeaderWeaklyTyped",
    "HuffmanEncoder",
    "InvalidTableSizeError",
    "NeverIndexedHeaderTuple",
    "OversizedHeaderListError",
    "decode_huffman",
    "decode_integer",
    "encode_integer",
    "table_entry_size",
]

INDEX_NONE: Final = b"\x00"
INDEX_NEVER: Final = b"\x10"
INDEX_INCREMENTAL: Final = b"\x40"

VARINT_MAX_LENGTH: Final = 5
"""The octets that an integer may have behind its prefix."""

DEFAULT_MAX_HEADER_LIST_SIZE: Final = 2**16

_Text: TypeAlias = bytes | str

_Headers: TypeAlias = (
    Iterable[HeaderTuple | tuple[_Text, _Text] | tuple[_Text, _Text, bool | None]]
    | dict[_Text, _Text]
)

# What the encoder of hpack does: everything is indexed, every string is in the Huffman code, and
# what is larger than the table empties it.
_POLICY: Final = IndexingPolicy((), (), {}, inf, always_coded=True)

# RFC 7541 §4.2: a table may be as large as a program says.
_LARGEST_TABLE: Final = 2**32 - 1
# One size limits the fields of a block together, and that is all of hpack's limits.
_NO_LIMIT: Final = 2**60

# How many fields a decoder remembers as text or as a tuple of its kind, and how long they may be.
_MOST_KNOWN: Final = 256
_LONGEST_KNOWN: Final = 160


# -- integers and text ----------------------------------------------------------------------------


def encode_integer(integer: int, prefix_bits: int) -> bytearray:
    """An integer on a prefix of 1 to 8 bits (RFC 7541 §5.1), whose other bits are 0."""
    if integer < 0:
        raise ValueError(f"Can only encode positive integers, got {integer}")
    full = _full(prefix_bits)
    if integer < full:
        return bytearray((integer,))
    octets = bytearray((full,))
    integer -= full
    while integer >= 128:
        octets.append(integer & 127 | 128)
        integer >>= 7
    octets.append(integer)
    return octets


def decode_integer(data: bytes | memoryview, prefix_bits: int) -> tuple[int, int]:
    """The integer at the start of `data`, and the octets it takes.

    Raises `HPACKDecodingError` if the data ends first, and for more than 32 bits.
    """
    _full(prefix_bits)
    try:
        # The longest there is, and an octet by which one that is longer shows.
        return _decode_integer(bytes(data[: VARINT_MAX_LENGTH + 2]), 0, prefix_bits)
    except HpackError as error:
        raise HPACKDecodingError(str(error)) from error


def _full(prefix_bits: int) -> int:
    if not 1 <= prefix_bits <= 8:
        raise ValueError(f"Prefix bits must be between 1 and 8, got {prefix_bits}")
    return (1 << prefix_bits) - 1


def _to_bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else str(value)).encode("utf-8")


def _dict_to_iterable(
    header_dict: Mapping[_Text, _Text],
) -> Iterator[tuple[_Text, _Text]]:
    # RFC 9113 §8.3: pseudo-fields come first.
    yield from sorted(header_dict.items(), key=lambda item: not _to_bytes(item[0]).startswith(b":"))


def _unicode_if_needed(header: HeaderTuple, raw: bool) -> HeaderTuple:
    if raw:
        return header
    name, value = header
    return type(header)(name.decode("utf-8"), value.decode("utf-8"))


# -- encoding -------------------------------------------------------------------------------------


class Encoder:
    """One direction of one connection: fields in, blocks out."""

    def __init__(self) -> None:
        self._engine: Final = _Encoder(_LARGEST_TABLE, _POLICY)
        self.header_table: Final[HeaderTable] = LiveTable(self)
        self.huffman_coder: Final = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)
        self.table_size_changes: list[int] = []
        """The sizes that the next block tells of: the smallest of them, and the last."""

    @property
    def header_table_size(self) -> int:
        """The octets that the dynamic table may take."""
        return self._engine.table_size

    @header_table_size.setter
    def header_table_size(self, value: int) -> None:
        changed = value != self._engine.table_size
        self.header_table.resized = changed
        if changed:
            self._engine.set_max_table_size(value)
            self.table_size_changes.append(value)

    def dynamic_entries(self) -> list[Field]:
        """What is in the table, newest first."""
        return self._engine.dynamic_table

    def enter(self, field: Field) -> None:
        """Enter a field that is not in the table."""
        self._engine.encode([field])

    def encode(self, headers: _Headers, huffman: bool = True) -> bytes:
        """The block of the fields: of pairs, of pairs and whether they are sensitive, or of a dict.

        What is no bytes is made text, and text is encoded as UTF-8.
        """
        fields: list[Field] = []
        for header in _dict_to_iterable(headers) if isinstance(headers, dict) else headers:
            if type(header) is tuple and len(header) == 2:
                name, value = header
                if type(name) is bytes and type(value) is bytes:
                    fields.append((name, value))
                else:
                    fields.append((_to_bytes(name), _to_bytes(value)))
                continue
            sensitive: object = False
            if isinstance(header, HeaderTuple):
                sensitive = not header.indexable
            elif len(header) > 2:
                sensitive = header[2]
            field = (_to_bytes(header[0]), _to_bytes(header[1]))
            fields.append(SensitiveField(*field) if sensitive else field)
        return self._block(fields, huffman)

    def add(self, to_add: tuple[bytes, bytes], sensitive: bool, huffman: bool = False) -> bytes:
        """One field, in the form that it has in a block."""
        name, value = to_add
        return self._block([SensitiveField(name, value) if sensitive else (name, value)], huffman)

    def _block(self, fields: list[Field], huffman: bool) -> bytes:
        block = self._engine.encode(fields)
        if self.table_size_changes:
            self.table_size_changes = []
            self.header_table.resized = False
        return block if huffman else _plain(block)


def _plain(block: bytes) -> bytes:
    """The same block with its strings as they are."""
    parts: list[bytes] = []
    at = 0
    while at < len(block):
        start = at
        octet = block[at]
        if octet >= 0x80 or octet & 0xE0 == 0x20:
            _, at = _decode_integer(block, at, 7 if octet >= 0x80 else 5)
            parts.append(block[start:at])
            continue
        index, at = _decode_integer(block, at, 6 if octet >= 0x40 else 4)
        parts.append(block[start:at])
        for _ in range(1 if index else 2):
            coded = block[at] >= 0x80
            length, at = _decode_integer(block, at, 7)
            string = block[at : at + length]
            at += length
            text = decode_huffman(string) if coded else string
            parts.append(bytes(encode_integer(len(text), 7)) + text)
    return b"".join(parts)


# -- decoding -------------------------------------------------------------------------------------


class Decoder:
    """The other end: blocks in, fields out, of `max_header_list_size` octets together at most.

    After an exception it is of no more use.
    """

    def __init__(self, max_header_list_size: int = DEFAULT_MAX_HEADER_LIST_SIZE) -> None:
        self._engine: Final = _Decoder(
            HeaderTable.DEFAULT_SIZE, max_header_list_size, _NO_LIMIT, _NO_LIMIT
        )
        self._max_allowed_table_size = HeaderTable.DEFAULT_SIZE
        self.header_table: Final[HeaderTable] = LiveTable(self)
        # Fields as they were given to the user, raw and not.
        self._known: Final[tuple[dict[Field, HeaderTuple], dict[Field, HeaderTuple]]] = ({}, {})

    @property
    def max_header_list_size(self) -> int:
        """The octets that the fields of a block may be together, each with 32 for itself."""
        return self._engine.max_list_size

    @max_header_list_size.setter
    def max_header_list_size(self, value: int) -> None:
        self._engine.set_max_list_size(value)

    @property
    def max_allowed_table_size(self) -> int:
        """The octets of a table that the peer may choose: our SETTINGS_HEADER_TABLE_SIZE."""
        return self._max_allowed_table_size

    @max_allowed_table_size.setter
    def max_allowed_table_size(self, value: int) -> None:
        self._max_allowed_table_size = value
        self._engine.set_max_table_size(value)

    @property
    def header_table_size(self) -> int:
        """The octets that the dynamic table may take."""
        return self._engine.table_size

    @header_table_size.setter
    def header_table_size(self, value: int) -> None:
        engine = self._engine
        self.header_table.resized = value != engine.table_size
        # As if the peer had chosen it.
        update = encode_integer(value, 5)
        update[0] |= 0x20
        engine.set_max_table_size(value)
        engine.decode(update)
        engine.set_max_table_size(self._max_allowed_table_size)

    def dynamic_entries(self) -> list[Field]:
        """What is in the table, newest first."""
        return self._engine.dynamic_table

    def enter(self, field: Field) -> None:
        """Enter a field, of any size."""
        strings = (bytes(encode_integer(len(text), 7)) + text for text in field)
        limit = self._engine.max_list_size
        self._engine.set_max_list_size(_NO_LIMIT)
        self._engine.decode(INDEX_INCREMENTAL + b"".join(strings))
        self._engine.set_max_list_size(limit)

    def decode(self, data: bytes | bytearray | memoryview, raw: bool = False) -> list[HeaderTuple]:
        """The fields of a whole block, as text or (`raw`) as bytes.

        A field that no hop may index is a `NeverIndexedHeaderTuple`.  Raises `HPACKDecodingError`
        or one of its kinds.
        """
        try:
            fields = self._engine.decode(data)
        except (HpackError, FieldListTooLarge) as error:
            _refuse(error)
        known = self._known[raw]
        headers: list[HeaderTuple] = []
        try:
            for field in fields:
                # One that no hop may index is equal to a plain one, and is another type.
                plain = type(field) is tuple
                header = known.get(field) if plain else None
                if header is None:
                    name, value = field
                    kind = HeaderTuple if plain else NeverIndexedHeaderTuple
                    header = kind(*(field if raw else (name.decode(), value.decode())))
                    if plain and len(name) + len(value) <= _LONGEST_KNOWN:
                        if len(known) >= _MOST_KNOWN:
                            known.clear()
                        known[field] = header
                headers.append(header)
        except UnicodeDecodeError as error:
            raise HPACKDecodingError("Unable to decode headers as UTF-8") from error
        return headers


def _refuse(error: HpackError | FieldListTooLarge) -> NoReturn:
    if isinstance(error, InvalidIndex):
        raise InvalidTableIndex(str(error)) from error
    if isinstance(error, InvalidTableSize):
        raise InvalidTableSizeError(str(error)) from error
    if isinstance(error, (ExcessiveFieldList, FieldListTooLarge)):
        raise OversizedHeaderListError(str(error)) from error
    raise HPACKDecodingError(str(error)) from error
