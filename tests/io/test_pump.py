"""One connection, from its first byte to its last, without a socket."""

from math import inf

import pytest

from hyper.frame import ErrorCode, pack_data, pack_ping
from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import (
    ConnectionLost,
    GoneAway,
    PeerFaultError,
    StreamReset,
    TimedOut,
    Timeouts,
    TransportError,
    TruncatedBody,
)
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION
from hyper.wire import LocalProtocolError, Role
from tests.support.wire import CHUNK, GET, NEVER, POST, Wire, drain, finished

PATIENT = Limits(settings_timeout=inf)

# -- early ends ------------------------------------------------------------------------------


def test_a_lost_connection_fails_every_stream_in_its_own_way() -> None:
    wire = Wire()
    waiting = wire.client.request(GET, end_stream=True)
    halfway, theirs_halfway = wire.meet()
    # `meet` accepted the first of the two: this is the second.
    complete_box = wire.server.streams.accept()
    assert complete_box is not None, "both have arrived"
    wire.server.streams.respond(theirs_halfway, 200, (), end=False)
    wire.server.streams.respond(complete_box, 200, (), end=True)
    wire.settle()
    wire.client.receive(b"", wire.now)
    # Streams 1 and 3; the server answered 1 by half and 3 in full.
    with pytest.raises(TruncatedBody):
        wire.client.streams.take(waiting)
    assert wire.client.streams.take(halfway) == b"", "what was complete stays complete"
    assert isinstance(wire.client.error, ConnectionLost), "the connection is lost"
    with pytest.raises(ConnectionLost, match="is over") as caught:
        wire.client.request(GET, end_stream=True)
    assert caught.value.retryable, "a request that was not sent can be sent elsewhere"


def test_a_break_names_its_reason() -> None:
    wire = Wire()
    ours = wire.client.request(GET, end_stream=True)
    wire.client.lose("the peer reset the connection")
    with pytest.raises(ConnectionLost, match="server: the peer reset the connection"):
        wire.client.streams.has_head(ours)
    wire.client.lose("something else")
    assert "reset the connection" in str(wire.client.error), "the first reason counts"


def test_a_fault_of_the_peer_fails_everything_and_sends_goaway() -> None:
    wire = Wire()
    ours, _ = wire.meet()
    wire.client.receive(pack_data(9, b"x", False), wire.now)
    with pytest.raises(PeerFaultError, match="PROTOCOL_ERROR"):
        wire.client.streams.has_head(ours)
    assert wire.client.wants_to_send, "GOAWAY is queued"
    wire.client.receive(b"more", wire.now)
    wire.settle()
    assert wire.client.finished, "and then the connection may be closed"
    assert wire.server.going_away is not None, "the peer was told"
    assert wire.server.going_away.code == ErrorCode.PROTOCOL_ERROR, "with the code"


def test_what_was_asked_in_full_is_answered_after_the_end_of_input() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    half, theirs_half = wire.meet(POST, end=False)
    wire.server.receive(b"", wire.now)
    assert wire.server.error is None, "the client may be listening"
    with pytest.raises(TruncatedBody, match="the peer closed the connection"):
        wire.server.streams.take(theirs_half)
    wire.server.streams.answer(theirs, 200, (), b"hello")
    wire.carry(wire.server, wire.client)
    assert drain(wire.client, ours) == b"hello", "it was"
    with pytest.raises(StreamReset, match="CANCEL"):
        wire.client.streams.take(half)
    assert not finished(wire.server), "the handlers are still at work"
    wire.server.streams.finish(theirs)
    wire.server.streams.finish(theirs_half)
    assert finished(wire.server), "and then there is nothing left"


def test_requests_that_were_never_sent_can_be_sent_elsewhere() -> None:
    wire = Wire(limits=Limits(max_concurrent_streams=1))
    sent, waiting = (wire.client.request(GET, end_stream=True) for _ in range(2))
    wire.settle()
    wire.client.receive(b"", wire.now)
    for box, retryable in ((sent, False), (waiting, True)):
        with pytest.raises(ConnectionLost, match="the peer closed the connection") as caught:
            wire.client.streams.has_head(box)
        assert caught.value.retryable is retryable, "the second waited for a slot"


# -- leaving ---------------------------------------------------------------------------------


