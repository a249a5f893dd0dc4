"""What a handler leaves behind, between two engines: who is stopped, when, and who never is."""

from collections.abc import Iterator

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Data, Event, Limits, Request, Reset, Response
from hyper.io._leftovers import Leftovers
from hyper.io._mailbox import Mailbox
from tests.support.pair import Pair, drained
from tests.support.wire import GET, POST

WINDOW = 65_535


class Served:
    """A server that has answered, and a client that takes of it what the test lets it take."""

    def __init__(self) -> None:
        # The connection's window is no hindrance: each stream waits for its own.
        limits = Limits(stream_window=WINDOW, connection_window=100 * WINDOW)
        self.pair = Pair(client_limits=limits, server_limits=limits)
        self.pair.flow()
        self.leftovers = Leftovers(self.pair.server)

    def answered(self, size: int, *, unread: bool = False) -> Mailbox:
        """A stream whose response of `size` bytes is queued and complete.

        With `unread` its request has not come to its end.
        """
        client, server = self.pair.client, self.pair.server
        box = Mailbox(client.next_stream_id())
        client.send(Request(box.stream_id, POST if unread else GET, not unread))
        self.pair.flow()
        box.ended = not unread
        server.send(Response(box.stream_id, [(b":status", b"200")]))
        server.send(Data(box.stream_id, bytes(size), True))
        return box

    def left(self, size: int, *, unread: bool = False) -> Mailbox:
        """The same once its handler is done; what the client's window allows is on its way."""
        box = self.answered(size, unread=unread)
        self.leftovers.add(box)
        self.pair.flow()
        return box

    def take(self, box: Mailbox, count: int = WINDOW) -> None:
        """The client reads `count` bytes of a response, so that more of it can come."""
        self.pair.client.consume(box.stream_id, count)
        self.pair.flow()

    def told(self) -> list[Event]:
        """What the client hears of it all."""
        return self.pair.flow()[0]


def resets(events: list[Event]) -> Iterator[tuple[int, int]]:
    return ((event.stream_id, event.code) for event in events if isinstance(event, Reset))


# -- requests that nobody reads --------------------------------------------------------------


def test_a_request_nobody_reads_is_stopped_when_its_response_is_written() -> None:
    served = Served()
    box = served.answered(10, unread=True)
    served.leftovers.add(box)
    assert served.leftovers.reset_unread() == [], "a reset drops what is queued: response first"
    told, _ = served.pair.flow()
    assert [event for event in told if isinstance(event, Data) and event.end_stream], "it is whole"
    assert served.leftovers.reset_unread() == [box], "and then the request is stopped"
    assert served.leftovers.reset_unread() == [], "once"
    assert list(resets(served.told())) == [(box.stream_id, ErrorCode.NO_ERROR)], (
        "RFC 9113 §8.1: NO_ERROR, for nothing is wrong with the response"
    )
    assert served.pair.server.open_streams == 0, "the stream is over"


def test_requests_are_stopped_one_by_one_as_their_responses_go_out() -> None:
    served = Served()
    long = served.left(3 * WINDOW, unread=True)
    short = served.left(10, unread=True)
    assert served.leftovers.reset_unread() == [short], "the long one still has content queued"
    served.take(long)
    served.take(long)
    assert served.leftovers.reset_unread() == [long], "until it is all written"


@pytest.mark.parametrize("how", ["it ended before the handler did", "it ended afterwards"])
def test_a_request_that_came_to_its_end_is_not_stopped(how: str) -> None:
    served = Served()
    if how == "it ended afterwards":
        box = served.left(10, unread=True)
        served.pair.client.send(Data(box.stream_id, b"late", True))
        served.pair.flow()
        served.leftovers.forget(box.stream_id)
    else:
        served.left(10)
    assert served.leftovers.reset_unread() == [], "there is nothing to stop"
    assert list(resets(drained(served.pair.client))) == [], "both messages are complete"


def test_a_stream_that_is_over_is_forgotten() -> None:
    served = Served()
    box = served.left(3 * WINDOW, unread=True)
    served.pair.client.send(Reset(box.stream_id, ErrorCode.CANCEL))
    served.pair.flow()
    served.leftovers.forget(box.stream_id)
    served.leftovers.forget(99)
    assert served.leftovers.reset_unread() == [], "there is no request to stop"
    assert served.told() == [], "nothing is said about it"
