"""The end of input: the peer says nothing more, and may still be listening.

RFC 9113 has no word for a TCP connection that is closed in one direction.  A client may close its
own after its last request; what it asked for in full is answered.

Not here: how it is noticed that the input has ended, which is `receive`'s.
"""

from hyper.frame import ErrorCode, Scope
from hyper.h2.connection_life import ConnectionStep
from hyper.h2.events import PeerFault, Reset
from hyper.h2.message_life import MessageState
from hyper.h2.session import Session
from hyper.h2.stream_life import StreamState
from hyper.h2.timers import Timer
from hyper.wire import Role


def cut_short(session: Session) -> bool:
    """Cut off the streams on which something of the peer's is missing; whether there were any.

    Each gets its last event.
    """
    clean = True
    for stream in list(session.streams.values()):
        if stream.received is MessageState.ENDED:
            continue
        clean = False
        if stream.state is StreamState.IDLE:
            # RFC 9113 §8.7: it was not sent, so it can be sent elsewhere.  Over when it is told.
            session.report(Reset(stream.stream_id, ErrorCode.REFUSED_STREAM))
            continue
        head = stream.received is MessageState.AWAIT_HEAD
        session.reset(stream, ErrorCode.CANCEL)
        session.report(
            PeerFault(
                stream.stream_id,
                ErrorCode.CANCEL,
                Scope.STREAM,
                "a response" if head else "the rest of the message",
                "the end of input",
            )
        )
    return not clean


def drop_blocked(session: Session) -> None:
    """Cut off the streams whose content has no window left: it would have had to come by now."""
    for stream in list(session.streams.values()):
        queue = stream.queue
        window = session.remote.initial_window_size + stream.send_credit
        if queue is None or not queue.size or min(window, session.outbound_window) > 0:
            continue
        expected = f"room for {queue.size} bytes more"
        session.cut_off(stream, ErrorCode.CANCEL)
        session.report(
            PeerFault(
                stream.stream_id, ErrorCode.CANCEL, Scope.STREAM, expected, "the end of input"
            )
        )


def close_input(session: Session) -> None:
    """Nothing more will come.  The connection goes on for the answers that a server owes."""
    if session.role is Role.CLIENT or not session.streams:
        session.end()
        return
    session.step(ConnectionStep.RECV_END_OF_INPUT)
    # Whatever the peer was to say it will not.
    for timer in (Timer.SETTINGS, Timer.ACKNOWLEDGEMENT, Timer.KEEPALIVE, Timer.STALL):
        session.timers.stop(timer)
    session.keepalive = None
    session.pings.clear()
    if session.timers.runs(Timer.WARNING):
        session.shutdown.finish(session)
    session.timers.put(Timer.ANSWERS, session.now + session.limits.half_closed_timeout)
