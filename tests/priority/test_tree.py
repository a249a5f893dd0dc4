"""The tree of RFC 7540 §5.3: its shape, its shares, and what a step costs."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hyper.priority import StreamExists, TooManyStreams, Tree, UnknownStream
from hyper.wire import LocalProtocolError
from tests.support.counted import lines_run
from tests.support.naive_tree import NaiveTree


def tree_of(*edges: tuple[int, int]) -> Tree:
    """Streams, each with what it depends on, all of the default weight."""
    tree = Tree()
    for stream_id, depends_on in edges:
        tree.insert(stream_id, depends_on)
    return tree


def shape(tree: Tree, stream_id: int = 0) -> dict[int, object]:
    """Who depends on whom, from a stream downwards."""
    return {child: shape(tree, child) for child in tree.children(stream_id)}


def order_of(tree: Tree, turns: int) -> list[int | None]:
    return [tree.take() for _ in range(turns)]


def parts(tree: Tree, turns: int) -> dict[int, float]:
    counts = Counter(order_of(tree, turns))
    return {stream_id: count / turns for stream_id, count in counts.items() if stream_id}


# Streams of the figures, by their letters.
A, B, C, D, E, F = 1, 3, 5, 7, 9, 11
FIGURE_5 = ((A, 0), (B, A), (C, A), (D, C), (E, C), (F, D))


# -- the shape


def test_a_dependency_adds_to_those_there_are() -> None:
    tree = tree_of((A, 0), (B, A), (C, A))
    tree.insert(D, A)
    assert shape(tree) == {A: {B: {}, C: {}, D: {}}}, "RFC 7540 §5.3.1, figure 3"


def test_an_exclusive_one_comes_between() -> None:
    tree = tree_of((A, 0), (B, A), (C, A))
    tree.insert(D, A, exclusive=True)
    assert shape(tree) == {A: {D: {B: {}, C: {}}}}, "RFC 7540 §5.3.1, figure 4"


def test_the_root_can_be_depended_on_exclusively() -> None:
    tree = tree_of((A, 0), (B, A), (C, 0))
    tree.insert(D, 0, exclusive=True)
    assert shape(tree) == {D: {A: {B: {}}, C: {}}}
    tree.insert(E, B, exclusive=True)
    assert shape(tree) == {D: {A: {B: {E: {}}}, C: {}}}, "of nobody it takes nobody"


@pytest.mark.parametrize(
    ("exclusive", "after"),
    [
        (False, {D: {A: {B: {}, C: {E: {}}}, F: {}}}),
        (True, {D: {A: {B: {}, C: {E: {}}, F: {}}}}),
    ],
)
def test_a_stream_may_come_to_depend_on_one_that_depends_on_it(
    exclusive: bool, after: dict[int, object]
) -> None:
    tree = tree_of(*FIGURE_5)
    tree.reprioritize(A, D, exclusive=exclusive)
    assert shape(tree) == after, "RFC 7540 §5.3.3, figure 5"
    assert tree.weight(D) == 16, "the moved dependency retains its weight"


def test_those_below_move_with_their_stream() -> None:
    tree = tree_of(*FIGURE_5)
    tree.reprioritize(C, 0, 100)
    assert shape(tree) == {A: {B: {}}, C: {D: {F: {}}, E: {}}}
    assert tree.parent(C) == 0
    assert tree.weight(C) == 100


def test_an_exclusive_move_joins_both_families() -> None:
    tree = tree_of((A, 0), (B, A), (C, A), (D, 0), (E, D), (F, 0))
    tree.reprioritize(A, D, exclusive=True)
    assert shape(tree) == {D: {A: {B: {}, C: {}, E: {}}}, F: {}}
    tree.reprioritize(E, A, exclusive=True)
    assert shape(tree) == {D: {A: {E: {B: {}, C: {}}}}, F: {}}, "from under its own parent"


def test_a_dependency_on_a_stream_that_is_not_there_gives_the_default() -> None:
    tree = tree_of((A, 0))
    tree.insert(B, 99, 200, exclusive=True)
    assert shape(tree) == {A: {}, B: {}}, "RFC 7540 §5.3.1: a default priority"
    assert tree.weight(B) == 16
    tree.insert(C, A, 200)
    tree.reprioritize(C, 99, 200)
    assert (tree.parent(C), tree.weight(C)) == (0, 16)


def test_those_who_depended_on_a_removed_stream_depend_on_its_parent() -> None:
    tree = tree_of(*FIGURE_5)
    tree.remove(C)
    assert shape(tree) == {A: {B: {}, D: {F: {}}, E: {}}}
    assert [tree.weight(each) for each in (B, D, E)] == [16, 8, 8], "RFC 7540 §5.3.4: shared out"
    assert C not in tree
    assert len(tree) == 5


# -- the turns


def test_a_stream_has_its_turn_once_none_that_it_depends_on_can_send() -> None:
    tree = tree_of((A, 0), (B, A), (C, B))
    assert order_of(tree, 3) == [A, A, A]
    tree.block(A)
    assert order_of(tree, 3) == [B, B, B]
    tree.block(B)
    assert tree.next() == C
    tree.unblock(A)
    assert tree.next() == A
    tree.block(A)
    tree.block(C)
    assert tree.next() is None
    assert tree.take() is None
    assert [tree.is_blocked(each) for each in (A, B, C)] == [True, True, True]


def test_equal_turns_go_by_the_ids() -> None:
    assert order_of(tree_of((F, 0), (B, 0), (D, 0)), 6) == [B, D, F, B, D, F]


def test_turns_are_shared_by_the_weights() -> None:
    tree = Tree()
    tree.insert(A, weight=16)
    tree.insert(B, weight=32)
    assert order_of(tree, 6) == [A, B, B, A, B, B]


@given(st.lists(st.integers(1, 256), min_size=2, max_size=8))
def test_over_a_long_run_each_gets_its_weight(weights: list[int]) -> None:
    tree = Tree()
    for number, weight in enumerate(weights):
        tree.insert(2 * number + 1, weight=weight)
    turns = sum(weights)
    counts = Counter(order_of(tree, turns))
    for number, weight in enumerate(weights):
        assert abs(counts[2 * number + 1] - weight) <= 2, "after as many turns as all weights"


@given(st.lists(st.tuples(st.integers(1, 256), st.integers(1, 16_384)), min_size=2, max_size=5))
def test_bytes_can_be_shared_as_well(streams: list[tuple[int, int]]) -> None:
    tree = Tree()
    for number, (weight, _) in enumerate(streams):
        tree.insert(2 * number + 1, weight=weight)
    sent = [0] * len(streams)
    most = max(size / weight for weight, size in streams)
    for _ in range(200):
        stream_id = tree.next()
        assert stream_id is not None
        number = stream_id // 2
        tree.sent(stream_id, streams[number][1])
        sent[number] += streams[number][1]
        paid = [done / weight for done, (weight, _) in zip(sent, streams, strict=True)]
        assert max(paid) - min(paid) <= most + max(paid) * 1e-5, "by one piece at most"


def test_a_stream_that_cannot_send_leaves_its_part_to_those_below_it() -> None:
    tree = Tree()
    tree.insert(A, weight=16)
    tree.insert(B, weight=48)
    tree.insert(C, A, 4)
    tree.insert(D, A, 12)
    tree.block(A)
    assert parts(tree, 1_600) == pytest.approx({B: 0.75, C: 1 / 16, D: 3 / 16}, abs=0.002)


def test_what_is_left_of_a_removed_stream_is_as_the_rfc_reckons_it() -> None:
    tree = tree_of((A, 0), (B, 0), (C, A), (D, A))
    tree.block(A)
    tree.block(D)
    assert parts(tree, 1_200) == pytest.approx({B: 1 / 2, C: 1 / 2}, abs=0.002)
    tree.remove(A)
    # RFC 7540 §5.3.4: for equal starting weights, C receives one third, rather than one half.
    assert parts(tree, 1_200) == pytest.approx({B: 2 / 3, C: 1 / 3}, abs=0.002)


def test_time_in_which_a_stream_could_not_send_is_no_credit() -> None:
    tree = tree_of((A, 0), (B, 0))
    tree.block(A)
    order_of(tree, 1_000)
    tree.unblock(A)
    assert Counter(order_of(tree, 100)) == {A: 50, B: 50}


def test_a_turn_out_of_turn_is_counted_too() -> None:
    tree = tree_of((A, 0), (B, 0), (C, 0))
    tree.sent(C, 3)
    assert order_of(tree, 8) == [A, B, A, B, A, B, A, B], "A and B first get what C had"
    assert tree.take() == C
    tree.block(C)
    tree.sent(C, 100)
    tree.unblock(C)
    assert C in order_of(tree, 3), "of one that cannot send nothing is counted"


def test_looking_changes_nothing() -> None:
    tree = tree_of(*FIGURE_5)
    tree.block(A)
    for _ in range(20):
        first = tree.next()
        assert tree.next() == first
        assert tree.take() == first


# -- wrong calls


def test_a_wrong_call_changes_nothing() -> None:
    tree = tree_of(*FIGURE_5)
    before = shape(tree)
    with pytest.raises(StreamExists):
        tree.insert(A, B, 1, exclusive=True)
    for call in (
        tree.remove,
        tree.block,
        tree.unblock,
        tree.reprioritize,
        tree.parent,
        tree.weight,
    ):
        with pytest.raises(UnknownStream):
            call(99)
        with pytest.raises(LocalProtocolError, match="got stream 0, which is the root"):
            call(0)
    with pytest.raises(UnknownStream):
        tree.sent(99, 1)
    with pytest.raises(LocalProtocolError, match="at least 0, got -1"):
        tree.sent(A, -1)
    with pytest.raises(UnknownStream):
        tree.children(99)
    for weight in (0, 257, -16):
        with pytest.raises(LocalProtocolError, match=f"a weight of 1 to 256, got {weight}"):
            tree.insert(99, weight=weight)
        with pytest.raises(LocalProtocolError, match="a weight of 1 to 256"):
            tree.reprioritize(A, weight=weight)
    with pytest.raises(LocalProtocolError, match="stream 99 cannot depend on itself"):
        tree.insert(99, 99)
    with pytest.raises(LocalProtocolError, match="stream 1 cannot depend on itself"):
        tree.reprioritize(A, A)
    for stream_id in (0, -1):
        with pytest.raises(LocalProtocolError):
            tree.insert(stream_id, A)
    assert shape(tree) == before
    assert len(tree) == 6


def test_there_is_a_limit_and_it_says_so() -> None:
    tree = Tree(max_streams=2)
    tree.insert(A)
    tree.insert(B)
    with pytest.raises(TooManyStreams, match="expected at most 2 streams, got stream 5"):
        tree.insert(C, 0, exclusive=True)
    assert shape(tree) == {A: {}, B: {}}
    tree.remove(A)
    tree.insert(C)
    with pytest.raises(LocalProtocolError, match="expected room for a stream, got 0"):
        Tree(0)


# -- against the RFC, read aloud

IDS = st.integers(0, 7).map(lambda number: 2 * number + 1)
PLACES = st.integers(0, 8).map(lambda number: max(0, 2 * number - 1))


class Model(RuleBasedStateMachine):
    """Whatever is done to it, the tree is what the RFC says, and so are the shares."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree()
        self.naive = NaiveTree()

    @rule(stream_id=IDS, on=PLACES, weight=st.integers(1, 256), exclusive=st.booleans())
    def place(self, stream_id: int, on: int, weight: int, exclusive: bool) -> None:
        if stream_id == on:
            return
        if stream_id in self.tree:
            self.tree.reprioritize(stream_id, on, weight, exclusive)
        else:
            self.tree.insert(stream_id, on, weight, exclusive)
        self.naive.place(stream_id, on, weight, exclusive)

    @precondition(lambda self: self.naive.parents)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        stream_id = data.draw(st.sampled_from(sorted(self.naive.parents)))
        self.tree.remove(stream_id)
        self.naive.remove(stream_id)

    @precondition(lambda self: self.naive.parents)
    @rule(data=st.data(), can_send=st.booleans())
    def block_or_unblock(self, data: st.DataObject, can_send: bool) -> None:
        stream_id = data.draw(st.sampled_from(sorted(self.naive.parents)))
        if can_send:
            self.tree.unblock(stream_id)
            self.naive.blocked.discard(stream_id)
        else:
            self.tree.block(stream_id)
            self.naive.blocked.add(stream_id)

    @rule(turns=st.integers(1, 50))
    def serve(self, turns: int) -> None:
        allowed = set(self.naive.shares())
        for _ in range(turns):
            stream_id = self.tree.take()
            assert stream_id in allowed if allowed else stream_id is None

    @invariant()
    def the_shape_is_the_same(self) -> None:
        assert len(self.tree) == len(self.naive.parents)
        assert self.tree.children(0) == self.naive.children(0)
        for stream_id, parent in self.naive.parents.items():
            assert self.tree.parent(stream_id) == parent
            assert self.tree.children(stream_id) == self.naive.children(stream_id)
            assert self.tree.is_blocked(stream_id) == (stream_id in self.naive.blocked)
            assert abs(self.tree.weight(stream_id) - self.naive.weights[stream_id]) <= 1

    def teardown(self) -> None:
        """Over a long run everybody gets his share, whatever was before."""
        shares = self.naive.shares()
        small = min(shares.values(), default=Fraction(1))
        if small < Fraction(1, 500):
            return
        turns = 3_000
        order_of(self.tree, 500)  # debts of former times are paid
        counts = Counter(order_of(self.tree, turns))
        for stream_id, share in shares.items():
            assert abs(counts[stream_id] / turns - share) <= 0.02, f"{stream_id}: {share}"


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=40, stateful_step_count=30)


