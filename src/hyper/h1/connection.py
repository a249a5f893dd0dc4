"""One end of an HTTP/1.1 connection: bytes in, events out, no I/O (RFC 9112).

Not here: sockets, clocks, TLS, requests and responses as objects.  Whoever owns the bytes drives:

    connection.receive_data(data, now)                    # tell: what came from the peer
    while (event := connection.next_event()) is not None: # take: what it meant
        ...
    connection.send(event)                                # ask: what to say
    transport.write(connection.data_to_send())            # take: bytes for the peer

There are four kinds of methods and no fifth: tell, ask, take, and getters that change nothing.
"""

from typing import Final

from hyper.h1.cycle import State, Step, next_state
from hyper.h1.events import Event, Sendable
from hyper.h1.framing import Body
from hyper.h1.leniences import Leniences
from hyper.h1.limits import Limits
from hyper.h1.receive import Receiver
from hyper.h1.send import Sender
from hyper.h1.session import Session
from hyper.wire import Buffer, LocalProtocolError, Role

# Never changed, and so one for all.
_LIMITS: Final = Limits()
_LENIENCES: Final = Leniences()

# Where the content of a response is under way and no other exchange will follow.
_RESPONDING_LAST: Final = (State.EARLY_LAST, State.RESPONSE_LAST, State.BROKEN_RESPONSE)