def test_a_server_that_leaves_answers_what_it_has_and_what_is_on_its_way() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    late = wire.client.request(GET, end_stream=True)  # crosses the GOAWAY
    wire.server.shut_down()
    wire.settle()
    with pytest.raises(GoneAway) as caught:
        wire.client.request(GET, end_stream=True)
    assert caught.value.retryable, "what was not sent can be sent elsewhere"
    theirs_late = wire.server.streams.accept()
    assert theirs_late is not None, "RFC 9113 §6.8: the first GOAWAY loses nothing"
    for box in (theirs, theirs_late):
        assert not finished(wire.server), "it is still under way"
        wire.server.streams.respond(box, 200, (), end=True)
        wire.server.streams.finish(box)
        wire.settle()
    assert wire.client.streams.has_head(ours), "which ends well"
    assert wire.client.streams.has_head(late), "both do"
    assert finished(wire.server), "and that was all"
    assert finished(wire.client), "for both"


def test_a_server_that_leaves_is_not_done_before_its_last_word() -> None:
    wire = Wire()
    wire.server.shut_down()
    wire.carry(wire.server, wire.client)
    assert not finished(wire.server), "a request may be on its way"
    assert wire.server.next_timer() == 101.0, "for a second at most"
    wire.server.take_changed()
    wire.pass_time(1.0, wire.server)
    wire.carry(wire.server, wire.client)
    assert finished(wire.server), "the client had its time"
    assert CONNECTION in wire.server.take_changed(), "whoever waits for the end is woken"


def test_a_connection_that_the_engine_leaves_by_itself_is_closed_in_the_end() -> None:
    wire = Wire(limits=Limits(ledger_burst=8, ledger_rate=0))
    ours, theirs = wire.meet()
    for _ in range(7):
        wire.client.ping()
    wire.settle()
    assert wire.client.going_away is not None, "too many PINGs: it is asked to go elsewhere"
    assert wire.server.leaving, "and takes nothing more here"
    assert not finished(wire.server), "but what was asked is answered"
    wire.server.streams.answer(theirs, 200, (), b"")
    wire.server.streams.finish(theirs)
    wire.settle()
    assert wire.client.streams.has_head(ours), "to the last"
    assert finished(wire.server), "and then that was all"


def test_a_server_that_is_cut_says_which_requests_it_never_saw() -> None:
    wire = Wire()
    wire.meet()
    late = wire.client.request(GET, end_stream=True)
    wire.server.close("the server is closing")
    wire.carry(wire.server, wire.client)
    with pytest.raises(GoneAway) as caught:
        wire.client.streams.has_head(late)
    assert caught.value.retryable, "RFC 9113 §6.8: above last_stream_id nothing was done"


def test_a_client_that_closes_resets_what_is_open() -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    wire.client.close("closed by this side")
    wire.settle()
    with pytest.raises(ConnectionLost, match="closed by this side"):
        wire.client.streams.has_head(ours)
    with pytest.raises(StreamReset, match="CANCEL"):
        wire.server.streams.take(theirs)
    wire.server.streams.finish(theirs)
    assert wire.server.finished, "the server may close too"


# -- deadlines -------------------------------------------------------------------------------


def test_a_peer_that_never_says_settings_is_left() -> None:
    wire = Wire(client=Timeouts(handshake=10.0), settle=False)
    assert wire.client.next_timer() == 110.0, "ten seconds from the start"
    wire.pass_time(10.0, wire.client)
    with pytest.raises(TimedOut, match="SETTINGS within 10 s") as caught:
        wire.client.opened()
    assert caught.value.phase == "handshake", "it says at what"


