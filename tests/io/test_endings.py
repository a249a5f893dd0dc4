"""Early ends as errors: the right kind, what a program asks of it, and one line for a person."""

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import GoAway, Reset
from hyper.io import ConnectionLost, GoneAway, StreamReset, TimedOut, TransportError
from hyper.io._endings import gone_away, lost, reset_by_peer, reset_by_us, truncated, unusable

POLITE = GoAway(5, ErrorCode.NO_ERROR, b"")
ANGRY = GoAway(5, ErrorCode.ENHANCE_YOUR_CALM, b"too many pings")


# -- GOAWAY ----------------------------------------------------------------------------------


def test_a_goaway_carries_what_the_peer_said() -> None:
    error = gone_away("a:1", ANGRY, retryable=True)
    assert (error.code, error.debug) == (ErrorCode.ENHANCE_YOUR_CALM, b"too many pings"), (
        "for programs, as it came"
    )
    assert str(error) == (
        "a:1: the peer takes no more requests (GOAWAY with ENHANCE_YOUR_CALM: 'too many pings')"
    ), "for people, with who, what and why"
    assert str(gone_away("a:1", POLITE, retryable=True)) == (
        "a:1: the peer takes no more requests (GOAWAY with NO_ERROR)"
    ), "no empty quotes where nothing was said"


@pytest.mark.parametrize("retryable", [True, False])
def test_whether_a_goaway_lets_a_request_be_sent_again_is_the_callers_to_say(
    retryable: bool,
) -> None:
    # RFC 9113 §6.8: the same frame leaves some requests undone and others perhaps done.
    assert gone_away("p", ANGRY, retryable=retryable).retryable is retryable, "as it was told"


@pytest.mark.parametrize(
    ("debug", "shown"),
    [
        (b"caf\xc3\xa9", "'caf\u00e9'"),
        (b"\xff\x00", r"\xff"),
        (b"a\r\nb", r"'a\r\nb'"),
        (b"\x1b[2J", r"'\x1b[2J'"),
        ("\u202e".encode(), r"'\u202e'"),
        (b"it's", '"it\'s"'),
    ],
    ids=["text", "no text", "lines", "terminal", "direction", "quote"],
)
def test_debug_data_cannot_do_anything_to_who_reads_it(debug: bytes, shown: str) -> None:
    # RFC 9113 §6.8: it is opaque, and comes from a stranger; it ends in logs and on terminals.
    line = str(gone_away("p", GoAway(0, ErrorCode.NO_ERROR, debug), retryable=False))
    assert shown in line, "readable where it is text, escaped where it is not"
    assert line.isprintable(), "one line, and nothing that moves the cursor"


@pytest.mark.parametrize("debug", [b"~" * 200, b"~" * 201, b"~" * 199 + "\u00e9".encode()])
def test_of_a_page_of_debug_data_the_first_lines_are_shown(debug: bytes) -> None:
    error = gone_away("p", GoAway(0, ErrorCode.NO_ERROR, debug), retryable=False)
    assert str(error).count("~") == debug[:200].count(b"~"), "two hundred bytes of it"
    assert len(str(error)) < 300, "a line, though a character was cut in two"
    assert error.debug == debug, "programs get all of it"


# -- resets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "retryable"),
    [
        (ErrorCode.REFUSED_STREAM, "REFUSED_STREAM", True),
        (ErrorCode.CANCEL, "CANCEL", False),
        (ErrorCode.NO_ERROR, "NO_ERROR", False),
        (0xABC, "code 0xabc", False),
    ],
)
def test_a_reset_by_the_peer_says_which_and_why(code: int, name: str, retryable: bool) -> None:
    error = reset_by_peer("p", Reset(3, code), None)
    assert isinstance(error, StreamReset), "one exchange, and no other"
    assert (error.stream_id, error.code, error.by_peer) == (3, code, True), "for programs"
    assert error.retryable is retryable, "RFC 9113 §8.7: REFUSED_STREAM alone promises it"
    assert str(error) == f"stream 3: reset by the peer with {name}", "for people"


def test_a_reset_by_us_is_no_fault_of_the_peers() -> None:
    error = reset_by_us(3, ErrorCode.CANCEL)
    assert (error.stream_id, error.code, error.by_peer) == (3, ErrorCode.CANCEL, False), (
        "for programs"
    )
    assert not error.retryable, "the peer may have done the work before it heard"
    assert str(error) == "stream 3: reset by this side with CANCEL", "for people"


@pytest.mark.parametrize("away", [POLITE, ANGRY], ids=["polite", "angry"])
@pytest.mark.parametrize(
    ("stream_id", "left_out"), [(3, False), (5, False), (7, True)], ids=["below", "last", "above"]
)
def test_what_a_goaway_left_out_was_never_looked_at(
    away: GoAway, stream_id: int, left_out: bool
) -> None:
    error = reset_by_peer("p", Reset(stream_id, ErrorCode.CANCEL), away)
    assert isinstance(error, GoneAway if left_out else StreamReset), (
        "RFC 9113 §6.8: the last stream id is the last that may have been acted upon"
    )
    assert error.retryable is left_out, "what was not acted upon can be sent again"


# -- the connection --------------------------------------------------------------------------


def test_a_body_cut_short_says_how_much_of_it_came() -> None:
    error = truncated("a:1", "the peer closed the connection", 42)
    assert isinstance(error, ConnectionLost), "who catches a lost connection catches this"
    assert error.received == 42, "for programs"
    assert not error.retryable, "the peer has begun to answer: it did the work"
    assert str(error) == (
        "a:1: expected the rest of a body, got its first 42 bytes and then the peer closed the"
        " connection"
    ), "what was expected, and what came"


@pytest.mark.parametrize("away", [None, POLITE], ids=["no GOAWAY", "a polite one"])
def test_a_lost_connection_has_the_reason_of_the_transport(away: GoAway | None) -> None:
    error = lost("a:1", "the peer reset the connection", away)
    assert type(error) is ConnectionLost, "a polite GOAWAY does not explain a break"
    assert not error.retryable, "what was under way may have been done"
    assert str(error) == "a:1: the peer reset the connection", "the system's word for it"


def test_a_connection_lost_after_an_angry_goaway_has_that_as_its_reason() -> None:
    error = lost("a:1", "the peer closed the connection", ANGRY)
    assert isinstance(error, GoneAway), "the peer has said why, and better than the system"
    assert "too many pings" in str(error), "in its words"
    assert not error.retryable, (
        "the streams it left out have had their errors: the rest may be done"
    )


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (None, "a:1: expected an open connection, got one that is over"),
        (
            TimedOut("a:1: expected an answer to PING within 5 s, got none", phase="keepalive"),
            (
                "a:1: expected an open connection, got one that is over"
                " (a:1: expected an answer to PING within 5 s, got none)"
            ),
        ),
    ],
    ids=["for no reason", "for a reason"],
)
def test_a_request_on_a_connection_that_is_over_can_go_elsewhere(
    why: TransportError | None, told: str
) -> None:
    error = unusable("a:1", why)
    assert error.retryable, "not a byte of it was sent, whatever ended the connection"
    assert str(error) == told, "with the reason, where there is one"
