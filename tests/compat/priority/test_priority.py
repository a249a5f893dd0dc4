"""The tree, beside that of priority."""

from collections import Counter
from importlib.metadata import version
from typing import Any

import priority.priority as peer
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hyper.compat.priority as ours
from hyper.compat.priority import DeadlockError, PriorityError, PriorityTree, TooManyStreamsError
from tests.support.naive_tree import NaiveTree

IDS = st.sampled_from([0, 1, 3, 5, 7, 9, 11])
PARENTS = st.one_of(st.none(), IDS)
# Powers of two: what one turn costs is a whole number, and the order the same for both.
WEIGHTS = st.sampled_from([1, 2, 16, 32, 256])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert_stream"), IDS, PARENTS, WEIGHTS, st.booleans()),
        st.tuples(st.just("reprioritize"), IDS, PARENTS, WEIGHTS, st.booleans()),
        st.tuples(st.sampled_from(["remove_stream", "block", "unblock"]), IDS),
        st.tuples(st.just("next")),
    ),
    max_size=25,
)


TURNS = 600
NEAR = 12
"""Turns by which one may be ahead of the other."""


def outcome(tree: Any, step: tuple[Any, ...]) -> str | int | None:
    name, *arguments = step
    try:
        result = getattr(tree, name)(*arguments)
    except Exception as error:
        return type(error).__name__
    return result if name != "next" else "a turn"


def able(tree: Any, streams: set[int]) -> dict[int, int]:
    """How often each has a turn of the next ones."""
    turns: Counter[int] = Counter()
    try:
        for _ in range(TURNS):
            next(tree)  # what was owed before a move is paid
        turns.update(next(tree) for _ in range(TURNS))
    except (DeadlockError, peer.DeadlockError):
        assert not turns, "where one can send, one can always"
    assert set(turns) <= streams
    return turns


def follow(naive: NaiveTree, step: tuple[Any, ...]) -> None:
    """The same step, which was taken, as the RFC has it."""
    name, *arguments = step
    if name in ("insert_stream", "reprioritize"):
        stream_id, depends_on, weight, exclusive = arguments
        if depends_on and depends_on not in naive.parents:
            naive.place(depends_on, 0, 16, False)
            naive.blocked.add(depends_on)
        naive.place(stream_id, depends_on or 0, weight, exclusive)
    elif name == "block":
        naive.blocked.add(arguments[0])
    elif name == "unblock":
        naive.blocked.discard(arguments[0])


@given(STEPS)
@settings(max_examples=100)
# The weights are 1 : 2, by which ours shares; the peer by halves.
@example(
    [
        ("insert_stream", 1, 3, 1, True),
        ("reprioritize", 3, 9, 32, False),
        ("reprioritize", 9, 3, 1, False),
        ("insert_stream", 7, 3, 2, False),
    ]
)
def test_calls_give_what_they_give_with_priority_and_turns_are_shared_alike(
    steps: list[tuple[Any, ...]],
) -> None:
    mine, theirs, naive = PriorityTree(), peer.PriorityTree(), NaiveTree()
    for step in steps:
        if step[0] == "remove_stream":
            continue  # the weights of what it leaves behind are other ones: see below
        came = outcome(mine, step)
        assert came == outcome(theirs, step), step
        assert {k: repr(v) for k, v in mine._streams.items()} == {
            k: repr(v) for k, v in theirs._streams.items()
        }, step
        if came is None:
            follow(naive, step)
    turns = able(mine, set(mine._streams))
    expected = able(theirs, set(theirs._streams))
    shares = naive.shares()
    assert set(turns) <= set(shares), "who waits for another has no turn"
    for stream_id in set(turns) | set(expected):
        due = float(TURNS * shares.get(stream_id, 0))
        if abs(turns[stream_id] - expected[stream_id]) > NEAR:
            # Where a stream was moved, the peer now and then shares out by other weights.
            off, off_theirs = abs(turns[stream_id] - due), abs(expected[stream_id] - due)
            assert off < off_theirs, "ours are the shares of RFC 7540 §5.3.2"


