"""H2Connection beside that of h2: the same calls, the same bytes, the same events.

Not here: where the two differ on purpose; see `test_connection` and docs/compat/h2.md.
"""

from collections.abc import Callable

import pytest

from hyper.compat.h2.settings import SettingCodes
from hyper.frame import DataFrame, PingFrame, UnknownFrame, WindowUpdateFrame, serialize
from tests.support.h2_ends import GET, HEAD, OK, OURS, POST, THEIRS, Ends

WINDOW = SettingCodes.INITIAL_WINDOW_SIZE
STREAMS = SettingCodes.MAX_CONCURRENT_STREAMS
FRAME = SettingCodes.MAX_FRAME_SIZE


def a_request_and_its_response(ends: Ends) -> None:
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.look()
    ends.carry()
    ends.look()
    ends.server.call("send_headers", 1, [*OK, ("content-length", "5")])
    ends.server.call("send_data", 1, b"hel")
    ends.server.call("send_data", 1, b"lo")
    ends.server.call("end_stream", 1)
    ends.carry()
    ends.look()


def a_response_to_head(ends: Ends) -> None:
    ends.client.call("send_headers", 1, HEAD, end_stream=True)
    ends.carry()
    ends.server.call("send_headers", 1, [*OK, ("content-length", "5")], end_stream=True)
    ends.carry()
    ends.look()


