"""The messages for a value that does not fit."""

from hyper.frame.ranges import bad_stream, out_of_range
from hyper.wire import LocalProtocolError


def test_the_message_says_what_would_fit_and_what_came() -> None:
    assert str(out_of_range("a weight", 300, 1, 256)) == "expected a weight of 1 to 256, got 300"
    assert str(bad_stream("PING", -1, 0)) == (
        "expected a stream identifier for PING of 0 to 2147483647, got -1"
    )


def test_it_is_the_callers_fault() -> None:
    assert isinstance(bad_stream("DATA", 0), LocalProtocolError), "not the peer's"
