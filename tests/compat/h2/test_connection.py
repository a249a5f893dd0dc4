"""H2Connection by itself: what h2 leaves open, and what is done otherwise than by h2 on purpose.

docs/compat/h2.md has the list.  Not here: all that is the same; see `test_connection_against_h2`.
"""

import pytest

from hyper.compat.h2 import events
from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2._typing import Buffer
from hyper.compat.h2.config import DummyLogger, H2Configuration
from hyper.compat.h2.connection import ConnectionState, H2Connection
from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.exceptions import (
    DenialOfServiceError,
    FlowControlError,
    FrameDataMissingError,
    FrameTooLargeError,
    InvalidSettingsValueError,
    NoSuchStreamError,
    ProtocolError,
    StreamClosedError,
)
from hyper.compat.h2.settings import SettingCodes, Settings
from hyper.compat.hpack.struct import HeaderWeaklyTyped, NeverIndexedHeaderTuple
from hyper.frame import (
    DataFrame,
    ErrorCode,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.frame import Priority as Dependency
from tests.support.h2_ends import GET, OK, OURS, POST, THEIRS, End, Ends

STREAMS = SettingCodes.MAX_CONCURRENT_STREAMS


def server(**options: object) -> H2Connection:
    """A server past its preface, with nothing to say."""
    ends = Ends(OURS, server=options)
    connection = ends.server.connection
    assert isinstance(connection, H2Connection)
    return connection


def client() -> H2Connection:
    """A client past its preface, with nothing to say."""
    connection = Ends(OURS).client.connection
    assert isinstance(connection, H2Connection)
    return connection


def said(connection: H2Connection) -> list[object]:
    """The frames that a connection has to say."""
    return list(FrameReader().feed(connection.data_to_send()))


BLOCK = bytes.fromhex("828741882f91d35d055cf64d84")
"""`GET` by an encoder that remembers its authority."""
REQUEST = serialize(HeadersFrame(1, BLOCK))


class Recorder(H2Connection):
    """As mitmproxy makes one: methods of its own over those of h2."""

    def __init__(self, config: H2Configuration | None = None) -> None:
        super().__init__(config)
        self.sent: list[bytes | memoryview] = []

    def send_data(
        self,
        stream_id: int,
        data: bytes | memoryview,
        end_stream: bool = False,
        pad_length: int | None = None,
    ) -> None:
        self.sent.append(data)
        super().send_data(stream_id, data, end_stream, pad_length)

    def end_stream(self, stream_id: int) -> None:
        self.send_data(stream_id, b"", end_stream=True)

    def receive_data(self, data: Buffer) -> list[events.Event]:
        return [*super().receive_data(data), events.PingReceived(ping_data=b"mine")]


def test_a_subclass_may_override_and_call_on() -> None:
    recorder = Recorder()
    recorder.initiate_connection()
    recorder.send_headers(1, POST)
    recorder.send_data(1, b"ab")
    recorder.end_stream(1)
    assert recorder.sent == [b"ab", b""], "its own methods are called, by itself too"
    assert recorder.streams[1].state_machine.state is StreamState.HALF_CLOSED_LOCAL, "and h2's"
    told = recorder.receive_data(serialize(SettingsFrame()))
    assert [type(each).__name__ for each in told] == ["RemoteSettingsChanged", "PingReceived"]


def test_without_a_configuration_it_is_a_client() -> None:
    connection = H2Connection()
    assert connection.config.client_side, "h2's default"
    assert connection.get_next_available_stream_id() == 1, "RFC 9113 §5.1.1"
    assert repr(connection.state_machine.state) == "<ConnectionState.IDLE: 0>", "nothing yet"
    assert connection.streams == {}, "and no stream"


def test_options_may_change_on_the_way() -> None:
    connection = server()
    connection.config.validate_inbound_headers = False
    bad = serialize(HeadersFrame(1, bytes.fromhex("82"), end_stream=True))
    (request, _) = connection.receive_data(bad)
    assert isinstance(request, events.RequestReceived), "taken as it is"
    connection.config.validate_inbound_headers = True
    assert connection.receive_data(serialize(HeadersFrame(3, bytes.fromhex("82")))) == [], (
        "judged again: nobody is told of what was never a request"
    )
    assert said(connection) == [RstStreamFrame(3, ErrorCode.PROTOCOL_ERROR)], "RFC 9113 §8.1.1"


def test_a_logger_that_listens_is_told_of_frames() -> None:
    class Listener(DummyLogger):
        def __init__(self) -> None:
            super().__init__()
            self.heard: list[str] = []

        def debug(self, *vargs: object, **kwargs: object) -> None:
            assert not kwargs, "h2 gives none"
            self.heard.append(str(vargs[0]) % vargs[1:])

    logger = Listener()
    connection = H2Connection(H2Configuration(logger=logger))
    connection.initiate_connection()
    connection.data_to_send()
    connection.receive_data(serialize(PingFrame(b"abcdefgh")))
    assert any("PING" in line for line in logger.heard), "what the peer says"


# -- faults of the peer -----------------------------------------------------------------------


def rejected(data: bytes, kind: type[ProtocolError], code: ErrorCode) -> H2Connection:
    connection = server()
    with pytest.raises(kind) as caught:
        connection.receive_data(data)
    assert int(caught.value.error_code) == int(code), "what the peer is told"
    assert type(caught.value) is kind, "no other"
    assert connection.state_machine.state is ConnectionState.CLOSED, "it is over"
    assert said(connection) == [GoAwayFrame(0, code)], "RFC 9113 §5.4.1, without words of ours"
    return connection


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"\0\0\1\6\0\0\0\0\0x", FrameDataMissingError, ErrorCode.FRAME_SIZE_ERROR),
        (b"\0\0\x05\6\0\0\0\0\0xxxxx", FrameDataMissingError, ErrorCode.FRAME_SIZE_ERROR),
        (b"\1\0\0\0\0\0\0\0\1", FrameTooLargeError, ErrorCode.FRAME_SIZE_ERROR),
        (b"\0\0\4\3\0\0\0\0\1\0\0\0\0", ProtocolError, ErrorCode.PROTOCOL_ERROR),
        (serialize(DataFrame(1, b"x")), ProtocolError, ErrorCode.PROTOCOL_ERROR),
        (b"\0\0\1\1\5\0\0\0\1\xff", ProtocolError, ErrorCode.COMPRESSION_ERROR),
        (
            b"\0\0\6\4\0\0\0\0\0\0\4\xff\xff\xff\xff",
            InvalidSettingsValueError,
            ErrorCode.FLOW_CONTROL_ERROR,
        ),
        (
            b"\0\0\6\4\0\0\0\0\0\0\5\0\0\0\0",
            InvalidSettingsValueError,
            ErrorCode.PROTOCOL_ERROR,
        ),
        (
            serialize(WindowUpdateFrame(0, 2**31 - 1)),
            FlowControlError,
            ErrorCode.FLOW_CONTROL_ERROR,
        ),
    ],
)
def test_a_fault_of_the_connection_raises_by_its_kind(
    data: bytes, kind: type[ProtocolError], code: ErrorCode
) -> None:
    rejected(data, kind, code)


