"""First lines, taken apart, and the Host of a request (RFC 9112 §3, §4)."""

import pytest

from hyper.h1.fields import FieldReader, Section
from hyper.h1.grammar import CONNECT, HEAD, OPTIONS, PLAIN
from hyper.h1.head import (
    Fault,
    RequestLine,
    StatusLine,
    host_fault,
    offers,
    read_request_line,
    read_status_line,
)
from hyper.h1.leniences import Leniences


@pytest.mark.parametrize(
    ("line", "method", "kind", "target", "version", "minor"),
    [
        (b"GET / HTTP/1.1", b"GET", PLAIN, b"/", b"1.1", 1),
        (b"HEAD /a?b HTTP/1.0", b"HEAD", HEAD, b"/a?b", b"1.0", 0),
        (b"OPTIONS * HTTP/1.1", b"OPTIONS", OPTIONS, b"*", b"1.1", 1),
        (b"CONNECT a:1 HTTP/1.1", b"CONNECT", CONNECT, b"a:1", b"1.1", 1),
        (b"M-SEARCH http://a/ HTTP/1.1", b"M-SEARCH", PLAIN, b"http://a/", b"1.1", 1),
        (b"get / HTTP/1.1", b"get", PLAIN, b"/", b"1.1", 1),
        # RFC 9110 §6.2: a higher minor version SHOULD be processed as the highest one we know.
        (b"GET / HTTP/1.2", b"GET", PLAIN, b"/", b"1.2", 2),
    ],
)
def test_a_request_line_is_method_target_and_version(
    line: bytes, method: bytes, kind: int, target: bytes, version: bytes, minor: int
) -> None:
    found = read_request_line(line)
    assert isinstance(found, RequestLine)
    assert (found.method, found.kind, found.target) == (method, kind, target)
    assert (found.version, found.minor) == (version, minor)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"", 400),
        (b"GET", 400),
        (b"GET /", 400),
        (b"GET  / HTTP/1.1", 400),
        (b"GET /  HTTP/1.1", 400),
        (b" GET / HTTP/1.1", 400),
        (b"GET / HTTP/1.1 ", 400),
        (b"GET\t/\tHTTP/1.1", 400),
        (b"GET /\x0bHTTP/1.1", 400),
        (b"GET / HTTP/1.1\x0b", 400),
        (b"GET / HTTP/1.1\r", 400),
        (b"GET / http/1.1", 400),
        (b"GET / HTTP/1", 400),
        (b"GET / HTTP/1.1.1", 400),
        (b"GET / HTTP/11", 400),
        (b"GET / HTTP/1.10", 400),
        (b"GET / HTTP/01.1", 400),
        (b"GET / HTTPS/1.1", 400),
        (b"GET / ICY", 400),
        (b"G(T / HTTP/1.1", 400),
        (b"G\xc3T / HTTP/1.1", 400),
        (b"GET a HTTP/1.1", 400),
        (b"GET * HTTP/1.1", 400),
        (b"CONNECT / HTTP/1.1", 400),
        (b"GET / HTTP/2.0", 505),
        (b"GET / HTTP/0.9", 505),
        (b"GET / HTTP/3.0", 505),
        (b"PRI * HTTP/2.0", 505),
    ],
)
def test_a_request_line_of_another_form_is_refused(line: bytes, status: int) -> None:
    found = read_request_line(line)
    assert isinstance(found, Fault), "RFC 9112 §3: single SP; lenient parsing can be smuggled past"
    assert found.status == status


