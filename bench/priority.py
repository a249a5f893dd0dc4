"""Priorities beside the `priority` package: what one step costs with so many streams.

    python -m bench.priority [--quick] [--write]

`priority` has the tree of RFC 7540 only, so that is what both the tree and the scheduler of ours
are held against: somebody who shares a connection among streams uses one or the other.  The rows
of a stream that stands in line alone, which is the usual case by far, have the least that could
keep a line beside them: an OrderedDict.
"""

from collections import OrderedDict
from collections.abc import Callable

from priority.priority import PriorityTree

from bench.harness import OURS, Row, build, measure, options, report
from hyper.priority import Priority, Scheduler, Tree, Turn, Turns, parse_priority

INCREMENTAL = Priority(3, True)
FRAME = 16_384
STEPS = 100


def ids(count: int) -> list[int]:
    """Of a client's streams."""
    return list(range(1, 2 * count, 2))


def weight(stream_id: int) -> int:
    """Some weight of RFC 7540."""
    return stream_id * 7 % 256 + 1


def tree(count: int) -> Tree:
    """Ours, with so many streams."""
    made = Tree(count + 1)
    for stream_id in ids(count):
        made.insert(stream_id, 0, weight(stream_id))
    return made


def their_tree(count: int) -> PriorityTree:
    """Theirs, with so many streams; the limit counts the root."""
    made = PriorityTree(count + 2)
    for stream_id in ids(count):
        made.insert_stream(stream_id, weight=weight(stream_id))
    return made


def scheduler(count: int, priority: Priority) -> Scheduler:
    """Ours by RFC 9218, with so many streams of one priority."""
    made = Scheduler(count + 1)
    for stream_id in ids(count):
        made.insert(stream_id, priority)
    return made


def turns_of_scheduler(made: Scheduler) -> Callable[[], object]:
    """`STEPS` turns, a frame each."""

    def work() -> None:
        for _ in range(STEPS):
            stream_id = made.next()
            assert stream_id is not None
            made.sent(stream_id, FRAME)

    return work


def turns_of_tree(made: Tree) -> Callable[[], object]:
    """`STEPS` turns."""

    def work() -> None:
        for _ in range(STEPS):
            made.take()

    return work


def turns_of_their_tree(made: PriorityTree) -> Callable[[], object]:
    """`STEPS` turns."""

    def work() -> None:
        for _ in range(STEPS):
            next(made)

    return work


def inserting(count: int) -> dict[str, Callable[[], object]]:
    """All streams into an empty one."""
    return {
        OURS: lambda: tree(count),
        "hyper's scheduler": lambda: scheduler(count, INCREMENTAL),
        "priority": lambda: their_tree(count),
    }


def reprioritizing(count: int) -> dict[str, Callable[[], object]]:
    """One stream after another gets another weight, or another urgency."""
    ours, theirs, scheduled = tree(count), their_tree(count), scheduler(count, INCREMENTAL)
    order = ids(count)
    turn = 0

    def another() -> int:
        nonlocal turn
        turn += 1
        return order[turn % count]

    def our_tree() -> None:
        for _ in range(STEPS):
            ours.reprioritize(another(), 0, turn % 256 + 1)

    def our_scheduler() -> None:
        for _ in range(STEPS):
            scheduled.reprioritize(another(), Priority(turn % 8))

    def their_tree_() -> None:
        for _ in range(STEPS):
            theirs.reprioritize(another(), weight=turn % 256 + 1)

    return {OURS: our_tree, "hyper's scheduler": our_scheduler, "priority": their_tree_}


def lives(count: int) -> dict[str, Callable[[], object]]:
    """A stream comes, has ten turns among the others, is blocked, unblocked, and goes."""
    ours, theirs, scheduled = tree(count), their_tree(count), scheduler(count, INCREMENTAL)
    new = 2 * count + 1

    def our_tree() -> None:
        ours.insert(new, 0, 256)
        for _ in range(10):
            ours.take()
        ours.block(new)
        ours.unblock(new)
        ours.remove(new)

    def our_scheduler() -> None:
        scheduled.insert(new, INCREMENTAL)
        for _ in range(10):
            stream_id = scheduled.next()
            assert stream_id is not None
            scheduled.sent(stream_id, FRAME)
        scheduled.block(new)
        scheduled.unblock(new)
        scheduled.remove(new)

    def their_tree_() -> None:
        theirs.insert_stream(new, weight=256)
        for _ in range(10):
            next(theirs)
        theirs.block(new)
        theirs.unblock(new)
        theirs.remove_stream(new)

    return {OURS: our_tree, "hyper's scheduler": our_scheduler, "priority": their_tree_}


