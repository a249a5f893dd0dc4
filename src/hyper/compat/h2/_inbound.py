"""What the peer said: from the events of the engine to those of h2, and into the books of the link.

Not here: what is a fault, which is the engine's to say.

Hot code: a function for each kind of event, found by its type; bench/compat_h2.py measures it.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, cast

from hyper.compat.h2 import events as told
from hyper.compat.h2._connection_states import ConnectionState
from hyper.compat.h2._link import Link
from hyper.compat.h2._sections import decoded
from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2.errors import ErrorCodes, _error_code_from_int
from hyper.compat.h2.exceptions import (
    DenialOfServiceError,
    FlowControlError,
    FrameDataMissingError,
    FrameTooLargeError,
    InvalidSettingsValueError,
    ProtocolError,
    StreamClosedError,
)
from hyper.compat.h2.settings import SettingCodes
from hyper.compat.hpack.struct import Header, HeaderTuple, NeverIndexedHeaderTuple
from hyper.compat.hyperframe.frame import ExtensionFrame
from hyper.frame import (
    ErrorCode,
    FrameType,
    PriorityFrame,
    Scope,
    UnknownFrame,
    WindowUpdateFrame,
)
from hyper.frame import Priority as Dependency
from hyper.h2 import (
    AltSvc,
    Data,
    Event,
    GoAway,
    InformationalResponse,
    PeerFault,
    Ping,
    Pong,
    PriorityUpdate,
    PushPromise,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Field

_IDLE: Final = ConnectionState.IDLE
_SERVER_OPEN: Final = ConnectionState.SERVER_OPEN
_OPEN: Final = StreamState.OPEN
_HALF_CLOSED_REMOTE: Final = StreamState.HALF_CLOSED_REMOTE
_RESERVED_REMOTE: Final = StreamState.RESERVED_REMOTE

# How many headers a connection remembers, and how many octets of each.
_MOST_KNOWN: Final = 256
_LONGEST_KNOWN: Final = 160

# `HeaderTuple(*field)` without a call of Python's.
_make: Final = cast("Callable[[type[HeaderTuple], Field], HeaderTuple]", tuple.__new__)


# -- fields ---------------------------------------------------------------------------------------


def inbound_headers(fields: Sequence[Field], link: Link) -> list[Header]:
    """The fields of a message as h2 gives them to its user."""
    config = link.config
    known = link.known_inbound
    headers: list[Header] = []
    cookies: list[bytes] | None = None
    for field in fields:
        # One that no hop may index is equal to a plain one, and is another type.
        if type(field) is tuple:
            header = known.get(field)
            if header is not None:
                headers.append(header)
                continue
        if field[0] == b"cookie" and config.normalize_inbound_headers:
            if cookies is None:
                cookies = []
            cookies.append(field[1])
        elif type(field) is tuple:
            header = _make(HeaderTuple, field)
            headers.append(header)
            if field[0] != b"cookie" and len(field[0]) + len(field[1]) <= _LONGEST_KNOWN:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                known[field] = header
        else:
            headers.append(_make(NeverIndexedHeaderTuple, field))
    if cookies is not None:
        # RFC 9113 §8.2.3: the crumbs MUST be joined for whoever does not know of crumbs.
        headers.append(NeverIndexedHeaderTuple(b"cookie", b"; ".join(cookies)))
    if config.header_encoding:
        return decoded(headers, str(config.header_encoding))
    return headers


# -- messages -------------------------------------------------------------------------------------


def _request(link: Link, event: Request, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    if link.state_machine.state is _IDLE:
        link.state_machine.state = _SERVER_OPEN
    stream = link.begin(stream_id)
    machine = stream.state_machine
    machine.client = False
    machine.headers_received = True
    received = told.RequestReceived(
        stream_id=stream_id, headers=inbound_headers(event.fields, link)
    )
    events.append(received)
    if event.end_stream:
        link.opened(stream, _HALF_CLOSED_REMOTE)
        received.stream_ended = told.StreamEnded(stream_id=stream_id)
        events.append(received.stream_ended)
    else:
        link.opened(stream, _OPEN)
    if event.dependency is not None:
        received.priority_updated = _priority_updated(stream_id, event.dependency)
        events.append(received.priority_updated)


def _response(link: Link, event: Response, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    stream = link.streams[stream_id]
    machine = stream.state_machine
    machine.headers_received = True
    if machine.state is _RESERVED_REMOTE:
        link.opened(stream, StreamState.HALF_CLOSED_LOCAL)
    received = told.ResponseReceived(
        stream_id=stream_id, headers=inbound_headers(event.fields, link)
    )
    events.append(received)
    if event.end_stream:
        link.received_end(stream)
        received.stream_ended = told.StreamEnded(stream_id=stream_id)
        events.append(received.stream_ended)


def _informational(link: Link, event: InformationalResponse, events: list[told.Event]) -> None:
    events.append(
        told.InformationalResponseReceived(
            stream_id=event.stream_id, headers=inbound_headers(event.fields, link)
        )
    )


def _trailers(link: Link, event: Trailers, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    stream = link.streams[stream_id]
    stream.state_machine.trailers_received = True
    ended = told.StreamEnded(stream_id=stream_id)
    events.append(
        told.TrailersReceived(
            stream_id=stream_id,
            headers=inbound_headers(event.fields, link),
            stream_ended=ended,
        )
    )
    events.append(ended)
    link.received_end(stream)


def _data(link: Link, event: Data, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    data = event.data
    stream = link.streams[stream_id]
    size = len(data) + event.padding
    # The engine has seen to it that there was room in both.
    link.window.current_window_size -= size
    window = stream.window
    if window is None:
        window = stream.window_manager()
    window.current_window_size -= size
    received = told.DataReceived(stream_id=stream_id, data=data, flow_controlled_length=size)
    events.append(received)
    if event.end_stream:
        received.stream_ended = told.StreamEnded(stream_id=stream_id)
        events.append(received.stream_ended)
        link.received_end(stream)


def _promise(link: Link, event: PushPromise, events: list[told.Event]) -> None:
    promised_id = event.promised_stream_id
    stream = link.begin(promised_id)
    machine = stream.state_machine
    machine.state = _RESERVED_REMOTE
    machine.client = True
    machine.headers_sent = True
    stream.note_promise(event.fields)
    pushed = told.PushedStreamReceived()
    pushed.pushed_stream_id = promised_id
    pushed.parent_stream_id = event.stream_id
    pushed.headers = inbound_headers(event.fields, link)
    events.append(pushed)


# -- streams --------------------------------------------------------------------------------------


def _reset(link: Link, event: Reset, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    stream = link.streams.get(stream_id)
    if stream is None or stream.closed:
        return
    link.closed(stream, StreamClosedBy.RECV_RST_STREAM)
    last_id = link.goaway_last_id
    if last_id is not None and stream_id > last_id and stream_id % 2 == link.parity:
        return  # what a GOAWAY leaves out h2 does not tell one by one
    events.append(
        told.StreamReset(stream_id=stream_id, error_code=_error_code_from_int(event.code))
    )


def _window_update(link: Link, event: WindowUpdateFrame, events: list[told.Event]) -> None:
    stream_id = event.stream_id
    increment = event.increment
    if stream_id == 0:
        link.outbound_flow_control_window += increment
    else:
        stream = link.streams.get(stream_id)
        if stream is not None:
            stream.outbound_flow_control_window += increment
    events.append(told.WindowUpdated(stream_id=stream_id, delta=increment))


def _priority(link: Link, event: PriorityFrame, events: list[told.Event]) -> None:
    events.append(_priority_updated(event.stream_id, event.priority))


def _priority_updated(stream_id: int, priority: Dependency) -> told.PriorityUpdated:
    updated = told.PriorityUpdated()
    updated.stream_id = stream_id
    updated.depends_on = priority.depends_on
    updated.weight = priority.weight
    updated.exclusive = priority.exclusive
    return updated


# -- the connection -------------------------------------------------------------------------------


def apply_remote(link: Link, values: dict[int, int]) -> None:
    """Put settings of the peer's into force."""
    settings = link.remote_settings
    old_window = settings.initial_window_size
    settings.update(values)
    changed = settings.acknowledge()
    if SettingCodes.INITIAL_WINDOW_SIZE in changed:
        # RFC 9113 §6.9.2: a change alters the windows of all streams by the difference.
        delta = settings.initial_window_size - old_window
        link.remote_window = settings.initial_window_size
        for stream in link.streams.values():
            stream.outbound_flow_control_window += delta
    if SettingCodes.MAX_FRAME_SIZE in changed:
        link.max_outbound_frame_size = settings.max_frame_size
        for stream in link.streams.values():
            stream.max_outbound_frame_size = settings.max_frame_size


