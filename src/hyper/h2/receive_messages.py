"""Frames that carry messages, DATA and field blocks, into events (RFC 9113 §6.1, §6.2, §8.1).

`receive` hands over whole frames and whole field blocks.  Not here: frames about the connection
or about a stream as such, which are `receive_control`'s.

This file is on the hot path: plain chains, no frame objects.  bench/h2_cycle.py proves it.
"""

from typing import Final

from hyper.frame import ErrorCode, Scope
from hyper.h2.connection_life import ConnectionState, ConnectionStep
from hyper.h2.events import (
    Data,
    Event,
    InformationalResponse,
    PeerFault,
    Request,
    Response,
    Trailers,
)
from hyper.h2.flow import ReceiveWindow
from hyper.h2.headers import (
    HEAD_ONLY,
    ORDINARY,
    TUNNEL,
    RequestHead,
    ResponseHead,
    read_request,
    read_response,
    trailers_fault,
)
from hyper.h2.lenient_fields import (
    are_harmless,
    read_request_leniently,
    read_response_leniently,
)
from hyper.h2.message_life import MessagePart, MessageState
from hyper.h2.message_life import targets as message_targets
from hyper.h2.priorities import request_opened, take_early
from hyper.h2.push import open_pushed, receive_promise
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState, StreamStep, fault_of
from hyper.h2.stream_life import targets as stream_targets
from hyper.hpack import ExcessiveFieldList, FieldListTooLarge, HpackError
from hyper.wire import Field, Role

_END_STREAM: Final = 0x1
_PADDED: Final = 0x8

_DATA: Final = 0x0
_HEADERS: Final = 0x1

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_SERVER: Final = Role.SERVER
_CONNECTION_OPEN: Final = ConnectionState.OPEN
_RECV_REQUEST: Final = ConnectionStep.RECV_REQUEST
_IDLE: Final = StreamState.IDLE
_RESERVED_REMOTE: Final = StreamState.RESERVED_REMOTE
_OPEN: Final = StreamState.OPEN
_CLOSED: Final = StreamState.CLOSED
_AWAIT_HEAD: Final = MessageState.AWAIT_HEAD
_CONTENT: Final = MessageState.CONTENT
_ENDED: Final = MessageState.ENDED

# Columns of the tables: where a step leads, by the state it is taken in.
_RECV_HEADERS: Final = stream_targets(StreamStep.RECV_HEADERS)
_RECV_DATA: Final = stream_targets(StreamStep.RECV_DATA)
_RECV_END_STREAM: Final = stream_targets(StreamStep.RECV_END_STREAM)
_DATA_PART: Final = message_targets(MessagePart.DATA)

# DATA that moves this much earns what one frame without content costs.
_EARNING: Final = 16_384
# What a reset of the peer's making costs of its budget, for a section that was decoded for nothing,
# and for a request that the peer could not know to be one too many.
_LARGE: Final = 2.0
_IN_IGNORANCE: Final = 0.4
# DATA of less than this, on a stream that is over, may be on its way to provoke our answers.
_SMALL: Final = 256


