"""The engine under an `H2Connection`, and what h2 shows of a connection beside it.

The engine judges the peer; the rest is what software looks at, and by what a call of its own is
refused before the engine hears of it.  Not here: how events change it; see `inbound`.
"""

from typing import TYPE_CHECKING, Final

from hyper.compat.h2._connection_states import (
    ConnectionInputs,
    ConnectionState,
    H2ConnectionStateMachine,
    allows,
)
from hyper.compat.h2._engine import make_engine
from hyper.compat.h2._stream_states import STREAM_OPEN, StreamClosedBy, StreamState
from hyper.compat.h2._streams import H2Stream
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.exceptions import (
    NoSuchStreamError,
    ProtocolError,
    StreamClosedError,
    StreamIDTooLowError,
    TooManyStreamsError,
)
from hyper.compat.h2.settings import SettingCodes, Settings
from hyper.compat.h2.windows import WindowManager
from hyper.h2 import Connection, Leniences
from hyper.wire import Role

if TYPE_CHECKING:
    from hyper.compat.h2._outbound import Known
    from hyper.compat.hpack.struct import HeaderTuple
    from hyper.frame import FrameReader

_DEFAULT_WINDOW: Final = 65_535  # RFC 9113 §6.9.2
_DEFAULT_STREAMS: Final = 100
_DEFAULT_LIST_SIZE: Final = 65_536

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_OPEN: Final = StreamState.OPEN
_HALF_CLOSED_LOCAL: Final = StreamState.HALF_CLOSED_LOCAL
_HALF_CLOSED_REMOTE: Final = StreamState.HALF_CLOSED_REMOTE
_CLOSED: Final = StreamState.CLOSED
_BY_SEND_END: Final = StreamClosedBy.SEND_END_STREAM
_BY_RECV_END: Final = StreamClosedBy.RECV_END_STREAM


