"""A stream by itself, beside that of priority."""

from typing import Any

import priority.priority as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.priority import BadWeightError, DeadlockError, Stream

WEIGHTS = st.one_of(st.sampled_from([1, 16, 32, 255, 256]), st.integers(1, 256))
# For each stream: which of those before it it depends on, exclusively or not, its weight, and
# whether it can send.
FAMILIES = st.lists(
    st.tuples(st.integers(0, 20), st.booleans(), WEIGHTS, st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


def grown(kind: Any, family: list[tuple[int, bool, int, int]]) -> list[Any]:
    streams = [kind(0, 1)]
    streams[0].active = False
    for number, (parent, exclusive, weight, chance) in enumerate(family, 1):
        stream = kind(number, weight)
        stream.active = chance > 0
        owner = streams[parent % len(streams)]
        (owner.add_child_exclusive if exclusive else owner.add_child)(stream)
        streams.append(stream)
    return streams


def shape(stream: Any) -> object:
    queue = sorted((time, child.stream_id) for time, child in stream.child_queue)
    return repr(stream), [shape(child) for child in stream.children], queue, stream.last_weight


@given(FAMILIES, st.integers(0, 20))
def test_turns_come_in_the_order_in_which_priority_gives_them(
    family: list[tuple[int, bool, int, int]], gone: int
) -> None:
    ours, theirs = grown(Stream, family), grown(peer.Stream, family)
    assert shape(ours[0]) == shape(theirs[0])
    if any(chance for _, _, _, chance in family):
        for _ in range(30):
            assert ours[0].schedule() == theirs[0].schedule()
    else:
        with pytest.raises(DeadlockError):
            ours[0].schedule()
    number = 1 + gone % len(family)
    for streams in (ours, theirs):
        streams[number].parent.remove_child(streams[number])
    assert [repr(each) for each in ours[0].children] == [repr(each) for each in theirs[0].children]


@pytest.mark.parametrize("weight", [0, 257, -1, 1.5, "16", None])
def test_a_weight_that_is_none_is_refused(weight: Any) -> None:
    with pytest.raises(BadWeightError) as ours:
        Stream(1, weight)
    with pytest.raises(peer.BadWeightError) as theirs:
        peer.Stream(1, weight)
    assert str(ours.value) == str(theirs.value)
    stream = Stream(1)
    with pytest.raises(BadWeightError):
        stream.weight = weight
    assert stream.weight == 16, "nothing has changed"


def test_streams_are_compared_by_their_ids() -> None:
    one, other, third = Stream(1), Stream(1, 5), Stream(3)
    assert one == other
    assert one != third
    assert one != 1
    assert one < third
    assert one <= other
    assert third > one
    assert third >= one
    for compared in ("__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(one, compared)(3) is NotImplemented
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_children_may_be_left_with_a_stream_that_is_taken_out() -> None:
    for kind in (Stream, peer.Stream):
        streams: list[Any] = [kind(number) for number in range(3)]
        streams[0].add_child(streams[1])
        streams[1].add_child(streams[2])
        streams[0].remove_child(streams[1], strip_children=False)
        assert (streams[0].children, streams[1].children) == ([], [streams[2]])
