"""What a fault tells: code, reach, what was expected and what came."""

from copy import copy

from hyper.frame import ErrorCode, FrameError, Scope
from hyper.wire import HyperError, RemoteProtocolError

FAULT = FrameError(ErrorCode.STREAM_CLOSED, Scope.STREAM, 7, "silence", "noise")


def test_a_fault_is_the_peers() -> None:
    assert isinstance(FAULT, RemoteProtocolError), "to be caught by its kind"
    assert isinstance(FAULT, HyperError), "or with all the rest"


def test_the_message_says_where_what_and_what_instead() -> None:
    assert str(FAULT) == "STREAM_CLOSED on stream 7: expected silence, got noise"
    whole = FrameError(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 7, "silence", "noise")
    assert str(whole).startswith("PROTOCOL_ERROR on connection"), "the stream is not what ends"


def test_the_repr_is_the_message_and_hides_the_fragment() -> None:
    fault = FrameError(ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 7, "a", "b", b"secret")
    assert repr(fault) == "FrameError('PROTOCOL_ERROR on stream 7: expected a, got b')", (
        "an uncompressed literal in the fragment may be a password"
    )


def test_a_fault_can_be_made_again_from_its_arguments() -> None:
    again = copy(FAULT)
    assert str(again) == str(FAULT), "that is how a pool sends an exception to another process"
    assert (again.code, again.scope, again.stream_id) == (ErrorCode.STREAM_CLOSED, Scope.STREAM, 7)
