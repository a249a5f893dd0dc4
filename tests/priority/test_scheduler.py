"""The scheduler by ids: who is there, who can send, and a model that knows no more than that."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from hyper.priority import Priority, Scheduler, StreamExists, TooManyStreams, UnknownStream
from hyper.wire import LocalProtocolError
from tests.support.counted import lines_run
from tests.support.lines import FRAME, scheduler_of, served


def test_the_most_urgent_is_served_to_its_end_and_then_the_next() -> None:
    scheduler = Scheduler()
    scheduler.insert(1)
    scheduler.insert(3, Priority(urgency=1))
    left = {1: 2, 3: 3}
    order: list[int] = []
    while (stream_id := scheduler.next()) is not None:
        order.append(stream_id)
        scheduler.sent(stream_id, FRAME)
        left[stream_id] -= 1
        if not left[stream_id]:
            scheduler.remove(stream_id)
    assert order == [3, 3, 3, 1, 1]
    assert len(scheduler) == 0


def test_a_stream_that_is_blocked_has_no_turn_until_it_is_unblocked() -> None:
    scheduler = scheduler_of({1: Priority(0), 3: Priority()})
    scheduler.block(1)
    assert served(scheduler, 20) == [3] * 20
    scheduler.unblock(1)
    assert scheduler.next() == 1
    scheduler.block(1)
    scheduler.block(3)
    assert scheduler.next() is None
    assert len(scheduler) == 2
    assert 3 in scheduler


def test_what_a_stream_is_told_of_its_priority_holds_at_once() -> None:
    scheduler = scheduler_of({1: Priority(), 3: Priority()})
    scheduler.reprioritize(3, Priority(2, True))
    assert scheduler.priority(3) == Priority(2, True)
    assert scheduler.next() == 3


def test_a_signal_that_came_before_its_stream_stands_over_what_the_stream_says() -> None:
    scheduler = scheduler_of({1: Priority()})
    scheduler.hold(3, Priority(5))
    scheduler.hold(3, Priority(1))
    assert 3 not in scheduler, "it is not open yet"
    assert scheduler.next() == 1
    scheduler.insert(3, Priority(6))
    assert scheduler.priority(3) == Priority(1), "RFC 9218 §7: the most up-to-date information"
    scheduler.remove(3)
    scheduler.insert(3)
    assert scheduler.priority(3) == Priority(), "it is used once"


def test_signals_held_count_as_streams_and_can_be_given_up() -> None:
    scheduler = Scheduler(max_streams=3)
    scheduler.insert(1)
    scheduler.hold(3, Priority(1))
    scheduler.hold(5, Priority(1))
    with pytest.raises(TooManyStreams, match="expected at most 3 streams, got stream 7"):
        scheduler.hold(7, Priority(1))
    with pytest.raises(TooManyStreams):
        scheduler.insert(7)
    scheduler.hold(5, Priority(2))
    scheduler.insert(5)
    assert scheduler.priority(5) == Priority(2), "one that is held has its place"
    scheduler.remove(3)
    scheduler.insert(7)
    assert len(scheduler) == 3


def test_a_wrong_call_changes_nothing() -> None:
    scheduler = scheduler_of({1: Priority(), 3: Priority()})
    with pytest.raises(StreamExists):
        scheduler.insert(1, Priority(0))
    with pytest.raises(StreamExists):
        scheduler.hold(3, Priority(0))
    for call in (scheduler.block, scheduler.unblock, scheduler.remove, scheduler.priority):
        with pytest.raises(UnknownStream):
            call(5)
    with pytest.raises(UnknownStream):
        scheduler.reprioritize(5, Priority())
    with pytest.raises(UnknownStream):
        scheduler.sent(5, 1)
    with pytest.raises(LocalProtocolError, match="expected at least 0 bytes, got -1"):
        scheduler.sent(1, -1)
    assert served(scheduler, 3) == [1, 1, 1]


@pytest.mark.parametrize(("max_streams", "quantum"), [(0, 1), (1, 0), (-5, 5)])
def test_a_scheduler_has_room_for_something(max_streams: int, quantum: int) -> None:
    with pytest.raises(LocalProtocolError, match="expected room for a stream and a byte"):
        Scheduler(max_streams, quantum)


def test_incremental_streams_alternate_by_the_quantum() -> None:
    scheduler = Scheduler(quantum=3)
    scheduler.insert(1, Priority(3, True))
    scheduler.insert(3, Priority(3, True))
    assert served(scheduler, 12, {1: 1, 3: 1}) == [1, 1, 1, 3, 3, 3] * 2


def test_a_stream_that_comes_back_under_its_old_id_is_another() -> None:
    scheduler = scheduler_of({1: Priority(), 3: Priority(0)})
    for _ in range(5):
        scheduler.remove(1)
        scheduler.insert(1)
        scheduler.block(3)
        assert scheduler.next() == 1
        scheduler.unblock(3)
    assert len(scheduler) == 2


def test_a_step_costs_the_same_however_many_streams_there_are() -> None:
    counts: list[int] = []
    for count in (250, 1_000):
        scheduler = Scheduler(max_streams=2_000)
        for stream_id in range(1, 2 * count, 2):
            scheduler.insert(stream_id, Priority(stream_id % 8, stream_id % 3 == 0))

        def work(scheduler: Scheduler = scheduler, new: int = 2 * count + 1) -> None:
            for _ in range(100):
                scheduler.insert(new)
                stream_id = scheduler.next()
                assert stream_id is not None
                scheduler.sent(stream_id, FRAME)
                scheduler.reprioritize(new, Priority(0))
                scheduler.block(new)
                scheduler.unblock(new)
                scheduler.remove(new)

        work()
        counts.append(lines_run(work))
    assert counts[1] <= counts[0] * 1.1


IDS = st.integers(0, 30).map(lambda number: 2 * number + 1)
PRIORITIES = st.builds(Priority, st.integers(0, 7), st.booleans())


class Model(RuleBasedStateMachine):
    """What must hold after any calls in any order."""

    streams = Bundle("streams")

    def __init__(self) -> None:
        super().__init__()
        self.scheduler = Scheduler(max_streams=20)
        self.priorities: dict[int, Priority] = {}
        self.ready: set[int] = set()
        self.held: dict[int, Priority] = {}
        self.since_spare = 15

    @rule(target=streams, stream_id=IDS, priority=st.none() | PRIORITIES)
    def insert(self, stream_id: int, priority: Priority | None) -> object:
        full = len(self.priorities) + len(self.held) >= 20 and stream_id not in self.held
        if stream_id in self.priorities or full:
            with pytest.raises(StreamExists if stream_id in self.priorities else TooManyStreams):
                self.scheduler.insert(stream_id, priority)
            return multiple()
        self.scheduler.insert(stream_id, priority)
        self.priorities[stream_id] = self.held.pop(stream_id, priority or Priority())
        self.ready.add(stream_id)
        return stream_id

    @rule(stream_id=IDS, priority=PRIORITIES)
    def hold(self, stream_id: int, priority: Priority) -> None:
        full = len(self.priorities) + len(self.held) >= 20 and stream_id not in self.held
        if stream_id in self.priorities or full:
            with pytest.raises(StreamExists if stream_id in self.priorities else TooManyStreams):
                self.scheduler.hold(stream_id, priority)
        else:
            self.scheduler.hold(stream_id, priority)
            self.held[stream_id] = priority

    @rule(stream_id=consumes(streams))
    def remove(self, stream_id: int) -> None:
        self.scheduler.remove(stream_id)
        del self.priorities[stream_id]
        self.ready.discard(stream_id)

    @rule(stream_id=streams)
    def block(self, stream_id: int) -> None:
        self.scheduler.block(stream_id)
        self.ready.discard(stream_id)

    @rule(stream_id=streams)
    def unblock(self, stream_id: int) -> None:
        self.scheduler.unblock(stream_id)
        self.ready.add(stream_id)

    @rule(stream_id=streams, priority=PRIORITIES)
    def reprioritize(self, stream_id: int, priority: Priority) -> None:
        self.scheduler.reprioritize(stream_id, priority)
        self.priorities[stream_id] = priority

    @rule(turns=st.integers(1, 40), size=st.integers(0, 40_000))
    def serve(self, turns: int, size: int) -> None:
        for _ in range(turns):
            stream_id = self.scheduler.next()
            if stream_id is None:
                return
            top = min(self.priorities[each].urgency for each in self.ready)
            if self.priorities[stream_id].urgency == top:
                self.since_spare += 1
            else:
                assert self.since_spare >= 15, "strict, but for one turn in sixteen"
                self.since_spare = 0
            self.scheduler.sent(stream_id, size)

    @invariant()
    def somebody_who_can_send_has_the_turn(self) -> None:
        stream_id = self.scheduler.next()
        if self.ready:
            assert stream_id in self.ready
        else:
            assert stream_id is None

    @invariant()
    def everybody_is_there(self) -> None:
        assert len(self.scheduler) == len(self.priorities)
        for stream_id, priority in self.priorities.items():
            assert self.scheduler.priority(stream_id) == priority


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=60, stateful_step_count=60)
