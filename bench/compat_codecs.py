"""What stands for hpack, hyperframe, priority and h11 beside them: the same calls, in memory."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import cycle
from typing import Any

from bench.harness import Row, measure, options, report

REQUEST = [
    (":method", "GET"),
    (":scheme", "https"),
    (":authority", "example.org"),
    (":path", "/articles/42?lang=en"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("accept-language", "en-GB,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("cookie", "session=0123456789abcdef0123456789abcdef"),
]
STREAMS = 100


def sides(
    name: str, make: Callable[[Any], Callable[[], object]]
) -> dict[str, Callable[[], object]]:
    """The same over ours and over the other, if that is installed."""
    cases = {"hyper": make(import_module(f"hyper.compat.{name}"))}
    with suppress(ImportError):
        cases["the library"] = make(import_module(name))
    return cases


def headers(module: Any) -> Callable[[], object]:
    """Encode and decode a request, whose path is another one each time."""
    encoder, decoder = module.Encoder(), module.Decoder()
    paths = cycle([f"/articles/{number}" for number in range(1_000)])

    def work() -> None:
        section = [*REQUEST[:3], (":path", next(paths)), *REQUEST[4:]]
        assert len(decoder.decode(encoder.encode(section))) == len(REQUEST)

    return work


def frames(module: Any) -> Callable[[], object]:
    """Make a DATA frame, write it, and read it."""
    frame = import_module(f"{module.__name__}.frame")
    content = bytes(1024)

    def work() -> None:
        made = frame.DataFrame(1, flags=["END_STREAM"])
        made.data = content
        octets = memoryview(made.serialize())
        read, length = frame.Frame.parse_frame_header(octets[:9])
        read.parse_body(octets[9 : 9 + length])
        assert read.data == content

    return work


def turns(blocked: int) -> Callable[[Any], Callable[[], object]]:
    """The next turn of some streams, `blocked` of which cannot send."""

    def make(module: Any) -> Callable[[], object]:
        tree = module.PriorityTree()
        for stream_id in range(1, 2 * STREAMS, 2):
            tree.insert_stream(stream_id)
        for stream_id in range(1, 2 * blocked, 2):
            tree.block(stream_id)
        return lambda: next(tree)

    return make


def exchange(module: Any) -> Callable[[], object]:
    """A request and its response between two ends of HTTP/1.1."""
    client, server = module.Connection(module.CLIENT), module.Connection(module.SERVER)
    asked = module.Request(
        method="GET",
        target="/",
        headers=[("Host", "example.org"), ("User-Agent", "bench"), ("Accept", "*/*")],
    )
    answer = [("Content-Type", "text/plain"), ("Content-Length", "1024"), ("Server", "bench")]
    content = bytes(1024)

    def work() -> None:
        server.receive_data(client.send(asked) + client.send(module.EndOfMessage()))
        while server.their_state is not module.DONE:
            server.next_event()
        said = server.send(module.Response(status_code=200, headers=answer))
        said += server.send(module.Data(data=content)) + server.send(module.EndOfMessage())
        client.receive_data(said)
        while client.their_state is not module.DONE:
            client.next_event()
        client.start_next_cycle()
        server.start_next_cycle()

    return work


def main() -> None:
    """Measure and report."""
    asked = options()
    rounds = asked.rounds
    rows = [
        Row("hpack: a request, encoded and decoded", measure(sides("hpack", headers), rounds)),
        Row(
            "hyperframe: DATA of 1 KiB, written and read",
            measure(sides("hyperframe", frames), rounds),
        ),
        Row("priority: a turn, 100 streams can send", measure(sides("priority", turns(0)), rounds)),
        Row("priority: a turn, 1 of 100 can send", measure(sides("priority", turns(99)), rounds)),
        Row("h11: a request and its response", measure(sides("h11", exchange), rounds)),
    ]
    report(
        "What stands for the codecs and h11",
        rows,
        ["hpack", "hyperframe", "priority", "h11"],
        write=asked.write,
    )


if __name__ == "__main__":
    main()
