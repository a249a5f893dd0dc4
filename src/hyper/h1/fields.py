"""Field sections: lines to fields, and what the engine needs to know of them (RFC 9112 §5).

The same rules hold for what the peer sends and for what the caller does.  A function returns what
it found out, or a sentence that says what is wrong; such a sentence never quotes a value, which may
be a secret.

Not here: what a head as a whole must look like, which is `head`'s; sizes, which are `scan`'s.

This file is on the hot path: one look-up a line, and plain chains.  bench/h1_cycle.py proves it.
"""

from collections.abc import Sequence
from typing import Final, cast

from hyper.h1.framing import Coding, Length
from hyper.h1.grammar import NOT_TEXT, is_host, is_token
from hyper.h1.leniences import Leniences
from hyper.wire import Field, field_name_fault, field_value_fault

PLAIN: Final = 0  # and so a kind is true that matters
HOST: Final = 1
CONTENT_LENGTH: Final = 2
TRANSFER_ENCODING: Final = 3
CONNECTION: Final = 4
EXPECT: Final = 5
UPGRADE: Final = 6
TE: Final = 7
NOT_IN_TRAILERS: Final = 8  # nor have those above, but for PLAIN, a place in trailers
UNIQUE: Final = 9  # the same, and never the same twice

_KINDS: Final[dict[bytes, int]] = {
    b"host": HOST,
    b"content-length": CONTENT_LENGTH,
    b"transfer-encoding": TRANSFER_ENCODING,
    b"connection": CONNECTION,
    b"expect": EXPECT,
    b"upgrade": UPGRADE,
    b"te": TE,
    # RFC 9110 §6.5.1: fields that frame, route, modify, authenticate or describe content cannot be
    # processed after it.
    b"keep-alive": NOT_IN_TRAILERS,
    b"proxy-connection": NOT_IN_TRAILERS,
    b"trailer": NOT_IN_TRAILERS,
    b"cache-control": NOT_IN_TRAILERS,
    b"max-forwards": NOT_IN_TRAILERS,
    b"range": NOT_IN_TRAILERS,
    b"if-match": NOT_IN_TRAILERS,
    b"if-none-match": NOT_IN_TRAILERS,
    b"if-modified-since": NOT_IN_TRAILERS,
    b"if-unmodified-since": NOT_IN_TRAILERS,
    b"if-range": NOT_IN_TRAILERS,
    b"content-encoding": NOT_IN_TRAILERS,
    b"content-type": NOT_IN_TRAILERS,
    b"content-range": NOT_IN_TRAILERS,
    b"www-authenticate": NOT_IN_TRAILERS,
    b"proxy-authenticate": NOT_IN_TRAILERS,
    b"authorization": NOT_IN_TRAILERS,
    b"proxy-authorization": NOT_IN_TRAILERS,
    b"cookie": NOT_IN_TRAILERS,
    b"set-cookie": UNIQUE,
}

# What Connection lists (RFC 9110 §7.6.1).
CLOSE: Final = 1
KEEP_ALIVE: Final = 2
UPGRADE_OPTION: Final = 4
TE_OPTION: Final = 8

_OPTIONS: Final[dict[bytes, int]] = {
    b"close": CLOSE,
    b"keep-alive": KEEP_ALIVE,
    b"upgrade": UPGRADE_OPTION,
    b"te": TE_OPTION,
}

# What Expect lists (RFC 9110 §10.1.1).
NO_EXPECTATION: Final = 0
CONTINUE: Final = 1
UNKNOWN_EXPECTATION: Final = 2

# A name in the spellings that are met with, and what it is in the one that is compared.
_NAMES: Final[dict[bytes, "Name"]] = {}

_OFTEN: Final = (
    b"accept accept-charset accept-encoding accept-language accept-ranges"
    b" access-control-allow-origin age allow alt-svc authorization cache-control connection"
    b" content-disposition content-encoding content-language content-length content-location"
    b" content-range content-security-policy content-type cookie date dnt etag expect expires"
    b" forwarded from host if-match if-modified-since if-none-match if-range"
    b" if-unmodified-since keep-alive last-modified link location max-forwards origin pragma"
    b" priority proxy-authorization range referer referrer-policy retry-after sec-ch-ua"
    b" sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site"
    b" sec-fetch-user server set-cookie strict-transport-security te trailer transfer-encoding"
    b" upgrade upgrade-insecure-requests user-agent vary via www-authenticate"
    b" x-content-type-options x-forwarded-for x-forwarded-host x-forwarded-proto"
    b" x-frame-options x-real-ip x-request-id x-requested-with"
)

