"""Conversations: what an engine hears, tells, is asked and says, in both roles."""

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Connection,
    ConnectionState,
    Data,
    InformationalResponse,
    Limits,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role, SensitiveField
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS


# -- the preface (RFC 9113 §3.4) -------------------------------------------------------------


def test_a_client_says_the_magic_octets_then_its_settings() -> None:
    client = Connection(Role.CLIENT)
    said = client.data_to_send()
    assert said.startswith(PREFACE), "RFC 9113 §3.4: the sequence of 24 octets comes first"
    play = Playbook(Role.CLIENT)
    play.expect_frames(
        SettingsFrame(
            [
                (SettingId.ENABLE_PUSH, 0),
                (WINDOW, 1_048_576),
                (SettingId.MAX_HEADER_LIST_SIZE, 65_536),
                (SettingId.NO_RFC7540_PRIORITIES, 1),
            ]
        ),
        WindowUpdateFrame(0, 16_777_216 - 65_535),
        because="the preface is queued at once, and the connection's window is opened with it",
    )


def test_a_server_says_its_settings_before_it_has_heard_anything() -> None:
    play = Playbook(Role.SERVER)
    play.expect_frames(
        SettingsFrame(
            [
                (STREAMS, 100),
                (WINDOW, 262_144),
                (SettingId.MAX_HEADER_LIST_SIZE, 65_536),
                (SettingId.NO_RFC7540_PRIORITIES, 1),
            ]
        ),
        WindowUpdateFrame(0, 1_048_576 - 65_535),
        because="RFC 9113 §3.4: the server preface need not wait for the client's",
    )
    play.hear(PREFACE)
    play.expect_silence(because="the octets alone say nothing that wants an answer")
    play.hear(SettingsFrame([(WINDOW, 10)]))
    play.expect_events(Settings([(WINDOW, 10)]), because="they are in force")
    play.expect_frames(SettingsFrame(ack=True), because="RFC 9113 §6.5.3: acknowledged at once")


def test_a_client_need_not_wait_for_the_servers_preface() -> None:
    play = Playbook(Role.CLIENT)
    play.said()
    play.ask(Request(1, GET, True))
    play.expect_frames(
        FieldBlock(1, GET, True),
        because="RFC 9113 §3.4: clients may send frames right after their preface",
    )


@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\r\n\r\n", b"P", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r", b"\x16\x03\x01\x02\x00"],
    ids=["http/1.1", "cut", "almost", "tls"],
)
def test_garbage_in_place_of_the_preface_is_told_at_its_first_wrong_byte(garbage: bytes) -> None:
    play = Playbook(Role.SERVER)
    play.said()
    play.hear(garbage)
    if PREFACE.startswith(garbage):
        play.expect_no_event(because="what came so far is right")
        play.hear(b"!")
    fault = play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        because="RFC 9113 §3.4: an invalid preface MUST be a connection error",
    )
    assert "preface" in fault.expected
    play.expect_frames(
        GoAwayFrame(0, ErrorCode.PROTOCOL_ERROR),
        because="a peer that speaks HTTP/2 after all learns why",
    )
    assert play.engine.closed


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_the_first_frame_must_be_settings(role: Role) -> None:
    for first in (
        PingFrame(bytes(8)),
        SettingsFrame(ack=True),
        GoAwayFrame(0, 0),
        b"\0\0\0\xff\0\0\0\0\0",
    ):
        play = Playbook(role)
        play.said()
        play.hear(*([PREFACE] if role is Role.SERVER else []), first)
        play.expect_fault(
            ErrorCode.PROTOCOL_ERROR,
            Scope.CONNECTION,
            because="RFC 9113 §3.4: SETTINGS MUST be the first frame, and an ACK is none",
        )


# -- one exchange ----------------------------------------------------------------------------


def test_a_request_and_its_response_as_the_server_sees_them() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), DataFrame(1, b"ping", end_stream=True))
    play.expect_events(
        Request(1, POST), Data(1, b"ping", True), because="head and content, in their order"
    )
    assert play.engine.open_streams == 1, "our answer is due"
    play.ask(Response(1, OK), Data(1, b"po"), Data(1, b"ng", True))
    play.expect_frames(
        FieldBlock(1, OK),
        DataFrame(1, b"pong", end_stream=True),
        because="pieces queued together travel in one frame, and the last bears END_STREAM",
    )
    assert play.engine.open_streams == 0, "both sides have ended"


