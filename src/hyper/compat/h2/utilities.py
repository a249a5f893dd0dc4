"""What h2 does with header sections, as steps that programs take by themselves.

Each step is lazy: a fault is raised when iteration comes to it.  The names and values are bytes by
then; `utf8_encode_headers` makes them so.  Not here: the checks of `H2Connection`, which are its
engine's.
"""

from collections import OrderedDict
from collections.abc import Generator, Iterable
from typing import Final, NamedTuple

from hyper.compat.h2.exceptions import FlowControlError, ProtocolError
from hyper.compat.hpack.struct import (
    Header,
    HeaderTuple,
    HeaderWeaklyTyped,
    NeverIndexedHeaderTuple,
)

SIGIL: Final = ord(b":")
INFORMATIONAL_START: Final = ord(b"1")

# RFC 9113 §8.2.2: fields of a connection, which HTTP/2 has none of.
CONNECTION_HEADERS: Final = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"}
)

# RFC 9113 §8.3.1, §8.3.2, RFC 8441 §4.
_REQUEST_ONLY_HEADERS: Final = frozenset(
    {b":method", b":scheme", b":authority", b":path", b":protocol"}
)
_RESPONSE_ONLY_HEADERS: Final = frozenset({b":status"})
_CONNECT_REQUEST_ONLY_HEADERS: Final = frozenset({b":protocol"})
_ALLOWED_PSEUDO_HEADER_FIELDS: Final = _REQUEST_ONLY_HEADERS | _RESPONSE_ONLY_HEADERS

# RFC 7541 §7.1.3: who guesses them gains something.
SECURE_HEADERS: Final = frozenset({b"authorization", b"proxy-authorization"})
SHORT_COOKIE: Final = 20

_LARGEST_WINDOW: Final = 2**31 - 1


class HeaderValidationFlags(NamedTuple):
    """What a section is: whose, and of what kind."""

    is_client: bool
    is_trailer: bool
    is_response_header: bool
    is_push_promise: bool


# -- one thing ------------------------------------------------------------------------------------


def extract_method_header(headers: Iterable[Header]) -> bytes | None:
    """The method, if there is one."""
    return _first(headers, b":method")


def authority_from_headers(headers: Iterable[Header]) -> bytes | None:
    """The authority, if there is one."""
    return _first(headers, b":authority")


def _first(headers: Iterable[Header], wanted: bytes) -> bytes | None:
    for name, value in headers:
        if name == wanted:
            return value
    return None


def is_informational_response(headers: Iterable[Header]) -> bool:
    """Whether a section is the head of an interim response (RFC 9110 §15.2)."""
    for name, value in headers:
        if not name.startswith(b":"):
            return False
        if name == b":status":
            return value.startswith(b"1")
    return False


def guard_increment_window(current: int, increment: int) -> int:
    """The window after it was opened (RFC 9113 §6.9.1).

    Raises `FlowControlError` beyond 2^31-1.
    """
    opened = current + increment
    if opened > _LARGEST_WINDOW:
        raise FlowControlError(f"May not increment flow control window past {_LARGEST_WINDOW}")
    return opened


def utf8_encode_headers(headers: Iterable[HeaderWeaklyTyped]) -> list[Header]:
    """The same section in bytes; what is marked stays marked."""
    return [_like(header, _to_bytes(header[0]), _to_bytes(header[1])) for header in headers]


def _to_bytes(v: bytes | str) -> bytes:
    return v.encode("utf-8") if isinstance(v, str) else v


def _like(header: HeaderWeaklyTyped, name: bytes, value: bytes) -> Header:
    """A header of the same kind."""
    if isinstance(header, HeaderTuple):
        return type(header)(name, value)
    return name, value


# -- what is wrong --------------------------------------------------------------------------------


def validate_headers(
    headers: Iterable[Header], hdr_validation_flags: HeaderValidationFlags
) -> Iterable[Header]:
    """The same section, checked as one that came.  Raises `ProtocolError`."""
    checked = _reject_illegal(headers)
    checked = _reject_te_and_connection(checked)
    checked = _reject_pseudo_header_fields(checked, hdr_validation_flags)
    if _is_request(hdr_validation_flags):
        checked = _check_host_and_path(checked)
    return checked


def validate_outbound_headers(
    headers: Iterable[Header], hdr_validation_flags: HeaderValidationFlags
) -> Generator[Header, None, None]:
    """The same section, checked as one to be sent.  Raises `ProtocolError`."""
    checked = _reject_te_and_connection(headers)
    checked = _reject_pseudo_header_fields(checked, hdr_validation_flags)
    if _is_request(hdr_validation_flags):
        checked = _check_host_and_path(checked)
    return checked


def _is_request(flags: HeaderValidationFlags) -> bool:
    return not flags.is_response_header and not flags.is_trailer


def _reject_illegal(headers: Iterable[Header]) -> Generator[Header, None, None]:
    """RFC 9113 §8.2.1: octets that no name and no value has."""
    for header in headers:
        name, value = header
        if not name:
            raise ProtocolError("Received header name with zero length.")
        for at, octet in enumerate(name):
            if 0x41 <= octet <= 0x5A or octet <= 0x20 or octet >= 0x7F or (octet == SIGIL and at):
                raise ProtocolError(f"Illegal character in header name: {name!r}")
        if any(octet in b"\0\r\n" for octet in value):
            raise ProtocolError(f"Illegal character in the value of {name!r}")
        if value and (value[0] in b" \t" or value[-1] in b" \t"):
            raise ProtocolError(f"White space around the value of {name!r}")
        yield header