# Eighteen digits fit 64 bits; more than that is nobody's content.
_MAX_LENGTH_DIGITS: Final = 18

_NO_LENGTH: Final = Length.NONE
_NO_CODING: Final = Coding.NONE
_GIVEN: Final = Length.GIVEN

# Lines that a writer may remember, and bytes in the value of each.
_MAX_KNOWN: Final = 128
_MAX_KNOWN_VALUE: Final = 128

_STRICT: Final = Leniences()


class Name:
    """A field name in one spelling, and what the engine makes of the field."""

    __slots__ = ("kind", "lower", "spelled", "start")

    def __init__(self, spelled: bytes, lower: bytes, kind: int) -> None:
        self.spelled: Final = spelled
        self.start: Final = spelled + b": "  # of a line
        self.lower: Final = lower
        self.kind: Final = kind


class Section:
    """What the engine needs to know of a field section.

    A reader uses one again for the next section, so events get copies of its lists.
    """

    __slots__ = (
        "coding",
        "content_length",
        "expectation",
        "fields",
        "host",
        "hosts",
        "length",
        "lines",
        "names",
        "options",
        "te",
        "upgrade",
    )

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.names: tuple[bytes, ...] = ()  # as they are spelled
        self.lines: list[bytes] = []
        self.length: Length = _NO_LENGTH
        self.content_length = 0
        self.coding: Coding = _NO_CODING
        self.options = 0  # of Connection
        self.hosts = 0
        self.host: bytes = b""
        self.expectation = NO_EXPECTATION
        self.upgrade: bytes = b""
        self.te: bytes = b""  # the transfer codings it wants


class FieldReader:
    """Reads the field lines of one direction of a connection.

    The same lines come again and again, most of them in the same place, and whole sections do: what
    the last section had in common with this one is not read again.
    """

    __slots__ = ("_block", "_leniences", "_lines", "_name", "_section", "_value")

    def __init__(self, leniences: Leniences) -> None:
        self._leniences: Final = leniences
        # The section that came last, and its lines.
        self._block: bytes = b""
        self._lines: list[bytes] = _NO_LINES
        self._section: Section = _NO_FIELDS
        # Of the line that was read last by itself.
        self._name: Name = _NO_NAME
        self._value: bytes = b""

    def read(self, block: bytes) -> Section | str:
        """Read the lines of `block`, which CRLF separates."""
        if block == self._block:
            return self._section
        lines = block.split(b"\r\n") if block else []
        if len(lines) != len(self._lines) or not self._patched(lines):
            fault = self._read_all(block, lines)
            if fault is not None:
                return fault
        self._block = block
        self._lines = lines
        return self._section

    def _patched(self, lines: list[bytes]) -> bool:
        """Read what differs from the last section; false if that is more than this can do."""
        old = self._lines
        section = self._section
        for index in range(len(lines)):
            octets = lines[index]
            if octets == old[index]:
                continue
            lower = section.fields[index][0]
            kind = _KINDS.get(lower, PLAIN)
            if kind and kind < NOT_IN_TRAILERS:
                return False
            spelled, _, value = octets.partition(b": ")
            # The same name with a value of the plainest form, or something to be looked at.
            if (
                spelled != section.names[index]
                or not value
                or value.strip() != value
                or value.translate(None, NOT_TEXT) != value
            ):
                if self._read_line(octets) is not None or self._name.kind != kind:
                    return False
                lower = self._name.lower
                value = self._value
                names = section.names
                section.names = (*names[:index], self._name.spelled, *names[index + 1 :])
            section.fields[index] = (lower, value)
        return True

    def _read_all(self, block: bytes, lines: list[bytes]) -> str | None:
        section = Section()
        fields = section.fields
        names: list[bytes] = []
        # That all bytes are such as may be in a line is seen faster in the block.
        is_text = len(block.translate(None, NOT_TEXT)) == len(block) - 2 * (len(lines) - 1)
        for octets in lines:
            spelled, _, value = octets.partition(b": ")
            name = _NAMES.get(spelled)
            # The plainest form of a line, or something to be looked at.
            if name is None or not value or value.strip() != value or not is_text:
                fault = self._read_line(octets)
                if fault is not None:
                    return fault
                name = self._name
                value = self._value
                spelled = name.spelled
            fields.append((name.lower, value))
            names.append(spelled)
            kind = name.kind
            if kind and kind < NOT_IN_TRAILERS:
                note(section, kind, value, self._leniences)
        section.names = tuple(names)
        self._section = section
        return None

    def _read_line(self, octets: bytes) -> str | None:
        """Read one field line (RFC 9112 §5); what is wrong with it, or `None`."""
        spelled, colon, value = octets.partition(b":")
        name = _named(spelled)
        if not isinstance(name, Name):
            return _name_fault(octets, spelled, name)
        if not colon:
            return "a field line without a colon"
        # RFC 9112 §5.1: optional white space around the value is not a part of it.
        value = value.strip(b" \t")
        # RFC 9112 §2.2: a sequence of octets; a bare CR MUST be considered invalid.
        if value.translate(None, NOT_TEXT) != value:
            return field_value_fault(value)
        self._name = name
        self._value = value
        return None


