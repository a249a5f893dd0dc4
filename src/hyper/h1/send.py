"""What the caller wants said, into bytes (RFC 9112): order, content, trailers.

A wrong call raises `LocalProtocolError` and changes nothing: check first, change after.  Nothing
that is said can end a line, a field or a message early.

Not here: heads, which are `send_heads`'.

This file is on the hot path: plain chains.  bench/h1_cycle.py proves it.
"""

from typing import Final

from hyper.h1.chunked import is_extension
from hyper.h1.cycle import Step, require
from hyper.h1.events import Data, InformationalResponse, Request, Response, Sendable, Trailers
from hyper.h1.fields import FieldWriter, Section, trailers_fault
from hyper.h1.framing import Body
from hyper.h1.send_heads import LAST_CHUNK, HeadSender
from hyper.h1.session import Session
from hyper.wire import LocalProtocolError

# A member of an enumeration is a slow look-up until it has a name of its own.
_REQUEST_DATA: Final = Step.REQUEST_DATA
_RESPONSE_DATA: Final = Step.RESPONSE_DATA
_CHUNKED: Final = Body.CHUNKED
_UNTIL_CLOSE: Final = Body.UNTIL_CLOSE


class Sender:
    """Writes one direction of a connection."""

    __slots__ = ("_fields", "_heads", "_session")

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._fields: Final = FieldWriter()
        self._heads: Final = HeadSender(session, self._fields)

    # -- ask ---------------------------------------------------------------------------------

    def send(self, event: Sendable) -> None:
        """Say `event` to the peer."""
        if isinstance(event, Data):
            self._data(event)
        elif isinstance(event, Response):
            self._heads.response(event)
        elif isinstance(event, Request):
            self._heads.request(event)
        elif isinstance(event, Trailers):
            self._trailers(event)
        elif isinstance(event, InformationalResponse):
            self._heads.interim(event)
        else:
            raise LocalProtocolError(f"{type(event).__name__} is not for sending")
        self._session.clock.told = False

    def elsewhere(self, stream_id: int, count: int, ends: bool) -> tuple[bytes, bytes]:
        """Account for content that the caller writes himself: what goes before it, and behind."""
        if count < 0:
            raise LocalProtocolError(f"content of at least 0 bytes, not {count}")
        self._check(stream_id, count, ends)
        session = self._session
        before = self.data_to_send(None)
        behind: bytes = b""
        if session.out_body is _CHUNKED:
            if count:
                before += b"%x\r\n" % count
                behind = b"\r\n"
            if ends:
                behind += LAST_CHUNK
        self._said(count, ends)
        session.clock.told = False
        return before, behind

    def shut_down(self) -> None:
        """The exchange that is under way is the last."""
        self._session.step(Step.LAST)

    def _data(self, event: Data) -> None:
        data = event.data
        size = len(data)
        ends = event.end_stream
        extension = event.chunk_extension
        self._check(event.stream_id, size, ends)
        session = self._session
        out = session.out
        if session.out_body is _CHUNKED:
            if extension and not is_extension(extension):
                raise LocalProtocolError(f"exchange {event.stream_id}: no chunk extension")
            # A chunk without content would be the last.
            if size:
                out.append(b"%x%b\r\n" % (size, extension))
                out.append(data)
                out.append(b"\r\n0\r\n\r\n" if ends else b"\r\n")
            elif ends:
                out.append(b"0%b\r\n\r\n" % extension if extension else LAST_CHUNK)
        elif extension:
            raise LocalProtocolError(
                f"exchange {event.stream_id}: a chunk extension without chunks"
            )
        elif size:
            out.append(data)
        self._said(size, ends)

    def _trailers(self, event: Trailers) -> None:
        session = self._session
        stream_id = event.stream_id
        self._check(stream_id, 0, True)
        section = self._fields.read(event.fields, event.names)
        if not isinstance(section, Section):
            raise LocalProtocolError(f"exchange {stream_id}: {section}")
        fault = trailers_fault(event.fields)
        if fault is not None:
            raise LocalProtocolError(f"exchange {stream_id}: {fault}")
        if session.out_body is _CHUNKED:
            session.out.append(b"0\r\n")
            session.out += section.lines
            session.out.append(b"\r\n")
        elif session.out_body is not _UNTIL_CLOSE:
            # RFC 9112 §7.1.2: only a chunked body has room for them.
            raise LocalProtocolError(f"exchange {stream_id}: trailers behind a body that has none")
        # RFC 9110 §6.5: trailers can be lost on the way; to HTTP/1.0 there is no way for them.
        self._said(0, True)

    def _check(self, stream_id: int, size: int, ends: bool) -> None:
        """Whether so much content may be said now, and be the end of it.

        RFC 9112 §2.2: line ends in it count like any other byte.
        """
        session = self._session
        if stream_id != session.exchange:
            raise LocalProtocolError(f"expected the exchange {session.exchange}, got {stream_id}")
        require(stream_id, session.state, _RESPONSE_DATA if session.is_server else _REQUEST_DATA)
        left = session.out_left
        # Negative: as much as there is.
        if left >= 0 and (size > left or (ends and size != left)):
            raise LocalProtocolError(
                f"exchange {stream_id}: {left} bytes of content are left to send, not {size}"
            )

    def _said(self, size: int, ends: bool) -> None:
        """Content is written."""
        session = self._session
        if session.out_left > 0:
            session.out_left -= size
        if not session.is_server:
            session.expects = False
        if ends:
            self._heads.end()

    # -- take --------------------------------------------------------------------------------

    def data_to_send(self, limit: int | None) -> bytes:
        """Bytes for the peer; at most `limit` of them."""
        session = self._session
        out = session.out
        if not out:
            return b""
        if limit is None:
            session.out = []
            return out[0] if len(out) == 1 else b"".join(out)
        return self._part(limit)

    def _part(self, limit: int) -> bytes:
        session = self._session
        out = session.out
        taken = 0
        size = 0
        while taken < len(out) and size + len(out[taken]) <= limit:
            size += len(out[taken])
            taken += 1
        head = b"".join(out[:taken])
        if taken < len(out) and size < limit:
            chunk = out[taken]
            head += chunk[: limit - size]
            out[taken] = chunk[limit - size :]
        session.out = out[taken:]
        return head
