"""One receive window, counted by hand."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.h2.flow import ReceiveWindow


def test_a_window_starts_with_all_of_its_size() -> None:
    window = ReceiveWindow(100)
    assert (window.available, window.held, window.owed) == (100, 0, 0)


def test_what_is_taken_is_held_until_it_is_given_back() -> None:
    window = ReceiveWindow(100)
    assert window.take(50)
    assert (window.available, window.held, window.owed) == (50, 50, 0)
    assert window.give_back(49) == 0, "below half the window nothing is announced"
    assert (window.available, window.held, window.owed) == (50, 1, 49)
    assert window.give_back(1) == 50, "at half of it, all that is owed"
    assert (window.available, window.held, window.owed) == (100, 0, 0)


def test_what_nobody_reads_does_not_starve_the_one_who_reads() -> None:
    window = ReceiveWindow(100_000)
    assert window.take(60_000), "of streams that nobody reads"
    assert window.take(30_000), "of the stream that somebody does"
    assert window.give_back(9_999) == 0, "the peer has 10,000 left"
    assert window.give_back(1) == 10_000, "as much is owed as the peer has left: it is told"


def test_small_change_is_kept_back_while_the_peer_has_room_and_not_a_byte_longer() -> None:
    window = ReceiveWindow(100_000)
    assert window.take(99_990)
    assert window.give_back(1_000) == 0, "ten bytes are room, and a frame costs more than it gives"
    assert window.take(10)
    assert window.give_back(1) == 1_001, "without any room the peer would wait for ever"


def test_more_than_is_available_is_not_taken_and_changes_nothing() -> None:
    window = ReceiveWindow(100)
    assert not window.take(101)
    assert (window.available, window.held, window.owed) == (100, 0, 0)
    assert window.take(100), "all of it is allowed"
    assert not window.take(1)


def test_nothing_at_all_always_fits() -> None:
    window = ReceiveWindow(0)
    assert window.take(0), "RFC 9113 §6.9.1: a frame of length zero needs no window"
    window.resize(-1)
    assert window.take(0), "not even when there is less than none"


def test_a_window_that_shrinks_can_fall_below_zero() -> None:
    window = ReceiveWindow(100)
    window.take(80)
    assert window.resize(-50) == 0, "nothing was consumed"
    assert window.available == -30, "RFC 9113 §6.9.2: the peer's view is the same"
    assert not window.take(1)
    assert window.give_back(80) == 80, "the half of the new size was reached long ago"
    assert window.available == 50, "everything is consumed: the whole of the new size"


def test_a_window_of_no_size_announces_every_byte() -> None:
    window = ReceiveWindow(10)
    window.take(10)
    assert window.resize(-10) == 0
    assert window.give_back(10) == 10, "with a size of zero, waiting for half would be for ever"


def test_a_window_that_shrinks_announces_what_it_owed_all_along() -> None:
    window = ReceiveWindow(100)
    window.take(40)
    assert window.give_back(40) == 0, "less than half of a hundred"
    assert window.resize(-60) == 40, "all of forty: kept back, the peer would have no room for ever"
    assert window.available == 40


@given(
    st.integers(1, 1_000),
    st.lists(
        st.tuples(st.sampled_from(["take", "give back", "resize"]), st.integers(-300, 300)),
        max_size=60,
    ),
)
def test_available_held_and_owed_always_add_up_to_the_size(
    size: int, steps: list[tuple[str, int]]
) -> None:
    window = ReceiveWindow(size)
    announced = size  # what the peer knows of: the first size and every increment
    taken = 0
    for step, amount in steps:
        count = abs(amount)
        if step == "take":
            allowed = count == 0 or count <= announced - taken
            assert window.take(count) == allowed, "both ends count alike"
            taken += count if allowed else 0
        elif step == "give back":
            announced += window.give_back(min(count, window.held))
        elif window.size + amount >= 0:
            announced += amount + window.resize(amount)
        assert window.available == announced - taken
        assert window.available + window.held + window.owed == window.size
        assert window.held >= 0
        assert window.owed * 2 < window.size or window.owed == 0, (
            "what is owed and not announced is less than half the window"
        )
        assert window.held or window.available * 2 > window.size or window.size < 1, (
            "with everything consumed, the peer can send: it never waits for us for ever"
        )
