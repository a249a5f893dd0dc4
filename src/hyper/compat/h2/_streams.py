"""One stream as h2 shows it: its state, its windows, how it ended.

Not here: what it says and hears, which is the connection's and the engine's.

Hot code: one is made for each request; bench/compat_h2.py measures it.
"""

from collections.abc import Sequence
from typing import Final

from hyper.compat.h2._stream_states import (
    STREAM_OPEN,
    H2StreamStateMachine,
    StreamClosedBy,
    StreamState,
)
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.windows import WindowManager
from hyper.wire import Field

# A name of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_CLOSED: Final = StreamState.CLOSED


class H2Stream:
    """A stream of an `H2Connection`, or one by itself; windows are in bytes.

    On a connection it is kept in step: to look at it is fine, to change it changes nothing else.
    """

    def __init__(
        self,
        stream_id: int,
        config: H2Configuration,
        inbound_window_size: int,
        outbound_window_size: int,
    ) -> None:
        self.state_machine = H2StreamStateMachine(stream_id)
        self.stream_id = stream_id
        self.config = config
        self.max_outbound_frame_size: int | None = None
        self.outbound_flow_control_window = outbound_window_size
        """What this end may still send; below zero where the peer made its windows smaller."""
        self._request: Sequence[Field] = ()
        self._inbound_window_size = inbound_window_size
        self.window: WindowManager | None = None
        """What the peer may send, once content has come."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} id:{self.stream_id} state:{self.state_machine.state!r}>"

    @property
    def inbound_flow_control_window(self) -> int:
        """What the peer may still send."""
        window = self.window
        return self._inbound_window_size if window is None else window.current_window_size

    @property
    def open(self) -> bool:
        """Whether it is open or half-closed: those count toward limits (RFC 9113 §5.1.2)."""
        return STREAM_OPEN[self.state_machine.state]

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.state_machine.state is _CLOSED

    @property
    def closed_by(self) -> StreamClosedBy | None:
        """Which frame ended it; `None` where nothing has."""
        return self.state_machine.stream_closed_by

    @property
    def request_method(self) -> bytes | None:
        """The method of a request that this end sent; `None` where it sent none."""
        if self.stream_id % 2 == 0:
            return None  # it was promised: h2 does not say
        return _value_of(b":method", self._request)

    @property
    def authority(self) -> bytes | None:
        """Whom the request is for, if this end knows."""
        return _value_of(b":authority", self._request)

    def note_request(self, fields: Sequence[Field]) -> None:
        """What opens it, or has promised it."""
        self._request = fields

    def window_manager(self) -> WindowManager:
        """What the peer may send on it, made where nothing has come yet."""
        window = self.window
        if window is None:
            window = self.window = WindowManager(self._inbound_window_size)
        return window

    def resize_window(self, delta: int) -> None:
        """The size that windows begin with has changed under this one (RFC 9113 §6.9.2)."""
        window = self.window
        if window is None:
            self._inbound_window_size += delta
        else:
            largest = window.max_window_size + delta
            window.window_opened(delta)
            window.max_window_size = largest

    @property
    def _inbound_window_manager(self) -> WindowManager:
        # What h2 calls it.
        return self.window_manager()


def _value_of(name: bytes, fields: Sequence[Field]) -> bytes | None:
    for field in fields:
        if field[0] == name:
            return field[1]
    return None