class MessageReceiver:
    """Reads the messages of one direction of a connection."""

    __slots__ = ("_session", "auto_consume")

    def __init__(self, session: Session, auto_consume: bool) -> None:
        self._session: Final = session
        self.auto_consume: Final = auto_consume

    def data(self, flags: int, stream_id: int, payload: bytes) -> Event | None:
        """DATA (RFC 9113 §6.1)."""
        session = self._session
        size = len(payload)
        # RFC 9113 §6.9, §6.9.1: the whole payload, padding included, counts; a sender that exceeds
        # the connection's window has confused all streams.
        if not session.inbound.take(size):
            return self._session.fail(
                ErrorCode.FLOW_CONTROL_ERROR,
                f"at most {session.inbound.available} bytes on the connection",
                f"DATA of {size}",
                stream_id,
            )
        padding = 0
        if flags & _PADDED:
            # `check_header` has seen to it that the length byte is there.
            padding = payload[0] + 1
            # RFC 9113 §6.1: padding as long as the payload MUST be a connection error.
            if padding > size:
                return self._session.fail(
                    ErrorCode.PROTOCOL_ERROR,
                    f"padding shorter than the {size} bytes of DATA",
                    f"padding of {padding - 1}",
                    stream_id,
                )
            payload = payload[1 : size - padding + 1]
        stream = session.streams.get(stream_id)
        if stream is None:
            return self._stray_data(stream_id, size)
        state = _RECV_DATA[stream.state]
        if state is None:
            session.discard(stream_id, size)
            return self._out_of_order(stream, "no DATA", "DATA")
        inbound = stream.inbound
        if inbound is None:
            inbound = stream.inbound = ReceiveWindow(session.local.initial_window_size)
        if not inbound.take(size):
            session.discard(stream_id, size)
            return session.refuse(
                stream,
                ErrorCode.FLOW_CONTROL_ERROR,
                f"at most {inbound.available} bytes",
                f"DATA of {size}",
            )
        stream.state = state
        content = size - padding
        end_stream = bool(flags & _END_STREAM)
        # RFC 9113 §8.1: DATA before the head, or on a message that has none, is malformed.
        if _DATA_PART[stream.received] is None:
            return self._refuse_data(stream, size, "the head of a message first", "DATA")
        inbound.content += content
        if stream.content_length >= 0:
            # RFC 9113 §8.1.1: content-length MUST equal the sum of the DATA payload lengths.
            received = inbound.content
            if received > stream.content_length or (
                end_stream and received != stream.content_length
            ):
                return self._refuse_data(
                    stream,
                    size,
                    f"content of {stream.content_length} bytes",
                    f"{received}{'' if end_stream else ' or more'}",
                )
        if content >= _EARNING and session.ledger.spent:
            session.ledger.refund(1.0)
        if padding and not session.by_hand:
            # Nobody will ever consume padding: it is given back at once, on both levels.
            session.credit_connection(padding)
            session.credit_stream(stream, padding)
            padding = 0  # it is nobody's business
        if content == 0 and not end_stream:
            # An empty frame says nothing, so nobody is told; a flood of them is paid for.
            fault = self._session.charge(1.0, "DATA that carries content", _DATA)
            if fault is not None or not session.by_hand:
                return fault
        if end_stream:
            self._end_of_message(stream)
        if self.auto_consume and content:
            session.credit_connection(content)
            session.credit_stream(stream, content)
        if stream.state is _CLOSED:
            session.settle(stream)
        return Data(stream_id, payload, end_stream, padding)

    def _refuse_data(self, stream: Stream, size: int, expected: str, came: str) -> Event:
        """Content that makes its message malformed (RFC 9113 §8.1.1)."""
        session = self._session
        if session.by_hand:
            session.discard(stream.stream_id, size)  # else `refuse` gives back all that is held
        return session.refuse(stream, ErrorCode.PROTOCOL_ERROR, expected, came)

    def _stray_data(self, stream_id: int, size: int) -> Event | None:
        """DATA on a stream that is not live."""
        session = self._session
        state = session.state_of(stream_id)
        if state is StreamState.IDLE or state is StreamState.CLOSED:
            code, _ = fault_of(state)
            return self._session.fail(
                code, "DATA on a stream that is open", f"stream {stream_id}", stream_id
            )
        # RFC 9113 §5.1, §6.8, §6.9: discarded, behind a reset or a GOAWAY of ours, but it counts
        # toward the connection's window; given back once.
        session.discard(stream_id, size)
        if size < _SMALL:
            if 0 < size <= session.late_content:
                session.late_content -= size
                return None
            # Some more is forgiven; dust is not.
            return session.charge(0.125 if size else 1.0, "DATA that carries content", _DATA)
        return None

    def field_block(self, stream_id: int, block: bytes, end_stream: bool) -> Event | None:
        """The whole field block of a HEADERS frame and its CONTINUATION frames (RFC 9113 §4.3)."""
        session = self._session
        # RFC 9113 §4.3, §10.5.1: a receiver MUST decompress every block, whatever becomes of it:
        # both ends share one table.
        too_large = ""
        fields: list[Field] = []
        try:
            fields = session.decoder.decode(block)
        # Two names: compiled, a name has one type in its function.
        except FieldListTooLarge as excess:
            too_large = str(excess)
        except HpackError as error:
            return self._undecodable(stream_id, error)
        stream = session.streams.get(stream_id)
        if stream is None:
            if session.role is _SERVER and stream_id > session.remote_high_id:
                return self._open(stream_id, fields, too_large, end_stream)
            return self._stray_headers(stream_id)
        state = _RECV_HEADERS[stream.state]
        # RFC 9113 §5.1: a request that waits for its slot has not left us: its stream is idle.
        if state is None or stream.state is _IDLE:
            return self._out_of_order(stream, "no HEADERS", "HEADERS")
        if stream.state is _RESERVED_REMOTE:
            fault = open_pushed(session, stream)
            if fault is not None:
                return fault
        stream.state = state
        if too_large:
            return session.refuse(
                stream,
                ErrorCode.ENHANCE_YOUR_CALM,
                "a field section within limits",
                too_large,
                _LARGE,
            )
        if stream.received is _AWAIT_HEAD:
            return self._response(stream, fields, end_stream)
        return self._trailers(stream, fields, end_stream)

    def promise(self, stream_id: int, promised_id: int, block: bytes) -> Event | None:
        """The whole field block of a PUSH_PROMISE frame and its CONTINUATION frames."""
        # RFC 9113 §5.1: it updates the compression state whatever becomes of the promise.
        too_large = ""
        fields: list[Field] = []
        try:
            fields = self._session.decoder.decode(block)
        except FieldListTooLarge as excess:
            too_large = str(excess)
        except HpackError as error:
            return self._undecodable(stream_id, error)
        return receive_promise(self._session, stream_id, promised_id, fields, too_large)

    def _undecodable(self, stream_id: int, error: HpackError) -> PeerFault:
        if isinstance(error, ExcessiveFieldList):
            # RFC 9113 §10.5.1: legal, and more than we are willing to decode.
            return self._session.fail(
                ErrorCode.ENHANCE_YOUR_CALM, "a field section within limits", str(error), stream_id
            )
        # RFC 9113 §4.3: a decoding error MUST be a connection error of type COMPRESSION_ERROR.
        return self._session.fail(
            ErrorCode.COMPRESSION_ERROR, "a field block by RFC 7541", str(error), stream_id
        )

    def _stray_headers(self, stream_id: int) -> Event | None:
        """HEADERS on a stream that is not live and cannot be opened."""
        session = self._session
        state = session.state_of(stream_id)
        if state is StreamState.RESET_SENT:
            # RFC 9113 §5.1: discarded; what crosses our reset is free, a flood is paid for.
            if session.late_blocks:
                session.late_blocks -= 1
                return None
            return session.charge(1.0, "HEADERS on a stream that is open", _HEADERS)
        code, _ = fault_of(state)
        if session.role is Role.SERVER and not session.is_local(stream_id):
            # RFC 9113 §5.1.1: a new stream's id MUST be greater than all before it.
            expected = f"a stream id above {session.remote_high_id}"
            if session.was_skipped(stream_id):
                code = ErrorCode.PROTOCOL_ERROR
        else:
            expected = "HEADERS on a stream that is open"
        return self._session.fail(code, expected, f"stream {stream_id}", stream_id)

    def _open(
        self, stream_id: int, fields: list[Field], too_large: str, end_stream: bool
    ) -> Event | None:
        """A new stream of a client's."""
        session = self._session
        if not stream_id & 1:
            # RFC 9113 §5.1.1: streams initiated by a client MUST use odd-numbered identifiers.
            return self._session.fail(
                ErrorCode.PROTOCOL_ERROR, "an odd stream id", f"stream {stream_id}", stream_id
            )
        session.note_opened(stream_id)
        early = None if session.early is None else take_early(session.early, stream_id)
        if session.life is not _CONNECTION_OPEN:
            session.step(_RECV_REQUEST)
        if stream_id > session.goaway_last_id:
            # RFC 9113 §6.8: after GOAWAY, frames on streams above its last id are ignored; but a
            # block costs us its decoding, and a flood of them is paid for.
            session.remember_reset(stream_id)
            return session.charge(1.0, "no request after GOAWAY", _HEADERS)
        # CVE-2019-9517: a peer that does not read what it asked for has these streams open still;
        # were they not counted, it could ask for ever, and all the answers would pile up here.
        open_streams = session.open_remote + len(session.ends_unsent)
        if open_streams >= session.local.max_concurrent_streams:
            # RFC 9113 §5.1.2: a stream error.  REFUSED_STREAM lets the client try again.
            # RFC 9113 §8.7: it says that nothing was done, and nobody is told of the request.
            session.decline(stream_id, ErrorCode.REFUSED_STREAM)
            # It was open for as long as that took.
            session.ended_remote += 1
            return session.charge_reset(
                PeerFault(
                    stream_id,
                    ErrorCode.REFUSED_STREAM,
                    Scope.STREAM,
                    f"at most {session.local.max_concurrent_streams} streams",
                    "one more",
                ),
                # A peer that has yet to acknowledge our settings may not know of the limit.
                _IN_IGNORANCE if session.local_pending else 1.0,
            )
        stream = Stream(stream_id)
        stream.state = _OPEN
        stream.counted = True
        session.open_remote += 1
        session.streams[stream_id] = stream
        if too_large:
            return session.refuse(
                stream,
                ErrorCode.ENHANCE_YOUR_CALM,
                "a field section within limits",
                too_large,
                _LARGE,
            )
        head = read_request(fields, session.known_fields)
        if session.leniences.fields_received and isinstance(head, str):
            head = read_request_leniently(fields, head)
        if isinstance(head, RequestHead):
            stream.received = _CONTENT
            stream.kind = head.kind
            if head.protocol is not None and not session.local.enable_connect_protocol:
                # RFC 8441 §4: not before we have allowed it; until then it is undefined.
                # RFC 9113 §5.5: an extension MUST be negotiated before being used.
                return self._malformed(
                    stream, "no :protocol before ENABLE_CONNECT_PROTOCOL", ":protocol"
                )
            if head.kind != TUNNEL:
                # RFC 9110 §9.3.6: a CONNECT request has no content; what follows is the tunnel's.
                stream.content_length = head.content_length
            if end_stream:
                # RFC 9113 §8.1.1: END_STREAM with a content-length that is not 0 is malformed.
                if head.content_length > 0:
                    return self._malformed(
                        stream, f"content of {head.content_length} bytes", "none"
                    )
                self._end_of_message(stream)
            if head.priority is not None or head.kind == TUNNEL or early is not None:
                request_opened(session, stream, head.priority, early)
            session.accepted = stream_id
            return Request(stream_id, fields, end_stream)
        return self._malformed(stream, "a well-formed request", head)

    def _response(self, stream: Stream, fields: list[Field], end_stream: bool) -> Event | None:
        session = self._session
        head = read_response(fields, session.known_fields)
        if session.leniences.fields_received and isinstance(head, str):
            head = read_response_leniently(fields, head)
        if isinstance(head, ResponseHead):
            if head.status < 200:
                if end_stream:
                    # RFC 9113 §8.1: an interim response with END_STREAM is malformed.
                    return self._malformed(
                        stream, "a final response", "an interim one that ends the stream"
                    )
                # RFC 9110 §15.2: any number is legal; a flood is paid for.
                fault = self._session.charge(1.0, "a final response", _HEADERS)
                if fault is not None:
                    return fault
                return InformationalResponse(stream.stream_id, fields)
            stream.received = _CONTENT
            # RFC 9113 §8.1.1: responses defined to have no content may announce a length.
            if stream.kind == HEAD_ONLY or head.status in (204, 304):
                stream.content_length = 0
            elif stream.kind != TUNNEL or head.status >= 300:
                stream.content_length = head.content_length
                if end_stream and head.content_length > 0:
                    return self._malformed(
                        stream, f"content of {head.content_length} bytes", "none"
                    )
            if stream.kind == TUNNEL and head.status >= 300:
                stream.kind = ORDINARY  # the CONNECT was refused
            if end_stream:
                self._end_of_message(stream)
                if stream.state is _CLOSED:
                    session.settle(stream)
            return Response(stream.stream_id, fields, end_stream)
        return self._malformed(stream, "a well-formed response", head)

    def _trailers(self, stream: Stream, fields: list[Field], end_stream: bool) -> Event | None:
        session = self._session
        if not end_stream:
            # RFC 9113 §8.1: HEADERS without END_STREAM after the head is malformed.
            return self._malformed(
                stream, "trailers that end the stream", "HEADERS without END_STREAM"
            )
        if stream.kind == TUNNEL:
            # RFC 9113 §8.5: only DATA may follow on a connected stream.
            return self._malformed(stream, "DATA in a tunnel", "trailers")
        fault = trailers_fault(fields, session.known_fields)
        if fault is not None and not (session.leniences.fields_received and are_harmless(fields)):
            return self._malformed(stream, "well-formed trailers", fault)
        received = 0 if stream.inbound is None else stream.inbound.content
        if stream.content_length >= 0 and received != stream.content_length:
            return self._malformed(
                stream,
                f"content of {stream.content_length} bytes",
                f"{received}",
            )
        self._end_of_message(stream)
        session.settle(stream)
        return Trailers(stream.stream_id, fields)

    def _end_of_message(self, stream: Stream) -> None:
        state = _RECV_END_STREAM[stream.state]
        # Whoever may send HEADERS or DATA may end with them: the table has no other case.
        assert state is not None  # noqa: S101 - the line above says why it holds
        stream.state = state
        stream.received = _ENDED

    def _malformed(self, stream: Stream, expected: str, came: str) -> Event:
        # RFC 9113 §8.1.1: a malformed message MUST be a stream error of type PROTOCOL_ERROR.
        return self._session.refuse(stream, ErrorCode.PROTOCOL_ERROR, expected, came)

    def _out_of_order(self, stream: Stream, expected: str, came: str) -> Event:
        """A frame that the state of a live stream forbids (RFC 9113 §5.1, §6.1)."""
        code, scope = fault_of(stream.state)
        expected = f"{expected} in state {stream.state.name}"
        if scope is Scope.STREAM:
            session = self._session
            session.half_closed_faults += 1
            if session.half_closed_faults <= session.limits.max_half_closed_faults:
                return session.refuse(stream, code, expected, came)
        return self._session.fail(code, expected, came, stream.stream_id)