@pytest.mark.parametrize(
    ("line", "status", "reason", "version"),
    [
        (b"HTTP/1.1 200 OK", 200, b"OK", b"1.1"),
        (b"HTTP/1.0 404 Not Found", 404, b"Not Found", b"1.0"),
        (b"HTTP/1.1 200 ", 200, b"", b"1.1"),
        # RFC 9112 §4: a server MUST send this SP, and many do not.
        (b"HTTP/1.1 200", 200, b"", b"1.1"),
        (b"HTTP/1.1 100 Continue", 100, b"Continue", b"1.1"),
        (b"HTTP/1.1 999 \xe9\tx", 999, b"\xe9\tx", b"1.1"),
        (b"HTTP/1.1 200  two", 200, b" two", b"1.1"),
        (b"HTTP/1.3 200 OK", 200, b"OK", b"1.3"),
    ],
)
def test_a_status_line_is_version_status_and_reason(
    line: bytes, status: int, reason: bytes, version: bytes
) -> None:
    found = read_status_line(line)
    assert isinstance(found, StatusLine)
    assert (found.status, found.reason, found.version) == (status, reason, version)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"HTTP/1.1",
        b"HTTP/1.1 ",
        b"HTTP/1.1  200 OK",
        b" HTTP/1.1 200 OK",
        b"HTTP/1.1\t200 OK",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 099 OK",
        b"HTTP/1.1 +20 OK",
        b"HTTP/1.1 2x0 OK",
        b"HTTP/1.1 200OK",
        b"HTTP/1.1 200\tOK",
        b"HTTP/1.1 \xd9\xa2\xd9\xa0 OK",
        b"HTTP/2.0 200 OK",
        b"HTTP/2 200 OK",
        b"HTTP/0.9 200 OK",
        b"http/1.1 200 OK",
        b"ICY 200 OK",
        b"HTTP/1.1 200 O\0K",
        b"HTTP/1.1 200 OK\r",
        b"HTTP/1.1 200 O\x7fK",
    ],
)
def test_a_status_line_of_another_form_is_refused(line: bytes) -> None:
    found = read_status_line(line)
    assert isinstance(found, Fault)
    assert found.status == 502, "what a gateway says then: RFC 9110 §15.6.3"


def section(*lines: bytes) -> Section:
    found = FieldReader(Leniences()).read(b"\r\n".join(lines))
    assert isinstance(found, Section)
    return found


@pytest.mark.parametrize(
    ("lines", "target", "minor", "right"),
    [
        ([b"Host: a"], b"/", 1, True),
        ([b"Host:"], b"/", 1, True),
        ([], b"/", 1, False),
        ([], b"/", 0, True),
        ([b"Host: a", b"Host: a"], b"/", 1, False),
        ([b"Host: a", b"host: a"], b"/", 0, False),
        ([b"Host: a b"], b"/", 1, False),
        ([b"Host: a@b"], b"/", 0, False),
        ([b"Host: a"], b"http://a/", 1, True),
        ([b"Host: A:80"], b"http://a/", 1, True),
        ([b"Host: b"], b"http://a/", 1, False),
        ([b"Host:"], b"http://a/", 1, False),
        ([b"Host: b"], b"http://a/", 0, False),
        ([], b"http://a/", 0, True),
        ([b"Host: b"], b"urn:a", 1, True),
        ([b"Host: b"], b"*", 1, True),
    ],
)
def test_a_request_has_one_host_and_it_is_that_of_the_target(
    lines: list[bytes], target: bytes, minor: int, right: bool
) -> None:
    fault = host_fault(section(*lines), PLAIN, target, minor)
    assert (fault is None) is right, "RFC 9112 §3.2, §3.2.2"


@pytest.mark.parametrize(
    ("host", "right"),
    [
        (b"a:1", True),
        (b"A:1", True),
        (b"a", True),
        (b"a:2", False),
        (b"b:1", False),
        (b"b", False),
        (b"", False),
    ],
)
def test_the_host_of_connect_is_its_target_s_with_the_port_or_without(
    host: bytes, right: bool
) -> None:
    fault = host_fault(section(b"Host: " + host), CONNECT, b"a:1", 1)
    assert (fault is None) is right, "RFC 9112 §3.2.3; RFC 9110 §7.2"


def test_a_protocol_is_offered_whatever_its_case() -> None:
    assert offers(b"websocket", b"WebSocket"), "RFC 9110 §7.8: SHOULD use case-insensitive"
    assert offers(b"h2c, websocket", b"websocket")
    assert offers(b"a,\tb/1", b"b/1, a")
    assert not offers(b"websocket", b"h2c")
    assert not offers(b"a", b"a, b"), "MUST NOT switch to a protocol that was not indicated"
