"""Header sections by what is due on their stream."""

import pytest

from hyper.compat.h2._messages import dependency_of
from hyper.compat.h2._stream_states import StreamState
from hyper.compat.h2.exceptions import ProtocolError, StreamClosedError, TooManyStreamsError
from hyper.compat.h2.settings import SettingCodes
from hyper.frame import Priority as Dependency
from tests.support.h2_ends import GET, OK, OURS, POST, Ends

INTERIM = [(":status", "103")]
SUM = [("sum", "1")]


def begun() -> Ends:
    """A request has come to the server whole."""
    ends = Ends(OURS)
    ends.client.connection.send_headers(1, GET, end_stream=True)
    ends.carry()
    return ends


def test_a_server_says_interim_responses_a_final_one_and_trailers() -> None:
    connection = begun().server.connection
    for headers in (INTERIM, INTERIM, OK):
        connection.send_headers(1, headers)
    with pytest.raises(ProtocolError):
        connection.send_headers(1, SUM)
    connection.send_headers(1, SUM, end_stream=True)
    with pytest.raises(StreamClosedError):
        connection.send_headers(1, SUM, end_stream=True)
    assert connection.open_inbound_streams == 0, "both have ended"


def test_an_interim_response_ends_nothing() -> None:
    connection = begun().server.connection
    with pytest.raises(ProtocolError):
        connection.send_headers(1, INTERIM, end_stream=True)
    assert connection.streams[1].state_machine.state is StreamState.HALF_CLOSED_REMOTE, "as it was"


def test_a_response_without_a_status_is_refused_unless_nothing_is_validated() -> None:
    connection = begun().server.connection
    with pytest.raises(ProtocolError):
        connection.send_headers(1, SUM)
    connection.config.validate_outbound_headers = False
    connection.send_headers(1, SUM)
    assert connection.streams[1].state_machine.headers_sent, "RFC 9113 §8.3.2 is its user's"


def test_a_pushed_response_counts_from_its_head_on() -> None:
    ends = begun()
    ends.client.connection.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 1})
    ends.carry()
    connection = ends.server.connection
    connection.push_stream(1, 2, GET)
    connection.push_stream(1, 4, GET)
    assert connection.open_outbound_streams == 0, "RFC 9113 §5.1.2: reserved ones do not count"
    connection.send_headers(2, OK)
    assert connection.open_outbound_streams == 1, "it is half-closed now"
    with pytest.raises(TooManyStreamsError):
        connection.send_headers(4, OK)


def test_a_promise_is_for_a_request_of_the_client_and_safe() -> None:
    ends = begun()
    connection = ends.server.connection
    with pytest.raises(ProtocolError):
        connection.push_stream(1, 2, POST)
    connection.push_stream(1, 2, GET)
    with pytest.raises(ProtocolError):
        connection.push_stream(2, 4, GET)
    connection.send_headers(1, OK, end_stream=True)
    with pytest.raises(ProtocolError):
        connection.push_stream(1, 4, GET)
    assert connection.highest_outbound_stream_id == 2, "the id was not used"


def test_a_client_sends_trailers_and_no_second_request() -> None:
    connection = Ends(OURS).client.connection
    connection.send_headers(1, POST)
    with pytest.raises(ProtocolError):
        connection.send_headers(1, SUM)
    connection.send_headers(1, SUM, end_stream=True)
    with pytest.raises(ProtocolError):
        connection.send_headers(1, SUM, end_stream=True)


@pytest.mark.parametrize(
    ("given", "dependency"),
    [
        ((None, None, None), Dependency(0, 16, False)),
        ((256, None, None), Dependency(0, 256, False)),
        ((None, 7, True), Dependency(7, 16, True)),
    ],
)
def test_a_priority_has_the_defaults_of_h2(
    given: tuple[int | None, int | None, bool | None], dependency: Dependency
) -> None:
    assert dependency_of(1, *given) == dependency, "RFC 7540 §5.3.5"


@pytest.mark.parametrize(("weight", "depends_on"), [(0, None), (257, None), (None, 1)])
def test_a_priority_that_cannot_be_is_refused(weight: int | None, depends_on: int | None) -> None:
    with pytest.raises(ProtocolError):
        dependency_of(1, weight, depends_on, None)
