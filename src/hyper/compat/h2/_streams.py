"""One stream as h2 has it: its state, its windows, how it ended, and its frames where it is by
itself.

Not here: what a stream of a connection says and hears, which is its engine's; what happens to a
header section, which is in `sections`.

Hot code: one is made for each request; bench/compat_h2.py measures it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

from hyper.compat.h2._sections import (
    BlockFrame,
    announced_length,
    frames_of_block,
    inbound_section,
    is_not_modified,
    outbound_section,
    validation_flags,
)
from hyper.compat.h2._stream_states import (
    STREAM_OPEN,
    H2StreamStateMachine,
    StreamClosedBy,
    StreamInputs,
    StreamState,
)
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.errors import ErrorCodes, _error_code_from_int
from hyper.compat.h2.events import (
    AlternativeServiceAvailable,
    DataReceived,
    Event,
    PushedStreamReceived,
    RequestReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
    WindowUpdated,
)
from hyper.compat.h2.exceptions import (
    FlowControlError,
    FrameTooLargeError,
    InvalidBodyLengthError,
    ProtocolError,
)
from hyper.compat.h2.utilities import (
    authority_from_headers,
    extract_method_header,
    is_informational_response,
    utf8_encode_headers,
)
from hyper.compat.h2.windows import LARGEST_FLOW_CONTROL_WINDOW, WindowManager
from hyper.compat.hpack import Encoder
from hyper.compat.hpack.struct import Header, HeaderWeaklyTyped
from hyper.compat.hyperframe.frame import (
    AltSvcFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    PushPromiseFrame,
    RstStreamFrame,
    WindowUpdateFrame,
)

# A name of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_CLOSED: Final = StreamState.CLOSED

_LEAST_FRAME: Final = 16_384  # RFC 9113 §6.5.2: what any peer takes


class H2Stream:
    """A stream of an `H2Connection`, or one by itself; windows are in bytes.

    On a connection it is kept in step: to look at it is fine, to change it changes nothing else.
    One by itself gives the frames of what is sent, and frames and events for what came.  What may
    not be sent raises `ProtocolError` or one of its kinds, and changes nothing; a fault of the
    peer's raises it too, and the stream is where the fault has left it.
    """

    # What content adds up to, where the peer has announced it and so far: of most streams a
    # connection does not ask.
    _expected_content_length: int | None = None
    _actual_content_length: int = 0

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
        self._request: Sequence[Header] = ()
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
        return extract_method_header(self._request)

    @property
    def authority(self) -> bytes | None:
        """Whom the request is for, if this end knows."""
        return authority_from_headers(self._request)

    # -- what it sends -----------------------------------------------------------------------

    def upgrade(self, client_side: bool) -> None:
        """It is stream 1 of a connection that HTTP/1.1 was upgraded on (RFC 7540 §3.2)."""
        if self.stream_id != 1:
            raise ProtocolError(f"stream {self.stream_id}: only stream 1 is upgraded")
        step = StreamInputs.UPGRADE_CLIENT if client_side else StreamInputs.UPGRADE_SERVER
        with self._all_or_nothing():
            self.state_machine.process_input(step)

    def send_headers(
        self, headers: Iterable[HeaderWeaklyTyped], encoder: Encoder, end_stream: bool = False
    ) -> list[BlockFrame]:
        """The frames of a request, of a response, interim or final, or of trailers.

        `encoder` is that of the connection; it has changed, so that they have to be sent.
        """
        fields = utf8_encode_headers(headers)
        machine = self.state_machine
        step = StreamInputs.SEND_HEADERS
        if not machine.client and is_informational_response(fields):
            step = StreamInputs.SEND_INFORMATIONAL_HEADERS
            if end_stream:
                raise ProtocolError("Cannot set END_STREAM on informational responses.")
        with self._all_or_nothing():
            request = self.state_machine.state is StreamState.IDLE
            told = machine.process_input(step)
            if machine.trailers_sent and not end_stream:
                raise ProtocolError("Trailers must have END_STREAM set.")
            if end_stream:
                machine.process_input(StreamInputs.SEND_END_STREAM)
            flags = validation_flags(told, machine.client)
            section = outbound_section(fields, flags, self.config)
        if request:
            self.note_request(section)
        first = HeadersFrame(self.stream_id, flags=("END_STREAM",) if end_stream else ())
        return frames_of_block(first, encoder.encode(section), self._largest_frame())

    def push_stream_in_band(
        self, related_stream_id: int, headers: Iterable[HeaderWeaklyTyped], encoder: Encoder
    ) -> list[BlockFrame]:
        """The frames of a promise on this stream, of that other one (RFC 9113 §8.4)."""
        fields = utf8_encode_headers(headers)
        machine = self.state_machine
        with self._all_or_nothing():
            told = machine.process_input(StreamInputs.SEND_PUSH_PROMISE)
            if not told:
                raise ProtocolError(f"stream {self.stream_id}: a promise needs a request")
            flags = validation_flags(told, machine.client)
            section = outbound_section(fields, flags, self.config)
        first = PushPromiseFrame(self.stream_id, related_stream_id)
        return frames_of_block(first, encoder.encode(section), self._largest_frame())

    def locally_pushed(self) -> list[Frame]:
        """It was promised by this end, on another stream, which has the frames."""
        with self._all_or_nothing():
            if self.state_machine.process_input(StreamInputs.SEND_PUSH_PROMISE):
                raise ProtocolError(f"stream {self.stream_id}: promised, but used already")
        return []

    def send_data(
        self, data: bytes | memoryview, end_stream: bool = False, pad_length: int | None = None
    ) -> list[Frame]:
        """The frame of content, with `pad_length` octets of padding (0 to 255)."""
        frame = DataFrame(self.stream_id, data if isinstance(data, bytes) else bytes(data))
        if pad_length is not None:
            if not 0 <= pad_length <= 255:
                raise ValueError("pad_length must be within range: [0, 255]")
            frame.flags.add("PADDED")
            frame.pad_length = pad_length
        if end_stream:
            frame.flags.add("END_STREAM")
        size = frame.flow_controlled_length
        with self._all_or_nothing():
            self.state_machine.process_input(StreamInputs.SEND_DATA)
            if end_stream:
                self.state_machine.process_input(StreamInputs.SEND_END_STREAM)
            if size > max(self.outbound_flow_control_window, 0):
                raise FlowControlError(
                    f"Cannot send {size} bytes, "
                    f"flow control window is {self.outbound_flow_control_window}"
                )
            if size > self._largest_frame():
                raise FrameTooLargeError(
                    f"Cannot send frame size {size}, max frame size is {self._largest_frame()}"
                )
        self.outbound_flow_control_window -= size
        return [frame]

    def end_stream(self) -> list[Frame]:
        """The frame that says that content is whole."""
        with self._all_or_nothing():
            self.state_machine.process_input(StreamInputs.SEND_END_STREAM)
        return [DataFrame(self.stream_id, flags=("END_STREAM",))]

    def reset_stream(self, error_code: ErrorCodes | int = 0) -> list[Frame]:
        """The frame that ends it at once (RFC 9113 §6.4)."""
        with self._all_or_nothing():
            self.state_machine.process_input(StreamInputs.SEND_RST_STREAM)
        return [RstStreamFrame(self.stream_id, error_code)]

    def advertise_alternative_service(self, field_value: bytes) -> list[Frame]:
        """The frame that says where else the origin of its request is served (RFC 7838 §4)."""
        with self._all_or_nothing():
            self.state_machine.process_input(StreamInputs.SEND_ALTERNATIVE_SERVICE)
        return [AltSvcFrame(self.stream_id, field=field_value)]

    def increase_flow_control_window(self, increment: int) -> list[Frame]:
        """The frame that lets the peer send so many bytes more."""
        if not 1 <= increment <= LARGEST_FLOW_CONTROL_WINDOW:
            raise ValueError(
                f"Flow control increment must be between 1 and {LARGEST_FLOW_CONTROL_WINDOW}"
            )
        with self._all_or_nothing():
            self.state_machine.process_input(StreamInputs.SEND_WINDOW_UPDATE)
            if self.inbound_flow_control_window + increment > LARGEST_FLOW_CONTROL_WINDOW:
                raise FlowControlError(
                    f"Flow control window mustn't exceed {LARGEST_FLOW_CONTROL_WINDOW}"
                )
        self.window_manager().window_opened(increment)
        return [WindowUpdateFrame(self.stream_id, increment)]

    def acknowledge_received_data(self, acknowledged_size: int) -> list[Frame]:
        """The program is done with so many bytes; a frame where it is time to tell the peer."""
        if acknowledged_size < 0:
            raise ValueError("Cannot acknowledge negative data")
        increment = self.window_manager().process_bytes(acknowledged_size)
        return [WindowUpdateFrame(self.stream_id, increment)] if increment else []

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """What raises in it leaves the state where it was."""
        standing = vars(self.state_machine)
        before = dict(standing)
        try:
            yield
        except BaseException:
            standing.update(before)
            raise

    def _largest_frame(self) -> int:
        return self.max_outbound_frame_size or _LEAST_FRAME

    # -- what it receives --------------------------------------------------------------------

    def receive_headers(
        self, headers: Iterable[Header], end_stream: bool, header_encoding: bool | str | None
    ) -> tuple[list[Frame], list[Event]]:
        """A header section came; it is text in the event where `header_encoding` names a coding."""
        section = list(headers)
        machine = self.state_machine
        step = StreamInputs.RECV_HEADERS
        if is_informational_response(section):
            step = StreamInputs.RECV_INFORMATIONAL_HEADERS
            if end_stream:
                raise ProtocolError("Cannot set END_STREAM on informational responses")
        events = machine.process_input(step)
        event = cast("RequestReceived | ResponseReceived | TrailersReceived", events[0])
        if end_stream:
            ended = machine.process_input(StreamInputs.RECV_END_STREAM)
            event.stream_ended = cast("StreamEnded", ended[0])
            events.extend(ended)
        if isinstance(event, TrailersReceived):
            if not end_stream:
                raise ProtocolError("Trailers must have END_STREAM set")
        elif step is StreamInputs.RECV_HEADERS:
            # RFC 9110 §8.6: what answers HEAD, and 304, has no content, whatever it says of it.
            length = 0 if self.request_method == b"HEAD" else announced_length(section)
            self._expected_content_length = 0 if is_not_modified(section) else length
        flags = validation_flags(events, machine.client)
        event.headers = inbound_section(section, flags, self.config, header_encoding)
        self._count_content(0, end_stream)
        return [], events

    def receive_data(
        self, data: bytes, end_stream: bool, flow_control_len: int
    ) -> tuple[list[Frame], list[Event]]:
        """Content came, which takes so many bytes of the window, padding included."""
        machine = self.state_machine
        events = machine.process_input(StreamInputs.RECV_DATA)
        self.window_manager().window_consumed(flow_control_len)
        self._count_content(len(data), end_stream)
        event = cast("DataReceived", events[0])
        event.data = data
        event.flow_controlled_length = flow_control_len
        if end_stream:
            ended = machine.process_input(StreamInputs.RECV_END_STREAM)
            event.stream_ended = cast("StreamEnded", ended[0])
            events.extend(ended)
        return [], events

    def receive_push_promise_in_band(
        self,
        promised_stream_id: int,
        headers: Iterable[Header],
        header_encoding: bool | str | None,
    ) -> tuple[list[Frame], list[Event]]:
        """A promise came on this stream, of that other one."""
        machine = self.state_machine
        events = machine.process_input(StreamInputs.RECV_PUSH_PROMISE)
        if not events:
            raise ProtocolError(f"stream {self.stream_id}: a promise came to no request")
        flags = validation_flags(events, machine.client)
        event = cast("PushedStreamReceived", events[0])
        event.pushed_stream_id = promised_stream_id
        event.headers = inbound_section(headers, flags, self.config, header_encoding)
        return [], events

    def remotely_pushed(self, pushed_headers: Iterable[Header]) -> tuple[list[Frame], list[Event]]:
        """It was promised by the peer, on another stream, which has the event."""
        with self._all_or_nothing():
            if self.state_machine.process_input(StreamInputs.RECV_PUSH_PROMISE):
                raise ProtocolError(f"stream {self.stream_id}: promised, but used already")
        self.note_promise(pushed_headers)
        return [], []

    def receive_window_update(self, increment: int) -> tuple[list[Frame], list[Event]]:
        """The peer takes so many bytes more; what makes it over 2^31-1 resets the stream."""
        events = self.state_machine.process_input(StreamInputs.RECV_WINDOW_UPDATE)
        if not events:
            return [], []
        if self.outbound_flow_control_window + increment > LARGEST_FLOW_CONTROL_WINDOW:
            # RFC 9113 §6.9.1: a stream error.
            code = ErrorCodes.FLOW_CONTROL_ERROR
            reset = StreamReset(stream_id=self.stream_id, error_code=code, remote_reset=False)
            return self.reset_stream(code), [reset]
        self.outbound_flow_control_window += increment
        cast("WindowUpdated", events[0]).delta = increment
        return [], events

    def receive_continuation(self) -> None:
        """A CONTINUATION by itself came, which none may: it raises `ProtocolError`."""
        self.state_machine.process_input(StreamInputs.RECV_CONTINUATION)

    def receive_alt_svc(self, frame: AltSvcFrame) -> tuple[list[Frame], list[Event]]:
        """The peer says where else the origin of its request is served (RFC 7838 §4)."""
        if frame.origin:
            return [], []  # it MUST be ignored
        events = self.state_machine.process_input(StreamInputs.RECV_ALTERNATIVE_SERVICE)
        if events:
            event = cast("AlternativeServiceAvailable", events[0])
            # h2 declares bytes, and gives `None` where it does not know.
            event.origin = cast("bytes", self.authority)
            event.field_value = frame.field
        return [], events

    def stream_reset(self, frame: RstStreamFrame) -> tuple[list[Frame], list[Event]]:
        """The peer has ended it at once."""
        events = self.state_machine.process_input(StreamInputs.RECV_RST_STREAM)
        if events:
            cast("StreamReset", events[0]).error_code = _error_code_from_int(frame.error_code)
        return [], events

    def _count_content(self, size: int, end_stream: bool) -> None:
        """RFC 9113 §8.1.1: DATA adds up to what was announced."""
        self._actual_content_length += size
        expected = self._expected_content_length
        if expected is None:
            return
        actual = self._actual_content_length
        if actual > expected or (end_stream and actual < expected):
            raise InvalidBodyLengthError(expected, actual)

    # -- what its connection does to it ------------------------------------------------------

    def note_request(self, fields: Sequence[Header]) -> None:
        """What opens it."""
        self._request = fields

    def note_promise(self, fields: Iterable[Header]) -> None:
        """What has promised it: the method of that h2 does not tell."""
        self._request = [field for field in fields if field[0] == b":authority"]

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
