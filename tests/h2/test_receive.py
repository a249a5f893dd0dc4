"""Frames in every state they can come in, right and wrong: what conformance suites send."""

import pytest

from hyper.frame import (
    PREFACE,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    ConnectionState,
    Data,
    PeerFault,
    Ping,
    Request,
    Reset,
    Response,
    Settings,
    Trailers,
)
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    """A frame no value can be: the header says what it likes."""
    return pack_header(len(payload), kind, flags, stream_id) + payload


# -- streams in every state, frames of every kind (RFC 9113 §5.1) -----------------------------

# What a frame leads to: news (its event), silence, or a fault; `c` of the connection, `s` of the
# stream, PE for PROTOCOL_ERROR, SC for STREAM_CLOSED.
SERVER = """
                     DATA  HEADERS  PRIORITY  RST_STREAM  WINDOW_UPDATE  PUSH_PROMISE  CONTINUATION
idle                 cPE   news     silence   cPE         cPE            cPE           cPE
idle, of ours        cPE   cPE      silence   cPE         cPE            cPE           cPE
left out             cSC   cPE      silence   silence     silence        cPE           cPE
open                 news  news     silence   news        silence        cPE           cPE
half-closed local    news  news     silence   news        silence        cPE           cPE
half-closed remote   sSC   sSC      silence   news        silence        cPE           cPE
reset by us          silence silence silence  silence     silence        cPE           cPE
refused by us        silence silence silence  silence     silence        cPE           cPE
reset by the peer    cSC   cSC      silence   silence     silence        cPE           cPE
closed               cSC   cSC      silence   silence     silence        cPE           cPE
"""

CLIENT = """
                     DATA  HEADERS  PRIORITY  RST_STREAM  WINDOW_UPDATE  PUSH_PROMISE  CONTINUATION
idle                 cPE   cPE      silence   cPE         cPE            cPE           cPE
idle, of the server  cPE   cPE      silence   cPE         cPE            cPE           cPE
waiting for a slot   cPE   cPE      silence   cPE         cPE            cPE           cPE
open                 news  news     silence   news        silence        cPE           cPE
half-closed local    news  news     silence   news        silence        cPE           cPE
half-closed remote   sSC   sSC      silence   news        silence        cPE           cPE
reset by us          silence silence silence  silence     silence        cPE           cPE
left out by goaway   silence silence silence  silence     silence        cPE           cPE
reset by the server  cSC   cSC      silence   silence     silence        cPE           cPE
closed               cSC   cSC      silence   silence     silence        cPE           cPE
"""


def cells(picture: str) -> list[tuple[str, str, str]]:
    head, *rows = picture.strip("\n").splitlines()
    found: list[tuple[str, str, str]] = []
    for row in rows:
        state = row[:20].strip()
        for kind, wanted in zip(head.split(), row[20:].split(), strict=True):
            found.append((state, kind, wanted))
    return found


def server_in(state: str) -> tuple[Playbook, int]:
    """A server, and a stream of it that is in `state`."""
    play = Playbook.opened(Role.SERVER, settings=[(SettingId.MAX_CONCURRENT_STREAMS, 3)])
    play.hear(FieldBlock(1, GET, True))
    if state == "idle":
        return play, 3
    if state == "idle, of ours":
        return play, 2
    if state == "left out":
        play.hear(FieldBlock(7, GET, True))
        return play, 3
    play.hear(FieldBlock(3, POST, state in ("half-closed remote", "closed")))
    if state in ("half-closed local", "closed"):
        play.told()
        play.ask(Response(3, OK, True))
    elif state == "reset by us":
        play.told()
        play.ask(Reset(3, ErrorCode.CANCEL))
    elif state == "reset by the peer":
        play.hear(RstStreamFrame(3, ErrorCode.CANCEL))
    elif state == "refused by us":
        play.hear(FieldBlock(5, POST), FieldBlock(7, POST))
        return play, 7
    return play, 3