def test_a_request_and_its_response_as_the_client_sees_them() -> None:
    play = Playbook.opened(Role.CLIENT)
    assert play.engine.next_stream_id() == 1, "RFC 9113 §5.1.1: a client's ids are odd"
    play.ask(Request(1, POST), Data(1, b"ping", True))
    play.expect_frames(
        FieldBlock(1, POST), DataFrame(1, b"ping", end_stream=True), because="as it was asked"
    )
    play.hear(FieldBlock(1, OK), DataFrame(1, b"pong"), DataFrame(1, b"", end_stream=True))
    play.expect_events(
        Response(1, OK),
        Data(1, b"pong"),
        Data(1, b"", True),
        because="an empty frame that ends the stream says so",
    )
    assert play.engine.open_streams == 0, "both sides have ended"
    assert play.engine.next_stream_id() == 3, "RFC 9113 §5.1.1: ids are never used again"


def test_early_hints_then_a_head_then_content_then_trailers() -> None:
    hints = [(b":status", b"103"), (b"link", b"</a.css>; rel=preload")]
    trailers = [(b"grpc-status", b"0")]
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, GET, True))
    server.told()
    server.ask(InformationalResponse(1, hints), InformationalResponse(1, hints), Response(1, OK))
    server.ask(Data(1, b"body"), Trailers(1, trailers))
    server.expect_frames(
        FieldBlock(1, hints),
        FieldBlock(1, hints),
        FieldBlock(1, OK),
        DataFrame(1, b"body"),
        FieldBlock(1, trailers, True),
        because="RFC 9113 §8.1: interim responses, head, content, trailers",
    )
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, GET, True))
    client.hear(FieldBlock(1, hints), FieldBlock(1, OK), DataFrame(1, b"body"))
    client.hear(FieldBlock(1, trailers, True))
    client.expect_events(
        InformationalResponse(1, hints),
        Response(1, OK),
        Data(1, b"body"),
        Trailers(1, trailers),
        because="what was said is what is told",
    )
    assert (server.engine.open_streams, client.engine.open_streams) == (0, 0), "trailers end it"


def test_a_request_may_have_trailers_too() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x"), FieldBlock(1, [(b"checksum", b"9")], True))
    play.expect_events(
        Request(1, POST), Data(1, b"x"), Trailers(1, [(b"checksum", b"9")]), because="RFC 9113 §8.1"
    )


def test_a_big_field_block_goes_out_in_continuation_frames_and_comes_in_the_same_way() -> None:
    big = [*GET, (b"x-big", b"!" * 16_300), (b"x-bigger", b"%" * 16_300)]
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, big, True))
    wire = client.engine.data_to_send()
    assert wire[3] == 0x1, "HEADERS"
    assert not wire[4] & 0x4, "END_HEADERS is not set: the block goes on"
    assert wire[9 + 16_384 + 3] == 0x9, "CONTINUATION follows at once"
    server = Playbook.opened(Role.SERVER)
    server.hear(wire)
    server.expect_events(Request(1, big, True), because="the block is whole again")


def test_a_field_block_may_be_cut_anywhere() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True, cuts=(0, 1, 1, 3)))
    play.expect_events(
        Request(1, GET, True), because="RFC 9113 §4.3: fragments may be of any size, even empty"
    )


def test_a_sensitive_field_stays_one_on_its_way() -> None:
    secret = [*GET, SensitiveField(b"x-token", b"hunter2")]
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, secret, True))
    server = Playbook.opened(Role.SERVER)
    server.hear(client.engine.data_to_send())
    (event,) = server.told()
    assert isinstance(event, Request)
    assert type(event.fields[-1]) is SensitiveField, (
        "RFC 7541 §6.2.3: an intermediary MUST use the same representation to forward it"
    )
    assert "hunter2" not in repr(event), "a log shows no secret"


def test_streams_are_told_apart_however_they_are_mixed() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), FieldBlock(3, POST), FieldBlock(7, POST))
    play.hear(DataFrame(3, b"b"), DataFrame(1, b"a"), DataFrame(3, b"B", end_stream=True))
    play.hear(DataFrame(7, b"c"), DataFrame(1, b"A", end_stream=True))
    play.expect_events(
        Request(1, POST),
        Request(3, POST),
        Request(7, POST),
        Data(3, b"b"),
        Data(1, b"a"),
        Data(3, b"B", True),
        Data(7, b"c"),
        Data(1, b"A", True),
        because="in the order of the wire; an id may be left out (RFC 9113 §5.1.1)",
    )
    assert play.engine.open_streams == 3, "none of them has been answered"


# -- reset (RFC 9113 §5.4.2, §6.4) ------------------------------------------------------------


