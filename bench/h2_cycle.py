"""The HTTP/2 engine beside its peers: request cycles and content, client and server together.

A cycle is one request (10 fields) and its response (7 fields, 1 KiB of content) between a client
and a server in memory, bytes handed over as they are made, content credited when it was read.
All cycles of a pair are alike, but for the row in which each has its own path, identifier and etag.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from bench.harness import Row, build, measure, options, report
from hyper.h2 import Connection, Data, Limits, Request, Response
from hyper.wire import Role

if TYPE_CHECKING:
    from types import ModuleType

REQUEST = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"www.example.com"),
    (b":path", b"/assets/app.js?v=1"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    (b"accept", b"*/*"),
    (b"accept-language", b"en-US,en;q=0.5"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"referer", b"https://www.example.com/"),
    (b"cookie", b"session=8f14e45fceea167a5a36dedd4bea2543; theme=dark"),
]
RESPONSE = [
    (b":status", b"200"),
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"content-length", b"1024"),
    (b"date", b"Mon, 23 Nov 2026 10:00:00 GMT"),
    (b"server", b"bench"),
    (b"cache-control", b"public, max-age=31536000"),
    (b"etag", b'"5d8c72a5edda8d6a"'),
]

# What differs from one exchange to the next where people look at pages: more of it than any memory
# of strings holds.
DIFFERENT = 4_096
PATHS = [b"/assets/%d/app.js?v=%d" % (n, n) for n in range(DIFFERENT)]
REQUEST_IDS = [(b"x-request-id", b"%032x" % (n * 0x9E3779B97F4A7C15)) for n in range(DIFFERENT)]
ETAGS = [(b"etag", b'"%016x"' % (n * 0x9E3779B97F4A7)) for n in range(DIFFERENT)]
REQUESTS = [
    [*REQUEST[:3], (b":path", path), *REQUEST[4:], request_id]
    for path, request_id in zip(PATHS, REQUEST_IDS, strict=True)
]
RESPONSES = [[*RESPONSE[:-1], etag] for etag in ETAGS]

CONTENT = b"x" * 1024
PIECE = b"x" * 16_384
PIECES = 64  # of DATA in one upload


class Pair:
    """A client and a server of ours, past their prefaces."""

    def __init__(self, max_concurrent_streams: int = 100) -> None:
        self.turn = 0
        self.request = REQUEST
        self.response = RESPONSE
        limits = Limits(max_concurrent_streams=max_concurrent_streams)
        self.client = Connection(Role.CLIENT)
        self.server = Connection(Role.SERVER, limits=limits)
        for _ in range(3):
            self.hand_over(self.client, self.server)
            self.hand_over(self.server, self.client)

    @staticmethod
    def hand_over(sender: Connection, receiver: Connection) -> None:
        """What `sender` has to say, with nothing to be done about it."""
        data = sender.data_to_send()
        if data:
            receiver.receive_data(data, 0.0)
            while receiver.next_event() is not None:
                pass

    def cycle(self) -> None:
        """One request and its response."""
        client = self.client
        server = self.server
        stream_id = client.next_stream_id()
        client.send(Request(stream_id, self.request, True))
        server.receive_data(client.data_to_send(), 0.0)
        while (event := server.next_event()) is not None:
            if isinstance(event, Request):
                server.send(Response(event.stream_id, self.response))
                server.send(Data(event.stream_id, CONTENT, True))
        client.receive_data(server.data_to_send(), 0.0)
        read = 0
        while (event := client.next_event()) is not None:
            if isinstance(event, Data):
                read += len(event.data)
                client.consume(event.stream_id, len(event.data))
        assert read == len(CONTENT)
        if client.wants_to_send:
            server.receive_data(client.data_to_send(), 0.0)

    def different(self) -> None:
        """One request and its response, unlike those before."""
        self.turn = (self.turn + 1) % DIFFERENT
        self.request = REQUESTS[self.turn]
        self.response = RESPONSES[self.turn]
        self.cycle()

    def open_others(self, count: int) -> None:
        """Leave `count` requests open, as a server under load has them."""
        for _ in range(count):
            stream_id = self.client.next_stream_id()
            self.client.send(Request(stream_id, REQUEST, False))
        self.hand_over(self.client, self.server)

    def upload(self) -> None:
        """One request with a megabyte of content, read as it comes."""
        client = self.client
        server = self.server
        stream_id = client.next_stream_id()
        client.send(Request(stream_id, UPLOAD))
        for index in range(PIECES):
            client.send(Data(stream_id, PIECE, index == PIECES - 1))
        read = 0
        while read < PIECES * len(PIECE):
            server.receive_data(client.data_to_send(), 0.0)
            while (event := server.next_event()) is not None:
                if isinstance(event, Data):
                    read += len(event.data)
                    server.consume(stream_id, len(event.data))
                    if event.end_stream:
                        server.send(Response(stream_id, RESPONSE[:1], True))
            self.hand_over(server, client)


UPLOAD = [(b":method", b"POST"), *REQUEST[1:]]


class H2Pair:
    """The same with python-hyper's h2, or a fork that kept its names."""

    def __init__(self, package: str, max_concurrent_streams: int = 100) -> None:
        self.events = import_module(f"{package}.events")
        connection: ModuleType = import_module(f"{package}.connection")
        config: ModuleType = import_module(f"{package}.config")
        self.client = connection.H2Connection(config=config.H2Configuration(client_side=True))
        self.server = connection.H2Connection(config=config.H2Configuration(client_side=False))
        settings: ModuleType = import_module(f"{package}.settings")
        code = settings.SettingCodes.MAX_CONCURRENT_STREAMS
        self.server.local_settings = settings.Settings(
            client=False, initial_values={code: max_concurrent_streams}
        )
        self.client.initiate_connection()
        self.server.initiate_connection()
        self.server.receive_data(self.client.data_to_send())
        self.client.receive_data(self.server.data_to_send())
        self.server.receive_data(self.client.data_to_send())
        self.turn = 0
        self.request = REQUEST
        self.response = RESPONSE

    def cycle(self) -> None:
        """One request and its response."""
        client = self.client
        server = self.server
        stream_id = client.get_next_available_stream_id()
        client.send_headers(stream_id, self.request, end_stream=True)
        for event in server.receive_data(client.data_to_send()):
            if isinstance(event, self.events.RequestReceived):
                server.send_headers(event.stream_id, self.response)
                server.send_data(event.stream_id, CONTENT, end_stream=True)
        read = 0
        for event in client.receive_data(server.data_to_send()):
            if isinstance(event, self.events.DataReceived):
                read += len(event.data)
                client.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        assert read == len(CONTENT)
        waiting = client.data_to_send()
        if waiting:
            server.receive_data(waiting)

    def different(self) -> None:
        """As in `Pair`."""
        self.turn = (self.turn + 1) % DIFFERENT
        self.request = REQUESTS[self.turn]
        self.response = RESPONSES[self.turn]
        self.cycle()

    def open_others(self, count: int) -> None:
        """As in `Pair`."""
        for _ in range(count):
            self.client.send_headers(self.client.get_next_available_stream_id(), self.request)
        self.server.receive_data(self.client.data_to_send())

    def upload(self) -> None:
        """As in `Pair`, cut to the windows by the caller."""
        client = self.client
        server = self.server
        stream_id = client.get_next_available_stream_id()
        client.send_headers(stream_id, [(b":method", b"POST"), *self.request[1:]])
        sent = read = 0
        while read < PIECES * len(PIECE):
            while sent < PIECES and client.local_flow_control_window(stream_id) >= len(PIECE):
                sent += 1
                client.send_data(stream_id, PIECE, end_stream=sent == PIECES)
            for event in server.receive_data(client.data_to_send()):
                if isinstance(event, self.events.DataReceived):
                    read += len(event.data)
                    server.acknowledge_received_data(event.flow_controlled_length, stream_id)
                elif isinstance(event, self.events.StreamEnded):
                    server.send_headers(stream_id, self.response[:1], end_stream=True)
            client.receive_data(server.data_to_send())


