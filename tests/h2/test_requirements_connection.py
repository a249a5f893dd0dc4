"""The connection: the requirements of RFC 9113 §3, §4.3, §6.5 and §6.8, by their ids in spec/."""

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Data,
    GoAway,
    Limits,
    PeerFault,
    Ping,
    Request,
    Reset,
    Response,
    Settings,
    Trailers,
)
from hyper.wire import Role
from tests.support.inside import lost_credit
from tests.support.playbook import (
    CONNECT,
    GET,
    OK,
    POST,
    FieldBlock,
    Playbook,
)

WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS
TABLE = SettingId.HEADER_TABLE_SIZE
PROTOCOL = ErrorCode.PROTOCOL_ERROR


# -- the preface (§3) -------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_the_first_that_is_said_is_the_preface(role: Role) -> None:
    octets = Playbook(role).engine.data_to_send()
    if role is Role.CLIENT:
        assert octets.startswith(PREFACE), "9113-3.2-2: a client begins with the 24 octets"
        octets = octets.removeprefix(PREFACE)
    assert (octets[3], octets[4]) == (0x4, 0), (
        "9113-3.3-2, 9113-3.4-1, 9113-3.4-2, 9113-6.5-1: SETTINGS is the first frame of both"
    )


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_the_peers_settings_are_acknowledged_behind_our_preface(role: Role) -> None:
    play = Playbook(role)
    play.hear(*([PREFACE] if role is Role.SERVER else []), SettingsFrame([(0x5555, 1)]))
    play.told()
    said = play.said()
    assert isinstance(said[0], SettingsFrame), "our preface comes first"
    assert not said[0].ack, "9113-3.4-3: the acknowledgement comes after the preface"
    assert said[-1] == SettingsFrame(ack=True), "9113-3.4-3, 9113-6.5.3-4: acknowledged at once"


@pytest.mark.parametrize(
    ("role", "octets"),
    [
        pytest.param(Role.SERVER, b"GET / HTTP/1.1\r\n", id="HTTP/1.1"),
        pytest.param(Role.SERVER, PREFACE[:-1] + b"!", id="its last octet"),
        pytest.param(Role.SERVER, PREFACE + b"\0\0\x08\x06\0\0\0\0\0" + bytes(8), id="PING first"),
        pytest.param(
            Role.CLIENT, b"\0\0\x08\x06\0\0\0\0\0" + bytes(8), id="PING first, of a server"
        ),
        pytest.param(Role.CLIENT, b"\0\0\0\x04\1\0\0\0\0", id="an acknowledgement first"),
    ],
)
def test_a_preface_that_is_none_is_a_connection_error(role: Role, octets: bytes) -> None:
    play = Playbook(role)
    play.said()
    play.hear(octets)
    play.expect_fault(
        PROTOCOL, Scope.CONNECTION, because="9113-3.4-4: an invalid preface is a connection error"
    )


# -- SETTINGS (§6.5) --------------------------------------------------------------------------


def test_every_setting_of_the_peers_takes_effect() -> None:
    play = Playbook.opened(Role.CLIENT)
    settings = [
        (TABLE, 0),
        (SettingId.ENABLE_PUSH, 0),
        (STREAMS, 1),
        (WINDOW, 3),
        (SettingId.MAX_FRAME_SIZE, 30_000),
        (SettingId.MAX_HEADER_LIST_SIZE, 32_000),
    ]
    play.hear(SettingsFrame(settings))
    play.expect_events(Settings(settings), because="9113-6.5-2: all settings are supported")
    play.said()
    assert play.engine.peer_settings.enable_push == 0, "9113-6.5-2: for a proxy to see"
    play.expect_refusal(
        Request(1, [*GET, *[(b"x", b"~" * 16_000)] * 2]),
        because="9113-6.5-2: advice that is heeded",
    )
    play.ask(Request(1, [*POST, (b"x", b"~" * 29_000)]), Data(1, b"12345"), Request(3, GET, True))
    octets = play.engine.data_to_send()
    assert octets[:4] == b"\0" + (len(octets) - 21).to_bytes(2, "big") + b"\1", (
        "9113-6.5-2, 9113-6.5.3-1: one frame of nearly 30,000 octets, one stream, three of content"
    )
    assert octets[-12:] == b"\0\0\3\0\0\0\0\0\x01123", "9113-6.5.3-1: the window in force at once"
    assert octets[9] == 0x20, "9113-6.5-2: the table is given up at the head of the block"


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_a_window_that_is_too_large_is_a_fault_before_any_stream_has_it(role: Role) -> None:
    play = Playbook.opened(role)
    play.hear(b"\0\0\6\4\0\0\0\0\0\0\4\x80\0\0\0")
    play.expect_fault(
        ErrorCode.FLOW_CONTROL_ERROR, Scope.CONNECTION, because="9113-6.5.2-7: above 2^31-1"
    )


