"""What the engine knows of a stream that has just been made."""

import sys

from hyper.h2 import StreamState
from hyper.h2.message_life import MessageState
from hyper.h2.stream import Stream


def test_a_stream_starts_idle_and_with_nothing_said() -> None:
    stream = Stream(7)
    assert stream.stream_id == 7
    assert stream.state is StreamState.IDLE
    assert stream.received is MessageState.AWAIT_HEAD
    assert stream.outbound is MessageState.AWAIT_HEAD


def test_windows_and_queues_are_made_when_they_are_needed() -> None:
    stream = Stream(1)
    assert stream.inbound is None, "most requests have no content"
    assert stream.queue is None, "and many responses are a head alone"
    assert stream.request is None


def test_no_length_is_announced_at_first() -> None:
    stream = Stream(1)
    assert stream.content_length == -1, "0 would be a promise"


def test_a_stream_is_small() -> None:
    assert sys.getsizeof(Stream(1)) <= 256, "a thousand open ones are a quarter of a megabyte"