class ZttpPair:
    """The same with zttp, whose request and response heads are made of arguments."""

    def __init__(self) -> None:
        self.zttp = import_module("zttp")
        self.turn = 0
        self.path = REQUEST[3][1]
        self.request = [(b"host", REQUEST[2][1]), *REQUEST[4:]]
        self.response = RESPONSE[1:]
        self.start()

    def start(self) -> None:
        """A new client and a new server."""
        zttp = self.zttp
        self.client = zttp.Connection(zttp.CLIENT, zttp.HTTP2)
        self.server = zttp.Connection(zttp.SERVER, zttp.HTTP2)
        self.client.initiate_connection()
        self.server.initiate_connection()
        self.left = 4_000
        for sender, receiver in ((self.client, self.server), (self.server, self.client)) * 3:
            data = sender.data_to_send()
            if data:
                receiver.receive_data(data)
                while receiver.next_event() is not zttp.NEED_DATA:
                    pass

    def cycle(self) -> None:
        """One request and its response."""
        # zttp takes 4,096 cycles in a row for a flood and ends the connection.
        if not self.left:
            self.start()
        self.left -= 1
        zttp = self.zttp
        client = self.client
        server = self.server
        client.send_request(b"GET", self.path, b"2", self.request).end_message()
        server.receive_data(client.data_to_send())
        while (event := server.next_event()) is not zttp.NEED_DATA:
            if isinstance(event, zttp.Request):
                stream = server.stream(event.stream_id)
                stream.send_response(200, self.response)
                stream.send_data(CONTENT)
                stream.end_message()
        client.receive_data(server.data_to_send())
        read = 0
        while (event := client.next_event()) is not zttp.NEED_DATA:
            if isinstance(event, zttp.Data):
                read += len(event.data)
        assert read == len(CONTENT)
        waiting = client.data_to_send()
        if waiting:
            server.receive_data(waiting)

    def different(self) -> None:
        """As in `Pair`."""
        self.turn = (self.turn + 1) % DIFFERENT
        self.path = PATHS[self.turn]
        self.request = ZTTP_REQUESTS[self.turn]
        self.response = ZTTP_RESPONSES[self.turn]
        self.cycle()


