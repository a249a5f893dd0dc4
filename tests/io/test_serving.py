"""What the servers of both worlds share, without a connection: listening, ends, reports."""

import errno
import gc
import logging
import socket

import pytest

from hyper.frame import ErrorCode, SettingId, pack_settings
from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import SERVER_TIMEOUTS, ConnectError, StreamReset, Timeouts, TransportError
from hyper.io._serving import NO_ROOM, Options, finish, listen, report
from hyper.wire import LocalProtocolError
from tests.support.wire import CHUNK, GET, POST, Wire, drain

LOOPBACK = "127.0.0.1"


def close(listeners: list[socket.socket]) -> list[tuple[str, int]]:
    """Close them; where they listened."""
    addresses: list[tuple[str, int]] = []
    for sock in listeners:
        addresses.append(sock.getsockname()[:2])
        sock.close()
    return addresses


# -- listening -------------------------------------------------------------------------------


def test_an_address_gets_a_listener_that_does_not_block() -> None:
    (listener,) = listen(LOOPBACK, 0)
    with listener:
        host, port = listener.getsockname()
        assert host == LOOPBACK, "the address it was asked for, and no other"
        assert port > 0, "port 0 means: any that is free"
        with pytest.raises(BlockingIOError):
            listener.accept()  # a peer may go away between the wake-up and this: it must not hang
        with socket.create_connection((LOOPBACK, port), timeout=10):
            pass  # the system answers for it already


@pytest.mark.parametrize("host", ["", "localhost"])
def test_all_addresses_of_a_host_share_one_port(host: str) -> None:
    addresses = close(listen(host, 0))
    assert addresses, "there is one at least"
    assert len({port for _, port in addresses}) == 1, "one port can be told to others"
    assert len(set(addresses)) == len(addresses), "each address once, however often it is listed"


def test_both_families_can_listen_on_the_same_port() -> None:
    listeners = listen("", 0)
    sixes = [
        sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        for sock in listeners
        if sock.family == socket.AF_INET6
    ]
    close(listeners)
    # By default an IPv6 socket takes IPv4 too on some systems, and then there is no room for both.
    assert 0 not in sixes, "the IPv6 one is for IPv6 alone"


def test_a_server_can_be_started_again_at_once() -> None:
    (first,) = listen(LOOPBACK, 0)
    port = first.getsockname()[1]
    with first, socket.create_connection((LOOPBACK, port), timeout=10):
        first.setblocking(True)
        accepted, _ = first.accept()
        accepted.close()  # first: its end of the connection is the one that lingers
    assert close(listen(LOOPBACK, port)) == [(LOOPBACK, port)], "TIME_WAIT does not hold the port"


@pytest.mark.parametrize("host", [LOOPBACK, ""], ids=["the only address", "one of several"])
def test_a_port_that_is_taken_is_an_error(host: str) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConnectError) as caught:
            listen(host, port)
    assert str(caught.value) == f"cannot listen on {host or '*'}:{port}: Address already in use", (
        "half a server would leave some clients out without a word"
    )
    assert (caught.value.host, caught.value.port) == (host, port), "for programs, as it was given"


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("192.0.2.1", 0, "Cannot assign requested address"),  # RFC 5737 §3: nobody's address
        ("a" * 64 + ".example", 0, "label empty or too long"),  # RFC 1035 §2.3.4: at most 63
        (LOOPBACK, 65_536, "port must be 0-65535"),
        (LOOPBACK, -1, ""),
    ],
    ids=["address", "name", "port", "negative"],
)
def test_what_cannot_be_listened_on_says_why(host: str, port: int, said: str) -> None:
    with pytest.raises(ConnectError) as caught:
        listen(host, port)
    assert str(caught.value).startswith(f"cannot listen on {host}:{port}: "), "what was tried"
    assert said in str(caught.value), "and why not"
    # A socket that was made and not closed is warned of here, and a warning is an error.
    del caught
    gc.collect()


def test_want_of_room_is_told_from_a_peer_that_has_gone() -> None:
    for number in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
        assert number in NO_ROOM, "others have to close something first: pause"
    for number in (errno.ECONNABORTED, errno.EAGAIN, errno.EPROTO):
        assert number not in NO_ROOM, "the next one is waiting: go on at once"


def test_a_connection_gets_what_the_server_was_told() -> None:
    timeouts = Timeouts(handshake=7.0)
    options = Options(
        ssl=None,
        versions=(Version.HTTP_2,),
        http1_limits=None,
        timeouts=timeouts,
        max_connections=1,
        settings=((SettingId.MAX_HEADER_LIST_SIZE, 4_321),),
        limits=Limits(max_concurrent_streams=3),
        on_error=None,
    )
    pump = options.pump(("192.0.2.7", 5_000), 100.0)
    assert pump.peer == "192.0.2.7:5000", "errors name the client"
    assert pump.timeouts is timeouts, "the timeouts"
    assert pump.next_timer() == 107.0, "counted from now"
    preface = pump.output(CHUNK, 100.0)
    for setting in (
        (SettingId.MAX_HEADER_LIST_SIZE, 4_321),
        (SettingId.MAX_CONCURRENT_STREAMS, 3),
    ):
        assert pack_settings([setting])[9:] in preface, "settings and limits are declared"
    assert not pump.can_open, "RFC 9113 §8.1: requests are the client's to send"
    other = options.pump(("192.0.2.8", 5_000), 100.0)
    other.lose("gone")
    assert pump.error is None, "connections share options, and nothing else"


# -- a handler's end -------------------------------------------------------------------------