# -- what it costs


def flat(count: int) -> Tree:
    tree = Tree(max_streams=10_000)
    for stream_id in range(1, 2 * count, 2):
        tree.insert(stream_id, weight=stream_id * 7 % 256 + 1)
    return tree


def test_a_step_costs_the_same_however_many_streams_share() -> None:
    counts: list[int] = []
    for count in (250, 1_000):
        tree = flat(count)

        def work(tree: Tree = tree, new: int = 2 * count + 1) -> None:
            for number in range(200):
                tree.insert(new, 0, 100)
                tree.take()
                tree.sent(tree.next() or new, 1_000)
                tree.block(new)
                tree.unblock(new)
                tree.reprioritize(1 + 2 * (number % 100), 0, number + 1)
                tree.remove(new)

        work()
        counts.append(lines_run(work))
    assert counts[1] <= counts[0] * 1.2, "heaps, and what is left in them is cleared up in time"


def test_an_exclusive_move_costs_the_same_however_many_it_moves() -> None:
    counts: list[int] = []
    for count in (250, 1_000):
        tree = flat(count)
        mover, other = 2 * count + 1, 2 * count + 3
        tree.insert(mover)
        tree.insert(other)

        def work(tree: Tree = tree, pair: Sequence[int] = (mover, other)) -> None:
            for number in range(100):
                # CVE-2019-9513: each of these frames of 14 bytes moves all streams there are.
                tree.reprioritize(pair[number % 2], 0, exclusive=True)

        work()
        counts.append(lines_run(work))
    assert counts[1] <= counts[0] * 1.1


def test_a_removal_costs_what_it_moves() -> None:
    counts: list[int] = []
    for count in (100, 400):
        tree = tree_of((1, 0), *[(each, 1) for each in range(3, 2 * count, 2)])
        counts.append(lines_run(partial(tree.remove, 1)))
        assert len(tree.children(0)) == count - 1
    assert counts[1] <= 4.5 * counts[0]


def test_a_walk_costs_what_it_passes() -> None:
    counts: list[int] = []
    for count in (100, 400):
        tree = tree_of((1, 0), *[(each, each - 2) for each in range(3, 2 * count, 2)])
        counts.append(lines_run(partial(tree.reprioritize, 1, 2 * count - 1)))
        assert tree.parent(1) == 2 * count - 1
    assert counts[1] <= 4.5 * counts[0]