def test_a_reset_of_the_peers_ends_the_stream() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), RstStreamFrame(1, ErrorCode.CANCEL))
    play.expect_events(
        Request(1, GET, True), Reset(1, ErrorCode.CANCEL), because="the client gave up"
    )
    assert play.engine.open_streams == 0
    play.expect_refusal(Response(1, OK), because="there is nobody to answer", says="CLOSED")
    play.expect_silence(because="RFC 9113 §5.4.2: MUST NOT answer RST_STREAM with RST_STREAM")


def test_an_unknown_error_code_is_passed_on_as_a_number() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), RstStreamFrame(1, 0xDEAD))
    play.expect_events(
        Request(1, GET, True),
        Reset(1, 0xDEAD),
        because="RFC 9113 §7: unknown codes MUST NOT trigger any special behavior",
    )


def test_a_reset_of_ours_drops_what_is_queued() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"x" * 50_000))
    assert play.engine.pending(1) == 50_000
    play.ask(Reset(1, ErrorCode.INTERNAL_ERROR))
    play.expect_frames(
        FieldBlock(1, OK),
        RstStreamFrame(1, ErrorCode.INTERNAL_ERROR),
        because="content that nobody wants is not sent",
    )
    assert play.engine.pending(1) == 0
    assert play.engine.open_streams == 0


def test_what_crosses_our_reset_is_discarded_and_its_credit_given_back_once() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=100_000))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.ask(Reset(1, ErrorCode.CANCEL))
    play.said()
    for _ in range(4):
        play.hear(DataFrame(1, b"x" * 16_000, pad_length=255))
    play.hear(FieldBlock(1, [(b"late", b"1")], True), WindowUpdateFrame(1, 5))
    play.hear(RstStreamFrame(1, ErrorCode.CANCEL))
    play.expect_no_event(because="RFC 9113 §5.1: MUST minimally process and then discard")
    play.expect_frames(
        WindowUpdateFrame(0, 4 * 16_256),
        because="RFC 9113 §5.1: the content counts toward the connection's window, padding too",
    )
    play.hear(FieldBlock(3, [*GET, (b"late", b"1")], True))
    play.expect_events(
        Request(3, [*GET, (b"late", b"1")], True),
        because="the discarded block was decoded: the tables of both sides agree",
    )


def test_a_reset_of_a_stream_that_is_over_does_nothing() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), RstStreamFrame(1, ErrorCode.CANCEL))
    play.told()
    play.ask(Reset(1, ErrorCode.CANCEL))
    play.expect_silence(because="the peer was quicker")


def test_a_client_that_has_its_answer_may_be_told_to_stop_sending() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, b"x" * 100_000))
    play.hear(FieldBlock(1, OK, True), RstStreamFrame(1, ErrorCode.NO_ERROR))
    play.expect_events(
        Response(1, OK, True),
        Reset(1, ErrorCode.NO_ERROR),
        because="RFC 9113 §8.1: the response stands, and the rest of the request is not wanted",
    )


# -- PING (RFC 9113 §6.7) ---------------------------------------------------------------------


def test_a_ping_is_answered_with_its_own_bytes() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(PingFrame(b"12345678"))
    play.expect_events(Ping(b"12345678"), because="it is news, though there is nothing to do")
    play.expect_frames(PingFrame(b"12345678", ack=True), because="RFC 9113 §6.7: MUST be answered")


def test_the_answer_to_our_ping_is_told_and_not_answered() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Ping(b"rtt?\0\0\0\1"))
    play.expect_frames(PingFrame(b"rtt?\0\0\0\1"), because="as it was asked")
    play.now += 0.125
    play.hear(PingFrame(b"rtt?\0\0\0\1", ack=True))
    play.expect_events(Pong(b"rtt?\0\0\0\1", 0.125), because="the round trip is over")
    assert play.engine.round_trip == 0.125
    play.expect_silence(because="RFC 9113 §6.7: MUST NOT respond to PING frames with ACK")


# -- SETTINGS (RFC 9113 §6.5) -----------------------------------------------------------------


