"""Frames: the requirements of RFC 9113 §4 and §6, by their ids in spec/rfc9113.toml."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from hyper.frame import (
    ErrorCode,
    FrameType,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    AltSvc,
    Data,
    GoAway,
    InformationalResponse,
    Limits,
    PeerFault,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook

PROTOCOL = ErrorCode.PROTOCOL_ERROR
SIZE = ErrorCode.FRAME_SIZE_ERROR
FLOW = ErrorCode.FLOW_CONTROL_ERROR
CONNECTION = Scope.CONNECTION
STREAM = Scope.STREAM


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    """A frame no value can be: the header says what it likes."""
    return pack_header(len(payload), kind, flags, stream_id) + payload


def setting(identifier: int, value: int) -> bytes:
    return frame(4, 0, 0, identifier.to_bytes(2, "big") + value.to_bytes(4, "big"))


def opened(role: Role) -> Playbook:
    """An engine with stream 1 open and stream 3 idle, everything told and said."""
    play = Playbook.opened(role)
    if role is Role.SERVER:
        play.hear(FieldBlock(1, POST))
    else:
        play.ask(Request(1, POST))
    play.told()
    play.said()
    return play


# -- what a receiver must refuse ----------------------------------------------------------------


@dataclass(slots=True)
class Wrong:
    """What the peer says, and the fault it is."""

    id: str
    what: str
    said: list[Heard]
    code: ErrorCode
    scope: Scope = CONNECTION
    roles: tuple[Role, ...] = (Role.SERVER, Role.CLIENT)


BLOCK = frame(1, 0, 1, b"\x82")  # HEADERS without END_HEADERS

WRONGS = [
    Wrong("9113-4.2-2", "DATA over MAX_FRAME_SIZE", [pack_header(16_385, 0, 0, 1)], SIZE),
    Wrong("9113-4.2-2", "SETTINGS too small for a value", [frame(4, 0, 0, bytes(4))], SIZE),
    Wrong("9113-4.2-2", "HEADERS without its Pad Length", [frame(1, 0xD, 1)], SIZE),
    Wrong("9113-4.2-3", "HEADERS too long", [pack_header(16_385, 1, 5, 1)], SIZE),
    Wrong("9113-4.2-3", "PUSH_PROMISE too long", [pack_header(16_385, 5, 4, 1)], SIZE),
    Wrong("9113-4.2-3", "CONTINUATION too long", [BLOCK, pack_header(16_385, 9, 4, 1)], SIZE),
    Wrong("9113-4.2-3", "SETTINGS too long", [pack_header(16_386, 4, 0, 0)], SIZE),
    Wrong("9113-4.2-3", "unknown on stream 0, too long", [pack_header(16_385, 0x77, 0, 0)], SIZE),
    Wrong("9113-5.5-3", "unknown within a block", [BLOCK, frame(0x77, 0, 1)], PROTOCOL),
    Wrong("9113-6.1-3", "DATA on stream 0", [frame(0, 0, 0, b"x")], PROTOCOL),
    Wrong("9113-6.1-5", "padding as long as DATA", [frame(0, 8, 1, b"\4abc")], PROTOCOL),
    Wrong("9113-6.1-5", "padding longer than DATA", [frame(0, 8, 1, b"\5abcd")], PROTOCOL),
    Wrong("9113-6.2-3", "PING within a block", [BLOCK, frame(6, 0, 0, bytes(8))], PROTOCOL),
    Wrong("9113-6.2-3", "CONTINUATION elsewhere", [BLOCK, frame(9, 4, 3, b"\x84")], PROTOCOL),
    Wrong("9113-6.2-5", "HEADERS on stream 0", [frame(1, 5, 0, b"\x82")], PROTOCOL),
    Wrong("9113-6.2-6", "HEADERS of padding alone", [frame(1, 0xD, 1, b"\3\x82\0")], PROTOCOL),
    Wrong("9113-6.3-1", "PRIORITY on stream 0", [frame(2, 0, 0, bytes(5))], PROTOCOL),
    # RFC 9113 §5.4.1: an endpoint may treat a stream error as a connection error.
    Wrong("9113-6.3-2", "PRIORITY of 4 octets", [frame(2, 0, 1, bytes(4))], SIZE),
    Wrong("9113-6.3-2", "PRIORITY of 6 octets", [frame(2, 0, 1, bytes(6))], SIZE),
    Wrong("9113-6.4-4", "RST_STREAM on stream 0", [frame(3, 0, 0, bytes(4))], PROTOCOL),
    Wrong("9113-6.4-6", "RST_STREAM on an idle stream", [frame(3, 0, 3, bytes(4))], PROTOCOL),
    Wrong("9113-6.4-7", "RST_STREAM of 3 octets", [frame(3, 0, 1, bytes(3))], SIZE),
    Wrong("9113-6.4-7", "RST_STREAM of 5 octets", [frame(3, 0, 1, bytes(5))], SIZE),
    Wrong("9113-6.5-4", "SETTINGS ACK that is not empty", [frame(4, 1, 0, bytes(6))], SIZE),
    Wrong("9113-6.5-6", "SETTINGS on a stream", [frame(4, 0, 1)], PROTOCOL),
    Wrong("9113-6.5-7", "SETTINGS with ENABLE_PUSH of 7", [setting(2, 7)], PROTOCOL),
    Wrong("9113-6.5-8", "SETTINGS of 5 octets", [frame(4, 0, 0, bytes(5))], SIZE),
    Wrong("9113-6.5-8", "SETTINGS of 7 octets", [frame(4, 0, 0, bytes(7))], SIZE),
    Wrong("9113-6.5.2-3", "ENABLE_PUSH of 2", [setting(2, 2)], PROTOCOL),
    Wrong("9113-6.5.2-6", "ENABLE_PUSH of 1", [setting(2, 1)], PROTOCOL, roles=(Role.CLIENT,)),
    Wrong("9113-6.5.2-7", "INITIAL_WINDOW_SIZE of 2^31", [setting(4, 2**31)], FLOW),
    Wrong("9113-6.5.2-9", "MAX_FRAME_SIZE of 2^14 - 1", [setting(5, 2**14 - 1)], PROTOCOL),
    Wrong("9113-6.5.2-9", "MAX_FRAME_SIZE of 2^24", [setting(5, 2**24)], PROTOCOL),
    Wrong("9113-6.7-5", "PING on a stream", [frame(6, 0, 1, bytes(8))], PROTOCOL),
    Wrong("9113-6.7-6", "PING of 7 octets", [frame(6, 0, 0, bytes(7))], SIZE),
    Wrong("9113-6.7-6", "PING of 9 octets", [frame(6, 0, 0, bytes(9))], SIZE),
    Wrong("9113-6.8-2", "GOAWAY on a stream", [frame(7, 0, 1, bytes(8))], PROTOCOL),
    Wrong("9113-6.9-2", "an increment of 0", [frame(8, 0, 1, bytes(4))], PROTOCOL, STREAM),
    Wrong("9113-6.9-3", "an increment of 0 in all", [frame(8, 0, 0, bytes(4))], PROTOCOL),
    Wrong("9113-6.9-6", "WINDOW_UPDATE of 3 octets", [frame(8, 0, 1, bytes(3))], SIZE),
    Wrong("9113-6.9-6", "WINDOW_UPDATE of 5 octets", [frame(8, 0, 0, bytes(5))], SIZE),
    Wrong(
        "9113-6.9.1-3",
        "a stream's window beyond 2^31-1",
        [WindowUpdateFrame(1, 2**31 - 1)],
        FLOW,
        STREAM,
    ),
    Wrong(
        "9113-6.9.1-3", "the connection's window beyond it", [WindowUpdateFrame(0, 2**31 - 1)], FLOW
    ),
    Wrong(
        "9113-6.9.2-4",
        "INITIAL_WINDOW_SIZE that takes a window beyond it",
        [WindowUpdateFrame(1, 2**31 - 1 - 65_535), SettingsFrame([(4, 65_536)])],
        FLOW,
    ),
    Wrong("9113-6.10-2", "PRIORITY within a block", [BLOCK, frame(2, 0, 1, bytes(5))], PROTOCOL),
    Wrong("9113-6.10-2", "DATA behind a part", [BLOCK, frame(9, 0, 1), frame(0, 0, 1)], PROTOCOL),
    Wrong("9113-6.10-4", "CONTINUATION on stream 0", [frame(9, 4, 0)], PROTOCOL),
    Wrong("9113-6.10-6", "CONTINUATION of nothing", [frame(9, 4, 1)], PROTOCOL),
    Wrong("9113-6.10-6", "CONTINUATION behind the end", [frame(1, 4, 1), frame(9, 4, 1)], PROTOCOL),
]
CASES = [(wrong, role) for wrong in WRONGS for role in wrong.roles]


@pytest.mark.parametrize(
    ("wrong", "role"), CASES, ids=[f"{w.id} {w.what}, {role.name}" for w, role in CASES]
)
def test_a_frame_that_breaks_a_rule_is_the_fault_its_section_names(
    wrong: Wrong, role: Role
) -> None:
    play = opened(role)
    for said in wrong.said:
        play.hear(said)
    faults = [event for event in play.told() if isinstance(event, PeerFault)]
    assert faults, f"{wrong.id}: {wrong.what}"
    assert (faults[-1].code, faults[-1].scope) == (wrong.code, wrong.scope), wrong.id
    last = play.said()[-1]
    if wrong.scope is STREAM:
        assert last == RstStreamFrame(1, wrong.code), "the peer is told of the stream"
        play.hear(PingFrame(b"lives on"))
        play.expect_events(Ping(b"lives on"), because="RFC 9113 §5.4.2: other streams go on")
    else:
        assert isinstance(last, GoAwayFrame), "RFC 9113 §5.4.1: GOAWAY says why"
        assert last.code == wrong.code, "RFC 9113 §5.4.1: with the code of the fault"
        assert play.engine.closed, "RFC 9113 §5.4.1: and then the host closes"


# -- what a receiver must take ------------------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_frames_of_the_size_that_everybody_must_take_are_taken(role: Role) -> None:
    play = opened(role)
    if role is Role.CLIENT:
        play.hear(FieldBlock(1, OK))
        play.told()
    play.hear(frame(0, 0, 1, bytes(16_384)), frame(0x77, 0, 0, bytes(16_384)))
    play.hear(GoAwayFrame(2**31 - 1, 0, bytes(16_376)))
    play.expect_events(
        Data(1, bytes(16_384)),
        GoAway(2**31 - 1, ErrorCode.NO_ERROR, bytes(16_376)),
        because="9113-4.2-1: everyone is capable of 2^14 octets",
    )


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_what_has_no_meaning_is_ignored(role: Role) -> None:
    play = opened(role)
    ping = bytearray(frame(6, 0xFE, 0, b"a flag.."))
    ping[5] |= 0x80
    play.hear(bytes(ping))
    play.expect_events(
        Ping(b"a flag.."), because="9113-4.1-3, 9113-4.1-6: unused flags and the reserved bit"
    )
    play.expect_frames(PingFrame(b"a flag..", ack=True), because="it is a PING like any other")
    play.hear(*[frame(0x77, 0xFF, stream_id, b"what?") for stream_id in (0, 1, 3, 8)])
    play.expect_no_event(because="9113-4.1-2, 9113-5.5-2: unknown types are discarded")
    play.hear(SettingsFrame([(0x5555, 77)]))
    play.expect_events(
        Settings([(0x5555, 77)]),
        because="9113-6.5.2-10, 9113-6.5.3-3, 9113-5.5-1: no setting of ours",
    )
    play.expect_frames(SettingsFrame(ack=True), because="RFC 9113 §6.5.3: acknowledged like others")
    play.hear(RstStreamFrame(1, 0xDEAD))
    play.expect_events(
        Reset(1, 0xDEAD), because="9113-7-1, 9113-5.5-1: an unknown code resets like any other"
    )
    play.hear(GoAwayFrame(2**31 - 1, 0xBEEF))
    play.expect_events(GoAway(2**31 - 1, 0xBEEF), because="9113-7-1: nothing special about it")
    assert not play.engine.closed, "9113-7-1: and it ends nothing by itself"


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_closed_windows_stop_content_and_nothing_else(role: Role) -> None:
    play = Playbook.opened(role, limits=Limits(stream_window=1, connection_window=65_535))
    if role is Role.SERVER:
        play.hear(FieldBlock(1, POST), frame(0, 0, 1, b"x"))
    else:
        play.ask(Request(1, POST))
        play.hear(FieldBlock(1, OK), frame(0, 0, 1, b"x"))
    play.told()
    play.said()
    play.hear(PingFrame(bytes(8)), SettingsFrame([(0x5555, 1)]), WindowUpdateFrame(1, 9))
    play.hear(FieldBlock(1, [(b"checksum", b"1")], True))
    play.expect_events(
        Ping(bytes(8)),
        Settings([(0x5555, 1)]),
        Trailers(1, [(b"checksum", b"1")]),
        because="9113-6.9-1: frames exempt from flow control are accepted and processed",
    )


# -- what a sender must write -------------------------------------------------------------------


@dataclass(slots=True)
class Raw:
    """A frame as it is on the wire, nothing masked."""

    kind: int
    flags: int
    stream_word: int
    payload: bytes


def raw_frames(octets: bytes) -> Iterator[Raw]:
    at = 0
    while at < len(octets):
        end = at + 9 + int.from_bytes(octets[at : at + 3], "big")
        word = int.from_bytes(octets[at + 5 : at + 9], "big")
        yield Raw(octets[at + 3], octets[at + 4], word, octets[at + 9 : end])
        at = end
    assert at == len(octets), "the last frame is whole"


BIG = [(b"x-%d" % number, b"~" * 15_000) for number in range(5)]


def everything_said_by_a_client() -> list[Raw]:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, [*GET, *BIG], True), Request(3, POST), Data(3, bytes(40_000)))
    play.ask(Trailers(3, BIG), Request(5, POST), Reset(5), Ping(b"12345678"))
    play.ask(Settings([(SettingId.MAX_CONCURRENT_STREAMS, 9)]), GoAway(0))
    play.hear(PingFrame(bytes(8)), SettingsFrame([(3, 7)]), FieldBlock(1, OK))
    play.told()
    # The Playbook took what was said before; this is what it has not.
    return [*raw_frames(play.engine.data_to_send())]


def everything_said_by_a_server() -> list[Raw]:
    play = Playbook.opened(Role.SERVER)
    for stream_id in (1, 3, 5):
        play.hear(FieldBlock(stream_id, GET, True))
    play.hear(FieldBlock(7, POST), *[frame(0, 0, 7, bytes(16_384))] * 15)
    play.told()
    play.consume(7, 15 * 16_384)
    play.ask(InformationalResponse(1, [(b":status", b"103")]), Response(1, [*OK, *BIG]))
    play.ask(Data(1, bytes(30_000)), Trailers(1, BIG), Response(3, OK), Data(3, b"", True))
    play.ask(Response(5, OK), Data(5, b"x", True), Reset(7), AltSvc(0, b"https://a.example", b"x"))
    play.hear(PingFrame(bytes(8)), SettingsFrame([(3, 7)]))
    play.told()
    play.engine.shut_down(warn=False)
    return [*raw_frames(play.engine.data_to_send())]


# By type: the flags it has, whether it is of a stream (None for either), and its size if fixed.
FORMATS: dict[int, tuple[int, bool | None, int | None]] = {
    FrameType.DATA: (0x9, True, None),
    FrameType.HEADERS: (0x2D, True, None),
    FrameType.RST_STREAM: (0, True, 4),
    FrameType.SETTINGS: (0x1, False, None),
    FrameType.PUSH_PROMISE: (0xC, True, None),
    FrameType.PING: (0x1, False, 8),
    FrameType.GOAWAY: (0, False, None),
    FrameType.WINDOW_UPDATE: (0, None, 4),
    FrameType.CONTINUATION: (0x4, True, None),
    FrameType.ALTSVC: (0, None, None),
}


def test_every_frame_is_written_by_its_format() -> None:
    said = everything_said_by_a_client() + everything_said_by_a_server()
    kinds = {each.kind for each in said}
    assert kinds >= {0, 1, 3, 4, 6, 7, 8, 9}, "the test is of use: nearly all types were written"
    for each in said:
        flags, on_stream, size = FORMATS[each.kind]
        assert each.flags & ~flags == 0, f"9113-4.1-4: flags without a meaning are unset: {each}"
        assert each.stream_word < 2**31, f"9113-4.1-5: the reserved bit is unset: {each}"
        assert len(each.payload) <= 16_384, f"9113-4.1-1: the peer allows no more: {each}"
        if on_stream is not None:
            assert (each.stream_word != 0) == on_stream, (
                "9113-6.1-2, 9113-6.2-4, 9113-6.4-3, 9113-6.10-3 are on a stream, 9113-6.5-5 not"
            )
        if size is not None:
            assert len(each.payload) == size, "9113-6.7-1 for PING: eight octets"
        if each.kind == FrameType.SETTINGS and each.flags & 0x1:
            assert each.payload == b"", "9113-6.5-3: an ACK is empty"


@pytest.mark.parametrize("say", [everything_said_by_a_client, everything_said_by_a_server])
def test_nothing_comes_between_the_frames_of_a_block_we_send(say: Callable[[], list[Raw]]) -> None:
    said = say()
    inside = 0
    longest = run = 0
    for each in said:
        if inside:
            assert (each.kind, each.stream_word) == (FrameType.CONTINUATION, inside), (
                "9113-4.3-1, 9113-6.2-2, 9113-6.10-1, 9113-8.1-1: a block is contiguous"
            )
            run += 1
        else:
            assert each.kind != FrameType.CONTINUATION, (
                "9113-6.10-5: CONTINUATION follows what has no END_HEADERS"
            )
            run = 0
        longest = max(longest, run)
        starts = each.kind in (FrameType.HEADERS, FrameType.CONTINUATION)
        inside = each.stream_word if starts and not each.flags & 0x4 else 0
    assert inside == 0, "9113-6.10-1: the last of them has END_HEADERS"
    assert longest >= 3, "the test is of use: a block took several CONTINUATION frames"


def test_a_larger_frame_waits_for_the_peers_leave() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(SettingId.MAX_FRAME_SIZE, 20_000)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, [*OK, (b"x", b"~" * 19_900)], True))
    sizes = [len(each.payload) for each in raw_frames(play.engine.data_to_send())]
    assert len(sizes) == 1, "9113-4.1-1: with its leave a frame may be larger"
    assert 16_384 < sizes[0] <= 20_000, "9113-4.1-1: and no larger than that"
    play.expect_refusal(
        Settings([(0x1000, 1)] * 3_334), because="9113-4.1-1: nor is SETTINGS", says="one frame"
    )


def test_a_ping_is_answered_once_and_an_answer_never() -> None:
    play = opened(Role.SERVER)
    play.hear(PingFrame(b"8 octets"))
    play.expect_events(Ping(b"8 octets"), because="it is news")
    (answer,) = raw_frames(play.engine.data_to_send())
    assert answer.payload == b"8 octets", "9113-6.7-2: an identical payload"
    assert answer.flags == 0x1, "9113-6.7-3: with ACK"
    play.ask(Ping(b"ours...."))
    play.engine.data_to_send()
    play.hear(PingFrame(b"ours....", ack=True))
    (pong,) = play.told()
    assert isinstance(pong, Pong), "the answer to ours"
    play.expect_silence(because="9113-6.7-4: an answer is not answered")
    play.expect_refusal(Ping(b"short"), because="9113-6.7-1: eight octets", says="8 bytes")


def test_settings_that_break_a_rule_are_not_sent() -> None:
    for role in Role:
        play = opened(role)
        for value in (2**14 - 1, 2**24):
            play.expect_refusal(
                Settings([(SettingId.MAX_FRAME_SIZE, value)]),
                because="9113-6.5.2-8: 2^14 to 2^24-1",
                says="MAX_FRAME_SIZE",
            )
        play.ask(Settings([(SettingId.MAX_FRAME_SIZE, 2**24 - 1)]))
        play.hear(SettingsFrame(ack=True))
        (acknowledged,) = play.told()
        assert isinstance(acknowledged, SettingsAcknowledged), "the edge is legal"
    server = opened(Role.SERVER)
    server.expect_refusal(
        Settings([(SettingId.ENABLE_PUSH, 1)]),
        because="9113-6.5.2-4, 9113-6.5.2-5: a server's ENABLE_PUSH is 0 or absent",
        says="ENABLE_PUSH",
    )
    server.ask(Settings([(SettingId.ENABLE_PUSH, 0)]))
    server.expect_frames(
        SettingsFrame([(SettingId.ENABLE_PUSH, 0)]), because="9113-6.5.2-5: 0 may be said"
    )
