"""Against python-hyper's h2: what one refuses the other refuses too, or a sentence says why not.

Run against, never read.
"""

from collections.abc import Sequence

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
import pytest

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
from hyper.h2 import (
    Connection,
    PeerFault,
    Request,
)
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
}
"""What a server says to a client that has sent one GET on stream 1."""

# Where we differ: our verdict, theirs, the sentence that decides it, and the cases.
DIFFERENCES: list[tuple[str, str, str, list[str]]] = [
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: malformed requests or responses MUST be treated as a stream error",
        [
            "SERVER: trailers without an end",
            "SERVER: trailers with :path",
            "SERVER: content too long",
            "SERVER: content too short",
            "SERVER: content-length +1",
            "SERVER: no :path",
            "SERVER: no :method",
            "SERVER: two :method",
            "SERVER: :path empty",
            "SERVER: :status in a request",
            "SERVER: :unknown",
            "SERVER: pseudo behind regular",
            "SERVER: upper case",
            "SERVER: an empty name",
            "SERVER: a space in a name",
            "SERVER: a newline in a value",
            "SERVER: a NUL in a value",
            "SERVER: white space around a value",
            "SERVER: connection: close",
            "SERVER: transfer-encoding",
            "SERVER: te: gzip",
            "SERVER: host that differs",
            "SERVER: host twice",
            "SERVER: neither host nor authority",
            "SERVER: CONNECT with :path",
            "CLIENT: hints that end",
            "CLIENT: no :status",
            "CLIENT: two :status",
            "CLIENT: :path in a response",
            "CLIENT: upgrade in a response",
            "CLIENT: DATA before HEADERS",
            "CLIENT: two responses",
            "CLIENT: content too long",
        ],
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §6.9: MUST treat an increment of 0 as a stream error",
        ["SERVER: WINDOW_UPDATE of 0 on a stream"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.1.1: malformed if content-length does not equal the sum of the DATA payloads",
        ["SERVER: content-length of a head that ends"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §6.4.1: all 204 and 304 responses do not include content",
        ["CLIENT: 204 with content", "CLIENT: 304 with content"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §8.6: MUST either reject it as invalid or replace the duplicated values",
        ["SERVER: content-length twice"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: the absolute-path production, which begins with a slash",
        ["SERVER: :path without a slash"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: MUST NOT include the deprecated userinfo subcomponent",
        ["SERVER: user info"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3: undefined pseudo-header fields MUST be treated as malformed",
        ["SERVER: :protocol, not allowed"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §15: the status code of a response is a three-digit integer code",
        ["CLIENT: :status of 4 digits", "CLIENT: :status of letters"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.6: removes support for the 101 (Switching Protocols) status code",
        ["CLIENT: :status 101"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.2.2: the TE header field MAY be present in an HTTP/2 request",
        ["CLIENT: te in a response"],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: MAY treat frames on a closed stream as a connection error STREAM_CLOSED",
        [
            "SERVER: DATA after the peer's reset",
            "SERVER: HEADERS after the peer's reset",
            "CLIENT: DATA behind the end",
        ],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §4.2: what exceeds SETTINGS_MAX_FRAME_SIZE is refused by its header alone",
        ["SERVER: a frame too long"],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.6: PUSH_PROMISE with ENABLE_PUSH acknowledged as 0 is a connection error",
        ["CLIENT: PUSH_PROMISE"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §5.3.2: deprecates the priority signals; the rule was RFC 7540's",
        ["SERVER: PRIORITY on itself", "SERVER: a stream that depends on itself"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §8.3.1: the values of fields need to be normalized to compare them",
        ["SERVER: host in another case"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §6.8: GOAWAY lets activity on streams up to its last id complete",
        ["SERVER: a request after GOAWAY", "CLIENT: GOAWAY"],
    ),
]
BY_CASE = {
    name: (ours, theirs, sentence)
    for ours, theirs, sentence, names in DIFFERENCES
    for name in names
}


def octets_of(role: Role, said: Sequence[Heard]) -> bytes:
    play = Playbook(role)
    start: list[Heard] = [PREFACE] if role is Role.SERVER else []
    return b"".join([play.octets(each) for each in [*start, SettingsFrame(), *said]])


def our_verdict(role: Role, octets: bytes) -> str:
    engine = Connection(role)
    if role is Role.CLIENT:
        engine.send(Request(1, GET, True))
    engine.receive_data(octets, 0.0)
    faults = [event for event in drained(engine) if isinstance(event, PeerFault)]
    if not faults:
        return ACCEPTED
    return CONNECTION if faults[-1].scope is Scope.CONNECTION else STREAM


def their_verdict(role: Role, octets: bytes) -> str:
    config = h2.config.H2Configuration(client_side=role is Role.CLIENT, header_encoding=None)
    theirs = h2.connection.H2Connection(config)
    theirs.initiate_connection()
    if role is Role.CLIENT:
        theirs.update_settings({h2.settings.SettingCodes.ENABLE_PUSH: 0})
        theirs.send_headers(1, GET, end_stream=True)
        octets += b"\0\0\0\4\1\0\0\0\0"
    try:
        events = theirs.receive_data(octets)
    except h2.exceptions.ProtocolError:
        return CONNECTION
    resets = [
        event
        for event in events
        if isinstance(event, h2.events.StreamReset) and not event.remote_reset
    ]
    return STREAM if resets else ACCEPTED


CASES = [(Role.SERVER, name, said) for name, said in REQUESTS.items()] + [
    (Role.CLIENT, name, said) for name, said in RESPONSES.items()
]


@pytest.mark.parametrize(
    ("role", "name", "said"), CASES, ids=[f"{role.name}-{name}" for role, name, _ in CASES]
)
def test_both_refuse_the_same_or_a_sentence_says_why(
    role: Role, name: str, said: list[Heard]
) -> None:
    octets = octets_of(role, said)
    verdicts = (our_verdict(role, octets), their_verdict(role, octets))
    key = f"{role.name}: {name}"
    if key in BY_CASE:
        assert verdicts == BY_CASE[key][:2], "a difference that is none any more is taken out"
    else:
        assert verdicts[0] == verdicts[1], (key, *verdicts)


def test_every_difference_is_one_of_the_cases_and_has_its_sentence() -> None:
    names = {f"{role.name}: {name}" for role, name, _ in CASES}
    assert set(BY_CASE) <= names
    for ours, theirs, sentence in BY_CASE.values():
        assert ours != theirs
        assert "RFC" in sentence
