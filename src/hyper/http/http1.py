"""HTTP/1.1 with the face of `hyper.h2.Connection`: the same methods, the same events.

A stream is an exchange.  A client may ask for as many as it likes, they go one after the other; a
server is told of one when the one before is answered.  What HTTP/1.1 has not: a reset of one stream
cuts the connection, PING and SETTINGS are no calls, and where HTTP/2 has windows, `wants_input`
says when to read.

Not here: HTTP/1.1 as it is, which is `hyper.h1`'s.
"""

from collections import OrderedDict, deque
from math import inf
from typing import Final

from hyper import h1, h2
from hyper.frame import ErrorCode
from hyper.http.heads import (
    has_length,
    interim_to,
    request_from,
    request_to,
    response_from,
    response_to,
)
from hyper.http.output import Output
from hyper.http.versions import Version
from hyper.http.waiting import Waiting
from hyper.wire import Buffer, Field, LocalProtocolError, Role

# States from which another exchange may follow the one that is under way.
_GOES_ON: Final = (
    h1.State.IDLE,
    h1.State.REQUEST,
    h1.State.AWAIT,
    h1.State.EARLY,
    h1.State.RESPONSE,
    h1.State.TAIL,
)

_PLAIN_TEXT: Final[Field] = (b"content-type", b"text/plain")


