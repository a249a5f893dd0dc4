"""Any bytes as a priority, and any calls of the scheduler and of the tree in any order.

The first byte says which: 0 is a field value, 1 the scheduler, 2 the tree (modulo 3).  Then come
the calls: a byte for what, one for the stream, one for the rest.
"""

from fuzz.harness import run
from hyper.priority import (
    DEFAULT_PRIORITY,
    Priority,
    Scheduler,
    Tree,
    parse_priority,
    parse_signal,
)
from hyper.wire import LocalProtocolError

STREAMS = 12


def field_value(text: bytes) -> None:
    """It is read, or it says nothing."""
    priority = parse_priority(text)
    assert priority == parse_priority(memoryview(text)), "the kind of buffer makes no difference"
    assert priority == parse_signal(text).over(DEFAULT_PRIORITY), "two ways to read it"
    assert parse_priority(priority.field_value) == priority, "not written as it is read"
    assert parse_priority(text + b",") == DEFAULT_PRIORITY, "what ends in a comma is no dictionary"


def schedule(calls: bytes) -> None:
    """Who has the turn can send, and of those who can somebody has it."""
    scheduler = Scheduler(max_streams=STREAMS)
    ready: set[int] = set()
    for at in range(0, len(calls) - 2, 3):
        what, stream_id, rest = calls[at] % 7, calls[at + 1] % 16, calls[at + 2]
        priority = Priority(rest & 7, bool(rest & 8))
        before = (len(scheduler), scheduler.next())
        try:
            if what == 0:
                scheduler.insert(stream_id, priority)
                ready.add(stream_id)
            elif what == 1:
                scheduler.remove(stream_id)
                ready.discard(stream_id)
            elif what == 2:
                scheduler.block(stream_id)
                ready.discard(stream_id)
            elif what == 3:
                scheduler.unblock(stream_id)
                ready.add(stream_id)
            elif what == 4:
                scheduler.reprioritize(stream_id, priority)
            elif what == 5:
                scheduler.hold(stream_id, priority)
            else:
                scheduler.sent(stream_id, rest << (stream_id * 2))
        except LocalProtocolError:
            assert (len(scheduler), scheduler.next()) == before, "a wrong call changed something"
        turn = scheduler.next()
        assert turn in ready if ready else turn is None, "a turn of nobody's"
        assert len(scheduler) <= STREAMS, "more streams than the limit"
        if turn is not None:
            scheduler.sent(turn, 100 * rest)


def depend(calls: bytes) -> None:
    """Who has the turn can send, and nobody that it depends on can."""
    tree = Tree(max_streams=STREAMS)
    for at in range(0, len(calls) - 2, 3):
        what, stream_id, rest = calls[at] % 6, calls[at + 1] % 16, calls[at + 2]
        before = (len(tree), tree.next())
        try:
            if what == 0:
                tree.insert(stream_id, rest % 16, rest, bool(calls[at] & 128))
            elif what == 1:
                tree.remove(stream_id)
            elif what == 2:
                tree.block(stream_id)
            elif what == 3:
                tree.unblock(stream_id)
            elif what == 4:
                tree.reprioritize(stream_id, rest % 16, rest, bool(calls[at] & 128))
            else:
                tree.sent(stream_id, rest << (stream_id * 2))
        except LocalProtocolError:
            assert (len(tree), tree.next()) == before, "a wrong call changed something"
        turn = tree.next()
        assert tree.take() == turn, "what is taken is what was seen"
        if turn is not None:
            above(tree, turn)


def above(tree: Tree, stream_id: int) -> None:
    """Walk up to the root: there is one, and nobody on the way can send."""
    assert not tree.is_blocked(stream_id), "it cannot send"
    steps = 0
    while (stream_id := tree.parent(stream_id)) != 0:
        assert tree.is_blocked(stream_id), "RFC 7540 §5.3.1: its parent comes first"
        steps += 1
        assert steps < STREAMS, "a cycle"


def one_input(data: bytes) -> None:
    """One text, or one sequence of calls."""
    if data:
        (field_value, schedule, depend)[data[0] % 3](data[1:])


if __name__ == "__main__":
    run(one_input)
