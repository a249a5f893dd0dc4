"""From HTTP/1.1 to HTTP/2 by Upgrade: h2c (RFC 7540 §3.2)."""

from binascii import a2b_base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    PREFACE,
    DataFrame,
    FrameError,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Connection,
    Data,
    Limits,
    Request,
    Response,
    Settings,
    decode_http2_settings,
    encode_http2_settings,
)
from hyper.wire import LocalProtocolError, Role
from tests.support.playbook import CONNECT, GET, HEAD, OK, POST, FieldBlock, Playbook

WHOLE = Request(1, GET, True)
SMALL_WINDOW = (SettingId.INITIAL_WINDOW_SIZE, 3)


# -- HTTP2-Settings ---------------------------------------------------------------------------


def test_the_field_is_the_payload_of_settings_in_base64url_without_padding() -> None:
    value = encode_http2_settings([(SettingId.MAX_CONCURRENT_STREAMS, 100), (0xFFFF, 2**32 - 1)])
    assert value == b"AAMAAABk________", "RFC 7540 §3.2.1, RFC 4648 §5: _ and - for / and +"
    assert encode_http2_settings([]) == b"", "nothing declared is an empty payload"


@given(st.lists(st.tuples(st.integers(0x10, 0xFFFF), st.integers(0, 2**32 - 1)), max_size=32))
def test_what_is_encoded_is_decoded(values: list[tuple[int, int]]) -> None:
    value = encode_http2_settings(values)
    assert b"=" not in value, "RFC 7540 §3.2.1: trailing = are omitted"
    assert decode_http2_settings(value) == values, "as it was"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (b"AAMAAABk=", "base64url"),  # RFC 7540 §3.2.1: "=" are omitted
        (b"AAMAAAB+", "base64url"),  # plain base64
        (b"AAMAAABkA", "base64url"),  # no base64 has a length of 4n+1
        (b"AAM", "a multiple of 6 octets"),
        (b"AAIAAAAC", "ENABLE_PUSH"),  # RFC 9113 §6.5.2: 0 or 1
        (b"AAMAAABk" * 33, "at most 32 settings"),
    ],
)
def test_a_field_that_is_no_settings_is_a_documented_error(value: bytes, says: str) -> None:
    with pytest.raises(FrameError, match=says):
        decode_http2_settings(value)


@given(st.binary(max_size=40))
def test_no_value_raises_anything_else(value: bytes) -> None:
    try:
        values = decode_http2_settings(value)
    except FrameError:
        return
    assert encode_http2_settings(values)[:-1] == value[:-1], "only the last character has slack"


def test_what_a_client_says_in_the_field_is_what_its_preface_will_say() -> None:
    client = Playbook(Role.CLIENT)
    value = client.engine.upgrade_settings()
    assert decode_http2_settings(value) == list(
        decode_http2_settings(encode_http2_settings([(2, 0), (4, 1_048_576), (6, 65_536), (9, 1)]))
    ), "the client's defaults"
    first = client.said()[0]
    assert first == SettingsFrame(decode_http2_settings(value)), "RFC 7540 §3.2: both come"
    assert len(a2b_base64(value + b"==")) == 24, "four settings of six octets"


# -- a client ---------------------------------------------------------------------------------


def test_a_client_gets_the_response_on_stream_one() -> None:
    play = Playbook(Role.CLIENT)
    play.engine.upgrade(WHOLE)
    assert isinstance(play.said()[0], SettingsFrame), "RFC 7540 §3.2: the preface follows the 101"
    play.hear(SettingsFrame(), FieldBlock(1, OK), DataFrame(1, b"hello", True))
    play.expect_events(
        Settings([]), Response(1, OK), Data(1, b"hello", True), because="stream 1 is its request"
    )
    assert play.engine.next_stream_id() == 3, "RFC 7540 §5.1.1: 1 cannot be chosen again"
    assert play.engine.open_streams == 0, "it was half-closed from the start"


def test_the_response_to_a_head_request_has_no_content() -> None:
    play = Playbook(Role.CLIENT)
    play.engine.upgrade(Request(1, HEAD, True))
    play.said()
    head = [*OK, (b"content-length", b"5")]
    play.hear(SettingsFrame(), FieldBlock(1, head, True))
    play.expect_events(Settings([]), Response(1, head, True), because="RFC 9110 §9.3.2")


def test_a_client_can_go_on_at_once() -> None:
    play = Playbook(Role.CLIENT)
    play.engine.upgrade(WHOLE)
    play.ask(Request(3, GET, True))
    assert play.said()[-1] == FieldBlock(3, GET, True), "RFC 9113 §3.4: without waiting"


# -- a server ---------------------------------------------------------------------------------


