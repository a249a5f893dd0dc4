"""Field blocks for tests: written by hand from the RFC's words, or by a peer that may do anything.

`Writer` is the model: it keeps the dynamic table in the slowest and plainest way, and chooses what
it is told to.  None of it uses the encoder under test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from hyper.hpack.huffman_table import CODES, EOS
from hyper.hpack.static_table import STATIC_TABLE
from hyper.wire import Field, SensitiveField

INCREMENTAL: Final = (0x40, 6)
"""RFC 7541 §6.2.1: the pattern of a literal with incremental indexing and the bits of its index."""
PLAIN: Final = (0x00, 4)
"""RFC 7541 §6.2.2: a literal without indexing."""
NEVER: Final = (0x10, 4)
"""RFC 7541 §6.2.3: a literal never indexed."""
LITERALS: Final = [INCREMENTAL, PLAIN, NEVER]

FIRST_DYNAMIC: Final = 62


def integer(value: int, bits: int, pattern: int = 0, zeros: int = 0) -> bytes:
    """`value` by the pseudocode of RFC 7541 §5.1, and `zeros` octets longer than need be."""
    full = 2**bits - 1
    if value < full:
        return bytes([pattern | value])
    octets = [pattern | full]
    value -= full
    while value >= 128:
        octets.append(value % 128 + 128)
        value //= 128
    octets.append(value)
    for _ in range(zeros):
        octets[-1] |= 128
        octets.append(0)
    return bytes(octets)


def huffman(text: bytes, padding: str | None = None) -> bytes:
    """`text` in the code of RFC 7541 appendix B, bit by bit; `padding` replaces the right one."""
    bits = "".join(format(CODES[octet][0], f"0{CODES[octet][1]}b") for octet in text)
    bits += "1" * (-len(bits) % 8) if padding is None else padding
    assert len(bits) % 8 == 0, "whole octets"
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def eos_bits() -> str:
    """The code that no string may contain."""
    code, length = CODES[EOS]
    return format(code, f"0{length}b")


def string(text: bytes, coded: bool = False) -> bytes:
    """A string literal (RFC 7541 §5.2)."""
    if coded:
        text = huffman(text)
        return integer(len(text), 7, 0x80) + text
    return integer(len(text), 7) + text


def indexed(index: int) -> bytes:
    """An indexed field (RFC 7541 §6.1)."""
    return integer(index, 7, 0x80)


def literal(
    name: bytes | int, value: bytes, form: tuple[int, int] = INCREMENTAL, coded: bool = False
) -> bytes:
    """A literal field (RFC 7541 §6.2); its name may be an index."""
    pattern, bits = form
    value = string(value, coded)
    if isinstance(name, int):
        return integer(name, bits, pattern) + value
    return integer(0, bits, pattern) + string(name, coded) + value


def size_update(size: int) -> bytes:
    """A dynamic table size update (RFC 7541 §6.3)."""
    return integer(size, 5, 0x20)


def field_size(field: Field) -> int:
    """RFC 7541 §4.1."""
    return len(field[0]) + len(field[1]) + 32


def list_size(fields: list[Field]) -> int:
    """RFC 9113 §6.5.2: what SETTINGS_MAX_HEADER_LIST_SIZE counts."""
    return sum(field_size(field) for field in fields)


def marks(fields: Sequence[object]) -> list[bool]:
    """Which of the fields are marked as never to be indexed."""
    return [isinstance(field, SensitiveField) for field in fields]


class Writer:
    """A peer's encoder that does as it is told, with a table as plain as the RFC's words."""

    def __init__(self, max_size: int = 4096) -> None:
        self.max_size = max_size
        self.entries: list[Field] = []
        self.octets = b""
        self.fields: list[Field] = []

    def taken(self) -> tuple[bytes, list[Field]]:
        """The block written so far and its fields; the next block begins."""
        block = self.octets, self.fields
        self.octets, self.fields = b"", []
        return block

    def known(self, index: int) -> Field:
        """The field at an index of either table."""
        if index < FIRST_DYNAMIC:
            return STATIC_TABLE[index - 1]
        return self.entries[index - FIRST_DYNAMIC]

    @property
    def last_index(self) -> int:
        """The largest index there is."""
        return FIRST_DYNAMIC - 1 + len(self.entries)

    def put_indexed(self, index: int) -> None:
        """Write a field of a table."""
        self.octets += indexed(index)
        self.fields.append(self.known(index))

    def put_literal(
        self, name: bytes | int, value: bytes, form: tuple[int, int], coded: bool
    ) -> None:
        """Write a literal and, in the form that says so, enter it."""
        self.octets += literal(name, value, form, coded)
        text = self.known(name)[0] if isinstance(name, int) else name
        self.fields.append(SensitiveField(text, value) if form == NEVER else (text, value))
        if form == INCREMENTAL:
            self.entries.insert(0, (text, value))
            self._evict()

    def put_size(self, size: int) -> None:
        """Write a size update; only at the start of a block is that legal."""
        self.octets += size_update(size)
        self.max_size = size
        self._evict()

    def _evict(self) -> None:
        while list_size(self.entries) > self.max_size:
            self.entries.pop()


NAMES: Final = (
    st.sampled_from([b"cookie", b"x", b"accept", b":path", b":status", b"etag", b"authorization"])
    | st.binary(max_size=12)
    | st.sampled_from([b"", b"n" * 130])
)
VALUES: Final = (
    st.sampled_from([b"", b"1", b"/", b"200", b"no-cache", b"text/html; charset=utf-8"])
    | st.binary(max_size=24)
    | st.integers(0, 400).map(lambda size: b"v" * size)
)
FIELDS: Final = st.builds(lambda name, value: (name, value), NAMES, VALUES)
SENSITIVE: Final = st.builds(SensitiveField, NAMES, VALUES)
FIELD_LISTS: Final[st.SearchStrategy[list[Field]]] = st.lists(FIELDS | SENSITIVE, max_size=12)
"""Lists of fields: few names and values, that come again, and some that are a secret."""

TABLE_SIZES: Final = st.sampled_from([0, 31, 32, 33, 64, 100, 300, 4096]) | st.integers(0, 5000)


@dataclass(frozen=True, slots=True)
class Written:
    """A block, its fields, and the dynamic table after it, newest entry first."""

    octets: bytes
    fields: list[Field]
    table: list[Field]


@st.composite
def conversations(
    draw: st.DrawFn, max_size: int = 4096, most: int = 4, updates: int = 2
) -> list[Written]:
    """The blocks of one connection, every representation where it is legal.

    There are at most `most` blocks, each with at most `updates` of the size of the table.
    """
    writer = Writer(max_size)
    said: list[Written] = []
    sizes = st.integers(0, 300) | st.integers(0, max_size)
    for _ in range(draw(st.integers(1, most))):
        for size in draw(st.lists(sizes, max_size=updates)):
            writer.put_size(min(size, max_size))
        for _ in range(draw(st.integers(0, 8))):
            if draw(st.booleans()):
                writer.put_indexed(_index(draw, writer))
            else:
                name = _index(draw, writer) if draw(st.booleans()) else draw(NAMES)
                form = draw(st.sampled_from(LITERALS))
                writer.put_literal(name, draw(VALUES), form, draw(st.booleans()))
        said.append(Written(*writer.taken(), list(writer.entries)))
    return said


def _index(draw: st.DrawFn, writer: Writer) -> int:
    """An index there is, of the dynamic table as often as of the static one."""
    if len(writer.entries) > 0 and draw(st.booleans()):
        return draw(st.integers(FIRST_DYNAMIC, writer.last_index))
    return draw(st.integers(1, FIRST_DYNAMIC - 1))


@st.composite
def mutated(draw: st.DrawFn, octets: bytes) -> bytes:
    """The octets with a few of them changed, dropped, doubled or come from nowhere."""
    found = bytearray(octets)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(found)))
        match draw(st.integers(0, 4)):
            case 0 if at < len(found):
                found[at] ^= 1 << draw(st.integers(0, 7))
            case 1 if at < len(found):
                found[at] = draw(
                    st.sampled_from([0, 0x10, 0x1F, 0x20, 0x3F, 0x40, 0x7F, 0x80, 0xFF])
                )
            case 2:
                del found[at : at + draw(st.integers(1, 3))]
            case 3:
                found[at:at] = found[at : at + draw(st.integers(1, 3))]
            case _:
                found[at:at] = draw(st.binary(min_size=1, max_size=3))
    return bytes(found)
