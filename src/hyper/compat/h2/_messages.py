"""Messages on their way out: what h2 sends as a header section, by what is due on the stream.

Not here: content, which `connection` sends itself.

Hot code: bench/compat_h2.py measures it.
"""

from collections.abc import Iterable
from typing import Final

from hyper.compat.h2._connection_states import ConnectionInputs, ConnectionState
from hyper.compat.h2._link import Link
from hyper.compat.h2._outbound import outbound_fields
from hyper.compat.h2._stream_states import StreamState
from hyper.compat.h2._streams import H2Stream
from hyper.compat.h2.exceptions import ProtocolError, StreamClosedError
from hyper.compat.hpack.struct import HeaderWeaklyTyped
from hyper.frame import Priority as Dependency
from hyper.h2 import InformationalResponse, PushPromise, Request, Response, Trailers
from hyper.wire import Field, LocalProtocolError

# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_CONNECTION_IDLE: Final = ConnectionState.IDLE
_CLIENT_OPEN: Final = ConnectionState.CLIENT_OPEN
_OPEN: Final = StreamState.OPEN
_RESERVED_LOCAL: Final = StreamState.RESERVED_LOCAL
_HALF_CLOSED_LOCAL: Final = StreamState.HALF_CLOSED_LOCAL
_HALF_CLOSED_REMOTE: Final = StreamState.HALF_CLOSED_REMOTE
_CLOSED: Final = StreamState.CLOSED

_DEFAULT_WEIGHT: Final = 16


def send_request(
    link: Link,
    stream_id: int,
    headers: Iterable[HeaderWeaklyTyped],
    end_stream: bool,
    dependency: Dependency | None,
) -> None:
    """Open a stream with the header section of a request."""
    link.require_slot()
    state = link.state_machine.state
    if state is not _CLIENT_OPEN:
        link.require(ConnectionInputs.SEND_HEADERS)
    link.require_new(stream_id, link.parity)
    fields = outbound_fields(headers, link.config, link.known_outbound)
    try:
        link.judge().send(Request(stream_id, fields, end_stream, dependency))
    except LocalProtocolError as error:
        raise ProtocolError(str(error)) from error
    if state is _CONNECTION_IDLE:
        link.state_machine.state = _CLIENT_OPEN
    stream = link.begin(stream_id)
    stream.note_request(fields)
    machine = stream.state_machine
    machine.client = True
    machine.headers_sent = True
    link.opened(stream, _HALF_CLOSED_LOCAL if end_stream else _OPEN)


def send_section(
    link: Link, stream: H2Stream, headers: Iterable[HeaderWeaklyTyped], end_stream: bool
) -> None:
    """Send a response, interim or final, or trailers."""
    machine = stream.state_machine
    stream_id = stream.stream_id
    state = machine.state
    if state is not _HALF_CLOSED_REMOTE and state is not _OPEN and state is not _RESERVED_LOCAL:
        if state is _CLOSED:
            raise StreamClosedError(stream_id)
        raise ProtocolError(f"stream {stream_id}: HEADERS in state {state.name}")
    fields = outbound_fields(headers, link.config, link.known_outbound)
    interim = False
    try:
        if machine.headers_sent:
            if not end_stream:
                raise ProtocolError(f"stream {stream_id}: trailers end the stream")
            link.judge().send(Trailers(stream_id, fields))
            machine.trailers_sent = True
        elif _is_interim(fields):
            if end_stream:
                raise ProtocolError(f"stream {stream_id}: an interim response ends no stream")
            link.judge().send(InformationalResponse(stream_id, fields))
            interim = True
        else:
            if state is _RESERVED_LOCAL:
                link.require_slot()
            link.judge().send(Response(stream_id, fields, end_stream))
            machine.headers_sent = True
    except LocalProtocolError as error:
        raise ProtocolError(str(error)) from error
    if state is _RESERVED_LOCAL:
        link.opened(stream, _HALF_CLOSED_REMOTE)
    if end_stream and not interim:
        link.sent_end(stream)


def send_promise(
    link: Link, stream_id: int, promised_id: int, headers: Iterable[HeaderWeaklyTyped]
) -> None:
    """Reserve a stream for the response to a request that this server makes up."""
    if not link.remote_settings.enable_push:
        raise ProtocolError("Remote peer has disabled stream push")
    link.require(ConnectionInputs.SEND_PUSH_PROMISE)
    parent = link.stream(stream_id)
    if stream_id % 2 == link.parity:
        raise ProtocolError("no push on a stream that was pushed itself")
    link.require_new(promised_id, link.parity)
    if parent.closed:
        raise ProtocolError(f"stream {stream_id} is over: nothing can be pushed on it")
    fields = outbound_fields(headers, link.config, link.known_outbound)
    try:
        link.judge().send(PushPromise(stream_id, promised_id, fields))
    except LocalProtocolError as error:
        raise ProtocolError(str(error)) from error
    machine = link.begin(promised_id).state_machine
    machine.client = False
    machine.headers_received = True
    machine.state = _RESERVED_LOCAL


def dependency_of(
    stream_id: int, weight: int | None, depends_on: int | None, exclusive: bool | None
) -> Dependency:
    """A priority of RFC 7540 §5.3, with h2's defaults for what was not given."""
    if weight is None:
        weight = _DEFAULT_WEIGHT
    if not 1 <= weight <= 256:
        raise ProtocolError(f"Weight must be between 1 and 256, not {weight}")
    if depends_on == stream_id:
        raise ProtocolError(f"Stream {stream_id} may not depend on itself")
    return Dependency(depends_on or 0, weight, bool(exclusive))


def _is_interim(fields: list[Field]) -> bool:
    """Whether these are the fields of an interim response (RFC 9110 §15.2)."""
    for name, value in fields:
        if name == b":status":
            return value[:1] == b"1"
    return False