def test_a_server_is_told_of_the_request_and_answers_before_the_preface_has_come() -> None:
    play = Playbook(Role.SERVER)
    play.engine.upgrade(Request(1, [*POST, (b"content-length", b"9")], True), [SMALL_WINDOW])
    play.expect_events(
        Request(1, [*POST, (b"content-length", b"9")], True),
        because="its content went by HTTP/1.1, so its length is not ours to check",
    )
    play.ask(Response(1, OK), Data(1, b"hello", True))
    said = play.said()
    assert isinstance(said[0], SettingsFrame), "RFC 9113 §3.4: SETTINGS first"
    assert said[-2:] == [FieldBlock(1, OK), DataFrame(1, b"hel")], (
        "RFC 7540 §3.2.1: the settings of the field are in force"
    )
    play.hear(PREFACE, SettingsFrame([SMALL_WINDOW]), WindowUpdateFrame(1, 2))
    play.expect_events(Settings([SMALL_WINDOW]), because="RFC 7540 §3.2: the preface all the same")
    play.expect_frames(
        SettingsFrame(ack=True),
        DataFrame(1, b"lo", True),
        because="RFC 7540 §3.2.1: only the frame is acknowledged",
    )
    play.hear(FieldBlock(3, GET, True))
    play.expect_events(Request(3, GET, True), because="and from here on it is as any other")


def test_the_client_may_reset_the_upgraded_stream_but_send_nothing_on_it() -> None:
    play = Playbook(Role.SERVER)
    play.engine.upgrade(WHOLE)
    play.told()
    play.hear(PREFACE, SettingsFrame(), DataFrame(1, b"more"))
    play.told()
    assert play.said()[-1] == RstStreamFrame(1, 5), 'RFC 7540 §3.2: it is "half-closed"'


def test_the_upgraded_stream_counts_as_one() -> None:
    play = Playbook(Role.SERVER, limits=Limits(max_concurrent_streams=1))
    play.engine.upgrade(WHOLE)
    play.told()
    play.hear(PREFACE, SettingsFrame(), FieldBlock(3, GET, True))
    play.told()
    assert play.said()[-1] == RstStreamFrame(3, 7), "RFC 9113 §5.1.2: one is open already"


# -- wrong calls ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "request_", "settings", "says"),
    [
        (Role.CLIENT, Request(3, GET, True), [], "on stream 1"),
        (Role.CLIENT, Request(1, GET), [], "a whole request"),
        (Role.CLIENT, Request(1, OK, True), [], ":status in a request"),
        (Role.CLIENT, Request(1, CONNECT, True), [], "tunnel"),
        (Role.CLIENT, WHOLE, [SMALL_WINDOW], "in its preface"),
        (Role.SERVER, WHOLE, [(SettingId.ENABLE_PUSH, 2)], "0 or 1"),
    ],
)
def test_a_wrong_upgrade_raises_and_changes_nothing(
    role: Role, request_: Request, settings: list[tuple[int, int]], says: str
) -> None:
    engine = Connection(role)
    with pytest.raises(LocalProtocolError, match=says):
        engine.upgrade(request_, settings)
    assert engine.open_streams == 0, "no stream was made"
    assert engine.next_event() is None, "nothing was told"
    engine.upgrade(WHOLE)
    assert engine.open_streams == 1, "and it can still be done right"


def test_an_upgrade_comes_first() -> None:
    client = Connection(Role.CLIENT)
    client.send(Request(1, GET, True))
    with pytest.raises(LocalProtocolError, match="before all else"):
        client.upgrade(WHOLE)
    server = Playbook.opened(Role.SERVER)
    with pytest.raises(LocalProtocolError, match="before all else"):
        server.engine.upgrade(WHOLE)
    twice = Connection(Role.SERVER)
    twice.upgrade(WHOLE)
    with pytest.raises(LocalProtocolError, match="before all else"):
        twice.upgrade(WHOLE)


def test_two_engines_meet_by_an_upgrade() -> None:
    client = Connection(Role.CLIENT)
    server = Connection(Role.SERVER)
    server.upgrade(WHOLE, decode_http2_settings(client.upgrade_settings()))
    client.upgrade(WHOLE)
    assert server.next_event() == WHOLE, "the request came by HTTP/1.1"
    server.send(Response(1, OK))
    server.send(Data(1, bytes(30_000), True))
    received = 0
    while client.wants_to_send or server.wants_to_send:
        if octets := server.data_to_send():
            client.receive_data(octets, 0.0)
        while (event := client.next_event()) is not None:
            if isinstance(event, Data):
                received += len(event.data)
                client.consume(1, len(event.data))
        if octets := client.data_to_send():
            server.receive_data(octets, 0.0)
        while server.next_event() is not None:
            pass
    assert received == 30_000, "all of it, across both windows"
    assert client.open_streams == server.open_streams == 0, "nothing is left over"
    assert [client.closed, server.closed] == [False, False], "nobody found fault"