def _settings(link: Link, event: Settings, events: list[told.Event]) -> None:
    values = dict(event.values)
    events.append(told.RemoteSettingsChanged.from_settings(link.remote_settings, values))
    apply_remote(link, values)


def _settings_acknowledged(
    link: Link,
    event: SettingsAcknowledged,
    events: list[told.Event],
) -> None:
    changed = link.local_settings.acknowledge()
    window = changed.get(SettingCodes.INITIAL_WINDOW_SIZE)
    if window is not None:
        delta = window.new_value - (window.original_value or 0)
        link.local_window = window.new_value
        for stream in link.streams.values():
            stream.resize_window(delta)
    frame_size = changed.get(SettingCodes.MAX_FRAME_SIZE)
    if frame_size is not None:
        link.max_inbound_frame_size = frame_size.new_value
    acknowledged = told.SettingsAcknowledged()
    acknowledged.changed_settings = changed
    events.append(acknowledged)


def _ping(link: Link, event: Ping, events: list[told.Event]) -> None:
    events.append(told.PingReceived(ping_data=event.data))


def _pong(link: Link, event: Pong, events: list[told.Event]) -> None:
    events.append(told.PingAckReceived(ping_data=event.data))


def _goaway(link: Link, event: GoAway, events: list[told.Event]) -> None:
    link.end()
    link.goaway_last_id = event.last_stream_id
    terminated = told.ConnectionTerminated()
    terminated.error_code = _error_code_from_int(event.code)
    terminated.last_stream_id = event.last_stream_id
    terminated.additional_data = event.debug or None
    events.append(terminated)