def test_settings_are_in_force_with_their_event_and_ours_with_the_acknowledgement() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 7)])
    assert play.engine.peer_settings.max_concurrent_streams == 7
    play.hear(SettingsFrame([(STREAMS, 8), (0x5555, 1), (STREAMS, 9)]))
    play.expect_events(
        Settings([(STREAMS, 8), (0x5555, 1), (STREAMS, 9)]), because="all of them, as they came"
    )
    assert play.engine.peer_settings.max_concurrent_streams == 9, "RFC 9113 §6.5: the last one seen"
    play.said()
    play.ask(Settings([(WINDOW, 5)]), Settings([(WINDOW, 6)]))
    play.expect_frames(
        SettingsFrame([(WINDOW, 5)]), SettingsFrame([(WINDOW, 6)]), because="as it was asked"
    )
    play.hear(SettingsFrame(ack=True))
    play.expect_events(
        SettingsAcknowledged([(WINDOW, 5)]), because="RFC 9113 §6.5.3: the oldest is meant"
    )
    play.hear(SettingsFrame(ack=True))
    play.expect_events(SettingsAcknowledged([(WINDOW, 6)]), because="then the next")
    play.hear(SettingsFrame(ack=True))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, because="nothing was left to acknowledge"
    )


def test_settings_without_an_acknowledgement_end_the_connection_in_time() -> None:
    play = Playbook(Role.CLIENT)
    assert play.engine.next_timer() is None, "there is no clock before a time is told"
    play.said()
    assert play.engine.next_timer() == play.now + 10, "counted from when they were sent"
    play.hear(SettingsFrame())
    play.told()
    play.said()
    play.wait(9.5)
    play.expect_no_event(because="RFC 9113 §6.5.3: some allowance for delays at the peer")
    play.wait(0.5)
    play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION, because="RFC 9113 §6.5.3: it MAY be an error"
    )
    play.expect_frames(GoAwayFrame(0, ErrorCode.SETTINGS_TIMEOUT), because="the peer learns why")
    assert play.engine.next_timer() is None, "a connection that is over waits for nothing"


def test_an_acknowledgement_stops_the_clock() -> None:
    play = Playbook.opened(Role.CLIENT)
    assert play.engine.next_timer() is None, "everything is acknowledged"
    play.wait(1_000)
    play.engine.handle_timer(play.now)
    play.expect_no_event(because="a timer that nobody asked for does nothing")


def test_settings_sent_after_a_long_silence_have_their_full_time() -> None:
    play = Playbook.opened(Role.SERVER)
    play.now += 3_600
    play.ask(Settings([(WINDOW, 5)]))
    play.said()
    play.wait(0)
    play.expect_no_event(
        because="the engine cannot know that an hour has passed: it must not guess"
    )
    play.wait(9)
    play.expect_no_event(because="nine seconds are not ten")
    play.wait(2)
    play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT, Scope.CONNECTION, because="ten seconds after the first look"
    )


# -- looking ----------------------------------------------------------------------------------


def test_looking_changes_nothing() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, b"abc"))
    for _ in range(3):
        assert play.engine.role is Role.CLIENT
        assert play.engine.state is ConnectionState.OPEN
        assert not play.engine.closed
        assert play.engine.open_streams == 1
        assert play.engine.can_open
        assert play.engine.pending(1) == 3
        assert play.engine.pending(99) == 0, "a stream that is not there has nothing queued"
        assert play.engine.next_stream_id() == 3
        assert play.engine.next_timer() is None
        assert play.engine.wants_to_send
    play.expect_frames(
        FieldBlock(1, POST), DataFrame(1, b"abc"), because="all of it is still there"
    )
    assert not play.engine.wants_to_send


def test_a_server_opens_no_streams() -> None:
    play = Playbook.opened(Role.SERVER)
    assert not play.engine.can_open
    play.expect_refusal(Request(2, GET), because="RFC 9113 §8.1: requests are the client's")


def test_ids_run_out() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(2**31 - 1, GET, True))
    assert not play.engine.can_open, "RFC 9113 §5.1.1: a new connection is needed"
    play.expect_refusal(
        Request(2**31 + 1, GET), because="31 bits are all there is", says="stream id"
    )


def test_any_buffer_is_taken() -> None:
    for kind in (bytes, bytearray, memoryview):
        engine = Connection(Role.SERVER)
        wire = kind(PREFACE + b"\0\0\0\x04\0\0\0\0\0")
        engine.receive_data(wire, 0.0)
        assert engine.next_event() == Settings([]), kind.__name__


def test_time_never_runs_back() -> None:
    play = Playbook(Role.CLIENT)
    play.hear(SettingsFrame())
    play.told()
    due = play.engine.next_timer()
    play.now -= 500
    play.hear(PingFrame(bytes(8)))
    play.told()
    assert play.engine.next_timer() == due, "a clock that jumped back moves no deadline"


def test_consume_takes_no_negative_count() -> None:
    play = Playbook.opened(Role.SERVER)
    with pytest.raises(LocalProtocolError, match="not -1"):
        play.engine.consume(1, -1)
    play.engine.consume(99, 10)
    play.expect_silence(because="nothing is held of a stream that never was")
