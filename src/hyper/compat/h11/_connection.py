"""One end of a connection, as h11 has it, over the engine of `hyper.h1`.

The engine reads, writes and checks; h11's states are kept in step with it.  Not here: the tables
of the states, which are `_state`'s; how heads are said, which is `_heads`'.

This file is on the hot path.  bench/compat_h11.py proves it.
"""

from typing import Final, overload

from hyper import h1, wire
from hyper.compat.h11 import _translate
from hyper.compat.h11._events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from hyper.compat.h11._framing import body_framing, keep_alive, listed, said_request, said_response
from hyper.compat.h11._headers import (
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    kinds,
    raw_items,
)
from hyper.compat.h11._state import (
    _SWITCH_CONNECT,
    _SWITCH_UPGRADE,
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    State,
)
from hyper.compat.h11._util import LocalProtocolError, RemoteProtocolError, Sentinel

__all__ = ["NEED_DATA", "PAUSED", "Connection"]


class NEED_DATA(Sentinel, metaclass=Sentinel):
    """There is no event without more input."""


class PAUSED(Sentinel, metaclass=Sentinel):
    """There is no event before the next cycle, or none ever: the bytes are another protocol's."""


DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = 16 * 1024
"""Bytes that may wait for the rest of an event, unless the program says otherwise."""

_body_framing = body_framing
_keep_alive = keep_alive

# All that the preface of HTTP/2 has in common with a request (RFC 9113 §3.4).
_PREFACE_HEAD: Final = b"PRI * HTTP/2.0\r\n\r\n"

# A member of an enumeration is a slow look-up until it has a name of its own.
_TAIL: Final = h1.State.TAIL
_SWITCHED: Final = h1.State.SWITCHED


