"""What peers may say wrongly, and near to it; and how an engine of ours takes it.

Each case begins after the first SETTINGS; a server's are for a client that has sent one GET on
stream 1.  Others hear the same bytes in `test_refusals_against_h2` and, over sockets, in
`test_refusals_against_node`.
"""

from collections.abc import Sequence

from hyper.frame import (
    PREFACE,
    ContinuationFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import Connection, PeerFault, Request
from hyper.wire import Field, Role
from tests.support.pair import drained
from tests.support.playbook import CONNECT, GET, OK, POST, FieldBlock, Heard, Playbook

ACCEPTED, STREAM, CONNECTION = "accepted", "a stream error", "a connection error"
HINTS: list[Field] = [(b":status", b"103")]


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    return pack_header(len(payload), kind, flags, stream_id) + payload


REQUESTS: dict[str, list[Heard]] = {
    "a request": [FieldBlock(1, GET, True)],
    "two requests": [FieldBlock(1, POST), FieldBlock(3, GET, True), DataFrame(1, b"x", True)],
    "DATA on idle": [DataFrame(1, b"x")],
    "DATA on stream 0": [frame(0, 0, 0, b"x")],
    "DATA after the end": [FieldBlock(1, GET, True), DataFrame(1, b"x")],
    "DATA after the peer's reset": [FieldBlock(1, POST), RstStreamFrame(1, 8), DataFrame(1, b"x")],
    "HEADERS after the end": [FieldBlock(1, GET, True), FieldBlock(1, [(b"a", b"b")], True)],
    "HEADERS after the peer's reset": [
        FieldBlock(1, POST),
        RstStreamFrame(1, 8),
        FieldBlock(1, GET, True),
    ],
    "HEADERS on stream 0": [frame(1, 5, 0, b"\x82")],
    "an even id": [FieldBlock(2, GET, True)],
    "ids that fall": [FieldBlock(5, GET, True), FieldBlock(3, GET, True)],
    "trailers without an end": [FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b")])],
    "trailers with :path": [FieldBlock(1, POST), FieldBlock(1, [(b":path", b"/")], True)],
    "content too long": [FieldBlock(1, [*POST, (b"content-length", b"1")]), DataFrame(1, b"12")],
    "content too short": [
        FieldBlock(1, [*POST, (b"content-length", b"3")]),
        DataFrame(1, b"12", True),
    ],
    "content-length of a head that ends": [FieldBlock(1, [*POST, (b"content-length", b"3")], True)],
    "content-length twice": [FieldBlock(1, [*POST, *[(b"content-length", b"3")] * 2])],
    "content-length +1": [FieldBlock(1, [*POST, (b"content-length", b"+1")])],
    "no :path": [FieldBlock(1, GET[:3], True)],
    "no :method": [FieldBlock(1, GET[1:], True)],
    "two :method": [FieldBlock(1, [GET[0], *GET], True)],
    ":path empty": [FieldBlock(1, [*GET[:3], (b":path", b"")], True)],
    ":path without a slash": [FieldBlock(1, [*GET[:3], (b":path", b"x")], True)],
    ":status in a request": [FieldBlock(1, [*GET, (b":status", b"200")], True)],
    ":unknown": [FieldBlock(1, [*GET, (b":unknown", b"1")], True)],
    "pseudo behind regular": [FieldBlock(1, [*GET[:3], (b"a", b"b"), GET[3]], True)],
    "upper case": [FieldBlock(1, [*GET, (b"Accept", b"x")], True)],
    "an empty name": [FieldBlock(1, [*GET, (b"", b"x")], True)],
    "a space in a name": [FieldBlock(1, [*GET, (b"a b", b"x")], True)],
    "a newline in a value": [FieldBlock(1, [*GET, (b"a", b"x\ny")], True)],
    "a NUL in a value": [FieldBlock(1, [*GET, (b"a", b"x\0y")], True)],
    "white space around a value": [FieldBlock(1, [*GET, (b"a", b" x ")], True)],
    "connection: close": [FieldBlock(1, [*GET, (b"connection", b"close")], True)],
    "transfer-encoding": [FieldBlock(1, [*GET, (b"transfer-encoding", b"chunked")], True)],
    "te: gzip": [FieldBlock(1, [*GET, (b"te", b"gzip")], True)],
    "te: trailers": [FieldBlock(1, [*GET, (b"te", b"trailers")], True)],
    "host that differs": [FieldBlock(1, [*GET, (b"host", b"example.com")], True)],
    "host in another case": [FieldBlock(1, [*GET, (b"host", b"Example.ORG")], True)],
    "host twice": [FieldBlock(1, [*GET, *[(b"host", b"example.org")] * 2], True)],
    "neither host nor authority": [FieldBlock(1, [*GET[:2], GET[3]], True)],
    "user info": [FieldBlock(1, [*GET[:2], (b":authority", b"a@b"), GET[3]], True)],
    "CONNECT": [FieldBlock(1, CONNECT)],
    "CONNECT with :path": [FieldBlock(1, [*CONNECT, (b":path", b"/")])],
    ":protocol, not allowed": [FieldBlock(1, [CONNECT[0], (b":protocol", b"x"), *GET[1:]])],
    "WINDOW_UPDATE of 0 on a stream": [FieldBlock(1, GET, True), frame(8, 0, 1, bytes(4))],
    "WINDOW_UPDATE of 0": [frame(8, 0, 0, bytes(4))],
    "WINDOW_UPDATE on idle": [WindowUpdateFrame(1, 1)],
    "a stream's window too large": [FieldBlock(1, GET, True), WindowUpdateFrame(1, 2**31 - 1)],
    "the window too large": [WindowUpdateFrame(0, 2**31 - 1)],
    "RST_STREAM on idle": [RstStreamFrame(1, 8)],
    "RST_STREAM twice": [FieldBlock(1, GET, True), *[RstStreamFrame(1, 8)] * 2],
    "PRIORITY on idle": [PriorityFrame(1, Priority())],
    "PRIORITY of 4 bytes": [frame(2, 0, 1, bytes(4))],
    "PRIORITY on itself": [frame(2, 0, 1, b"\0\0\0\1\0")],
    "a stream that depends on itself": [frame(1, 0x25, 1, b"\0\0\0\1\0\x82\x84\x87\x41\1x")],
    "PUSH_PROMISE": [FieldBlock(1, POST), PushPromiseFrame(1, 2, b"\x82")],
    "PING of 7 bytes": [frame(6, 0, 0, bytes(7))],
    "PING on a stream": [frame(6, 0, 1, bytes(8))],
    "PING ACK nobody asked for": [PingFrame(bytes(8), ack=True)],
    "SETTINGS ACK nobody asked for": [SettingsFrame(ack=True)],
    "SETTINGS on a stream": [frame(4, 0, 1)],
    "ENABLE_PUSH of 2": [frame(4, 0, 0, b"\0\2\0\0\0\2")],
    "MAX_FRAME_SIZE of 1": [frame(4, 0, 0, b"\0\5\0\0\0\1")],
    "INITIAL_WINDOW_SIZE of 2^31": [frame(4, 0, 0, b"\0\4\x80\0\0\0")],
    "an unknown setting": [SettingsFrame([(0x7777, 7)])],
    "an unknown frame": [UnknownFrame(0x77, 0xFF, 5, b"x")],
    "an unknown frame in a block": [HeadersFrame(1, b"\x82", True, False), UnknownFrame(0x77)],
    "CONTINUATION of nothing": [ContinuationFrame(1, b"\x82")],
    "PING in a block": [HeadersFrame(1, b"\x82", True, False), PingFrame(bytes(8))],
    "a frame too long": [pack_header(16_385, 0, 0, 1)],
    "padding too long": [FieldBlock(1, POST), frame(0, 8, 1, b"\5abcd")],
    "padding of a whole frame": [FieldBlock(1, POST), frame(0, 8, 1, b"\4abcd")],
    "HPACK that is none": [frame(1, 5, 1, b"\xff\xff\xff\xff\xff\xff\xff")],
    "an index of 0": [frame(1, 5, 1, b"\x80")],
    "GOAWAY on a stream": [frame(7, 0, 1, bytes(8))],
    "a request after GOAWAY": [GoAwayFrame(0, 0), FieldBlock(1, GET, True)],
    "RST_STREAM of 3 bytes": [FieldBlock(1, POST), frame(3, 0, 1, bytes(3))],
    "WINDOW_UPDATE of 5 bytes": [frame(8, 0, 0, bytes(5))],
    "SETTINGS of 5 bytes": [frame(4, 0, 0, bytes(5))],
    "SETTINGS ACK with a payload": [frame(4, 1, 0, bytes(6))],
    "GOAWAY of 7 bytes": [frame(7, 0, 0, bytes(7))],
    "HEADERS too short for a priority": [frame(1, 0x25, 1, bytes(4))],
    "PUSH_PROMISE of 3 bytes": [FieldBlock(1, POST), frame(5, 4, 1, bytes(3))],
    "CONTINUATION on another stream": [
        HeadersFrame(1, b"\x82", True, False),
        ContinuationFrame(3, b"\x84"),
    ],
    "a setting twice": [SettingsFrame([(4, 1), (4, 2)])],
    "MAX_FRAME_SIZE of 2^24": [frame(4, 0, 0, b"\0\5\1\0\0\0")],
    "HEADER_TABLE_SIZE of 2^32-1": [SettingsFrame([(1, 2**32 - 1)])],
    "ENABLE_CONNECT_PROTOCOL of 2": [frame(4, 0, 0, b"\0\x08\0\0\0\2")],
    "windows that overflow": [
        FieldBlock(1, POST),
        WindowUpdateFrame(1, 2**30),
        SettingsFrame([(4, 2**31 - 1)]),
    ],
    "an empty DATA frame": [FieldBlock(1, POST), DataFrame(1, b"")],
    "DATA with padding": [FieldBlock(1, POST), DataFrame(1, b"x", True, pad_length=255)],
    "HEADERS with all there is": [FieldBlock(1, GET, True, (), Priority(3, 5, True), 20)],
    "HEADERS in three frames": [FieldBlock(1, GET, True, cuts=(1, 3))],
    "trailers": [FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b")], True)],
    "trailers with te": [FieldBlock(1, POST), FieldBlock(1, [(b"te", b"trailers")], True)],
    "flags that mean nothing": [frame(6, 0xFE, 0, bytes(8))],
    "the reserved bit": [frame(6, 0, 2**31, bytes(8))],
    "OPTIONS *": [FieldBlock(1, [(b":method", b"OPTIONS"), *GET[1:3], (b":path", b"*")], True)],
    "GET *": [FieldBlock(1, [*GET[:3], (b":path", b"*")], True)],
    "a scheme of another kind": [FieldBlock(1, [GET[0], (b":scheme", b"coap"), *GET[2:]], True)],
    "a method with a space": [FieldBlock(1, [(b":method", b"GE T"), *GET[1:]], True)],
    ":path with a space": [FieldBlock(1, [*GET[:3], (b":path", b"/a b")], True)],
    "cookie crumbs": [FieldBlock(1, [*GET, (b"cookie", b"a=b"), (b"cookie", b"c=d")], True)],
    "150 fields": [FieldBlock(1, [*GET, *[(b"a", b"b")] * 150], True)],
    "a request that depends on its child": [
        FieldBlock(1, GET, True, priority=Priority(3, 16)),
        PriorityFrame(3, Priority(1, 16)),
    ],
}

RESPONSES: dict[str, list[Heard]] = {
    "a response": [FieldBlock(1, OK, True)],
    "hints and a response": [FieldBlock(1, HINTS), FieldBlock(1, OK, True)],
    "hints that end": [FieldBlock(1, HINTS, True)],
    "no :status": [FieldBlock(1, [(b"a", b"b")], True)],
    ":status of 4 digits": [FieldBlock(1, [(b":status", b"2000")], True)],
    ":status of letters": [FieldBlock(1, [(b":status", b"abc")], True)],
    ":status 101": [FieldBlock(1, [(b":status", b"101")])],
    "two :status": [FieldBlock(1, [*OK, *OK], True)],
    ":path in a response": [FieldBlock(1, [*OK, (b":path", b"/")], True)],
    "te in a response": [FieldBlock(1, [*OK, (b"te", b"trailers")], True)],
    "upgrade in a response": [FieldBlock(1, [*OK, (b"upgrade", b"h2c")], True)],
    "DATA before HEADERS": [DataFrame(1, b"x")],
    "a response nobody asked for": [FieldBlock(3, OK, True)],
    "a response on an even id": [FieldBlock(2, OK, True)],
    "two responses": [FieldBlock(1, OK), FieldBlock(1, OK)],
    "DATA behind the end": [FieldBlock(1, OK, True), DataFrame(1, b"x")],
    "RST_STREAM behind the end": [FieldBlock(1, OK, True), RstStreamFrame(1, 0)],
    "content too long": [FieldBlock(1, [*OK, (b"content-length", b"1")]), DataFrame(1, b"12")],
    "204 with content": [FieldBlock(1, [(b":status", b"204")]), DataFrame(1, b"x")],
    "304 with content": [FieldBlock(1, [(b":status", b"304")]), DataFrame(1, b"x")],
    "304 with a length": [FieldBlock(1, [(b":status", b"304"), (b"content-length", b"5")], True)],
    "ENABLE_PUSH of 1": [SettingsFrame([(2, 1)])],
    "PUSH_PROMISE": [PushPromiseFrame(1, 2, b"\x82\x84\x87\x41\1x")],
    "GOAWAY": [GoAwayFrame(1, 0), FieldBlock(1, OK, True)],
    "trailers": [FieldBlock(1, OK), DataFrame(1, b"x"), FieldBlock(1, [(b"a", b"b")], True)],
    "trailers without an end": [FieldBlock(1, OK), FieldBlock(1, [(b"a", b"b")])],
    "trailers with :status": [FieldBlock(1, OK), FieldBlock(1, OK, True)],
    ":status 99": [FieldBlock(1, [(b":status", b"099")], True)],
    "many hints": [*[FieldBlock(1, HINTS)] * 20, FieldBlock(1, OK, True)],
    "content too short": [
        FieldBlock(1, [*OK, (b"content-length", b"3")]),
        DataFrame(1, b"12", True),
    ],
    "content-length of a head that ends": [FieldBlock(1, [*OK, (b"content-length", b"3")], True)],
    "content-length twice": [FieldBlock(1, [*OK, *[(b"content-length", b"0")] * 2], True)],
    "upper case": [FieldBlock(1, [*OK, (b"Server", b"x")], True)],
    "a newline in a value": [FieldBlock(1, [*OK, (b"a", b"x\ny")], True)],
    "connection: close": [FieldBlock(1, [*OK, (b"connection", b"close")], True)],
    "RST_STREAM on idle": [RstStreamFrame(5, 8)],
    "WINDOW_UPDATE on idle": [WindowUpdateFrame(5, 8)],
    "a reset": [RstStreamFrame(1, 8)],
    "a reset in the middle": [FieldBlock(1, OK), DataFrame(1, b"x"), RstStreamFrame(1, 2)],
    "WINDOW_UPDATE behind the end": [FieldBlock(1, OK, True), WindowUpdateFrame(1, 9)],
    "HEADERS behind the end": [FieldBlock(1, OK, True), FieldBlock(1, OK, True)],
}
"""What a server says to a client that has sent one GET on stream 1."""

CASES = [(Role.SERVER, name, said) for name, said in REQUESTS.items()] + [
    (Role.CLIENT, name, said) for name, said in RESPONSES.items()
]


def octets_of(role: Role, said: Sequence[Heard]) -> bytes:
    """The bytes that an engine of `role` hears."""
    play = Playbook(role)
    start: list[Heard] = [PREFACE] if role is Role.SERVER else []
    return b"".join([play.octets(each) for each in [*start, SettingsFrame(), *said]])


def our_judgement(role: Role, octets: bytes) -> tuple[str, str]:
    """The verdict of an engine of ours, and the code if there is one."""
    engine = Connection(role)
    if role is Role.CLIENT:
        engine.send(Request(1, GET, True))
    engine.receive_data(octets, 0.0)
    faults = [event for event in drained(engine) if isinstance(event, PeerFault)]
    if not faults:
        return ACCEPTED, ""
    scope = CONNECTION if faults[-1].scope is Scope.CONNECTION else STREAM
    return scope, faults[-1].code.name


def our_verdict(role: Role, octets: bytes) -> str:
    """The same without the code."""
    return our_judgement(role, octets)[0]
