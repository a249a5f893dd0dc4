"""What shows of the encoder and the decoder."""

import pytest

from hyper.compat.h2.settings import SettingCodes
from tests.support.h2_ends import OURS, THEIRS, Ends

SIZES = {
    SettingCodes.HEADER_TABLE_SIZE: 1_000,
    SettingCodes.MAX_HEADER_LIST_SIZE: 2_000,
    SettingCodes.MAX_FRAME_SIZE: 20_000,
}


def test_sizes_show_as_those_of_h2() -> None:
    seen = []
    for root in (OURS, THEIRS):
        ends = Ends(root)
        for settled in (False, True):
            client, server = ends.client.connection, ends.server.connection
            seen.append(
                (
                    client.encoder.header_table_size,
                    server.decoder.max_allowed_table_size,
                    server.decoder.max_header_list_size,
                )
            )
            if not settled:
                ends.server.call("update_settings", SIZES)
                ends.carry()
    assert seen[:2] == seen[2:]
    assert seen[1] == (1_000, 1_000, 2_000)


def test_they_are_there_to_be_looked_at() -> None:
    connection = Ends(OURS).client.connection
    with pytest.raises(AttributeError):
        connection.encoder.header_table_size = 0
    with pytest.raises(AttributeError):
        connection.decoder.max_header_list_size = 0
    assert list(connection.incoming_buffer) == [], "the engine has its own"
    assert connection.incoming_buffer.max_frame_size == connection.max_inbound_frame_size


def test_a_table_is_no_larger_than_we_hold() -> None:
    ends = Ends(OURS)
    ends.server.call("update_settings", {SettingCodes.HEADER_TABLE_SIZE: 1_000_000})
    ends.carry()
    assert ends.client.connection.encoder.header_table_size == 65_536