@pytest.mark.parametrize("begin", [b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
def test_a_client_that_never_begins_is_left(begin: bytes) -> None:
    for handshake, seconds in ((10.0, 5.0), (2.0, 2.0)):
        pump = Pump(Role.SERVER, peer="client", timeouts=Timeouts(handshake=handshake), now=100.0)
        pump.output(CHUNK, 100.0)
        if begin:
            pump.receive(begin, 100.0)
        assert pump.next_timer() == 100.0 + seconds, "the engine's patience, or ours if it is less"
        pump.handle_timer(100.0 + seconds)
        assert isinstance(pump.error, TimedOut), "too late"
        assert pump.error.phase == "handshake", "it says at what"


def test_who_waits_for_ever_waits_for_the_engine_too() -> None:
    pump = Pump(Role.SERVER, peer="client", timeouts=NEVER, now=100.0, limits=PATIENT)
    pump.output(CHUNK, 100.0)
    assert pump.next_timer() is None, "`None` is for ever"


def test_an_idle_connection_is_left_with_goaway() -> None:
    wire = Wire(server=Timeouts(read=None, idle=30.0))
    _, theirs = wire.meet()
    wire.pass_time(100.0, wire.server)
    assert not wire.server.leaving, "a handler is at work: not idle, however long"
    wire.server.streams.respond(theirs, 200, (), end=True)
    wire.server.streams.finish(theirs)
    wire.settle()
    assert wire.server.next_timer() == wire.now + 30.0, "from the last end on"
    wire.pass_time(30.0, wire.server)
    wire.settle()
    assert wire.client.going_away is not None, "the client is told"
    assert wire.server.finished, "and the transport can be closed"


def test_silence_is_probed_and_then_fatal() -> None:
    wire = Wire(client=Timeouts(read=None, keepalive=20.0))
    ours, _ = wire.meet()
    wire.pass_time(20.0, wire.client)
    wire.settle()
    wire.pass_time(20.0, wire.client)
    assert wire.client.error is None, "the peer answered the first PING"
    probe = wire.client.output(CHUNK, wire.now)
    assert probe == pack_ping(b"hyperk\0\2"), "this is the second, and nobody hears it"
    wire.pass_time(20.0, wire.client)
    with pytest.raises(TimedOut, match="PING") as caught:
        wire.client.streams.has_head(ours)
    assert caught.value.phase == "keepalive", "it says at what"


def test_a_peer_that_does_not_read_is_left() -> None:
    wire = Wire(server=Timeouts(read=30.0))
    wire.meet()
    wire.server.stuck = True
    wire.pass_time(29.0, wire.server)
    assert not finished(wire.server), "slow is not dead"
    wire.pass_time(1.0, wire.server)
    assert isinstance(wire.server.error, TimedOut), "half a minute without a byte is"
    assert wire.server.error.phase == "write", "it says at what"


def test_what_is_queued_after_a_long_pause_is_not_overdue() -> None:
    wire = Wire(server=Timeouts(read=30.0))
    _, theirs = wire.meet()
    wire.now += 1_000.0
    wire.server.streams.respond(theirs, 200, (), end=True)
    wire.server.handle_timer(wire.now)
    assert wire.server.error is None, "the transport has not even been asked"


def test_a_response_whose_reader_stalls_is_reset_in_the_end() -> None:
    wire = Wire(server=Timeouts(read=30.0), limits=Limits(stream_window=65_535))
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(200_000), end=True)
    assert wire.server.streams.finish(theirs), "the handler is done; the queue is not"
    wire.settle()
    for _ in range(4):
        wire.pass_time(29.0, wire.server)
        wire.settle()
        assert ours.error is None, "some of it was taken since"
        drain(wire.client, ours)
        wire.settle()
    assert wire.server.open_streams == 0, "slowly, but all of it"
    wire = Wire(server=Timeouts(read=30.0), limits=Limits(stream_window=65_535))
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(200_000), end=False)
    wire.settle()
    assert wire.server.next_timer() == wire.now + 30.0, "the engine keeps our patience"
    wire.pass_time(30.0, wire.server)
    wire.settle()
    assert isinstance(ours.error, StreamReset), "nothing was taken for as long: reset"
    with pytest.raises(TimedOut, match="room for 240 bytes a second") as caught:
        wire.server.streams.write(theirs, b"more", end=True)
    assert caught.value.phase == "write", "it says at what"
    assert wire.server.open_streams == 0, "and forgotten"
    assert wire.server.error is None, "the connection has done nothing wrong"


@pytest.mark.parametrize("read", [None, 30.0])
def test_a_connection_whose_window_stays_shut_is_left(read: float | None) -> None:
    wire = Wire(server=Timeouts(read=read), limits=Limits(connection_window=65_535))
    _, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, bytes(200_000), end=True)
    wire.settle()
    wire.pass_time(30.0, wire.server)
    if read is None:
        assert wire.server.error is None, "`None` is for ever"
    else:
        assert isinstance(wire.server.error, TimedOut), "nothing at all can be sent"
        assert wire.server.error.phase == "write", "it says at what"