def an_upload_with_trailers(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    ends.client.call("send_data", 1, memoryview(b"abc"))
    ends.client.call("send_data", 1, b"")
    ends.client.call("send_headers", 1, [("sum", "1"), ("Upper", " spaced ")], end_stream=True)
    ends.carry()
    ends.look()
    ends.server.call("acknowledge_received_data", 3, 1)
    ends.server.call("send_headers", 1, [(":status", "103"), ("link", "x")])
    ends.server.call("send_headers", 1, [(":status", "103")])
    ends.server.call("send_headers", 1, OK)
    ends.server.call("send_headers", 1, [("sum", "2")], end_stream=True)
    ends.carry()
    ends.look()


def padding(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    for length in (-1, 256, "x", 0, 3, 255):
        ends.client.call("send_data", 1, b"abc", pad_length=length)
    ends.client.call("send_data", 1, b"", end_stream=True, pad_length=7)
    ends.carry()
    ends.look()


def windows_that_are_used_up(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    for size in (16_384, 16_384, 16_384, 16_384, 16_385, 16_383, 1, 0):
        ends.client.call("send_data", 1, bytes(size))
    ends.client.call("local_flow_control_window", 1)
    ends.carry()
    ends.server.call("remote_flow_control_window", 1)
    for size in (1_000, 100, 20_000, 20_000, 0, 24_435):
        ends.server.call("acknowledge_received_data", size, 1)
        ends.carry()
        ends.look()


def windows_that_are_opened(ends: Ends) -> None:
    for end in (ends.client, ends.server):
        end.call("increment_flow_control_window", 2**24)
        end.call("increment_flow_control_window", 0)
        end.call("increment_flow_control_window", 2**31)
        end.call("increment_flow_control_window", 1, stream_id=9)
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.client.call("increment_flow_control_window", 2**24, stream_id=1)
    ends.carry()
    ends.server.call("send_headers", 1, OK)
    for _ in range(5):
        ends.server.call("send_data", 1, bytes(16_384))
    ends.carry()
    ends.look()
    ends.client.call("acknowledge_received_data", 5 * 16_384, 1)
    ends.carry()
    ends.look()


def settings_that_change(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    ends.carry()
    ends.server.call("update_settings", {WINDOW: 100, FRAME: 20_000, 0x99: 7, STREAMS: 5})
    ends.look()
    ends.carry()
    ends.look()
    ends.client.call("send_data", 1, bytes(100))
    ends.client.call("send_data", 1, b"x")
    ends.carry()
    ends.client.call("send_headers", 3, POST)
    ends.server.call("update_settings", {WINDOW: 10})
    ends.server.call("update_settings", {WINDOW: 200_000})
    ends.carry()
    ends.look()
    ends.server.call("update_settings", {WINDOW: 2**31})
    ends.server.call("update_settings", {FRAME: 100})
    ends.server.call("update_settings", {})
    ends.client.call("update_settings", {SettingCodes.HEADER_TABLE_SIZE: 0})
    ends.carry()
    ends.server.call("send_headers", 1, [*OK, ("x", "y")])
    ends.server.call("send_headers", 3, [*OK, ("x", "y")])
    ends.carry()
    ends.log.append(f"{dict(ends.server.connection.local_settings)}")
    ends.log.append(f"{dict(ends.client.connection.remote_settings)}")


def streams_that_are_reset(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    ends.client.call("send_headers", 3, POST)
    ends.carry()
    ends.client.call("reset_stream", 1, 8)
    ends.client.call("reset_stream", 1)
    ends.client.call("send_data", 1, b"x")
    ends.server.call("reset_stream", 3, error_code=99)
    ends.carry()
    ends.look()
    for end in (ends.client, ends.server):
        for method, arguments in (
            ("send_data", (1, b"x")),
            ("end_stream", (1,)),
            ("reset_stream", (1,)),
            ("send_headers", (1, OK)),
            ("acknowledge_received_data", (5, 1)),
            ("local_flow_control_window", (1,)),
            ("remote_flow_control_window", (1,)),
            ("increment_flow_control_window", (5, 1)),
            ("reset_stream", (9,)),
        ):
            end.call(method, *arguments)


def content_that_crosses_a_reset(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    ends.carry()
    ends.server.call("reset_stream", 1, 8)
    ends.client.call("send_data", 1, bytes(16_384))
    ends.client.call("send_data", 1, bytes(16_384))
    said = ends.client.connection.data_to_send()
    ends.server.connection.receive_data(said)
    ends.server.look()


def a_push(ends: Ends) -> None:
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.carry()
    ends.server.call("push_stream", 1, 2, GET)
    ends.server.call("push_stream", 1, 2, GET)
    ends.server.call("push_stream", 1, 3, GET)
    ends.server.call("push_stream", 7, 4, GET)
    ends.client.call("push_stream", 1, 4, GET)
    ends.look()
    ends.carry()
    ends.look()
    ends.server.call("send_headers", 2, OK)
    ends.server.call("send_data", 2, b"pushed", end_stream=True)
    ends.carry()
    ends.look()
    ends.server.call("push_stream", 1, 4, GET)
    ends.carry()
    ends.client.call("reset_stream", 4, 8)
    ends.carry()
    ends.look()


def a_push_that_is_not_wanted(ends: Ends) -> None:
    ends.client.call("update_settings", {SettingCodes.ENABLE_PUSH: 0})
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.carry()
    ends.server.call("push_stream", 1, 2, GET)
    ends.look()


def priorities(ends: Ends) -> None:
    ends.client.call("send_headers", 1, GET, end_stream=True, priority_weight=20)
    ends.client.call(
        "send_headers", 3, GET, priority_depends_on=1, priority_exclusive=True, priority_weight=256
    )
    ends.client.call("prioritize", 5, 30, 1, True)
    ends.client.call("prioritize", 7)
    ends.client.call("prioritize", 7, 0)
    ends.client.call("prioritize", 7, 257)
    ends.client.call("prioritize", 7, depends_on=7)
    ends.server.call("prioritize", 1)
    ends.carry()


def alternative_services(ends: Ends) -> None:
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.carry()
    ends.server.call("advertise_alternative_service", b'h2=":8000"', b"example.com")
    ends.server.call("advertise_alternative_service", b'h2=":8000"', stream_id=1)
    ends.server.call("advertise_alternative_service", b"x", b"y", 1)
    ends.server.call("advertise_alternative_service", "x", b"y")
    ends.server.call("advertise_alternative_service", b"x", stream_id=5)
    ends.carry()


def pings(ends: Ends) -> None:
    for end in (ends.client, ends.server):
        end.call("ping", b"12345678")
        end.call("ping", b"1234567")
        end.call("ping", "12345678")
    ends.carry()


def goodbyes(ends: Ends) -> None:
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.carry()
    ends.server.call("close_connection", 2, b"bye")
    ends.server.call("close_connection")
    ends.server.call("close_connection", last_stream_id=7)
    ends.carry()
    ends.client.call("send_headers", 3, GET)
    ends.client.call("close_connection")
    ends.carry()
    ends.look()


def too_many_streams(ends: Ends) -> None:
    ends.server.call("update_settings", {STREAMS: 1})
    ends.carry()
    ends.client.call("send_headers", 1, POST)
    ends.client.call("send_headers", 3, POST)
    ends.client.call("reset_stream", 1)
    ends.client.call("send_headers", 3, POST)
    ends.carry()
    ends.look()


def identifiers(ends: Ends) -> None:
    for stream_id in (7, 5, 7, 0):
        ends.client.call("send_headers", stream_id, GET)
    ends.client.call("get_next_available_stream_id")
    ends.server.call("get_next_available_stream_id")
    ends.client.call("reset_stream", 5)
    ends.client.call("end_stream", 5)
    ends.carry()
    ends.look()
    ends.client.call("send_headers", 2**31 - 1, GET)
    ends.client.call("get_next_available_stream_id")


def cookies_and_secrets(ends: Ends) -> None:
    for stream_id, fields in (
        (1, [("cookie", "a" * 30), ("x", "y")]),
        (3, [("cookie", "a=b"), ("x", "y"), ("cookie", "c" * 40)]),
        (5, [("authorization", "secret"), ("Proxy-Authorization", "x"), ("set-cookie", "z")]),
        (7, [("connection", "close"), ("Upgrade", "x"), ("keep-alive", "1"), ("te", "trailers")]),
        (9, [("te", "gzip")]),
        (11, [(b"X-Y", b" a "), (" z ", "\tb")]),
        (13, [("x", "y"), ("x", "y"), ("authorization", "secret"), ("cookie", "a=b")]),
    ):
        ends.client.call("send_headers", stream_id, [*GET, *fields], end_stream=True)
        ends.carry()


def tables_of_other_sizes(ends: Ends) -> None:
    for size in (0, 100, 8_192, 4_096):
        ends.server.call("update_settings", {SettingCodes.HEADER_TABLE_SIZE: size})
        ends.carry()
        for _ in range(2):
            stream_id = ends.client.connection.get_next_available_stream_id()
            fields = [("x", "5"), ("long", "y" * 90), ("content-length", "0")]
            ends.client.call("send_headers", stream_id, [*GET, *fields], end_stream=True)
            ends.carry()


def part_of_what_waits(ends: Ends) -> None:
    ends.client.call("ping", b"12345678")
    for amount in (3, 0, 5, None, 4):
        ends.client.call("data_to_send", amount)
    ends.client.call("ping", b"12345678")
    ends.client.call("clear_outbound_data_buffer")
    ends.client.call("data_to_send")


def bytes_of_any_kind(ends: Ends) -> None:
    ping = serialize(PingFrame(b"abcdefgh"))
    for kind in (bytearray, memoryview, bytes):
        ends.server.call("receive_data", kind(ping))
        ends.server.call("receive_data", kind(ping[:5]))
        ends.server.call("receive_data", kind(ping[5:]))
        ends.server.call("receive_data", kind(b""))


def frames_of_unknown_types(ends: Ends) -> None:
    for kind, flags, stream_id, body in (
        (0x99, 5, 1, b""),
        (0xC, 0, 0, b"\0\1x"),
        (0xFF, 255, 2**31 - 1, b"0123456789abc"),
    ):
        ends.client.call("receive_data", serialize(UnknownFrame(kind, flags, stream_id, body)))


def windows_of_the_peer(ends: Ends) -> None:
    ends.client.call("send_headers", 1, POST)
    ends.carry()
    ends.server.call("receive_data", serialize(WindowUpdateFrame(0, 5)))
    ends.server.call("receive_data", serialize(WindowUpdateFrame(1, 7)))
    ends.server.call("send_headers", 1, OK, end_stream=True)
    ends.server.call("receive_data", serialize(DataFrame(1, b"", True)))
    ends.server.call("receive_data", serialize(WindowUpdateFrame(1, 7)))
    ends.look()


SCENARIOS: list[Callable[[Ends], None]] = [
    a_request_and_its_response,
    a_response_to_head,
    an_upload_with_trailers,
    padding,
    windows_that_are_used_up,
    windows_that_are_opened,
    settings_that_change,
    streams_that_are_reset,
    content_that_crosses_a_reset,
    a_push,
    a_push_that_is_not_wanted,
    priorities,
    alternative_services,
    pings,
    goodbyes,
    too_many_streams,
    identifiers,
    cookies_and_secrets,
    tables_of_other_sizes,
    part_of_what_waits,
    bytes_of_any_kind,
    frames_of_unknown_types,
    windows_of_the_peer,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__)
def test_all_is_said_and_told_as_with_h2(scenario: Callable[[Ends], None]) -> None:
    pytest.importorskip("h2")
    theirs = Ends(THEIRS)
    ours = Ends(OURS)
    scenario(theirs)
    scenario(ours)
    assert ours.log == theirs.log, "the same calls have the same effects"


@pytest.mark.parametrize(
    "options",
    [
        {"header_encoding": "utf-8"},
        {"header_encoding": False},
        {"normalize_inbound_headers": False},
        {"validate_inbound_headers": False},
    ],
)
def test_what_comes_in_is_told_by_the_configuration(options: dict[str, object]) -> None:
    pytest.importorskip("h2")
    logs = []
    for root in (THEIRS, OURS):
        ends = Ends(root, server=options)
        cookies_and_secrets(ends)
        ends.client.call("send_headers", 15, [*GET, ("x", "\xe9")], end_stream=True)
        ends.carry()
        logs.append(ends.log)
    assert logs[0] == logs[1], "bytes or text, crumbs or cookies"


@pytest.mark.parametrize(
    "options",
    [
        {"split_outbound_cookies": True},
        {"normalize_outbound_headers": False, "validate_outbound_headers": False},
        {"validate_outbound_headers": False},
    ],
)
def test_what_goes_out_is_made_by_the_configuration(options: dict[str, object]) -> None:
    pytest.importorskip("h2")
    logs = []
    for root in (THEIRS, OURS):
        ends = Ends(root, client=options, server={"validate_inbound_headers": False})
        for stream_id, fields in (
            (1, [*GET, ("cookie", "a=b; c=" + "d" * 30)]),
            (3, [*GET, ("Upper", " x ")]),
            (5, [*GET, ("te", "gzip"), ("connection", "close")]),
            (7, GET[1:]),
        ):
            ends.client.call("send_headers", stream_id, fields, end_stream=True)
            ends.carry()
        logs.append(ends.log)
    assert logs[0] == logs[1], "as much is done to it as is asked for"


def test_an_upgrade_is_that_of_h2() -> None:
    pytest.importorskip("h2")
    logs = []
    for root in (THEIRS, OURS):
        ends = Ends(root, begin=False)
        value = ends.client.call("initiate_upgrade_connection")
        ends.server.call("initiate_upgrade_connection", value)
        ends.look()
        ends.carry()
        ends.server.call("send_headers", 1, OK)
        ends.server.call("send_data", 1, b"hi", end_stream=True)
        ends.carry()
        ends.look()
        ends.client.call("get_next_available_stream_id")
        ends.client.call("send_headers", 3, GET, end_stream=True)
        ends.carry()
        logs.append(ends.log)
    assert logs[0] == logs[1], "RFC 7540 §3.2: stream 1 is half closed"


def replaced(root: str, ends: Ends) -> None:
    code = ends.server.settings.SettingCodes
    for end, client in ((ends.client, True), (ends.server, False)):
        end.connection.local_settings = end.settings.Settings(
            client=client,
            initial_values={
                code.ENABLE_PUSH: 0,
                code.MAX_CONCURRENT_STREAMS: 7,
                code.INITIAL_WINDOW_SIZE: 100_000,
            },
        )
    assert root, "either library"


def removed(root: str, ends: Ends) -> None:
    replaced(root, ends)
    code = ends.server.settings.SettingCodes
    del ends.client.connection.local_settings[code.ENABLE_CONNECT_PROTOCOL]


def acknowledged_early(root: str, ends: Ends) -> None:
    assert root, "as mitmproxy does it"
    settings = ends.client.connection.local_settings
    settings.initial_window_size = 2**31 - 100
    settings.max_frame_size = 2**17
    ends.client.connection.max_inbound_frame_size = 2**17
    settings.acknowledge()


def changed_late(root: str, ends: Ends) -> None:
    assert root, "what waits is not sent"
    ends.client.connection.local_settings.max_concurrent_streams = 50


@pytest.mark.parametrize("change", [replaced, removed, acknowledged_early, changed_late])
def test_the_first_settings_are_those_in_force(change: Callable[[str, Ends], None]) -> None:
    pytest.importorskip("h2")
    logs = []
    for root in (THEIRS, OURS):
        ends = Ends(root, begin=False)
        change(root, ends)
        ends.client.call("initiate_connection")
        ends.server.call("initiate_connection")
        ends.carry()
        ends.client.call("send_headers", 1, POST)
        ends.client.call("increment_flow_control_window", 2**24)
        ends.client.call("increment_flow_control_window", 10, 1)
        ends.carry()
        ends.look()
        logs.append(ends.log)
    assert logs[0] == logs[1], "whoever replaces or deletes them does so before the beginning"


def test_what_comes_before_the_beginning_is_as_with_h2() -> None:
    pytest.importorskip("h2")
    logs = []
    for root in (THEIRS, OURS):
        ends = Ends(root, begin=False)
        for end in (ends.client, ends.server):
            for method, arguments in (
                ("data_to_send", ()),
                ("send_data", (1, b"x")),
                ("increment_flow_control_window", (5, 1)),
                ("acknowledge_received_data", (5, 1)),
                ("acknowledge_received_data", (5, 0)),
                ("acknowledge_received_data", (-5, 1)),
                ("local_flow_control_window", (1,)),
                ("remote_flow_control_window", (1,)),
                ("ping", (b"12345678",)),
                ("get_next_available_stream_id", ()),
                ("data_to_send", ()),
            ):
                end.call(method, *arguments)
            end.look()
        ends.client.call("send_headers", 1, GET, end_stream=True)
        ends.client.call("data_to_send")
        ends.client.call("initiate_connection")
        ends.client.call("data_to_send")
        logs.append(ends.log)
    assert logs[0] == logs[1], "a preface goes out when it is asked for, and not before"
