"""What hostile peers send: frames without end, a few at a time; docs/decisions/attacks.md has a row
for each kind.

Each begins where both prefaces are done.  A client's bytes are for a server, and the other way
round; the server attacked here answers every request, the client attacked here has asked for a few
things (see `tests.support.victims`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from hyper.frame import (
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
    serialize,
)
from hyper.hpack import Encoder
from hyper.wire import Field
from tests.support.playbook import GET, OK, POST

Source: TypeAlias = Callable[[], Iterator[bytes]]

_WINDOW: Final = SettingId.INITIAL_WINDOW_SIZE
_CALM: Final = ErrorCode.ENHANCE_YOUR_CALM
_BAD: Final = ErrorCode.PROTOCOL_ERROR


def pack(*frames: Frame) -> bytes:
    """The bytes of some frames."""
    return b"".join([serialize(frame) for frame in frames])


def again(*frames: Frame) -> Source:
    """The same frames for ever."""
    octets = pack(*frames)

    def source() -> Iterator[bytes]:
        while True:
            yield octets

    return source


class Attacker:
    """Makes field blocks, each on a new stream, and remembers the ids."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.last_id = -1

    def block(self, fields: list[Field], end: bool = True) -> bytes:
        """A new stream."""
        self.last_id += 2
        return pack(HeadersFrame(self.last_id, self.encoder.encode(fields), end))

    def raw(self, block: bytes) -> bytes:
        """A new stream, of octets that no encoder would make."""
        self.last_id += 2
        return pack(HeadersFrame(self.last_id, block, True))

    def more(self, fields: list[Field], stream_id: int = 0, end: bool = True) -> bytes:
        """Another block on the stream of the last one, or on any other."""
        return pack(HeadersFrame(stream_id or self.last_id, self.encoder.encode(fields), end))


def each_request(rest: Callable[[Attacker], bytes], fields: list[Field] = GET) -> Source:
    """A request, something that goes with it, and both again on the next stream."""

    def source() -> Iterator[bytes]:
        client = Attacker()
        while True:
            yield client.block(fields) + rest(client)

    return source


def on_one_stream(*frames: Frame, start: bytes = b"") -> Source:
    """An upload that is begun, and then the same frames for ever."""

    def source() -> Iterator[bytes]:
        yield Attacker().block(POST, end=False) + start
        yield from again(*frames)()

    return source


def behind_our_reset(*frames: Frame) -> Source:
    """The same on a stream that the victim was made to reset."""
    return on_one_stream(*frames, start=pack(WindowUpdateFrame(1, 2**31 - 1)))


def behind_a_response(*frames: Frame) -> Source:
    """A response that is begun, and then the same frames for ever."""

    def source() -> Iterator[bytes]:
        yield Attacker().more(OK, 1, end=False)
        yield from again(*frames)()

    return source


def _idle_priorities() -> Iterator[bytes]:
    stream_id = 1
    while True:
        yield pack(PriorityUpdateFrame(stream_id, b"u=0"))
        stream_id = stream_id % 1_000_000 + 2


def _too_many_streams() -> Iterator[bytes]:
    client = Attacker()
    while True:
        yield client.block(POST, end=False)


def _late_dust() -> Iterator[bytes]:
    # The window is held to its last byte by a stream nobody reads; then each byte that is credited
    # has to be announced at once.
    client = Attacker()
    yield client.block(POST, end=False) + pack(WindowUpdateFrame(1, 2**31 - 1))
    for _ in range(4):
        yield client.block(POST, end=False)
        yield pack(*[DataFrame(client.last_id, bytes(16_384))] * 15)
    yield client.block(POST, end=False) + pack(DataFrame(client.last_id, bytes(16_384)))
    yield pack(
        *[DataFrame(client.last_id, bytes(16_384))] * 2, DataFrame(client.last_id, bytes(16_383))
    )
    yield from again(DataFrame(1, b"x"))()


def _late_headers() -> Iterator[bytes]:
    client = Attacker()
    yield client.block(POST, end=False) + pack(WindowUpdateFrame(1, 2**31 - 1))
    while True:
        yield client.more([(b"late", b"x" * 50)])


def _windows_up_and_down(open_streams: int) -> Source:
    def source() -> Iterator[bytes]:
        client = Attacker()
        for _ in range(open_streams):
            yield client.block(POST, end=False)
        yield from again(SettingsFrame([(_WINDOW, 0)]), SettingsFrame([(_WINDOW, 2**31 - 1)]))()

    return source