class Http1Connection:
    """An engine for either role.

    `scheme` is the connection's: `b"https"` over TLS.  `window` is how much content may be told
    and not consumed before `wants_input` turns false; the water marks are those of
    `hyper.h2.Limits`.  `now` is when the connection was made, as for `hyper.h1.Connection`.
    """

    __slots__ = (
        "_current",
        "_cut",
        "_drops_trailers",
        "_engine",
        "_eof",
        "_exchange",
        "_head_only",
        "_held",
        "_held_back",
        "_high_water",
        "_ignoring",
        "_in_open",
        "_is_server",
        "_last",
        "_leaving",
        "_low_water",
        "_news",
        "_next_id",
        "_out_open",
        "_output",
        "_over_high_water",
        "_reason",
        "_scheme",
        "_skipped",
        "_tunnel",
        "_waiting",
        "_window",
    )

    def __init__(
        self,
        role: Role,
        *,
        scheme: bytes = b"http",
        limits: h1.Limits | None = None,
        leniences: h1.Leniences | None = None,
        window: int = 262_144,
        send_high_water: int = 65_536,
        send_low_water: int = 16_384,
        now: float | None = None,
    ) -> None:
        self._engine: Final = h1.Connection(role, limits=limits, leniences=leniences, now=now)
        self._is_server: Final = role is Role.SERVER
        self._scheme: Final = scheme
        self._window: Final = window
        self._high_water: Final = send_high_water
        self._low_water: Final = send_low_water
        self._output: Final = Output()
        self._over_high_water = False
        self._news: Final[deque[h2.Event | h1.PeerFault]] = deque()
        self._held = 0  # content that was told and not consumed
        self._held_back = False  # whether so much that the peer had to wait
        self._skipped = 0.0  # seconds for which it had, ever
        self._last = 0.0 if now is None else now  # the latest time that was told

        # The exchange: our number for it and the engine's, and who has more to say.
        self._current = 0
        self._exchange = 0
        self._in_open = False
        self._out_open = False
        self._head_only = False
        self._drops_trailers = False  # our message has a length, and so no room for them
        self._ignoring = False  # nobody wants the rest of the request
        self._reason: bytes = b""
        self._tunnel = False  # behind a 2xx to CONNECT

        self._eof = False
        self._cut = False  # we have broken the exchange off, and with it the connection
        self._leaving = False

        # Client.
        self._next_id = 1
        # Whose turn has not come, by number.  (A dict is slow to be emptied from its front.)
        self._waiting: Final[OrderedDict[int, Waiting]] = OrderedDict()

    # -- tell --------------------------------------------------------------------------------

    def receive_data(self, data: Buffer, now: float) -> None:
        """Bytes came from the peer at time `now` (seconds, any epoch); `b""` is end of input."""
        if not self._cut:
            self._eof = self._eof or len(data) == 0
            self._engine.receive_data(data, self._time(now))

    def handle_timer(self, now: float) -> None:
        """Time has reached `now`.  It counts only while input is wanted."""
        if not self._cut and self.wants_input:
            self._engine.handle_timer(self._time(now))

    # -- ask ---------------------------------------------------------------------------------

    def send(self, event: h2.Sendable) -> None:
        """Say `event` to the peer, or as soon as it is its turn.

        Raises `LocalProtocolError`, with nothing changed, for what the protocol or the state of the
        exchange forbids, and for what HTTP/1.1 cannot say.
        """
        if isinstance(event, h2.Data):
            self._data(event)
        elif isinstance(event, h2.Response):
            self._response(event)
        elif isinstance(event, h2.Request):
            self._request(event)
        elif isinstance(event, h2.Trailers):
            self._trailers(event)
        elif isinstance(event, h2.InformationalResponse):
            self._interim(event)
        elif isinstance(event, h2.Reset):
            self._reset(event.stream_id, event.code)
        else:
            raise LocalProtocolError(f"HTTP/1.1 has no {type(event).__name__}")

    def consume(self, stream_id: int, count: int) -> None:
        """The application has taken `count` bytes of content, of whichever exchange."""
        self._held = max(0, self._held - count)

    def shut_down(
        self,
        now: float | None = None,
        *,
        warn: bool = True,
    ) -> None:
        """Leave gracefully: the exchange that is under way is the last (RFC 9112 §9.6).

        What waits for its turn is refused.  `warn` is for HTTP/2, which has a warning to give.
        """
        self._leaving = True
        self._engine.shut_down(None if now is None else self._time(now))
        self._refuse_waiting()

    # -- take --------------------------------------------------------------------------------

    def next_event(self) -> h2.Event | h1.PeerFault | None:
        """Advance by one event; `None` means that there is nothing to tell now."""
        news = self._news
        while not news:
            if self._cut:
                return None
            if self._tunnel:
                return self._next_of_tunnel()
            if self._clogged():
                return None
            event = self._engine.next_event()
            if event is None:
                self._settle()
                break
            self._sort(event)
        return news.popleft() if news else None

    def data_to_send(self, limit: int | None = None, now: float | None = None) -> bytes:
        """Bytes for the peer, `limit` of them at most; `b""` when there is nothing to send now.

        With `now`, what the peer may take its time for counts from then.
        """
        if now is not None and not self._cut:
            self._engine.data_to_send(None, self._time(now))
        output = self._output
        data = output.take(limit)
        if self._over_high_water and output.size <= self._low_water:
            self._over_high_water = False
            if self._out_open:
                self._news.append(h2.Writable(self._current))
        return data

    # -- look --------------------------------------------------------------------------------

    def next_timer(self) -> float | None:
        """When `handle_timer` is due; `None` for never."""
        if self._cut or not self.wants_input:
            return None
        due = self._engine.next_timer()
        return None if due is None or due == inf else due + self._skipped

    def next_stream_id(self) -> int:
        """The number of the next exchange."""
        return self._engine.next_stream_id() if self._is_server else self._next_id

    def pending(self, stream_id: int) -> int:
        """Bytes of an exchange that wait for `data_to_send`, or for their turn."""
        if stream_id == self._current:
            return self._output.size
        waiting = self._waiting.get(stream_id)
        return 0 if waiting is None else waiting.size

    def waits(self, stream_id: int) -> bool:
        """Client: whether a request waits for those before it, and nothing of it was sent."""
        return stream_id in self._waiting

    @property
    def version(self) -> Version:
        """What goes over the wire."""
        return Version.HTTP_1_1

    @property
    def role(self) -> Role:
        """Which end this is."""
        return self._engine.role

    @property
    def closed(self) -> bool:
        """Whether nothing more can be said or heard.  What is written already can still be sent;
        then the connection is to be closed.
        """
        if self._cut or (self._tunnel and not self._out_open):
            return True
        return self._engine.closed

    @property
    def may_close(self) -> bool:
        """Whether nothing is left to do: it is `closed`, and all has been written."""
        return self.closed and self._output.size == 0

    @property
    def must_abort(self) -> bool:
        """Whether the transport, if it ends now, has to be aborted and not closed in order.

        A tunnel was cut, or a response is not complete that nothing but the end of the connection
        ends: its client must not take what has come for the whole (RFC 9112 §8).
        """
        return self._engine.must_abort or (self._tunnel and self._cut)

    @property
    def open_streams(self) -> int:
        """How many exchanges are not over, those that wait for their turn included."""
        live = (self._in_open or self._out_open) and not self.closed
        return len(self._waiting) + (1 if live else 0)

    @property
    def can_open(self) -> bool:
        """Whether `send` would take a new request now."""
        if self._is_server or self._leaving or self._cut:
            return False
        return self._engine.state in _GOES_ON

    @property
    def wants_to_send(self) -> bool:
        """Whether `data_to_send` is worth a call."""
        return self._output.size > 0

    @property
    def wants_input(self) -> bool:
        """Whether to read on.

        False while the application has content to take first, a server a request to answer, or its
        client answers to read: the peer is held back by TCP then.
        """
        if self.closed:
            return True  # only to see the end of it
        if self._clogged() or (self._held >= self._window and not self._ignoring):
            return False
        return self._tunnel or self._engine.wants_input

    @property
    def expects_continue(self) -> bool:
        """Whether the client of the exchange waits for 100 (Continue)."""
        return self._engine.expects_continue

    @property
    def peer_version(self) -> bytes:
        """The version that the peer's latest head had, such as `b"1.1"`; `b""` before it."""
        return self._engine.peer_version

    @property
    def reason(self) -> bytes:
        """Client: the reason phrase of the latest response that was told."""
        return self._reason

    # -- what was said -----------------------------------------------------------------------

    def _data(self, event: h2.Data) -> None:
        stream_id = event.stream_id
        if stream_id != self._current or not self._out_open:
            self._waiting_one(stream_id).send(event)
            return
        data = event.data
        if self._tunnel:
            self._output.put(data)
        else:
            before, behind = self._engine.send_elsewhere(
                self._exchange, len(data), event.end_stream
            )
            self._output.put_around(before, data, behind)
        if event.end_stream:
            self._out_ended()
        elif self._output.size > self._high_water:
            self._over_high_water = True

    def _trailers(self, event: h2.Trailers) -> None:
        stream_id = event.stream_id
        if stream_id != self._current or not self._out_open:
            self._waiting_one(stream_id).send(event)
            return
        if self._tunnel or self._drops_trailers:
            # RFC 9110 §6.5.1: trailers may be dropped; RFC 9112 §7.1.2: only chunks have room.
            self._data(h2.Data(stream_id, b"", True))
            return
        self._engine.send(h1.Trailers(self._exchange, event.fields))
        self._output.put(self._engine.data_to_send())
        self._out_ended()

    def _request(self, event: h2.Request) -> None:
        if not self.can_open:
            raise LocalProtocolError(f"exchange {event.stream_id}: no request can be sent any more")
        if event.stream_id != self._next_id:
            raise LocalProtocolError(
                f"expected the exchange {self._next_id}, got {event.stream_id}"
            )
        if self._engine.can_open:
            self._begin(event)
        else:
            self._waiting[event.stream_id] = Waiting(event, self._scheme)
        self._next_id += 1

    def _begin(self, event: h2.Request) -> None:
        """The connection is free: send the head of a request."""
        engine = self._engine
        exchange = engine.next_stream_id()
        request = request_to(exchange, event.fields, event.end_stream, self._scheme)
        engine.send(request)
        self._output.put(engine.data_to_send())
        self._current = event.stream_id
        self._exchange = exchange
        self._in_open = True
        self._out_open = not request.end_stream
        self._drops_trailers = has_length(event.fields)
        self._over_high_water = False

    def _response(self, event: h2.Response) -> None:
        self._check_current(event.stream_id)
        engine = self._engine
        engine.send(response_to(self._exchange, event.fields, event.end_stream))
        self._output.put(engine.data_to_send())
        self._drops_trailers = has_length(event.fields)
        if engine.state is h1.State.SWITCHED:
            self._tunnel = True
            self._in_open = True
        if event.end_stream:
            self._out_ended()

    def _interim(self, event: h2.InformationalResponse) -> None:
        self._check_current(event.stream_id)
        head = interim_to(self._exchange, event.fields)
        if self._engine.peer_version == b"1.0":
            # RFC 9110 §15.2: a server MUST NOT send a 1xx response to an HTTP/1.0 client.
            return
        self._engine.send(head)
        self._output.put(self._engine.data_to_send())

    def _reset(self, stream_id: int, code: ErrorCode | int) -> None:
        if self._waiting.pop(stream_id, None) is not None:
            return
        if stream_id <= 0 or stream_id > max(self._current, self._next_id - 1):
            raise LocalProtocolError(f"exchange {stream_id}: it has not begun")
        if stream_id != self._current or not (self._in_open or self._out_open):
            return
        if self._is_server and not self._out_open and code == ErrorCode.NO_ERROR:
            # The response is complete, and the rest of the request goes unread (RFC 9113 §8.1).
            # Here the engine reads a little more of it, or ends the connection.
            self._ignoring = True
            self._held = 0
            return
        # RFC 9112 §9.6: there is no other way to end an exchange before its time.
        self._cut = True
        self._output.clear()
        self._in_open = self._out_open = False
        self._refuse_waiting()

    def _check_current(self, stream_id: int) -> None:
        if stream_id != self._current or not self._out_open or self._cut:
            raise LocalProtocolError(f"exchange {stream_id}: it is not under way")

    def _waiting_one(self, stream_id: int) -> Waiting:
        waiting = self._waiting.get(stream_id)
        if waiting is None:
            raise LocalProtocolError(f"exchange {stream_id}: nothing more can be said in it")
        return waiting

    def _out_ended(self) -> None:
        self._out_open = False
        self._over_high_water = False
        self._next_turn()

    def _next_turn(self) -> None:
        """Begin what waits, if the connection is free for it."""
        while self._waiting and self._engine.can_open and not self._leaving:
            stream_id, waiting = self._waiting.popitem(last=False)
            try:
                self._begin(waiting.request)
                for event in waiting.said:
                    self.send(event)
            except LocalProtocolError:
                # What could be said when it was asked for, and cannot be said to this peer: chunks
                # to a server that has turned out to speak HTTP/1.0 (RFC 9112 §6.1).
                self._in_open = self._out_open = False
                self._news.append(h2.Reset(stream_id, ErrorCode.HTTP_1_1_REQUIRED))

    def _refuse_waiting(self) -> None:
        """What waits will not be sent: it may be asked for elsewhere."""
        for stream_id in self._waiting:
            self._news.append(h2.Reset(stream_id, ErrorCode.REFUSED_STREAM))
        self._waiting.clear()

    # -- what was told -----------------------------------------------------------------------

    def _sort(self, event: h1.Event) -> None:
        """Put what the engine tells among the news, in the words of HTTP/2."""
        news = self._news
        if isinstance(event, h1.Data):
            if event.end_stream:
                self._in_open = False
            if not self._ignoring:
                self._hold(len(event.data))
                news.append(h2.Data(self._current, event.data, event.end_stream))
        elif isinstance(event, h1.Request):
            self._current = self._exchange = event.stream_id
            self._in_open = not event.end_stream
            self._out_open = True
            self._ignoring = False
            self._head_only = event.method == b"HEAD"
            news.append(request_from(event, self._scheme))
        elif isinstance(event, h1.Response):
            self._reason = event.reason or b""
            self._in_open = not event.end_stream
            ends = event.end_stream
            if self._engine.state is h1.State.SWITCHED:
                # RFC 9110 §9.3.6: what follows a 2xx to CONNECT is the tunnel's, both ways.
                self._tunnel = self._in_open = self._out_open = True
                ends = False
            head = response_from(event.status, event.fields)
            news.append(h2.Response(self._current, head, ends))
        elif isinstance(event, h1.Trailers):
            self._in_open = False
            if not self._ignoring:
                news.append(h2.Trailers(self._current, event.fields))
        elif isinstance(event, h1.InformationalResponse):
            head = response_from(event.status, event.fields)
            news.append(h2.InformationalResponse(self._current, head))
        elif isinstance(event, h1.PeerFault):
            self._fault(event)
        elif isinstance(event, h1.EndOfInput):
            self._end_of_input(event.clean)

    def _clogged(self) -> bool:
        """Server: whether the next request waits, because the answers to those before are unread.

        A client may ask without listening: what it is answered must not pile up here.
        """
        return (
            self._is_server
            and self._output.size > self._high_water
            and not (self._in_open or self._out_open)
        )

    def _hold(self, size: int) -> None:
        self._held += size
        self._held_back = self._held_back or self._held >= self._window

    def _time(self, now: float) -> float:
        """`now` as the engine below counts: without the time in which the peer was held back."""
        if self._held_back:
            self._skipped += max(0.0, now - self._last)
            self._held_back = self._held >= self._window
        self._last = now
        return now - self._skipped

    def _fault(self, event: h1.PeerFault) -> None:
        """The peer broke a rule: a request is answered with that, whoever works on it."""
        self._refuse_waiting()
        if self._is_server:
            if event.stream_id != self._current:
                self._current = self._exchange = event.stream_id
                self._head_only = False
            self._answer_fault(event.status, f"expected {event.expected}, got {event.came}")
        else:
            self._output.clear()  # nobody reads the rest of a request
        self._in_open = self._out_open = False
        self._news.append(event)

    def _end_of_input(self, clean: bool) -> None:
        self._refuse_waiting()
        if self._is_server and self._in_open:
            # RFC 9112 §8: a request that was cut short MAY be answered with an error.
            self._answer_fault(400, "expected the whole of a request, got its beginning")
        if self._in_open or self._engine.closed:
            self._break_off(ErrorCode.CANCEL)
        self._news.append(h2.EndOfInput(clean))

    def _break_off(self, code: ErrorCode) -> None:
        """The exchange that is under way, if there is one, will not come to its end."""
        if self._in_open or self._out_open:
            self._in_open = self._out_open = False
            self._news.append(h2.Reset(self._current, code))

    def _answer_fault(self, status: int, why: str) -> None:
        """RFC 9112 §2.2, §6.3, §8: a response with the status for it, and the last."""
        engine = self._engine
        if engine.state is not h1.State.BROKEN:
            # A response has begun.  What of it waits to be sent goes, and then the connection.
            self._cut = not engine.closed
            return
        text = b"" if self._head_only else why.encode() + b"\n"
        fields: list[Field] = [_PLAIN_TEXT, (b"content-length", b"%d" % len(text))]
        engine.send(h1.Response(self._exchange, status, fields, end_stream=not text))
        if text:
            engine.send(h1.Data(self._exchange, text, True))
        self._output.put(engine.data_to_send())

    def _settle(self) -> None:
        """The engine has nothing to tell: see whether that is the end, or another's turn."""
        if self._waiting:
            self._next_turn()
        if not self._engine.closed:
            return
        self._refuse_waiting()
        # Client: the response is there and the server takes no more of the request.  Server: there
        # is too much left of a request that was answered.
        self._break_off(ErrorCode.NO_ERROR)

    def _next_of_tunnel(self) -> h2.Event | None:
        data = self._engine.trailing_data()
        if data:
            self._hold(len(data))
            return h2.Data(self._current, data)
        if self._eof and self._in_open:
            self._in_open = False
            self._news.append(h2.EndOfInput(True))
            return h2.Data(self._current, b"", True)
        return None
