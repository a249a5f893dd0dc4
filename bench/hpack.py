"""HPACK beside its peers: field blocks to fields and back.

    python -m bench.hpack [--quick] [--write]

The input is hpack-test-case where it lies beside the project: 32 recorded stories of 3,384 blocks
and 39,359 fields, read as nghttp2 wrote them and written from the raw data.  Else it is made here,
after the same fashion.  Each story is a connection of its own; the figure is for one block.

jh2 stands for what its own engine uses, which is written in Rust; `jh2.hpack` beside it is Python.
nghttp2 is called from C, all blocks at once: the distance to it is that to native code.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from random import Random

import hpack as peer

from bench import nghttp2
from bench.harness import OURS, Row, build, measure, options, report
from hyper.hpack import Decoder, Encoder
from hyper.wire import Field

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors" / "hpack"

REQUEST: list[Field] = [
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
RESPONSE: list[Field] = [
    (b":status", b"200"),
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"content-length", b"1024"),
    (b"date", b"Mon, 23 Nov 2026 10:00:00 GMT"),
    (b"server", b"bench"),
    (b"cache-control", b"public, max-age=31536000"),
    (b"etag", b'"5d8c72a5edda8d6a"'),
]


def recorded() -> tuple[list[list[bytes]], list[list[list[Field]]]]:
    """The blocks that nghttp2 wrote, and the fields of the raw data."""
    blocks: list[list[bytes]] = []
    for path in sorted((VECTORS / "nghttp2").glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
        blocks.append([bytes.fromhex(case["wire"]) for case in cases])
    fields: list[list[list[Field]]] = []
    for path in sorted((VECTORS / "raw-data").glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
        fields.append([_fields(case["headers"]) for case in cases])
    return blocks, fields


def _fields(headers: list[dict[str, str]]) -> list[Field]:
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for header in headers
        for name, value in header.items()
    ]


def made() -> tuple[list[list[bytes]], list[list[list[Field]]]]:
    """The same after the same fashion: half of a connection's fields are known, half are new."""
    random = Random(7541)  # noqa: S311 - the same input on every machine
    fields: list[list[list[Field]]] = []
    for story in range(32):
        blocks: list[list[Field]] = []
        for _ in range(100):
            path = b"/%x/%x.js" % (random.randrange(50), random.randrange(10**6))
            referer = b"https://www.example.com/%d" % random.randrange(20)
            cookie = b"session=%032x; seen=%d" % (story, random.randrange(5))
            new = {b":path": path, b"referer": referer, b"cookie": cookie}
            blocks.append([(name, new.get(name, value)) for name, value in REQUEST])
        fields.append(blocks)
    written: list[list[bytes]] = []
    for blocks in fields:
        encoder = peer.Encoder()
        written.append([encoder.encode(block) for block in blocks])
    return written, fields


def decoding(stories: list[list[bytes]]) -> dict[str, Callable[[], int]]:
    """Read all blocks, by everybody who is here; each call counts the fields."""

    def ours() -> int:
        count = 0
        for story in stories:
            decoder = Decoder()
            for block in story:
                count += len(decoder.decode(block))
        return count

    def hpack() -> int:
        count = 0
        for story in stories:
            decoder = peer.Decoder()
            for block in story:
                count += len(list(decoder.decode(block, raw=True)))
        return count

    cases: dict[str, Callable[[], int]] = {OURS: ours, "hpack": hpack}
    with suppress(ImportError):
        native = import_module("jh2.connection")

        def jh2() -> int:
            count = 0
            for story in stories:
                decoder = native.Decoder()
                for block in story:
                    count += len(decoder.decode(block, raw=True))
            return count

        cases["jh2"] = jh2
    driver = nghttp2.driver()
    if driver is not None:
        cases["nghttp2"] = nghttp2.inflating(driver, stories)
    return cases


