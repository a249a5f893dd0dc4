"""The names of h2.stream, which have homes of their own here.

The states and their machine are in `hyper.compat.h2._stream_states`.
"""

from hyper.compat.h2._stream_states import (
    STREAM_OPEN,
    H2StreamStateMachine,
    StreamClosedBy,
    StreamInputs,
    StreamState,
)

__all__ = [
    "STREAM_OPEN",
    "H2StreamStateMachine",
    "StreamClosedBy",
    "StreamInputs",
    "StreamState",
]