def client_in(state: str) -> tuple[Playbook, int]:
    """A client, and a stream of it that is in `state`."""
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 2)])
    play.ask(Request(1, GET, True))
    if state == "idle":
        return play, 3
    if state == "idle, of the server":
        return play, 2
    play.ask(Request(3, POST, state in ("half-closed local", "closed")))
    if state == "waiting for a slot":
        play.ask(Request(5, GET, True))
        return play, 5
    if state in ("half-closed remote", "closed"):
        play.hear(FieldBlock(3, OK, True))
    elif state in ("open", "half-closed local"):
        play.hear(FieldBlock(3, OK))
    elif state == "reset by us":
        play.ask(Reset(3, ErrorCode.CANCEL))
    elif state == "left out by goaway":
        play.hear(GoAwayFrame(1, ErrorCode.NO_ERROR))
    elif state == "reset by the server":
        play.hear(RstStreamFrame(3, ErrorCode.CANCEL))
    return play, 3


def said_on(stream_id: int, kind: str, role: Role, state: str) -> Heard:
    """A frame of the kind that is right by itself."""
    trailers = [(b"checksum", b"1")]
    frames: dict[str, Heard] = {
        "DATA": DataFrame(stream_id, b"12345"),
        "HEADERS": FieldBlock(
            stream_id, GET if state.startswith("idle") and role is Role.SERVER else trailers, True
        ),
        "PRIORITY": PriorityFrame(stream_id, Priority(0, 16)),
        "RST_STREAM": RstStreamFrame(stream_id, ErrorCode.CANCEL),
        "WINDOW_UPDATE": WindowUpdateFrame(stream_id, 1),
        "PUSH_PROMISE": PushPromiseFrame(stream_id, 4, b"\x82"),
        "CONTINUATION": ContinuationFrame(stream_id, b"\x82"),
    }
    return frames[kind]


NEWS = {"DATA": (Data,), "HEADERS": (Request, Trailers), "RST_STREAM": (Reset,)}
CODES = {"PE": ErrorCode.PROTOCOL_ERROR, "SC": ErrorCode.STREAM_CLOSED}
CASES = [(Role.SERVER, *cell) for cell in cells(SERVER)] + [
    (Role.CLIENT, *cell) for cell in cells(CLIENT)
]


@pytest.mark.parametrize(("role", "state", "kind", "wanted"), CASES)
def test_a_frame_in_a_state(role: Role, state: str, kind: str, wanted: str) -> None:
    play, stream_id = server_in(state) if role is Role.SERVER else client_in(state)
    play.told()
    play.said()
    play.hear(said_on(stream_id, kind, role, state))
    reason = f"RFC 9113 §5.1: {kind} on a stream that is {state}"
    if wanted == "silence":
        play.expect_no_event(because=reason)
        play.expect_silence(because=f"{reason}; and it is not answered either")
    elif wanted == "news":
        (event,) = play.told()
        assert isinstance(event, NEWS[kind]), reason
    else:
        code = CODES[wanted[1:]]
        scope = Scope.STREAM if wanted[0] == "s" else Scope.CONNECTION
        play.expect_fault(code, scope, stream_id, because=reason)
        if scope is Scope.STREAM:
            play.expect_frames(RstStreamFrame(stream_id, code), because=f"{reason}: told the peer")
            play.hear(PingFrame(bytes(8)))
            play.expect_events(Ping(bytes(8)), because="the connection lives on")
        else:
            (last,) = play.said()
            assert isinstance(last, GoAwayFrame), reason
            assert last.code == code, reason


# -- frames that are wrong by themselves (RFC 9113 §4.2, §6) ----------------------------------