def test_values_are_processed_in_the_order_they_appear() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 100)])
    play.ask(Request(1, POST), Data(1, bytes(100)))
    play.said()
    play.hear(SettingsFrame([(WINDOW, 0), (WINDOW, 9)]), WindowUpdateFrame(1, 100))
    play.told()
    play.ask(Data(1, b"0123456789"))
    play.expect_frames(
        SettingsFrame(ack=True),
        DataFrame(1, b"012345678"),
        because="9113-6.5.3-2: the value that appears last is the one in force",
    )


# -- compression state (§4.3) -----------------------------------------------------------------


def test_a_smaller_table_of_the_peers_is_taken_up_by_the_next_block() -> None:
    play = Playbook.opened(Role.SERVER)
    for stream_id in (1, 3):
        play.hear(FieldBlock(stream_id, GET, True))
    play.told()
    play.ask(Response(1, [*OK, (b"x-a", b"1")], True))
    play.said()
    play.hear(SettingsFrame([(TABLE, 10), (TABLE, 100)]))
    play.told()
    play.said()
    play.ask(Response(3, [*OK, (b"x-a", b"1")], True))
    block = play.engine.data_to_send()[9:]
    assert block.startswith(b"\x2a\x3f\x45"), (
        "9113-4.3.1-1: the block after our ACK begins with updates, to 10 and then to 100"
    )


def test_a_smaller_table_of_ours_must_be_taken_up() -> None:
    play = Playbook.opened(Role.SERVER, settings=[(TABLE, 100)])
    play.hear(FieldBlock(1, GET, True))
    play.expect_fault(
        ErrorCode.COMPRESSION_ERROR,
        Scope.CONNECTION,
        1,
        because="9113-4.3.1-2: behind the acknowledgement a block begins with an update",
    )


@pytest.mark.parametrize("state", ["new", "open", "closed", "reset by us"])
def test_a_block_that_cannot_be_decoded_ends_the_connection(state: str) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST, state == "closed"))
    play.told()
    if state == "closed":
        play.ask(Response(1, OK, True))
    elif state == "reset by us":
        play.ask(Reset(1))
    stream_id = 3 if state == "new" else 1
    play.hear(HeadersFrame(stream_id, b"\x82\xff\xff\xff\xff\xff\xff", end_stream=True))
    play.expect_fault(
        ErrorCode.COMPRESSION_ERROR,
        Scope.CONNECTION,
        stream_id,
        because="9113-4.3-2, 9113-4.3-3: whatever the stream, the tables have parted",
    )


def test_a_section_that_is_too_large_is_decoded_all_the_same() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_field_list_size=400))
    large = [*GET, (b"x-new", b"1"), (b"x-large", b"~" * 300)]
    play.hear(FieldBlock(1, large, True))
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert fault.scope is Scope.STREAM, "9113-10.5.1-1: the connection goes on"
    play.hear(FieldBlock(3, [*GET, (b"x-new", b"1")], True))
    play.expect_events(
        Request(3, [*GET, (b"x-new", b"1")], True),
        because="9113-10.5.1-1: the block was processed: what it put into the table is there",
    )


