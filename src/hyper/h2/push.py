"""Server push: promises, from both ends (RFC 9113 §6.6, §8.4).

Off unless a client asks for it with a SETTINGS_ENABLE_PUSH of 1.  A promise is a request the server
makes up in its client's name; the response then comes on the stream it reserves, as any other does.

Not here: how PUSH_PROMISE and its CONTINUATION frames become one field block, which is `receive`'s,
and whether the server speaks for the origin of what it pushes: a client that takes pushes must look
at `:authority` itself, and reset what is not the server's to answer (RFC 9113 §8.4, §10.1).
"""

from collections.abc import Sequence
from typing import Final

from hyper.frame import MAX_STREAM_ID, ErrorCode, FrameType, Scope
from hyper.h2.connection_life import ConnectionStep
from hyper.h2.connection_life import next_state as next_connection_state
from hyper.h2.events import Event, PeerFault, PushPromise
from hyper.h2.headers import Known, RequestHead, read_request
from hyper.h2.lenient_fields import read_request_leniently
from hyper.h2.message_life import MessageState
from hyper.h2.priorities import promised
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState, StreamStep, require
from hyper.wire import Field, LocalProtocolError, Role

# RFC 9110 §9.2.1, §9.2.3: of the methods defined there these are safe and cacheable.
_PUSHABLE: Final = (b"GET", b"HEAD")


def read_promise(fields: Sequence[Field], known: Known) -> RequestHead | str:
    """Check the head of a promised request (RFC 9113 §8.4.1); a sentence says what is wrong."""
    head = read_request(fields, known)
    if not isinstance(head, RequestHead):
        return head
    method = b""
    authority = False
    for name, value in fields:
        if name == b":method":
            method = value
        elif name == b":authority":
            authority = True
    # RFC 9113 §8.4: promised requests MUST be safe and cacheable.
    if method not in _PUSHABLE:
        return "a promised request that is neither GET nor HEAD"
    # RFC 9113 §8.4: promised requests cannot include any content.
    if head.content_length > 0:
        return "a promised request with content"
    # RFC 9113 §8.4: the server MUST include a value in ":authority".
    if not authority:
        return "a promised request without :authority"
    return head


def check_promise(session: Session, stream_id: int, promised_id: int) -> PeerFault | None:
    """What PUSH_PROMISE alone decides, before its field block is whole."""
    # RFC 9113 §8.4: a client cannot push.  RFC 9113 §6.5.2, §6.6: where push is off, and the server
    # knows, a promise MUST be a connection error too.
    if session.role is Role.SERVER or not session.local.enable_push:
        expected = "no PUSH_PROMISE"
    elif not _may_carry(session, stream_id):
        # RFC 9113 §6.6: on a stream neither "open" nor "half-closed (local)" it MUST be a
        # connection error; but not where our RST_STREAM may have crossed it.
        expected = "PUSH_PROMISE on a stream that awaits its response"
    elif promised_id & 1 or promised_id <= session.remote_high_id:
        # RFC 9113 §6.6: a promised stream that is not idle MUST be a connection error, and §5.1.1:
        # those of a server are even.  0 is covered: no stream is below it.
        return session.fail(
            ErrorCode.PROTOCOL_ERROR,
            f"a promise of an even stream id above {session.remote_high_id}",
            f"{promised_id}",
            stream_id,
        )
    else:
        return None
    return session.fail(
        ErrorCode.PROTOCOL_ERROR, expected, f"PUSH_PROMISE on stream {stream_id}", stream_id
    )