def alone() -> dict[str, Callable[[], object]]:
    """A stream joins a line that is empty, has its turn, and leaves."""
    turns: Turns[Turn] = Turns()
    turn = Turn(1)
    line: OrderedDict[int, Turn] = OrderedDict()
    theirs = PriorityTree()
    theirs.insert_stream(1)
    theirs.block(1)

    def ours() -> None:
        turns.join(turn)
        first = turns.next()
        assert first is turn
        turns.sent(first, FRAME, False)

    def ordered() -> None:
        line[turn.stream_id] = turn
        first = line.popitem(last=False)[1]
        assert first is turn
        line.pop(turn.stream_id, None)

    def their_tree_() -> None:
        theirs.unblock(1)
        assert next(theirs) == 1
        theirs.block(1)

    return {OURS: ours, "OrderedDict": ordered, "priority": their_tree_}


def crowd(count: int) -> dict[str, Callable[[], object]]:
    """As many join, each sends one frame, all that it has, and they leave."""
    turns: Turns[Turn] = Turns()
    streams = [Turn(stream_id) for stream_id in ids(count)]
    line: OrderedDict[int, Turn] = OrderedDict()

    def ours() -> None:
        for turn in streams:
            turns.join(turn)
        while (first := turns.next()) is not None:
            turns.sent(first, FRAME, False)

    def ordered() -> None:
        for turn in streams:
            line[turn.stream_id] = turn
        while line:
            first = line.popitem(last=False)[1]
            line.pop(first.stream_id, None)

    return {OURS: ours, "OrderedDict": ordered}


def parsing() -> dict[str, Callable[[], object]]:
    """A field value as everybody writes it."""
    return {OURS: lambda: parse_priority(b"u=1, i")}


def parsing_all() -> dict[str, Callable[[], object]]:
    """A field value that has to be read."""
    return {OURS: lambda: parse_priority(b'u=2, i=?1, x="a";q=1.5, y=(a b c)')}


def main() -> None:
    """Measure and print."""
    asked = options()
    compiled = build() == "compiled"
    rows = [
        Row("one stream: join, turn, leave", measure(alone(), asked.rounds)),
        Row("32 streams of one frame each", measure(crowd(32), asked.rounds, per=32)),
        Row("parse `u=1, i`", measure(parsing(), asked.rounds)),
        Row("parse a value with unknown parameters", measure(parsing_all(), asked.rounds)),
    ]
    for count in (10, 100, 1_000) if asked.rounds < 10 else (10, 100, 1_000, 10_000):
        named = f"{count:,} streams"
        rows += [
            Row(f"insert, {named}", measure(inserting(count), asked.rounds, per=count)),
            Row(
                f"reprioritise, {named}",
                measure(reprioritizing(count), asked.rounds, per=STEPS),
                5.0,
            ),
            Row(
                f"turn, {named}",
                measure(
                    {
                        OURS: turns_of_tree(tree(count)),
                        "hyper's scheduler": turns_of_scheduler(scheduler(count, INCREMENTAL)),
                        "scheduler, in order": turns_of_scheduler(scheduler(count, Priority())),
                        "priority": turns_of_their_tree(their_tree(count)),
                    },
                    asked.rounds,
                    per=STEPS,
                ),
                3.0 if compiled else 2.0,
            ),
            Row(
                f"a life with ten turns, {named}",
                measure(lives(count), asked.rounds),
                5.0 if count > 10 else 2.0,
            ),
        ]
    report("Priorities", rows, ["priority"], write=asked.write)


if __name__ == "__main__":
    main()