def test_requests_that_wait_for_a_slot_are_not_taken_for_a_peer_that_does_not_read() -> None:
    wire = Wire(client=Timeouts(read=30.0), limits=Limits(max_concurrent_streams=1))
    boxes = [wire.client.request(GET, end_stream=True) for _ in range(3)]
    wire.settle()
    assert not wire.client.wants_to_send, "two of them wait, and nothing can be done about it"
    wire.pass_time(100.0, wire.client)
    assert wire.client.error is None, "the peer reads all that is sent"
    for box in boxes:
        theirs = wire.server.streams.accept()
        assert theirs is not None, "one after the other"
        wire.server.streams.respond(theirs, 200, (), end=True)
        wire.server.streams.finish(theirs)
        wire.settle()
        assert wire.client.streams.has_head(box), "each gets its answer"


# -- the rest --------------------------------------------------------------------------------


def test_a_ping_is_answered() -> None:
    wire = Wire()
    payload = wire.client.ping()
    assert wire.client.ponged(payload) is None, "not yet"
    wire.settle()
    assert wire.client.ponged(payload), "now"
    wire.client.lose("gone")
    with pytest.raises(ConnectionLost):
        wire.client.ponged(payload)
    with pytest.raises(ConnectionLost):
        wire.client.ping()


def test_a_tap_sees_every_byte_in_order() -> None:
    seen: list[tuple[str, bytes]] = []

    class Tap:
        def sent(self, data: bytes, /) -> None:
            seen.append(("sent", data))

        def received(self, data: bytes, /) -> None:
            seen.append(("received", data))

    pump = Pump(Role.CLIENT, peer="server", timeouts=NEVER, now=0.0, tap=Tap())
    first = pump.output(10, 0.0)
    rest = pump.output(CHUNK, 0.0)
    pump.receive(pack_ping(b"12345678")[:5], 0.0)
    pump.receive(b"", 0.0)
    assert seen == [
        ("sent", first),
        ("sent", rest),
        ("received", pack_ping(b"12345678")[:5]),
    ], "the bytes as they go and come; the end of input has none"


def test_no_more_is_given_out_than_was_asked_for() -> None:
    # Stopping a request that nobody reads is said behind the rest, and is no reason to say it all.
    wire = Wire(limits=Limits(stream_window=1_000_000, connection_window=10_000_000))
    _, big = wire.meet()
    _, unread = wire.meet(POST, end=False)
    wire.server.streams.answer(big, 200, (), bytes(900_000))
    wire.server.streams.answer(unread, 200, (), b"small")
    for box in (big, unread):
        wire.server.streams.finish(box)
    while data := wire.server.output(10_000, wire.now):
        assert len(data) <= 10_000, "a transport that has room for so much has no room for more"
    assert wire.server.open_streams == 0, "and all is said in the end"


def test_every_error_of_a_stream_is_a_transport_error() -> None:
    wire = Wire()
    ours = wire.client.request(GET, end_stream=True)
    error = wire.client.streams.time_out(ours, "read", 5.0)
    assert isinstance(error, TransportError), "one root catches all"
    assert str(error) == "server: expected a response within 5 s, got none", "one clear line"
    with pytest.raises(TimedOut):
        wire.client.streams.has_head(ours)


# -- HTTP/1.1 --------------------------------------------------------------------------------


def undecided() -> Pump:
    """A server that does not know yet what its client speaks."""
    return Pump(Role.SERVER, peer="client", timeouts=NEVER, now=100.0, version=None)


def http1() -> Wire:
    return Wire(version=Version.HTTP_1_1)


ASKED = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_the_first_bytes_tell_what_is_spoken() -> None:
    client = Wire(settle=False).client
    preface = client.output(CHUNK, 100.0)
    for size in (1, 10, 23):
        pump = undecided()
        pump.receive(preface[:size], 100.0)
        assert pump.output(CHUNK, 100.0) == b"", "not a word before it is known"
        pump.receive(preface[size:], 100.0)
        assert pump.http_version == "2", "RFC 9113 §3.4: wherever it was cut"
        assert pump.output(CHUNK, 100.0)[3] == 4, "SETTINGS"
    for size in (1, 10, 20):
        pump = undecided()
        pump.receive(ASKED[:size], 100.0)
        pump.receive(ASKED[size:], 100.0)
        assert pump.http_version == "1.1", "what is no preface"
        box = pump.streams.accept()
        assert box is not None, "a request"
        assert box.version == "1.1", "with the version it had"