def _hpack_bomb() -> Iterator[bytes]:
    # One field that fills the dynamic table, then each octet of a block is the whole of it.
    client = Attacker()
    yield client.block([*GET, (b"x-bomb", b"y" * 2_900)])
    while True:
        yield client.raw(b"\xbe" * 16_000)


def _bomb_of_4_kb_in_200_bytes() -> Iterator[bytes]:
    # As measured against others: small enough for each block to be decoded, and refused.
    client = Attacker()
    yield client.block([*GET, (b"x-bomb", b"y" * 2_900)])
    while True:
        yield client.raw(b"\x82\x84\x87\x41\x01a" + b"\xbe" * 25)


def _bomb_of_small_fields() -> Iterator[bytes]:
    client = Attacker()
    while True:
        yield client.raw(b"\x82\x84\x87\x41\x01a" + b"\x90" * 140)


def _bomb_in_a_response() -> Iterator[bytes]:
    server = Attacker()
    yield server.more([(b":status", b"103"), (b"x-bomb", b"y" * 2_900)], 1, end=False)
    while True:
        yield pack(HeadersFrame(1, b"\xbe" * 16_000))


def _crumbs() -> Iterator[bytes]:
    client = Attacker()
    while True:
        yield client.block([*GET, *[(b"cookie", b"")] * 129])


def _continuations(fragment: bytes) -> Source:
    def source() -> Iterator[bytes]:
        yield pack(HeadersFrame(1, fragment, True, False))
        yield from again(ContinuationFrame(1, fragment, False))()

    return source


def _zero_window() -> Iterator[bytes]:
    yield pack(SettingsFrame([(_WINDOW, 0)]))
    client = Attacker()
    while True:
        yield client.block(GET)


def _dribble() -> Iterator[bytes]:
    yield pack(SettingsFrame([(_WINDOW, 0)])) + Attacker().block(GET)
    yield from again(WindowUpdateFrame(1, 1))()


def _huge_frame() -> Iterator[bytes]:
    yield pack_header(2**24 - 1, 0x0, 0, 1)
    while True:
        yield bytes(4_096)


def _promises(even: bool) -> Source:
    def source() -> Iterator[bytes]:
        server = Attacker()
        promised = 0
        while True:
            promised += 2
            yield pack(PushPromiseFrame(1, promised, server.encoder.encode(GET)))

    def one_id() -> Iterator[bytes]:
        server = Attacker()
        while True:
            yield pack(PushPromiseFrame(1, 2, server.encoder.encode(GET)))

    return source if even else one_id


def _interim_responses() -> Iterator[bytes]:
    server = Attacker()
    while True:
        yield server.more([(b":status", b"103"), (b"link", b"</a>")], 1, end=False)


def _skipped_ids() -> Iterator[bytes]:
    client = Attacker()
    while True:
        client.last_id += 10_000
        yield client.block(GET) + pack(RstStreamFrame(client.last_id, 8))


def _ids_that_fall() -> Iterator[bytes]:
    client = Attacker()
    client.last_id = 10_001
    while True:
        yield client.block(GET)
        client.last_id -= 4


def _increment_of_0(client: Attacker) -> bytes:
    return pack_header(4, 8, 0, client.last_id) + bytes(4)


def _dependencies() -> Iterator[bytes]:
    yield Attacker().block(POST, end=False)
    while True:
        yield pack_header(5, 2, 0, 1) + b"\0\0\0\1\0"