def receive_promise(
    session: Session, stream_id: int, promised_id: int, fields: list[Field], too_large: str
) -> Event | None:
    """A whole promise that `check_promise` let pass; its field block was decoded."""
    session.note_opened(promised_id)
    if promised_id > session.goaway_last_id:
        # RFC 9113 §6.8: after GOAWAY, frames on streams above its last id are ignored.
        session.remember_reset(promised_id)
        return session.charge(1.0, "no promise after GOAWAY", FrameType.PUSH_PROMISE)
    if stream_id not in session.streams:
        # RFC 9113 §6.6: behind our RST_STREAM a promise MUST be handled all the same.
        # Who gave the request up does not want what comes with it either.
        session.decline(promised_id, ErrorCode.CANCEL)
        return session.charge(1.0, "promises on live streams", FrameType.PUSH_PROMISE)
    head = read_promise(fields, session.known_fields)
    if session.leniences.fields_received and isinstance(head, str):
        head = read_request_leniently(fields, head)
    if session.promises >= session.limits.max_promises:
        # RFC 9113 §8.4.2: reserved streams do not count toward the concurrency limit, so they have
        # one of their own.
        code = ErrorCode.REFUSED_STREAM
        expected = f"at most {session.limits.max_promises} promises"
        came = "one more"
    elif too_large:
        code = ErrorCode.ENHANCE_YOUR_CALM
        expected = "a field section within limits"
        came = too_large
    elif isinstance(head, str):
        # RFC 9113 §8.4.1: MUST be a stream error on the promised stream.
        code = ErrorCode.PROTOCOL_ERROR
        expected = "a well-formed promised request"
        came = head
    else:
        stream = Stream(promised_id)
        stream.state = StreamState.RESERVED_REMOTE
        stream.outbound = MessageState.ENDED
        stream.kind = head.kind
        session.streams[promised_id] = stream
        session.promises += 1
        session.accepted = promised_id
        return PushPromise(stream_id, promised_id, fields)
    session.decline(promised_id, code)
    fault = PeerFault(promised_id, code, Scope.STREAM, expected, came)
    return session.charge_reset(fault, 2.0 if too_large else 1.0)


def _may_carry(session: Session, stream_id: int) -> bool:
    if not session.is_local(stream_id):
        return False
    stream = session.streams.get(stream_id)
    if stream is None:
        return session.state_of(stream_id) is StreamState.RESET_SENT
    return stream.state in (StreamState.OPEN, StreamState.HALF_CLOSED_LOCAL)


def open_pushed(session: Session, stream: Stream) -> PeerFault | None:
    """The response to a promise begins: from now on the stream counts (RFC 9113 §5.1.2)."""
    limit = session.local.max_concurrent_streams
    if session.open_remote >= limit:
        return session.refuse(
            stream, ErrorCode.REFUSED_STREAM, f"at most {limit} pushed responses", "one more"
        )
    stream.counted = True
    session.promises -= 1
    session.open_remote += 1
    return None


def promise(session: Session, event: PushPromise) -> Stream:
    """Check a promise of ours and reserve its stream; what is left is to write it."""
    stream_id = event.stream_id
    promised_id = event.promised_stream_id
    if session.role is not Role.SERVER:
        # RFC 9113 §8.4.1: PUSH_PROMISE frames MUST NOT be sent by the client.
        raise LocalProtocolError("only a server sends promises")
    if not session.remote.enable_push:
        # RFC 9113 §6.5.2, §6.6: MUST NOT be sent if the peer's ENABLE_PUSH is 0.
        raise LocalProtocolError(f"stream {stream_id}: the client takes no pushes")
    # RFC 9113 §6.8: receivers of a GOAWAY frame MUST NOT open additional streams.
    if next_connection_state(session.life, ConnectionStep.SEND_REQUEST) is None:
        raise LocalProtocolError(f"a new promise in state {session.life.name}")
    parent = session.streams.get(stream_id)
    # RFC 9113 §6.6: the associated stream MUST be "open" or "half-closed (remote)", and of the
    # client's.
    if (
        parent is None
        or session.is_local(stream_id)
        or parent.state not in (StreamState.OPEN, StreamState.HALF_CLOSED_REMOTE)
    ):
        raise LocalProtocolError(
            f"stream {stream_id}: a promise goes on a request whose response has not ended"
        )
    # RFC 9113 §5.1.1, §6.6: a valid choice for a new stream: even, and above all before.
    if promised_id < session.next_local_id or promised_id > MAX_STREAM_ID or promised_id & 1:
        raise LocalProtocolError(
            f"expected the promised stream id {session.next_local_id}, got {promised_id}"
        )
    head = read_promise(event.fields, session.known_fields)
    if session.leniences.fields_sent and isinstance(head, str):
        head = read_request_leniently(event.fields, head)
    if not isinstance(head, RequestHead):
        raise LocalProtocolError(f"stream {promised_id}: {head}")
    session.check_size(promised_id, event.fields)
    stream = Stream(promised_id)
    stream.state = require(promised_id, StreamState.IDLE, StreamStep.SEND_PUSH_PROMISE)
    stream.received = MessageState.ENDED
    stream.kind = head.kind
    promised(session, stream, parent, head.priority)
    session.next_local_id = promised_id + 2
    session.streams[promised_id] = stream
    return stream