WRONG = [
    ("DATA on stream 0", frame(0, 0, 0, b"x"), ErrorCode.PROTOCOL_ERROR),
    ("DATA too long", pack_header(16_385, 0, 0, 1), ErrorCode.FRAME_SIZE_ERROR),
    ("DATA without its pad length", frame(0, 8, 1), ErrorCode.FRAME_SIZE_ERROR),
    ("DATA that is all padding and more", frame(0, 8, 1, b"\5abcd"), ErrorCode.PROTOCOL_ERROR),
    ("HEADERS on stream 0", frame(1, 5, 0, b"\x82"), ErrorCode.PROTOCOL_ERROR),
    ("HEADERS too long", pack_header(16_385, 1, 5, 3), ErrorCode.FRAME_SIZE_ERROR),
    ("HEADERS without its pad length", frame(1, 0xD, 3), ErrorCode.FRAME_SIZE_ERROR),
    ("HEADERS without its priority", frame(1, 0x25, 3, b"\0\0\0\0"), ErrorCode.FRAME_SIZE_ERROR),
    ("HEADERS that is all padding", frame(1, 0xD, 3, b"\3\x82\0"), ErrorCode.PROTOCOL_ERROR),
    (
        "HEADERS whose padding eats its priority",
        frame(1, 0x2D, 3, b"\2" + bytes(6)),
        ErrorCode.PROTOCOL_ERROR,
    ),
    ("PRIORITY on stream 0", frame(2, 0, 0, bytes(5)), ErrorCode.PROTOCOL_ERROR),
    ("PRIORITY of 4 bytes", frame(2, 0, 3, bytes(4)), ErrorCode.FRAME_SIZE_ERROR),
    ("RST_STREAM on stream 0", frame(3, 0, 0, bytes(4)), ErrorCode.PROTOCOL_ERROR),
    ("RST_STREAM of 5 bytes", frame(3, 0, 1, bytes(5)), ErrorCode.FRAME_SIZE_ERROR),
    ("SETTINGS on a stream", frame(4, 0, 1), ErrorCode.PROTOCOL_ERROR),
    ("SETTINGS of 5 bytes", frame(4, 0, 0, bytes(5)), ErrorCode.FRAME_SIZE_ERROR),
    ("SETTINGS ACK with content", frame(4, 1, 0, bytes(6)), ErrorCode.FRAME_SIZE_ERROR),
    ("ENABLE_PUSH of 2", frame(4, 0, 0, b"\0\2\0\0\0\2"), ErrorCode.PROTOCOL_ERROR),
    ("a window of 2^31", frame(4, 0, 0, b"\0\4\x80\0\0\0"), ErrorCode.FLOW_CONTROL_ERROR),
    ("MAX_FRAME_SIZE too small", frame(4, 0, 0, b"\0\5\0\0\x3f\xff"), ErrorCode.PROTOCOL_ERROR),
    ("MAX_FRAME_SIZE too large", frame(4, 0, 0, b"\0\5\1\0\0\0"), ErrorCode.PROTOCOL_ERROR),
    ("ENABLE_CONNECT_PROTOCOL of 2", frame(4, 0, 0, b"\0\x08\0\0\0\2"), ErrorCode.PROTOCOL_ERROR),
    ("PUSH_PROMISE on stream 0", frame(5, 4, 0, bytes(4)), ErrorCode.PROTOCOL_ERROR),
    ("PUSH_PROMISE of 3 bytes", frame(5, 4, 1, bytes(3)), ErrorCode.FRAME_SIZE_ERROR),
    ("PING on a stream", frame(6, 0, 1, bytes(8)), ErrorCode.PROTOCOL_ERROR),
    ("PING of 7 bytes", frame(6, 0, 0, bytes(7)), ErrorCode.FRAME_SIZE_ERROR),
    ("GOAWAY on a stream", frame(7, 0, 1, bytes(8)), ErrorCode.PROTOCOL_ERROR),
    ("GOAWAY of 7 bytes", frame(7, 0, 0, bytes(7)), ErrorCode.FRAME_SIZE_ERROR),
    ("WINDOW_UPDATE of 3 bytes", frame(8, 0, 1, bytes(3)), ErrorCode.FRAME_SIZE_ERROR),
    ("WINDOW_UPDATE of nothing", frame(8, 0, 0, bytes(4)), ErrorCode.PROTOCOL_ERROR),
    ("CONTINUATION on stream 0", frame(9, 4, 0), ErrorCode.PROTOCOL_ERROR),
    ("CONTINUATION of nothing", frame(9, 4, 1), ErrorCode.PROTOCOL_ERROR),
    ("an unknown frame too long", pack_header(16_385, 0x77, 0, 1), ErrorCode.FRAME_SIZE_ERROR),
    ("a block no decoder takes", frame(1, 5, 3, b"\x80"), ErrorCode.COMPRESSION_ERROR),
    ("a table size too large", frame(1, 5, 3, b"\x3f\xff\xff\x7f"), ErrorCode.COMPRESSION_ERROR),
]


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize(("octets", "code"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_frame_that_is_wrong_by_itself_ends_the_connection(
    role: Role, octets: bytes, code: ErrorCode
) -> None:
    play = Playbook.opened(role)
    if role is Role.SERVER:
        play.hear(FieldBlock(1, POST))
    else:
        play.ask(Request(1, POST))
    play.told()
    play.said()
    play.hear(octets)
    (fault,) = play.told()
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (code, Scope.CONNECTION)
    (last,) = play.said()
    assert isinstance(last, GoAwayFrame)
    assert last.code == code, "RFC 9113 §5.4.1: SHOULD first send a GOAWAY frame that says why"
    assert play.engine.state is ConnectionState.CLOSED
    play.hear(PingFrame(bytes(8)))
    play.expect_no_event(because="nothing after such a fault can be made sense of")
    play.expect_silence(because="nor is it answered")


def test_a_frame_is_condemned_by_its_header_before_its_payload_comes() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(pack_header(2**24 - 1, 0, 0, 1)[:8])
    play.expect_no_event(because="the header is not whole")
    play.hear(b"\1")
    play.expect_fault(
        ErrorCode.FRAME_SIZE_ERROR,
        Scope.CONNECTION,
        1,
        because="16 MiB are not waited for, and not held",
    )


def test_larger_frames_are_taken_once_we_have_allowed_them() -> None:
    play = Playbook.opened(Role.SERVER, settings=[(SettingId.MAX_FRAME_SIZE, 20_000)])
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 20_000))
    play.expect_events(Request(1, POST), Data(1, b"x" * 20_000), because="RFC 9113 §4.2")
    play.hear(frame(0, 0, 1, b"x" * 20_001))
    play.expect_fault(
        ErrorCode.FRAME_SIZE_ERROR, Scope.CONNECTION, 1, because="a byte above what was allowed"
    )


