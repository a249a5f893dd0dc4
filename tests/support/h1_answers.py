"""Responses, right and wrong, by name: the other half of `h1_cases`."""

from typing import Final


def ok(*lines: bytes, body: bytes = b"") -> bytes:
    """A 200 with these lines, each with its end."""
    return b"HTTP/1.1 200 OK\r\n" + b"".join(lines) + b"\r\n" + body


def line(status_line: bytes) -> bytes:
    """A response with this first line."""
    return status_line + b"\r\nContent-Length: 2\r\n\r\nhi"


def length(value: bytes, body: bytes = b"hello") -> bytes:
    """A response with this Content-Length."""
    return ok(b"Content-Length: " + value + b"\r\n", body=body)


def coded(value: bytes, body: bytes = b"5\r\nhello\r\n0\r\n\r\n") -> bytes:
    """A response with this Transfer-Encoding."""
    return ok(b"Transfer-Encoding: " + value + b"\r\n", body=body)


def chunks(body: bytes) -> bytes:
    """A response in these chunks."""
    return ok(b"Transfer-Encoding: chunked\r\n", body=body)


def field(octets: bytes) -> bytes:
    """A response with this line and its length."""
    return ok(octets + b"\r\n", b"Content-Length: 2\r\n", body=b"hi")


_CHUNKED: Final = b"5\r\nhello\r\n0\r\n\r\n"

