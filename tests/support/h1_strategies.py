"""What hypothesis may throw at the HTTP/1.1 engine: messages, right more often than not."""

from hypothesis import strategies as st

from hyper.h1 import Data, InformationalResponse, Request, Response, Sendable, Trailers
from hyper.wire import Field, Role

_START_LINES = st.sampled_from(
    [
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1",
        b"GET /ab HTTP/1.0",
        b"POST / HTTP/1.1",
        b"POST /ab HTTP/1.1",
        b"HEAD / HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"CONNECT a:1 HTTP/1.1",
        b"PUT http://a/x HTTP/1.1",
        b"GET / HTTP/2.0",
        b"GET  / HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"",
    ]
)
_STATUS_LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200 OK",
        b"HTTP/1.1 204 No Content",
        b"HTTP/1.1 304 Not Modified",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 103 Early Hints",
        b"HTTP/1.1 101 Switching Protocols",
        b"HTTP/1.1 500 ",
        b"HTTP/1.1 500",
        b"HTTP/2.0 200 OK",
        b"HTTP/1.1 20",
        b"",
    ]
)
_LINES = st.sampled_from(
    [
        b"X-A: b",
        b"x-a:b",
        b"Cookie: a=b; c=d",
        b"Connection: close",
        b"Connection: keep-alive",
        b"Connection: upgrade",
        b"Upgrade: x",
        b"Expect: 100-continue",
        b"Content-Length: 5",
        b"Content-Length: 0",
        b"Transfer-Encoding: chunked",
    ]
)
_ODD_LINES = st.sampled_from(
    [
        b"Content-Length: 6",
        b"Content-Length: +5",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: identity",
        b"Host: b",
        b"Host : a",
        b" folded",
        b"no colon",
        b"X: a\x00b",
        b"X: a\rb",
        b"X: a\nb",
        b"Expect: tea",
        b": empty",
    ]
)
_BODIES = st.sampled_from(
    [
        b"",
        b"hello",
        b"hell",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"5;a=b\r\nhello\r\n3\r\n wo\r\n0\r\n\r\n",
        b"1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n",
        b"1\r\nx\r\n0\r\nContent-Length: 1\r\n\r\n",
        b"5\r\nhelloXX",
        b"5\nhello\r\n",
        b"-1\r\n",
        b"\r\n",
        b"\x16\x03\x01",
    ]
)
_ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])


@st.composite
def _message(draw: st.DrawFn, role: Role) -> bytes:
    lines = [draw(_START_LINES if role is Role.SERVER else _STATUS_LINES)]
    if role is Role.SERVER:
        lines.append(b"Host: a")
    lines += draw(st.lists(_LINES, max_size=3))
    if draw(st.integers(0, 4)) == 0:
        lines.append(draw(_ODD_LINES))
    head = b"".join([line + draw(_ENDS) for line in lines])
    return draw(st.sampled_from([b"", b"", b"", b"\r\n"])) + head + b"\r\n" + draw(_BODIES)


def messages(role: Role) -> st.SearchStrategy[bytes]:
    """Some messages that an engine of `role` may hear, one behind the other."""
    return st.lists(_message(role), min_size=1, max_size=4).map(b"".join)


_NAMES = st.sampled_from([b"x-a", b"X-B", b"cookie", b"Content-Type", b"etag", b"x" * 40])
_VALUES = st.sampled_from([b"", b"1", b"text/plain", b"a=b; c=d", b"caf\xe9", b"a\tb", b"x" * 300])
_FIELDS = st.lists(st.tuples(_NAMES, _VALUES), max_size=5)
_PIECES = st.lists(st.binary(max_size=40), max_size=5)


def fields_to_send() -> st.SearchStrategy[list[Field]]:
    """Fields of any bytes at all, with those in them that end lines."""
    text = st.text("ab:, \t\r\n\0\x0b\x7f\xe9", max_size=8).map(lambda text: text.encode("latin-1"))
    return st.lists(st.tuples(text | _NAMES, text | _VALUES), max_size=4)


@st.composite
def _content(draw: st.DrawFn) -> tuple[list[Field], list[Sendable], bool]:
    """Content and how it is announced: fields, events, and whether the head is all there is."""
    pieces = draw(_PIECES)
    if draw(st.booleans()):
        total = sum(len(piece) for piece in pieces)
        events: list[Sendable] = [Data(1, piece) for piece in pieces]
        return [(b"content-length", b"%d" % total)], [*events, Data(1, b"", True)], False
    if draw(st.integers(0, 3)) == 0:
        return [], [], True
    events = [Data(1, piece) for piece in pieces]
    if draw(st.booleans()):
        return (
            [],
            [*events, Trailers(1, draw(st.lists(st.just((b"x-sum", b"1")), max_size=2)))],
            False,
        )
    return [], [*events, Data(1, draw(st.binary(max_size=9)), True)], False


@st.composite
def requests(draw: st.DrawFn) -> list[Sendable]:
    """A request as its events."""
    announced, events, ends = draw(_content())
    method = draw(st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"X-ODD"]))
    target = draw(st.sampled_from([b"/", b"/a?b", b"http://a/", b"/%20|{}"]))
    fields = [(b"host", b"a"), *draw(_FIELDS), *announced]
    return [Request(1, method, target, fields, ends), *events]


@st.composite
def responses(draw: st.DrawFn) -> list[Sendable]:
    """A response as its events."""
    announced, events, ends = draw(_content())
    interim: list[Sendable] = [
        InformationalResponse(1, status, draw(_FIELDS))
        for status in draw(st.lists(st.sampled_from([100, 102, 103]), max_size=2))
    ]
    status = draw(st.sampled_from([200, 201, 404, 500, 299]))
    reason = draw(st.sampled_from([None, b"", b"Fine", b"\xe9"]))
    return [*interim, Response(1, status, [*draw(_FIELDS), *announced], ends, reason), *events]


def asked() -> st.SearchStrategy[Sendable]:
    """Something that may be asked of an engine, sensible or not."""
    ids = st.sampled_from([1, 1, 1, 2, 0])
    host = (b"host", b"a")
    length = (b"content-length", b"3")
    fields = st.sampled_from([[host], [host, length], [], [length], [(b"a", b"\r\n")]])
    return st.one_of(
        st.builds(
            Request,
            ids,
            st.sampled_from([b"GET", b"POST", b"CONNECT", b"G T"]),
            st.sampled_from([b"/", b"a:1", b"", b"*"]),
            fields,
            st.booleans(),
        ),
        st.builds(Response, ids, st.sampled_from([200, 204, 100, 999]), fields, st.booleans()),
        st.builds(InformationalResponse, ids, st.sampled_from([100, 101, 103, 200]), fields),
        st.builds(Data, ids, st.sampled_from([b"", b"abc", b"x"]), st.booleans()),
        st.builds(Trailers, ids, st.sampled_from([[(b"a", b"b")], [length], []])),
    )