# -- GOAWAY (§6.8, §8.7) ----------------------------------------------------------------------


def test_behind_the_peers_goaway_no_stream_is_opened() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(STREAMS, 1)])
    play.ask(Request(1, GET, True), Request(3, GET, True))
    play.said()
    play.hear(GoAwayFrame(2**31 - 1, ErrorCode.NO_ERROR), FieldBlock(1, OK, True))
    play.told()
    play.expect_silence(because="9113-6.8-1: the request that waited is not sent any more")
    play.expect_refusal(Request(5, GET, True), because="9113-6.8-1: no additional streams")


def test_what_is_behind_our_goaway_is_minimally_processed() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.engine.shut_down(warn=False)
    trailers = [(b"x-first", b"1"), (b"x-second", b"2")]
    play.hear(FieldBlock(3, [*POST, trailers[0]]), DataFrame(3, bytes(9_000)))
    play.hear(FieldBlock(5, [*POST, trailers[1]], cuts=(1, 2)))
    play.expect_no_event(because="9113-6.8-4: streams above the last are ignored...")
    play.hear(FieldBlock(1, trailers, True))
    play.expect_events(
        Trailers(1, trailers),
        because="9113-6.8-4: ...but their blocks, in however many frames, were decoded",
    )
    assert lost_credit(play.engine) == 0, "9113-6.8-5: DATA counts toward the connection's window"


def test_the_last_stream_id_never_increases() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(GoAway(9))
    play.expect_refusal(GoAway(11), because="9113-6.8-3: it never increases", says="at most 9")
    play.hear(FieldBlock(3, GET, True))
    play.told()
    play.ask(GoAway(3))
    play.hear(FieldBlock(5, GET, True), b"\0\0\3\6\0\0\0\0\0odd")
    play.told()
    said = [each.last_stream_id for each in play.said() if isinstance(each, GoAwayFrame)]
    assert said == [9, 3, 3], "9113-6.8-3: a fault behind it does not raise it either"


def test_goaway_covers_what_the_application_was_told_and_nothing_else() -> None:
    play = Playbook.opened(Role.SERVER, settings=[(STREAMS, 1)])
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    assert play.said() == [RstStreamFrame(3, ErrorCode.REFUSED_STREAM)], (
        "9113-8.7-1, 9113-8.7-2: 3 was not passed on, and only of 3 that is said"
    )
    play.ask(Response(1, OK, True))
    play.said()
    play.hear(FieldBlock(5, GET, True))
    assert play.engine.next_event() == Request(5, GET, True)
    play.hear(FieldBlock(7, GET, True))
    play.engine.shut_down(warn=False)
    said = [each for each in play.said() if isinstance(each, GoAwayFrame)]
    assert said == [GoAwayFrame(5, ErrorCode.NO_ERROR)], (
        "9113-8.7-1, 9113-8.7-3: 5 was passed on, and 7 was not"
    )
    play.expect_no_event(because="9113-8.7-1: and it never will be")


# -- extensions (§5.5) ------------------------------------------------------------------------


def test_an_extension_begins_disabled_and_is_negotiated() -> None:
    head = [CONNECT[0], (b":protocol", b"websocket"), *GET[1:]]
    for role in Role:
        play = Playbook.opened(role)
        assert play.engine.peer_settings.enable_connect_protocol == 0, "9113-5.5-5: disabled"
    client = Playbook.opened(Role.CLIENT)
    client.expect_refusal(
        Request(1, head), because="9113-5.5-4: not before the server has agreed", says=":protocol"
    )
    client.hear(SettingsFrame([(SettingId.ENABLE_CONNECT_PROTOCOL, 1)]))
    client.told()
    client.said()
    client.ask(Request(1, head))
    client.expect_frames(FieldBlock(1, head), because="9113-5.5-4: now it has")
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, head), PingFrame(bytes(8)))
    fault, ping = server.told()
    assert isinstance(fault, PeerFault), "9113-5.5-4: we have not agreed to it"
    assert ping == Ping(bytes(8))
