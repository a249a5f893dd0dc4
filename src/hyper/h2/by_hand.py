"""For a program that keeps windows and frames itself: a proxy, or one written for such an engine.

`Connection(..., by_hand=True)` leaves to it when receive windows open and by how much, tells it of
each frame that it may want to pass on, and `write` sends one DATA frame a call.  Everything the
peer does is judged all the same.

This file is on the hot path of such a program: bench/compat_h2.py proves it.
"""

from typing import Final

from hyper.frame import (
    FRAME_HEADER,
    FRAME_HEADER_SIZE,
    MAX_STREAM_ID,
    MAX_WINDOW,
    HeadersFrame,
    Priority,
    PriorityFrame,
    UnknownFrame,
    pack_window_update,
    serialize,
)
from hyper.h2.events import Data, Request
from hyper.h2.flow import ReceiveWindow
from hyper.h2.message_life import MessagePart, MessageState
from hyper.h2.message_life import targets as message_targets
from hyper.h2.padding import padded_data
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState, StreamStep, require
from hyper.wire import LocalProtocolError, Role

_END_STREAM: Final = 0x1
_MOST_PADDING: Final = 255

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_ENDED: Final = MessageState.ENDED
_DATA_PART: Final = message_targets(MessagePart.DATA)


def write_data(session: Session, event: Data, pad_length: int) -> None:
    """Write content as one DATA frame (RFC 9113 §6.1); with `pad_length` of -1 it is not padded."""
    stream_id = event.stream_id
    stream = session.streams.get(stream_id)
    if stream is None:
        # RFC 9113 §6.1: DATA is on a stream, or nowhere: this raises.
        stream = session.stream(stream_id)
    if _DATA_PART[stream.outbound] is None:
        raise LocalProtocolError(f"stream {stream_id}: DATA in state {stream.outbound.name}")
    data = event.data
    size = len(data)
    queue = stream.queue
    if queue is not None or stream.request is not None:
        _check_queue(stream, size, event.end_stream)
    whole = size
    if pad_length >= 0:
        # RFC 9113 §6.1: the padding and its length count as well.
        whole += pad_length + 1
        if pad_length > _MOST_PADDING:
            raise LocalProtocolError(f"padding of at most {_MOST_PADDING} bytes, not {pad_length}")
    # RFC 9113 §4.2: a frame larger than the peer's MAX_FRAME_SIZE must not be sent.
    if whole > session.remote.max_frame_size:
        raise LocalProtocolError(
            f"DATA of at most {session.remote.max_frame_size} bytes, not {whole}"
        )
    window = session.remote.initial_window_size + stream.send_credit
    if window > session.outbound_window:
        window = session.outbound_window
    # RFC 9113 §6.9.1: a frame of length zero may be sent whatever the windows.
    if whole > window and whole > 0:
        raise LocalProtocolError(
            f"stream {stream_id}: DATA of at most {window} bytes by the windows, not {whole}"
        )
    if pad_length < 0:
        end = _END_STREAM if event.end_stream else 0
        session.out.append(FRAME_HEADER.pack(size << 8, end, stream_id))
        if size:
            session.out.append(data)
        session.out_size += FRAME_HEADER_SIZE + size
    else:
        session.write(padded_data(stream_id, data, event.end_stream, pad_length + 1))
    if queue is not None:
        queue.total += size
    stream.send_credit -= whole
    session.outbound_window -= whole
    # As for DATA that was queued: it calls for WINDOW_UPDATE frames.
    session.updates_earned += 20
    if session.ledger.spent:
        session.ledger.refund(1.0)
    if event.end_stream:
        stream.outbound = _ENDED
        # RFC 9113 §5.1: whoever may send DATA may end with it: the table has no other case.
        stream.state = require(stream_id, stream.state, StreamStep.SEND_END_STREAM)
        session.settle(stream)


