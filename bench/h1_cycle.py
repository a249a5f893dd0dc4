"""The HTTP/1.1 engine beside its peers: a server's cycle, a client's cycle, and content.

A cycle is a request (8 fields) and its response (4 fields, 1 KiB of content), seen by one end: the
octets of the other end are made before.  A server reads the request and says the response, a client
the other way round.  httptools only parses, so what it does not do is done by joining octets, as
the servers do that use it; it checks nothing of what is said.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

from bench.harness import Row, build, measure, options, report
from hyper.h1 import Connection, Data, Limits, Request, Response
from hyper.wire import Field, Role

if TYPE_CHECKING:
    from types import ModuleType

TARGET: Final = b"/assets/app.js?v=1"
REQUEST: Final[list[Field]] = [
    (b"host", b"www.example.com"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    (b"accept", b"*/*"),
    (b"accept-language", b"en-US,en;q=0.5"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"referer", b"https://www.example.com/"),
    (b"cookie", b"session=8f14e45fceea167a5a36dedd4bea2543; theme=dark"),
    (b"connection", b"keep-alive"),
]
RESPONSE: Final[list[Field]] = [
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"content-length", b"1024"),
    (b"date", b"Mon, 23 Nov 2026 10:00:00 GMT"),
    (b"etag", b'"5d8c72a5edda8d6a"'),
]
CONTENT: Final = b"x" * 1024
PIECE: Final = b"x" * 65_536
PIECES: Final = 16  # of content in one download
VARIANTS: Final = 997  # of a head, where none is to be like the one before


def request_octets(target: bytes, fields: Sequence[Field]) -> bytes:
    """A request as a browser spells it."""
    lines = [name.title() + b": " + value + b"\r\n" for name, value in fields]
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target, b"".join(lines))


def response_octets(fields: Sequence[Field], content: bytes) -> bytes:
    """A response as a server spells it."""
    lines = [name.title() + b": " + value + b"\r\n" for name, value in fields]
    return b"HTTP/1.1 200 OK\r\n%b\r\n%b" % (b"".join(lines), content)


def unlike(fields: Sequence[Field], name: bytes, number: int) -> list[Field]:
    """The same fields with another value of one."""
    return [(n, v + b"%d" % number) if n == name else (n, v) for n, v in fields]


class Heads:
    """The heads of many exchanges, all alike or none like the one before."""

    def __init__(self, alike: bool) -> None:
        numbers = [0] if alike else range(VARIANTS)
        self.targets = [TARGET + b"&n=%d" % n for n in numbers]
        self.requests = [unlike(REQUEST, b"cookie", n) for n in numbers]
        self.responses = [unlike(RESPONSE, b"etag", n) for n in numbers]
        pairs = zip(self.targets, self.requests, strict=True)
        self.asked = [request_octets(target, fields) for target, fields in pairs]
        self.answered = [response_octets(fields, CONTENT) for fields in self.responses]
        self.at = 0

    def turn(self) -> int:
        """Which head is next."""
        self.at = (self.at + 1) % len(self.targets)
        return self.at


class Ours:
    """hyper.h1."""

    def __init__(self, heads: Heads) -> None:
        self.heads = heads
        self.server = Connection(Role.SERVER, limits=Limits(max_requests=2**60))
        self.client = Connection(Role.CLIENT)

    def serve(self) -> None:
        """One cycle of a server."""
        turn = self.heads.turn()
        server = self.server
        server.receive_data(self.heads.asked[turn], 0.0)
        while (event := server.next_event()) is not None:
            if isinstance(event, Request):
                stream_id = event.stream_id
                server.send(Response(stream_id, 200, self.heads.responses[turn]))
                server.send(Data(stream_id, CONTENT, True))
        assert len(server.data_to_send()) > 1024

    def serve_first(self) -> None:
        """One cycle of a server whose connection is new."""
        self.server = Connection(Role.SERVER)
        self.serve()

    def ask(self) -> None:
        """One cycle of a client."""
        turn = self.heads.turn()
        client = self.client
        stream_id = client.next_stream_id()
        client.send(
            Request(stream_id, b"GET", self.heads.targets[turn], self.heads.requests[turn], True)
        )
        assert client.data_to_send()
        client.receive_data(self.heads.answered[turn], 0.0)
        read = 0
        while (event := client.next_event()) is not None:
            if isinstance(event, Data):
                read += len(event.data)
        assert read == 1024

    def download(self, chunked: bool) -> None:
        """One response of a megabyte, said and heard."""
        server = Connection(Role.SERVER)
        client = Connection(Role.CLIENT)
        client.send(Request(1, b"GET", TARGET, REQUEST, True))
        server.receive_data(client.data_to_send(), 0.0)
        server.next_event()
        length = [] if chunked else [(b"content-length", b"%d" % (PIECES * len(PIECE)))]
        server.send(Response(1, 200, length))
        read = 0
        for index in range(PIECES):
            server.send(Data(1, PIECE, index == PIECES - 1))
            client.receive_data(server.data_to_send(), 0.0)
            while (event := client.next_event()) is not None:
                if isinstance(event, Data):
                    read += len(event.data)
        assert read == PIECES * len(PIECE)


class H11:
    """The same with h11."""

    def __init__(self, heads: Heads) -> None:
        self.h11: ModuleType = import_module("h11")
        self.heads = heads
        self.start()

    def start(self) -> None:
        """New ends."""
        self.server = self.h11.Connection(self.h11.SERVER)
        self.client = self.h11.Connection(self.h11.CLIENT)

    def serve(self) -> None:
        """One cycle of a server."""
        h11 = self.h11
        server = self.server
        turn = self.heads.turn()
        server.receive_data(self.heads.asked[turn])
        while not isinstance(server.next_event(), h11.EndOfMessage):
            pass
        said = [
            server.send(h11.Response(status_code=200, headers=self.heads.responses[turn])),
            server.send(h11.Data(data=CONTENT)),
            server.send(h11.EndOfMessage()),
        ]
        assert len(b"".join(said)) > 1024
        server.start_next_cycle()

    def serve_first(self) -> None:
        """One cycle of a server whose connection is new."""
        self.server = self.h11.Connection(self.h11.SERVER)
        self.serve()

    def ask(self) -> None:
        """One cycle of a client."""
        h11 = self.h11
        client = self.client
        turn = self.heads.turn()
        said = [
            client.send(
                h11.Request(
                    method=b"GET",
                    target=self.heads.targets[turn],
                    headers=self.heads.requests[turn],
                )
            ),
            client.send(h11.EndOfMessage()),
        ]
        assert b"".join(said)
        client.receive_data(self.heads.answered[turn])
        read = 0
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Data):
                read += len(event.data)
        assert read == 1024
        client.start_next_cycle()

    def download(self, chunked: bool) -> None:
        """One response of a megabyte, said and heard."""
        h11 = self.h11
        self.start()
        server = self.server
        client = self.client
        said = client.send(h11.Request(method=b"GET", target=TARGET, headers=REQUEST))
        server.receive_data(said + client.send(h11.EndOfMessage()))
        while not isinstance(server.next_event(), h11.EndOfMessage):
            pass
        length = [] if chunked else [(b"content-length", b"%d" % (PIECES * len(PIECE)))]
        octets = server.send(h11.Response(status_code=200, headers=length))
        read = 0
        for index in range(PIECES):
            octets += server.send(h11.Data(data=PIECE))
            if index == PIECES - 1:
                octets += server.send(h11.EndOfMessage())
            client.receive_data(octets)
            octets = b""
            while isinstance(event := client.next_event(), h11.Response | h11.Data):
                if isinstance(event, h11.Data):
                    read += len(event.data)
        assert read == PIECES * len(PIECE)


class Parsed:
    """What the callbacks of httptools collect, as the servers on it do."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Nothing yet."""
        self.url = b""
        self.fields: list[Field] = []
        self.read = 0
        self.complete = False

    def on_url(self, url: bytes) -> None:
        """The target, or a piece of it."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field."""
        self.fields.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        """A piece of content."""
        self.read += len(body)

    def on_message_complete(self) -> None:
        """The end."""
        self.complete = True


