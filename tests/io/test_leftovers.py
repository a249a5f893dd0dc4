"""What a handler leaves behind, between two engines: who is reset, when, and who never is."""

from collections.abc import Iterator

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Data, Event, Limits, Request, Reset, Response
from hyper.io._leftovers import Leftovers
from hyper.io._mailbox import Mailbox
from tests.support.pair import Pair, drained
from tests.support.wire import GET, POST

WINDOW = 65_535
PATIENCE = 30.0


class Served:
    """A server that has answered, and a client that takes of it what the test lets it take."""

    def __init__(self, patience: float | None = PATIENCE) -> None:
        # The connection's window is no hindrance: each stream waits for its own.
        limits = Limits(stream_window=WINDOW, connection_window=100 * WINDOW)
        self.pair = Pair(client_limits=limits, server_limits=limits)
        self.pair.flow()
        self.leftovers = Leftovers(self.pair.server, patience)

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

    def left(self, size: int, now: float, *, unread: bool = False) -> Mailbox:
        """The same once its handler is done; what the client's window allows is on its way."""
        box = self.answered(size, unread=unread)
        self.leftovers.add(box, now)
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


# -- responses that nobody takes -------------------------------------------------------------


def test_without_leftovers_nothing_is_due() -> None:
    leftovers = Served().leftovers
    assert leftovers.next_timer() is None, "nothing to look at"
    assert leftovers.sweep(1e9) == [], "nothing to reset"
    assert leftovers.reset_unread() == [], "nothing to stop"


def test_a_response_of_which_nothing_is_taken_is_reset() -> None:
    served = Served()
    box = served.left(3 * WINDOW, 100.0)
    assert served.leftovers.next_timer() == 130.0, "patience counts from the end of the handler"
    assert served.leftovers.sweep(129.9) == [], "an early call is no look"
    # The first window went out after `add`: that was progress.
    assert served.leftovers.sweep(130.0) == [], "the client has taken a window's worth"
    assert served.leftovers.next_timer() == 160.0, "look again"
    assert served.leftovers.sweep(160.0) == [box.stream_id], "nothing since: it is given up"
    assert list(resets(served.told())) == [(box.stream_id, ErrorCode.CANCEL)], (
        "RFC 9113 §7: CANCEL, the stream is no longer needed"
    )
    assert served.pair.server.open_streams == 0, "its queue is no longer held"
    assert served.leftovers.next_timer() is None, "and nothing is left to look at"


def test_a_response_that_is_taken_slowly_is_never_reset() -> None:
    served = Served()
    box = served.left(12 * WINDOW, 100.0)
    for look in range(1, 21):
        assert served.leftovers.sweep(100.0 + look * PATIENCE) == [], "some was taken in between"
        served.take(box, WINDOW // 2)
    assert served.pair.server.pending(box.stream_id), "ten minutes, and it is not all out"
    assert list(resets(served.told())) == [], "slow is not stalled"


def test_a_response_is_given_all_the_patience_whenever_its_handler_ends() -> None:
    # The look is one for all streams: a stream that joins just before it has not stalled by then.
    served = Served()
    first = served.left(3 * WINDOW, 100.0)
    late = served.answered(3 * WINDOW)
    served.pair.flow()  # the window is full before the handler ends
    served.leftovers.add(late, 129.9)
    assert served.leftovers.sweep(130.0) == [], "a tenth of a second is not half a minute"
    served.take(first)
    assert served.leftovers.sweep(160.0) == [late.stream_id], "now it is; the other goes on"


def test_a_response_that_was_written_out_is_not_looked_for() -> None:
    served = Served()
    served.left(10, 100.0)
    assert served.leftovers.sweep(130.0) == [], "it is gone, in good order"
    assert served.leftovers.next_timer() is None, "so there is no reason to wake up again"
    assert list(resets(served.told())) == [], "and nothing to reset"


def test_a_stream_that_is_over_is_forgotten() -> None:
    served = Served()
    box = served.left(3 * WINDOW, 100.0, unread=True)
    served.pair.client.send(Reset(box.stream_id, ErrorCode.CANCEL))
    served.pair.flow()
    served.leftovers.forget(box.stream_id)
    served.leftovers.forget(99)
    assert served.leftovers.sweep(130.0) == [], "the client has reset it by itself"
    assert served.leftovers.reset_unread() == [], "there is no request to stop"
    assert served.told() == [], "nothing is said about it"


def test_without_patience_a_response_may_stay_for_ever() -> None:
    served = Served(patience=None)
    served.left(3 * WINDOW, 100.0)
    assert served.leftovers.next_timer() is None, "`None` is for ever"
    assert served.leftovers.sweep(1e9) == [], "thirty years are not"
    assert served.pair.server.open_streams == 1, "it is still there"


def test_the_table_stays_in_proportion_to_what_is_open() -> None:
    # Most responses are gone with the next write: without a look now and then each would leave an
    # entry until the sweep, and without patience there is none.
    served = Served(patience=None)
    for number in range(1_000):
        served.left(10, float(number))
    kept = len(served.leftovers._draining)  # noqa: SLF001 - a leak has no public name
    assert kept <= 17, "a thousand exchanges, none of them open"


# -- requests that nobody reads --------------------------------------------------------------


def test_a_request_nobody_reads_is_stopped_when_its_response_is_written() -> None:
    served = Served()
    box = served.answered(10, unread=True)
    served.leftovers.add(box, 100.0)
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
    long = served.left(3 * WINDOW, 100.0, unread=True)
    short = served.left(10, 100.0, unread=True)
    assert served.leftovers.reset_unread() == [short], "the long one still has content queued"
    served.take(long)
    served.take(long)
    assert served.leftovers.reset_unread() == [long], "until it is all written"


@pytest.mark.parametrize("how", ["it ended before the handler did", "it ended afterwards"])
def test_a_request_that_came_to_its_end_is_not_stopped(how: str) -> None:
    served = Served()
    if how == "it ended afterwards":
        box = served.left(10, 100.0, unread=True)
        served.pair.client.send(Data(box.stream_id, b"late", True))
        served.pair.flow()
        served.leftovers.read(box.stream_id)
    else:
        served.left(10, 100.0)
    assert served.leftovers.reset_unread() == [], "there is nothing to stop"
    assert served.leftovers.sweep(130.0) == [], "nor to give up"
    assert list(resets(drained(served.pair.client))) == [], "both messages are complete"


def test_a_request_whose_response_stalls_is_given_up_once() -> None:
    served = Served()
    box = served.left(3 * WINDOW, 100.0, unread=True)
    served.leftovers.sweep(130.0)
    assert served.leftovers.sweep(160.0) == [box.stream_id], "the response is given up"
    assert served.leftovers.reset_unread() == [], "and with it the stream: one reset is enough"
    assert list(resets(served.told())) == [(box.stream_id, ErrorCode.CANCEL)], "the first"
