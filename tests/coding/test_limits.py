"""Limits are values that cannot be meant wrongly."""

from math import inf, nan

import pytest

from hyper.coding import DEFAULT_LIMITS, DecodeLimits
from hyper.wire import LocalProtocolError

LIFTED = {
    "total": lambda value: DecodeLimits(total=value),
    "ratio": lambda value: DecodeLimits(ratio=value),
    "ratio_after": lambda value: DecodeLimits(ratio_after=value),
}
COUNTED = {
    "codings": lambda value: DecodeLimits(codings=value),
    "members": lambda value: DecodeLimits(members=value),
}


def test_every_limit_has_a_default() -> None:
    assert DecodeLimits() == DEFAULT_LIMITS, "nothing has to be said"
    assert DEFAULT_LIMITS.total < inf, "and nothing is without limit"


def test_a_limit_may_be_lifted() -> None:
    assert DecodeLimits(total=inf, ratio=inf).total == inf, "by somebody who says so"


@pytest.mark.parametrize("step", [-1, 0, 1023])
def test_a_step_has_room_for_something(step: int) -> None:
    with pytest.raises(
        LocalProtocolError, match=f"expected a step of 1024 bytes or more, got {step}"
    ):
        DecodeLimits(step=step)


@pytest.mark.parametrize("name", LIFTED)
@pytest.mark.parametrize("value", [-1.0, -inf, nan])
def test_a_limit_is_a_number_of_something(name: str, value: float) -> None:
    with pytest.raises(LocalProtocolError, match=f"expected a {name} of 0 or more"):
        LIFTED[name](value)


@pytest.mark.parametrize("name", COUNTED)
def test_a_count_is_not_negative(name: str) -> None:
    with pytest.raises(LocalProtocolError, match=f"expected a {name} of 0 or more"):
        COUNTED[name](-1)
