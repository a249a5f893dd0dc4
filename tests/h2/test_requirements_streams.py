"""Streams and windows: the requirements of RFC 9113 §5 and §6.9, by their ids in spec/."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    Data,
    Limits,
    PeerFault,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Role
from tests.support.inside import lost_credit
from tests.support.playbook import (
    GET,
    OK,
    POST,
    FieldBlock,
    Heard,
    Playbook,
    content_of,
)

WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS
TABLE = SettingId.HEADER_TABLE_SIZE
PROTOCOL = ErrorCode.PROTOCOL_ERROR
TRAILERS = [(b"checksum", b"1")]


# -- the states of a stream (§5.1) ------------------------------------------------------------


def said_on(stream_id: int) -> dict[str, Heard]:
    """A frame of each kind that is right by itself."""
    return {
        "DATA": DataFrame(stream_id, b"12345"),
        "HEADERS": FieldBlock(stream_id, TRAILERS, True),
        "PRIORITY": PriorityFrame(stream_id, Priority(0, 16)),
        "RST_STREAM": RstStreamFrame(stream_id, ErrorCode.CANCEL),
        "WINDOW_UPDATE": WindowUpdateFrame(stream_id, 1),
    }


@pytest.mark.parametrize("kind", ["DATA", "RST_STREAM", "WINDOW_UPDATE"])
@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_nothing_but_headers_and_priority_comes_on_an_idle_stream(role: Role, kind: str) -> None:
    for stream_id in (1, 2):
        play = Playbook.opened(role)
        play.hear(said_on(stream_id)["PRIORITY"])
        play.expect_no_event(because="RFC 9113 §5.1: PRIORITY may come in any state")
        play.hear(said_on(stream_id)[kind])
        play.expect_fault(
            PROTOCOL,
            Scope.CONNECTION,
            stream_id,
            because=f"9113-5.1-1, 9113-6.4-6: {kind} on an idle stream is a connection error",
        )


def test_a_client_is_given_no_stream_by_headers() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(FieldBlock(2, OK))
    play.expect_fault(
        PROTOCOL,
        Scope.CONNECTION,
        2,
        because="9113-5.1-2: HEADERS on an idle stream of the server's is a connection error",
    )


@pytest.mark.parametrize("kind", ["DATA", "HEADERS"])
def test_who_has_ended_says_no_more_on_the_stream(kind: str) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST, True))
    play.told()
    for harmless in ("WINDOW_UPDATE", "PRIORITY"):
        play.hear(said_on(1)[harmless])
    play.expect_no_event(because="9113-5.1-7: those two may still come")
    play.hear(said_on(1)[kind])
    play.expect_fault(
        ErrorCode.STREAM_CLOSED,
        Scope.STREAM,
        1,
        because="9113-5.1-7, 9113-6.1-4: half-closed (remote) takes no more of them",
    )
    play.expect_frames(RstStreamFrame(1, ErrorCode.STREAM_CLOSED), because="the peer is told")


def test_on_a_stream_that_is_over_nothing_can_be_said() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True), FieldBlock(5, POST))
    play.hear(RstStreamFrame(3, ErrorCode.CANCEL))
    play.told()
    play.ask(Response(1, OK, True), Reset(5))
    play.said()
    for stream_id in (1, 3, 5):
        for event in (
            Response(stream_id, OK),
            Data(stream_id, b"x"),
            Trailers(stream_id, TRAILERS),
        ):
            play.expect_refusal(
                event, because="9113-5.1-8: on a closed stream nothing but PRIORITY is sent"
            )
        play.ask(Reset(stream_id))
        play.engine.consume(stream_id, 0)
    play.expect_silence(because="9113-5.1-8, 9113-5.4.2-2: nor is it reset again")


def test_what_crosses_our_reset_is_processed_and_discarded() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=65_535))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.ask(Reset(1))
    play.said()
    late = [*said_on(1).values(), FieldBlock(1, [(b"late", b"1")]), DataFrame(1, bytes(16_384))]
    play.hear(*late)
    play.expect_no_event(because="9113-5.1-9, 9113-5.4.2-1, 9113-6.4-2: all of it is discarded")
    play.expect_silence(because="and none of it is answered")
    play.hear(FieldBlock(3, [*GET, (b"late", b"1")], True))
    play.expect_events(
        Request(3, [*GET, (b"late", b"1")], True),
        because="9113-5.1-9: the discarded blocks were decoded: the tables agree",
    )
    assert lost_credit(play.engine) == 0, "9113-5.1-9: and the discarded content was credited"


def test_ids_of_a_client_are_odd_and_grow() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(5, GET, True))
    for wrong in (8, 6, 5, 3, 0, 2**31 + 1):
        play.expect_refusal(
            Request(wrong, GET, True),
            because="9113-5.1.1-1, 9113-5.1.1-3: odd, and above all that were opened",
            says="stream id",
        )
    play.ask(Request(play.engine.next_stream_id(), GET, True))
    blocks = [each.stream_id for each in play.said() if isinstance(each, FieldBlock)]
    assert blocks == [5, 7], "9113-5.1.1-1: 1 and 3 were left out, and so was 6"


@pytest.mark.parametrize("wrong", [2, 3], ids=["even", "below one that was opened"])
def test_an_unexpected_id_is_a_connection_error(wrong: int) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(7, GET, True), FieldBlock(wrong, GET, True))
    assert play.told()[0] == Request(7, GET, True)
    (last,) = play.said()
    assert last == GoAwayFrame(7, PROTOCOL), (
        "9113-5.1.1-4: an unexpected stream identifier is a connection error"
    )


def test_a_limit_on_streams_binds_both_sides() -> None:
    client = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 1)])
    client.ask(Request(1, GET, True), Request(3, GET, True))
    client.expect_frames(FieldBlock(1, GET, True), because="9113-5.1.2-1: one, and no more")
    server = Playbook.opened(Role.SERVER, settings=[(STREAMS, 1)])
    server.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    request, fault = server.told()
    assert request == Request(1, GET, True)
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.REFUSED_STREAM, Scope.STREAM), (
        "9113-5.1.2-2: a stream error, and the one that lets it be tried again"
    )


# -- errors (§5.4, §6.4) ----------------------------------------------------------------------


def test_a_connection_error_is_reported_and_is_the_last_word() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    # Too long, which of a stream of its own would be a stream error, and on no stream at all.
    play.hear(pack_header(16_385, 0, 0, 0))
    play.expect_fault(
        PROTOCOL, Scope.CONNECTION, because="9113-5.4-1: that it ends the connection is reported"
    )
    play.expect_frames(GoAwayFrame(1, PROTOCOL), because="9113-5.4-1: to the peer too")
    assert play.engine.closed, "9113-5.4.1-1: the host is told to close the connection"
    play.hear(PingFrame(bytes(8)))
    play.expect_no_event(because="9113-5.4.1-1: nothing is heard any more")
    play.expect_silence(because="9113-5.4.1-1: and nothing said")


def test_a_reset_is_answered_with_nothing_at_all() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True), FieldBlock(5, POST))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(100_000)), Response(3, OK), Reset(5))
    play.said()
    for stream_id in (1, 3, 5):
        play.hear(RstStreamFrame(stream_id, ErrorCode.CANCEL))
    play.hear(WindowUpdateFrame(1, 100_000), WindowUpdateFrame(0, 100_000))
    play.told()
    play.expect_silence(
        because="9113-5.4.2-2, 9113-6.4-1: no RST_STREAM, nor the content that was queued"
    )
    play.expect_refusal(Data(3, b"x"), because="9113-6.4-1: nothing more on that stream")


def test_a_stream_that_was_not_opened_is_not_reset() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 1)])
    play.ask(Request(1, GET, True), Request(3, GET, True))
    play.said()
    for idle in (5, 2, 0):
        play.expect_refusal(
            Reset(idle), because="9113-6.4-3, 9113-6.4-5: RST_STREAM on an idle stream, or on none"
        )
    play.ask(Reset(3))
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.expect_silence(because="9113-6.4-5: 3 had not left us, so it goes without a word")


# -- windows (§5.2, §6.9) ---------------------------------------------------------------------


def test_no_window_is_exceeded() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(WINDOW, 40_000)])
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    for stream_id in (1, 3):
        play.ask(Response(stream_id, OK), Data(stream_id, bytes(50_000), True))
    said = play.said()
    sent = [len(content_of(said, stream_id)) for stream_id in (1, 3)]
    assert max(sent) <= 40_000, "9113-5.2.1-1, 9113-6.9.1-1: neither a stream's..."
    assert sum(sent) == 65_535, "9113-5.2.1-1, 9113-6.9.1-1: ...nor the connection's"
    play.hear(WindowUpdateFrame(0, 20_000))
    play.told()
    said = play.said()
    sent = [sent[0] + len(content_of(said, 1)), sent[1] + len(content_of(said, 3))]
    assert sent == [40_000, 40_000], "9113-6.9.1-1: now the streams' windows are the limit"


def test_a_window_below_zero_is_remembered() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 100)])
    play.ask(Request(1, POST), Data(1, bytes(200)))
    assert len(content_of(play.said(), 1)) == 100
    play.hear(SettingsFrame([(WINDOW, 40)]))
    play.told()
    play.said()
    play.hear(WindowUpdateFrame(1, 60))
    play.told()
    play.expect_silence(because="9113-6.9.2-2, 9113-6.9.2-3: from -60 up to 0 nothing is sent")
    play.hear(WindowUpdateFrame(1, 7))
    play.told()
    play.expect_frames(DataFrame(1, bytes(7)), because="9113-6.9.2-3: above it, the excess")
    play.hear(SettingsFrame([(WINDOW, 45)]))
    play.told()
    play.expect_frames(
        SettingsFrame(ack=True),
        DataFrame(1, bytes(5)),
        because="9113-6.9.2-1: the windows move by the difference, 5",
    )


def test_no_window_grows_beyond_its_maximum() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    top = 2**31 - 1 - 65_535
    play.hear(WindowUpdateFrame(1, top), WindowUpdateFrame(0, top))
    assert len(play.told()) == 2, "9113-6.9.1-2: exactly 2^31-1 is legal"
    play.hear(WindowUpdateFrame(3, top + 1))
    (fault,) = play.told()
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.FLOW_CONTROL_ERROR, Scope.STREAM), (
        "9113-6.9.1-2, 9113-6.9.1-3: of a stream, RST_STREAM"
    )
    play.hear(WindowUpdateFrame(0, 1))
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR,
        Scope.CONNECTION,
        because="9113-6.9.1-2, 9113-6.9.1-3: of the connection, GOAWAY",
    )


def test_an_update_may_come_late() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK, True))
    play.said()
    play.hear(WindowUpdateFrame(1, 5), RstStreamFrame(1, ErrorCode.NO_ERROR))
    play.expect_no_event(because="9113-6.9-4: they crossed our END_STREAM, and are no error")
    play.expect_silence(because="9113-6.9-4: nor answered")


@pytest.mark.parametrize("fate", ["refused", "reset by us", "ended", "too long", "padded"])
def test_content_counts_whatever_becomes_of_it(fate: str) -> None:
    play = Playbook.opened(
        Role.SERVER, limits=Limits(connection_window=65_535, max_concurrent_streams=1)
    )
    length = [(b"content-length", b"5")] if fate == "too long" else []
    play.hear(FieldBlock(1, [*POST, *length], fate == "ended"))
    if fate == "refused":
        play.hear(FieldBlock(3, POST))
    play.told()
    if fate == "reset by us":
        play.ask(Reset(1))
    stream_id = 3 if fate == "refused" else 1
    size = 0 if fate == "padded" else 9_999
    for _ in range(40):
        play.hear(DataFrame(stream_id, bytes(size), pad_length=255))
        play.told()
    credited = sum(
        each.increment
        for each in play.said()
        if isinstance(each, WindowUpdateFrame) and each.stream_id == 0
    )
    assert lost_credit(play.engine) == 0, "9113-6.9-5: not an octet is lost"
    if fate != "padded":
        assert credited >= 40 * (size + 256) - 65_535, "9113-6.9-5: or it had come to a stop"


def test_a_smaller_window_of_ours_waits_for_the_acknowledgement() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(stream_window=1_000))
    play.ask(Settings([(WINDOW, 10)]))
    play.hear(FieldBlock(1, POST), DataFrame(1, bytes(1_000)))
    play.expect_events(
        Request(1, POST),
        Data(1, bytes(1_000)),
        because="9113-6.9.3-1: the sender has not yet seen the lower limit",
    )
    play.hear(SettingsFrame(ack=True), FieldBlock(3, POST), DataFrame(3, bytes(11)))
    acknowledged, request, fault = play.told()
    assert acknowledged == SettingsAcknowledged([(WINDOW, 10)])
    assert request == Request(3, POST)
    assert isinstance(fault, PeerFault)
    assert fault.code is ErrorCode.FLOW_CONTROL_ERROR, "9113-6.9.3-1: now it has"