def test_the_reserved_bit_is_ignored() -> None:
    play = Playbook.opened(Role.SERVER)
    octets = bytearray(play.octets(FieldBlock(1, GET, True)))
    octets[5] |= 0x80
    play.hear(bytes(octets))
    play.expect_events(Request(1, GET, True), because="RFC 9113 §4.1: MUST be ignored")


def test_unknown_flags_are_ignored() -> None:
    play = Playbook.opened(Role.SERVER)
    octets = bytearray(play.octets(FieldBlock(1, POST)))
    octets[4] |= 0xD2
    play.hear(bytes(octets), frame(6, 0xFE, 0, bytes(8)), frame(0, 0xF6, 1, b"x"))
    play.expect_events(
        Request(1, POST), Ping(bytes(8)), Data(1, b"x"), because="RFC 9113 §4.1: MUST be ignored"
    )


@pytest.mark.parametrize("stream_id", [0, 1, 99])
def test_frames_of_unknown_types_are_ignored(stream_id: int) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.hear(frame(0x77, 0xFF, stream_id, b"whatever"), frame(0xB, 0, stream_id))
    play.expect_no_event(because="RFC 9113 §4.1: MUST ignore and discard")
    play.expect_silence(because="RFC 9113 §5.5: on any stream, in any state")


# -- field blocks over several frames (RFC 9113 §4.3, §6.2, §6.10) ----------------------------


