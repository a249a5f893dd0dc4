"""A bucket of tokens, fed with time from outside."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.wire import Budget


def test_a_burst_is_allowed_and_one_more_is_not() -> None:
    budget = Budget(burst=3.0, rate=1.0)
    assert [budget.spend(1.0, 0.0) for _ in range(4)] == [True, True, True, False]


def test_time_refills_at_the_rate_and_never_above_the_burst() -> None:
    budget = Budget(burst=3.0, rate=2.0)
    budget.spend(3.0, 10.0)
    assert budget.spend(2.0, 11.0), "two tokens came in one second"
    assert not budget.spend(0.5, 11.0), "and no more than two"
    budget.spend(0.0, 1_000.0)
    assert budget.balance == 3.0, "an hour of silence buys no more than one burst"


def test_good_conduct_refills_too() -> None:
    budget = Budget(burst=2.0, rate=0.0)
    budget.spend(2.0, 0.0)
    budget.refund(1.0)
    assert budget.spend(1.0, 0.0)
    budget.refund(100.0)
    assert budget.balance == 2.0, "never above the burst"


def test_a_clock_that_stands_or_runs_back_gives_nothing() -> None:
    budget = Budget(burst=1.0, rate=100.0)
    budget.spend(1.0, 50.0)
    assert not budget.spend(1.0, 50.0)
    assert not budget.spend(1.0, 40.0), "time that runs back is no time passed"
    assert budget.spend(0.0, 50.03), "and the next real second counts from the latest one seen"


def test_the_first_moment_is_no_time_passed() -> None:
    budget = Budget(burst=5.0, rate=1.0)
    budget.spend(5.0, 1e9)
    assert budget.balance == 0.0, "an epoch of any size is not an age of waiting"


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=50))
def test_no_more_is_ever_spent_than_burst_and_rate_allow(steps: list[tuple[float, float]]) -> None:
    budget = Budget(burst=10.0, rate=2.0)
    now = 0.0
    granted = 0.0
    for wait, cost in steps:
        now += wait
        if not budget.spend(cost, now):
            break
        granted += cost
    assert granted <= 10.0 + 2.0 * now + 1e-6
