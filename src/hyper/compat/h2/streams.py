"""One stream as h2 shows it: its state, its windows, how it ended.

Not here: what it says and hears, which is the connection's and the engine's.

Hot code: one is made for each request; bench/compat_h2.py measures it.
"""

from typing import Final

from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.stream_states import (
    STREAM_OPEN,
    H2StreamStateMachine,
    StreamClosedBy,
    StreamState,
)
from hyper.compat.h2.windows import WindowManager

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
        self.request_method: bytes | None = None
        """The method of a request that this end sent."""
        self.outbound_flow_control_window = outbound_window_size
        """What this end may still send; below zero where the peer made its windows smaller."""
        self._authority: bytes | None = None
        self._inbound_window_size = inbound_window_size
        self._inbound_window: WindowManager | None = None  # made when the first content comes

    def __repr__(self) -> str:
        return f"<{type(self).__name__} id:{self.stream_id} state:{self.state_machine.state!r}>"

    @property
    def inbound_flow_control_window(self) -> int:
        """What the peer may still send."""
        window = self._inbound_window
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

    def note_request(self, method: bytes, authority: bytes | None) -> None:
        """What is known of the request that this end sent on it."""
        self.request_method = method or None
        self._authority = authority

    @property
    def _inbound_window_manager(self) -> WindowManager:
        # What h2 calls it.
        window = self._inbound_window
        if window is None:
            window = self._inbound_window = WindowManager(self._inbound_window_size)
        return window

    def _inbound_flow_control_change_from_settings(self, delta: int) -> None:
        """The size that windows begin with has changed under this one (RFC 9113 §6.9.2)."""
        window = self._inbound_window
        if window is None:
            self._inbound_window_size += delta
        else:
            largest = window.max_window_size + delta
            window.window_opened(delta)
            window.max_window_size = largest