RESPONSES: Final[dict[str, bytes]] = {
    # -- status lines
    "200": line(b"HTTP/1.1 200 OK"),
    "no reason": line(b"HTTP/1.1 200 "),
    "no reason and no SP": line(b"HTTP/1.1 200"),
    "a reason beyond ASCII": line(b"HTTP/1.1 200 caf\xe9"),
    "a reason with HTAB": line(b"HTTP/1.1 200 a\tb"),
    "a reason with NUL": line(b"HTTP/1.1 200 a\0b"),
    "a reason with CR": line(b"HTTP/1.1 200 a\rb"),
    "a reason with VT": line(b"HTTP/1.1 200 a\x0bb"),
    "a reason with LF and a field": line(b"HTTP/1.1 200 a\nX: y"),
    "two SP before the status": line(b"HTTP/1.1  200 OK"),
    "HTAB before the status": line(b"HTTP/1.1\t200 OK"),
    "SP before the version": line(b" HTTP/1.1 200 OK"),
    "a status of two digits": line(b"HTTP/1.1 20 OK"),
    "a status of four digits": line(b"HTTP/1.1 2000 OK"),
    "a status with a sign": line(b"HTTP/1.1 +20 OK"),
    "a status with a letter": line(b"HTTP/1.1 2x0 OK"),
    "a status behind which the reason begins": line(b"HTTP/1.1 200OK"),
    "a status of 0": line(b"HTTP/1.1 000 OK"),
    "a status of 099": line(b"HTTP/1.1 099 OK"),
    "a status of 299": line(b"HTTP/1.1 299 OK"),
    "a status of 600": line(b"HTTP/1.1 600 OK"),
    "a status of 999": line(b"HTTP/1.1 999 OK"),
    "HTTP/1.0": line(b"HTTP/1.0 200 OK"),
    "HTTP/1.2": line(b"HTTP/1.2 200 OK"),
    "HTTP/2.0": line(b"HTTP/2.0 200 OK"),
    "HTTP/2": line(b"HTTP/2 200 OK"),
    "HTTP/0.9": line(b"HTTP/0.9 200 OK"),
    "HTTP/1.10": line(b"HTTP/1.10 200 OK"),
    "http/1.1": line(b"http/1.1 200 OK"),
    "ICY": line(b"ICY 200 OK"),
    "no status line": b"hello",
    "nothing": b"",
    "an empty line first": b"\r\n" + line(b"HTTP/1.1 200 OK"),
    "two empty lines first": b"\r\n\r\n" + line(b"HTTP/1.1 200 OK"),
    "a head without an end": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
    # -- interim responses
    "100 first": b"HTTP/1.1 100 Continue\r\n\r\n" + line(b"HTTP/1.1 200 OK"),
    "103 first": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + line(b"HTTP/1.1 200 OK"),
    "102 twice": b"HTTP/1.1 102 Processing\r\n\r\n" * 2 + line(b"HTTP/1.1 200 OK"),
    "100 with a length": (
        b"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n" + line(b"HTTP/1.1 200 OK")
    ),
    "103 in chunks": (
        b"HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n" + line(b"HTTP/1.1 200 OK")
    ),
    "100 and nothing": b"HTTP/1.1 100 Continue\r\n\r\n",
    "101 that nobody asked for": (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
    ),
    # -- line ends
    "LF behind the status line": b"HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nhi",
    "LF behind a field": b"HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nhi",
    "LF for the empty line": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nhi",
    "LF everywhere": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "CR behind a field": b"HTTP/1.1 200 OK\r\nContent-Length: 2\rX: y\r\n\r\nhi",
    "CR CR LF behind a field": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\r\n\r\nhi",
    # -- fields
    "a field": field(b"X: y"),
    "a field without SP": field(b"X:y"),
    "a field without a value": field(b"X:"),
    "a field without a colon": field(b"X"),
    "a field without a name": field(b": y"),
    "SP before the colon": field(b"X : y"),
    "SP in a name": field(b"X Y: z"),
    "a name beyond ASCII": field(b"X\xc3\xa9: y"),
    "a name with a parenthesis": field(b"X(): y"),
    "NUL in a value": field(b"X: a\0b"),
    "CR in a value": field(b"X: a\rb"),
    "LF in a value": field(b"X: a\nb"),
    "VT in a value": field(b"X: a\x0bb"),
    "DEL in a value": field(b"X: a\x7fb"),
    "a value beyond ASCII": field(b"X: caf\xc3\xa9"),
    "a folded value": field(b"X: a\r\n b"),
    "a value folded by HTAB": field(b"X: a\r\n\tb"),
    "a fold before the first field": ok(b" X: y\r\n", b"Content-Length: 2\r\n", body=b"hi"),
    "100 fields": ok(b"X: y\r\n" * 99, b"Content-Length: 2\r\n", body=b"hi"),
    # -- framing
    "no framing": ok(body=b"hello"),
    "no framing and nothing": ok(),
    "a length": length(b"5"),
    "a length of 0": length(b"0", b""),
    "a length and more": length(b"2"),
    "a length and another response": length(b"2", b"hi" + line(b"HTTP/1.1 200 OK")),
    "a length that is cut short": length(b"50"),
    "a length with zeros first": length(b"005"),
    "an empty length": length(b""),
    "a length with a sign": length(b"+5"),
    "a negative length": length(b"-5"),
    "a length in hexadecimal": length(b"0x5"),
    "a length with an underscore": length(b"0_5"),
    "a length with a point": length(b"5.0"),
    "a length with letters behind": length(b"5a"),
    "a length with SP in it": length(b"5 0"),
    "a length of a list": length(b"5, 5"),
    "a length of a list, different": length(b"5, 6"),
    "a length with a comma behind": length(b"5,"),
    "a length beyond 64 bits": length(b"18446744073709551621"),
    "a length beyond 63 bits": length(b"9223372036854775808"),
    "length twice": ok(b"Content-Length: 5\r\n" * 2, body=b"hello"),
    "length twice, different": ok(
        b"Content-Length: 5\r\n", b"Content-Length: 6\r\n", body=b"hello"
    ),
    "a length with SP before the colon": ok(b"Content-Length : 5\r\n", body=b"hello"),
    "chunks": coded(b"chunked"),
    "chunked in capitals": coded(b"Chunked"),
    "TE with VT before it": coded(b"\x0bchunked"),
    "TE with a parameter": coded(b"chunked;a=b"),
    "TE with a comma behind": coded(b"chunked,"),
    "an empty TE": coded(b"", b"hello"),
    "TE identity": coded(b"identity", b"hello"),
    "TE gzip": coded(b"gzip", b"hello"),
    "TE gzip, chunked": coded(b"gzip, chunked"),
    "TE chunked, gzip": coded(b"chunked, gzip"),
    "TE chunked, identity": coded(b"chunked, identity"),
    "TE chunked, chunked": coded(b"chunked, chunked"),
    "TE xchunked": coded(b"xchunked"),
    "TE twice": ok(b"Transfer-Encoding: chunked\r\n" * 2, body=_CHUNKED),
    "TE with SP before the colon": ok(b"Transfer-Encoding : chunked\r\n", body=_CHUNKED),
    "TE in HTTP/1.0": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _CHUNKED,
    "CL and TE": ok(b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", body=_CHUNKED),
    "TE and CL": ok(b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", body=_CHUNKED),
    "CL and TE identity": ok(
        b"Content-Length: 5\r\n", b"Transfer-Encoding: identity\r\n", body=b"hello"
    ),
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "204 with a length": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "204 in chunks": b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
    "204 with content": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
    "304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "304 with a length": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "304 in chunks": b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
    "304 with a bad length": b"HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n",
    "205 with content": b"HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi",
    "HTTP/1.0 without framing": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "Connection: close without framing": ok(b"Connection: close\r\n", body=b"hello"),
    # -- chunks
    "no chunk but the last": chunks(b"0\r\n\r\n"),
    "two chunks": chunks(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
    "a size with zeros first": chunks(b"0005\r\nhello\r\n0\r\n\r\n"),
    "a size with many zeros first": chunks(b"0" * 17 + b"5\r\nhello\r\n0\r\n\r\n"),
    "an empty size": chunks(b"\r\nhello\r\n0\r\n\r\n"),
    "a size with a sign": chunks(b"+5\r\nhello\r\n0\r\n\r\n"),
    "a size with 0x": chunks(b"0x5\r\nhello\r\n0\r\n\r\n"),
    "a size with a letter behind": chunks(b"5g\r\nhello\r\n0\r\n\r\n"),
    "SP before a size": chunks(b" 5\r\nhello\r\n0\r\n\r\n"),
    "SP behind a size": chunks(b"5 \r\nhello\r\n0\r\n\r\n"),
    "CR behind a size": chunks(b"5\r\r\nhello\r\n0\r\n\r\n"),
    "LF behind a size": chunks(b"5\nhello\r\n0\r\n\r\n"),
    "LF behind content": chunks(b"5\r\nhello\n0\r\n\r\n"),
    "nothing behind content": chunks(b"5\r\nhello0\r\n\r\n"),
    "two letters behind content": chunks(b"5\r\nhelloXX0\r\n\r\n"),
    "a size beyond 64 bits that is 5": chunks(b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "an extension": chunks(b"5;a=b\r\nhello\r\n0\r\n\r\n"),
    "an extension with a quoted value": chunks(b'5;a="b c"\r\nhello\r\n0\r\n\r\n'),
    "an extension with SP before it": chunks(b"5 ;a=b\r\nhello\r\n0\r\n\r\n"),
    "an empty extension": chunks(b"5;\r\nhello\r\n0\r\n\r\n"),
    "an extension with LF": chunks(b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    "an extension with CR": chunks(b"5;a\rb\r\nhello\r\n0\r\n\r\n"),
    "an extension with NUL": chunks(b"5;a\0b\r\nhello\r\n0\r\n\r\n"),
    "an extension of 200 bytes": chunks(b"5;" + b"a" * 200 + b"\r\nhello\r\n0\r\n\r\n"),
    "chunks that are cut short": chunks(b"5\r\nhel"),
    "chunks without the last": chunks(b"5\r\nhello\r\n"),
    "chunks without the empty line": chunks(b"5\r\nhello\r\n0\r\n"),
    "a trailer": chunks(b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "a trailer that frames": chunks(b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
    "a trailer with SP before the colon": chunks(b"5\r\nhello\r\n0\r\nX : 1\r\n\r\n"),
    "a folded trailer": chunks(b"5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n"),
}
