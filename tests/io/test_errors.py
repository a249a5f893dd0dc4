"""The error tree: what catches what, and what is said."""

import errno
import socket
import ssl

import pytest

from hyper.frame import ErrorCode, Scope
from hyper.h2 import GoAway, PeerFault, Reset
from hyper.http import Version
from hyper.io import (
    ConnectError,
    ConnectionLost,
    GoneAway,
    NoHTTP2Error,
    NoVersionError,
    PeerFaultError,
    StreamReset,
    TimedOut,
    TLSError,
    TransportError,
    TruncatedBody,
)
from hyper.io._endings import gone_away, lost, reset_by_peer, truncated, unusable
from hyper.io._faults import agreed, connect_error, tls_error, transport_reason
from hyper.io.errors import code_name
from hyper.wire import HyperError, RemoteProtocolError

AWAY = GoAway(5, ErrorCode.NO_ERROR, b"")


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (ConnectError, (TransportError,)),
        (TLSError, (ConnectError,)),
        (NoVersionError, (ConnectError,)),
        (NoHTTP2Error, (NoVersionError, ConnectError)),
        (TimedOut, (TransportError, TimeoutError)),
        (StreamReset, (TransportError,)),
        (GoneAway, (ConnectionLost, TransportError)),
        (TruncatedBody, (ConnectionLost,)),
        (PeerFaultError, (TransportError, RemoteProtocolError, HyperError)),
    ],
)
def test_an_error_is_caught_by_its_kind(
    kind: type[Exception], parents: tuple[type[Exception], ...]
) -> None:
    for parent in parents:
        assert issubclass(kind, parent), f"{kind.__name__} is a {parent.__name__}"


def test_a_code_has_a_name_or_a_number() -> None:
    assert code_name(8) == "CANCEL", "RFC 9113 §7"
    assert code_name(0xABC) == "code 0xabc", "an unknown one is shown as it is"


def test_a_fault_is_told_with_what_was_expected_and_what_came() -> None:
    fault = PeerFault(3, ErrorCode.PROTOCOL_ERROR, Scope.STREAM, "trailers", "a second head")
    error = PeerFaultError(fault)
    assert error.fault is fault, "for programs"
    assert "expected trailers, got a second head" in str(error), "for people"


def test_a_reset_beyond_the_goaway_may_be_retried() -> None:
    beyond = reset_by_peer("p", Reset(7, ErrorCode.REFUSED_STREAM), AWAY)
    assert isinstance(beyond, GoneAway), "the GOAWAY is the reason"
    assert beyond.retryable, "RFC 9113 §8.7: nothing was done"
    within = reset_by_peer("p", Reset(5, ErrorCode.CANCEL), AWAY)
    assert isinstance(within, StreamReset), "this one the peer reset by itself"
    assert not within.retryable, "and may have done something"


def test_what_a_goaway_says_is_shown_in_part() -> None:
    error = gone_away("p", GoAway(0, ErrorCode.INTERNAL_ERROR, b"\xff" * 5_000), retryable=False)
    assert "INTERNAL_ERROR" in str(error), "the code"
    assert len(str(error)) < 2_000, "a peer may say a page; nobody reads it in a line"
    assert "\n" not in str(gone_away("p", GoAway(0, 0, b"a\nb"), retryable=False)), "one line"


def test_a_lost_connection_tells_the_best_reason() -> None:
    assert str(lost("p", "it broke", None)) == "p: it broke", "the transport's"
    assert isinstance(lost("p", "it broke", AWAY), ConnectionLost), (
        "a polite GOAWAY explains nothing"
    )
    assert "on fire" in str(lost("p", "it broke", GoAway(0, 2, b"on fire"))), "an angry one does"
    assert "first 5 bytes" in str(truncated("p", "it broke", 5)), "how far it came"
    assert "it broke" in str(unusable("p", ConnectionLost("it broke"))), "why it is over"
    assert unusable("p", None).retryable, "nothing was sent"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "whatever"), "Connection refused"),
        (socket.gaierror(-2, "Name or service not known"), "the name is not known"),
        (OSError(f"Multiple: [Errno {errno.ECONNREFUSED}] a, [Errno 1] b"), "Connection refused"),
        (OSError("no number at all"), "no number at all"),
        (OverflowError("port must be 0-65535"), "port must be 0-65535"),
    ],
)
def test_a_connection_that_fails_says_why(error: Exception, said: str) -> None:
    told = connect_error("a.example", 1, error)
    assert str(told).startswith("cannot connect to a.example:1: "), "what was tried"
    assert said in str(told), "and what came of it, in the system's words"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "the peer closed the connection"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "the peer reset the connection"),
        (BrokenPipeError(errno.EPIPE, "x"), "the peer reset the connection"),
        (TimeoutError(errno.ETIMEDOUT, "x"), "the connection broke: Connection timed out"),
        (ssl.SSLError(1, "[SSL: BAD_THING] bad thing (_ssl.c:1)"), "TLS failed"),
    ],
)
def test_a_connection_that_breaks_says_why(error: BaseException | None, said: str) -> None:
    assert said in transport_reason(error), "in words"


def test_tls_that_fails_says_why() -> None:
    assert "no TLS with a:1" in str(tls_error("a", 1, ValueError("odd"))), "with whom"
    assert "odd" in str(tls_error("a", 1, ValueError("odd"))), "and why"
    assert agreed("a", 1, "h2", (Version.HTTP_2,)) is Version.HTTP_2, "nothing is wrong"
    with pytest.raises(NoHTTP2Error, match=r"a:1: expected h2 .* got http/1\.1"):
        agreed("a", 1, "http/1.1", (Version.HTTP_2,))