class Connection:
    """An HTTP/1.1 engine for either role.

    One exchange at a time: a server is told of a request when the response to the one before is
    complete, a client can send one then.

    `leniences` lets pass what is refused otherwise.  With `keep_chunk_extensions` the pieces of
    content come as they were chunked, each with its extension.  With `expect_preface` a server
    takes a client that speaks HTTP/2 (RFC 9113 §3.4) for no fault, and tells a `Preface`.  `now`,
    in seconds of any epoch, is when the connection was made: without it, the time until the first
    byte is not limited.
    """

    __slots__ = ("_receiver", "_sender", "_session")

    def __init__(
        self,
        role: Role,
        *,
        limits: Limits | None = None,
        leniences: Leniences | None = None,
        keep_chunk_extensions: bool = False,
        expect_preface: bool = False,
        now: float | None = None,
    ) -> None:
        self._session = Session(role, _LIMITS if limits is None else limits)
        self._receiver = Receiver(
            self._session,
            _LENIENCES if leniences is None else leniences,
            keep_chunk_extensions,
            expect_preface,
        )
        self._sender = Sender(self._session)
        if now is not None:
            self._session.begin_waiting(now)

    # -- tell --------------------------------------------------------------------------------

    def receive_data(self, data: Buffer, now: float) -> None:
        """Bytes came from the peer at time `now` (seconds, any epoch); `b""` is end of input.

        Nothing is interpreted yet, and nothing the peer sends can make this raise.  Where the end
        could be feigned, say it only when it is sure: over TLS, when a closure alert came (RFC 9112
        §9.8).
        """
        self._receiver.receive_data(data, now)

    def handle_timer(self, now: float) -> None:
        """Time has reached `now` while input was waited for; what was due comes with `next_event`.

        Whoever holds back reading does not call this.
        """
        self._session.handle_timer(now)

    # -- ask ---------------------------------------------------------------------------------

    def send(self, event: Sendable) -> None:
        """Say `event` to the peer.

        A message gets the framing it needs: without Content-Length it is chunked, or closes the
        connection if the peer knows no chunks; without content it says so.  `Connection: close` is
        added where no other exchange can follow.

        Raises `LocalProtocolError`, with nothing changed, for what the protocol or the state of the
        exchange forbids.
        """
        self._sender.send(event)

    def send_elsewhere(
        self, stream_id: int, count: int, end_stream: bool = False
    ) -> tuple[bytes, bytes]:
        """Account for `count` bytes of content that you write yourself, with sendfile for one.

        Returns what to write before them, all that was to be sent included, and what to write
        behind them.  Raises as `send` does for content.
        """
        return self._sender.elsewhere(stream_id, count, end_stream)

    def shut_down(self, now: float | None = None) -> None:
        """Leave gracefully: the exchange that is under way is the last (RFC 9112 §9.6).

        When `may_close` is true the transport can be closed.
        """
        if now is not None:
            self._session.tell(now)
        self._sender.shut_down()

    def abandon(self) -> None:
        """Server: read no more of the request that is under way, or of any other.

        A response can still be sent where none has begun, with 408 or 503 for one, and also before
        anything came: its `stream_id` is then the ordinal that `next_stream_id()` gave before this
        call.  It is the last (RFC 9110 §15.5.9).  Raises `LocalProtocolError` on a client.
        """
        if not self._session.is_server:
            raise LocalProtocolError("only a server abandons requests")
        self._receiver.abandon()

    # -- take --------------------------------------------------------------------------------

    def next_event(self) -> Event | None:
        """Advance by one event.

        `None` means that there is nothing to tell without more input, or without a response.
        """
        return self._receiver.next_event()

    def data_to_send(self, limit: int | None = None, now: float | None = None) -> bytes:
        """Bytes for the peer, `limit` of them at most; `b""` when there is nothing to send now.

        With `now`, what the peer may take its time for counts from then; without, from the latest
        time that was told, or from the next.
        """
        if now is not None:
            self._session.tell(now)
        return self._sender.data_to_send(limit)

    def trailing_data(self) -> bytes:
        """Bytes that came and are another protocol's: in state SWITCHED, behind 101, behind a 2xx
        to CONNECT, and those of HTTP/2, its preface included.  `b""` in every other state.
        """
        return self._receiver.trailing_data()

    # -- look --------------------------------------------------------------------------------

    def next_timer(self) -> float | None:
        """When `handle_timer` is due; `None` for never."""
        clock = self._session.clock
        return clock.deadline if clock.waiting else None

    def next_stream_id(self) -> int:
        """The ordinal of the next exchange."""
        return self._session.exchange + 1

    def pending(self, stream_id: int) -> int:
        """Bytes of an exchange that wait for `data_to_send`, framing included."""
        session = self._session
        if stream_id != session.exchange:
            return 0
        return sum([len(chunk) for chunk in session.out])

    @property
    def role(self) -> Role:
        """Which end this is."""
        return self._session.role

    @property
    def state(self) -> State:
        """How far the exchange has come, as of the last event taken or sent."""
        return self._session.state

    @property
    def closed(self) -> bool:
        """Whether nothing more can be said or heard.  What is written already can still be sent;
        then the connection is to be closed.
        """
        state = self._session.state
        return state is State.MUST_CLOSE or state is State.CLOSED

    @property
    def may_close(self) -> bool:
        """Whether nothing is left to do: it is `closed`, and all has been written."""
        return self.closed and not self._session.out

    @property
    def must_abort(self) -> bool:
        """Server: whether a response is under way that only the end of the connection will end.

        Whoever gives it up now has to abort the transport, with a TCP reset or without TLS's
        close_notify: closed in order, what was sent would be the whole of it (RFC 9112 §8).
        """
        session = self._session
        return (
            session.is_server
            and session.out_body is Body.UNTIL_CLOSE
            and session.state in _RESPONDING_LAST
        )

    @property
    def can_open(self) -> bool:
        """Whether `send` would take a new request now."""
        session = self._session
        return (
            session.role is Role.CLIENT and next_state(session.state, Step.REQUEST_HEAD) is not None
        )

    @property
    def wants_to_send(self) -> bool:
        """Whether `data_to_send` is worth a call."""
        return bool(self._session.out)

    @property
    def wants_input(self) -> bool:
        """Whether to read on.

        False while a request waits in the buffer for the response to the one before it: whoever
        stops reading then holds a client back that sends requests faster than they are answered.
        """
        state = self._session.state
        if state is State.SWITCHED or state is State.CLOSED:
            return False
        return not self._receiver.holds_input()

    @property
    def expects_continue(self) -> bool:
        """Whether the client of the exchange waits for 100 (Continue) before it sends its content
        (RFC 9110 §10.1.1).
        """
        return self._session.expects

    @property
    def upgrade_offered(self) -> bytes:
        """The protocols that the client of the exchange offers to change to, as its Upgrade lists
        them (RFC 9110 §7.8); `b""` for none, and where Connection does not list the field.
        """
        return self._session.upgrade

    @property
    def content_left(self) -> int:
        """Bytes of content that are known to be still to come from the peer: of the message by its
        Content-Length, of the chunk that is under way in a chunked one.
        """
        return self._session.remaining()

    @property
    def unread(self) -> int:
        """How many bytes came from the peer and mean nothing yet: part of a head, or what waits."""
        return self._receiver.unread()

    def unread_data(self) -> bytes:
        """Those bytes, left where they are: whoever only looks copies them each time."""
        return self._receiver.unread_data()

    @property
    def peer_version(self) -> bytes:
        """The version that the peer's latest head had, such as `b"1.1"`; `b""` before it."""
        return self._session.peer_version
