"""What both directions share, by itself: which streams there are, what was reset, how it ends."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import ErrorCode, Scope
from hyper.h2 import ConnectionState, Limits, StreamState
from hyper.h2.connection_life import ConnectionStep
from hyper.h2.session import Session
from hyper.h2.stream import Stream
from hyper.h2.timers import Timer
from hyper.wire import Role


def opened(session: Session, stream_id: int) -> Stream:
    """A live stream, as `receive` or `send` would have made it."""
    stream = Stream(stream_id)
    stream.state = StreamState.OPEN
    stream.counted = True
    session.streams[stream_id] = stream
    if session.is_local(stream_id):
        session.next_local_id = stream_id + 2
        session.open_local += 1
    else:
        session.note_opened(stream_id)
        session.open_remote += 1
    return stream


def test_ids_tell_who_opens_a_stream() -> None:
    client, server = Session(Role.CLIENT, Limits()), Session(Role.SERVER, Limits())
    for stream_id in (1, 3, 2**31 - 1):
        assert client.is_local(stream_id), "RFC 9113 §5.1.1: odd ones are the client's"
        assert not server.is_local(stream_id)
    for stream_id in (2, 4, 2**31 - 2):
        assert server.is_local(stream_id), "RFC 9113 §5.1.1: even ones are the server's"
        assert not client.is_local(stream_id)


def test_idle_and_closed_are_told_by_the_high_water_marks() -> None:
    session = Session(Role.SERVER, Limits())
    assert session.state_of(1) is StreamState.IDLE
    session.forget(opened(session, 5))
    assert session.state_of(5) is StreamState.CLOSED
    assert session.state_of(3) is StreamState.CLOSED, "RFC 9113 §5.1.1: left out, hence closed"
    assert session.state_of(7) is StreamState.IDLE
    assert session.state_of(2) is StreamState.IDLE, "we have opened none of ours"
    client = Session(Role.CLIENT, Limits())
    client.forget(opened(client, 3))
    assert [client.state_of(i) for i in (1, 3, 5)] == [
        StreamState.CLOSED,
        StreamState.CLOSED,
        StreamState.IDLE,
    ]


def test_a_reset_stream_is_remembered_as_one() -> None:
    session = Session(Role.SERVER, Limits())
    session.reset(opened(session, 1), ErrorCode.CANCEL)
    assert session.state_of(1) is StreamState.RESET_SENT
    assert not session.streams
    assert session.open_remote == 0
    assert b"".join(session.out) == b"\0\0\4\3\0\0\0\0\1\0\0\0\x08", "RST_STREAM with CANCEL"


@given(st.lists(st.integers(0, 400), unique=True, max_size=300))
def test_a_stream_that_was_reset_is_never_taken_for_a_closed_one(halves: list[int]) -> None:
    session = Session(Role.SERVER, Limits(remembered_resets=8))
    session.remote_high_id = 1_000
    for half in halves:
        session.remember_reset(2 * half + 1)
        assert len(session.resets) <= 8, "a ring, whatever the peer does"
    for half in halves:
        assert session.state_of(2 * half + 1) is StreamState.RESET_SENT


def test_the_ids_a_peer_left_out_are_known_for_a_while() -> None:
    session = Session(Role.SERVER, Limits())
    for stream_id in (1, 3, 9, 11):
        session.note_opened(stream_id)
    skipped = [stream_id for stream_id in range(1, 13, 2) if session.was_skipped(stream_id)]
    assert skipped == [5, 7]
    for stream_id in range(111, 11_111, 100):
        session.note_opened(stream_id)
    assert not session.was_skipped(5), "the latest gaps only: a peer cannot fill our memory"
    assert session.was_skipped(11_009)
    assert len(session.skipped) <= 16


def test_forgetting_a_stream_frees_its_slot_its_queue_and_its_turn() -> None:
    session = Session(Role.CLIENT, Limits())
    stream = opened(session, 1)
    session.turns.join(stream)
    session.forget(stream)
    assert (session.open_local, len(session.streams), len(session.turns)) == (0, 0, 0)
    waiting = Stream(3)
    session.streams[3] = waiting
    session.forget(waiting)
    assert session.open_local == 0, "one that waited for a slot had none to free"


def test_only_a_stream_that_both_sides_have_ended_is_settled() -> None:
    session = Session(Role.SERVER, Limits(reset_burst=5, reset_rate=0))
    session.reset_budget.spend(3.0, 0.0)
    stream = opened(session, 1)
    stream.state = StreamState.HALF_CLOSED_REMOTE
    session.settle(stream)
    assert 1 in session.streams
    stream.state = StreamState.CLOSED
    session.settle(stream)
    assert 1 not in session.streams
    assert session.reset_budget.balance == 3.0, "and earns the peer one"


def test_a_failure_drops_everything_but_what_is_written() -> None:
    session = Session(Role.SERVER, Limits())
    session.write(b"written")
    session.turns.join(opened(session, 1))
    session.accepted = 1
    session.timers.put(Timer.ACKNOWLEDGEMENT, 5.0)
    fault = session.fail(ErrorCode.PROTOCOL_ERROR, "this", "that", 1)
    assert (fault.stream_id, fault.code, fault.scope) == (
        1,
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
    )
    assert session.life.name == ConnectionState.CLOSED.name
    assert not session.streams
    assert len(session.turns) == 0
    assert session.timers.next() is None
    assert session.open_remote == 0
    assert b"".join(session.out) == (b"written\0\0\x15\7\0\0\0\0\0\0\0\0\1\0\0\0\1expected this"), (
        "RFC 9113 §5.4.1: GOAWAY with the last stream that was processed, and why"
    )


def test_the_reason_in_goaway_is_ours_and_short() -> None:
    session = Session(Role.SERVER, Limits())
    session.fail(ErrorCode.PROTOCOL_ERROR, "é" * 500, "authorization: open sesame")
    debug = session.out[-1][17:]
    assert debug == (b"expected " + b"?" * 500)[:200], "RFC 9113 §6.8: not what came, nor a page"


def test_goaway_never_promises_more_than_it_did() -> None:
    session = Session(Role.SERVER, Limits())
    session.accepted = 9
    session.goaway_last_id = 5
    session.fail(ErrorCode.PROTOCOL_ERROR, "this", "that")
    assert session.out[-1][9:13] == b"\0\0\0\5", "RFC 9113 §6.8: MUST NOT increase"


def test_a_step_the_table_forbids_changes_nothing() -> None:
    session = Session(Role.SERVER, Limits())
    assert not session.step(ConnectionStep.RECV_REQUEST)
    assert session.life.name == ConnectionState.AWAIT_PREFACE.name
    assert session.step(ConnectionStep.RECV_PREFACE)
    assert session.life.name == ConnectionState.AWAIT_SETTINGS.name


def test_credit_of_a_stream_that_has_ended_is_not_announced() -> None:
    session = Session(Role.SERVER, Limits())
    stream = opened(session, 1)
    session.credit_stream(stream, 5)
    assert session.out == [], "nothing was received, so there is no window yet"