def _reject_te_and_connection(headers: Iterable[Header]) -> Generator[Header, None, None]:
    """RFC 9113 §8.2.2: what belongs to a connection of HTTP/1.1."""
    for header in headers:
        name, value = header
        if name == b"te" and value.lower() != b"trailers":
            raise ProtocolError(f"Invalid value for TE header: {value!r}")
        if name in CONNECTION_HEADERS:
            raise ProtocolError(f"Connection-specific header field present: {name!r}.")
        yield header


def _reject_pseudo_header_fields(
    headers: Iterable[Header], flags: HeaderValidationFlags
) -> Generator[Header, None, None]:
    """RFC 9113 §8.3: which pseudo-fields there have to be, how many, and where."""
    seen: set[bytes] = set()
    regular = False
    method: bytes | None = None
    for header in headers:
        name, value = header
        if name.startswith(b":"):
            if name in seen:
                raise ProtocolError(f"Received duplicate pseudo-header field {name!r}")
            seen.add(name)
            if regular:
                raise ProtocolError(f"Received pseudo-header field out of sequence: {name!r}")
            if name not in _ALLOWED_PSEUDO_HEADER_FIELDS:
                raise ProtocolError(f"Received custom pseudo-header field {name!r}")
            if name == b":method":
                method = value
        elif name:
            regular = True
        else:
            raise ProtocolError("A header name has at least one octet.")
        yield header
    _check_pseudo_header_fields(seen, method, flags)


def _check_pseudo_header_fields(
    seen: set[bytes], method: bytes | None, flags: HeaderValidationFlags
) -> None:
    if flags.is_trailer and seen:
        raise ProtocolError(f"Received pseudo-header in trailer {seen}")
    if flags.is_response_header:
        if b":status" not in seen:
            raise ProtocolError("Header block missing mandatory :status header")
        if seen & _REQUEST_ONLY_HEADERS:
            raise ProtocolError(f"Encountered request-only headers {seen}")
        return
    if flags.is_trailer:
        return
    if b":method" not in seen:
        raise ProtocolError("Header block missing mandatory :method header")
    if seen & _RESPONSE_ONLY_HEADERS:
        raise ProtocolError(f"Encountered response-only headers {seen}")
    if method == b"CONNECT" and b":protocol" not in seen:
        # RFC 9113 §8.5.
        if seen & {b":scheme", b":path"}:
            raise ProtocolError("An ordinary CONNECT has no :scheme and no :path")
        return
    for name in (b":path", b":scheme"):
        if name not in seen:
            raise ProtocolError(f"Header block missing mandatory {name.decode()} header")
    if method != b"CONNECT" and seen & _CONNECT_REQUEST_ONLY_HEADERS:
        raise ProtocolError("Encountered connect-request-only headers {b':protocol'}")


def _check_host_and_path(headers: Iterable[Header]) -> Generator[Header, None, None]:
    """RFC 9113 §8.3.1: a request has an authority, one of them, and a path that is not empty."""
    authority: bytes | None = None
    hosts: list[bytes] = []
    for header in headers:
        name, value = header
        if name == b":authority":
            authority = value
        elif name == b"host":
            hosts.append(value)
        elif name == b":path" and not value:
            raise ProtocolError("An empty :path header is forbidden")
        yield header
    if authority is None and not hosts:
        raise ProtocolError("Request header block does not have an :authority or Host header.")
    if len(hosts) > 1:
        raise ProtocolError("Request header block has more than one Host header.")
    if authority is not None and hosts and hosts[0] != authority:
        raise ProtocolError("Request header block has mismatched :authority and Host headers.")


# -- what is done to a section --------------------------------------------------------------------


def normalize_outbound_headers(
    headers: Iterable[Header],
    hdr_validation_flags: HeaderValidationFlags | None,
    should_split_outbound_cookies: bool = False,
) -> Generator[Header, None, None]:
    """The section as it is sent: names in lower case, no white space around, no fields of a
    connection, and what must not be guessed marked (RFC 7541 §7.1.3).
    """
    del hdr_validation_flags
    for header in headers:
        name = header[0].lower().strip()
        value = header[1].strip()
        if name in CONNECTION_HEADERS:
            continue
        if name == b"cookie" and should_split_outbound_cookies:
            for crumb in value.split(b"; "):
                yield _marked(_like(header, name, crumb))
        else:
            yield _marked(_like(header, name, value))


def _marked(header: Header) -> Header:
    name, value = header
    if name in SECURE_HEADERS or (name == b"cookie" and len(value) < SHORT_COOKIE):
        return NeverIndexedHeaderTuple(name, value)
    return header


def normalize_inbound_headers(
    headers: Iterable[Header], hdr_validation_flags: HeaderValidationFlags
) -> Generator[Header, None, None]:
    """The section as it is told: crumbs of cookies joined, at its end (RFC 9113 §8.2.3)."""
    del hdr_validation_flags
    crumbs: list[bytes] = []
    for header in headers:
        if header[0] == b"cookie":
            crumbs.append(header[1])
        else:
            yield header
    if crumbs:
        yield NeverIndexedHeaderTuple(b"cookie", b"; ".join(crumbs))


class SizeLimitDict(OrderedDict[int, int]):
    """A dictionary that forgets what came first when it has more than `size_limit` entries."""

    def __init__(self, *args: dict[int, int], size_limit: int | None = None) -> None:
        self._size_limit: Final = size_limit
        super().__init__(*args)
        self._shrink()

    def __setitem__(self, key: int, value: int) -> None:
        super().__setitem__(key, value)
        self._shrink()

    def _shrink(self) -> None:
        if self._size_limit is not None:
            while len(self) > self._size_limit:
                self.popitem(last=False)
