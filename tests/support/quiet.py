"""What must hold of two engines that talk to each other whenever both are quiet: all bytes have
arrived, all events are taken, and neither has anything to say.
"""

from collections.abc import Mapping
from typing import Final

from hyper.h2.message_life import MessageState
from hyper.h2.session import Session
from hyper.h2.stream_life import StreamState
from tests.support.inside import tables

_MIRROR: Final = {
    StreamState.OPEN: StreamState.OPEN,
    StreamState.HALF_CLOSED_LOCAL: StreamState.HALF_CLOSED_REMOTE,
    StreamState.HALF_CLOSED_REMOTE: StreamState.HALF_CLOSED_LOCAL,
    StreamState.RESERVED_LOCAL: StreamState.RESERVED_REMOTE,
    StreamState.RESERVED_REMOTE: StreamState.RESERVED_LOCAL,
}


def check_quiet(
    client: Session, server: Session, held: Mapping[int, int], held_there: Mapping[int, int]
) -> None:
    """The two agree on everything; `held` is what each application has not consumed."""
    _check_direction(client, server)
    _check_direction(server, client)
    for side, held_by_app in ((client, held), (server, held_there)):
        _check_held(side, held_by_app)
        assert not side.events, "what happened was told"
        assert not side.out, "what was to be said was said"
    live = {i: s for i, s in client.streams.items() if s.state is not StreamState.IDLE}
    assert live.keys() == server.streams.keys(), "both know the same streams"
    for stream_id, stream in live.items():
        assert server.streams[stream_id].state is _MIRROR[stream.state], f"stream {stream_id}"
    asked = [i for i in live if i % 2]
    assert client.open_local == server.open_remote == len(asked)
    pushed = [s for i, s in live.items() if i % 2 == 0]
    promised = [s for s in pushed if s.state is StreamState.RESERVED_REMOTE]
    assert client.open_remote == server.open_local == len(pushed) - len(promised)
    assert client.promises == len(promised), "reserved streams are counted apart"


def _check_direction(sender: Session, receiver: Session) -> None:
    """What flows from `sender` to `receiver`."""
    assert sender.outbound_window == receiver.inbound.available, (
        "both ends count the connection's window alike"
    )
    assert not receiver.local_pending, "all SETTINGS are acknowledged"
    theirs, ours = sender.remote, receiver.local
    assert theirs.initial_window_size == ours.initial_window_size
    assert theirs.max_frame_size == ours.max_frame_size
    assert theirs.header_table_size == ours.header_table_size
    assert theirs.max_concurrent_streams == ours.max_concurrent_streams
    for stream_id, stream in receiver.streams.items():
        other = sender.streams.get(stream_id)
        if other is None or stream.received is MessageState.ENDED:
            continue
        window = stream.inbound
        available = ours.initial_window_size if window is None else window.available
        if stream.state is not StreamState.IDLE:
            assert theirs.initial_window_size + other.send_credit == available, (
                f"both ends count the window of stream {stream_id} alike"
            )
        queue = other.queue
        if queue is not None and queue.size and other.request is None:
            blocked = theirs.initial_window_size + other.send_credit <= 0
            assert blocked or sender.outbound_window <= 0, (
                f"stream {stream_id}: what is queued has no window, or it would have been sent"
            )
    check_tables(sender, receiver)


def _check_held(side: Session, held: Mapping[int, int]) -> None:
    inside: dict[int, int] = dict(side.lingering)
    for stream_id, stream in side.streams.items():
        window = stream.inbound
        if window is not None:
            assert window.available + window.held + window.owed == window.size
            if window.held:
                inside[stream_id] = window.held
    assert inside == held, "the engine and the application count what is held alike"
    window = side.inbound
    assert window.held == sum(inside.values()), "on both levels"
    assert window.available + window.held + window.owed == window.size, "no credit is lost"


def check_tables(sender: Session, receiver: Session) -> None:
    """One dynamic table, seen from both ends (RFC 7541 §2.2)."""
    due, ours, theirs = tables(sender.encoder, receiver.decoder)
    if due:
        return  # there is a change of size that the next block will tell of
    entries = [entry[0] for entry in reversed(ours.entries[len(ours.entries) - len(ours) :])]
    assert entries == theirs.entries, "both ends have the same dynamic table"
    assert (ours.size, ours.max_size) == (theirs.size, theirs.max_size)
