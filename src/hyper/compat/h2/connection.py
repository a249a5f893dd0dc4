"""A connection as h2 has it: calls in, bytes out, a list of events for bytes in.

The engine of `hyper.h2` judges the peer and writes the frames; a call of the program's that h2
would refuse raises h2's exception, with nothing changed.  Not here: what docs/compat/h2.md lists,
where this does something else than h2 on purpose.

Hot code: bench/compat_h2.py measures it.
"""

from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import ClassVar, Final

from hyper.compat.h2._coders import DecoderView, EncoderView
from hyper.compat.h2._connection_states import (
    AllowedStreamIDs,
    ConnectionInputs,
    ConnectionState,
    H2ConnectionStateMachine,
)
from hyper.compat.h2._control import (
    advertise,
    change_settings,
    hear_after_the_end,
    say,
    say_goodbye,
    upgrade,
)
from hyper.compat.h2._inbound import HANDLERS
from hyper.compat.h2._link import Link
from hyper.compat.h2._messages import dependency_of, send_promise, send_request, send_section
from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2._streams import H2Stream
from hyper.compat.h2._typing import Buffer
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.events import Event
from hyper.compat.h2.exceptions import (
    FlowControlError,
    FrameTooLargeError,
    NoAvailableStreamIDError,
    ProtocolError,
    RFC1122Error,
    StreamClosedError,
)
from hyper.compat.h2.frame_buffer import FrameBuffer
from hyper.compat.h2.settings import SettingCodes, Settings
from hyper.compat.hpack.struct import HeaderWeaklyTyped
from hyper.frame import Priority as Dependency
from hyper.frame import PriorityFrame
from hyper.h2 import Data, Discarded, Ping, Reset
from hyper.wire import LocalProtocolError

__all__ = [
    "AllowedStreamIDs",
    "ConnectionInputs",
    "ConnectionState",
    "H2Connection",
    "H2ConnectionStateMachine",
]

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_CONNECTION_CLOSED: Final = ConnectionState.CLOSED
_OPEN: Final = StreamState.OPEN
_HALF_CLOSED_REMOTE: Final = StreamState.HALF_CLOSED_REMOTE
_CLOSED: Final = StreamState.CLOSED

_LARGEST_WINDOW: Final = 2**31 - 1