def test_what_comes_behind_the_end_raises_but_for_a_goodbye() -> None:
    connection = rejected(b"\0\0\1\6\0\0\0\0\0x", FrameDataMissingError, ErrorCode.FRAME_SIZE_ERROR)
    assert connection.receive_data(b"") == [], "nothing is no fault"
    (terminated,) = connection.receive_data(serialize(GoAwayFrame(0, 2, b"why")))
    assert isinstance(terminated, events.ConnectionTerminated), "the peer may say why it leaves"
    assert terminated.additional_data == b"why", "in its words"
    with pytest.raises(ProtocolError):
        connection.receive_data(serialize(PingFrame(b"abcdefgh")))
    with pytest.raises(ProtocolError):
        connection.send_headers(1, OK)
    connection.close_connection(1)
    assert said(connection) == [GoAwayFrame(0, 1)], "it may be said again"


def test_frames_on_streams_that_are_over_raise_what_h2_raises() -> None:
    connection = server()
    connection.receive_data(serialize(HeadersFrame(1, BLOCK, end_stream=True)))
    connection.send_headers(1, OK, end_stream=True)
    with pytest.raises(StreamClosedError) as caught:
        connection.receive_data(serialize(HeadersFrame(1, b"\x82", end_stream=True)))
    assert caught.value.stream_id == 1, "which one"


def test_a_fault_of_a_stream_costs_the_stream_alone() -> None:
    connection = server()
    connection.receive_data(REQUEST)
    connection.increment_flow_control_window(2**20)
    connection.data_to_send()
    told = connection.receive_data(serialize(DataFrame(1, bytes(16_384))) * 4)
    assert [type(each).__name__ for each in told] == ["DataReceived"] * 3 + ["StreamReset"], (
        "the window of the stream has room for 65,535"
    )
    reset = told[-1]
    assert isinstance(reset, events.StreamReset), "as for any other reset"
    assert not reset.remote_reset, "it was ours"
    assert reset.error_code == ErrorCodes.FLOW_CONTROL_ERROR, "RFC 9113 §6.9.1"
    assert said(connection) == [RstStreamFrame(1, ErrorCode.FLOW_CONTROL_ERROR)], "the peer learns"
    assert connection.streams[1].closed, "the stream is over"
    assert connection.open_inbound_streams == 0, "and counts no more"
    assert connection.receive_data(serialize(PingFrame(b"abcdefgh"))), "the connection goes on"