def test_a_handler_that_has_responded_leaves_nothing_to_report() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.answer(theirs, 200, (), b"hello")
    assert finish(wire.server, theirs, None) is None, "it did what it is for"
    wire.settle()
    assert drain(wire.client, ours) == b"hello", "and the client has it"
    assert not wire.server.streams.busy, "the handler is counted no more"


@pytest.mark.parametrize("raised", [None, ValueError("a bug")], ids=["returns", "raises"])
def test_a_handler_without_a_response_is_reported_and_the_client_gets_a_500(
    raised: Exception | None,
) -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    failure = finish(wire.server, theirs, raised)
    if raised is None:
        assert isinstance(failure, LocalProtocolError), "to return without is a wrong use of it"
        assert str(failure) == "expected the handler to respond, it returned without", "and says so"
    else:
        assert failure is raised, "what it raised is the report"
    wire.settle()
    assert ours.head is not None, "the client does not wait for ever"
    assert ours.head[0] == (b":status", b"500"), "RFC 9110 §15.6.1: the fault is the server's"
    assert b"a bug" not in repr(ours.head).encode(), "but it is nobody's business outside"


@pytest.mark.parametrize("raised", [None, ValueError("a bug")], ids=["returns", "raises"])
def test_a_handler_that_stops_half_way_is_reported_and_the_stream_is_reset(
    raised: Exception | None,
) -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.respond(theirs, 200, (), end=False)
    wire.server.streams.write(theirs, b"half", end=False)
    failure = finish(wire.server, theirs, raised)
    assert failure is raised if raised else isinstance(failure, LocalProtocolError), "it is told"
    wire.settle()
    assert isinstance(ours.error, StreamReset), "half a response must not pass for a whole one"
    assert ours.error.code == ErrorCode.INTERNAL_ERROR, "RFC 9113 §7: the fault is the server's"


def test_a_response_stands_though_its_handler_fails_afterwards() -> None:
    wire = Wire()
    ours, theirs = wire.meet()
    wire.server.streams.answer(theirs, 200, (), b"hello")
    raised = ValueError("in the clean-up")
    assert finish(wire.server, theirs, raised) is raised, "worth a report"
    wire.settle()
    assert drain(wire.client, ours) == b"hello", "and no reason to take the response back"
    assert ours.error is None, "the client sees nothing of it"


@pytest.mark.parametrize("cause", ["the client resets", "the connection breaks"])
def test_what_the_peer_did_to_an_exchange_is_not_reported(cause: str) -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    if cause == "the client resets":
        wire.client.streams.reset(ours, ErrorCode.CANCEL)
        wire.settle()
    else:
        wire.server.lose("the peer reset the connection")
    raised: Exception | None = None
    try:
        wire.server.streams.take(theirs)
    except TransportError as error:
        raised = error
    assert raised is not None, "the handler hears of it at its next call"
    assert finish(wire.server, theirs, raised) is None, "the handler let it pass, as it should"


def test_a_handler_that_returns_from_a_reset_exchange_has_done_its_part() -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.reset(ours, ErrorCode.CANCEL)
    wire.settle()
    assert finish(wire.server, theirs, None) is None, "there is nobody to respond to"
    assert not wire.server.streams.busy, "and the handler is counted no more"


def test_a_bug_is_reported_though_the_peer_has_gone() -> None:
    wire = Wire()
    ours, theirs = wire.meet(POST, end=False)
    wire.client.streams.reset(ours, ErrorCode.CANCEL)
    wire.settle()
    for raised in (ValueError("a bug"), StreamReset("x", stream_id=9, code=8, by_peer=True)):
        assert finish(wire.server, theirs, raised) is raised, "not what ended this exchange"
        theirs = wire.meet()[1]


# -- reports ---------------------------------------------------------------------------------


def test_a_hook_hears_of_a_failure_and_the_log_does_not(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[str, BaseException]] = []
    failure = ValueError("a bug")
    report(lambda what, error: heard.append((what, error)), "GET /", failure)
    assert heard == [("GET /", failure)], "which request, and what was raised"
    assert caplog.records == [], "who has a hook decides what is logged"


def test_without_a_hook_a_failure_is_logged_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failure = ValueError("a bug")
    report(None, "GET /%s", failure)
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("hyper.io", logging.ERROR), "where it is looked for"
    assert record.getMessage() == "GET /%s: the handler failed", "a path is no format"
    assert record.exc_info is not None, "the traceback is what finds the bug"
    assert record.exc_info[1] is failure, "that of the failure"


def test_a_hook_that_fails_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    broken = RuntimeError("the hook's own")

    def hook(what: str, error: BaseException) -> None:
        del what, error
        raise broken

    report(hook, "GET /", ValueError("a bug"))
    (record,) = caplog.records
    assert record.getMessage() == "GET /: the error hook failed", "for which request"
    assert record.exc_info is not None, "with its traceback"
    assert record.exc_info[1] is broken, "that of the hook"


def test_a_hook_may_end_the_program() -> None:
    def hook(what: str, error: BaseException) -> None:
        raise SystemExit(what) from error

    with pytest.raises(SystemExit, match="GET /"):
        report(hook, "GET /", ValueError("a bug"))


def test_the_defaults_make_a_server() -> None:
    options = Options(
        ssl=None,
        versions=(Version.HTTP_2,),
        http1_limits=None,
        timeouts=SERVER_TIMEOUTS,
        max_connections=1,
        settings=(),
        limits=None,
        on_error=None,
    )
    pump = options.pump(("192.0.2.7", 5_000), 0.0)
    wire = Wire(settle=False)
    wire.server = pump
    wire.settle()
    client_box, server_box = wire.meet(GET)
    assert client_box.stream_id == server_box.stream_id, "it takes requests as it is"
