"""Which fields an encoder may put into the dynamic table (RFC 7541 §7.1.3).

A policy is data: names and numbers, no code of its own.  To decide field by field, mark the field
itself with `hyper.wire.SensitiveField`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from hyper.hpack.static_table import STATIC_TABLE

# What an encoder does with the fields of a name: the low two bits of a rule.
INDEX: Final = 0
LITERAL: Final = 1
NEVER: Final = 2
BY_LENGTH: Final = 3  # NEVER below the length that `short` gives, else INDEX

# RFC 7541 §7.1.3: credentials are what an attacker would guess.
_NEVER: Final = (b"authorization", b"proxy-authorization", b"set-cookie")

# Values that seldom come twice would only drive out those that do.  `date` is not among them: all
# the responses of one second share it, and on recorded traffic that is worth an eighth of all.
_LITERAL: Final = (
    b":path",
    b"age",
    b"content-length",
    b"etag",
    b"if-match",
    b"if-modified-since",
    b"if-none-match",
    b"if-range",
    b"if-unmodified-since",
    b"location",
)

# RFC 7541 §7.1.3: "short or low-entropy values are more readily recovered".  nghttp2 draws the
# line for cookies at the same length.
_SHORT: Final = {b"cookie": 20}


class IndexingPolicy:
    """Fields called one of `never` become literals that no hop may index, those of `literal` plain
    literals.

    `short` gives for a name the length in octets below which a value is treated as `never`.  An
    entry that would take more than `largest` of the table, a fraction of 1, becomes a literal
    too; `inf` keeps none out, and what does not fit empties the table (RFC 7541 §4.4).  All other
    fields are indexed.

    A string goes out in the Huffman code where that makes it shorter; with `always_coded` each
    does, which gives the same octets as the encoder of python-hyper's hpack.

    A policy does not change once made; any number of encoders share it.
    """

    __slots__ = ("always_coded", "largest", "literal", "never", "rules", "short")

    def __init__(
        self,
        never: Iterable[bytes] = _NEVER,
        literal: Iterable[bytes] = _LITERAL,
        short: Mapping[bytes, int] | None = None,
        largest: float = 0.75,
        *,
        always_coded: bool = False,
    ) -> None:
        self.never = frozenset(never)
        self.literal = frozenset(literal)
        self.short = dict(_SHORT if short is None else short)
        self.largest = largest
        self.always_coded = always_coded
        # For the encoder, one look a literal: by name, `static index << 2 | what to do`.
        self.rules: dict[bytes, int] = {}
        for index, (name, _) in enumerate(STATIC_TABLE, 1):
            self.rules.setdefault(name, index << 2 | INDEX)
        # In the order of weight: `never` has the last word.
        for name in self.literal:
            self.rules[name] = self.rules.get(name, 0) | LITERAL
        for name in self.short:
            self.rules[name] = self.rules.get(name, 0) | BY_LENGTH
        for name in self.never:
            self.rules[name] = self.rules.get(name, 0) & ~3 | NEVER

    def __repr__(self) -> str:
        return (
            f"IndexingPolicy(never={sorted(self.never)}, literal={sorted(self.literal)}, "
            f"short={self.short}, largest={self.largest}"
            f"{', always_coded=True' if self.always_coded else ''})"
        )


DEFAULT_POLICY: Final = IndexingPolicy()
"""Credentials and short cookies never; paths, lengths and validators as plain literals."""
