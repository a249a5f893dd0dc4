"""Requests and responses, right and wrong, by name: what every HTTP/1.1 program has to decide on.

From RFC 9112 and RFC 9110, and from what has been published on request smuggling: Linhart and
others 2005, Kettle 2019 (CL.TE, TE.CL, TE.TE), 2021 and 2025 (0.CL, early responses, Expect), the
chunk terminators of CVE-2025-43859, and the chunk extensions of "Funky Chunks" 2025.
"""

from typing import Final

HOST: Final = b"Host: a\r\n"
NEXT: Final = b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"


def line(request_line: bytes) -> bytes:
    """A request with this first line."""
    return request_line + b"\r\n" + HOST + b"\r\n"


def get(*lines: bytes) -> bytes:
    """A GET with these lines behind its Host, each with its end."""
    return b"GET / HTTP/1.1\r\n" + HOST + b"".join(lines) + b"\r\n"


def post(*lines: bytes, body: bytes = b"") -> bytes:
    """A POST with these lines behind its Host, each with its end; and another request behind it."""
    return b"POST / HTTP/1.1\r\n" + HOST + b"".join(lines) + b"\r\n" + body + NEXT


def chunks(body: bytes, *lines: bytes) -> bytes:
    """A POST whose body is said to be chunked."""
    return post(b"Transfer-Encoding: chunked\r\n", *lines, body=body)


def coded(value: bytes, body: bytes = b"5\r\nhello\r\n0\r\n\r\n") -> bytes:
    """A POST with this Transfer-Encoding."""
    return post(b"Transfer-Encoding: " + value + b"\r\n", body=body)


def length(value: bytes, body: bytes = b"hello") -> bytes:
    """A POST with this Content-Length."""
    return post(b"Content-Length: " + value + b"\r\n", body=body)


def both(first: bytes, second: bytes, body: bytes) -> bytes:
    """A POST with two fields that frame it."""
    return post(first + b"\r\n", second + b"\r\n", body=body)


_CHUNKED: Final = b"5\r\nhello\r\n0\r\n\r\n"

