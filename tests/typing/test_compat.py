"""What a type checker makes of hyper.compat: the same as of what it stands for.

Each assertion is made of both; mypy reads them, the run sees that they are true.
"""

from typing import TYPE_CHECKING, assert_type

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings
import h11

import hyper.compat.h2.config
import hyper.compat.h2.connection
import hyper.compat.h2.errors
import hyper.compat.h2.events
import hyper.compat.h2.settings
from hyper.compat import h11 as our_h11

if TYPE_CHECKING:
    from collections.abc import Callable


def ours() -> tuple[int, int, str]:
    """A client that is written against hyper.compat.h2."""

    class Client(hyper.compat.h2.connection.H2Connection):
        """As mitmproxy has one: what it sends goes through methods of its own."""

        sent = 0

        def send_data(
            self,
            stream_id: int,
            data: bytes | memoryview,
            end_stream: bool = False,
            pad_length: int | None = None,
        ) -> None:
            self.sent += len(data)
            super().send_data(stream_id, data, end_stream, pad_length)

        def end_stream(self, stream_id: int) -> None:
            self.send_data(stream_id, b"", end_stream=True)

    config = hyper.compat.h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
    client = Client(config)
    client.local_settings = hyper.compat.h2.settings.Settings(
        client=True,
        initial_values={hyper.compat.h2.settings.SettingCodes.ENABLE_PUSH: 0},
    )
    client.initiate_connection()
    stream_id = client.get_next_available_stream_id()
    assert_type(stream_id, int)
    client.send_headers(stream_id, HEAD)
    client.send_data(stream_id, b"abc")
    client.end_stream(stream_id)
    assert_type(client.data_to_send(), bytes)
    assert_type(client.open_outbound_streams, int)
    assert_type(client.local_settings.initial_window_size, int)
    for event in client.receive_data(b""):
        if isinstance(event, hyper.compat.h2.events.DataReceived):
            assert_type(event.data, bytes)
            assert_type(event.flow_controlled_length, int)
        elif isinstance(event, hyper.compat.h2.events.WindowUpdated):
            assert_type(event.delta, int)
    code = hyper.compat.h2.errors.ErrorCodes.CANCEL
    client.reset_stream(stream_id, error_code=code)
    return stream_id, client.sent, code.name


def theirs() -> tuple[int, int, str]:
    """The same against h2."""

    class Client(h2.connection.H2Connection):
        """As mitmproxy has one: what it sends goes through methods of its own."""

        sent = 0

        def send_data(
            self,
            stream_id: int,
            data: bytes | memoryview,
            end_stream: bool = False,
            pad_length: int | None = None,
        ) -> None:
            self.sent += len(data)
            super().send_data(stream_id, data, end_stream, pad_length)

        def end_stream(self, stream_id: int) -> None:
            self.send_data(stream_id, b"", end_stream=True)

    config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
    client = Client(config)
    client.local_settings = h2.settings.Settings(
        client=True,
        initial_values={h2.settings.SettingCodes.ENABLE_PUSH: 0},
    )
    client.initiate_connection()
    stream_id = client.get_next_available_stream_id()
    assert_type(stream_id, int)
    client.send_headers(stream_id, HEAD)
    client.send_data(stream_id, b"abc")
    client.end_stream(stream_id)
    assert_type(client.data_to_send(), bytes)
    assert_type(client.open_outbound_streams, int)
    assert_type(client.local_settings.initial_window_size, int)
    for event in client.receive_data(b""):
        if isinstance(event, h2.events.DataReceived):
            assert_type(event.data, bytes)
            assert_type(event.flow_controlled_length, int)
        elif isinstance(event, h2.events.WindowUpdated):
            assert_type(event.delta, int)
    code = h2.errors.ErrorCodes.CANCEL
    client.reset_stream(stream_id, error_code=code)
    return stream_id, client.sent, code.name


HEAD = [(":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", "/")]


def test_a_program_over_h2_is_typed_the_same_over_either() -> None:
    programs: list[Callable[[], tuple[int, int, str]]] = [ours, theirs]
    assert [program() for program in programs] == [(1, 3, "CANCEL")] * 2


def test_a_program_over_h11_is_typed_the_same_over_either() -> None:
    connection = our_h11.Connection(our_role=our_h11.CLIENT)
    request = our_h11.Request(method="GET", target="/", headers=[("Host", "a")])
    assert_type(connection.send(request), bytes)
    assert_type(connection.trailing_data, tuple[bytes, bool])
    event = connection.next_event()
    if isinstance(event, our_h11.Response):
        assert_type(event.status_code, int)
        assert_type(event.reason, bytes)
    peer = h11.Connection(our_role=h11.CLIENT)
    asked = h11.Request(method="GET", target="/", headers=[("Host", "a")])
    assert_type(peer.send(asked), bytes)
    assert_type(peer.trailing_data, tuple[bytes, bool])
    told = peer.next_event()
    if isinstance(told, h11.Response):
        assert_type(told.status_code, int)
        assert_type(told.reason, bytes)
    assert connection.our_state.__name__ == peer.our_state.__name__ == "SEND_BODY"