@pytest.mark.parametrize("length", [b"2", b"4"])
def test_content_of_another_length_than_announced_costs_the_stream(length: bytes) -> None:
    connection = server()
    block = BLOCK + b"\x0f\x0d\x01" + length
    told = connection.receive_data(
        serialize(HeadersFrame(1, block)) + serialize(DataFrame(1, b"abc", True))
    )
    assert [type(each).__name__ for each in told] == ["RequestReceived", "StreamReset"], (
        "RFC 9113 §8.1.1: a stream error"
    )
    assert connection.inbound_flow_control_window == 65_532, "it took its share of the window"


def test_a_request_too_many_is_refused_and_nobody_is_told() -> None:
    connection = server()
    connection.update_settings({STREAMS: 1})
    connection.data_to_send()
    connection.receive_data(serialize(SettingsFrame(ack=True)) + REQUEST)
    assert connection.receive_data(serialize(HeadersFrame(3, b"\x82\x87\xbe\x84"))) == [], (
        "RFC 9113 §8.7: nothing was done about it"
    )
    assert said(connection) == [RstStreamFrame(3, ErrorCode.REFUSED_STREAM)], "RFC 9113 §5.1.2"
    assert connection.open_inbound_streams == 1, "the other one goes on"


def test_a_flood_ends_the_connection() -> None:
    connection = server()
    ping = serialize(PingFrame(b"abcdefgh"))
    with pytest.raises(DenialOfServiceError):
        connection.receive_data(ping * 2_000)
    assert isinstance(said(connection)[-1], GoAwayFrame), "CVE-2019-9512: nobody reads the answers"


def test_fields_that_are_not_of_the_encoding_end_the_connection() -> None:
    connection = server(header_encoding="ascii")
    with pytest.raises(ProtocolError):
        connection.receive_data(
            serialize(HeadersFrame(1, BLOCK + b"\0\x01x\x01\xe9", end_stream=True))
        )
    assert said(connection) == [GoAwayFrame(1, ErrorCode.PROTOCOL_ERROR)], "the peer is told"
    assert connection.state_machine.state is ConnectionState.CLOSED, "it is over"


# -- wrong calls ------------------------------------------------------------------------------


def test_a_wrong_call_changes_nothing() -> None:
    connection = client()
    connection.send_headers(1, GET, end_stream=True)
    connection.data_to_send()
    with pytest.raises(ProtocolError):
        connection.send_data(1, b"x")
    with pytest.raises(ProtocolError):
        connection.send_headers(1, [("x", "y")], end_stream=True)
    with pytest.raises(ProtocolError):
        connection.end_stream(1)
    with pytest.raises(ProtocolError):
        connection.send_headers(3, [*GET, ("x", "a\r\nb: c")])
    with pytest.raises(ProtocolError):
        connection.send_headers(3, [*GET, ("", "x")])
    with pytest.raises(ProtocolError):
        connection.send_headers(3, GET, priority_weight=0)
    assert connection.data_to_send() == b"", "nothing was said"
    assert connection.state_machine.state is ConnectionState.CLIENT_OPEN, "h2 closes its machines"
    assert connection.streams[1].state_machine.state is StreamState.HALF_CLOSED_LOCAL, "both"
    assert connection.get_next_available_stream_id() == 3, "and loses the id"


def test_content_without_a_stream_is_refused_by_its_name() -> None:
    connection = client()
    with pytest.raises(NoSuchStreamError):
        connection.send_data(1, b"")
    connection.send_headers(1, GET, end_stream=True)
    connection.reset_stream(1)
    with pytest.raises(StreamClosedError):
        connection.send_data(1, b"")


def test_a_window_that_grows_too_large_is_left_as_it_is() -> None:
    connection = client()
    with pytest.raises(FlowControlError):
        connection.increment_flow_control_window(2**31 - 1)
    assert connection.inbound_flow_control_window == 65_535, "RFC 9113 §6.9.1"


def test_content_goes_behind_its_head() -> None:
    connection = server()
    connection.receive_data(serialize(HeadersFrame(1, BLOCK, end_stream=True)))
    with pytest.raises(ProtocolError):
        connection.send_data(1, b"x")
    connection.send_headers(1, OK)
    connection.send_data(1, b"x", end_stream=True)
    assert [type(each).__name__ for each in said(connection)] == ["HeadersFrame", "DataFrame"], (
        "RFC 9113 §8.1"
    )