class Connection:
    """One end of an HTTP/1.1 connection: bytes in, events out; events in, bytes out.

    `our_role` is CLIENT or SERVER, else `ValueError`.  `max_incomplete_event_size` is how many
    bytes may wait for the rest of an event before that counts as a fault of the peer's.
    """

    def __init__(
        self,
        our_role: State,
        max_incomplete_event_size: int = DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    ) -> None:
        if our_role is not CLIENT and our_role is not SERVER:
            raise ValueError(f"a role is CLIENT or SERVER, not {our_role!r}")
        self._max_incomplete_event_size = max_incomplete_event_size
        self.our_role = our_role
        self.their_role: State = CLIENT if our_role is SERVER else SERVER
        self._cstate = ConnectionState()
        self._engine = h1.Connection(
            wire.Role.SERVER if our_role is SERVER else wire.Role.CLIENT,
            limits=_translate.LIMITS,
            leniences=_translate.LENIENCES,
            keep_chunk_extensions=True,  # so that pieces end where chunks do
            expect_preface=True,
        )
        self._exchange = 0
        self._request_method: bytes | None = None
        self.their_http_version: bytes | None = None
        # What comes: whether it is chunked, or ends with the connection; whether a chunk is under
        # way; the end of the message, if the engine has told it and we have not.
        self._chunked = False
        self._until_close = False
        self._in_chunk = False
        self._end: EndOfMessage | None = None
        self._receive_buffer_closed = False
        self._preface = 0  # bytes of it that were told as a request
        self._unheard = False  # a fault that the engine has not found came in place of a request
        # What we say: whether the engine knows already that nothing follows the head; whether its
        # end has room for trailers.
        self._said = False
        self._trailers = False

    # -- look --------------------------------------------------------------------------------

    @property
    def states(self) -> dict[State, State]:
        """The states of both ends, in a dictionary of the caller's own."""
        return dict(self._cstate.states)

    @property
    def our_state(self) -> State:
        """Our state."""
        return self._cstate.states[self.our_role]

    @property
    def their_state(self) -> State:
        """The peer's state, as of the last event taken."""
        return self._cstate.states[self.their_role]

    @property
    def client_is_waiting_for_100_continue(self) -> bool:
        """Whether the client waits for 100 (Continue) before it sends its content."""
        return self._engine.expects_continue

    @property
    def they_are_waiting_for_100_continue(self) -> bool:
        """Whether that client is the peer."""
        return self.their_role is CLIENT and self._engine.expects_continue

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """What came and was not looked at, and whether the input has ended."""
        return self._engine.unread_data()[self._preface :], self._receive_buffer_closed

    # -- receive -----------------------------------------------------------------------------

    def receive_data(self, data: bytes) -> None:
        """Bytes came from the peer, in any buffer; an empty one is the end of input.

        Raises `RuntimeError` for bytes behind the end.
        """
        if data:
            if self._receive_buffer_closed:
                raise RuntimeError("bytes behind the end of input")
            self._engine.receive_data(_octets(data), 0.0)
        else:
            self._receive_buffer_closed = True

    def next_event(self) -> Event | type[NEED_DATA] | type[PAUSED]:
        """The next event; NEED_DATA or PAUSED where there is none.

        Raises `RemoteProtocolError` where the peer broke the protocol, and from then on.
        """
        cstate = self._cstate
        their_role = self.their_role
        their = cstate.states[their_role]
        if their is ERROR:
            raise RemoteProtocolError("the peer has broken the protocol before")
        end = self._end
        if end is not None:
            self._end = None
            cstate.process_event(their_role, EndOfMessage)
            return end
        if their is DONE:
            if self._engine.unread:
                return PAUSED
            return self._close() if self._receive_buffer_closed else NEED_DATA
        if their is SWITCHED_PROTOCOL or their is MIGHT_SWITCH_PROTOCOL:
            return PAUSED
        try:
            if their is MUST_CLOSE or their is CLOSED:
                if self._engine.unread:
                    raise RemoteProtocolError("bytes where only the end was left to come")
                return self._close() if self._receive_buffer_closed else NEED_DATA
            return self._read(their)
        except RemoteProtocolError:
            cstate.process_error(their_role)
            raise
        except LocalProtocolError as error:
            cstate.process_error(their_role)
            error._reraise_as_remote_protocol_error()

    def _read(self, their: State) -> Event | type[NEED_DATA]:
        """The next event of a message that has not ended yet."""
        engine = self._engine
        told = engine.next_event()
        if told is None:
            if self._receive_buffer_closed:
                return self._cut_short(their)
            if engine.unread > self._max_incomplete_event_size:
                self._unheard = their is IDLE
                raise RemoteProtocolError("more bytes than an incomplete event may have", 431)
            return NEED_DATA
        kind = type(told)
        if isinstance(told, h1.Data):
            return self._content(told)
        if isinstance(told, h1.Request):
            return self._request(told)
        if isinstance(told, h1.Response):
            return self._response(told)
        if isinstance(told, h1.Trailers):
            event = _translate.end(told)
            self._cstate.process_event(self.their_role, EndOfMessage)
            return event
        if isinstance(told, h1.InformationalResponse):
            return self._interim(told)
        if isinstance(told, h1.PeerFault):
            self._exchange = told.stream_id
            raise RemoteProtocolError(
                f"expected {told.expected}, got {told.came}",
                told.status if self.our_role is SERVER else 400,
            )
        if isinstance(told, h1.Preface):
            return self._http2()
        raise AssertionError(f"not told with these options: {kind.__name__}")

    def _content(self, told: h1.Data) -> Event:
        content = told.data
        if told.end_stream:
            if not content:
                self._cstate.process_event(self.their_role, EndOfMessage)
                return _translate.END
            self._end = _translate.END
        if not self._chunked:
            return _translate.data(content, False, False)
        starts = not self._in_chunk
        ends = self._engine.content_left == 0
        self._in_chunk = not ends
        return _translate.data(content, starts, ends)

    def _request(self, told: h1.Request) -> Request:
        self._exchange = told.stream_id  # also of one that is refused
        event = _translate.request(told)
        cstate = self._cstate
        engine = self._engine
        self._request_method = told.method
        self.their_http_version = told.version
        self._begin(told.end_stream, event)
        if told.method == b"CONNECT":
            cstate.process_client_switch_proposal(_SWITCH_CONNECT)
        if engine.upgrade_offered:
            cstate.process_client_switch_proposal(_SWITCH_UPGRADE)
        cstate.process_event(CLIENT, Request)
        self._persist(told.version)
        return event

    def _response(self, told: h1.Response) -> Response:
        event = _translate.response(told)
        cstate = self._cstate
        self.their_http_version = told.version
        if self._engine.state is _SWITCHED:
            cstate.process_event(SERVER, Response, _SWITCH_CONNECT)
            return event
        self._begin(told.end_stream, event)
        cstate.process_event(SERVER, Response)
        self._persist(told.version)
        return event

    def _interim(self, told: h1.InformationalResponse) -> InformationalResponse:
        event = _translate.interim(told)
        self.their_http_version = told.version
        switch = _SWITCH_UPGRADE if self._engine.state is _SWITCHED else None
        self._cstate.process_event(SERVER, InformationalResponse, switch)
        return event

    def _http2(self) -> Request:
        """What is a request to h11, and the preface of HTTP/2 to servers that look at it."""
        self._preface = len(_PREFACE_HEAD)
        self._request_method = b"PRI"
        self.their_http_version = b"2.0"
        self._cstate.process_event(CLIENT, Request)
        self._end = _translate.END
        return Request(method=b"PRI", headers=[], target=b"*", http_version=b"2.0", _parsed=True)

    def _begin(self, ends: bool, event: Request | Response) -> None:
        """A head was read: what is to come behind it."""
        if ends:
            self._end = _translate.END
            self._chunked = False
            return
        found = kinds(event.headers)
        self._chunked = found & TRANSFER_ENCODING != 0
        self._until_close = not found & (TRANSFER_ENCODING | CONTENT_LENGTH)
        self._in_chunk = False

    def _persist(self, version: bytes) -> None:
        """Whether another cycle may follow, as the engine found; for h11, never in HTTP/1.0."""
        state = self._engine.state
        cstate = self._cstate
        if cstate.keep_alive and ((state > _TAIL and state is not _SWITCHED) or version < b"1.1"):
            cstate.process_keep_alive_disabled()

    def _close(self) -> ConnectionClosed:
        event = ConnectionClosed()
        self._cstate.process_event(self.their_role, ConnectionClosed)
        return event

    def _cut_short(self, their: State) -> Event:
        """The input has ended and the engine has nothing to tell."""
        if their is SEND_BODY:
            if not self._until_close:
                raise RemoteProtocolError(
                    "the peer closed the connection before its message was complete"
                )
            # The engine is told of this end alone: RFC 9112 §6.3, rule 8.
            self._engine.receive_data(b"", 0.0)
            self._engine.next_event()
            self._cstate.process_event(self.their_role, EndOfMessage)
            return _translate.END
        if self._engine.unread:
            self._unheard = their is IDLE
            raise RemoteProtocolError("the peer closed the connection within a head")
        return self._close()

    # -- send --------------------------------------------------------------------------------

    @overload
    def send(self, event: ConnectionClosed) -> None: ...
    @overload
    def send(
        self, event: Request | InformationalResponse | Response | Data | EndOfMessage
    ) -> bytes: ...
    @overload
    def send(self, event: Event) -> bytes | None: ...
    def send(self, event: Event) -> bytes | None:
        """The bytes that say `event` to the peer; `None` for `ConnectionClosed`: close.

        Raises `LocalProtocolError` where that is forbidden, and from then on.
        """
        if type(event) is Data:
            data = event.data
            # As the engine wants it; an object that only has a length is for the other method.
            self._send(event, data if type(data) is bytes else _octets(data))
        elif not self._send(event, b""):
            return None
        return self._engine.data_to_send()

    def send_with_data_passthrough(self, event: Event) -> list[bytes] | None:
        """As `send`, in pieces: the `data` of a `Data` is one of them, the very object, of which
        only the length was looked at.
        """
        if type(event) is not Data:
            octets = self.send(event)
            return None if octets is None else [octets]
        before, behind = self._account(event)
        pieces = [before] if before else []
        if behind or len(event.data):
            pieces.append(event.data)
        if behind:
            pieces.append(behind)
        return pieces

    def send_failed(self) -> None:
        """What `send` returned could not be delivered."""
        self._cstate.process_error(self.our_role)

    def start_next_cycle(self) -> None:
        """Begin another exchange; `LocalProtocolError` unless both ends are done with this one."""
        self._cstate.start_next_cycle()
        self._request_method = None

    def _send(self, event: Event, octets: bytes) -> bool:
        """Say an event to the engine; false if it has no bytes."""
        role = self.our_role
        if self._cstate.states[role] is ERROR:
            raise LocalProtocolError("we have broken the protocol before")
        try:
            kind = type(event)
            if kind is Data:
                self._say_data(octets)
            elif kind is EndOfMessage and isinstance(event, EndOfMessage):
                self._say_end(event)
            elif kind is Response and isinstance(event, Response):
                self._say_response(event)
            elif kind is Request and isinstance(event, Request):
                self._say_request(event)
            elif kind is InformationalResponse and isinstance(event, InformationalResponse):
                self._say_interim(event)
            else:
                self._cstate.process_event(role, kind)
                return False
        except wire.LocalProtocolError as error:
            self._cstate.process_error(role)
            raise LocalProtocolError(str(error)) from error
        except BaseException:
            self._cstate.process_error(role)
            raise
        return True

    def _account(self, event: Data) -> tuple[bytes, bytes]:
        """Account for content that the caller writes; what goes before it, and behind."""
        role = self.our_role
        if self._cstate.states[role] is ERROR:
            raise LocalProtocolError("we have broken the protocol before")
        try:
            self._check_data(len(event.data))
            if self._said:
                return b"", b""
            return self._engine.send_elsewhere(self._exchange, len(event.data))
        except wire.LocalProtocolError as error:
            self._cstate.process_error(role)
            raise LocalProtocolError(str(error)) from error
        except BaseException:
            self._cstate.process_error(role)
            raise

    def _check_data(self, size: int) -> None:
        if self._cstate.states[self.our_role] is not SEND_BODY:
            self._cstate.process_event(self.our_role, Data)
        if self._said and size:
            raise LocalProtocolError("content behind a head that says there is none")

    def _say_data(self, octets: bytes) -> None:
        self._check_data(len(octets))
        if not self._said:
            self._engine.send(h1.Data(self._exchange, octets))

    def _say_end(self, event: EndOfMessage) -> None:
        self._cstate.process_event(self.our_role, EndOfMessage)
        headers = event.headers
        if headers and not self._trailers:
            raise LocalProtocolError("trailers behind content that is not chunked")
        if self._said:
            return
        if headers:
            self._engine.send(h1.Trailers(self._exchange, raw_items(headers)))
        else:
            self._engine.send(h1.Data(self._exchange, b"", True))

    def _say_request(self, event: Request) -> None:
        cstate = self._cstate
        engine = self._engine
        _check_version(event.http_version)
        if event.method == b"CONNECT":
            cstate.process_client_switch_proposal(_SWITCH_CONNECT)
        cstate.process_event(self.our_role, Request)
        found = kinds(event.headers)
        self._said = not found & (CONTENT_LENGTH | TRANSFER_ENCODING)
        self._trailers = found & TRANSFER_ENCODING != 0
        self._exchange += 1
        engine.send(
            h1.Request(
                self._exchange,
                event.method,
                event.target,
                said_request(event.headers),
                self._said,
            )
        )
        if engine.upgrade_offered:
            cstate.process_client_switch_proposal(_SWITCH_UPGRADE)
        if engine.state > _TAIL:
            cstate.process_keep_alive_disabled()
        self._request_method = event.method

    def _say_response(self, event: Response) -> None:
        cstate = self._cstate
        engine = self._engine
        method = self._request_method
        _check_version(event.http_version)
        switch = None
        if (
            method == b"CONNECT"
            and event.status_code < 300
            and _SWITCH_CONNECT in cstate.pending_switch_proposals
        ):
            switch = _SWITCH_CONNECT
        early = cstate.states[SERVER] is IDLE
        fields, self._trailers = said_response(
            event, method, self.their_http_version, cstate.keep_alive
        )
        cstate.process_event(self.our_role, Response, switch)
        if early and (self._unheard or cstate.states[CLIENT] is IDLE):
            # To no request at all: the engine makes it the last.
            engine.abandon()
            self._exchange = engine.next_stream_id() - 1
        engine.send(h1.Response(self._exchange, event.status_code, fields, reason=event.reason))
        self._said = False
        state = engine.state
        if state > _TAIL and state is not _SWITCHED and cstate.keep_alive:
            cstate.process_keep_alive_disabled()

    def _say_interim(self, event: InformationalResponse) -> None:
        cstate = self._cstate
        _check_version(event.http_version)
        switch = None
        if event.status_code == 101 and _SWITCH_UPGRADE in cstate.pending_switch_proposals:
            switch = _SWITCH_UPGRADE
        cstate.process_event(self.our_role, InformationalResponse, switch)
        self._engine.send(
            h1.InformationalResponse(
                self._exchange, event.status_code, listed(event.headers), reason=event.reason
            )
        )


def _check_version(version: bytes) -> None:
    # RFC 9112 §2.3: a sender's own version is what it says.
    if version != b"1.1":
        raise LocalProtocolError("only HTTP/1.1 is said, whatever the peer speaks")


def _octets(data: bytes | bytearray | memoryview) -> bytes:
    """Any buffer as bytes; `TypeError` for what is none, text and numbers among it."""
    return data if type(data) is bytes else bytes(memoryview(data))
