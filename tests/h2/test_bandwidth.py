"""What a round trip carries, by arithmetic."""

from hyper.h2.bandwidth import Bandwidth, Measured


def test_a_window_of_whose_room_two_thirds_were_used_doubles() -> None:
    window = Measured(1_000, 45_000)
    assert window.larger(90_000, 1_000 + 30_000, 10**9) == 180_000, "two thirds exactly"
    assert window.larger(90_000, 1_000 + 29_999, 10**9) == 90_000, "a byte less"


def test_nothing_grows_beyond_the_limit_nor_shrinks_to_it() -> None:
    window = Measured(0, 100_000)
    assert window.larger(70_000, 10**6, 100_000) == 100_000
    assert window.larger(100_000, 10**6, 100_000) == 100_000
    assert window.larger(200_000, 10**6, 100_000) == 200_000


def test_a_peer_that_waited_for_the_application_says_nothing_about_the_path() -> None:
    assert Measured(0, 24_999).larger(100_000, 25_000, 10**9) == 100_000
    assert Measured(0, 25_000).larger(100_000, 25_000, 10**9) == 200_000


def speeds(*measured: tuple[int, float | None]) -> list[bool]:
    """Whether each of some measurements, bytes in a time, was better than all before it."""
    bandwidth = Bandwidth(10**9)
    better: list[bool] = []
    for count, round_trip in measured:
        bandwidth.connection = Measured(5_000, 0)
        better.append(bandwidth.is_better(5_000 + count, round_trip))
    return better


def test_a_path_that_only_grows_slower_gets_no_larger_windows() -> None:
    # A queue on the path: twice the window takes twice the time.
    assert speeds((100_000, 0.1), (200_000, 0.2), (200_001, 0.2)) == [True, False, True]


def test_without_a_clock_nothing_is_concluded() -> None:
    assert speeds((100_000, None), (1, 1.0)) == [False, True]


def test_a_round_trip_that_takes_no_time_is_concluded_once() -> None:
    assert speeds((100_000, 0.0), (100_000, 0.0)) == [True, False], "as fast as can be, not faster"