def begun(play: Playbook) -> None:
    """The first half of a field block on stream 3."""
    play.hear(HeadersFrame(3, b"\x82", end_headers=False))
    play.expect_no_event(because="the block is not whole")


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(frame(0, 0, 1, b"x"), id="DATA"),
        pytest.param(frame(1, 4, 3), id="HEADERS on the same stream"),
        pytest.param(frame(9, 4, 1), id="CONTINUATION on another"),
        pytest.param(frame(6, 0, 0, bytes(8)), id="PING"),
        pytest.param(frame(2, 0, 3, bytes(5)), id="PRIORITY"),
        pytest.param(frame(0x77, 0, 3), id="unknown"),
        pytest.param(frame(8, 0, 0, b"\0\0\0\1"), id="WINDOW_UPDATE"),
    ],
)
def test_nothing_comes_between_the_frames_of_a_block(between: bytes) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    begun(play)
    play.hear(between[:9])
    (fault,) = play.told()
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION), (
        "RFC 9113 §6.2: any other type of frame or a frame on a different stream"
    )
    assert fault.expected == "CONTINUATION on stream 3"


def test_a_block_is_decoded_when_it_is_whole_and_ends_the_stream_by_its_first_frame() -> None:
    play = Playbook.opened(Role.SERVER)
    block = play.encoder.encode(GET)
    play.hear(HeadersFrame(1, block[:1], end_stream=True, end_headers=False))
    play.hear(ContinuationFrame(1, block[1:2], end_headers=False))
    play.expect_no_event(because="two of three")
    play.hear(ContinuationFrame(1, block[2:]))
    play.expect_events(
        Request(1, GET, True),
        because="RFC 9113 §6.2: END_STREAM is on HEADERS, CONTINUATION has none",
    )


def test_padding_and_priority_of_headers_are_taken_off() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(
        FieldBlock(1, GET, True, priority=Priority(0, 256, True), pad_length=0),
        FieldBlock(3, GET, True, priority=Priority(1, 1)),
        FieldBlock(5, GET, True, pad_length=255),
        FieldBlock(7, GET, True, cuts=(1,), priority=Priority(3, 16), pad_length=5),
    )
    play.expect_events(
        *[Request(stream_id, GET, True) for stream_id in (1, 3, 5, 7)],
        because="RFC 9113 §6.2: they are no part of the fields",
    )


def test_a_stream_that_depends_on_itself_is_none_of_our_business() -> None:
    play = Playbook.opened(Role.SERVER)
    block = play.encoder.encode(GET)
    play.hear(frame(1, 0x25, 1, b"\0\0\0\1\x0f" + block), frame(2, 0, 3, b"\0\0\0\3\x0f"))
    play.expect_events(
        Request(1, GET, True), because="RFC 9113 §5.3.2: the signal has no meaning any more"
    )


def test_an_empty_block_is_decoded_and_malformed() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(frame(1, 5, 1))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 1, because="RFC 9113 §8.3.1: no :method at all"
    )


# -- the preface -------------------------------------------------------------------------------


def test_the_preface_may_come_byte_by_byte_with_the_first_frame_behind_it() -> None:
    play = Playbook(Role.SERVER)
    for at in range(len(PREFACE)):
        play.hear(PREFACE[at : at + 1])
        play.expect_no_event(because="so far it is right")
        wanted = ConnectionState.AWAIT_PREFACE if at < 23 else ConnectionState.AWAIT_SETTINGS
        assert play.engine.state is wanted
    play.hear(SettingsFrame())
    play.expect_events(Settings([]), because="the preface is whole")


def test_events_come_one_a_step_and_the_state_keeps_pace() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True), frame(6, 0, 1, bytes(8)))
    assert play.engine.next_event() == Request(1, GET, True)
    assert play.engine.open_streams == 1, "what the state says is what the last event said"
    play.ask(Response(1, OK, True))
    assert play.engine.next_event() == Request(3, GET, True)
    assert not play.engine.closed, "the fault behind it has not been told"
    fault = play.engine.next_event()
    assert isinstance(fault, PeerFault)
    assert play.engine.state is ConnectionState.CLOSED
    said = play.said()
    assert said == [FieldBlock(1, OK, True), GoAwayFrame(3, ErrorCode.PROTOCOL_ERROR)], (
        "nothing received before the fault is lost, and its answer neither"
    )
