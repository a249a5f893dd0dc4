"""Frames about the connection, or about a stream as such."""

import pytest

from hyper.frame import (
    AltSvcFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    OriginFrame,
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
    Limits,
    PeerFault,
    Ping,
    Pong,
    PushPromise,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
)
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE
TABLE = SettingId.HEADER_TABLE_SIZE


# -- SETTINGS ---------------------------------------------------------------------------------


def test_a_server_must_not_enable_push() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(SettingsFrame([(SettingId.ENABLE_PUSH, 0)]))
    play.expect_events(
        Settings([(SettingId.ENABLE_PUSH, 0)]),
        because="RFC 9113 §6.5.2: it MUST be 0 if it is there",
    )
    play.hear(SettingsFrame([(SettingId.ENABLE_PUSH, 1)]))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        because="RFC 9113 §6.5.2: a client MUST treat 1 as a connection error",
    )


def test_a_client_may_enable_push_and_gets_none() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(SettingsFrame([(SettingId.ENABLE_PUSH, 1)]))
    play.expect_events(Settings([(SettingId.ENABLE_PUSH, 1)]), because="1 is its initial value")


def test_extended_connect_is_not_taken_back() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.ENABLE_CONNECT_PROTOCOL, 1)])
    play.hear(SettingsFrame([(SettingId.ENABLE_CONNECT_PROTOCOL, 0)]))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        because="RFC 8441 §3: a sender MUST NOT send 0 after having sent 1",
    )


def test_values_are_processed_in_their_order() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), SettingsFrame([(WINDOW, 0), (WINDOW, 5), (WINDOW, 3)]))
    play.told()
    play.said()
    play.ask(Response(1, OK), Data(1, b"abcdef"))
    play.expect_frames(
        FieldBlock(1, OK), DataFrame(1, b"abc"), because="RFC 9113 §6.5.3: the last one counts"
    )


def test_a_wrong_value_puts_nothing_into_force() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(b"\0\0\x0c\4\0\0\0\0\0" + b"\0\3\0\0\0\7" + b"\0\4\xff\xff\xff\xff")
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR, Scope.CONNECTION, because="RFC 9113 §6.5.2: above 2^31-1"
    )
    assert play.engine.peer_settings.max_concurrent_streams != 7


def test_a_window_of_any_stream_that_grows_too_far_is_a_fault_of_the_connection() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), WindowUpdateFrame(1, 2**31 - 1 - 65_535))
    play.told()
    play.hear(SettingsFrame([(WINDOW, 65_536)]))
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR,
        Scope.CONNECTION,
        1,
        because="RFC 9113 §6.9.2: a change that causes any window to exceed the maximum",
    )


def test_the_peers_table_size_binds_our_encoder() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(SettingsFrame([(TABLE, 0), (TABLE, 100)]), FieldBlock(1, GET, True))
    play.told()
    play.said()
    play.ask(Response(1, [*OK, (b"x-a", b"1")], True))
    wire = play.engine.data_to_send()
    assert wire[9:].startswith(b"\x20\x3f\x45"), (
        "RFC 7541 §4.2: the smallest size, then the final one, at the begin of the next block"
    )


def test_what_is_tightened_holds_from_the_acknowledgement_on() -> None:
    play = Playbook.opened(Role.SERVER)
    play.ask(Settings([(WINDOW, 10)]))
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 100))
    assert play.told() == [Request(1, POST), Data(1, b"x" * 100)], (
        "RFC 9113 §6.9.3: the sender might not have processed the SETTINGS"
    )
    play.hear(SettingsFrame(ack=True), FieldBlock(3, POST), DataFrame(3, b"x" * 11))
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.stream_id, fault.code) == (3, ErrorCode.FLOW_CONTROL_ERROR), "now it has"


def test_what_is_loosened_holds_from_its_declaration_on() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(stream_window=100))
    play.ask(Settings([(WINDOW, 200), (SettingId.MAX_FRAME_SIZE, 20_000)]))
    play.ask(Settings([(WINDOW, 20_000)]))
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 18_000))
    play.expect_events(
        Request(1, POST),
        Data(1, b"x" * 18_000),
        because="a peer may act on SETTINGS before its acknowledgement reaches us",
    )
    play.hear(SettingsFrame(ack=True), DataFrame(1, b"x" * 2_000))
    assert play.told()[-1] == Data(1, b"x" * 2_000), (
        "the first acknowledgement does not take back what the second SETTINGS gave"
    )


