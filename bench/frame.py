"""Frames against hyperframe: bytes to frames and back, both faces of the package.

    python -m bench.frame [--quick] [--write]

The mix is what a busy connection sees: of ten exchanges each a head, two pieces of content and two
window updates, and with them settings, a ping and a reset.  hyperframe has no splitter: it is set
against the loop its user writes, header then body from a memoryview.  Nor has it a way to bytes
without a frame object, so `pack_` stands beside making the frame and serialising it.
"""

from collections.abc import Callable

from hyperframe import frame as peer

from bench.harness import OURS, Row, measure, options, report
from hyper.frame import (
    DataFrame,
    Frame,
    FrameReader,
    FrameSplitter,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
    pack_data,
    pack_headers,
    pack_ping,
    pack_rst_stream,
    pack_settings,
    pack_window_update,
    parse_frame,
    serialize,
)

PEER = "hyperframe"

BLOCK = bytes(range(60))
FIRST = b"x" * 1024
SECOND = b"y" * 100

EXCHANGE: list[Frame] = [
    HeadersFrame(1, BLOCK),
    WindowUpdateFrame(0, 1024),
    DataFrame(1, FIRST),
    WindowUpdateFrame(1, 1024),
    DataFrame(1, SECOND, end_stream=True),
]
RARE: list[Frame] = [
    SettingsFrame([(1, 4096), (3, 100), (4, 65_535)]),
    PingFrame(b"01234567"),
    RstStreamFrame(1, 8),
]
MIX = EXCHANGE * 10 + RARE

SINGLE: list[tuple[str, Frame]] = [
    ("DATA of 1 KiB", EXCHANGE[2]),
    ("DATA of 16 KiB", DataFrame(1, b"z" * 16_384)),
    ("DATA of 1 KiB, padded", DataFrame(1, b"z" * 1024, pad_length=32)),
    ("HEADERS", EXCHANGE[0]),
    ("WINDOW_UPDATE", EXCHANGE[1]),
    ("SETTINGS of 3", RARE[0]),
    ("PING", RARE[1]),
    ("RST_STREAM", RARE[2]),
    ("GOAWAY", GoAwayFrame(7, 0, b"bye")),
]


def split(octets: bytes) -> int:
    """All frames of the bytes, as an engine takes them."""
    splitter = FrameSplitter()
    splitter.receive_data(octets)
    count = 0
    while splitter.next_frame():
        count += 1
    return count


def read(octets: bytes) -> int:
    """All frames of the bytes, as values."""
    return len(FrameReader().feed(octets))


def peer_frame(view: memoryview) -> tuple[peer.Frame, int]:
    """The first frame of the bytes by hyperframe, and where the next one begins."""
    found, length = peer.Frame.parse_frame_header(view[:9])
    found.parse_body(view[9 : 9 + length])
    return found, 9 + length


def peer_read(octets: bytes) -> int:
    """All frames of the bytes, by hyperframe."""
    view = memoryview(octets)
    count = 0
    at = 0
    while at < len(view):
        _, size = peer_frame(view[at:])
        at += size
        count += 1
    return count


def packed() -> bytes:
    """The mix without a frame object."""
    parts: list[bytes] = []
    for _ in range(10):
        parts.append(pack_headers(1, BLOCK))
        parts.append(pack_window_update(0, 1024))
        parts.append(pack_data(1, FIRST))
        parts.append(pack_window_update(1, 1024))
        parts.append(pack_data(1, SECOND, end_stream=True))
    parts.append(pack_settings([(1, 4096), (3, 100), (4, 65_535)]))
    parts.append(pack_ping(b"01234567"))
    parts.append(pack_rst_stream(1, 8))
    return b"".join(parts)


def made() -> bytes:
    """The mix as values, made and serialised."""
    frames: list[Frame] = []
    for _ in range(10):
        frames.append(HeadersFrame(1, BLOCK))
        frames.append(WindowUpdateFrame(0, 1024))
        frames.append(DataFrame(1, FIRST))
        frames.append(WindowUpdateFrame(1, 1024))
        frames.append(DataFrame(1, SECOND, end_stream=True))
    frames.append(SettingsFrame([(1, 4096), (3, 100), (4, 65_535)]))
    frames.append(PingFrame(b"01234567"))
    frames.append(RstStreamFrame(1, 8))
    return b"".join([serialize(frame) for frame in frames])


def peer_made() -> bytes:
    """The mix as frames of hyperframe's, made and serialised."""
    frames: list[peer.Frame] = []
    for _ in range(10):
        frames.append(peer.HeadersFrame(1, BLOCK, flags=["END_HEADERS"]))
        frames.append(peer.WindowUpdateFrame(0, 1024))
        frames.append(peer.DataFrame(1, FIRST))
        frames.append(peer.WindowUpdateFrame(1, 1024))
        frames.append(peer.DataFrame(1, SECOND, flags=["END_STREAM"]))
    frames.append(peer.SettingsFrame(0, {1: 4096, 3: 100, 4: 65_535}))
    frames.append(peer.PingFrame(0, b"01234567"))
    frames.append(peer.RstStreamFrame(1, 8))
    return b"".join([frame.serialize() for frame in frames])


def single(name: str, frame: Frame, rounds: int) -> list[Row]:
    """One frame from its bytes to its value, and back from a value that is there already."""
    octets = serialize(frame)
    view = memoryview(octets)
    theirs, _ = peer_frame(view)
    assert theirs.serialize() == octets, theirs

    def ours() -> Frame:
        return parse_frame(octets)

    def parsed() -> object:
        return peer_frame(view)

    def serialized() -> bytes:
        return serialize(frame)

    return [
        Row(f"parse {name}", measure({OURS: ours, PEER: parsed}, rounds)),
        Row(f"serialise {name}", measure({OURS: serialized, PEER: theirs.serialize}, rounds)),
    ]


def mixed(rounds: int) -> list[Row]:
    """The whole mix in both directions by both faces; the figure is for one frame of it."""
    octets = packed()
    size = len(MIX)
    assert octets == made() == peer_made() == b"".join([serialize(frame) for frame in MIX])
    assert split(octets) == read(octets) == peer_read(octets) == size

    def ours_split() -> int:
        return split(octets)

    def ours_read() -> int:
        return read(octets)

    def theirs() -> int:
        return peer_read(octets)

    def row(work: str, ours: Callable[[], object], other: Callable[[], object]) -> Row:
        return Row(work, measure({OURS: ours, PEER: other}, rounds, per=size), 5.0)

    return [
        row("mix, bytes to engine: FrameSplitter", ours_split, theirs),
        row("mix, engine to bytes: pack_", packed, peer_made),
        row("mix, bytes to values: FrameReader", ours_read, theirs),
        row("mix, values to bytes: serialize", made, peer_made),
    ]


def main() -> None:
    """Measure and print."""
    asked = options()
    rows = mixed(asked.rounds)
    for name, frame in SINGLE:
        rows += single(name, frame, asked.rounds)
    report("Frames", rows, [PEER], write=asked.write)


if __name__ == "__main__":
    main()