def test_a_client_that_says_nothing_speaks_no_version() -> None:
    pump = undecided()
    pump.receive(b"PRI * ", 100.0)
    pump.receive(b"", 100.0)
    assert pump.output(CHUNK, 100.0).startswith(b"HTTP/1.1 400 ") or pump.finished, "and is left"
    assert undecided().ready, "nobody waits for SETTINGS that may never come"


def test_alpn_decides_before_anything_was_said() -> None:
    for version, spoken in ((Version.HTTP_2, "2"), (Version.HTTP_1_1, "1.1")):
        pump = undecided()
        pump.agree(version, 100.0)
        assert pump.http_version == spoken, "by name"
        assert pump.ready == (spoken == "1.1"), "SETTINGS come in HTTP/2 alone"


def test_a_server_that_leaves_while_it_shakes_hands_leaves_in_any_version() -> None:
    pump = undecided()
    pump.shut_down()
    pump.agree(Version.HTTP_1_1, 100.0)
    assert pump.finished, "it was told before it knew what to speak"


def test_an_exchange_of_http_1_1_goes_through_both_mailboxes() -> None:
    wire = http1()
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.write(ours, b"ping", end=True)
    wire.settle()
    assert drain(wire.server, theirs) == b"ping", "the content"
    wire.server.streams.answer(theirs, 404, ((b"content-length", b"4"),), b"pong")
    wire.settle()
    assert (ours.version, ours.reason) == ("1.1", "Not Found"), "what only this version says"
    assert drain(wire.client, ours) == b"pong", "and the answer"
    assert wire.client.can_open, "there may be another"
    assert not wire.client.over, "for the connection goes on"


def test_the_socket_is_not_read_while_the_application_does_not_read() -> None:
    wire = Wire(version=Version.HTTP_1_1, limits=Limits(stream_window=1_000))
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.write(ours, bytes(999), end=False)
    wire.settle()
    reads = wire.server.wants_input
    wire.client.streams.write(ours, bytes(1), end=False)
    wire.settle()
    assert (reads, wire.server.wants_input) == (True, False), "a window's worth, and no more"
    drain(wire.server, theirs)
    reads = wire.server.wants_input
    assert reads, "taking a piece is what lets the peer send more"
    assert Wire().server.wants_input, "RFC 9113 §5.2.2: HTTP/2 is always read"


def test_a_request_that_makes_no_sense_is_answered_and_ends_it() -> None:
    wire = http1()
    wire.server.receive(b"nonsense\r\n\r\n", wire.now)
    assert isinstance(wire.server.error, PeerFaultError), "as in HTTP/2"
    assert wire.server.polite, "the peer may be reading what it did wrong"
    assert not finished(wire.server), "which has yet to go"
    assert wire.server.output(CHUNK, wire.now).startswith(b"HTTP/1.1 400 "), "RFC 9112 §2.2"
    assert finished(wire.server), "and then it is over"


def test_what_goes_before_a_fault_is_sent_first_or_given_up_with_it() -> None:
    wire = Wire(version=Version.HTTP_1_1, server=Timeouts(read=5.0))
    asked = wire.client.request(GET, end_stream=True)
    wire.server.receive(wire.client.output(CHUNK, wire.now) + b"nonsense\r\n\r\n", wire.now)
    theirs = wire.server.streams.accept()
    assert theirs is not None, f"request {asked.stream_id}"
    wire.server.streams.answer(theirs, 200, (), bytes(50_000))
    wire.server.streams.finish(theirs)
    assert wire.server.output(1_000, wire.now).startswith(b"HTTP/1.1 200 "), "some of it"
    wire.server.stuck = True
    assert isinstance(wire.server.error, PeerFaultError), "the fault comes in its turn"
    assert not finished(wire.server), "there is more to say"
    assert wire.server.next_timer() == wire.now + 5.0, "while it is read"
    wire.pass_time(4.0, wire.server)
    rest = wire.server.output(40_000, wire.now)
    assert len(rest) == 40_000, "slowly"
    wire.pass_time(4.0, wire.server)
    assert not finished(wire.server), "which counts from what was taken last"
    wire.pass_time(1.0, wire.server)
    assert finished(wire.server), "who reads nothing any more"
    assert not wire.server.polite, "is owed nothing"
    assert wire.server.next_timer() is None, "and not waited for"


