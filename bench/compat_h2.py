"""What stands for h2 beside h2 itself: the same program over both, in memory.

The cycles are those of `h2_cycle`.  The server by itself answers requests of h2load, as Hypercorn
does: head, content and end in calls of their own, each with its `data_to_send`.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import repeat

from bench.h2_cycle import CONTENT, PIECES, H2Pair
from bench.harness import Row, build, measure, options, report
from hyper.frame import PREFACE, HeadersFrame, SettingsFrame, WindowUpdateFrame, serialize
from hyper.hpack import Encoder

OURS = "hyper.compat.h2"

ASKED = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"127.0.0.1:8000"),
    (b":path", b"/"),
    (b"user-agent", b"h2load nghttp2/1.64.0"),
]
ANSWER = [
    (b":status", b"200"),
    (b"content-type", b"text/plain"),
    (b"content-length", b"1024"),
    (b"date", b"Mon, 23 Nov 2026 10:00:00 GMT"),
    (b"server", b"bench"),
]
BATCH = 10  # requests that one read of a socket brings


class Server:
    """A server that answers h2load."""

    def __init__(self, package: str) -> None:
        self.request = import_module(f"{package}.events").RequestReceived
        config = import_module(f"{package}.config")
        self.make = import_module(f"{package}.connection").H2Connection
        self.config = config.H2Configuration(client_side=False, header_encoding=None)
        self.start()

    def start(self) -> None:
        """A new connection, with windows that last."""
        self.encoder = Encoder()
        self.stream_id = -1
        self.connection = self.make(self.config)
        self.connection.initiate_connection()
        self.connection.receive_data(
            PREFACE + serialize(SettingsFrame()) + serialize(WindowUpdateFrame(0, 2**30))
        )
        self.connection.data_to_send()

    def batch(self) -> None:
        """Some requests in one read, and their answers."""
        if self.stream_id > 100_000:
            self.start()
        asked: list[bytes] = []
        for _ in repeat(None, BATCH):
            self.stream_id += 2
            block = self.encoder.encode(ASKED)
            asked.append(serialize(HeadersFrame(self.stream_id, block, end_stream=True)))
        connection = self.connection
        for event in connection.receive_data(b"".join(asked)):
            if isinstance(event, self.request):
                connection.send_headers(event.stream_id, ANSWER)
                connection.data_to_send()
                connection.local_flow_control_window(event.stream_id)
                connection.send_data(event.stream_id, CONTENT)
                connection.data_to_send()
                connection.end_stream(event.stream_id)
                connection.data_to_send()


def sides(make: Callable[[str], Callable[[], object]]) -> dict[str, Callable[[], object]]:
    """The same over ours and over h2, if that is installed."""
    cases = {"hyper": make(OURS)}
    with suppress(ImportError):
        cases["h2"] = make("h2")
    return cases


def main() -> None:
    """Measure and report."""
    asked = options()
    compiled = build() == "compiled"
    rows = [
        Row(
            "request cycle",
            measure(sides(lambda package: H2Pair(package).cycle), asked.rounds),
            6.0 if compiled else 4.0,
        ),
        Row(
            "request cycle, no two alike",
            measure(sides(lambda package: H2Pair(package).different), asked.rounds),
        ),
        Row(
            "16 KiB of DATA in an upload of 1 MiB",
            measure(sides(lambda package: H2Pair(package).upload), asked.rounds, per=PIECES),
        ),
        Row(
            "a request of h2load at the server",
            measure(sides(lambda package: Server(package).batch), asked.rounds, per=BATCH),
        ),
    ]
    report("What stands for h2", rows, ["h2"], write=asked.write)


if __name__ == "__main__":
    main()
