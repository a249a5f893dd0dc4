"""What the caller asks for: what is written, and that a wrong call raises and changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    AltSvc,
    Connection,
    Data,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    PeerFault,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    SettingsAcknowledged,
    Trailers,
    Writable,
)
from hyper.wire import Field, LocalProtocolError, Role, SensitiveField
from tests.support.playbook import (
    CONNECT,
    GET,
    HEAD,
    OK,
    POST,
    FieldBlock,
    Playbook,
    content_of,
)

TRAILERS: list[Field] = [(b"checksum", b"1")]
BIG = 2**32


def length(fields: Sequence[Field], count: int) -> list[Field]:
    return [*fields, (b"content-length", b"%d" % count)]


def status(code: int, *more: Field) -> list[Field]:
    return [(b":status", b"%d" % code), *more]


# -- scenes: an engine in a state from which a call can go wrong ------------------------------


def client() -> Playbook:
    """Streams: 1 open and half uploaded, 3 ended, 5 reset, 7 finished, 9 a tunnel, 11 waiting."""
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 3)])
    play.ask(Request(1, length(POST, 10)), Data(1, b"12345"))
    play.ask(Request(3, GET, True))
    play.ask(Request(5, GET), Reset(5))
    play.ask(Request(7, GET, True))
    play.said()
    play.hear(FieldBlock(7, OK, True))
    play.ask(Request(9, CONNECT), Request(11, POST))
    play.told()
    return play


def server() -> Playbook:
    """Streams: 1 unanswered, 3 HEAD, 5 answered in part, 7 answered, 9 a tunnel, 11 of 204."""
    play = Playbook.opened(Role.SERVER, settings=[(SettingId.ENABLE_CONNECT_PROTOCOL, 1)])
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, HEAD, True), FieldBlock(5, GET, True))
    play.hear(FieldBlock(7, GET, True), FieldBlock(9, CONNECT), FieldBlock(11, GET, True))
    play.told()
    play.ask(Response(3, length(OK, 10)))
    play.ask(Response(5, length(OK, 10)), Data(5, b"12345"))
    play.ask(Response(7, OK, True), Response(9, OK), Response(11, status(204)))
    return play


def looks(engine: Connection) -> tuple[object, ...]:
    """All that can be seen of an engine."""
    settings = engine.peer_settings
    return (
        engine.state,
        engine.closed,
        engine.open_streams,
        engine.can_open,
        engine.wants_to_send,
        engine.next_stream_id(),
        engine.next_timer(),
        [engine.pending(stream_id) for stream_id in range(16)],
        settings.max_concurrent_streams,
        settings.initial_window_size,
    )


def finish(play: Playbook) -> tuple[list[object], list[Event], tuple[object, ...]]:
    """The rest of the conversation, every stream to its end: what a change would show in."""
    first = play.engine.role is Role.CLIENT
    if first:
        play.ask(
            Data(1, b"67890", True), Data(9, b"in", True), Data(11, b"x"), Trailers(11, TRAILERS)
        )
        play.ask(Request(13, [*GET, *TRAILERS], True))
    else:
        play.ask(InformationalResponse(1, status(103)), Response(1, OK), Data(1, b"done", True))
        play.ask(
            Data(3, b"", True), Data(5, b"67890"), Trailers(5, TRAILERS), Data(9, b"out", True)
        )
        play.ask(Data(11, b"", True))
    play.ask(Ping(b"the last"))
    said: list[object] = list(play.said())
    if first:
        play.hear(*[FieldBlock(i, OK, True) for i in (1, 3, 9)])
        events = play.told()
        said += play.said()
        play.hear(*[FieldBlock(i, OK, True) for i in (11, 13)])
    else:
        play.hear(DataFrame(9, b"", end_stream=True), FieldBlock(13, GET, True))
        events = play.told()
    events += play.told()
    said += play.said()
    return said, events, looks(play.engine)


@dataclass(slots=True)
class Wrong:
    """A call that must raise, and a word that its message must have."""

    event: Sendable
    says: str
    scene: Callable[[], Playbook] = field(default=client)


CLIENT_WRONGS = [
    Wrong(Request(11, GET), "expected the stream id 13, got 11"),
    Wrong(Request(1, GET), "stream id 13"),
    Wrong(Request(0, GET), "stream id 13"),
    Wrong(Request(-1, GET), "stream id 13"),
    Wrong(Request(14, GET), "stream id 13"),
    Wrong(Request(2**31 + 1, GET), "stream id 13"),
    Wrong(Request(13, GET[1:]), "without :method"),
    Wrong(Request(13, [*GET, (b"X", b"")]), "field name"),
    Wrong(Request(13, [*GET, (b"x", b"a\r\nb")]), "field value"),
    Wrong(Request(13, length(POST, 1), True), "content-length 1 and no content"),
    Wrong(Request(13, [*CONNECT, (b":protocol", b"x"), *GET[1:2], *GET[3:]]), ":protocol"),
    Wrong(Data(1, b"123456"), "10 bytes was announced, 11 given"),
    Wrong(Data(1, b"1234", True), "10 bytes was announced, 9 given"),
    Wrong(Trailers(1, TRAILERS), "10 bytes was announced, 5 given"),
    Wrong(Data(3, b"x"), "DATA in state ENDED"),
    Wrong(Data(5, b"x"), "stream 5 is RESET_SENT"),
    Wrong(Data(7, b"x"), "stream 7 is CLOSED"),
    Wrong(Data(13, b"x"), "stream 13 is IDLE"),
    Wrong(Data(0, b"x"), "stream 0 is IDLE"),
    Wrong(Data(2, b"x"), "stream 2 is IDLE"),
    Wrong(Data(-1, b"x"), "stream -1 is IDLE"),
    Wrong(Trailers(3, TRAILERS), "trailers in state ENDED"),
    Wrong(Trailers(9, TRAILERS), "trailers in a tunnel"),
    Wrong(Trailers(11, [(b":status", b"200")]), ":status in trailers"),
    Wrong(Trailers(13, TRAILERS), "stream 13 is IDLE"),
    Wrong(Response(1, OK), "only a server"),
    Wrong(InformationalResponse(1, status(100)), "only a server"),
    Wrong(AltSvc(0, b"https://example.org", b"h3"), "only a server"),
    Wrong(Reset(13), "stream 13, which is idle"),
    Wrong(Reset(0), "stream 0, which is idle"),
    Wrong(Reset(1, -1), "32 bits"),
    Wrong(Reset(1, BIG), "32 bits"),
    Wrong(Reset(7, BIG), "32 bits"),
    Wrong(Settings([(SettingId.ENABLE_PUSH, 2)]), "0 or 1"),
    Wrong(Settings([(SettingId.INITIAL_WINDOW_SIZE, 2**31)]), "INITIAL_WINDOW_SIZE"),
    Wrong(Settings([(SettingId.MAX_FRAME_SIZE, 1)]), "MAX_FRAME_SIZE"),
    Wrong(Settings([(2**16, 1)]), "does not fit"),
    Wrong(Settings([(1, BIG)]), "does not fit"),
    Wrong(Settings([(-1, 1)]), "does not fit"),
    Wrong(Settings([(3, 5), (1, -1)]), "does not fit"),
    Wrong(Settings([(0x1000, 1)] * 2_731), "2731 values"),
    Wrong(Ping(b"1234567"), "8 bytes, not 7"),
    Wrong(Ping(b"123456789"), "8 bytes, not 9"),
    Wrong(GoAway(2**31), "at most 2147483647"),
    Wrong(GoAway(-1), "at most"),
    Wrong(GoAway(0, BIG), "32 bits"),
    Wrong(GoAway(0, 0, bytes(16_377)), "16377 bytes of debug"),
]

SERVER_WRONGS = [
    Wrong(Request(2, GET), "only a client", server),
    Wrong(Request(13, GET), "only a client", server),
    Wrong(Response(13, OK), "stream 13 is IDLE", server),
    Wrong(Response(7, OK), "stream 7 is CLOSED", server),
    Wrong(Response(5, OK), "a response in state CONTENT", server),
    Wrong(Response(1, status(103)), "103 is an InformationalResponse", server),
    Wrong(Response(1, []), "without :status", server),
    Wrong(Response(1, [*OK, (b"connection", b"close")]), "connection", server),
    Wrong(Response(1, length(OK, 1), True), "content-length 1 and no content", server),
    Wrong(InformationalResponse(1, OK), "200 is no 1xx", server),
    Wrong(InformationalResponse(1, status(101)), "101", server),
    Wrong(InformationalResponse(5, status(103)), "in state CONTENT", server),
    Wrong(Data(1, b"x"), "DATA in state AWAIT_HEAD", server),
    Wrong(Trailers(1, TRAILERS), "trailers in state AWAIT_HEAD", server),
    Wrong(Data(3, b"x"), "0 bytes was announced, 1 given", server),
    Wrong(Data(11, b"x"), "0 bytes was announced, 1 given", server),
    Wrong(Data(5, b"123456"), "10 bytes was announced, 11 given", server),
    Wrong(Data(5, b"", True), "10 bytes was announced, 5 given", server),
    Wrong(Trailers(5, TRAILERS), "10 bytes was announced, 5 given", server),
    Wrong(Trailers(9, TRAILERS), "trailers in a tunnel", server),
    Wrong(Reset(2), "stream 2, which is idle", server),
    Wrong(Settings([(SettingId.ENABLE_CONNECT_PROTOCOL, 0)]), "back to 0", server),
    Wrong(AltSvc(0, b"", b"h3"), "an origin on stream 0", server),
    Wrong(AltSvc(1, b"https://example.org", b"h3"), "an origin on stream 0", server),
    Wrong(AltSvc(13, b"", b"h3"), "stream 13 is IDLE", server),
    Wrong(AltSvc(0, b"https://example.org", bytes(16_384)), "more than one frame", server),
]


@pytest.mark.parametrize("wrong", [*CLIENT_WRONGS, *SERVER_WRONGS], ids=lambda w: w.says)
def test_a_wrong_call_raises_and_changes_nothing(wrong: Wrong) -> None:
    untouched = wrong.scene()
    play = wrong.scene()
    before = looks(play.engine)
    play.expect_refusal(
        wrong.event, because="the protocol or the state forbids it", says=wrong.says
    )
    assert looks(play.engine) == before, "nothing that can be seen has changed"
    assert finish(play) == finish(untouched), "and nothing that comes to light later"


@pytest.mark.parametrize(
    "event",
    [
        Writable(1),
        Pong(bytes(8)),
        EndOfInput(clean=True),
        SettingsAcknowledged([]),
        PeerFault(0, ErrorCode.NO_ERROR, Scope.STREAM, "", ""),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_only_an_engine_can_tell_is_not_for_sending(event: Event) -> None:
    play, untouched = client(), client()
    # The types forbid it; compiled code checks them at the door, before the engine's own words.
    with pytest.raises((LocalProtocolError, TypeError)):
        play.engine.send(cast("Sendable", event))
    assert finish(play) == finish(untouched), "nothing was changed"


def test_nothing_can_be_asked_of_a_connection_that_is_over() -> None:
    play = server()
    play.said()
    play.hear(PingFrame(bytes(8)), b"\0\0\0\0\0\0\0\0\0")
    play.told()
    play.said()
    events: list[Sendable] = [
        Response(1, OK),
        Data(5, b"x"),
        Reset(1),
        Ping(bytes(8)),
        Settings([]),
        GoAway(0),
    ]
    for event in events:
        play.expect_refusal(event, because="a fault has ended it", says="a connection that is over")
    play.engine.shut_down()
    play.engine.consume(1, 5)
    play.expect_silence(because="the GOAWAY was the last word")


# -- what is written ----------------------------------------------------------------------------


def test_what_was_checked_is_what_is_written() -> None:
    head: list[Field] = list(GET)
    trailers: list[Field] = list(TRAILERS)
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)])
    play.ask(Request(1, GET, True), Request(3, head), Data(3, b"x"), Trailers(3, trailers))
    head[0] = (b":method", b"GET / HTTP/1.1\r\n")
    trailers[0] = (b"connection", b"close")
    play.said()
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.expect_frames(
        FieldBlock(3, GET),
        DataFrame(3, b"x"),
        FieldBlock(3, TRAILERS, True),
        because="a list that the caller changes while its event waits was checked before that",
    )


def test_a_secret_that_waits_stays_one() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 0)])
    secret = SensitiveField(b"x-token", b"hunter2")
    play.ask(Request(1, [*GET, secret]), Data(1, b"x"), Trailers(1, [secret]))
    play.hear(SettingsFrame([(SettingId.MAX_CONCURRENT_STREAMS, 1)]))
    play.told()
    blocks = [each for each in play.said() if isinstance(each, FieldBlock)]
    assert [type(block.fields[-1]) for block in blocks] == [SensitiveField] * 2, (
        "RFC 7541 §7.1.3: never indexed, though it was copied on its way"
    )


def test_a_larger_frame_size_of_the_peers_spares_continuations_but_not_turns() -> None:
    big = [*OK, (b"x", b"~" * 30_000)]
    play = Playbook.opened(
        Role.SERVER, peer=[(SettingId.MAX_FRAME_SIZE, 2**24 - 1), (4, 2**31 - 1)]
    )
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, big), Data(1, b"x" * 60_000, True))
    wire = play.engine.data_to_send()
    size = int.from_bytes(wire[:3], "big")
    assert size > 30_000, "RFC 9113 §4.2: the head goes out in one frame"
    assert wire[4] == 0x4, "END_HEADERS"
    assert int.from_bytes(wire[9 + size : 12 + size], "big") == 16_384, (
        "a stream's turn stays short, so that others are not held up"
    )


def test_content_is_cut_at_the_end_of_a_piece_only_where_it_must_be() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST))
    for _ in range(30):
        play.ask(Data(1, b"x" * 1_000))
    play.ask(Data(1, b"", True))
    sizes = [len(each.data) for each in play.said() if isinstance(each, DataFrame)]
    assert sizes == [16_384, 13_616], "small pieces share a frame, and the last bears END_STREAM"


def test_an_end_that_comes_later_is_an_empty_frame() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, b"x"))
    play.expect_frames(FieldBlock(1, POST), DataFrame(1, b"x"), because="more may follow")
    play.ask(Data(1, b"", True))
    play.expect_frames(DataFrame(1, b"", end_stream=True), because="RFC 9113 §6.1: as it says")


def test_empty_pieces_are_not_sent() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, b""), Data(1, b""))
    play.expect_frames(FieldBlock(1, POST), because="an empty frame says nothing")


def test_extended_connect_can_be_used_once_the_server_allows_it() -> None:
    head = [CONNECT[0], (b":protocol", b"websocket"), *GET[1:]]
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.ENABLE_CONNECT_PROTOCOL, 1)])
    play.ask(Request(1, head), Data(1, b"\x89\x00"))
    play.expect_frames(FieldBlock(1, head), DataFrame(1, b"\x89\x00"), because="RFC 8441 §4")


def test_a_refused_connect_may_have_trailers_and_a_length() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, CONNECT))
    play.told()
    play.ask(Response(1, length(status(403), 2)), Data(1, b"no"), Trailers(1, TRAILERS))
    play.expect_frames(
        FieldBlock(1, length(status(403), 2)),
        DataFrame(1, b"no"),
        FieldBlock(1, TRAILERS, True),
        because="there is no tunnel: it is a response like any other",
    )


def test_a_server_may_answer_before_it_has_heard_everything() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.ask(Response(1, status(413), True), Reset(1, ErrorCode.NO_ERROR))
    play.expect_frames(
        FieldBlock(1, status(413), True),
        RstStreamFrame(1, ErrorCode.NO_ERROR),
        because="RFC 9113 §8.1: a complete response, then the request to stop",
    )


def test_a_proxy_passes_events_on_as_they_are() -> None:
    backend = Playbook.opened(Role.CLIENT)
    front = Playbook.opened(Role.SERVER)
    front.hear(FieldBlock(1, POST), DataFrame(1, b"up"), FieldBlock(1, TRAILERS, True))
    for event in front.told():
        assert isinstance(event, Request | Data | Trailers)
        backend.engine.send(event)
    backend.expect_frames(
        FieldBlock(1, POST),
        DataFrame(1, b"up"),
        FieldBlock(1, TRAILERS, True),
        because="the same types in both directions",
    )
    backend.hear(FieldBlock(1, status(103)), FieldBlock(1, OK), DataFrame(1, b"down"))
    backend.hear(RstStreamFrame(1, ErrorCode.INTERNAL_ERROR))
    for event in backend.told():
        assert isinstance(event, InformationalResponse | Response | Data | Reset)
        front.engine.send(event)
    said = front.said()
    assert said[-1] == RstStreamFrame(1, ErrorCode.INTERNAL_ERROR)
    assert content_of(said, 1) == b"", "what a reset overtakes is dropped"


def test_window_updates_are_ours_to_give() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), *[DataFrame(1, b"x" * 16_384)] * 8)
    play.told()
    play.consume(1, 8 * 16_384)
    play.expect_frames(
        WindowUpdateFrame(1, 131_072),
        because="half of 256 KiB; the connection's half is not reached",
    )
