"""One stream as h2 has it, on a connection and by itself.

Not here: each of its steps behind each other; see `test_streams_against_h2`.
"""

from collections.abc import Callable, Sequence

import pytest

from hyper.compat.h2 import events
from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2._streams import H2Stream
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.exceptions import (
    FlowControlError,
    FrameTooLargeError,
    InvalidBodyLengthError,
    ProtocolError,
)
from hyper.compat.hpack import Decoder, Encoder
from hyper.compat.hpack.struct import Header
from hyper.compat.hyperframe.frame import (
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    PushPromiseFrame,
    RstStreamFrame,
    WindowUpdateFrame,
)
from tests.support.h2_ends import GET, HEAD, OK, POST


def made(stream_id: int = 1) -> H2Stream:
    return H2Stream(stream_id, H2Configuration(), 10, 20)


def joined(client_window: int = 100) -> tuple[H2Stream, H2Stream]:
    """Both ends of stream 1, which know nothing of each other."""
    client = H2Stream(1, H2Configuration(), 100, client_window)
    return client, H2Stream(1, H2Configuration(client_side=False), 100, 100)


def fields_of(frames: Sequence[Frame]) -> list[Header]:
    """What a block says, taken out of its frames by a decoder of its own."""
    block = b"".join(frame.data for frame in frames if isinstance(frame, HeadersFrame))
    block += b"".join(frame.data for frame in frames if isinstance(frame, ContinuationFrame))
    return list(Decoder().decode(block, raw=True))


def names(told: list[events.Event]) -> list[str]:
    return [type(event).__name__ for event in told]


def test_a_new_stream_is_idle_and_has_its_windows() -> None:
    stream = made()
    assert repr(stream) == "<H2Stream id:1 state:<StreamState.IDLE: 0>>", "as h2 shows it"
    assert (stream.inbound_flow_control_window, stream.outbound_flow_control_window) == (10, 20)
    assert (stream.open, stream.closed, stream.closed_by) == (False, False, None), "idle"
    assert stream.max_outbound_frame_size is None, "its connection knows"
    assert stream.request_method is None, "nothing was asked"


@pytest.mark.parametrize("state", StreamState)
def test_open_and_closed_go_by_the_state(state: StreamState) -> None:
    stream = made()
    stream.state_machine.state = state
    assert stream.open is (state.name in ("OPEN", "HALF_CLOSED_LOCAL", "HALF_CLOSED_REMOTE")), (
        "RFC 9113 §5.1.2: reserved streams do not count"
    )
    assert stream.closed is (state is StreamState.CLOSED), "the last one"


def test_what_closed_it_is_what_the_machine_says() -> None:
    stream = made()
    stream.state_machine.stream_closed_by = StreamClosedBy.RECV_END_STREAM
    assert stream.closed_by is StreamClosedBy.RECV_END_STREAM, "not by state alone"


def test_the_request_tells_its_method_and_authority() -> None:
    fields = [(b":method", b"HEAD"), (b":authority", b"example.org")]
    stream = made(1)
    stream.note_request(fields)
    assert (stream.request_method, stream.authority) == (b"HEAD", b"example.org"), "as it was sent"
    pushed = made(2)
    pushed.note_promise(fields)
    assert (pushed.request_method, pushed.authority) == (None, b"example.org"), (
        "that of a promise h2 does not keep"
    )


def test_the_window_follows_the_settings_before_and_behind_the_first_content() -> None:
    stream = made()
    stream.resize_window(5)
    assert stream.inbound_flow_control_window == 15, "nothing has come"
    stream.window_manager().window_consumed(3)
    stream.resize_window(-14)
    assert stream.inbound_flow_control_window == -2, "RFC 9113 §6.9.2: it may be below zero"
    assert stream.window_manager().max_window_size == 1, "and so is its largest"


# -- by itself ------------------------------------------------------------------------------------


