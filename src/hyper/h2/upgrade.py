"""From HTTP/1.1 to HTTP/2 on one connection, by `Upgrade: h2c` (RFC 7540 §3.2).

RFC 9113 §3.1 no longer knows it, and nobody who can do without should use it: begin with the
preface where it is known that the server speaks HTTP/2, or negotiate with TLS.

Not here: the request with Upgrade and the 101 response; those are HTTP/1.1.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from struct import Struct
from typing import Final

from hyper.frame import ErrorCode, FrameError, Scope, check_setting
from hyper.h2.connection_life import ConnectionState
from hyper.h2.events import Request
from hyper.h2.headers import TUNNEL, RequestHead, read_request
from hyper.h2.message_life import MessageState
from hyper.h2.priorities import request_opened
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState
from hyper.wire import LocalProtocolError, Role

_SETTING: Final = Struct(">HL")
_BASE64URL: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PLUS_AND_SLASH: Final = bytes.maketrans(b"-_", b"+/")
_DASH_AND_LINE: Final = bytes.maketrans(b"+/", b"-_")


def encode_http2_settings(values: Sequence[tuple[int, int]]) -> bytes:
    """The value of an HTTP2-Settings field (RFC 7540 §3.2.1)."""
    payload = b"".join([_SETTING.pack(identifier, value) for identifier, value in values])
    # RFC 7540 §3.2.1: base64url, the trailing "=" omitted.
    return b2a_base64(payload, newline=False).translate(_DASH_AND_LINE).rstrip(b"=")


def decode_http2_settings(value: bytes, max_settings: int = 32) -> list[tuple[int, int]]:
    """What the value of an HTTP2-Settings field declares.

    Raises `FrameError` for what is no SETTINGS payload in base64url, declares a value that RFC 9113
    §6.5.2 forbids, or has more than `max_settings` entries.  RFC 7540 §3.2.1: a server must not
    upgrade then, and answers in HTTP/1.1.
    """
    if value.translate(None, _BASE64URL) or len(value) % 4 == 1:
        raise _unsuitable("base64url", "other octets")
    if len(value) > max_settings * 8:
        raise _unsuitable(f"at most {max_settings} settings", "more")
    payload = a2b_base64(value.translate(_PLUS_AND_SLASH) + b"=" * (-len(value) % 4))
    if len(payload) % 6:
        raise _unsuitable("a multiple of 6 octets", f"{len(payload)}")
    values: list[tuple[int, int]] = []
    for at in range(0, len(payload), 6):
        identifier, number = _SETTING.unpack_from(payload, at)
        fault = check_setting(identifier, number)
        if fault is not None:
            raise fault
        values.append((identifier, number))
    return values


def upgrade(session: Session, request: Request, settings: Sequence[tuple[int, int]]) -> None:
    """Stream 1 carries `request`, which went or came in HTTP/1.1 with all of its content.

    `settings` are checked, and put into force by the caller.  See `Connection.upgrade`.
    """
    first = ConnectionState.AWAIT_PREFACE
    if session.role is Role.CLIENT:
        first = ConnectionState.AWAIT_SETTINGS
    if session.life is not first or session.streams or session.next_local_id > 2:
        raise LocalProtocolError("an upgrade comes before all else on a connection")
    # RFC 7540 §3.2: it is assigned the stream identifier 1, half-closed from the client.
    if request.stream_id != 1 or not request.end_stream:
        raise LocalProtocolError(
            "expected a whole request on stream 1, "
            f"got {'a whole' if request.end_stream else 'an open'} one on {request.stream_id}"
        )
    head = read_request(request.fields, session.known_fields)
    if not isinstance(head, RequestHead):
        raise LocalProtocolError(f"stream 1: {head}")
    if head.kind == TUNNEL:
        raise LocalProtocolError("stream 1: a tunnel cannot begin with an upgrade")
    if settings and session.role is Role.CLIENT:
        raise LocalProtocolError("a server declares its settings in its preface")
    for identifier, value in settings:
        fault = check_setting(identifier, value)
        if fault is not None:
            raise LocalProtocolError(str(fault))
    stream = Stream(1)
    stream.kind = head.kind
    stream.counted = True
    session.streams[1] = stream
    if session.role is Role.CLIENT:
        stream.state = StreamState.HALF_CLOSED_LOCAL
        stream.outbound = MessageState.ENDED
        session.next_local_id = 3
        session.open_local = 1
    else:
        stream.state = StreamState.HALF_CLOSED_REMOTE
        stream.received = MessageState.ENDED
        session.note_opened(1)
        session.open_remote = 1
        session.accepted = 1
        request_opened(session, stream, head.priority, None)
        session.report(Request(1, list(request.fields), True))


def _unsuitable(expected: str, came: str) -> FrameError:
    return FrameError(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 0, f"HTTP2-Settings of {expected}", came
    )