def _cancelled(client: Attacker) -> bytes:
    return pack(RstStreamFrame(client.last_id, ErrorCode.CANCEL))


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of malice: the row that it belongs to, what is sent to whom, the code that ends it,
    the number of frames it ends within, and what stops it.
    """

    row: int
    victim: str
    source: Source
    code: ErrorCode
    frames: int
    limit: str


SERVER: Final = "a server"
HEADS: Final = "a server that answers with heads"
HOARDER: Final = "a server that reads no content"
CLIENT: Final = "a client"
PUSHED: Final = "a client that takes pushes"

_LEDGER: Final = "ledger_burst"
_RESETS: Final = "reset_burst"
_ACKS: Final = "max_unsent_acks, ledger_burst"


# fmt: off
ATTACKS: Final[dict[str, Attack]] = {
    "a window opened byte by byte": Attack(1, SERVER, _dribble, _CALM, 2_100, _LEDGER),
    "PING to a server": Attack(2, SERVER, again(PingFrame(bytes(8))), _CALM, 1_001, _ACKS),
    "PING to a client": Attack(2, CLIENT, again(PingFrame(bytes(8))), _CALM, 1_001, _ACKS),
    "PING ACK": Attack(2, SERVER, again(PingFrame(bytes(8), ack=True)), _CALM, 1_001, _LEDGER),
    "PRIORITY": Attack(3, SERVER, again(PriorityFrame(1, Priority())), _CALM, 1_001, _LEDGER),
    "PRIORITY_UPDATE": Attack(
        3, SERVER, again(PriorityUpdateFrame(1, b"u=0")), _CALM, 1_001, _LEDGER),
    "PRIORITY_UPDATE of idle streams": Attack(
        3, SERVER, _idle_priorities, _BAD, 102, "max_concurrent_streams"),
    "PRIORITY_UPDATE to a client": Attack(
        3, CLIENT, again(PriorityUpdateFrame(1, b"u=0")), _BAD, 1, "RFC 9218 §7.1"),
    "malformed requests": Attack(
        4, SERVER, each_request(lambda _: b"", [*GET, (b"connection", b"close")]), _CALM, 201,
        _RESETS),
    "SETTINGS to a server": Attack(5, SERVER, again(SettingsFrame()), _CALM, 501, _ACKS),
    "SETTINGS to a client": Attack(5, CLIENT, again(SettingsFrame()), _CALM, 501, _ACKS),
    "SETTINGS full of values": Attack(
        5, SERVER, again(SettingsFrame([(0x1000, 1)] * 32)), _CALM, 501, "max_settings, " + _ACKS),
    "SETTINGS, windows up and down": Attack(
        5, SERVER, _windows_up_and_down(0), _CALM, 502, _ACKS),
    "SETTINGS, windows of a hundred streams up and down": Attack(
        5, SERVER, _windows_up_and_down(100), _CALM, 300, _ACKS),
    "SETTINGS ACK": Attack(5, SERVER, again(SettingsFrame(ack=True)), _BAD, 1, "RFC 9113 §6.5.3"),
    "fields without a name": Attack(
        6, SERVER, each_request(lambda _: b"", [*GET, *[(b"", b"")] * 100]), _CALM, 201, _RESETS),
    "answers that nobody reads": Attack(
        7, HEADS, each_request(lambda _: b""), _CALM, 301, "max_concurrent_streams, " + _RESETS),
    "answers that nobody reads, each cancelled": Attack(
        7, HEADS, each_request(_cancelled), _CALM, 602, "max_concurrent_streams, " + _RESETS),
    "empty DATA to a server": Attack(
        8, SERVER, on_one_stream(DataFrame(1, b"")), _CALM, 1_002, _LEDGER),
    "empty DATA to a client": Attack(
        8, CLIENT, behind_a_response(DataFrame(1, b"")), _CALM, 1_002, _LEDGER),
    "DATA of padding": Attack(
        8, SERVER, on_one_stream(DataFrame(1, b"", pad_length=255)), _CALM, 1_002, _LEDGER),
    "empty DATA behind our reset": Attack(
        8, SERVER, behind_our_reset(DataFrame(1, b"")), _CALM, 1_003, _LEDGER),
    "DATA of a byte behind our reset": Attack(8, HOARDER, _late_dust, _CALM, 8_100, _LEDGER),
    "a bomb of large fields": Attack(
        9, SERVER, _hpack_bomb, ErrorCode.ENHANCE_YOUR_CALM, 2, "max_field_list_size"),
    "a bomb of large fields to a client": Attack(
        9, CLIENT, _bomb_in_a_response, ErrorCode.ENHANCE_YOUR_CALM, 2, "max_field_list_size"),
    "a bomb of large fields in small pieces": Attack(
        9, SERVER, _bomb_of_4_kb_in_200_bytes, _CALM, 102, "max_field_list_size, " + _RESETS),
    "a bomb of small fields": Attack(
        9, SERVER, _bomb_of_small_fields, _CALM, 101, "max_fields, " + _RESETS),
    "cookie crumbs": Attack(9, SERVER, _crumbs, _CALM, 101, "max_fields, " + _RESETS),
    "rapid reset": Attack(10, SERVER, each_request(_cancelled), _CALM, 402, _RESETS),
    "made you reset by an increment of 0": Attack(
        11, SERVER, each_request(_increment_of_0), _CALM, 402, _RESETS),
    "made you reset by a window too large": Attack(
        11, SERVER, each_request(lambda c: pack(WindowUpdateFrame(c.last_id, 2**31 - 1))), _CALM,
        402, _RESETS),
    "made you reset by DATA behind the end": Attack(
        11, SERVER, each_request(lambda c: pack(DataFrame(c.last_id, b"x"))),
        ErrorCode.STREAM_CLOSED, 8, "max_half_closed_faults"),
    "made you reset by HEADERS behind the end": Attack(
        11, SERVER, each_request(lambda c: c.more([(b"a", b"b")])),
        ErrorCode.STREAM_CLOSED, 8, "max_half_closed_faults"),
    "made you reset by a PRIORITY of another length": Attack(
        11, SERVER, each_request(lambda c: pack_header(4, 2, 0, c.last_id) + bytes(4)),
        ErrorCode.FRAME_SIZE_ERROR, 2, "RFC 9113 §6.3"),
    "made you reset by a dependency on itself": Attack(
        11, SERVER, _dependencies, _CALM, 1_002, _LEDGER),
    "CONTINUATION to a server": Attack(
        12, SERVER, _continuations(bytes(16_384)), _CALM, 10, "max_block_size"),
    "CONTINUATION to a client": Attack(
        12, CLIENT, _continuations(bytes(16_384)), _CALM, 10, "max_block_size"),
    "CONTINUATION, empty": Attack(
        12, SERVER, _continuations(b""), _CALM, 10, "max_continuations"),
    "CONTINUATION of one octet": Attack(
        12, SERVER, _continuations(b"\x82"), _CALM, 10, "max_continuations"),
    "a window that never opens": Attack(
        13, SERVER, _zero_window, _CALM, 302, "max_concurrent_streams, " + _RESETS),
    "WINDOW_UPDATE of 1": Attack(
        14, SERVER, again(WindowUpdateFrame(0, 1)), _CALM, 1_001, _LEDGER),
    "WINDOW_UPDATE of 1 to a client": Attack(
        14, CLIENT, again(WindowUpdateFrame(1, 1)), _CALM, 1_101, _LEDGER),
    "WINDOW_UPDATE of 1 on a stream": Attack(
        14, SERVER, on_one_stream(WindowUpdateFrame(1, 1)), _CALM, 1_101, _LEDGER),
    "unknown frames": Attack(15, SERVER, again(UnknownFrame(0x77)), _CALM, 1_001, _LEDGER),
    "unknown frames, large": Attack(
        15, SERVER, again(UnknownFrame(0x77, 0, 0, bytes(16_384))), _CALM, 201, _LEDGER),
    "ALTSVC to a server": Attack(
        15, SERVER, again(AltSvcFrame(0, b"o", b"v")), _CALM, 1_001, _LEDGER),
    "ALTSVC to a client": Attack(
        15, CLIENT, again(AltSvcFrame(0, b"o", b"v")), _CALM, 1_001, _LEDGER),
    "ORIGIN to a client": Attack(
        15, CLIENT, again(OriginFrame([b"https://a"])), _CALM, 1_001, _LEDGER),
    "promises where push is off": Attack(
        16, CLIENT, _promises(True), _BAD, 1, "RFC 9113 §8.4: ENABLE_PUSH is 0"),
    "promises without end": Attack(
        16, PUSHED, _promises(True), _CALM, 301, "max_promises, " + _RESETS),
    "promises of one stream": Attack(16, PUSHED, _promises(False), _BAD, 2, "RFC 9113 §5.1.1"),
    "promises to a server": Attack(
        16, SERVER, on_one_stream(PushPromiseFrame(1, 2, b"\x82")), _BAD, 2, "RFC 9113 §8.4"),
    "ids left out": Attack(16, SERVER, _skipped_ids, _CALM, 402, _RESETS),
    "ids that fall": Attack(16, SERVER, _ids_that_fall, _BAD, 2, "RFC 9113 §5.1.1"),
    "a frame of 16 MiB": Attack(
        17, SERVER, _huge_frame, ErrorCode.FRAME_SIZE_ERROR, 1, "max_frame_size"),
    "more streams than allowed": Attack(
        19, SERVER, _too_many_streams, _CALM, 301, "max_concurrent_streams, " + _RESETS),
    "GOAWAY": Attack(20, SERVER, again(GoAwayFrame(0, 0)), _CALM, 1_001, _LEDGER),
    "GOAWAY to a client": Attack(20, CLIENT, again(GoAwayFrame(0, 0)), _CALM, 1_001, _LEDGER),
    "HEADERS behind our reset": Attack(20, SERVER, _late_headers, _CALM, 1_003, _LEDGER),
    "RST_STREAM of a stream that is over": Attack(
        20, SERVER, on_one_stream(RstStreamFrame(1, 8)), _CALM, 1_003, _LEDGER),
    "interim responses": Attack(21, CLIENT, _interim_responses, _CALM, 1_001, _LEDGER),
}
# fmt: on
