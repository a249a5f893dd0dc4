"""The streams of a connection: exchanges, back-pressure, early ends, handlers."""

import gc

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import ConnectionLost, StreamReset
from hyper.io._mailbox import Mailbox
from hyper.io._streams import CONNECTION
from hyper.wire import LocalProtocolError
from tests.support.wire import GET, HEAD, POST, Wire, drain

# -- a plain exchange ------------------------------------------------------------------------


def test_an_exchange_goes_through_both_mailboxes() -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    assert wire.client.streams.has_head(ours) is None, "no head yet: wait"
    assert wire.server.streams.take(theirs) is None, "no content yet: wait"
    wire.client.streams.write(ours, b"ping", end=False)
    wire.client.streams.end(ours, [(b"x-sum", b"1")])
    wire.settle()
    assert drain(wire.server, theirs) == b"ping", "the content"
    assert wire.server.streams.take(theirs) == b"", "and its end"
    assert theirs.trailers == [(b"x-sum", b"1")], "with the trailers"
    wire.server.streams.inform(theirs, 103, ())
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, b"pong", end=True)
    assert wire.server.streams.finish(theirs), "the handler has done its part"
    wire.settle()
    assert wire.client.streams.has_head(ours), "a head is there"
    interim = ours.next_interim()
    assert interim is not None, "the interim one first"
    assert interim.status == 103, "with its status"
    assert ours.next_interim() is None, "then the final one"
    assert drain(wire.client, ours) == b"pong", "and its content"
    assert wire.client.streams.over(ours), "nothing more on this side"
    assert wire.server.streams.over(theirs), "nor on that"
    assert not wire.server.streams.busy, "and no handler"


def test_what_changed_is_told_once() -> None:
    wire = Wire()
    wire.client.take_changed()
    ours, theirs = wire.meet()
    assert CONNECTION in wire.server.take_changed(), "a request came: somebody must accept it"
    wire.server.streams.respond(theirs, 200, (), end=True)
    wire.settle()
    assert wire.client.take_changed() == {ours.stream_id}, "the stream that something came for"
    assert wire.client.take_changed() == set(), "and only once"


def test_a_wrong_call_changes_nothing() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    with pytest.raises(LocalProtocolError):
        wire.server.streams.write(theirs, b"before the head", end=False)
    with pytest.raises(LocalProtocolError):
        wire.client.request([(b":method", b"GET")], end_stream=True)
    wire.server.streams.respond(theirs, 200, (), end=True)
    with pytest.raises(LocalProtocolError):
        wire.server.streams.respond(theirs, 200, (), end=True)
    wire.settle()
    assert wire.client.streams.take(ours) == b"", "the exchange is as it would have been"


# -- back-pressure ---------------------------------------------------------------------------


def test_credit_is_given_back_when_content_is_taken_and_not_before() -> None:
    window = 65_535
    wire = Wire(limits=Limits(stream_window=window, connection_window=10 * window))
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(3 * window), end=True)
    wire.settle()
    assert ours.held == window, "what the window allows is held, not a byte more"
    assert wire.server.streams.queued(theirs) == 2 * window, "the rest waits at the sender"
    taken = len(drain(wire.client, ours))
    assert ours.held == 0, "all is taken"
    wire.settle()
    assert 0 < ours.held <= window, "so more comes, and no more than there is room for"
    while chunk := wire.client.streams.take(ours):
        taken += len(chunk)
        wire.settle()
    assert taken == 3 * window, "and nothing is lost"


def test_a_writer_is_asked_to_wait_and_told_to_go_on() -> None:
    limits = Limits(stream_window=65_535, send_high_water=20_000, send_low_water=5_000)
    wire = Wire(limits=limits)
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(65_535), end=False)
    assert wire.server.streams.room(theirs) is None, "over the high-water mark: wait"
    wire.settle()
    assert wire.server.streams.room(theirs), "it all went out: go on"
    wire.server.streams.write(theirs, bytes(20_001), end=False)
    wire.settle()
    assert wire.server.streams.room(theirs) is None, "the window is full: wait"
    wire.server.take_changed()
    drain(wire.client, ours)
    wire.settle()
    assert wire.server.streams.room(theirs), "the reader has read: go on"
    assert theirs.stream_id in wire.server.take_changed(), "and whoever waits is woken"


