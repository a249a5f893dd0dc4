"""Priorities of streams, as both ends say them (RFC 9218).

What a client says is the `priority` field of a request and PRIORITY_UPDATE frames; what a server
says is the `priority` field of a response and `Connection.prioritize`.  Where both have an opinion
the server's holds (RFC 9218 §8): it knows its pages, and the client's is only a suggestion.

A client's uploads share the connection: RFC 9218 is about responses, and a call that lasts must not
hold up others.

Not here: who sends next by those priorities, and how they are read; those are `hyper.priority`'s.
"""

from typing import Final

from hyper.frame import (
    MAX_STREAM_ID,
    ErrorCode,
    FrameType,
    PriorityUpdateFrame,
    serialize,
)
from hyper.h2.connection_life import ConnectionState
from hyper.h2.events import Event, PriorityUpdate
from hyper.h2.headers import TUNNEL
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.stream_life import StreamState
from hyper.priority import (
    LEAST_URGENT,
    EarlySignals,
    Priority,
    parse_dictionary,
    parse_priority,
    parse_signal,
)
from hyper.wire import LocalProtocolError, Role

# Bits of `Stream.pinned`: what the server has an opinion of, so that the client's no longer counts.
_URGENCY: Final = 1
_INCREMENTAL: Final = 2

# However many streams a server allows, it holds no more signals for streams yet to come.
_MOST_EARLY: Final = 1_000

# Of a stream that a response may still come on, or be going on (RFC 9218 §7.1).
_AWAITS_RESPONSE: Final = (
    StreamState.OPEN,
    StreamState.HALF_CLOSED_LOCAL,
    StreamState.RESERVED_REMOTE,
)


# -- the server's side -------------------------------------------------------------------------


def take_early(early: EarlySignals, stream_id: int) -> Priority | None:
    """A request opens a stream, whatever becomes of it: what PRIORITY_UPDATE said of that before.

    RFC 9113 §5.1.1: it closes those below it that did not open.
    """
    held = early.take(stream_id)
    early.drop_below(stream_id)
    return held


def request_opened(
    session: Session, stream: Stream, value: bytes | None, early: Priority | None
) -> None:
    """A request has come, with a `priority` field of that value or without one; `early` is what
    PRIORITY_UPDATE said of it before.
    """
    signal = parse_signal(b"" if value is None else value)
    priority = signal.over(stream.priority)
    if early is not None:
        # RFC 9218 §7: the most recent PRIORITY_UPDATE overrides any other signal.
        priority = early
    elif stream.kind == TUNNEL and signal.incremental is None:
        # RFC 9218 §10.1, §11: servers SHOULD allocate some bandwidth to tunnels, which have no end
        # that others could wait for.
        priority = Priority(priority.urgency, True)
    session.turns.reprioritize(stream, priority)


def promised(session: Session, stream: Stream, parent: Stream, value: bytes | None) -> None:
    """We promise a stream upon another one, with a `priority` field of that value or without.

    RFC 9218 §10: to push at too high a priority blocks what was asked for, so that what was not is
    one step less urgent.
    """
    base = parent.priority
    base = Priority(min(base.urgency + 1, LEAST_URGENT), base.incremental)
    signal = parse_signal(b"" if value is None else value)
    session.turns.reprioritize(stream, signal.over(base))


def answered(session: Session, stream: Stream, value: bytes) -> None:
    """Our response has a `priority` field of that value (RFC 9218 §8)."""
    signal = parse_signal(value)
    if signal.urgency is not None:
        stream.pinned |= _URGENCY
    if signal.incremental is not None:
        stream.pinned |= _INCREMENTAL
    session.turns.reprioritize(stream, signal.over(stream.priority))


def receive_update(session: Session, payload: bytes) -> Event | None:
    """PRIORITY_UPDATE (RFC 9218 §7.1); `check_header` has seen to its size and to its stream."""
    stream_id = int.from_bytes(payload[:4], "big") & MAX_STREAM_ID
    if session.role is Role.CLIENT:
        # RFC 9218 §7.1: a client that receives one MUST respond with a connection error.
        return _fault(session, "no PRIORITY_UPDATE from a server", f"one for stream {stream_id}")
    if stream_id == 0:
        # RFC 9218 §7.1: a prioritized stream of 0 MUST be a connection error.
        return _fault(session, "PRIORITY_UPDATE for a stream", "one for stream 0")
    fault = session.charge(1.0, "fewer PRIORITY_UPDATE frames", FrameType.PRIORITY_UPDATE)
    if fault is not None:
        return fault
    value = payload[4:]
    stream = session.streams.get(stream_id)
    if stream is not None:
        if stream.state is StreamState.HALF_CLOSED_LOCAL:
            return None  # RFC 9218 §7.1: no further data will be sent, so it can be discarded
        _follow(session, stream, parse_priority(value))
    elif session.state_of(stream_id) is not StreamState.IDLE:
        return None  # the same of a stream that is over
    elif session.is_local(stream_id):
        # RFC 9218 §7.1: one for a push stream that is idle MUST be a connection error.
        return _fault(
            session, "PRIORITY_UPDATE for a stream that was promised", f"stream {stream_id}"
        )
    elif stream_id > session.goaway_last_id:
        return None  # it will never be served
    else:
        return _hold(session, stream_id, value)
    return PriorityUpdate(stream_id, value)


