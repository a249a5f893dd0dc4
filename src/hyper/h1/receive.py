"""Bytes from the peer into events (RFC 9112): one head, one piece of content, one end a step.

What input is good for, in every state and for either role, is a table.  A fault becomes a
`PeerFault` event, in its turn; nothing raises.

Not here: what we send by our own will, which is `send`'s; heads, which are `receive_heads`'.

This file is on the hot path: what is usual is tried first.  bench/h1_cycle.py proves it.
"""

from enum import IntEnum
from typing import Final

from hyper.h1 import clock
from hyper.h1.buffer import InputBuffer
from hyper.h1.cycle import State, Step, next_state
from hyper.h1.events import Data, EndOfInput, Event, Trailers
from hyper.h1.head import Fault
from hyper.h1.leniences import Leniences
from hyper.h1.receive_heads import HeadReceiver
from hyper.h1.session import Session
from hyper.wire import Buffer, Role


class Work(IntEnum):
    """What is to be done with input."""

    HEAD = 0
    BODY = 1
    PAUSE = 2  # it waits until we have answered
    STRAY = 3  # there should be none
    DROP = 4  # it does not matter any more
    HAND_OVER = 5  # it is another protocol's


# What the input is to a role in a state.
WORK: Final[dict[Role, dict[State, Work]]] = {
    Role.SERVER: {
        State.IDLE: Work.HEAD,
        State.REQUEST: Work.BODY,
        # RFC 9112 §9.3.2: responses in the order of the requests.  So there is one request at a
        # time, and what is behind it waits in the buffer.
        State.AWAIT: Work.PAUSE,
        State.EARLY: Work.BODY,
        State.RESPONSE: Work.PAUSE,
        State.TAIL: Work.BODY,
        State.REQUEST_LAST: Work.BODY,
        # RFC 9112 §9.6: MUST NOT process any further requests received on that connection.  Unless
        # it is not HTTP that follows.
        State.AWAIT_LAST: Work.PAUSE,
        State.EARLY_LAST: Work.BODY,
        State.RESPONSE_LAST: Work.DROP,
        State.BROKEN: Work.DROP,
        State.BROKEN_RESPONSE: Work.DROP,
        State.MUST_CLOSE: Work.DROP,
        State.SWITCHED: Work.HAND_OVER,
        State.CLOSED: Work.DROP,
    },
    Role.CLIENT: {
        # RFC 9112 §9.2: MUST NOT consider that data to be a valid response.
        State.IDLE: Work.STRAY,
        State.REQUEST: Work.HEAD,
        State.AWAIT: Work.HEAD,
        State.EARLY: Work.BODY,
        State.RESPONSE: Work.BODY,
        State.TAIL: Work.STRAY,
        State.REQUEST_LAST: Work.HEAD,
        State.AWAIT_LAST: Work.HEAD,
        State.EARLY_LAST: Work.BODY,
        State.RESPONSE_LAST: Work.BODY,
        State.BROKEN: Work.DROP,
        State.BROKEN_RESPONSE: Work.DROP,
        # RFC 9112 §6.3: MAY discard the remaining data.
        State.MUST_CLOSE: Work.DROP,
        State.SWITCHED: Work.HAND_OVER,
        State.CLOSED: Work.DROP,
    },
}

_WORK: Final = [[WORK[role][state] for state in State] for role in (Role.CLIENT, Role.SERVER)]

# A member of an enumeration is a slow look-up until it has a name of its own.
_HEAD: Final = Work.HEAD
_BODY: Final = Work.BODY
_PAUSE: Final = Work.PAUSE
_DROP: Final = Work.DROP
_STRAY: Final = Work.STRAY
_IDLE: Final = State.IDLE
_TAIL: Final = State.TAIL
_REQUEST_END: Final = Step.REQUEST_END
_RESPONSE_END: Final = Step.RESPONSE_END

_ABANDONED: Final = Fault(408, "a request", "none that will be read")


