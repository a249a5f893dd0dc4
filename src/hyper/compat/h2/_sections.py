"""Header sections of a stream by itself: what `H2Stream` does to them on their way in and out.

Not here: the sections of a connection, which its engine judges; see `outbound` and `inbound`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, cast

from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.events import (
    Event,
    InformationalResponseReceived,
    PushedStreamReceived,
    ResponseReceived,
    TrailersReceived,
    _PushedRequestSent,
    _ResponseSent,
    _TrailersSent,
)
from hyper.compat.h2.exceptions import ProtocolError
from hyper.compat.h2.utilities import (
    HeaderValidationFlags,
    normalize_inbound_headers,
    normalize_outbound_headers,
    validate_headers,
    validate_outbound_headers,
)
from hyper.compat.hpack.struct import Header, HeaderTuple, NeverIndexedHeaderTuple
from hyper.compat.hyperframe.frame import ContinuationFrame, HeadersFrame, PushPromiseFrame

if TYPE_CHECKING:
    from hyper.wire import Field

BlockFrame = HeadersFrame | ContinuationFrame | PushPromiseFrame

_PROMISED_ID: Final = 4  # octets in front of the block (RFC 9113 §6.6)

# RFC 9110 §8.6: no field for it has more digits, and no sum of DATA frames comes near.
_MOST_DIGITS: Final = 19

# `HeaderTuple(*field)` without a call of Python's.
_make: Final = cast("Callable[[type[HeaderTuple], Field], HeaderTuple]", tuple.__new__)


def validation_flags(told: Sequence[Event], client: bool | None) -> HeaderValidationFlags:
    """What the section is that these events came of."""
    kind = type(told[0])
    return HeaderValidationFlags(
        is_client=bool(client),
        is_trailer=kind in (_TrailersSent, TrailersReceived),
        is_response_header=kind in (_ResponseSent, ResponseReceived, InformationalResponseReceived),
        is_push_promise=kind in (PushedStreamReceived, _PushedRequestSent),
    )


# -- out ------------------------------------------------------------------------------------------


def outbound_section(
    headers: Iterable[Header], flags: HeaderValidationFlags, config: H2Configuration
) -> list[Header]:
    """The section as it is sent.  Raises `ProtocolError` for what may not be."""
    if config.normalize_outbound_headers:
        headers = normalize_outbound_headers(headers, flags, config.split_outbound_cookies)
    if config.validate_outbound_headers:
        headers = validate_outbound_headers(headers, flags)
    section = list(headers)
    for name, value in section:
        # RFC 9113 §10.3: it would end a field of HTTP/1.1 behind an intermediary, asked or not.
        if not name or any(octet in b"\0\r\n" for octet in name + value):
            raise ProtocolError(f"Illegal character in header {name!r}")
    return section


def frames_of_block(
    first: HeadersFrame | PushPromiseFrame, block: bytes, largest: int
) -> list[BlockFrame]:
    """A field block as `first` and the CONTINUATION frames that it needs (RFC 9113 §4.3)."""
    room = max(largest - _PROMISED_ID, 0) if isinstance(first, PushPromiseFrame) else largest
    first.data = block[:room]
    frames: list[BlockFrame] = [first]
    frames.extend(
        ContinuationFrame(first.stream_id, block[at : at + largest])
        for at in range(room, len(block), largest)
    )
    frames[-1].flags.add("END_HEADERS")
    return frames


# -- in -------------------------------------------------------------------------------------------


def inbound_section(
    headers: Iterable[Header],
    flags: HeaderValidationFlags,
    config: H2Configuration,
    encoding: bool | str | None,
) -> list[Header]:
    """The section as it is told.  Raises `ProtocolError` for what may not have come."""
    if config.validate_inbound_headers:
        headers = validate_headers(headers, flags)
    if config.normalize_inbound_headers:
        headers = normalize_inbound_headers(headers, flags)
    section = list(headers)
    return decoded(section, encoding) if isinstance(encoding, str) else section


def decoded(headers: Iterable[Header], encoding: str) -> list[Header]:
    """The section as text."""
    text: list[Header] = []
    for header in headers:
        name, value = header
        kind = NeverIndexedHeaderTuple if type(header) is NeverIndexedHeaderTuple else HeaderTuple
        # h2 declares bytes, and gives text to whoever asks for it.
        text.append(_make(kind, cast("Field", (name.decode(encoding), value.decode(encoding)))))
    return text


def announced_length(headers: Iterable[Header]) -> int | None:
    """The octets of content that a section announces; `None` where it does not.

    Raises `ProtocolError` for what is no length, and for two of them (RFC 9110 §8.6).
    """
    length: int | None = None
    for name, value in headers:
        if name == b"content-length":
            if not value.isdigit() or len(value) > _MOST_DIGITS:
                raise ProtocolError(f"Invalid content-length header: {value!r}")
            found = int(value)
            if length is not None and length != found:
                raise ProtocolError(f"Conflicting content-length headers: {length} and {found}")
            length = found
    return length


def is_not_modified(headers: Iterable[Header]) -> bool:
    """Whether a response is 304, whose Content-Length is that of another one (RFC 9110 §8.6)."""
    return any(name == b":status" and value == b"304" for name, value in headers)