def test_a_connection_that_ends_with_its_answer_is_over() -> None:
    wire = http1()
    ours = wire.client.request(GET, end_stream=True)
    wire.client.output(CHUNK, wire.now)
    wire.client.receive(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nend", wire.now)
    over = wire.client.over
    wire.client.receive(b"", wire.now)
    assert (over, wire.client.over) == (False, True), "RFC 9112 §6.3: when it is closed"
    assert drain(wire.client, ours) == b"end", "the answer is whole"
    assert wire.client.streams.take(ours) == b"", "and nothing is wrong with it"


def test_what_waited_for_its_turn_can_be_asked_elsewhere() -> None:
    wire = http1()
    first = wire.client.request(GET, end_stream=True)
    second = wire.client.request(GET, end_stream=True)
    wire.client.receive(b"", wire.now)
    assert isinstance(first.error, ConnectionLost), "nobody knows what became of the first"
    assert not first.error.retryable, "so it is not repeated"
    assert isinstance(second.error, ConnectionLost), "the second"
    assert second.error.retryable, "was never sent"


def test_a_slow_head_is_late() -> None:
    wire = Wire(version=Version.HTTP_1_1, server=Timeouts(handshake=2.0))
    wire.server.receive(ASKED[:5], wire.now)
    assert wire.server.next_timer() == wire.now + 2.0, "the head is what the handshake is"
    wire.pass_time(2.0, wire.server)
    assert isinstance(wire.server.error, TimedOut), "Slowloris"
    assert wire.server.output(CHUNK, wire.now).startswith(b"HTTP/1.1 408 "), "it is told"


def test_an_idle_connection_of_http_1_1_is_closed() -> None:
    wire = Wire(version=Version.HTTP_1_1, server=Timeouts(idle=5.0))
    _, theirs = wire.meet()
    wire.server.streams.respond(theirs, 204, (), end=True)
    wire.server.streams.finish(theirs)
    wire.settle()
    wire.pass_time(5.0, wire.server)
    assert finished(wire.server), "without a word: HTTP/1.1 has no GOAWAY"


def test_there_is_no_ping_in_http_1_1() -> None:
    with pytest.raises(LocalProtocolError, match=r"HTTP/1\.1 has no PING"):
        http1().client.ping()


def test_a_request_that_waits_for_others_is_patient_while_anything_moves() -> None:
    wire = Wire(version=Version.HTTP_1_1, client=Timeouts(read=5.0))
    first, theirs = wire.meet()
    second = wire.client.request(GET, end_stream=True)
    since = wire.now
    assert wire.client.patience(since, since + 4.0) == 1.0, "from when it began to wait"
    wire.server.streams.inform(theirs, 103, ())
    wire.now = since + 4.0
    wire.carry(wire.server, wire.client)
    late = wire.client.lose_turn(second, since, since + 8.0)
    assert type(late) is TimeoutError, "the server is at work on the one before: no time was lost"
    assert not second.ended, "and nothing is given up"
    assert wire.client.patience(since, since + 8.0) == 1.0, "from when something came"
    late = wire.client.lose_turn(second, since, since + 9.0)
    assert isinstance(late, TimedOut), "nobody reads that response"
    assert "to those before this request within 5 s" in str(late), "what was waited for"
    assert second.error is late, "and that one is given up"
    assert first.error is None, "the other one goes on"


def test_a_request_without_a_timeout_waits_for_others_for_ever() -> None:
    wire = Wire(version=Version.HTTP_1_1, client=Timeouts(read=None))
    wire.meet()
    second = wire.client.request(GET, end_stream=True)
    assert wire.client.patience(0.0, 1e9) is None, "as it was told"
    assert type(wire.client.lose_turn(second, 0.0, 1e9)) is TimeoutError, "and is not given up"


def test_last_words_that_nobody_reads_do_not_hold_a_connection_without_timeouts() -> None:
    wire = Wire(version=Version.HTTP_1_1, server=Timeouts(read=None))
    wire.server.receive(b"nonsense\r\n\r\n", wire.now)
    wire.server.stuck = True
    assert isinstance(wire.server.error, PeerFaultError), "a fault"
    due = wire.server.next_timer()
    assert due == wire.now + 30.0, "a client at fault is not waited for without limit"
    wire.server.handle_timer(29.0 + wire.now)
    assert not finished(wire.server), "it may still read"
    wire.server.handle_timer(due)
    assert finished(wire.server), "it does not"