def test_a_limit_on_streams_holds_at_once_and_is_not_undone_by_an_older_acknowledgement() -> None:
    streams = SettingId.MAX_CONCURRENT_STREAMS
    play = Playbook(Role.SERVER)
    play.said()
    play.ask(Settings([(streams, 1)]))
    play.hear(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SettingsFrame(), SettingsFrame(ack=True))
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.stream_id, fault.code) == (3, ErrorCode.REFUSED_STREAM), (
        "the acknowledged SETTINGS said 100, the ones behind it say 1"
    )


def test_a_window_that_shrinks_below_what_was_consumed_still_opens_again() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(stream_window=60_000))
    play.hear(FieldBlock(1, POST), *[DataFrame(1, b"x" * 10_000)] * 2)
    play.told()
    play.consume(1, 20_000)
    play.expect_silence(because="less than half of 60,000")
    play.ask(Settings([(WINDOW, 20_000)]))
    play.expect_frames(SettingsFrame([(WINDOW, 20_000)]), because="as it was asked")
    play.hear(SettingsFrame(ack=True))
    play.expect_events(SettingsAcknowledged([(WINDOW, 20_000)]), because="the window is 0 now")
    play.expect_frames(
        WindowUpdateFrame(1, 20_000),
        because="all was consumed: without this the peer would wait for ever",
    )


# -- WINDOW_UPDATE ----------------------------------------------------------------------------


def test_an_increment_of_nothing_on_a_stream_is_an_error_of_the_stream() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), pack_header(4, 8, 0, 1) + bytes(4))
    assert play.told()[0] == Request(1, GET, True)
    play.expect_frames(
        RstStreamFrame(1, ErrorCode.PROTOCOL_ERROR), because="RFC 9113 §6.9: as a stream error"
    )


def test_the_reserved_bit_of_an_increment_is_ignored() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 0)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"ab", True))
    play.said()
    play.hear(pack_header(4, 8, 0, 1) + b"\x80\0\0\1")
    play.told()
    play.expect_frames(DataFrame(1, b"a"), because="RFC 9113 §6.9: one reserved bit, then 31")


def test_the_largest_windows_are_legal() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.hear(WindowUpdateFrame(1, 2**31 - 1 - 65_535), WindowUpdateFrame(0, 2**31 - 1 - 65_535))
    play.expect_events(Request(1, GET, True), because="RFC 9113 §6.9.1: exactly 2^31-1")


# -- GOAWAY, RST_STREAM, PING -----------------------------------------------------------------


def test_goaway_from_a_client_does_not_stop_its_requests() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(GoAwayFrame(0, ErrorCode.NO_ERROR), FieldBlock(1, GET, True))
    play.expect_events(
        GoAway(0), Request(1, GET, True), because="RFC 9113 §6.8: it is about streams of the server"
    )


def test_goaway_has_a_reserved_bit_too() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(pack_header(8, 7, 0, 0) + b"\x80\0\0\1\0\0\0\0")
    play.expect_events(GoAway(1), because="RFC 9113 §6.8: one reserved bit, then 31")


def test_goaway_loses_content_that_was_queued_too() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Request(3, POST), Data(1, b"a" * 40_000), Data(3, b"b" * 40_000))
    play.hear(GoAwayFrame(1, ErrorCode.NO_ERROR))
    play.expect_events(GoAway(1), Reset(3, ErrorCode.REFUSED_STREAM), because="3 is not processed")
    frames = [each for each in play.said() if isinstance(each, DataFrame)]
    assert {each.stream_id for each in frames} == {1}, "nothing more is said on a lost stream"
    play.expect_refusal(Data(3, b"x"), because="it is over", says="stream 3")


