"""Header sections as h11 shows them: names in lower case, and as they were spelled besides.

What the program gives is checked and normalised here; what the engine read has been already.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, SupportsIndex, TypeAlias, cast, overload

from hyper.compat.h11._abnf import field_name, field_value
from hyper.compat.h11._util import LocalProtocolError, bytesify, unhashable

if TYPE_CHECKING:
    from hyper.compat.h11._events import Request

Text: TypeAlias = bytes | bytearray | memoryview | int | str
Item: TypeAlias = tuple[bytes, bytes]
Slice: TypeAlias = "slice[int | None, int | None, int | None]"

CONTENT_LENGTH_MAX_DIGITS = 20  # 64 bits

_NAME: Final = re.compile(field_name.encode("ascii"))
_VALUE: Final = re.compile(field_value.encode("ascii"))

# What the connection wants to know of a section: which of these names are in it.
CONTENT_LENGTH: Final = 1
TRANSFER_ENCODING: Final = 2
CONNECTION: Final = 4
HOST: Final = 8
SECOND_HOST: Final = 16
UPGRADE: Final = 32
TE: Final = 64

KINDS: Final[dict[bytes, int]] = {
    b"content-length": CONTENT_LENGTH,
    b"transfer-encoding": TRANSFER_ENCODING,
    b"connection": CONNECTION,
    b"host": HOST,
    b"upgrade": UPGRADE,
    b"te": TE,
}

# Names that were found legal: as spelled, in lower case, and their kind.  Text and bytes apart, for
# they must not be compared.
_KNOWN: Final[dict[bytes, tuple[bytes, int]]] = {}
_KNOWN_TEXT: Final[dict[str, bytes]] = {}
_MAX_KNOWN: Final = 512
_MAX_KNOWN_NAME: Final = 64


class Headers(Sequence[Item]):
    """A header section: a sequence of `(name, value)`, with the names in lower case.

    Equal to a list of the same pairs.  `full_items` are triples: the name as it is spelled, the
    name in lower case, the value.
    """

    __slots__ = ("_items", "_kinds", "_raw", "_spelled")
    __hash__ = unhashable

    def __init__(self, full_items: list[tuple[bytes, bytes, bytes]]) -> None:
        self._items: list[Item] = [(name, value) for _, name, value in full_items]
        self._spelled: Sequence[bytes] = [spelled for spelled, _, _ in full_items]
        self._raw: list[Item] | None = None
        self._kinds: int = kinds_of(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def __eq__(self, other: object) -> bool:
        # A list on the left side never gets here; one on the right does.
        return list(self) == list(cast("Iterable[object]", other))

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __repr__(self) -> str:
        return f"<Headers({self._items!r})>"

    @overload
    def __getitem__(self, idx: int) -> Item: ...
    @overload
    def __getitem__(self, idx: "Slice") -> list[Item]: ...
    def __getitem__(self, idx: "int | Slice") -> Item | list[Item]:
        return self._items[cast("SupportsIndex", idx)]

    def raw_items(self) -> list[Item]:
        """The pairs with the names as they are spelled."""
        return list(raw_items(self))

    @property
    def _full_items(self) -> list[tuple[bytes, bytes, bytes]]:
        return [(spelled, *item) for spelled, item in zip(self._spelled, self._items, strict=True)]


HeaderTypes: TypeAlias = (
    Headers
    | list[tuple[bytes, bytes]]
    | list[tuple[bytes, str]]
    | list[tuple[str, bytes]]
    | list[tuple[str, str]]
)
"""What the constructors of events take."""

_new = Headers.__new__


def make(
    items: list[Item], spelled: Sequence[bytes], raw: list[Item] | None, kinds: int
) -> Headers:
    """A section that is known to be legal, out of lists that are nobody else's."""
    made = _new(Headers)
    made._items = items
    made._spelled = spelled
    made._raw = raw
    made._kinds = kinds
    return made


def received(items: list[Item], spelled: Sequence[bytes]) -> Headers:
    """A section that the engine read: legal, but not yet normalised."""
    kinds = kinds_of(items)
    if kinds & (CONTENT_LENGTH | TRANSFER_ENCODING):
        for name, value in items:
            # What nearly all look like needs nothing done.
            if (name == b"content-length" and not value.isdigit()) or (
                name == b"transfer-encoding" and value != b"chunked"
            ):
                break
        else:
            if [name for name, _ in items].count(b"content-length") <= 1:
                return make(items, spelled, None, kinds)
        raw = [(name, value) for name, (_, value) in zip(spelled, items, strict=True)]
        return normalize_and_validate(raw, _parsed=True)
    return make(items, spelled, None, kinds)


def kinds_of(items: list[Item]) -> int:
    """Which of the names that matter are in a section."""
    kinds = 0
    known = KINDS
    for name, _ in items:
        if name in known:
            kinds |= known[name]
    return kinds


