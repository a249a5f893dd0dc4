"""The operating system's complaints: each as one line, with the right kind and nothing internal."""

import errno
import os
import socket
import ssl

import pytest

from hyper.http import ALL_VERSIONS, Version
from hyper.io import (
    ConnectError,
    NoHTTP2Error,
    NoVersionError,
    TimedOut,
    TLSError,
    TransportError,
)
from hyper.io._faults import (
    agreed,
    connect_error,
    connect_timeout,
    tls_error,
    tls_timeout,
    transport_reason,
)


def verification_error() -> ssl.SSLCertVerificationError:
    """As OpenSSL makes it: with the message apart."""
    error = ssl.SSLCertVerificationError(
        1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: expired (_ssl.c:1006)"
    )
    error.verify_message = "certificate has expired"
    return error


# -- a connection that breaks ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "the peer closed the connection"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "the peer reset the connection"),
        (ConnectionResetError("Connection lost"), "the peer reset the connection"),
        (BrokenPipeError(errno.EPIPE, "x"), "the peer reset the connection"),
        (
            OSError(errno.EHOSTUNREACH, "x"),
            f"the connection broke: {os.strerror(errno.EHOSTUNREACH)}",
        ),
        (RuntimeError("odd"), "the connection broke: odd"),
        (RuntimeError(), "the connection broke: RuntimeError"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "TLS failed: wrong version number"),
        (
            verification_error(),
            "TLS failed: the certificate does not hold: certificate has expired",
        ),
    ],
)
def test_a_break_has_a_reason_in_words(error: BaseException | None, said: str) -> None:
    reason = transport_reason(error)
    assert reason.startswith(said), "what happened, not which exception told of it"
    assert reason.strip(": ") == reason, "never a colon with nothing behind it"
    assert "Errno" not in reason, "numbers are for programs"


def test_tls_over_a_broken_connection_is_tls_and_not_the_operating_system() -> None:
    # An SSLError is an OSError too, whose number is one of OpenSSL's: 1 would be EPERM.
    reason = transport_reason(ssl.SSLError(1, "WRONG_VERSION_NUMBER"))
    assert os.strerror(1) not in reason, "nobody lacks a permission"
    assert "wrong version number" in reason, "OpenSSL's word for it"


# -- no connection ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), os.strerror(errno.ECONNREFUSED)),
        (OSError(errno.ENETUNREACH, "x"), os.strerror(errno.ENETUNREACH)),
        (
            # As asyncio says it of one address.
            ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"),
            os.strerror(errno.ECONNREFUSED),
        ),
        (
            # And as it says it of several: no number of its own.
            OSError(
                f"Multiple exceptions: [Errno {errno.ECONNREFUSED}] Connect call failed"
                f" ('::1', 1, 0, 0), [Errno {errno.ENETUNREACH}] Connect call failed ('::2', 1)"
            ),
            os.strerror(errno.ECONNREFUSED),
        ),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "the name is not known (Name or service not known)",
        ),
        (OverflowError("port must be 0-65535"), "port must be 0-65535"),
        (UnicodeError("label empty or too long"), "label empty or too long"),
        (OSError(), "OSError"),
    ],
)
def test_a_connection_that_fails_says_why(error: Exception, said: str) -> None:
    told = connect_error("a.example", 1, error)
    assert str(told) == f"cannot connect to a.example:1: {said}", "what was tried, what came of it"
    assert (told.host, told.port) == ("a.example", 1), "for programs"
    assert told.retryable, "not a byte was sent"


def test_a_name_that_is_not_known_is_not_a_number_of_the_system() -> None:
    # getaddrinfo has numbers of its own: -2 is no errno, and 8 is one on some systems.
    told = connect_error("a", 1, socket.gaierror(8, "nodename nor servname provided"))
    assert os.strerror(8) not in str(told), "nothing is wrong with the format of a program"


