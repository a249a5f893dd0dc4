"""Which exit code an error is."""

import pytest

from hyper.cli.errors import EXIT_CODES, CommandError, Exit, exit_code, local_error
from hyper.coding import TruncatedContent, UnknownCoding
from hyper.frame import ErrorCode, Scope
from hyper.h2 import PeerFault
from hyper.io import (
    ConnectError,
    ConnectionLost,
    GoneAway,
    NoHTTP2Error,
    PeerFaultError,
    StreamReset,
    TimedOut,
    TLSError,
    TruncatedBody,
)
from hyper.wire import HyperError, LocalProtocolError

FAULT = PeerFault(0, ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, "this", "that")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError(Exit.STATUS, "x"), Exit.STATUS),
        (ConnectError("x"), Exit.CONNECT),
        (TLSError("x"), Exit.TLS),
        (NoHTTP2Error("x"), Exit.PROTOCOL),
        (PeerFaultError(FAULT), Exit.PROTOCOL),
        (TimedOut("x", phase="connect"), Exit.TIMEOUT),
        (TimedOut("x", phase="read"), Exit.TIMEOUT),
        (StreamReset("x", stream_id=1, code=8, by_peer=True), Exit.CUT_SHORT),
        (ConnectionLost("x"), Exit.CUT_SHORT),
        (GoneAway("x", code=0), Exit.CUT_SHORT),
        (TruncatedBody("x", received=5), Exit.CUT_SHORT),
        (UnknownCoding("lzma", ("gzip",)), Exit.CONTENT),
        (TruncatedContent("gzip", 3), Exit.CONTENT),
        (LocalProtocolError("x"), Exit.USAGE),
        (HyperError("x"), Exit.FAILED),
    ],
)
def test_each_kind_of_failure_has_its_code(error: HyperError, code: Exit) -> None:
    assert exit_code(error) is code


def test_the_numbers_are_the_documented_ones() -> None:
    assert {code.name: code.value for code in Exit} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "CONNECT": 3,
        "TLS": 4,
        "PROTOCOL": 5,
        "TIMEOUT": 6,
        "CUT_SHORT": 7,
        "STATUS": 8,
        "LOCAL": 9,
        "CONTENT": 10,
        "INTERRUPTED": 130,
    }, "scripts depend on them"
    assert all(f"  {code.value} " in EXIT_CODES for code in Exit), "and read of them in --help"


def test_a_local_error_says_what_the_system_said_and_no_more() -> None:
    error = local_error("/dev/full", OSError(28, "No space left on device"))
    assert str(error) == "/dev/full: No space left on device"
    assert error.code is Exit.LOCAL
    assert str(local_error("x", OSError("odd"))) == "x: odd", "some have no number"