class Link:
    """One for each connection; `parity` is the remainder by 2 of the ids that this end opens."""

    __slots__ = (
        "_preface",
        "before",
        "behind",
        "config",
        "engine",
        "goaway_last_id",
        "highest_inbound_stream_id",
        "highest_outbound_stream_id",
        "known_inbound",
        "known_outbound",
        "last_words",
        "leniences",
        "local_settings",
        "local_window",
        "max_inbound_frame_size",
        "max_outbound_frame_size",
        "open_inbound",
        "open_outbound",
        "outbound_flow_control_window",
        "over",
        "parity",
        "remote_settings",
        "remote_window",
        "state_machine",
        "streams",
        "window",
    )

    def __init__(self, config: H2Configuration) -> None:
        client = config.client_side
        # Made with the first frame: until then `local_settings` may be changed at will.
        self.engine: Connection | None = None
        self._preface = b""
        # Bytes before and behind those of the engine, in the rare cases where there are some.
        self.before = b""
        self.behind = b""
        self.config = config
        self.parity: Final = 1 if client else 0
        self.state_machine: Final = H2ConnectionStateMachine()
        self.streams: Final[dict[int, H2Stream]] = {}
        # Streams that are over and still among `streams`: h2 keeps them until the next one opens.
        self.over: list[int] = []
        self.open_inbound = 0
        self.open_outbound = 0
        self.highest_inbound_stream_id = 0
        self.highest_outbound_stream_id = 0
        self.local_settings = Settings(
            client=client,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: _DEFAULT_STREAMS,
                SettingCodes.MAX_HEADER_LIST_SIZE: _DEFAULT_LIST_SIZE,
            },
        )
        self.remote_settings = Settings(client=not client)
        # What windows of streams begin with: looked up once a change, and not once a stream.
        self.local_window = _DEFAULT_WINDOW
        self.remote_window = _DEFAULT_WINDOW
        self.max_outbound_frame_size = self.remote_settings.max_frame_size
        self.max_inbound_frame_size = self.local_settings.max_frame_size
        self.outbound_flow_control_window = _DEFAULT_WINDOW
        self.window = WindowManager(_DEFAULT_WINDOW)
        # Made for what comes when the connection is over.
        self.last_words: FrameReader | None = None
        # What the peer's last GOAWAY left of our streams.
        self.goaway_last_id: int | None = None
        self.known_inbound: Final[dict[object, HeaderTuple]] = {}
        self.known_outbound: Final[Known] = {}
        # h2 has no opinion about the first frame, nor about the length of what its user sends.
        self.leniences: Final = Leniences(lengths_sent=True, late_settings=True)

    # -- streams -----------------------------------------------------------------------------

    def stream(self, stream_id: int) -> H2Stream:
        """The stream of that id; h2's exceptions where it is gone or was never there."""
        stream = self.streams.get(stream_id)
        if stream is not None:
            return stream
        if stream_id % 2 == self.parity:
            highest = self.highest_outbound_stream_id
        else:
            highest = self.highest_inbound_stream_id
        if stream_id > highest:
            raise NoSuchStreamError(stream_id)
        raise StreamClosedError(stream_id)

    def begin(self, stream_id: int) -> H2Stream:
        """A new stream, which is idle; what was over is forgotten, as h2 does it."""
        if self.over:
            self.forget()
        stream = H2Stream(
            stream_id,
            self.config,
            self.local_window,
            self.remote_window,
        )
        stream.max_outbound_frame_size = self.max_outbound_frame_size
        self.streams[stream_id] = stream
        if stream_id % 2 == self.parity:
            self.highest_outbound_stream_id = stream_id
        else:
            self.highest_inbound_stream_id = stream_id
        return stream

    def forget(self) -> None:
        """Let go of the streams that are over."""
        for stream_id in self.over:
            self.streams.pop(stream_id, None)
        self.over.clear()

    def opened(self, stream: H2Stream, state: StreamState) -> None:
        """The stream counts from now on (RFC 9113 §5.1.2)."""
        stream.state_machine.state = state
        if stream.stream_id % 2 == self.parity:
            self.open_outbound += 1
        else:
            self.open_inbound += 1

    def closed(self, stream: H2Stream, by: StreamClosedBy) -> None:
        """The stream is over."""
        machine = stream.state_machine
        if STREAM_OPEN[machine.state]:
            if stream.stream_id % 2 == self.parity:
                self.open_outbound -= 1
            else:
                self.open_inbound -= 1
        machine.state = _CLOSED
        machine.stream_closed_by = by
        self.over.append(stream.stream_id)

    def sent_end(self, stream: H2Stream) -> None:
        """Our message on the stream is whole."""
        if stream.state_machine.state is _OPEN:
            stream.state_machine.state = _HALF_CLOSED_LOCAL
        else:
            self.closed(stream, _BY_SEND_END)

    def received_end(self, stream: H2Stream) -> None:
        """The peer's message on the stream is whole."""
        if stream.state_machine.state is _OPEN:
            stream.state_machine.state = _HALF_CLOSED_REMOTE
        else:
            self.closed(stream, _BY_RECV_END)

    # -- the connection ----------------------------------------------------------------------

    def made(self) -> Connection:
        """The engine, which is made if there is none."""
        engine = self.engine
        if engine is None:
            engine = self.engine = make_engine(
                Role.CLIENT if self.parity else Role.SERVER,
                self.local_settings,
                self.leniences,
                self.config.logger,
            )
            self.local_window = self.local_settings.initial_window_size
            # h2 writes no preface unless it is told to.
            self._preface = engine.data_to_send()
        return engine

    def judge(self) -> Connection:
        """The engine, as strict about what we send as the configuration asks for now."""
        engine = self.engine or self.made()
        self.leniences.fields_sent = not self.config.validate_outbound_headers
        return engine

    def say_preface(self) -> None:
        """Queue the preface (RFC 9113 §3.4), behind what is queued."""
        engine = self.made()
        self.before += engine.data_to_send() + self._preface

    def drop(self) -> None:
        """Forget the bytes that are queued."""
        self.before = b""
        self.behind = b""
        if self.engine is not None:
            self.engine.data_to_send()

    def end(self) -> None:
        """The connection is over, or about to be."""
        self.state_machine.state = ConnectionState.CLOSED

    # -- windows -----------------------------------------------------------------------------

    def open_window(self, stream_id: int, increment: int) -> None:
        """Send WINDOW_UPDATE, unless the connection is over."""
        engine = self.engine
        if engine is not None and not engine.closed:
            engine.open_window(stream_id, increment)

    def give_back(self, size: int) -> None:
        """Content came that nobody is told of: its share of the window is given back."""
        window = self.window
        window.current_window_size -= size
        increment = window.process_bytes(size)
        if increment:
            self.open_window(0, increment)

    # -- what may be done --------------------------------------------------------------------

    def require(self, step: ConnectionInputs) -> None:
        """Refuse what the state of the connection has no place for."""
        state = self.state_machine.state
        if state is ConnectionState.CLOSED:
            # h2 refuses all; ours goes on with what was begun before a GOAWAY (RFC 9113 §6.8).
            return
        if allows(state, step):
            return
        probe = H2ConnectionStateMachine()
        probe.state = state
        probe.process_input(step)  # it raises

    def require_slot(self) -> None:
        """Refuse a stream beyond the peer's limit (RFC 9113 §5.1.2)."""
        limit = self.remote_settings.max_concurrent_streams
        if self.open_outbound + 1 > limit:
            raise TooManyStreamsError(f"Max outbound streams is {limit}, {self.open_outbound} open")

    def require_new(self, stream_id: int, allowed: int) -> None:
        """Refuse an id that is not that of a new stream (RFC 9113 §5.1.1)."""
        if stream_id % 2 == self.parity:
            highest = self.highest_outbound_stream_id
        else:
            highest = self.highest_inbound_stream_id
        if stream_id <= highest:
            raise StreamIDTooLowError(stream_id, highest)
        if stream_id % 2 != allowed:
            raise ProtocolError("Invalid stream ID for peer.")