# -- nobody answers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "shown"), [(10.0, "10 s"), (0.25, "0.25 s"), (1e-3, "0.001 s")]
)
def test_a_wait_that_was_too_long_says_at_what_and_how_long(seconds: float, shown: str) -> None:
    late = connect_timeout("a", 1, seconds)
    assert str(late) == f"cannot connect to a:1: expected an answer within {shown}, got none", (
        "seconds as a person would write them"
    )
    assert late.phase == "connect", "for programs"
    silent = tls_timeout("a", 1, seconds)
    assert str(silent) == f"no TLS with a:1: expected the handshake within {shown}", "the same"
    assert silent.phase == "handshake", "another phase"
    for error in (late, silent):
        assert error.retryable, "no request was sent yet"
        assert isinstance(error, TimedOut), "our kind"
        assert isinstance(error, TimeoutError), "and Python's, for who catches that"
        assert not isinstance(error, ConnectError), "slow is not refused: another try may do"


# -- TLS -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (verification_error(), "the certificate does not hold: certificate has expired"),
        (ssl.SSLError(1, "NO_SHARED_CIPHER"), "no shared cipher"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "Connection reset"),
        (ValueError("check_hostname requires server_hostname"), "check_hostname requires"),
        (OSError(), "OSError"),
    ],
)
def test_tls_that_fails_says_why_and_with_whom(error: Exception, said: str) -> None:
    told = tls_error("a.example", 443, error)
    assert str(told).startswith(f"no TLS with a.example:443: {said}"), "with whom, and why"
    assert "_ssl.c" not in str(told), "nothing of OpenSSL's insides"
    assert (told.host, told.port) == ("a.example", 443), "for programs"
    assert isinstance(told, TLSError), "and of a kind of its own"
    assert told.retryable, "no request was sent yet"


def test_h2_is_what_alpn_must_choose_where_nothing_else_is_wanted() -> None:
    http2 = (Version.HTTP_2,)
    assert agreed("a", 1, "h2", http2) is Version.HTTP_2, "and nothing is raised"
    for chosen, came in (("http/1.1", "http/1.1"), (None, "no protocol"), ("", ""), ("H2", "H2")):
        with pytest.raises(NoHTTP2Error) as caught:
            agreed("a", 1, chosen, http2)
        assert str(caught.value) == f"a:1: expected h2 to be chosen by ALPN, got {came}", (
            "RFC 9113 §3.2: the identifier is h2, octet by octet, and nothing else will do"
        )
        assert (caught.value.host, caught.value.port) == ("a", 1), "for programs"
        assert isinstance(caught.value, ConnectError), "there is no connection to use"


def test_what_alpn_chooses_is_what_is_spoken() -> None:
    assert agreed("a", 1, "h2", ALL_VERSIONS) is Version.HTTP_2, "as it says"
    assert agreed("a", 1, "http/1.1", ALL_VERSIONS) is Version.HTTP_1_1, "as it says"
    assert agreed("a", 1, None, ALL_VERSIONS) is Version.HTTP_1_1, (
        "a server without ALPN speaks what https was before there was any"
    )


def test_a_choice_that_nobody_wanted_is_told() -> None:
    one = (Version.HTTP_1_1,)
    for versions, chosen, wanted in (
        (one, "h2", "http/1.1"),
        (one, "h3", "http/1.1"),
        (ALL_VERSIONS, "spdy/3", "h2 or http/1.1"),
    ):
        with pytest.raises(NoVersionError) as caught:
            agreed("a", 1, chosen, versions)
        assert str(caught.value) == (
            f"a:1: expected {wanted} to be chosen by ALPN, got {chosen}"
        ), "what was wanted, and what came"
        assert not isinstance(caught.value, NoHTTP2Error), "it was not HTTP/2 alone that would do"
        assert (caught.value.host, caught.value.port) == ("a", 1), "for programs"


def test_every_fault_has_one_root() -> None:
    faults = (
        connect_error("a", 1, OSError()),
        connect_timeout("a", 1, 1.0),
        tls_error("a", 1, OSError()),
        tls_timeout("a", 1, 1.0),
    )
    for fault in faults:
        assert isinstance(fault, TransportError), "who catches that has caught all"
        assert "\n" not in str(fault), "one line"
