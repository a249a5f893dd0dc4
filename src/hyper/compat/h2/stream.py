"""The names of h2.stream, which have homes of their own here.

The states and their machine are in `hyper.compat.h2._stream_states`, streams in `_streams`.
"""

from hyper.compat.h2._stream_states import (
    STREAM_OPEN,
    H2StreamStateMachine,
    StreamClosedBy,
    StreamInputs,
    StreamState,
)
from hyper.compat.h2._streams import H2Stream

__all__ = [
    "STREAM_OPEN",
    "H2Stream",
    "H2StreamStateMachine",
    "StreamClosedBy",
    "StreamInputs",
    "StreamState",
]