def test_a_request_and_its_response_go_through_two_streams_by_themselves() -> None:
    client, server = joined()
    head = client.send_headers([*POST, ("content-length", "5")], Encoder())
    assert [frame.flags for frame in head] == [{"END_HEADERS"}], "content is to come"
    _, told = server.receive_headers(fields_of(head), False, None)
    assert names(told) == ["RequestReceived"], "the head alone"
    (content,) = client.send_data(b"hello", end_stream=True, pad_length=2)
    assert isinstance(content, DataFrame)
    assert content.serialize() == b"\0\0\x08\0\x09\0\0\0\x01\x02hello\0\0", "RFC 9113 §6.1"
    assert client.outbound_flow_control_window == 92, "padding counts, with its octet"
    _, told = server.receive_data(bytes(content.data), True, 8)
    assert names(told) == ["DataReceived", "StreamEnded"], "as many octets as were announced"
    assert server.inbound_flow_control_window == 92, "padding counts here too"
    assert server.acknowledge_received_data(1) == [], "too little to be told"
    (update,) = server.acknowledge_received_data(60)
    assert isinstance(update, WindowUpdateFrame), "more than half of the window"
    client.receive_window_update(update.window_increment)
    assert client.outbound_flow_control_window == 100, "as it was"
    interim = server.send_headers([(":status", "103")], Encoder())
    assert names(client.receive_headers(fields_of(interim), False, None)[1]) == [
        "InformationalResponseReceived"
    ], "RFC 9110 §15.2"
    final = server.send_headers(OK, Encoder())
    assert names(client.receive_headers(fields_of(final), False, "ascii")[1]) == [
        "ResponseReceived"
    ], "the response proper"
    trailers = server.send_headers([("sum", "1")], Encoder(), end_stream=True)
    _, told = client.receive_headers(fields_of(trailers), True, "ascii")
    assert names(told) == ["TrailersReceived", "StreamEnded"], "the end of the message"
    assert isinstance(told[0], events.TrailersReceived)
    assert repr(told[0].headers) == "[('sum', '1')]", "text, where a coding was named"
    assert client.closed_by is StreamClosedBy.RECV_END_STREAM, "the last word was the server's"
    assert server.closed_by is StreamClosedBy.SEND_END_STREAM, "so it was"


def test_a_long_block_goes_on_in_continuations() -> None:
    client, server = joined()
    client.max_outbound_frame_size = 20
    frames = client.send_headers([*GET, ("long", "x" * 50)], Encoder(), end_stream=True)
    assert isinstance(frames[0], HeadersFrame), "RFC 9113 §6.2"
    assert frames[0].flags == {"END_STREAM"}, "it ends the stream, and not the block"
    assert all(isinstance(frame, ContinuationFrame) for frame in frames[1:]), "RFC 9113 §6.10"
    assert [len(frame.data) for frame in frames[:-1]] == [20] * (len(frames) - 1), "all are full"
    assert [frame.flags for frame in frames[1:]] == [set()] * (len(frames) - 2) + [
        {"END_HEADERS"}
    ], "the last one ends the block"
    _, told = server.receive_headers(fields_of(frames), True, None)
    assert names(told) == ["RequestReceived", "StreamEnded"], "nothing of it was lost"


def test_a_promise_is_sent_on_one_stream_and_opens_another() -> None:
    client, server = joined()
    server.receive_headers(fields_of(client.send_headers(GET, Encoder(), True)), True, None)
    server.max_outbound_frame_size = 20
    frames = server.push_stream_in_band(2, [*GET, ("long", "x" * 50)], Encoder())
    assert isinstance(frames[0], PushPromiseFrame), "RFC 9113 §6.6"
    assert frames[0].promised_stream_id == 2, "the other one"
    assert frames[0].serialize()[:3] == b"\0\0\x14", "with its id in front it is no longer than 20"
    promised = H2Stream(2, H2Configuration(client_side=False), 100, 100)
    assert promised.locally_pushed() == [], "the frames are the first one's"
    assert promised.state_machine.state is StreamState.RESERVED_LOCAL, "RFC 9113 §5.1"
    request = [(name.encode(), value.encode()) for name, value in GET]
    _, (told,) = client.receive_push_promise_in_band(2, request, None)
    assert isinstance(told, events.PushedStreamReceived)
    assert (told.pushed_stream_id, told.parent_stream_id) == (2, 1), "which, and on which"
    pushed = H2Stream(2, H2Configuration(), 100, 100)
    assert pushed.remotely_pushed(request) == ([], []), "the event is the first one's"
    alternative = AltSvcFrame(2, field=b'h2=":1"')
    _, (available,) = pushed.receive_alt_svc(alternative)
    assert isinstance(available, events.AlternativeServiceAvailable)
    assert available.origin == b"example.org", "RFC 7838 §4: of what was promised"
    (reset,) = pushed.reset_stream(ErrorCodes.CANCEL)
    assert reset.serialize()[-1] == ErrorCodes.CANCEL, "nobody wants it"
    _, (ended,) = promised.stream_reset(RstStreamFrame(2, ErrorCodes.CANCEL))
    assert isinstance(ended, events.StreamReset)
    assert ended.remote_reset, "by the peer"
    with pytest.raises(ProtocolError, match="used already"):
        server.locally_pushed()


