"""The messages of an HTTP/1.1 connection as text."""

from hyper.cli.trace_http1 import Http1Trace
from hyper.cli.trace_lines import Line

ASKED = b"GET /a HTTP/1.1\r\nHost: example.org\r\nX-oDD: 1\r\n\r\n"


def text(lines: list[Line]) -> list[str]:
    return ["".join([span for span, _ in line]).strip() for line in lines]


def test_an_exchange_reads_like_a_conversation() -> None:
    trace = Http1Trace()
    assert text(trace.sent(ASKED)) == [
        "send GET /a HTTP/1.1, end",
        "Host: example.org",
        "X-oDD: 1",
    ], "names as they were spelled"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert text(trace.received(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head)) == [
        "recv HTTP/1.1 103 Early Hints",
        "Link: </a>",
        "recv HTTP/1.1 200 OK",
        "Content-Length: 5",
    ], "interim responses as well"
    assert text(trace.received(b"hel")) == ["recv content, 3 bytes"], "as it comes"
    assert text(trace.received(b"lo")) == ["recv content, 2 bytes, end"], "until its end"
    assert text(trace.sent(ASKED))[0] == "send GET /a HTTP/1.1, end", "and the next"
    assert text(trace.received(b"HTTP/1.1 304 Not Modified\r\n\r\n")) == [
        "recv HTTP/1.1 304 Not Modified, end"
    ], "which has no content"


def test_chunks_and_trailers_are_told_without_their_framing() -> None:
    trace = Http1Trace()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert text(trace.sent(head + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n")) == [
        "send POST / HTTP/1.1",
        "Host: a",
        "Transfer-Encoding: chunked",
        "send content, 3 bytes",
        "send trailers, end",
        "X-Sum: 1",
    ], "what was meant by the bytes"


def test_the_answer_to_head_has_no_content() -> None:
    trace = Http1Trace()
    trace.sent(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert text(trace.received(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"))[0] == (
        "recv HTTP/1.1 200 OK, end"
    ), "RFC 9110 §9.3.2: the trace knows what was asked"


def test_what_ends_with_the_connection_has_no_end_here() -> None:
    trace = Http1Trace()
    trace.sent(ASKED)
    assert text(trace.received(b"HTTP/1.0 200 OK\r\n\r\nabc")) == [
        "recv HTTP/1.0 200 OK",
        "recv content, 3 bytes",
    ], "RFC 9112 §6.3: a tap sees bytes, not their end"


def test_secrets_stay_hidden() -> None:
    asked = ASKED[:-2] + b"Authorization: secret\r\n\r\n"
    assert "Authorization: <6 bytes hidden>" in text(Http1Trace().sent(asked)), "a trace is shown"
    assert "Authorization: secret" in text(Http1Trace(show_secrets=True).sent(asked)), "on request"


def test_what_cannot_be_read_is_told_once() -> None:
    trace = Http1Trace()
    trace.sent(ASKED)
    lines = text(trace.received(b"nonsense\r\n\r\n"))
    assert lines[0] == "recv what cannot be read", "and why"
    assert "expected" in lines[1], "what was expected and what came"
    assert text(trace.received(b"more")) == ["recv 4 bytes"], "nothing can be made of the rest"
    assert text(trace.sent(b"more")) == ["send 4 bytes"], "on either side"


def test_another_protocol_is_so_many_bytes() -> None:
    trace = Http1Trace()
    trace.sent(ASKED[:-2] + b"Connection: upgrade\r\nUpgrade: odd\r\n\r\n")
    switch = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: odd\r\n\r\n"
    lines = text(trace.received(switch + b"\x00\x01"))
    assert lines[0] == "recv HTTP/1.1 101 Switching Protocols", "RFC 9110 §15.2.2"
    assert lines[-1] == "recv 2 bytes", "what stands behind it is no HTTP"
    assert text(trace.received(b"abc")) == ["recv 3 bytes"], "and neither is this"
    assert text(trace.sent(b"abc")) == ["send 3 bytes"], "nor this"