class FieldWriter:
    """Writes the field lines of one direction of a connection, and checks them as a reader does.

    Lines that were found legal are remembered: their octets, their name's kind, their value.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: Final[dict[object, tuple[bytes, int, bytes]]] = {}

    def read(self, fields: Sequence[Field], names: Sequence[bytes]) -> Section | str:
        """The lines for `fields`, spelled as in `names` if there are any, and what they say."""
        if names and len(names) != len(fields):
            return f"{len(names)} names for {len(fields)} fields"
        known = self._known
        section = Section()
        lines = section.lines
        # As objects: compiled, a tuple of a subclass would not be one any more.
        each: Sequence[object] = fields
        for field in each:
            line = known.get(field)
            if line is None:
                learned = self._learn(field)
                if isinstance(learned, str):
                    return learned
                line = learned
            octets, kind, value = line
            lines.append(octets)
            if kind and kind < NOT_IN_TRAILERS:
                note(section, kind, value, _STRICT)
        if names:
            return self._spelled(section, fields, names)
        return section

    def _learn(self, field: object) -> tuple[bytes, int, bytes] | str:
        """The line of a field that was not met before, or what is wrong with it.

        RFC 9112 §2.2, §5.2: no bare CR, no white space before a name and no fold are said.
        """
        spelled, value = cast("Field", field)
        name = _NAMES.get(spelled)
        if name is None:
            named = _named(spelled)
            if not isinstance(named, Name):
                return named
            name = named
        if value.translate(None, NOT_TEXT) != value or value.strip() != value:
            fault = field_value_fault(value)
            if fault is not None:
                return fault
        line = (name.start + value + b"\r\n", name.kind, value)
        # A secret is not kept beyond its message; the mark of one is a subclass.
        if name.kind != UNIQUE and len(value) <= _MAX_KNOWN_VALUE and type(field) is tuple:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[field] = line
        return line

    def _spelled(
        self, section: Section, fields: Sequence[Field], names: Sequence[bytes]
    ) -> Section | str:
        for index, field in enumerate(fields):
            name = names[index]
            given = field[0]
            if name == given:
                continue
            if name.lower() != given.lower():
                return f"the name {_text(name)} for the field {_text(given)}"
            # The same letters but for their case, and so as legal as they were.
            section.lines[index] = name + section.lines[index][len(name) :]
        return section


def note(section: Section, kind: int, value: bytes, leniences: Leniences) -> None:
    """Add to `section` what a field of a kind that matters says."""
    if kind == HOST:
        # One that is no host is as bad as two of them.
        section.hosts += 1 if is_host(value) else 2
        section.host = value
    elif kind == CONNECTION:
        section.options |= _options(value)
    elif kind == CONTENT_LENGTH:
        length = _content_length(value, leniences.equal_lengths)
        if length < 0:
            section.length = Length.BAD
        elif section.length is _NO_LENGTH:
            section.length = _GIVEN if length else Length.ZERO
            section.content_length = length
        elif not leniences.equal_lengths or length != section.content_length:
            # RFC 9112 §6.3, rule 5: more than one is an unrecoverable error, or may be one.
            section.length = Length.BAD
    elif kind == TRANSFER_ENCODING:
        # A list over several fields is legal; that anybody reads it whole is too much to hope for.
        section.coding = _coding(value) if section.coding is _NO_CODING else Coding.BAD
    elif kind == EXPECT:
        section.expectation = max(section.expectation, _expectation(value))
    elif kind == UPGRADE:
        section.upgrade = section.upgrade + b", " + value if section.upgrade else value
    else:
        section.te += b"," + value.lower()


_NO_NAME: Final = Name(b"", b"", PLAIN)

# What a reader begins with; one for all, and never changed.
_NO_LINES: Final[list[bytes]] = []
_NO_FIELDS: Final = Section()


def _named(spelled: bytes) -> Name | str:
    """The name that is spelled so, or what is wrong with it."""
    name = _NAMES.get(spelled)
    if name is None:
        lower = spelled.lower()
        fault = field_name_fault(lower)
        if fault is not None:
            return fault
        name = Name(spelled, lower, _KINDS.get(lower, PLAIN))
    return name


def trailers_fault(fields: Sequence[Field]) -> str | None:
    """What is wrong with legal fields as trailers (RFC 9110 §6.5.1), or `None`."""
    for name, _ in fields:
        if _KINDS.get(name.lower(), PLAIN) != PLAIN:
            return f"{_text(name)} in trailers"
    return None


def _name_fault(octets: bytes, name: bytes, fault: str) -> str:
    if octets[:1] in (b" ", b"\t"):
        # RFC 9112 §5.2: a server MUST reject or replace it.  RFC 9112 §2.2: before the first
        # field line a recipient MUST reject or skip it.
        return "a folded field line"
    if name[-1:] in (b" ", b"\t"):
        # RFC 9112 §5.1: a server MUST reject it with 400.
        return "white space between field name and colon"
    return fault


def _options(value: bytes) -> int:
    """What Connection lists (RFC 9110 §7.6.1)."""
    options = _OPTIONS.get(value, 0)
    if options:
        return options
    for option in value.lower().split(b","):
        options |= _OPTIONS.get(option.strip(b" \t"), 0)
    return options


def _expectation(value: bytes) -> int:
    """What Expect lists (RFC 9110 §10.1.1); empty members of a list are ignored (§5.6.1)."""
    found = NO_EXPECTATION
    for member in value.lower().split(b","):
        name = member.strip(b" \t")
        if name:
            found = max(found, CONTINUE if name == b"100-continue" else UNKNOWN_EXPECTATION)
    return found


def _content_length(value: bytes, equal_lengths: bool) -> int:
    # RFC 9110 §8.6: 1*DIGIT.  Looked at before `int`, which also takes signs and underscores.
    if value.isdigit() and len(value) <= _MAX_LENGTH_DIGITS:
        return int(value)
    if equal_lengths and b"," in value:
        lengths = [_content_length(member.strip(b" \t"), False) for member in value.split(b",")]
        if min(lengths) == max(lengths):
            return lengths[0]
    return -1


def _coding(value: bytes) -> Coding:
    """What one Transfer-Encoding field says (RFC 9112 §6.1)."""
    if value.lower() == b"chunked":
        return Coding.CHUNKED
    members = [member.strip(b" \t") for member in value.lower().split(b",")]
    for member in members:
        # RFC 9112 §7: parameters of these codings SHOULD be treated as an error.
        if not is_token(member):
            return Coding.BAD
    if b"chunked" in members[:-1]:
        # RFC 9112 §6.1: chunked no more than once, and last.
        return Coding.BAD
    return Coding.OVER_CHUNKED if members[-1] == b"chunked" else Coding.OTHER


def _text(name: bytes) -> str:
    return name[:64].decode("ascii", "backslashreplace")


def _note_names() -> None:
    for name in _OFTEN.split():
        kind = _KINDS.get(name, PLAIN)
        for spelled in (name, name.title()):
            _NAMES[spelled] = Name(spelled, name, kind)
    for spelled in (b"ETag", b"TE", b"DNT", b"WWW-Authenticate", b"X-Request-ID", b"X-Real-IP"):
        _NAMES[spelled] = Name(spelled, spelled.lower(), _KINDS.get(spelled.lower(), PLAIN))


_note_names()