class Httptools:
    """The same with httptools, which parses; what is said is joined here."""

    def __init__(self, heads: Heads) -> None:
        self.httptools: ModuleType = import_module("httptools")
        self.heads = heads
        self.parsed = Parsed()
        self.server = self.httptools.HttpRequestParser(self.parsed)
        self.client = self.httptools.HttpResponseParser(self.parsed)

    def serve(self) -> None:
        """One cycle of a server."""
        turn = self.heads.turn()
        self.parsed.start()
        self.server.feed_data(self.heads.asked[turn])
        assert self.parsed.complete
        assert self.parsed.url
        parts = [b"HTTP/1.1 200 OK\r\n"]
        for name, value in self.heads.responses[turn]:
            parts += [name, b": ", value, b"\r\n"]
        parts += [b"\r\n", CONTENT]
        assert len(b"".join(parts)) > 1024

    def serve_first(self) -> None:
        """One cycle of a server whose connection is new."""
        self.server = self.httptools.HttpRequestParser(self.parsed)
        self.serve()

    def ask(self) -> None:
        """One cycle of a client."""
        turn = self.heads.turn()
        parts = [b"GET ", self.heads.targets[turn], b" HTTP/1.1\r\n"]
        for name, value in self.heads.requests[turn]:
            parts += [name, b": ", value, b"\r\n"]
        parts.append(b"\r\n")
        assert b"".join(parts)
        self.parsed.start()
        self.client.feed_data(self.heads.answered[turn])
        assert self.parsed.complete
        assert self.parsed.read == 1024


