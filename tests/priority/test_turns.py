"""Whose turn it is: urgency first, order or equal shares within it, and nobody starves."""

import itertools
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.priority import Priority, Turn, Turns
from tests.support.counted import lines_run
from tests.support.lines import FRAME, longest_wait, scheduler_of, served, shares

SHARED = Priority(3, True)


def line_of(*turns: Turn) -> Turns[Turn]:
    line: Turns[Turn] = Turns()
    for turn in turns:
        line.join(turn)
    return line


def to_the_end(line: Turns[Turn]) -> list[int]:
    """Each sends one frame, all that it has."""
    order: list[int] = []
    while (turn := line.next()) is not None:
        order.append(turn.stream_id)
        line.sent(turn, FRAME, more=False)
    assert len(line) == 0
    return order


# -- the line as such


def test_nobody_has_a_turn_in_an_empty_line() -> None:
    line = line_of()
    assert line.next() is None
    assert len(line) == 0
    line.leave(Turn(1))
    line.sent(Turn(1), FRAME)
    assert len(line) == 0, "who is not in line can be told so"


def test_joining_twice_is_joining_once() -> None:
    turn = Turn(1)
    line = line_of(turn, turn)
    assert len(line) == 1
    line.leave(turn)
    assert len(line) == 0
    assert line.next() is None


def test_looking_changes_nothing() -> None:
    line = line_of(Turn(1), Turn(3), Turn(5, SHARED), Turn(7, Priority(0)))
    for _ in range(40):
        turn = line.next()
        assert turn is not None
        assert line.next() is turn, "until something is told, it is the same one's turn"
        line.sent(turn, FRAME)


def test_streams_of_one_priority_go_in_the_order_of_their_ids_whenever_they_joined() -> None:
    assert to_the_end(line_of(Turn(1), Turn(3), Turn(5))) == [1, 3, 5]
    assert to_the_end(line_of(Turn(5), Turn(1), Turn(3))) == [1, 3, 5], "RFC 9218 §10"


def test_who_leaves_is_passed_over_and_may_come_back_to_its_place() -> None:
    first, second, third = Turn(1), Turn(3), Turn(5)
    line = line_of(first, second, third)
    line.leave(second)
    line.leave(first)
    assert line.next() is third
    line.join(second)
    assert line.next() is second, "its place is by its id"
    line.join(first)
    assert to_the_end(line) == [1, 3, 5]


def test_who_leaves_from_between_and_comes_back_is_there_once() -> None:
    first, second, third = Turn(1), Turn(3), Turn(5)
    line = line_of(first, second, third)
    for _ in range(3):
        line.leave(second)
        line.join(second)
    assert len(line) == 3
    assert to_the_end(line) == [1, 3, 5]


def test_a_line_that_was_cleared_can_be_used_again() -> None:
    turns = [Turn(1), Turn(3), Turn(5, SHARED), Turn(7, Priority(0))]
    for some in (turns[:2], turns):
        line = line_of(*some)
        line.clear()
        assert len(line) == 0
        assert line.next() is None
        for turn in some:
            line.join(turn)
        assert sorted(to_the_end(line)) == [turn.stream_id for turn in some]


def test_a_priority_that_changes_counts_at_once() -> None:
    first, second = Turn(1), Turn(3)
    line = line_of(first, second)
    line.reprioritize(second, Priority(1))
    assert second.priority == Priority(1)
    assert line.next() is second
    line.reprioritize(second, Priority(3))
    assert line.next() is first
    line.reprioritize(first, Priority(3))
    assert line.next() is first, "the same once more is no change"
    line.leave(first)
    line.reprioritize(first, Priority(0))
    assert line.next() is second, "out of line it is only noted"
    line.join(first)
    assert line.next() is first


def test_who_left_with_another_priority_does_not_come_back_with_the_old_one() -> None:
    first, second, third = Turn(1), Turn(3), Turn(5)
    line = line_of(first, second, third)
    line.leave(second)
    line.leave(first)  # `second` still stands in front of the line, gone
    line.reprioritize(second, Priority(7))
    line.join(second)
    assert line.next() is third
    assert to_the_end(line) == [5, 3]


# -- urgency


