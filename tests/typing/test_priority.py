"""What a type checker makes of hyper.priority.  mypy reads it with the tests; it also runs."""

from typing import TYPE_CHECKING, assert_type

from hyper.priority import (
    DEFAULT_PRIORITY,
    EarlySignals,
    Priority,
    Scheduler,
    Signal,
    StreamExists,
    TooManyStreams,
    Tree,
    Turn,
    Turns,
    UnknownStream,
    parse_priority,
    parse_signal,
)

if TYPE_CHECKING:
    from hyper.wire import Buffer, LocalProtocolError

    class Mine(Turn):
        """What stands in line may be one's own, though not outside of the compiled unit."""


def next_of(turns: "Turns[Mine]") -> None:
    """Of what stands in line, the line gives back the type."""
    assert_type(turns.next(), "Mine | None")
    assert_type(len(turns), int)


def test_a_priority_has_two_parts_and_is_read_from_any_buffer() -> None:
    kinds: list[Buffer] = [b"u=1", bytearray(b"u=1"), memoryview(b"u=1")]
    for kind in kinds:
        assert_type(parse_priority(kind), Priority)
        assert_type(parse_signal(kind), Signal)
    assert_type(DEFAULT_PRIORITY.urgency, int)
    assert_type(DEFAULT_PRIORITY.incremental, bool)
    assert_type(DEFAULT_PRIORITY.field_value, bytes)
    assert_type(Signal().urgency, int | None)
    assert_type(Signal().incremental, bool | None)
    assert_type(Signal(1).over(DEFAULT_PRIORITY), Priority)


def test_streams_are_known_by_their_ids() -> None:
    scheduler, tree = Scheduler(), Tree()
    scheduler.insert(1, Priority(1))
    tree.insert(1, 0, 16, exclusive=True)
    assert_type(scheduler.next(), int | None)
    assert_type(scheduler.priority(1), Priority)
    assert_type(1 in scheduler, bool)
    assert_type(tree.take(), int | None)
    assert_type(tree.next(), int | None)
    assert_type(tree.children(1), list[int])
    assert_type(tree.parent(1), int)
    assert_type(EarlySignals().take(1), Priority | None)


def test_errors_have_their_parts() -> None:
    errors: list[LocalProtocolError] = [StreamExists(1), UnknownStream(1), TooManyStreams(1, 2)]
    assert len(errors) == 3, "all are the caller's"
    assert_type(TooManyStreams(1, 2).limit, int)