class Zttp:
    """The same with zttp."""

    def __init__(self, heads: Heads) -> None:
        self.zttp: ModuleType = import_module("zttp")
        self.heads = heads
        self.server = self.zttp.Connection(self.zttp.SERVER, self.zttp.HTTP1)
        self.client = self.zttp.Connection(self.zttp.CLIENT, self.zttp.HTTP1)

    def serve(self) -> None:
        """One cycle of a server."""
        zttp = self.zttp
        server = self.server
        turn = self.heads.turn()
        server.receive_data(self.heads.asked[turn])
        while server.next_event() is not zttp.NEED_DATA:
            pass
        server.send_response(200, self.heads.responses[turn])
        server.send_data(CONTENT)
        server.end_message()
        assert len(server.data_to_send()) > 1024
        server.start_next_cycle()

    def serve_first(self) -> None:
        """One cycle of a server whose connection is new."""
        self.server = self.zttp.Connection(self.zttp.SERVER, self.zttp.HTTP1)
        self.serve()

    def ask(self) -> None:
        """One cycle of a client."""
        zttp = self.zttp
        client = self.client
        turn = self.heads.turn()
        client.send_request(b"GET", self.heads.targets[turn], b"1.1", self.heads.requests[turn])
        client.end_message()
        assert client.data_to_send()
        client.receive_data(self.heads.answered[turn])
        read = 0
        while (event := client.next_event()) is not zttp.NEED_DATA:
            if isinstance(event, zttp.Data):
                read += len(event.data)
        assert read == 1024
        client.start_next_cycle()


PEERS: Final = {"h11": H11, "httptools": Httptools, "zttp": Zttp}


def cases(method: str, alike: bool) -> dict[str, Callable[[], object]]:
    """One way to drive every engine that is installed."""
    heads = Heads(alike)
    found: dict[str, Callable[[], object]] = {"hyper": getattr(Ours(heads), method)}
    for name, peer in PEERS.items():
        with suppress(ImportError):
            found[name] = getattr(peer(heads), method)
    return found


def downloads(chunked: bool) -> dict[str, Callable[[], object]]:
    """One download with the engines that are engines."""
    heads = Heads(alike=True)
    ours = Ours(heads)
    found: dict[str, Callable[[], object]] = {"hyper": lambda: ours.download(chunked)}
    with suppress(ImportError):
        peer = H11(heads)
        found["h11"] = lambda: peer.download(chunked)
    return found


def main() -> None:
    """Measure and report."""
    asked = options()
    target = 12.0 if build() == "compiled" else 5.0
    rows = []
    for method, work in (("serve", "server cycle"), ("ask", "client cycle")):
        for alike, which in ((True, "heads alike"), (False, "no head like the one before")):
            times = measure(cases(method, alike), asked.rounds)
            rows.append(Row(f"{work}, {which}", times, target))
    times = measure(cases("serve_first", alike=False), asked.rounds)
    rows.append(Row("server cycle, the first on its connection", times, target))
    for chunked, how in ((False, "by its length"), (True, "in chunks")):
        times = measure(downloads(chunked), asked.rounds, per=PIECES)
        rows.append(Row(f"64 KiB of a download of 1 MiB, {how}", times))
    report("HTTP/1.1 engine", rows, ["h11", "httptools", "zttp"], write=asked.write)


if __name__ == "__main__":
    main()
