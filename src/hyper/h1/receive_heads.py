"""Heads that the peer sends, into events (RFC 9112 §3, §4, §6.3, §9.3).

Everything that depends on a head is decided here, or by a table this module asks: where its body
ends, whether another exchange may follow, whether the protocol changes.

Not here: when a head is due, which is `receive`'s; whether a single field is legal, which is
`fields`'.

This file is on the hot path: what is usual is tried first.  bench/h1_cycle.py proves it.
"""

from typing import Final

from hyper.h1 import clock
from hyper.h1.body import BodyReader
from hyper.h1.buffer import InputBuffer
from hyper.h1.cycle import REQUEST_MOVES, RESPONSE_MOVES, Step
from hyper.h1.events import (
    Event,
    InformationalResponse,
    PeerFault,
    Preface,
    Request,
    Response,
)
from hyper.h1.fields import (
    CLOSE,
    CONTINUE,
    KEEP_ALIVE,
    NO_EXPECTATION,
    UNKNOWN_EXPECTATION,
    UPGRADE_OPTION,
    FieldReader,
    Section,
)
from hyper.h1.framing import Body, Coding, Kind, Length, framing, response_kind
from hyper.h1.grammar import CONNECT, HEAD, METHODS, PLAIN, TARGET_BYTES
from hyper.h1.head import (
    PREFACE_LINE,
    USUAL_VERSION,
    Fault,
    RequestLine,
    StatusLine,
    host_fault,
    offers,
    read_request_line,
    read_status_line,
)
from hyper.h1.leniences import Leniences
from hyper.h1.scan import Scan
from hyper.h1.session import Session

_FRAMING: Final = "one way to tell where the body ends"

# A member of an enumeration is a slow look-up until it has a name of its own.
_NOTHING: Final = Body.NOTHING
_LENGTH: Final = Body.LENGTH
_UNTIL_CLOSE: Final = Body.UNTIL_CLOSE
_TUNNEL: Final = Body.TUNNEL
_BAD: Final = Body.BAD
_UNKNOWN_CODING: Final = Body.UNKNOWN_CODING
_REQUEST: Final = Kind.REQUEST
_CONNECT_REQUEST: Final = Kind.CONNECT_REQUEST
_RESPONSE: Final = Kind.RESPONSE
_NO_CODING: Final = Coding.NONE
_NO_LENGTH: Final = Length.NONE
_NO_STATUS_LINE: Final = StatusLine(200, b"", b"1.1")