def test_the_most_urgent_send_first() -> None:
    turns = [Turn(stream_id, Priority(7 - stream_id // 2)) for stream_id in range(1, 17, 2)]
    assert to_the_end(line_of(*turns)) == [15, 13, 11, 9, 7, 5, 3, 1]


def test_of_sixteen_turns_one_goes_to_the_less_urgent() -> None:
    order = served(scheduler_of({1: Priority(5), 3: Priority(2)}), 160)
    assert order == [*[3] * 15, 1] * 10


def test_the_less_urgent_have_their_turns_in_rotation() -> None:
    priorities = {1: Priority(0), 3: Priority(4), 5: Priority(6), 7: Priority(7)}
    order = served(scheduler_of(priorities), 160)
    assert [each for each in order if each != 1] == [3, 5, 7, 3, 5, 7, 3, 5, 7, 3]
    assert longest_wait(order, 7) < 16 * 3, "the least urgent waits for the others' spare turns"


def test_a_spare_turn_is_none_when_nobody_waits_behind() -> None:
    scheduler = scheduler_of({1: Priority(0), 3: Priority(4)})
    assert served(scheduler, 15) == [1] * 15
    scheduler.block(3)
    assert served(scheduler, 40) == [1] * 40
    scheduler.unblock(3)
    assert served(scheduler, 16) == [*[1] * 15, 3], "and it cannot be saved up"


# -- one after the other


def test_one_is_sent_after_the_other_but_for_a_turn_in_sixteen() -> None:
    order = served(scheduler_of(dict.fromkeys((1, 3, 5, 7), Priority())), 16 * 6)
    assert [each for each in order if each != 1] == [3, 5, 7, 3, 5, 7], "round those behind"
    assert Counter(order)[1] == 90


def test_a_response_without_an_end_holds_up_nobody_for_ever() -> None:
    count = 50
    order = served(
        scheduler_of({stream_id: Priority() for stream_id in range(1, 2 * count, 2)}), 4_000
    )
    waits = [longest_wait(order, stream_id) for stream_id in range(3, 2 * count, 2)]
    assert max(waits) <= 2 * 16 * count, "each of n has a turn within two rounds of 16 n"


def test_one_that_sends_in_bursts_holds_up_nobody_for_ever() -> None:
    first, second = Turn(1), Turn(3)
    line = line_of(first, second)
    order: list[int] = []
    for _ in range(64):
        turn = line.next()
        assert turn is not None
        order.append(turn.stream_id)
        line.sent(turn, FRAME, more=turn is second)
        line.join(first)  # it writes again as soon as it has drained
    assert longest_wait(order, 3) <= 16


def test_who_comes_and_goes_behind_the_first_does_not_lose_its_spare_turns() -> None:
    scheduler = scheduler_of(dict.fromkeys((1, 3, 5), Priority()))
    order: list[int] = []
    for _ in range(200):
        order += served(scheduler, 3)
        scheduler.block(5)
        scheduler.unblock(5)
    assert longest_wait(order, 5) <= 64
    assert longest_wait(order, 3) <= 64


# -- shared


def test_incremental_ones_take_turns() -> None:
    order = served(scheduler_of(dict.fromkeys((5, 1, 3), SHARED)), 9)
    assert order == [5, 1, 3] * 3, "as they came"


@given(st.lists(st.integers(1, FRAME), min_size=2, max_size=6))
def test_incremental_ones_share_by_bytes_and_not_by_frames(sizes: list[int]) -> None:
    ids = range(1, 2 * len(sizes), 2)
    size = dict(zip(ids, sizes, strict=True))
    scheduler = scheduler_of(dict.fromkeys(ids, SHARED))
    sent: Counter[int] = Counter()
    for _ in range(2_000):
        stream_id = scheduler.next()
        assert stream_id is not None
        scheduler.sent(stream_id, size[stream_id])
        sent[stream_id] += size[stream_id]
        bytes_sent = [sent[each] for each in ids]
        assert max(bytes_sent) - min(bytes_sent) <= 2 * FRAME, "a quantum and what it overshot"


def test_a_piece_of_many_quanta_is_paid_for_by_as_many_turns() -> None:
    scheduler = scheduler_of({1: SHARED, 3: SHARED})
    size = {1: 5 * FRAME, 3: FRAME}
    order = served(scheduler, 60, size)
    assert shares(order)[1] == pytest.approx(1 / 6, abs=0.02)


def test_a_piece_without_measure_is_forgiven_in_the_end() -> None:
    scheduler = scheduler_of({1: SHARED, 3: SHARED})
    scheduler.sent(1, 2**60)
    order = served(scheduler, 40)
    assert longest_wait(order, 1) == 16, "a debt of 16 quanta, and no more, is remembered"


def test_small_writes_do_not_get_a_stream_more_than_its_share() -> None:
    chatty, steady = Turn(1, SHARED), Turn(3, SHARED)
    line = line_of(chatty, steady)
    sent: Counter[int] = Counter()
    for _ in range(3_000):
        turn = line.next()
        assert turn is not None
        size = 100 if turn is chatty else FRAME
        sent[turn.stream_id] += size
        line.sent(turn, size, more=turn is steady)
        line.join(chatty)  # each time it has written a little more
    assert abs(sent[1] - sent[3]) <= 2 * FRAME


def test_both_kinds_of_one_urgency_get_half_by_bytes() -> None:
    priorities = {1: Priority(), 3: SHARED, 5: Priority(), 7: SHARED}
    scheduler = scheduler_of(priorities)
    sent: Counter[bool] = Counter()
    for _ in range(2_000):
        stream_id = scheduler.next()
        assert stream_id is not None
        size = 1_000 if priorities[stream_id].incremental else FRAME
        scheduler.sent(stream_id, size)
        sent[priorities[stream_id].incremental] += size
    assert abs(sent[True] - sent[False]) <= 2 * FRAME, "RFC 9218 §10: avoid such starvation"


# -- all together

PRIORITIES = st.builds(Priority, st.integers(0, 7), st.booleans())


@given(st.lists(PRIORITIES, min_size=1, max_size=12))
def test_everybody_has_a_turn_within_a_bound(priorities: list[Priority]) -> None:
    ids = range(1, 2 * len(priorities), 2)
    scheduler = scheduler_of(dict(zip(ids, priorities, strict=True)))
    # A spare turn of the urgency in 16 * 7, half of those to its kind, one in 16 of those behind.
    bound = 16 * 7 * 2 * 16 * len(priorities)
    waiting = set(ids)
    for _ in range(bound):
        stream_id = scheduler.next()
        assert stream_id is not None
        scheduler.sent(stream_id, FRAME)
        waiting.discard(stream_id)
        if not waiting:
            return
    raise AssertionError(f"{waiting} starve")


@given(st.lists(PRIORITIES, min_size=2, max_size=12), st.integers(20, 200))
def test_a_turn_that_is_out_of_order_is_at_most_one_in_sixteen(
    priorities: list[Priority], turns: int
) -> None:
    ids = range(1, 2 * len(priorities), 2)
    by_id = dict(zip(ids, priorities, strict=True))
    order = served(scheduler_of(by_id), turns)
    top = min(priority.urgency for priority in priorities)
    spare = [number for number, each in enumerate(order) if by_id[each].urgency != top]
    assert all(b - a >= 16 for a, b in itertools.pairwise(spare)), "RFC 9218 §10"
    in_order = [each for each in order if by_id[each] == Priority(top)]
    first = min((each for each in ids if by_id[each] == Priority(top)), default=0)
    behind = [number for number, each in enumerate(in_order) if each != first]
    assert all(b - a >= 16 for a, b in itertools.pairwise(behind))


# -- what it costs


@pytest.mark.parametrize("priority", [Priority(), SHARED, Priority(0), Priority(7, True)])
@pytest.mark.parametrize("more", [True, False])
def test_a_turn_costs_the_same_however_many_wait(priority: Priority, more: bool) -> None:
    counts: list[int] = []
    for count in (250, 1_000):
        turns = [Turn(stream_id, priority) for stream_id in range(1, 2 * count, 2)]
        line = line_of(*turns, Turn(2 * count + 1, Priority(4)))

        def work(line: Turns[Turn] = line) -> None:
            for _ in range(100):
                turn = line.next()
                assert turn is not None
                line.sent(turn, FRAME, more)

        work()
        counts.append(lines_run(work))
    # A round of spare turns is sorted by one call into C: no line of ours.
    assert counts[1] <= counts[0] * 1.1 + 20


def test_coming_and_going_costs_the_same_however_many_wait() -> None:
    counts: list[int] = []
    for count in (250, 1_000):
        turns = [Turn(n, Priority(n % 8, n % 3 == 0)) for n in range(1, 2 * count, 2)]
        line = line_of(*turns)

        def work(line: Turns[Turn] = line, turns: list[Turn] = turns) -> None:
            for number in range(2_000):
                turn = turns[number * 7 % len(turns)]
                line.leave(turn)
                line.reprioritize(turn, Priority(number % 8, number % 5 == 0))
                line.join(turn)

        work()
        counts.append(lines_run(work))
    assert counts[1] <= counts[0] * 1.2, "clearing up is paid for by what was left behind"


@pytest.mark.parametrize("priority", [Priority(), SHARED, Priority(6)])
def test_streams_that_are_gone_are_not_kept(priority: Priority) -> None:
    line = line_of(Turn(1, priority), Turn(3, Priority(7, True)))

    def churn(count: int) -> None:
        for stream_id in range(5, 5 + 2 * count, 2):
            turn = Turn(stream_id, priority)
            line.join(turn)
            line.leave(turn)

    churn(1_000)
    tracemalloc.start()
    churn(10_000)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(line) == 2
    assert grown < 32_768, "a hundred of them may still stand in line, not ten thousand"