def _altsvc(link: Link, event: AltSvc, events: list[told.Event]) -> None:
    origin: bytes | None = event.origin
    if event.stream_id:
        stream = link.streams.get(event.stream_id)
        if stream is None or stream.closed or stream.state_machine.headers_received:
            return
        origin = stream.authority
    available = told.AlternativeServiceAvailable()
    available.origin = cast("bytes", origin)
    available.field_value = event.value
    events.append(available)


def _unknown(link: Link, event: UnknownFrame, events: list[told.Event]) -> None:
    _tell_unknown(event.type, event.flags, event.stream_id, event.payload, events)


def _priority_update(link: Link, event: PriorityUpdate, events: list[told.Event]) -> None:
    # RFC 9218 §7.1: h2 does not know it.
    payload = event.stream_id.to_bytes(4, "big") + event.value
    _tell_unknown(FrameType.PRIORITY_UPDATE, 0, 0, payload, events)


def _tell_unknown(
    kind: int, flags: int, stream_id: int, payload: bytes, events: list[told.Event]
) -> None:
    frame = ExtensionFrame(int(kind), stream_id, flags, payload)
    frame.body_len = len(payload)
    events.append(told.UnknownFrameReceived(frame=frame))


# -- faults ---------------------------------------------------------------------------------------

_EXCEPTIONS: Final[dict[int, type[ProtocolError]]] = {
    ErrorCode.FLOW_CONTROL_ERROR: FlowControlError,
    ErrorCode.ENHANCE_YOUR_CALM: DenialOfServiceError,
}


def _fault(link: Link, event: PeerFault, events: list[told.Event]) -> None:
    """What the peer did wrong: the end of a stream, or of the connection, which raises."""
    stream_id = event.stream_id
    if event.scope is Scope.CONNECTION:
        link.end()
        raise _exception(event)
    stream = link.streams.get(stream_id)
    if stream is None or stream.closed:
        return  # nobody has heard of it
    link.closed(stream, StreamClosedBy.SEND_RST_STREAM)
    events.append(
        told.StreamReset(
            stream_id=stream_id, error_code=ErrorCodes(int(event.code)), remote_reset=False
        )
    )


def _exception(fault: PeerFault) -> ProtocolError:
    error: ProtocolError
    if fault.code == ErrorCode.STREAM_CLOSED:
        return StreamClosedError(fault.stream_id)
    if fault.expected.startswith("a value of "):
        return InvalidSettingsValueError(str(fault), ErrorCodes(int(fault.code)))
    if fault.code == ErrorCode.FRAME_SIZE_ERROR:
        kind = FrameTooLargeError if "at most" in fault.expected else FrameDataMissingError
        error = kind(str(fault))
    else:
        error = _EXCEPTIONS.get(fault.code, ProtocolError)(str(fault))
    error.error_code = ErrorCodes(int(fault.code))
    return error


# -- all of them ----------------------------------------------------------------------------------

_Handler: TypeAlias = Callable[[Link, Event, list[told.Event]], None]

HANDLERS: Final = cast(
    "dict[type, _Handler]",
    {
        Data: _data,
        Request: _request,
        Response: _response,
        WindowUpdateFrame: _window_update,
        Trailers: _trailers,
        Reset: _reset,
        InformationalResponse: _informational,
        Settings: _settings,
        SettingsAcknowledged: _settings_acknowledged,
        Ping: _ping,
        Pong: _pong,
        GoAway: _goaway,
        PushPromise: _promise,
        PriorityFrame: _priority,
        AltSvc: _altsvc,
        UnknownFrame: _unknown,
        PriorityUpdate: _priority_update,
        PeerFault: _fault,
    },
)
"""By the type of an event of the engine's, what becomes of it.

`Discarded` is for the connection, whose window it opens; for all others h2 has no word.
"""
