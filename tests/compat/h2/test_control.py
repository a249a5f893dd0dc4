"""What an H2Connection says beside its messages."""

import pytest

from hyper.compat.h2._connection_states import ConnectionState
from hyper.compat.h2.connection import H2Connection
from hyper.compat.h2.exceptions import InvalidSettingsValueError, ProtocolError
from hyper.compat.h2.settings import SettingCodes
from hyper.frame import AltSvcFrame, FrameReader, GoAwayFrame, SettingsFrame, pack_goaway
from tests.support.h2_ends import GET, OURS, Ends

WINDOW = SettingCodes.INITIAL_WINDOW_SIZE


def said(connection: H2Connection) -> list[object]:
    return list(FrameReader().feed(connection.data_to_send()))


def test_settings_wait_for_their_acknowledgement() -> None:
    ends = Ends(OURS)
    connection = ends.server.connection
    connection.update_settings({WINDOW: 5, 0x99: 7})
    assert connection.local_settings.initial_window_size == 65_535, "RFC 9113 §6.5.3"
    assert said(connection) == [SettingsFrame([(4, 5), (0x99, 7)])], "in the order given"
    ends.carry()
    (acknowledged,) = connection.receive_data(b"\0\0\0\4\1\0\0\0\0")
    assert acknowledged.changed_settings[WINDOW].new_value == 5, "now they hold"
    assert connection.local_settings.initial_window_size == 5, "for new streams"


def test_one_wrong_setting_leaves_all_as_they_were() -> None:
    connection = Ends(OURS).server.connection
    with pytest.raises(InvalidSettingsValueError):
        connection.update_settings({WINDOW: 5, SettingCodes.MAX_FRAME_SIZE: 1})
    assert said(connection) == [], "nothing was said"
    connection.receive_data(b"")
    connection.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 1})
    assert said(connection) == [SettingsFrame([(3, 1)])], "and nothing waits"


def test_a_server_does_not_offer_to_be_pushed_to() -> None:
    connection = Ends(OURS).server.connection
    with pytest.raises(ProtocolError):
        connection.update_settings({SettingCodes.ENABLE_PUSH: 1})


def test_goodbye_can_be_said_again_and_behind_what_waits() -> None:
    connection = Ends(OURS).server.connection
    connection.ping(b"12345678")
    connection.close_connection(2, b"why")
    connection.close_connection(0, last_stream_id=9)
    connection.close_connection()
    octets = connection.data_to_send()
    assert octets[17:] == (
        pack_goaway(0, 2, b"why") + pack_goaway(9, 0, b"") + pack_goaway(0, 0, b"")
    ), "each as it was asked for, in their order"
    assert connection.data_to_send() == b"", "once"
    assert connection.state_machine.state is ConnectionState.CLOSED, "as h2 has it"


def test_what_waits_behind_a_goodbye_can_be_taken_in_parts_or_dropped() -> None:
    connection = Ends(OURS).server.connection
    connection.close_connection(2)
    connection.close_connection(2)
    whole = pack_goaway(0, 2, b"") * 2
    taken = [connection.data_to_send(amount) for amount in (1, 0, 20)]
    assert b"".join(taken) + connection.data_to_send() == whole, "not a byte is lost"
    connection.close_connection(2)
    connection.clear_outbound_data_buffer()
    assert connection.data_to_send() == b"", "or all of them are"


def test_an_alternative_service_is_about_an_origin_or_a_request() -> None:
    ends = Ends(OURS)
    ends.client.connection.send_headers(1, GET, end_stream=True)
    ends.carry()
    connection = ends.server.connection
    connection.advertise_alternative_service(b"clear", origin=b"example.org")
    connection.advertise_alternative_service(b"clear", stream_id=1)
    assert said(connection) == [
        AltSvcFrame(0, b"example.org", b"clear"),
        AltSvcFrame(1, b"", b"clear"),
    ]
    connection.send_headers(1, [(":status", "200")])
    with pytest.raises(ProtocolError):
        connection.advertise_alternative_service(b"clear", stream_id=1)
    with pytest.raises(ProtocolError):
        connection.advertise_alternative_service(b"clear")
    with pytest.raises(ProtocolError):
        ends.client.connection.advertise_alternative_service(b"clear", origin=b"example.org")
    assert ends.client.connection.state_machine.state is ConnectionState.CLIENT_OPEN, "as it was"


@pytest.mark.parametrize("value", [b"=", b"AAIAAAAC", b"AAM"])
def test_an_upgrade_with_settings_that_are_none_is_refused(value: bytes) -> None:
    connection = Ends(OURS, begin=False).server.connection
    with pytest.raises(ProtocolError):
        connection.initiate_upgrade_connection(value)
    assert connection.state_machine.state is ConnectionState.IDLE, "RFC 7540 §3.2.1"


def test_an_upgrade_comes_before_all_else() -> None:
    ends = Ends(OURS)
    ends.client.connection.send_headers(1, GET)
    with pytest.raises(ProtocolError):
        ends.client.connection.initiate_upgrade_connection()


def test_the_settings_of_an_upgrade_hold_at_once() -> None:
    connection = Ends(OURS, begin=False).server.connection
    connection.initiate_upgrade_connection(b"AAQAAAAF")
    assert connection.remote_settings.initial_window_size == 5, "RFC 7540 §3.2.1"
    assert connection.local_flow_control_window(1) == 5, "for stream 1 too"


def test_behind_the_end_only_a_goodbye_is_heard() -> None:
    connection = Ends(OURS).server.connection
    with pytest.raises(ProtocolError):
        connection.receive_data(b"\0\0\0\0\0\0\0\0\1")
    farewell = pack_goaway(3, 77, b"")
    assert connection.receive_data(farewell[:5]) == [], "in whatever pieces it comes"
    (terminated,) = connection.receive_data(farewell[5:])
    assert (terminated.error_code, terminated.last_stream_id) == (77, 3), "as the peer says"
    assert terminated.additional_data is None, "h2 says so for nothing"
    with pytest.raises(ProtocolError):
        connection.receive_data(b"\0\0\0\4\1\0\0\0\0")
    assert isinstance(said(connection)[0], GoAwayFrame), "what was queued can still be sent"