REQUESTS: Final[dict[str, bytes]] = {
    # -- request lines
    "GET": get(),
    "two requests": get() + NEXT,
    "three requests": get() + NEXT + NEXT,
    "HEAD": line(b"HEAD / HTTP/1.1") + NEXT,
    "OPTIONS *": line(b"OPTIONS * HTTP/1.1"),
    "DELETE": line(b"DELETE / HTTP/1.1"),
    "a method that nobody knows": line(b"BREW / HTTP/1.1"),
    "a method in lower case": line(b"get / HTTP/1.1"),
    "a method with all of tchar": line(b"A!#$%&'*+-.^_`|~9 / HTTP/1.1"),
    "a method with a parenthesis": line(b"G(T / HTTP/1.1"),
    "a method with a colon": line(b"G:T / HTTP/1.1"),
    "a method beyond ASCII": line(b"G\xc3\x89T / HTTP/1.1"),
    "a method with NUL": line(b"G\0T / HTTP/1.1"),
    "no method": line(b" / HTTP/1.1"),
    "no target": line(b"GET HTTP/1.1"),
    "no version": line(b"GET /"),
    "HTTP/0.9": b"GET /\r\n",
    "two SP before the target": line(b"GET  / HTTP/1.1"),
    "two SP before the version": line(b"GET /  HTTP/1.1"),
    "SP before the method": line(b" GET / HTTP/1.1"),
    "SP behind the version": line(b"GET / HTTP/1.1 "),
    "HTAB before the target": line(b"GET\t/ HTTP/1.1"),
    "HTAB before the version": line(b"GET /\tHTTP/1.1"),
    "VT before the version": line(b"GET /\x0bHTTP/1.1"),
    "VT behind the version": line(b"GET / HTTP/1.1\x0b"),
    "FF before the version": line(b"GET /\x0cHTTP/1.1"),
    "CR before the version": line(b"GET /\rHTTP/1.1"),
    "CR behind the version": line(b"GET / HTTP/1.1\r"),
    "SP in the target": line(b"GET /a b HTTP/1.1"),
    "HTAB in the target": line(b"GET /a\tb HTTP/1.1"),
    "NUL in the target": line(b"GET /a\0b HTTP/1.1"),
    "DEL in the target": line(b"GET /a\x7fb HTTP/1.1"),
    "a target beyond ASCII": line(b"GET /caf\xc3\xa9 HTTP/1.1"),
    "a fragment in the target": line(b"GET /a#b HTTP/1.1"),
    "marks in the target that a URI has not": line(b'GET /a|b{c}d^e`f"g<h>i\\j HTTP/1.1'),
    "a percent that encodes nothing": line(b"GET /%zz HTTP/1.1"),
    "an encoded NUL": line(b"GET /%00 HTTP/1.1"),
    "a target of two slashes": line(b"GET //a/b HTTP/1.1"),
    "a target that begins with a name": line(b"GET a HTTP/1.1"),
    "a target that begins with a query": line(b"GET ?a HTTP/1.1"),
    "GET *": line(b"GET * HTTP/1.1"),
    "absolute-form": line(b"GET http://a/ HTTP/1.1"),
    "absolute-form without a path": line(b"GET http://a HTTP/1.1"),
    "absolute-form with the port that goes without saying": line(b"GET http://a:80/ HTTP/1.1"),
    "absolute-form of another host": line(b"GET http://b/ HTTP/1.1"),
    "absolute-form of another port": line(b"GET http://a:81/ HTTP/1.1"),
    "absolute-form with userinfo": line(b"GET http://u:p@a/ HTTP/1.1"),
    "absolute-form without a host": line(b"GET http:///a HTTP/1.1"),
    "absolute-form with a bad port": line(b"GET http://a:x/ HTTP/1.1"),
    "absolute-form of a scheme in capitals": line(b"GET HTTP://a/ HTTP/1.1"),
    "absolute-form of another scheme": line(b"GET ftp://a/ HTTP/1.1"),
    "a URN": line(b"GET urn:isbn:1 HTTP/1.1"),
    "CONNECT": line(b"CONNECT a:1 HTTP/1.1"),
    "CONNECT with Host and port": b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    "CONNECT with another Host": b"CONNECT a:1 HTTP/1.1\r\nHost: b:1\r\n\r\n",
    "CONNECT without a port": line(b"CONNECT a HTTP/1.1"),
    "CONNECT to port 0": line(b"CONNECT a:0 HTTP/1.1"),
    "CONNECT to port 65536": line(b"CONNECT a:65536 HTTP/1.1"),
    "CONNECT to a path": line(b"CONNECT / HTTP/1.1"),
    "CONNECT with content": b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello",
    "CONNECT in chunks": (
        b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + _CHUNKED
    ),
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP/1.2": line(b"GET / HTTP/1.2"),
    "HTTP/1.9": line(b"GET / HTTP/1.9"),
    "HTTP/1.10": line(b"GET / HTTP/1.10"),
    "HTTP/2.0": line(b"GET / HTTP/2.0"),
    "HTTP/0.9 in full": line(b"GET / HTTP/0.9"),
    "HTTP/1": line(b"GET / HTTP/1"),
    "HTTP/1.": line(b"GET / HTTP/1."),
    "HTTP/01.1": line(b"GET / HTTP/01.1"),
    "HTTP/+1.1": line(b"GET / HTTP/+1.1"),
    "http/1.1": line(b"GET / http/1.1"),
    "HTTPS/1.1": line(b"GET / HTTPS/1.1"),
    "HTTP 1.1": line(b"GET / HTTP 1.1"),
    "ICE/1.0": line(b"GET / ICE/1.0"),
    "RTSP/1.0": line(b"GET / RTSP/1.0"),
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a response": b"HTTP/1.1 200 OK\r\n\r\n",
    "a TLS ClientHello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "an empty line first": b"\r\n" + get(),
    "two empty lines first": b"\r\n\r\n" + get(),
    "three empty lines first": b"\r\n\r\n\r\n" + get(),
    "LF first": b"\n" + get(),
    "CR first": b"\r" + get(),
    "SP CRLF first": b" \r\n" + get(),
    "an empty line between requests": get() + b"\r\n" + NEXT,
    "two empty lines between requests": get() + b"\r\n\r\n" + NEXT,
    # -- line ends
    "LF behind the request line": b"GET / HTTP/1.1\n" + HOST + b"\r\n",
    "LF behind a field": b"GET / HTTP/1.1\r\nHost: a\n\r\n",
    "LF for the empty line": b"GET / HTTP/1.1\r\n" + HOST + b"\n",
    "LF everywhere": b"GET / HTTP/1.1\nHost: a\n\n",
    "CR behind a field": b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
    "CR for the empty line": b"GET / HTTP/1.1\r\n" + HOST + b"\r" + NEXT,
    "CR CR LF behind a field": b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
    "LF CR behind a field": b"GET / HTTP/1.1\r\nHost: a\n\r\n\r\n",
    # -- fields
    "a field": get(b"X: y\r\n"),
    "a field without SP": get(b"X:y\r\n"),
    "a field with more white space": get(b"X: \t y \t \r\n"),
    "a field without a value": get(b"X:\r\n"),
    "a field of SP only": get(b"X:   \r\n"),
    "a field without a colon": get(b"X\r\n"),
    "a field without a name": get(b": y\r\n"),
    "SP before the colon": get(b"X : y\r\n"),
    "HTAB before the colon": get(b"X\t: y\r\n"),
    "VT before the colon": get(b"X\x0b: y\r\n"),
    "SP in a name": get(b"X Y: z\r\n"),
    "a name with all of tchar": get(b"A!#$%&'*+-.^_`|~9: y\r\n"),
    "a name with a parenthesis": get(b"X(): y\r\n"),
    "a name with a slash": get(b"X/Y: z\r\n"),
    "a name with a quote": get(b'X"Y: z\r\n'),
    "a name beyond ASCII": get(b"X\xc3\xa9: y\r\n"),
    "a name with NUL": get(b"X\0Y: z\r\n"),
    "a name with DEL": get(b"X\x7fY: z\r\n"),
    "NUL in a value": get(b"X: a\0b\r\n"),
    "CR in a value": get(b"X: a\rb\r\n"),
    "LF in a value": get(b"X: a\nb\r\n"),
    "LF and a field in a value": get(b"X: a\nY: b\r\n"),
    "VT in a value": get(b"X: a\x0bb\r\n"),
    "FF in a value": get(b"X: a\x0cb\r\n"),
    "ESC in a value": get(b"X: a\x1bb\r\n"),
    "DEL in a value": get(b"X: a\x7fb\r\n"),
    "a value beyond ASCII": get(b"X: caf\xc3\xa9\r\n"),
    "a value of ISO-8859-1": get(b"X: caf\xe9\r\n"),
    "a folded value": get(b"X: a\r\n b\r\n"),
    "a value folded by HTAB": get(b"X: a\r\n\tb\r\n"),
    "a folded Host": b"GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
    "a fold before the first field": b"GET / HTTP/1.1\r\n X: y\r\n" + HOST + b"\r\n",
    "a fold of nothing": get(b"X: a\r\n \r\n"),
    "SP before the first field's name": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "100 fields": get(b"X: y\r\n" * 99),
    "a line of 8,000 bytes": get(b"X: " + b"y" * 8_000 + b"\r\n"),
    "a target of 7,000 bytes": line(b"GET /" + b"x" * 7_000 + b" HTTP/1.1"),
    "a head without an end": b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n",
    # -- Host
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "an empty Host": b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "Host twice": get(b"Host: a\r\n"),
    "Host twice, different": get(b"Host: b\r\n"),
    "Host with a port": b"GET / HTTP/1.1\r\nHost: a:80\r\n\r\n",
    "Host with an empty port": b"GET / HTTP/1.1\r\nHost: a:\r\n\r\n",
    "Host with a bad port": b"GET / HTTP/1.1\r\nHost: a:x\r\n\r\n",
    "Host with two ports": b"GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n",
    "Host with userinfo": b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "Host with a path": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "Host with a query": b"GET / HTTP/1.1\r\nHost: a?b\r\n\r\n",
    "Host with SP": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "Host of a list": b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "Host of an IPv6 address": b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "Host of a bare IPv6 address": b"GET / HTTP/1.1\r\nHost: ::1\r\n\r\n",
    "Host of an open bracket": b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "Host with an underscore": b"GET / HTTP/1.1\r\nHost: a_b\r\n\r\n",
    "Host beyond ASCII": b"GET / HTTP/1.1\r\nHost: caf\xc3\xa9\r\n\r\n",
    "Host of a URI": b"GET / HTTP/1.1\r\nHost: http://a\r\n\r\n",
    "HTTP/1.0 with Host twice": b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
    # -- Content-Length
    "content": length(b"5"),
    "no content": length(b"0", b""),
    "GET with content": get(b"Content-Length: 5\r\n") + b"hello" + NEXT,
    "HEAD with content": b"HEAD / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello" + NEXT,
    "POST without framing": post(),
    "a length with zeros first": length(b"005"),
    "an empty length": length(b"", b""),
    "a length with a sign": length(b"+5"),
    "a negative length": length(b"-5", b""),
    "a length in hexadecimal": length(b"0x5"),
    "a length with an underscore": length(b"1_0", b"0123456789"),
    "a length with a point": length(b"5.0"),
    "a length with an exponent": length(b"5e0"),
    "a length with SP in it": length(b"5 0"),
    "a length with letters behind": length(b"5a"),
    "a length with a comma behind": length(b"5,"),
    "a length of a list": length(b"5, 5"),
    "a length of a list, different": length(b"5, 6"),
    "a length of a list without SP": length(b"5,5"),
    "a length with a semicolon": length(b"5;5"),
    "a length in quotes": length(b'"5"'),
    "a length of other digits": length(b"\xd9\xa5"),
    "a length with VT before it": length(b"\x0b5"),
    "a length with NUL behind": length(b"5\0"),
    "a length with CR behind": length(b"5\r"),
    "a length beyond 64 bits": length(b"18446744073709551621"),
    "a length beyond 63 bits": length(b"9223372036854775808"),
    "a length beyond 32 bits that is 5": length(b"4294967301"),
    "a length of 400 digits": length(b"0" * 399 + b"5"),
    "length twice": both(b"Content-Length: 5", b"Content-Length: 5", b"hello"),
    "length twice, different": both(b"Content-Length: 5", b"Content-Length: 6", b"hello"),
    "length twice, empty first": both(b"Content-Length:", b"Content-Length: 5", b"hello"),
    "length twice, with zeros": both(b"Content-Length: 5", b"Content-Length: 05", b"hello"),
    "a length with SP before the colon": both(b"Content-Length : 5", b"X: y", b"hello"),
    "a folded length": both(b"Content-Length:\r\n 5", b"X: y", b"hello"),
    "a length with an underscore for the dash": both(b"Content_Length: 5", b"X: y", b""),
    "a length that is cut short": length(b"500"),
    "HTTP/1.0 with content": b"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.0 with keep-alive": b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + NEXT,
    "HTTP/1.0 and another request": b"GET / HTTP/1.0\r\n\r\n" + NEXT,
    # -- Transfer-Encoding
    "chunks": coded(b"chunked"),
    "chunked in capitals": coded(b"CHUNKED"),
    "chunked with white space": coded(b" \tchunked \t"),
    "TE with VT before it": coded(b"\x0bchunked"),
    "TE with VT behind": coded(b"chunked\x0b"),
    "TE with NUL behind": coded(b"chunked\0"),
    "TE with CR behind": coded(b"chunked\r"),
    "TE in quotes": coded(b'"chunked"'),
    "TE in single quotes": coded(b"'chunked'"),
    "TE with a parameter": coded(b"chunked;a=b"),
    "TE with a semicolon": coded(b"chunked;"),
    "TE with a comma behind": coded(b"chunked,"),
    "TE with a comma before": coded(b",chunked"),
    "TE of a comma": coded(b","),
    "an empty TE": coded(b""),
    "TE identity": coded(b"identity", b""),
    "TE identity, chunked": coded(b"identity, chunked"),
    "TE chunked, identity": coded(b"chunked, identity"),
    "TE gzip, chunked": coded(b"gzip, chunked"),
    "TE gzip": coded(b"gzip"),
    "TE chunked, chunked": coded(b"chunked, chunked"),
    "TE xchunked": coded(b"xchunked"),
    "TE chunkedx": coded(b"chunkedx"),
    "TE chunked x": coded(b"chunked x"),
    "TE of many": coded(b"a, b, c, chunked"),
    "TE twice": both(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", _CHUNKED),
    "TE twice, identity last": both(
        b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", _CHUNKED
    ),
    "TE twice, identity first": both(
        b"Transfer-Encoding: identity", b"Transfer-Encoding: chunked", _CHUNKED
    ),
    "TE twice, nonsense last": both(
        b"Transfer-Encoding: chunked", b"Transfer-encoding: cow", _CHUNKED
    ),
    "TE with SP before the colon": both(b"Transfer-Encoding : chunked", b"X: y", _CHUNKED),
    "TE with HTAB before the colon": both(b"Transfer-Encoding\t: chunked", b"X: y", _CHUNKED),
    "TE with SP before the name": both(b"X: y", b" Transfer-Encoding: chunked", _CHUNKED),
    "a folded TE": both(b"Transfer-Encoding:\r\n chunked", b"X: y", _CHUNKED),
    "TE behind LF": both(b"X: y\nTransfer-Encoding: chunked", b"X: y", _CHUNKED),
    "TE behind CR": both(b"X: y\rTransfer-Encoding: chunked", b"X: y", _CHUNKED),
    "TE with an underscore": both(b"Transfer_Encoding: chunked", b"X: y", b""),
    "TE in HTTP/1.0": (
        b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + _CHUNKED
    ),
    "TE in HTTP/1.0 with keep-alive": (
        b"POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + _CHUNKED + NEXT
    ),
    # -- both of them
    "CL.TE": both(b"Content-Length: 5", b"Transfer-Encoding: chunked", b"0\r\n\r\n"),
    "TE.CL": both(b"Transfer-Encoding: chunked", b"Content-Length: 5", b"0\r\n\r\n"),
    "CL.TE smuggles": both(b"Content-Length: 6", b"Transfer-Encoding: chunked", b"0\r\n\r\nG"),
    "TE.CL smuggles": both(
        b"Content-Length: 4", b"Transfer-Encoding: chunked", b"5c\r\nGPOST / HTTP/1.1\r\n\r\n"
    ),
    "CL 0 and TE": both(b"Content-Length: 0", b"Transfer-Encoding: chunked", _CHUNKED),
    "CL and TE identity": both(b"Content-Length: 5", b"Transfer-Encoding: identity", b"hello"),
    "CL and a TE with SP before the colon": both(
        b"Content-Length: 5", b"Transfer-Encoding : chunked", b"hello"
    ),
    "CL and TE with VT": both(b"Content-Length: 5", b"Transfer-Encoding: \x0bchunked", b"hello"),
    "CL and TE xchunked": both(b"Content-Length: 5", b"Transfer-Encoding: xchunked", b"hello"),
    "CL, CL and TE": post(
        b"Content-Length: 5\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        body=_CHUNKED,
    ),
    "a bad CL and TE": both(b"Content-Length: x", b"Transfer-Encoding: chunked", _CHUNKED),
    # -- chunks
    "no chunk but the last": chunks(b"0\r\n\r\n"),
    "two chunks": chunks(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
    "a size in capitals": chunks(b"A\r\n0123456789\r\n0\r\n\r\n"),
    "a size with zeros first": chunks(b"0005\r\nhello\r\n0\r\n\r\n"),
    "a size with many zeros first": chunks(b"0" * 17 + b"5\r\nhello\r\n0\r\n\r\n"),
    "a last chunk of many zeros": chunks(b"5\r\nhello\r\n00000\r\n\r\n"),
    "an empty size": chunks(b"\r\nhello\r\n0\r\n\r\n"),
    "a size with a sign": chunks(b"+5\r\nhello\r\n0\r\n\r\n"),
    "a negative size": chunks(b"-5\r\nhello\r\n0\r\n\r\n"),
    "a size with 0x": chunks(b"0x5\r\nhello\r\n0\r\n\r\n"),
    "a size with an underscore in it": chunks(b"0_5\r\nhello\r\n0\r\n\r\n"),
    "a size with a letter behind": chunks(b"5g\r\nhello\r\n0\r\n\r\n"),
    "a size with a comma": chunks(b"5,\r\nhello\r\n0\r\n\r\n"),
    "SP before a size": chunks(b" 5\r\nhello\r\n0\r\n\r\n"),
    "SP behind a size": chunks(b"5 \r\nhello\r\n0\r\n\r\n"),
    "HTAB behind a size": chunks(b"5\t\r\nhello\r\n0\r\n\r\n"),
    "CR behind a size": chunks(b"5\r\r\nhello\r\n0\r\n\r\n"),
    "NUL behind a size": chunks(b"5\0\r\nhello\r\n0\r\n\r\n"),
    "LF behind a size": chunks(b"5\nhello\r\n0\r\n\r\n"),
    "LF behind the last size": chunks(b"5\r\nhello\r\n0\n\r\n"),
    "LF for the last line": chunks(b"5\r\nhello\r\n0\r\n\n"),
    "a size beyond 64 bits that is 5": chunks(b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "a size beyond 63 bits": chunks(b"8000000000000005\r\nhello\r\n0\r\n\r\n"),
    "a size beyond 32 bits that is 5": chunks(b"100000005\r\nhello\r\n0\r\n\r\n"),
    "a size of the largest": chunks(b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    "LF behind content": chunks(b"5\r\nhello\n0\r\n\r\n"),
    "CR behind content": chunks(b"5\r\nhello\r0\r\n\r\n"),
    "nothing behind content": chunks(b"5\r\nhello0\r\n\r\n"),
    "two letters behind content": chunks(b"5\r\nhelloXX0\r\n\r\n"),
    "LF CR behind content": chunks(b"5\r\nhello\n\r0\r\n\r\n"),
    "content longer than its size": chunks(b"4\r\nhello\r\n0\r\n\r\n"),
    "content shorter than its size": chunks(b"6\r\nhello\r\n0\r\n\r\n"),
    "an extension": chunks(b"5;a\r\nhello\r\n0\r\n\r\n"),
    "an extension with a value": chunks(b"5;a=b\r\nhello\r\n0\r\n\r\n"),
    "an extension with a quoted value": chunks(b'5;a="b c"\r\nhello\r\n0\r\n\r\n'),
    "an extension of the last chunk": chunks(b"5\r\nhello\r\n0;a=b\r\n\r\n"),
    "two extensions": chunks(b"5;a=b;c=d\r\nhello\r\n0\r\n\r\n"),
    "an extension with SP before it": chunks(b"5 ;a=b\r\nhello\r\n0\r\n\r\n"),
    "an extension with SP in it": chunks(b"5; a = b\r\nhello\r\n0\r\n\r\n"),
    "an empty extension": chunks(b"5;\r\nhello\r\n0\r\n\r\n"),
    "an extension without a name": chunks(b"5;=b\r\nhello\r\n0\r\n\r\n"),
    "an extension with an open quote": chunks(b'5;a="b\r\nhello\r\n0\r\n\r\n'),
    "an extension with LF": chunks(b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    "an extension with LF and content": chunks(b"5;\nhello\r\n0\r\n\r\n"),
    "an extension with CR": chunks(b"5;a\rb\r\nhello\r\n0\r\n\r\n"),
    "an extension with NUL": chunks(b"5;a\0b\r\nhello\r\n0\r\n\r\n"),
    "an extension beyond ASCII": chunks(b"5;a=caf\xe9\r\nhello\r\n0\r\n\r\n"),
    "an extension in quotes with CRLF": chunks(b'5;a="\r\nhello\r\n0\r\n\r\n"'),
    "an extension of 200 bytes": chunks(b"5;" + b"a" * 200 + b"\r\nhello\r\n0\r\n\r\n"),
    "an extension of 5,000 bytes": chunks(b"5;" + b"a" * 5_000 + b"\r\nhello\r\n0\r\n\r\n"),
    "chunks without the last": chunks(b"5\r\nhello\r\n").removesuffix(NEXT),
    "chunks without the empty line": chunks(b"5\r\nhello\r\n0\r\n").removesuffix(NEXT),
    "a next request for the trailers": chunks(b"5\r\nhello\r\n0\r\n"),
    # -- trailers
    "a trailer": chunks(b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "a trailer that frames": chunks(b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
    "a trailer of Transfer-Encoding": chunks(
        b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    "a trailer of Host": chunks(b"5\r\nhello\r\n0\r\nHost: b\r\n\r\n"),
    "a trailer of Authorization": chunks(b"5\r\nhello\r\n0\r\nAuthorization: b\r\n\r\n"),
    "a trailer with SP before the colon": chunks(b"5\r\nhello\r\n0\r\nX : 1\r\n\r\n"),
    "a trailer with NUL": chunks(b"5\r\nhello\r\n0\r\nX: \0\r\n\r\n"),
    "a trailer without a colon": chunks(b"5\r\nhello\r\n0\r\nX\r\n\r\n"),
    "a folded trailer": chunks(b"5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n"),
    "a trailer with LF": chunks(b"5\r\nhello\r\n0\r\nX: a\n\r\n"),
    # -- expectations, options, upgrades
    "Expect: 100-continue": post(
        b"Content-Length: 5\r\n", b"Expect: 100-continue\r\n", body=b"hello"
    ),
    "Expect: 100-Continue": post(
        b"Content-Length: 5\r\n", b"Expect: 100-Continue\r\n", body=b"hello"
    ),
    "Expect without content": get(b"Expect: 100-continue\r\n"),
    "Expect of another": get(b"Expect: tea\r\n"),
    "Expect of a list": get(b"Expect: 100-continue, tea\r\n"),
    "an obfuscated Expect": post(
        b"Content-Length: 5\r\n", b"Expect: y 100-continue\r\n", body=b"hello"
    ),
    "0.CL": get(b"Content-Length: 21\r\n") + b"GET /x HTTP/1.1\r\nX: y" + NEXT,
    "Connection: close and another request": get(b"Connection: close\r\n") + NEXT,
    "Connection of Content-Length": post(
        b"Connection: Content-Length\r\n", b"Content-Length: 5\r\n", body=b"hello"
    ),
    "Connection of Host": get(b"Connection: Host\r\n"),
    "Upgrade": get(b"Connection: Upgrade\r\n", b"Upgrade: x\r\n"),
    "Upgrade: h2c": get(
        b"Connection: Upgrade, HTTP2-Settings\r\n",
        b"Upgrade: h2c\r\n",
        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    ),
    "TE: trailers": get(b"Connection: TE\r\n", b"TE: trailers\r\n"),
    "Keep-Alive and Proxy-Connection": get(b"Keep-Alive: 5\r\n", b"Proxy-Connection: x\r\n"),
}
