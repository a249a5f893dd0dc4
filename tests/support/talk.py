"""Two applications that talk through two engines: what each says, hears, holds and gives up.

They know each other's minds: whoever says something notes it in the `Stream` that both share, and
whoever hears something compares.  When anything is said or heard is up to `simulation`.
"""

from typing import Final

from hyper.frame import ErrorCode, Scope, SettingId
from hyper.h2 import (
    AltSvc,
    Connection,
    ConnectionState,
    Data,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    Limits,
    Origin,
    PeerFault,
    Ping,
    Pong,
    PriorityUpdate,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    SettingsAcknowledged,
    Timer,
    Trailers,
    Writable,
    decode_http2_settings,
)
from hyper.priority import Priority
from hyper.wire import Role
from tests.support.inside import session
from tests.support.messages import (
    Chance,
    Message,
    make_promise,
    make_request,
    make_response,
)

_WINDOWS: Final = (0, 300, 1_000, 20_000, 65_535, 500_000, 2**31 - 1)
_TABLES: Final = (0, 50, 200, 4_096, 65_536)
_FRAMES: Final = (16_384, 16_385, 2**24 - 1)
_STREAMS: Final = (0, 1, 2, 50)


def _to_64(length: int) -> int:
    return -length % 64


def _much(length: int) -> int:
    return 256 - length % 3


_PADDINGS: Final = (None, None, None, None, _to_64, _much)


class Stream:
    """What both applications know of one stream.  `pushed`: the server has made the request up."""

    __slots__ = (
        "client_over",
        "client_saw",
        "pushed",
        "request",
        "response",
        "server_over",
        "server_saw",
    )

    def __init__(self, request: Message, pushed: bool = False) -> None:
        self.request: Final = request
        self.pushed: Final = pushed
        self.response: Message | None = None
        self.client_saw = not pushed
        self.server_saw = pushed
        # Why the stream was over before its end, as each side knows it.
        self.client_over = ""
        self.server_over = ""


class Host:
    """An engine, what its application is about to do with it, and the bytes on their way to it."""

    __slots__ = (
        "auto_consume",
        "blocked",
        "ended",
        "engine",
        "goaways",
        "held",
        "inbox",
        "pings",
        "role",
        "saying",
        "state",
    )

    def __init__(self, engine: Connection, auto_consume: bool) -> None:
        self.engine: Final = engine
        self.role: Final = engine.role
        self.state: Final = session(engine)
        self.auto_consume: Final = auto_consume
        self.inbox = bytearray()
        self.saying: dict[int, Message] = {}
        self.held: dict[int, int] = {}
        self.blocked: set[int] = set()  # streams that wait for Writable
        self.pings: list[bytes] = []
        self.goaways: list[int] = []
        self.ended = False


def make_host(role: Role, chance: Chance, now: float) -> Host:
    """An engine of some configuration."""
    limits = Limits()
    wanted: list[tuple[int, int]] = []
    if chance() < 0.5:
        limits.send_high_water = 3_000
        limits.send_low_water = 1_000
    if chance() < 0.3:
        limits.connection_window = 65_535
    if chance() < 0.3:
        limits.max_concurrent_streams = 1 + int(chance() * 3)
    if chance() < 0.3:
        limits.assumed_concurrency = int(chance() * 3)
    if chance() < 0.2:
        limits.keepalive_interval = 3.0
    if chance() < 0.3:
        limits.remembered_resets = int(chance() * 3)
    if chance() < 0.4:
        wanted.append((SettingId.INITIAL_WINDOW_SIZE, _WINDOWS[int(chance() * len(_WINDOWS))]))
    if chance() < 0.2:
        wanted.append((SettingId.HEADER_TABLE_SIZE, _TABLES[int(chance() * len(_TABLES))]))
    if chance() < 0.2:
        wanted.append((SettingId.MAX_FRAME_SIZE, 2**20))
    if chance() < 0.3 and role is Role.CLIENT:
        wanted.append((SettingId.ENABLE_PUSH, 1))
        wanted.append((SettingId.MAX_CONCURRENT_STREAMS, int(chance() * 4)))
    auto_consume = chance() < 0.3
    engine = Connection(
        role,
        settings=wanted,
        limits=limits,
        auto_consume=auto_consume,
        padding=_PADDINGS[int(chance() * len(_PADDINGS))],
        now=now if chance() < 0.5 else None,
    )
    return Host(engine, auto_consume)


