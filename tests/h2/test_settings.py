"""The parameters of one side, and what our first SETTINGS frame says."""

import pytest

from hyper.frame import SettingId
from hyper.h2 import Limits
from hyper.h2.settings import (
    UNLIMITED,
    Parameters,
    connection_window,
    initial_settings,
    stream_window,
)
from hyper.wire import Role


def test_the_initial_values_are_the_rfcs() -> None:
    values = Parameters()
    assert values.header_table_size == 4_096
    assert values.enable_push == 1
    assert values.max_concurrent_streams == UNLIMITED, "RFC 9113 §6.5.2: initially no limit"
    assert values.initial_window_size == 65_535
    assert values.max_frame_size == 16_384
    assert values.max_field_list_size == UNLIMITED, (
        "RFC 9113 §6.5.2: the initial value is unlimited"
    )
    assert values.enable_connect_protocol == 0, "RFC 8441 §3: an extension starts disabled"
    assert values.no_rfc7540_priorities == 0
    assert values.others == {}


@pytest.mark.parametrize(
    ("identifier", "attribute"),
    [
        (SettingId.HEADER_TABLE_SIZE, "header_table_size"),
        (SettingId.ENABLE_PUSH, "enable_push"),
        (SettingId.MAX_CONCURRENT_STREAMS, "max_concurrent_streams"),
        (SettingId.INITIAL_WINDOW_SIZE, "initial_window_size"),
        (SettingId.MAX_FRAME_SIZE, "max_frame_size"),
        (SettingId.MAX_HEADER_LIST_SIZE, "max_field_list_size"),
        (SettingId.ENABLE_CONNECT_PROTOCOL, "enable_connect_protocol"),
        (SettingId.NO_RFC7540_PRIORITIES, "no_rfc7540_priorities"),
    ],
)
def test_a_setting_goes_where_it_belongs(identifier: SettingId, attribute: str) -> None:
    values = Parameters()
    untouched = Parameters()
    values.put(identifier, 77)
    for name in (
        "header_table_size",
        "enable_push",
        "max_concurrent_streams",
        "initial_window_size",
        "max_frame_size",
        "max_field_list_size",
        "enable_connect_protocol",
        "no_rfc7540_priorities",
    ):
        expected = 77 if name == attribute else getattr(untouched, name)
        assert getattr(values, name) == expected, name


def test_every_setting_that_has_a_name_has_a_place() -> None:
    for identifier in SettingId:
        values = Parameters()
        values.put(identifier, 1)
        assert values.others == {}, f"{identifier.name} is known, and lies among the unknown ones"


def test_unknown_settings_are_kept_but_not_without_end() -> None:
    values = Parameters()
    for identifier in range(0x1000, 0x2000):
        values.put(identifier, 1)
    assert len(values.others) == 32, "a peer could name 65,536 of them"
    values.put(0x1000, 2)
    assert values.others[0x1000] == 2, "one that is known by now can change"


def test_a_server_limits_the_streams_and_a_client_refuses_pushes() -> None:
    limits = Limits(max_concurrent_streams=50, max_field_list_size=9_000)
    assert initial_settings(Role.SERVER, limits, ()) == [
        (SettingId.MAX_CONCURRENT_STREAMS, 50),
        (SettingId.INITIAL_WINDOW_SIZE, 262_144),
        (SettingId.MAX_HEADER_LIST_SIZE, 9_000),
        (SettingId.NO_RFC7540_PRIORITIES, 1),
    ]
    assert initial_settings(Role.CLIENT, limits, ()) == [
        (SettingId.ENABLE_PUSH, 0),
        (SettingId.INITIAL_WINDOW_SIZE, 1_048_576),
        (SettingId.MAX_HEADER_LIST_SIZE, 9_000),
        (SettingId.NO_RFC7540_PRIORITIES, 1),
    ]


def test_a_larger_frame_size_is_declared_and_the_usual_one_goes_without_saying() -> None:
    identifiers = [each for each, _ in initial_settings(Role.SERVER, Limits(), ())]
    assert SettingId.MAX_FRAME_SIZE not in identifiers
    larger = initial_settings(Role.SERVER, Limits(max_frame_size=32_768), ())
    assert (SettingId.MAX_FRAME_SIZE, 32_768) in larger


def test_what_the_caller_wants_wins() -> None:
    wanted = [(SettingId.INITIAL_WINDOW_SIZE, 5), (0x77, 1)]
    values = initial_settings(Role.SERVER, Limits(), wanted)
    assert (SettingId.INITIAL_WINDOW_SIZE, 5) in values
    assert values[-1] == (0x77, 1), "unknown ones may be tried out"
    identifiers = [each for each, _ in values]
    assert len(set(identifiers)) == len(identifiers), "each is said once"


def test_windows_are_by_role_where_the_limits_leave_them_open() -> None:
    open_ = Limits()
    assert stream_window(Role.SERVER, open_) == 262_144
    assert stream_window(Role.CLIENT, open_) == 1_048_576
    assert connection_window(Role.SERVER, open_) == 1_048_576
    assert connection_window(Role.CLIENT, open_) == 16_777_216
    given = Limits(stream_window=1_000, connection_window=70_000)
    for role in Role:
        assert stream_window(role, given) == 1_000
        assert connection_window(role, given) == 70_000


def test_the_connections_window_is_never_below_what_the_rfc_gives_it() -> None:
    assert connection_window(Role.SERVER, Limits(connection_window=1_000)) == 65_535, (
        "RFC 9113 §6.9.2: WINDOW_UPDATE can raise it and nothing can lower it"
    )
