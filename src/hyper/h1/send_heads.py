"""Heads that the caller wants said, into bytes (RFC 9112 §3, §4, §6, §9).

The engine frames every message itself: it adds the field that a body without one needs, and
`Connection: close` where no other exchange can follow.

Not here: content, which is `send`'s; whether a single field is legal, which is `fields`'.

This file is on the hot path: plain chains.  bench/h1_cycle.py proves it.
"""

from collections.abc import Sequence
from typing import Final

from hyper.h1.cycle import (
    REQUEST_MOVES,
    RESPONSE_MOVES,
    ROWS,
    State,
    Step,
    persists,
    require,
)
from hyper.h1.events import InformationalResponse, Request, Response
from hyper.h1.fields import (
    CLOSE,
    CONTINUE,
    KEEP_ALIVE,
    NO_EXPECTATION,
    TE_OPTION,
    UPGRADE_OPTION,
    FieldWriter,
    Section,
)
from hyper.h1.framing import Body, Coding, Kind, Length, framing, response_kind
from hyper.h1.grammar import (
    CONNECT,
    HEAD,
    METHODS,
    PLAIN,
    REASONS,
    TARGET_BYTES,
    TEXT_BYTES,
    is_token,
    target_fault,
)
from hyper.h1.head import host_fault, offers
from hyper.h1.session import Session
from hyper.wire import Field, LocalProtocolError

LAST_CHUNK: Final = b"0\r\n\r\n"

_STATUS_LINES: Final[dict[int, bytes]] = {
    status: b"HTTP/1.1 %d %b\r\n" % (status, reason) for status, reason in REASONS.items()
}

# RFC 9110 §8.6: a user agent sends Content-Length when the method defines a meaning for content,
# even when there is none.
_MEANT_FOR_CONTENT: Final = (b"POST", b"PUT", b"PATCH")

_CLOSE_LINE: Final = b"Connection: close\r\n"
_KEEP_ALIVE_LINE: Final = b"Connection: keep-alive\r\n"
_CHUNKED_LINE: Final = b"Transfer-Encoding: chunked\r\n"
_NO_CONTENT_LINE: Final = b"Content-Length: 0\r\n"

# What says that a body is framed like that, where the caller has not said it.
_ADDED: Final[dict[Body, bytes]] = {
    Body.CHUNKED: _CHUNKED_LINE,
    Body.NOTHING: _NO_CONTENT_LINE,
    Body.UNTIL_CLOSE: b"",
}

_BAD_FRAMING: Final = "more than one way to tell where the body ends, or one that is none"

# A member of an enumeration is a slow look-up until it has a name of its own.
_REQUEST_HEAD: Final = Step.REQUEST_HEAD
_REQUEST_END: Final = Step.REQUEST_END
_RESPONSE_HEAD: Final = Step.RESPONSE_HEAD
_RESPONSE_END: Final = Step.RESPONSE_END
_REQUEST: Final = State.REQUEST
_TAIL: Final = State.TAIL
_NOTHING: Final = Body.NOTHING
_LENGTH: Final = Body.LENGTH
_CHUNKED: Final = Body.CHUNKED
_UNTIL_CLOSE: Final = Body.UNTIL_CLOSE
_TUNNEL: Final = Body.TUNNEL
_BAD: Final = Body.BAD
_UNKNOWN_CODING: Final = Body.UNKNOWN_CODING
_RESPONSE: Final = Kind.RESPONSE
_NO_LENGTH: Final = Length.NONE
_NO_CODING: Final = Coding.NONE
_CHUNKED_CODING: Final = Coding.CHUNKED