class Talk:
    """Both applications of one run."""

    def __init__(self, chance: Chance, now: float, story: list[str] | None) -> None:
        self.chance: Final = chance
        self.story: Final = story
        self.streams: dict[int, Stream] = {}
        self.client: Final = make_host(Role.CLIENT, chance, now)
        self.server: Final = make_host(Role.SERVER, chance, now)

    def _int(self, count: int) -> int:
        return int(self.chance() * count)

    def note(self, host: Host, verb: str, thing: object) -> None:
        """Note what happened, if this run is told."""
        if self.story is not None:
            text = repr(thing)
            text = text if len(text) <= 150 else text[:147] + "..."
            self.story.append(f"{host.role.name:6} {verb:>8} {text}")

    def other(self, host: Host) -> Host:
        """The one at the other end."""
        return self.server if host is self.client else self.client

    def over(self, host: Host, stream_id: int) -> str:
        """Why a stream is over for one side before its end; empty if it is not."""
        stream = self.streams[stream_id]
        return stream.client_over if host is self.client else stream.server_over

    # -- hearing -----------------------------------------------------------------------------

    def take(self, host: Host) -> bool:
        """Take one event, if there is one."""
        event = host.engine.next_event()
        if event is None:
            return False
        self.note(host, "is told", event)
        # Who has closed its end can still be answered, or found not to read.
        late = isinstance(event, Writable | PeerFault) and host is self.server
        assert late or not host.ended, "nothing comes behind the end"
        self._hear(host, event)
        return True

    def _hear(self, host: Host, event: Event) -> None:
        if isinstance(event, Data):
            self._incoming(host, event.stream_id).hear_data(event)
            if event.data and not host.auto_consume:
                host.held[event.stream_id] = host.held.get(event.stream_id, 0) + len(event.data)
        elif isinstance(event, Request):
            self._hear_request(host, event)
        elif isinstance(event, Response):
            self._incoming(host, event.stream_id).hear_head(event)
        elif isinstance(event, InformationalResponse):
            self._incoming(host, event.stream_id).hear_interim(event)
        elif isinstance(event, Trailers):
            self._incoming(host, event.stream_id).hear_trailers(event)
        elif isinstance(event, Writable):
            assert event.stream_id in host.saying, "nobody else has more to say"
            host.blocked.discard(event.stream_id)
        elif isinstance(event, Reset):
            self._hear_reset(host, event)
        elif isinstance(event, PushPromise):
            self._hear_promise(event)
        elif isinstance(event, PeerFault):
            self._hear_fault(host, event)
        else:
            self._hear_of_connection(host, event)

    def _hear_of_connection(self, host: Host, event: Event) -> None:
        if isinstance(event, Pong):
            assert event.data == host.pings.pop(0), "answered in order, with the same bytes"
        elif isinstance(event, GoAway):
            self._hear_goaway(self.other(host), event.last_stream_id)
        elif isinstance(event, EndOfInput):
            host.ended = True
            host.held.clear()
        elif isinstance(event, AltSvc | Origin):
            assert host is self.client
        elif isinstance(event, PriorityUpdate):
            assert host is self.server
        else:
            assert isinstance(event, Settings | SettingsAcknowledged | Ping), (
                f"nobody caused {event}"
            )

    def _hear_goaway(self, sender: Host, last_stream_id: int) -> None:
        said = sender.goaways
        if said and last_stream_id == said[0]:
            said.pop(0)
            return
        # The last word of an engine that leaves in two steps: it chooses the moment by itself.
        assert last_stream_id >= (said[0] if said else sender.state.goaway_last_id), (
            "it never grows"
        )

    def _incoming(self, host: Host, stream_id: int) -> Message:
        stream = self.streams[stream_id]
        assert not self.over(host, stream_id), "nothing comes of a stream that is over"
        message = stream.request if host is self.server else stream.response
        assert message is not None, "no answer before the question was heard"
        assert stream.client_saw, "no pushed response before its promise"
        return message

    def _hear_request(self, host: Host, event: Request) -> None:
        stream = self.streams[event.stream_id]
        assert host is self.server
        assert not stream.server_saw, "a request comes once"
        stream.server_saw = True
        stream.request.hear_head(event)
        stream.response = make_response(self.chance, event.stream_id, stream.request)
        host.saying[event.stream_id] = stream.response

    def _hear_promise(self, event: PushPromise) -> None:
        stream = self.streams[event.promised_stream_id]
        parent = self.streams[event.stream_id]
        assert not parent.client_over, "of a stream that was given up no promises are told"
        assert stream.pushed, "a promise of the server's"
        assert not stream.client_saw, "told once"
        assert event.fields == stream.request.head
        stream.client_saw = True

    def _hear_reset(self, host: Host, event: Reset) -> None:
        stream = self.streams[event.stream_id]
        if host is self.client:
            if event.retryable and not stream.pushed:
                assert not stream.server_saw, (
                    "RFC 9113 §8.7: MUST NOT be said of a request that was passed on"
                )
            elif event.code == ErrorCode.NO_ERROR and not stream.pushed:
                assert stream.response is not None
                assert stream.response.whole, "RFC 9113 §8.1: only after a complete response"
        self._end(host, event.stream_id, f"told Reset({event.code})")

    def _hear_fault(self, host: Host, event: PeerFault) -> None:
        if event.came == "the end of input" or event.timer in {Timer.STALL, Timer.ANSWERS}:
            self._end(host, event.stream_id, "cut short")
            return
        # Who did not know of a lower limit yet has done nothing wrong.
        assert event.code is ErrorCode.REFUSED_STREAM, str(event)
        assert event.scope is Scope.STREAM, str(event)
        stream = self.streams[event.stream_id]
        if host is self.server:
            assert not stream.server_saw
            stream.server_over = "refused"
        else:
            assert stream.pushed, "nothing else of a server's can be refused"
            stream.client_over = "refused"

    def _end(self, host: Host, stream_id: int, why: str) -> None:
        stream = self.streams[stream_id]
        assert not self.over(host, stream_id), "a stream is over once"
        if host is self.client:
            stream.client_over = why
        else:
            stream.server_over = why
        host.saying.pop(stream_id, None)
        host.blocked.discard(stream_id)
        # What it left behind is credited already; consuming it once more must do nothing.
        if host.held.pop(stream_id, 0) and self.chance() < 0.5:
            host.engine.consume(stream_id, 1)

    # -- saying ------------------------------------------------------------------------------

    def send(self, host: Host, event: Sendable) -> None:
        """The application says something legal."""
        self.note(host, "says", event)
        host.engine.send(event)

    def open(self) -> None:
        """A new request."""
        stream_id = self.client.engine.next_stream_id()
        if self.chance() < 0.1:
            stream_id += 4  # ids may be left out
        message = make_request(self.chance, stream_id)
        self.streams[stream_id] = Stream(message)
        self.client.saying[stream_id] = message
        self.say(self.client, stream_id)

    def upgrade(self) -> None:
        """The connection began in HTTP/1.1, with a request that has come as a whole."""
        message = make_request(self.chance, 1)
        if message.end != "head":
            return
        message.said_head = message.said_end = True
        self.streams[1] = Stream(message)
        request = Request(1, message.head, end_stream=True)
        self.note(self.client, "upgrades", request)
        settings = decode_http2_settings(self.client.engine.upgrade_settings())
        self.client.engine.upgrade(request)
        self.server.engine.upgrade(request, settings)

    def promise(self) -> None:
        """The server pushes, if there is a request to push for and a client that wants it."""
        server = self.server
        wanted = server.state.remote.enable_push and len(self.streams) < 40
        if not wanted or server.engine.state is not ConnectionState.OPEN:
            return
        parents = [i for i in server.saying if not self.streams[i].pushed]
        if not parents:
            return
        stream_id = parents[self._int(len(parents))]
        promised_id = server.engine.next_stream_id()
        message = make_promise(self.chance, promised_id)
        self.send(server, PushPromise(stream_id, promised_id, message.head))
        stream = Stream(message, pushed=True)
        stream.response = make_response(self.chance, promised_id, message)
        stream.response.interims.clear()
        self.streams[promised_id] = stream
        server.saying[promised_id] = stream.response

    def say(self, host: Host, stream_id: int) -> bool:
        """The next part of a message; false if it has to wait until there is room."""
        if stream_id in host.blocked:
            return False
        message = host.saying[stream_id]
        self.send(host, message.next_part(stream_id, host is self.client))
        if message.said_end:
            del host.saying[stream_id]
        elif host.engine.pending(stream_id) > host.state.limits.send_high_water:
            host.blocked.add(stream_id)
        return True

    def consume(self, host: Host, stream_id: int, count: int) -> None:
        """The application is done with some content."""
        self.note(host, "consumes", (stream_id, count))
        host.engine.consume(stream_id, count)
        if count == host.held[stream_id]:
            del host.held[stream_id]
        else:
            host.held[stream_id] -= count

    # -- caprice -----------------------------------------------------------------------------

    def caprice(self, host: Host) -> None:
        """Something that a stream's message does not call for."""
        luck = self._int(13)
        if luck <= 1:
            self._reset(host)
        elif luck == 2:
            if len(host.pings) < 20:
                data = b"%8d" % self._int(10**8)
                host.pings.append(data)
                self.send(host, Ping(data))
        elif luck <= 4:
            self.declare(host, SettingId.INITIAL_WINDOW_SIZE, _WINDOWS[self._int(len(_WINDOWS))])
        elif luck == 5:
            self.declare(host, SettingId.HEADER_TABLE_SIZE, _TABLES[self._int(len(_TABLES))])
        elif luck == 6:
            self.declare(host, SettingId.MAX_FRAME_SIZE, _FRAMES[self._int(len(_FRAMES))])
        elif luck == 7:
            if host is self.server or host.state.local.enable_push:
                streams = _STREAMS[self._int(len(_STREAMS))]
                self.declare(host, SettingId.MAX_CONCURRENT_STREAMS, streams)
        elif luck == 8:
            if host is self.client or self.chance() < 0.5:
                self.declare(host, 0x4D0B, self._int(2**32))
            elif self.chance() < 0.5:
                self.send(host, AltSvc(0, b"https://example.org", b'h3=":443"'))
            else:
                self.send(host, Origin([b"https://example.org", b"https://example.com"]))
        elif luck == 9:
            self.promise()
        elif luck <= 11:
            self._prioritize(host)
        elif self.chance() < 0.25:
            self._leave(host)

    def _prioritize(self, host: Host) -> None:
        """A stream gets another priority, or the next one gets its first."""
        priority = Priority(self._int(8), self.chance() < 0.5)
        ids = list(host.state.streams)
        if host is self.client and self.chance() < 0.7:
            early = host.state.early
            idle = 0 if early is None else len(early)
            limit = host.state.remote.max_concurrent_streams
            limit = min(limit, host.state.limits.assumed_concurrency)
            if host.state.open_local + idle < limit:
                ids.append(host.engine.next_stream_id() + 2 * self._int(3))
            if ids:
                stream_id = ids[self._int(len(ids))]
                self.send(host, PriorityUpdate(stream_id, priority.field_value))
        elif ids:
            host.engine.prioritize(ids[self._int(len(ids))], priority)

    def declare(self, host: Host, identifier: int, value: int) -> None:
        """One of our settings gets another value."""
        self.send(host, Settings([(identifier, value)]))

    def _reset(self, host: Host) -> None:
        ids = [
            i
            for i, s in self.streams.items()
            if (s.client_saw if host is self.client else s.server_saw)
        ]
        ids = [i for i in ids if not self.over(host, i)]
        if not ids:
            return
        stream_id = ids[self._int(len(ids))]
        response = self.streams[stream_id].response
        code = ErrorCode.CANCEL if self.chance() < 0.5 else ErrorCode.INTERNAL_ERROR
        if host is self.server and response is not None and response.said_end:
            if host.engine.pending(stream_id):
                return
            # RFC 9113 §8.1: the rest of the request is of no interest; the answer stands.
            code = ErrorCode.NO_ERROR
        live = stream_id in host.state.streams
        self.send(host, Reset(stream_id, code))
        if live:
            self._end(host, stream_id, f"sent Reset({code})")

    def _leave(self, host: Host) -> None:
        state = host.engine.state
        if state in {ConnectionState.AWAIT_PREFACE, ConnectionState.CLOSED}:
            return
        if self.chance() < 0.5 and host.state.goaway_last_id == 2**31 - 1:
            self.go_away(host, GoAway(2**31 - 1))  # a warning: nothing that was sent is lost by it
        else:
            self.note(host, "leaves", "")
            before = host.state.out_size
            host.engine.shut_down()
            if host.state.out_size > before:
                host.goaways.append(host.state.goaway_last_id)

    def go_away(self, host: Host, event: GoAway) -> None:
        """The application says GOAWAY in its own words."""
        self.send(host, event)
        host.goaways.append(event.last_stream_id)