def _check_queue(stream: Stream, size: int, ends: bool) -> None:
    """Refuse content that would overtake what is queued, or belie the content-length."""
    queue = stream.queue
    if stream.request is not None or (queue is not None and queue.size):
        raise LocalProtocolError(f"stream {stream.stream_id}: DATA before what is queued")
    if queue is not None and queue.announced >= 0:
        # RFC 9113 §8.1.1: a message whose content differs from its content-length is malformed.
        total = queue.total + size
        if total > queue.announced or (ends and total != queue.announced):
            raise LocalProtocolError(
                f"stream {stream.stream_id}: content of {queue.announced} bytes was announced, "
                f"{total} given"
            )


def open_window(session: Session, stream_id: int, increment: int) -> None:
    """Give the peer `increment` bytes more on a stream, or on 0 in all (RFC 9113 §6.9)."""
    # RFC 9113 §6.9: the legal range of the increment is 1 to 2^31-1.
    if not 1 <= increment <= MAX_WINDOW:
        raise LocalProtocolError(f"an increment of 1 to {MAX_WINDOW}, not {increment}")
    if stream_id == 0:
        window = session.inbound
    else:
        stream = session.stream(stream_id)
        # RFC 9113 §5.1: whether the state of the stream has a place for it.  To a peer that has
        # ended it is of no use, and does no harm.
        if stream.state is not StreamState.HALF_CLOSED_REMOTE:
            require(stream_id, stream.state, StreamStep.SEND_WINDOW_UPDATE)
        window = inbound_of(session, stream)
    # RFC 9113 §6.9.1: a window MUST NOT exceed 2^31-1.
    if window.available + increment > MAX_WINDOW:
        raise LocalProtocolError(
            f"a window of at most {MAX_WINDOW}, not {window.available + increment}"
        )
    window.size += increment
    window.available += increment
    window.granted += increment
    session.write(pack_window_update(stream_id, increment))


def inbound_of(session: Session, stream: Stream) -> ReceiveWindow:
    """The receive window of a stream, made where nothing has come yet."""
    if stream.inbound is None:
        stream.inbound = ReceiveWindow(session.local.initial_window_size)
    return stream.inbound


def write_frame(session: Session, frame: PriorityFrame | UnknownFrame) -> None:
    """Write a frame that no state of ours knows (RFC 9113 §5.5, §6.3)."""
    if isinstance(frame, PriorityFrame) and session.role is Role.SERVER:
        # RFC 7540 §5.3: the client's signal.
        raise LocalProtocolError("only a client sends PRIORITY")
    # RFC 9113 §4.2: this raises for more than the peer takes.
    session.write(serialize(frame, session.remote.max_frame_size))


def depending_headers(request: Request, block: bytes, max_frame_size: int) -> bytes:
    """The field block of `request` as HEADERS that carry its priority of RFC 7540, and CONTINUATION
    (RFC 9113 §6.2).
    """
    stream_id = request.stream_id
    end_stream = request.end_stream
    priority = request.dependency
    room = max_frame_size - 5
    if len(block) <= room:
        return serialize(
            HeadersFrame(stream_id, block, end_stream=end_stream, priority=priority),
            max_frame_size,
        )
    head = serialize(
        HeadersFrame(
            stream_id, block[:room], end_stream=end_stream, end_headers=False, priority=priority
        ),
        max_frame_size,
    )
    parts = [head]
    for start in range(room, len(block), max_frame_size):
        piece = block[start : start + max_frame_size]
        last = start + max_frame_size >= len(block)
        parts.append(FRAME_HEADER.pack(len(piece) << 8 | 0x9, 0x4 if last else 0, stream_id))
        parts.append(piece)
    return b"".join(parts)


def priority_in(payload: bytes, at: int) -> Priority:
    """The signal of RFC 7540 §6.3 that five bytes of a payload are."""
    word = int.from_bytes(payload[at : at + 4], "big")
    return Priority(word & MAX_STREAM_ID, payload[at + 4] + 1, word > MAX_STREAM_ID)
