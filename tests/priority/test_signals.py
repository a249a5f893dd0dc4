"""Priority signals: read, written and laid over each other (RFC 9218 §4, §8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.priority import DEFAULT_PRIORITY, Priority, Signal, parse_priority, parse_signal
from hyper.wire import LocalProtocolError

PRIORITIES = st.builds(Priority, st.integers(0, 7), st.booleans())
SIGNALS = st.builds(Signal, st.none() | st.integers(0, 7), st.none() | st.booleans())


def test_a_request_that_says_nothing_is_of_urgency_3_and_not_incremental() -> None:
    assert Priority() == DEFAULT_PRIORITY == parse_priority(b"") == Priority(3, False)


@pytest.mark.parametrize("urgency", [-1, 8, 2**70])
def test_another_urgency_is_a_wrong_call(urgency: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"expected an urgency of 0 to 7, got {urgency}"):
        Priority(urgency)


@given(PRIORITIES)
def test_a_priority_is_a_value_that_survives_being_written(priority: Priority) -> None:
    assert parse_priority(priority.field_value) == priority
    twin = Priority(priority.urgency, priority.incremental)
    assert twin == priority
    assert hash(twin) == hash(priority), "it can be a key"


@pytest.mark.parametrize(
    ("priority", "text"),
    [
        (Priority(), b""),
        (Priority(0), b"u=0"),
        (Priority(3, True), b"i"),
        (Priority(5, True), b"u=5, i"),
    ],
)
def test_what_is_the_default_need_not_be_said(priority: Priority, text: bytes) -> None:
    assert priority.field_value == text, "RFC 9218 §4.1, §4.2"


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        (b"u=0", Priority(0)),
        (b"u=5, i", Priority(5, True)),
        (b"i,u=7", Priority(7, True)),
        (b"i=?1", Priority(3, True)),
        (b"i, i=?0", Priority()),
        (b"u=1, u=2", Priority(2)),
        (b"u=2;x=1, i;y", Priority(2, True)),
        (b'u=4, visible, x=("a" 1.5)', Priority(4)),
        (bytearray(b"u=6"), Priority(6)),
        (memoryview(b"u=6, i")[:3], Priority(6)),
    ],
)
def test_a_priority_is_read(text: bytes, priority: Priority) -> None:
    assert parse_priority(text) == priority


@pytest.mark.parametrize(
    "text",
    [b"u=8, i", b"u=-1, i", b"u=2.0, i", b'u="1", i', b"u, i", b"u=?1, i", b"u=(1), i", b"U=1"],
)
def test_a_parameter_that_is_wrong_is_ignored_by_itself(text: bytes) -> None:
    # 9218-4-1: out-of-range values, or values of unexpected types, MUST be ignored.
    expected = Priority() if text == b"U=1" else Priority(3, True)
    assert parse_priority(text) == expected


@pytest.mark.parametrize("text", [b"i=1, u=2", b"i=a, u=2", b"i=(), u=2", b'i="", u=2'])
def test_an_incremental_of_another_type_is_ignored_by_itself(text: bytes) -> None:
    assert parse_priority(text) == Priority(2), "9218-4-1: a value of an unexpected type"


@pytest.mark.parametrize("text", [b"u=1,", b"u=1 i", b"u=1\x00", b"u=1, x=" + b"y" * 300])
def test_a_value_that_cannot_be_read_says_nothing(text: bytes) -> None:
    assert parse_signal(text) == Signal()
    assert parse_priority(text) == DEFAULT_PRIORITY, "and is no fault of anybody's"


def test_an_answer_changes_what_it_names_and_nothing_else() -> None:
    client = parse_priority(b"u=5, i")
    # The example of RFC 9218 §8.
    assert parse_signal(b"u=1").over(client) == Priority(1, True)
    assert parse_signal(b"i=?0").over(client) == Priority(5, False)
    assert parse_signal(b"").over(client) == client
    assert parse_signal(b"no,").over(client) == client


@given(SIGNALS, PRIORITIES)
def test_a_signal_over_a_priority_has_an_opinion_or_leaves_it(
    signal: Signal, base: Priority
) -> None:
    merged = signal.over(base)
    assert merged.urgency == (base.urgency if signal.urgency is None else signal.urgency)
    assert merged.incremental == (
        base.incremental if signal.incremental is None else signal.incremental
    )
    assert signal.over(merged) == merged, "to say it twice is to say it once"


@given(st.integers(0, 7), st.booleans(), st.sampled_from([b",", b", ", b" , ", b";x=1, "]))
def test_the_ways_that_are_known_by_heart_read_as_the_others_do(
    urgency: int, incremental: bool, joint: bytes
) -> None:
    flag = b"i" if incremental else b"i=?0"
    text = b"u=%d" % urgency + joint + flag
    assert parse_signal(text) == Signal(urgency, incremental)
    assert parse_signal(b" " + text) == Signal(urgency, incremental), "never known by heart"


@given(st.binary(max_size=400))
def test_any_bytes_make_a_priority(text: bytes) -> None:
    priority = parse_priority(text)
    assert 0 <= priority.urgency <= 7
    assert parse_signal(text).over(DEFAULT_PRIORITY) == priority