def test_the_last_piece_leaves_nobody_waiting() -> None:
    # The engine has no word for "write more" on a stream whose end is queued.
    wire = Wire(limits=Limits(stream_window=65_535))
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(200_000), end=False)
    assert wire.server.streams.room(theirs) is None, "over the high-water mark"
    wire.server.streams.end(theirs, ())
    assert wire.server.streams.room(theirs), "but there is nothing more to write"
    assert ours.error is None, "and all is well"


def test_tiny_frames_are_held_in_big_pieces() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    for _ in range(5_000):
        wire.server.streams.write(theirs, b"x", end=False)
        wire.settle()
    pieces = 0
    while wire.client.streams.take(ours):
        pieces += 1
    assert pieces < 10, "a thousand pieces of a byte would cost a thousand objects"
    assert ours.received == 5_000, "and every byte is there"


def test_a_dropped_response_gives_its_credit_back() -> None:
    window = 65_535
    wire = Wire(limits=Limits(stream_window=window, connection_window=window))
    for _ in range(5):
        ours, theirs = wire.meet()
        wire.server.streams.respond(theirs, 200, (), end=False)
        wire.server.streams.write(theirs, bytes(window), end=True)
        wire.server.streams.finish(theirs)
        wire.settle()
        assert ours.held == window, "the whole connection's window, were it never given back"
        wire.client.abandoned.append(ours)
        wire.settle()
        assert wire.client.streams.over(ours), "the stream is over"


# -- early ends ------------------------------------------------------------------------------


def test_a_reset_reaches_readers_and_writers() -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    wire.server.streams.reset(theirs, ErrorCode.REFUSED_STREAM)
    wire.settle()
    with pytest.raises(StreamReset) as caught:
        wire.client.streams.has_head(ours)
    assert caught.value.retryable, "RFC 9113 §8.7: REFUSED_STREAM means that nothing was done"
    with pytest.raises(StreamReset):
        wire.client.streams.write(ours, b"x", end=False)
    with pytest.raises(StreamReset, match="by this side"):
        wire.server.streams.respond(theirs, 200, (), end=True)
    wire.server.streams.finish(theirs)
    assert not wire.server.streams.busy, "a reset exchange leaves nothing behind"


def test_what_came_before_a_reset_is_still_there() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, b"half", end=False)
    wire.settle()
    wire.server.streams.reset(theirs, ErrorCode.INTERNAL_ERROR)
    wire.settle()
    assert wire.client.streams.has_head(ours), "the head"
    assert wire.client.streams.take(ours) == b"half", "and what there was of the body"
    with pytest.raises(StreamReset, match="INTERNAL_ERROR"):
        wire.client.streams.take(ours)


def test_a_whole_response_survives_the_reset_behind_it() -> None:
    # RFC 9113 §8.1: clients MUST NOT discard responses as a result of receiving such a RST_STREAM.
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.write(ours, b"unread", end=False)
    wire.settle()
    wire.server.streams.respond(theirs, 413, (), end=False)
    wire.server.streams.write(theirs, b"no", end=True)
    wire.server.streams.finish(theirs)
    wire.settle()
    assert drain(wire.client, ours) == b"no", "the response"
    assert wire.client.streams.take(ours) == b"", "to its end"
    with pytest.raises(StreamReset, match="NO_ERROR"):
        wire.client.streams.write(ours, b"more", end=False)
    assert wire.server.open_streams == 0, "the server has let go of the stream"


