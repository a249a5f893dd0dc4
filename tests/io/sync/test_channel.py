"""The verbs of a stream in the world of threads: what they send, and what they wait for."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from hyper.frame import ErrorCode
from hyper.http import Version
from hyper.io import StreamReset, TimedOut
from hyper.io.sync._channel import Channel
from hyper.wire import Buffer, Field, LocalProtocolError
from tests.support.links import AT_ONCE, NARROW, WINDOW, attended, hold, moving, threads
from tests.support.wire import GET, POST


def drain(channel: Channel) -> bytes:
    """All the content there is to come."""
    content = b""
    while chunk := channel.take():
        content += chunk
    return content


# -- from the peer ---------------------------------------------------------------------------


def test_interim_responses_are_taken_in_turn_until_the_final_head_is_there() -> None:
    with threads() as pair:
        ours, theirs = pair.meet()
        theirs.inform(103, [(b"link", b"</a.css>")])
        theirs.inform(103, [(b"link", b"</b.css>")])
        for name in (b"</a.css>", b"</b.css>"):
            interim = ours.next_interim()
            assert interim is not None, "one that was not told of"
            assert interim.fields == [(b"link", name)], "in the order they were sent"
        theirs.respond(200, (), end=True)
        assert ours.next_interim() is None, "no other will come"
        assert ours.box.head == [(b":status", b"200")], "the final head is there"
        assert ours.next_interim() is None, "and stays"


def test_content_is_taken_piece_by_piece_to_its_end() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        for piece in (b"one", b"two"):
            ours.write(piece)
            assert theirs.take() == piece, "as soon as it is there"
        ours.end([(b"x-sum", b"1")])
        assert theirs.take() == b"", "the end"
        assert theirs.take() == b"", "which stays the end"
        assert theirs.box.trailers == [(b"x-sum", b"1")], "what came with it"


def test_taking_content_tells_a_client_that_waits_to_be_told() -> None:
    with threads() as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet([*POST, (b"expect", b"100-continue")], end=False)
        taking = crew.submit(theirs.take)
        interim = ours.next_interim()
        assert interim is not None, "RFC 9110 §10.1.1: the client waits for it"
        assert interim.status == 100, "go on"
        ours.write(b"content", end=True)
        assert taking.result(10) == b"content", "which it does"
        theirs.respond(200, (), end=True)
        assert ours.next_interim() is None, "it is told once"


def test_taking_lets_the_peer_send_more() -> None:
    with (
        threads(limits=NARROW) as pair,
        attended(pair.client),
        ThreadPoolExecutor() as crew,
    ):
        ours, theirs = pair.meet(POST, end=False)
        sending = crew.submit(ours.send_body, bytes(3 * WINDOW), [(b"x-end", b"1")])
        assert len(drain(theirs)) == 3 * WINDOW, (
            "three windows' worth, though one is all that was open"
        )
        sending.result(10)


# -- to the peer -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"hello", b""], ids=["content", "no content"])
def test_an_answer_is_a_whole_response(content: bytes) -> None:
    with threads() as pair:
        ours, theirs = pair.meet()
        theirs.answer(200, [(b"a", b"1")], content)
        assert ours.next_interim() is None, "its head"
        assert ours.box.head == [(b":status", b"200"), (b"a", b"1")], "the fields in order"
        if content:
            assert ours.take() == content, "its content"
        assert ours.take() == b"", "its end"
        with pytest.raises(LocalProtocolError):
            theirs.write(b"more")


def test_a_writer_waits_while_too_much_is_queued() -> None:
    with threads(limits=NARROW) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet(POST, end=False)
        writing = crew.submit(ours.write, bytes(4 * WINDOW))
        hold(theirs, WINDOW)
        assert not writing.done(), "three windows' worth lies here; memory is not endless"
        with attended(pair.client):
            size = 0
            while size < 4 * WINDOW:
                size += len(theirs.take())
            writing.result(10)  # the reader has read, the writer goes on
            ours.write(b"little")
            ours.end(())
            assert drain(theirs) == b"little", "and little is not waited for"


def test_the_last_piece_is_not_waited_for() -> None:
    with threads(limits=NARROW, client=AT_ONCE) as pair:
        ours, theirs = pair.meet(POST, end=False)
        ours.write(bytes(4 * WINDOW), end=True)  # whoever waited would fail
        hold(theirs, WINDOW)
        assert ours.box.sent_end, "there is nothing more to write, so nothing to wait with"


def test_a_writer_that_waits_is_told_of_the_reset() -> None:
    with threads(limits=NARROW) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet(POST, end=False)
        writing = crew.submit(ours.write, bytes(4 * WINDOW))
        hold(theirs, WINDOW)
        theirs.reset(ErrorCode.ENHANCE_YOUR_CALM)
        with pytest.raises(StreamReset, match="ENHANCE_YOUR_CALM"):
            writing.result(10)


@pytest.mark.parametrize(
    "body", [b"hello", bytearray(b"hello"), memoryview(b"hello")], ids=["bytes", "array", "view"]
)
@pytest.mark.parametrize("trailers", [(), [(b"x-end", b"1")]], ids=["plain", "trailers"])
def test_a_body_that_is_there_is_sent_whole(body: Buffer, trailers: Sequence[Field]) -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        ours.send_body(body, trailers)
        assert theirs.take() == b"hello", "any buffer is content"
        assert theirs.take() == b"", "and its end"
        assert (theirs.box.trailers or ()) == trailers, "with trailers if there are any"


def test_a_body_in_pieces_is_asked_for_more_as_there_is_room() -> None:
    asked: list[int] = []
    over: list[str] = []

    def pieces() -> Iterator[bytes]:
        for number in range(8):
            asked.append(number)
            yield bytes(WINDOW)
        over.append("body")

    def trailers() -> Sequence[Field]:
        over.append("trailers")
        return [(b"x-sum", b"1")]

    with threads(limits=NARROW) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet(POST, end=False)
        sending = crew.submit(ours.send_body, pieces(), trailers)
        hold(theirs, WINDOW)
        assert len(asked) <= 3, "one is at the peer, two lie here; the rest is not made yet"
        with attended(pair.client):
            drain(theirs)
        sending.result(10)
        assert theirs.box.received == 8 * WINDOW, "all of it came"
        assert over == ["body", "trailers"], "a checksum is known when the last piece is"
        assert theirs.box.trailers == [(b"x-sum", b"1")], "and came too"


def test_what_a_body_raises_is_raised_and_the_stream_is_the_callers() -> None:
    class MyOwnError(Exception):
        pass

    def pieces() -> Iterator[bytes]:
        yield b"some"
        raise MyOwnError

    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        with pytest.raises(MyOwnError):
            ours.send_body(pieces(), ())
        ours.end(())
        assert theirs.take() == b"some", "what was written has gone"
        assert theirs.take() == b"", "and whether it ends here is not for the body to say"


# -- early ends ------------------------------------------------------------------------------


def test_a_reset_is_heard_at_both_ends() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        ours.reset(ErrorCode.REFUSED_STREAM)
        ours.reset(ErrorCode.CANCEL)  # the second does nothing
        with pytest.raises(StreamReset, match="REFUSED_STREAM") as caught:
            theirs.take()
        assert caught.value.by_peer, "the other end did it"
        for verb in (ours.take, ours.next_interim, lambda: ours.write(b"x")):
            with pytest.raises(StreamReset, match="by this side"):
                verb()


def test_a_reset_of_what_is_over_does_nothing() -> None:
    with threads() as pair:
        ours, theirs = pair.meet()
        theirs.answer(200, (), b"hello")
        assert ours.next_interim() is None, "the response is there"
        ours.reset(ErrorCode.CANCEL)
        theirs.reset(ErrorCode.CANCEL)
        assert ours.box.error is None, "nothing has failed"
        assert theirs.box.error is None, "on either side"


def test_abandoning_takes_no_lock_and_the_next_use_of_the_connection_resets_the_stream() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        # A destructor may run in any thread at any point, this one included.
        pair.client.ask(ours.abandon)
        with pytest.raises(StreamReset, match="CANCEL"):
            theirs.take()


def test_what_is_over_and_read_is_not_abandoned() -> None:
    with threads() as pair:
        ours, theirs = pair.meet()
        theirs.answer(200, (), b"hello")
        assert ours.take() == b"hello", "all there was"
        assert ours.take() == b"", "to its end"
        ours.abandon()
        assert not pair.client.pump.abandoned, "nobody has anything to clear up"
        unread, theirs = pair.meet()
        theirs.answer(200, (), b"hello")
        unread.next_interim()
        unread.abandon()
        assert pair.client.pump.abandoned, "what holds content holds credit"


def test_a_wait_that_is_too_long_says_for_what_and_resets_the_stream() -> None:
    def response(ours: Channel, _: Channel) -> None:
        ours.next_interim()

    def content(ours: Channel, theirs: Channel) -> None:
        theirs.respond(200, (), end=False)
        pair.client.wait(ours.box.stream_id, lambda: ours.box.head, 10.0, TimeoutError)
        ours.take()

    def room(ours: Channel, _: Channel) -> None:
        ours.write(bytes(4 * WINDOW))

    cases: list[tuple[Callable[[Channel, Channel], None], str, str]] = [
        (response, "read", "expected a response within 0 s"),
        (content, "read", "expected more content within 0 s"),
        (room, "write", "expected room for more content within 0 s"),
    ]
    for verb, phase, message in cases:
        with threads(limits=NARROW, client=AT_ONCE) as pair:
            ours, theirs = pair.meet(POST, end=False)
            with pytest.raises(TimedOut, match=message) as caught:
                verb(ours, theirs)
            assert caught.value.phase == phase, "what it was at"
            with pytest.raises(StreamReset, match="CANCEL"):
                drain(theirs)
            with pytest.raises(TimedOut):
                ours.write(b"x")
            other, theirs = pair.meet()
            theirs.answer(200, (), b"")
            has_head = partial(pair.client.pump.streams.has_head, other.box)
            pair.client.wait(other.box.stream_id, has_head, 10.0, TimeoutError)
            assert other.take() == b"", "the connection is none the worse"


def test_time_counts_from_ones_turn_on_a_connection_of_http_1_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with threads(client=AT_ONCE, version=Version.HTTP_1_1) as pair, ThreadPoolExecutor() as crew:
        ours, theirs = pair.meet([*POST, (b"content-length", b"2")], end=False)
        second = pair.client.ask(lambda: pair.client.pump.request(GET, end_stream=True))
        # The time is up, but something has moved since; from then on there is no hurry.
        monkeypatch.setattr(pair.client.pump, "patience", moving())
        waiting = crew.submit(Channel(pair.client, second).next_interim)
        ours.write(b"o")
        hold(theirs, 1)
        assert not waiting.done(), "the server owes nothing to a request that was not sent"
        ours.write(b"k", end=True)
        hold(theirs, 2)
        theirs.respond(204, (), end=True)
        with pytest.raises(TimedOut, match="expected a response within 0 s"):
            waiting.result(10)
        assert ours.box.ended, "it was its turn: the one before has its answer"


def test_a_request_behind_a_response_that_nobody_reads_gives_up() -> None:
    with threads(client=AT_ONCE, version=Version.HTTP_1_1) as pair:
        ours, theirs = pair.meet(GET, end=True)
        second = pair.client.ask(lambda: pair.client.pump.request(GET, end_stream=True))
        with pytest.raises(TimedOut, match="a response to those before this request within 0 s"):
            Channel(pair.client, second).next_interim()
        theirs.respond(204, (), end=True)
        has_head = partial(pair.client.pump.streams.has_head, ours.box)
        assert pair.client.wait(ours.box.stream_id, has_head, 10.0, TimeoutError), "none the worse"
