"""The tree beside the `priority` package: the same streams have the same turns, and each difference
has its sentence.
"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from priority.priority import (
    BadWeightError,
    DeadlockError,
    DuplicateStreamError,
    MissingStreamError,
    PriorityLoop,
    PriorityTree,
    PseudoStreamError,
)
from priority.priority import TooManyStreamsError as TooMany

from hyper.priority import StreamExists, TooManyStreams, Tree, UnknownStream
from hyper.wire import LocalProtocolError


class Both:
    """A tree of ours and one of theirs, told the same."""

    def __init__(self) -> None:
        self.ours = Tree()
        self.theirs = PriorityTree()

    def insert(self, stream_id: int, on: int, weight: int, exclusive: bool = False) -> None:
        self.ours.insert(stream_id, on, weight, exclusive)
        # `exclusive` of theirs wants a parent that is named.
        self.theirs.insert_stream(stream_id, on or None, weight, exclusive and on != 0)

    def reprioritize(self, stream_id: int, on: int, weight: int) -> None:
        self.ours.reprioritize(stream_id, on, weight)
        self.theirs.reprioritize(stream_id, on or None, weight)

    def block(self, stream_id: int) -> None:
        self.ours.block(stream_id)
        self.theirs.block(stream_id)

    def unblock(self, stream_id: int) -> None:
        self.ours.unblock(stream_id)
        self.theirs.unblock(stream_id)

    def turns(self, count: int) -> tuple[list[int], list[int]]:
        ours: list[int] = []
        theirs: list[int] = []
        for _ in range(count):
            stream_id = self.ours.take()
            assert stream_id is not None
            ours.append(stream_id)
            theirs.append(next(self.theirs))
        return ours, theirs


STREAMS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 256), st.booleans()), min_size=1, max_size=8
)


def both_of(streams: list[tuple[int, int, bool]]) -> Both:
    """Each stream depends on one before it, or on the root."""
    both = Both()
    for number, (on, weight, exclusive) in enumerate(streams):
        parent = on % (number + 1)
        both.insert(
            2 * number + 1, 2 * parent - 1 if parent else 0, weight, exclusive and parent > 0
        )
    return both


@given(st.lists(st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128, 256]), min_size=1, max_size=8))
def test_weights_that_divide_evenly_give_the_very_same_turns(weights: list[int]) -> None:
    both = Both()
    for number, weight in enumerate(weights):
        both.insert(2 * number + 1, 0, weight)
    ours, theirs = both.turns(600)
    assert ours == theirs


@given(STREAMS, st.lists(st.integers(0, 7), max_size=6), st.data())
def test_the_same_streams_have_turns_in_the_same_proportion(
    streams: list[tuple[int, int, bool]], blocked: list[int], data: st.DataObject
) -> None:
    both = both_of(streams)
    ids = [2 * number + 1 for number in range(len(streams))]
    for number in blocked:
        if number < len(streams):
            both.block(2 * number + 1)
    if len(ids) > 1 and data.draw(st.booleans()):
        moved, on = data.draw(st.permutations(ids))[:2]
        both.reprioritize(
            moved, data.draw(st.sampled_from([0, on])), data.draw(st.integers(1, 256))
        )
    both.unblock(data.draw(st.sampled_from(ids)))
    turns = 3_000
    ours, theirs = map(Counter, both.turns(turns))
    assert set(ours) <= set(ids)
    for stream_id in ids:
        assert abs(ours[stream_id] - theirs[stream_id]) <= 0.01 * turns


def test_what_is_an_error_here_is_one_there() -> None:
    both = Both()
    both.insert(1, 0, 16)
    for theirs_raises, ours_raises, theirs_call, ours_call in (
        (DuplicateStreamError, StreamExists, "insert_stream", "insert"),
        (MissingStreamError, UnknownStream, "block", "block"),
        (MissingStreamError, UnknownStream, "unblock", "unblock"),
        (MissingStreamError, UnknownStream, "remove_stream", "remove"),
        (MissingStreamError, UnknownStream, "reprioritize", "reprioritize"),
    ):
        stream_id = 1 if theirs_raises is DuplicateStreamError else 3
        with pytest.raises(theirs_raises):
            getattr(both.theirs, theirs_call)(stream_id)
        with pytest.raises(ours_raises):
            getattr(both.ours, ours_call)(stream_id)
    for weight in (0, 257):
        with pytest.raises(BadWeightError):
            both.theirs.insert_stream(3, weight=weight)
        with pytest.raises(LocalProtocolError):
            both.ours.insert(3, weight=weight)
    with pytest.raises(PriorityLoop):
        both.theirs.reprioritize(1, 1)
    with pytest.raises(LocalProtocolError):
        both.ours.reprioritize(1, 1)
    with pytest.raises(PseudoStreamError):
        both.theirs.block(0)
    with pytest.raises(LocalProtocolError):
        both.ours.block(0)


# -- the differences


def test_a_removed_stream_leaves_its_weight_and_not_more() -> None:
    both = Both()
    for stream_id, on in ((1, 0), (3, 0), (5, 1), (7, 1)):
        both.insert(stream_id, on, 16)
    both.ours.remove(1)
    both.theirs.remove_stream(1)
    ours, theirs = map(Counter, both.turns(1_200))
    # RFC 7540 §5.3.4: the weights of new dependencies are recalculated by distributing the weight
    # of the dependency of the closed stream.
    assert [ours[each] for each in (3, 5, 7)] == [600, 300, 300]
    assert [theirs[each] for each in (3, 5, 7)] == [400, 400, 400], "three of 16 each"


def test_a_parent_that_is_not_there_is_none() -> None:
    both = Both()
    both.insert(1, 99, 200)
    both.insert(3, 0, 200)
    # RFC 7540 §5.3.1: results in that stream being given a default priority.
    assert both.ours.weight(1) == 16
    assert 99 not in both.ours, "nobody has inserted it"
    both.theirs.unblock(99)  # theirs was made in passing, blocked
    assert next(both.theirs) in (3, 99)


def test_that_nobody_can_send_is_no_error() -> None:
    both = Both()
    both.insert(1, 0, 16)
    both.block(1)
    assert both.ours.take() is None
    with pytest.raises(DeadlockError):
        next(both.theirs)


def test_the_limit_counts_streams_and_not_the_root() -> None:
    ours, theirs = Tree(2), PriorityTree(2)
    ours.insert(1)
    ours.insert(3)
    theirs.insert_stream(1)
    with pytest.raises(TooManyStreams):
        ours.insert(5)
    with pytest.raises(TooMany):
        theirs.insert_stream(3)


def test_a_chain_may_be_as_long_as_there_are_streams() -> None:
    both = Both()
    both.insert(1, 0, 16)
    for stream_id in range(3, 301, 2):
        both.insert(stream_id, stream_id - 2, 16)
    # RFC 7540 §5.3.3 has no limit; a browser that depends each request on the last one needs none.
    both.ours.reprioritize(1, 299)
    assert both.ours.parent(1) == 299
    with pytest.raises(PriorityLoop):
        both.theirs.reprioritize(1, 299)
