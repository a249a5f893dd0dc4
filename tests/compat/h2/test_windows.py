"""A window opens itself again at the same bytes as that of h2."""

import h2.exceptions
import h2.windows
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.h2 import exceptions, windows

LARGEST = 2**31 - 1

sizes = st.one_of(
    st.integers(0, 40),
    st.integers(1000, 1050),
    st.integers(0, 70_000),
    st.sampled_from([LARGEST, LARGEST - 1, LARGEST // 2]),
)
calls = st.lists(
    st.tuples(st.sampled_from(["window_consumed", "window_opened", "process_bytes"]), sizes)
)


def run(window: object, name: str, size: int) -> tuple[object, ...]:
    try:
        result: object = getattr(window, name)(size)
    except (exceptions.FlowControlError, h2.exceptions.FlowControlError) as error:
        result = str(error)
    return (
        result,
        getattr(window, "current_window_size"),
        getattr(window, "max_window_size"),
    )


@given(largest=sizes, calls=calls)
def test_any_calls_have_the_results_that_h2_gives(
    largest: int, calls: list[tuple[str, int]]
) -> None:
    ours, theirs = windows.WindowManager(largest), h2.windows.WindowManager(largest)
    for name, size in calls:
        assert run(ours, name, size) == run(theirs, name, size), (name, size)


@pytest.mark.parametrize("largest", [*range(12), 100, 4095, 4096, 4097, 65535])
@pytest.mark.parametrize("left", [0, 1])
def test_the_first_increment_comes_with_the_same_byte(largest: int, left: int) -> None:
    for size in range(min(largest, 5000) + 2):
        results = []
        for module in (windows, h2.windows):
            window = module.WindowManager(largest)
            window.current_window_size = min(left, largest)
            results.append((window.process_bytes(size), window.current_window_size))
        assert results[0] == results[1], size


def test_a_window_over_the_limit_is_a_mistake_of_the_program() -> None:
    with pytest.raises(AssertionError, match="2\\^31-1"):
        windows.WindowManager(LARGEST + 1)
    with pytest.raises(AssertionError):
        h2.windows.WindowManager(LARGEST + 1)


def test_a_window_of_the_default_size_gives_back_half_at_a_time() -> None:
    window = windows.WindowManager(65535)
    window.window_consumed(40_000)
    assert window.process_bytes(32_766) == 0, "not yet half"
    assert window.process_bytes(1) == 32_767
    assert window.current_window_size == 65535 - 40_000 + 32_767