class H2Connection:
    """One end of an HTTP/2 connection; without `config` it is a client's.

    Frames are queued, and `data_to_send` has them.  What the program may not do raises
    `ProtocolError` or one of its kinds; so does `receive_data` for a fault of the peer's that ends
    the connection.
    """

    DEFAULT_MAX_OUTBOUND_FRAME_SIZE: ClassVar[int] = 65_535
    DEFAULT_MAX_INBOUND_FRAME_SIZE: ClassVar[int] = 2**24
    HIGHEST_ALLOWED_STREAM_ID: ClassVar[int] = 2**31 - 1
    MAX_WINDOW_INCREMENT: ClassVar[int] = 2**31 - 1
    DEFAULT_MAX_HEADER_LIST_SIZE: ClassVar[int] = 2**16
    MAX_CLOSED_STREAMS: ClassVar[int] = 2**16

    def __init__(self, config: H2Configuration | None = None) -> None:
        link = Link(H2Configuration() if config is None else config)
        self._link: Final = link
        self.streams: Final = link.streams
        """The streams that are live, or were until the last one was opened, by their ids."""
        self.state_machine: Final = link.state_machine
        # grpclib deletes it to break a cycle that is not here.
        self._frame_dispatch_table: dict[type, object] = {}

    # -- beginning ---------------------------------------------------------------------------

    def initiate_connection(self) -> None:
        """Queue the preface (RFC 9113 §3.4): both ends begin with it."""
        link = self._link
        link.require(ConnectionInputs.SEND_SETTINGS)
        link.say_preface()

    def initiate_upgrade_connection(self, settings_header: bytes | None = None) -> bytes | None:
        """Begin on a connection that HTTP/1.1 was upgraded on (RFC 7540 §3.2), with stream 1 half
        closed.

        A client gets the value for its HTTP2-Settings field; a server passes that value in.
        """
        return upgrade(self._link, settings_header)

    # -- bytes -------------------------------------------------------------------------------

    def data_to_send(self, amount: int | None = None) -> bytes:
        """Bytes for the peer, `amount` of them at most; they are the program's from now on."""
        link = self._link
        engine = link.engine
        if engine is None:
            return b""
        if not link.before and not link.behind:
            return engine.data_to_send(amount)
        data = link.before + engine.data_to_send() + link.behind
        link.behind = b""
        if amount is None:
            link.before = b""
            return data
        link.before = data[amount:]
        return data[:amount]

    def clear_outbound_data_buffer(self) -> None:
        """Drop the bytes that wait for `data_to_send`."""
        self._link.drop()

    def receive_data(self, data: Buffer) -> list[Event]:
        """Take bytes of the peer's; what they mean, in its order.

        Raises `ProtocolError` for a fault that ends the connection; the GOAWAY that says so is
        queued.
        """
        link = self._link
        engine = link.engine or link.made()
        octets = data if isinstance(data, bytes) else memoryview(data).tobytes()
        if not octets:
            return []
        if link.state_machine.state is _CONNECTION_CLOSED and engine.closed:
            return hear_after_the_end(link, octets)
        link.leniences.fields_received = not link.config.validate_inbound_headers
        engine.receive_data(octets, monotonic())
        events: list[Event] = []
        handlers = HANDLERS
        while (event := engine.next_event()) is not None:
            handler = handlers.get(type(event))
            if handler is not None:
                try:
                    handler(link, event, events)
                except UnicodeDecodeError as error:
                    self.close_connection(ErrorCodes.PROTOCOL_ERROR)
                    raise ProtocolError("a field is not of the header encoding") from error
            elif isinstance(event, Discarded):
                link.give_back(event.size)
        return events

    # -- messages ----------------------------------------------------------------------------

    def send_headers(
        self,
        stream_id: int,
        headers: Iterable[HeaderWeaklyTyped],
        end_stream: bool = False,
        priority_weight: int | None = None,
        priority_depends_on: int | None = None,
        priority_exclusive: bool | None = None,
    ) -> None:
        """Send a header section: of a request, of a response, interim or final, or trailers,
        whichever is due on the stream.

        With one of the priorities a request carries all three of them (RFC 7540 §5.3).
        """
        link = self._link
        dependency: Dependency | None = None
        if not (
            priority_weight is None and priority_depends_on is None and priority_exclusive is None
        ):
            if not link.parity:
                raise RFC1122Error("a server has no priorities to send")
            dependency = dependency_of(
                stream_id, priority_weight, priority_depends_on, priority_exclusive
            )
        stream = link.streams.get(stream_id)
        if stream is None:
            send_request(link, stream_id, headers, end_stream, dependency)
        else:
            send_section(link, stream, headers, end_stream)

    def send_data(
        self,
        stream_id: int,
        data: bytes | memoryview,
        end_stream: bool = False,
        pad_length: int | None = None,
    ) -> None:
        """Send content as one DATA frame, with `pad_length` octets of padding (0 to 255).

        Raises `FlowControlError` for more than `local_flow_control_window`, padding and the octet
        that tells of it included, and `FrameTooLargeError` for more than `max_outbound_frame_size`.
        """
        link = self._link
        octets = data if type(data) is bytes else bytes(data)
        size = len(octets)
        if pad_length is not None:
            if not isinstance(pad_length, int):
                raise TypeError("pad_length must be an int")
            if not 0 <= pad_length <= 255:
                raise ValueError("pad_length must be within range: [0, 255]")
            size += pad_length + 1
        stream = link.streams.get(stream_id)
        if stream is None:
            stream = link.stream(stream_id)  # it raises
        window = stream.outbound_flow_control_window
        if window > link.outbound_flow_control_window:
            window = link.outbound_flow_control_window
        if size > window and size > 0:
            raise FlowControlError(f"Cannot send {size} bytes, flow control window is {window}")
        if size > link.max_outbound_frame_size:
            raise FrameTooLargeError(
                f"Cannot send frame size {size}, max frame size is {link.max_outbound_frame_size}"
            )
        state = stream.state_machine.state
        if state is not _HALF_CLOSED_REMOTE and state is not _OPEN:
            if state is _CLOSED:
                raise StreamClosedError(stream_id)
            raise ProtocolError(f"stream {stream_id}: DATA in state {state.name}")
        engine = link.engine or link.made()
        try:
            engine.write(
                Data(stream_id, octets, end_stream), -1 if pad_length is None else pad_length
            )
        except LocalProtocolError as error:
            raise ProtocolError(str(error)) from error
        stream.outbound_flow_control_window -= size
        link.outbound_flow_control_window -= size
        if end_stream:
            link.sent_end(stream)

    def end_stream(self, stream_id: int) -> None:
        """Say that the content is whole: an empty DATA frame with END_STREAM."""
        link = self._link
        link.require(ConnectionInputs.SEND_DATA)
        stream = link.stream(stream_id)
        state = stream.state_machine.state
        if state is _CLOSED:
            raise StreamClosedError(stream_id)
        if state is not _OPEN and state is not _HALF_CLOSED_REMOTE:
            raise ProtocolError(f"stream {stream_id}: END_STREAM in state {state.name}")
        try:
            link.judge().write(Data(stream_id, b"", True))
        except LocalProtocolError as error:
            raise ProtocolError(str(error)) from error
        link.sent_end(stream)

    def reset_stream(self, stream_id: int, error_code: ErrorCodes | int = 0) -> None:
        """End a stream at once (RFC 9113 §6.4)."""
        link = self._link
        link.require(ConnectionInputs.SEND_RST_STREAM)
        stream = link.stream(stream_id)
        if stream.closed:
            raise StreamClosedError(stream_id)
        try:
            link.judge().send(Reset(stream_id, int(error_code)))
        except LocalProtocolError as error:
            raise ProtocolError(str(error)) from error
        link.closed(stream, StreamClosedBy.SEND_RST_STREAM)

    def push_stream(
        self,
        stream_id: int,
        promised_stream_id: int,
        request_headers: Iterable[HeaderWeaklyTyped],
    ) -> None:
        """Promise the response to a request that this server makes up (RFC 9113 §8.4)."""
        send_promise(self._link, stream_id, promised_stream_id, request_headers)

    # -- flow control ------------------------------------------------------------------------

    def local_flow_control_window(self, stream_id: int) -> int:
        """Bytes that may be sent on a stream now, as far as windows go."""
        link = self._link
        stream = link.stream(stream_id)
        return min(link.outbound_flow_control_window, stream.outbound_flow_control_window)

    def remote_flow_control_window(self, stream_id: int) -> int:
        """Bytes that the peer may send on a stream now."""
        link = self._link
        stream = link.stream(stream_id)
        return min(link.window.current_window_size, stream.inbound_flow_control_window)

    def increment_flow_control_window(self, increment: int, stream_id: int | None = None) -> None:
        """Let the peer send so many bytes more, on a stream or (`None`) in all."""
        if not 1 <= increment <= self.MAX_WINDOW_INCREMENT:
            raise ValueError(
                f"Flow control increment must be between 1 and {self.MAX_WINDOW_INCREMENT}"
            )
        link = self._link
        link.require(ConnectionInputs.SEND_WINDOW_UPDATE)
        window = link.window
        if stream_id is not None:
            stream = link.streams[stream_id]
            if stream.closed:
                raise StreamClosedError(stream_id)
            window = stream.window_manager()
        if window.current_window_size + increment > _LARGEST_WINDOW:
            raise FlowControlError(f"Flow control window mustn't exceed {_LARGEST_WINDOW}")
        try:
            link.judge().open_window(stream_id or 0, increment)
        except LocalProtocolError as error:
            raise ProtocolError(str(error)) from error
        window.window_opened(increment)

    def acknowledge_received_data(self, acknowledged_size: int, stream_id: int) -> None:
        """The program is done with so many bytes of a stream; the peer may send more in time."""
        if stream_id <= 0:
            raise ValueError(f"Stream ID {stream_id} is not valid for acknowledge_received_data")
        if acknowledged_size < 0:
            raise ValueError("Cannot acknowledge negative data")
        link = self._link
        stream = link.streams.get(stream_id)
        if stream is None:
            # What it took of the connection's window is given back though it is over.
            with suppress(StreamClosedError):
                link.stream(stream_id)
        if acknowledged_size == 0:
            return
        increment = link.window.process_bytes(acknowledged_size)
        if increment:
            link.open_window(0, increment)
        if stream is not None and not stream.closed:
            increment = stream.window_manager().process_bytes(acknowledged_size)
            if increment:
                link.open_window(stream_id, increment)

    # -- the connection ----------------------------------------------------------------------

    def ping(self, opaque_data: bytes | str) -> None:
        """Send PING with eight bytes, which come back as `PingAckReceived`."""
        if not isinstance(opaque_data, bytes) or len(opaque_data) != 8:
            raise ValueError(f"Invalid value for ping data: {opaque_data!r}")
        say(self._link, ConnectionInputs.SEND_PING, Ping(opaque_data))

    def prioritize(
        self,
        stream_id: int,
        weight: int | None = None,
        depends_on: int | None = None,
        exclusive: bool | None = None,
    ) -> None:
        """Send PRIORITY (RFC 7540 §6.3), for a stream that need not exist."""
        link = self._link
        if not link.parity:
            raise RFC1122Error("a server has no priorities to send")
        dependency = dependency_of(stream_id, weight, depends_on, exclusive)
        say(link, ConnectionInputs.SEND_PRIORITY, PriorityFrame(stream_id, dependency))

    def update_settings(self, new_settings: dict[SettingCodes | int, int]) -> None:
        """Send SETTINGS.  They are in force when the peer has acknowledged them."""
        change_settings(self._link, new_settings)

    def close_connection(
        self,
        error_code: ErrorCodes | int = 0,
        additional_data: bytes | None = None,
        last_stream_id: int | None = None,
    ) -> None:
        """Send GOAWAY (RFC 9113 §6.8)."""
        say_goodbye(self._link, int(error_code), additional_data or b"", last_stream_id)

    def advertise_alternative_service(
        self,
        field_value: bytes | str,
        origin: bytes | None = None,
        stream_id: int | None = None,
    ) -> None:
        """Send ALTSVC (RFC 7838 §4) about an origin, or about that of a request."""
        if not isinstance(field_value, bytes):
            raise ValueError("Field must be bytestring.")
        if origin is not None and stream_id is not None:
            raise ValueError("Must not provide both origin and stream_id")
        advertise(self._link, field_value, origin, stream_id)

    # -- what may be done --------------------------------------------------------------------

    def get_next_available_stream_id(self) -> int:
        """The id for the next stream of ours, which changes once it is used."""
        link = self._link
        highest = link.highest_outbound_stream_id
        if not highest:
            return 1 if link.parity else 2
        if highest + 2 > self.HIGHEST_ALLOWED_STREAM_ID:
            raise NoAvailableStreamIDError("Exhausted allowed stream IDs")
        return highest + 2

    def _begin_new_stream(self, stream_id: int, allowed_ids: AllowedStreamIDs) -> H2Stream:
        # What h2 calls it.
        self._link.require_new(stream_id, int(allowed_ids))
        return self._link.begin(stream_id)

    def _get_stream_by_id(self, stream_id: int) -> H2Stream:
        # What h2 calls it.
        return self._link.stream(stream_id)

    def _open_streams(self, remainder: int) -> int:
        # What h2 calls it: by the remainder by 2 of their ids.
        link = self._link
        if link.over:
            link.forget()
        return link.open_outbound if remainder == link.parity else link.open_inbound

    # -- look --------------------------------------------------------------------------------

    @property
    def encoder(self) -> EncoderView:
        """The size of the encoder's table, to be looked at."""
        return EncoderView(self._link)

    @property
    def decoder(self) -> DecoderView:
        """The limits of the decoder, to be looked at."""
        return DecoderView(self._link)

    @property
    def incoming_buffer(self) -> FrameBuffer:
        """A buffer with the limit of this connection, of which nothing is waiting: the engine has
        its own.
        """
        buffer = FrameBuffer()
        buffer.max_frame_size = self._link.max_inbound_frame_size
        return buffer

    @property
    def _closed_streams(self) -> dict[int, StreamClosedBy | None]:
        # What h2 calls it; here of those that are not forgotten yet.
        link = self._link
        return {
            stream_id: link.streams[stream_id].closed_by
            for stream_id in link.over
            if stream_id in link.streams
        }

    @property
    def open_outbound_streams(self) -> int:
        """How many streams that this end opened are open or half-closed."""
        link = self._link
        if link.over:
            link.forget()
        return link.open_outbound

    @property
    def open_inbound_streams(self) -> int:
        """How many streams that the peer opened are open or half-closed."""
        link = self._link
        if link.over:
            link.forget()
        return link.open_inbound

    @property
    def inbound_flow_control_window(self) -> int:
        """Bytes that the peer may send on all streams together."""
        return self._link.window.current_window_size

    @property
    def outbound_flow_control_window(self) -> int:
        """Bytes that may be sent on all streams together."""
        return self._link.outbound_flow_control_window

    @outbound_flow_control_window.setter
    def outbound_flow_control_window(self, value: int) -> None:
        self._link.outbound_flow_control_window = value

    @property
    def config(self) -> H2Configuration:
        """The options; each may be changed at any time."""
        return self._link.config

    @config.setter
    def config(self, value: H2Configuration) -> None:
        self._link.config = value

    @property
    def local_settings(self) -> Settings:
        """Our settings.  They may be replaced before the connection begins."""
        return self._link.local_settings

    @local_settings.setter
    def local_settings(self, value: Settings) -> None:
        self._link.local_settings = value

    @property
    def remote_settings(self) -> Settings:
        """The settings of the peer."""
        return self._link.remote_settings

    @remote_settings.setter
    def remote_settings(self, value: Settings) -> None:
        self._link.remote_settings = value

    @property
    def highest_inbound_stream_id(self) -> int:
        """The highest id that the peer has used."""
        return self._link.highest_inbound_stream_id

    @property
    def highest_outbound_stream_id(self) -> int:
        """The highest id that this end has used."""
        return self._link.highest_outbound_stream_id

    @property
    def max_outbound_frame_size(self) -> int:
        """The largest payload of a frame that the peer takes."""
        return self._link.max_outbound_frame_size

    @max_outbound_frame_size.setter
    def max_outbound_frame_size(self, value: int) -> None:
        self._link.max_outbound_frame_size = value

    @property
    def max_inbound_frame_size(self) -> int:
        """The largest payload of a frame that the peer may send."""
        return self._link.max_inbound_frame_size

    @max_inbound_frame_size.setter
    def max_inbound_frame_size(self, value: int) -> None:
        self._link.max_inbound_frame_size = value