def test_the_upgrade_opens_stream_1_alone() -> None:
    client, server = joined()
    client.upgrade(True)
    server.upgrade(False)
    assert client.state_machine.state is StreamState.HALF_CLOSED_LOCAL, "RFC 7540 §3.2"
    assert server.state_machine.state is StreamState.HALF_CLOSED_REMOTE, "RFC 7540 §3.2"
    third = made(3)
    with pytest.raises(ProtocolError, match="only stream 1"):
        third.upgrade(True)
    assert third.state_machine.state is StreamState.IDLE, "nothing has changed"


WRONG: dict[str, tuple[Callable[[H2Stream], object], type[Exception]]] = {
    "content beyond the window": (lambda it: it.send_data(bytes(21)), FlowControlError),
    "a frame that is too long": (lambda it: it.send_data(bytes(11)), FrameTooLargeError),
    "padding that has no length": (lambda it: it.send_data(b"", pad_length=256), ValueError),
    "trailers that go on": (lambda it: it.send_headers([("a", "b")], Encoder()), ProtocolError),
    "a field that would end": (
        lambda it: it.send_headers([("a", "b\r\nc: d")], Encoder(), True),
        ProtocolError,
    ),
    "a field without a name": (
        lambda it: it.send_headers([("", "b")], Encoder(), True),
        ProtocolError,
    ),
    "a push by a client": (lambda it: it.push_stream_in_band(2, GET, Encoder()), ProtocolError),
    "a window of 2^31": (
        lambda it: it.increase_flow_control_window(2**31 - 1),
        FlowControlError,
    ),
    "an increment of 0": (lambda it: it.increase_flow_control_window(0), ValueError),
    "less than nothing": (lambda it: it.acknowledge_received_data(-1), ValueError),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_call_changes_nothing(wrong: str) -> None:
    call, kind = WRONG[wrong]
    stream = made()
    stream.send_headers(GET, Encoder())
    stream.max_outbound_frame_size = 10
    standing = dict(vars(stream.state_machine)), stream.inbound_flow_control_window
    with pytest.raises(kind):
        call(stream)
    assert (dict(vars(stream.state_machine)), stream.inbound_flow_control_window) == standing, (
        "a program may catch it and go on"
    )
    assert len(stream.send_data(b"12345")) == 1, "and it does"


def test_content_is_held_to_what_was_announced() -> None:
    response = [(b":status", b"200"), (b"content-length", b"5")]
    for end, content in ((True, b"1234"), (False, b"123456")):
        client, _ = joined()
        client.send_headers(GET, Encoder())
        client.receive_headers(response, False, None)
        with pytest.raises(InvalidBodyLengthError):
            client.receive_data(content, end, len(content))
    client, _ = joined()
    client.send_headers(HEAD, Encoder(), end_stream=True)
    client.receive_headers(response, True, None)
    assert client.closed, "RFC 9110 §8.6: the length of another response"
    client, _ = joined()
    client.send_headers(GET, Encoder(), end_stream=True)
    with pytest.raises(ProtocolError, match="content-length"):
        client.receive_headers([*response, (b"content-length", b"9" * 5_000)], False, None)


def test_a_window_beyond_its_largest_resets_the_stream() -> None:
    client, _ = joined()
    client.send_headers(GET, Encoder())
    (frame,), (told,) = client.receive_window_update(2**31 - 1)
    assert isinstance(frame, RstStreamFrame), "RFC 9113 §6.9.1: a stream error"
    assert isinstance(told, events.StreamReset)
    assert not told.remote_reset, "this end did it"
    assert client.receive_window_update(1) == ([], []), "it was on its way"


def test_a_continuation_by_itself_is_a_fault() -> None:
    client, _ = joined()
    client.send_headers(GET, Encoder())
    with pytest.raises(ProtocolError):
        client.receive_continuation()
    assert client.closed, "RFC 9113 §6.10"


def test_end_of_stream_and_an_alternative_service_are_frames_of_their_own() -> None:
    client, server = joined()
    server.receive_headers(fields_of(client.send_headers(POST, Encoder())), False, None)
    (end,) = client.end_stream()
    assert end.serialize() == b"\0\0\0\0\x01\0\0\0\x01", "RFC 9113 §6.1: empty, with END_STREAM"
    (frame,) = server.advertise_alternative_service(b'h2=":1"')
    assert isinstance(frame, AltSvcFrame), "RFC 7838 §4"
    _, (available,) = client.receive_alt_svc(frame)
    assert isinstance(available, events.AlternativeServiceAvailable)
    assert available.field_value == b'h2=":1"', "as it was said"
    frame.origin = b"else.where"
    assert client.receive_alt_svc(frame) == ([], []), "RFC 7838 §4: with an origin it is ignored"