def test_a_cancelled_stream_that_had_its_answer_costs_the_peer_nothing() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=3, reset_rate=0))
    for stream_id in range(1, 101, 2):
        play.hear(FieldBlock(stream_id, POST))
        play.told()
        play.ask(Response(stream_id, OK, True))
        play.hear(RstStreamFrame(stream_id, ErrorCode.NO_ERROR))
        play.expect_events(
            Reset(stream_id, ErrorCode.NO_ERROR),
            because="gRPC clients end every call like this that the server has ended",
        )


def test_resets_of_a_server_cost_it_nothing() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(reset_burst=3, reset_rate=0))
    for stream_id in range(1, 101, 2):
        play.ask(Request(stream_id, GET, True))
        play.hear(RstStreamFrame(stream_id, ErrorCode.REFUSED_STREAM))
        play.expect_events(
            Reset(stream_id, ErrorCode.REFUSED_STREAM), because="each answers a request of ours"
        )


def test_a_response_in_line_can_be_declined_by_the_client() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    for promised_id in (2, 4, 6):
        play.ask(PushPromise(1, promised_id, GET))
    play.ask(Response(2, OK), Response(4, OK), Response(6, OK))
    play.said()
    play.hear(RstStreamFrame(4, ErrorCode.CANCEL))
    play.expect_events(Reset(4, ErrorCode.CANCEL), because="RFC 9113 §8.4.2: it is not wanted")
    play.ask(Data(2, b"", end_stream=True))
    play.expect_frames(
        DataFrame(2, b"", end_stream=True),
        FieldBlock(6, OK),
        because="the slot goes to the next in line; nothing is sent on a stream that is over",
    )


def test_answers_to_our_pings_cost_the_peer_nothing_and_others_do() -> None:
    limits = Limits(ledger_burst=5, ledger_rate=0, warning_share=0)
    play = Playbook.opened(Role.CLIENT, limits=limits)
    for number in range(100):
        play.ask(Ping(b"%08d" % number))
        play.hear(PingFrame(b"%08d" % number, ack=True))
        play.expect_events(Pong(b"%08d" % number), because="we asked for it")
    for _ in range(5):
        play.hear(PingFrame(bytes(8), ack=True))
        play.expect_events(Pong(bytes(8)), because="RFC 9113 §6.7 does not forbid it")
    play.hear(PingFrame(bytes(8), ack=True))
    play.expect_fault(
        ErrorCode.ENHANCE_YOUR_CALM, Scope.CONNECTION, because="nobody asked for so many"
    )


# -- ALTSVC (RFC 7838 §4) and the frames we take no part in ------------------------------------


def test_a_client_is_told_of_alternatives() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.hear(AltSvcFrame(0, b"https://example.org", b'h3=":443"'), AltSvcFrame(1, b"", b"clear"))
    play.expect_events(
        AltSvc(0, b"https://example.org", b'h3=":443"'),
        AltSvc(1, b"", b"clear"),
        because="with an origin on stream 0, without one on the stream of a request",
    )


@pytest.mark.parametrize(
    ("role", "stream_id", "payload"),
    [
        pytest.param(Role.SERVER, 0, b"\0\1xclear", id="from a client"),
        pytest.param(Role.CLIENT, 0, b"\0\0clear", id="without an origin on stream 0"),
        pytest.param(Role.CLIENT, 1, b"\0\1xclear", id="with an origin on a stream"),
        pytest.param(Role.CLIENT, 0, b"\0\xffshort", id="an origin that is cut short"),
        pytest.param(Role.CLIENT, 3, b"\0\0clear", id="on a stream that is not there"),
    ],
)
def test_an_altsvc_that_means_nothing_is_ignored(
    role: Role, stream_id: int, payload: bytes
) -> None:
    play = Playbook.opened(role)
    if role is Role.CLIENT:
        play.ask(Request(1, GET, True))
        play.said()
    play.hear(pack_header(len(payload), 0xA, 0, stream_id) + payload)
    play.expect_no_event(because="RFC 7838 §4: MUST be ignored")
    play.expect_silence(because="RFC 7838 §4: MUST be ignored")


def test_origins_are_passed_over_by_a_server() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(OriginFrame([b"https://example.org"]))
    play.expect_no_event(because="RFC 8336 §2: it MUST be ignored")
    play.expect_silence(because="and not answered")
