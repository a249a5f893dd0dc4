"""What the caller wants said, into bytes (RFC 9113 §5.2, §6, §8.1).

Heads are written when they are sent, content is queued; DATA frames are cut when the caller asks
for bytes, as far as the windows allow, in the order that `hyper.priority` gives.  A wrong call
raises `LocalProtocolError` and changes nothing: check first, change after.

This file is on the hot path: plain chains, no frame objects.  bench/h2_cycle.py proves it.
"""

from collections.abc import Sequence
from typing import Final

from hyper.frame import (
    FRAME_HEADER,
    FRAME_HEADER_SIZE,
    MAX_STREAM_ID,
    MIN_MAX_FRAME_SIZE,
    pack_header,
    pack_headers,
    pack_push_promise,
)
from hyper.h2.by_hand import depending_headers, write_data
from hyper.h2.connection_life import ConnectionState, ConnectionStep
from hyper.h2.connection_life import next_state as next_connection_state
from hyper.h2.events import (
    Data,
    InformationalResponse,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    Trailers,
    Writable,
)
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
from hyper.h2.padding import (
    Padding,
    octets_to_add,
    padded_data,
    padded_headers,
    padded_promise,
)
from hyper.h2.priorities import answered, request_sent, slot_found
from hyper.h2.push import promise
from hyper.h2.queue import SendQueue
from hyper.h2.send_control import ControlSender
from hyper.h2.session import Session
from hyper.h2.stream import UPLOAD, Stream
from hyper.h2.stream_life import StreamState, StreamStep, require
from hyper.h2.stream_life import targets as stream_targets
from hyper.wire import Field, LocalProtocolError, Role

_DATA: Final = 0x0
_END_STREAM: Final = 0x1

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_CLIENT: Final = Role.CLIENT
_SERVER: Final = Role.SERVER
_CONNECTION_OPEN: Final = ConnectionState.OPEN
_CONNECTION_CLOSED: Final = ConnectionState.CLOSED
_AWAIT_SETTINGS: Final = ConnectionState.AWAIT_SETTINGS
_CONTENT: Final = MessageState.CONTENT
_ENDED: Final = MessageState.ENDED
_CLOSED: Final = StreamState.CLOSED
_RESERVED_LOCAL: Final = StreamState.RESERVED_LOCAL

# Columns of the tables: where a step leads, by the state it is taken in.
_SEND_HEADERS: Final = stream_targets(StreamStep.SEND_HEADERS)
_SEND_END_STREAM: Final = stream_targets(StreamStep.SEND_END_STREAM)
_HEAD_PART: Final = message_targets(MessagePart.HEAD)
_DATA_PART: Final = message_targets(MessagePart.DATA)
_TRAILERS_PART: Final = message_targets(MessagePart.TRAILERS)

_MAX_UINT32: Final = 2**32 - 1
_MAX_UINT16: Final = 2**16 - 1
# "Everything": what the windows allow bounds it.
_NO_LIMIT: Final = 2**62
# A frame of less than this that a window cut short is of a peer's making.
_WORTHWHILE: Final = 256