class HeadSender:
    """Writes the heads of one direction of a connection, and ends its messages."""

    __slots__ = ("_fields", "_session")

    def __init__(self, session: Session, fields: FieldWriter) -> None:
        self._session: Final = session
        self._fields: Final = fields

    def request(self, event: Request) -> None:
        """Write the head of a request.

        RFC 9112 §2.2, §2.3: with nothing before it, and always in our own version.
        """
        session = self._session
        stream_id = event.stream_id
        if session.is_server:
            raise LocalProtocolError("only a client sends requests")
        require(stream_id, session.state, _REQUEST_HEAD)
        if stream_id != session.exchange + 1:
            raise LocalProtocolError(
                f"expected the exchange {session.exchange + 1}, got {stream_id}"
            )
        method = event.method
        target = event.target
        kind = METHODS.get(method, -1)
        if kind < 0:
            if not is_token(method):
                raise LocalProtocolError(f"exchange {stream_id}: a method that is no token")
            kind = PLAIN
        section = self._section(stream_id, event.fields, event.names)
        # What nearly all look like.
        if (
            kind > HEAD
            or section.hosts != 1
            or target[:1] != b"/"
            or target.translate(None, TARGET_BYTES)
        ):
            self._check_target(stream_id, kind, target, section)
        ends = event.end_stream
        more: bytes = b""
        # RFC 9112 §6.3: content MUST have a length or be chunked.
        if section.length is _NO_LENGTH and section.coding is _NO_CODING:
            body = _NOTHING
            if not ends:
                body = _CHUNKED
                more = _CHUNKED_LINE
            elif method in _MEANT_FOR_CONTENT:
                more = _NO_CONTENT_LINE
        else:
            body = framing(
                Kind.CONNECT_REQUEST if kind == CONNECT else Kind.REQUEST,
                section.coding,
                section.length,
            )
        self._check_body(stream_id, body, ends)
        if body is not _NOTHING or section.expectation != NO_EXPECTATION:
            self._check_content(stream_id, kind, body, section)
        # Everything is checked.  RFC 9112 §9.3: "close" is the caller's to say.
        state = REQUEST_MOVES[session.state][2 if section.options & CLOSE else 0]
        session.begin(kind, 1)
        if state is not None:
            session.state = state
        session.upgrade = section.upgrade
        session.expects = section.expectation == CONTINUE
        out = session.out
        out.append(b"%b %b HTTP/1.1\r\n" % (method, target))
        out += section.lines
        out.append(more + b"\r\n" if more else b"\r\n")
        self._begin_body(body, section.content_length, ends)

    def response(self, event: Response) -> None:
        """Write the head of a final response."""
        session = self._session
        stream_id = event.stream_id
        status = event.status
        before = session.state
        if (
            not session.is_server
            or stream_id != session.exchange
            or ROWS[before][_RESPONSE_HEAD] is None
        ):
            self._check_response(stream_id, _RESPONSE_HEAD)
        if not 200 <= status <= 999:
            raise LocalProtocolError(f"exchange {stream_id}: {status} is no final status")
        line = _STATUS_LINES.get(status) if event.reason is None else None
        if line is None:
            line = self._status_line(stream_id, status, event.reason)
        section = self._section(stream_id, event.fields, event.names)
        coding = section.coding
        length = section.length
        method = session.method
        kind = _RESPONSE
        if method != PLAIN or status == 204 or status == 304:
            kind = response_kind(method == HEAD, method == CONNECT, status)
        if kind is not _RESPONSE and (length is not _NO_LENGTH or coding is not _NO_CODING):
            self._drop_framing(status, section)
            coding = section.coding
            length = section.length
        framed = framing(kind, coding, length)
        if framed is _TUNNEL:
            self._switch(stream_id, line, section)
            return
        ends = event.end_stream
        body: Body = framed
        more: bytes = b""
        if framed is not _LENGTH or status == 205:
            body = self._chosen(status, framed, section, ends)
            if body is not framed:
                more = _ADDED[body]
        self._check_body(stream_id, body, ends)
        options = section.options
        last = options & CLOSE != 0 or body is _UNTIL_CLOSE or self._ends_with(before, ends)
        if last:
            if not options & CLOSE:
                more += _CLOSE_LINE
        elif session.keeps_alive and not options & KEEP_ALIVE:
            more += _KEEP_ALIVE_LINE
        # Everything is checked.
        state = RESPONSE_MOVES[before][2 if last else 0]
        if state is not None:
            session.state = state
        session.expects = False
        out = session.out
        out.append(line)
        out += section.lines
        out.append(more + b"\r\n" if more else b"\r\n")
        self._begin_body(body, section.content_length, ends)

    def interim(self, event: InformationalResponse) -> None:
        """Write the head of an interim response."""
        session = self._session
        stream_id = event.stream_id
        status = event.status
        switches = status == 101
        self._check_response(stream_id, Step.SWITCH if switches else Step.INTERIM_RESPONSE)
        if not 100 <= status <= 199:
            raise LocalProtocolError(f"exchange {stream_id}: {status} is no 1xx")
        if session.minor == 0:
            # RFC 9110 §15.2: a server MUST NOT send a 1xx response to an HTTP/1.0 client.
            raise LocalProtocolError(f"exchange {stream_id}: {status} to a client of HTTP/1.0")
        line = self._status_line(stream_id, status, event.reason)
        section = self._section(stream_id, event.fields, event.names)
        self._drop_framing(status, section)
        if switches:
            # RFC 9110 §7.8: MUST send Upgrade, MUST NOT switch to what was not offered.
            if not section.upgrade or not session.upgrade:
                raise LocalProtocolError(f"exchange {stream_id}: 101 without Upgrade on both sides")
            if not offers(session.upgrade, section.upgrade):
                raise LocalProtocolError(f"exchange {stream_id}: 101 to what was not offered")
            self._switch(stream_id, line, section)
            return
        if status == 100:
            session.expects = False
        session.out.append(line)
        session.out += section.lines
        session.out.append(b"\r\n")

    def _drop_framing(self, status: int, section: Section) -> None:
        """Leave out what a response without a body must not say of one."""
        # RFC 9112 §6.1: a server MUST NOT send Transfer-Encoding in 1xx, 204 and 2xx to CONNECT.
        # RFC 9110 §8.6: nor Content-Length; HEAD and 304 may say what GET would have had.
        to_connect = self._session.method == CONNECT
        if status < 200 or status == 204 or (to_connect and status < 300):
            section.lines = [each for each in section.lines if not _is_framing(each)]
            section.length = _NO_LENGTH
            section.coding = _NO_CODING

    def _chosen(self, status: int, framed: Body, section: Section, ends: bool) -> Body:
        """How a response is framed that does not say so itself, or not so that its client knows."""
        body = framed
        if section.coding is _CHUNKED_CODING and (self._session.minor == 0 or status == 205):
            # RFC 9112 §6.1: MUST NOT send Transfer-Encoding to a client of HTTP/1.0.
            section.lines = [each for each in section.lines if not _is_coding(each)]
            if body is _CHUNKED:
                body = _UNTIL_CLOSE
        if body is _UNTIL_CLOSE:
            # RFC 9110 §15.3.6: a server MUST NOT generate content in a 205 response.
            if ends or status == 205:
                return _NOTHING
            return _CHUNKED if self._session.minor else body
        if status == 205 and body is _LENGTH:
            raise LocalProtocolError(f"exchange {self._session.exchange}: 205 with content")
        return body

    def _ends_with(self, state: State, ends: bool) -> bool:
        """Whether no other exchange can follow the response that begins in `state`.

        RFC 9112 §9.3: then the response MUST say so.
        """
        session = self._session
        # RFC 9110 §10.1.1: a client that waits for 100 need not send its content now.
        if session.expects or not persists(state):
            return True
        # Nobody wants the rest of the request, and there is too much of it to be waited for.
        return ends and state is _REQUEST and session.remaining() > session.limits.max_drain

    def _switch(self, stream_id: int, line: bytes, section: Section) -> None:
        session = self._session
        session.state = require(stream_id, session.state, Step.SWITCH)
        session.clock.stop()
        session.out.append(line)
        session.out += section.lines
        session.out.append(b"\r\n")

    # -- checks ------------------------------------------------------------------------------

    def _check_target(self, stream_id: int, kind: int, target: bytes, section: Section) -> None:
        fault = target_fault(kind, target)
        if fault is None:
            # RFC 9112 §3.2: a client MUST send Host, and no more than one.
            # RFC 9112 §3.2.2: with a target in absolute-form as well.
            fault = host_fault(section, kind, target, 1)
        if fault is not None:
            raise LocalProtocolError(f"exchange {stream_id}: {fault}")

    def _check_response(self, stream_id: int, step: Step) -> None:
        session = self._session
        if not session.is_server:
            raise LocalProtocolError("only a server sends responses")
        if stream_id != session.exchange:
            raise LocalProtocolError(f"expected the exchange {session.exchange}, got {stream_id}")
        require(stream_id, session.state, step)

    def _section(self, stream_id: int, fields: Sequence[Field], names: Sequence[bytes]) -> Section:
        section = self._fields.read(fields, names)
        if isinstance(section, Section):
            # RFC 9110 §7.6.1: MUST list in Connection what is for the connection alone.
            if section.upgrade and not section.options & UPGRADE_OPTION:
                raise LocalProtocolError(
                    f"exchange {stream_id}: upgrade without the connection option of that name"
                )
            if section.te:
                self._check_te(stream_id, section)
            return section
        raise LocalProtocolError(f"exchange {stream_id}: {section}")

    def _check_te(self, stream_id: int, section: Section) -> None:
        # RFC 9112 §7.4: a sender of TE MUST also send the connection option of that name.
        if not section.options & TE_OPTION:
            raise LocalProtocolError(
                f"exchange {stream_id}: te without the connection option of that name"
            )
        # RFC 9112 §7.4: a client MUST NOT send chunked in TE: it is always acceptable.
        for coding in section.te.split(b","):
            if coding.partition(b";")[0].strip(b" \t") == b"chunked":
                raise LocalProtocolError(f"exchange {stream_id}: te with chunked")

    def _status_line(self, stream_id: int, status: int, reason: bytes | None) -> bytes:
        # RFC 9112 §4: MUST send the SP behind the status even without a reason.
        if reason is None:
            line = _STATUS_LINES.get(status)
            return b"HTTP/1.1 %d \r\n" % status if line is None else line
        if reason.translate(None, TEXT_BYTES):
            raise LocalProtocolError(f"exchange {stream_id}: a reason phrase that is no text")
        return b"HTTP/1.1 %d %b\r\n" % (status, reason)

    def _check_body(self, stream_id: int, body: Body, ends: bool) -> None:
        # RFC 9112 §6.1, §6.2: chunked once and last, and no Content-Length beside it.
        if body is _BAD or body is _UNKNOWN_CODING:
            raise LocalProtocolError(f"exchange {stream_id}: {_BAD_FRAMING}")
        if ends and body is _LENGTH:
            raise LocalProtocolError(f"exchange {stream_id}: a Content-Length and no content")

    def _check_content(self, stream_id: int, kind: int, body: Body, section: Section) -> None:
        """Whether a request may have content, or expect to have some."""
        if kind == CONNECT and body is not _NOTHING:
            # RFC 9110 §9.3.6: it does not have content; what follows is the tunnel's.
            raise LocalProtocolError(f"exchange {stream_id}: CONNECT with content")
        if body is _CHUNKED and self._session.peer_version == b"1.0":
            # RFC 9112 §6.1, §6.3: MUST NOT unless it knows that the server handles HTTP/1.1.
            raise LocalProtocolError(f"exchange {stream_id}: chunks for a server of HTTP/1.0")
        if section.expectation == NO_EXPECTATION:
            return
        if section.expectation != CONTINUE:
            raise LocalProtocolError(
                f"exchange {stream_id}: an expectation other than 100-continue"
            )
        if body is _NOTHING:
            # RFC 9110 §10.1.1: MUST NOT generate it in a request without content.
            raise LocalProtocolError(f"exchange {stream_id}: an expectation without content")

    # -- what was said -----------------------------------------------------------------------

    def _begin_body(self, body: Body, length: int, ends: bool) -> None:
        """A head is written."""
        session = self._session
        session.out_body = body
        if body is _LENGTH:
            session.out_left = length
        elif body is _NOTHING:
            session.out_left = 0
        else:
            session.out_left = -1
        if ends:
            if body is _CHUNKED:
                session.out.append(LAST_CHUNK)
            self.end()

    def end(self) -> None:
        """Our message is complete."""
        session = self._session
        state = ROWS[session.state][_RESPONSE_END if session.is_server else _REQUEST_END]
        if state is None:
            return
        # RFC 9112 §9.3: read the entire request or close the connection.
        if state is _TAIL and session.is_server and session.remaining() > session.limits.max_drain:
            state = State.MUST_CLOSE
        session.state = state


def _is_coding(line: bytes) -> bool:
    return line[:18].lower() == b"transfer-encoding:"


def _is_framing(line: bytes) -> bool:
    return _is_coding(line) or line[:15].lower() == b"content-length:"