def encoding(stories: list[list[list[Field]]]) -> dict[str, Callable[[], int]]:
    """Write all blocks, by everybody who is here; each call counts the octets."""
    # What jh2 wants: name, value, and whether it is a secret.
    marked = [[[(*field, False) for field in block] for block in story] for story in stories]

    def ours() -> int:
        count = 0
        for story in stories:
            encoder = Encoder()
            for block in story:
                count += len(encoder.encode(block))
        return count

    def hpack() -> int:
        count = 0
        for story in stories:
            encoder = peer.Encoder()
            for block in story:
                count += len(encoder.encode(block))
        return count

    cases: dict[str, Callable[[], int]] = {OURS: ours, "hpack": hpack}
    with suppress(ImportError):
        native = import_module("jh2.connection")

        def jh2() -> int:
            count = 0
            for story in marked:
                encoder = native.Encoder()
                for block in story:
                    count += len(encoder.encode(block))
            return count

        cases["jh2"] = jh2
    driver = nghttp2.driver()
    if driver is not None:
        cases["nghttp2"] = nghttp2.deflating(driver, stories)
    return cases


def warm(fields: list[Field], what: str, rounds: int) -> list[Row]:
    """One list of fields again and again, as on a connection that has seen it before."""
    encoder, decoder = Encoder(), Decoder()
    their_encoder, their_decoder = peer.Encoder(), peer.Decoder()
    assert decoder.decode(encoder.encode(fields)) == fields, "entered"
    their_decoder.decode(their_encoder.encode(fields))
    block, their_block = encoder.encode(fields), their_encoder.encode(fields)

    def write() -> bytes:
        return encoder.encode(fields)

    def their_write() -> bytes:
        return their_encoder.encode(fields)

    def read() -> list[Field]:
        return decoder.decode(block)

    def their_read() -> object:
        return their_decoder.decode(their_block, raw=True)

    return [
        Row(f"decode {what} seen before", measure({OURS: read, "hpack": their_read}, rounds)),
        Row(f"encode {what} seen before", measure({OURS: write, "hpack": their_write}, rounds)),
    ]


def pieces(count: int, rounds: int) -> Row:
    """A head of literals in pieces: joined before it is decoded, and piece by piece.

    The pieces are cut between fields.  A decoder that took any pieces would besides have to carry
    over what is cut within a field: this is the least that it could cost.
    """
    encoder, decoder = Encoder(0), Decoder()
    # The first block says that there is no table.
    decoder.decode(encoder.encode([]))
    step = -(-len(REQUEST) // count)
    parts = [encoder.encode(REQUEST[at : at + step]) for at in range(0, len(REQUEST), step)]

    def joined() -> list[Field]:
        return decoder.decode(b"".join(parts))

    def piecemeal() -> list[Field]:
        fields: list[Field] = []
        for part in parts:
            fields += decoder.decode(part)
        return fields

    assert joined() == piecemeal() == REQUEST, "the same fields"
    times = measure({OURS: joined, "piece by piece": piecemeal}, rounds)
    return Row(f"decode a request in {count} pieces, joined first", times)


def main() -> None:
    """Measure and print."""
    asked = options()
    compiled = build() == "compiled"
    blocks, fields = recorded() if VECTORS.exists() else made()
    count = sum(len(story) for story in blocks)
    reading, writing = decoding(blocks), encoding(fields)
    found = {name: work() for name, work in reading.items()}
    assert len(set(found.values())) == 1, f"not the same fields: {found}"
    octets = ", ".join(f"{name} {work():,}" for name, work in writing.items())
    rows = [
        Row(
            f"decode a block of {count:,}",
            measure(reading, asked.rounds, per=count),
            15.0 if compiled else 5.0,
        ),
        Row(
            f"encode a block of {count:,}; octets: {octets}",
            measure(writing, asked.rounds, per=count),
            12.0 if compiled else 5.0,
        ),
        *warm(REQUEST, "a request", asked.rounds),
        *warm(RESPONSE, "a response", asked.rounds),
    ]
    report("HPACK", rows, ["hpack", "jh2"], write=asked.write)
    streamed = [pieces(count, asked.rounds) for count in (2, 4, 10)]
    report("HPACK, blocks in pieces", streamed, write=asked.write)


if __name__ == "__main__":
    main()
