"""What a wrong call is told: what was expected, what came, and the stream."""

from hyper.priority import StreamExists, TooManyStreams, UnknownStream
from hyper.wire import LocalProtocolError


def test_each_says_what_was_expected_and_names_the_stream() -> None:
    assert str(UnknownStream(7)) == "expected a stream that was inserted, got stream 7"
    assert str(StreamExists(7)) == "expected a new stream, got stream 7, which is there already"
    assert str(TooManyStreams(7, 3)) == "expected at most 3 streams, got stream 7 beside them"


def test_each_has_its_parts_and_is_a_wrong_call() -> None:
    unknown, exists, many = UnknownStream(7), StreamExists(7), TooManyStreams(7, 3)
    assert (unknown.stream_id, exists.stream_id, many.stream_id) == (7, 7, 7)
    assert many.limit == 3
    errors: list[Exception] = [unknown, exists, many]
    assert all(isinstance(error, LocalProtocolError) for error in errors), "not the peer's fault"
