"""One connection shared by threads: who watches the socket, who is woken, and how it ends."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import monotonic

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Limits
from hyper.io import ConnectionLost, StreamReset
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION
from hyper.io.sync._channel import Channel
from hyper.io.sync._link import Link
from hyper.wire import Role
from tests.support.links import PATIENT, ThreadPair, asleep, hold, threads
from tests.support.wire import POST

# More than the kernel holds for a socket, and room for it at the peer.
MUCH = 16 << 20
WIDE = Limits(stream_window=MUCH, connection_window=MUCH)


def head_of(channel: Channel) -> Callable[[], bool | None]:
    return partial(channel.link.pump.streams.has_head, channel.box)


def both_wait(
    crew: ThreadPoolExecutor, one: Channel, two: Channel
) -> tuple[Future[bool], Future[bool]]:
    """Two threads wait for responses: the first leads, the second follows."""
    leader = asleep(crew, one.link, one.box.stream_id, head_of(one))
    follower = asleep(crew, two.link, two.box.stream_id, head_of(two))
    return leader, follower


def answer(channel: Channel) -> None:
    channel.answer(200, (), b"hello")


# -- asking ----------------------------------------------------------------------------------


def test_what_is_asked_for_is_sent_at_once() -> None:
    near, far = socket.socketpair()
    with far:
        far.settimeout(10)
        link = Link(near, Pump(Role.CLIENT, peer="server", timeouts=PATIENT, now=monotonic()))
        assert far.recv(65_536), "a client speaks first: RFC 9113 §3.4"
        payload = link.ask(link.pump.ping)
        assert payload in far.recv(65_536), "nobody waits here, and it is under way"
        link.close()
        assert far.recv(65_536) == b"", "closing closes"


def test_asking_returns_what_the_act_returns_and_raises_what_it_raises() -> None:
    class MyOwnError(Exception):
        pass

    def act() -> None:
        ours.link.pump.streams.write(ours.box, b"before", end=False)
        raise MyOwnError

    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        assert pair.client.ask(lambda: 42) == 42, "its result"
        with pytest.raises(MyOwnError):
            pair.client.ask(act)
        assert theirs.take() == b"before", "what it did before it failed is done"
        assert pair.client.ask(lambda: True), "and the lock is free"


# -- waiting alone ---------------------------------------------------------------------------


def test_what_is_there_is_not_waited_for() -> None:
    with threads() as pair:
        result = pair.client.wait(CONNECTION, lambda: b"", 0.0, TimeoutError)
        assert result == b"", "anything but None is a result, and needs no time"


def test_a_wait_that_is_too_long_raises_what_late_makes() -> None:
    class MyOwnError(Exception):
        pass

    with threads() as pair:
        for seconds in (0.0, 0.01):
            with pytest.raises(MyOwnError):
                pair.client.wait(CONNECTION, lambda: None, seconds, MyOwnError)
        assert pair.client.ask(lambda: True), "the lock is free"


def test_a_follower_that_waits_too_long_leaves_the_leader_alone() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet()
        leader = asleep(crew, pair.client, ours.box.stream_id, head_of(ours))
        with pytest.raises(TimeoutError):
            pair.client.wait(CONNECTION, lambda: None, 0.01, TimeoutError)
        assert not leader.done(), "each has a deadline of its own"
        answer(theirs)
        assert leader.result(10), "and it is served"


def test_what_came_is_there_though_the_peer_has_left() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        answer(theirs)
        pair.server.close()
        # The kernel tells a writer that nobody reads any more; a reader finds the answer first.
        ours.write(b"too late")
        assert ours.take() == b"hello", "the response was on the wire"
        assert ours.take() == b"", "to its end"
        with pytest.raises(ConnectionLost, match="the peer closed the connection"):
            pair.client.wait(CONNECTION, lambda: pair.client.pump.ponged(b""), 10.0, TimeoutError)


# -- leader and followers --------------------------------------------------------------------


def test_the_leader_serves_its_followers() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        (one, far_one), (two, far_two) = pair.meet(), pair.meet()
        leader, follower = both_wait(crew, one, two)
        answer(far_two)
        assert follower.result(10), "one reads the socket for all, and wakes whom it concerns"
        assert not leader.done(), "nothing came for itself"
        answer(far_one)
        assert leader.result(10), "until now"


def test_a_leader_that_leaves_hands_over() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        streams = [pair.meet() for _ in range(6)]
        waiting = [
            asleep(crew, ours.link, ours.box.stream_id, head_of(ours)) for ours, _ in streams
        ]
        for number, (_, theirs) in enumerate(streams):
            # Each is the leader when its turn has come, if leadership goes by age; and whoever
            # leads instead must serve it all the same.
            answer(theirs)
            assert waiting[number].result(10), "somebody watches the socket"
        assert pair.client.ask(pair.client.alone), "and nobody when nobody waits"


def test_a_leader_that_fails_hands_over() -> None:
    class MyOwnError(Exception):
        pass

    def ready() -> bool | None:
        if head_of(one)():
            raise MyOwnError
        return None

    with threads() as pair, ThreadPoolExecutor() as crew:
        (one, far_one), (two, far_two) = pair.meet(), pair.meet()
        leader = asleep(crew, pair.client, one.box.stream_id, ready)
        follower = asleep(crew, pair.client, two.box.stream_id, head_of(two))
        answer(far_one)
        with pytest.raises(MyOwnError):
            leader.result(10)
        answer(far_two)
        assert follower.result(10), "it does not sleep beside a socket that nobody watches"


def test_leader_and_follower_may_wait_for_the_same_stream() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet()
        waiting = [asleep(crew, ours.link, ours.box.stream_id, head_of(ours)) for _ in range(3)]
        answer(theirs)
        assert all(each.result(10) for each in waiting), "all of them are told"


def test_the_leader_is_woken_by_what_another_thread_does_to_its_stream() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        (one, _), (two, _) = pair.meet(), pair.meet()
        leader, follower = both_wait(crew, one, two)
        # The peer says nothing from here on: what wakes them is on this side.
        two.reset(ErrorCode.CANCEL)
        with pytest.raises(StreamReset, match="by this side"):
            follower.result(10)
        assert not leader.done(), "its own stream is as it was"
        one.reset(ErrorCode.CANCEL)
        with pytest.raises(StreamReset, match="by this side"):
            leader.result(10)


def test_a_bell_that_nobody_answers_holds_nobody_up() -> None:
    seen = 0

    def ready() -> bool | None:
        nonlocal seen
        seen += 1
        return True if over else None

    with threads() as pair, ThreadPoolExecutor() as crew:
        over = False
        leader = asleep(crew, pair.client, CONNECTION, ready)

        def ring_and_ring() -> None:
            nonlocal over
            # With the lock held: the leader cannot answer meanwhile.
            for _ in range(100_000):
                pair.client.alone()
            over = True

        pair.client.ask(ring_and_ring)
        assert leader.result(10), "a full bell rings already"
        assert seen > 1, "it slept, and was woken"


def test_the_leader_sends_what_others_could_not() -> None:
    with threads(limits=WIDE) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet(POST, end=False)
        leader = asleep(crew, ours.link, ours.box.stream_id, head_of(ours))
        ours.write(bytes(MUCH), end=True)
        assert not pair.client.flushed, "the kernel does not take so much at once"
        # This thread does nothing more for the client: the leader must have learnt of it.
        hold(theirs, MUCH)
        answer(theirs)
        assert leader.result(10), "and it reads on meanwhile"


def test_a_thread_that_acts_and_does_not_wait_leaves_the_leader_where_it_is() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        (one, far_one), (two, far_two) = pair.meet(POST, end=False), pair.meet(POST, end=False)
        leader = asleep(crew, pair.client, one.box.stream_id, head_of(one))
        for _ in range(100):
            two.write(b"x")
        two.end(())
        hold(far_two, 100)
        assert not leader.done(), "the other's stream is no business of its own"
        answer(far_one)
        assert leader.result(10), "it waits on"


# -- the end ---------------------------------------------------------------------------------


def waiting_and_closed(
    pair: ThreadPair, crew: ThreadPoolExecutor, end: Callable[[], None]
) -> list[ConnectionLost]:
    """What three threads that wait for responses get when the connection ends by `end`."""
    streams = [pair.meet() for _ in range(3)]
    waiting = [asleep(crew, ours.link, ours.box.stream_id, head_of(ours)) for ours, _ in streams]
    end()
    errors = []
    for each in waiting:
        with pytest.raises(ConnectionLost) as caught:
            each.result(10)
        errors.append(caught.value)
    return errors


def test_closing_fails_all_who_wait_and_the_leader_lets_go_of_the_socket() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        for error in waiting_and_closed(pair, crew, pair.client.close):
            assert "closed by this side" in str(error), "each hears why"
        assert pair.client.sock.fileno() == -1, "nothing is left for anybody to close"
        pair.client.close()
        with pytest.raises(ConnectionLost):
            pair.client.ask(pair.client.pump.ping)


def test_closing_closes_at_once_where_nobody_waits() -> None:
    with threads() as pair:
        pair.client.close()
        assert pair.client.sock.fileno() == -1, "there is no leader to leave it to"
        pair.client.close()  # once is enough, twice is no harm


def test_a_peer_that_leaves_fails_all_who_wait() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        for error in waiting_and_closed(pair, crew, pair.server.close):
            assert "the peer closed the connection" in str(error), "leader and followers alike"


def test_a_cut_fails_all_who_wait_and_tells_the_peer() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        _, theirs = pair.meet(POST, end=False)
        for error in waiting_and_closed(pair, crew, partial(pair.client.cut, "enough")):
            assert "enough" in str(error), "each hears the reason given"
        with pytest.raises(StreamReset, match="CANCEL"):
            theirs.take()
        assert pair.server.pump.going_away is not None, (
            "RFC 9113 §6.8: GOAWAY says that it was meant"
        )
        assert pair.client.sock.fileno() != -1, "the socket is for the one that attends it"


def test_a_flush_sends_all_there_is() -> None:
    with threads(limits=WIDE) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet(POST, end=False)
        ours.write(bytes(MUCH), end=True)
        reading = crew.submit(hold, theirs, MUCH)
        pair.client.flush(10.0)
        assert pair.client.flushed, "all of it is on its way"
        reading.result(10)


def test_a_flush_gives_up_in_time_without_a_word() -> None:
    with threads(limits=WIDE) as pair:
        ours, _ = pair.meet(POST, end=False)
        ours.write(bytes(MUCH), end=True)
        pair.client.flush(0.0)  # nobody reads
        assert not pair.client.flushed, "who leaves has tried"
        pair.server.close()
        pair.client.flush(10.0)
        assert pair.client.flushed, "for a peer that has gone there is nothing to send"


def test_lingering_says_goodbye_and_hears_the_peer_out() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        lingering = crew.submit(pair.server.linger, 10.0)
        pair.client.wait(CONNECTION, lambda: pair.client.pump.error, 10.0, TimeoutError)
        assert not lingering.done(), "the peer may read on for as long as it needs"
        pair.client.close()
        assert lingering.result(10) is None, "it ends when the peer has closed"


def test_lingering_ends_in_time() -> None:
    with threads() as pair:
        pair.server.linger(0.0)  # the client does not close


def test_a_cut_ends_the_lingering() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        lingering = crew.submit(pair.server.linger, 60.0)
        pair.client.wait(CONNECTION, lambda: pair.client.pump.error, 10.0, TimeoutError)
        pair.server.cut("enough")
        assert lingering.result(10) is None, "a minute is not to be had"
        pair.server.linger(60.0)  # nor is it begun after a cut


def test_nothing_runs_but_the_threads_of_the_callers() -> None:
    before = threading.active_count()
    with threads() as pair:
        ours, theirs = pair.meet()
        answer(theirs)
        assert ours.take() == b"hello", "an exchange as any"
        assert threading.active_count() == before, "a connection costs no thread"
