"""`hyper.compat.h2.stream` has the names that software imports from h2.stream."""

import pytest

from hyper.compat.h2 import _stream_states, stream


@pytest.mark.parametrize(
    "name",
    ["STREAM_OPEN", "H2StreamStateMachine", "StreamClosedBy", "StreamInputs", "StreamState"],
)
def test_the_states_are_here_under_the_names_of_h2(name: str) -> None:
    assert getattr(stream, name) is getattr(_stream_states, name), "one class, compared with `is`"