@given(STEPS)
def test_whatever_is_done_raises_what_priority_raises(steps: list[tuple[Any, ...]]) -> None:
    mine, theirs = PriorityTree(), peer.PriorityTree()
    for step in steps:
        assert outcome(mine, step) == outcome(theirs, step), step
        assert set(mine._streams) == set(theirs._streams)


@pytest.mark.parametrize("weight", [0, 257, 1.5, "16"])
@pytest.mark.parametrize("call", ["insert_stream", "reprioritize"])
@pytest.mark.parametrize("depends_on", [None, 5, 99])
def test_a_weight_that_is_none_changes_nothing(
    weight: Any, call: str, depends_on: int | None
) -> None:
    mine, theirs = PriorityTree(), peer.PriorityTree()
    for stream_id in (1, 5):
        mine.insert_stream(stream_id)
        theirs.insert_stream(stream_id)
    step = (call, 3 if call == "insert_stream" else 1, depends_on, weight)
    assert outcome(mine, step) == outcome(theirs, step) == "BadWeightError"
    assert set(mine._streams) == {0, 1, 5}, "priority keeps 99 by now"


def test_two_thirds_and_one_third_take_turns_as_with_priority() -> None:
    trees: list[Any] = [PriorityTree(), peer.PriorityTree()]
    for tree in trees:
        tree.insert_stream(1, weight=16)
        tree.insert_stream(3, weight=32)
        assert iter(tree) is tree
        assert [next(tree) for _ in range(6)] == [1, 3, 3, 1, 3, 3]


@pytest.mark.parametrize("most", [0, -1, "a", 1.5, None])
def test_a_limit_that_is_none_raises_what_priority_raises(most: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as mine:
        PriorityTree(most)
    with pytest.raises((TypeError, ValueError)) as theirs:
        peer.PriorityTree(most)
    assert (mine.type, str(mine.value)) == (theirs.type, str(theirs.value))


def test_the_root_counts_and_the_limit_is_never_exceeded() -> None:
    tree = PriorityTree(maximum_streams=3)
    tree.insert_stream(1)
    tree.insert_stream(3, depends_on=99)
    assert set(tree._streams) == {0, 1, 3}, "no room for 99, so 3 depends on nothing"
    with pytest.raises(TooManyStreamsError):
        tree.insert_stream(5)
    tree.reprioritize(3, depends_on=77)
    assert set(tree._streams) == {0, 1, 3}


def test_what_a_stream_leaves_behind_divides_its_weight() -> None:
    tree = PriorityTree()
    tree.insert_stream(1, weight=16)
    tree.insert_stream(3, weight=16)
    for stream_id in (5, 7):
        tree.insert_stream(stream_id, depends_on=1)
    tree.remove_stream(1)
    turns = able(tree, {3, 5, 7})
    assert (turns[3], turns[5], turns[7]) == (300, 150, 150), "RFC 7540 §5.3.4"


def test_a_chain_of_any_length_may_be_moved() -> None:
    tree = PriorityTree()
    for stream_id in range(1, 1000, 2):
        tree.insert_stream(stream_id, depends_on=max(0, stream_id - 2))
    tree.reprioritize(1, depends_on=999)
    assert next(tree) == 999, "RFC 7540 §5.3.3: what depended on it has moved up"


@pytest.mark.parametrize("stream_id", [-1, 2**31])
def test_an_id_that_no_stream_can_have_is_refused(stream_id: int) -> None:
    tree = PriorityTree()
    for refused in ((stream_id, None), (1, stream_id)):
        with pytest.raises(PriorityError, match="is not of 1 to"):
            tree.insert_stream(*refused)
    assert set(tree._streams) == {0}, "nothing has changed"


def test_the_module_has_the_names_of_priority() -> None:
    assert ours.__version__ == version("priority")
    for name in ours.__all__:
        assert getattr(ours.priority, name) is getattr(ours, name)
        assert hasattr(peer, name)
