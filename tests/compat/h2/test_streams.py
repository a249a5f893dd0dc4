"""One stream as h2 shows it."""

import pytest

from hyper.compat.h2._stream_states import StreamClosedBy, StreamState
from hyper.compat.h2._streams import H2Stream
from hyper.compat.h2.config import H2Configuration


def made(stream_id: int = 1) -> H2Stream:
    return H2Stream(stream_id, H2Configuration(), 10, 20)


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
    pushed.note_request(fields)
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