class Receiver:
    """Reads one direction of a connection."""

    __slots__ = ("_buffer", "_end_told", "_ended", "_heads", "_session", "_work")

    def __init__(
        self, session: Session, leniences: Leniences, keep_extensions: bool, expects_preface: bool
    ) -> None:
        self._session: Final = session
        self._buffer: Final = InputBuffer()
        self._heads: Final = HeadReceiver(
            session, self._buffer, leniences, keep_extensions, expects_preface
        )
        self._work: Final = _WORK[session.role]
        self._ended = False
        self._end_told = False

    # -- tell --------------------------------------------------------------------------------

    def receive_data(self, data: Buffer, now: float) -> None:
        """Take bytes over; `b""` is the end of input."""
        session = self._session
        if now > session.now:
            session.now = now
        session.clock.told = True
        size = len(data)
        if size == 0:
            self._ended = True
        elif not self._ended:
            session.received += size
            self._buffer.append(data)

    # -- take --------------------------------------------------------------------------------

    def next_event(self) -> Event | None:
        """Advance to the next event; `None` means that more input is needed, or a response."""
        session = self._session
        if session.late:
            return self._heads.tell_late()
        work = self._work[session.state]
        if work is _HEAD:
            buffer = self._buffer
            if buffer.pos == len(buffer.data) and not buffer.gathering:
                return self._wait_for_head()
            event = self._heads.read_request() if session.is_server else self._heads.read_response()
            return self._wait_for_head() if event is None else event
        if work is _BODY:
            return self._read_body()
        if work is _STRAY:
            return self._read_stray()
        session.clock.waiting = clock.NOTHING
        if work is _DROP:
            self._buffer.clear()
        elif work is not _PAUSE:
            return None
        if self._ended and not self._end_told and len(self._buffer) == 0:
            return self._end_of_input(True)
        return None

    def trailing_data(self) -> bytes:
        """Take what is another protocol's."""
        if self._session.state is State.SWITCHED:
            return self._buffer.take()
        return b""

    # -- ask ---------------------------------------------------------------------------------

    def abandon(self) -> None:
        """Read no more of what the client sends."""
        session = self._session
        if next_state(session.state, Step.REQUEST_FAULT) is None:
            session.step(Step.LAST)
        else:
            self._heads.fail(_ABANDONED)

    # -- look --------------------------------------------------------------------------------

    def unread(self) -> int:
        """How many bytes came and mean nothing yet."""
        return len(self._buffer)

    def unread_data(self) -> bytes:
        """Those bytes."""
        return self._buffer.peek()

    def holds_input(self) -> bool:
        """Whether there are bytes that wait for us to answer."""
        return self._work[self._session.state] is _PAUSE and len(self._buffer) > 0

    # -- heads -------------------------------------------------------------------------------

    def _wait_for_head(self) -> EndOfInput | None:
        """There is no whole head: news only if there never will be one."""
        session = self._session
        held = len(self._buffer)
        if self._ended:
            return self._end_of_input(held == 0 and session.is_server)
        if held:
            wait = clock.HEAD
        elif not session.is_server:
            return None  # what a response may take is not ours to say
        else:
            wait = clock.NEXT_REQUEST if session.exchange else clock.FIRST_BYTE
        session.clock.wait(wait, session.now, session.received)
        return None

    # -- content -----------------------------------------------------------------------------

    def _read_body(self) -> Event | None:
        session = self._session
        stream_id = session.exchange
        body = session.body
        if body is None:
            return None  # it was made when the head was read
        piece = body.read(stream_id)
        if isinstance(piece, Data):
            session.expects = False
            if piece.end_stream:
                self._end_of_message()
            elif session.state is _TAIL:
                self._drain(len(piece.data))
            return piece
        if isinstance(piece, Trailers):
            self._end_of_message()
            return piece
        if isinstance(piece, Fault):
            return self._heads.fail(piece)
        if self._ended:
            end = body.end(stream_id)
            if end is not None:
                self._end_of_message()
                return end
            # RFC 9112 §6.3, §8: a message that was cut short is recorded as incomplete.
            return self._end_of_input(False)
        # A client that expects 100 waits for us; what a response may take is not ours to say.
        if session.is_server and not session.expects:
            session.clock.wait(
                clock.DRAIN if session.state is _TAIL else clock.CONTENT,
                session.now,
                session.received,
            )
        return None

    def _end_of_message(self) -> None:
        session = self._session
        session.clock.stop()
        session.step(_REQUEST_END if session.is_server else _RESPONSE_END)

    def _drain(self, size: int) -> None:
        """Some of a request came whose response is complete."""
        session = self._session
        session.drained += size
        if session.drained + session.remaining() > session.limits.max_drain:
            session.step(Step.LAST)

    # -- ends --------------------------------------------------------------------------------

    def _read_stray(self) -> Event | None:
        """Bytes that nobody asked for: a fault, but for an empty line."""
        session = self._session
        buffer = self._buffer
        if buffer.pos != len(buffer.data) or buffer.gathering:
            first = buffer.first(2)
            # RFC 9112 §6.3, §9.2: MUST NOT be a response.  One or more CRLF can be discarded.
            if first == b"\r\n" and self._heads.skip_empty_line():
                return self.next_event()
            if first != b"\r":
                return self._heads.fail(Fault(502, "no response without a request", "bytes"))
        if self._ended:
            return self._end_of_input(session.state is _IDLE)
        return None

    def _end_of_input(self, clean: bool) -> EndOfInput:
        session = self._session
        self._end_told = True
        self._buffer.clear()
        session.clock.stop()
        session.expects = False
        session.step(Step.CLIENT_EOF if session.is_server else Step.SERVER_EOF)
        return EndOfInput(clean)