def test_a_header_may_be_marked_by_any_hpack() -> None:
    connection = client()
    headers: list[HeaderWeaklyTyped] = [*GET, NeverIndexedHeaderTuple(b"x", b"y")]
    connection.send_headers(1, headers, end_stream=True)
    first = connection.data_to_send()
    connection.send_headers(3, [*GET, ("x", "y")], end_stream=True)
    assert b"\x10\x81\xf3\x81\xf5" in first, "RFC 7541 §6.2.3: never indexed"
    assert b"\x40\x81\xf3\x81\xf5" in connection.data_to_send(), "the same without the mark is"


# -- leaving ----------------------------------------------------------------------------------


def test_what_was_begun_goes_on_behind_a_goodbye() -> None:
    ends = Ends(OURS)
    ends.client.call("send_headers", 1, POST)
    ends.carry()
    asking, answering = ends.client.connection, ends.server.connection
    answering.close_connection()
    asking.send_data(1, b"abc", end_stream=True)
    (data, _) = answering.receive_data(asking.data_to_send())
    assert data.data == b"abc", "RFC 9113 §6.8: up to the last stream all goes on"
    answering.send_headers(1, OK, end_stream=True)
    told = asking.receive_data(answering.data_to_send())
    assert [type(each).__name__ for each in told] == [
        "ConnectionTerminated",
        "ResponseReceived",
        "StreamEnded",
    ], "both ways"
    assert asking.state_machine.state is ConnectionState.CLOSED, "by which software knows"
    with pytest.raises(ProtocolError):
        asking.send_headers(3, GET)


def test_what_a_goodbye_leaves_out_is_over() -> None:
    connection = client()
    connection.send_headers(1, POST)
    connection.send_headers(3, POST)
    (terminated,) = connection.receive_data(serialize(GoAwayFrame(1, 0)))
    assert isinstance(terminated, events.ConnectionTerminated), "h2 says no more than that"
    assert connection.streams[3].closed, "it will never be answered"
    assert not connection.streams[1].closed, "this one may be"
    with pytest.raises(StreamClosedError):
        connection.send_data(3, b"x")


def test_priorities_of_the_peer_are_told() -> None:
    connection = server()
    frames = serialize(
        HeadersFrame(1, BLOCK, end_stream=True, priority=Dependency(3, 7, True))
    ) + serialize(PriorityFrame(5, Dependency(1, 9)))
    request, ended, first, second = connection.receive_data(frames)
    assert isinstance(request, events.RequestReceived), "the request"
    assert request.stream_ended is ended, "the same event, twice"
    assert request.priority_updated is first, "and this one"
    assert repr(second) == (
        "<PriorityUpdated stream_id:5, weight:9, depends_on:1, exclusive:False>"
    ), "by itself"


def test_the_settings_may_be_replaced_as_a_whole() -> None:
    connection = H2Connection()
    connection.local_settings = Settings(client=True, initial_values={STREAMS: 3})
    del connection.local_settings[SettingCodes.ENABLE_CONNECT_PROTOCOL]
    connection.initiate_connection()
    sent = list(FrameReader(preface=True).feed(connection.data_to_send()))
    assert sent == [SettingsFrame([(1, 4096), (2, 1), (4, 65535), (5, 16384), (3, 3)])], (
        "those, in their order"
    )


def test_ends_can_be_made_of_one_library_each() -> None:
    pytest.importorskip("h2")
    log: list[str] = []
    ours = End(OURS, True, log)
    theirs = End(THEIRS, False, log)
    for end in (ours, theirs):
        end.call("initiate_connection")
    for _ in range(3):
        theirs.call("receive_data", ours.connection.data_to_send())
        ours.call("receive_data", theirs.connection.data_to_send())
    ours.call("send_headers", 1, GET, end_stream=True)
    theirs.call("receive_data", ours.connection.data_to_send())
    theirs.call("send_headers", 1, OK, end_stream=True)
    ours.call("receive_data", theirs.connection.data_to_send())
    assert not [line for line in log if " raises " in line], "they understand each other"
    assert "ResponseReceived" in log[-1], "to the end"


def test_what_others_call_by_names_of_h2_is_counted_by_parity() -> None:
    ends = Ends(OURS)
    ends.client.call("send_headers", 1, GET, end_stream=True)
    ends.client.call("send_headers", 3, POST)
    ends.carry()
    client, server = ends.client.connection, ends.server.connection
    for connection in (client, server):
        assert connection._open_streams(1) == 2
        assert connection._open_streams(0) == 0
    ends.server.call("send_headers", 1, OK, end_stream=True)
    assert server._closed_streams == {1: StreamClosedBy.SEND_END_STREAM}
    assert server._open_streams(1) == 1
    assert server._closed_streams == {}, "counting lets go of what is over, as with h2"