class Sender:
    """Writes one direction of a connection."""

    __slots__ = ("_control", "_leniences", "_padding", "_session")

    def __init__(
        self, session: Session, wanted: Sequence[tuple[int, int]], padding: Padding | None
    ) -> None:
        self._session: Final = session
        self._padding: Final = padding
        self._leniences: Final = session.leniences
        self._control: Final = ControlSender(session, wanted)

    # -- ask ---------------------------------------------------------------------------------

    def send(self, event: Sendable) -> None:
        """Say `event` to the peer."""
        if self._session.life is _CONNECTION_CLOSED:
            raise LocalProtocolError(f"{type(event).__name__} on a connection that is over")
        if isinstance(event, Data):
            self._data(event)
        elif isinstance(event, Response):
            self._response(event)
        elif isinstance(event, Request):
            self._request(event)
        elif isinstance(event, Trailers):
            self._trailers(event)
        elif isinstance(event, InformationalResponse):
            self._interim(event)
        elif isinstance(event, Reset):
            self._reset(event)
        elif isinstance(event, PushPromise):
            self._promise(event)
        else:
            self._control.send(event)

    def write(self, event: Data, pad_length: int) -> None:
        """Say `event` now, in one frame."""
        if self._session.life is _CONNECTION_CLOSED:
            raise LocalProtocolError("DATA on a connection that is over")
        write_data(self._session, event, pad_length)

    def _request(self, event: Request) -> None:
        session = self._session
        stream_id = event.stream_id
        if session.role is not _CLIENT:
            raise LocalProtocolError("only a client sends requests")
        if (
            session.life is not _CONNECTION_OPEN
            and next_connection_state(session.life, ConnectionStep.SEND_REQUEST) is None
        ):
            raise LocalProtocolError(f"a new request in state {session.life.name}")
        # RFC 9113 §5.1.1, §6.2: HEADERS is on a stream, which is odd and greater than all before.
        if stream_id < session.next_local_id or stream_id > MAX_STREAM_ID or not stream_id & 1:
            raise LocalProtocolError(
                f"expected the stream id {session.next_local_id}, got {stream_id}"
            )
        if event.dependency is not None and event.dependency.depends_on == stream_id:
            # RFC 7540 §5.3.1: a stream cannot depend on itself.
            raise LocalProtocolError(f"stream {stream_id} cannot depend on itself")
        head = read_request(event.fields, self._session.known_fields)
        if self._leniences.fields_sent and isinstance(head, str):
            head = read_request_leniently(event.fields, head)
        if not isinstance(head, RequestHead):
            raise LocalProtocolError(f"stream {stream_id}: {head}")
        session.check_size(stream_id, event.fields)
        if head.protocol is not None and not session.remote.enable_connect_protocol:
            # RFC 8441 §4: a client MUST NOT use it before the server has allowed it.
            # RFC 9113 §5.5: an extension MUST be negotiated before being used.
            raise LocalProtocolError(f"stream {stream_id}: the server does not allow :protocol")
        if event.end_stream and head.content_length > 0 and not self._leniences.lengths_sent:
            raise LocalProtocolError(
                f"stream {stream_id}: content-length {head.content_length} and no content"
            )
        stream = Stream(stream_id, UPLOAD)
        stream.kind = head.kind
        if (
            head.content_length >= 0
            and head.kind != TUNNEL
            and not event.end_stream
            and not self._leniences.lengths_sent
        ):
            stream.queue = SendQueue(head.content_length)
        stream.outbound = _ENDED if event.end_stream else _CONTENT
        session.next_local_id = stream_id + 2
        session.streams[stream_id] = stream
        if self._must_wait():
            # A copy: what was checked is what will be written.
            stream.request = Request(
                stream_id, list(event.fields), event.end_stream, event.dependency
            )
            session.wait(stream)
        else:
            self._open(stream, event)

    def _must_wait(self) -> bool:
        """Whether a new stream has to wait for its turn or for a slot.

        RFC 9113 §5.1.2: endpoints MUST NOT exceed the limit set by their peer.
        """
        session = self._session
        return bool(session.waiting) or session.open_local >= self._concurrency()

    def _concurrency(self) -> int:
        session = self._session
        limit = session.remote.max_concurrent_streams
        if session.life is _AWAIT_SETTINGS:
            return min(limit, session.limits.assumed_concurrency)
        return limit

    def _open(self, stream: Stream, event: Request | Response) -> None:
        """Write the head that opens a stream, and let what waits behind it have its turn."""
        session = self._session
        stream.request = None
        stream.counted = True
        session.open_local += 1
        if session.early is not None and session.role is _CLIENT:
            request_sent(session.early, stream.stream_id)
        if session.role is _CLIENT and isinstance(event, Request) and event.dependency is not None:
            self._depending_head(stream, event)
        else:
            self._head(stream, event)
        queue = stream.queue
        if queue is not None:
            if queue.size:
                session.turns.join(stream)
            elif queue.ended:
                self._finish(stream)

    def _head(self, stream: Stream, event: Request | Response) -> None:
        state = _SEND_HEADERS[stream.state]
        if state is None:
            state = require(stream.stream_id, stream.state, StreamStep.SEND_HEADERS)  # it raises
        stream.state = state
        self._write_block(stream.stream_id, event.fields, event.end_stream)
        if event.end_stream:
            self._ended(stream)

    def _depending_head(self, stream: Stream, event: Request) -> None:
        """Write the head of a request with its priority of RFC 7540."""
        session = self._session
        stream.state = require(stream.stream_id, stream.state, StreamStep.SEND_HEADERS)
        block = session.encoder.encode(event.fields)
        session.write(depending_headers(event, block, session.remote.max_frame_size))
        if event.end_stream:
            self._ended(stream)

    def _write_block(self, stream_id: int, fields: Sequence[Field], end_stream: bool) -> None:
        """Write fields as HEADERS and CONTINUATION.

        RFC 9113 §4.1, §4.2: no frame is larger than the peer allows.  RFC 9113 §4.3, §8.1: nothing
        comes between them.
        """
        session = self._session
        most = session.remote.max_frame_size
        block = session.encoder.encode(fields)
        if self._padding is None:
            session.write(pack_headers(stream_id, block, end_stream, most))
        else:
            session.write(padded_headers(self._padding, stream_id, block, end_stream, most))

    def _promise(self, event: PushPromise) -> None:
        session = self._session
        promise(session, event)
        most = session.remote.max_frame_size
        stream_id = event.stream_id
        promised_id = event.promised_stream_id
        block = session.encoder.encode(event.fields)
        if self._padding is None:
            session.write(pack_push_promise(stream_id, promised_id, block, most))
        else:
            session.write(padded_promise(self._padding, stream_id, promised_id, block, most))

    def _response(self, event: Response) -> None:
        stream = self._session.stream(event.stream_id)
        head = self._response_head(stream, event)
        if head.status < 200:
            raise LocalProtocolError(
                f"stream {event.stream_id}: {head.status} is an InformationalResponse"
            )
        length = head.content_length
        if stream.kind == HEAD_ONLY or head.status in (204, 304):
            # RFC 9110 §6.4.1: these have no content, whatever length they announce.
            length = 0
        elif event.end_stream and length > 0 and not self._leniences.lengths_sent:
            raise LocalProtocolError(
                f"stream {event.stream_id}: content-length {length} and no content"
            )
        if stream.kind == TUNNEL:
            if head.status < 300:
                length = -1
            else:
                stream.kind = ORDINARY
        if length >= 0 and not event.end_stream and not self._leniences.lengths_sent:
            stream.queue = SendQueue(length)
        stream.outbound = _ENDED if event.end_stream else _CONTENT
        if head.priority is not None:
            answered(self._session, stream, head.priority)
        if stream.state is not _RESERVED_LOCAL:
            self._head(stream, event)
        elif self._must_wait():
            # RFC 9113 §5.1.2: a pushed response counts from its head on.
            stream.request = Response(event.stream_id, list(event.fields), event.end_stream)
            self._session.wait(stream)
        else:
            self._open(stream, event)

    def _interim(self, event: InformationalResponse) -> None:
        session = self._session
        stream = self._session.stream(event.stream_id)
        head = self._response_head(stream, event)
        if head.status >= 200:
            raise LocalProtocolError(f"stream {event.stream_id}: {head.status} is no 1xx")
        state = require(stream.stream_id, stream.state, StreamStep.SEND_HEADERS)
        if stream.state is StreamState.RESERVED_LOCAL:
            if self._must_wait():
                raise LocalProtocolError(
                    f"stream {event.stream_id}: {head.status} cannot wait for a slot, only the"
                    " final response can"
                )
            stream.counted = True
            session.open_local += 1
        stream.state = state
        self._write_block(event.stream_id, event.fields, False)

    def _response_head(
        self, stream: Stream, event: Response | InformationalResponse
    ) -> ResponseHead:
        if self._session.role is not _SERVER:
            raise LocalProtocolError("only a server sends responses")
        if _HEAD_PART[stream.outbound] is None:
            raise LocalProtocolError(
                f"stream {stream.stream_id}: a response in state {stream.outbound.name}"
            )
        head = read_response(event.fields, self._session.known_fields)
        if self._leniences.fields_sent and isinstance(head, str):
            head = read_response_leniently(event.fields, head)
        if isinstance(head, ResponseHead):
            self._session.check_size(stream.stream_id, event.fields)
            return head
        raise LocalProtocolError(f"stream {stream.stream_id}: {head}")

    def _data(self, event: Data) -> None:
        session = self._session
        stream = session.streams.get(event.stream_id)
        if stream is None:
            # RFC 9113 §6.1: DATA is on a stream, or nowhere: this raises.
            stream = self._session.stream(event.stream_id)
        if _DATA_PART[stream.outbound] is None:
            raise LocalProtocolError(
                f"stream {stream.stream_id}: DATA in state {stream.outbound.name}"
            )
        data = event.data
        end_stream = event.end_stream
        size = len(data)
        queue = stream.queue
        if queue is None:
            queue = stream.queue = SendQueue()
        elif queue.announced >= 0:
            _check_length(stream.stream_id, queue, size, end_stream)
        if end_stream:
            stream.outbound = _ENDED
        if size:
            queue.put(data)
            if queue.size > session.limits.send_high_water:
                queue.over_high_water = True
        queue.ended = end_stream
        if stream.request is not None:
            return  # the head has not been written yet
        if queue.size:
            session.turns.join(stream)
        elif end_stream:
            self._finish(stream)

    def _trailers(self, event: Trailers) -> None:
        stream = self._session.stream(event.stream_id)
        if _TRAILERS_PART[stream.outbound] is None:
            raise LocalProtocolError(
                f"stream {stream.stream_id}: trailers in state {stream.outbound.name}"
            )
        if stream.kind == TUNNEL:
            # RFC 9113 §8.5: only DATA may be sent on a connected stream.
            raise LocalProtocolError(f"stream {stream.stream_id}: trailers in a tunnel")
        # RFC 9113 §8.1: trailers MUST NOT include pseudo-fields.
        fault = trailers_fault(event.fields, self._session.known_fields)
        if fault is not None and not (self._leniences.fields_sent and are_harmless(event.fields)):
            raise LocalProtocolError(f"stream {stream.stream_id}: {fault}")
        self._session.check_size(stream.stream_id, event.fields)
        queue = stream.queue
        if queue is None:
            queue = stream.queue = SendQueue()
        else:
            _check_length(event.stream_id, queue, 0, True)
        stream.outbound = _ENDED
        # A copy: what was checked is what will be written.
        queue.trailers = Trailers(event.stream_id, list(event.fields))
        queue.ended = True
        if stream.request is None and not queue.size:
            self._finish(stream)

    def _reset(self, event: Reset) -> None:
        session = self._session
        stream_id = event.stream_id
        if not 0 <= event.code <= _MAX_UINT32:
            raise LocalProtocolError(f"an error code of 32 bits, not {event.code}")
        stream = session.streams.get(stream_id)
        if stream is None:
            # RFC 9113 §6.4: on a stream, and not on one that is idle.
            if stream_id <= 0 or session.state_of(stream_id) is StreamState.IDLE:
                raise LocalProtocolError(f"RST_STREAM on stream {stream_id}, which is idle")
            return  # it is over already: the peer was quicker, and nothing needs to be said
        session.cut_off(stream, event.code)

    # -- take --------------------------------------------------------------------------------

    def data_to_send(self, limit: int | None) -> bytes:
        """Bytes for the peer; at most `limit` of them."""
        session = self._session
        room = _NO_LIMIT if limit is None else limit
        if session.waiting:
            self._open_waiting()
        if session.turns.size and session.outbound_window > 0:
            self._cut(room)
            # What has ended made room, and what waited for it may have content of its own.
            while session.waiting and self.has_slot() and session.out_size < room:
                self._open_waiting()
                self._cut(room)
        out = session.out
        if not out:
            return b""
        if limit is None or session.out_size <= limit:
            session.out = []
            session.out_size = 0
            if session.acks_unsent:
                session.acks_unsent = []
            if session.ends_unsent:
                session.ends_unsent = []
            return out[0] if len(out) == 1 else b"".join(out)
        return self._part(limit)

    def _part(self, limit: int) -> bytes:
        session = self._session
        out = session.out
        taken = 0
        size = 0
        while size + len(out[taken]) <= limit:
            size += len(out[taken])
            taken += 1
        head = b"".join(out[:taken])
        if size < limit:
            chunk = out[taken]
            head += chunk[: limit - size]
            out[taken] = chunk[limit - size :]
        session.out = out[taken:]
        session.out_size -= limit
        if session.acks_unsent:
            session.acks_unsent = [end - limit for end in session.acks_unsent if end > limit]
        if session.ends_unsent:
            session.ends_unsent = [end - limit for end in session.ends_unsent if end > limit]
        return head

    def has_slot(self) -> bool:
        """Whether the peer's concurrency limit lets one more request out."""
        return self._session.open_local < self._concurrency()

    def _open_waiting(self) -> None:
        session = self._session
        limit = self._concurrency()
        while session.waiting and session.open_local < limit:
            stream = session.waiting.popleft()
            request = stream.request
            if request is not None:
                self._open(stream, request)
                slot_found(session, stream.stream_id)

    def _cut(self, room: int) -> None:
        """Cut DATA frames until the windows, the queues or `room` are exhausted."""
        session = self._session
        turns = session.turns
        while turns.size and session.outbound_window > 0 and session.out_size < room:
            stream = turns.next()
            if stream is None:
                break
            queue = stream.queue
            window = session.remote.initial_window_size + stream.send_credit
            if queue is None or window <= 0:
                # RFC 9113 §6.9.2: below zero it stays until it is positive again.
                turns.leave(stream)  # back in line when the peer opens its window
                session.block(stream)
                continue
            left = queue.size
            # RFC 9113 §4.1, §4.2: at most the peer's MAX_FRAME_SIZE; 16 KiB keeps turns short.
            # RFC 9113 §5.2.1, §6.9.1: and no more than there is room for in either window.
            count = MIN_MAX_FRAME_SIZE
            if count > left:
                count = left
            if count > window:
                count = window
            if count > session.outbound_window:
                count = session.outbound_window
            left -= count
            last = left == 0 and queue.ended and queue.trailers is None
            if self._padding is not None:
                self._cut_padded(self._padding, stream, queue, count, last)
            else:
                end = _END_STREAM if last else 0
                out = session.out
                out.append(FRAME_HEADER.pack(count << 8, end, stream.stream_id))
                out.append(queue.cut(count))
                session.out_size += FRAME_HEADER_SIZE + count
                stream.send_credit -= count
                session.outbound_window -= count
            # DATA calls for WINDOW_UPDATE frames: twenty, as Envoy counts them; a reader that takes
            # 16 KiB in pieces of 2 KiB needs sixteen, for the stream and for the connection.  A
            # peer that opens its window by a few bytes (CVE-2019-9511) gets no credit for that.
            if left == 0 or count >= _WORTHWHILE:
                session.updates_earned += 20
                if session.ledger.spent:
                    session.ledger.refund(1.0)
            turns.sent(stream, count, left > 0)
            if last:
                self._ended(stream)
                continue
            if left == 0 and queue.ended:
                self._finish(stream)
                continue
            if queue.over_high_water and left <= session.limits.send_low_water:
                queue.over_high_water = False
                if not queue.ended:
                    session.report(Writable(stream.stream_id))

    def _cut_padded(
        self, padding: Padding, stream: Stream, queue: SendQueue, count: int, last: bool
    ) -> None:
        """Write a DATA frame of `count` bytes with what the policy adds."""
        session = self._session
        window = session.remote.initial_window_size + stream.send_credit
        # RFC 9113 §6.1: the padding counts against the windows.
        room = min(window, session.outbound_window, session.remote.max_frame_size) - count
        added = octets_to_add(padding, count, room)
        session.write(padded_data(stream.stream_id, queue.cut(count), last, added))
        stream.send_credit -= count + added
        session.outbound_window -= count + added

    def _finish(self, stream: Stream) -> None:
        """Write what ends a message whose content is all written: trailers, or an empty frame."""
        session = self._session
        queue = stream.queue
        trailers = None if queue is None else queue.trailers
        if trailers is None:
            # RFC 9113 §6.9.1: a frame of length zero may be sent whatever the windows.
            session.write(pack_header(0, _DATA, _END_STREAM, stream.stream_id))
        else:
            stream.state = require(stream.stream_id, stream.state, StreamStep.SEND_HEADERS)
            self._write_block(stream.stream_id, trailers.fields, True)
        self._ended(stream)

    def _ended(self, stream: Stream) -> None:
        """Our END_STREAM is written."""
        state = _SEND_END_STREAM[stream.state]
        if state is None:
            state = require(stream.stream_id, stream.state, StreamStep.SEND_END_STREAM)  # it raises
        stream.state = state
        if state is _CLOSED:
            self._session.settle(stream)


def _check_length(stream_id: int, queue: SendQueue, size: int, ends: bool) -> None:
    # RFC 9113 §8.1.1: a message whose content differs from its content-length is malformed.
    announced = queue.announced
    if announced >= 0:
        total = queue.total + size
        if total > announced or (ends and total != announced):
            raise LocalProtocolError(
                f"stream {stream_id}: content of {announced} bytes was announced, {total} given"
            )