def test_the_reset_of_an_unread_request_waits_for_the_response() -> None:
    wire = Wire(limits=Limits(stream_window=65_535))
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.write(ours, b"unread", end=False)
    wire.settle()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(100_000), end=True)
    wire.server.streams.finish(theirs)
    wire.settle()
    assert ours.error is None, "a reset now would drop what is queued"
    size = 0
    while chunk := wire.client.streams.take(ours):
        size += len(chunk)
        wire.settle()
    assert size == 100_000, "all of the response came"
    assert isinstance(ours.error, StreamReset), "and then the reset"


def test_a_request_that_ends_by_itself_is_not_reset() -> None:
    wire = Wire(limits=Limits(stream_window=65_535))
    ours, theirs = wire.meet(POST, end=False)
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(100_000), end=True)
    wire.server.streams.finish(theirs)
    wire.client.streams.write(ours, b"late", end=True)
    wire.settle()
    while wire.client.streams.take(ours):
        wire.settle()
    assert ours.error is None, "both messages are complete"
    assert wire.server.open_streams == 0, "and the stream is over"


def test_a_peer_that_sends_interim_responses_without_end_is_cut_off() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    for _ in range(65):
        assert ours.error is None, "a few are legal"
        wire.server.streams.inform(theirs, 103, ())
        wire.settle()
    with pytest.raises(StreamReset, match="ENHANCE_YOUR_CALM"):
        wire.server.streams.inform(theirs, 103, ())
    assert len(ours.informational) <= 64, "they are kept, so they are bounded"


# -- handlers --------------------------------------------------------------------------------


def test_a_handler_without_a_response_gives_a_500() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    assert not wire.server.streams.finish(theirs), "it did not do its part"
    wire.settle()
    assert ours.head is not None, "so the server did"
    assert ours.head[0] == (b":status", b"500"), "as well as it could"


def test_a_handler_that_stops_half_way_gives_a_reset() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    assert not wire.server.streams.finish(theirs), "it did not do its part"
    wire.settle()
    with pytest.raises(StreamReset, match="INTERNAL_ERROR"):
        wire.client.streams.take(ours)


def test_the_response_to_head_has_no_content_whatever_the_handler_writes() -> None:
    wire = Wire()
    ours, theirs = wire.meet(HEAD)
    wire.server.streams.respond(theirs, 200, ((b"content-length", b"5"),), end=False)
    wire.server.streams.write(theirs, b"hello", end=False)
    wire.server.streams.end(theirs, [(b"x-sum", b"1")])
    assert wire.server.streams.finish(theirs), "the handler need not know the method"
    wire.settle()
    assert wire.client.streams.take(ours) == b"", "RFC 9110 §9.3.2"


def test_handlers_are_bounded_though_their_streams_are_reset() -> None:
    # CVE-2023-44487: each reset gives the client a new stream, while the old handler runs on.
    wire = Wire(limits=Limits(max_concurrent_streams=3))
    at_work = []
    for _ in range(10):
        ours = wire.client.request(GET, end_stream=True)
        wire.settle()
        wire.client.streams.reset(ours, ErrorCode.CANCEL)
        box = wire.server.streams.accept()
        if box is not None:
            at_work.append(box)
        wire.settle()
    assert len(at_work) == 3, "as many handlers as streams"
    wire.server.streams.finish(at_work[0])
    assert CONNECTION in wire.server.take_changed(), "a slot is free: look for requests"
    assert wire.server.streams.accept() is None, "those that were reset meanwhile are not served"
    ours = wire.client.request(GET, end_stream=True)
    wire.settle()
    assert wire.server.streams.accept() is not None, "but the next one is"