def raw_items(headers: Headers) -> list[Item]:
    """`headers.raw_items()`, to be looked at and left as it is."""
    raw = headers._raw
    if raw is None:
        raw = [
            (spelled, item[1])
            for spelled, item in zip(headers._spelled, headers._items, strict=True)
        ]
        headers._raw = raw
    return raw


def kinds(headers: Headers) -> int:
    """Which of the names that matter are in it."""
    return headers._kinds


def normalize_and_validate(headers: HeaderTypes, _parsed: bool = False) -> Headers:
    """A section out of what the program gave, or `LocalProtocolError`.

    `_parsed` says that every name and value is legal already.  Content-Length given more than once
    with one value becomes one; Transfer-Encoding is `chunked` or a fault with the hint 501.
    """
    items: list[Item] = []
    spelled: list[bytes] = []
    raw: list[Item] = []
    seen = 0
    length = b""
    for given, content in cast("Iterable[tuple[Text, Text]]", headers):
        if _parsed:
            name, value = cast("Item", (given, content))
            lower = name.lower()
            kind = KINDS.get(lower, 0)
        else:
            name, lower, kind = _checked_name(given)
            value = _checked_value(content)
        if kind:
            if kind == CONTENT_LENGTH:
                value = _length(value)
                if seen & CONTENT_LENGTH:
                    if value != length:
                        raise LocalProtocolError("more than one Content-Length, and they differ")
                    continue
                length = value
            elif kind == TRANSFER_ENCODING:
                if seen & TRANSFER_ENCODING:
                    raise LocalProtocolError("more than one Transfer-Encoding", 501)
                value = value.lower()
                if value != b"chunked":
                    raise LocalProtocolError("a Transfer-Encoding other than chunked", 501)
            elif kind == HOST and seen & HOST:
                kind = SECOND_HOST
            seen |= kind
        item = (name, value)
        raw.append(item)
        items.append(item if lower is name else (lower, value))
        spelled.append(name)
    return make(items, spelled, raw, seen)


def _checked_name(given: Text) -> tuple[bytes, bytes, int]:
    """A name as it is spelled, in lower case, and its kind."""
    if type(given) is bytes:
        name = given
    elif type(given) is str:
        # Which text makes which bytes is remembered, so that the same bytes object comes again.
        name = _KNOWN_TEXT.get(given) or given.encode("ascii")
    else:
        name = bytesify(given)
    known = _KNOWN.get(name)
    if known is not None:
        return name, known[0], known[1]
    if _NAME.fullmatch(name) is None:
        raise LocalProtocolError(f"a header name that is no token: {name[:64]!r}")
    lower = name.lower()
    # What is in lower case is not kept twice.
    lower = name if lower == name else lower
    kind = KINDS.get(lower, 0)
    if len(name) <= _MAX_KNOWN_NAME:
        if len(_KNOWN) >= _MAX_KNOWN:
            _KNOWN.clear()
            _KNOWN_TEXT.clear()
        _KNOWN[name] = (lower, kind)
        if type(given) is str:
            _KNOWN_TEXT[given] = name
    return name, lower, kind


def _checked_value(given: Text) -> bytes:
    value = given if type(given) is bytes else bytesify(given)
    if _VALUE.fullmatch(value) is None:
        # Not quoted: it may be a secret.
        raise LocalProtocolError("a header value with NUL, an end of a line, or space at its edge")
    return value


def _length(value: bytes) -> bytes:
    # RFC 9110 §8.6: a list of equal lengths may be taken for one of them.
    lengths = {each.strip() for each in value.split(b",")}
    if len(lengths) != 1:
        raise LocalProtocolError("a Content-Length that lists different lengths")
    length = lengths.pop()
    if not length.isdigit() or len(length) > CONTENT_LENGTH_MAX_DIGITS:
        raise LocalProtocolError("a Content-Length that is no number of up to 20 digits")
    return length


def get_comma_header(headers: Headers, name: bytes) -> list[bytes]:
    """The members of the list in the fields called `name`, in lower case and without the empty
    ones.

    Only for names whose values have no case and no quoted strings, such as Connection.
    """
    found: list[bytes] = []
    for each, value in headers:
        if each == name:
            for member in value.lower().split(b","):
                stripped = member.strip()
                if stripped:
                    found.append(stripped)
    return found


def set_comma_header(headers: Headers, name: bytes, new_values: list[bytes]) -> Headers:
    """The same section with one field called `name` for each of `new_values`, behind the rest."""
    others = [item for item in raw_items(headers) if item[0].lower() != name]
    new = [(name.title(), value) for value in new_values]
    return normalize_and_validate(others + new)


def has_expect_100_continue(request: "Request") -> bool:
    """Whether a request waits for 100 (Continue); one of HTTP/1.0 never does (RFC 9110 §10.1.1)."""
    if request.http_version < b"1.1":
        return False
    return b"100-continue" in get_comma_header(request.headers, b"expect")