ZTTP_REQUESTS = [[(b"host", REQUEST[2][1]), *REQUEST[4:], request_id] for request_id in REQUEST_IDS]
ZTTP_RESPONSES = [response[1:] for response in RESPONSES]


def cycles() -> dict[str, Callable[[], object]]:
    """One cycle of every engine that is installed."""
    cases: dict[str, Callable[[], object]] = {"hyper": Pair().cycle}
    for name in ("h2", "jh2"):
        with suppress(ImportError):
            cases[name] = H2Pair(name).cycle
    with suppress(ImportError):
        cases["zttp"] = ZttpPair().cycle
    return cases


def different_cycles() -> dict[str, Callable[[], object]]:
    """One cycle unlike those before of every engine that is installed."""
    cases: dict[str, Callable[[], object]] = {"hyper": Pair().different}
    for name in ("h2", "jh2"):
        with suppress(ImportError):
            cases[name] = H2Pair(name).different
    with suppress(ImportError):
        cases["zttp"] = ZttpPair().different
    return cases


def uploads() -> dict[str, Callable[[], object]]:
    """One upload of every engine that leaves the windows to be driven."""
    cases: dict[str, Callable[[], object]] = {"hyper": Pair().upload}
    for name in ("h2", "jh2"):
        with suppress(ImportError):
            cases[name] = H2Pair(name).upload
    return cases


def crowded(count: int) -> dict[str, Callable[[], object]]:
    """One cycle beside `count` streams that stay open."""
    pair = Pair(max_concurrent_streams=count + 10)
    pair.open_others(count)
    cases: dict[str, Callable[[], object]] = {"hyper": pair.cycle}
    with suppress(ImportError):
        peer = H2Pair("h2", max_concurrent_streams=count + 10)
        peer.open_others(count)
        cases["h2"] = peer.cycle
    return cases


def main() -> None:
    """Measure and report."""
    asked = options()
    compiled = build() == "compiled"
    rows = [
        Row("request cycle", measure(cycles(), asked.rounds), 18.0 if compiled else 6.0),
        Row("request cycle, no two alike", measure(different_cycles(), asked.rounds)),
        Row(
            "16 KiB of DATA in an upload of 1 MiB",
            measure(uploads(), asked.rounds, per=PIECES),
            6.0 if compiled else 3.0,
        ),
    ]
    for count in (10, 100, 1_000) if asked.rounds < 10 else (10, 100, 1_000, 10_000):
        work = f"request cycle beside {count:,} open streams"
        rows.append(Row(work, measure(crowded(count), asked.rounds)))
    report("HTTP/2 engine", rows, ["h2", "jh2", "zttp"], write=asked.write)


if __name__ == "__main__":
    main()