class HeadReceiver:
    """Reads the heads of one direction of a connection."""

    __slots__ = (
        "_buffer",
        "_expects_preface",
        "_fields",
        "_keep_extensions",
        "_leniences",
        "_scan",
        "_session",
        "_skipped",
        "_status_line",
        "_status_octets",
    )

    def __init__(
        self,
        session: Session,
        buffer: InputBuffer,
        leniences: Leniences,
        keep_extensions: bool,
        expects_preface: bool,
    ) -> None:
        self._session: Final = session
        self._buffer: Final = buffer
        self._fields: Final = FieldReader(leniences)
        self._leniences: Final = leniences
        self._keep_extensions: Final = keep_extensions
        self._expects_preface: Final = expects_preface
        self._skipped = False  # the one empty line before a head
        self._scan: Scan | None = None
        # The status line is nearly always the one that came last.
        self._status_octets: bytes = b""
        self._status_line: StatusLine = _NO_STATUS_LINE

    # -- requests ----------------------------------------------------------------------------

    def read_request(self) -> Event | None:
        """The head of a request, or what is wrong with it; `None` if it is not all there."""
        buffer = self._buffer
        # A server never takes LF for the end of a line, so there is one way to find the end.
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return self._incomplete()
        data = buffer.data
        start = buffer.pos
        line_end = data.find(b"\r\n", start)
        if line_end == start:
            return self._skip_empty_line()
        line = data[start:line_end]
        # As below: compiled, a slice may not start behind its end.
        section = self._fields.read(data[line_end + 2 : end] if line_end < end else b"")
        parts = line.split(b" ")
        kind = METHODS.get(parts[0], -1)
        # What nearly all look like.  OPTIONS and CONNECT have targets of their own.
        if (
            len(parts) == 3
            and parts[2] == USUAL_VERSION
            and PLAIN <= kind <= HEAD
            and parts[1][:1] == b"/"
            and not parts[1].translate(None, TARGET_BYTES)
            and isinstance(section, Section)
            and self._is_small(end + 4 - start, section)
        ):
            buffer.pos = end + 4
            return self._request(parts[0], kind, parts[1], b"1.1", section)
        request = read_request_line(line)
        fault = self._scan_whole(end + 4)
        if fault is not None:
            return self.fail(fault)
        if line == PREFACE_LINE:
            return self._read_preface(line_end == end)
        if not isinstance(request, RequestLine):
            return self.fail(request)
        if not isinstance(section, Section):
            return self.fail(Fault(400, "well-formed fields", section))
        buffer.pos = end + 4
        return self._request(request.method, request.kind, request.target, request.version, section)

    def _request(
        self, method: bytes, method_kind: int, target: bytes, version: bytes, section: Section
    ) -> Event:
        session = self._session
        self._end_of_head()
        minor = version[2] - 0x30
        if section.hosts != 1 or minor == 0 or target[:1] != b"/":
            host = host_fault(section, method_kind, target, minor)
            if host is not None:
                return self.fail(Fault(400, "the Host of the request-target", host))
        coding = section.coding
        ends = coding is _NO_CODING and section.length is _NO_LENGTH
        if not ends:
            if minor == 0 and coding is not _NO_CODING:
                coding = Coding.OLD
            kind = _CONNECT_REQUEST if method_kind == CONNECT else _REQUEST
            body = framing(kind, coding, section.length)
            ends = body is _NOTHING
            if not ends:
                fault = self._begin_body(body, kind, coding, section)
                if fault is not None:
                    return self.fail(fault)
        # RFC 9110 §10.1.1: a server MUST ignore the expectation of an HTTP/1.0 client.
        expects = section.expectation if minor else NO_EXPECTATION
        if expects == UNKNOWN_EXPECTATION:
            return self.fail(Fault(417, "the expectation 100-continue", "another"))
        session.begin(method_kind, minor)
        session.peer_version = version
        options = section.options
        move = 1 if ends else 0
        # RFC 9112 §9.3: "close" first, then the version, then "keep-alive".
        if options & CLOSE or session.exchange >= session.limits.max_requests:
            move += 2
        elif minor == 0:
            if options & KEEP_ALIVE:
                session.keeps_alive = True
            else:
                move += 2
        state = REQUEST_MOVES[session.state][move]
        if state is not None:  # a head is read only where the table has one
            session.state = state
        # RFC 9110 §7.8: MUST ignore an Upgrade in HTTP/1.0; and without the option, an intermediary
        # has passed on what was not meant for us.
        if section.upgrade and minor and options & UPGRADE_OPTION:
            session.upgrade = section.upgrade
        if expects == CONTINUE and not ends:
            session.expects = True
        return Request(
            session.exchange,
            method,
            target,
            section.fields[:],
            ends,
            version,
            section.names,
        )

    def _begin_body(self, body: Body, kind: Kind, coding: Coding, section: Section) -> Fault | None:
        """The message has a body, or framing that is at fault.

        RFC 9112 §6.3: then a server answers with 400, a client has 502 to say; both close.
        """
        server = self._session.is_server
        if body is _BAD:
            return Fault(400 if server else 502, _FRAMING, _described(kind, coding, section.length))
        if body is _UNKNOWN_CODING:
            return Fault(501 if server else 502, "no transfer coding but chunked", "others")
        reader = self._session.body
        if reader is None:
            reader = self._new_body()
        return reader.begin(body, section.content_length if body is _LENGTH else 0)

    def _new_body(self) -> BodyReader:
        session = self._session
        session.body = body = BodyReader(
            session.role,
            self._buffer,
            self._fields,
            session.limits,
            self._leniences,
            self._keep_extensions,
        )
        return body

    def _read_preface(self, alone: bool) -> Event:
        """The line that no HTTP/1.1 has, because HTTP/2 begins with it (RFC 9113 §3.4)."""
        session = self._session
        if self._expects_preface and alone and session.exchange == 0 and not self._skipped:
            self._end_of_head()
            session.step(Step.SWITCH)
            return Preface()
        return self.fail(Fault(505, "HTTP/1.x", "the preface of HTTP/2"))

    # -- responses ---------------------------------------------------------------------------

    def read_response(self) -> Event | None:
        """The head of a response, or what is wrong with it; `None` if it is not all there."""
        buffer = self._buffer
        leniences = self._leniences
        if leniences.bare_lf or leniences.unfold:
            return self._read_loose_response()
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return self._incomplete()
        data = buffer.data
        start = buffer.pos
        line_end = data.find(b"\r\n", start)
        if line_end == start:
            return self._skip_empty_line()
        # A head without fields ends where its first line does; compiled, a slice may not start
        # behind its end.
        block = data[line_end + 2 : end] if line_end < end else b""
        return self._response_head(data[start:line_end], block, end + 4 - start)

    def _read_loose_response(self) -> Event | None:
        """The same with LF for the end of a line, or with folded lines, as the leniences say."""
        buffer = self._buffer
        bare_lf = self._takes_bare_lf()
        end = buffer.find_loose_empty_line() if bare_lf else buffer.find(b"\r\n\r\n")
        if end < 0:
            return self._incomplete()
        data = buffer.data
        start = buffer.pos
        size = data.index(b"\n", end + (1 if bare_lf else 2)) + 1 - start
        head = data[start : start + size]
        if bare_lf:
            # Each LF ends a line, and what else a CR does is still refused.
            head = head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        if head[:2] == b"\r\n":
            return self._skip_empty_line()
        line, _, block = head[:-4].partition(b"\r\n")
        if self._leniences.unfold:
            block = _unfolded(block)
        return self._response_head(line, block, size)

    def _response_head(self, line: bytes, block: bytes, size: int) -> Event | None:
        section = self._fields.read(block)
        status: StatusLine | Fault = self._status_line
        if line != self._status_octets:
            status = read_status_line(line)
        if (
            not isinstance(section, Section)
            or not isinstance(status, StatusLine)
            or not self._is_small(size, section)
        ):
            fault = self._scan_whole(self._buffer.pos + size)
            if fault is not None:
                return self.fail(fault)
            if not isinstance(status, StatusLine):
                return self.fail(status)
            if not isinstance(section, Section):
                return self.fail(Fault(502, "well-formed fields", section))
        self._status_octets = line
        self._status_line = status
        self._buffer.pos += size
        self._end_of_head()
        self._session.peer_version = status.version
        if status.status < 200:
            return self._interim(status, section)
        return self._response(status, section)

    def _interim(self, line: StatusLine, section: Section) -> Event:
        session = self._session
        if line.status == 101:
            # RFC 9110 §7.8: a server MUST NOT switch to a protocol that was not offered, and a
            # client cannot before its request is complete.
            if not session.upgrade or not section.upgrade:
                return self.fail(Fault(502, "a response without 101", "101"))
            if not offers(session.upgrade, section.upgrade):
                return self.fail(Fault(502, "101 to a protocol that was offered", "another"))
            if not session.step(Step.SWITCH):
                return self.fail(Fault(502, "101 behind the request", "101 within it"))
        else:
            session.interim += 1
            if session.interim > session.limits.max_interim:
                return self.fail(
                    Fault(502, f"at most {session.limits.max_interim} interim responses", "more")
                )
            if line.status == 100:
                session.expects = False
        return InformationalResponse(
            session.exchange,
            line.status,
            section.fields[:],
            line.reason,
            line.version,
            section.names,
        )

    def _response(self, line: StatusLine, section: Section) -> Event:
        session = self._session
        status = line.status
        minor = line.minor
        coding = section.coding
        length = section.length
        if minor == 0 and coding is not _NO_CODING:
            coding = Coding.OLD
        method = session.method
        kind = _RESPONSE
        if method != PLAIN or status == 204 or status == 304:
            kind = response_kind(method == HEAD, method == CONNECT, status)
        over = False
        if self._leniences.coding_over_length and coding is Coding.CHUNKED:
            over = length is not Length.NONE
            length = Length.NONE
        body = framing(kind, coding, length)
        ends = body is _NOTHING
        if not ends:
            fault = self._begin_body(body, kind, coding, section)
            if fault is not None:
                return self.fail(fault)
        session.expects = False
        if body is _TUNNEL:
            if not session.step(Step.SWITCH):
                return self.fail(Fault(502, "a response behind the request", "one within it"))
            return self._told(line, section, True)
        options = section.options
        move = 1 if ends else 0
        # RFC 9112 §9.3; and a body that ends with the connection leaves none to use again.
        if (
            options & CLOSE
            or (minor == 0 and not options & KEEP_ALIVE)
            or body is _UNTIL_CLOSE
            or over
        ):
            move += 2
        state = RESPONSE_MOVES[session.state][move]
        if state is not None:  # a head is read only where the table has one
            session.state = state
        return self._told(line, section, ends)

    def _told(self, line: StatusLine, section: Section, ends: bool) -> Response:
        return Response(
            self._session.exchange,
            line.status,
            section.fields[:],
            ends,
            line.reason,
            line.version,
            section.names,
        )

    # -- heads that are not all there --------------------------------------------------------

    def _incomplete(self) -> Event | None:
        """The head is not all there; what is there may be bad all the same."""
        buffer = self._buffer
        first = buffer.first(2)
        if not first:
            return None
        if not self._skipped and (
            first == b"\r\n" or (first[:1] == b"\n" and self._takes_bare_lf())
        ):
            return self._skip_empty_line()
        if self._skipped or first != b"\r":
            scan = self._scan
            if scan is None:
                scan = self._scan = self._new_scan()
            gathered = buffer.gathered()
            fault = scan.look(gathered, len(gathered))
            if fault is not None:
                return self.fail(fault)
        return None

    def _skip_empty_line(self) -> Event | None:
        # RFC 9112 §2.2: a server SHOULD ignore at least one empty line before a request line.
        if not self.skip_empty_line():
            # Another is what any other head is that begins with CR.
            fault = self._new_scan().look(self._buffer.first(1), 1)
            return None if fault is None else self.fail(fault)
        return self.read_request() if self._session.is_server else self.read_response()

    def skip_empty_line(self) -> bool:
        """Take an empty line, with which the input begins, unless one was taken already."""
        if self._skipped:
            return False
        self._skipped = True
        self._buffer.skip(1 if self._buffer.first(1) == b"\n" else 2)
        return True

    def _scan_whole(self, end: int) -> Fault | None:
        """What is wrong with the bytes of a head that came to its end."""
        buffer = self._buffer
        section = buffer.data[buffer.pos : end]
        return self._new_scan().look(section, len(section))

    def _end_of_head(self) -> None:
        self._scan = None
        self._skipped = False
        self._session.clock.waiting = clock.NOTHING

    def _new_scan(self) -> Scan:
        session = self._session
        return Scan(session.role, session.limits, False, self._takes_bare_lf())

    def _takes_bare_lf(self) -> bool:
        """Whether LF alone ends a line: never to a server."""
        return self._leniences.bare_lf and not self._session.is_server

    def _is_small(self, size: int, section: Section) -> bool:
        """Whether a head that came to its end is within all limits, without a look at its lines."""
        limits = self._session.limits
        return (
            size <= limits.max_start_line
            and size <= limits.max_field_line
            and size <= limits.max_head
            and len(section.fields) <= limits.max_fields
        )

    def tell_late(self) -> PeerFault:
        """A head or content did not come in time; what there is of it is of no use."""
        self._buffer.clear()
        self._scan = None
        return self._session.fail_late()

    def fail(self, fault: Fault) -> PeerFault:
        """The peer is at fault; the rest of what came is of no use."""
        self._buffer.clear()
        self._scan = None
        return self._session.fail(fault)


def _described(kind: Kind, coding: Coding, length: Length) -> str:
    """The framing of a message, for a fault."""
    what = []
    if coding is Coding.OLD:
        what.append("a Transfer-Encoding in HTTP/1.0")
    elif coding is not Coding.NONE:
        what.append(f"a Transfer-Encoding that is {coding.name}")
    if length is Length.BAD:
        what.append("a Content-Length that is not one number of 1 to 18 digits")
    elif length is not Length.NONE:
        what.append("a Content-Length")
    if kind is Kind.CONNECT_REQUEST:
        what.append("CONNECT")
    return " with ".join(what)


def _unfolded(block: bytes) -> bytes:
    # RFC 9112 §5.2: a user agent MUST replace each obs-fold with one or more SP.
    lines: list[bytes] = []
    for line in block.split(b"\r\n"):
        if lines and line[:1] in (b" ", b"\t"):
            lines[-1] = lines[-1].rstrip(b" \t") + b" " + line.strip(b" \t")
        else:
            lines.append(line)
    return b"\r\n".join(lines)