def _hold(session: Session, stream_id: int, value: bytes) -> Event | None:
    """The stream is not open yet (RFC 9218 §7)."""
    early = session.early
    if early is None:
        early = session.early = EarlySignals()
    if stream_id not in early:
        limit = session.local.max_concurrent_streams
        if session.open_remote + len(early) >= limit:
            if session.local_pending:
                return None  # the client may not know the limit yet
            # RFC 9218 §7.1: prioritized idle streams and active ones MUST NOT exceed the limit;
            # where they do, it MUST be a connection error.
            return _fault(
                session, f"at most {limit} streams that are open or prioritized", "one more"
            )
        if len(early) >= _MOST_EARLY:
            return None
    early.hold(stream_id, parse_priority(value))
    return PriorityUpdate(stream_id, value)


def _follow(session: Session, stream: Stream, priority: Priority) -> None:
    """The client wants another priority, and gets it where the server has no opinion."""
    pinned = stream.pinned
    if pinned:
        ours = stream.priority
        priority = Priority(
            ours.urgency if pinned & _URGENCY else priority.urgency,
            ours.incremental if pinned & _INCREMENTAL else priority.incremental,
        )
    session.turns.reprioritize(stream, priority)


def _fault(session: Session, expected: str, came: str) -> Event:
    return session.fail(ErrorCode.PROTOCOL_ERROR, expected, came)


# -- the client's side -------------------------------------------------------------------------


def send_update(session: Session, event: PriorityUpdate) -> None:
    """Say PRIORITY_UPDATE to a server that reads it (RFC 9218 §7.1)."""
    stream_id = event.stream_id
    if session.role is not Role.CLIENT:
        # RFC 9218 §7.1: servers MUST NOT send PRIORITY_UPDATE frames.
        raise LocalProtocolError("only a client sends PRIORITY_UPDATE")
    if not 0 < stream_id <= MAX_STREAM_ID:
        raise LocalProtocolError(f"PRIORITY_UPDATE for a stream, not for {stream_id}")
    if parse_dictionary(event.value) is None:
        raise LocalProtocolError(f"expected a Dictionary of RFC 9651, got {event.value[:64]!r}")
    if session.life is not ConnectionState.AWAIT_SETTINGS and not _is_wanted(session):
        return
    stream = session.streams.get(stream_id)
    if stream is not None:
        if stream.state is StreamState.IDLE:
            # It waits for a slot, and so has none to be prioritized in.
            if session.updates is None:
                session.updates = {}
            session.updates[stream_id] = event.value
        elif stream.state in _AWAITS_RESPONSE:
            _write_update(session, stream_id, event.value)
    elif session.state_of(stream_id) is StreamState.IDLE:
        _prioritize_idle(session, stream_id)
        _write_update(session, stream_id, event.value)


def request_sent(early: EarlySignals, stream_id: int) -> None:
    """A request of ours opens a stream: that and those below it are no longer idle (RFC 9113
    §5.1.1).  One that waits for a slot has opened none.
    """
    early.drop_below(stream_id + 1)


def slot_found(session: Session, stream_id: int) -> None:
    """A request that waited for a slot is on its way."""
    if session.updates is not None:
        value = session.updates.pop(stream_id, None)
        if value is not None:
            _write_update(session, stream_id, value)


def _write_update(session: Session, stream_id: int, value: bytes) -> None:
    # RFC 9218 §7.1: PRIORITY_UPDATE itself MUST be on stream 0.
    session.write(serialize(PriorityUpdateFrame(stream_id, value)))


def _is_wanted(session: Session) -> bool:
    # RFC 9218 §2.1.1: where the server has not said NO_RFC7540_PRIORITIES of 1, a client SHOULD
    # stop sending PRIORITY_UPDATE frames, since they are likely to be ignored.
    return session.remote.no_rfc7540_priorities == 1


def _prioritize_idle(session: Session, stream_id: int) -> None:
    """Count a stream that is yet to be opened."""
    if session.is_local(stream_id):
        early = session.early
        if early is None:
            early = session.early = EarlySignals()
        limit = session.remote.max_concurrent_streams
        if session.life is ConnectionState.AWAIT_SETTINGS:
            limit = min(limit, session.limits.assumed_concurrency)
        more = 0 if stream_id in early else 1
        # RFC 9218 §7.1: prioritized idle streams and active ones MUST NOT exceed the limit.
        if session.open_local + len(early) + more > limit:
            raise LocalProtocolError(
                f"expected at most {limit} streams that are open or prioritized, got one more"
            )
        early.hold(stream_id, Priority())
    else:
        # RFC 9218 §7.1: clients MUST NOT prioritize a push stream that is idle.
        raise LocalProtocolError(f"stream {stream_id} was not promised")


# -- both --------------------------------------------------------------------------------------


def prioritize(session: Session, stream_id: int, priority: Priority) -> None:
    """Serve a stream of ours by `priority` from now on, whatever the peer says."""
    stream = session.streams.get(stream_id)
    if stream is None:
        if stream_id <= 0 or session.state_of(stream_id) is StreamState.IDLE:
            raise LocalProtocolError(f"stream {stream_id} is IDLE")
        return  # it is over, and nothing more will be sent on it
    stream.pinned = _URGENCY | _INCREMENTAL
    session.turns.reprioritize(stream, priority)
