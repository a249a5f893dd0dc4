"""Reading a message in the world of threads: in pieces, whole, and when it does not come whole."""

import pytest

from hyper.frame import ErrorCode
from hyper.io import BodyTooLarge, ConnectionLost, StreamReset, TimedOut, TruncatedBody
from hyper.io.sync._incoming import Incoming
from tests.support.links import AT_ONCE, NARROW, WINDOW, attended, threads
from tests.support.wire import POST


def test_what_is_taken_in_pieces_and_what_is_left_make_the_whole() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        request = Incoming(theirs)
        for piece in (b"one", b"two"):
            ours.write(piece)
            assert request.receive() == piece, "a piece as it comes"
        ours.write(b"three")
        ours.end([(b"x-sum", b"1")])
        early = request.trailers
        assert request.read() == b"three", "all that is left"
        assert request.trailers == [(b"x-sum", b"1")], "what came with the end"
        assert early is None, "and not before"
        assert request.receive() == b"", "the end stays the end"
        assert request.read() == b"", "however it is asked for"
        assert list(request) == [], "content is read once"


def test_an_iteration_ends_with_the_content() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        request = Incoming(theirs)
        ours.write(bytes(5_000))
        ours.write(bytes(6_000), end=True)
        for chunk in request:
            assert chunk, "an empty piece would look like the end"
            break
        assert b"".join(request) + chunk == bytes(11_000), "one that is left can be taken up again"


def test_reading_gives_room_for_more() -> None:
    with threads(limits=NARROW) as pair:
        ours, theirs = pair.meet()
        response = Incoming(ours)
        theirs.answer(200, (), bytes(2 * WINDOW))  # waits for nobody: it is the last piece
        size = len(response.receive())
        while size < WINDOW:
            size += len(response.receive())
        with attended(pair.server):  # it hears of the room, and uses it
            assert size + len(response.read()) == 2 * WINDOW, "two windows' worth through one"


def test_a_limit_is_the_most_that_is_read() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        ours.write(bytes(10), end=True)
        assert len(Incoming(theirs).read(10)) == 10, "ten are not more than ten"
        ours, theirs = pair.meet(POST, end=False)
        ours.write(bytes(11))
        with pytest.raises(BodyTooLarge) as caught:
            Incoming(theirs).read(10)  # and does not wait for the end
        assert caught.value.limit == 10, "it says how many would have been well"
        theirs.answer(413, (), b"too much")
        assert Incoming(ours).read() == b"too much", "the exchange goes on: there is an answer"


def test_a_limit_of_nothing_lets_nothing_pass() -> None:
    with threads() as pair:
        ours, theirs = pair.meet()
        assert Incoming(theirs).read(0) == b"", "no content is within any limit"
        theirs.answer(200, (), b"x")
        with pytest.raises(BodyTooLarge):
            Incoming(ours).read(0)


def test_what_came_before_a_reset_is_read_before_it_is_raised() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        request = Incoming(theirs)
        ours.write(b"some")
        assert request.receive() == b"some", "under way"
        ours.reset(ErrorCode.CANCEL)
        with pytest.raises(StreamReset, match="CANCEL"):
            request.read()
        with pytest.raises(StreamReset, match="CANCEL"):
            next(iter(request))


def test_a_connection_that_ends_in_the_middle_says_how_much_came() -> None:
    with threads() as pair:
        ours, theirs = pair.meet(POST, end=False)
        ours.write(bytes(11))
        pair.client.close()
        with pytest.raises(TruncatedBody, match="its first 11 bytes") as caught:
            Incoming(theirs).read()
        assert caught.value.received == 11, "for whoever can go on from there"
        assert isinstance(caught.value, ConnectionLost), "which is what it is"


def test_content_that_does_not_come_is_waited_for_as_long_as_allowed() -> None:
    with threads(server=AT_ONCE) as pair:
        ours, theirs = pair.meet(POST, end=False)
        with pytest.raises(TimedOut, match="expected more content") as caught:
            Incoming(theirs).read()
        assert caught.value.phase == "read", "it says at what"
        with pytest.raises(StreamReset, match="CANCEL"):
            Incoming(ours).read()