def test_a_client_that_waits_to_be_told_is_told_once_and_only_if_it_waits() -> None:
    wire = Wire()
    asking = [*POST, (b"expect", b"100-continue")]
    ours, theirs = wire.meet(asking, end=False)
    wire.server.streams.go_on(theirs)
    wire.settle()
    assert not theirs.expects, "RFC 9110 §10.1.1: it wanted to be told; once is enough"
    interim = ours.next_interim()
    assert interim is not None, "it was told"
    assert interim.status == 100, "to go on"
    for hasty in (b"content", b""):
        ours, theirs = wire.meet(asking, end=False)
        if hasty:
            wire.client.streams.write(ours, hasty, end=False)
        else:
            wire.server.streams.respond(theirs, 200, (), end=False)
        wire.settle()
        wire.server.streams.go_on(theirs)
        wire.settle()
        assert ours.next_interim() is None, "it goes on already, or has its answer"


def test_nothing_is_kept_of_exchanges_that_are_over() -> None:
    wire = Wire()

    def exchange(number: int) -> None:
        ours, theirs = wire.meet(POST if number % 2 else GET, end=number % 2 == 0)
        wire.server.streams.answer(theirs, 200, (), b"hello")
        wire.server.streams.finish(theirs)  # before its response is on the wire
        wire.settle()
        assert drain(wire.client, ours) == b"hello", "an exchange like any other"
        if number % 3 == 0:
            wire.client.abandoned.append(ours)

    for number in range(300):
        exchange(number)
    wire.settle()
    gc.collect()
    left = [each for each in gc.get_objects() if isinstance(each, Mailbox)]
    assert left == [], "a connection costs what is open on it, not what was"


# -- `expect: 100-continue` ------------------------------------------------------------------

EXPECTING = (*POST, (b"expect", b"100-Continue"))


@pytest.mark.parametrize("version", list(Version))
def test_a_client_waits_until_it_is_told_to_go_on(version: Version) -> None:
    wire = Wire(version=version)
    ours, theirs = wire.meet(EXPECTING, end=False)
    assert (ours.expects, theirs.expects) == (True, True), "RFC 9110 §10.1.1: in whichever case"
    wire.server.streams.inform(theirs, 103, ())
    wire.settle()
    assert wire.client.streams.told_to_go_on(ours) is None, "103 says nothing of that"
    wire.server.streams.go_on(theirs)
    wire.settle()
    assert wire.client.streams.told_to_go_on(ours), "100 does"
    assert not ours.unsent, "the content goes"


@pytest.mark.parametrize("version", list(Version))
def test_a_client_that_is_answered_first_keeps_its_content(version: Version) -> None:
    wire = Wire(version=version)
    ours, theirs = wire.meet(EXPECTING, end=False)
    wire.server.streams.answer(theirs, 413, (), b"")
    wire.settle()
    assert wire.client.streams.told_to_go_on(ours) is False, "the server wants none"
    assert ours.unsent, "so that whoever drops the response drops the stream"
    wire.client.lose("cut")
    lost = Wire(version=version)
    box, _ = lost.meet(EXPECTING, end=False)
    lost.client.lose("cut")
    with pytest.raises(ConnectionLost):
        lost.client.streams.told_to_go_on(box)


def test_a_request_without_content_expects_nothing() -> None:
    wire = Wire()
    ours = wire.client.request(EXPECTING, end_stream=True)
    assert not ours.expects, "RFC 9110 §10.1.1: there is nothing to go on with"


def test_a_request_of_http_1_1_is_told_that_it_is_its_turn() -> None:
    wire = Wire(version=Version.HTTP_1_1)
    first, theirs = wire.meet()
    second, third = (wire.client.request(GET, end_stream=True) for _ in range(2))
    assert wire.client.streams.has_turn(first), "it was sent"
    assert wire.client.streams.has_turn(second) is None, "one at a time"
    wire.server.streams.respond(theirs, 204, (), end=True)
    wire.carry(wire.server, wire.client)
    wire.client.take_changed()
    wire.settle()
    assert wire.client.take_changed() == {second.stream_id}, "whoever waits for it is woken"
    assert wire.client.streams.has_turn(second), "it is being sent"
    assert wire.client.streams.has_turn(third) is None, "this one is not"
    wire.client.close("enough")
    with pytest.raises(ConnectionLost):
        wire.client.streams.has_turn(third)
