"""Ten thousand random schedules of two engines, back to back, under a virtual clock.

What is asserted of each is in `tests.support.simulation` and `tests.support.quiet`: content, heads
and ends arrive as they were said or the stream has an end of another kind, neither engine blames
the other, credit is conserved on both levels, tables stay equal, output is bounded, wrong calls
change nothing, and nothing is left over.
"""

import pytest

from tests.support import simulation
from tests.support.simulation import World

SCHEDULES = 10_000
BATCHES = 20


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_two_engines_agree_whatever_the_schedule(batch: int) -> None:
    size = SCHEDULES // BATCHES
    for seed in range(batch * size, batch * size + size):
        simulation.run(seed)


def test_the_same_seed_is_the_same_run() -> None:
    first: list[str] = []
    again: list[str] = []
    World(8, first).run()
    World(8, again).run()
    assert first == again
    assert len(first) > 30, "and something happens in it"


def test_what_does_not_hold_is_told_with_its_seed_and_the_command_that_repeats_it() -> None:
    class Broken(World):
        def settle(self) -> None:
            raise RuntimeError("on purpose")

    with pytest.raises(AssertionError) as failure:
        simulation.run(11, Broken)
    said = str(failure.value)
    assert said.startswith("seed 11: RuntimeError: on purpose"), "what, and in which run"
    assert "CLIENT     says " in said, "the story up to it"
    assert said.endswith("python -m tests.support.simulation 11"), "how to see it again"
