"""Ten megabytes of each kind of malice: an engine holds little, answers little, and says GOAWAY.

Costs are counted, not timed: bytes taken in until the end, bytes held, bytes written.
"""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from hyper.frame import (
    PREFACE,
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
    serialize,
)
from hyper.h2 import Connection, Data, Event, PeerFault, Request, Response
from hyper.hpack import Encoder
from hyper.wire import Field, Role
from tests.support.pair import drained
from tests.support.playbook import GET, OK, POST

TOTAL = 10 * 2**20
HELD = 2 * 2**20
STEP = 64 * 1024

WINDOW = SettingId.INITIAL_WINDOW_SIZE
CALM = ErrorCode.ENHANCE_YOUR_CALM


def pack(*frames: Frame) -> bytes:
    return b"".join([serialize(frame) for frame in frames])


def again(*frames: Frame) -> Iterator[bytes]:
    octets = pack(*frames)
    while True:
        yield octets


class Client:
    """Makes requests, each on a new stream, and remembers the ids."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.last_id = -1

    def block(self, fields: list[Field], end: bool = True) -> bytes:
        self.last_id += 2
        return pack(HeadersFrame(self.last_id, self.encoder.encode(fields), end))

    def more(self, fields: list[Field]) -> bytes:
        """Another block on the stream of the last one."""
        return pack(HeadersFrame(self.last_id, self.encoder.encode(fields), True))


def rapid_reset() -> Iterator[bytes]:
    client = Client()
    while True:
        yield client.block(GET) + pack(RstStreamFrame(client.last_id, ErrorCode.CANCEL))


def made_you_reset(provoke: Callable[[Client], bytes]) -> Iterator[bytes]:
    client = Client()
    while True:
        yield client.block(GET) + provoke(client)


def malformed() -> Iterator[bytes]:
    client = Client()
    while True:
        yield client.block([*GET, (b"connection", b"close")])


def too_many_streams() -> Iterator[bytes]:
    client = Client()
    while True:
        yield client.block(POST, end=False)


def on_one_stream(*frames: Frame, reset: bool = False) -> Iterator[bytes]:
    client = Client()
    yield client.block(POST, end=False)
    if reset:
        yield pack(WindowUpdateFrame(1, 2**31 - 1))
    yield from again(*frames)


def late_dust() -> Iterator[bytes]:
    # The window is held to its last byte by a stream nobody reads; then each byte that is credited
    # has to be announced at once.
    client = Client()
    yield client.block(POST, end=False) + pack(WindowUpdateFrame(1, 2**31 - 1))
    for _ in range(4):
        yield client.block(POST, end=False)
        yield pack(*[DataFrame(client.last_id, bytes(16_384))] * 15)
    yield client.block(POST, end=False) + pack(DataFrame(client.last_id, bytes(16_384)))
    yield pack(
        *[DataFrame(client.last_id, bytes(16_384))] * 2, DataFrame(client.last_id, bytes(16_383))
    )
    yield from again(DataFrame(1, b"x"))


def late_headers() -> Iterator[bytes]:
    client = Client()
    yield client.block(POST, end=False) + pack(WindowUpdateFrame(1, 2**31 - 1))
    while True:
        yield client.more([(b"late", b"x" * 50)])


def settings_with_open_streams() -> Iterator[bytes]:
    client = Client()
    for _ in range(100):
        yield client.block(POST, end=False)
    yield from again(SettingsFrame([(WINDOW, 0)]), SettingsFrame([(WINDOW, 2**31 - 1)]))


def hpack_bomb() -> Iterator[bytes]:
    # One field that fills the dynamic table, then each octet of a block is the whole of it.
    client = Client()
    yield client.block([*GET, (b"x-bomb", b"y" * 2_900)])
    while True:
        client.last_id += 2
        yield pack(HeadersFrame(client.last_id, b"\xbe" * 16_000, True))


def field_count_bomb() -> Iterator[bytes]:
    client = Client()
    while True:
        client.last_id += 2
        yield pack(HeadersFrame(client.last_id, b"\x82\x84\x87\x41\x01a" + b"\x90" * 140, True))


def crumbs() -> Iterator[bytes]:
    client = Client()
    while True:
        yield client.block([*GET, *[(b"cookie", b"")] * 129])


def continuations(fragment: bytes) -> Iterator[bytes]:
    yield pack(HeadersFrame(1, fragment, True, False))
    yield from again(ContinuationFrame(1, fragment, False))


def zero_window() -> Iterator[bytes]:
    yield pack(SettingsFrame([(WINDOW, 0)]))
    client = Client()
    while True:
        yield client.block(GET)


def dribble() -> Iterator[bytes]:
    yield pack(SettingsFrame([(WINDOW, 0)])) + Client().block(GET)
    yield from again(WindowUpdateFrame(1, 1))


def huge_frame() -> Iterator[bytes]:
    yield pack_header(2**24 - 1, 0x0, 0, 1)
    while True:
        yield bytes(4_096)


ATTACKS: dict[str, tuple[Callable[[], Iterator[bytes]], ErrorCode, int]] = {
    # What comes, how it ends, and after how many bytes at most.
    "PING": (lambda: again(PingFrame(bytes(8))), CALM, 20_000),
    "PING ACK": (lambda: again(PingFrame(bytes(8), ack=True)), CALM, 20_000),
    "SETTINGS": (lambda: again(SettingsFrame()), CALM, 6_000),
    "SETTINGS with values": (lambda: again(SettingsFrame([(0x1000, 1)] * 32)), CALM, 110_000),
    "SETTINGS, windows up and down": (settings_with_open_streams, CALM, 10_000),
    "SETTINGS ACK": (lambda: again(SettingsFrame(ack=True)), ErrorCode.PROTOCOL_ERROR, 100),
    "CONTINUATION": (lambda: continuations(bytes(16_384)), CALM, 100_000),
    "CONTINUATION, empty": (lambda: continuations(b""), CALM, 200),
    "CONTINUATION, one octet": (lambda: continuations(b"\x82"), CALM, 200),
    "rapid reset (CVE-2023-44487)": (rapid_reset, CALM, 15_000),
    "made you reset: increment of 0": (
        lambda: made_you_reset(lambda c: pack_header(4, 8, 0, c.last_id) + bytes(4)),
        CALM,
        15_000,
    ),
    "made you reset: window too large": (
        lambda: made_you_reset(lambda c: pack(WindowUpdateFrame(c.last_id, 2**31 - 1))),
        CALM,
        15_000,
    ),
    "made you reset: DATA after the end": (
        lambda: made_you_reset(lambda c: pack(DataFrame(c.last_id, b"x"))),
        CALM,
        15_000,
    ),
    "made you reset: HEADERS after the end": (
        lambda: made_you_reset(lambda c: c.more([(b"a", b"b")])),
        CALM,
        15_000,
    ),
    "malformed requests (CVE-2019-9514)": (malformed, CALM, 15_000),
    "more streams than allowed": (too_many_streams, CALM, 15_000),
    "empty DATA (CVE-2019-9518)": (lambda: on_one_stream(DataFrame(1, b"")), CALM, 20_000),
    "DATA of padding": (
        lambda: on_one_stream(DataFrame(1, b"", pad_length=255)),
        CALM,
        300_000,
    ),
    "late DATA, empty": (lambda: on_one_stream(DataFrame(1, b""), reset=True), CALM, 20_000),
    "late DATA, dust": (late_dust, CALM, 1_200_000),
    "late HEADERS": (late_headers, CALM, 90_000),
    "RST_STREAM of a stream that is over": (
        lambda: on_one_stream(RstStreamFrame(1, ErrorCode.CANCEL)),
        CALM,
        20_000,
    ),
    "PRIORITY (CVE-2019-9513)": (lambda: again(PriorityFrame(1, Priority())), CALM, 20_000),
    "PRIORITY_UPDATE": (lambda: again(PriorityUpdateFrame(1, b"u=0")), CALM, 30_000),
    "unknown frames": (lambda: again(UnknownFrame(0x77)), CALM, 20_000),
    "unknown frames, large": (lambda: again(UnknownFrame(0x77, 0, 0, bytes(16_384))), CALM, TOTAL),
    "ALTSVC": (lambda: again(AltSvcFrame(0, b"o", b"v")), CALM, 20_000),
    "GOAWAY": (lambda: again(GoAwayFrame(0, ErrorCode.NO_ERROR)), CALM, 20_000),
    "WINDOW_UPDATE of 1": (lambda: again(WindowUpdateFrame(0, 1)), CALM, 20_000),
    "WINDOW_UPDATE of 1 on a stream": (
        lambda: on_one_stream(WindowUpdateFrame(1, 1)),
        CALM,
        20_000,
    ),
    "a window opened byte by byte (CVE-2019-9511)": (dribble, CALM, 40_000),
    "HPACK bomb (CVE-2016-6581)": (hpack_bomb, ErrorCode.COMPRESSION_ERROR, 40_000),
    "a bomb of small fields (CVE-2026-49975)": (field_count_bomb, CALM, 60_000),
    "cookie crumbs": (crumbs, CALM, 90_000),
    "a window that never opens": (zero_window, CALM, 40_000),
    "a frame of 16 MiB": (huge_frame, ErrorCode.FRAME_SIZE_ERROR, 20_000),
}


class Victim:
    """A server that answers every request with ten kilobytes, and reads what it is sent."""

    def __init__(self, name: str = "") -> None:
        self.engine = Connection(Role.SERVER, auto_consume="dust" not in name)
        self.engine.receive_data(PREFACE + pack(SettingsFrame(), SettingsFrame(ack=True)), 0.0)
        self.fault: PeerFault | None = None
        self.written = 0
        self.take()

    def hear(self, octets: bytes) -> None:
        self.engine.receive_data(octets, 0.0)
        self.take()

    def take(self) -> None:
        while (event := self.engine.next_event()) is not None:
            self.react(event)

    def react(self, event: Event) -> None:
        if isinstance(event, Request):
            self.engine.send(Response(event.stream_id, OK))
            self.engine.send(Data(event.stream_id, bytes(10_000), True))
        elif isinstance(event, PeerFault) and event.scope is Scope.CONNECTION:
            self.fault = event

    def read(self) -> bytes:
        octets = self.engine.data_to_send()
        self.written += len(octets)
        return octets


@pytest.mark.parametrize("reads", [True, False], ids=["peer reads", "peer reads nothing"])
@pytest.mark.parametrize("name", ATTACKS)
def test_malice_ends_in_goaway_and_leaves_little_behind(name: str, reads: bool) -> None:
    attack, code, most = ATTACKS[name]
    source = attack()
    victim = Victim(name)
    victim.read()
    victim.written = 0
    heard = 0
    until_the_end = 0
    tracemalloc.start()
    try:
        while heard < TOTAL:
            octets = next(source)
            # Frame by frame while it lasts, then in large pieces: what is over costs nothing.
            if victim.fault is not None:
                octets = octets * (STEP // len(octets) + 1)
            victim.hear(octets)
            heard += len(octets)
            if victim.fault is None:
                until_the_end = heard
            if reads:
                victim.read()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert victim.fault is not None, "it is noticed"
    assert victim.fault.code is code, str(victim.fault)
    assert until_the_end <= most, "and soon"
    assert peak <= HELD, f"{peak} bytes held at the worst moment"
    last = victim.read()[-17:] if not reads else b""
    if last:
        assert last[3] == 0x7, "the last word is GOAWAY"
        assert last[-4:] == code.to_bytes(4, "big"), "which says why"
    assert victim.engine.closed


def test_a_flood_of_interim_responses_ends_too() -> None:
    encoder = Encoder()
    client = Connection(Role.CLIENT)
    client.send(Request(1, GET, True))
    client.receive_data(pack(SettingsFrame(), SettingsFrame(ack=True)), 0.0)
    events: list[Event] = []
    while not client.closed:
        block = encoder.encode([(b":status", b"103"), (b"link", b"</a>")])
        client.receive_data(pack(HeadersFrame(1, block)), 0.0)
        events += drained(client)
        assert len(events) <= 1_100, "it is noticed"
    fault = events[-1]
    assert isinstance(fault, PeerFault)
    assert fault.code is CALM


def test_requests_behind_our_goaway_are_paid_for() -> None:
    victim = Victim()
    victim.engine.shut_down(warn=False)
    client = Client()
    for _ in range(1_100):
        victim.hear(client.block(GET))
    assert victim.fault is not None, "each costs its decoding"
    assert victim.fault.code is CALM


def test_the_cost_of_a_frame_does_not_grow_with_the_streams_that_are_over() -> None:
    sizes: list[int] = []
    for count in (500, 2_000):
        victim = Victim()
        client = Client()
        tracemalloc.start()
        try:
            for _ in range(count):
                victim.hear(client.block(GET))
                victim.hear(pack(WindowUpdateFrame(0, 10_000)))
                victim.read()
            sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert victim.fault is None, "honest work"
        assert victim.engine.open_streams == 0
    assert sizes[1] <= sizes[0] * 1.5 + 20_000, "nothing is kept of a stream that is over"
