"""Heads that are not whole yet: sizes, bare LF, what can be no head at all."""

import pytest

from hyper.h1.head import Fault
from hyper.h1.limits import Limits
from hyper.h1.scan import Scan
from hyper.wire import Role

SMALL = Limits(max_start_line=30, max_field_line=20, max_head=100, max_fields=4)
LINE = b"GET / HTTP/1.1\r\n"


def whole(
    octets: bytes,
    role: Role = Role.SERVER,
    *,
    trailers: bool = False,
    bare_lf: bool = False,
) -> Fault | None:
    return Scan(role, SMALL, trailers, bare_lf).look(octets, len(octets))


def in_pieces(
    octets: bytes, role: Role = Role.SERVER, *, trailers: bool = False, bare_lf: bool = False
) -> Fault | None:
    scan = Scan(role, SMALL, trailers, bare_lf)
    for end in range(1, len(octets) + 1):
        fault = scan.look(bytearray(octets[:end]), end)
        if fault is not None:
            return fault
    return None


@pytest.mark.parametrize(
    ("octets", "status", "says"),
    [
        (b"\x16\x03\x01\x02\x00", 400, "a request line"),
        (b" GET / HTTP/1.1\r\n", 400, "a request line"),
        (b"\r\n", 400, "a request line"),
        (b"\x80", 400, "a request line"),
        (b"GET / HTTP/1.1\n", 400, "CRLF"),
        (LINE + b"Host: a\n", 400, "CRLF"),
        (LINE + b"a: b\r\n\n", 400, "CRLF"),
        (b"HELO there\r\n", 400, "a request line"),
        (b"SSH-2.0-OpenSSH\r\n", 400, "a request line"),
        (b"GET / HTTP/2.0\r\n", 505, "HTTP/1.x"),
        (b"GET /" + b"x" * 40, 414, "at most 30 bytes"),
        (b"GET /" + b"x" * 40 + b" HTTP/1.1\r\n", 414, "at most 30 bytes"),
        (LINE + b"a: " + b"x" * 30, 431, "at most 20 bytes"),
        (LINE + b"a: b\r\na: " + b"x" * 30 + b"\r\n", 431, "at most 20 bytes"),
        (LINE + b"a: b\r\n" * 5, 431, "at most 4 fields"),
        (LINE + b"a: bcdefghijklmnopq\r\n" * 4 + b"\r\n", 431, "at most 100 bytes"),
    ],
)
def test_what_is_wrong_is_the_same_however_it_is_cut(octets: bytes, status: int, says: str) -> None:
    for fault in (whole(octets), in_pieces(octets)):
        assert fault is not None
        assert (fault.status, says in fault.expected) == (status, True), fault.expected
    first, second = whole(octets), in_pieces(octets)
    assert first is not None
    assert second is not None
    assert (first.expected, first.came) == (second.expected, second.came)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"G",
        LINE,
        LINE + b"a: b\r\n" * 4 + b"\r\n",
        b"GET /" + b"x" * 16 + b" HTTP/1.1",
        b"GET /" + b"x" * 16 + b" HTTP/1.1\r\n",
        LINE + b"a: " + b"x" * 17 + b"\r\n",
        LINE + b"a: bcdefghijklmnopq\r\n" * 3 + b"a: bcdefghijklmn\r\n\r\n",
        b"PRI * HTTP/2.0\r\n",
        LINE + b"a b c\r\n",
    ],
)
def test_what_is_within_the_limits_passes(octets: bytes) -> None:
    assert whole(octets) is None, "what it means is others' business"
    assert in_pieces(octets) is None


def test_the_first_fault_in_the_order_of_the_bytes_is_the_one() -> None:
    octets = LINE + b"a: b\n" + b"c: d\r\n" * 9 + b"x" * 200
    fault = whole(octets)
    assert fault is not None
    assert fault.came == "LF alone", "it comes before the fields that are too many"


def test_a_client_says_what_a_gateway_would() -> None:
    for octets in (b"\x16", b"HTTP/1.1 200 OK\n", b"HTTP/1.1 " + b"2" * 40, b"ICY 200 OK\r\n"):
        fault = whole(octets, Role.CLIENT)
        assert fault is not None
        assert fault.status == 502


def test_lf_alone_passes_where_it_is_let() -> None:
    octets = b"HTTP/1.1 200 OK\na: b\r\n\n"
    assert whole(octets, Role.CLIENT, bare_lf=True) is None
    assert in_pieces(octets, Role.CLIENT, bare_lf=True) is None
    fault = whole(b"HTTP/1.1 200 OK\n" + b"a: b\n" * 5, Role.CLIENT, bare_lf=True)
    assert fault is not None
    assert "at most 4 fields" in fault.expected, "and is counted like any other"


def test_trailers_have_no_first_line_and_the_same_limits() -> None:
    for octets, says in (
        (b"a: b\r\n" * 5, "at most 4 fields"),
        (b"a: " + b"x" * 30, "at most 20 bytes"),
        (b"a: b\n", "CRLF"),
    ):
        for fault in (whole(octets, trailers=True), in_pieces(octets, trailers=True)):
            assert fault is not None
            assert says in fault.expected
    assert whole(b"a: b\r\n\r\n", trailers=True) is None


def test_trailers_as_a_whole_have_a_limit() -> None:
    limits = Limits(max_field_line=20, max_head=30, max_fields=9)
    fault = Scan(Role.SERVER, limits, True, False).look(b"a: bcdefghijklmnop\r\n" * 2, 40)
    assert fault is not None
    assert (fault.status, fault.expected) == (431, "trailers of at most 30 bytes")
